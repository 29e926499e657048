# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The document, whole, for small specs. The templates are one line each here: what they say is tested elsewhere."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from ansible_collections.codeless.apigateway.plugins.plugin_utils.compiler import compile_api

from unit.compiler.specs import TEMPLATES, Json, orders

TABLE = {
    "name": "example",
    "hash_key": "id",
    "range_key": "range",
    "attributes": {"id": "S", "range": "N", "tags": "SS", "more": "L"},
}
CORS = {"Access-Control-Allow-Origin": {"schema": {"type": "string"}}}
ORIGIN = {"method.response.header.Access-Control-Allow-Origin": "'*'"}


@pytest.fixture
def templates(tmp_path: Path) -> list[Path]:
    for name in ("query.request", "query.response", "get_item.request", "get_item.response", "error.response"):
        (tmp_path / f"{name}.vtl.j2").write_text(f"{name} of {{{{ route }}}}")
    (tmp_path / "failure.response.vtl.j2").write_text("{{ status }} of {{ route }}")
    return [tmp_path]


def error(description: str, message: str | None = None) -> Json:
    content = {"schema": {"$ref": "#/components/schemas/ErrorMessage"}, "example": {"message": message or description}}
    return {"description": description, "headers": CORS, "content": {"application/json": content}}


def answer(status: str, template: str) -> Json:
    return {
        "statusCode": status,
        "responseTemplates": {"application/json": template},
        "responseParameters": ORIGIN,
    }


def test_a_query_of_a_table(templates: list[Path]) -> None:
    spec = {
        "name": "example",
        "description": "Items by id",
        "stage": "prod",
        "tables": [TABLE],
        "routes": [{"route": "GET /{id}", "action": "Query"}],
    }
    assert compile_api(spec, templates).definition == {
        "openapi": "3.0.1",
        "info": {"title": "example", "version": "1.0", "description": "Items by id"},
        "paths": {
            "/{id}": {
                "get": {
                    "operationId": "getById",
                    "summary": "Query on table example",
                    "tags": ["example"],
                    "parameters": [
                        {
                            "name": "id",
                            "in": "path",
                            "required": True,
                            "description": "A part of the path: id.",
                            "schema": {"type": "string"},
                            "example": "text",
                        },
                        {
                            "name": "limit",
                            "in": "query",
                            "required": False,
                            "description": "How many items the page has at most, 1 to 1000. 100 if left out.",
                            "schema": {"type": "integer"},
                            "example": 1,
                        },
                        {
                            "name": "next",
                            "in": "query",
                            "required": False,
                            "description": "The token `next` of the page before. The first page if left out.",
                            "schema": {"type": "string"},
                        },
                    ],
                    "responses": {
                        "200": {
                            "description": "The answer.",
                            "headers": CORS,
                            "content": {
                                "application/json": {
                                    "schema": {"$ref": "#/components/schemas/ExamplePage"},
                                    "example": {
                                        "items": [{"id": "text", "range": 12.5, "tags": ["text"], "more": ["text", 1]}],
                                        "count": 1,
                                    },
                                }
                            },
                        },
                        "400": error("The request is not valid."),
                        "415": error("Unsupported Media Type"),
                        "429": error("Too many requests. Try again later."),
                        "500": error("Internal server error"),
                        "503": error("The service is not available. Try again later."),
                    },
                    "x-amazon-apigateway-integration": {
                        "type": "aws",
                        "httpMethod": "POST",
                        "uri": "arn:${AWS::Partition}:apigateway:${AWS::Region}:dynamodb:action/Query",
                        "passthroughBehavior": "never",
                        "requestTemplates": {"application/json": "query.request of GET /{id}"},
                        "responses": {
                            "default": answer("200", "query.response of GET /{id}"),
                            "4\\d{2}": answer("400", "error.response of GET /{id}"),
                            "50[0-24-9]|5[1-9]\\d": answer("500", "500 of GET /{id}"),
                            "503": answer("503", "503 of GET /{id}"),
                        },
                    },
                },
                "options": {
                    "parameters": [
                        {
                            "name": "id",
                            "in": "path",
                            "required": True,
                            "description": "A part of the path: id.",
                            "schema": {"type": "string"},
                            "example": "text",
                        }
                    ],
                    "summary": "Tells a browser what it may send here.",
                    "responses": {
                        "204": {
                            "description": "What a browser may send here.",
                            "headers": {
                                "Access-Control-Allow-Headers": {"schema": {"type": "string"}},
                                "Access-Control-Allow-Methods": {"schema": {"type": "string"}},
                                **CORS,
                                "Access-Control-Max-Age": {"schema": {"type": "string"}},
                            },
                        }
                    },
                    "x-amazon-apigateway-integration": {
                        "type": "mock",
                        "passthroughBehavior": "never",
                        "requestTemplates": {"application/json": '{"statusCode": 200}'},
                        "responses": {
                            "default": {
                                "statusCode": "204",
                                "responseParameters": {
                                    "method.response.header.Access-Control-Allow-Headers": (
                                        "'Authorization,Content-Type,X-Amz-Date,X-Amz-Security-Token,X-Api-Key'"
                                    ),
                                    "method.response.header.Access-Control-Allow-Methods": "'GET,OPTIONS'",
                                    **ORIGIN,
                                    "method.response.header.Access-Control-Max-Age": "'600'",
                                },
                            }
                        },
                    },
                },
            }
        },
        "components": {
            "schemas": {
                "ErrorMessage": {
                    "type": "object",
                    "required": ["message"],
                    "properties": {"message": {"type": "string"}},
                },
                "ExampleItem": {
                    "type": "object",
                    "required": ["id", "range"],
                    "properties": {
                        "id": {"type": "string"},
                        "range": {"type": "number"},
                        "tags": {"type": "array", "items": {"type": "string"}},
                        "more": {"type": "array", "items": {}},
                    },
                },
                "ExamplePage": {
                    "type": "object",
                    "required": ["items", "count"],
                    "properties": {
                        "items": {"type": "array", "items": {"$ref": "#/components/schemas/ExampleItem"}},
                        "count": {"type": "integer", "description": "How many items this page has."},
                        "next": {
                            "type": "string",
                            "description": "The token of the next page. There may be more if it is here.",
                        },
                    },
                },
            }
        },
        "x-amazon-apigateway-gateway-responses": {
            kind: {
                "responseTemplates": {"application/json": '{"message":$context.error.messageString}'},
                "responseParameters": {"gatewayresponse.header.Access-Control-Allow-Origin": "'*'"},
            }
            for kind in ("DEFAULT_4XX", "DEFAULT_5XX")
        },
    }


