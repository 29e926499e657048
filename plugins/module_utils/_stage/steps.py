# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The plan of a stage: the API calls that deploy to it, update it and delete what it no longer needs."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Iterator, List, Optional, Sequence, Union

from .._engine.client import Wire
from .._engine.plan import Action, Ref, Step, Wait, messages_by_code, steps, wait_until_removed, wait_until_shown
from .._engine.tags import api_gateway_tag_steps
from .._rest_api.state import Plain
from .deployment_description import describe
from .history import deployments_to_delete, next_record
from .history_record import Record, join_record, split
from .properties import VARIABLES, declared_properties, patches
from .stage import Rollout

_SERVICE = "apigateway"
_DESCRIPTION = "/description"
_NO_DEPLOYMENT = "BadRequestException: Deployment id does not exist"


def plan_rollout(rollout: Rollout) -> List[Action]:
    """Return the steps that create a missing deployment and then update the stage, or create it.

    Deployments that are not kept are deleted right before the stage is updated. The update writes the record that no
    longer names them, so a run that was interrupted after the update would leave them for good.
    """
    params, target, current = rollout.params, rollout.target, rollout.current
    leftovers = [one for one in rollout.releases.leftovers(params.get("draft_version") or "") if one != target.id]
    plan: List[Action] = [_prune(rollout.api_id, deployment_id) for deployment_id in leftovers]
    if target.id is None:
        plan.append(_create_deployment(rollout))
    keep = max(params["keep_deployments"], 1)  # a rollback needs what the stage serves now
    is_recorded = rollout.switches_deployment and target.is_recorded
    record: Optional[Record] = None
    if is_recorded:
        policy_id = params.get("policy_id")
        record = next_record(target.deployment, target.digest, keep, current, rollout.releases, policy_id)
    if current is None:
        return plan + _create_stage(rollout, record)
    if is_recorded and not params.get("promote_from"):
        old = [one for one in deployments_to_delete(keep, target.id, current, rollout.releases) if one not in leftovers]
        plan += [_prune(rollout.api_id, deployment_id) for deployment_id in old]
    return [
        *plan,
        *_update_stage(rollout, current, record),
        *api_gateway_tag_steps(params, rollout.current_tags, rollout.arn),
    ]


def _create_deployment(rollout: Rollout) -> Step:
    purpose = "Canary of" if rollout.canary_state else "Deployed to"
    text = rollout.params.get("description") or f"{purpose} {rollout.name}"
    description = describe(text, str(rollout.target.digest), rollout.params.get("policy_id"))
    arguments = {"restApiId": rollout.api_id, "description": description}
    return Step(_SERVICE, "CreateDeployment", arguments, gives={"deployment_id": "id"})


def _create_stage(rollout: Rollout, record: Optional[Record]) -> List[Action]:
    """Return CreateStage with variables and tags, and one UpdateStage for what CreateStage does not accept."""
    desired = declared_properties(rollout.params)
    variables = {path[len(VARIABLES) :]: desired.pop(path) for path in list(desired) if path.startswith(VARIABLES)}
    arguments: Plain = {
        "restApiId": rollout.api_id,
        "stageName": rollout.name,
        "deploymentId": rollout.target.deployment,
        "description": join_record(desired.pop(_DESCRIPTION, ""), record),
        "variables": variables,
        "tracingEnabled": desired.pop("/tracingEnabled", "false") == "true",
        "tags": rollout.desired_tags,
    }
    message = f'stage "{rollout.name}": another run has created it. Run again when the other run has ended.'
    create = Step(
        _SERVICE,
        "CreateStage",
        {name: value for name, value in arguments.items() if value},
        explain=messages_by_code({"ConflictException": message}),
    )
    if not desired:
        return [_wait_until_shown(create)]
    # AWS may not find the stage yet that it has just created.
    update = replace(_update(rollout, patches({}, desired, purge=[])), not_yet_if="NotFoundException")
    return [create, _wait_until_shown(update)]


def _update_stage(rollout: Rollout, current: Plain, record: Optional[Record]) -> List[Action]:
    """Return the updates of an existing stage; its last one waits until reads show the stage.

    A description holds the text and the record, so a change of one sends both.
    """
    updates = rollout.change.updates
    changed_paths = [operation["path"] for update in updates for operation in update]
    if record or _DESCRIPTION in changed_paths:
        kept = split(current.get("description", ""))[1]
        text = rollout.change.after[_DESCRIPTION]
        description = {"op": "replace", "path": _DESCRIPTION, "value": join_record(text, record or kept)}
        first, *others = updates
        updates = [[*(one for one in first if one["path"] != _DESCRIPTION), description], *others]
    steps = [_update(rollout, operations) for operations in updates]
    return [*steps[:-1], *(_wait_until_shown(step) for step in steps[-1:])]


