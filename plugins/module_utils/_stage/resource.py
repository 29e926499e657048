# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A stage, converged: which deployment it serves, its canary, and its settings.

A deployment is a snapshot of the draft. One is made when, and only when, the content differs from what the stage
serves; the digest of the content stands on AWS, in the descriptions of deployments and stages, and nowhere else. Then
the stage is moved to it in one call, together with its settings, and last of all old deployments go. A stage can also
be moved to a deployment that exists: back to one that it served before, or on to one that another stage serves.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Callable, List, Mapping, Optional, Sequence, Union

from .._engine.client import Aws, Wire
from .._engine.errors import AwsError, raise_errors
from .._engine.invoke_url import invoke_url
from .._engine.plan import (
    UNKNOWN,
    Action,
    Check,
    Given,
    Ref,
    Step,
    Wait,
    is_known,
    messages_by_code,
    put,
    wait_until_removed,
    wait_until_shown,
)
from .._engine.resource import Diff, Params, Planned
from .._engine.tags import api_gateway_tag_steps, tags_after
from .._rest_api.draft import DRAFT_WAS_BEHIND, find_api, read_list
from .._rest_api.from_aws import draft_digest
from .._rest_api.state import Plain
from . import canary as canaries
from .canary import Change
from .history_record import Record, joined, split
from .limits import plan_mistakes
from .options import mistakes
from .properties import CANARY, VARIABLES, declared_properties, method_settings, patches, present_properties
from .releases import (
    Releases,
    canary_of,
    digest_of,
    is_moved_away,
    listed,
    next_record,
    previous,
    surplus,
    with_content,
    with_policy_mark,
)

_SERVICE = "apigateway"
_DESCRIPTION = "/description"
_NO_DEPLOYMENT = "BadRequestException: Deployment id does not exist"


def planned(aws: Aws, params: Params) -> Planned:
    """What brings a stage to its declared state, or takes it away.

    Raises `AwsError` for all that cannot be meant, and for a deployment or a stage that is named and is not there.
    """
    raise_errors(f'stage "{params["name"]}"', mistakes(params))
    api_id = params.get("api_id") or _api_id(aws, params)
    return planned_from(aws, {**params, "api_id": api_id}, _releases_now(aws, {**params, "api_id": api_id}))


_LOOKS = 10
_LOOK_EVERY = 2.0
"""How often, and how many seconds apart, a stage is read until it shows the deployment that it was just moved to."""


def _releases_now(aws: Aws, params: Params) -> Releases:
    """Return the stages of an API, once the stage shows the deployment that the caller knows it to serve, if any."""
    for look in range(_LOOKS):
        if look:
            aws.pause(_LOOK_EVERY)
        releases = read_releases(aws, params["api_id"])
        stage = releases.stage(params["name"])
        if not params.get("serves") or (stage and stage["deploymentId"] == params["serves"]):
            break
    return releases


def planned_from(aws: Aws, params: Params, releases: Releases) -> Planned:
    """Return what brings a stage to its declared state, where the stages and deployments of its API were read.

    Further parameters are for a caller that imports the draft in the same run. `draft_version` is the version of the
    draft that was read, the beginning of its content's digest. `content_is_new` says that it is another one than that
    of the declared content, so that no interrupted run has made a deployment of this content. `policy_mark` is written
    into the description of a new deployment (`_shared_policy`).
    """
    raise_errors(f'stage "{params["name"]}"', mistakes(params))
    if params["state"] == "absent":
        return _absent(params, releases)
    have = releases.stage(params["name"])
    release = _release(aws, params, have, releases)
    change = _change(params, have, release)
    plan = _plan(aws, params, have, release, change, releases)
    raise_errors(f'stage "{params["name"]}"', plan_mistakes(aws, plan))
    diffs = [_diff(params, have, change, releases), *_routes(aws, params, have, change)]
    stage = Planned(plan, _values(aws, params, have, release, change, releases), diffs)
    if params.get("digest") or release.id:
        return stage
    return confirmed(stage, [partial(_another_draft, stage=stage)])


def _another_draft(aws: Aws, _given: Given, stage: Planned) -> Sequence[str]:
    """A line where the draft is no longer the one whose digest was read."""
    same = draft_digest(aws, stage.values["api_id"]) == stage.values["digest"]
    return [] if same else ["the draft is another one by now"]


