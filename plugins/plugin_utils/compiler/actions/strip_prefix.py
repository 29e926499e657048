# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The option `strip_prefix`: constant prefixes of keys that callers do not see in responses."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .model import KeyValue, ParsedRoute
from .read_options import parse_flag


@dataclass(frozen=True)
class Stripped:
    """A prefix that is removed from an attribute's value in responses."""

    attribute: str
    prefix: str

    @property
    def length(self) -> int:
        """Return the length in Java's characters, which are UTF-16 units."""
        return len(self.prefix.encode("utf-16-le")) // 2


def parse_strip_prefix(
    route: ParsedRoute, values: Iterable[KeyValue], literals: Iterable[KeyValue] = ()
) -> tuple[Stripped, ...]:
    """Return the prefixes to remove: those of the sources of `values`, and `literals` that are prefixes themselves."""
    if not parse_flag(route, "strip_prefix"):
        return ()
    found = [Stripped(value.attribute.name, value.source.prefix) for value in values if value.source.prefix]
    found += [Stripped(value.attribute.name, value.source.name) for value in literals if value.source.kind == "value"]
    if not found:
        route.add_error(
            "strip_prefix is set, but no key has a prefix", 'write one under key: {pk: "CUSTOMER#{path.customer}"}'
        )
    return tuple(dict.fromkeys(found))
