# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Lists of items to put and of keys to delete, from the body: `{"put": [{…}], "delete": [{…}]}`."""

from __future__ import annotations

from typing import Any

from ..spec.entry import describe
from .item_attributes import ItemAttribute, ItemAttributes, item_members, parse_item_attributes
from .keys import has_source, leading_key, parameters_of, reject_unknown_keys, required_key
from .model import BodyMember, KeyValue, ParsedRoute, RoutePlan


def plan_of_items(route: ParsedRoute, limit: int, variables: dict[str, Any], **words: Any) -> RoutePlan | None:
    """The plan of an action that writes up to `limit` items; None where a mistake was noted."""
    _reject_versions(route)
    maximum = _parse_maximum(route, limit)
    fixed = _fixed_keys(route)
    attributes = parse_item_attributes(route, fixed or (), versioned=False)
    if maximum is None or fixed is None or attributes is None:
        return None
    _reject_body(route, fixed + attributes.sourced)
    each = _each(route, fixed)
    return RoutePlan(
        variables={
            "keys": fixed,
            "each": each,
            "sourced": attributes.sourced,
            "attributes": attributes.from_body,
            "maximum": maximum,
            **variables,
        },
        parameters=parameters_of(fixed + attributes.sourced),
        body=_members(each, attributes, maximum),
        closed_body=True,
        leading_key=_leading_key(route, fixed),
        **words,
    )


def _reject_versions(route: ParsedRoute) -> None:
    if route.table.version:
        route.entry.add_error(
            f"table {route.table.name!r} has a version_attribute, which lists of items do not support",
            "use PutItem, UpdateItem and DeleteItem",
        )


def _parse_maximum(route: ParsedRoute, limit: int) -> int | None:
    raw = route.entry.value("maximum", limit)
    if isinstance(raw, int) and not isinstance(raw, bool) and 1 <= raw <= limit:
        return raw
    route.entry.add_error(f"maximum is {describe(raw)}", f"write a whole number from 1 to {limit}")
    return None


def _fixed_keys(route: ParsedRoute) -> tuple[KeyValue, ...] | None:
    """The key attributes that all items have in common: those with a source. The others are in each item."""
    reject_unknown_keys(route)
    attributes = [("hash_key", route.hash_key), ("range_key", route.range_key)]
    keys = [required_key(route, variable, key) for variable, key in attributes if key and has_source(route, key)]
    if len(keys) == len([key for _variable, key in attributes if key]):
        route.entry.add_error(
            "all items would have the same key",
            "leave one key attribute without a source, so that each item has its own",
        )
    found = tuple(key for key in keys if key)
    return found if len(found) == len(keys) else None


def _reject_body(route: ParsedRoute, values: tuple[KeyValue, ...]) -> None:
    for value in values:
        if value.source.kind == "body":
            route.entry.add_error(
                f"{value.attribute.name!r} comes from {value.source}, but the body only has the lists put and delete",
                "read it from the path, the query string or a header",
            )


def _each(route: ParsedRoute, fixed: tuple[KeyValue, ...]) -> tuple[ItemAttribute, ...]:
    """The key attributes that each item has for itself."""
    known = [key.attribute for key in fixed]
    attributes = [("hash_key", route.hash_key), ("range_key", route.range_key)]
    return tuple(
        ItemAttribute(key.name, key.type, variable, required=True, index_key=True)
        for variable, key in attributes
        if key and key not in known
    )


def _members(each: tuple[ItemAttribute, ...], attributes: ItemAttributes, maximum: int) -> tuple[BodyMember, ...]:
    items, keys = item_members((*each, *attributes.from_body)), item_members(each)
    return (
        BodyMember(("put",), "array", required=False, items=items, maximum=maximum),
        BodyMember(("delete",), "array", required=False, items=keys, maximum=maximum),
    )


def _leading_key(route: ParsedRoute, fixed: tuple[KeyValue, ...]) -> str | None:
    return leading_key(route, fixed[0]) if fixed and fixed[0].attribute == route.hash_key else None
