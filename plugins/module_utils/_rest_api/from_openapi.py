# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""From an OpenAPI 3 document with `x-amazon-apigateway-*` extensions to the state that importing it gives.

The rules are those of API Gateway's import, as its documentation tells them and as recorded imports show: of a
parameter name, place and `required` remain; a path's parameters need no declaration; `default` is the integration
response without a pattern; root-level `security` holds for operations that have none of their own.
"""

from __future__ import annotations

import json
from typing import Any, Callable, Dict, Iterator, List, Mapping, Optional, Sequence, Tuple

from .._engine.client import AwsError
from .document_shape import Problem
from .settings import document_settings
from .state import (
    METHODS,
    NO_TLS_CONFIG,
    VALIDATOR,
    ApiState,
    Plain,
    plain_parameters,
    plain_schema,
    plain_templates,
    trimmed,
)

_PLACES = {"path": "path", "query": "querystring", "header": "header"}


def state_of_document(document: Mapping[str, Any], api_id: str = "") -> ApiState:
    """Return the state that an import of the document leaves on AWS, in the API of this id where there is one."""
    resolve = _resolver(document)
    schemes = _components(document, "securitySchemes")
    return ApiState(
        settings=document_settings(document, api_id),
        routes={
            name: _route(name, operation, item, document, resolve) for name, operation, item in _operations(document)
        },
        models={name: plain_schema(schema) for name, schema in _components(document, "schemas").items()},
        request_validators={
            name: {member: bool(validator.get(member)) for member in VALIDATOR}
            for name, validator in (document.get("x-amazon-apigateway-request-validators") or {}).items()
        },
        gateway_responses={
            name: _gateway_response(response)
            for name, response in (document.get("x-amazon-apigateway-gateway-responses") or {}).items()
        },
        authorizers={
            name: _authorizer(scheme) for name, scheme in schemes.items() if scheme.get(_AUTHORIZER) is not None
        },
    )


def declared_sections(document: Mapping[str, Any]) -> Dict[str, bool]:
    """Which parts of an API beside its settings and routes a document declares, by the names of `SECTIONS`."""
    schemes = _components(document, "securitySchemes").values()
    return {
        "models": bool(_components(document, "schemas")),
        "request_validators": bool(document.get("x-amazon-apigateway-request-validators")),
        "gateway_responses": bool(document.get("x-amazon-apigateway-gateway-responses")),
        "authorizers": any(scheme.get(_AUTHORIZER) is not None for scheme in schemes),
    }


_AUTHORIZER = "x-amazon-apigateway-authorizer"


_EXAMPLES = ("example", "examples")
_NAMED = frozenset(
    {
        "content",
        "headers",
        "parameters",
        "paths",
        "patternProperties",
        "properties",
        "requestBodies",
        "responses",
        "schemas",
    }
)
"""Members whose own members are names that a user chose: a property may be called `example`."""


def importable(document: Any, names: bool = False) -> Any:
    """A copy of a document without its examples.

    API Gateway keeps none, refuses them in models, and may warn of the others, which would undo an import that fails on
    warnings. Extensions (`x-amazon-apigateway-*`) stay as they are.
    """
    if isinstance(document, dict):
        return {
            key: value if key.startswith("x-amazon-") else importable(value, key in _NAMED)
            for key, value in document.items()
            if names or key not in _EXAMPLES
        }
    return [importable(item) for item in document] if isinstance(document, list) else document


def refuse_wrong_kinds(title: str, found: Sequence[Problem], with_warnings: bool) -> None:
    """Raise `AwsError` with all parts that an import would refuse, or leave out with a warning."""
    problems = [problem for problem in found if with_warnings or not problem.warns]
    if problems:
        lines = [f"  {problem.path} must be {problem.expected}." for problem in problems]
        if all(problem.warns for problem in problems):
            lines.append(
                "An import leaves them out with a warning. To let it, set fail_on_warnings to false "
                "(service_proxy_fail_on_warnings of the role)."
            )
        raise AwsError("\n".join([f"{title} has values of a wrong kind. Nothing was changed.", *lines]))


def integrations(document: Mapping[str, Any]) -> Iterator[Plain]:
    """Each integration of the document, itself and not a copy."""
    for _name, operation, _item in _operations(document):
        if isinstance(operation.get("x-amazon-apigateway-integration"), dict):
            yield operation["x-amazon-apigateway-integration"]


def _operations(document: Mapping[str, Any]) -> Iterator[Tuple[str, Plain, Plain]]:
    """`METHOD /path`, the operation and the path item that it stands in, for each method of the document."""
    for path, item in (document.get("paths") or {}).items():
        for method in METHODS:
            if method in item:
                verb = "ANY" if method.startswith("x-") else method.upper()
                yield f"{verb} {path.rstrip('/') or '/'}", item[method] or {}, item


def _components(document: Mapping[str, Any], kind: str) -> Plain:
    return dict((document.get("components") or {}).get(kind) or {})


def _resolver(document: Mapping[str, Any]) -> Callable[[Any], Plain]:
    """A function that follows a `$ref` into the document, as parameters and bodies may hold one."""

    def resolve(value: Any) -> Plain:
        if not isinstance(value, dict) or "$ref" not in value:
            return dict(value or {})
        found: Any = document
        for part in value["$ref"].lstrip("#/").split("/"):
            found = found.get(part.replace("~1", "/").replace("~0", "~"), {})
        return dict(found)

    return resolve


def _route(
    name: str, operation: Plain, item: Plain, document: Mapping[str, Any], resolve: Callable[[Any], Plain]
) -> Plain:
    validator = operation.get(
        "x-amazon-apigateway-request-validator", document.get("x-amazon-apigateway-request-validator")
    )
    declared = [*item.get("parameters", []), *operation.get("parameters", [])]
    responses = {
        str(status): _method_response(resolve(response))
        for status, response in (operation.get("responses") or {}).items()
        if str(status).isdigit()
    }
    return trimmed(
        {
            "operationName": operation.get("operationId"),
            "requestParameters": plain_parameters(_parameters(declared, resolve), name.partition(" ")[2]),
            "requestModels": _models(resolve(operation.get("requestBody")).get("content")),
            "requestValidator": validator,
            "responses": responses,
            "integration": _integration(operation.get("x-amazon-apigateway-integration") or {}),
            **_authorization(operation, document),
        }
    )


def _parameters(parameters: List[Any], resolve: Callable[[Any], Plain]) -> Dict[str, bool]:
    found = {}
    for parameter in map(resolve, parameters):
        place = _PLACES.get(parameter.get("in", ""))
        if place:
            found[f"method.request.{place}.{parameter['name']}"] = bool(parameter.get("required", False))
    return found


def _models(content: Optional[Mapping[str, Any]]) -> Plain:
    """Model by content type: its name where the schema is a reference, else the schema itself."""
    found = {}
    for content_type, media in (content or {}).items():
        schema = (media or {}).get("schema")
        if schema:
            found[content_type] = schema["$ref"].rsplit("/", 1)[-1] if "$ref" in schema else plain_schema(schema)
    return found


def _method_response(response: Plain) -> Plain:
    """The headers and the models of a response. Whether a header is required, an import does not keep (recorded)."""
    return trimmed({"headers": sorted(response.get("headers") or {}), "models": _models(response.get("content"))})


def _integration(integration: Mapping[str, Any]) -> Plain:
    kind = str(integration.get("type", "")).upper()
    responses = {}
    for pattern, response in (integration.get("responses") or {}).items():
        responses[str(response.get("statusCode", "200"))] = trimmed(
            {
                "selectionPattern": None if pattern == "default" else pattern,
                "responseParameters": response.get("responseParameters"),
                "responseTemplates": plain_templates(response.get("responseTemplates")),
                "contentHandling": response.get("contentHandling"),
            }
        )
    timeout = integration.get("timeoutInMillis")
    return trimmed(
        {
            "type": kind,
            "httpMethod": None if kind == "MOCK" else integration.get("httpMethod"),
            "uri": None if kind == "MOCK" else integration.get("uri"),
            "credentials": integration.get("credentials"),
            "passthroughBehavior": str(integration.get("passthroughBehavior", "WHEN_NO_MATCH")).upper(),
            "requestParameters": integration.get("requestParameters"),
            "requestTemplates": plain_templates(integration.get("requestTemplates")),
            "contentHandling": integration.get("contentHandling"),
            "cacheKeyParameters": _sorted(integration.get("cacheKeyParameters")),
            "cacheNamespace": integration.get("cacheNamespace"),
            "connectionId": integration.get("connectionId"),
            "connectionType": _unless(integration.get("connectionType"), "INTERNET"),
            "integrationTarget": integration.get("integrationTarget"),
            "responseTransferMode": _unless(integration.get("responseTransferMode"), "BUFFERED"),
            "tlsConfig": _unless(integration.get("tlsConfig"), NO_TLS_CONFIG),
            "timeoutInMillis": _unless(timeout and int(timeout), 29000),
            "responses": responses,
        }
    )


def _authorization(operation: Mapping[str, Any], document: Mapping[str, Any]) -> Plain:
    """Who may call: an empty dict for anybody."""
    schemes = _components(document, "securitySchemes")
    found: Plain = {}
    if str((operation.get("x-amazon-apigateway-auth") or {}).get("type")).upper() == "AWS_IAM":
        found["authorization"] = "AWS_IAM"
    for requirement in operation.get("security", document.get("security")) or []:
        for name, scopes in requirement.items():
            scheme = schemes.get(name) or {}
            if _AUTHORIZER in scheme:
                cognito = scheme[_AUTHORIZER].get("type") == "cognito_user_pools"
                found["authorization"] = "COGNITO_USER_POOLS" if cognito else "CUSTOM"
                found["authorizer"] = name
                found["authorizationScopes"] = _sorted(scopes)
            elif scheme.get("x-amazon-apigateway-authtype") == "awsSigv4":
                found["authorization"] = "AWS_IAM"
            elif scheme.get("type") == "apiKey":
                found["apiKeyRequired"] = True
    return found


def _authorizer(scheme: Mapping[str, Any]) -> Plain:
    authorizer = scheme[_AUTHORIZER]
    named = scheme.get("in") == "header" and scheme.get("name") != "Unused"  # what AWS writes where no header is meant
    header = f"method.request.header.{scheme.get('name')}" if named else None
    ttl = authorizer.get("authorizerResultTtlInSeconds")
    return trimmed(
        {
            "type": authorizer.get("type", "").upper(),
            "authorizerUri": authorizer.get("authorizerUri"),
            "authorizerCredentials": authorizer.get("authorizerCredentials"),
            "identitySource": authorizer.get("identitySource") or header,
            "identityValidationExpression": authorizer.get("identityValidationExpression"),
            "providerARNs": _sorted(authorizer.get("providerARNs")),
            "authorizerResultTtlInSeconds": _unless(ttl and int(ttl), 300),
        }
    )


def _gateway_response(response: Mapping[str, Any]) -> Plain:
    status = response.get("statusCode")
    return trimmed(
        {
            "statusCode": str(status) if status else None,
            "responseParameters": response.get("responseParameters"),
            "responseTemplates": response.get("responseTemplates"),
        }
    )


def _sorted(values: Optional[List[str]]) -> Optional[List[str]]:
    return None if values is None else sorted(values)


def _unless(value: Any, default: Any) -> Any:
    return None if value == default else value


def parse_document(definition: Any) -> Plain:
    """Return the document, from a dict or JSON text. Raises `ValueError` for what is no JSON, or no object."""
    document = json.loads(definition) if isinstance(definition, str) else definition
    if not isinstance(document, Mapping):
        raise ValueError("it must be an object")
    return dict(document)
