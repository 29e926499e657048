# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The stages and deployments of an API, in the terms of the module stage."""

from __future__ import annotations

from functools import partial
from typing import Any, List, Mapping

from .._engine.client import Aws
from .._engine.invoke_url import invoke_url
from .._engine.resource import Params, Planned
from .._rest_api.draft import find_api
from .._rest_api.state import Plain
from .deployment_description import digest_of, text_of, utc
from .history import previous
from .history_record import split
from .properties import method_settings
from .releases import Releases, canary_deployment_id, read_deployments, read_stages, serving
from .stage import stage_arn


def planned(aws: Aws, params: Params) -> Planned:
    """Return the stages and deployments of an API, and an empty plan. An API that does not exist has none."""
    api = find_api(aws, params.get("api_name"), params.get("api_id"))
    if api is None:
        return Planned([], {"api_id": "", "stages": [], "deployments": []})
    stages, deployments = partial(read_stages, api_id=api["id"]), partial(read_deployments, api_id=api["id"])
    aws.read_ahead(stages, deployments)
    releases = Releases(stages(aws), partial(deployments, aws))
    shown = [stage for stage in releases.stages if params.get("name") in (None, stage["stageName"])]
    values = {
        "api_id": api["id"],
        "stages": [_stage(aws, api["id"], stage, releases) for stage in shown],
        "deployments": [_deployment(item, releases.stages) for item in releases.deployments],
    }
    return Planned([], values)


def _stage(aws: Aws, api_id: str, stage: Plain, releases: Releases) -> Plain:
    name = stage["stageName"]
    return {
        "name": name,
        "invoke_url": invoke_url(aws, api_id, name),
        "arn": stage_arn(aws, api_id, name),
        "deployment_id": stage["deploymentId"],
        "previous": previous(stage, releases) or "",
        "digest": releases.digest(stage["deploymentId"]) or "",
        "canary": _canary(stage, releases),
        "stage_description": split(stage.get("description", ""))[0],
        "variables": stage.get("variables") or {},
        "tracing_enabled": bool(stage.get("tracingEnabled", False)),
        "method_settings": method_settings(stage),
        "tags": stage.get("tags") or {},
        "created": utc(stage["createdDate"]),
        "last_updated": utc(stage["lastUpdatedDate"]),
    }


def _canary(stage: Mapping[str, Any], releases: Releases) -> Plain:
    """Return the canary of a stage in the form of the option `canary`; empty if the stage has none."""
    settings = stage.get("canarySettings")
    if not settings:
        return {}
    return {
        "deployment_id": canary_deployment_id(stage),
        "digest": releases.digest(canary_deployment_id(stage)) or "",
        "percent_traffic": settings.get("percentTraffic", 0.0),
        "stage_variable_overrides": settings.get("stageVariableOverrides") or {},
        "use_stage_cache": bool(settings.get("useStageCache", False)),
    }


def _deployment(deployment: Plain, stages: List[Plain]) -> Plain:
    served_by, canary_of_stages = serving(deployment["id"], stages)
    return {
        "id": deployment["id"],
        "created": utc(deployment["createdDate"]),
        "description": text_of(deployment),
        "digest": digest_of(deployment) or "",
        "served_by": served_by,
        "canary_of": canary_of_stages,
    }
