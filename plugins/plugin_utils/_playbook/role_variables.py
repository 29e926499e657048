# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The names of the role's variables, and the check that a user has misspelled none of them."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from ansible_collections.codeless.apigateway.plugins.plugin_utils._playbook.variable_sources import source_of

PREFIX = "service_proxy_"
"""The prefix of the names of the role's variables."""

PUBLISHED = frozenset({"service_proxy_moved", "service_proxy_outputs", "service_proxy_plan"})
"""The facts and artifacts of a run. A workflow of AWX passes them to the next job as variables."""

_INTERNAL = f"{PREFIX}_"
_ROLE = Path(__file__).resolve().parents[3] / "roles" / "service_proxy"
_OPTION = re.compile(rf"^ {{6}}({PREFIX}\w+):", re.MULTILINE)
_VARIABLE = re.compile(rf"^({PREFIX}\w+):", re.MULTILINE)


@cache
def known_names() -> frozenset[str]:
    """Return the names that the role takes at any entry point, sets, or publishes.

    Read as text, not as YAML: parsing the file takes 20 ms, and each run of the role would pay for it.
    """
    taken = _OPTION.findall((_ROLE / "meta/argument_specs.yml").read_text(encoding="utf-8"))
    set_by_role = _VARIABLE.findall((_ROLE / "vars/main.yml").read_text(encoding="utf-8"))
    return PUBLISHED.union(taken, set_by_role)


def unknown_names(names: Iterable[str]) -> list[str]:
    """Return the names with the role's prefix that the role does not know, sorted."""
    unknown = {name for name in names if name.startswith(PREFIX) and not name.startswith(_INTERNAL)} - known_names()
    return sorted(unknown)


def describe_unknown(variables: Mapping[str, Any]) -> list[str]:
    """Return a line for each variable that the role does not know: its name, its source, the nearest known name."""
    return [describe_misspelled(name, variables[name], known_names(), PREFIX) for name in unknown_names(variables)]


def describe_misspelled(name: str, value: Any, known: Iterable[str], prefix: str = "") -> str:
    """Return a line about an unknown name: its source, and the most similar known name.

    The prefix is not compared, because it makes all names similar.
    """
    # A value such as `false` carries no source, the name before it does.
    source = source_of(value, with_line=True) or source_of(name, with_line=True)
    behind = {one.removeprefix(prefix): one for one in sorted(known)}
    nearest = difflib.get_close_matches(name.removeprefix(prefix), behind, n=1)
    hint = f": did you mean {behind[nearest[0]]}?" if nearest else ""
    return f"{name} ({source}){hint}" if source else f"{name}{hint}"


def error_about_unknown(variables: Mapping[str, Any]) -> str | None:
    """Return the error message about all variables that the role does not know, or None if it knows them all."""
    lines = describe_unknown(variables)
    if not lines:
        return None
    return "\n".join(
        [
            f"Unknown variables of the role service_proxy (their names begin with {PREFIX}):",
            *(f"- {line}" for line in lines),
            "Correct or remove them; docs/variables.md lists the variables of the role. Nothing was changed.",
        ]
    )
