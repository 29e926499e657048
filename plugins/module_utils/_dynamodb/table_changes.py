# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The plans that create, change and delete a table.

DynamoDB accepts one change of a table at a time, and finishes it some time after its response. So a wait follows each
change.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Dict, Iterable, List, Mapping, Optional, Sequence

from ansible_collections.amazon.aws.plugins.module_utils.tagging import ansible_dict_to_boto3_tag_list

from .._engine.client import Wire
from .._engine.ownership import mark
from .._engine.plan import Action, Step, Wait, messages_by_code
from .._engine.tags import tag_changes, tags_after
from .table_model import (
    AWS_MANAGED,
    AWS_OWNED,
    NO_MAXIMUM,
    NO_STREAM,
    ON_DEMAND,
    WARM,
    Found,
    Index,
    Keys,
    Table,
    is_settled,
)

SERVICE = "dynamodb"
ABSENT = "ResourceNotFoundException"


def creation(desired: Table) -> List[Action]:
    """Return the plan that creates a table."""
    arguments = {
        "TableName": desired.name,
        "AttributeDefinitions": _definitions(desired.key_types, desired.key_types),
        "KeySchema": _schema(desired.keys),
        "BillingMode": desired.billing_mode or "PAY_PER_REQUEST",
        "ProvisionedThroughput": provisioned_capacity(desired),
        "GlobalSecondaryIndexes": [{**_index(index), **_index_capacity(desired)} for index in desired.indexes or ()],
        "LocalSecondaryIndexes": [_index(index) for index in desired.local_indexes or ()],
        "StreamSpecification": _stream(desired.stream_view_type)
        if desired.stream_view_type not in (None, NO_STREAM)
        else {},
        "TableClass": desired.table_class,
        "DeletionProtectionEnabled": desired.deletion_protection,
        "SSESpecification": {} if desired.encryption_key in (None, AWS_OWNED) else _encryption(desired.encryption_key),
        "OnDemandThroughput": _members(_bounds(desired), ON_DEMAND),
        "WarmThroughput": _members(desired.warm_throughput or {}, WARM),
        "Tags": ansible_dict_to_boto3_tag_list(
            {**tags_after(desired.tags, {}, purge=False), **(mark(desired.owner) if desired.owner else {})}
        ),
    }
    given = {name: value for name, value in arguments.items() if value}
    plan: List[Action] = [_create(desired.name, given), settled(desired.name)]
    if desired.ttl_attribute:
        plan.append(_ttl_switch(desired.name, desired.ttl_attribute, enabled=True))
    if desired.point_in_time_recovery:
        plan.append(_recovery(desired))
    return plan


def table_arn(name: str) -> str:
    """Return the name by which the step that creates a table gives its ARN."""
    return f"the ARN of table {name}"


def _create(name: str, arguments: Mapping[str, Any]) -> Step:
    message = f'table "{name}": another run is deploying it. Run again when that run has ended.'
    return Step(
        SERVICE,
        "CreateTable",
        arguments,
        gives={table_arn(name): "TableDescription.TableArn"},
        explain=messages_by_code({"ResourceInUseException": message}),
    )


def changes(desired: Table, found: Found, purge_tags: bool) -> List[Action]:
    """Return the plan that brings a table to its desired state. It first waits for unfinished changes."""
    current = found.table
    plan = [
        *_class_steps(desired, current),
        *_billing_steps(desired, current),
        *_maximum_steps(desired, current),
        *_warm_steps(desired, current),
        *_protection_steps(desired, current),
        *_encryption_steps(desired, current),
        *_stream_steps(desired, current),
        *_index_steps(desired, current),
        *_ttl_steps(desired, current),
        *_recovery_steps(desired, current),
        *_tag_steps(desired, found, purge_tags),
    ]
    return plan if found.settled else [settled(desired.name), *plan]


