# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""DeleteItem: delete one item."""

from __future__ import annotations

from ..spec.entry import describe
from .keys import leading_key, parse_whole_key
from .model import Action, KeyValue, ParsedRoute, RouteParts
from .preconditions import (
    CONFLICT,
    MISSING,
    NOT_SEEN,
    PRECONDITION,
    parse_exists,
    precondition_parameters,
    precondition_variables,
)
from .request_values import body_of, parameters_of
from .strip_prefix import parse_strip_prefix


def build(route: ParsedRoute) -> RouteParts | None:
    """Return the parts of a route with the action DeleteItem; None after an error."""
    exists = parse_exists(route, "any")
    if exists == "must_not":
        route.add_error(
            "exists is false, but only an existing item can be deleted", "write exists: true, or leave it out"
        )
    returns_old = _parse_returns(route)
    if route.custom_request:
        variables = {"stripped": (), "returns_old": False}
        return RouteParts(variables=variables, result="", success="204", responses={**CONFLICT, **PRECONDITION})
    keys = parse_whole_key(route)
    return None if keys is None else _build(route, exists, keys, returns_old)


def _parse_returns(route: ParsedRoute) -> bool:
    """Return whether the response has the deleted item."""
    raw = route.entry.options.get("returns")
    if raw not in (None, "old"):
        route.add_error(f"returns is {describe(raw)}", "write returns: old, or leave it out")
    return raw == "old"


def _build(route: ParsedRoute, exists: str, keys: tuple[KeyValue, ...], returns_old: bool) -> RouteParts:
    return RouteParts(
        variables={
            **precondition_variables(route, exists),
            "keys": keys,
            "returns_old": returns_old,
            "stripped": parse_strip_prefix(route, keys) if returns_old else (),
        },
        parameters=(*parameters_of(keys), *precondition_parameters(route)),
        body=body_of(route, keys),
        result="item" if returns_old else "",
        success="200" if returns_old else "204",
        responses={
            **(MISSING if exists == "must" or returns_old else {}),
            **(NOT_SEEN if route.table.version else {}),
        },
        leading_key=leading_key(route, keys[0]),
    )


DELETE_ITEM = Action(
    name="DeleteItem", options=("key", "exists", "returns", "strip_prefix"), uses_index=False, build=build
)
