# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Lists of items to put and of keys to delete, from the body: `{"put": [{…}], "delete": [{…}]}`."""

from __future__ import annotations

from typing import Any

from ..spec.entry import describe
from .item_attributes import ItemAttribute, ItemAttributes, parse_item_attributes
from .item_body import item_members
from .keys import has_source, leading_key, parse_key, reject_unknown_keys
from .model import BodyMember, KeyValue, ParsedRoute, RouteParts, all_or_none
from .request_values import parameters_of


def build_item_lists(route: ParsedRoute, limit: int, variables: dict[str, Any], **fields: Any) -> RouteParts | None:
    """Return the parts of a route that writes up to `limit` items; None after an error.

    `variables` are further variables of the templates, `fields` further parts.
    """
    _reject_versions(route)
    maximum = _parse_maximum(route, limit)
    shared = _parse_shared_keys(route)
    attributes = parse_item_attributes(route, shared or (), versioned=False)
    if maximum is None or shared is None or attributes is None:
        return None
    _reject_body_sources(route, shared + attributes.sourced)
    each = _keys_of_each_item(route, shared)
    return RouteParts(
        variables={
            "keys": shared,
            "each": each,
            "sourced": attributes.sourced,
            "attributes": attributes.from_body,
            "maximum": maximum,
            **variables,
        },
        parameters=parameters_of(shared + attributes.sourced),
        body=_body(each, attributes, maximum),
        closed_body=True,
        leading_key=leading_key(route, shared[0]) if shared and shared[0].attribute == route.hash_key else None,
        **fields,
    )


def _reject_versions(route: ParsedRoute) -> None:
    if route.table.version:
        route.add_error(
            f"table {route.table.name!r} has a version_attribute, which lists of items do not support",
            "use PutItem, UpdateItem and DeleteItem",
        )


def _parse_maximum(route: ParsedRoute, limit: int) -> int | None:
    raw = route.entry.value("maximum", limit)
    if isinstance(raw, int) and not isinstance(raw, bool) and 1 <= raw <= limit:
        return raw
    route.add_error(f"maximum is {describe(raw)}", f"write a whole number from 1 to {limit}")
    return None


def _parse_shared_keys(route: ParsedRoute) -> tuple[KeyValue, ...] | None:
    """Return the key attributes with a source, which all items share; each item contains the others."""
    reject_unknown_keys(route)
    shared = [(variable, key) for variable, key in route.key_attributes if has_source(route, key)]
    keys = [parse_key(route, variable, key) for variable, key in shared]
    if len(keys) == len(route.key_attributes):
        route.add_error(
            "all items would have the same key",
            "leave one key attribute without a source, so that each item has its own",
        )
    return all_or_none(keys)


def _reject_body_sources(route: ParsedRoute, values: tuple[KeyValue, ...]) -> None:
    for value in values:
        if value.source.kind == "body":
            route.add_error(
                f"{value.attribute.name!r} comes from {value.source}, but the body only has the lists put and delete",
                "read it from the path, the query string or a header",
            )


def _keys_of_each_item(route: ParsedRoute, shared: tuple[KeyValue, ...]) -> tuple[ItemAttribute, ...]:
    known = [key.attribute for key in shared]
    return tuple(
        ItemAttribute(key.name, key.type, variable, required=True, index_key=True)
        for variable, key in route.key_attributes
        if key not in known
    )


def _body(each: tuple[ItemAttribute, ...], attributes: ItemAttributes, maximum: int) -> tuple[BodyMember, ...]:
    items, keys = item_members((*each, *attributes.from_body)), item_members(each)
    return (
        BodyMember(("put",), "array", required=False, items=items, maximum=maximum),
        BodyMember(("delete",), "array", required=False, items=keys, maximum=maximum),
    )
