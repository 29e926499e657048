# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""GetItem: one item by its whole key."""

from __future__ import annotations

from .keys import leading_key, parse_whole_key
from .model import Action, ParsedRoute, RouteParts
from .read_options import parse_consistent, parse_projection
from .request_values import body_of, parameters_of
from .strip_prefix import parse_strip_prefix

_RESPONSES = {"404": "There is no such item."}


def build(route: ParsedRoute) -> RouteParts | None:
    """Return the parts of a route with the action GetItem; None after an error."""
    if route.custom_request:
        return RouteParts(variables={"stripped": ()}, result="item", responses=_RESPONSES)
    keys = parse_whole_key(route)
    if keys is None:
        return None
    projection = parse_projection(route)
    return RouteParts(
        variables={
            "keys": keys,
            "projection": projection,
            "consistent": parse_consistent(route),
            "stripped": parse_strip_prefix(route, keys),
        },
        parameters=parameters_of(keys),
        body=body_of(route, keys),
        result="item",
        projection=projection,
        responses=_RESPONSES,
        leading_key=leading_key(route, keys[0]),
    )


GET_ITEM = Action(
    name="GetItem", options=("key", "projection", "consistent", "strip_prefix"), uses_index=False, build=build
)
