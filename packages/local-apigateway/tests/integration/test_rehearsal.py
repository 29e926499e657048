# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Rehearsals: counted calls, and calls that get delays, errors or a cut connection on request."""

from __future__ import annotations

import json
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import botocore.exceptions
import pytest

from integration.own_server import OwnServer


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
    assert server.own("calls") == {"total": 0, "operations": {}, "throttled": {}, "calls": []}


def test_a_call_returns_the_rehearsed_error(server: OwnServer) -> None:
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


def test_a_throttled_call_gets_retry_after(server: OwnServer) -> None:
    server.own("rehearsal", "PUT", {"quotas": True})
    regional = {"endpointConfiguration": {"types": ["REGIONAL"]}}
    client = server.client("apigateway", access_key="777777777777")
    client.create_rest_api(name="first", **regional)
    with pytest.raises(client.exceptions.TooManyRequestsException) as error:
        client.create_rest_api(name="second", **regional)
    assert error.value.response["ResponseMetadata"]["HTTPHeaders"]["retry-after"] == "3"
    # Each account has quotas of its own.
    server.client("apigateway", access_key="888888888888").create_rest_api(name="first", **regional)
    assert server.own("calls")["operations"] == {"apigateway:CreateRestApi": 3}
    # A throttled call is counted twice: as a call, and as throttled.
    for query, throttled in (("", 1), ("?account=777777777777", 1), ("?account=888888888888", 0)):
        counted = {"apigateway:CreateRestApi": throttled} if throttled else {}
        assert server.own(f"calls{query}")["throttled"] == counted
    server.own("calls?account=777777777777", "DELETE")
    assert server.own("calls?account=777777777777")["throttled"] == {}


@pytest.mark.parametrize(
    ("service", "operation"), [("iam", "ListRoles"), ("sts", "GetCallerIdentity"), ("dynamodb", "ListTables")]
)
def test_an_error_has_the_protocol_of_its_service(server: OwnServer, service: str, operation: str) -> None:
    """IAM and STS return errors as XML, the other services as JSON."""
    fault = _fault(f"{service}:{operation}", 1, "error", status=400, code="Refused", message="no <way> & no")
    server.own("rehearsal", "PUT", fault)
    with pytest.raises(botocore.exceptions.ClientError) as error:
        getattr(server.client(service), botocore.xform_name(operation))()
    assert error.value.response["Error"]["Code"] == "Refused"
    assert error.value.response["Error"]["Message"] == "no <way> & no"


def test_a_rehearsed_error_does_not_count_as_throttled(server: OwnServer) -> None:
    server.own("rehearsal", "PUT", _fault("*", 1, "error", status=429, code="TooManyRequestsException"))
    client = server.client("apigateway")
    with pytest.raises(client.exceptions.TooManyRequestsException):
        client.get_rest_apis()
    assert server.own("calls")["throttled"] == {}


def test_a_call_that_waits_for_retry_after_is_throttled_once(server: OwnServer) -> None:
    account = "999999999999"
    client = server.client("apigateway", access_key=account)
    body = json.dumps({"openapi": "3.0.1", "info": {"title": "put twice", "version": "1"}, "paths": {}})
    api = {"restApiId": client.create_rest_api(name="put twice")["id"], "body": body}
    server.own(f"rehearsal?account={account}", "PUT", {"quotas": True})
    client.put_rest_api(**api)
    with pytest.raises(client.exceptions.TooManyRequestsException) as error:
        client.put_rest_api(**api)
    retry_after = error.value.response["ResponseMetadata"]["HTTPHeaders"]["retry-after"]
    assert retry_after == "1"
    time.sleep(int(retry_after))
    client.put_rest_api(**api)
    calls = server.own(f"calls?account={account}")
    assert calls["operations"]["apigateway:PutRestApi"] == 3
    assert calls["throttled"] == {"apigateway:PutRestApi": 1}
    server.own(f"rehearsal?account={account}", "DELETE")


def test_the_error_of_a_rehearsal_lists_all_errors(server: OwnServer) -> None:
    wrong = {"quota": True, "latency": "slow", "faults": [{"operation": 1, "call": 0, "fault": "burn", "x": 1}]}
    with pytest.raises(urllib.error.HTTPError) as error:
        server.own("rehearsal", "PUT", wrong)
    message = error.value.read().decode()
    for part in (
        "'quota'",
        "latency",
        "faults[0]: operation",
        "faults[0]: call",
        "one of error, delay, cut, halt",
        "'x'",
    ):
        assert part in message
    assert server.own("rehearsal") == {
        "quotas": False,
        "latency": 0.0,
        "decoded_path_parameters": False,
        "null_results": False,
        "stale_reads": {"apigateway": 0.0, "iam": 0.0},
        "role_delay": 0.0,
        "policy_delay": 0.0,
        "import_warnings": False,
        "ttl_interval": 3600.0,
        "faults": [],
        "halted": False,
    }


def test_after_is_rejected_for_a_fault_that_keeps_the_connection(server: OwnServer) -> None:
    with pytest.raises(urllib.error.HTTPError) as error:
        server.own("rehearsal", "PUT", _fault("*", 1, "error", after=True))
    assert "faults[0]: after is allowed with cut and halt only" in error.value.read().decode()


ONE, OTHER = "111111111111", "222222222222"


