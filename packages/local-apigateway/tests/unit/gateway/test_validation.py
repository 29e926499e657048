# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Request validators: parameters and models. The responses are recorded in test_api_gateway_request_validator*."""

from __future__ import annotations

import asyncio
import json
import re
from typing import Any

import pytest
from referencing import Registry

from local_apigateway.gateway import Gateway, Trace
from local_apigateway.gateway.admission import validation
from local_apigateway.gateway.admission.schema_check import schema_check
from local_apigateway.model import HttpResponse
from unit.gateway.kit import JSON, Api, RecordingBackend, Result, http_request, mock, send

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


def post(model: str, body: str, content_type: str | None = JSON, method: str = "POST") -> Result:
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
    result = post(model, body)
    assert (result.status, result.json()) == (400, {"message": "Invalid request body"})
    assert result.headers["x-amzn-ErrorType"] == "BadRequestException"


def test_reference_to_no_model() -> None:
    result = post("Lost", '{"a": 1}')
    assert (result.status, result.json()) == (500, {"message": "Internal server error"})
    assert result.trace is not None
    assert result.trace.summary()["error"].endswith(f"{MODELS}Nowhere")


def test_get_without_body_is_validated_as_an_empty_object() -> None:
    assert post("testSchema", "", None, "GET").status == 400
    assert post("House", "", None, "GET").status == 200


def test_type_without_model_is_not_validated() -> None:
    assert post("testSchema", "a,b", "text/csv").status == 200


def test_operator_reads_what_is_wrong() -> None:
    result = post("testSchema", '{"a": 1}')
    assert result.trace is not None
    assert "'b' is a required property" in result.trace.summary()["error"]


def parameters(route: str, headers: dict[str, str], **required: bool) -> Result:
    api = Api()
    api.content.request_validators["v"] = {"validateRequestParameters": True}
    names = {f"method.request.{key.replace('_', '.', 1)}": value for key, value in required.items()}
    api.method("GET /", mock("ok"), requestValidatorId="v", requestParameters=names)
    return send(api, route, headers=headers)


def test_present_parameters() -> None:
    assert parameters("GET /?q=1", {"h": "x"}, querystring_q=True, header_h=True, header_other=False).status == 200


@pytest.mark.parametrize(("route", "headers"), [("GET /?q=", {"h": "1"}), ("GET /?q=%20", {"h": "1"})])
def test_blank_parameters_are_missing(route: str, headers: dict[str, str]) -> None:
    result = parameters(route, headers, querystring_q=True, header_h=True)
    assert result.json() == {"message": "Missing required request parameters: [q]"}


def test_header_names_are_case_sensitive() -> None:
    assert parameters("GET /", {"H": "x"}, header_h=True).status == 400


def test_required_without_validator_is_not_checked() -> None:
    api = Api().method("GET /", mock("ok"), requestParameters={"method.request.querystring.q": True})
    assert send(api, "GET /").status == 200


def order_of_responses(schema: object, body: str) -> tuple[list[str], Result]:
    """Send a request with a long validation and another one. Return the order of responses and its result."""
    api = Api()
    api.content.models["M"] = {"name": "M", "schema": json.dumps(schema)}
    api.content.request_validators["v"] = {"validateRequestBody": True}
    integration = mock("ok", requestTemplates={"$default": '{"statusCode": 200}'})
    api.method("POST /", integration, requestValidatorId="v", requestModels={JSON: "M"}).method("GET /x", mock("ok"))
    answered: list[str] = []
    traces: list[Trace] = []

    async def ask(gateway: Gateway, route: str, text: str = "") -> HttpResponse:
        response = await gateway.respond(api.stage(), http_request(route, text, {"Content-Type": JSON}))
        answered.append(route)
        return response

    async def run() -> HttpResponse:
        gateway = Gateway(RecordingBackend(), traces.append)
        await ask(gateway, "GET /x")
        answered.clear()
        responses = await asyncio.gather(ask(gateway, "POST /", body), ask(gateway, "GET /x"))
        return responses[0]

    response = asyncio.run(run())
    trace = next(trace for trace in traces if trace.http_method == "POST")
    return answered, Result(response.status, dict(response.headers), response.body, trace)


TEXTS = {"properties": {"tags": {"items": {"type": "string"}}}}
NESTED = {"properties": {"a": {"$ref": "#"}}, "additionalProperties": False}


