# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The plan of a table: from what is declared and what is there to the calls, with nothing on the way."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from ansible_collections.codeless.apigateway.plugins.module_utils._dynamodb.table import state_after
from ansible_collections.codeless.apigateway.plugins.module_utils._dynamodb.table_changes import (
    changes,
    creation,
    gone,
    is_ttl_settled,
    never,
    paced,
    removal,
    settled,
)
from ansible_collections.codeless.apigateway.plugins.module_utils._dynamodb.table_declared import declared_table
from ansible_collections.codeless.apigateway.plugins.module_utils._dynamodb.table_errors import (
    change_errors,
    deletion_errors,
)
from ansible_collections.codeless.apigateway.plugins.module_utils._dynamodb.table_model import (
    Found,
    Index,
    Table,
    found_table,
    is_settled,
    readable,
)
from ansible_collections.codeless.apigateway.plugins.module_utils._engine.plan import Step, Wait

KEYS = (("customer", "HASH"), ("placed_at", "RANGE"))
TYPES = {"customer": "S", "placed_at": "S"}
BY_STATUS = Index("by_status", (("status", "HASH"),), "INCLUDE", ("note", "total"))
HAVE = Table(
    name="orders",
    keys=KEYS,
    key_types=TYPES,
    indexes=(),
    local_indexes=(),
    billing_mode="PAY_PER_REQUEST",
    table_class="STANDARD",
    deletion_protection=False,
    stream_view_type="NONE",
    encryption_key="AWS_OWNED",
    on_demand_throughput={"max_read_request_units": -1, "max_write_request_units": -1},
    ttl_attribute="",
    point_in_time_recovery=False,
    tags={},
)
WANT = Table(name="orders", keys=KEYS, key_types=TYPES)
ARN = "arn:aws:dynamodb:eu-central-1:123456789012:table/orders"
KEY = "arn:aws:kms:eu-central-1:123456789012:key/0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f"
READY = Wait(
    "dynamodb",
    "DescribeTable",
    {"TableName": "orders"},
    is_settled,
    'table "orders" and its indexes to be ACTIVE',
    not_yet_if="ResourceNotFoundException",
)
TTL_AT_REST = Wait(
    "dynamodb",
    "DescribeTimeToLive",
    {"TableName": "orders"},
    is_ttl_settled,
    'table "orders" to finish the last change of its time to live, which can take an hour',
)


def found(**given: Any) -> Found:
    return Found(replace(HAVE, **given), ARN, "ACTIVE", settled=True)


def update(**arguments: Any) -> list[Step | Wait]:
    return [Step("dynamodb", "UpdateTable", {"TableName": "orders", **arguments}), READY]


def recovery(**specification: Any) -> Step:
    arguments = {"TableName": "orders", "PointInTimeRecoverySpecification": specification}
    return Step("dynamodb", "UpdateContinuousBackups", arguments)


def maximum(read: int, write: int) -> dict[str, int]:
    return {"max_read_request_units": read, "max_write_request_units": write}


def ttl(attribute: str, enabled: bool) -> Step:
    specification = {"Enabled": enabled, "AttributeName": attribute}
    return Step("dynamodb", "UpdateTimeToLive", {"TableName": "orders", "TimeToLiveSpecification": specification})


def test_a_new_table_with_nothing_declared_but_its_keys() -> None:
    assert creation(WANT) == [
        Step(
            "dynamodb",
            "CreateTable",
            {
                "TableName": "orders",
                "AttributeDefinitions": [
                    {"AttributeName": "customer", "AttributeType": "S"},
                    {"AttributeName": "placed_at", "AttributeType": "S"},
                ],
                "KeySchema": [
                    {"AttributeName": "customer", "KeyType": "HASH"},
                    {"AttributeName": "placed_at", "KeyType": "RANGE"},
                ],
                "BillingMode": "PAY_PER_REQUEST",
            },
            gives={"the ARN of table orders": "TableDescription.TableArn"},
        ),
        READY,
    ]


