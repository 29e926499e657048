# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The execution role, converged from any state on an emulator of IAM."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible_collections.codeless.apigateway.plugins.module_utils._engine.errors import AwsError
from ansible_collections.codeless.apigateway.plugins.module_utils._execution_role.resource import planned
from ansible_collections.codeless.apigateway.plugins.module_utils._execution_role.role import TRUST

from convergence import Account
from playbooks import run_playbook

POLICY: dict[str, Any] = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Sid": "orders",
            "Effect": "Allow",
            "Action": ["dynamodb:Query", "dynamodb:GetItem"],
            "Resource": "arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/orders",
        }
    ],
}


MARK = {"Key": "codeless.apigateway", "Value": "proxy"}


def _listed(statements: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {**one, "Action": [one["Action"]] if isinstance(one["Action"], str) else one["Action"]} for one in statements
    ]


def declared(**given: Any) -> dict[str, Any]:
    defaults = {"state": "present", "name": "proxy", "policy": POLICY, "policy_name": "dynamodb-proxy"}
    return {**defaults, "keep_statements": "none", "tags": None, "purge_tags": True, **given}


def test_made_changed_and_taken_away(account: Account, account_id: str) -> None:
    iam = account.make_client("iam")
    made = account.settle(planned, declared(description="first", tags={"team": "shop"}))
    assert made.values["arn"] == iam.get_role(RoleName="proxy")["Role"]["Arn"]
    stored = iam.get_role_policy(RoleName="proxy", PolicyName="dynamodb-proxy")["PolicyDocument"]
    assert stored["Statement"][0]["Resource"] == f"arn:aws:dynamodb:eu-central-1:{account_id}:table/orders"
    assert stored == made.values["policy"]

    wider = {**POLICY, "Statement": [{**POLICY["Statement"][0], "Action": "dynamodb:*"}]}
    changed = account.settle(planned, declared(policy=json.dumps(wider), description="second", tags={"stage": "dev"}))
    assert changed.as_result()["calls"] == [
        "iam:PutRolePolicy",
        "iam:UpdateRoleDescription",
        "iam:UntagRole",
        "iam:TagRole",
    ]
    before = {"name": "proxy", "path": "/", "description": "first", "tags": {"team": "shop"}}
    after = {**before, "description": "second", "tags": {"stage": "dev"}}
    assert (changed.diffs[0].before, changed.diffs[0].after) == (before, after)
    role = iam.get_role(RoleName="proxy")["Role"]
    tags = sorted(role["Tags"], key=lambda tag: str(tag["Key"]))
    assert (role["Description"], tags) == ("second", [MARK, {"Key": "stage", "Value": "dev"}])

    gone = account.settle(planned, declared(state="absent"))
    assert gone.as_result()["calls"] == ["iam:DeleteRolePolicy", "iam:DeleteRole"]
    assert iam.list_roles()["Roles"] == []


def test_what_is_granted_beyond_stays_until_it_is_taken_away(account: Account) -> None:
    account.settle(planned, declared())
    other = {**POLICY, "Statement": [{**POLICY["Statement"][0], "Action": "dynamodb:Scan"}]}
    widened = account.settle(planned, declared(policy=other, keep_statements="all"))
    assert widened.as_result()["calls"] == ["iam:PutRolePolicy"]
    actions = [statement["Action"] for statement in widened.values["policy"]["Statement"]]
    assert actions == ["dynamodb:Scan", ["dynamodb:Query", "dynamodb:GetItem"]]
    assert [statement["Action"] for statement in widened.values["kept_statements"]] == actions[1:]
    assert [statement["Sid"] for statement in widened.values["policy"]["Statement"]] == ["orders", "Kept1"]
    assert account.settle(planned, declared(policy=other, keep_statements="all")).as_result()["calls"] == []

    third = {**POLICY, "Statement": [{**POLICY["Statement"][0], "Action": "dynamodb:PutItem"}]}
    again = account.settle(planned, declared(policy=third, keep_statements="all"))
    names = {statement["Sid"]: statement["Action"] for statement in again.values["policy"]["Statement"]}
    assert names == {
        "orders": "dynamodb:PutItem",
        "Kept1": "dynamodb:Scan",
        "Kept2": ["dynamodb:Query", "dynamodb:GetItem"],
    }

    narrowed = account.settle(planned, declared(policy=other))
    assert narrowed.as_result()["calls"] == ["iam:PutRolePolicy"]
    assert [statement["Action"] for statement in narrowed.values["policy"]["Statement"]] == ["dynamodb:Scan"]


def test_nothing_to_do_is_two_reads(account: Account) -> None:
    account.settle(planned, declared())
    account.made.clear()
    account.converge(planned, declared())
    assert account.made == ["iam:GetRole", "iam:GetRolePolicy"]


def test_a_policy_that_says_the_same_is_no_change(account: Account) -> None:
    account.settle(planned, declared())
    statement = {**POLICY["Statement"][0], "Action": ["dynamodb:GetItem", "dynamodb:Query"]}
    statement["Resource"] = [statement["Resource"]]
    outcome = account.converge(planned, declared(policy={"Version": "2012-10-17", "Statement": statement}))
    assert outcome.as_result()["changed"] is False
    assert outcome.as_result()["diff"] == []