@pytest.mark.parametrize(
    ("schema", "body", "error"),
    [
        (TEXTS, json.dumps({"tags": [1] * 300_000}), r"\$\.tags\[0\] does not meet type \"string\", .*tags\[9\]"),
        ({"properties": {"a": {"pattern": "^(a|aa)+$"}}}, json.dumps({"a": "a" * 100 + "!"}), "took more than"),
        ({"patternProperties": {"^(a|aa)+$": {}}}, json.dumps({"a" * 100 + "!": 1}), "took more than"),
        (
            {"additionalProperties": False, "patternProperties": {"^(a|aa)+$": {}}},
            json.dumps({"a" * 100 + "!": 1}),
            "took more than",
        ),
        ({"items": {"anyOf": [{"items": {"type": "null"}}] * 100}}, json.dumps([[1] * 500] * 500), "took more than"),
        ({"uniqueItems": True}, json.dumps([{"a": i} for i in range(20_000)] + [{"a": 1}]), "uniqueItems"),
        ({"$ref": "#"}, "{}", "nested too deeply"),
        (NESTED, '{"a":' * 900 + "{}" + "}" * 900, "nested too deeply"),
        ({}, "[" * 100_000, "nested too deeply"),
    ],
    ids=["errors", "pattern", "names", "additional", "alternatives", "unique", "loop", "deep", "deeper"],
)
def test_a_validation_is_bounded(monkeypatch: pytest.MonkeyPatch, schema: object, body: str, error: str) -> None:
    monkeypatch.setattr(validation, "SECONDS", 0.3)
    _unused, result = order_of_responses(schema, body)
    assert (result.status, result.json()) == (400, {"message": "Invalid request body"})
    assert result.trace is not None
    text = result.trace.summary()["error"]
    assert re.search(error, text)
    assert len(text) < 2_500


@pytest.mark.parametrize(
    ("schema", "body"),
    [
        (TEXTS, json.dumps({"tags": ["x"] * 50_000})),
        ({"properties": {"a": {"pattern": "^(a|aa)+$"}}}, json.dumps({"a": "a" * 100 + "!"})),
    ],
    ids=["large", "slow"],
)
def test_a_long_validation_lets_others_pass(monkeypatch: pytest.MonkeyPatch, schema: object, body: str) -> None:
    monkeypatch.setattr(validation, "SECONDS", 0.5)
    answered, _unused = order_of_responses(schema, body)
    assert answered == ["GET /x", "POST /"]


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "array"},
        {"properties": {"p": {"enum": ["a"]}}},
        {"properties": {"p": {"pattern": "^a$"}}},
        {"properties": {"p": {"minLength": 99}}},
        {"properties": {"p": {"maxLength": 1}}},
        {"properties": {"p": {"anyOf": [{"type": "null"}, {"type": "integer"}]}}},
        {"properties": {"p": {"oneOf": [{}, {}]}}},
        {"properties": {"p": {"not": {}}}},
        {"maxProperties": 0},
    ],
)
def test_no_value_of_a_rejected_body_is_logged(schema: object) -> None:
    _unused, result = order_of_responses(schema, '{"p": "hunter2"}')
    assert result.status == 400
    assert result.trace is not None
    assert "hunter2" not in json.dumps(result.trace.summary())


@pytest.mark.parametrize(
    ("schema", "body", "status"),
    [
        ({"enum": [1]}, "1.0", 200),
        ({"enum": [1]}, "true", 400),
        ({"enum": [{"a": [1]}]}, '{"a": [1.0]}', 200),
        ({"uniqueItems": True}, "[1, true, 0, false, [1], [true], {}, []]", 200),
        ({"uniqueItems": True}, "[1, 1.0]", 400),
        ({"uniqueItems": True}, '[{"a": 1, "b": 2}, {"b": 2, "a": 1}]', 400),
        ({"type": ["string", "null"]}, "null", 200),
        ({"minItems": 1}, "[]", 400),
        ({"maxItems": 1}, "[1, 2]", 400),
        ({"maxItems": 1}, '"abc"', 200),
        ({"pattern": "b"}, '"abc"', 200),
        ({"pattern": "b"}, "1", 200),
        ({"patternProperties": {"^n": {"type": "integer"}}}, '{"n1": "x"}', 400),
        ({"patternProperties": {"^n": {}}, "additionalProperties": {"type": "null"}}, '{"n": 1, "m": null}', 200),
        ({"patternProperties": {"^n": {}}, "additionalProperties": {"type": "null"}}, '{"n": 1, "m": 1}', 400),
        ({"properties": {"a": {}}, "additionalProperties": False}, '{"a": 1, "b": 1}', 400),
        ({"pattern": "("}, '"x"', 500),
    ],
)
def test_the_keywords_that_are_written_anew(schema: object, body: str, status: int) -> None:
    assert order_of_responses(schema, body)[1].status == status


@pytest.mark.parametrize(
    ("name", "right", "wrong"),
    [
        ("email", ["a@b.example", 5], ["a"]),
        ("ipv4", ["127.0.0.1", None], ["127.0.0.256", "a"]),
        ("ipv6", ["::1"], ["127.0.0.1"]),
        ("hostname", ["a-b.example"], ["a_b", "-a", "", "a." * 130 + "a"]),
        ("uri", ["https://a.example/b?c=%20", "urn:a"], ["/a", "a b:c", "https://[1"]),
        (
            "date-time",
            ["2026-01-31T10:00:00Z", "2026-01-31t10:00:00.5+01:00"],
            ["2026-01-31", "2026-02-31T10:00:00Z", "2026-01-31T10:00:00", "2026-01-31T25:00:00Z"],
        ),
        ("date", ["anything, as draft 4 has no such format"], []),
        ("regex", ["("], []),
    ],
)
def test_formats(name: str, right: list[Any], wrong: list[Any]) -> None:
    check = schema_check({"properties": {"a": {"format": name}}}, Registry())
    assert [check.problems({"a": value}) for value in right] == [[] for _value in right]
    message = f'$.a does not meet format "{name}"'
    assert [check.problems({"a": value}) for value in wrong] == [[message] for _value in wrong]