def test_a_new_provisioned_table_with_an_index_and_what_comes_after_it() -> None:
    want = replace(
        WANT,
        key_types={**TYPES, "status": "S"},
        indexes=(BY_STATUS,),
        billing_mode="PROVISIONED",
        read_capacity=2,
        write_capacity=1,
        ttl_attribute="expires",
        point_in_time_recovery=True,
        recovery_period_in_days=14,
    )
    made, wait, *after = creation(want)
    assert isinstance(made, Step)
    capacity = {"ReadCapacityUnits": 2, "WriteCapacityUnits": 1}
    assert made.params["ProvisionedThroughput"] == capacity
    assert made.params["GlobalSecondaryIndexes"] == [
        {
            "IndexName": "by_status",
            "KeySchema": [{"AttributeName": "status", "KeyType": "HASH"}],
            "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["note", "total"]},
            "ProvisionedThroughput": capacity,
        }
    ]
    assert wait == READY
    assert after == [ttl("expires", True), recovery(PointInTimeRecoveryEnabled=True, RecoveryPeriodInDays=14)]


def test_a_new_table_with_its_own_key_and_its_bounds() -> None:
    want = replace(
        WANT,
        encryption_key="alias/orders",
        on_demand_throughput=maximum(1000, -1),
        warm_throughput={"write_units_per_second": 9000},
    )
    made, _wait = creation(want)
    assert isinstance(made, Step)
    assert {name: value for name, value in made.params.items() if name.endswith(("Specification", "Throughput"))} == {
        "SSESpecification": {"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": "alias/orders"},
        "OnDemandThroughput": {"MaxReadRequestUnits": 1000},
        "WarmThroughput": {"WriteUnitsPerSecond": 9000},
    }


def test_a_new_table_is_not_told_what_is_so_anyway() -> None:
    want = replace(WANT, encryption_key="AWS_OWNED", on_demand_throughput=maximum(-1, -1))
    assert creation(want) == creation(WANT)


def test_nothing_declared_is_nothing_to_do() -> None:
    busy = found(indexes=(BY_STATUS,), stream_view_type="NEW_IMAGE", ttl_attribute="x", tags={"a": "b"})
    assert changes(WANT, busy, purge_tags=True) == []
    assert change_errors(WANT, busy.table) == []
    assert state_after(WANT, HAVE, purge_tags=True) == HAVE


def test_a_table_that_is_still_being_changed_is_waited_for_first() -> None:
    unsettled = replace(found(), settled=False, status="UPDATING")
    assert changes(WANT, unsettled, purge_tags=True) == [READY]
    assert changes(replace(WANT, table_class="STANDARD_INFREQUENT_ACCESS"), unsettled, purge_tags=True) == [
        READY,
        *update(TableClass="STANDARD_INFREQUENT_ACCESS"),
    ]


