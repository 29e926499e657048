# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A stage, converged: which deployment it serves, and its settings.

A deployment is a snapshot of the draft. One is made when, and only when, the content differs from what the stage
serves; the digest of the content stands in the deployment's description, on AWS, and nowhere else. Then the stage is
moved to it in one call, together with its settings, and last of all old deployments go.
"""

from __future__ import annotations

import re
from functools import partial
from typing import Any, Dict, List, Mapping, Optional, Union

from ._api_draft import draft_digest, find_api, read_list
from ._api_state import Plain
from ._aws import Aws, AwsError
from ._invoke_url import invoke_url
from ._plan import UNKNOWN, Action, Ref, Step, is_known, put
from ._resource import Diff, Params, Planned
from ._stage_properties import METHOD_SETTINGS, declared_properties, patches, present_properties
from ._tags import api_gateway_tag_steps, tags_after

_SERVICE = "apigateway"
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_NAME = re.compile(r"[A-Za-z0-9_-]{1,128}")
_TARGET = re.compile(r"\*|(?:GET|PUT|POST|DELETE|OPTIONS|HEAD|PATCH|ANY) /\S*")


def planned(aws: Aws, params: Params) -> Planned:
    """What brings a stage to its declared state, or takes it away."""
    _check(params)
    params = {**params, "api_id": params.get("api_id") or _api_id(aws, params)}
    stages = _stages(aws, params["api_id"])
    have = next((stage for stage in stages if stage["stageName"] == params["name"]), None)
    if params["state"] == "absent":
        return _absent(params, have, stages)
    content = _content(aws, params)
    deployments = _deployments(aws, params["api_id"]) if stages else []
    target = _with_content(content, have, deployments)
    plan = _plan(aws, params, have, target, content)
    if have and have["deploymentId"] != target:
        plan += _prune(params, target, have["deploymentId"], stages, deployments)
    tags = tags_after(params.get("tags"), (have or {}).get("tags") or {}, params["purge_tags"])
    before = _readable(present_properties(have), have.get("tags") or {}) if have else None
    diff = Diff(before, _readable(_after(have, params, target or UNKNOWN), tags), f"stage {params['name']}")
    values = _values(aws, params, target or Ref("deployment_id"), content, tags)
    return Planned(plan, {**values, "stages_elsewhere": _elsewhere(params, stages, deployments, content)}, [diff])


def _check(params: Params) -> None:
    """Raise `AwsError` for all that cannot be meant, before anything is read or changed."""
    mistakes = []
    if not _NAME.fullmatch(params["name"]):
        instead = re.sub(r"[^A-Za-z0-9_-]+", "-", params["name"]).strip("-")[:128] or "prod"
        mistakes.append(f'a name is 1 to 128 letters, digits, hyphens and underscores; write "{instead}" for example')
    for target, settings in (params.get("method_settings") or {}).items():
        if not _TARGET.fullmatch(target):
            mistakes.append(
                f'method_settings has "{target}"; write "*" for all methods, or a route: "GET /orders/{{id}}"'
            )
        unknown = sorted(set(settings) - set(METHOD_SETTINGS))
        if unknown:
            known = ", ".join(METHOD_SETTINGS)
            mistakes.append(f'method_settings["{target}"] has {", ".join(unknown)}; known are {known}')
    if mistakes:
        raise AwsError(f'stage "{params["name"]}": ' + "; ".join(mistakes) + ".")


def _api_id(aws: Aws, params: Params) -> str:
    """The id of the API with the name that was given; an API that is not there has no stage to take away."""
    api = find_api(aws, params["api_name"], None)
    if api is None and params["state"] == "present":
        raise AwsError(f'stage "{params["name"]}": there is no REST API "{params["api_name"]}" in {aws.region()}.')
    return str(api["id"]) if api else UNKNOWN


def _stages(aws: Aws, api_id: Union[str, Ref]) -> List[Plain]:
    """All stages of the API; none where the API is not there (yet, or any more)."""
    if not is_known(api_id):
        return []
    answer = aws.find(_SERVICE, "GetStages", {"restApiId": api_id}, absent="NotFoundException")
    return list((answer or {}).get("item", []))


def read_releases(aws: Aws, api_id: str) -> None:
    """Read what `planned` asks of an API that exists, for `Aws.read_ahead`."""
    aws.read_ahead(partial(_stages, api_id=api_id), partial(_deployments, api_id=api_id))


def _content(aws: Aws, params: Params) -> str:
    """The digest of the draft's content: as rest_api told it, or from reading the draft."""
    return str(params["digest"]) if params.get("digest") else draft_digest(aws, params["api_id"])


def _deployments(aws: Aws, api_id: str) -> List[Plain]:
    """All deployments of the API, the newest first. An API without stages is not asked: it was never deployed."""
    found = read_list(aws, "GetDeployments", {"restApiId": api_id})
    return sorted(found, key=lambda deployment: deployment["createdDate"], reverse=True)


def _digest_of(deployment: Mapping[str, Any]) -> Optional[str]:
    """The digest in a deployment's description; None where the deployment was made by other means."""
    found = _DIGEST.search(deployment.get("description") or "")
    return found.group(0) if found else None


def _with_content(content: str, stage: Optional[Plain], deployments: List[Plain]) -> Optional[str]:
    """A deployment with this content: the one that the stage serves, else the newest; None if there is none.

    One that no stage serves is what a run left that was cut short between making and moving.
    """
    same = [item["id"] for item in deployments if _digest_of(item) == content]
    live = stage["deploymentId"] if stage else None
    return live if live in same else (same[0] if same else None)


