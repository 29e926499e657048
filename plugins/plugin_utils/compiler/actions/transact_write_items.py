# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""TransactWriteItems: put and delete up to 100 items, all or none."""

from __future__ import annotations

from .item_lists import build_item_lists
from .model import Action, ParsedRoute, RouteParts
from .preconditions import TOO_LARGE, parse_exists

LIMIT = 100
"""The maximum number of operations in one TransactWriteItems, from its page of the API reference."""

_RESPONSES = {"409": "An item is not as the request expects it, or another transaction is in the way.", **TOO_LARGE}
# There is no permission "TransactWriteItems". The role needs those of the operations inside: "Using IAM with
# transactions" in the Developer Guide.
_PERMISSIONS = ("PutItem", "DeleteItem")


def build(route: ParsedRoute) -> RouteParts | None:
    """Return the parts of a route with the action TransactWriteItems; None after an error."""
    exists = parse_exists(route, "any")
    variables = {"exists": exists, "hash_key": route.table.hash_key.name}
    if route.custom_request:
        return RouteParts(variables=variables, result="", success="204", responses=_RESPONSES, permissions=_PERMISSIONS)
    return build_item_lists(
        route, LIMIT, variables, result="", success="204", responses=_RESPONSES, permissions=_PERMISSIONS
    )


TRANSACT_WRITE_ITEMS = Action(
    name="TransactWriteItems",
    options=("key", "attributes", "required", "set", "exists", "maximum"),
    uses_index=False,
    build=build,
)
