# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The recorded facts about API Gateway's data plane, one test each, and a check that none is left out."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from local_apigateway.gateway.response.gateway_responses import RESPONSE_TYPES
from local_apigateway.model import HttpResponse
from unit.gateway.kit import JSON, Api, RecordingBackend, Result, dynamodb, mock, send

SHARED = Path(__file__).parents[5].resolve().parent / "shared" / "vtl" / "gateway_behaviour.json"

SCHEMA = {"type": "object", "properties": {"a": {"type": "number"}, "b": {"type": "number"}}, "required": ["a", "b"]}

OTHER_TYPE = {"requestTemplates": {"text/csv": "{}"}}


def validated_api() -> Api:
    """The API of the recording: three required parameters and a model."""
    api = Api()
    api.content.models["testSchema"] = {"name": "testSchema", "schema": json.dumps(SCHEMA)}
    api.content.request_validators["v1"] = {"validateRequestParameters": True, "validateRequestBody": True}
    return api.method(
        "POST /nested/{test}",
        mock("{}"),
        requestValidatorId="v1",
        requestModels={JSON: "testSchema"},
        requestParameters={
            "method.request.querystring.qs1": True,
            "method.request.path.issuer": True,
            "method.request.header.x-header-param": True,
        },
    )


def missing_token(result: Result) -> None:
    assert (result.status, result.body) == (403, b'{"message":"Missing Authentication Token"}')
    assert result.headers["x-amzn-ErrorType"] == "MissingAuthenticationTokenException"


def internal_error(result: Result) -> None:
    assert (result.status, result.json()) == (500, {"message": "Internal server error"})
    assert result.headers["x-amzn-ErrorType"] == "InternalServerErrorException"


def test_unknown_path() -> None:
    missing_token(send(Api().method("GET /pets", mock()), "GET /cats"))


def test_unknown_method() -> None:
    missing_token(send(Api().method("GET /pets", mock()), "POST /pets"))


def test_required_parameters() -> None:
    result = send(validated_api(), "POST /nested/value", '{"test": "test"}')
    expected = {"message": "Missing required request parameters: [x-header-param, issuer, qs1]"}
    assert (result.status, result.json()) == (400, expected)


def test_body_violates_model() -> None:
    api = validated_api()
    api.content.request_validators["v1"]["validateRequestParameters"] = False
    result = send(api, "POST /nested/value", '{"test": "test"}')
    assert (result.status, result.json()) == (400, {"message": "Invalid request body"})


def with_patterns(patterns: Mapping[str, str | None]) -> dict[str, Any]:
    """Integration responses by method status, None being the default's pattern."""
    return {
        status: {"statusCode": status, **({"selectionPattern": pattern} if pattern else {})}
        for status, pattern in patterns.items()
    }


def by_status(backend_status: int, patterns: Mapping[str, str | None]) -> int:
    """The status that the client gets for a backend's status."""
    api = Api().method("GET /", dynamodb(integrationResponses=with_patterns(patterns)))
    return int(send(api, "GET /", backend=RecordingBackend(HttpResponse(backend_status, (), b""))).status)


def test_http_status_matches_pattern() -> None:
    assert by_status(404, {"200": None, "400": r"4\d{2}"}) == 400


def test_http_status_without_match() -> None:
    assert by_status(201, {"200": None, "400": r"4\d{2}"}) == 200
    assert by_status(404, {"200": None, "400": "40"}) == 200


def lambda_answer(function_result: dict[str, Any]) -> int:
    patterns = {"200": None, "405": ".*four hundred.*", "502": ".+", "504": "200"}
    uri = "arn:aws:apigateway:eu-central-1:lambda:path/2015-03-31/functions/f/invocations"
    api = Api().method("GET /", dynamodb(uri=uri, integrationResponses=with_patterns(patterns)))
    backend = RecordingBackend(HttpResponse(200, (), json.dumps(function_result).encode()))
    return int(send(api, "GET /", backend=backend).status)


def test_lambda_matches_error_message() -> None:
    assert lambda_answer({"errorMessage": "Error: four hundred things"}) == 405


