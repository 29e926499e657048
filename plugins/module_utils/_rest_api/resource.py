# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A REST API, converged from one OpenAPI document.

A new API is one ImportRestApi, a changed one one PutRestApi in the mode `overwrite`; neither is seen by callers until
a deployment. An import that fails leaves the draft as it was.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from typing import Dict, List, Mapping, Optional, Sequence, Union

from .._engine.client import Aws
from .._engine.errors import AwsError
from .._engine.ownership import mark, owner, without_mark
from .._engine.plan import Action, Given, Ref, Step, Wait, calls, put, resolved, wait_until_removed
from .._engine.pseudo_parameters import fill
from .._engine.resource import Diff, Params, Planned, takeover
from .._engine.tags import api_gateway_tag_steps, tags_after
from .document_shape import problems as document_problems
from .draft import (
    DRAFT_WAS_BEHIND,
    Draft,
    api_ids_by_age,
    find_api,
    named_apis,
    read_draft,
    with_everything,
    with_parts,
)
from .from_aws import gateway_responses, state_of_draft
from .from_openapi import (
    declared_sections,
    importable,
    integrations,
    parse_document,
    refuse_wrong_kinds,
    state_of_document,
)
from .members import set_default_credentials
from .settings import (
    POLICY,
    REQUIRED_MEMBERS,
    carry_settings,
    change_endpoint_type,
    endpoint_configuration,
    settings_restored,
    update_api,
    with_endpoint_configuration,
)
from .state import ApiState, Plain, aligned, diffs, digest
from .swagger import openapi_of_swagger

_SERVICE = "apigateway"
_GATEWAY_RESPONSES = "x-amazon-apigateway-gateway-responses"


def planned(aws: Aws, params: Params) -> Planned:
    """What brings a REST API to its declared state, or takes it away."""
    if params["state"] == "present":
        refuse_wrong_kinds("rest_api: `definition`", document_problems(_document(params)), params["fail_on_warnings"])
    api = find_api(aws, params.get("name"), params.get("api_id"))
    if params["state"] == "absent":
        return _absent(params, api)
    wanted = planned_from(aws, params, api)
    if api is None or is_ours(api) or not calls(wanted.plan):
        return wanted
    return adopted(aws, params, api, wanted, wanted.diffs)


def is_ours(api: Plain) -> bool:
    """Whether this collection created or adopted an API, of which `find_api` gave this.

    `service_proxy` spends no call on a tag: the version that it imports tells.
    """
    return bool(owner(api.get("tags") or {}) or _OUR_VERSION.fullmatch(api.get("version") or ""))


def adopted(aws: Aws, params: Params, api: Plain, wanted: Planned, diffs: Sequence[Diff]) -> Planned:
    """Return the plan with the mark of an adopted API. `diffs` are what the run changes on it, a stage included."""
    tags = mark(params.get("name") or api["name"], adopted=True)
    step = Step(_SERVICE, "TagResource", {"resourceArn": _arn(aws, api["id"]), "tags": tags})
    foreign = takeover(f'REST API "{api["name"]}" ({api["id"]})', diffs)
    return replace(wanted, plan=[*wanted.plan, step], takeovers=[foreign])


def planned_from(aws: Aws, params: Params, api: Optional[Plain]) -> Planned:
    """What brings an API, of which `find_api` gave this, to its declared state.

    With `version_tells_content` among the parameters an import carries the beginning of the content's digest in the
    place of the document's version, so that one GetRestApi tells whose import the draft is. It is no part of the
    declared state then: it is neither compared nor shown, and a digest does not know it. The import gives the version
    that AWS answered by the name `DRAFT_VERSION`.
    """
    want = _declared(aws, params, (api or {}).get("id", ""))
    _refuse_private_without_policy(params, want, api or {})
    return _create(aws, params, want) if api is None else _change(aws, params, api, want)


DRAFT_VERSION = "draft_version"

_VERSION_LENGTH = 16
"""Hexadecimal digits: 64 bits tell apart whatever is imported into one API, and can be read in the console."""

