# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""API Gateway's settings of an account: the role for logs, set, kept, replaced and removed."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from ansible_collections.codeless.apigateway.plugins.module_utils._account import info
from ansible_collections.codeless.apigateway.plugins.module_utils._account.resource import planned
from ansible_collections.codeless.apigateway.plugins.module_utils._engine.client import Aws
from ansible_collections.codeless.apigateway.plugins.module_utils._engine.errors import AwsError
from ansible_collections.codeless.apigateway.plugins.module_utils._engine.resource import converge

from convergence import Account
from log_role import MANAGED_POLICY, TRUST

CreateRole = Callable[[str], str]


@pytest.fixture
def create_role(account: Account) -> CreateRole:
    """Create a role with which API Gateway can write logs, and return its ARN."""

    def create(name: str) -> str:
        iam = account.make_client("iam")
        arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=TRUST)["Role"]["Arn"]
        iam.attach_role_policy(RoleName=name, PolicyArn=MANAGED_POLICY)
        return str(arn)

    return create


def declared(role_arn: str, replace: bool = False) -> dict[str, Any]:
    return {"cloudwatch_role_arn": role_arn, "replace": replace}


def test_a_role_is_set_and_removed(account: Account, create_role: CreateRole) -> None:
    arn = create_role("logs")
    written = account.settle(planned, declared("arn:${AWS::Partition}:iam::${AWS::AccountId}:role/logs"))
    assert written.as_result()["calls"] == ["apigateway:UpdateAccount"]
    found = account.converge(info.planned, {}).values
    assert found == written.values
    assert found == {
        "region": "eu-central-1",
        "cloudwatch_role_arn": arn,
        "throttle": {"burst_limit": 5000, "rate_limit": 10000.0},
        "features": ["UsagePlans"],
        "api_key_version": "4",
    }
    account.settle(planned, declared("", replace=True))
    assert account.converge(info.planned, {}).values["cloudwatch_role_arn"] == ""
    account.settle(planned, declared(""))


@pytest.mark.parametrize("removes", [False, True])
def test_a_different_role_stays_unless_it_is_to_be_replaced(
    account: Account, create_role: CreateRole, removes: bool
) -> None:
    first, second = create_role("first"), create_role("second")
    account.settle(planned, declared(first))
    desired = "" if removes else second
    with pytest.raises(AwsError, match=f"with the role {first}.*Nothing was changed.*`replace: true`"):
        account.converge(planned, declared(desired))
    assert account.changing() == []
    assert account.converge(info.planned, {}).values["cloudwatch_role_arn"] == first
    account.settle(planned, declared(desired, replace=True))
    assert account.converge(info.planned, {}).values["cloudwatch_role_arn"] == desired


def test_an_invalid_arn_is_an_error_before_the_first_call(account: Account) -> None:
    with pytest.raises(AwsError, match='"logs" is no ARN of a role'):
        account.converge(planned, declared("logs"))
    assert account.made == []


def test_the_call_is_repeated_until_api_gateway_can_use_a_new_role(
    account: Account, local_aws: Any, account_id: str, create_role: CreateRole
) -> None:
    local_aws.rehearse({"role_delay": 600}, account_id)
    arn = create_role("logs")
    pauses: list[float] = []

    def pause(seconds: float) -> None:
        pauses.append(seconds)
        local_aws.rehearse({}, account_id)

    converge(Aws(account.make_client, pause), planned, declared(arn), check_mode=False)
    assert len(pauses) == 1
    assert account.converge(info.planned, {}).values["cloudwatch_role_arn"] == arn


def test_the_error_for_an_unusable_role_names_the_remedy(account: Account) -> None:
    others = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    trust = json.dumps({"Version": "2012-10-17", "Statement": [others]})
    arn = account.make_client("iam").create_role(RoleName="other", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    with pytest.raises(AwsError, match=f"cannot write logs with the role {arn}.*trust policy.*The role ARN does not"):
        converge(Aws(account.make_client, retry_seconds=0), planned, declared(arn), check_mode=False)
