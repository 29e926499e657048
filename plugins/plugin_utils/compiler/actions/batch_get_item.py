# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""BatchGetItem: the items of a list of keys in any order, and the keys that DynamoDB left for another request."""

from __future__ import annotations

from .key_lists import build_key_list
from .model import Action, ParsedRoute, RouteParts
from .read_options import parse_consistent


def build(route: ParsedRoute) -> RouteParts | None:
    """Return the parts of a route with the action BatchGetItem; None after an error."""
    if route.custom_request:
        return RouteParts(variables={"stripped": ()}, result="batch", responses={})
    return build_key_list(route, {"consistent": parse_consistent(route)}, result="batch", responses={})


BATCH_GET_ITEM = Action(
    name="BatchGetItem",
    options=("keys", "maximum", "key", "projection", "consistent", "strip_prefix"),
    uses_index=False,
    build=build,
)
