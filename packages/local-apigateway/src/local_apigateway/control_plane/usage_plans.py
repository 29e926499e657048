# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Usage plans: CreateUsagePlan, GetUsagePlan(s), UpdateUsagePlan, DeleteUsagePlan.

A stored plan has `keyIds`, too: the ids of its API keys, oldest first. Members of responses are recorded (LocalStack's
TestUsagePlans).
"""

from __future__ import annotations

from collections.abc import Iterable

from ..model import RestApi, Wire
from .account_resources import (
    USAGE,
    USAGE_PLANS,
    check_room,
    new_resource_id,
    newest_first,
    remove,
    resource,
    resources,
    save,
)
from .errors import ApiError, BadRequestError, ConflictError, NotFoundError
from .ids import PART_LENGTH
from .operations import Call, operation
from .patches import patches, set_member
from .usage_plan_patches import apply_patch

MAXIMUM_PLANS = 300
# The offset is the day on which a period begins (Terraform's AWS provider, validUsagePlanQuotaSettings).
_MAXIMUM_OFFSETS = {"DAY": 0, "WEEK": 6, "MONTH": 27}


def unknown_plan() -> ApiError:
    return NotFoundError("Invalid Usage Plan ID specified")


def usage_plan_of(call: Call, plan_id: object) -> Wire:
    return resource(call, USAGE_PLANS, plan_id, unknown_plan)


@operation("CreateUsagePlan")
def create_usage_plan(call: Call) -> Wire:
    check_room(call, USAGE_PLANS, MAXIMUM_PLANS, "usage plans")
    plan: Wire = {
        "id": new_resource_id(call, USAGE_PLANS, PART_LENGTH),
        "name": call.params["name"],
        "apiStages": [dict(stage) for stage in call.get("apiStages") or []],
        "keyIds": [],
    }
    for member in ("description", "tags"):
        set_member(plan, member, call.get(member) or None)
    if "throttle" in call.params:
        plan["throttle"] = _throttle(call.params["throttle"])
    if "quota" in call.params:
        plan["quota"] = {"offset": 0, **call.params["quota"]}
    for stage in plan["apiStages"]:
        if "throttle" in stage:
            stage["throttle"] = {route: _throttle(limits) for route, limits in stage["throttle"].items()}
    _check(call, plan)
    save(call, USAGE_PLANS, {str(plan["id"]): plan})
    return plan


def _throttle(limits: Wire) -> Wire:
    """Return complete limits. A missing one is 0, as of a Java number; that is not recorded."""
    return {"burstLimit": limits.get("burstLimit", 0), "rateLimit": float(limits.get("rateLimit", 0))}


def _check(call: Call, plan: Wire, before: Wire | None = None) -> None:
    """Raise for a plan that AWS rejects. Stages that the plan had `before` in the same form are not checked again."""
    if not plan["name"]:
        raise BadRequestError("Usage Plan name cannot be blank")  # AWS's text is not known.
    _check_limits([plan.get("throttle", {})])
    _check_quota(plan.get("quota"))
    for stage in plan["apiStages"]:
        if before is None or stage not in before["apiStages"]:
            _check_stage(call, stage)
            _check_routes(call, plan, stage)
    named = [(stage["apiId"], stage["stage"]) for stage in plan["apiStages"]]
    if len(named) != len(set(named)):
        raise ConflictError("API Stage already exists in the usage plan")  # AWS's text is not known.


def _check_limits(limits: Iterable[Wire]) -> None:
    """Raise for limits below 0. A burst above the rate is valid (recorded)."""
    if any(value < 0 for limit in limits for value in limit.values()):
        raise BadRequestError("Usage Plan throttle limits must not be negative")  # AWS's text is not known.


def _check_quota(quota: Wire | None) -> None:
    """Raise for an incomplete quota, and an offset outside its period. AWS's texts are not known."""
    if quota is None:
        return
    if "limit" not in quota or "period" not in quota:
        raise BadRequestError("Usage Plan quota must have a limit and a period")
    maximum = _MAXIMUM_OFFSETS.get(quota["period"])
    if maximum is None:
        raise BadRequestError(f"Usage Plan quota period must be one of: [{', '.join(_MAXIMUM_OFFSETS)}]")
    if quota["limit"] < 0:
        raise BadRequestError("Usage Plan quota limit must not be negative")
    if not 0 <= quota["offset"] <= maximum:
        raise BadRequestError(
            f"Usage Plan quota offset must be between 0 and {maximum} in the {quota['period']} period"
        )


