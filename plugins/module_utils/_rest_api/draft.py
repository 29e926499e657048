# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Reading an API from AWS, and bringing what was read to an `ApiState`.

`GetResources` with `embed=methods` returns methods, integrations and templates of up to 500 resources in one call, so
an API of any size that API Gateway allows (300 resources) is one read. Further parts are read where they are declared.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Callable, Dict, List, Mapping, Optional, Sequence

from .._engine.client import Aws, AwsError
from .settings import api_settings
from .state import (
    NO_TLS_CONFIG,
    VALIDATOR,
    ApiState,
    Plain,
    digest,
    plain_parameters,
    plain_schema,
    plain_templates,
    trimmed,
)

PAGE = 500
"""Entries of one page of a list call, the most that API Gateway gives."""


DRAFT_WAS_BEHIND = "draft_was_behind"
"""Given by a plan where reads did not show its import at once: a deployment may be of the draft before the import."""


@dataclass(frozen=True)
class Draft:
    """What AWS answered: lists of wire shapes. A part that was not asked for is empty."""

    api: Plain
    resources: List[Plain]
    models: List[Plain] = field(default_factory=list)
    request_validators: List[Plain] = field(default_factory=list)
    gateway_responses: List[Plain] = field(default_factory=list)
    authorizers: List[Plain] = field(default_factory=list)
    documentation_parts: List[Plain] = field(default_factory=list)


_PARTS = {
    "models": "GetModels",
    "request_validators": "GetRequestValidators",
    "gateway_responses": "GetGatewayResponses",
    "authorizers": "GetAuthorizers",
}


def read_list(aws: Aws, operation: str, params: Mapping[str, Any]) -> List[Plain]:
    """All entries of a list call of API Gateway, in pages of 500."""
    found: List[Plain] = []
    position: Optional[str] = None
    while True:
        page = {"limit": PAGE, **params, **({"position": position} if position else {})}
        answer = aws.call("apigateway", operation, page)
        found += answer.get("items", [])
        position = answer.get("position")
        if not position:
            return found


def find_api(aws: Aws, name: Optional[str], api_id: Optional[str]) -> Optional[Plain]:
    """What GetRestApis says of the API with this id, or else of the only one with this name; None if there is none.

    Raises `AwsError` where several APIs have the name: which of them is meant must be said by id.
    """
    if api_id:
        return aws.find("apigateway", "GetRestApi", {"restApiId": api_id}, absent="NotFoundException")
    found = named_apis(aws, name)
    if len(found) > 1:
        ids = ", ".join(sorted(api["id"] for api in found))
        raise AwsError(
            f'REST API "{name}": {len(found)} APIs in {aws.region()} have this name ({ids}). '
            "Say which one is meant with the option `api_id` (in the role service_proxy: `service_proxy_api_id`), or "
            "delete the others."
        )
    return found[0] if found else None


def named_apis(aws: Aws, name: Optional[str]) -> List[Plain]:
    """All APIs of a name, as GetRestApis has them."""
    return [api for api in read_list(aws, "GetRestApis", {}) if api["name"] == name]


def api_ids_by_age(apis: Sequence[Plain]) -> List[str]:
    """Return the ids of APIs, the oldest first. Times of creation are seconds, so the id decides between equal ones."""
    return [api["id"] for api in sorted(apis, key=lambda api: (api["createdDate"], api["id"]))]


def read_draft(aws: Aws, api: Plain, parts: Mapping[str, bool]) -> Draft:
    """The draft of an API. `api` is what GetRestApis said of it; `parts` names what else is to be read."""
    calls: Dict[str, Mapping[str, Any]] = {"GetResources": {"embed": ["methods"]}}
    calls.update({_PARTS[name]: {} for name in _PARTS if parts.get(name)})
    read = _read_side_by_side(aws, api["id"], calls)
    return Draft(api, read["GetResources"], **{name: read[_PARTS[name]] for name in _PARTS if parts.get(name)})


def with_parts(aws: Aws, draft: Draft, parts: Sequence[str]) -> Draft:
    """A draft of which these parts are read as well."""
    read = _read_side_by_side(aws, draft.api["id"], {_PARTS[name]: {} for name in parts})
    members: Dict[str, Any] = {name: read[_PARTS[name]] for name in parts}
    return replace(draft, **members)


def with_everything(aws: Aws, draft: Draft) -> Draft:
    """Return a draft of which all is read that an import in the mode `overwrite` replaces."""
    operations = {**_PARTS, "documentation_parts": "GetDocumentationParts"}
    read = _read_side_by_side(aws, draft.api["id"], {operation: {} for operation in operations.values()})
    members: Dict[str, Any] = {name: read[operation] for name, operation in operations.items()}
    return replace(draft, **members)


def _read_side_by_side(aws: Aws, api_id: str, calls: Mapping[str, Mapping[str, Any]]) -> Dict[str, List[Plain]]:
    """The lists that the calls answer, by the calls' names; the values are the parameters beside the API's id."""
    reads = {
        operation: partial(read_list, operation=operation, params={"restApiId": api_id, **params})
        for operation, params in calls.items()
    }
    aws.read_ahead(*reads.values())
    return {operation: read(aws) for operation, read in reads.items()}


def read_whole_draft(aws: Aws, api: Plain) -> Draft:
    """The draft of an API with every part of it."""
    return read_draft(aws, api, dict.fromkeys(_PARTS, True))


def draft_digest(aws: Aws, api_id: str) -> str:
    """The digest of all that a deployment of the draft would take a snapshot of."""
    api = aws.call("apigateway", "GetRestApi", {"restApiId": api_id})
    draft = read_whole_draft(aws, api)
    return digest(state_of_draft(draft, declared_models=[model["name"] for model in draft.models]))