def test_what_others_did_by_hand_is_repaired_and_what_is_theirs_stays(account: Account) -> None:
    iam = account.make_client("iam")
    account.settle(planned, declared(tags={"team": "shop"}))
    trust = {**TRUST, "Statement": [{**TRUST["Statement"][0], "Principal": {"Service": "ec2.amazonaws.com"}}]}
    iam.update_assume_role_policy(RoleName="proxy", PolicyDocument=json.dumps(trust))
    iam.delete_role_policy(RoleName="proxy", PolicyName="dynamodb-proxy")
    iam.put_role_policy(RoleName="proxy", PolicyName="theirs", PolicyDocument=json.dumps(_filled(POLICY)))
    iam.tag_role(RoleName="proxy", Tags=[{"Key": "cost", "Value": "1"}])
    repaired = account.settle(planned, declared(tags={"team": "shop"}, purge_tags=False))
    assert repaired.as_result()["calls"] == ["iam:PutRolePolicy", "iam:UpdateAssumeRolePolicy"]
    assert iam.list_role_policies(RoleName="proxy")["PolicyNames"] == ["theirs", "dynamodb-proxy"]
    assert iam.get_role(RoleName="proxy")["Role"]["AssumeRolePolicyDocument"] == TRUST
    assert repaired.values["tags"] == {"team": "shop", "cost": "1"}


def test_a_trust_policy_with_named_statements_is_no_change(account: Account) -> None:
    """As Terraform's data source or the console writes it."""
    trust = {**TRUST, "Statement": [{**TRUST["Statement"][0], "Sid": "", "Action": ["sts:AssumeRole"]}]}
    account.make_client("iam").create_role(RoleName="proxy", AssumeRolePolicyDocument=json.dumps(trust))
    assert account.settle(planned, declared(adopt=True)).as_result()["calls"] == ["iam:PutRolePolicy", "iam:TagRole"]


def test_a_policy_without_statements_is_none(account: Account) -> None:
    empty = {"Version": "2012-10-17", "Statement": []}
    assert account.settle(planned, declared(policy=empty)).as_result()["calls"] == ["iam:CreateRole"]
    account.settle(planned, declared())
    assert account.settle(planned, declared(policy=empty)).as_result()["calls"] == ["iam:DeleteRolePolicy"]


def test_a_boundary_is_set_and_taken_away(account: Account) -> None:
    iam = account.make_client("iam")
    document = json.dumps(_filled(POLICY))
    boundary = iam.create_policy(PolicyName="boundary", PolicyDocument=document)["Policy"]["Arn"]
    account.settle(planned, declared())
    assert account.settle(planned, declared(permissions_boundary=boundary)).as_result()["calls"] == [
        "iam:PutRolePermissionsBoundary"
    ]
    assert account.settle(planned, declared()).as_result()["calls"] == []
    assert account.settle(planned, declared(permissions_boundary="")).as_result()["calls"] == [
        "iam:DeleteRolePermissionsBoundary"
    ]


def test_a_role_with_policies_of_others_is_not_deleted_and_keeps_ours(account: Account) -> None:
    iam = account.make_client("iam")
    account.settle(planned, declared())
    document = json.dumps(_filled(POLICY))
    attached = iam.create_policy(PolicyName="attached", PolicyDocument=document)["Policy"]["Arn"]
    iam.attach_role_policy(RoleName="proxy", PolicyArn=attached)
    iam.put_role_policy(RoleName="proxy", PolicyName="theirs", PolicyDocument=document)
    for check_mode in (True, False):
        with pytest.raises(AwsError) as refusal:
            account.converge(planned, declared(state="absent"), check_mode)
        assert f'of others: "theirs", {attached}.' in refusal.value.message
    assert iam.list_role_policies(RoleName="proxy")["PolicyNames"] == ["dynamodb-proxy", "theirs"]


def test_a_role_without_our_policy_is_deleted_in_one_call(account: Account) -> None:
    account.settle(planned, declared(policy=None))
    assert account.settle(planned, declared(state="absent")).as_result()["calls"] == ["iam:DeleteRole"]


def test_another_path_is_refused_before_anything_is_changed(account: Account) -> None:
    made = account.settle(planned, declared(path="/apis/"))
    assert made.values["arn"] == account.make_client("iam").get_role(RoleName="proxy")["Role"]["Arn"]
    with pytest.raises(AwsError, match=r'its path is "/apis/" on AWS and "/other/" here'):
        account.converge(planned, declared(path="/other/", description="new"))
    assert account.changing() == []


def test_a_name_can_hold_the_region(account: Account) -> None:
    made = account.settle(planned, declared(name="proxy-${AWS::Region}"))
    assert made.values["name"] == "proxy-eu-central-1"


def test_the_module_itself(local_aws: Any, account_id: str) -> None:
    playbook = """
- hosts: localhost
  gather_facts: false
  tasks:
    - name: role
      codeless.apigateway.execution_role:
        name: proxy
        policy: "{{ policy }}"
"""
    environment = {"AWS_ACCESS_KEY_ID": account_id}
    runs = [
        run_playbook(
            playbook, local_aws.endpoint_url, {"policy": POLICY}, check=check, diff=True, environment=environment
        )
        for check in (True, False, False)
    ]
    assert [(run.rc, run.recap.get("changed")) for run in runs] == [(0, 1), (0, 1), (0, 0)], runs
    assert runs[0].result("role")["arn"] == runs[1].result("role")["arn"]
    assert runs[0].result("role")["calls"] == ["iam:CreateRole", "iam:PutRolePolicy"]
    assert "\n-" not in runs[0].stdout.replace("\n--- before", "")  # nothing is taken away
    assert '+      "Action": [\n+        "dynamodb:GetItem",\n+        "dynamodb:Query"\n' in runs[0].stdout


def _filled(policy: dict[str, Any]) -> dict[str, Any]:
    return {**policy, "Statement": [{**policy["Statement"][0], "Resource": "*"}]}
