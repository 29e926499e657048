# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A stage, converged: which deployment it serves, its canary, and its settings.

A deployment is a snapshot of the draft. A run creates one if, and only if, the content differs from what the stage
serves; the digests of contents are stored on AWS alone, in the descriptions of deployments and stages. One call
switches the stage to the deployment and updates its settings. A stage can also be switched to an existing deployment:
back to one that it served before, or to the one that another stage serves.

A run passes through these files in order: `options` (validate), `releases` (read), `target` (choose the deployment),
`canary` (compare), `steps` (plan), `limits` (validate the plan), `log_role` (prepare the account for
logs), `result`, and `race_guard`.
"""

from __future__ import annotations

from typing import Any, Dict, List

from .._engine.client import Aws
from .._engine.errors import raise_errors
from .._engine.plan import UNKNOWN, Action
from .._engine.repeated_reads import repeat_reads
from .._engine.resource import Params, Planned
from .._rest_api.draft import find_api
from .canary import compare
from .limits import plan_errors
from .log_role import plan_log_role
from .options import errors
from .race_guard import draft_has_changed, guard_stage
from .releases import Releases, read_releases
from .result import diff_of_removal, diffs, values
from .stage import Rollout, Stage
from .steps import delete_stage, plan_rollout, wait_until_stage_is_removed
from .target import choose_target


def planned(aws: Aws, params: Params) -> Planned:
    """Return what brings a stage to its desired state, or deletes it.

    Raise `AwsError` for invalid options, and for a deployment or a stage that they name and that does not exist.
    """
    raise_errors(f'stage "{params["name"]}"', errors(params))
    params = {**params, "api_id": params.get("api_id") or _api_id(aws, params)}
    return plan_stage(aws, params, _read_current(aws, params))


def _api_id(aws: Aws, params: Params) -> str:
    """Return the id of the API with the name in the options; a missing API has no stage to delete."""
    api = find_api(aws, params["api_name"], None)
    if api is None and params["state"] == "present":
        message = f'there is no REST API "{params["api_name"]}" in {aws.region()}'
        raise_errors(f'stage "{params["name"]}"', [f"{message}. Correct `api_name`, or create the API first."])
    return str(api["id"]) if api else UNKNOWN


def _read_current(aws: Aws, params: Params) -> Releases:
    """Read the stages of an API, until the stage shows the deployment that the option `serves` names, if any."""
    for _read in repeat_reads(aws):
        releases = read_releases(aws, params["api_id"])
        stage = releases.stage(params["name"])
        if not params.get("serves") or (stage and stage["deploymentId"] == params["serves"]):
            break
    return releases


def plan_stage(aws: Aws, params: Params, releases: Releases) -> Planned:
    """Return what brings a stage to its desired state, from the stages and deployments of its API.

    A caller that imports the draft in the same run adds parameters to the options: `digest` of the new content,
    `draft_version` of the draft before the import, `content_is_new` if that version is not the one of the new content
    (no interrupted run can have created a deployment of it), and `policy_id` for the description of a deployment.
    `log_role_arn` is the role for logs that the account gets if the stage needs one and the account has none.
    """
    raise_errors(f'stage "{params["name"]}"', errors(params))
    stage = Stage(aws, params, releases)
    if params["state"] == "absent":
        return _removal(stage)
    target = choose_target(stage)
    rollout = Rollout(aws, params, releases, target, compare(stage, target))
    plan = plan_rollout(rollout)
    logs = plan_log_role(aws, plan, params.get("log_role_arn"))
    raise_errors(f'stage "{stage.name}"', [*plan_errors(plan), *logs.errors])
    result = Planned([*logs.plan, *plan], values(rollout), [*logs.diffs, *diffs(rollout)])
    if params.get("digest") or target.id:
        return result
    return guard_stage(result, [draft_has_changed(result)])


def _removal(stage: Stage) -> Planned:
    names: List[str] = sorted(other["stageName"] for other in stage.releases.stages)
    result: Dict[str, Any] = {
        "api_id": stage.api_id,
        "name": stage.name,
        "remaining_stages": [name for name in names if name != stage.name],
    }
    if stage.current is None:
        return Planned([], result)
    plan: List[Action] = [
        delete_stage(stage.api_id, stage.name),
        wait_until_stage_is_removed(stage.api_id, stage.name),
    ]
    return Planned(plan, result, [diff_of_removal(stage)])
