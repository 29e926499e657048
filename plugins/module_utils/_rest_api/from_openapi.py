# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Convert an OpenAPI 3 document with `x-amazon-apigateway-*` extensions to the state that an import of it creates.

The rules are those of API Gateway's import, as documented and as recorded: an import keeps the name, the place and
`required` of a parameter; path parameters need no declaration; `default` is the integration response without a pattern;
`security` at the root applies to operations that declare none.
"""

from __future__ import annotations

import json
from typing import Any, Callable, Dict, Iterator, List, Mapping, Optional, Sequence, Tuple

from .._engine.errors import AwsError
from .document_shape import METHODS, Problem
from .member_defaults import (
    AUTHORIZER,
    GATEWAY_RESPONSE,
    INTEGRATION_RESPONSE,
    canonical,
    canonical_integration,
    validator_flags,
)
from .settings import document_settings
from .state import ApiState, Plain, plain_parameters, plain_schema, trimmed

_AUTHORIZER = "x-amazon-apigateway-authorizer"
_INTEGRATION = "x-amazon-apigateway-integration"
_PLACES = {"path": "path", "query": "querystring", "header": "header"}
"""The places of parameters that an import keeps: OpenAPI's word, and API Gateway's."""


def state_of_document(document: Mapping[str, Any], api_id: str = "") -> ApiState:
    """Return the state that an import of the document creates. `api_id` is the id of the API, if it exists."""
    resolve = _resolver(document)
    schemes = _components(document, "securitySchemes")
    return ApiState(
        settings=document_settings(document, api_id),
        routes={
            name: _route(name, operation, item, document, resolve) for name, operation, item in _operations(document)
        },
        models={name: plain_schema(schema) for name, schema in _components(document, "schemas").items()},
        request_validators={
            name: validator_flags(validator)
            for name, validator in (document.get("x-amazon-apigateway-request-validators") or {}).items()
        },
        gateway_responses={
            name: canonical(response, GATEWAY_RESPONSE)
            for name, response in (document.get("x-amazon-apigateway-gateway-responses") or {}).items()
        },
        authorizers={
            name: _authorizer(scheme) for name, scheme in schemes.items() if scheme.get(_AUTHORIZER) is not None
        },
    )


def declared_sections(document: Mapping[str, Any]) -> Dict[str, bool]:
    """Return which parts beside settings and routes a document declares, by the names in `SECTIONS`."""
    schemes = _components(document, "securitySchemes").values()
    return {
        "models": bool(_components(document, "schemas")),
        "request_validators": bool(document.get("x-amazon-apigateway-request-validators")),
        "gateway_responses": bool(document.get("x-amazon-apigateway-gateway-responses")),
        "authorizers": any(scheme.get(_AUTHORIZER) is not None for scheme in schemes),
    }


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
"""Members whose own members have names that the user chose: a property can be named `example`."""


def importable(document: Any, names: bool = False) -> Any:
    """Return a copy of a document without its examples.

    API Gateway keeps no examples. It rejects them in models, and a warning of one elsewhere would undo an import that
    fails on warnings. Extensions (`x-amazon-apigateway-*`) are copied unchanged.
    """
    if isinstance(document, dict):
        return {
            key: value if key.startswith("x-amazon-") else importable(value, key in _NAMED)
            for key, value in document.items()
            if names or key not in _EXAMPLES
        }
    return [importable(item) for item in document] if isinstance(document, list) else document


def reject_wrong_types(title: str, found: Sequence[Problem], with_warnings: bool) -> None:
    """Raise `AwsError` with all parts that an import would reject or, if `with_warnings`, omit with a warning."""
    problems = [problem for problem in found if with_warnings or not problem.warns]
    if problems:
        lines = [f"  {problem.path} must be {problem.expected}." for problem in problems]
        if all(problem.warns for problem in problems):
            lines.append(
                "An import omits them with a warning. To allow that, set fail_on_warnings to false "
                "(service_proxy_fail_on_warnings of the role)."
            )
        raise AwsError("\n".join([f"{title} has values of the wrong type. Nothing was changed.", *lines]))


def integrations(document: Mapping[str, Any]) -> Iterator[Plain]:
    """Yield each integration of the document; a change to it changes the document."""
    for _name, operation, _item in _operations(document):
        if isinstance(operation.get(_INTEGRATION), dict):
            yield operation[_INTEGRATION]


def _operations(document: Mapping[str, Any]) -> Iterator[Tuple[str, Plain, Plain]]:
    """Yield `METHOD /path`, the operation and its path item for each method of the document."""
    for path, item in (document.get("paths") or {}).items():
        for method in METHODS:
            if method in item:
                verb = "ANY" if method.startswith("x-") else method.upper()
                yield f"{verb} {path.rstrip('/') or '/'}", item[method] or {}, item


def _components(document: Mapping[str, Any], kind: str) -> Plain:
    return dict((document.get("components") or {}).get(kind) or {})


def _resolver(document: Mapping[str, Any]) -> Callable[[Any], Plain]:
    """Return a function that resolves the `$ref` of a parameter, a body or a response."""

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
            "integration": _integration(operation.get(_INTEGRATION) or {}),
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
    """Return the models by content type: a name for a reference, else the schema itself."""
    found = {}
    for content_type, media in (content or {}).items():
        schema = (media or {}).get("schema")
        if schema:
            found[content_type] = schema["$ref"].rsplit("/", 1)[-1] if "$ref" in schema else plain_schema(schema)
    return found


def _method_response(response: Plain) -> Plain:
    """Return the headers and models of a response. An import does not keep whether a header is required (recorded)."""
    return trimmed({"headers": sorted(response.get("headers") or {}), "models": _models(response.get("content"))})


def _integration(integration: Mapping[str, Any]) -> Plain:
    responses = {
        str(response.get("statusCode", "200")): {
            **({} if pattern == "default" else trimmed({"selectionPattern": pattern})),
            **canonical(response, INTEGRATION_RESPONSE),
        }
        for pattern, response in (integration.get("responses") or {}).items()
    }
    return {**canonical_integration(integration), **trimmed({"responses": responses})}


def _authorization(operation: Mapping[str, Any], document: Mapping[str, Any]) -> Plain:
    """Return the members of a method that restrict who can call it; none where everybody can."""
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
                found["authorizationScopes"] = sorted(scopes or [])
            elif scheme.get("x-amazon-apigateway-authtype") == "awsSigv4":
                found["authorization"] = "AWS_IAM"
            elif scheme.get("type") == "apiKey":
                found["apiKeyRequired"] = True
    return found


def _authorizer(scheme: Mapping[str, Any]) -> Plain:
    authorizer = scheme[_AUTHORIZER]
    # AWS writes the header `Unused` where the scheme names none.
    names_header = scheme.get("in") == "header" and scheme.get("name") != "Unused"
    header = f"method.request.header.{scheme.get('name')}" if names_header else None
    return canonical({**authorizer, "identitySource": authorizer.get("identitySource") or header}, AUTHORIZER)


def parse_document(definition: Any) -> Plain:
    """Return the document, from a dict or JSON text. Raise `ValueError` for text that is not JSON, or not an object."""
    document = json.loads(definition) if isinstance(definition, str) else definition
    if not isinstance(document, Mapping):
        raise ValueError("it must be an object")
    return dict(document)
