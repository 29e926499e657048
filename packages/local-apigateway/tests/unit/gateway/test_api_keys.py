# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Methods that require an API key, and the limits of usage plans."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

import pytest

from local_apigateway.gateway import Gateway
from local_apigateway.model import HttpResponse, PlannedKey, ServedStage
from unit.gateway.kit import Api, RecordingBackend, dynamodb, http_request, mock

KEY = {"x-api-key": "secret"}
NO_REQUESTS = {"rateLimit": 1.0, "burstLimit": 0}
ONE_REQUEST = {"rateLimit": 0.0, "burstLimit": 1}


@dataclass
class Plans:
    """Usage plans in memory: one key, and the requests that its quota leaves."""

    limits: dict[str, Any] | None = None
    route_limits: dict[str, Any] = field(default_factory=dict)
    left: int = 100

    def find(self, stage: ServedStage, key_value: str) -> PlannedKey | None:
        known = (stage.api_id, key_value) == ("abcdefghij", "secret")
        return PlannedKey("key", "plan", self.limits, self.route_limits) if known else None

    def spend(self, _stage: ServedStage, _key: PlannedKey) -> bool:
        self.left -= 1
        return self.left >= 0


def protected(integration: Any = None, **method: Any) -> Api:
    return Api().method("GET /", integration or mock("ok"), apiKeyRequired=True, **method)


def responses(
    api: Api, plans: Plans, *headers: dict[str, str], backend: RecordingBackend | None = None
) -> list[HttpResponse]:
    """Send a request with each of the headers to one gateway."""

    async def run() -> list[HttpResponse]:
        gateway = Gateway(backend or RecordingBackend(), usage_plans=plans)
        try:
            return [await gateway.respond(api.stage(), http_request("GET /", headers=sent)) for sent in headers]
        finally:
            await gateway.close()

    return asyncio.run(run())


def _error(response: HttpResponse) -> tuple[int, bytes, str | None]:
    return response.status, response.body, dict(response.headers).get("x-amzn-ErrorType")


def test_a_request_needs_a_key_of_a_plan_of_the_stage() -> None:
    forbidden = (403, b'{"message":"Forbidden"}', "ForbiddenException")
    backend, plans = RecordingBackend(), Plans(left=1)
    none, empty, wrong = responses(
        protected(dynamodb()), plans, {}, {"x-api-key": ""}, {"x-api-key": "other"}, backend=backend
    )
    assert _error(none) == _error(empty) == _error(wrong) == forbidden
    assert (backend.calls, plans.left) == ([], 1)
    (response,) = responses(protected(dynamodb()), plans, {"X-API-Key": "secret"}, backend=backend)
    assert (response.status, len(backend.calls), plans.left) == (200, 1, 0)


def test_a_method_that_requires_no_key_ignores_it() -> None:
    plans = Plans(limits=NO_REQUESTS)
    (response,) = responses(Api().method("GET /", mock("ok")), plans, KEY)
    assert (response.status, plans.left) == (200, 100)


def test_templates_see_the_key() -> None:
    template = "$context.identity.apiKeyId $context.identity.apiKey $context.identity.sourceIp"
    (response,) = responses(protected(mock(template)), Plans(), KEY)
    assert response.body == b"key secret 127.0.0.1"


def test_the_quota_ends_with_429() -> None:
    first, second = responses(protected(), Plans(left=1), KEY, KEY)
    assert first.status == 200
    assert _error(second) == (429, b'{"message":"Limit Exceeded"}', "LimitExceededException")


def test_the_throttle_of_the_plan_ends_with_429_and_spends_nothing() -> None:
    plans = Plans(limits=ONE_REQUEST)
    first, second = responses(protected(), plans, KEY, KEY)
    assert first.status == 200
    assert _error(second) == (429, b'{"message":"Too Many Requests"}', "TooManyRequestsException")
    assert plans.left == 99


def test_limits_of_a_method_override_those_of_the_plan() -> None:
    wide = {"rateLimit": 1.0, "burstLimit": 10}
    assert responses(protected(), Plans(NO_REQUESTS, {"//GET": wide}), KEY)[0].status == 200
    assert responses(protected(), Plans(wide, {"//GET": NO_REQUESTS}), KEY)[0].status == 429
    assert responses(protected(), Plans(wide, {"//PUT": NO_REQUESTS}), KEY)[0].status == 200


@pytest.mark.parametrize(("kind", "plans"), [("INVALID_API_KEY", None), ("QUOTA_EXCEEDED", Plans(left=0))])
def test_gateway_responses_of_keys_are_customised(kind: str, plans: Plans | None) -> None:
    api = protected()
    api.content.gateway_responses[kind] = {"responseType": kind, "statusCode": "418"}
    (response,) = responses(api, plans or Plans(), KEY if plans else {})
    assert response.status == 418


def test_keys_of_authorizers_are_not_supported() -> None:
    api = protected()
    api.content.settings["apiKeySource"] = "AUTHORIZER"
    (response,) = responses(api, Plans(), KEY)
    assert response.status == 501
    assert b"API keys of authorizers: GET / requires one" in response.body
