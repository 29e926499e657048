# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The wire protocol of the management API, taken from botocore's service model `apigateway` (rest-json).

Requests are converted to the name and the parameters of an operation, results to the body that an SDK expects. Nothing
here depends on what an operation does.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, cast
from urllib.parse import parse_qsl, unquote

from botocore.loaders import Loader
from botocore.model import OperationModel, ServiceModel, Shape, StructureShape

from ..model import Wire
from .errors import SerializationError
from .validation import validate


@dataclass(frozen=True)
class Route:
    """The method, path and literal query parameters of one operation."""

    operation: OperationModel
    method: str
    path: re.Pattern[str]
    query: tuple[tuple[str, str], ...]

    @property
    def weight(self) -> tuple[int, int]:
        """Return a key that sorts specific routes first: a literal query, then fewer placeholders."""
        return (-len(self.query), self.path.groups)


@dataclass(frozen=True)
class ApiRequest:
    """A request to the management API: `path` percent-encoded, `query` decoded, header names in lower case."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class ApiResponse:
    """A response of the management API."""

    status: int
    headers: dict[str, str]
    body: bytes


@cache
def service_model() -> ServiceModel:
    """Return botocore's model of API Gateway's management API."""
    return ServiceModel(Loader().load_service_model("apigateway", "service-2"), "apigateway")


@cache
def routes() -> tuple[Route, ...]:
    """Return all routes of the service, specific ones first."""
    model = service_model()
    return tuple(
        sorted((_route(model.operation_model(name)) for name in model.operation_names), key=lambda r: r.weight)
    )


def _route(operation: OperationModel) -> Route:
    path, _unused, query = operation.http["requestUri"].partition("?")
    return Route(operation, operation.http["method"], _path_pattern(path), tuple(parse_qsl(query)))


def _path_pattern(path: str) -> re.Pattern[str]:
    """Return the pattern of a path like `/tags/{resource_arn}`. Some clients do not encode the slashes of an ARN."""
    pattern = ""
    for index, part in enumerate(re.split(r"\{(\w+)\}", path)):
        if index % 2 == 0:
            pattern += re.escape(part)
        else:
            pattern += f"(?P<{part}>{'.+' if part == 'resource_arn' else '[^/]*'})"
    return re.compile(pattern + "/?")


def find_operation(request: ApiRequest) -> tuple[OperationModel, dict[str, str]] | None:
    """Return the operation that a request names, and the parameters in its path; None for an unknown one."""
    for route in routes():
        found = route.path.fullmatch(request.path) if route.method == request.method else None
        if found and all(pair in request.query for pair in route.query):
            return route.operation, {name: unquote(value) for name, value in found.groupdict().items()}
    return None


def operation_name(request: ApiRequest) -> str:
    """Return the name of the operation that a request names; method and path for an unknown one."""
    found = find_operation(request)
    return str(found[0].name) if found else f"{request.method} {request.path}"


def parse_parameters(operation: OperationModel, uri: Mapping[str, str], request: ApiRequest) -> Wire:
    """Return the operation's parameters, validated against the model.

    Raises `SerializationError` for a body that does not fit, `ValidationError` for values out of bounds.
    """
    shape = operation.input_shape
    if shape is None:
        return {}
    params = {**_body(operation, request), **_located(operation, shape, uri, request)}
    validate(operation, params)
    return params


def _located(operation: OperationModel, shape: StructureShape, uri: Mapping[str, str], request: ApiRequest) -> Wire:
    """Return the parameters in the URI, the query and the headers."""
    literal = dict(parse_qsl(operation.http["requestUri"].partition("?")[2]))
    query = [(name, value) for name, value in request.query if literal.get(name) != value]
    named = {member.serialization.get("name") for member in shape.members.values()}
    found: Wire = {}
    for name, member in shape.members.items():
        value = _member_from(member, uri, query, request.headers, named)
        if value is not None:
            found[name] = value
    return found


def _member_from(
    member: Shape,
    uri: Mapping[str, str],
    query: list[tuple[str, str]],
    headers: Mapping[str, str],
    named: set[str | None],
) -> Any:
    location, name = member.serialization.get("location"), str(member.serialization.get("name", member.name))
    if location == "uri":
        return uri.get(name)
    if location == "header":
        return headers.get(name.lower())
    if location != "querystring":
        return None
    if member.type_name == "map":
        return {key: value for key, value in query if key not in named} or None
    values = [value for key, value in query if key == name]
    if member.type_name == "list":
        return values or None
    return _from_text(member, values[0]) if values else None


def _from_text(member: Shape, text: str) -> Any:
    """Convert a query parameter to its type. Text that is not a number stays text, which the operation rejects."""
    if member.type_name == "boolean":
        return text.lower() == "true"
    if member.type_name in {"integer", "long"} and re.fullmatch(r"-?\d+", text):
        return int(text)
    return text


def _body(operation: OperationModel, request: ApiRequest) -> Wire:
    shape = cast(Shape, operation.input_shape)
    payload = shape.serialization.get("payload")
    if payload:
        return {payload: request.body}
    if not request.body.strip():
        return {}
    try:
        document = json.loads(request.body)
    except ValueError:
        raise SerializationError("Unable to parse the request's body as JSON") from None
    if not isinstance(document, dict):
        raise SerializationError("Start of structure or map found where not expected.")
    return _structure_in(shape, document)


def _structure_in(shape: StructureShape, document: Mapping[str, Any]) -> Wire:
    """Return the members of a structure in the body. Ignores unknown members and null, as AWS does."""
    found: Wire = {}
    for name, member in shape.members.items():
        wire_name = member.serialization.get("name", name)
        if "location" not in member.serialization and document.get(wire_name) is not None:
            found[name] = _value_in(member, document[wire_name])
    return found


def _value_in(shape: Shape, value: Any) -> Any:
    if shape.type_name == "structure":
        return _structure_in(shape, _expect(value, dict))
    if shape.type_name == "list":
        return [_value_in(shape.member, item) for item in _expect(value, list)]
    if shape.type_name == "map":
        return {
            key: None if item is None else _value_in(shape.value, item) for key, item in _expect(value, dict).items()
        }
    if shape.type_name == "string" and not isinstance(value, str):
        raise SerializationError(f"class {_java_class(value)} can not be converted to an String")
    return value


def _expect(value: Any, kind: type) -> Any:
    if not isinstance(value, kind):
        raise SerializationError("Start of structure or map found where not expected.")
    return value


def _java_class(value: object) -> str:
    """Return AWS's name for the type of a JSON value (those of containers are not recorded)."""
    if isinstance(value, bool):
        return "java.lang.Boolean"
    if isinstance(value, (int, float)):
        return "com.amazon.coral.value.json.numbers.TruncatingBigNumber"
    return "java.util.Map" if isinstance(value, dict) else "java.util.List"