@pytest.mark.parametrize(
    ("declared", "present", "plan"),
    [
        ({"deletion_protection": True}, {}, update(DeletionProtectionEnabled=True)),
        ({"deletion_protection": False}, {"deletion_protection": True}, update(DeletionProtectionEnabled=False)),
        (
            {"stream_view_type": "NEW_IMAGE"},
            {},
            update(StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"}),
        ),
        (
            {"stream_view_type": "NEW_IMAGE"},
            {"stream_view_type": "KEYS_ONLY"},
            [
                *update(StreamSpecification={"StreamEnabled": False}),
                *update(StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"}),
            ],
        ),
        ({"ttl_attribute": "x"}, {}, [TTL_AT_REST, ttl("x", True)]),
        ({"ttl_attribute": ""}, {"ttl_attribute": "x"}, [TTL_AT_REST, ttl("x", False)]),
        ({"encryption_key": "AWS_OWNED"}, {"encryption_key": KEY}, update(SSESpecification={"Enabled": False})),
        ({"encryption_key": "AWS_MANAGED"}, {}, update(SSESpecification={"Enabled": True, "SSEType": "KMS"})),
        (
            {"encryption_key": KEY},
            {"encryption_key": f"{KEY[:-1]}0"},
            update(SSESpecification={"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": KEY}),
        ),
        (
            {"on_demand_throughput": {"max_read_request_units": 9}},
            {"on_demand_throughput": maximum(7, 5)},
            update(OnDemandThroughput={"MaxReadRequestUnits": 9, "MaxWriteRequestUnits": 5}),
        ),
        (
            {"on_demand_throughput": maximum(-1, -1)},
            {"on_demand_throughput": maximum(7, -1)},
            update(OnDemandThroughput={"MaxReadRequestUnits": -1, "MaxWriteRequestUnits": -1}),
        ),
        ({"on_demand_throughput": {"max_write_request_units": -1}}, {}, []),
        (
            {"billing_mode": "PAY_PER_REQUEST", "on_demand_throughput": maximum(7, 5)},
            {"billing_mode": "PROVISIONED", "on_demand_throughput": None},
            [
                *update(BillingMode="PAY_PER_REQUEST"),
                *update(OnDemandThroughput={"MaxReadRequestUnits": 7, "MaxWriteRequestUnits": 5}),
            ],
        ),
        (
            {"warm_throughput": {"read_units_per_second": 15000, "write_units_per_second": 4000}},
            {"warm_throughput": {"read_units_per_second": 12000, "write_units_per_second": 4500}},
            update(WarmThroughput={"ReadUnitsPerSecond": 15000}),
        ),
        ({"point_in_time_recovery": True}, {}, [recovery(PointInTimeRecoveryEnabled=True)]),
        (
            {"point_in_time_recovery": True, "recovery_period_in_days": 7},
            {"point_in_time_recovery": True, "recovery_period_in_days": 35},
            [recovery(PointInTimeRecoveryEnabled=True, RecoveryPeriodInDays=7)],
        ),
        (
            {"point_in_time_recovery": True, "recovery_period_in_days": 7},
            {"point_in_time_recovery": True, "recovery_period_in_days": 7},
            [],
        ),
        (
            {"tags": {"a": "2", "b": "1"}},
            {"tags": {"a": "1", "c": "1"}},
            [
                Step("dynamodb", "UntagResource", {"ResourceArn": ARN, "TagKeys": ["c"]}),
                Step(
                    "dynamodb",
                    "TagResource",
                    {"ResourceArn": ARN, "Tags": [{"Key": "a", "Value": "2"}, {"Key": "b", "Value": "1"}]},
                ),
            ],
        ),
    ],
)
def test_one_setting(declared: dict[str, Any], present: dict[str, Any], plan: list[Step | Wait]) -> None:
    assert changes(replace(WANT, **declared), found(**present), purge_tags=True) == plan


def test_what_is_after_a_rise_is_never_less_than_what_was() -> None:
    have = replace(HAVE, warm_throughput={"read_units_per_second": 12000, "write_units_per_second": 4500})
    want = replace(WANT, warm_throughput={"read_units_per_second": 15000, "write_units_per_second": 4000})
    after = state_after(want, have, purge_tags=True)
    assert after.warm_throughput == {"read_units_per_second": 15000, "write_units_per_second": 4500}


def test_a_maximum_goes_with_the_billing_mode() -> None:
    have = replace(HAVE, on_demand_throughput=maximum(7, 5))
    provisioned = replace(WANT, billing_mode="PROVISIONED", read_capacity=1, write_capacity=1)
    assert state_after(provisioned, have, purge_tags=True).on_demand_throughput is None
    scaled = replace(HAVE, billing_mode="PROVISIONED", read_capacity=1, write_capacity=1, on_demand_throughput=None)
    assert change_errors(replace(WANT, on_demand_throughput=maximum(7, 5)), scaled) == [
        "on_demand_throughput needs billing_mode: PAY_PER_REQUEST; the table on AWS is PROVISIONED"
    ]


def test_what_keeps_a_table_from_being_deleted() -> None:
    assert deletion_errors(found()) == []
    kept = replace(found(deletion_protection=True), holds_items=True)
    assert [mistake.partition(",")[0] for mistake in deletion_errors(kept)] == [
        "it is protected against deletion",
        "it holds items",
    ]


def test_a_switch_to_provisioned_names_the_capacity_of_each_index() -> None:
    want = replace(WANT, billing_mode="PROVISIONED", read_capacity=2, write_capacity=1)
    capacity = {"ReadCapacityUnits": 2, "WriteCapacityUnits": 1}
    assert changes(want, found(indexes=(BY_STATUS,)), purge_tags=True) == update(
        BillingMode="PROVISIONED",
        ProvisionedThroughput=capacity,
        GlobalSecondaryIndexUpdates=[{"Update": {"IndexName": "by_status", "ProvisionedThroughput": capacity}}],
    )


def test_a_capacity_that_is_not_declared_is_left_to_others() -> None:
    scaled = {"billing_mode": "PROVISIONED", "read_capacity": 70, "write_capacity": 50}
    want = replace(WANT, billing_mode="PROVISIONED")
    assert changes(want, found(**scaled), purge_tags=True) == []
    assert change_errors(want, found(**scaled).table) == []
    assert changes(replace(want, write_capacity=9), found(**scaled), purge_tags=True) == update(
        ProvisionedThroughput={"ReadCapacityUnits": 70, "WriteCapacityUnits": 9}
    )


def test_indexes_are_added_before_others_are_removed() -> None:
    old = Index("old", (("customer", "HASH"),))
    want = replace(WANT, key_types={**TYPES, "status": "S"}, indexes=(BY_STATUS,))
    create = {
        "IndexName": "by_status",
        "KeySchema": [{"AttributeName": "status", "KeyType": "HASH"}],
        "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["note", "total"]},
    }
    assert changes(want, found(indexes=(old,)), purge_tags=True) == [
        *update(
            AttributeDefinitions=[{"AttributeName": "status", "AttributeType": "S"}],
            GlobalSecondaryIndexUpdates=[{"Create": create}],
        ),
        *update(GlobalSecondaryIndexUpdates=[{"Delete": {"IndexName": "old"}}]),
    ]


def test_the_state_after_forgets_the_keys_of_indexes_that_went() -> None:
    present = replace(HAVE, key_types={**TYPES, "status": "S"}, indexes=(BY_STATUS,))
    assert state_after(replace(WANT, indexes=()), present, purge_tags=True) == HAVE


@pytest.mark.parametrize(
    ("status", "operations"),
    [
        ("ACTIVE", ["DeleteTable", "DescribeTable"]),
        ("UPDATING", ["DescribeTable", "DeleteTable", "DescribeTable"]),
        ("DELETING", ["DescribeTable"]),
    ],
)
def test_a_removal_waits_for_what_is_going_on(status: str, operations: list[str]) -> None:
    plan = removal("orders", status)
    assert [action.operation for action in plan] == operations
    assert plan[-1] == gone("orders")


def test_without_patience_only_the_last_wait_is_left_out() -> None:
    plan = [*update(DeletionProtectionEnabled=True), *update(TableClass="STANDARD")]
    assert paced(plan, wait=False, timeout=7) == [plan[0], replace(READY, timeout=7), plan[2]]
    assert paced(plan, wait=True, timeout=7)[-1] == replace(READY, timeout=7)
    assert paced([settled("orders")], wait=False, timeout=7) == []


def test_a_table_as_dynamodb_describes_it_at_its_barest() -> None:
    """A provisioned table of the standard class: DynamoDB leaves out what is at its default."""
    wire = {
        "TableName": "orders",
        "TableArn": ARN,
        "TableStatus": "ACTIVE",
        "KeySchema": [
            {"AttributeName": "placed_at", "KeyType": "RANGE"},
            {"AttributeName": "customer", "KeyType": "HASH"},
        ],
        "AttributeDefinitions": [
            {"AttributeName": "customer", "AttributeType": "S"},
            {"AttributeName": "placed_at", "AttributeType": "S"},
        ],
        "ProvisionedThroughput": {"ReadCapacityUnits": 5, "WriteCapacityUnits": 4, "NumberOfDecreasesToday": 0},
    }
    unread: dict[str, Any] = {"ttl_attribute": None, "point_in_time_recovery": None, "tags": None}
    unread.update(on_demand_throughput=None, warm_throughput={})
    table = replace(HAVE, billing_mode="PROVISIONED", read_capacity=5, write_capacity=4, **unread)
    assert found_table(wire) == Found(table, ARN, "ACTIVE", settled=True)


@pytest.mark.parametrize(
    ("status", "index_status", "expected"),
    [
        ("ACTIVE", "ACTIVE", True),
        ("UPDATING", "ACTIVE", False),
        ("ACTIVE", "CREATING", False),
        ("ACTIVE", "DELETING", False),
    ],
)
def test_a_table_is_ready_when_its_indexes_are(status: str, index_status: str, expected: bool) -> None:
    answer = {"Table": {"TableStatus": status, "GlobalSecondaryIndexes": [{"IndexStatus": index_status}]}}
    assert is_settled(answer) is expected
    assert never(answer) is False


@pytest.mark.parametrize(
    ("member", "under_way"),
    [("SSEDescription", "UPDATING"), ("SSEDescription", "DISABLING"), ("WarmThroughput", "UPDATING")],
)
def test_a_table_is_not_ready_while_a_setting_of_it_is_on_its_way(member: str, under_way: str) -> None:
    at_rest = {"SSEDescription": {"Status": "ENABLED"}, "WarmThroughput": {"Status": "ACTIVE"}}
    assert is_settled({"Table": {"TableStatus": "ACTIVE", **at_rest}})
    assert not is_settled({"Table": {"TableStatus": "ACTIVE", **at_rest, member: {"Status": under_way}}})


@pytest.mark.parametrize(
    ("description", "key"),
    [
        ({"Status": "ENABLED", "SSEType": "KMS", "KMSMasterKeyArn": KEY}, KEY),
        ({"Status": "UPDATING", "SSEType": "KMS", "KMSMasterKeyArn": KEY}, KEY),
        ({"Status": "DISABLING", "SSEType": "KMS", "KMSMasterKeyArn": KEY}, "AWS_OWNED"),
        ({"Status": "DISABLED"}, "AWS_OWNED"),
    ],
)
def test_the_key_of_a_table_as_dynamodb_describes_it(description: dict[str, str], key: str) -> None:
    wire = {
        "TableName": "orders",
        "TableArn": ARN,
        "TableStatus": "ACTIVE",
        "KeySchema": [],
        "AttributeDefinitions": [],
        "BillingModeSummary": {"BillingMode": "PAY_PER_REQUEST"},
        "SSEDescription": description,
        "OnDemandThroughput": {"MaxReadRequestUnits": 7},
        "WarmThroughput": {"ReadUnitsPerSecond": 12000, "WriteUnitsPerSecond": 4000, "Status": "ACTIVE"},
    }
    table = found_table(wire).table
    assert table.encryption_key == key
    assert table.on_demand_throughput == maximum(7, -1)
    assert table.warm_throughput == {"read_units_per_second": 12000, "write_units_per_second": 4000}
    assert readable(table)["on_demand_throughput"] == {"max_read_request_units": 7}


def test_an_index_as_dynamodb_describes_it_equals_the_declared_one_in_any_order() -> None:
    wire = {
        "TableName": "orders",
        "TableArn": ARN,
        "TableStatus": "ACTIVE",
        "KeySchema": [{"AttributeName": "status", "KeyType": "HASH"}],
        "AttributeDefinitions": [{"AttributeName": "status", "AttributeType": "S"}],
        "GlobalSecondaryIndexes": [
            {
                "IndexName": "by_status",
                "KeySchema": [{"AttributeName": "status", "KeyType": "HASH"}],
                "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["total", "note"]},
            }
        ],
    }
    assert found_table(wire).table.indexes == (BY_STATUS,)


def test_an_index_added_to_a_provisioned_table_gets_the_tables_capacity() -> None:
    scaled = found(billing_mode="PROVISIONED", read_capacity=70, write_capacity=50)
    want = replace(WANT, indexes=(Index("by_placed", (("placed_at", "HASH"),)),))
    added, _wait = changes(want, scaled, purge_tags=True)
    assert added.params["GlobalSecondaryIndexUpdates"][0]["Create"]["ProvisionedThroughput"] == {
        "ReadCapacityUnits": 70,
        "WriteCapacityUnits": 50,
    }


def test_a_conflict_of_types_is_told_once_for_all_new_indexes() -> None:
    indexes = (Index("one", (("placed_at", "HASH"),)), Index("two", (("placed_at", "HASH"),)))
    want = replace(WANT, keys=KEYS[:1], key_types={"customer": "S", "placed_at": "N"}, indexes=indexes)
    have = replace(HAVE, keys=KEYS[:1], local_indexes=(Index("local", KEYS),))
    assert change_errors(want, have) == [
        'its attribute "placed_at" is a key with the type S on AWS and N here, for index "one"; the type of a key '
        "cannot be changed. Write placed_at: S."
    ]


def test_an_index_that_is_going_counts_as_gone_and_one_with_many_keys_is_shown() -> None:
    projection = {"ProjectionType": "ALL"}
    keys = [("a", "HASH"), ("b", "HASH"), ("c", "RANGE")]
    wire = {
        "TableName": "orders",
        "TableArn": ARN,
        "TableStatus": "UPDATING",
        "KeySchema": [{"AttributeName": "a", "KeyType": "HASH"}],
        "AttributeDefinitions": [{"AttributeName": name, "AttributeType": "S"} for name, _kind in keys],
        "BillingModeSummary": {"BillingMode": "PAY_PER_REQUEST"},
        "GlobalSecondaryIndexes": [
            {"IndexName": "going", "IndexStatus": "DELETING", "KeySchema": [], "Projection": projection},
            {
                "IndexName": "wide",
                "IndexStatus": "ACTIVE",
                "KeySchema": [{"AttributeName": name, "KeyType": kind} for name, kind in keys],
                "Projection": projection,
            },
        ],
    }
    there = found_table(wire)
    assert there.table.indexes == (Index("wide", (("a", "HASH"), ("b", "HASH"), ("c", "RANGE"))),)
    assert not there.settled
    assert readable(there.table)["indexes"] == [
        {"name": "wide", "hash_key": "a, b", "range_key": "c", "projection": "ALL"}
    ]


def test_a_declaration_in_canonical_form() -> None:
    params = {
        "name": "orders",
        "hash_key": "customer",
        "range_key": "placed_at",
        "attributes": {"customer": "S", "placed_at": {"type": "S"}, "status": "S", "tags": "SS"},
        "indexes": [{"name": "by_status", "hash_key": "status", "projection": {"include": ["total", "note"]}}],
        "local_indexes": [],
        "ttl_attribute": "expires",
    }
    table, mistakes = declared_table(params)
    assert mistakes == []
    assert table == replace(
        WANT,
        key_types={**TYPES, "status": "S"},
        indexes=(BY_STATUS,),
        local_indexes=(),
        ttl_attribute="expires",
    )


def test_all_mistakes_of_a_declaration() -> None:
    params = {
        "name": "my orders",
        "hash_key": "customer",
        "range_key": "tags",
        "attributes": {"customer": "String", "tags": "SS", "dies": "S"},
        "indexes": [
            {"name": "x1x", "hash_key": "status", "range_key": "status", "projection": "SOME"},
            {"name": "x1x", "hash_key": "dies", "projection": {"include": []}},
        ],
        "billing_mode": None,
        "read_capacity": 0,
        "ttl_attribute": "dies",
        "recovery_period_in_days": 36,
        "encryption_key": "aws_owned",
        "on_demand_throughput": {"max_read_request_units": 0, "max_write_request_units": None},
        "warm_throughput": {"read_units_per_second": 0},
    }
    _table, mistakes = declared_table(params)
    assert mistakes == [
        'attributes: "customer" has the type "String"; the types are S, N, B, BOOL, NULL, M, L, SS, NS, BS',
        "index \"x1x\": projection is 'SOME'; write ALL, KEYS_ONLY, or {include: [names of attributes]}",
        "index \"x1x\": projection is {'include': []}; write ALL, KEYS_ONLY, or {include: [names of attributes]}",
        'the name "my orders" must be 3 to 255 letters, digits, underscores, hyphens and dots',
        'two indexes have the name "x1x"',
        '"tags" is the range key of the table and has the type SS; a key is S, N or B',
        '"status" is the hash key of index "x1x", and attributes has no type for it; write attributes: '
        "{status: S}, N or B",
        '"status" is the range key of index "x1x", and attributes has no type for it; write attributes: '
        "{status: S}, N or B",
        'index "x1x" has one attribute as both hash and range key',
        "read_capacity is 0; it must be 1 or more",
        "read_capacity needs billing_mode: PROVISIONED",
        'ttl_attribute "dies" has the type S; it must be a number (N), in seconds since 1970',
        "recovery_period_in_days is 36; write 1 to 35",
        "recovery_period_in_days needs point_in_time_recovery: true",
        'encryption_key is "aws_owned"; write AWS_OWNED, AWS_MANAGED, or a key of KMS by its ARN, its id or its alias '
        "(alias/orders)",
        "on_demand_throughput: max_read_request_units is 0; write 1 or more, or -1 for no maximum",
        "warm_throughput: read_units_per_second is 0; write 1 or more",
    ]


def test_local_indexes_need_a_range_key() -> None:
    params = {"name": "orders", "hash_key": "a", "attributes": {"a": "S", "b": "S"}}
    _table, mistakes = declared_table({**params, "local_indexes": [{"name": "local", "range_key": "b"}]})
    assert mistakes == ["local_indexes need a table with a range_key"]
    assert declared_table({"name": "orders"})[1] == ["hash_key is missing; write the name of the partition key"]