Ask = Callable[[Aws, Given], Sequence[str]]
"""Whether what was read or put is still there: a line for each thing that another run has changed."""


def confirmed(stage: Planned, asks: Sequence[Ask], again: Sequence[Check] = ()) -> Planned:
    """The plan of a stage that asks whether all is as this run put it, before the stage is moved or has been made.

    A deployment is a snapshot of the draft, and the draft belongs to whichever run put it last. A deployment that
    another run's draft was made of would tell the wrong digest, so it goes again, and the stage is left as it was. A
    stage that is new serves nobody yet: it is made while that is asked, and goes again, too.

    Where reads of AWS did not show this run's import at once, the deployment may be of the draft before it. So it is
    replaced, after the checks of `again`.
    """
    plan: List[Action] = []
    undo: List[Step] = []
    made: Optional[Step] = None
    for action in stage.plan:
        if isinstance(action, Step) and action.operation == "CreateDeployment":
            made = action
            undo = [_delete_deployment(action.params["restApiId"], Ref("deployment_id"))]
        if not isinstance(action, Step) or not makes_or_moves(action):
            plan.append(action)
        elif action.operation == "CreateStage":
            undo = [delete_stage(action.params["restApiId"], action.params["stageName"]), *undo]
            mend = partial(_deploy_again, made=made, created=action, again=_undoing(again, undo))
            plan.append(_confirmation(stage, asks, "The new stage was taken away again.", undo, mend, [action]))
        else:
            kept = next((place for place, one in enumerate(reversed(plan)) if not _deletes_deployment(one)), len(plan))
            pruning = plan[len(plan) - kept :]
            mend = partial(_deploy_again, made=made, created=None, again=_undoing(again, undo))
            check = _confirmation(stage, asks, "The stage was left as it was.", undo, mend)
            plan[len(plan) - kept :] = [check, *pruning]
            plan.append(action)
    return replace(stage, plan=plan)


def _undoing(checks: Sequence[Check], undo: Sequence[Step]) -> List[Check]:
    return [replace(check, undo=undo) for check in checks]


def _deploy_again(given: Given, made: Optional[Step], created: Optional[Step], again: Sequence[Check]) -> List[Action]:
    """Return what replaces the deployment of the step `made`, if it may be of the draft before this run's import.

    `created` is the step that has made the stage with it, if there was none.
    """
    if not given.get(DRAFT_WAS_BEHIND):
        return []
    if made is None or not is_known(made.params["restApiId"]):  # a new API had no draft before
        return list(again)
    delete = _delete_deployment(made.params["restApiId"], given["deployment_id"])
    if created is None:
        return [*again, delete, made]
    patch = [{"op": "replace", "path": "/deploymentId", "value": created.params["deploymentId"]}]
    if "description" in created.params:
        patch.append({"op": "replace", "path": _DESCRIPTION, "value": created.params["description"]})
    arguments = {"restApiId": made.params["restApiId"], "stageName": created.params["stageName"]}
    moved = Step(
        _SERVICE,
        "UpdateStage",
        {**arguments, "patchOperations": patch},
        not_yet_if="NotFoundException",
        shown=partial(_wait_for_stage, made.params["restApiId"]),
    )
    return [*again, made, moved, delete]


def makes_or_moves(step: Step) -> bool:
    """Whether a step makes a stage, or has it or its canary serve another deployment."""
    if step.operation == "CreateStage":
        return True
    paths = [patch["path"] for patch in step.params["patchOperations"]] if step.operation == "UpdateStage" else []
    return any(path.endswith("/deploymentId") for path in paths)


def _deletes_deployment(action: Action) -> bool:
    return isinstance(action, Step) and action.operation == "DeleteDeployment"


def _confirmation(
    stage: Planned,
    asks: Sequence[Ask],
    then: str,
    undo: Sequence[Step],
    mend: Callable[[Given], Sequence[Action]],
    meanwhile: Sequence[Step] = (),
) -> Check:
    def ask(aws: Aws, given: Given) -> Sequence[str]:
        return [line for one in asks for line in one(aws, given)]

    what = f'stage "{stage.values["name"]}": another run is deploying the same API:'
    return Check(ask, what, f"{then} Run again when the other run has ended.", meanwhile, undo, mend)


