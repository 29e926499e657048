# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Imports and exports of documents as recorded on AWS: base paths, defaults, authorizers, models, and what is written.

The documents are our own. Each test names its source, a test of LocalStack's public snapshot tests, recorded on AWS:
`import::test_x` is TestApiGatewayImportRestApi::test_x in test_apigateway_import.snapshot.json, `extended::test_x` is
test_x in test_apigateway_extended.snapshot.json.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from unit.control_plane.plane import REGION, Plane

JSON = "application/json"
MOCK = {
    "type": "mock",
    "requestTemplates": {JSON: '{"statusCode": 200}'},
    "responses": {"default": {"statusCode": "200"}},
}
HTTP = {
    "type": "http",
    "httpMethod": "GET",
    "uri": "https://books.example.org",
    "passthroughBehavior": "when_no_match",
    "responses": {"default": {"statusCode": "200"}},
}
POOL = "arn:aws:cognito-idp:eu-central-1:123456789012:userpool/eu-central-1_readers"
LAMBDA = (
    "arn:aws:apigateway:eu-central-1:lambda:path/2015-03-31/functions/"
    "arn:aws:lambda:eu-central-1:123456789012:function:who/invocations"
)


@pytest.fixture
def plane(tmp_path: Path) -> Plane:
    return Plane(tmp_path)


