# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the actions that read have in common: filters, projections, consistent reads, prefixes taken off."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ..spec.entry import describe
from ..spec.errors import suggestion
from .conditions import FILTER_OPERATORS, Condition, parse_condition
from .model import KeyValue, ParsedRoute

ORDERS = ("ascending", "descending")


@dataclass(frozen=True)
class Order:
    """The order of the range key: always one of `ORDERS`, or as the caller asks by the query parameter `parameter`."""

    default: str
    parameter: str | None


@dataclass(frozen=True)
class Stripped:
    """A prefix that an attribute's value loses on its way out. `length` is its length in Java's characters."""

    attribute: str
    prefix: str

    @property
    def length(self) -> int:
        """Java counts UTF-16 units."""
        return len(self.prefix.encode("utf-16-le")) // 2


def parse_flag(route: ParsedRoute, word: str) -> bool:
    """Whether the word is true; left out, it is false."""
    raw = route.entry.value(word, False)
    if not isinstance(raw, bool):
        route.entry.add_error(f"{word} is {describe(raw)}", f"write {word}: true, or leave it out")
        return False
    return raw


def parse_consistent(route: ParsedRoute) -> bool:
    """The word `consistent`."""
    consistent = parse_flag(route, "consistent")
    if consistent and route.index and route.index.is_global:
        route.entry.add_error(
            f"index {route.index.name!r} is global, and has no consistent reads", "leave consistent out"
        )
    return consistent


def parse_projection(route: ParsedRoute) -> tuple[str, ...]:
    """The attributes under the word `projection`; empty where all are wanted."""
    raw = route.entry.options.get("projection")
    if raw is None:
        return ()
    if not isinstance(raw, list) or not raw or any(raw.count(name) > 1 for name in raw):
        route.entry.add_error(
            "projection is not a list of attributes", "write projection: [status, total], each attribute once"
        )
        return ()
    declared = list(route.table.attributes)
    for name in raw:
        if name not in declared:
            route.entry.add_error(
                f"projection has {describe(name)}, which table {route.table.name!r} does not declare",
                suggestion(name, declared),
            )
    return tuple(map(str, raw))


def parse_filters(route: ParsedRoute, *, filters_keys: bool) -> tuple[Condition, ...] | None:
    """Read the conditions under `filter`; return None if one has an error.

    A Scan filters key attributes as any other; a Query does not (`filters_keys`).
    """
    raw = route.entry.mapping("filter", "{status: query.status}")
    keys = [] if filters_keys else [key.name for key in (route.hash_key, route.range_key) if key]
    filters = [_parse_filter(route, keys, f"filter_{at}", name, one) for at, (name, one) in enumerate(raw.items())]
    found = tuple(one for one in filters if one)
    return found if len(found) == len(filters) else None


def _parse_filter(route: ParsedRoute, keys: list[str], variable: str, name: str, raw: object) -> Condition | None:
    if name in keys:
        # ValidationException: "Filter Expression can only contain non-primary key attributes".
        route.entry.add_error(
            f"filter has the key attribute {name!r}, which a Query cannot filter", "write it under key, or use Scan"
        )
        return None
    if name not in route.table.attributes:
        attributes = [one for one in route.table.attributes if one not in keys]
        route.entry.add_error(
            f"filter {name!r} is not a declared attribute of table {route.table.name!r}", suggestion(name, attributes)
        )
        return None
    what = f"filter {name!r}"
    return parse_condition(route, what, variable, route.table.attribute(name), raw, FILTER_OPERATORS)


def parse_order(route: ParsedRoute) -> Order | None:
    """The word `order`; None where a mistake was noted."""
    raw = route.entry.value("order", ORDERS[0])
    if raw in ORDERS:
        return Order(raw, None)
    kind, _dot, name = str(raw).partition(".")
    if kind == "query" and name.isidentifier() and name.isascii():
        return Order(ORDERS[0], name)
    route.entry.add_error(f"order is {describe(raw)}", "write ascending, descending, or query.order")
    return None


def parse_stripped(
    route: ParsedRoute, values: Iterable[KeyValue], literals: Iterable[KeyValue]
) -> tuple[Stripped, ...]:
    """The prefixes that the word `strip_prefix` takes off: those of `values`, and `literals` that are prefixes."""
    if not parse_flag(route, "strip_prefix"):
        return ()
    found = [Stripped(value.attribute.name, value.source.prefix) for value in values if value.source.prefix]
    found += [Stripped(value.attribute.name, value.source.name) for value in literals if value.source.kind == "value"]
    if not found:
        route.entry.add_error(
            "strip_prefix is set, but no key has a prefix", 'write one under key: {pk: "CUSTOMER#{path.customer}"}'
        )
    return tuple(dict.fromkeys(found))
