# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""An OpenAPI document and an API on AWS in one canonical form: what is equal is found equal, what differs is named."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from ansible_collections.codeless.apigateway.plugins.module_utils._rest_api.draft import Draft
from ansible_collections.codeless.apigateway.plugins.module_utils._rest_api.from_aws import state_of_draft
from ansible_collections.codeless.apigateway.plugins.module_utils._rest_api.from_openapi import (
    importable,
    state_of_document,
)
from ansible_collections.codeless.apigateway.plugins.module_utils._rest_api.imports import with_undeclared
from ansible_collections.codeless.apigateway.plugins.module_utils._rest_api.state import aligned, diffs, digest

DOCUMENT: dict[str, Any] = {
    "openapi": "3.0.1",
    "info": {"title": "orders", "version": "1.0", "description": "Orders"},
    "x-amazon-apigateway-request-validators": {"params": {"validateRequestParameters": True}},
    "x-amazon-apigateway-gateway-responses": {
        "DEFAULT_4XX": {"responseParameters": {"gatewayresponse.header.Access-Control-Allow-Origin": "'*'"}}
    },
    "components": {
        "schemas": {"Order": {"type": "object", "required": ["b", "a"]}},
        "parameters": {"Page": {"name": "page", "in": "query", "schema": {"type": "string"}}},
    },
    "paths": {
        "/orders/{id}": {
            "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}],
            "get": {
                "operationId": "getOrder",
                "x-amazon-apigateway-request-validator": "params",
                "parameters": [{"$ref": "#/components/parameters/Page"}],
                "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Order"}}}},
                "responses": {
                    "200": {
                        "description": "An order",
                        "headers": {"Access-Control-Allow-Origin": {"schema": {"type": "string"}}},
                    }
                },
                "x-amazon-apigateway-integration": {
                    "type": "aws",
                    "httpMethod": "POST",
                    "uri": "arn:aws:apigateway:eu-central-1:dynamodb:action/GetItem",
                    "credentials": "arn:aws:iam::123456789012:role/orders",
                    "passthroughBehavior": "never",
                    "requestTemplates": {"application/json": "{}"},
                    "responses": {
                        "default": {"statusCode": "200", "responseTemplates": {"application/json": "ok"}},
                        "4\\d{2}": {"statusCode": "400"},
                    },
                },
            },
        }
    },
}

API: dict[str, Any] = {
    "id": "a1b2c3d4e5",
    "name": "orders",
    "description": "Orders",
    "version": "1.0",
    "apiKeySource": "HEADER",
    "endpointConfiguration": {"types": ["REGIONAL"], "ipAddressType": "ipv4"},
    "disableExecuteApiEndpoint": False,
}
"""A response of GetRestApis, with the members that API Gateway adds."""


def draft() -> Draft:
    """Return the draft after an import of DOCUMENT, as API Gateway returns it."""
    method = {
        "httpMethod": "GET",
        "authorizationType": "NONE",
        "apiKeyRequired": False,
        "operationName": "getOrder",
        "requestValidatorId": "val123",
        "requestParameters": {"method.request.path.id": True, "method.request.querystring.page": False},
        "requestModels": {"application/json": "Order"},
        "methodResponses": {
            "200": {
                "statusCode": "200",
                "responseParameters": {"method.response.header.Access-Control-Allow-Origin": False},
            }
        },
        "methodIntegration": {
            "type": "AWS",
            "httpMethod": "POST",
            "uri": "arn:aws:apigateway:eu-central-1:dynamodb:action/GetItem",
            "credentials": "arn:aws:iam::123456789012:role/orders",
            "passthroughBehavior": "NEVER",
            "timeoutInMillis": 29000,
            "cacheNamespace": "res123",
            "cacheKeyParameters": [],
            "requestTemplates": {"application/json": "{}"},
            "integrationResponses": {
                "200": {"statusCode": "200", "responseTemplates": {"application/json": "ok"}},
                "400": {"statusCode": "400", "selectionPattern": "4\\d{2}"},
            },
        },
    }
    return Draft(
        api=copy.deepcopy(API),
        resources=[
            {"id": "root", "path": "/"},
            {"id": "res123", "path": "/orders/{id}", "pathPart": "{id}", "resourceMethods": {"GET": method}},
        ],
        models=[
            {"name": "Empty", "schema": "{}"},
            {"name": "Order", "schema": '{"type": "object", "required": ["a", "b"]}'},
        ],
        request_validators=[
            {"id": "val123", "name": "params", "validateRequestParameters": True, "validateRequestBody": False}
        ],
        gateway_responses=[
            {
                "responseType": "DEFAULT_4XX",
                "responseParameters": {"gatewayresponse.header.Access-Control-Allow-Origin": "'*'"},
                "responseTemplates": {"application/json": '{"message":$context.error.messageString}'},
                "defaultResponse": False,
            },
            {"responseType": "THROTTLED", "statusCode": "429", "defaultResponse": True},
        ],
    )