def test_lambda_success_ignores_status() -> None:
    assert lambda_answer({"ok": True}) == 200


def test_aws_service_matches_status() -> None:
    assert by_status(400, {"200": None, "400": "400"}) == 400


def test_no_match_and_no_default() -> None:
    responses = {"400": {"statusCode": "400", "selectionPattern": "400"}}
    internal_error(send(Api().method("GET /", dynamodb(integrationResponses=responses)), "GET /"))


@pytest.mark.parametrize(("backend", "expected"), [(200, 200), (400, 400), (404, 200), (500, 500), (501, 500)])
def test_patterns_by_status(backend: int, expected: int) -> None:
    assert by_status(backend, {"200": None, "400": "400", "500": r"5\d{2}"}) == expected


OVERRIDING = """#set($context.responseOverride.status = 444)
#set($context.responseOverride.header.foo = "bar")
#set($context.responseOverride.custom = "is also passed around")
{"statusCode": 200}"""


@pytest.mark.parametrize(
    ("template", "body"),
    [
        ("", b""),
        (
            '{"s": "$context.responseOverride.status", "c": "$context.responseOverride.custom"}',
            b'{"s": "444", "c": "is also passed around"}',
        ),
    ],
)
def test_response_override_in_request_template(template: str, body: bytes) -> None:
    result = send(Api().method("GET /", mock(template, OVERRIDING)), "GET /")
    assert (result.status, result.headers["foo"], result.body) == (444, "bar", body)


def test_request_override_read_in_response_template() -> None:
    request = "#set($context.requestOverride.path.body = 'path one'){\"statusCode\": 200}"
    result = send(Api().method("GET /", mock("$context.requestOverride.path.body", request)), "GET /")
    assert result.body == b"path one"


@pytest.mark.parametrize("status", [99, 600])
def test_status_override_out_of_range(status: int) -> None:
    request = f'#set($context.responseOverride.status = {status}){{"statusCode": 200}}'
    assert send(Api().method("GET /", mock("", request)), "GET /").status == 200


def test_request_override_with_several_values() -> None:
    template = '#set($context.requestOverride.header.multi = ["1header", "2header"]){}'
    backend = RecordingBackend()
    send(Api().method("POST /", dynamodb(requestTemplates={JSON: template})), "POST /", backend=backend)
    assert backend.calls[0]["headers"]["multi"] == "1header,2header"


def passed_through(behavior: str, **templates: Any) -> Result:
    api = Api().method("POST /", dynamodb(passthroughBehavior=behavior, **templates))
    backend = RecordingBackend()
    result = send(api, "POST /", '{"raw": 1}', backend=backend)
    if result.status == 200:
        assert backend.calls[0]["body"] == b'{"raw": 1}'
    return result


def unsupported(result: Result) -> None:
    assert (result.status, result.json()) == (415, {"message": "Unsupported Media Type"})


def test_never_without_template() -> None:
    unsupported(passed_through("NEVER"))


def test_never_with_template_for_other_type() -> None:
    unsupported(passed_through("NEVER", **OTHER_TYPE))


def test_when_no_templates_without_template() -> None:
    assert passed_through("WHEN_NO_TEMPLATES").status == 200


def test_when_no_templates_with_template_for_other_type() -> None:
    unsupported(passed_through("WHEN_NO_TEMPLATES", **OTHER_TYPE))


def test_when_no_match_without_template() -> None:
    assert passed_through("WHEN_NO_MATCH").status == 200


def test_when_no_match_with_template_for_other_type() -> None:
    assert passed_through("WHEN_NO_MATCH", **OTHER_TYPE).status == 200


def chosen_request_template(templates: dict[str, str], content_type: str | None) -> bytes:
    backend = RecordingBackend()
    api = Api().method("POST /", dynamodb(requestTemplates=templates))
    send(api, "POST /", "{}", {"Content-Type": content_type} if content_type else {}, backend)
    return bytes(backend.calls[0]["body"])


def test_request_without_content_type() -> None:
    assert chosen_request_template({"text/csv": "csv", JSON: "json"}, None) == b"json"


def test_content_type_with_parameters() -> None:
    assert chosen_request_template({"text/csv": "csv", JSON: "json"}, "application/json; charset=UTF-8") == b"json"


