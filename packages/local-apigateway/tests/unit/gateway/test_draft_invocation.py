# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""TestInvokeMethod on a draft: the responses and logs recorded in TestApigatewayTestInvoke."""

from __future__ import annotations

import asyncio
import json
import re
from typing import Any

import pytest

from local_apigateway.gateway import Gateway
from local_apigateway.model import HttpResponse
from unit.gateway.kit import JSON, Api, RecordingBackend, dynamodb, mock

STAMP = re.compile(r"^[A-Z][a-z]{2} [A-Z][a-z]{2} \d\d \d\d:\d\d:\d\d UTC \d{4} : ")


def pets() -> Api:
    return (
        Api()
        .method("GET /pets", mock('{"pets": "all the pets"}'))
        .method("GET /pets/{petId}", mock('{"petId": "$input.params(\'petId\')"}'))
        .method("POST /pets/{petId}", mock('{"petId": "$input.params(\'petId\')"}'))
    )


def invoke(api: Api, route: str, backend: RecordingBackend | None = None, **test: Any) -> dict[str, Any]:
    http_method, path = route.split(" ")
    resource_id = next(key for key, resource in api.content.resources.items() if resource["path"] == path)

    async def run() -> dict[str, Any]:
        gateway = Gateway(backend or RecordingBackend())
        return await gateway.test_invoke(api.stage(stageName="test-invoke-stage"), resource_id, http_method, test)

    return asyncio.run(run())


def lines(log: str) -> list[str]:
    """Return the lines of a log without times, and with ID for the request's id."""
    first, *rest = log.split("\n")
    request_id = first.removeprefix("Execution log for request ")
    assert rest.pop() == ""
    assert all(STAMP.match(line) for line in rest)
    return [line.replace(request_id, "ID") for line in (first, *(STAMP.sub("", line) for line in rest))]


def recorded(http_method: str, path: str, body: str, **parts: str) -> list[str]:
    return [
        "Execution log for request ID",
        "Starting execution for request: ID",
        f"HTTP Method: {http_method}, Resource Path: {path}",
        f"Method request path: {parts.get('path_parameters', '{}')}",
        f"Method request query string: {parts.get('query', '{}')}",
        "Method request headers: {}",
        f"Method request body before transformations: {parts.get('request', '')}",
        f"Method response body after transformations: {body}",
        "Method response headers: {Content-Type=application/json}",
        "Successfully completed execution",
        "Method completed with status: 200",
    ]


@pytest.mark.parametrize(
    ("route", "test", "body", "log"),
    [
        ("GET /pets", {}, '{"pets": "all the pets"}', {"path": "/pets"}),
        (
            "GET /pets",
            {"pathWithQueryString": "/random/test"},
            '{"pets": "all the pets"}',
            {"path": "/random/test"},
        ),
        (
            "GET /pets/{petId}",
            {"pathWithQueryString": "/pets/123"},
            '{"petId": "123"}',
            {"path": "/pets/123", "path_parameters": "{petId=123}"},
        ),
        (
            "GET /pets/{petId}",
            {},
            '{"petId": "{petId}"}',
            {"path": "/pets/{petId}", "path_parameters": "{petId={petId}}"},
        ),
        ("GET /pets/{petId}", {"pathWithQueryString": "/random/test"}, '{"petId": ""}', {"path": "/random/test"}),
        (
            "GET /pets/{petId}",
            {"pathWithQueryString": "/pets/123?foo=bar"},
            '{"petId": "123"}',
            {"path": "/pets/123", "path_parameters": "{petId=123}", "query": "{foo=bar}"},
        ),
        (
            "POST /pets/{petId}",
            {"pathWithQueryString": "/pets/123", "body": '{"foo": "bar"}'},
            '{"petId": "123"}',
            {"path": "/pets/123", "path_parameters": "{petId=123}", "request": '{"foo": "bar"}'},
        ),
    ],
)
def test_recorded_invocations(route: str, test: dict[str, Any], body: str, log: dict[str, str]) -> None:
    result = invoke(pets(), route, **test)
    assert (result["status"], result["body"]) == (200, body)
    assert result["headers"] == {"Content-Type": JSON}
    assert result["multiValueHeaders"] == {"Content-Type": [JSON]}
    parts = {key: value for key, value in log.items() if key != "path"}
    assert lines(result["log"]) == recorded(route.split(" ")[0], log["path"], body, **parts)


def test_recorded_failure() -> None:
    result = invoke(Api().method("GET /", {"type": "HTTP", "httpMethod": "GET", "uri": "${stageVariables.u}"}), "GET /")
    assert result["status"] == 500
    assert json.loads(result["body"]) == {"message": "Internal server error"}
    assert result["headers"] == {"x-amzn-ErrorType": "InternalServerErrorException"}
    assert result["multiValueHeaders"] == {"x-amzn-ErrorType": ["InternalServerErrorException"]}
    log = lines(result["log"])
    assert len(log) == 9
    assert log[-2:] == [
        "Execution failed due to configuration error: Invalid endpoint address",
        "Method completed with status: 500",
    ]


def test_log_of_a_service_integration() -> None:
    """The lines of test_apigw_test_invoke_method_api, with DynamoDB in Lambda's place."""
    backend = RecordingBackend(HttpResponse(200, (("Content-Type", "application/x-amz-json-1.0"),), b'{"Count":0}'))
    api = Api().method("POST /foo", dynamodb(requestTemplates={JSON: '{"TableName": "t"}'}))
    result = invoke(api, "POST /foo", backend, body='{"test": "val123"}', headers={"content-type": JSON})
    log = lines(result["log"])
    assert log[5] == "Method request headers: {content-type=application/json}"
    url = "https://dynamodb.eu-central-1.amazonaws.com/?Action=Query"
    assert log[7] == f"Endpoint request URI: {url}"
    assert log[8].startswith("Endpoint request headers: {")
    assert "X-Amz-Target=DynamoDB_20120810.Query" in log[8]
    assert log[9] == 'Endpoint request body after transformations: {"TableName": "t"}'
    assert log[10] == f"Sending request to {url}"
    assert re.fullmatch(r"Received response. Status: 200, Integration latency: \d+ ms", log[11])
    assert log[12] == "Endpoint response headers: {Content-Type=application/x-amz-json-1.0}"
    assert log[13] == 'Endpoint response body before transformations: {"Count":0}'
    assert log[14] == 'Method response body after transformations: {"Count":0}'
    assert re.fullmatch(r"Method response headers: {X-Amzn-Trace-Id=Root=1-.*, Content-Type=application/json}", log[15])
    assert log[16:] == ["Successfully completed execution", "Method completed with status: 200"]


def test_stage_variables_and_authorization() -> None:
    """A test has its own stage variables, and skips authorization."""
    api = Api().method("GET /", mock("$stageVariables.v $context.stage"), authorizationType="AWS_IAM")
    assert invoke(api, "GET /", stageVariables={"v": "mine"})["body"] == "mine test-invoke-stage"


def test_long_headers_are_truncated() -> None:
    result = invoke(Api().method("GET /", mock("ok")), "GET /", headers={"X-Long": "x" * 2000})
    line = lines(result["log"])[5]
    assert line.endswith(" [TRUNCATED]")
    assert len(line) == len("Method request headers: ") + 998 + len(" [TRUNCATED]")


def test_missing_resource_or_method() -> None:
    api = Api().method("GET /", mock())
    with pytest.raises(KeyError):
        invoke(api, "DELETE /")
