# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A Swagger 2.0 document becomes the OpenAPI 3 document that gives the same API."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ansible_collections.codeless.apigateway.plugins.module_utils._rest_api.swagger import openapi_of_swagger

from unit.control_plane.plane import Plane

MOCK = {
    "type": "mock",
    "requestTemplates": {"application/json": '{"statusCode": 200}'},
    "responses": {"default": {"statusCode": "200"}},
}
AUTHORIZER = {"type": "token", "authorizerUri": "arn:aws:apigateway:eu-central-1:lambda:path/2015-03-31/functions/f"}
SWAGGER: dict[str, Any] = {
    "swagger": "2.0",
    "info": {"title": "shop", "version": "1"},
    "host": "example.com",
    "basePath": "/v1",
    "schemes": ["https"],
    "consumes": ["application/json", "application/merge-patch+json"],
    "security": [{"key": []}],
    "parameters": {
        "page": {"name": "page", "in": "query", "required": True, "type": "integer"},
        "order": {"name": "order", "in": "body", "schema": {"$ref": "#/definitions/Order"}},
    },
    "responses": {"Gone": {"description": "gone", "headers": {"Retry-After": {"type": "integer"}}}},
    "paths": {
        "/orders/{id}": {
            "parameters": [{"name": "id", "in": "path", "required": True, "type": "string"}],
            "put": {
                "operationId": "PutOrder",
                "parameters": [{"$ref": "#/parameters/page"}, {"$ref": "#/parameters/order"}],
                "responses": {
                    "200": {"description": "ok", "schema": {"$ref": "#/definitions/Order"}},
                    "410": {"$ref": "#/responses/Gone"},
                },
                "x-amazon-apigateway-integration": MOCK,
            },
            "get": {
                "produces": ["application/xml"],
                "security": [{"caller": []}],
                "responses": {"200": {"description": "ok", "schema": {"$ref": "#/definitions/Order"}}},
                "x-amazon-apigateway-integration": MOCK,
            },
        }
    },
    "definitions": {
        "Order": {
            "type": "object",
            "properties": {"lines": {"type": "array", "items": {"$ref": "#/definitions/Line"}}},
        },
        "Line": {"type": "object"},
    },
    "securityDefinitions": {
        "key": {"type": "apiKey", "name": "x-api-key", "in": "header"},
        "caller": {
            "type": "apiKey",
            "name": "Authorization",
            "in": "header",
            "x-amazon-apigateway-authorizer": AUTHORIZER,
        },
    },
    "x-amazon-apigateway-binary-media-types": ["image/png"],
}


def test_the_openapi_document_gives_the_same_api(tmp_path: Path) -> None:
    plane = Plane(tmp_path)
    as_swagger, as_openapi = (draft(plane, one) for one in (SWAGGER, openapi_of_swagger(SWAGGER)))
    assert as_swagger == as_openapi
    assert "application/merge-patch+json" in json.dumps(as_openapi)
    assert "method.request.querystring.page" in json.dumps(as_openapi)


def draft(plane: Plane, document: dict[str, Any]) -> Any:
    """Return what an import made, with names in place of ids."""
    api_id = plane.ImportRestApi(body=json.dumps(document).encode())["id"]
    resources = plane.GetResources(restApiId=api_id, embed=["methods"])["item"]
    models = plane.GetModels(restApiId=api_id)["item"]
    authorizers = plane.GetAuthorizers(restApiId=api_id)["item"]
    api = plane.GetRestApi(restApiId=api_id)
    del api["createdDate"]
    text = json.dumps([resources, models, authorizers, api], sort_keys=True).replace(api_id, "API")
    for number, part in enumerate([*resources, *models, *authorizers]):
        text = text.replace(part["id"], f"ID{number}")
    return json.loads(text)
