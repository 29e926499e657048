# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Independent work runs in parallel: reads ahead of their use, and plans that are executed together."""

from __future__ import annotations

import socket
import threading
from typing import Any

import boto3
import pytest
from ansible_collections.codeless.apigateway.plugins.module_utils._engine.client import Aws
from ansible_collections.codeless.apigateway.plugins.module_utils._engine.errors import AwsError
from ansible_collections.codeless.apigateway.plugins.module_utils._engine.plan import Parallel, Step, execute
from ansible_collections.codeless.apigateway.plugins.module_utils._service_proxy import resource as _service_proxy

from convergence import Account, is_carried_out
from integration.two_versions import OLD, params

TABLE = {
    "TableName": "things",
    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    "BillingMode": "PAY_PER_REQUEST",
}


def describe(aws: Aws) -> Any:
    return aws.find("dynamodb", "DescribeTable", {"TableName": "things"}, absent="ResourceNotFoundException")


def role(aws: Aws) -> Any:
    return aws.call("iam", "GetRole", {"RoleName": "nobody"})


@pytest.fixture
def account(account: Account) -> Account:
    account.made.clear()
    return account


@pytest.fixture
def aws(account: Account) -> Aws:
    return Aws(account._recording_client)


def test_two_who_ask_the_same_share_an_answer_and_it_is_handed_out_once(account: Account, aws: Aws) -> None:
    aws.read_ahead(describe, describe)
    assert account.made == ["dynamodb:DescribeTable"]
    assert describe(aws) is None
    assert account.made == ["dynamodb:DescribeTable"]
    describe(aws)
    assert account.made == ["dynamodb:DescribeTable"] * 2


def test_a_refusal_is_an_answer_like_any_other(account: Account, aws: Aws) -> None:
    aws.start_reads({"iam": [role]})()
    with pytest.raises(AwsError) as refused:
        role(aws)
    assert refused.value.code == "NoSuchEntity"
    assert account.made == ["iam:GetRole"]


def test_no_answer_outlives_a_change(aws: Aws) -> None:
    aws.read_ahead(describe)
    aws.call("dynamodb", "CreateTable", TABLE)
    assert describe(aws)["Table"]["TableName"] == "things"


def test_what_is_no_answer_is_raised_where_the_answers_are_waited_for(aws: Aws) -> None:
    wait = aws.start_reads({"iam": [lambda ahead: ahead.call("iam", "NoSuchOperation")]})
    with pytest.raises(AttributeError):
        wait()


def test_an_error_in_the_options_does_not_wait_for_aws() -> None:
    """The error is reported while the first calls wait for a server that accepts connections and never responds."""
    told = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:
        host, port = server.getsockname()
        session = boto3.Session("test", "test", region_name="eu-central-1")
        aws = Aws(lambda service: session.client(service, endpoint_url=f"http://{host}:{port}"), retry_seconds=0)

        def mistaken() -> Any:
            raise ValueError("there is no such action")

        def plan() -> None:
            with pytest.raises(ValueError, match="there is no such action"):
                _service_proxy.planned_while_compiling(aws, params(OLD), mistaken)
            told.set()

        threading.Thread(target=plan, daemon=True).start()
        assert told.wait(30)


def test_a_plan_that_fails_does_not_stop_those_beside_it_and_all_failures_are_told(account: Account, aws: Aws) -> None:
    plan = [
        Parallel(
            [
                [Step("iam", "DeleteRole", {"RoleName": "nobody"}), Step("iam", "DeleteRole", {"RoleName": "never"})],
                [Step("dynamodb", "CreateTable", TABLE)],
                [Parallel([[Step("apigateway", "DeleteRestApi", {"restApiId": "nothing"})]])],
            ]
        ),
        Step("dynamodb", "DeleteTable", {"TableName": "things"}),
    ]
    with pytest.raises(AwsError, match=r"iam:DeleteRole: NoSuchEntity.*\n.*DeleteRestApi: NotFoundException"):
        execute(aws, plan)
    assert describe(aws)
    assert sorted(account.changing()) == ["apigateway:DeleteRestApi", "dynamodb:CreateTable", "iam:DeleteRole"]


@pytest.mark.parametrize(
    ("made", "allowed"),
    [
        ("abcde", True),
        ("bacde", True),
        ("bcade", True),
        ("cbade", False),
        ("abcd", False),
        ("abced", False),
        ("abcdee", False),
    ],
)
def test_the_orders_that_a_plan_allows(made: str, allowed: bool) -> None:
    a, b, c, d, e = (Step("x", letter, {}) for letter in "abcde")
    assert is_carried_out([Parallel([[a], [b, Parallel([[c], []])]]), d, e], [f"x:{one}" for one in made]) is allowed
