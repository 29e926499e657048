# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the modules expect of an import, held against imports that were recorded on AWS."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.codeless.apigateway.plugins.module_utils._rest_api.draft import Draft
from ansible_collections.codeless.apigateway.plugins.module_utils._rest_api.from_aws import state_of_draft
from ansible_collections.codeless.apigateway.plugins.module_utils._rest_api.from_openapi import (
    state_of_document,
)
from ansible_collections.codeless.apigateway.plugins.module_utils._rest_api.state import aligned, diffs

from conformance.modules.recorded_imports import SNAPSHOTS, recorded

pytestmark = pytest.mark.skipif(not SNAPSHOTS.exists(), reason=f"no recordings at {SNAPSHOTS}")

MOCK = {"type": "mock", "requestTemplates": {"application/json": '{"statusCode": 200}'}}
HTTP = {
    "type": "http",
    "httpMethod": "GET",
    "uri": "http://petstore-demo-endpoint.execute-api.com/petstore/pets",
    "passthroughBehavior": "when_no_match",
    "responses": {"default": {"statusCode": "200"}},
}


def model(name: str) -> dict[str, Any]:
    """A body or an answer of one model, as OpenAPI has it."""
    return {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}}


def differences(draft: Draft, document: dict[str, Any]) -> list[tuple[str, Any, Any]]:
    want = state_of_document(document)
    have = aligned(state_of_draft(draft, list(want.models)), want)
    return [(diff.title, diff.before, diff.after) for diff in diffs(have, want)]


def test_models_validators_and_templates_come_back_as_declared() -> None:
    person = {
        "type": "object",
        "description": "Random person schema.",
        "properties": {
            "name": {"type": "string", "description": "Random property"},
            "b": {"type": "number"},
            "house": {"$ref": "#/components/schemas/House"},
        },
        "required": ["name", "b"],
    }
    random = {"type": "string", "description": "Random property", "format": "byte"}
    contains = {
        "type": "array",
        "items": {"$ref": "#/components/schemas/Person"},
        "minItems": 1,
        "description": "The information of who is living in the house",
    }
    house = {
        "type": "object",
        "description": "Where a Person can live",
        "properties": {"randomProperty": random, "contains": contains},
    }
    echo = '{"echo": $input.json(\'$\'), "response": "mocked"}'
    responses = {"default": {"statusCode": "200", "responseTemplates": {"application/json": echo}}}
    document = {
        "openapi": "3.0.2",
        "info": {"title": "Circular model reference", "version": "1.0"},
        "x-amazon-apigateway-request-validators": {
            "basic": {"validateRequestBody": True, "validateRequestParameters": True}
        },
        "x-amazon-apigateway-request-validator": "basic",
        "components": {
            "schemas": {"Person": person, "House": house, "Empty": {"title": "Empty Schema", "type": "object"}}
        },
        "paths": {
            "/person": {
                "post": {
                    "operationId": "CreatePerson",
                    "requestBody": {
                        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Person"}}}
                    },
                    "responses": {"200": {"content": model("Empty")}},
                    "x-amazon-apigateway-integration": {
                        **MOCK,
                        "responses": responses,
                        "passthroughBehavior": "when_no_templates",
                    },
                }
            }
        },
    }
    draft = recorded("test_import_with_circular_models_and_request_validation")
    assert differences(draft, document) == []
    document["paths"]["/person"]["post"]["operationId"] = "Other"
    assert [title for title, *_sides in differences(draft, document)] == ["route POST /person"]


def test_root_security_and_undeclared_path_parameters_count() -> None:
    echo = '{"echo": "$input.params(\'data\')", "response": "mocked"}'
    draft = recorded("test_import_with_global_api_key_authorizer")
    authorizer = draft.authorizers[0]
    document = {
        "openapi": "3.0.1",
        "info": {"title": draft.api["name"], "version": "1.0"},
        "x-amazon-apigateway-api-key-source": "AUTHORIZER",
        "security": [{authorizer["name"]: []}],
        "components": {
            "securitySchemes": {
                authorizer["name"]: {
                    "type": "apiKey",
                    "name": "Custom-Authorization",
                    "in": "header",
                    "x-amazon-apigateway-authorizer": {
                        "type": authorizer["type"].lower(),
                        "authorizerUri": authorizer["authorizerUri"],
                        "identitySource": authorizer["identitySource"],
                        "authorizerResultTtlInSeconds": authorizer["authorizerResultTtlInSeconds"],
                    },
                }
            }
        },
        "paths": {
            "/pets": {"get": {"responses": {"200": {}}, "x-amazon-apigateway-integration": HTTP}},
            "/echo/{data}": {
                "x-amazon-apigateway-any-method": {
                    "responses": {"200": {"content": model("Empty")}},
                    "x-amazon-apigateway-integration": {
                        **MOCK,
                        "passthroughBehavior": "when_no_templates",
                        "responses": {
                            "default": {"statusCode": "200", "responseTemplates": {"application/json": echo}}
                        },
                    },
                }
            },
        },
    }
    assert differences(draft, document) == []
    del document["security"]
    assert {title for title, *_sides in differences(draft, document)} == {"route GET /pets", "route ANY /echo/{data}"}
