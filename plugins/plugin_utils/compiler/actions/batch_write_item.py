# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""BatchWriteItem: put and delete up to 25 items, each independent of the others."""

from __future__ import annotations

from .item_lists import plan_item_lists
from .model import Action, ParsedRoute, RoutePlan
from .preconditions import TOO_LARGE

LIMIT = 25
"""The maximum number of requests in one BatchWriteItem, from its page of the API reference."""


def plan(route: ParsedRoute) -> RoutePlan | None:
    """Return the plan of a BatchWriteItem; None after an error."""
    if route.custom_request:
        return RoutePlan(variables={}, result="unprocessed", responses=TOO_LARGE)
    return plan_item_lists(route, LIMIT, {}, result="unprocessed", responses=TOO_LARGE)


BATCH_WRITE_ITEM = Action(
    name="BatchWriteItem", options=("key", "attributes", "required", "set", "maximum"), uses_index=False, plan=plan
)