def read_ahead(aws: Aws, api_id: str) -> None:
    """Read what `planned` asks of an API that exists, as far as its stages show it, for `Aws.read_ahead`."""
    releases = read_releases(aws, api_id)
    if not releases.are_told:
        read_deployments(aws, api_id)


def read_releases(aws: Aws, api_id: Union[str, Ref]) -> Releases:
    """Return the stages of an API, and its deployments, which are read when they are needed."""
    stages = read_stages(aws, api_id)
    return Releases(stages, partial(read_deployments, aws, str(api_id)) if is_known(api_id) else list)


def _refused(params: Params, why: str) -> AwsError:
    return AwsError(f'stage "{params["name"]}": {why}')


def _api_id(aws: Aws, params: Params) -> str:
    """The id of the API with the name that was given; an API that is not there has no stage to take away."""
    api = find_api(aws, params["api_name"], None)
    if api is None and params["state"] == "present":
        raise _refused(params, f'there is no REST API "{params["api_name"]}" in {aws.region()}.')
    return str(api["id"]) if api else UNKNOWN


def read_stages(aws: Aws, api_id: Union[str, Ref]) -> List[Plain]:
    """All stages of the API; none where the API is not there (yet, or any more)."""
    if not is_known(api_id):
        return []
    answer = aws.find(_SERVICE, "GetStages", {"restApiId": api_id}, absent="NotFoundException")
    return list((answer or {}).get("item", []))


def read_deployments(aws: Aws, api_id: str) -> List[Plain]:
    """All deployments of the API, the newest first."""
    found = read_list(aws, "GetDeployments", {"restApiId": api_id})
    return sorted(found, key=lambda deployment: deployment["createdDate"])[::-1]


@dataclass(frozen=True)
class _Release:
    """What the stage, or its canary, is to serve.

    `id` is a deployment's; None for one that is made of the draft. `digest` is that of its content, where it is known.
    `counts` says whether coming to serve it counts as deploying to the stage: going back does not.
    """

    id: Optional[str]
    digest: Optional[str]
    counts: bool

    @property
    def deployment(self) -> Union[str, Ref]:
        """The deployment's id, or what stands for it until it is made."""
        return self.id or Ref("deployment_id")


def _canary_state(params: Params) -> Optional[str]:
    canary = params.get("canary")
    return str(canary.get("state", "present")) if canary else None


def _release(aws: Aws, params: Params, have: Optional[Plain], releases: Releases) -> _Release:
    state = _canary_state(params)
    if state and have is None:
        raise _no_stage(params, releases, "To create this one, deploy to it without `canary` first.")
    if have and state in ("promoted", "aborted"):
        canary = canary_of(have) if state == "promoted" else None
        return _existing(canary or have["deploymentId"], releases, counts=state == "promoted")
    if params.get("deployment"):
        return _existing(_chosen(params, have, releases), releases, counts=False)
    if params.get("promote_from"):
        return _existing(_promoted(params, releases), releases, counts=True)
    content = str(params["digest"]) if params.get("digest") else draft_digest(aws, params["api_id"])
    is_new = bool(params.get("content_is_new")) or (not releases.stages and not params.get("draft_version"))
    return _Release(with_content(content, have, releases, is_new), content, counts=True)


def _existing(deployment_id: str, releases: Releases, counts: bool) -> _Release:
    return _Release(deployment_id, digest_of(releases.deployment(deployment_id) or {}), counts)


def _chosen(params: Params, have: Optional[Plain], releases: Releases) -> str:
    """The id of the deployment that the option `deployment` means."""
    wanted = str(params["deployment"])
    if have is None:
        raise _no_stage(params, releases, "Name the stage to roll back.")
    if wanted != "previous":
        if releases.deployment(wanted):
            return wanted
        raise _refused(params, f'there is no deployment "{wanted}" in this API. {listed(releases)}')
    found = previous(have, releases)
    if found:
        return found
    unknown = f"nothing on AWS tells which deployment it served before {have['deploymentId']}"
    raise _refused(params, f"{unknown}. Say which one by its id: `deployment: ID`. {listed(releases)}")


def _promoted(params: Params, releases: Releases) -> str:
    """The id of the deployment that the stage serves which the option `promote_from` names."""
    source = releases.stage(params["promote_from"])
    if source:
        return str(source["deploymentId"])
    raise _no_stage({**params, "name": params["promote_from"]}, releases, "Name the stage to promote from.")


