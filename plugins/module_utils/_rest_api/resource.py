# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A REST API, converged from one OpenAPI document.

ImportRestApi creates an API, and one PutRestApi in the mode `overwrite` changes it; callers see neither before a
deployment. An import that fails leaves the draft unchanged.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial
from typing import Dict, List, Optional, Sequence, Union

from .._engine.client import Aws
from .._engine.ownership import mark, owner, without_mark
from .._engine.plan import Action, Ref, Step, Wait, calls, put, wait_until_removed
from .._engine.resource import Diff, Params, Planned, build_adoption
from .._engine.tags import api_gateway_tag_steps, tags_after
from .desired import DesiredApi, read_desired, validate_definition
from .draft import Draft, find_api, read_draft, with_everything, with_parts
from .draft_version import is_draft_version
from .from_aws import state_of_draft
from .from_openapi import declared_sections
from .imports import create_by_import, overwrite_by_import, with_wait_for_draft
from .settings import change_endpoint_type, update_api
from .state import ApiState, Plain, aligned, diffs

_SERVICE = "apigateway"


def planned(aws: Aws, params: Params) -> Planned:
    """Return what brings a REST API to its desired state, or deletes it."""
    if params["state"] == "present":
        validate_definition(params)
    api = find_api(aws, params.get("name"), params.get("api_id"))
    if params["state"] == "absent":
        return _removal(params, api)
    found = plan_api(aws, params, api)
    if api and not is_ours(api) and calls(found.plan):
        found = adopted(aws, params, api, found, found.diffs)
    return with_wait_for_draft(found, str(found.values["name"]), partial(plan_api, aws, params))


def is_ours(api: Plain) -> bool:
    """Return whether this collection created or adopted an API that `find_api` returned.

    An API of `service_proxy` needs no tag, which would cost a call: its version shows who imported it.
    """
    return bool(owner(api.get("tags") or {})) or is_draft_version(api.get("version") or "")


def adopted(aws: Aws, params: Params, api: Plain, plan: Planned, diffs: Sequence[Diff]) -> Planned:
    """Return the plan of an adopted API with its mark. `diffs` are the run's changes, those of a stage included."""
    tags = mark(params.get("name") or api["name"], adopted=True)
    step = Step(_SERVICE, "TagResource", {"resourceArn": _arn(aws, api["id"]), "tags": tags})
    foreign = build_adoption(f'REST API "{api["name"]}" ({api["id"]})', diffs)
    return replace(plan, plan=[*plan.plan, step], adoptions=[foreign])


def plan_api(aws: Aws, params: Params, api: Optional[Plain]) -> Planned:
    """Return what brings an API that `find_api` returned to its desired state, or creates it.

    With `version_tells_content` among the options, an import gives `DRAFT_VERSION` (see `read_desired`).
    """
    desired = read_desired(aws, params, api or {})
    return _creation(aws, params, desired) if api is None else _change(aws, params, api, desired)


def _creation(aws: Aws, params: Params, desired: DesiredApi) -> Planned:
    endpoint_type = params.get("endpoint_type") or "REGIONAL"
    plan: List[Action] = [create_by_import(params, desired, endpoint_type)]
    api_id = Ref("api_id")
    tags = {key: str(value) for key, value in (params.get("tags") or {}).items()}
    own_mark = {} if params.get("version_tells_content") else mark(desired.state.settings.get("name") or "")
    if tags or own_mark:
        arguments = {"resourceArn": _arn(aws, api_id), "tags": {**tags, **own_mark}}
        plan.append(Step(_SERVICE, "TagResource", arguments))
    nothing = ApiState(settings={}, routes={})
    changes = [*diffs(nothing, desired.state), Diff({}, tags, "tags of the REST API")]
    return Planned(plan, _values(aws, api_id, endpoint_type, tags, desired), changes)