def removal(name: str, status: str) -> List[Action]:
    """Return the plan that deletes a table, after a wait if AWS is changing the table."""
    if status == "DELETING":
        return [gone(name)]
    first: List[Action] = [] if status == "ACTIVE" else [settled(name)]
    return [*first, Step(SERVICE, "DeleteTable", {"TableName": name}, done_if=(ABSENT,)), gone(name)]


def paced(plan: Sequence[Action], wait: bool, timeout: float) -> List[Action]:
    """Return the plan with the user's timeout in seconds; without `wait` it does not wait for the last change."""
    timed = [replace(action, timeout=timeout) if isinstance(action, Wait) else action for action in plan]
    while timed and isinstance(timed[-1], Wait) and not wait:
        timed.pop()
    return timed


def settled(name: str) -> Wait:
    """Return the wait until the table and all its indexes are active. Reads may not show a new table at first."""
    what = f'table "{name}" and its indexes to be ACTIVE'
    return Wait(SERVICE, "DescribeTable", {"TableName": name}, is_settled, what, not_yet_if=ABSENT)


def gone(name: str) -> Wait:
    """Return the wait until the table no longer exists."""
    return Wait(SERVICE, "DescribeTable", {"TableName": name}, never, f'table "{name}" to be gone', gone_if=ABSENT)


def never(_response: Wire) -> bool:
    """Return False, as the `ready` of a wait that ends with an error."""
    return False


def is_ttl_settled(response: Wire) -> bool:
    """Return whether DynamoDB accepts a change of the time to live: it finishes a change within an hour."""
    return response["TimeToLiveDescription"]["TimeToLiveStatus"] in ("ENABLED", "DISABLED")


def _update(table: str, **arguments: Any) -> List[Action]:
    return [Step(SERVICE, "UpdateTable", {"TableName": table, **arguments}), settled(table)]


def _class_steps(desired: Table, current: Table) -> List[Action]:
    if desired.table_class in (None, current.table_class):
        return []
    return _update(desired.name, TableClass=desired.table_class)


def _billing_steps(desired: Table, current: Table) -> List[Action]:
    if desired.billing_mode is None:
        return []
    capacity = provisioned_capacity(with_capacity(desired, current))
    if desired.billing_mode != current.billing_mode:
        return _update(desired.name, BillingMode=desired.billing_mode, **_switched_capacity(current, capacity))
    if capacity != provisioned_capacity(current):
        return _update(desired.name, ProvisionedThroughput=capacity)
    return []


def with_capacity(desired: Table, current: Table) -> Table:
    """Return the desired table with the current billing mode and capacity for those that it does not declare."""
    return replace(
        desired,
        billing_mode=desired.billing_mode or current.billing_mode,
        read_capacity=desired.read_capacity or current.read_capacity,
        write_capacity=desired.write_capacity or current.write_capacity,
    )


def _switched_capacity(current: Table, capacity: Dict[str, int]) -> Dict[str, Any]:
    """Return the arguments for a switch to PROVISIONED: the capacity of the table and of each of its indexes."""
    if not capacity:
        return {}
    updates = [
        {"Update": {"IndexName": index.name, "ProvisionedThroughput": capacity}} for index in current.indexes or ()
    ]
    return {"ProvisionedThroughput": capacity, **({"GlobalSecondaryIndexUpdates": updates} if updates else {})}


def provisioned_capacity(table: Table) -> Dict[str, int]:
    if table.billing_mode != "PROVISIONED" or table.read_capacity is None or table.write_capacity is None:
        return {}
    return {"ReadCapacityUnits": table.read_capacity, "WriteCapacityUnits": table.write_capacity}


def _index_capacity(table: Table) -> Dict[str, Any]:
    """Return the capacity of a new index, which is that of its table."""
    capacity = provisioned_capacity(table)
    return {"ProvisionedThroughput": capacity} if capacity else {}


def _bounds(desired: Table) -> Dict[str, int]:
    """Return the declared maximums, without those that stand for no maximum."""
    return {word: value for word, value in (desired.on_demand_throughput or {}).items() if value != NO_MAXIMUM}