def _no_stage(params: Params, releases: Releases, remedy: str) -> AwsError:
    return _refused(params, f"no such stage; there are: {_names(releases)}. {remedy}")


def _names(releases: Releases) -> str:
    return ", ".join(sorted(stage["stageName"] for stage in releases.stages)) or "none"


def _change(params: Params, have: Optional[Plain], release: _Release) -> Change:
    """The changes of a stage that is there; of one that is not, what it is made as."""
    if have is None:
        return Change([], {"/deploymentId": release.deployment, **declared_properties(params)})
    state = _canary_state(params)
    if state == "promoted":
        return canaries.promoted(params, have)
    if state == "aborted":
        return canaries.aborted(params, have)
    if state == "present" and not canaries.is_pointless(params, have, release.deployment):
        return canaries.canary(params, have, release.deployment)
    if canary_of(have) and have["deploymentId"] != release.id:
        raise _refused(params, _in_the_way(have))
    return canaries.plain(params, have, release.deployment)


def _in_the_way(have: Plain) -> str:
    """Why a stage with a canary is not moved; AWS's developer guide rules it out as well."""
    settings = have["canarySettings"]
    return (
        f"it has a canary, deployment {settings['deploymentId']} with {settings.get('percentTraffic', 0):g} percent of "
        "the requests. Promote it (`canary: {state: promoted}`) or abort it (`canary: {state: aborted}`) before the "
        "stage is moved; nothing was changed."
    )


def _moves(have: Optional[Plain], change: Change) -> bool:
    """Whether the stage itself, not its canary, comes to serve another deployment than it does."""
    return have is None or change.after["/deploymentId"] != have["deploymentId"]


def _plan(
    aws: Aws, params: Params, have: Optional[Plain], release: _Release, change: Change, releases: Releases
) -> List[Action]:
    """Return the plan that creates what is missing, and then moves the stage or creates it.

    What is not kept any more is deleted right before the stage moves: the record that the move writes does not name it,
    so a run that is interrupted after the move would leave it for good.
    """
    deployed = _moves(have, change) and release.counts
    keep = max(params["keep_deployments"], 1)  # what the stage serves until now is what it can go back to
    leftovers = [one for one in releases.leftovers(params.get("draft_version") or "") if one != release.id]
    plan: List[Action] = [_prune(params["api_id"], deployment_id) for deployment_id in leftovers]
    plan += [] if release.id else [_deploy(params, release)]
    mark = params.get("policy_mark")
    record = next_record(release.deployment, release.digest, keep, have, releases, mark) if deployed else None
    if have is None:
        return plan + _make(params, release.deployment, record)
    if deployed and not params.get("promote_from"):
        gone = [one for one in surplus(keep, release.id, have, releases) if one not in leftovers]
        plan += [_prune(params["api_id"], deployment_id) for deployment_id in gone]
    updates = [_update(params, operations) for operations in _described(have, change, record)]
    plan += [*updates[:-1], *(_shown(update) for update in updates[-1:])]
    return plan + api_gateway_tag_steps(
        params, have.get("tags") or {}, stage_arn(aws, params["api_id"], params["name"])
    )


def _deploy(params: Params, release: _Release) -> Step:
    made_for = "Canary of" if _canary_state(params) else "Deployed to"
    text = params.get("description") or f"{made_for} {params['name']}"
    content = with_policy_mark(str(release.digest), params.get("policy_mark"))
    arguments = {"restApiId": params["api_id"], "description": f"{text} ({content})"}
    return Step(_SERVICE, "CreateDeployment", arguments, gives={"deployment_id": "id"})


def _described(have: Plain, change: Change, record: Optional[Record]) -> List[List[Plain]]:
    """The updates of a stage, with its description as one value of text and record; both stay unless they are new."""
    if not any(operation["path"] == _DESCRIPTION for update in change.updates for operation in update) and not record:
        return change.updates
    kept = split(have.get("description", ""))[1]
    description = {"op": "replace", "path": _DESCRIPTION, "value": joined(change.after[_DESCRIPTION], record or kept)}
    first, *rest = change.updates
    return [[*(operation for operation in first if operation["path"] != _DESCRIPTION), description], *rest]


