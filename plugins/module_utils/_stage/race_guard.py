# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The guard against two runs that deploy one API at the same time.

A deployment is a snapshot of the draft, and its requests have the permissions of the execution role. Whichever run
writes last owns both. So a plan reads them again, and stops if another run has written them, at these places:

- right before a stage is switched to a deployment (`guard_stage`),
- right before permissions are removed from the role (`guard_policy`),
- after a failed first deployment, because both runs may have created an API (`delete_duplicate_api`).

A detector is a function that finds what another run has written. Each returns its findings, a line each.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Callable, List, Optional, Sequence, Union

from .._engine.client import Aws
from .._engine.plan import Action, Check, Given, Ref, Step, calls, is_known, resolved
from .._engine.repeated_reads import LONGEST_WAIT, repeat_reads
from .._engine.resource import Planned
from .._execution_role.policy import parse_policy, same_policy
from .._rest_api.draft import api_ids_by_age, named_apis
from .._rest_api.draft_version import DRAFT_VERSION
from .._rest_api.from_aws import draft_digest
from .steps import delete_deployment, delete_stage, switch_created_stage, switches_stage

Detector = Callable[[Aws, Given], Sequence[str]]

DRAFT_WAS_BEHIND = "draft_was_behind"
"""Given if reads did not show this run's import at once: a deployment may be of the draft before the import."""

_RUN_AGAIN = "Run again when the other run has ended."
_IMPORTED = "another run has changed the draft"
_IMPORTS = ("ImportRestApi", "PutRestApi")
_NOT_SHOWN = f"AWS does not show this run's import after {LONGEST_WAIT:.0f} seconds"
"""No sign of another run: reads are behind for longer than usual."""


def guard_stage(stage: Planned, detectors: Sequence[Detector], again: Sequence[Check] = ()) -> Planned:
    """Return the plan of a stage with the detectors right before the stage is switched.

    A finding ends the run. The deployment is deleted, because its digest may not be that of its content, and the stage
    stays as it is. A new stage serves nobody yet, so the plan creates it in parallel with the detectors, and a finding
    deletes it. If reads did not show this run's import at once, the deployment is replaced after the checks of `again`.
    """
    plan: List[Action] = []
    undo: List[Step] = []
    created: Optional[Step] = None
    for action in stage.plan:
        if not isinstance(action, Step):
            plan.append(action)
        elif action.operation == "CreateDeployment":
            created = action
            undo = [delete_deployment(action.params["restApiId"], Ref("deployment_id"))]
            plan.append(action)
        elif action.operation == "CreateStage":
            undo = [delete_stage(action.params["restApiId"], action.params["stageName"]), *undo]
            mend = partial(_replace_deployment, create=created, stage=action, again=_with_undo(again, undo))
            check = _check(stage, detectors, "The new stage was deleted.", undo, mend)
            plan.append(replace(check, meanwhile=[action]))
        elif switches_stage(action):
            mend = partial(_replace_deployment, create=created, stage=None, again=_with_undo(again, undo))
            check = _check(stage, detectors, "The stage was not changed.", undo, mend)
            plan = [*_insert_before_deletions(plan, check), action]
        else:
            plan.append(action)
    return replace(stage, plan=plan)


def _insert_before_deletions(plan: Sequence[Action], check: Check) -> List[Action]:
    """Return the plan with the check before the deletions of deployments at its end."""
    end = len(plan)
    while end and calls(plan[end - 1 : end]) == ["apigateway:DeleteDeployment"]:
        end -= 1
    return [*plan[:end], check, *plan[end:]]


def _with_undo(checks: Sequence[Check], undo: Sequence[Step]) -> List[Check]:
    return [replace(check, undo=undo) for check in checks]


