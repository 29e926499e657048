# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The options that all reading actions share: `filter`, `projection`, `consistent` and `count_only`."""

from __future__ import annotations

from ..spec.entry import describe
from ..spec.errors import suggestion
from .conditions import FILTER_OPERATORS, Condition, parse_condition
from .model import ParsedRoute, all_or_none


def parse_flag(route: ParsedRoute, option: str) -> bool:
    """Return an option that is true or false; false if it is left out."""
    raw = route.entry.value(option, False)
    if not isinstance(raw, bool):
        route.add_error(f"{option} is {describe(raw)}", f"write {option}: true, or leave it out")
        return False
    return raw


def parse_consistent(route: ParsedRoute) -> bool:
    """Return the option `consistent`, which a global index does not have."""
    consistent = parse_flag(route, "consistent")
    if consistent and route.index and route.index.is_global:
        route.add_error(f"index {route.index.name!r} is global, and has no consistent reads", "leave consistent out")
    return consistent


def parse_count_only(route: ParsedRoute) -> bool:
    """Return the option `count_only`. Adds an error for each option that has no effect with it."""
    count_only = parse_flag(route, "count_only")
    for option in ("limit", "projection", "strip_prefix"):
        if count_only and route.entry.has(option):
            route.add_error(f"{option} has no effect with count_only", f"leave {option} out")
    return count_only


def parse_projection(route: ParsedRoute) -> tuple[str, ...]:
    """Return the attributes in the option `projection`; empty for all attributes."""
    raw = route.entry.options.get("projection")
    if raw is None:
        return ()
    if not isinstance(raw, list) or not raw or any(raw.count(name) > 1 for name in raw):
        route.add_error(
            "projection is not a list of attributes", "write projection: [status, total], each attribute once"
        )
        return ()
    declared = list(route.table.attributes)
    for name in raw:
        if name not in declared:
            route.add_error(
                f"projection has {describe(name)}, which table {route.table.name!r} does not declare",
                suggestion(name, declared),
            )
    return tuple(map(str, raw))


def parse_filters(route: ParsedRoute, *, filters_keys: bool) -> tuple[Condition, ...] | None:
    """Return the conditions in the option `filter`; None after an error.

    A Scan can filter key attributes like any other attribute (`filters_keys`); a Query cannot.
    """
    raw = route.entry.mapping("filter", "{status: query.status}")
    keys = [] if filters_keys else [attribute.name for _variable, attribute in route.key_attributes]
    return all_or_none([_parse_filter(route, keys, f"filter_{at}", *item) for at, item in enumerate(raw.items())])


def _parse_filter(route: ParsedRoute, keys: list[str], variable: str, name: str, raw: object) -> Condition | None:
    if name in keys:
        # ValidationException: "Filter Expression can only contain non-primary key attributes".
        route.add_error(
            f"filter has the key attribute {name!r}, which a Query cannot filter", "write it under key, or use Scan"
        )
        return None
    if name not in route.table.attributes:
        attributes = [one for one in route.table.attributes if one not in keys]
        route.add_error(
            f"filter {name!r} is not a declared attribute of table {route.table.name!r}", suggestion(name, attributes)
        )
        return None
    return parse_condition(route, f"filter {name!r}", variable, route.table.attribute(name), raw, FILTER_OPERATORS)
