# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a reader is told of API Gateway's execution log, and the pace at which a draft is asked."""

from __future__ import annotations

from ansible_collections.codeless.apigateway.plugins.module_utils._expectations.of_draft import Pace, explaining_lines

STAMP = "Tue Aug 19 10:11:12 UTC 2025"
LOG = f"""Execution log for request 0a1b2c
{STAMP} : Starting execution for request: 0a1b2c
{STAMP} : HTTP Method: GET, Resource Path: /config
{STAMP} : API Key: ********
{STAMP} : Method request path: {{id=config}}
{STAMP} : Method request query string: {{token=secret-query}}
{STAMP} : Method request headers: {{Authorization=Bearer secret-header, Cookie=secret
-cookie}}
{STAMP} : Method request body before transformations: {{"password": "secret-body"}}
{STAMP} : Endpoint request URI: https://dynamodb.eu-central-1.amazonaws.com/?Action=Query
{STAMP} : Endpoint request headers: {{Authorization=secret-signature, X-Amz-Security-Token=secret-token [TRUNCATED]
{STAMP} : Endpoint request body after transformations: {{
  "TableName": "orders",
  "Key": {{}}
}}
{STAMP} : Sending request to https://dynamodb.eu-central-1.amazonaws.com/?Action=Query
{STAMP} : Received response. Status: 400, Integration latency: 12 ms
{STAMP} : Endpoint response headers: {{x-amzn-RequestId=secret-id}}
{STAMP} : Endpoint response body before transformations: {{"__type": "AccessDeniedException", "Message": "no"}}
{STAMP} : Execution failed due to configuration error: No match for output mapping
{STAMP} : Method completed with status: 500
"""


def test_the_lines_that_say_why() -> None:
    assert explaining_lines(LOG) == [
        'Endpoint request body after transformations: { "TableName": "orders", "Key": {} }',
        "Received response. Status: 400, Integration latency: 12 ms",
        'Endpoint response body before transformations: {"__type": "AccessDeniedException", "Message": "no"}',
        "Execution failed due to configuration error: No match for output mapping",
    ]


def test_no_secret_is_in_them() -> None:
    assert "secret" not in "".join(explaining_lines(LOG))


def test_a_line_that_nobody_knows_is_told() -> None:
    line = "Request body does not match model schema for content type application/json: [object has missing properties]"
    assert explaining_lines(f"Execution log for request 1\n{STAMP} : {line}\n") == [line]
    assert explaining_lines("") == []


def test_calls_come_at_the_pace_that_api_gateway_allows() -> None:
    now = 100.0
    made: list[float] = []

    def pause(seconds: float) -> None:
        nonlocal now
        now += seconds

    pace = Pace(pause, lambda: now)
    for _call in range(50):
        pace.keep()
        made.append(round(now - 100, 3))
    assert made[:20] == [0.0] * 20
    assert made[20:] == [round(0.1 * number, 3) for number in range(1, 31)]
    now += 60
    pace.keep()
    assert now == 100 + 3 + 60