_OUR_VERSION = re.compile(rf"[0-9a-f]{{{_VERSION_LENGTH}}}")


@dataclass(frozen=True)
class _Want:
    """The declared API: the document as its readers have it, as it is imported, and the state that this gives."""

    document: Plain
    body: Plain
    state: ApiState
    digest: str


def _declared(aws: Aws, params: Params, api_id: str) -> _Want:
    """What the module's options declare, for this target."""
    document = _of_target(aws, params, _document(params))
    body = with_endpoint_configuration(importable(document), endpoint_configuration(document))
    state = state_of_document(body, api_id)
    _refuse_without_backend(state)
    if not params.get("version_tells_content"):
        return _Want(document, body, state, digest(state))
    state = replace(state, settings={name: value for name, value in state.settings.items() if name != "version"})
    content = digest(state)
    version = content.partition(":")[2][:_VERSION_LENGTH]
    return _Want(document, {**body, "info": {**body["info"], "version": version}}, state, content)


def _document(params: Params) -> Plain:
    """Return the OpenAPI 3 document. Raises `AwsError` for what is none, nor Swagger 2.0, and for wrong kinds in it."""
    try:
        document = parse_document(params["definition"])
    except ValueError as error:
        raise AwsError(f"rest_api: `definition` is not a JSON document: {error}") from error
    is_swagger = str(document.get("swagger", "")).startswith("2.")
    if not is_swagger and not str(document.get("openapi", "")).startswith("3."):
        raise AwsError(
            "rest_api: `definition` is neither an OpenAPI 3 nor a Swagger 2.0 document: write `openapi: 3.0.1`, or "
            "`swagger: '2.0'`, as its version says."
        )
    if is_swagger:
        refuse_wrong_kinds("rest_api: `definition`", document_problems(document), with_warnings=False)
        return openapi_of_swagger(document)
    return document


def _of_target(aws: Aws, params: Params, document: Plain) -> Plain:
    """The document with what only the target knows, and with the name and the role of the module's options."""
    document = fill(document, aws)
    if params.get("name"):
        document["info"] = {**(document.get("info") or {}), "title": params["name"]}
    for integration in integrations(document):
        set_default_credentials(integration, params.get("execution_role"))
    return document


def _refuse_without_backend(state: ApiState) -> None:
    """Raise `AwsError` for routes that API Gateway would import with nothing behind them, and not deploy then."""
    bare = [name for name, route in state.routes.items() if not (route.get("integration") or {}).get("type")]
    if bare:
        raise AwsError(
            "rest_api: these operations have no `x-amazon-apigateway-integration` with a `type`, so API Gateway could "
            f"not deploy them: {', '.join(bare)}."
        )


def _refuse_private_without_policy(params: Params, want: _Want, api: Plain) -> None:
    """Raise `AwsError` for a private API that nobody may call.

    CreateDeployment refuses it: "Private REST API doesn't have a resource policy attached to it" (Terraform AWS
    provider issue 14290, serverless-application-model issue 925).
    """
    present = (api.get("endpointConfiguration") or {}).get("types", [""])[0]
    if (params.get("endpoint_type") or present) == "PRIVATE" and not (want.document.get(POLICY) or api.get("policy")):
        raise AwsError(
            f'REST API "{want.state.settings.get("name")}": endpoint_type is PRIVATE and there is no resource policy, '
            "so AWS would not deploy the API. Declare who may call it: `resource_policy` "
            "(`service_proxy_resource_policy` of the role), or `x-amazon-apigateway-policy` in a `definition`."
        )