def build_response(operation: OperationModel, result: Wire | None) -> ApiResponse:
    """Convert a result to the response of an operation: members in the model's order, without None."""
    status = int(operation.http.get("responseCode", 200))
    shape = operation.output_shape
    headers = {"Content-Type": "application/json"}
    if shape is None or result is None:
        return ApiResponse(status, headers, b"")
    payload = shape.serialization.get("payload")
    if payload:
        return ApiResponse(status, _headers_out(shape, result), result[payload])
    return ApiResponse(status, headers, json.dumps(_value_out(shape, result), separators=(",", ":")).encode())


def _headers_out(shape: StructureShape, result: Wire) -> dict[str, str]:
    members = ((name, member.serialization) for name, member in shape.members.items())
    return {at["name"]: str(result[name]) for name, at in members if at.get("location") == "header" and name in result}


def _value_out(shape: Shape, value: Any) -> Any:
    if value is None:
        return None
    if shape.type_name == "structure":
        return dict(_members_out(shape, value))
    if shape.type_name == "list":
        return [_value_out(shape.member, item) for item in value]
    if shape.type_name == "map":
        return {key: _value_out(shape.value, item) for key, item in value.items()}
    return value


def _members_out(shape: StructureShape, value: Wire) -> Iterable[tuple[str, Any]]:
    for name, member in shape.members.items():
        if value.get(name) is not None:
            yield member.serialization.get("name", name), _value_out(member, value[name])