def _make(params: Params, deployment: Union[str, Ref], record: Optional[Record]) -> List[Action]:
    """CreateStage carries variables and tags; what it cannot carry follows as one UpdateStage."""
    want = declared_properties(params)
    variables = {path[len(VARIABLES) :]: want.pop(path) for path in list(want) if path.startswith(VARIABLES)}
    arguments: Plain = {
        "restApiId": params["api_id"],
        "stageName": params["name"],
        "deploymentId": deployment,
        "description": joined(want.pop(_DESCRIPTION, ""), record),
        "variables": variables,
        "tracingEnabled": want.pop("/tracingEnabled", "false") == "true",
        "tags": tags_after(params.get("tags"), {}, params["purge_tags"]),
    }
    messages = {"ConflictException": f'stage "{params["name"]}": another run has made it. Run again when it has ended.'}
    made = Step(
        _SERVICE,
        "CreateStage",
        {name: value for name, value in arguments.items() if value},
        explain=messages_by_code(messages),
    )
    if not want:
        return [_shown(made)]
    # AWS may not show the stage at once to the update that follows.
    return [made, _shown(replace(_update(params, patches({}, want, purge=[])), not_yet_if="NotFoundException"))]


def _update(params: Params, operations: List[Plain]) -> Step:
    arguments = {"restApiId": params["api_id"], "stageName": params["name"], "patchOperations": operations}
    messages = {_NO_DEPLOYMENT: f'stage "{params["name"]}": another run has deleted the deployment. Run again.'}
    return Step(_SERVICE, "UpdateStage", arguments, explain=messages_by_code(messages))


_COMPARED = ("deploymentId", "description", "variables", "canarySettings", "methodSettings", "tracingEnabled")
"""Members of a stage that GetStages and the calls that change it return alike (recorded)."""


def _shown(step: Step) -> Step:
    """Return the step with a wait until reads show the stage as the step left it.

    A run that read the stage as it was before would deploy or go back to the wrong deployment.
    """
    return replace(step, shown=partial(_wait_for_stage, step.params["restApiId"]))


def _wait_for_stage(api_id: Union[str, Ref], written: Wire) -> Wait:
    name = written["stageName"]

    def is_shown(answer: Wire) -> bool:
        stages = {stage["stageName"]: stage for stage in answer.get("item", [])}
        return name in stages and all(stages[name].get(member) == written.get(member) for member in _COMPARED)

    key = {"restApiId": api_id}
    return wait_until_shown(_SERVICE, "GetStages", key, is_shown, f'the stage "{name}"', absent="NotFoundException")


def wait_until_stage_is_removed(api_id: Union[str, Ref], name: str) -> Wait:
    """Return the wait until reads no longer show a stage that was deleted."""
    key = {"restApiId": api_id, "stageName": name}
    return wait_until_removed(_SERVICE, "GetStage", key, f'the stage "{name}"', absent="NotFoundException")


def delete_stage(api_id: Union[str, Ref], name: str) -> Step:
    """Return the step that deletes a stage."""
    return Step(_SERVICE, "DeleteStage", {"restApiId": api_id, "stageName": name}, done_if=["NotFoundException"])


def _delete_deployment(api_id: Union[str, Ref], deployment_id: Union[str, Ref]) -> Step:
    arguments = {"restApiId": api_id, "deploymentId": deployment_id}
    return Step(_SERVICE, "DeleteDeployment", arguments, done_if=["NotFoundException"])


def _prune(api_id: Union[str, Ref], deployment_id: str) -> Step:
    """Delete an old deployment. AWS refuses that where another run has moved a stage to it: the next run prunes it.

    "Active stages pointing to this deployment must be moved or deleted" is the only BadRequestException that is known
    of DeleteDeployment.
    """
    return replace(_delete_deployment(api_id, deployment_id), done_if=["NotFoundException", "BadRequestException"])


def _diff(params: Params, have: Optional[Plain], change: Change, releases: Releases) -> Diff:
    there = (have or {}).get("tags") or {}
    before = _readable(present_properties(have), there, releases) if have else None
    tags = tags_after(params.get("tags"), there, params["purge_tags"])
    return Diff(before, _readable(change.after, tags, releases), f"stage {params['name']}")


_SHOWN = {"/deploymentId": "deployment", f"{CANARY}/deploymentId": "canarySettings/deployment"}