def _elsewhere(params: Params, stages: List[Plain], deployments: List[Plain], content: str) -> List[str]:
    """The names of the other stages that serve other content than this, by a deployment of theirs or by a canary's."""
    same = {item["id"] for item in deployments if _digest_of(item) == content}
    return sorted(
        stage["stageName"]
        for stage in stages
        if stage["stageName"] != params["name"]
        and not {stage["deploymentId"], (stage.get("canarySettings") or {}).get("deploymentId")} - {None} <= same
    )


def _plan(aws: Aws, params: Params, have: Optional[Plain], target: Optional[str], content: str) -> List[Action]:
    """Make what is missing; then one call moves the stage, or makes it."""
    plan: List[Action] = [] if target else [_deploy(params, content)]
    deployment = target or Ref("deployment_id")
    if have is None:
        return plan + _make(params, deployment)
    want = {"/deploymentId": deployment, **declared_properties(params)}
    operations = patches(present_properties(have), want, drop_variables=params.get("variables") is not None)
    if operations:
        plan.append(_update(params, operations))
    return plan + api_gateway_tag_steps(params, have.get("tags") or {}, _arn(aws, params))


def _deploy(params: Params, content: str) -> Step:
    text = params.get("description") or f"Deployed to {params['name']}"
    arguments = {"restApiId": params["api_id"], "description": f"{text} ({content})"}
    return Step(_SERVICE, "CreateDeployment", arguments, gives={"deployment_id": "id"})


def _make(params: Params, deployment: Union[str, Ref]) -> List[Action]:
    """CreateStage carries variables and tags; what it cannot carry follows as one UpdateStage."""
    want = declared_properties(params)
    variables = {path.split("/", 2)[2]: want.pop(path) for path in list(want) if path.startswith("/variables/")}
    arguments: Plain = {
        "restApiId": params["api_id"],
        "stageName": params["name"],
        "deploymentId": deployment,
        "description": want.pop("/description", ""),
        "variables": variables,
        "tracingEnabled": want.pop("/tracingEnabled", "false") == "true",
        "tags": tags_after(params.get("tags"), {}, params["purge_tags"]),
    }
    made = Step(_SERVICE, "CreateStage", {name: value for name, value in arguments.items() if value})
    return [made, _update(params, patches({}, want, drop_variables=False))] if want else [made]


def _update(params: Params, operations: List[Plain]) -> Step:
    arguments = {"restApiId": params["api_id"], "stageName": params["name"], "patchOperations": operations}
    return Step(_SERVICE, "UpdateStage", arguments)


def _prune(
    params: Params, target: Optional[str], served: str, stages: List[Plain], deployments: List[Plain]
) -> List[Action]:
    """Delete our deployments beyond those to keep, but none that a stage or a canary points to.

    What the stage served until now is the first of those to keep, whatever its age: a roll back goes to it.
    """
    others = [stage for stage in stages if stage["stageName"] != params["name"]]
    used = {stage["deploymentId"] for stage in others}
    used |= {(stage.get("canarySettings") or {}).get("deploymentId") for stage in stages}
    earlier = [item["id"] for item in deployments if _digest_of(item) and item["id"] != target]
    earlier.sort(key=lambda deployment_id: deployment_id != served)
    surplus = [item for item in earlier[params["keep_deployments"] :] if item not in used]
    return [_delete_deployment(params["api_id"], deployment_id) for deployment_id in surplus]


def _delete_deployment(api_id: str, deployment_id: str) -> Step:
    arguments = {"restApiId": api_id, "deploymentId": deployment_id}
    return Step(_SERVICE, "DeleteDeployment", arguments, done_if=["NotFoundException"])


def _after(have: Optional[Plain], params: Params, deployment_id: str) -> Dict[str, str]:
    """The stage's properties once the plan is carried out."""
    declared = declared_properties(params)
    kept = present_properties(have)
    if params.get("variables") is not None:
        kept = {path: value for path, value in kept.items() if not path.startswith("/variables/")}
    return {**kept, "/deploymentId": deployment_id, **declared}


def _readable(properties: Mapping[str, str], tags: Mapping[str, str]) -> Plain:
    shown: Plain = {path[1:]: value for path, value in properties.items() if value}
    return {**shown, "tags": dict(tags)} if tags else shown


def _absent(params: Params, have: Optional[Plain], stages: List[Plain]) -> Planned:
    plan: List[Action] = []
    if have:
        arguments = {"restApiId": params["api_id"], "stageName": params["name"]}
        plan.append(Step(_SERVICE, "DeleteStage", arguments, done_if=["NotFoundException"]))
    remaining = sorted(stage["stageName"] for stage in stages if stage["stageName"] != params["name"])
    values = {"api_id": params["api_id"], "name": params["name"], "remaining_stages": remaining}
    diffs = [Diff(_readable(present_properties(have), {}), None, f"stage {params['name']}")] if have else []
    return Planned(plan, values, diffs)


def _values(aws: Aws, params: Params, deployment_id: Union[str, Ref], content: str, tags: Dict[str, str]) -> Plain:
    return {
        "api_id": params["api_id"],
        "name": params["name"],
        "deployment_id": deployment_id,
        "digest": content,
        "invoke_url": invoke_url(aws, params["api_id"], params["name"]),
        "arn": _arn(aws, params),
        "tags": tags,
    }


def _arn(aws: Aws, params: Params) -> Union[str, Ref]:
    text = f"arn:{aws.partition()}:apigateway:{aws.region()}::/restapis/{{}}/stages/{params['name']}"
    return put(text, params["api_id"])
