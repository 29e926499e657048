# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What AWS rejects is rejected, and what IAM takes a while for is rehearsed, over HTTP with real clients."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import botocore.exceptions
import pytest

from integration.own_server import TRUST, OwnServer, table
from log_role import MANAGED_POLICY, set_log_role

ACCOUNT = "555555555555"


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OwnServer]:
    server = OwnServer(Path(tmp_path_factory.mktemp("refusals")) / "state")
    server.start()
    yield server
    server.stop()


@pytest.fixture
def server(shared: OwnServer) -> Iterator[OwnServer]:
    yield shared
    shared.own(f"rehearsal?account={ACCOUNT}", "DELETE")


def _rehearse(server: OwnServer, **asked: Any) -> None:
    server.own(f"rehearsal?account={ACCOUNT}", "PUT", asked)


def _policy(characters: int, **how: Any) -> str:
    policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "dynamodb:GetItem", "Resource": ""}]}
    policy["Statement"][0]["Resource"] = "x" * (characters - len(json.dumps(policy, separators=(",", ":"))))
    return json.dumps(policy, **{"separators": (",", ":"), **how})


def _role(server: OwnServer, name: str) -> Any:
    iam = server.client("iam", access_key=ACCOUNT)
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(TRUST))
    return iam


def test_inline_policies_of_a_role_have_10240_characters_together(server: OwnServer) -> None:
    iam = _role(server, "large")
    iam.put_role_policy(RoleName="large", PolicyName="one", PolicyDocument=_policy(10_240))
    iam.put_role_policy(RoleName="large", PolicyName="one", PolicyDocument=_policy(10_240, indent=8, separators=None))
    for name, characters in (("one", 10_241), ("two", 200)):
        with pytest.raises(iam.exceptions.LimitExceededException) as error:
            iam.put_role_policy(RoleName="large", PolicyName=name, PolicyDocument=_policy(characters))
        assert error.value.response["ResponseMetadata"]["HTTPStatusCode"] == 409
        assert error.value.response["Error"]["Message"] == "Maximum policy size of 10240 bytes exceeded for role large"
    assert iam.list_role_policies(RoleName="large")["PolicyNames"] == ["one"]
    iam.put_role_policy(RoleName="large", PolicyName="one", PolicyDocument=_policy(10_000))
    iam.put_role_policy(RoleName="large", PolicyName="two", PolicyDocument=_policy(240))
    with pytest.raises(iam.exceptions.NoSuchEntityException):
        iam.put_role_policy(RoleName="none", PolicyName="one", PolicyDocument=_policy(200))


def test_time_to_live_changes_once_an_hour(server: OwnServer) -> None:
    dynamodb = server.client("dynamodb", access_key=ACCOUNT)
    off, on = ({"Enabled": enabled, "AttributeName": "expires"} for enabled in (False, True))
    for name in ("one", "other"):
        table(dynamodb, name)
        dynamodb.update_time_to_live(TableName=name, TimeToLiveSpecification=on)
    with pytest.raises(botocore.exceptions.ClientError) as error:
        dynamodb.update_time_to_live(TableName="one", TimeToLiveSpecification=off)
    assert error.value.response["Error"] == {
        "Code": "ValidationException",
        "Message": "Time to live has been modified multiple times within a fixed interval",
    }
    _rehearse(server, ttl_interval=0)
    dynamodb.update_time_to_live(TableName="one", TimeToLiveSpecification=off)
    _rehearse(server)
    dynamodb.delete_table(TableName="other")
    table(dynamodb, "other")
    dynamodb.update_time_to_live(TableName="other", TimeToLiveSpecification=on)


def test_reads_of_a_role_are_behind(server: OwnServer) -> None:
    _rehearse(server, stale_reads={"iam": 600})
    iam = _role(server, "late")
    iam.put_role_policy(RoleName="late", PolicyName="one", PolicyDocument=_policy(300))
    with pytest.raises(iam.exceptions.NoSuchEntityException):
        iam.get_role(RoleName="late")
    with pytest.raises(iam.exceptions.NoSuchEntityException):
        iam.get_role_policy(RoleName="late", PolicyName="one")
    _rehearse(server)
    before = iam.get_role_policy(RoleName="late", PolicyName="one")["PolicyDocument"]
    _rehearse(server, stale_reads={"iam": 0.3})
    time.sleep(0.3)
    iam.put_role_policy(RoleName="late", PolicyName="one", PolicyDocument=_policy(400))
    assert iam.get_role_policy(RoleName="late", PolicyName="one")["PolicyDocument"] == before
    deadline = time.monotonic() + 30
    while iam.get_role_policy(RoleName="late", PolicyName="one")["PolicyDocument"] == before:
        assert time.monotonic() < deadline


