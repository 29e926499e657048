# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Choose the deployment that a stage, or its canary, will serve: an existing one, or a new one of the draft."""

from __future__ import annotations

from typing import Optional

from .._engine.errors import AwsError
from .._rest_api.from_aws import draft_digest
from .deployment_description import digest_of
from .history import previous
from .releases import canary_deployment_id
from .stage import Stage, Target


def choose_target(stage: Stage) -> Target:
    """Return the deployment to serve.

    Raise `AwsError` for a stage or a deployment that the options name and that does not exist.
    """
    params, current = stage.params, stage.current
    if stage.canary_state and current is None:
        raise _no_stage(stage, stage.name, "To create the stage, deploy to it without `canary` first.")
    if current and stage.canary_state == "promoted":
        return _existing(stage, canary_deployment_id(current) or current["deploymentId"], is_recorded=True)
    if current and stage.canary_state == "aborted":
        return _existing(stage, current["deploymentId"], is_recorded=False)
    if params.get("deployment"):
        return _existing(stage, _deployment_by_option(stage), is_recorded=False)
    if params.get("promote_from"):
        return _existing(stage, _deployment_of_other_stage(stage), is_recorded=True)
    digest = str(params["digest"]) if params.get("digest") else draft_digest(stage.aws, params["api_id"])
    return Target(find_content(stage, digest), digest, is_recorded=True)


def _existing(stage: Stage, deployment_id: str, is_recorded: bool) -> Target:
    return Target(deployment_id, digest_of(stage.releases.deployment(deployment_id) or {}), is_recorded)


def _deployment_by_option(stage: Stage) -> str:
    """Return the id of the deployment that the option `deployment` names."""
    requested, releases = str(stage.params["deployment"]), stage.releases
    if stage.current is None:
        raise _no_stage(stage, stage.name, "Name one of them, or deploy first.")
    if requested != "previous":
        if releases.deployment(requested):
            return requested
        known = releases.describe_deployments()
        raise stage.error(
            f'the API has no deployment "{requested}". Write the id of one of its deployments, or `previous`. {known}'
        )
    found = previous(stage.current, releases)
    if found:
        return found
    raise stage.error(
        f"AWS has no record of the deployment that the stage served before {stage.current['deploymentId']}. Name the "
        f"deployment by its id: `deployment: ID`. {releases.describe_deployments()}"
    )


def _deployment_of_other_stage(stage: Stage) -> str:
    """Return the id of the deployment that the stage of the option `promote_from` serves."""
    name = stage.params["promote_from"]
    source = stage.releases.stage(name)
    if source is None:
        raise _no_stage(stage, name, "Name one of them, or deploy to the stage first.")
    return str(source["deploymentId"])


def _no_stage(stage: Stage, name: str, remedy: str) -> AwsError:
    names = ", ".join(sorted(other["stageName"] for other in stage.releases.stages)) or "none"
    return AwsError(f'stage "{name}" does not exist. Existing stages: {names}. {remedy}')


def find_content(stage: Stage, digest: str) -> Optional[str]:
    """Return a deployment with this content: that of the stage or its canary, else of another stage, else the newest.

    None if there is none. A deployment that no stage serves was rolled back, or an interrupted run created it. The
    options `content_is_new` and `draft_version` come from a caller that imports the draft (see `plan_stage`); new
    content, and a first stage that is deployed without such a caller, need no search in the list of deployments.
    """
    releases, current = stage.releases, stage.current
    served = [current["deploymentId"], canary_deployment_id(current)] if current else []
    served += [other["deploymentId"] for other in releases.stages]
    for deployment_id in served:
        if deployment_id and releases.digest(deployment_id) == digest:
            return str(deployment_id)
    is_first = not releases.stages and not stage.params.get("draft_version")
    is_new = bool(stage.params.get("content_is_new")) or is_first
    known = releases.read_so_far or [] if is_new else releases.deployments
    return next((item["id"] for item in known if digest_of(item) == digest), None)
