# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""PutItem: create or replace a whole item."""

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
from .strip_prefix import Stripped, parse_strip_prefix


def build(route: ParsedRoute) -> RouteParts | None:
    """Return the parts of a route with the action PutItem; None after an error."""
    exists = parse_exists(route, "must_not" if route.method == "POST" else "any")
    if route.custom_request:
        return _build_custom_request()
    keys = parse_whole_key(route)
    attributes = parse_item_attributes(route, keys or (), versioned=exists != "must_not")
    if keys is None or attributes is None:
        return None
    return _build(route, exists, keys, attributes)


def _build_custom_request() -> RouteParts:
    return RouteParts(
        variables={"location": None, "keys": (), "version": "", "stripped": ()},
        result="",
        success="204",
        responses={**CONFLICT, **PRECONDITION, **TOO_LARGE},
    )


def _build(route: ParsedRoute, exists: str, keys: tuple[KeyValue, ...], attributes: ItemAttributes) -> RouteParts:
    creates = exists == "must_not"
    return RouteParts(
        variables={
            **precondition_variables(route, exists),
            "keys": keys,
            "sourced": attributes.sourced,
            "attributes": attributes.from_body,
            "known": attributes.known,
            "location": None,
            "stripped": _parse_strip_prefix(route, keys, creates),
        },
        parameters=(
            *parameters_of(keys + attributes.sourced),
            *(() if creates else precondition_parameters(route, creates=True)),
        ),
        body=item_body(route, keys, attributes),
        closed_body=True,
        result="key" if creates else "",
        success="201" if creates else "204",
        responses=_responses(route, exists),
        leading_key=leading_key(route, keys[0]),
    )


def _parse_strip_prefix(route: ParsedRoute, keys: tuple[KeyValue, ...], creates: bool) -> tuple[Stripped, ...]:
    if not creates and route.entry.has("strip_prefix"):
        route.add_error("strip_prefix has no effect, because 204 has no body", "leave strip_prefix out")
        return ()
    return parse_strip_prefix(route, keys)


def _responses(route: ParsedRoute, exists: str) -> dict[str, str]:
    versions = bool(route.table.version) and exists != "must_not"
    return {
        **(MISSING if exists == "must" else {}),
        **({**CONFLICT, **PRECONDITION} if exists == "must_not" or versions else {}),
        **(NOT_SEEN if versions else {}),
        **TOO_LARGE,
    }


PUT_ITEM = Action(
    name="PutItem",
    options=("key", "attributes", "required", "defaults", "set", "exists", "strip_prefix"),
    uses_index=False,
    build=build,
)
