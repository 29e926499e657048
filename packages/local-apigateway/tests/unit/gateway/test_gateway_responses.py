# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Responses of the gateway itself: defaults, custom gateway responses, and unsupported features."""

from __future__ import annotations

from typing import Any

import pytest

from local_apigateway.gateway.request.client_request import MAXIMUM_BODY
from local_apigateway.model import HttpResponse, RoleNotAssumableError
from unit.gateway.kit import JSON, Api, RecordingBackend, dynamodb, mock, send


def test_unknown_api_or_stage() -> None:
    result = send(None, "GET /")
    assert (result.status, result.body) == (403, b'{"message":"Forbidden"}')
    assert result.headers["x-amzn-ErrorType"] == "ForbiddenException"
    assert result.headers["Content-Type"] == JSON


def test_disabled_endpoint_is_forbidden() -> None:
    api = Api().method("GET /", mock())
    api.content.settings["disableExecuteApiEndpoint"] = True
    assert send(api, "GET /").status == 403


def test_errors_carry_ids_and_no_trace() -> None:
    result = send(Api(), "GET /")
    assert {"x-amzn-RequestId", "x-amz-apigw-id", "x-amzn-ErrorType"} <= result.headers.keys()
    assert "X-Amzn-Trace-Id" not in result.headers


@pytest.mark.parametrize(
    ("fault", "status", "body"),
    [
        (RoleNotAssumableError("no trust"), 500, b'{"message": "Internal server error"}'),
        (TimeoutError(), 504, b'{"message": "Endpoint request timed out"}'),
        (RuntimeError("a fault of the gateway itself"), 500, b'{"message": "Internal server error"}'),
        (ConnectionError("refused"), 504, b'{"message": "Network error communicating with endpoint"}'),
    ],
)
def test_backend_faults(fault: Exception, status: int, body: bytes) -> None:
    result = send(Api().method("GET /", dynamodb()), "GET /", backend=RecordingBackend(fault))
    assert (result.status, result.body) == (status, body)
    assert result.headers["x-amzn-ErrorType"] == "InternalServerErrorException"


def test_operator_reads_why_the_role_was_refused() -> None:
    backend = RecordingBackend(RoleNotAssumableError("its trust policy does not name apigateway.amazonaws.com"))
    result = send(Api().method("GET /", dynamodb()), "GET /", backend=backend)
    assert result.trace is not None
    error = result.trace.summary()["error"]
    assert "does not have permission to assume the provided role arn:aws:iam::111111111111:role/reader" in error
    assert "trust policy" in error


def test_large_payload() -> None:
    result = send(Api().method("POST /", mock()), "POST /", b"x" * (MAXIMUM_BODY + 1))
    assert (result.status, result.json()) == (413, {"message": "HTTP content length exceeded 10485760 bytes."})


def test_large_answer() -> None:
    backend = RecordingBackend(HttpResponse(200, (), b"x" * (MAXIMUM_BODY + 1)))
    assert send(Api().method("GET /", dynamodb()), "GET /", backend=backend).status == 500


def customised(**response: Any) -> Api:
    api = Api().method("GET /pets/{id}", mock(), requestParameters={"method.request.querystring.q": True})
    api.content.gateway_responses["DEFAULT_4XX"] = response
    return api


def test_customised_headers_and_status() -> None:
    api = customised(
        statusCode="404",
        responseParameters={
            "gatewayresponse.header.Access-Control-Allow-Origin": "'*'",
            "gatewayresponse.header.X-Origin": "method.request.header.Origin",
            "gatewayresponse.header.X-Id": "context.requestId",
            "gatewayresponse.header.X-Absent": "method.request.header.Nothing",
            "gatewayresponse.header.X-Unknown": "nowhere.at.all",
        },
    )
    result = send(api, "GET /", headers={"Origin": "http://example.com"})
    assert result.status == 404
    assert result.headers["Access-Control-Allow-Origin"] == "*"
    assert result.headers["X-Origin"] == "http://example.com"
    assert result.headers["X-Id"] == result.headers["x-amzn-RequestId"]
    assert not {"X-Absent", "X-Unknown"} & result.headers.keys()
    assert result.headers["x-amzn-ErrorType"] == "MissingAuthenticationTokenException"


def test_type_goes_before_its_class() -> None:
    api = customised(statusCode="400")
    api.content.gateway_responses["MISSING_AUTHENTICATION_TOKEN"] = {"statusCode": "404"}
    assert send(api, "GET /").status == 404


def test_class_keeps_the_status_of_the_error() -> None:
    api = customised(responseParameters={"gatewayresponse.header.X": "'1'"})
    assert (send(api, "GET /").status, send(api, "GET /").headers["X"]) == (403, "1")


def test_variables_of_a_body() -> None:
    template = (
        '{"t":"$context.error.responseType","m":$context.error.messageString,"p":"$stageVariables.v",'
        '"q":"$method.request.querystring.q","none":"$context.nothing"}'
    )
    api = customised(responseTemplates={JSON: template})
    result = send(api.stage(variables={"v": "prod"}), "GET /none?q=1")
    assert result.json() == {
        "t": "MISSING_AUTHENTICATION_TOKEN",
        "m": "Missing Authentication Token",
        "p": "prod",
        "q": "1",
        "none": "",
    }


def test_body_by_accept() -> None:
    api = customised(responseTemplates={JSON: "{}", "text/html": "<p>$context.error.message</p>"})
    result = send(api, "GET /none", headers={"Accept": "text/html,*/*"})
    assert (result.body, result.headers["Content-Type"]) == (b"<p>Missing Authentication Token</p>", "text/html")
    assert send(api, "GET /none").headers["Content-Type"] == JSON


@pytest.mark.parametrize(
    ("integration", "method", "named"),
    [
        (mock(), {"apiKeyRequired": True}, "API keys: GET / requires one"),
        (mock(), {"authorizationType": "CUSTOM"}, "authorization of type CUSTOM"),
        ({"type": "AWS_PROXY", "uri": "arn:…"}, {}, "an integration of type AWS_PROXY"),
        ({"type": "HTTP", "uri": "http://x", "connectionType": "VPC_LINK"}, {}, "a VPC link"),
        (dynamodb(credentials="arn:aws:iam::*:user/*"), {}, "the caller's own credentials"),
    ],
)
def test_what_is_not_there_yet_is_named(integration: Any, method: dict[str, Any], named: str) -> None:
    result = send(Api().method("GET /", integration, **method), "GET /")
    assert result.status == 501
    assert named in result.json()["message"]
    assert result.headers["x-amzn-ErrorType"] == "NotImplementedException"


@pytest.mark.parametrize("template", ['{"a": $', "#if(true) never ended"])
def test_template_that_does_not_parse(template: str) -> None:
    result = send(Api().method("GET /", mock(template)), "GET /")
    assert (result.status, result.json()) == (500, {"message": "Internal server error"})
    assert result.trace is not None
    error = result.trace.summary()["error"]
    assert "Unable to transform response: response template application/json of GET / for 200" in error
    assert "line" in error
    assert "column" in error


def test_method_without_integration() -> None:
    api = Api().method("GET /", {})
    assert send(api, "GET /").status == 500