def _create(aws: Aws, params: Params, want: _Want) -> Planned:
    endpoint_type = params.get("endpoint_type") or "REGIONAL"
    arguments: Plain = {
        "body": json.dumps(want.body),
        "failOnWarnings": params["fail_on_warnings"],
        "parameters": {"endpointConfigurationTypes": endpoint_type, **_import_parameters(want.body)},
    }
    gives = {"api_id": "id", **_version_of_draft(params)}
    mend = settings_restored({}, want.document)
    plan: List[Action] = [Step(_SERVICE, "ImportRestApi", arguments, gives=gives, mend=mend, explain=_explain_warnings)]
    tags = {key: str(value) for key, value in (params.get("tags") or {}).items()}
    api_id = Ref("api_id")
    marked = {} if params.get("version_tells_content") else mark(want.state.settings.get("name") or "")
    if tags or marked:
        arguments = {"resourceArn": _arn(aws, api_id), "tags": {**tags, **marked}}
        plan.append(Step(_SERVICE, "TagResource", arguments))
    nothing = ApiState(settings={}, routes={})
    changes = [*diffs(nothing, want.state), Diff({}, tags, "tags of the REST API")]
    return Planned(plan, _values(aws, api_id, endpoint_type, tags, want), changes)


def _change(aws: Aws, params: Params, api: Plain, want: _Want) -> Planned:
    declared = declared_sections(want.document)
    draft = read_draft(aws, api, declared)
    have = aligned(state_of_draft(draft, list(want.state.models)), want.state)
    changes = diffs(have, want.state)
    plan: List[Action] = []
    if changes:
        _refuse_old_botocore(aws, api["name"])
        if not (params.get("version_tells_content") and is_ours(api)):
            draft = with_everything(aws, draft)
        elif not declared["gateway_responses"]:
            draft = with_parts(aws, draft, ["gateway_responses"])
        plan.append(_put(params, draft, want))
        changes += _gone_with_the_import(draft, want)
    present_type = (api.get("endpointConfiguration") or {}).get("types", ["EDGE"])[0]
    endpoint_type = params.get("endpoint_type") or present_type
    if endpoint_type != present_type:
        plan.append(update_api(api["id"], change_endpoint_type(api, endpoint_type)))
        changes.append(Diff(present_type, endpoint_type, "endpoint type of the REST API"))
    tags_before = without_mark(api.get("tags") or {})
    plan += api_gateway_tag_steps(params, tags_before, _arn(aws, api["id"]))
    tags = tags_after(params.get("tags"), tags_before, params["purge_tags"])
    changes.append(Diff(tags_before, tags, "tags of the REST API"))
    return Planned(plan, _values(aws, api["id"], endpoint_type, tags, want), changes)


_NAMED_BY_IMPORT = re.compile(r"MODEL[0-9a-z]+")
"""Names of models that an import gives to schemas without a name; the next import makes them anew."""


def _gone_with_the_import(draft: Draft, want: _Want) -> List[Diff]:
    """Return what the document does not declare, so that no route uses it, and an overwrite removes.

    Of an API that `service_proxy` created, only those kinds were read of which the document declares any: each of the
    others is a further call in every change.
    """
    models = [model["name"] for model in draft.models if not _NAMED_BY_IMPORT.fullmatch(model["name"])]
    have = state_of_draft(draft, models)
    documentation = {_place(part): part.get("properties") for part in draft.documentation_parts}
    return [
        Diff(value or " ", None, f"{part} {name}")
        for part, there, declared in (
            ("model", have.models, want.state.models),
            ("authorizer", have.authorizers, want.state.authorizers),
            ("request validator", have.request_validators, want.state.request_validators),
            ("documentation part", documentation, {}),
        )
        for name, value in sorted(there.items())
        if name not in declared
    ]


def _place(documentation_part: Plain) -> str:
    """Return what a documentation part is about, such as `METHOD GET /orders`."""
    location = documentation_part["location"]
    return " ".join(
        str(location[name]) for name in ("type", "method", "path", "statusCode", "name") if name in location
    )


def _put(params: Params, draft: Draft, want: _Want) -> Step:
    arguments = {
        "restApiId": draft.api["id"],
        "mode": "overwrite",
        "failOnWarnings": params["fail_on_warnings"],
        "parameters": _import_parameters(want.body),
        "body": json.dumps(carried(want.body, draft)),
    }
    mend = settings_restored(draft.api, want.document)
    gives = _version_of_draft(params)
    return Step(_SERVICE, "PutRestApi", arguments, gives=gives, mend=mend, explain=_explain_warnings)


