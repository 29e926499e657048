# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Unique names of models, operations, policy statements and files, derived from what the user wrote."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable


def camel_case(words: Iterable[str]) -> str:
    """Return words as one alphanumeric name in camel case: `["by_status", "page"]` → `ByStatusPage`."""
    parts = [part for word in words for part in re.split(r"[^A-Za-z0-9]+", word) if part]
    return "".join(part[0].upper() + part[1:] for part in parts)


_TAKEN = ("limit", "next", "order")
"""Query parameters of pages."""

_PLAIN = re.compile(
    r"(?!(?:y|n|yes|no|on|off|true|false|null)$)[A-Za-z_][A-Za-z0-9_.-]*(?: [A-Za-z0-9_.-]+)*", re.IGNORECASE
)


def is_parameter_name(name: str) -> bool:
    """Return whether a path parameter can have this name."""
    return re.fullmatch("[A-Za-z0-9._-]+", name) is not None


def parameter_name(attribute: str) -> str:
    """Return a parameter name to suggest for an attribute: `user id` → `user_id`."""
    name = re.sub("[^A-Za-z0-9._-]+", "_", attribute).strip("_") or "value"
    return f"{name}_value" if name in _TAKEN else name


def quote_for_yaml(name: str) -> str:
    """Return a name for YAML, in quotes if it needs them."""
    return name if _PLAIN.fullmatch(name) else json.dumps(name, ensure_ascii=False)


class UniqueNames:
    """Returns each name once, ignoring case. A name that is taken gets the first free number."""

    def __init__(self, separator: str = "") -> None:
        self._taken: set[str] = set()
        self._separator = separator

    def take(self, name: str) -> str:
        """Return the name, with a number if it is taken."""
        free, number = name, 1
        while free.lower() in self._taken:
            number += 1
            free = f"{name}{self._separator}{number}"
        self._taken.add(free.lower())
        return free
