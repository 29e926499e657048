# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""MOCK: the request templates that it accepts, and CORS preflight requests."""

from __future__ import annotations

import pytest

from unit.gateway.kit import JSON, Api, mock, send


@pytest.mark.parametrize(
    "template",
    [
        '{"statusCode": 200}',
        "{ statusCode: 200 }",
        "{'statusCode': 200}",
        '{"statusCode": 200 , }',
        "{statusCode: 200, \"value\": 'x'}",
        '{"other": "x", statusCode: 200}',
        '\n{"statusCode": 200,\n"more": {"a": [1]}}\n',
    ],
)
def test_templates_with_a_status(template: str) -> None:
    assert send(Api().method("GET /", mock("ok", template)), "GET /").body == b"ok"


@pytest.mark.parametrize(
    "template",
    [
        '{"statusCode": "200"}',
        '{"statusCode": true}',
        '{"statusCode": 200',
        "{\"statusCode': 200 }",
        "{'statusCode: 200 }",
        "statusCode: 200",
        "{}",
        "[]",
        "",
    ],
)
def test_templates_without_a_status(template: str) -> None:
    result = send(Api().method("GET /", mock("ok", template)), "GET /")
    assert (result.status, result.json()) == (500, {"message": "Internal server error"})
    assert result.trace is not None
    assert "Unable to parse statusCode" in result.trace.summary()["error"]


def test_status_selects_the_response() -> None:
    responses = {
        "200": {"statusCode": "200", "selectionPattern": "2\\d{2}"},
        "404": {"statusCode": "404", "selectionPattern": "404"},
    }
    template = '{"statusCode": $input.params("s")}'
    api = Api().method("GET /", mock("", template, integrationResponses=responses))
    assert [send(api, f"GET /?s={status}").status for status in (200, 404, 500)] == [200, 404, 500]


def test_cors_preflight() -> None:
    headers = {
        "method.response.header.Access-Control-Allow-Origin": "'*'",
        "method.response.header.Access-Control-Allow-Methods": "'GET,OPTIONS'",
    }
    response = {"statusCode": "204", "responseParameters": headers}
    api = Api().method("OPTIONS /pets", mock("", integrationResponses={"204": response}, passthroughBehavior="NEVER"))
    preflight = {"Origin": "http://example.com", "Access-Control-Request-Method": "GET"}
    result = send(api, "OPTIONS /pets", headers=preflight)
    assert (result.status, result.body) == (204, b"")
    assert result.headers["Access-Control-Allow-Origin"] == "*"
    assert result.headers["Access-Control-Allow-Methods"] == "GET,OPTIONS"
    assert result.headers["Content-Type"] == JSON


def test_mock_has_no_trace_header() -> None:
    """Recorded: normal-req-headers-MOCK of test_invocation_trace_id."""
    assert "X-Amzn-Trace-Id" not in send(Api().method("GET /", mock("ok")), "GET /").headers