_UNBOUNDED = dict.fromkeys(ON_DEMAND, NO_MAXIMUM)


def maximums_after(desired: Table, current: Table) -> Optional[Mapping[str, int]]:
    """Return the maximums of an on-demand table after the plan; None for a provisioned table."""
    if (desired.billing_mode or current.billing_mode) == "PROVISIONED":
        return None
    return {**(current.on_demand_throughput or _UNBOUNDED), **(desired.on_demand_throughput or {})}


def _maximum_steps(desired: Table, current: Table) -> List[Action]:
    """Return the step after that of the billing mode. It sends both maximums, also if only one changes."""
    after = maximums_after(desired, current)
    if after is None or after == (current.on_demand_throughput or _UNBOUNDED):
        return []
    return _update(desired.name, OnDemandThroughput=_members(after, ON_DEMAND))


def warm_after(desired: Table, current: Table) -> Dict[str, int]:
    """Return the warm throughput after the plan. It grows with the traffic and cannot be lowered."""
    present = current.warm_throughput or {}
    return {word: max(value, present.get(word, 0)) for word, value in (desired.warm_throughput or {}).items()}


def _warm_steps(desired: Table, current: Table) -> List[Action]:
    present = current.warm_throughput or {}
    rising = {word: value for word, value in warm_after(desired, current).items() if value > present.get(word, 0)}
    return _update(desired.name, WarmThroughput=_members(rising, WARM)) if rising else []


def _members(numbers: Mapping[str, int], members: Mapping[str, str]) -> Dict[str, int]:
    return {member: numbers[word] for word, member in members.items() if word in numbers}


def _encryption_steps(desired: Table, current: Table) -> List[Action]:
    if desired.encryption_key in (None, current.encryption_key):
        return []
    return _update(desired.name, SSESpecification=_encryption(desired.encryption_key))


def _encryption(key: Optional[str]) -> Dict[str, Any]:
    """Return the SSESpecification of a key. Only a customer managed key needs a name."""
    if key == AWS_OWNED:
        return {"Enabled": False}
    return {"Enabled": True, "SSEType": "KMS", **({} if key == AWS_MANAGED else {"KMSMasterKeyId": key})}


def _protection_steps(desired: Table, current: Table) -> List[Action]:
    if desired.deletion_protection in (None, current.deletion_protection):
        return []
    return _update(desired.name, DeletionProtectionEnabled=desired.deletion_protection)


def _stream_steps(desired: Table, current: Table) -> List[Action]:
    """Return the steps that disable the old stream and enable a new one: a stream cannot change its view type."""
    if desired.stream_view_type in (None, current.stream_view_type):
        return []
    plan: List[Action] = []
    if current.stream_view_type != NO_STREAM:
        plan += _update(desired.name, StreamSpecification=_stream(NO_STREAM))
    if desired.stream_view_type != NO_STREAM:
        plan += _update(desired.name, StreamSpecification=_stream(desired.stream_view_type))
    return plan


def _stream(view_type: Optional[str]) -> Dict[str, Any]:
    if view_type == NO_STREAM:
        return {"StreamEnabled": False}
    return {"StreamEnabled": True, "StreamViewType": view_type}


def _index_steps(desired: Table, current: Table) -> List[Action]:
    """Return the steps that create new indexes, one at a time, and then those that delete undeclared ones."""
    if desired.indexes is None:
        return []
    existing = {index.name for index in current.indexes or ()}
    plan: List[Action] = []
    for index in desired.indexes:
        if index.name not in existing:
            plan += _add_index(with_capacity(desired, current), index)
    for name in sorted(existing - {index.name for index in desired.indexes}):
        plan += _update(desired.name, GlobalSecondaryIndexUpdates=[{"Delete": {"IndexName": name}}])
    return plan


