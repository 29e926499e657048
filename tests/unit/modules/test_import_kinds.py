# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Documents with a value of the wrong type: the local AWS rejects each with its place, the modules before that."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.codeless.apigateway.plugins.module_utils._engine.client import Aws
from ansible_collections.codeless.apigateway.plugins.module_utils._engine.errors import AwsError
from ansible_collections.codeless.apigateway.plugins.module_utils._rest_api import document_shape as _document_shape
from ansible_collections.codeless.apigateway.plugins.module_utils._rest_api import resource as _rest_api
from ansible_collections.codeless.apigateway.plugins.module_utils._rest_api.from_openapi import (
    declared_sections,
    importable,
    reject_wrong_types,
    state_of_document,
)
from ansible_collections.codeless.apigateway.plugins.module_utils._route import resource as route

from local_apigateway.control_plane.imports import shape
from unit.control_plane.plane import ApiCallError, Plane

WRONG: list[Any] = [None, True, 5, 1.5, "x", [], ["x"], [None], {}, {"Fn::Sub": "x"}, {"x": None}, {"$ref": 5}]
"""What stands in the place of each part, one after the other."""

INTEGRATION: dict[str, Any] = {
    "type": "aws",
    "httpMethod": "POST",
    "uri": "arn:aws:apigateway:eu-central-1:dynamodb:action/GetItem",
    "credentials": "arn:aws:iam::123456789012:role/a",
    "passthroughBehavior": "never",
    "contentHandling": "CONVERT_TO_TEXT",
    "connectionType": "INTERNET",
    "timeoutInMillis": 1000,
    "cacheNamespace": "n",
    "cacheKeyParameters": ["method.request.path.id"],
    "tlsConfig": {"insecureSkipVerification": False},
    "requestParameters": {"integration.request.header.A": "'b'"},
    "requestTemplates": {"application/json": "{}"},
    "responses": {
        "default": {
            "statusCode": "200",
            "responseParameters": {"method.response.header.A": "'b'"},
            "responseTemplates": {"application/json": "{}"},
            "contentHandling": "CONVERT_TO_TEXT",
        }
    },
}
AUTHORIZER: dict[str, Any] = {
    "type": "token",
    "authorizerUri": "arn:aws:apigateway:eu-central-1:lambda:path/2015-03-31/functions/f/invocations",
    "authorizerCredentials": "arn:aws:iam::123456789012:role/a",
    "identityValidationExpression": "x",
    "authorizerResultTtlInSeconds": 60,
}
SCHEMA: dict[str, Any] = {
    "type": "object",
    "title": "t",
    "description": "d",
    "required": ["a"],
    "properties": {"a": {"type": "string", "enum": ["a"], "pattern": "a", "maxLength": 2}, "b": {"$ref": "#/x"}},
    "additionalProperties": False,
    "allOf": [{"items": {"minimum": 1}}],
}
SETTINGS: dict[str, Any] = {
    "x-amazon-apigateway-api-key-source": "HEADER",
    "x-amazon-apigateway-binary-media-types": ["image/png"],
    "x-amazon-apigateway-documentation": {
        "version": "1",
        "documentationParts": [{"location": {"type": "METHOD", "path": "/"}, "properties": {"description": "d"}}],
    },
    "x-amazon-apigateway-gateway-responses": {
        "DEFAULT_4XX": {
            "statusCode": 404,
            "responseParameters": {"gatewayresponse.header.A": "'b'"},
            "responseTemplates": {"application/json": "{}"},
        }
    },
    "x-amazon-apigateway-minimum-compression-size": 0,
    "x-amazon-apigateway-policy": {"Version": "2012-10-17", "Statement": []},
    "x-amazon-apigateway-request-validator": "all",
    "x-amazon-apigateway-request-validators": {"all": {"validateRequestBody": True, "validateRequestParameters": True}},
    "x-amazon-apigateway-security-policy": "TLS_1_2",
}
SCHEME = {"type": "apiKey", "name": "A", "in": "header", "x-amazon-apigateway-authorizer": AUTHORIZER}
OPERATION: dict[str, Any] = {
    "operationId": "o",
    "description": "d",
    "tags": ["t"],
    "security": [{"one": []}],
    "x-amazon-apigateway-auth": {"type": "NONE"},
    "x-amazon-apigateway-request-validator": "all",
    "x-amazon-apigateway-integration": INTEGRATION,
}
OPENAPI: dict[str, Any] = {
    "openapi": "3.0.1",
    "info": {"title": "a", "version": "1", "description": "d"},
    "servers": [
        {
            "url": "https://a/{b}",
            "variables": {"b": {"default": "v1"}},
            "x-amazon-apigateway-endpoint-configuration": {"disableExecuteApiEndpoint": True, "vpcEndpointIds": ["v"]},
        }
    ],
    "security": [{"one": []}],
    "paths": {
        "/a/{id}": {
            "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}],
            "get": {
                **OPERATION,
                "parameters": [{"$ref": "#/components/parameters/q"}],
                "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/S"}}}},
                "responses": {
                    "200": {
                        "description": "ok",
                        "headers": {"A": {"schema": {"type": "string"}}},
                        "content": {"application/json": {"schema": {"type": "object"}}},
                    }
                },
            },
        }
    },
    "components": {
        "schemas": {"S": SCHEMA},
        "securitySchemes": {"one": SCHEME},
        "parameters": {"q": {"name": "q", "in": "query", "schema": {"type": "string"}}},
    },
    **SETTINGS,
}
SWAGGER: dict[str, Any] = {
    "swagger": "2.0",
    "info": {"title": "a"},
    "basePath": "/v1",
    "consumes": ["application/json"],
    "produces": ["application/json"],
    "paths": {
        "/a/{id}": {
            "get": {
                **OPERATION,
                "consumes": ["application/json"],
                "parameters": [
                    {"name": "id", "in": "path", "required": True, "type": "string"},
                    {"name": "b", "in": "body", "schema": {"$ref": "#/definitions/S"}},
                ],
                "responses": {"200": {"description": "ok", "headers": {"A": {"type": "string"}}, "schema": SCHEMA}},
            }
        }
    },
    "definitions": {"S": SCHEMA},
    "securityDefinitions": {"one": SCHEME},
    "x-amazon-apigateway-request-validators": {"all": {}},
    "x-amazon-apigateway-endpoint-configuration": {"disableExecuteApiEndpoint": True},
}
WANTED = {"state": "present", "name": "a", "fail_on_warnings": True}
Place = tuple[Any, ...]


