# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Request validators: parameters and models. The answers are those recorded in test_api_gateway_request_validator*."""

from __future__ import annotations

import json
from typing import Any

import pytest

from unit.local_aws.gateway.kit import JSON, Answer, Api, mock, send

MODELS = "https://apigateway.amazonaws.com/restapis/abcdefghij/models/"

SCHEMAS: dict[str, Any] = {
    "testSchema": {
        "$schema": "http://json-schema.org/draft-04/schema#",
        "type": "object",
        "properties": {"a": {"type": "number"}, "b": {"type": "number"}},
        "required": ["a", "b"],
    },
    "testSchemaList": {"type": "array", "items": {"$ref": f"{MODELS}testSchema"}},
    "Person": {
        "type": "object",
        "properties": {"name": {"type": "string"}, "b": {"$ref": f"{MODELS}House"}},
        "required": ["name"],
    },
    "House": {"type": "object", "properties": {"owners": {"type": "array", "items": {"$ref": f"{MODELS}Person"}}}},
    "StatusModel": {
        "type": "object",
        "properties": {"Status": {"type": "string"}, "Order": {"type": "integer"}},
        "required": ["Status", "Order"],
    },
    "TestModel": {
        "type": "object",
        "properties": {"status": {"oneOf": [{"type": "null"}, {"$ref": f"{MODELS}StatusModel"}]}},
        "required": ["status"],
    },
    "Lost": {"properties": {"a": {"$ref": f"{MODELS}Nowhere"}}},
    "Inner": {"definitions": {"n": {"type": "integer"}}, "properties": {"n": {"$ref": "#/definitions/n"}}},
}


def post(model: str, body: str, content_type: str | None = JSON, method: str = "POST") -> Answer:
    api = Api()
    api.content.models.update({name: {"name": name, "schema": json.dumps(schema)} for name, schema in SCHEMAS.items()})
    api.content.request_validators["v"] = {"validateRequestBody": True}
    integration = mock("ok", requestTemplates={"$default": '{"statusCode": 200}'})
    api.method(f"{method} /", integration, requestValidatorId="v", requestModels={JSON: model})
    return send(api, f"{method} /", body, {"Content-Type": content_type} if content_type else {})


@pytest.mark.parametrize(
    ("model", "body"),
    [
        ("testSchema", '{"a": 1, "b": 2.5, "c": "more"}'),
        ("testSchemaList", '[{"a": 1, "b": 2}]'),
        ("TestModel", '{"status": null}'),
        ("TestModel", '{"status": {"Status": "x", "Order": 1}}'),
        ("Person", '{"name": "a", "b": {"owners": [{"name": "c"}]}}'),
        ("Inner", '{"n": 1}'),
    ],
)
def test_valid_bodies(model: str, body: str) -> None:
    assert post(model, body).status == 200


@pytest.mark.parametrize(
    ("model", "body"),
    [
        ("testSchema", '{"a": 1}'),
        ("testSchema", "not JSON"),
        ("testSchema", ""),
        ("testSchemaList", '[{"a": 1}]'),
        ("TestModel", "{}"),
        ("TestModel", '{"status": {"Status": "x"}}'),
        ("Person", '{"name": "a", "b": {"owners": [{}]}}'),
        ("Inner", '{"n": "1"}'),
    ],
)
def test_invalid_bodies(model: str, body: str) -> None:
    answer = post(model, body)
    assert (answer.status, answer.json()) == (400, {"message": "Invalid request body"})
    assert answer.headers["x-amzn-ErrorType"] == "BadRequestException"


def test_reference_to_no_model() -> None:
    answer = post("Lost", '{"a": 1}')
    assert (answer.status, answer.json()) == (500, {"message": "Internal server error"})
    assert answer.trace is not None
    assert answer.trace.summary()["error"].endswith(f"{MODELS}Nowhere")


def test_get_without_body_is_validated_as_an_empty_object() -> None:
    assert post("testSchema", "", None, "GET").status == 400
    assert post("House", "", None, "GET").status == 200


def test_type_without_model_is_not_validated() -> None:
    assert post("testSchema", "a,b", "text/csv").status == 200


def test_operator_reads_what_is_wrong() -> None:
    answer = post("testSchema", '{"a": 1}')
    assert answer.trace is not None
    assert "'b' is a required property" in answer.trace.summary()["error"]


def parameters(route: str, headers: dict[str, str], **required: bool) -> Answer:
    api = Api()
    api.content.request_validators["v"] = {"validateRequestParameters": True}
    names = {f"method.request.{key.replace('_', '.', 1)}": value for key, value in required.items()}
    api.method("GET /", mock("ok"), requestValidatorId="v", requestParameters=names)
    return send(api, route, headers=headers)


def test_present_parameters() -> None:
    assert parameters("GET /?q=1", {"h": "x"}, querystring_q=True, header_h=True, header_other=False).status == 200


@pytest.mark.parametrize(("route", "headers"), [("GET /?q=", {"h": "1"}), ("GET /?q=%20", {"h": "1"})])
def test_blank_parameters_are_missing(route: str, headers: dict[str, str]) -> None:
    answer = parameters(route, headers, querystring_q=True, header_h=True)
    assert answer.json() == {"message": "Missing required request parameters: [q]"}


def test_header_names_are_case_sensitive() -> None:
    assert parameters("GET /", {"H": "x"}, header_h=True).status == 400


def test_required_without_validator_is_not_checked() -> None:
    api = Api().method("GET /", mock("ok"), requestParameters={"method.request.querystring.q": True})
    assert send(api, "GET /").status == 200
