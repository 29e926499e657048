# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""BatchGetItem: the items of a list of keys in any order, and the keys that DynamoDB left for another request."""

from __future__ import annotations

from .key_lists import plan_key_list
from .model import Action, ParsedRoute, RoutePlan
from .read_options import parse_consistent


def plan(route: ParsedRoute) -> RoutePlan | None:
    """Return the plan of a BatchGetItem; None after an error."""
    if route.custom_request:
        return RoutePlan(variables={"stripped": ()}, result="batch", responses={})
    return plan_key_list(route, {"consistent": parse_consistent(route)}, result="batch", responses={})


BATCH_GET_ITEM = Action(
    name="BatchGetItem",
    options=("keys", "maximum", "key", "projection", "consistent", "strip_prefix"),
    uses_index=False,
    plan=plan,
)