def test_accounts_have_separate_rehearsals_and_counters(server: OwnServer) -> None:
    one, other = (server.client("apigateway", access_key=account) for account in (ONE, OTHER))
    server.own(f"rehearsal?account={ONE}", "PUT", _fault("apigateway:GetRestApis", 1, "error", status=503, code="A"))
    server.own(f"rehearsal?account={OTHER}", "PUT", _fault("apigateway:GetRestApis", 2, "error", status=503, code="B"))
    other.get_rest_apis()
    for client, code in ((one, "A"), (other, "B")):
        with pytest.raises(botocore.exceptions.ClientError) as error:
            client.get_rest_apis()
        assert error.value.response["Error"]["Code"] == code
    assert server.own(f"calls?account={ONE}")["calls"] == ["apigateway:GetRestApis"]
    assert server.own(f"calls?account={OTHER}")["total"] == 2
    assert server.own("calls")["total"] == 3
    server.own(f"calls?account={OTHER}", "DELETE")
    assert (server.own(f"calls?account={OTHER}")["total"], server.own(f"calls?account={ONE}")["total"]) == (0, 1)
    for account in (ONE, OTHER):
        assert server.own(f"rehearsal?account={account}")["faults"][0]["struck"]
        server.own(f"rehearsal?account={account}", "DELETE")


def test_calls_with_keys_of_a_user_count_for_the_account(server: OwnServer) -> None:
    """A key that IAM created belongs to the account that created it."""
    iam = server.client("iam", access_key=ONE)
    iam.create_user(UserName="somebody")
    key = iam.create_access_key(UserName="somebody")["AccessKey"]
    server.own("calls", "DELETE")
    user = server.client("apigateway", key["AccessKeyId"], aws_secret_access_key=key["SecretAccessKey"])
    user.get_rest_apis()
    assert server.own(f"calls?account={ONE}")["calls"] == ["apigateway:GetRestApis"]


def test_an_account_that_is_not_12_digits_is_rejected(server: OwnServer) -> None:
    for path in ("calls", "rehearsal"):
        with pytest.raises(urllib.error.HTTPError) as error:
            server.own(f"{path}?account=me")
        assert json.loads(error.value.read()) == {"message": "account must be 12 digits, not 'me'"}


def _in_background(call: Callable[[], object]) -> tuple[threading.Thread, list[Exception]]:
    """Start a call that may hang in a thread. When the thread has ended, the list has the exception of the call."""
    failures: list[Exception] = []

    def run() -> None:
        try:
            call()
        except Exception as error:
            failures.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    return thread, failures


def _wait_for_halt(server: OwnServer, account: str) -> None:
    """Wait until the server reports the halt."""
    while not server.own(f"rehearsal?account={account}")["halted"]:
        pass


@pytest.mark.parametrize(("after", "made"), [(False, []), (True, ["halted"])])
def test_after_a_halt_no_call_of_the_account_gets_a_response(server: OwnServer, after: bool, made: list[str]) -> None:
    account = f"33333333333{int(after)}"
    client = server.client("apigateway", access_key=account)
    asked = _fault("apigateway:Create*", 1, "halt", after=after)
    assert server.own(f"rehearsal?account={account}", "PUT", asked)["halted"] is False
    client.get_rest_apis()
    first, failed = _in_background(lambda: client.create_rest_api(name="halted"))
    _wait_for_halt(server, account)
    later, later_failed = _in_background(lambda: server.client("iam", access_key=account).create_user(UserName="late"))
    while "iam:CreateUser" not in server.own(f"calls?account={account}")["calls"]:
        pass
    # Other accounts are not affected.
    server.client("apigateway", access_key=OTHER).get_rest_apis()
    assert first.is_alive()
    assert later.is_alive()
    server.own(f"rehearsal?account={account}", "DELETE")
    first.join()
    later.join()
    for failures in (failed, later_failed):
        assert [type(failure) for failure in failures] == [botocore.exceptions.ConnectionClosedError]
    assert [api["name"] for api in client.get_rest_apis()["items"]] == made
    assert server.client("iam", access_key=account).list_users()["Users"] == []


def test_during_a_halt_apis_respond_and_the_server_can_be_stopped(tmp_path: Path) -> None:
    server = OwnServer(tmp_path / "state")
    server.start()
    client = server.client("apigateway")
    document = {
        "openapi": "3.0.1",
        "info": {"title": "mock", "version": "1"},
        "paths": {
            "/": {
                "get": {
                    "x-amazon-apigateway-integration": {
                        "type": "mock",
                        "requestTemplates": {"application/json": '{"statusCode": 200}'},
                        "responses": {"default": {"statusCode": "200"}},
                    },
                    "responses": {"200": {"description": "ok"}},
                }
            }
        },
    }
    api_id = client.import_rest_api(body=json.dumps(document).encode())["id"]
    client.create_deployment(restApiId=api_id, stageName="test")
    server.own("rehearsal", "PUT", _fault("*", 1, "halt"))
    thread, failed = _in_background(client.get_rest_apis)
    while not server.own("rehearsal")["halted"]:
        pass
    url = f"http://127.0.0.1:{server.port}/restapis/{api_id}/test/_user_request_/"
    with urllib.request.urlopen(url) as answer:
        assert answer.status == 200
    assert server.stop()
    thread.join()
    assert len(failed) == 1
