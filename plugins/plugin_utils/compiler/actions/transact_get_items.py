# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""TransactGetItems: the items of a list of keys as they were at one moment, in the order of the keys."""

from __future__ import annotations

from .key_lists import plan_of_keys
from .model import Action, ParsedRoute, RoutePlan

_RESPONSES = {"409": "Another transaction is in the way."}
# "TransactGetItems" is no permission: the role needs the permission of what it does, in the Developer Guide's "Using
# IAM with transactions".
_PERMISSIONS = ("GetItem",)


def plan(route: ParsedRoute) -> RoutePlan | None:
    """The plan of a TransactGetItems; None where a mistake was noted."""
    if route.custom_request:
        return RoutePlan(
            variables={"stripped": ()},
            parameters=(),
            body=(),
            result="list",
            responses=_RESPONSES,
            permissions=_PERMISSIONS,
        )
    return plan_of_keys(route, {}, result="list", responses=_RESPONSES, permissions=_PERMISSIONS)


TRANSACT_GET_ITEMS = Action(
    name="TransactGetItems",
    options=("keys", "maximum", "key", "projection", "strip_prefix"),
    uses_index=False,
    plan=plan,
)
