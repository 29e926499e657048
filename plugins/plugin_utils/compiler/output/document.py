# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The OpenAPI document of an API, as ImportRestApi and PutRestApi take it.

It does not depend on the target: partition, Region and account are the placeholders `${AWS::Partition}`,
`${AWS::Region}` and `${AWS::AccountId}`. Integrations have no credentials, because the execution role depends on the
target, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..actions.model import Parameter
from ..routes.route import Route
from ..spec.authorization import Authorization
from ..spec.cors import ORIGIN_HEADER, Cors, cors_response_headers, preflight
from ..spec.paths import Path
from ..spec.statuses import COMMON, INTEGRATION_RESPONSES, STATUSES
from ..spec.unique_names import UniqueNames, camel_case
from . import examples
from .render import RouteTemplates
from .schemas import Schemas

Json = dict[str, Any]

JSON_TYPE = "application/json"
VALIDATORS: dict[str, Json] = {
    "parameters": {"validateRequestParameters": True, "validateRequestBody": False},
    "parameters-and-body": {"validateRequestParameters": True, "validateRequestBody": True},
}
_GATEWAY_ERROR = '{"message":$context.error.messageString}'
# The validator's text has no quotes around it, but the quotes in it are escaped.
_BODY_ERROR = '{"message":"$context.error.message: $context.error.validationErrorString"}'


@dataclass(frozen=True)
class Info:
    """The settings of the whole API."""

    name: str
    description: str | None
    cors: Cors | None
    authorization: Authorization


def build(info: Info, routes: Sequence[tuple[Route, RouteTemplates]]) -> Json:
    """Return the document of these routes."""
    schemas = Schemas()
    ids = UniqueNames()
    paths: dict[str, Json] = {}
    for route, templates in routes:
        name = ids.take(route.operation_id or _operation_id(route))
        operation = _operation(route, templates, name, info, schemas)
        paths.setdefault(route.path.text, {})[_method_key(route.method)] = operation
    if info.cors:
        for text, methods in paths.items():
            methods["options"] = _preflight(info.cors, text, routes)
    schemes = info.authorization.schemes([route.requirement for route, _templates in routes])
    return _document(info, paths, schemas, schemes)


def _document(info: Info, paths: dict[str, Json], schemas: Schemas, schemes: Json) -> Json:
    described = {"description": info.description} if info.description else {}
    head = {"title": info.name, "version": "1.0", **described}
    components: Json = {"schemas": schemas.components}
    if schemes:
        components["securitySchemes"] = schemes
    document = {"openapi": "3.0.1", "info": head, "paths": paths, "components": components}
    used = _validators_in(paths)
    if used:
        document["x-amazon-apigateway-request-validators"] = {name: VALIDATORS[name] for name in used}
    document["x-amazon-apigateway-gateway-responses"] = _gateway_responses(
        info.cors, bodies="parameters-and-body" in used
    )
    return document


def _validators_in(paths: dict[str, Json]) -> list[str]:
    operations = [operation for methods in paths.values() for operation in methods.values()]
    return sorted({name for one in operations if (name := one.get("x-amazon-apigateway-request-validator"))})


def _method_key(method: str) -> str:
    return "x-amazon-apigateway-any-method" if method == "ANY" else method.lower()


def _operation_id(route: Route) -> str:
    names = [f"by {segment.strip('{}+')}" if segment.startswith("{") else segment for segment in route.path.segments]
    return route.method.lower() + camel_case(names or ["root"])


def _operation(route: Route, templates: RouteTemplates, operation_id: str, info: Info, schemas: Schemas) -> Json:
    operation: Json = {
        "operationId": operation_id,
        "summary": route.summary or _summary(route),
        "tags": [route.table.name],
    }
    if route.description:
        operation["description"] = route.description
    operation.update(_request(route, operation_id, schemas))
    operation["responses"] = _responses(route, templates, info.cors, schemas)
    if route.requirement.security:
        operation["security"] = route.requirement.security
    for status in route.requirement.statuses:
        operation["responses"][status] = _error(status, STATUSES[status], info.cors, schemas)
    operation["x-amazon-apigateway-integration"] = _integration(route, templates, info.cors)
    return operation


def _summary(route: Route) -> str:
    of = f"index {route.index.name} of table {route.table.name}" if route.index else f"table {route.table.name}"
    return f"{route.action.name} on {of}"


def _request(route: Route, operation_id: str, schemas: Schemas) -> Json:
    """Return the parameters and the body of the request, and the validator that requires them."""
    request: Json = {}
    known = _once(route.parts.parameters)
    others = (parameter for parameter in known if parameter.place != "path")
    parameters = [*_path_parameters(route.path, known), *map(_parameter, others)]
    if parameters:
        request["parameters"] = parameters
    if route.parts.body:
        schema = schemas.body(operation_id, route.parts.body, closed=route.parts.closed_body)
        content = {"schema": schema, "example": examples.body(route.parts.body)}
        is_required = route.parts.closed_body or any(member.required for member in route.parts.body)
        request["requestBody"] = {"required": is_required, "content": {JSON_TYPE: content}}
    if route.parts.body:
        request["x-amazon-apigateway-request-validator"] = "parameters-and-body"
    elif any(_is_validated(parameter) for parameter in known if parameter.place != "path"):
        request["x-amazon-apigateway-request-validator"] = "parameters"
    return request


