# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Convert a Swagger 2.0 document to the OpenAPI 3 document whose import creates the same API.

The parts that an import keeps have the same meaning in both versions, and only their places differ: bodies, content
types, schemas and security schemes. The parts that it does not keep are omitted: `host`, `schemes`, form parameters,
and `basePath`, which this collection imports with the mode `ignore`.
"""

from __future__ import annotations

from typing import Any, Dict, List, Mapping

from .document_shape import METHODS

Plain = Dict[str, Any]

_JSON = ["application/json"]
_MOVED = {
    "#/definitions/": "#/components/schemas/",
    "#/parameters/": "#/components/parameters/",
    "#/responses/": "#/components/responses/",
}
_KEPT = ("info", "tags", "security")


def openapi_of_swagger(swagger: Mapping[str, Any]) -> Plain:
    """Return the OpenAPI 3 document of a Swagger 2.0 document in which all values have the right type."""
    components = {
        "schemas": _moved(swagger.get("definitions") or {}),
        "securitySchemes": swagger.get("securityDefinitions") or {},
    }
    return {
        "openapi": "3.0.1",
        **{name: value for name, value in swagger.items() if name in _KEPT or name.startswith("x-")},
        "paths": {path: _path(item, swagger) for path, item in swagger["paths"].items()},
        "components": {name: value for name, value in components.items() if value},
    }


def _path(item: Any, swagger: Mapping[str, Any]) -> Any:
    if not isinstance(item, dict):
        return item
    shared = item.get("parameters", [])
    return {
        name: _operation(value, shared, swagger) if name in METHODS else value
        for name, value in item.items()
        if name != "parameters"
    }


def _operation(operation: Mapping[str, Any], shared: List[Any], swagger: Mapping[str, Any]) -> Plain:
    """Return an operation with the parameters of its path, followed by its own."""
    declared = [_resolved(one, swagger) for one in [*shared, *operation.get("parameters", [])]]
    bodies = [one for one in declared if one.get("in") == "body"]
    parameters = [_parameter(one) for one in declared if one.get("in") in ("path", "query", "header")]
    produces = operation.get("produces") or swagger.get("produces") or _JSON
    kept = {name: value for name, value in operation.items() if name not in ("parameters", "consumes", "produces")}
    result: Plain = {**kept, "parameters": parameters} if parameters else kept
    if bodies:
        consumes = operation.get("consumes") or swagger.get("consumes") or _JSON
        result["requestBody"] = {"content": _content(bodies[-1], consumes)}
    if "responses" in operation:
        result["responses"] = {
            status: _response(_resolved(response, swagger), produces) if not str(status).startswith("x-") else response
            for status, response in operation["responses"].items()
        }
    return result


def _resolved(value: Mapping[str, Any], swagger: Mapping[str, Any]) -> Plain:
    """Return a parameter or a response, with its reference resolved."""
    if "$ref" not in value:
        return dict(value)
    found: Any = swagger
    for part in str(value["$ref"])[2:].split("/"):
        found = found[part.replace("~1", "/").replace("~0", "~")]
    return dict(found)


_PARAMETER = ("name", "in", "required", "description")


def _parameter(parameter: Mapping[str, Any]) -> Plain:
    """Return a parameter. An import does not keep its type, so the schema is always a string."""
    return {**{name: parameter[name] for name in _PARAMETER if name in parameter}, "schema": {"type": "string"}}


def _content(holder: Mapping[str, Any], kinds: List[str]) -> Plain:
    return {kind: {"schema": _moved(holder["schema"])} for kind in kinds if "schema" in holder}


def _response(response: Mapping[str, Any], kinds: List[str]) -> Plain:
    result = {name: value for name, value in response.items() if name not in ("schema", "examples")}
    if "headers" in response:
        result["headers"] = {name: {"schema": {"type": "string"}} for name in response["headers"]}
    return {**result, "content": _content(response, kinds)} if "schema" in response else result


def _moved(value: Any) -> Any:
    """Return a schema with references to the places of OpenAPI 3."""
    if isinstance(value, list):
        return [_moved(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        name: _reference(item) if name == "$ref" and isinstance(item, str) else _moved(item)
        for name, item in value.items()
    }


def _reference(reference: str) -> str:
    for before, after in _MOVED.items():
        if reference.startswith(before):
            return after + reference[len(before) :]
    return reference
