# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""TransactWriteItems: put and delete up to 100 items, all or none."""

from __future__ import annotations

from .item_lists import plan_of_items
from .model import Action, ParsedRoute, RoutePlan
from .writes import TOO_LARGE, parse_exists

LIMIT = 100
"""The most actions that one TransactWriteItems takes: its page of the API reference."""

_RESPONSES = {"409": "An item is not as the request expects it, or another transaction is in the way.", **TOO_LARGE}
# "TransactWriteItems" is no permission: the role needs those of what it does, in the Developer Guide's "Using IAM with
# transactions".
_PERMISSIONS = ("PutItem", "DeleteItem")


def plan(route: ParsedRoute) -> RoutePlan | None:
    """The plan of a TransactWriteItems; None where a mistake was noted."""
    exists = parse_exists(route, "any")
    variables = {"exists": exists, "hash_key": route.table.hash_key.name}
    if route.custom_request:
        return RoutePlan(
            variables=variables,
            parameters=(),
            body=(),
            result="",
            success="204",
            responses=_RESPONSES,
            permissions=_PERMISSIONS,
        )
    return plan_of_items(
        route, LIMIT, variables, result="", success="204", responses=_RESPONSES, permissions=_PERMISSIONS
    )


TRANSACT_WRITE_ITEMS = Action(
    name="TransactWriteItems",
    options=("key", "attributes", "required", "set", "exists", "maximum"),
    uses_index=False,
    plan=plan,
)