def difference(of: Draft, document: dict[str, Any] | None = None) -> list[str]:
    want = state_of_document(document or DOCUMENT)
    have = aligned(state_of_draft(of, list(want.models)), want)
    return [diff.title for diff in diffs(have, want)]


def test_an_import_is_found_equal_to_its_document() -> None:
    assert difference(draft()) == []


def by_hand(change: str) -> Draft:
    """The draft after somebody changed one thing of it."""
    there = draft()
    method = there.resources[1]["resourceMethods"]["GET"]
    integration = method["methodIntegration"]
    changes = {
        "template": lambda: integration["requestTemplates"].update({"application/json": "{} "}),
        "passthrough": lambda: integration.update(passthroughBehavior="WHEN_NO_MATCH"),
        "role": lambda: integration.update(credentials="arn:aws:iam::123456789012:role/other"),
        "pattern": lambda: integration["integrationResponses"]["400"].update(selectionPattern="400"),
        "timeout": lambda: integration.update(timeoutInMillis=1000),
        "authorization": lambda: method.update(authorizationType="AWS_IAM"),
        "api key": lambda: method.update(apiKeyRequired=True),
        "validator": lambda: method.pop("requestValidatorId"),
        "parameter": lambda: method["requestParameters"].update({"method.request.querystring.page": True}),
        "header": lambda: method["methodResponses"]["200"].pop("responseParameters"),
        "route": lambda: there.resources.append(
            {"id": "r", "path": "/new", "resourceMethods": {"GET": {"methodIntegration": {"type": "MOCK"}}}}
        ),
        "gateway response": lambda: there.gateway_responses[0].update(responseParameters={}),
        "model": lambda: there.models[1].update(schema="{}"),
        "description": lambda: there.api.update(description="changed"),
    }
    changes[change]()
    return there


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ("template", "route GET /orders/{id}"),
        ("passthrough", "route GET /orders/{id}"),
        ("role", "route GET /orders/{id}"),
        ("pattern", "route GET /orders/{id}"),
        ("timeout", "route GET /orders/{id}"),
        ("authorization", "route GET /orders/{id}"),
        ("api key", "route GET /orders/{id}"),
        ("validator", "route GET /orders/{id}"),
        ("parameter", "route GET /orders/{id}"),
        ("header", "route GET /orders/{id}"),
        ("route", "route GET /new"),
        ("gateway response", "gateway response DEFAULT_4XX"),
        ("model", "model Order"),
        ("description", "settings of the REST API"),
    ],
)
def test_a_change_made_by_hand_is_found_and_named(change: str, named: str) -> None:
    assert difference(by_hand(change)) == [named]


def test_what_the_document_does_not_name_does_not_count() -> None:
    there = draft()
    there.api.update(policy="{}", binaryMediaTypes=["image/png"], minimumCompressionSize=10, tags={"a": "b"})
    there.models.append({"name": "Other", "schema": "{}"})
    there.request_validators.append({"id": "x", "name": "other", "validateRequestBody": True})
    assert difference(there) == []


def test_a_policy_that_aws_reformatted_is_the_same_policy() -> None:
    document = copy.deepcopy(DOCUMENT)
    document["x-amazon-apigateway-policy"] = {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "execute-api:/*"}
        ],
    }
    there = draft()
    kept = json.dumps(document["x-amazon-apigateway-policy"]).replace(
        "execute-api:/*", "arn:aws:execute-api:eu-central-1:123456789012:a1b2c3d4e5/*"
    )
    there.api["policy"] = kept.replace('"', '\\"')
    assert difference(there, document) == []
    there.api["policy"] = kept.replace("Allow", "Deny").replace('"', '\\"')
    assert difference(there, document) == ["settings of the REST API"]


def test_what_the_console_and_terraform_say_in_other_words_is_the_same() -> None:
    there = draft()
    method = there.resources[1]["resourceMethods"]["GET"]
    method["requestParameters"] = {"method.request.querystring.page": False}
    method["methodResponses"]["200"]["responseParameters"]["method.response.header.Access-Control-Allow-Origin"] = True
    integration = method["methodIntegration"]
    integration.update(
        connectionType="INTERNET", responseTransferMode="BUFFERED", tlsConfig={"insecureSkipVerification": False}
    )
    integration["requestTemplates"]["text/plain"] = None
    there.models[1]["schema"] = (
        '{"$schema": "http://json-schema.org/draft-04/schema#", ' + there.models[1]["schema"][1:]
    )
    document = copy.deepcopy(DOCUMENT)
    operation = document["paths"]["/orders/{id}"]["get"]
    operation["x-amazon-apigateway-integration"]["requestTemplates"]["text/plain"] = ""
    assert difference(there, document) == []