def _readable(properties: Mapping[str, Any], tags: Mapping[str, str], releases: Releases) -> Plain:
    """The properties as people read them: a deployment with its date and description, where these were read."""
    shown: Plain = {path[1:]: value for path, value in properties.items() if value and path not in _SHOWN}
    for path, name in _SHOWN.items():
        if path in properties:
            shown[name] = releases.label(properties[path])
    return {**shown, "tags": dict(tags)} if tags else shown


def _routes(aws: Aws, params: Params, have: Optional[Plain], change: Change) -> List[Diff]:
    """The routes of the stage before and after a move to a deployment that was chosen; of content, rest_api tells."""
    chosen = params.get("deployment") or params.get("promote_from")
    if not (chosen and have and _moves(have, change)):
        return []
    before = _summary(aws, params["api_id"], have["deploymentId"])
    return [Diff(before, _summary(aws, params["api_id"], change.after["/deploymentId"]), f"routes of {params['name']}")]


def _summary(aws: Aws, api_id: str, deployment_id: str) -> List[str]:
    """The routes of a deployment, `GET /orders/{id}`; GetDeployment gives no more of its content than these."""
    params = {"restApiId": api_id, "deploymentId": deployment_id, "embed": ["apisummary"]}
    summary = aws.call(_SERVICE, "GetDeployment", params).get("apiSummary") or {}
    return sorted(f"{method} {path}" for path, methods in summary.items() for method in methods)


def _absent(params: Params, releases: Releases) -> Planned:
    have = releases.stage(params["name"])
    plan: List[Action] = []
    if have:
        plan.append(delete_stage(params["api_id"], params["name"]))
        plan.append(wait_until_stage_is_removed(params["api_id"], params["name"]))
    remaining = sorted(stage["stageName"] for stage in releases.stages if stage["stageName"] != params["name"])
    values = {"api_id": params["api_id"], "name": params["name"], "remaining_stages": remaining}
    shown = _readable(present_properties(have), {}, releases)
    return Planned(plan, values, [Diff(shown, None, f"stage {params['name']}")] if have else [])


def _before(params: Params, have: Plain) -> Plain:
    """The options that bring the stage back to what it is before the plan, as far as that can touch it."""
    there = method_settings(have)
    return {
        "deployment": have["deploymentId"],
        "variables": have.get("variables") or {},
        "tracing_enabled": have.get("tracingEnabled", False),
        "method_settings": {target: there.get(target) for target in params.get("method_settings") or {}},
    }


def _values(
    aws: Aws, params: Params, have: Optional[Plain], release: _Release, change: Change, releases: Releases
) -> Plain:
    serves = change.after["/deploymentId"]
    return {
        "api_id": params["api_id"],
        "name": params["name"],
        "deployment_id": serves,
        "previous_deployment_id": have["deploymentId"] if have else "",
        "previous": _before(params, have) if have else {},
        "canary_deployment_id": change.after.get(f"{CANARY}/deploymentId", ""),
        "digest": release.digest if isinstance(serves, Ref) else releases.digest(serves) or "",
        "rolled_back": is_moved_away(have),
        "stages_elsewhere": _elsewhere(params, release, change, releases),
        "invoke_url": invoke_url(aws, params["api_id"], params["name"]),
        "arn": stage_arn(aws, params["api_id"], params["name"]),
        "account_id": aws.account_id(),
        "region": aws.region(),
        "tags": tags_after(params.get("tags"), (have or {}).get("tags") or {}, params["purge_tags"]),
    }


def _elsewhere(params: Params, release: _Release, change: Change, releases: Releases) -> List[str]:
    """The names of the stages that serve other content than the declared, by their deployment or by a canary's.

    The stage itself is among them while its canary serves another content than it does.
    """

    def is_same(deployment: Union[str, Ref, None]) -> bool:
        if deployment in (release.deployment, None):
            return True
        return release.digest is not None and releases.digest(deployment) == release.digest

    serving = {stage["stageName"]: [stage["deploymentId"], canary_of(stage)] for stage in releases.stages}
    serving[params["name"]] = [change.after["/deploymentId"], change.after.get(f"{CANARY}/deploymentId")]
    return sorted(name for name, deployments in serving.items() if not all(map(is_same, deployments)))


def stage_arn(aws: Aws, api_id: Union[str, Ref], name: str) -> Union[str, Ref]:
    """The ARN of a stage."""
    return put(f"arn:{aws.partition()}:apigateway:{aws.region()}::/restapis/{{}}/stages/{name}", api_id)