def _check(
    stage: Planned,
    detectors: Sequence[Detector],
    state: str,
    undo: Sequence[Step],
    mend: Callable[[Given], Sequence[Action]],
) -> Check:
    def detect(aws: Aws, given: Given) -> Sequence[str]:
        return [line for detector in detectors for line in detector(aws, given)]

    def explain(findings: Sequence[str]) -> Optional[str]:
        if set(findings) != {_NOT_SHOWN}:
            return None
        return f"{where} {_NOT_SHOWN}. The deployment may be of the draft before. {state} Run again in a minute."

    where = f'stage "{stage.values["name"]}":'
    what = f"{where} another run is deploying the same API:"
    return Check(detect, what, f"{state} {_RUN_AGAIN}", undo=undo, mend=mend, explain=explain)


def _replace_deployment(
    given: Given, create: Optional[Step], stage: Optional[Step], again: Sequence[Check]
) -> List[Action]:
    """Return what replaces the deployment of the step `create`, if it may be of the draft before this run's import.

    `stage` is the step that has created the stage, if there was none.
    """
    if not given.get(DRAFT_WAS_BEHIND):
        return []
    if create is None or not is_known(create.params["restApiId"]):  # a new API had no draft before
        return list(again)
    delete = delete_deployment(create.params["restApiId"], given["deployment_id"])
    if stage is None:
        return [*again, delete, create]
    return [*again, create, switch_created_stage(stage), delete]


def draft_has_changed(stage: Planned) -> Detector:
    """Return the detector of a draft whose content is no longer what this run read, for a run that imports nothing."""

    def detect(aws: Aws, _given: Given) -> Sequence[str]:
        is_same = draft_digest(aws, stage.values["api_id"]) == stage.values["digest"]
        return [] if is_same else [_IMPORTED]

    return detect


def other_import(api_id: Union[str, Ref], version: str) -> Detector:
    """Return the detector of another run's import into an existing API, whose draft had this version before the plan.

    The expected version is the one that AWS returned for the plan's import or, if the plan imports nothing, `version`.
    If AWS kept the old version in an import, a race would be missed, but no run stopped by mistake.
    """

    def detect(aws: Aws, given: Given) -> Sequence[str]:
        found = wait_until_draft_is_shown(aws, given, api_id, version)
        if found == given.get(DRAFT_VERSION, version):
            return []
        return [_NOT_SHOWN if _is_behind(given, found, version) else _IMPORTED]

    return detect


def wait_until_draft_is_shown(aws: Aws, given: Given, api_id: Union[str, Ref], before: str) -> Optional[str]:
    """Return the draft's version, once it is no longer the one `before` this run's import; None if there is no API.

    Reads can be behind writes: LocalStack's tests that run on AWS wait 10 seconds between UpdateRestApi and
    CreateDeployment, and Terraform's AWS provider reads until two reads are equal (issue 41375). Add
    `DRAFT_WAS_BEHIND` to `given` if it had to wait.
    """
    key = {"restApiId": resolved(api_id, given)}
    for read in repeat_reads(aws):
        if read:
            given[DRAFT_WAS_BEHIND] = True
            _report_wait(aws, read)
        draft = aws.find("apigateway", "GetRestApi", key, absent="NotFoundException")
        found = None if draft is None else str(draft.get("version", ""))
        if not _is_behind(given, found, before):
            if read == 0 and DRAFT_VERSION in given:
                aws.note_prompt("apigateway", _IMPORTS)
            break
    return found


def _is_behind(given: Given, found: Optional[str], before: str) -> bool:
    """Return whether a read of the draft's version returned the state before this run's import."""
    return DRAFT_VERSION in given and found in (None, before) and found != given[DRAFT_VERSION]


def _report_wait(aws: Aws, read: int) -> None:
    if read == 1:
        aws.note_behind("apigateway")
        aws.report(f"AWS does not show the imported REST API yet. Waiting for at most {LONGEST_WAIT:.0f} s.")