def test_the_digest_follows_the_content_and_not_its_order() -> None:
    shuffled = {key: DOCUMENT[key] for key in reversed(list(DOCUMENT))}
    assert digest(state_of_document(shuffled)) == digest(state_of_document(DOCUMENT))
    changed = copy.deepcopy(DOCUMENT)
    changed["paths"]["/orders/{id}"]["get"]["x-amazon-apigateway-integration"]["uri"] += "x"
    assert digest(state_of_document(changed)) != digest(state_of_document(DOCUMENT))


POLICY = {"Version": "2012-10-17", "Statement": []}
SET = {
    **API,
    "description": "old",
    "version": "1",
    "binaryMediaTypes": ["image/png"],
    "minimumCompressionSize": 0,
    "apiKeySource": "AUTHORIZER",
    "policy": json.dumps(POLICY),
    "disableExecuteApiEndpoint": True,
    "endpointConfiguration": {"types": ["PRIVATE"], "vpcEndpointIds": ["vpce-1"]},
    "securityPolicy": "SecurityPolicy_TLS13_1_3_2025_09",
    "endpointAccessMode": "STRICT",
}
"""A response of GetRestApi for an API with every setting."""


def test_an_overwrite_carries_what_the_document_does_not_name() -> None:
    busy = {"responseType": "THROTTLED", "statusCode": "503", "responseParameters": {}, "defaultResponse": False}
    default = {"responseType": "UNAUTHORIZED", "statusCode": "401", "defaultResponse": True}
    there = Draft(SET, resources=[], gateway_responses=[busy, default])
    body = with_undeclared({"openapi": "3.0.1", "info": {"title": "orders"}}, there)
    assert body == {
        "openapi": "3.0.1",
        "info": {"title": "orders", "description": "old", "version": "1"},
        "x-amazon-apigateway-binary-media-types": ["image/png"],
        "x-amazon-apigateway-minimum-compression-size": 0,
        "x-amazon-apigateway-api-key-source": "AUTHORIZER",
        "x-amazon-apigateway-policy": POLICY,
        "x-amazon-apigateway-security-policy": "SecurityPolicy_TLS13_1_3_2025_09",
        "x-amazon-apigateway-endpoint-access-mode": "STRICT",
        "servers": [
            {
                "url": "/",
                "x-amazon-apigateway-endpoint-configuration": {
                    "disableExecuteApiEndpoint": True,
                    "vpcEndpointIds": ["vpce-1"],
                },
            }
        ],
        "x-amazon-apigateway-gateway-responses": {"THROTTLED": {"statusCode": "503"}},
    }


def test_an_overwrite_leaves_what_the_document_names() -> None:
    document = {
        "info": {"title": "orders", "description": "new", "version": "2"},
        "x-amazon-apigateway-binary-media-types": [],
        "x-amazon-apigateway-minimum-compression-size": 5,
        "x-amazon-apigateway-api-key-source": "HEADER",
        "x-amazon-apigateway-policy": {"Version": "new"},
        "x-amazon-apigateway-security-policy": "TLS_1_2",
        "x-amazon-apigateway-endpoint-access-mode": "BASIC",
        "servers": [
            {
                "url": "https://example.com/v1",
                "x-amazon-apigateway-endpoint-configuration": {
                    "disableExecuteApiEndpoint": False,
                    "vpcEndpointIds": [],
                },
            }
        ],
        "x-amazon-apigateway-gateway-responses": {"THROTTLED": {"statusCode": "429"}},
    }
    there = Draft(SET, resources=[], gateway_responses=[{"responseType": "UNAUTHORIZED", "statusCode": "403"}])
    assert with_undeclared(document, there) == document


def test_examples_are_not_imported_but_what_is_called_so_is() -> None:
    document = {
        "components": {
            "schemas": {"example": {"example": 1, "properties": {"example": {"type": "string", "examples": ["a"]}}}}
        },
        "paths": {
            "/a": {
                "get": {
                    "parameters": [{"name": "example", "in": "query", "example": 1}],
                    "responses": {
                        "200": {
                            "headers": {"example": {"example": "x"}},
                            "content": {"application/json": {"example": {}, "schema": {}}},
                        }
                    },
                    "x-amazon-apigateway-integration": {"requestTemplates": {"example": "kept"}},
                }
            }
        },
    }
    assert importable(document) == {
        "components": {"schemas": {"example": {"properties": {"example": {"type": "string"}}}}},
        "paths": {
            "/a": {
                "get": {
                    "parameters": [{"name": "example", "in": "query"}],
                    "responses": {"200": {"headers": {"example": {}}, "content": {"application/json": {"schema": {}}}}},
                    "x-amazon-apigateway-integration": {"requestTemplates": {"example": "kept"}},
                }
            }
        },
    }
