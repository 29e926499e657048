# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""UpdateItem: change the attributes in the body, and no other attribute of the item."""

from __future__ import annotations

from .item_attributes import ItemAttributes, parse_item_attributes
from .item_body import item_body
from .keys import leading_key, parse_whole_key
from .model import Action, KeyValue, ParsedRoute, RouteParts
from .preconditions import (
    CONFLICT,
    MISSING,
    NOT_SEEN,
    PRECONDITION,
    TOO_LARGE,
    parse_exists,
    precondition_parameters,
    precondition_variables,
)
from .request_values import parameters_of
from .strip_prefix import parse_strip_prefix


def build(route: ParsedRoute) -> RouteParts | None:
    """Return the parts of a route with the action UpdateItem; None after an error."""
    exists = parse_exists(route, "must")
    if route.custom_request:
        variables = {"stripped": (), "version": ""}
        return RouteParts(variables=variables, result="item", responses={**CONFLICT, **PRECONDITION, **TOO_LARGE})
    keys = parse_whole_key(route)
    attributes = parse_item_attributes(route, keys or ())
    if keys is None or attributes is None:
        return None
    return _build(route, exists, keys, attributes)


def _build(route: ParsedRoute, exists: str, keys: tuple[KeyValue, ...], attributes: ItemAttributes) -> RouteParts:
    return RouteParts(
        variables={
            **precondition_variables(route, exists),
            "keys": keys,
            "sourced": attributes.sourced,
            "attributes": attributes.from_body,
            "known": attributes.known,
            "stripped": parse_strip_prefix(route, keys),
        },
        parameters=(*parameters_of(keys + attributes.sourced), *precondition_parameters(route)),
        body=item_body(route, keys, attributes, nullable=True),
        closed_body=True,
        result="item",
        responses=_responses(route, exists),
        leading_key=leading_key(route, keys[0]),
    )


def _responses(route: ParsedRoute, exists: str) -> dict[str, str]:
    return {
        **(MISSING if exists == "must" else {}),
        **({**CONFLICT, **PRECONDITION} if exists == "must_not" or route.table.version else {}),
        **(NOT_SEEN if route.table.version else {}),
        **TOO_LARGE,
    }


UPDATE_ITEM = Action(
    name="UpdateItem",
    options=("key", "attributes", "counters", "set", "exists", "strip_prefix"),
    uses_index=False,
    build=build,
)