def state_of_draft(draft: Draft, declared_models: List[str]) -> ApiState:
    """The state of a draft. Models that are not declared (import names them itself) stand by their schema."""
    schemas = {model["name"]: plain_schema(json.loads(model.get("schema") or "{}")) for model in draft.models}
    names = _Names(
        authorizers={entry["id"]: entry["name"] for entry in draft.authorizers},
        validators={entry["id"]: validator_name(entry) for entry in draft.request_validators},
        model=lambda name: name if name in declared_models else schemas.get(name, name),
    )
    return ApiState(
        settings=api_settings(draft.api),
        routes={
            f"{verb} {resource['path']}": _route(method, resource, names)
            for resource in draft.resources
            for verb, method in (resource.get("resourceMethods") or {}).items()
        },
        models={name: schema for name, schema in schemas.items() if name in declared_models},
        request_validators={
            validator_name(entry): {name: bool(entry.get(name)) for name in VALIDATOR}
            for entry in draft.request_validators
        },
        gateway_responses=gateway_responses(draft),
        authorizers={entry["name"]: _authorizer(entry) for entry in draft.authorizers},
    )


def validator_name(entry: Mapping[str, Any]) -> str:
    """The name of a request validator; CreateRequestValidator does not ask for one, and its id stands for it."""
    return str(entry.get("name") or entry["id"])


_GATEWAY_RESPONSE = ("statusCode", "responseParameters", "responseTemplates")


def gateway_responses(draft: Draft) -> Plain:
    """The gateway responses of an API's own, by type, in the form that a document has them in."""
    return {
        entry["responseType"]: trimmed({name: entry.get(name) for name in _GATEWAY_RESPONSE})
        for entry in draft.gateway_responses
        if not entry.get("defaultResponse")
    }


@dataclass(frozen=True)
class _Names:
    """The names behind the ids that methods hold; `model` gives the canonical form of a model's name."""

    authorizers: Dict[str, str]
    validators: Dict[str, str]
    model: Callable[[str], Any]


def _route(method: Mapping[str, Any], resource: Mapping[str, Any], names: _Names) -> Plain:
    authorization = method.get("authorizationType", "NONE")
    authorizer, validator = method.get("authorizerId", ""), method.get("requestValidatorId", "")
    responses = {
        status: _method_response(response, names) for status, response in (method.get("methodResponses") or {}).items()
    }
    return trimmed(
        {
            "operationName": method.get("operationName"),
            "requestParameters": plain_parameters(method.get("requestParameters"), resource["path"]),
            "requestModels": _models(method.get("requestModels"), names),
            "requestValidator": names.validators.get(validator, validator),
            "responses": responses,
            "integration": _integration(method.get("methodIntegration") or {}, resource["id"]) or "none",
            "authorization": None if authorization == "NONE" else authorization,
            "authorizer": names.authorizers.get(authorizer, authorizer),
            "authorizationScopes": sorted(method.get("authorizationScopes") or []),
            "apiKeyRequired": method.get("apiKeyRequired") or None,
        }
    )


def _models(models: Optional[Mapping[str, str]], names: _Names) -> Plain:
    return {content_type: names.model(name) for content_type, name in (models or {}).items()}


def _method_response(response: Mapping[str, Any], names: _Names) -> Plain:
    headers = sorted(name.split(".", 3)[-1] for name in response.get("responseParameters") or {})
    return trimmed({"headers": headers, "models": _models(response.get("responseModels"), names)})


_INTEGRATION = (
    "type",
    "httpMethod",
    "uri",
    "credentials",
    "passthroughBehavior",
    "requestParameters",
    "contentHandling",
    "connectionId",
    "integrationTarget",
)
DEFAULTS = {
    "connectionType": "INTERNET",
    "responseTransferMode": "BUFFERED",
    "timeoutInMillis": 29000,
    "tlsConfig": NO_TLS_CONFIG,
}
"""What API Gateway says of an integration of which nobody said it."""

_INTEGRATION_RESPONSE = ("selectionPattern", "responseParameters", "contentHandling")


def _integration(integration: Mapping[str, Any], resource_id: str) -> Plain:
    namespace = integration.get("cacheNamespace")
    return trimmed(
        {
            **{name: integration.get(name) for name in _INTEGRATION},
            **{name: integration.get(name) for name in DEFAULTS if integration.get(name) != DEFAULTS[name]},
            **({"httpMethod": None, "uri": None} if integration.get("type") == "MOCK" else {}),
            "requestTemplates": plain_templates(integration.get("requestTemplates")),
            "cacheKeyParameters": sorted(integration.get("cacheKeyParameters") or []),
            "cacheNamespace": None if namespace == resource_id else namespace,
            "responses": {
                status: _integration_response(response)
                for status, response in (integration.get("integrationResponses") or {}).items()
            },
        }
    )


def _integration_response(response: Mapping[str, Any]) -> Plain:
    templates = plain_templates(response.get("responseTemplates"))
    return trimmed({**{name: response.get(name) for name in _INTEGRATION_RESPONSE}, "responseTemplates": templates})


def _authorizer(entry: Mapping[str, Any]) -> Plain:
    ttl = entry.get("authorizerResultTtlInSeconds")
    return trimmed(
        {
            "type": entry.get("type"),
            "authorizerUri": entry.get("authorizerUri"),
            "authorizerCredentials": entry.get("authorizerCredentials"),
            "identitySource": entry.get("identitySource"),
            "identityValidationExpression": entry.get("identityValidationExpression"),
            "providerARNs": sorted(entry.get("providerARNs") or []),
            "authorizerResultTtlInSeconds": None if ttl == 300 else ttl,
        }
    )
