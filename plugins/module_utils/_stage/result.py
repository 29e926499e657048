# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The result of a run on a stage: the differences and the return values."""

from __future__ import annotations

from typing import Any, List, Mapping, Union

from .._engine.invoke_url import invoke_url
from .._engine.plan import Ref
from .._engine.resource import Diff
from .._rest_api.state import Plain
from .history import is_rolled_back
from .properties import CANARY, current_properties, method_settings
from .releases import Releases, canary_deployment_id
from .stage import Rollout, Stage

_DEPLOYMENTS = {"/deploymentId": "deployment", f"{CANARY}/deploymentId": "canarySettings/deployment"}
"""The properties that hold a deployment, and the names under which a diff shows them."""


def diffs(rollout: Rollout) -> List[Diff]:
    """Return the differences: the properties of the stage and, for an existing deployment, the routes."""
    current, releases = rollout.current, rollout.releases
    before = _readable(current_properties(current), rollout.current_tags, releases) if current else None
    after = _readable(rollout.change.after, rollout.desired_tags, releases)
    return [Diff(before, after, f"stage {rollout.name}"), *_route_diffs(rollout)]


def diff_of_removal(stage: Stage) -> Diff:
    """Return the difference of a stage that is deleted."""
    return Diff(_readable(current_properties(stage.current), {}, stage.releases), None, f"stage {stage.name}")


def _readable(properties: Mapping[str, Any], tags: Mapping[str, str], releases: Releases) -> Plain:
    """Return the properties for a reader: a deployment with its date and text, if the deployments were read."""
    shown: Plain = {path[1:]: value for path, value in properties.items() if value and path not in _DEPLOYMENTS}
    for path, name in _DEPLOYMENTS.items():
        if path in properties:
            shown[name] = releases.label(properties[path])
    return {**shown, "tags": dict(tags)} if tags else shown


def _route_diffs(rollout: Rollout) -> List[Diff]:
    """Return the routes before and after a switch to an existing deployment; for new content, rest_api shows them."""
    requested = rollout.params.get("deployment") or rollout.params.get("promote_from")
    if not (requested and rollout.current and rollout.switches_deployment):
        return []
    before = _read_routes(rollout, rollout.current["deploymentId"])
    return [Diff(before, _read_routes(rollout, rollout.deployment), f"routes of {rollout.name}")]


def _read_routes(stage: Stage, deployment_id: Union[str, Ref]) -> List[str]:
    """Return the routes of a deployment, such as `GET /orders/{id}`, all that GetDeployment returns of its content."""
    params = {"restApiId": stage.api_id, "deploymentId": deployment_id, "embed": ["apisummary"]}
    summary = stage.aws.call("apigateway", "GetDeployment", params).get("apiSummary") or {}
    return sorted(f"{method} {path}" for path, methods in summary.items() for method in methods)


def values(rollout: Rollout) -> Plain:
    """Return the return values of the module."""
    aws, current = rollout.aws, rollout.current
    is_new = isinstance(rollout.deployment, Ref)
    return {
        "api_id": rollout.api_id,
        "name": rollout.name,
        "deployment_id": rollout.deployment,
        "previous_deployment_id": current["deploymentId"] if current else "",
        "previous": _options_to_restore(rollout, current) if current else {},
        "canary_deployment_id": rollout.canary_deployment,
        "digest": rollout.target.digest if is_new else rollout.releases.digest(rollout.deployment) or "",
        "rolled_back": is_rolled_back(current),
        "stages_elsewhere": _stages_with_other_content(rollout),
        "invoke_url": invoke_url(aws, rollout.api_id, rollout.name),
        "arn": rollout.arn,
        "account_id": aws.account_id(),
        "region": aws.region(),
        "tags": rollout.desired_tags,
    }


def _options_to_restore(rollout: Rollout, current: Plain) -> Plain:
    """Return the options that restore the current stage, as far as the plan can change it."""
    settings = method_settings(current)
    return {
        "deployment": current["deploymentId"],
        "variables": current.get("variables") or {},
        "tracing_enabled": current.get("tracingEnabled", False),
        "method_settings": {target: settings.get(target) for target in rollout.params.get("method_settings") or {}},
    }


def _stages_with_other_content(rollout: Rollout) -> List[str]:
    """Return the names of the stages that, by themselves or by a canary, serve other content than the target's.

    They include the stage itself while its canary serves other content.
    """
    target, releases = rollout.target, rollout.releases

    def is_same(deployment: Union[str, Ref, None]) -> bool:
        if deployment in (target.deployment, None, ""):
            return True
        return target.digest is not None and releases.digest(deployment) == target.digest

    served = {stage["stageName"]: [stage["deploymentId"], canary_deployment_id(stage)] for stage in releases.stages}
    served[rollout.name] = [rollout.deployment, rollout.canary_deployment]
    return sorted(name for name, deployments in served.items() if not all(map(is_same, deployments)))
