# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""From what API Gateway answers about a draft to an OpenAPI 3 document: the reverse of an import.

Importing the document gives the draft again, so `rest_api` finds nothing to change when it is handed the document of an
API. GetExport is not used: it reads what a stage serves, not the draft, and AWS keeps some of what is in a draft (the
settings of caching, for one) out of it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Dict, List, Mapping, Optional

from .draft import DEFAULTS, Draft, gateway_responses, validator_name
from .settings import POLICY, api_settings, carry_settings
from .state import VALIDATOR, Plain, path_parameters, trimmed

_PLACES = {"path": "path", "querystring": "query", "header": "header"}
_TEXT = {"schema": {"type": "string"}}
_API_KEY = "api_key"
_SIGNATURE = "sigv4"


def definition(draft: Draft) -> Plain:
    """The OpenAPI 3 document of a draft of which every part was read."""
    names = _Names(
        authorizers={entry["id"]: entry["name"] for entry in draft.authorizers},
        validators={entry["id"]: validator_name(entry) for entry in draft.request_validators},
    )
    document = {
        "openapi": "3.0.1",
        "info": {"title": draft.api["name"]},
        "paths": {
            resource["path"]: _path_item(resource, names)
            for resource in sorted(draft.resources, key=lambda resource: str(resource["path"]))
            if resource.get("resourceMethods")
        },
        **trimmed({"components": trimmed({"schemas": localised_schemas(draft), "securitySchemes": _schemes(draft)})}),
        **_extensions(draft),
    }
    whole = carry_settings(document, draft.api)
    # The policy speaks of the API by its id, and the definition is to be good for another one as well.
    return {**whole, **trimmed({POLICY: api_settings(draft.api)["policy"]})}


def not_in_definition(draft: Draft) -> List[str]:
    """What no document can hold, a sentence each: importing the document would end it."""
    told = []
    for resource in draft.resources:
        for verb, method in sorted((resource.get("resourceMethods") or {}).items()):
            told += [f"{verb} {resource['path']} {mistake}" for mistake in _not_in_operation(method)]
    return told


def _not_in_operation(method: Mapping[str, Any]) -> List[str]:
    if not method.get("methodIntegration"):
        return ["has no integration, and cannot be deployed."]
    statuses: Dict[str, List[str]] = {}
    for status, response in sorted((method["methodIntegration"].get("integrationResponses") or {}).items()):
        statuses.setdefault(response.get("selectionPattern") or "default", []).append(status)
    return [
        f"has the integration responses {' and '.join(same)} for the same pattern, {pattern!r}; the definition has the "
        "first of them."
        for pattern, same in statuses.items()
        if len(same) > 1
    ]


@dataclass(frozen=True)
class _Names:
    """The names behind the ids that methods hold."""

    authorizers: Dict[str, str]
    validators: Dict[str, str]


def _path_item(resource: Mapping[str, Any], names: _Names) -> Plain:
    return {
        "x-amazon-apigateway-any-method" if verb == "ANY" else verb.lower(): _operation(method, resource, names)
        for verb, method in sorted(resource["resourceMethods"].items())
    }


def _operation(method: Mapping[str, Any], resource: Mapping[str, Any], names: _Names) -> Plain:
    validator = method.get("requestValidatorId", "")
    body = _content(method.get("requestModels"))
    return {
        **trimmed(
            {
                "operationId": method.get("operationName"),
                "parameters": _parameters(method, resource["path"]),
                "requestBody": {"content": body} if body else None,
                "security": _security(method, names),
                "x-amazon-apigateway-request-validator": names.validators.get(validator, validator),
            }
        ),
        "responses": {
            status: _response(status, response)
            for status, response in sorted((method.get("methodResponses") or {}).items())
        },
        **trimmed({"x-amazon-apigateway-integration": _integration(method.get("methodIntegration") or {}, resource)}),
    }


def _parameters(method: Mapping[str, Any], path: str) -> List[Plain]:
    """The parameters of the request. OpenAPI wants those of the path declared, which API Gateway does not ask for."""
    declared = {**(method.get("requestParameters") or {}), **path_parameters(path)}
    found = []
    for expression, required in sorted(declared.items()):
        _method, _request, place, name = expression.split(".", 3)
        if place in _PLACES:
            found.append({"name": name, "in": _PLACES[place], "required": required, **_TEXT})
    return found


def _content(models: Optional[Mapping[str, str]]) -> Plain:
    return {kind: {"schema": {"$ref": f"#/components/schemas/{model}"}} for kind, model in (models or {}).items()}


def _response(status: str, response: Mapping[str, Any]) -> Plain:
    prefix = "method.response.header."
    headers = {name[len(prefix) :]: dict(_TEXT) for name in sorted(response.get("responseParameters") or {})}
    content = _content(response.get("responseModels"))
    return {"description": f"{status} response", **trimmed({"headers": headers, "content": content})}