def test_keys_from_the_body_bring_a_model_and_a_validator(templates: list[Path]) -> None:
    spec = {
        "name": "example",
        "tables": [TABLE],
        "cors": False,
        "routes": [
            {
                "route": "POST /find",
                "action": "GetItem",
                "key": {"id": "body.item.id", "range": "body.item.range"},
                "summary": "Find",
                "description": "Finds one item.",
                "operation_id": "find",
                "response_templates": {200: "own 200", 400: "own 400"},
            }
        ],
    }
    definition = compile_api(spec, templates).definition
    assert definition["paths"] == {
        "/find": {
            "post": {
                "operationId": "find",
                "summary": "Find",
                "tags": ["example"],
                "description": "Finds one item.",
                "requestBody": {
                    "required": True,
                    "content": {
                        "application/json": {
                            "schema": {"$ref": "#/components/schemas/FindBody"},
                            "example": {"item": {"id": "text", "range": 12.5}},
                        }
                    },
                },
                "x-amazon-apigateway-request-validator": "parameters-and-body",
                "responses": {
                    "200": {"description": "The answer."},
                    **{
                        status: {name: value for name, value in error(text, message).items() if name != "headers"}
                        for status, text, message in (
                            ("400", "The request is not valid.", None),
                            ("404", "There is no such item.", "Not found"),
                            ("415", "Unsupported Media Type", None),
                            ("429", "Too many requests. Try again later.", None),
                            ("500", "Internal server error", None),
                            ("503", "The service is not available. Try again later.", None),
                        )
                    },
                },
                "x-amazon-apigateway-integration": {
                    "type": "aws",
                    "httpMethod": "POST",
                    "uri": "arn:${AWS::Partition}:apigateway:${AWS::Region}:dynamodb:action/GetItem",
                    "passthroughBehavior": "never",
                    "requestTemplates": {"application/json": "get_item.request of POST /find"},
                    "responses": {
                        "default": {"statusCode": "200", "responseTemplates": {"application/json": "own 200"}},
                        "4\\d{2}": {"statusCode": "400", "responseTemplates": {"application/json": "own 400"}},
                        "50[0-24-9]|5[1-9]\\d": {
                            "statusCode": "500",
                            "responseTemplates": {"application/json": "500 of POST /find"},
                        },
                        "503": {"statusCode": "503", "responseTemplates": {"application/json": "503 of POST /find"}},
                    },
                },
            }
        }
    }
    assert definition["components"]["schemas"] == {
        "ErrorMessage": {
            "type": "object",
            "required": ["message"],
            "properties": {"message": {"type": "string"}},
        },
        "FindBody": {
            "type": "object",
            "required": ["item"],
            "properties": {
                "item": {
                    "type": "object",
                    "required": ["id", "range"],
                    "properties": {"id": {"type": "string", "minLength": 1}, "range": {"type": "number"}},
                }
            },
        },
    }
    assert definition["x-amazon-apigateway-request-validators"] == {
        "parameters-and-body": {"validateRequestParameters": True, "validateRequestBody": True}
    }
    assert definition["x-amazon-apigateway-gateway-responses"]["DEFAULT_5XX"] == {
        "responseTemplates": {"application/json": '{"message":$context.error.messageString}'}
    }


