# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Calls are counted, and made slow, refused or cut where that is asked for."""

from __future__ import annotations

import urllib.error
from collections.abc import Iterator
from pathlib import Path

import botocore.exceptions
import pytest

from integration.local_aws.own_server import OwnServer


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OwnServer]:
    server = OwnServer(Path(tmp_path_factory.mktemp("rehearsal")) / "state")
    server.start()
    yield server
    server.stop()


@pytest.fixture
def server(shared: OwnServer) -> Iterator[OwnServer]:
    shared.own("calls", "DELETE")
    yield shared
    shared.own("rehearsal", "DELETE")


def _fault(operation: str, call: int, fault: str, **more: object) -> dict[str, object]:
    return {"faults": [{"operation": operation, "call": call, "fault": fault, **more}]}


def test_calls_are_named_and_counted(server: OwnServer) -> None:
    apigateway, iam = server.client("apigateway"), server.client("iam")
    apigateway.get_rest_apis()
    apigateway.get_rest_apis()
    iam.list_roles()
    server.client("dynamodb").list_tables()
    server.client("s3").list_buckets()
    server.client("cloudwatch").list_metrics()
    calls = server.own("calls")
    assert calls["total"] == 6
    assert calls["operations"] == {
        "apigateway:GetRestApis": 2,
        "dynamodb:ListTables": 1,
        "iam:ListRoles": 1,
        "monitoring:ListMetrics": 1,
        "s3:GET": 1,
    }
    assert calls["calls"][:3] == ["apigateway:GetRestApis", "apigateway:GetRestApis", "iam:ListRoles"]
    server.own("calls", "DELETE")
    assert server.own("calls") == {"total": 0, "operations": {}, "calls": []}


def test_an_error_is_answered_in_the_service_s_stead(server: OwnServer) -> None:
    asked = _fault("apigateway:CreateRestApi", 2, "error", status=503, code="ServiceUnavailableException")
    server.own("rehearsal", "PUT", asked)
    client = server.client("apigateway")
    client.create_rest_api(name="first")
    with pytest.raises(client.exceptions.ServiceUnavailableException):
        client.create_rest_api(name="second")
    client.create_rest_api(name="third")
    assert {"first", "third"} == {api["name"] for api in client.get_rest_apis()["items"]}


@pytest.mark.parametrize(("after", "made"), [(False, False), (True, True)])
def test_a_connection_is_cut(server: OwnServer, after: bool, made: bool) -> None:
    server.own("rehearsal", "PUT", _fault("apigateway:CreateRestApi", 1, "cut", after=after))
    client = server.client("apigateway")
    name = f"cut-{after}"
    with pytest.raises(botocore.exceptions.ConnectionClosedError):
        client.create_rest_api(name=name)
    assert (name in {api["name"] for api in client.get_rest_apis(limit=500)["items"]}) is made


def test_quotas_refuse_with_a_hint(server: OwnServer) -> None:
    server.own("rehearsal", "PUT", {"quotas": True})
    regional = {"endpointConfiguration": {"types": ["REGIONAL"]}}
    client = server.client("apigateway", access_key="777777777777")
    client.create_rest_api(name="first", **regional)
    with pytest.raises(client.exceptions.TooManyRequestsException) as error:
        client.create_rest_api(name="second", **regional)
    assert error.value.response["ResponseMetadata"]["HTTPHeaders"]["retry-after"] == "3"
    # Another account has its own.
    server.client("apigateway", access_key="888888888888").create_rest_api(name="first", **regional)
    calls = server.own("calls")["operations"]
    assert calls["apigateway:CreateRestApi"] == 3


def test_mistakes_are_told_all_at_once(server: OwnServer) -> None:
    wrong = {"quota": True, "latency": "slow", "faults": [{"operation": 1, "call": 0, "fault": "burn", "x": 1}]}
    with pytest.raises(urllib.error.HTTPError) as error:
        server.own("rehearsal", "PUT", wrong)
    message = error.value.read().decode()
    for part in ("'quota'", "latency", "faults[0]: operation", "faults[0]: call", "one of error, delay, cut", "'x'"):
        assert part in message
    assert server.own("rehearsal") == {"quotas": False, "latency": 0.0, "faults": []}
