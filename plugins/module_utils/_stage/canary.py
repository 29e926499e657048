# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A canary of a stage: another deployment that takes a share of the requests, until it is promoted or aborted.

The patch operations are those of AWS's developer guide ("Update a canary release", "Promote a canary release", "Turn
off a canary release"). A promotion is two calls, as there: the canary's deployment and variables are copied, and then
the canary is taken away. Whether AWS takes both in one call was not seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Dict, List, Mapping, Union

from .._engine.plan import Ref
from .._rest_api.state import Plain
from .properties import (
    CANARY,
    OVERRIDES,
    VARIABLES,
    Properties,
    declared_properties,
    entries,
    patched,
    patches,
    present_properties,
    text,
)

_REMOVE = {"op": "remove", "path": CANARY}


@dataclass(frozen=True)
class Change:
    """What brings a stage to its declared state: lists of patch operations, one a call, and its properties after."""

    updates: List[List[Plain]]
    after: Dict[str, Any]


def plain(params: Mapping[str, Any], stage: Plain, deployment: Union[str, Ref]) -> Change:
    """The stage itself comes to serve a deployment; a canary is left alone."""
    return _change(params, present_properties(stage), {"/deploymentId": deployment})


def canary(params: Mapping[str, Any], stage: Plain, deployment: Union[str, Ref]) -> Change:
    """A canary comes to serve a deployment; the stage's own deployment and variables stay as they are.

    What is declared of the stage's variables and differs from what they are becomes the canary's.
    """
    have, declared = present_properties(stage), params["canary"]
    want: Dict[str, Any] = {
        f"{CANARY}/deploymentId": deployment,
        f"{CANARY}/percentTraffic": text(declared["percent_traffic"]),
        **_overrides(params, have),
    }
    if declared.get("use_stage_cache") is not None:
        want[f"{CANARY}/useStageCache"] = text(declared["use_stage_cache"])
    settings = declared_properties({**params, "variables": None})
    given = (params.get("variables"), declared.get("stage_variable_overrides"))
    purge = [] if given == (None, None) else [OVERRIDES]
    want.update(settings)
    operations = patches(have, want, purge)
    return Change([operations] if operations else [], patched(have, want, purge))


def is_pointless(params: Mapping[str, Any], stage: Plain, deployment: Union[str, Ref]) -> bool:
    """Whether a canary would be what the stage itself is: the same deployment, with the same variables."""
    have = present_properties(stage)
    same = all(have.get(_variable(path)) == value for path, value in _overrides(params, have).items())
    return "canarySettings" not in stage and stage["deploymentId"] == deployment and same


def promoted(params: Mapping[str, Any], stage: Plain) -> Change:
    """The stage comes to serve what its canary does, with the canary's variables, and the canary goes."""
    if "canarySettings" not in stage:
        return plain(params, stage, stage["deploymentId"])
    settings, variables = stage["canarySettings"], stage.get("variables") or {}
    overrides = settings.get("stageVariableOverrides") or {}
    after = {
        **_without_canary(stage),
        "deploymentId": settings["deploymentId"],
        "variables": {**variables, **overrides},
    }
    change = _change(params, present_properties(after), {})
    copies = _copies(bool(overrides)) if after != _without_canary(stage) else []
    first = copies + [operation for update in change.updates for operation in update]
    return Change([*([first] if first else []), [_REMOVE]], change.after)


def aborted(params: Mapping[str, Any], stage: Plain) -> Change:
    """The canary goes, and all requests are the stage's own again."""
    change = plain(params, _without_canary(stage), stage["deploymentId"])
    if "canarySettings" not in stage:
        return change
    return Change([[*(operation for update in change.updates for operation in update), _REMOVE]], change.after)


def _change(params: Mapping[str, Any], have: Properties, deployment: Mapping[str, Any]) -> Change:
    want = {**deployment, **declared_properties(params)}
    purge = [] if params.get("variables") is None else [VARIABLES]
    operations = patches(have, want, purge)
    return Change([operations] if operations else [], patched(have, want, purge))


def _overrides(params: Mapping[str, Any], have: Properties) -> Properties:
    variables = entries(VARIABLES, params.get("variables"))
    changed = {
        OVERRIDES + path[len(VARIABLES) :]: value for path, value in variables.items() if have.get(path) != value
    }
    return {**changed, **entries(OVERRIDES, params["canary"].get("stage_variable_overrides"))}


def _variable(override: str) -> str:
    return VARIABLES + override[len(OVERRIDES) :]


def _without_canary(stage: Plain) -> Plain:
    return {name: value for name, value in stage.items() if name != "canarySettings"}


def _copies(with_variables: bool) -> List[Plain]:
    variables = {"op": "copy", "from": f"{CANARY}/stageVariableOverrides", "path": "/variables"}
    return [
        {"op": "replace", "path": f"{CANARY}/percentTraffic", "value": "0.0"},
        *([variables] if with_variables else []),
        {"op": "copy", "from": f"{CANARY}/deploymentId", "path": "/deploymentId"},
    ]