@pytest.mark.parametrize(("content_type", "expected"), [("text/plain", b"other"), (JSON, b"json")])
def test_default_request_template(content_type: str, expected: bytes) -> None:
    assert chosen_request_template({"$default": "other", JSON: "json"}, content_type) == expected


@pytest.mark.parametrize(
    ("templates", "accept", "expected"),
    [
        ({"text/csv": "csv", JSON: "json"}, "text/csv", b"csv"),
        ({"text/csv": "csv", JSON: "json"}, "text/html", b"json"),
        ({"text/csv": "csv", JSON: "json"}, None, b"json"),
        ({"text/csv": "csv", "text/xml": "xml"}, None, b"csv"),
        ({}, "text/csv", b"backend's"),
    ],
)
def test_response_template_by_accept(templates: dict[str, str], accept: str | None, expected: bytes) -> None:
    responses = {"200": {"statusCode": "200", "responseTemplates": templates}}
    backend = RecordingBackend(HttpResponse(200, (), b"backend's"))
    api = Api().method("GET /", dynamodb(integrationResponses=responses))
    assert send(api, "GET /", headers={"Accept": accept} if accept else {}, backend=backend).body == expected


def test_dynamodb_without_response_template() -> None:
    stored = b'{"Count":1,"Items":[{"id":{"S":"test"}}],"ScannedCount":1}'
    backend = RecordingBackend(HttpResponse(200, (("Content-Type", "application/x-amz-json-1.0"),), stored))
    result = send(Api().method("GET /", dynamodb()), "GET /", backend=backend)
    assert (result.status, result.body, result.headers["Content-Type"]) == (200, stored, JSON)
    assert {"x-amzn-RequestId", "x-amz-apigw-id", "X-Amzn-Trace-Id"} <= result.headers.keys()


def test_query_values_are_decoded() -> None:
    result = send(Api().method("GET /", mock("$input.params('id')")), "GET /?id=test%203")
    assert result.body == b"test 3"


@pytest.mark.parametrize("side", ["request", "response"])
def test_binary_data_and_templates(side: str) -> None:
    encoded = base64.b64encode(b"\x1f\x8b")
    response = {"statusCode": "200", "responseTemplates": {JSON: "{}"}, "contentHandling": "CONVERT_TO_BINARY"}
    integration = (
        dynamodb(contentHandling="CONVERT_TO_BINARY", requestTemplates={JSON: "{}"})
        if side == "request"
        else dynamodb(integrationResponses={"200": response})
    )
    backend = RecordingBackend(HttpResponse(200, (), encoded))
    internal_error(send(Api().method("POST /", integration), "POST /", encoded, backend=backend))


def test_default_body_of_gateway_responses() -> None:
    api = Api().method("GET /pets", mock())
    api.content.gateway_responses["DEFAULT_4XX"] = {
        "responseTemplates": {JSON: '{"error":$context.error.messageString,"vtl":"#set($x=1)$x"}'}
    }
    result = send(api, "GET /cats")
    assert result.body == b'{"error":"Missing Authentication Token","vtl":"#set($x=1)$x"}'


def test_error_types() -> None:
    """Those of the recorded types that this gateway raises."""
    kinds = {name: kind.error_type for name, kind in RESPONSE_TYPES.items()}
    assert kinds["MISSING_AUTHENTICATION_TOKEN"] == "MissingAuthenticationTokenException"
    assert kinds["BAD_REQUEST_BODY"] == kinds["UNSUPPORTED_MEDIA_TYPE"] == "BadRequestException"
    assert kinds["DEFAULT_5XX"] == "InternalServerErrorException"


def test_default_statuses() -> None:
    assert RESPONSE_TYPES["API_CONFIGURATION_ERROR"].status == 500
    assert RESPONSE_TYPES["INTEGRATION_FAILURE"].status == RESPONSE_TYPES["INTEGRATION_TIMEOUT"].status == 504
    assert RESPONSE_TYPES["REQUEST_TOO_LARGE"].status == 413


ELSEWHERE = "a fact of the management API, tested there"

