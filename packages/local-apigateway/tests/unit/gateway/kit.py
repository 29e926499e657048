# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""APIs in memory, and requests to them, for the tests of the gateway."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from local_apigateway.gateway import Gateway, Trace
from local_apigateway.gateway.dialect import DEFAULT, Dialect
from local_apigateway.model import Content, HttpRequest, HttpResponse, ServedStage

JSON = "application/json"


@dataclass
class Api:
    """An API under construction. Its wire shapes are those that the management API stores."""

    content: Content = field(default_factory=Content)

    def __post_init__(self) -> None:
        self._resource("/")

    def _resource(self, path: str) -> dict[str, Any]:
        for resource in self.content.resources.values():
            if resource["path"] == path:
                return resource
        made: dict[str, Any] = {"id": f"r{len(self.content.resources):05}", "path": path, "resourceMethods": {}}
        self.content.resources[made["id"]] = made
        return made

    def method(self, route: str, integration: Mapping[str, Any], **attributes: Any) -> Api:
        """Add `"GET /path"` with an integration; `attributes` are members of the wire shape Method."""
        http_method, path = route.split(" ", 1)
        method = {"httpMethod": http_method, "authorizationType": "NONE", **attributes}
        self._resource(path)["resourceMethods"][http_method] = {**method, "methodIntegration": dict(integration)}
        return self

    def stage(self, **attributes: Any) -> ServedStage:
        """Return the API as stage `test` serves it. `attributes` are members of the wire shape Stage."""
        return ServedStage(
            account_id="111111111111",
            region="eu-central-1",
            api_id="abcdefghij",
            api_name="api",
            stage={"stageName": "test", "deploymentId": "dep001", **attributes},
            deployment_id="dep001",
            content=self.content,
        )


@dataclass
class RecordingBackend:
    """A stand-in for the AWS services, for responses that no real service returns on demand.

    `key_sets` are JSON web key sets by the ARN of their user pool.
    """

    response: HttpResponse | Exception = field(default_factory=lambda: HttpResponse(200, (), b"{}"))
    calls: list[dict[str, Any]] = field(default_factory=list)
    key_sets: dict[str, Any] = field(default_factory=dict)
    key_sets_read: list[str] = field(default_factory=list)

    async def call(self, **request: Any) -> HttpResponse:
        self.calls.append(request)
        if isinstance(self.response, Exception):
            raise self.response
        return self.response

    async def signing_keys(self, user_pool_arn: str) -> dict[str, Any] | None:
        self.key_sets_read.append(user_pool_arn)
        return self.key_sets.get(user_pool_arn)


@dataclass(frozen=True)
class Result:
    """The response that the client received, and the trace of the request."""

    status: int
    headers: dict[str, str]
    body: bytes
    trace: Trace | None

    def json(self) -> Any:
        return json.loads(self.body)


def http_request(route: str, body: bytes | str = b"", headers: Mapping[str, str] | None = None) -> HttpRequest:
    """Return the request `"GET /path?a=b"` as the server passes it to the gateway."""
    method, target = route.split(" ", 1)
    path, _unused, query = target.partition("?")
    return HttpRequest(
        method=method,
        path=path,
        query=tuple(parse_qsl(query, keep_blank_values=True)),
        headers=tuple((headers or {}).items()),
        body=body.encode() if isinstance(body, str) else body,
        host="abcdefghij.execute-api.localhost:4566",
    )


def exchange(
    stage: ServedStage | None,
    request: HttpRequest,
    backend: RecordingBackend | None = None,
    dialect: Dialect = DEFAULT,
) -> Result:
    """Send one request to a new gateway."""

    async def run() -> Result:
        traces: list[Trace] = []
        gateway = Gateway(backend or RecordingBackend(), traces.append)
        try:
            response = await gateway.respond(stage, request, dialect)
        finally:
            await gateway.close()
        return Result(response.status, dict(response.headers), response.body, traces[0] if traces else None)

    return asyncio.run(run())


def mock(response_template: str = "", request_template: str = '{"statusCode": 200}', **integration: Any) -> Any:
    """Return a MOCK integration with one default integration response."""
    templates = {JSON: response_template} if response_template else {}
    return {
        "type": "MOCK",
        "requestTemplates": {JSON: request_template},
        "integrationResponses": {"200": {"statusCode": "200", "responseTemplates": templates}},
        **integration,
    }


def dynamodb(**integration: Any) -> Any:
    """Return a DynamoDB Query integration. Without `integration`, it passes payloads through in both directions."""
    return {
        "type": "AWS",
        "httpMethod": "POST",
        "uri": "arn:aws:apigateway:eu-central-1:dynamodb:action/Query",
        "credentials": "arn:aws:iam::111111111111:role/reader",
        "integrationResponses": {"200": {"statusCode": "200"}},
        **integration,
    }


def send(
    stage: ServedStage | Api | None,
    route: str,
    body: bytes | str = b"",
    headers: Mapping[str, str] | None = None,
    backend: RecordingBackend | None = None,
    dialect: Dialect = DEFAULT,
) -> Result:
    """Send `"GET /path?a=b"` to a new gateway and return the result."""
    served = stage.stage() if isinstance(stage, Api) else stage
    return exchange(served, http_request(route, body, headers), backend, dialect)
