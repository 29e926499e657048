# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Stages: CreateStage, GetStage(s), UpdateStage, DeleteStage, FlushStageCache, FlushStageAuthorizersCache."""

from __future__ import annotations

import re

from ..model import RestApi, Wire
from .account import check_logging
from .attachments import release_stage
from .errors import ApiError, BadRequestError, ConflictError, LimitExceededError, NotFoundError
from .operations import Call, now, operation
from .patches import patches, set_member
from .stage_patches import patched_stage

MAXIMUM_STAGES = 10
STAGE_NAME = re.compile(r"[A-Za-z0-9_-]{1,128}")


def check_stage_name(name: str) -> None:
    if not STAGE_NAME.fullmatch(name):
        # The rule is documented, AWS's text is not recorded.
        raise BadRequestError(
            f"Invalid stage name specified: {name}. Stage name only allows a-zA-Z0-9_- and up to 128 characters"
        )


def new_stage(api: RestApi, params: Wire) -> Wire:
    """Return a complete Stage. Raises `ApiError` for an unknown deployment, or beyond the quota of stages."""
    _check_deployment(api, params["deploymentId"])
    if len(api.stages) >= MAXIMUM_STAGES:
        raise LimitExceededError("Maximum number of stages for this API has been reached.")
    cached = bool(params.get("cacheClusterEnabled"))
    stage: Wire = {
        "stageName": params["stageName"],
        "deploymentId": params["deploymentId"],
        "cacheClusterEnabled": cached,
        "cacheClusterStatus": "AVAILABLE" if cached else "NOT_AVAILABLE",
        "methodSettings": {},
        "tracingEnabled": bool(params.get("tracingEnabled")),
        "createdDate": now(),
        "lastUpdatedDate": now(),
    }
    if cached:
        stage["cacheClusterSize"] = params.get("cacheClusterSize") or "0.5"
    for name in ("description", "documentationVersion", "variables", "tags"):
        set_member(stage, name, params.get(name) or None)
    if params.get("canarySettings"):
        stage["canarySettings"] = canary_settings(params["canarySettings"], stage)
        _check_deployment(api, stage["canarySettings"]["deploymentId"])
    return stage


def _check_deployment(api: RestApi, deployment_id: str) -> None:
    if deployment_id not in api.deployments:
        raise BadRequestError("Deployment id does not exist")


def canary_settings(params: Wire, stage: Wire) -> Wire:
    """Return complete CanarySettings. The default deployment is that of the stage (recorded)."""
    settings: Wire = {
        "deploymentId": params.get("deploymentId") or stage["deploymentId"],
        "percentTraffic": float(params.get("percentTraffic") or 0.0),
        "useStageCache": bool(params.get("useStageCache")),
    }
    set_member(settings, "stageVariableOverrides", params.get("stageVariableOverrides") or None)
    return settings


@operation("CreateStage")
def create_stage(call: Call) -> Wire:
    api = call.changed_api()
    name = call.params["stageName"]
    check_stage_name(name)
    if name in api.stages:
        raise ConflictError("Stage already exists")
    stage = new_stage(api, call.params)
    api.stages[name] = stage
    return stage


def unknown_stage(_unused: str = "") -> ApiError:
    return NotFoundError("Invalid stage identifier specified")


def stage_of(call: Call, api: RestApi) -> Wire:
    """Return the stage that the call names."""
    stage = api.stages.get(str(call.get("stageName")))
    if stage is None:
        raise unknown_stage()
    return stage


@operation("GetStage")
def get_stage(call: Call) -> Wire:
    return stage_of(call, call.api(unknown_stage))


@operation("GetStages")
def get_stages(call: Call) -> Wire:
    deployment_id = call.get("deploymentId")
    stages = call.api().stages.values()
    return {"item": [stage for stage in stages if deployment_id in (None, stage["deploymentId"])]}


@operation("UpdateStage")
def update_stage(call: Call) -> Wire:
    api = call.changed_api(unknown_stage)
    before = stage_of(call, api)
    stage = patched_stage(before, list(patches(call.params)))
    check_logging(call, before, stage)
    _check_deployment(api, stage["deploymentId"])
    if "canarySettings" in stage:
        _check_deployment(api, stage["canarySettings"]["deploymentId"])
    stage["lastUpdatedDate"] = now()
    api.stages[stage["stageName"]] = stage
    return stage


@operation("DeleteStage")
def delete_stage(call: Call) -> None:
    api = call.changed_api(unknown_stage)
    name = stage_of(call, api)["stageName"]
    release_stage(call, api, name)
    del api.stages[name]


@operation("FlushStageCache")
def flush_stage_cache(call: Call) -> None:
    """Do nothing: the local API Gateway has no cache."""
    stage_of(call, call.api(unknown_stage))


@operation("FlushStageAuthorizersCache")
def flush_stage_authorizers_cache(call: Call) -> None:
    """Do nothing: the local API Gateway does not cache the results of authorizers."""
    stage_of(call, call.api(unknown_stage))
