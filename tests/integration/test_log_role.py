# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A deployment that enables logs gives an account without a role for logs this role, and never changes another one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.codeless.apigateway.plugins.module_utils._engine.errors import AwsError
from ansible_collections.codeless.apigateway.plugins.module_utils._service_proxy import resource as _service_proxy

from convergence import Account, new_account_id
from integration.two_versions import OLD, params
from log_role import MANAGED_POLICY, TRUST, set_log_role
from playbooks import ROOT, run_playbook

LOGGING = {"*": {"logging_level": "ERROR"}}
NAMED = "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/named"


@pytest.fixture
def account_id() -> str:
    return new_account_id()


@pytest.fixture
def account(local_aws: Any, account_id: str) -> Account:
    return Account(lambda service: local_aws.client(service, access_key=account_id))


def create_role(account: Account) -> str:
    iam = account.make_client("iam")
    arn = iam.create_role(RoleName="named", AssumeRolePolicyDocument=TRUST)["Role"]["Arn"]
    iam.attach_role_policy(RoleName="named", PolicyArn=MANAGED_POLICY)
    return str(arn)


def log_role(account: Account) -> str:
    return str(account.make_client("apigateway").get_account().get("cloudwatchRoleArn", ""))


@pytest.mark.parametrize("is_new", [True, False])
def test_an_account_without_a_role_gets_it_before_the_stage_writes_logs(account: Account, is_new: bool) -> None:
    arn = create_role(account)
    if not is_new:
        account.converge(_service_proxy.planned, params(OLD))
        account.changing()
    enabled = params({**OLD, "method_settings": LOGGING, "log_role_arn": NAMED})
    made = account.settle(_service_proxy.planned, enabled).as_result()["calls"]
    assert made.index("apigateway:UpdateAccount") < made.index("apigateway:UpdateStage")
    assert log_role(account) == arn


def test_an_existing_role_of_the_account_is_not_changed(account: Account) -> None:
    set_log_role(account.make_client("iam"), account.make_client("apigateway"))
    existing = log_role(account)
    enabled = params({**OLD, "method_settings": LOGGING, "log_role_arn": NAMED})
    made = account.settle(_service_proxy.planned, enabled).as_result()["calls"]
    assert "apigateway:UpdateAccount" not in made
    assert log_role(account) == existing


def test_an_api_without_logs_does_not_read_the_account(account: Account) -> None:
    account.converge(_service_proxy.planned, params({**OLD, "log_role_arn": NAMED}))
    assert not {"apigateway:GetAccount", "apigateway:UpdateAccount"} & set(account.made)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "`service_proxy_log_role_arn`"),
        ({"log_role_arn": "logs"}, 'log_role_arn is "logs"; write the ARN of a role'),
    ],
)
def test_logs_without_a_role_are_an_error_before_the_first_change(
    account: Account, options: dict[str, Any], message: str
) -> None:
    with pytest.raises(AwsError, match=message):
        account.converge(_service_proxy.planned, params({**OLD, "method_settings": LOGGING, **options}))
    assert account.changing() == []


def test_the_variable_of_the_role_service_proxy_names_the_role_for_logs(
    account: Account, account_id: str, local_aws: Any, tmp_path: Path
) -> None:
    arn = create_role(account)
    options = {name: value for name, value in OLD.items() if name not in ("name", "stage")}
    variables = {
        "stage": "prod",
        "service_proxy_name": "things",
        **{f"service_proxy_{name}": value for name, value in options.items()},
        "service_proxy_build_directory": str(tmp_path),
        "service_proxy_method_settings": LOGGING,
        "service_proxy_log_role_arn": NAMED,
    }
    keys = {"AWS_ACCESS_KEY_ID": account_id}
    run = run_playbook(ROOT / "deploy.yml", local_aws.endpoint_url, variables, environment=keys)
    assert run.rc == 0, run.stdout + run.stderr
    assert log_role(account) == arn
    assert json.dumps(run.results).count("apigateway:UpdateAccount")
