# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Convert a draft, as API Gateway returns it, to an `ApiState`: names in the place of ids, no defaults."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Callable, Dict, List, Mapping, Optional

from .._engine.client import Aws
from .draft import Draft, read_whole_draft
from .member_defaults import (
    AUTHORIZER,
    GATEWAY_RESPONSE,
    INTEGRATION_RESPONSE,
    canonical,
    canonical_integration,
    validator_flags,
)
from .settings import api_settings
from .state import ApiState, Plain, digest, plain_parameters, plain_schema, trimmed


def draft_digest(aws: Aws, api_id: str) -> str:
    """Read the draft of an API, and return the digest of what a deployment of it would hold."""
    draft = read_whole_draft(aws, aws.call("apigateway", "GetRestApi", {"restApiId": api_id}))
    return digest(state_of_draft(draft, declared_models=[model["name"] for model in draft.models]))


def state_of_draft(draft: Draft, declared_models: List[str]) -> ApiState:
    """Return the state of a draft. A model that is not declared, so that an import named it, stands by its schema."""
    schemas = {model["name"]: plain_schema(json.loads(model.get("schema") or "{}")) for model in draft.models}
    names = _Names(
        authorizers=draft.authorizer_names,
        validators=draft.validator_names,
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
            draft.validator_names[entry["id"]]: validator_flags(entry) for entry in draft.request_validators
        },
        gateway_responses=gateway_responses(draft),
        authorizers={entry["name"]: canonical(entry, AUTHORIZER) for entry in draft.authorizers},
    )


def gateway_responses(draft: Draft) -> Plain:
    """Return the gateway responses that an API customizes, by type, as an OpenAPI document holds them."""
    return {
        entry["responseType"]: canonical(entry, GATEWAY_RESPONSE)
        for entry in draft.gateway_responses
        if not entry.get("defaultResponse")
    }


@dataclass(frozen=True)
class _Names:
    """The names behind the ids that methods hold; `model` returns the canonical form of a model's name."""

    authorizers: Mapping[str, str]
    validators: Mapping[str, str]
    model: Callable[[str], Any]

    def models(self, models: Optional[Mapping[str, str]]) -> Plain:
        """Return models by content type in canonical form."""
        return {content_type: self.model(name) for content_type, name in (models or {}).items()}


def _route(method: Mapping[str, Any], resource: Mapping[str, Any], names: _Names) -> Plain:
    authorization = method.get("authorizationType", "NONE")
    authorizer, validator = method.get("authorizerId", ""), method.get("requestValidatorId", "")
    return trimmed(
        {
            "operationName": method.get("operationName"),
            "requestParameters": plain_parameters(method.get("requestParameters"), resource["path"]),
            "requestModels": names.models(method.get("requestModels")),
            "requestValidator": names.validators.get(validator, validator),
            "responses": {
                status: _method_response(response, names)
                for status, response in (method.get("methodResponses") or {}).items()
            },
            "integration": _integration(method.get("methodIntegration") or {}, resource["id"]) or "none",
            "authorization": None if authorization == "NONE" else authorization,
            "authorizer": names.authorizers.get(authorizer, authorizer),
            "authorizationScopes": sorted(method.get("authorizationScopes") or []),
            "apiKeyRequired": method.get("apiKeyRequired") or None,
        }
    )


def _method_response(response: Mapping[str, Any], names: _Names) -> Plain:
    headers = sorted(name.split(".", 3)[-1] for name in response.get("responseParameters") or {})
    return trimmed({"headers": headers, "models": names.models(response.get("responseModels"))})


def _integration(integration: Mapping[str, Any], resource_id: str) -> Plain:
    if not integration:
        return {}
    found = canonical_integration(integration)
    if found.get("cacheNamespace") == resource_id:  # API Gateway's default
        del found["cacheNamespace"]
    responses: Dict[str, Plain] = {
        status: {
            **trimmed({"selectionPattern": response.get("selectionPattern")}),
            **canonical(response, INTEGRATION_RESPONSE),
        }
        for status, response in (integration.get("integrationResponses") or {}).items()
    }
    return {**found, **trimmed({"responses": responses})}
