# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""dynamodb_table_info and execution_role_info, compared with what the modules of the resources create."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.codeless.apigateway.plugins.module_utils._dynamodb import info as table_info
from ansible_collections.codeless.apigateway.plugins.module_utils._dynamodb import table as dynamodb_table
from ansible_collections.codeless.apigateway.plugins.module_utils._dynamodb.table_options import OPTIONS
from ansible_collections.codeless.apigateway.plugins.module_utils._engine.errors import AwsError
from ansible_collections.codeless.apigateway.plugins.module_utils._execution_role import info as role_info
from ansible_collections.codeless.apigateway.plugins.module_utils._execution_role import resource as execution_role
from ansible_collections.codeless.apigateway.plugins.module_utils._execution_role.role import TRUST

from convergence import Account
from log_role import MANAGED_POLICY

DEFAULTS = {name: option.get("default") for name, option in OPTIONS.items()}
ORDERS = {
    "name": "orders",
    "hash_key": "customer",
    "range_key": "placed_at",
    "attributes": {"customer": "S", "placed_at": "S", "status": "S", "total": "N"},
    "indexes": [{"name": "by_status", "hash_key": "status", "projection": {"include": ["total"]}}],
    "local_indexes": [{"name": "by_total", "range_key": "total", "projection": "KEYS_ONLY"}],
    "billing_mode": "PROVISIONED",
    "read_capacity": 3,
    "write_capacity": 2,
    "table_class": "STANDARD_INFREQUENT_ACCESS",
    "deletion_protection": True,
    "stream_view_type": "NEW_IMAGE",
    "ttl_attribute": "expires",
    "point_in_time_recovery": True,
    "recovery_period_in_days": 35,  # the only value that MiniStack has
    "encryption_key": "AWS_OWNED",
    "tags": {"team": "shop"},
}
PLAIN = {"name": "plain", "hash_key": "id", "attributes": {"id": "S"}, "billing_mode": "PAY_PER_REQUEST"}


def read_tables(account: Account, *names: str) -> list[dict[str, Any]]:
    account.changing()
    result = account.converge(table_info.planned, {"names": list(names)}).as_result()
    assert (account.changing(), result["changed"]) == ([], False)
    return list(result["tables"])


def test_the_options_of_a_table_are_those_that_created_it(account: Account) -> None:
    for table in (ORDERS, PLAIN):
        account.converge(dynamodb_table.planned, {**DEFAULTS, **table})
    orders, plain = read_tables(account, "orders", "nowhere", "plain", "orders")
    assert orders["options"] == ORDERS
    assert {**plain["options"], **PLAIN} == plain["options"]
    for table in (orders, plain):
        again = account.converge(dynamodb_table.planned, {**DEFAULTS, **table["options"]}).as_result()
        assert again["calls"] == []


def test_a_table_has_its_size_and_mark(account: Account) -> None:
    dynamodb = account.make_client("dynamodb")
    account.converge(dynamodb_table.planned, {**DEFAULTS, **PLAIN})
    dynamodb.put_item(TableName="plain", Item={"id": {"S": "a"}})
    dynamodb.create_table(
        TableName="foreign",
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
    )
    plain, foreign = read_tables(account, "plain", "foreign")
    described = dynamodb.describe_table(TableName="plain")["Table"]
    assert (plain["arn"], plain["status"]) == (described["TableArn"], "ACTIVE")
    assert (plain["item_count"], plain["size_bytes"]) == (described["ItemCount"], described["TableSizeBytes"])
    assert (plain["mark"], plain["created_by_collection"]) == ("plain", True)
    assert (foreign["mark"], foreign["created_by_collection"]) == ("", False)
    assert plain["options"]["tags"] == {}


POLICY = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "dynamodb:Query", "Resource": "*"}]}


def read_role(account: Account, name: str) -> dict[str, Any]:
    account.changing()
    result = account.converge(role_info.planned, {"name": name}).as_result()
    assert (account.changing(), result["changed"]) == ([], False)
    return dict(result["role"])


def test_a_role_has_all_its_policies(account: Account, account_id: str) -> None:
    iam = account.make_client("iam")
    options = {"name": "orders-${AWS::Region}", "state": "present", "policy": POLICY, "policy_name": "dynamodb-proxy"}
    more = {"keep_statements": "none", "tags": {"team": "shop"}, "purge_tags": False, "description": "Of orders"}
    account.converge(execution_role.planned, {**options, **more})
    name = "orders-eu-central-1"
    iam.put_role_policy(RoleName=name, PolicyName="more", PolicyDocument=str(POLICY).replace("'", '"'))
    iam.attach_role_policy(RoleName=name, PolicyArn=MANAGED_POLICY)
    assert read_role(account, "orders-${AWS::Region}") == {
        "name": name,
        "arn": f"arn:aws:iam::{account_id}:role/{name}",
        "path": "/",
        "description": "Of orders",
        "permissions_boundary": "",
        "trust": TRUST,
        "policies": {"dynamodb-proxy": POLICY, "more": POLICY},
        "attached_policies": [MANAGED_POLICY],
        "tags": {"team": "shop"},
        "mark": name,
        "created_by_collection": True,
    }


def test_a_role_that_does_not_exist_is_empty(account: Account) -> None:
    assert read_role(account, "nobody") == {}
    with pytest.raises(AwsError, match="a role's name is 1 to 64"):
        account.converge(role_info.planned, {"name": "no body"})