def _check_stage(call: Call, stage: Wire) -> None:
    """Raise for a stage that does not exist.

    Texts: aws/aws-sdk issue 354, where AWS shows the placeholders, and serverless/serverless issue 2831.
    """
    api_id, name = stage.get("apiId"), stage.get("stage")
    if not api_id or not name:
        raise BadRequestError("Invalid API Stage {api: %s, stage: %s} specified for usageplan %s")
    api = call.store.find(call.account_id, call.region, api_id)
    if api is None or name not in api.stages:
        raise NotFoundError(f"API Stage not found: {api_id}:{name}")


def _check_routes(call: Call, plan: Wire, stage: Wire) -> None:
    """Raise for limits of a method that the stage lacks, and for any in a plan without limits of its own.

    The second: aws/aws-cdk PR 6411. Unknown methods are a 404 that begins with "Invalid method": aws-cdk issue 15426.
    """
    if not stage.get("throttle"):
        return
    if "throttle" not in plan:
        raise BadRequestError("Can not define fine grain throttling if usage plan throttle is not defined.")
    _check_limits(stage["throttle"].values())
    api = call.store.find(call.account_id, call.region, stage["apiId"])
    methods = _methods(api, stage["stage"]) if api else set()
    for route in stage["throttle"]:
        if route not in methods:
            raise NotFoundError(f"Invalid method {route} specified for stage {stage['apiId']}:{stage['stage']}")


def _methods(api: RestApi, stage_name: str) -> set[str]:
    """Return the methods that a stage serves, as the keys of `throttle` name them: `/items/{id}/GET`."""
    content = api.deployments[api.stages[stage_name]["deploymentId"]].content
    return {
        f"{found['path']}/{method}"
        for found in content.resources.values()
        for method in found.get("resourceMethods", ())
    }


@operation("GetUsagePlan")
def get_usage_plan(call: Call) -> Wire:
    return {"tags": {}, **usage_plan_of(call, call.get("usagePlanId"))}


@operation("GetUsagePlans")
def get_usage_plans(call: Call) -> Wire:
    key_id = call.get("keyId")
    plans = resources(call, USAGE_PLANS).values()
    return newest_first([plan for plan in plans if key_id is None or key_id in plan["keyIds"]], call.params)


@operation("UpdateUsagePlan")
def update_usage_plan(call: Call) -> Wire:
    before = plan = usage_plan_of(call, call.get("usagePlanId"))
    for patch in patches(call.params):
        plan = apply_patch(plan, patch)
    _check(call, plan, before)
    check_keys(call, plan, plan["keyIds"])
    save(call, USAGE_PLANS, {plan["id"]: plan})
    return {"tags": {}, **plan}


def check_keys(call: Call, plan: Wire, key_ids: Iterable[str]) -> None:
    """Raise for keys that another plan with one of the same stages has.

    "An API key can be associated with more than one usage plan. A usage plan can be associated with more than one
    stage. However, a given API key can only be associated with one usage plan for each stage of your API" (Developer
    Guide, "Usage plans and API keys"). The text is AWS's as users quote it; no public tracker that we know has it.
    """
    stages = [f"{stage['apiId']}:{stage['stage']}" for stage in plan["apiStages"]]
    for other in resources(call, USAGE_PLANS).values():
        if other["id"] == plan["id"]:
            continue
        shared = [name for name in stages if name in {f"{s['apiId']}:{s['stage']}" for s in other["apiStages"]}]
        taken = [key_id for key_id in key_ids if key_id in other["keyIds"]]
        if shared and taken:
            raise ConflictError(
                f"Usage Plan {plan['id']} cannot be added because API Key {taken[0]} cannot reference multiple Usage "
                f"Plans with the same API stage: {shared[0]}"
            )


@operation("DeleteUsagePlan")
def delete_usage_plan(call: Call) -> None:
    """Delete a plan. One with stages is refused (aws/aws-sdk-js issue 3841)."""
    plan = usage_plan_of(call, call.get("usagePlanId"))
    if plan["apiStages"]:
        names = ", ".join(f"{stage['apiId']}:{stage['stage']}" for stage in plan["apiStages"])
        raise BadRequestError(
            f"Cannot delete Usage Plan {plan['id']} because there are API Stages associated with it, including {names}"
        )
    remove(call, USAGE, plan["id"])
    remove(call, USAGE_PLANS, plan["id"])
