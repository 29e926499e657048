# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Names made from what the user wrote: for models, operations, policy statements and files. Each is given once."""

from __future__ import annotations

import re
from collections.abc import Iterable


def camel(words: Iterable[str]) -> str:
    """The words as one alphanumeric name, each with a capital: `["by_status", "page"]` → `ByStatusPage`."""
    parts = [part for word in words for part in re.split(r"[^A-Za-z0-9]+", word) if part]
    return "".join(part[0].upper() + part[1:] for part in parts)


class Names:
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
