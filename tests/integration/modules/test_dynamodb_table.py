# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A table, converged from any state on an emulator of DynamoDB."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.codeless.apigateway.plugins.module_utils._dynamodb.table import planned
from ansible_collections.codeless.apigateway.plugins.module_utils._engine.errors import AwsError

from convergence import Account
from playbooks import run_playbook

BY_STATUS = {"name": "by_status", "hash_key": "status", "range_key": "placed_at", "projection": "ALL"}
BY_TOTAL = {"name": "by_total", "hash_key": "customer", "range_key": "total", "projection": {"include": ["tags", "a"]}}
UPDATE = "dynamodb:UpdateTable"


def declared(**given: Any) -> dict[str, Any]:
    defaults = {
        "state": "present",
        "name": "orders",
        "hash_key": "customer",
        "range_key": "placed_at",
        "attributes": {"customer": "S", "placed_at": {"type": "S"}, "status": "S", "total": "N", "tags": "SS"},
        "purge_indexes": True,
        "purge_tags": True,
        "force": False,
        "wait": True,
        "wait_timeout": 10,
    }
    return {**defaults, **given}


def table_of(account: Account) -> dict[str, Any]:
    return dict(account.make_client("dynamodb").describe_table(TableName="orders")["Table"])


def calls(account: Account, **given: Any) -> list[str]:
    """The calls that converge the table; what they are said to come to is what there is to read after them."""
    outcome = account.settle(planned, declared(**given))
    if given.get("state") != "absent":
        assert account.converge(planned, declared(**given)).values == outcome.values
    return list(outcome.as_result()["calls"])