def _import_parameters(body: Plain) -> Dict[str, str]:
    """Return the parameters that both imports share.

    Without `ignore` API Gateway makes a documentation part of each description in the document, and refuses an import
    that would have more than 2,000 (quota of an API; aws-sdk-js issue 1253). 30 tables with 210 routes would have some.
    A document with documentation parts written out is meant to have them.
    """
    documented = {} if body.get("x-amazon-apigateway-documentation") else {"ignore": "documentation"}
    return {"basepath": "ignore", **documented}


_WARNINGS = "Warnings found during import"
"""How API Gateway begins the text of an import that `failOnWarnings` undid (recorded)."""


def _explain_warnings(error: AwsError) -> Optional[str]:
    """Return the error message for an import that was undone because of warnings; None for any other failure."""
    if _WARNINGS not in error.message:
        return None
    return (
        f"{error.message}\nThe import was undone, and nothing was deployed. If the warnings are harmless, set "
        "fail_on_warnings to false (service_proxy_fail_on_warnings of the role) and run again."
    )


def _version_of_draft(params: Params) -> Dict[str, str]:
    """What an import gives. Recorded answers to an import that names a version have the member, in both its calls."""
    return {DRAFT_VERSION: "version"} if params.get("version_tells_content") else {}


def carried(document: Plain, draft: Draft) -> Plain:
    """Return the document with the API's own settings and gateway responses wherever it declares none.

    An overwrite resets each of them that the body lacks. What is not declared is not managed, so it is sent back as it
    is.
    """
    result = carry_settings(document, draft.api)
    responses = gateway_responses(draft)
    if responses and not document.get(_GATEWAY_RESPONSES):
        result[_GATEWAY_RESPONSES] = responses
    return result


def _refuse_old_botocore(aws: Aws, name: str) -> None:
    """Raise `AwsError` where botocore drops settings from GetRestApi's response: an overwrite would lose them."""
    known = aws.client(_SERVICE).meta.service_model.shape_for("RestApi").members
    lacking = [member for member in REQUIRED_MEMBERS if member not in known]
    if lacking:
        raise AwsError(
            f'REST API "{name}": the installed botocore does not know {" and ".join(lacking)}, which an import would '
            "reset unseen. Install botocore 1.41.0 or newer on the host that runs the module; nothing was changed."
        )


def another_import(aws: Aws, given: Given, api_id: Union[str, Ref], version: str) -> Sequence[str]:
    """Return a line where another run has imported something else into the draft: where its version is another one.

    The version to find is the one that the plan's import was answered with, or `version`, the one that was read, where
    the plan imports nothing. So an AWS that kept the old version in an import would have a race missed, and no run
    stopped for nothing.
    """
    found = wait_until_draft_is_seen(aws, given, api_id, version)
    if found == given.get(DRAFT_VERSION, version):
        return []
    return [_NOT_SEEN if _is_behind(given, found, version) else _ANOTHER_DRAFT]


def wait_until_draft_is_seen(aws: Aws, given: Given, api_id: Union[str, Ref], version: str) -> Optional[str]:
    """Return the draft's version, once it is no longer the `version` from before this run's import; None for no API.

    Reads can be behind writes: LocalStack's tests that run on AWS wait 10 seconds between UpdateRestApi and
    CreateDeployment, and Terraform's AWS provider reads until two reads are equal (issue 41375). Waits for at most
    `_LOOKS` reads, and gives `DRAFT_WAS_BEHIND` where it waited.
    """
    key = {"restApiId": resolved(api_id, given)}
    for look in range(_LOOKS):
        if look:
            given[DRAFT_WAS_BEHIND] = True
            _report_wait(aws, look)
            aws.pause(_LOOK_EVERY)
        draft = aws.find(_SERVICE, "GetRestApi", key, absent="NotFoundException")
        found = None if draft is None else str(draft.get("version", ""))
        if not _is_behind(given, found, version):
            break
    return found


def _is_behind(given: Given, found: Optional[str], before: str) -> bool:
    """Return whether a read of the draft's version returned what was there before this run's import."""
    return DRAFT_VERSION in given and found in (None, before) and found != given[DRAFT_VERSION]


