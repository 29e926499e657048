# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""PutItem: one whole item from the body, new or in place of the old one."""

from __future__ import annotations

from .item_attributes import ItemAttributes, members_of, parse_item_attributes
from .keys import body_of, leading_key, parameters_of, whole_key
from .model import Action, BodyMember, KeyValue, ParsedRoute, RoutePlan
from .reads import Stripped, parse_stripped
from .writes import (
    CONFLICT,
    MISSING,
    NOT_SEEN,
    PRECONDITION,
    TOO_LARGE,
    parse_exists,
    precondition_parameters,
    precondition_variables,
)


def plan(route: ParsedRoute) -> RoutePlan | None:
    """The plan of a PutItem; None where a mistake was noted."""
    exists = parse_exists(route, "must_not" if route.method == "POST" else "any")
    if route.custom_request:
        return _plan_custom_request()
    keys = whole_key(route)
    attributes = parse_item_attributes(route, keys or (), versioned=exists != "must_not")
    if keys is None or attributes is None:
        return None
    return _plan(route, exists, keys, attributes)


def _plan_custom_request() -> RoutePlan:
    return RoutePlan(
        variables={"location": None, "keys": (), "version": "", "stripped": ()},
        parameters=(),
        body=(),
        result="",
        success="204",
        responses={**CONFLICT, **PRECONDITION, **TOO_LARGE},
    )


def _plan(route: ParsedRoute, exists: str, keys: tuple[KeyValue, ...], attributes: ItemAttributes) -> RoutePlan:
    success = "201" if exists == "must_not" else "204"
    return RoutePlan(
        variables={
            **precondition_variables(route, exists),
            "keys": keys,
            "sourced": attributes.sourced,
            "attributes": attributes.from_body,
            "known": attributes.known,
            "location": None,
            "stripped": _parse_stripped(route, keys, success),
        },
        parameters=(
            *parameters_of(keys + attributes.sourced),
            *(precondition_parameters(route, creates=True) if exists != "must_not" else ()),
        ),
        body=item_body(route, keys, attributes),
        closed_body=True,
        result="key" if success == "201" else "",
        success=success,
        responses=_responses(route, exists),
        leading_key=leading_key(route, keys[0]),
    )


def item_body(
    route: ParsedRoute, keys: tuple[KeyValue, ...], attributes: ItemAttributes, *, nullable: bool = False
) -> tuple[BodyMember, ...]:
    """The members of the body: the attributes, and where keys or other values come from it, those."""
    members = members_of(attributes, nullable=nullable)
    return (*members, *body_of(route, keys + attributes.sourced, members))


def _parse_stripped(route: ParsedRoute, keys: tuple[KeyValue, ...], success: str) -> tuple[Stripped, ...]:
    if success != "201" and route.entry.has("strip_prefix"):
        route.entry.add_error("strip_prefix has no effect, because 204 has no body", "leave strip_prefix out")
        return ()
    return parse_stripped(route, keys, ())


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
    plan=plan,
)