def _once(parameters: Iterable[Parameter]) -> list[Parameter]:
    """Return each parameter once, required if one of its uses requires it. Header names ignore case."""
    known: dict[tuple[str, str], Parameter] = {}
    for one in parameters:
        place = (one.place, one.name.lower() if one.place == "header" else one.name)
        first = known.setdefault(place, one)
        known[place] = replace(first, required=first.required or one.required)
    return list(known.values())


def _path_parameters(path: Path, known: Iterable[Parameter] = ()) -> list[Json]:
    """Return the path parameters, which OpenAPI requires in each operation of a path.

    `known` are the parameters of the route, which have examples.
    """
    examples_of = {parameter.name: parameter.example for parameter in known if parameter.place == "path"}
    return [
        _parameter(Parameter("path", name, f"A part of the path: {name}.", example=examples_of.get(name, "text")))
        for name in path.parameters
    ]


def _is_validated(parameter: Parameter) -> bool:
    """Return whether API Gateway's validator can require the parameter.

    The template checks headers instead: the validator compares names with their case (AWS: "Header names and query
    parameters are processed in a case-sensitive way"), but HTTP/2 sends them in lower case.
    """
    return parameter.required and parameter.place != "header"


def _parameter(parameter: Parameter) -> Json:
    required = _is_validated(parameter)
    note = " Required." if parameter.required and not required else ""
    example = {} if parameter.example is None else {"example": parameter.example}
    return {
        "name": parameter.name,
        "in": parameter.place,
        "required": required,
        "description": f"{parameter.description}{note}",
        "schema": {"type": parameter.type},
        **example,
    }


def _responses(route: Route, templates: RouteTemplates, cors: Cors | None, schemas: Schemas) -> Json:
    responses = {route.success: _response("The answer.", _result(route, schemas), cors, templates.headers("200"))}
    described = {**{status: STATUSES[status] for status in COMMON}, **route.parts.responses}
    for status in sorted(described):
        headers = templates.headers(status) if status in templates.responses else ()
        responses[status] = _error(status, described[status], cors, schemas, headers)
    return responses


def _error(status: str, description: str, cors: Cors | None, schemas: Schemas, headers: tuple[str, ...] = ()) -> Json:
    content = {"schema": schemas.error(), "example": {"message": STATUSES[status]}}
    return _response(description, content, cors, headers)


def _result(route: Route, schemas: Schemas) -> Json | None:
    if "200" in route.custom_responses or not route.parts.result:
        return None
    of_result = (route.table, route.parts.result, route.parts.projection)
    return {"schema": schemas.result(*of_result), "example": examples.result(*of_result)}


def _response(description: str, content: Json | None, cors: Cors | None, headers: tuple[str, ...]) -> Json:
    response: Json = {"description": description}
    names = (*(cors_response_headers(cors, headers) if cors else ()), *headers)
    if names:
        response["headers"] = {name: {"schema": {"type": "string"}} for name in names}
    if content:
        response["content"] = {JSON_TYPE: content}
    return response


def _integration(route: Route, templates: RouteTemplates, cors: Cors | None) -> Json:
    return {
        "type": "aws",
        "httpMethod": "POST",
        "uri": f"arn:${{AWS::Partition}}:apigateway:${{AWS::Region}}:dynamodb:action/{route.action.name}",
        "passthroughBehavior": "never",
        "requestTemplates": {JSON_TYPE: templates.request},
        "responses": {
            answer.selection: _integration_response(
                route.success if answer.status == "200" else answer.status,
                templates.responses[answer.status],
                cors_response_headers(cors, templates.headers(answer.status)) if cors else {},
            )
            for answer in INTEGRATION_RESPONSES
        },
    }


def _integration_response(status: str, template: str, headers: Mapping[str, str]) -> Json:
    response: Json = {"statusCode": status, "responseTemplates": {JSON_TYPE: template}}
    if headers:
        response["responseParameters"] = {f"method.response.header.{n}": f"'{v}'" for n, v in headers.items()}
    return response


def _preflight(cors: Cors, path: str, routes: Iterable[tuple[Route, RouteTemplates]]) -> Json:
    here = [route for route, _templates in routes if route.path.text == path]
    headers = [one.name for route in here for one in route.parts.parameters if one.place == "header"]
    headers += [header for route in here for header in route.requirement.headers]
    parameters = _path_parameters(here[0].path)
    operation = preflight(cors, {route.method for route in here}, headers)
    return {"parameters": parameters, **operation} if parameters else operation


def _gateway_responses(cors: Cors | None, *, bodies: bool) -> Json:
    """Return gateway responses that give API Gateway's own errors the form of ours, with the CORS origin.

    If `bodies` are validated, the response to an invalid body has the validator's message.
    """
    response: Json = {"responseTemplates": {JSON_TYPE: _GATEWAY_ERROR}}
    if cors:
        response["responseParameters"] = {f"gatewayresponse.header.{ORIGIN_HEADER}": f"'{cors.allow_origin}'"}
    body_error = {"BAD_REQUEST_BODY": {**response, "responseTemplates": {JSON_TYPE: _BODY_ERROR}}} if bodies else {}
    return {**body_error, "DEFAULT_4XX": response, "DEFAULT_5XX": dict(response)}