def _report_wait(aws: Aws, look: int) -> None:
    if look == 1:
        seconds = (_LOOKS - 1) * _LOOK_EVERY
        aws.report(f"AWS does not show the imported REST API yet. Waiting for at most {seconds:.0f} s.")


def another_first(aws: Aws, given: Given, name: str) -> Sequence[str]:
    """Return a line where another run has created an API of the same name, or has imported into the one of this plan.

    Of two runs that create the API at once, at most one goes on. Whoever sees an API beside its own that is older ends.
    The older one waits until the other API is deleted, and ends if it stays: its run may have looked before this one
    had created its API, and have gone on. One GetRestApis has all names and versions.
    """
    mine = given["api_id"]
    for look in range(_LOOKS):
        if look:
            aws.pause(_LOOK_EVERY)
        found = {api["id"]: api for api in named_apis(aws, name)}
        if mine not in found:
            read = aws.find(_SERVICE, "GetRestApi", {"restApiId": mine}, absent="NotFoundException")
            if read is None:  # reads are behind; another run's API would not be seen either
                _report_wait(aws, look + 1)
                continue
            found[mine] = read
        if len(found) == 1:
            same = found[mine].get("version", "") == given.get(DRAFT_VERSION)
            return [] if same else [_ANOTHER_DRAFT]
        if api_ids_by_age(list(found.values()))[0] != mine:
            break
    return _others(found, mine) or ([] if mine in found else [_NOT_SEEN])


_LOOKS = 10
_LOOK_EVERY = 2.0
"""How often, and how many seconds apart, AWS is read until it shows what this run, or another one, has done."""

_ANOTHER_DRAFT = "the draft is another run's by now"
_NOT_SEEN = f"AWS does not show this run's import after {(_LOOKS - 1) * _LOOK_EVERY:.0f} seconds"


def duplicates(aws: Aws, given: Given, name: str) -> Sequence[str]:
    """Return a line where another API of the same name exists beside the one that the plan has created, if it has."""
    if "api_id" not in given:
        return []
    return _others({api["id"]: api for api in named_apis(aws, name)}, given["api_id"])


def _others(found: Mapping[str, Plain], mine: str) -> Sequence[str]:
    others = sorted(api_id for api_id in found if api_id != mine)
    return [f"it has created a REST API of the same name: {', '.join(others)}"] if others else []


def withdrawal() -> Step:
    """Return the step that deletes the API which the plan has created."""
    return Step(_SERVICE, "DeleteRestApi", {"restApiId": Ref("api_id")}, done_if=["NotFoundException"])


def _absent(params: Params, api: Optional[Plain]) -> Planned:
    if api is None:
        return Planned([], {"name": params.get("name"), "api_id": params.get("api_id")})
    step = Step(_SERVICE, "DeleteRestApi", {"restApiId": api["id"]}, done_if=["NotFoundException"])
    plan: List[Action] = [step, wait_until_api_is_removed(api)]
    gone = Diff({"name": api["name"], "id": api["id"]}, None, "REST API")
    return Planned(plan, {"name": api["name"], "api_id": api["id"]}, [gone])


def wait_until_api_is_removed(api: Plain) -> Wait:
    """Return the wait until reads no longer show an API that was deleted; a run would try to change it."""
    key = {"restApiId": api["id"]}
    return wait_until_removed(_SERVICE, "GetRestApi", key, f'the REST API "{api["name"]}"', absent="NotFoundException")


def _values(aws: Aws, api_id: Union[str, Ref], endpoint_type: str, tags: Dict[str, str], want: _Want) -> Plain:
    return {
        "api_id": api_id,
        "name": want.state.settings.get("name"),
        "arn": _arn(aws, api_id),
        "endpoint_type": endpoint_type,
        "tags": tags,
        "digest": want.digest,
        "version": (want.body.get("info") or {}).get("version"),
        "definition": want.document,
    }


def _arn(aws: Aws, api_id: Union[str, Ref]) -> Union[str, Ref]:
    return put(f"arn:{aws.partition()}:apigateway:{aws.region()}::/restapis/{{}}", api_id)
