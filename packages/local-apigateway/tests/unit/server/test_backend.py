# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The gateway's calls of services: sessions that have ended, services that do not answer.

The service is a stand-in, for a real one cannot be made to forget a session or to be slow.
"""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import quote

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from local_apigateway.model import HttpResponse
from local_apigateway.services.backend import ServiceBackend
from local_apigateway.services.client import ServiceClient
from local_apigateway.services.execution_role import ExecutionRoles

ROLE = "arn:aws:iam::123456789012:role/service/reader"
TRUST = {
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "apigateway.amazonaws.com"}, "Action": "sts:AssumeRole"}]
}


class Services:
    """IAM, STS and DynamoDB. `refusals` calls of DynamoDB are refused, as with credentials that it does not know."""

    def __init__(self, refusals: int = 0, seconds: float = 0.0) -> None:
        self.sessions = 0
        self.calls: list[str] = []
        self._refusals = refusals
        self._seconds = seconds

    async def answer(self, request: web.Request) -> web.Response:
        body = (await request.read()).decode()
        if "Action=GetRole" in body:
            policy = quote(json.dumps(TRUST))
            text = f"<Role><Arn>{ROLE}</Arn><AssumeRolePolicyDocument>{policy}</AssumeRolePolicyDocument></Role>"
            return web.Response(text=text)
        if "Action=AssumeRole" in body:
            self.sessions += 1
            names = ("AccessKeyId", "SecretAccessKey", "SessionToken")
            return web.Response(text=f"<C>{''.join(f'<{name}>{self.sessions}</{name}>' for name in names)}</C>")
        self.calls.append(request.headers["X-Amz-Security-Token"])
        await asyncio.sleep(self._seconds)
        if len(self.calls) <= self._refusals:
            return web.json_response({"__type": "UnrecognizedClientException"}, status=400)
        return web.json_response({"Items": []})


def _with(services: Services, use: Callable[[ServiceBackend], Awaitable[None]]) -> None:
    async def run() -> None:
        application = web.Application()
        application.router.add_route("*", "/{path:.*}", services.answer)
        async with TestServer(application) as server:
            client = ServiceClient(str(server.make_url("")).rstrip("/"))
            await use(ServiceBackend(client, ExecutionRoles(client)))
            await client.close()

    asyncio.run(run())


async def _query(backend: ServiceBackend, timeout: float = 5.0) -> HttpResponse:
    call: dict[str, Any] = {"role_arn": ROLE, "region": "eu-central-1", "service": "dynamodb", "method": "POST"}
    return await backend.call(**call, path="/", query="", headers={}, body=b"{}", timeout=timeout)


def test_a_session_is_opened_once_for_many_calls() -> None:
    services = Services()

    async def use(backend: ServiceBackend) -> None:
        answers = await asyncio.gather(*(_query(backend) for _i in range(20)))
        assert {answer.status for answer in answers} == {200}

    _with(services, use)
    assert services.sessions == 1
    assert services.calls == ["1"] * 20


def test_a_session_that_has_ended_is_opened_again() -> None:
    services = Services(refusals=1)

    async def use(backend: ServiceBackend) -> None:
        assert (await _query(backend)).status == 200

    _with(services, use)
    assert services.calls == ["1", "2"]


def test_a_refusal_that_stays_is_the_answer() -> None:
    services = Services(refusals=100)

    async def use(backend: ServiceBackend) -> None:
        assert (await _query(backend)).status == 400

    _with(services, use)
    assert len(services.calls) == 2


def test_a_slow_service_is_a_timeout() -> None:
    async def use(backend: ServiceBackend) -> None:
        with pytest.raises(TimeoutError):
            await _query(backend, timeout=0.05)

    _with(Services(seconds=5.0), use)


def test_nobody_who_answers_is_a_connection_error() -> None:
    async def run() -> None:
        with socket.socket() as unused:
            unused.bind(("127.0.0.1", 0))
            client = ServiceClient(f"http://127.0.0.1:{unused.getsockname()[1]}")
            with pytest.raises(ConnectionError):
                await _query(ServiceBackend(client, ExecutionRoles(client)))
            await client.close()

    asyncio.run(run())