def _security(method: Mapping[str, Any], names: _Names) -> List[Plain]:
    found: List[Plain] = []
    if method.get("authorizationType") == "AWS_IAM":
        found.append({_SIGNATURE: []})
    authorizer = method.get("authorizerId", "")
    if authorizer:
        found.append({names.authorizers.get(authorizer, authorizer): method.get("authorizationScopes") or []})
    if method.get("apiKeyRequired"):
        found.append({_API_KEY: []})
    return found


_INTEGRATION = (
    "uri",
    "credentials",
    "requestParameters",
    "requestTemplates",
    "contentHandling",
    "connectionId",
    "cacheKeyParameters",
    "integrationTarget",
)


def _integration(integration: Mapping[str, Any], resource: Mapping[str, Any]) -> Plain:
    if not integration:
        return {}
    kind = integration["type"]
    namespace = integration.get("cacheNamespace")
    return trimmed(
        {
            "type": kind.lower(),
            "httpMethod": None if kind == "MOCK" else integration.get("httpMethod"),
            **{name: _texts(integration.get(name)) for name in _INTEGRATION},
            "passthroughBehavior": str(integration.get("passthroughBehavior", "WHEN_NO_MATCH")).lower(),
            **{name: integration.get(name) for name in DEFAULTS if integration.get(name) != DEFAULTS[name]},
            "cacheNamespace": None if namespace == resource["id"] else namespace,
            "responses": _integration_responses(integration.get("integrationResponses") or {}),
        }
    )


def _integration_responses(responses: Mapping[str, Plain]) -> Plain:
    found: Plain = {}
    for status, response in sorted(responses.items()):
        members = ("responseParameters", "responseTemplates", "contentHandling")
        written = {"statusCode": status, **trimmed({name: _texts(response.get(name)) for name in members})}
        found.setdefault(response.get("selectionPattern") or "default", written)
    return found


def _texts(value: Any) -> Any:
    """A member as a document has it: a template without a text, which AWS answers as null, is the empty text."""
    if isinstance(value, Mapping):
        return {name: "" if text is None else text for name, text in value.items()}
    return value


def localised_schemas(draft: Draft) -> Plain:
    """The models of a draft by name, as schemas of a document."""
    return {model["name"]: _localised(json.loads(model.get("schema") or "{}")) for model in draft.models}


def _localised(schema: Any) -> Any:
    """A schema whose references to models, kept by API Gateway as URLs, are those of a document.

    `$schema`, which the console writes into models, is no member of a schema in OpenAPI 3.0.
    """
    if isinstance(schema, Mapping):
        return {key: _localised_member(key, value) for key, value in schema.items() if key != "$schema"}
    return [_localised(item) for item in schema] if isinstance(schema, list) else schema


def _localised_member(key: str, value: Any) -> Any:
    if key == "$ref" and isinstance(value, str) and "/models/" in value:
        return f"#/components/schemas/{value.rsplit('/', 1)[-1]}"
    return _localised(value)


def _schemes(draft: Draft) -> Plain:
    """A security scheme for each authorizer, and for each other way to call that a method asks for."""
    methods = [method for resource in draft.resources for method in (resource.get("resourceMethods") or {}).values()]
    schemes = {entry["name"]: authorizer_scheme(entry) for entry in draft.authorizers}
    if any(method.get("authorizationType") == "AWS_IAM" for method in methods):
        schemes[_SIGNATURE] = {**_header_scheme("Authorization"), "x-amazon-apigateway-authtype": "awsSigv4"}
    if any(method.get("apiKeyRequired") for method in methods):
        schemes[_API_KEY] = _header_scheme("x-api-key")
    return schemes


def _header_scheme(name: str) -> Plain:
    return {"type": "apiKey", "name": name, "in": "header"}


_AUTHORIZER = (
    "authorizerUri",
    "authorizerCredentials",
    "identityValidationExpression",
    "authorizerResultTtlInSeconds",
    "providerARNs",
)


def authorizer_scheme(entry: Mapping[str, Any]) -> Plain:
    """The security scheme that stands for an authorizer, from an entry of GetAuthorizers.

    The header that a token is in is the scheme's own. An authorizer of the type REQUEST names its sources itself, and
    has, as AWS writes it, a scheme of the header `Unused`.
    """
    source = entry.get("identitySource") or ""
    by_request = entry["type"] == "REQUEST"
    header = "Unused" if by_request else source.rpartition("method.request.header.")[2] or "Authorization"
    authorizer = {
        "type": entry["type"].lower(),
        **{name: entry.get(name) for name in _AUTHORIZER},
        "identitySource": source if by_request else None,
    }
    kind = trimmed({"x-amazon-apigateway-authtype": entry.get("authType")})
    return {**_header_scheme(header), **kind, "x-amazon-apigateway-authorizer": trimmed(authorizer)}


def _extensions(draft: Draft) -> Plain:
    """Return the extensions at the root of the document that are no settings: validators, gateway responses."""
    members = {
        "request-validators": {
            validator_name(entry): {name: bool(entry.get(name)) for name in VALIDATOR}
            for entry in draft.request_validators
        },
        "gateway-responses": gateway_responses(draft),
    }
    return {f"x-amazon-apigateway-{name}": value for name, value in trimmed(members).items()}