def _change(aws: Aws, params: Params, api: Plain, desired: DesiredApi) -> Planned:
    draft = read_draft(aws, api, declared_sections(desired.document))
    current = aligned(state_of_draft(draft, list(desired.state.models)), desired.state)
    changes = diffs(current, desired.state)
    plan: List[Action] = []
    if changes:
        draft = _read_what_an_overwrite_replaces(aws, params, draft, desired)
        plan.append(overwrite_by_import(aws, params, desired, draft))
        changes += _removed_by_overwrite(draft, desired)
    current_type = (api.get("endpointConfiguration") or {}).get("types", ["EDGE"])[0]
    endpoint_type = params.get("endpoint_type") or current_type
    if endpoint_type != current_type:
        plan.append(update_api(api["id"], change_endpoint_type(api, endpoint_type)))
        changes.append(Diff(current_type, endpoint_type, "endpoint type of the REST API"))
    current_tags = without_mark(api.get("tags") or {})
    plan += api_gateway_tag_steps(params, current_tags, _arn(aws, api["id"]))
    tags = tags_after(params.get("tags"), current_tags, params["purge_tags"])
    changes.append(Diff(current_tags, tags, "tags of the REST API"))
    return Planned(plan, _values(aws, api["id"], endpoint_type, tags, desired), changes)


def _read_what_an_overwrite_replaces(aws: Aws, params: Params, draft: Draft, desired: DesiredApi) -> Draft:
    """Return the draft with the parts that an overwrite removes.

    Of an API that `service_proxy` created, only the kinds that the document declares were read, and gateway responses
    are added: each other kind would be a further call in every change.
    """
    if not (params.get("version_tells_content") and is_ours(draft.api)):
        return with_everything(aws, draft)
    if declared_sections(desired.document)["gateway_responses"]:
        return draft
    return with_parts(aws, draft, ["gateway_responses"])


_NAMED_BY_IMPORT = re.compile(r"MODEL[0-9a-z]+")
"""Names that an import gives to the models of schemas without a name; the next import creates them again."""


def _removed_by_overwrite(draft: Draft, desired: DesiredApi) -> List[Diff]:
    """Return the models, authorizers, validators and documentation parts that the document does not declare."""
    models = [model["name"] for model in draft.models if not _NAMED_BY_IMPORT.fullmatch(model["name"])]
    have = state_of_draft(draft, models)
    documentation = {_place(part): part.get("properties") for part in draft.documentation_parts}
    return [
        Diff(value or " ", None, f"{part} {name}")
        for part, current, declared in (
            ("model", have.models, desired.state.models),
            ("authorizer", have.authorizers, desired.state.authorizers),
            ("request validator", have.request_validators, desired.state.request_validators),
            ("documentation part", documentation, {}),
        )
        for name, value in sorted(current.items())
        if name not in declared
    ]


def _place(documentation_part: Plain) -> str:
    """Return the location of a documentation part, such as `METHOD GET /orders`."""
    location = documentation_part["location"]
    return " ".join(
        str(location[name]) for name in ("type", "method", "path", "statusCode", "name") if name in location
    )


def _removal(params: Params, api: Optional[Plain]) -> Planned:
    if api is None:
        return Planned([], {"name": params.get("name"), "api_id": params.get("api_id")})
    step = Step(_SERVICE, "DeleteRestApi", {"restApiId": api["id"]}, done_if=["NotFoundException"])
    plan: List[Action] = [step, wait_until_api_is_removed(api)]
    gone = Diff({"name": api["name"], "id": api["id"]}, None, "REST API")
    return Planned(plan, {"name": api["name"], "api_id": api["id"]}, [gone])


def wait_until_api_is_removed(api: Plain) -> Wait:
    """Return the wait until reads no longer show a deleted API, which the next run would try to change."""
    key = {"restApiId": api["id"]}
    return wait_until_removed(_SERVICE, "GetRestApi", key, f'the REST API "{api["name"]}"', absent="NotFoundException")


def _values(aws: Aws, api_id: Union[str, Ref], endpoint_type: str, tags: Dict[str, str], desired: DesiredApi) -> Plain:
    return {
        "api_id": api_id,
        "name": desired.state.settings.get("name"),
        "arn": _arn(aws, api_id),
        "endpoint_type": endpoint_type,
        "tags": tags,
        "digest": desired.digest,
        "version": (desired.body.get("info") or {}).get("version"),
        "definition": desired.document,
    }


def _arn(aws: Aws, api_id: Union[str, Ref]) -> Union[str, Ref]:
    return put(f"arn:{aws.partition()}:apigateway:{aws.region()}::/restapis/{{}}", api_id)
