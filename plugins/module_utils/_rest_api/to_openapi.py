# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Convert a draft, as API Gateway returns it, to an OpenAPI 3 document: the reverse of an import.

An import of the document creates the same draft, so `rest_api` has nothing to change with it. GetExport is not used: it
exports what a stage serves, not the draft, and omits parts of it such as the settings of caching.
"""

from __future__ import annotations

import json
from typing import Any, Dict, List, Mapping, Optional

from .draft import Draft
from .from_aws import gateway_responses
from .member_defaults import AUTHORIZER, INTEGRATION, INTEGRATION_RESPONSE, validator_flags
from .settings import POLICY, api_settings, carry_settings
from .state import Plain, path_parameters, trimmed

_PLACES = {"path": "path", "querystring": "query", "header": "header"}
_TEXT = {"schema": {"type": "string"}}
API_KEY = "api_key"
"""The name of the security scheme that requires an API key."""
_SIGNATURE = "sigv4"


def definition(draft: Draft) -> Plain:
    """Return the OpenAPI 3 document of a draft. All parts of the draft must have been read."""
    document = {
        "openapi": "3.0.1",
        "info": {"title": draft.api["name"]},
        "paths": {
            resource["path"]: _path_item(resource, draft)
            for resource in sorted(draft.resources, key=lambda resource: str(resource["path"]))
            if resource.get("resourceMethods")
        },
        **trimmed({"components": trimmed({"schemas": document_schemas(draft), "securitySchemes": _schemes(draft)})}),
        **_extensions(draft),
    }
    whole = carry_settings(document, draft.api)
    # In canonical form, the policy does not name this API's id, so another API can use the definition.
    return {**whole, **trimmed({POLICY: api_settings(draft.api)["policy"]})}


def not_in_definition(draft: Draft) -> List[str]:
    """Return what a document cannot hold, a sentence each; an import of the document would remove it."""
    found = []
    for resource in draft.resources:
        for verb, method in sorted((resource.get("resourceMethods") or {}).items()):
            found += [f"{verb} {resource['path']} {sentence}" for sentence in _not_in_operation(method)]
    return found


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


def _path_item(resource: Mapping[str, Any], draft: Draft) -> Plain:
    return {
        "x-amazon-apigateway-any-method" if verb == "ANY" else verb.lower(): _operation(method, resource, draft)
        for verb, method in sorted(resource["resourceMethods"].items())
    }


def _operation(method: Mapping[str, Any], resource: Mapping[str, Any], draft: Draft) -> Plain:
    validator = method.get("requestValidatorId", "")
    body = _content(method.get("requestModels"))
    return {
        **trimmed(
            {
                "operationId": method.get("operationName"),
                "parameters": _parameters(method, resource["path"]),
                "requestBody": {"content": body} if body else None,
                "security": _security(method, draft),
                "x-amazon-apigateway-request-validator": draft.validator_names.get(validator, validator),
            }
        ),
        "responses": {
            status: _response(status, response)
            for status, response in sorted((method.get("methodResponses") or {}).items())
        },
        **trimmed({"x-amazon-apigateway-integration": _integration(method.get("methodIntegration") or {}, resource)}),
    }


def _parameters(method: Mapping[str, Any], path: str) -> List[Plain]:
    """Return the request parameters. OpenAPI requires those of the path, which API Gateway does not."""
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


def _security(method: Mapping[str, Any], draft: Draft) -> List[Plain]:
    found: List[Plain] = []
    if method.get("authorizationType") == "AWS_IAM":
        found.append({_SIGNATURE: []})
    authorizer = method.get("authorizerId", "")
    if authorizer:
        found.append({draft.authorizer_names.get(authorizer, authorizer): method.get("authorizationScopes") or []})
    if method.get("apiKeyRequired"):
        found.append({API_KEY: []})
    return found


def _integration(integration: Mapping[str, Any], resource: Mapping[str, Any]) -> Plain:
    if not integration:
        return {}
    members = {
        name: _without_nulls(integration.get(name))
        for name, member in INTEGRATION.items()
        if not member.is_omitted(integration.get(name))
    }
    members["type"] = integration["type"].lower()
    members["passthroughBehavior"] = str(
        members.get("passthroughBehavior") or INTEGRATION["passthroughBehavior"].default
    ).lower()
    if integration["type"] == "MOCK":
        members["httpMethod"] = None
    if members.get("cacheNamespace") == resource["id"]:  # API Gateway's default
        members["cacheNamespace"] = None
    return trimmed({**members, "responses": _integration_responses(integration.get("integrationResponses") or {})})


def _integration_responses(responses: Mapping[str, Plain]) -> Plain:
    found: Plain = {}
    for status, response in sorted(responses.items()):
        members = {name: _without_nulls(response.get(name)) for name in INTEGRATION_RESPONSE}
        written = {"statusCode": status, **trimmed(members)}
        found.setdefault(response.get("selectionPattern") or "default", written)
    return found


def _without_nulls(value: Any) -> Any:
    """Return a member with the empty text for each null in it: AWS returns null for an empty template (recorded)."""
    if isinstance(value, Mapping):
        return {name: "" if text is None else text for name, text in value.items()}
    return value


def document_schemas(draft: Draft) -> Plain:
    """Return the models of a draft by name, as schemas of a document."""
    return {model["name"]: _with_document_references(json.loads(model.get("schema") or "{}")) for model in draft.models}


def _with_document_references(schema: Any) -> Any:
    """Return a schema with references as a document has them; API Gateway keeps references to models as URLs.

    `$schema`, which the console writes into models, is not a member of a schema in OpenAPI 3.0.
    """
    if isinstance(schema, Mapping):
        return {key: _document_member(key, value) for key, value in schema.items() if key != "$schema"}
    return [_with_document_references(item) for item in schema] if isinstance(schema, list) else schema


def _document_member(key: str, value: Any) -> Any:
    if key == "$ref" and isinstance(value, str) and "/models/" in value:
        return f"#/components/schemas/{value.rsplit('/', 1)[-1]}"
    return _with_document_references(value)


def _schemes(draft: Draft) -> Plain:
    """Return a security scheme for each authorizer, and for the signature and the API key if a method requires them."""
    methods = [method for resource in draft.resources for method in (resource.get("resourceMethods") or {}).values()]
    schemes = {entry["name"]: authorizer_scheme(entry) for entry in draft.authorizers}
    if any(method.get("authorizationType") == "AWS_IAM" for method in methods):
        schemes[_SIGNATURE] = {**_header_scheme("Authorization"), "x-amazon-apigateway-authtype": "awsSigv4"}
    if any(method.get("apiKeyRequired") for method in methods):
        schemes[API_KEY] = api_key_scheme()
    return schemes


def api_key_scheme() -> Plain:
    """Return the security scheme of an API key."""
    return _header_scheme("x-api-key")


def _header_scheme(name: str) -> Plain:
    return {"type": "apiKey", "name": name, "in": "header"}


def authorizer_scheme(entry: Mapping[str, Any]) -> Plain:
    """Return the security scheme of an authorizer, which GetAuthorizers returned as `entry`.

    The scheme names the header with the token. An authorizer of the type REQUEST names its sources itself; its scheme
    has the header `Unused`, as AWS writes it.
    """
    source = entry.get("identitySource") or ""
    by_request = entry["type"] == "REQUEST"
    header = "Unused" if by_request else source.rpartition("method.request.header.")[2] or "Authorization"
    authorizer = {
        **{name: entry.get(name) for name in AUTHORIZER},
        "type": entry["type"].lower(),
        "identitySource": source if by_request else None,
    }
    kind = trimmed({"x-amazon-apigateway-authtype": entry.get("authType")})
    return {**_header_scheme(header), **kind, "x-amazon-apigateway-authorizer": trimmed(authorizer)}


def _extensions(draft: Draft) -> Plain:
    """Return the extensions at the root of the document that are not settings: validators and gateway responses."""
    members = {
        "request-validators": {
            draft.validator_names[entry["id"]]: validator_flags(entry) for entry in draft.request_validators
        },
        "gateway-responses": gateway_responses(draft),
    }
    return {f"x-amazon-apigateway-{name}": value for name, value in trimmed(members).items()}
