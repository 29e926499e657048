# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""DeleteItem: take one item away."""

from __future__ import annotations

from ..spec.entry import describe
from .keys import body_of, leading_key, parameters_of, whole_key
from .model import Action, KeyValue, ParsedRoute, RoutePlan
from .reads import parse_stripped
from .writes import (
    CONFLICT,
    MISSING,
    NOT_SEEN,
    PRECONDITION,
    parse_exists,
    precondition_parameters,
    precondition_variables,
)


def plan(route: ParsedRoute) -> RoutePlan | None:
    """The plan of a DeleteItem; None where a mistake was noted."""
    exists = parse_exists(route, "any")
    if exists == "must_not":
        route.entry.add_error(
            "exists is false, but only an existing item can be deleted", "write exists: true, or leave it out"
        )
    returns_old = _parse_returns(route)
    success = "200" if returns_old else "204"
    if route.custom_request:
        variables = {"stripped": (), "returns_old": False}
        return RoutePlan(
            variables=variables,
            parameters=(),
            body=(),
            result="",
            success="204",
            responses={**CONFLICT, **PRECONDITION},
        )
    keys = whole_key(route)
    return None if keys is None else _plan(route, exists, keys, returns_old, success)


def _parse_returns(route: ParsedRoute) -> bool:
    raw = route.entry.options.get("returns")
    if raw not in (None, "old"):
        route.entry.add_error(f"returns is {describe(raw)}", "write returns: old, or leave it out")
    return raw == "old"


def _plan(route: ParsedRoute, exists: str, keys: tuple[KeyValue, ...], returns_old: bool, success: str) -> RoutePlan:
    return RoutePlan(
        variables={
            **precondition_variables(route, exists),
            "keys": keys,
            "returns_old": returns_old,
            "stripped": parse_stripped(route, keys, ()) if returns_old else (),
        },
        parameters=(*parameters_of(keys), *precondition_parameters(route)),
        body=body_of(route, keys),
        result="item" if returns_old else "",
        success=success,
        responses={
            **(MISSING if exists == "must" or returns_old else {}),
            **(NOT_SEEN if route.table.version else {}),
        },
        leading_key=leading_key(route, keys[0]),
    )


DELETE_ITEM = Action(
    name="DeleteItem", options=("key", "exists", "returns", "strip_prefix"), uses_index=False, plan=plan
)
