# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Canaries, stage variables, and `$context` of a stage."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from local_apigateway.gateway import Gateway
from unit.gateway.kit import Api, RecordingBackend, exchange, http_request, mock, send

TEMPLATE = "NAME $stageVariables.testVar $stageVariables.defaultVar $stageVariables.noStageVar $context.isCanaryRequest"
VARIABLES = {"testVar": "default", "defaultVar": "default"}


def results(percent: float, requests: int) -> list[str]:
    """Return the responses of a stage with a canary to several requests."""
    live = Api().method("GET /", mock(TEMPLATE.replace("NAME", "live")))
    canary = Api().method("GET /", mock(TEMPLATE.replace("NAME", "canary")))
    settings = {
        "deploymentId": "dep002",
        "percentTraffic": percent,
        "stageVariableOverrides": {"testVar": "canary", "noStageVar": "canary"},
    }
    stage = replace(live.stage(variables=VARIABLES, canarySettings=settings), canary_content=canary.content)

    async def run() -> list[str]:
        gateway = Gateway(RecordingBackend())
        return [(await gateway.respond(stage, http_request("GET /"))).body.decode() for _i in range(requests)]

    return asyncio.run(run())


def test_canary_takes_all_or_nothing() -> None:
    """Recorded: test_invoking_canary_deployment."""
    assert set(results(0, 20)) == {"live default default  false"}
    assert set(results(100, 20)) == {"canary canary default canary true"}


def test_canary_takes_its_share() -> None:
    share = sum(result.startswith("canary") for result in results(30, 2000)) / 2000
    assert 0.2 < share < 0.4


def test_stage_without_canary_has_no_canary_in_its_context() -> None:
    api = Api().method("GET /", mock("[$context.isCanaryRequest]"))
    assert send(api, "GET /").body == b"[]"


def test_context_of_a_request() -> None:
    template = "$context.stage $context.apiId $context.accountId $context.deploymentId $context.domainName"
    template += " $context.domainPrefix $context.protocol $context.identity.sourceIp $context.identity.userAgent"
    result = send(Api().method("GET /", mock(template)), "GET /", headers={"user-agent": "me"})
    domain = "abcdefghij.execute-api.localhost abcdefghij"
    assert result.body.decode() == f"test abcdefghij 111111111111 dep001 {domain} HTTP/1.1 127.0.0.1 me"


def test_domain_of_a_request_by_path() -> None:
    """Under /restapis/… the host is that of the local AWS, which does not name the API."""
    stage = Api().method("GET /", mock("$context.domainName $context.domainPrefix")).stage()
    request = replace(http_request("GET /"), host="127.0.0.1:4566")
    assert exchange(stage, request).body == b"abcdefghij.execute-api.localhost abcdefghij"


def test_ids_of_a_request() -> None:
    template = "$context.requestId $context.extendedRequestId $context.requestTimeEpoch $context.requestTime"
    result = send(Api().method("GET /", mock(template)), "GET /")
    request_id, extended, epoch, day, zone = result.body.decode().split(" ")
    assert (request_id, extended) == (result.headers["x-amzn-RequestId"], result.headers["x-amz-apigw-id"])
    assert epoch.isdigit()
    assert len(epoch) == 13
    assert day.count("/") == 2
    assert zone == "+0000"


def test_keys_of_the_context() -> None:
    """Recorded: test_sqs_amz_json_protocol, in this order."""
    recorded = (
        "resourceId resourcePath httpMethod extendedRequestId requestTime path accountId protocol requestOverride "
        "stage domainPrefix requestTimeEpoch requestId identity domainName deploymentId responseOverride apiId"
    )
    template = "#foreach($key in $context.keySet())$key #end"
    assert send(Api().method("GET /", mock(template)), "GET /").body.decode().strip() == recorded
