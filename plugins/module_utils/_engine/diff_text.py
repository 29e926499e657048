# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Plain data as text for `--diff`: a line for each member, and the lines of mapping templates."""

from __future__ import annotations

from typing import Any, List, Mapping


def as_text(value: Any) -> str:
    """Return nested mappings, lists and scalars as text, mappings sorted by key; empty for no data.

    A string is returned as it is, so that a caller can prepare the text.
    """
    if value is None or value in ("", {}, []):
        return ""
    if isinstance(value, str):
        return value if value.endswith("\n") else value + "\n"
    return "\n".join(_lines(value, "")) + "\n"


def without_long_text(value: Any) -> Any:
    """Return a copy of plain data with `(12 lines)` for each text of several lines within it, such as a template."""
    if isinstance(value, Mapping):
        return {name: _by_length(member) for name, member in value.items()}
    return [_by_length(member) for member in value] if isinstance(value, (list, tuple)) else value


def _by_length(value: Any) -> Any:
    if isinstance(value, str) and "\n" in value:
        return f"({len(value.splitlines())} lines)"
    return without_long_text(value)


def _lines(value: Any, indent: str) -> List[str]:
    if isinstance(value, Mapping):
        return [line for key in sorted(value, key=str) for line in _member(f"{key}:", value[key], indent)]
    return [line for item in value for line in _member("-", item, indent)]


def _member(label: str, value: Any, indent: str) -> List[str]:
    if isinstance(value, (Mapping, list, tuple)):
        if not value:
            return [f"{indent}{label} {'{}' if isinstance(value, Mapping) else '[]'}"]
        return [f"{indent}{label}", *_lines(value, indent + "  ")]
    if isinstance(value, str) and "\n" in value:
        return [f"{indent}{label} |", *(f"{indent}  {line}" for line in value.splitlines())]
    return [f"{indent}{label} {_scalar(value)}"]


def _scalar(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "null" if value is None else str(value)
