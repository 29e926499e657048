# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Templates that render for long: other requests are served meanwhile, and the text is the same."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from local_apigateway.gateway import Gateway
from unit.gateway.kit import JSON, Api, RecordingBackend, http_request, mock, send

LOOPS = "#foreach($i in [1..400])#foreach($j in [1..400])#set($x = $i)#end#end"
"""Some hundred thousand steps."""


def order_of_responses(first: str, second: str, api: Api) -> list[str]:
    """Send two requests one after the other, and return their routes in the order of the responses."""
    answered: list[str] = []

    async def ask(gateway: Gateway, route: str) -> None:
        response = await gateway.respond(api.stage(), http_request(route))
        assert response.status == 200, response.body
        answered.append(route)

    async def run() -> None:
        gateway = Gateway(RecordingBackend())
        for route in (first, second):
            await ask(gateway, route)
        answered.clear()
        await asyncio.gather(ask(gateway, first), ask(gateway, second))

    asyncio.run(run())
    return answered


@pytest.mark.parametrize("long", [mock(LOOPS), mock("ok", LOOPS + '{"statusCode": 200}')], ids=["response", "request"])
def test_a_long_rendering_lets_others_pass(long: dict[str, Any]) -> None:
    api = Api().method("GET /long", long).method("GET /short", mock("ok"))
    assert order_of_responses("GET /long", "GET /short", api) == ["GET /short", "GET /long"]


def test_parsing_a_long_template_lets_others_pass() -> None:
    api = Api().method("GET /long", mock("#if($x)$y#end" * 3_000)).method("GET /short", mock("ok"))
    answered: list[str] = []

    async def ask(gateway: Gateway, route: str) -> None:
        await gateway.respond(api.stage(), http_request(route))
        answered.append(route)

    async def run() -> None:
        gateway = Gateway(RecordingBackend())
        await ask(gateway, "GET /short")
        await asyncio.gather(ask(gateway, "GET /long"), ask(gateway, "GET /short"))

    asyncio.run(run())
    assert answered == ["GET /short", "GET /short", "GET /long"]


def test_a_rendering_that_begins_anew_leaves_nothing_twice() -> None:
    """A rendering starts in the event loop and restarts in a thread, without what the first attempt set."""
    request = '#set($context.n = "$!context.n" + "x")#set($context.responseOverride.header.X-N = $context.n)'
    api = Api().method("GET /", mock("$context.n", request + LOOPS + '{"statusCode": 200}'))
    result = send(api, "GET /")
    assert (result.body, result.headers["X-N"]) == (b"x", "x")


def test_a_large_payload_is_rendered_as_a_small_one() -> None:
    api = Api().method(
        "POST /",
        {
            **mock(),
            "type": "AWS",
            "uri": "arn:aws:apigateway:eu-central-1:dynamodb:action/Query",
            "httpMethod": "POST",
            "credentials": "arn:aws:iam::111111111111:role/r",
            "requestTemplates": {JSON: "$input.json('$.a')"},
        },
    )
    for size in (1, 100_000):
        backend = RecordingBackend()
        send(api, "POST /", '{"a": "' + "x" * size + '"}', {"Content-Type": JSON}, backend)
        assert backend.calls[0]["body"] == b'"' + b"x" * size + b'"'


def test_a_template_without_end_is_an_error_of_the_api() -> None:
    result = send(Api().method("GET /", mock("#foreach($i in [1..1000])" * 3 + "#set($x = 1)" + "#end" * 3)), "GET /")
    assert (result.status, result.json()) == (500, {"message": "Internal server error"})
    assert result.trace
    assert result.trace.failure
    assert "the template took more than" in result.trace.failure.log
