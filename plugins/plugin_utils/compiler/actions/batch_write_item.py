# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""BatchWriteItem: put and delete up to 25 items, each for itself."""

from __future__ import annotations

from .item_lists import plan_of_items
from .model import Action, ParsedRoute, RoutePlan
from .writes import TOO_LARGE

LIMIT = 25
"""The most requests that one BatchWriteItem takes: its page of the API reference."""


def plan(route: ParsedRoute) -> RoutePlan | None:
    """The plan of a BatchWriteItem; None where a mistake was noted."""
    if route.custom_request:
        return RoutePlan(variables={}, parameters=(), body=(), result="unprocessed", responses=TOO_LARGE)
    return plan_of_items(route, LIMIT, {}, result="unprocessed", responses=TOO_LARGE)


BATCH_WRITE_ITEM = Action(
    name="BatchWriteItem", options=("key", "attributes", "required", "set", "maximum"), uses_index=False, plan=plan
)