def _deploy(server: OwnServer, role: str) -> tuple[Any, dict[str, str]]:
    client = server.client("apigateway", access_key=ACCOUNT)
    api = client.create_rest_api(name=role)
    method = {"restApiId": api["id"], "resourceId": api["rootResourceId"], "httpMethod": "GET"}
    client.put_method(**method, authorizationType="NONE")
    client.put_integration(
        **method,
        type="AWS",
        integrationHttpMethod="POST",
        uri="arn:aws:apigateway:eu-central-1:dynamodb:action/ListTables",
        credentials=f"arn:aws:iam::{ACCOUNT}:role/{role}",
        requestTemplates={"application/json": "{}"},
    )
    client.put_method_response(**method, statusCode="200")
    client.put_integration_response(**method, statusCode="200")
    return client, method


def _list_tables() -> str:
    return json.dumps(
        {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "dynamodb:ListTables", "Resource": "*"}}
    )


def test_a_new_role_cannot_be_assumed_at_once(server: OwnServer) -> None:
    _rehearse(server, role_delay=600)
    iam = _role(server, "young")
    iam.put_role_policy(RoleName="young", PolicyName="one", PolicyDocument=_list_tables())
    client, method = _deploy(server, "young")
    answer = client.test_invoke_method(**method)
    assert answer["status"] == 500
    assert "API Gateway does not have permission to assume the provided role" in answer["log"]
    _rehearse(server)
    assert client.test_invoke_method(**method)["status"] == 200
    assert "TableNames" in client.test_invoke_method(**method)["body"]


UNUSABLE = (
    "The role ARN does not have required permissions configured. Please grant trust permission for API Gateway and add "
    "the required role policy."
)


def test_the_role_for_logs_must_be_usable(server: OwnServer) -> None:
    """Each way in which UpdateAccount finds that a role cannot be used has AWS's one error."""
    iam, client = (server.client(service, access_key=ACCOUNT) for service in ("iam", "apigateway"))

    def assert_unusable(role: str) -> None:
        patch = {"op": "replace", "path": "/cloudwatchRoleArn", "value": f"arn:aws:iam::{ACCOUNT}:role/{role}"}
        with pytest.raises(client.exceptions.BadRequestException) as error:
            client.update_account(patchOperations=[patch])
        assert error.value.response["Error"]["Message"] == UNUSABLE
        assert "cloudwatchRoleArn" not in client.get_account()

    assert_unusable("nobody")
    _role(server, "bare")
    assert_unusable("bare")
    others = {**TRUST["Statement"][0], "Principal": {"Service": "lambda.amazonaws.com"}}
    trust = json.dumps({"Version": "2012-10-17", "Statement": [others]})
    iam.create_role(RoleName="other", AssumeRolePolicyDocument=trust)
    iam.attach_role_policy(RoleName="other", PolicyArn=MANAGED_POLICY)
    assert_unusable("other")
    _rehearse(server, role_delay=600)
    with pytest.raises(client.exceptions.BadRequestException):
        set_log_role(iam, client)
    assert_unusable("logs")
    _rehearse(server)
    patch = {"op": "replace", "path": "/cloudwatchRoleArn", "value": f"arn:aws:iam::{ACCOUNT}:role/logs"}
    assert client.update_account(patchOperations=[patch])["cloudwatchRoleArn"] == patch["value"]


def test_a_changed_policy_counts_later(server: OwnServer) -> None:
    iam = _role(server, "grows")
    time.sleep(0.01)
    client, method = _deploy(server, "grows")
    _rehearse(server, policy_delay=0.5)
    iam.put_role_policy(RoleName="grows", PolicyName="one", PolicyDocument=_list_tables())
    assert "AccessDenied" in client.test_invoke_method(**method)["body"]
    deadline = time.monotonic() + 30
    while "TableNames" not in client.test_invoke_method(**method)["body"]:
        assert time.monotonic() < deadline


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"stale_reads": {"s3": 5}}, "stale_reads must be an object of seconds, with the fields apigateway and iam"),
        ({"role_delay": -1}, "role_delay must be a number of seconds"),
        ({"import_warnings": 1}, "import_warnings must be true or false"),
    ],
)
def test_what_cannot_be_rehearsed(server: OwnServer, asked: dict[str, Any], told: str) -> None:
    with pytest.raises(Exception, match="400") as error:
        server.own("rehearsal", "PUT", asked)
    assert json.loads(error.value.read())["message"] == told  # type: ignore[attr-defined]
