# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""BatchWriteItem: put and delete up to 25 items, each independent of the others."""

from __future__ import annotations

from .item_lists import build_item_lists
from .model import Action, ParsedRoute, RouteParts
from .preconditions import TOO_LARGE

LIMIT = 25
"""The maximum number of requests in one BatchWriteItem, from its page of the API reference."""


def build(route: ParsedRoute) -> RouteParts | None:
    """Return the parts of a route with the action BatchWriteItem; None after an error."""
    if route.custom_request:
        return RouteParts(variables={}, result="unprocessed", responses=TOO_LARGE)
    return build_item_lists(route, LIMIT, {}, result="unprocessed", responses=TOO_LARGE)


BATCH_WRITE_ITEM = Action(
    name="BatchWriteItem", options=("key", "attributes", "required", "set", "maximum"), uses_index=False, build=build
)
