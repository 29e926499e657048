# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The usage of usage plans: GetUsage, UpdateUsage.

Each day (UTC) is `[used quota, remaining quota]` (API reference, GetUsage).
"""

from __future__ import annotations

import datetime

from ..model import Wire
from .account_resources import USAGE, resources, save
from .api_keys import unknown_key
from .errors import BadRequestError
from .operations import Call, operation
from .pages import page
from .patches import patches
from .usage_counts import count, remaining, today
from .usage_plans import usage_plan_of

_MAXIMUM_DAYS = 366  # Ours: how long AWS keeps usage is not documented in the API reference.


def _days(call: Call) -> list[datetime.date]:
    """Return the days from `startDate` to `endDate`. AWS's text for other values is not known."""
    try:
        start, end = (datetime.date.fromisoformat(call.params[name]) for name in ("startDate", "endDate"))
    except (KeyError, ValueError):
        raise BadRequestError("Invalid date specified. It must have the format YYYY-MM-DD") from None
    if end < start:
        raise BadRequestError("endDate must not be before startDate")
    if (end - start).days >= _MAXIMUM_DAYS:
        raise BadRequestError(f"startDate and endDate must be less than {_MAXIMUM_DAYS} days apart")
    return [start + datetime.timedelta(days=number) for number in range((end - start).days + 1)]


@operation("GetUsage")
def get_usage(call: Call) -> Wire:
    """Return used and remaining requests of each day, by API key.

    Whether AWS has usage of a plan without a quota is not known; here such a plan has none.
    """
    plan = usage_plan_of(call, call.get("usagePlanId"))
    key_ids = plan["keyIds"] if call.get("keyId") is None else [call.get("keyId")]
    days = _days(call)
    if "quota" not in plan:
        key_ids = []
    elif call.get("keyId") is not None and call.get("keyId") not in plan["keyIds"]:
        raise unknown_key()
    found = page([{"id": key_id} for key_id in key_ids], call.params)
    items = {key["id"]: _daily(call, plan, key["id"], days) for key in found["items"]}
    return _usage(plan, days, items, found["position"])


def _usage(plan: Wire, days: list[datetime.date], items: Wire, position: str | None = None) -> Wire:
    return {
        "usagePlanId": plan["id"],
        "startDate": days[0].isoformat(),
        "endDate": days[-1].isoformat(),
        "items": items,
        "position": position,
    }


def _daily(call: Call, plan: Wire, key_id: str, days: list[datetime.date]) -> list[list[int]]:
    counted = resources(call, USAGE).get(plan["id"], {}).get(key_id, {})
    return [[counted.get(day.isoformat(), {"used": 0})["used"], remaining(plan["quota"], counted, day)] for day in days]


@operation("UpdateUsage")
def update_usage(call: Call) -> Wire:
    """Set the remaining requests of a key until its period ends: a temporary extension (documented)."""
    plan = usage_plan_of(call, call.get("usagePlanId"))
    key_id = str(call.get("keyId"))
    if key_id not in plan["keyIds"]:
        raise unknown_key()
    day = today()
    for patch in patches(call.params):
        if (patch.op, patch.path) != ("replace", "/remaining"):
            # The text and the empty list for "add": boto/boto3 issue 2504.
            allowed = "/remaining" if patch.op == "replace" else ""
            raise BadRequestError(
                f"Invalid patch path  '{patch.path}' specified for op '{patch.op}'. Must be one of: [{allowed}]"
            )
        if "quota" not in plan:
            raise BadRequestError(f"Usage Plan {plan['id']} has no quota")  # AWS's text is not known.
        if not (patch.value or "").isdecimal():
            raise BadRequestError(f"Invalid value '{patch.value}' for path '/remaining'. It must be a number")
        of_plan = resources(call, USAGE).get(plan["id"], {})
        counted = of_plan.get(key_id, {})
        granted = int(patch.value or "0") - remaining(plan["quota"], counted, day)
        save(call, USAGE, {plan["id"]: {**of_plan, key_id: count(counted, day, granted=granted)}})
    items = {key_id: _daily(call, plan, key_id, [day])} if "quota" in plan else {}
    return _usage(plan, [day], items)