def removal_of_indexes(table: str, names: Iterable[str], wait: bool, timeout: float) -> List[Action]:
    """Return the plan that deletes indexes of a table, after earlier changes of the table are finished."""
    first: List[Action] = [] if wait else [settled(table)]
    updates = [
        step for name in names for step in _update(table, GlobalSecondaryIndexUpdates=[{"Delete": {"IndexName": name}}])
    ]
    return paced([*first, *updates], wait, timeout)


def _add_index(table: Table, index: Index) -> List[Action]:
    definitions = _definitions((name for name, _kind in index.keys), table.key_types)
    created = {"Create": {**_index(index), **_index_capacity(table)}}
    return _update(table.name, AttributeDefinitions=definitions, GlobalSecondaryIndexUpdates=[created])


def _index(index: Index) -> Dict[str, Any]:
    projection: Dict[str, Any] = {"ProjectionType": index.projection}
    if index.include:
        projection["NonKeyAttributes"] = list(index.include)
    return {"IndexName": index.name, "KeySchema": _schema(index.keys), "Projection": projection}


def _schema(keys: Keys) -> List[Dict[str, str]]:
    return [{"AttributeName": name, "KeyType": kind} for name, kind in keys]


def _definitions(names: Iterable[str], types: Mapping[str, str]) -> List[Dict[str, str]]:
    return [{"AttributeName": name, "AttributeType": types[name]} for name in names]


def _ttl_steps(desired: Table, current: Table) -> List[Action]:
    """Return the step that enables or disables the time to live. `table_errors` rejects another attribute."""
    if desired.ttl_attribute in (None, current.ttl_attribute):
        return []
    attribute = desired.ttl_attribute or current.ttl_attribute or ""
    return [_wait_for_ttl(desired.name), _ttl_switch(desired.name, attribute, enabled=bool(desired.ttl_attribute))]


def _wait_for_ttl(table: str) -> Wait:
    what = f'table "{table}" to finish the last change of its time to live, which can take an hour'
    return Wait(SERVICE, "DescribeTimeToLive", {"TableName": table}, is_ttl_settled, what)


def _ttl_switch(table: str, attribute: str, enabled: bool) -> Step:
    specification = {"Enabled": enabled, "AttributeName": attribute}
    return Step(SERVICE, "UpdateTimeToLive", {"TableName": table, "TimeToLiveSpecification": specification})


def _recovery_steps(desired: Table, current: Table) -> List[Action]:
    if desired.point_in_time_recovery in (None, current.point_in_time_recovery) and desired.recovery_period_in_days in (
        None,
        current.recovery_period_in_days,
    ):
        return []
    return [_recovery(desired)]


def _recovery(desired: Table) -> Step:
    specification: Dict[str, Any] = {"PointInTimeRecoveryEnabled": desired.point_in_time_recovery}
    if desired.recovery_period_in_days is not None:
        specification["RecoveryPeriodInDays"] = desired.recovery_period_in_days
    arguments = {"TableName": desired.name, "PointInTimeRecoverySpecification": specification}
    return Step(SERVICE, "UpdateContinuousBackups", arguments)


def _tag_steps(desired: Table, found: Found, purge: bool) -> List[Action]:
    to_set, to_remove = tag_changes(desired.tags, found.table.tags or {}, purge)
    plan: List[Action] = []
    if to_remove:
        plan.append(Step(SERVICE, "UntagResource", {"ResourceArn": found.arn, "TagKeys": to_remove}))
    if to_set:
        tags = ansible_dict_to_boto3_tag_list(to_set)
        plan.append(Step(SERVICE, "TagResource", {"ResourceArn": found.arn, "Tags": tags}))
    return plan


def marking(arn: str, name: str) -> Step:
    """Return the step that marks a table as adopted for `name`."""
    tags = ansible_dict_to_boto3_tag_list(mark(name, adopted=True))
    return Step(SERVICE, "TagResource", {"ResourceArn": arn, "Tags": tags})