def other_first_deployment(name: str) -> Detector:
    """Return the detector of another run that creates an API with this name, or imports into the one of this plan.

    Of two runs that create the API at the same time, at most one continues. A run that finds an older API stops. The
    run of the oldest API waits until the others are deleted, and stops if they stay, because their runs may have read
    before its API existed. One GetRestApis returns all names and versions.
    """

    def detect(aws: Aws, given: Given) -> Sequence[str]:
        own_id = given["api_id"]
        for read in repeat_reads(aws):
            apis = {api["id"]: api for api in named_apis(aws, name)}
            if own_id not in apis:
                own = aws.find("apigateway", "GetRestApi", {"restApiId": own_id}, absent="NotFoundException")
                if own is None:  # reads are behind, and would not show another run's API either
                    _report_wait(aws, read + 1)
                    continue
                apis[own_id] = own
            elif read == 0:
                aws.note_prompt("apigateway", _IMPORTS)
            if len(apis) == 1:
                return [] if apis[own_id].get("version", "") == given.get(DRAFT_VERSION) else [_IMPORTED]
            if api_ids_by_age(list(apis.values()))[0] != own_id:
                break
        return _duplicates(list(apis), own_id) or ([] if own_id in apis else [_NOT_SHOWN])

    return detect


def delete_duplicate_api(name: str) -> Check:
    """Return what a failed first deployment does: delete its API, if another run has created one with this name."""

    def detect(aws: Aws, given: Given) -> Sequence[str]:
        if "api_id" not in given:
            return []
        return _duplicates([api["id"] for api in named_apis(aws, name)], given["api_id"])

    what = f'REST API "{name}": another run is deploying it:'
    then = f"The REST API that this run created was deleted. {_RUN_AGAIN}"
    delete = Step("apigateway", "DeleteRestApi", {"restApiId": Ref("api_id")}, done_if=["NotFoundException"])
    return Check(detect, what, then, undo=[delete])


def _duplicates(api_ids: Sequence[str], own_id: str) -> Sequence[str]:
    others = sorted(api_id for api_id in api_ids if api_id != own_id)
    return [f"it has created a REST API of the same name: {', '.join(others)}"] if others else []


def other_policy(role: Planned) -> Detector:
    """Return the detector of another policy on the role since the plan `role` was executed.

    A plan that puts no policy depends on none. A run that finds a role which this plan creates also finds its policy,
    and keeps what the policy grants.
    """
    plan_calls = calls(role.plan)
    if "iam:PutRolePolicy" not in plan_calls or "iam:CreateRole" in plan_calls:
        return lambda _aws, _given: []
    return _policy_has_changed(role)


def _policy_has_changed(role: Planned) -> Detector:
    """Return the detector of a policy that is not the one with which the plan `role` ends.

    Another policy can also be that of before the plan, because reads of IAM can be behind. So it is read repeatedly.
    """
    name, policy_name = role.values["name"], role.values["policy_name"]

    def detect(aws: Aws, _given: Given) -> Sequence[str]:
        key = {"RoleName": name, "PolicyName": policy_name}
        for read in repeat_reads(aws):
            inline = aws.find("iam", "GetRolePolicy", key, absent="NoSuchEntity")
            if inline and same_policy(parse_policy(inline["PolicyDocument"]), role.values["policy"]):
                if read == 0:
                    aws.note_prompt("iam", ["PutRolePolicy"])
                return []
            if read == 0:
                aws.note_behind("iam")
                aws.report(
                    f"AWS does not show the policy of the role {name} as this run left it. "
                    f"Waiting for at most {LONGEST_WAIT:.0f} s."
                )
        return [f"another run has changed the policy {policy_name} of the role {name}"]

    return detect


def guard_policy(trimmed: Planned, role: Planned) -> Planned:
    """Return the plan `trimmed`, which removes permissions, with a check for another policy since the plan `role`."""
    if not trimmed.plan:
        return trimmed
    check = Check(
        _policy_has_changed(role),
        f'execution_role "{role.values["name"]}": another run is deploying the same API:',
        f"The stage was updated. The role's policy was not changed. {_RUN_AGAIN}",
    )
    return replace(trimmed, plan=[check, *trimmed.plan])
