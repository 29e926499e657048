# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Names made from what the user wrote: for models, operations, policy statements and files. Each is given once."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable


def camel_case(words: Iterable[str]) -> str:
    """The words as one alphanumeric name, each with a capital: `["by_status", "page"]` → `ByStatusPage`."""
    parts = [part for word in words for part in re.split(r"[^A-Za-z0-9]+", word) if part]
    return "".join(part[0].upper() + part[1:] for part in parts)


_TAKEN = ("limit", "next", "order")
"""Query parameters that pages have."""

_PLAIN = re.compile(
    r"(?!(?:y|n|yes|no|on|off|true|false|null)$)[A-Za-z_][A-Za-z0-9_.-]*(?: [A-Za-z0-9_.-]+)*", re.IGNORECASE
)


def is_parameter_name(name: str) -> bool:
    """Return whether a parameter of a path can have that name."""
    return re.fullmatch("[A-Za-z0-9._-]+", name) is not None


def parameter_name(attribute: str) -> str:
    """Return a name that errors can suggest for the parameter of an attribute: `user id` → `user_id`."""
    name = re.sub("[^A-Za-z0-9._-]+", "_", attribute).strip("_") or "value"
    return f"{name}_value" if name in _TAKEN else name


def quote_for_yaml(name: str) -> str:
    """Return a name as errors suggest it in YAML: in quotes where it needs them."""
    return name if _PLAIN.fullmatch(name) else json.dumps(name, ensure_ascii=False)


class UniqueNames:
    """Gives each name once, whatever the case of its letters; a taken one gets the first free number."""

    def __init__(self, separator: str = "") -> None:
        self._taken: set[str] = set()
        self._separator = separator

    def take(self, name: str) -> str:
        """The name, or the name with a number."""
        free, number = name, 1
        while free.lower() in self._taken:
            number += 1
            free = f"{name}{self._separator}{number}"
        self._taken.add(free.lower())
        return free