def places(value: Any, place: Place = ()) -> Iterator[Place]:
    """Return the place of each part of a document."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, item in items:
        yield (*place, name)
        yield from places(item, (*place, name))


def replaced(document: Any, place: Place, value: Any) -> Any:
    """Return a copy of a document with another value in one place."""
    whole = copy.deepcopy(document)
    holder = whole
    for name in place[:-1]:
        holder = holder[name]
    holder[place[-1]] = value
    return whole


def failure(plane: Plane, api_id: str, document: Any) -> ApiCallError | None:
    try:
        plane.PutRestApi(restApiId=api_id, mode="overwrite", body=json.dumps(document).encode())
    except ApiCallError as error:
        return error
    return None


@pytest.mark.parametrize("document", [OPENAPI, SWAGGER], ids=["openapi", "swagger"])
def test_no_wrong_kind_is_an_internal_error_or_taken_in_silence(tmp_path: Path, document: dict[str, Any]) -> None:
    plane = Plane(tmp_path)
    api_id = plane.ImportRestApi(body=json.dumps(document).encode())["id"]
    errors = []
    for place in places(document):
        for wrong in WRONG:
            errors += errors_of(plane, api_id, document, place, wrong)
    assert not errors, "\n".join(errors[:40])


def errors_of(plane: Plane, api_id: str, document: Any, place: Place, wrong: Any) -> Iterator[str]:
    """Yield the errors in the response to a document with one wrong value."""
    whole = replaced(document, place, wrong)
    where = f"{'.'.join(map(str, place))} = {wrong!r}"
    try:
        error = failure(plane, api_id, whole)
    except Exception as broken:
        yield f"{where}: the local AWS ends in {broken!r}"
        return
    found = [problem for problem in _document_shape.problems(whole) if not problem.warns]
    if error is not None and (error.status, error.code) != (400, "BadRequestException"):
        yield f"{where}: {error}"
    if found and len(place) > 1 and not (error and found[0].path in error.message):
        yield f"{where}: refused by the modules, but {error} by the local AWS"
    is_seen = error is not None or _document_shape.problems(whole) != []
    if wrong == {"Fn::Sub": "x"} and is_text_or_list(document, place) and not is_seen:
        yield f"{where}: accepted"
    if error is None and not found:
        try:
            state_of_document(importable(whole))
            declared_sections(whole)
        except Exception as broken:
            yield f"{where}: the modules end in {broken!r}"


def is_text_or_list(document: Any, place: Place) -> bool:
    """Return whether the place is none in which an object can stand."""
    value = document
    for name in place:
        value = value[name]
    is_json_of_the_user = place[0] == "x-amazon-apigateway-policy" or {"properties", "enum"} & {*place[-2:]}
    can_be_object = place[-1] == "additionalProperties"
    return not (isinstance(value, dict) or is_json_of_the_user or can_be_object)


def test_the_modules_reject_wrong_types_before_the_first_call() -> None:
    document = replaced(OPENAPI, ("paths", "/a/{id}", "get", "x-amazon-apigateway-integration", "uri"), {"Ref": "x"})
    document["paths"]["/a/{id}"]["get"]["responses"] = []
    aws = Aws(lambda service: pytest.fail(f"a client of {service}"))
    with pytest.raises(AwsError) as caught:
        _rest_api.planned(aws, {**WANTED, "definition": document})
    for line in (
        'paths."/a/{id}".get.responses must be an object.',
        'paths."/a/{id}".get.x-amazon-apigateway-integration.uri must be a text.',
    ):
        assert line in caught.value.text
    with pytest.raises(AwsError, match="`operation` has values of the wrong type"):
        route.planned(aws, {"state": "present", "route": "GET /a", "operation": {"responses": []}})
    for wrong in (5, "[]", '"x"', None):
        with pytest.raises(AwsError, match="is not a JSON document"):
            _rest_api.planned(aws, {**WANTED, "definition": wrong})


def test_a_mapping_that_is_no_text_is_an_error_where_warnings_fail() -> None:
    place = ("paths", "/a/{id}", "get", "x-amazon-apigateway-integration", "requestTemplates", "application/json")
    found = _document_shape.problems(replaced(OPENAPI, place, {"a": 1}))
    reject_wrong_types("it", found, with_warnings=False)
    with pytest.raises(AwsError, match="must be a text"):
        reject_wrong_types("it", found, with_warnings=True)


def test_the_modules_and_the_local_aws_have_one_table() -> None:
    """Neither may import the other. After a change copy `_document_shape.py` over `shape.py`."""
    one, other = (Path(module.__file__).read_text(encoding="utf-8") for module in (_document_shape, shape))
    assert one == other