def operation(integration: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    responses = {"200": {"description": "Found."}}
    return {"responses": responses, "x-amazon-apigateway-integration": integration or MOCK, **more}


def openapi(paths: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"openapi": "3.0.1", "info": {"title": "library", "version": "1"}, "paths": paths, **more}


def swagger(paths: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"swagger": "2.0", "info": {"title": "library", "version": "1"}, "paths": paths, **more}


def imported(plane: Plane, document: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Import a document and return the response."""
    api: dict[str, Any] = plane.ImportRestApi(body=json.dumps(document).encode(), **more)
    return api


def methods(plane: Plane, api_id: str) -> dict[str, dict[str, Any]]:
    """Return the methods of the draft by `"GET /path"`."""
    resources = plane.GetResources(restApiId=api_id, embed=["methods"], limit=500)["item"]
    return {
        f"{name} {resource['path']}": method
        for resource in resources
        for name, method in resource.get("resourceMethods", {}).items()
    }


def paths(plane: Plane, api_id: str) -> list[str]:
    return [resource["path"] for resource in plane.GetResources(restApiId=api_id)["item"]]


BASE_PATHS = [
    ("ignore", ["/", "/books"]),
    ("prepend", ["/", "/v1", "/v1/open", "/v1/open/books"]),
    ("split", ["/", "/open", "/open/books"]),
]
SERVER_OF_VARIABLE = {"url": "https://example.org", "variables": {"basePath": {"default": "/v1/open"}}}
DOCUMENTS = {
    "swagger": swagger({"/books": {"get": operation()}}, basePath="/v1/open"),
    "server url": openapi({"/books": {"get": operation()}}, servers=[{"url": "https://example.org/v1/open/"}]),
    "server variable": openapi({"/books": {"get": operation()}}, servers=[SERVER_OF_VARIABLE]),
}


@pytest.mark.parametrize(("mode", "expected"), BASE_PATHS)
@pytest.mark.parametrize("kind", DOCUMENTS)
def test_a_base_path_is_ignored_prepended_or_split(kind: str, mode: str, expected: list[str], plane: Plane) -> None:
    """Recorded: import::test_import_rest_apis_with_base_path_swagger and
    import::test_import_rest_api_with_base_path_oas30."""
    api = imported(plane, DOCUMENTS[kind], parameters={"basepath": mode})
    assert paths(plane, api["id"]) == expected


def test_a_base_path_of_one_part_is_split_to_nothing(plane: Plane) -> None:
    """Recorded: import::test_import_rest_api_with_base_path_oas30[split], of a server variable."""
    server = {"url": "https://example.org", "variables": {"basePath": {"default": "/v1"}}}
    api = imported(plane, openapi({"/books": {"get": operation()}}, servers=[server]), parameters={"basepath": "split"})
    assert paths(plane, api["id"]) == ["/", "/books"]


def test_a_warning_names_the_path_with_its_base(plane: Plane) -> None:
    """Recorded: import::test_import_rest_api_with_base_path_oas30; the entry itself is left out."""
    backend = {
        **MOCK,
        "requestParameters": {"integration.request.header.A": True, "integration.request.header.B": "'b'"},
    }
    api = imported(
        plane, swagger({"/books": {"get": operation(backend)}}, basePath="/v1"), parameters={"basepath": "prepend"}
    )
    assert api["warnings"] == [
        "Invalid format for 'requestParameters'. Expected type string for property 'integration.request.header.A' of "
        "resource '/v1/books' and method 'GET' but got 'true'"
    ]
    backend = methods(plane, api["id"])["GET /v1/books"]["methodIntegration"]
    assert backend["requestParameters"] == {"integration.request.header.B": "'b'"}


def test_an_imported_api_has_no_models_but_the_document_s(plane: Plane) -> None:
    """Recorded: import::test_import_and_validate_rest_api; no `tags` and no `warnings` where there are none."""
    document = openapi({"/books": {"get": operation()}}, components={"schemas": {"Book": {"type": "object"}}})
    document["info"]["version"] = 7
    api = imported(plane, document, failOnWarnings=True)
    assert {name: value for name, value in api.items() if name not in ("id", "createdDate", "rootResourceId")} == {
        "name": "library",
        "version": "7",
        "apiKeySource": "HEADER",
        "disableExecuteApiEndpoint": False,
        "endpointConfiguration": {"types": ["EDGE"], "ipAddressType": "ipv4"},
    }
    assert [model["name"] for model in plane.GetModels(restApiId=api["id"])["item"]] == ["Book"]


@pytest.mark.parametrize(("mode", "expected"), [("merge", ["font/woff", "audio/ogg"]), ("overwrite", ["audio/ogg"])])
def test_media_types_are_merged_or_overwritten(mode: str, expected: list[str], plane: Plane) -> None:
    """Recorded: import::test_put_rest_api_mode_binary_media_types; the name and the version follow in both modes."""
    api_id = plane.CreateRestApi(name="old", binaryMediaTypes=["font/woff"])["id"]
    document = openapi({"/books": {"get": operation()}}, **{"x-amazon-apigateway-binary-media-types": ["audio/ogg"]})
    api = plane.PutRestApi(restApiId=api_id, mode=mode, body=json.dumps(document).encode())
    assert (api["binaryMediaTypes"], api["name"], api["version"], api["tags"]) == (expected, "library", "1", {})


def test_statuses_may_be_numbers(plane: Plane) -> None:
    """Recorded: import::test_import_with_integer_http_status_code."""
    get = {
        "responses": {200: {"description": "Found."}},
        "x-amazon-apigateway-integration": {**MOCK, "responses": {"default": {"statusCode": 200}}},
    }
    api = plane.ImportRestApi(body=yaml.safe_dump(openapi({"/books": {"get": get}})).encode())
    method = methods(plane, api["id"])["GET /books"]
    assert method["methodResponses"] == {"200": {"statusCode": "200"}}
    assert method["methodIntegration"]["integrationResponses"] == {"200": {"statusCode": "200"}}


def test_an_imported_method_has_these_defaults(plane: Plane) -> None:
    """Recorded: import::test_import_with_global_api_key_authorizer (a parameter of the path is required whether it is
    declared or not), import::test_import_with_cognito_auth_identity_source (declared parameters, the operation's name),
    import::test_import_with_circular_models (headers and models of a response)."""
    query = {"name": "page", "in": "query", "schema": {"type": "string"}}
    content = {JSON: {"schema": {"$ref": "#/components/schemas/Book"}}}
    response = {"description": "Found.", "headers": {"ETag": {"schema": {"type": "string"}}}, "content": content}
    get = operation(HTTP, parameters=[query], operationId="ReadBook", responses={"200": response})
    document = openapi({"/books/{isbn}": {"get": get}}, components={"schemas": {"Book": {"type": "object"}}})
    api = imported(plane, document)
    resource = plane.GetResources(restApiId=api["id"])["item"][-1]
    assert methods(plane, api["id"])["GET /books/{isbn}"] == {
        "httpMethod": "GET",
        "authorizationType": "NONE",
        "apiKeyRequired": False,
        "operationName": "ReadBook",
        "requestParameters": {"method.request.path.isbn": True, "method.request.querystring.page": False},
        "methodResponses": {
            "200": {
                "statusCode": "200",
                "responseParameters": {"method.response.header.ETag": False},
                "responseModels": {JSON: "Book"},
            }
        },
        "methodIntegration": {
            "type": "HTTP",
            "httpMethod": "GET",
            "uri": "https://books.example.org",
            "connectionType": "INTERNET",
            "passthroughBehavior": "WHEN_NO_MATCH",
            "timeoutInMillis": 29000,
            "cacheNamespace": resource["id"],
            "cacheKeyParameters": [],
            "integrationResponses": {"200": {"statusCode": "200"}},
        },
    }


def test_the_key_of_an_integration_response_is_its_pattern(plane: Plane) -> None:
    """Documented: AWS's page of the object x-amazon-apigateway-integration.responses; `default` is none."""
    responses = {"default": {"statusCode": "200"}, "4..": {"statusCode": "404"}}
    api = imported(plane, openapi({"/books": {"get": operation({**MOCK, "responses": responses})}}))
    assert methods(plane, api["id"])["GET /books"]["methodIntegration"]["integrationResponses"] == {
        "200": {"statusCode": "200"},
        "404": {"statusCode": "404", "selectionPattern": "4.."},
    }


def test_an_authorizer_of_lambda_and_the_security_of_the_document(plane: Plane) -> None:
    """Recorded: import::test_import_with_global_api_key_authorizer; the document's security holds for each method."""
    authorizer = {
        "type": "request",
        "authorizerUri": LAMBDA,
        "identitySource": "method.request.header.Who",
        "authorizerResultTtlInSeconds": 60,
    }
    scheme = {
        "type": "apiKey",
        "name": "Unused",
        "in": "header",
        "x-amazon-apigateway-authtype": "custom",
        "x-amazon-apigateway-authorizer": authorizer,
    }
    document = openapi({"/books": {"get": operation(), "x-amazon-apigateway-any-method": operation()}})
    document |= {"security": [{"readers": []}], "components": {"securitySchemes": {"readers": scheme}}}
    api_id = imported(plane, document)["id"]
    found = plane.GetAuthorizers(restApiId=api_id)["item"]
    assert found == [{**authorizer, "id": found[0]["id"], "name": "readers", "type": "REQUEST", "authType": "custom"}]
    for name in ("GET /books", "ANY /books"):
        method = methods(plane, api_id)[name]
        assert (method["authorizationType"], method["authorizerId"]) == ("CUSTOM", found[0]["id"])
        assert "authorizationScopes" not in method


def test_an_authorizer_of_cognito_and_scopes(plane: Plane) -> None:
    """Recorded: import::test_import_with_cognito_auth_identity_source; the header of the scheme is the identity source,
    a method's own security replaces the document's with its scopes, and no scopes are not answered."""
    scheme = {
        "type": "apiKey",
        "name": "Who",
        "in": "header",
        "x-amazon-apigateway-authtype": "cognito_user_pools",
        "x-amazon-apigateway-authorizer": {"type": "cognito_user_pools", "providerARNs": [POOL]},
    }
    items = {
        "/books": {"get": operation()},
        "/loans": {"get": operation(security=[{"readers": []}])},
        "/staff": {"get": operation(security=[{"readers": ["write", "read"]}])},
    }
    document = openapi(items, security=[{"readers": ["read"]}], components={"securitySchemes": {"readers": scheme}})
    api_id = imported(plane, document)["id"]
    found = plane.GetAuthorizers(restApiId=api_id)["item"]
    assert found == [
        {
            "id": found[0]["id"],
            "name": "readers",
            "type": "COGNITO_USER_POOLS",
            "authType": "cognito_user_pools",
            "providerARNs": [POOL],
            "identitySource": "method.request.header.Who",
        }
    ]
    guarded = methods(plane, api_id)
    assert {method["authorizationType"] for method in guarded.values()} == {"COGNITO_USER_POOLS"}
    scopes = {name: method.get("authorizationScopes") for name, method in guarded.items()}
    assert scopes == {"GET /books": ["read"], "GET /loans": None, "GET /staff": ["read", "write"]}


def test_an_api_key_is_required_by_a_scheme_of_its_header(plane: Plane) -> None:
    """Recorded: import::test_import_and_validate_rest_api[openapi.spec.tf.json]."""
    scheme = {"type": "apiKey", "name": "x-api-key", "in": "header"}
    get = operation(security=[{"key": []}])
    api = imported(plane, openapi({"/books": {"get": get}}, components={"securitySchemes": {"key": scheme}}))
    method = methods(plane, api["id"])["GET /books"]
    assert (method["apiKeyRequired"], method["authorizationType"]) == (True, "NONE")


def test_models_that_refer_to_each_other(plane: Plane) -> None:
    """Recorded: import::test_import_with_circular_models; a reference becomes the URL of a model of the API."""
    book = {
        "type": "object",
        "description": "A book.",
        "required": ["isbn"],
        "properties": {"isbn": {"type": "string"}, "author": {"$ref": "#/components/schemas/Author"}},
    }
    written = {"type": "array", "minItems": 1, "items": {"$ref": "#/components/schemas/Book"}}
    author = {"type": "object", "properties": {"books": written, "photo": {"type": "string", "format": "byte"}}}
    api_id = imported(plane, openapi({}, components={"schemas": {"Book": book, "Author": author}}))["id"]
    models = plane.GetModels(restApiId=api_id)["item"]
    assert [(model["name"], model.get("description")) for model in models] == [("Author", None), ("Book", "A book.")]
    schemas = {model["name"]: json.loads(model["schema"]) for model in models}
    base = f"https://apigateway.amazonaws.com/restapis/{api_id}/models"
    assert schemas["Author"]["properties"]["books"] == {**written, "items": {"$ref": f"{base}/Book"}}
    assert schemas["Author"]["properties"]["photo"] == {"type": "string", "format": "byte"}
    assert schemas["Book"]["properties"]["author"] == {"$ref": f"{base}/Author"}
    assert (schemas["Book"]["description"], schemas["Book"]["required"]) == ("A book.", ["isbn"])


def test_documentation_is_imported_with_the_api(plane: Plane) -> None:
    """Recorded: api::TestApiGatewayApiDocumentationPart::test_import_documentation_parts."""
    parts = [{"location": {"type": "METHOD", "method": "GET"}, "properties": {"description": "Reads."}}]
    document = openapi({"/": {"get": operation()}})
    document["x-amazon-apigateway-documentation"] = {"version": "1", "documentationParts": parts}
    document["paths"]["/"]["get"]["responses"] = {}
    api_id = imported(plane, document)["id"]
    found = plane.GetDocumentationParts(restApiId=api_id)["item"]
    assert [part["location"] for part in found] == [{"type": "METHOD", "path": "/", "method": "GET"}]


EXPORTED: dict[str, Any] = openapi(
    {
        "/books": {
            "get": operation(
                HTTP,
                parameters=[{"name": "page", "in": "query", "schema": {"type": "string"}}],
                responses={
                    "200": {
                        "description": "Any text; the export has its own.",
                        "headers": {"ETag": {"schema": {"type": "string"}}},
                        "content": {JSON: {"schema": {"$ref": "#/components/schemas/Book"}}},
                    }
                },
            ),
            "post": operation(
                operationId="AddBook",
                requestBody={"required": True, "content": {JSON: {"schema": {"$ref": "#/components/schemas/Book"}}}},
                responses={"200": {"description": ""}},
            ),
        }
    },
    components={"schemas": {"Book": {"type": "object"}}},
)


def export(plane: Plane, kind: str, document: dict[str, Any] | None = None, **parameters: str) -> dict[str, Any]:
    """Import a document, deploy it to the stage `live` and return its export."""
    api_id = imported(plane, document or EXPORTED)["id"]
    plane.CreateDeployment(restApiId=api_id, stageName="live")
    body = plane.GetExport(restApiId=api_id, stageName="live", exportType=kind, parameters=parameters)
    whole: dict[str, Any] = json.loads(body.decode().replace(api_id, "api"))
    return whole


HOST = f"api.execute-api.{REGION}.amazonaws.com"


def test_an_export_in_openapi_3(plane: Plane) -> None:
    """Recorded: extended::test_export_oas30_openapi."""
    text = {"schema": {"type": "string"}}
    book = {JSON: {"schema": {"$ref": "#/components/schemas/Book"}}}
    assert export(plane, "oas30") == {
        "openapi": "3.0.1",
        "info": {"title": "library", "version": "1"},
        "servers": [{"url": f"https://{HOST}/{{basePath}}", "variables": {"basePath": {"default": "live"}}}],
        "paths": {
            "/books": {
                "get": {
                    "parameters": [{"name": "page", "in": "query", **text}],
                    "responses": {"200": {"description": "200 response", "headers": {"ETag": text}, "content": book}},
                },
                "post": {
                    "operationId": "AddBook",
                    "requestBody": {"content": book, "required": True},
                    "responses": {"200": {"description": "200 response", "content": {}}},
                },
            }
        },
        "components": {"schemas": {"Book": {"type": "object"}}},
    }


def test_an_export_in_swagger_2(plane: Plane) -> None:
    """Recorded: extended::test_export_swagger_openapi."""
    book = {"$ref": "#/definitions/Book"}
    assert export(plane, "swagger") == {
        "swagger": "2.0",
        "info": {"title": "library", "version": "1"},
        "host": HOST,
        "basePath": "/live",
        "schemes": ["https"],
        "paths": {
            "/books": {
                "get": {
                    "produces": [JSON],
                    "parameters": [{"name": "page", "in": "query", "required": False, "type": "string"}],
                    "responses": {
                        "200": {"description": "200 response", "schema": book, "headers": {"ETag": {"type": "string"}}}
                    },
                },
                "post": {
                    "operationId": "AddBook",
                    "consumes": [JSON],
                    "parameters": [{"in": "body", "name": "Book", "required": True, "schema": book}],
                    "responses": {"200": {"description": "200 response"}},
                },
            }
        },
        "definitions": {"Book": {"type": "object"}},
    }


def test_an_export_without_models_and_parameters_of_a_path(plane: Plane) -> None:
    """Recorded: extended::test_export_oas30_openapi[TEST_IMPORT_PETS]."""
    document = export(plane, "oas30", openapi({"/books/{isbn}": {"get": operation(HTTP)}}))
    assert document["components"] == {}
    parameter = {"name": "isbn", "in": "path", "required": True, "schema": {"type": "string"}}
    assert document["paths"]["/books/{isbn}"]["get"]["parameters"] == [parameter]


def test_the_extensions_of_an_export(plane: Plane) -> None:
    """Recorded: extended::test_export_oas30_openapi; defaults of an integration are left out."""
    document = {**EXPORTED, "x-amazon-apigateway-binary-media-types": ["audio/ogg"]}
    whole = export(plane, "oas30", document, extensions="apigateway")
    assert whole["paths"]["/books"]["get"]["x-amazon-apigateway-integration"] == HTTP
    assert whole["x-amazon-apigateway-binary-media-types"] == ["audio/ogg"]


def test_an_api_without_a_version_is_exported_with_its_date(plane: Plane) -> None:
    """Recorded: extended::test_export_oas30_openapi[TEST_IMPORT_PETSTORE_SWAGGER]; the file's name has it, too."""
    document = openapi({"/books": {"get": operation()}})
    del document["info"]["version"]
    api = imported(plane, document)
    plane.CreateDeployment(restApiId=api["id"], stageName="live")
    answer = plane.send("GET", f"/restapis/{api['id']}/stages/live/exports/oas30")
    version = json.loads(answer.body)["info"]["version"]
    assert version[10] == "T"
    assert version.endswith("Z")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="oas30_{version}.json"'
    assert answer.headers["Content-Type"] == "application/octet-stream"