def test_required_query_parameters_are_asked_for_by_a_validator_and_headers_by_the_template() -> None:
    spec = orders(
        {"route": "GET /orders", "action": "Query", "index": "by_status", "key": {"status": "query.status"}},
        {"route": "GET /mine", "action": "Query", "key": {"customer": "header.X-Customer"}, "limit": 5},
    )
    definition = compile_api(spec, [TEMPLATES]).definition
    by_query, by_header = (definition["paths"][path]["get"] for path in ("/orders", "/mine"))
    assert [(p["in"], p["name"], p["required"]) for p in by_query["parameters"]] == [
        ("query", "status", True),
        ("query", "limit", False),
        ("query", "next", False),
    ]
    assert [(p["in"], p["name"], p["required"]) for p in by_header["parameters"]] == [
        ("header", "X-Customer", False),
        ("query", "next", False),
    ]
    assert by_query["x-amazon-apigateway-request-validator"] == "parameters"
    assert "x-amazon-apigateway-request-validator" not in by_header
    assert by_header["parameters"][0]["description"].endswith("Required.")
    assert definition["x-amazon-apigateway-request-validators"] == {
        "parameters": {"validateRequestParameters": True, "validateRequestBody": False}
    }
    preflight = definition["paths"]["/mine"]["options"]["x-amazon-apigateway-integration"]["responses"]["default"]
    allowed = preflight["responseParameters"]["method.response.header.Access-Control-Allow-Headers"]
    assert allowed == "'Authorization,Content-Type,X-Amz-Date,X-Amz-Security-Token,X-Api-Key,X-Customer'"


def test_cors_says_what_the_user_wrote_everywhere() -> None:
    cors = {"allow_origin": "https://shop.example", "allow_headers": ["X-One", "X_Two"], "max_age": 5}
    routes = [
        {"route": "ANY /c/{customer}", "action": "Query"},
        {"route": "GET /c/{customer}/{placed_at}", "action": "GetItem"},
        {"route": "HEAD /c/{customer}/{placed_at}", "action": "GetItem"},
    ]
    definition = compile_api(orders(*routes, cors=cors), [TEMPLATES]).definition
    text = json.dumps(definition)
    assert text.count("https://shop.example") == 3 * 4 + 2 + 2, "answers, preflights, gateway responses"
    assert "'*'" not in text
    methods = {
        path: operations["options"]["x-amazon-apigateway-integration"]["responses"]["default"]["responseParameters"][
            "method.response.header.Access-Control-Allow-Methods"
        ]
        for path, operations in definition["paths"].items()
    }
    assert methods == {
        "/c/{customer}": "'DELETE,GET,HEAD,OPTIONS,PATCH,POST,PUT'",
        "/c/{customer}/{placed_at}": "'GET,HEAD,OPTIONS'",
    }
    assert "x-amazon-apigateway-any-method" in definition["paths"]["/c/{customer}"]