COVERED: dict[tuple[str, str], Callable[..., None] | str] = {
    ("routing", "unknown path"): test_unknown_path,
    ("routing", "known path, undefined method"): test_unknown_method,
    ("validator", "required header/path/query missing (POST without all)"): test_required_parameters,
    ("validator", "body violates model"): test_body_violates_model,
    (
        "selection",
        r"HTTP integration, backend 404, patterns: default=200, 4\d{2}=400",
    ): test_http_status_matches_pattern,
    ("selection", "HTTP integration, backend 201, same"): test_http_status_without_match,
    (
        "selection",
        'Lambda AWS integration; patterns default=200, .*four hundred.*=405, .+=502, "200"=504; '
        'error text contains "four hundred"',
    ): test_lambda_matches_error_message,
    ("selection", "same, success"): test_lambda_success_ignores_status,
    (
        "selection",
        'SQS AWS integration, backend 400, patterns default=200, "400"=400',
    ): test_aws_service_matches_status,
    ("selection", "no pattern matches and no default"): test_no_match_and_no_default,
    (
        "selection",
        r'patterns: default=200, "400"=400, 5\d{2}=500; statuses 200,400,404,500,501',
    ): test_patterns_by_status,
    (
        "override",
        "responseOverride.status=444 set in the REQUEST template (MOCK), with or without response template",
    ): test_response_override_in_request_template,
    ("override", "requestOverride.path.body set in request template"): test_request_override_read_in_response_template,
    ("override", "responseOverride.status = 99 / 600"): test_status_override_out_of_range,
    ("override", 'requestOverride header multi list ["1header","2header"]'): test_request_override_with_several_values,
    ("passthrough", "NEVER: no template at all"): test_never_without_template,
    ("passthrough", "NEVER: template for another content type only"): test_never_with_template_for_other_type,
    ("passthrough", "WHEN_NO_TEMPLATES: no template at all"): test_when_no_templates_without_template,
    (
        "passthrough",
        "WHEN_NO_TEMPLATES: template for another content type only",
    ): test_when_no_templates_with_template_for_other_type,
    ("passthrough", "WHEN_NO_MATCH: no template at all"): test_when_no_match_without_template,
    (
        "passthrough",
        "WHEN_NO_MATCH: template for another content type only",
    ): test_when_no_match_with_template_for_other_type,
    ("template-selection", "request without Content-Type"): test_request_without_content_type,
    ("template-selection", "Content-Type: application/json; charset=UTF-8"): test_content_type_with_parameters,
    ("template-selection", "requestTemplates has $default and no match"): test_default_request_template,
    (
        "template-selection",
        "response template chosen by request Accept; absent or unmatched -> application/json else first template; "
        "no template -> passthrough",
    ): test_response_template_by_accept,
    ("put_integration", "type AWS_PROXY with dynamodb uri"): ELSEWHERE,
    ("put_integration", "type AWS without integrationHttpMethod"): ELSEWHERE,
    ("put_integration", "uri not an ARN / ARN without path|action"): ELSEWHERE,
    ("put_integration", "passthroughBehavior omitted"): ELSEWHERE,
    (
        "dynamodb",
        "Query/Scan/PutItem via AWS action integration, no response template",
    ): test_dynamodb_without_response_template,
    ("dynamodb", "query value 'test 3' sent as ?id=test 3"): test_query_values_are_decoded,
    ("contentHandling", "CONVERT_TO_BINARY + request/response template"): test_binary_data_and_templates,
    ("test-invoke", "TestInvokeMethod log lines"): "test_test_invocation.py",
    ("gateway-responses", "GetGatewayResponses defaults"): test_default_statuses,
    ("gateway-responses", "default template"): test_default_body_of_gateway_responses,
    ("gateway-responses", "status code -> x-amzn-ErrorType"): test_error_types,
}


def test_no_recorded_fact_is_left_out() -> None:
    if not SHARED.exists():
        pytest.skip(f"the recorded facts are not here: {SHARED}")
    facts = [(fact["area"], fact["given"]) for fact in json.loads(SHARED.read_text())]
    assert len(facts) == 36
    assert set(facts) == COVERED.keys()
