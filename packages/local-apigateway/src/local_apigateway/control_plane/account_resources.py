# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Resources that belong to an account and Region, not to an API: API keys, usage plans, domain names, …

They are stored by kind and id, oldest first, as wire shapes. A stored shape can have further members, which no response
shows, because responses have the members of botocore's model only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ..model import Wire
from .errors import ApiError, LimitExceededError
from .ids import new_id
from .operations import Call
from .pages import page

API_KEYS = "api_keys"
USAGE_PLANS = "usage_plans"
USAGE = "usage"
DOMAIN_NAMES = "domain_names"
CLIENT_CERTIFICATES = "client_certificates"


def resources(call: Call, kind: str) -> dict[str, Wire]:
    """Return the caller's resources of a kind by id, oldest first. Do not change them."""
    return call.store.resources(call.account_id, call.region, kind)


def resource(call: Call, kind: str, resource_id: object, missing: Callable[[], ApiError]) -> Wire:
    """Return one resource. Raises `missing()` if it does not exist."""
    found = resources(call, kind).get(str(resource_id))
    if found is None:
        raise missing()
    return found


def save(call: Call, kind: str, changed: dict[str, Wire]) -> None:
    """Add or replace resources of a kind."""
    call.store.save_resources(call.account_id, call.region, kind, {**resources(call, kind), **changed})


def remove(call: Call, kind: str, resource_id: str) -> None:
    """Remove a resource of a kind, if it exists."""
    left = {name: wire for name, wire in resources(call, kind).items() if name != resource_id}
    call.store.save_resources(call.account_id, call.region, kind, left)


def new_resource_id(call: Call, kind: str, length: int) -> str:
    """Return an unused id for a resource of a kind."""
    return new_id(length, resources(call, kind).__contains__)


def check_room(call: Call, kind: str, maximum: int, name: str) -> None:
    """Raise for a resource beyond AWS's documented quota. AWS's text is not recorded."""
    if len(resources(call, kind)) >= maximum:
        raise LimitExceededError(f"Maximum number of {name} for this account has been reached. Limit: {maximum}")


def newest_first(items: Iterable[Wire], params: Wire) -> Wire:
    """Return one page, newest resource first (recorded for API keys and the keys of a usage plan).

    A limit below 1 counts as no limit: with `limit=-1`, GetApiKeys returned an empty list, not an error (recorded).
    """
    ordered = list(items)[::-1]
    limited = dict(params)
    if isinstance(limited.get("limit"), int) and limited["limit"] < 1:
        del limited["limit"]
    return page(ordered, limited)
