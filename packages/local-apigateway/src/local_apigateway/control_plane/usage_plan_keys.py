# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The API keys of usage plans: CreateUsagePlanKey, GetUsagePlanKey(s), DeleteUsagePlanKey."""

from __future__ import annotations

from ..model import Wire
from .account_resources import API_KEYS, USAGE_PLANS, newest_first, resources, save
from .api_keys import api_key_of, unknown_key
from .errors import BadRequestError, ConflictError
from .operations import Call, operation
from .usage_plans import check_keys, usage_plan_of

_KEY_TYPE = "API_KEY"


def _plan_key(key: Wire) -> Wire:
    members: Wire = {name: key[name] for name in ("id", "value", "name") if name in key}
    return {**members, "type": _KEY_TYPE}


def add_key(call: Call, plan: Wire, key_id: str) -> None:
    """Add a key to a plan. Raises for a key that the plan, or another plan with one of its stages, has."""
    if key_id in plan["keyIds"]:
        raise ConflictError(f"API Key {key_id} is already in Usage Plan {plan['id']}")  # AWS's text is not known.
    check_keys(call, plan, [key_id])
    save(call, USAGE_PLANS, {plan["id"]: {**plan, "keyIds": [*plan["keyIds"], key_id]}})


@operation("CreateUsagePlanKey")
def create_usage_plan_key(call: Call) -> Wire:
    if call.params["keyType"] != _KEY_TYPE:
        raise BadRequestError(f"Invalid key type specified. Valid options are {_KEY_TYPE}")  # AWS's text is not known.
    plan = usage_plan_of(call, call.get("usagePlanId"))
    key = api_key_of(call, call.params["keyId"])
    add_key(call, plan, key["id"])
    return _plan_key(key)


@operation("GetUsagePlanKey")
def get_usage_plan_key(call: Call) -> Wire:
    plan = usage_plan_of(call, call.get("usagePlanId"))
    if call.get("keyId") not in plan["keyIds"]:
        raise unknown_key()
    return _plan_key(api_key_of(call, call.get("keyId")))


@operation("GetUsagePlanKeys")
def get_usage_plan_keys(call: Call) -> Wire:
    """Return a page of a plan's keys. `nameQuery` is a prefix. An unknown plan has none (recorded)."""
    plan = resources(call, USAGE_PLANS).get(str(call.get("usagePlanId")), {})
    keys, prefix = resources(call, API_KEYS), call.get("nameQuery") or ""
    found = [_plan_key(keys[key_id]) for key_id in plan.get("keyIds", [])]
    return newest_first([key for key in found if key.get("name", "").startswith(prefix)], call.params)


@operation("DeleteUsagePlanKey")
def delete_usage_plan_key(call: Call) -> None:
    plan = usage_plan_of(call, call.get("usagePlanId"))
    key_id = call.get("keyId")
    if key_id not in plan["keyIds"]:
        raise unknown_key()
    save(call, USAGE_PLANS, {plan["id"]: {**plan, "keyIds": [name for name in plan["keyIds"] if name != key_id]}})