def test_the_same_spec_gives_the_same_bytes() -> None:
    spec = orders({"route": "GET /{customer}", "action": "Query"})
    first, second = (json.dumps(compile_api(json.loads(json.dumps(spec)), [TEMPLATES]).definition) for _i in range(2))
    assert first == second


def test_names_in_the_document_are_given_once() -> None:
    routes = [
        {"route": "GET /a-b/{customer}", "action": "Query"},
        {"route": "GET /a_b/{customer}", "action": "Query"},
        {"route": "GET /AB/{customer}", "action": "Query", "operation_id": "getaBBycustomer"},
    ]
    paths = compile_api(orders(*routes), [TEMPLATES]).definition["paths"]
    assert [operations["get"]["operationId"] for operations in paths.values()] == [
        "getABByCustomer",
        "getABByCustomer2",
        "getaBBycustomer3",
    ]


def test_the_users_own_templates_stand_as_they_are() -> None:
    own = "#set($x = '${AWS::Region}{{ jinja }} é')\n  trailing \n"
    route = {
        "route": "GET /{val}",
        "action": "Query",
        "request_template": own,
        "response_templates": {"200": own, "503": "busy"},
    }
    operation = compile_api(orders(route), [TEMPLATES]).definition["paths"]["/{val}"]["get"]
    integration = operation["x-amazon-apigateway-integration"]
    assert integration["requestTemplates"] == {"application/json": own}
    texts = {key: one["responseTemplates"]["application/json"] for key, one in integration["responses"].items()}
    assert texts["default"] == own
    assert texts["503"] == "busy"
    assert texts["4\\d{2}"].startswith("## GET /{val}: answer 400")
    assert [parameter["name"] for parameter in operation["parameters"]] == ["val"]
    assert "content" not in operation["responses"]["200"]


def test_a_users_template_file_is_taken_instead_of_the_collections(tmp_path: Path) -> None:
    (tmp_path / "failure.response.vtl.j2").write_text('{"sorry":{{ status }},"at":{{ route | json }}}')
    paths = compile_api(orders({"route": "GET /{customer}", "action": "Query"}), [tmp_path, TEMPLATES]).definition[
        "paths"
    ]
    responses = paths["/{customer}"]["get"]["x-amazon-apigateway-integration"]["responses"]
    assert responses["503"]["responseTemplates"]["application/json"] == '{"sorry":503,"at":"GET /{customer}"}'
    assert responses["default"]["responseTemplates"]["application/json"].startswith("## GET /{customer}: answer 200")


@pytest.mark.parametrize(
    ("text", "error"),
    [
        (
            "{% if %}",
            "template failure.response.vtl.j2: line 1: Expected an expression, got 'end of statement block'. ",
        ),
        ("{{ rute }}", "template failure.response.vtl.j2: 'rute' is undefined. "),
        ('{% import "other.j2" as o %}', "template failure.response.vtl.j2: there is no file other.j2. "),
    ],
)
def test_an_error_in_a_template_file_is_reported_with_its_file(tmp_path: Path, text: str, error: str) -> None:
    (tmp_path / "failure.response.vtl.j2").write_text(text)
    with pytest.raises(ValueError, match="failure") as caught:
        compile_api(orders({"route": "GET /{customer}", "action": "Query"}), [tmp_path, TEMPLATES])
    assert str(caught.value).startswith(error)
    assert len(str(caught.value).splitlines()) == 1


def test_a_parameter_that_is_read_twice_is_told_once() -> None:
    route = {
        "route": "GET /x",
        "action": "Query",
        "key": {"customer": "header.X-Who", "placed_at": {"ge": "query.a", "optional": True}},
        "filter": {"status": {"ne": "header.x-who"}, "total": {"between": ["query.a", "query.b"]}},
        "limit": 5,
    }
    parameters = compile_api(orders(route), [TEMPLATES]).definition["paths"]["/x"]["get"]["parameters"]
    assert [(one["in"], one["name"], one["required"]) for one in parameters] == [
        ("header", "X-Who", False),
        ("query", "a", True),
        ("query", "b", True),
        ("query", "next", False),
    ]
