# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Compare a stage and its canary with the options, and return what changes.

A canary serves another deployment for a share of the requests, until it is promoted or aborted. The patch operations
are those of AWS's developer guide ("Update a canary release", "Promote a canary release", "Turn off a canary release").
As in the guide, a promotion takes two calls: one copies the canary's deployment and variables, the other removes the
canary. It is not known whether AWS accepts both in one call.
"""

from __future__ import annotations

from typing import Any, Dict, List, Union

from .._engine.plan import Ref
from .._engine.resource import Params
from .._rest_api.state import Plain
from .properties import (
    CANARY,
    OVERRIDES,
    VARIABLES,
    Change,
    Properties,
    change_to,
    current_properties,
    declared_properties,
    entries,
    text,
)
from .releases import canary_deployment_id
from .stage import Stage, Target

_REMOVE = {"op": "remove", "path": CANARY}


def compare(stage: Stage, target: Target) -> Change:
    """Return the change of a stage and its canary; for a stage that does not exist, what it is created with.

    Raise `AwsError` for a stage that cannot be updated because it has a canary.
    """
    params, current = stage.params, stage.current
    if current is None:
        return Change([], {"/deploymentId": target.deployment, **declared_properties(params)})
    if stage.canary_state == "promoted":
        return _promote(params, current)
    if stage.canary_state == "aborted":
        return _abort(params, current)
    if stage.canary_state == "present" and not _is_pointless(params, current, target.deployment):
        return _deploy_to_canary(params, current, target.deployment)
    if canary_deployment_id(current) and current["deploymentId"] != target.id:
        raise stage.error(_canary_blocks(current["canarySettings"]))
    return _deploy_to_stage(params, current, target.deployment)


def _canary_blocks(settings: Plain) -> str:
    """Return why a stage with a canary is not updated; AWS's developer guide excludes that as well."""
    return (
        f"it has a canary, deployment {settings['deploymentId']} with {settings.get('percentTraffic', 0):g} percent of "
        "the requests. Promote it (`canary: {state: promoted}`) or abort it (`canary: {state: aborted}`) before you "
        "deploy to the stage. Nothing was changed."
    )


def _deploy_to_stage(params: Params, stage: Plain, deployment: Union[str, Ref]) -> Change:
    """Return the change by which the stage itself serves a deployment; a canary is left alone."""
    desired = {"/deploymentId": deployment, **declared_properties(params)}
    return change_to(current_properties(stage), desired, purge=[] if params.get("variables") is None else [VARIABLES])


def _deploy_to_canary(params: Params, stage: Plain, deployment: Union[str, Ref]) -> Change:
    """Return the change by which a canary serves a deployment; the stage's deployment and variables stay as they are.

    Declared variables that differ from those of the stage become variables of the canary.
    """
    current, declared = current_properties(stage), params["canary"]
    desired: Dict[str, Any] = {
        f"{CANARY}/deploymentId": deployment,
        f"{CANARY}/percentTraffic": text(declared["percent_traffic"]),
        **_overrides(params, current),
    }
    if declared.get("use_stage_cache") is not None:
        desired[f"{CANARY}/useStageCache"] = text(declared["use_stage_cache"])
    desired.update(declared_properties({**params, "variables": None}))
    given = (params.get("variables"), declared.get("stage_variable_overrides"))
    return change_to(current, desired, purge=[] if given == (None, None) else [OVERRIDES])


def _is_pointless(params: Params, stage: Plain, deployment: Union[str, Ref]) -> bool:
    """Return whether a canary would equal the stage: the same deployment with the same variables."""
    current = current_properties(stage)
    same = all(
        current.get(VARIABLES + path[len(OVERRIDES) :]) == value for path, value in _overrides(params, current).items()
    )
    return "canarySettings" not in stage and stage["deploymentId"] == deployment and same


def _promote(params: Params, stage: Plain) -> Change:
    """Return the change by which the stage serves its canary's deployment with its variables, without the canary."""
    if "canarySettings" not in stage:
        return _deploy_to_stage(params, stage, stage["deploymentId"])
    settings, variables = stage["canarySettings"], stage.get("variables") or {}
    overrides = settings.get("stageVariableOverrides") or {}
    after = {
        **_without_canary(stage),
        "deploymentId": settings["deploymentId"],
        "variables": {**variables, **overrides},
    }
    change = _deploy_to_stage(params, after, after["deploymentId"])
    copies = _copies(bool(overrides)) if after != _without_canary(stage) else []
    first = copies + [operation for update in change.updates for operation in update]
    return Change([*([first] if first else []), [_REMOVE]], change.after)


def _abort(params: Params, stage: Plain) -> Change:
    """Return the change by which the canary is removed."""
    change = _deploy_to_stage(params, _without_canary(stage), stage["deploymentId"])
    if "canarySettings" not in stage:
        return change
    return Change([[*(operation for update in change.updates for operation in update), _REMOVE]], change.after)


def _overrides(params: Params, current: Properties) -> Properties:
    """Return the variables of the canary that the options declare, as properties."""
    variables = entries(VARIABLES, params.get("variables"))
    changed = {
        OVERRIDES + path[len(VARIABLES) :]: value for path, value in variables.items() if current.get(path) != value
    }
    return {**changed, **entries(OVERRIDES, params["canary"].get("stage_variable_overrides"))}


def _without_canary(stage: Plain) -> Plain:
    return {name: value for name, value in stage.items() if name != "canarySettings"}


def _copies(with_variables: bool) -> List[Plain]:
    """Return the patch operations that copy a canary's deployment, and its variables if it has any, to the stage."""
    variables = {"op": "copy", "from": f"{CANARY}/stageVariableOverrides", "path": "/variables"}
    return [
        {"op": "replace", "path": f"{CANARY}/percentTraffic", "value": "0.0"},
        *([variables] if with_variables else []),
        {"op": "copy", "from": f"{CANARY}/deploymentId", "path": "/deploymentId"},
    ]
