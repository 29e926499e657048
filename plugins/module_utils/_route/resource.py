# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""One route on a REST API that others manage: added, changed or removed in the draft, which else stays unchanged.

One PutRestApi in the mode `merge` writes a route. Calls for its parts (CreateResource, PutMethod, PutIntegration, …)
would be a dozen for one route, and an interrupted run would leave half a route.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any, List, Mapping, Optional, Sequence, Set

from .._engine.client import Aws
from .._engine.errors import AwsError, raise_errors
from .._engine.plan import Step
from .._engine.pseudo_parameters import fill
from .._engine.resource import Params, Planned
from .._rest_api.document_shape import operation_problems
from .._rest_api.draft import Draft, find_api, read_whole_draft
from .._rest_api.from_aws import state_of_draft
from .._rest_api.from_openapi import importable, reject_wrong_types, state_of_document
from .._rest_api.imports import with_wait_for_draft
from .._rest_api.settings import settings_restored
from .._rest_api.state import ApiState, Plain, diffs, digest
from .document import find_errors, parse_route, referred_schemas, route_document

_SERVICE = "apigateway"


def planned(aws: Aws, params: Params) -> Planned:
    """Return what brings the route to its desired state, or removes it."""
    if params["state"] == "present" and params.get("operation") is not None:
        reject_wrong_types(f"{_title(params)}: `operation`", operation_problems(params["operation"]), True)
    params = declared(aws, params)
    draft = read(aws, params)
    found = plan(params, draft)
    if draft is None:
        return found
    return with_wait_for_draft(found, draft.api["name"], lambda api: plan(params, read_whole_draft(aws, api)))


def declared(aws: Aws, params: Params) -> Plain:
    """Return the module's options for this target, with the route in the form `GET /orders/{id}`.

    Raise `AwsError` for an invalid route.
    """
    try:
        route = " ".join(parse_route(params["route"]))
    except ValueError as error:
        raise AwsError(str(error)) from error
    return {**params, "route": route, "operation": fill(params.get("operation"), aws)}


def read(aws: Aws, params: Params) -> Optional[Draft]:
    """Return the draft of the API; None if the API does not exist and the route is to be absent.

    Raise `AwsError` if there is no API to add the route to.
    """
    api = find_api(aws, params.get("api_name"), params.get("api_id"))
    if api:
        return read_whole_draft(aws, api)
    if params["state"] == "absent":
        return None
    name = params.get("api_name") or params.get("api_id")
    raise AwsError(
        f'{_title(params)}: there is no REST API "{name}" in {aws.region()}. Correct `api_name` or `api_id`.'
    )


def plan(params: Params, draft: Optional[Draft]) -> Planned:
    """Return what brings the route to its desired state in the draft that `read` returned, or removes it."""
    if draft is None:
        return Planned([], {"route": params["route"]})
    have = state_of_draft(draft, [model["name"] for model in draft.models])
    if params["state"] == "absent":
        return _absent(params, draft, have)
    raise_errors(_title(params), find_errors(params, draft))
    document = route_document(params, draft)
    after = _merged(have, state_of_document(document))
    raise_errors(_title(params), _shared_models(have, after, params["route"]))
    changes = diffs(have, after)
    return Planned([_merge(draft, document)] if changes else [], _values(params, draft, after), changes)


def _merged(have: ApiState, document: ApiState) -> ApiState:
    return replace(
        have,
        routes={**have.routes, **document.routes},
        models={**have.models, **document.models},
        request_validators={**have.request_validators, **document.request_validators},
    )


def _merge(draft: Draft, document: Plain) -> Step:
    arguments = {
        "restApiId": draft.api["id"],
        "mode": "merge",
        "failOnWarnings": True,
        "parameters": {"basepath": "ignore", "ignore": "documentation"},
        "body": json.dumps(importable(document)),
    }
    # AWS does not document whether a merge keeps the settings that its body lacks, so what it resets is restored.
    return Step(_SERVICE, "PutRestApi", arguments, mend=settings_restored(draft.api, {}))


def _shared_models(have: ApiState, after: ApiState, route: str) -> List[str]:
    """Return the errors of models that would change although other routes use them."""
    changed = {name for name, schema in have.models.items() if after.models[name] != schema}
    return [
        f'the API has another model "{name}", which {other} uses; give the schema of this route another name'
        for other in sorted(set(have.routes) - {route})
        for name in sorted(changed & _models_of(have.routes[other], have))
    ]


def _models_of(route: Mapping[str, Any], have: ApiState) -> Set[str]:
    """Return the names of the models that a route uses, directly or through other models."""
    holders = [route.get("requestModels"), *(one.get("models") for one in route.get("responses", {}).values())]
    names = {name for holder in holders for name in (holder or {}).values()}
    return set(referred_schemas([{"$ref": name} for name in names], have.models))


def _title(params: Params) -> str:
    return f"route {params['route']}"


def _values(params: Params, draft: Draft, after: ApiState) -> Plain:
    return {
        "api_id": draft.api["id"],
        "api_name": draft.api["name"],
        "route": params["route"],
        "digest": digest(after),
    }


def _absent(params: Params, draft: Draft, have: ApiState) -> Planned:
    after = replace(have, routes={name: value for name, value in have.routes.items() if name != params["route"]})
    steps = [_removal(draft, *parse_route(params["route"]))] if params["route"] in have.routes else []
    return Planned(steps, _values(params, draft, after), diffs(have, after))


def _removal(draft: Draft, method: str, path: str) -> Step:
    """Return the call that deletes the method, or the highest resource that would be left without any method.

    A resource without methods and without child resources serves no request.
    """
    by_path = {resource["path"]: resource for resource in draft.resources}
    empty = _highest_left_empty(draft.resources, path, method)
    if empty:
        key = {"restApiId": draft.api["id"], "resourceId": by_path[empty]["id"]}
        return Step(_SERVICE, "DeleteResource", key, done_if=["NotFoundException"])
    key = {"restApiId": draft.api["id"], "resourceId": by_path[path]["id"], "httpMethod": method}
    return Step(_SERVICE, "DeleteMethod", key, done_if=["NotFoundException"])


def _highest_left_empty(resources: Sequence[Plain], path: str, method: str) -> str:
    """Return the path of the resource to delete with the method, never the root; empty if there is none."""
    methods = {resource["path"]: set(resource.get("resourceMethods") or {}) for resource in resources}
    methods[path] = methods[path] - {method}
    gone: List[str] = []
    while path not in ("", "/") and not methods[path]:
        if any(other.startswith(f"{path}/") for other in set(methods) - set(gone)):
            break
        gone.append(path)
        path = path.rpartition("/")[0]
    return gone[-1] if gone else ""