def _update(rollout: Rollout, operations: List[Plain]) -> Step:
    message = f'stage "{rollout.name}": another run has deleted the deployment. Run again.'
    return Step(
        _SERVICE,
        "UpdateStage",
        {"restApiId": rollout.api_id, "stageName": rollout.name, "patchOperations": operations},
        explain=messages_by_code({_NO_DEPLOYMENT: message}),
    )


def switch_created_stage(create: Step) -> Step:
    """Return the step that switches a stage, which the step `create` has created, to the plan's latest deployment."""
    operations = [{"op": "replace", "path": "/deploymentId", "value": create.params["deploymentId"]}]
    if "description" in create.params:
        operations.append({"op": "replace", "path": _DESCRIPTION, "value": create.params["description"]})
    arguments = {name: create.params[name] for name in ("restApiId", "stageName")}
    step = Step(_SERVICE, "UpdateStage", {**arguments, "patchOperations": operations}, not_yet_if="NotFoundException")
    return _wait_until_shown(step)


def delete_stage(api_id: Union[str, Ref], name: str) -> Step:
    """Return the step that deletes a stage."""
    return Step(_SERVICE, "DeleteStage", {"restApiId": api_id, "stageName": name}, done_if=["NotFoundException"])


def delete_deployment(api_id: Union[str, Ref], deployment_id: Union[str, Ref]) -> Step:
    """Return the step that deletes a deployment."""
    arguments = {"restApiId": api_id, "deploymentId": deployment_id}
    return Step(_SERVICE, "DeleteDeployment", arguments, done_if=["NotFoundException"])


def _prune(api_id: Union[str, Ref], deployment_id: str) -> Step:
    """Return the step that deletes an old deployment, unless another run has switched a stage to it.

    AWS rejects the call then; the next run deletes the deployment. "Active stages pointing to this deployment must be
    moved or deleted" is the only known BadRequestException of DeleteDeployment.
    """
    return replace(delete_deployment(api_id, deployment_id), done_if=["NotFoundException", "BadRequestException"])


def stage_steps(plan: Sequence[Action]) -> List[Step]:
    """Return the steps of a plan that create or update a stage."""
    return [step for step in steps(plan) if step.operation in ("CreateStage", "UpdateStage")]


def patches_of(writing: Sequence[Step]) -> Iterator[Plain]:
    """Yield the patches of these steps."""
    for step in writing:
        yield from step.params.get("patchOperations") or []


def switches_stage(step: Step) -> bool:
    """Return whether a step creates a stage, or switches a stage or its canary to another deployment."""
    if step.operation == "CreateStage":
        return True
    paths = [patch["path"] for patch in step.params["patchOperations"]] if step.operation == "UpdateStage" else []
    return any(path.endswith("/deploymentId") for path in paths)


_COMPARED = ("deploymentId", "description", "variables", "canarySettings", "methodSettings", "tracingEnabled")
"""Members of a stage that GetStages and the calls that change it return alike (recorded)."""


def _wait_until_shown(step: Step) -> Step:
    """Return the step with a wait until reads show the stage as the step left it.

    The next run would otherwise read the former stage, and deploy or roll back to the wrong deployment.
    """
    return replace(step, shown=partial(_wait_for_stage, step.params["restApiId"]))


def _wait_for_stage(api_id: Union[str, Ref], written: Wire) -> Wait:
    name = written["stageName"]

    def is_shown(response: Wire) -> bool:
        stages = {stage["stageName"]: stage for stage in response.get("item", [])}
        return name in stages and all(stages[name].get(member) == written.get(member) for member in _COMPARED)

    key = {"restApiId": api_id}
    return wait_until_shown(_SERVICE, "GetStages", key, is_shown, f'the stage "{name}"', absent="NotFoundException")


def wait_until_stage_is_removed(api_id: Union[str, Ref], name: str) -> Wait:
    """Return the wait until reads no longer show a deleted stage."""
    key = {"restApiId": api_id, "stageName": name}
    return wait_until_removed(_SERVICE, "GetStage", key, f'the stage "{name}"', absent="NotFoundException")