def test_made_in_one_call_with_all_that_fits_into_it(account: Account) -> None:
    local = {"name": "local_total", "range_key": "total", "projection": "KEYS_ONLY"}
    made = account.settle(
        planned,
        declared(
            indexes=[BY_TOTAL, BY_STATUS],
            local_indexes=[local],
            stream_view_type="NEW_IMAGE",
            deletion_protection=True,
            table_class="STANDARD_INFREQUENT_ACCESS",
            tags={"team": "shop"},
        ),
    )
    assert made.as_result()["calls"] == ["dynamodb:CreateTable"]
    table = table_of(account)
    assert made.values["arn"] == table["TableArn"]
    assert table["KeySchema"] == [
        {"AttributeName": "customer", "KeyType": "HASH"},
        {"AttributeName": "placed_at", "KeyType": "RANGE"},
    ]
    assert {item["AttributeName"]: item["AttributeType"] for item in table["AttributeDefinitions"]} == {
        "customer": "S",
        "placed_at": "S",
        "status": "S",
        "total": "N",
    }
    assert table["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST"
    assert [index["IndexName"] for index in table["GlobalSecondaryIndexes"]] == ["by_status", "by_total"]
    assert table["GlobalSecondaryIndexes"][1]["Projection"] == {
        "ProjectionType": "INCLUDE",
        "NonKeyAttributes": ["a", "tags"],
    }
    assert table["LocalSecondaryIndexes"][0]["IndexName"] == "local_total"
    assert table["StreamSpecification"] == {"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"}
    assert (table["DeletionProtectionEnabled"], table["TableClassSummary"]["TableClass"]) == (
        True,
        "STANDARD_INFREQUENT_ACCESS",
    )
    tags = account.make_client("dynamodb").list_tags_of_resource(ResourceArn=table["TableArn"])["Tags"]
    assert {"Key": "codeless.apigateway", "Value": "orders"} in tags
    assert {"Key": "team", "Value": "shop"} in tags


def test_nothing_to_do_is_one_read(account: Account) -> None:
    account.settle(planned, declared())
    account.made.clear()
    account.converge(planned, declared())
    assert account.made == ["dynamodb:DescribeTable"]


def test_an_option_that_is_not_given_is_left_alone(account: Account) -> None:
    settings = {
        "indexes": [BY_STATUS],
        "billing_mode": "PROVISIONED",
        "read_capacity": 3,
        "write_capacity": 2,
        "stream_view_type": "KEYS_ONLY",
        "ttl_attribute": "expires",
        "point_in_time_recovery": True,
        "tags": {"team": "shop"},
    }
    account.settle(planned, declared(**settings))
    before = table_of(account)
    assert calls(account) == []
    assert table_of(account) == before


def test_each_setting_is_changed_in_place(account: Account) -> None:
    client = account.make_client("dynamodb")
    account.settle(planned, declared(indexes=[BY_STATUS]))
    assert calls(account, billing_mode="PROVISIONED", read_capacity=5, write_capacity=4) == [UPDATE]
    table = table_of(account)
    assert table["ProvisionedThroughput"]["ReadCapacityUnits"] == 5
    assert table["GlobalSecondaryIndexes"][0]["ProvisionedThroughput"]["WriteCapacityUnits"] == 4
    assert calls(account, billing_mode="PROVISIONED", write_capacity=6) == [UPDATE]
    assert table_of(account)["ProvisionedThroughput"]["ReadCapacityUnits"] == 5
    assert calls(account, billing_mode="PAY_PER_REQUEST") == [UPDATE]
    assert calls(account, stream_view_type="NEW_IMAGE") == [UPDATE]
    assert calls(account, stream_view_type="OLD_IMAGE") == [UPDATE, UPDATE]
    assert table_of(account)["StreamSpecification"]["StreamViewType"] == "OLD_IMAGE"
    assert calls(account, stream_view_type="NONE", deletion_protection=True) == [UPDATE, UPDATE]
    assert calls(account, table_class="STANDARD_INFREQUENT_ACCESS") == [UPDATE]
    assert calls(account, ttl_attribute="expires") == ["dynamodb:UpdateTimeToLive"]
    with pytest.raises(AwsError, match='ttl_attribute is "expires" on AWS and "dies" here'):
        calls(account, ttl_attribute="dies")
    ttl = client.describe_time_to_live(TableName="orders")["TimeToLiveDescription"]
    assert ttl == {"TimeToLiveStatus": "ENABLED", "AttributeName": "expires"}
    assert calls(account, ttl_attribute="") == ["dynamodb:UpdateTimeToLive"]
    assert calls(account, point_in_time_recovery=True) == ["dynamodb:UpdateContinuousBackups"]
    assert calls(account, point_in_time_recovery=True, recovery_period_in_days=35) == []
    assert calls(account, point_in_time_recovery=False) == ["dynamodb:UpdateContinuousBackups"]
    bounds = {"max_read_request_units": 7, "max_write_request_units": 5}
    assert calls(account, on_demand_throughput=bounds) == [UPDATE]
    assert calls(account, on_demand_throughput={"max_read_request_units": -1}) == [UPDATE]
    assert table_of(account)["OnDemandThroughput"] == {"MaxReadRequestUnits": -1, "MaxWriteRequestUnits": 5}
    assert calls(account, tags={"team": "shop", "stage": "dev"}) == ["dynamodb:TagResource"]
    assert calls(account, tags={"stage": "prod"}) == ["dynamodb:UntagResource", "dynamodb:TagResource"]


def test_the_key_is_found_by_its_arn_its_id_and_its_alias(account: Account) -> None:
    kms = account.make_client("kms")
    key = kms.create_key()["KeyMetadata"]
    kms.create_alias(AliasName="alias/orders", TargetKeyId=key["KeyId"])
    assert calls(account, encryption_key=key["Arn"]) == ["dynamodb:CreateTable"]
    for same in (key["Arn"], key["KeyId"], "alias/orders"):
        assert calls(account, encryption_key=same) == [], same
    assert calls(account, encryption_key="AWS_OWNED") == [UPDATE]
    assert calls(account, encryption_key="AWS_MANAGED") == [UPDATE]
    assert table_of(account)["SSEDescription"]["KMSMasterKeyArn"].endswith(":alias/aws/dynamodb")
    assert calls(account, encryption_key="alias/orders") == [UPDATE]
    account.made.clear()
    account.converge(planned, declared(encryption_key=key["Arn"]), check_mode=True)
    assert account.made == ["dynamodb:DescribeTable", "dynamodb:ListTagsOfResource"]


def test_the_key_that_aws_manages_is_known_by_its_alias(account: Account) -> None:
    """On AWS DescribeTable tells the ARN of the key itself; the emulator of DynamoDB tells its alias."""
    kms = account.make_client("kms")
    key = kms.create_key()["KeyMetadata"]
    kms.create_alias(AliasName="alias/aws/dynamodb", TargetKeyId=key["KeyId"])
    account.settle(planned, declared(encryption_key=key["Arn"]))
    assert calls(account, encryption_key="AWS_MANAGED") == []


def test_indexes_come_and_go_one_at_a_time(account: Account) -> None:
    account.settle(planned, declared(indexes=[BY_STATUS]))
    renamed = {**BY_STATUS, "name": "by_status_2", "projection": "KEYS_ONLY"}
    assert calls(account, indexes=[renamed, BY_TOTAL]) == [UPDATE, UPDATE, UPDATE]
    names = [index["IndexName"] for index in table_of(account)["GlobalSecondaryIndexes"]]
    assert names == ["by_status_2", "by_total"]
    assert calls(account, indexes=[]) == [UPDATE, UPDATE]
    assert "GlobalSecondaryIndexes" not in table_of(account)


def test_an_index_stays_until_it_is_taken_away(account: Account) -> None:
    account.settle(planned, declared(indexes=[BY_STATUS]))
    widened = account.settle(planned, declared(indexes=[BY_TOTAL], purge_indexes=False))
    assert (widened.as_result()["calls"], widened.values["kept_indexes"]) == ([UPDATE], ["by_status"])
    names = [index["IndexName"] for index in table_of(account)["GlobalSecondaryIndexes"]]
    assert names == ["by_status", "by_total"]
    assert calls(account, indexes=[BY_TOTAL]) == [UPDATE]


def test_what_needs_another_table_is_refused_all_at_once(account: Account) -> None:
    account.settle(planned, declared(indexes=[BY_STATUS]))
    other = {"name": "by_status", "hash_key": "status", "projection": "ALL"}
    new = {"name": "by_placed", "hash_key": "placed_at", "projection": "ALL"}
    local = {"name": "local_total", "range_key": "total", "projection": "ALL"}
    types = {"customer": "S", "id": "S", "placed_at": "N", "status": "S", "total": "N"}
    with pytest.raises(AwsError) as refusal:
        account.converge(
            planned,
            declared(hash_key="id", attributes=types, indexes=[other, new], local_indexes=[local], tags={"a": "b"}),
        )
    assert refusal.value.message == (
        'table "orders": 4 errors:\n'
        '- its hash key is "customer" (S) on AWS and "id" (S) here and its range key is "placed_at" (S) on AWS and '
        '"placed_at" (N) here; a key schema cannot be changed. Give the new table another name, or delete this one on '
        "purpose (state: absent), with all its items.\n"
        '- its attribute "placed_at" is a key with the type S on AWS and N here, for index "by_placed"; the type of a '
        "key cannot be changed. Write placed_at: S.\n"
        '- its index "by_status" has hash key "status" (S), range key "placed_at" (S), projection ALL on AWS and hash '
        'key "status" (S), projection ALL here; an index cannot be changed. Give the new index another name: it is '
        "created, and then this one is deleted.\n"
        '- its local index "local_total" on AWS: missing; declared: hash key "id" (S), range key "total" (N), '
        "projection ALL. Local indexes are created with the table and cannot be changed; use indexes instead, or give "
        "the new table another name."
    )
    assert account.changing() == []


def test_a_capacity_must_be_named_where_there_is_none(account: Account) -> None:
    for attempt in ("new", "switched"):
        with pytest.raises(AwsError, match="needs read_capacity and write_capacity"):
            account.converge(planned, declared(billing_mode="PROVISIONED"))
        assert account.changing() == [], attempt
        account.settle(planned, declared())


def test_taken_away_unless_it_is_protected(account: Account) -> None:
    account.settle(planned, declared(deletion_protection=True))
    for check_mode in (True, False):
        with pytest.raises(AwsError, match="protected against deletion"):
            account.converge(planned, declared(state="absent", force=True), check_mode)
    assert account.changing() == []
    account.settle(planned, declared(deletion_protection=False))
    assert calls(account, state="absent") == ["dynamodb:DeleteTable"]
    assert account.make_client("dynamodb").list_tables()["TableNames"] == []


def test_items_go_with_their_table_only_when_told(account: Account) -> None:
    account.settle(planned, declared())
    item = {"customer": {"S": "ann"}, "placed_at": {"S": "2026"}}
    account.make_client("dynamodb").put_item(TableName="orders", Item=item)
    for check_mode in (True, False):
        with pytest.raises(AwsError, match=r'table "orders": it holds items, and was not deleted\..* force: true'):
            account.converge(planned, declared(state="absent"), check_mode)
    assert account.changing() == []
    assert calls(account, state="absent", force=True) == ["dynamodb:DeleteTable"]


def test_the_module_itself(local_aws: Any, account_id: str) -> None:
    playbook = """
- hosts: localhost
  gather_facts: false
  tasks:
    - name: table
      codeless.apigateway.dynamodb_table:
        name: orders
        hash_key: customer
        attributes: {customer: S, status: {type: S}, note: S}
        indexes:
          - {name: by_status, hash_key: status}
"""
    environment = {"AWS_ACCESS_KEY_ID": account_id}
    runs = [
        run_playbook(playbook, local_aws.endpoint_url, check=check, diff=True, environment=environment)
        for check in (True, False, False)
    ]
    assert [(run.rc, run.recap.get("changed")) for run in runs] == [(0, 1), (0, 1), (0, 0)], runs
    assert runs[0].result("table")["arn"] == "(known after the run)"
    assert runs[1].result("table")["arn"] == f"arn:aws:dynamodb:eu-central-1:{account_id}:table/orders"
    assert "+    hash_key: status\n+    name: by_status\n" in runs[0].stdout
