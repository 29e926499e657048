# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""TransactGetItems: the items of a list of keys as of one moment, in the order of the keys."""

from __future__ import annotations

from .key_lists import build_key_list
from .model import Action, ParsedRoute, RouteParts

_RESPONSES = {"409": "Another transaction is in the way."}
# There is no permission "TransactGetItems". The role needs those of the operations inside: "Using IAM with
# transactions" in the Developer Guide.
_PERMISSIONS = ("GetItem",)


def build(route: ParsedRoute) -> RouteParts | None:
    """Return the parts of a route with the action TransactGetItems; None after an error."""
    if route.custom_request:
        return RouteParts(variables={"stripped": ()}, result="list", responses=_RESPONSES, permissions=_PERMISSIONS)
    return build_key_list(route, {}, result="list", responses=_RESPONSES, permissions=_PERMISSIONS)


TRANSACT_GET_ITEMS = Action(
    name="TransactGetItems",
    options=("keys", "maximum", "key", "projection", "strip_prefix"),
    uses_index=False,
    build=build,
)
