# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The plan that makes a table, changes it, or takes it away; and what cannot be changed.

DynamoDB takes one change of a table at a time, and is done with it only some time after it answers. So each change is
followed by a wait, and the next change comes after it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Dict, Iterable, List, Mapping, Optional, Sequence, Set

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


def creation(want: Table) -> List[Action]:
    """The plan that makes a table."""
    arguments = {
        "TableName": want.name,
        "AttributeDefinitions": _definitions(want.key_types, want.key_types),
        "KeySchema": _schema(want.keys),
        "BillingMode": want.billing_mode or "PAY_PER_REQUEST",
        "ProvisionedThroughput": _capacity(want),
        "GlobalSecondaryIndexes": [{**_index(index), **_index_capacity(want)} for index in want.indexes or ()],
        "LocalSecondaryIndexes": [_index(index) for index in want.local_indexes or ()],
        "StreamSpecification": _stream(want.stream_view_type) if want.stream_view_type not in (None, NO_STREAM) else {},
        "TableClass": want.table_class,
        "DeletionProtectionEnabled": want.deletion_protection,
        "SSESpecification": {} if want.encryption_key in (None, AWS_OWNED) else _encryption(want.encryption_key),
        "OnDemandThroughput": _members(_bounds(want), ON_DEMAND),
        "WarmThroughput": _members(want.warm_throughput or {}, WARM),
        "Tags": ansible_dict_to_boto3_tag_list(
            {**tags_after(want.tags, {}, purge=False), **(mark(want.owner) if want.owner else {})}
        ),
    }
    given = {name: value for name, value in arguments.items() if value}
    plan: List[Action] = [_make(want.name, given), settled(want.name)]
    if want.ttl_attribute:
        plan.append(_ttl_switch(want.name, want.ttl_attribute, enabled=True))
    if want.point_in_time_recovery:
        plan.append(_recovery(want))
    return plan


def table_arn(name: str) -> str:
    """The name under which the making of a table gives its ARN."""
    return f"the ARN of table {name}"


def _make(name: str, arguments: Mapping[str, Any]) -> Step:
    message = f'table "{name}": another run is deploying it. Run again when that has ended.'
    return Step(
        SERVICE,
        "CreateTable",
        arguments,
        gives={table_arn(name): "TableDescription.TableArn"},
        explain=messages_by_code({"ResourceInUseException": message}),
    )


def changes(want: Table, found: Found, purge_tags: bool) -> List[Action]:
    """The plan that brings a table from what it is to what is declared. It begins with what AWS still has to finish."""
    have = found.table
    plan = [
        *_class_steps(want, have),
        *_billing_steps(want, have),
        *_maximum_steps(want, have),
        *_warm_steps(want, have),
        *_protection_steps(want, have),
        *_encryption_steps(want, have),
        *_stream_steps(want, have),
        *_index_steps(want, have),
        *_ttl_steps(want, have),
        *_recovery_steps(want, have),
        *_tag_steps(want, found, purge_tags),
    ]
    return plan if found.settled else [settled(want.name), *plan]


def removal(name: str, status: str) -> List[Action]:
    """The plan that takes a table away. One that is being changed cannot be deleted before that is done."""
    if status == "DELETING":
        return [gone(name)]
    first: List[Action] = [] if status == "ACTIVE" else [settled(name)]
    return [*first, Step(SERVICE, "DeleteTable", {"TableName": name}, done_if=(ABSENT,)), gone(name)]


def paced(plan: Sequence[Action], wait: bool, timeout: float) -> List[Action]:
    """The plan with the user's patience, in seconds: without `wait` it does not wait for the last change to finish."""
    timed = [replace(action, timeout=timeout) if isinstance(action, Wait) else action for action in plan]
    while timed and isinstance(timed[-1], Wait) and not wait:
        timed.pop()
    return timed


def settled(name: str) -> Wait:
    """Until the table and all its indexes are ready. A table that was just made may not show at first."""
    what = f'table "{name}" and its indexes to be ACTIVE'
    return Wait(SERVICE, "DescribeTable", {"TableName": name}, is_settled, what, not_yet_if=ABSENT)


def gone(name: str) -> Wait:
    """Until the table is no more."""
    return Wait(SERVICE, "DescribeTable", {"TableName": name}, never, f'table "{name}" to be gone', gone_if=ABSENT)


def never(_answer: Wire) -> bool:
    """No answer is the one that a wait for an error is for."""
    return False


def ttl_at_rest(answer: Wire) -> bool:
    """Whether DynamoDB takes a change of the time to live; while it works on one, for up to an hour, it does not."""
    return answer["TimeToLiveDescription"]["TimeToLiveStatus"] in ("ENABLED", "DISABLED")


def _update(table: str, **arguments: Any) -> List[Action]:
    return [Step(SERVICE, "UpdateTable", {"TableName": table, **arguments}), settled(table)]


def _class_steps(want: Table, have: Table) -> List[Action]:
    if want.table_class in (None, have.table_class):
        return []
    return _update(want.name, TableClass=want.table_class)


def _billing_steps(want: Table, have: Table) -> List[Action]:
    if want.billing_mode is None:
        return []
    capacity = _capacity(_with_capacity(want, have))
    if want.billing_mode != have.billing_mode:
        return _update(want.name, BillingMode=want.billing_mode, **_switched_capacity(have, capacity))
    if capacity != _capacity(have):
        return _update(want.name, ProvisionedThroughput=capacity)
    return []


def _with_capacity(want: Table, have: Table) -> Table:
    """The declared table with the billing and the capacity that stay as they are where it names none."""
    return replace(
        want,
        billing_mode=want.billing_mode or have.billing_mode,
        read_capacity=want.read_capacity or have.read_capacity,
        write_capacity=want.write_capacity or have.write_capacity,
    )


def _switched_capacity(have: Table, capacity: Dict[str, int]) -> Dict[str, Any]:
    """What a change of the billing mode must name: a provisioned table's capacity, and that of each of its indexes."""
    if not capacity:
        return {}
    updates = [{"Update": {"IndexName": index.name, "ProvisionedThroughput": capacity}} for index in have.indexes or ()]
    return {"ProvisionedThroughput": capacity, **({"GlobalSecondaryIndexUpdates": updates} if updates else {})}


def _capacity(table: Table) -> Dict[str, int]:
    if table.billing_mode != "PROVISIONED" or table.read_capacity is None or table.write_capacity is None:
        return {}
    return {"ReadCapacityUnits": table.read_capacity, "WriteCapacityUnits": table.write_capacity}


def _index_capacity(table: Table) -> Dict[str, Any]:
    """An index of a provisioned table gets the capacity of its table."""
    capacity = _capacity(table)
    return {"ProvisionedThroughput": capacity} if capacity else {}


def _bounds(want: Table) -> Dict[str, int]:
    """The declared maximums that bound something."""
    return {word: value for word, value in (want.on_demand_throughput or {}).items() if value != NO_MAXIMUM}


_UNBOUNDED = dict.fromkeys(ON_DEMAND, NO_MAXIMUM)


def maximums_after(want: Table, have: Table) -> Optional[Mapping[str, int]]:
    """The maximums of a table on demand once the plan is carried out; a provisioned table has none."""
    if (want.billing_mode or have.billing_mode) == "PROVISIONED":
        return None
    return {**(have.on_demand_throughput or _UNBOUNDED), **(want.on_demand_throughput or {})}


def _maximum_steps(want: Table, have: Table) -> List[Action]:
    """After the step of the billing mode. Both maximums are sent, also where one of them changes."""
    after = maximums_after(want, have)
    if after is None or after == (have.on_demand_throughput or _UNBOUNDED):
        return []
    return _update(want.name, OnDemandThroughput=_members(after, ON_DEMAND))


def warm_after(want: Table, have: Table) -> Dict[str, int]:
    """The warm throughput once the plan is carried out: it grows with the traffic, and nobody can lower it."""
    present = have.warm_throughput or {}
    return {word: max(value, present.get(word, 0)) for word, value in (want.warm_throughput or {}).items()}


def _warm_steps(want: Table, have: Table) -> List[Action]:
    present = have.warm_throughput or {}
    rising = {word: value for word, value in warm_after(want, have).items() if value > present.get(word, 0)}
    return _update(want.name, WarmThroughput=_members(rising, WARM)) if rising else []


def _members(numbers: Mapping[str, int], words: Mapping[str, str]) -> Dict[str, int]:
    return {member: numbers[word] for word, member in words.items() if word in numbers}


def _encryption_steps(want: Table, have: Table) -> List[Action]:
    if want.encryption_key in (None, have.encryption_key):
        return []
    return _update(want.name, SSESpecification=_encryption(want.encryption_key))


def _encryption(key: Optional[str]) -> Dict[str, Any]:
    """What tells DynamoDB a key: its own needs no word but that there is no other, AWS's in the account no name."""
    if key == AWS_OWNED:
        return {"Enabled": False}
    return {"Enabled": True, "SSEType": "KMS", **({} if key == AWS_MANAGED else {"KMSMasterKeyId": key})}


def _protection_steps(want: Table, have: Table) -> List[Action]:
    if want.deletion_protection in (None, have.deletion_protection):
        return []
    return _update(want.name, DeletionProtectionEnabled=want.deletion_protection)


def _stream_steps(want: Table, have: Table) -> List[Action]:
    """A stream cannot change what it shows: the old one ends, and a new one begins."""
    if want.stream_view_type in (None, have.stream_view_type):
        return []
    plan: List[Action] = []
    if have.stream_view_type != NO_STREAM:
        plan += _update(want.name, StreamSpecification=_stream(NO_STREAM))
    if want.stream_view_type != NO_STREAM:
        plan += _update(want.name, StreamSpecification=_stream(want.stream_view_type))
    return plan


def _stream(view_type: Optional[str]) -> Dict[str, Any]:
    if view_type == NO_STREAM:
        return {"StreamEnabled": False}
    return {"StreamEnabled": True, "StreamViewType": view_type}


def _index_steps(want: Table, have: Table) -> List[Action]:
    """New indexes one at a time, and only then the removal of those that are no longer declared."""
    if want.indexes is None:
        return []
    there = {index.name for index in have.indexes or ()}
    plan: List[Action] = []
    for index in want.indexes:
        if index.name not in there:
            plan += _add_index(_with_capacity(want, have), index)
    for name in sorted(there - {index.name for index in want.indexes}):
        plan += _update(want.name, GlobalSecondaryIndexUpdates=[{"Delete": {"IndexName": name}}])
    return plan


def removal_of_indexes(table: str, names: Iterable[str], wait: bool, timeout: float) -> List[Action]:
    """Return the plan that removes indexes of a table, once what was changed on it before is done."""
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


def _ttl_steps(want: Table, have: Table) -> List[Action]:
    """Switch the time to live on or off; from one attribute to another is two changes (`_ttl_refusals`)."""
    if want.ttl_attribute in (None, have.ttl_attribute):
        return []
    attribute = want.ttl_attribute or have.ttl_attribute or ""
    return [_ttl_rest(want.name), _ttl_switch(want.name, attribute, enabled=bool(want.ttl_attribute))]


def _ttl_rest(table: str) -> Wait:
    what = f'table "{table}" to finish the last change of its time to live, which can take an hour'
    return Wait(SERVICE, "DescribeTimeToLive", {"TableName": table}, ttl_at_rest, what)


def _ttl_switch(table: str, attribute: str, enabled: bool) -> Step:
    specification = {"Enabled": enabled, "AttributeName": attribute}
    return Step(SERVICE, "UpdateTimeToLive", {"TableName": table, "TimeToLiveSpecification": specification})


def _recovery_steps(want: Table, have: Table) -> List[Action]:
    if want.point_in_time_recovery in (None, have.point_in_time_recovery) and want.recovery_period_in_days in (
        None,
        have.recovery_period_in_days,
    ):
        return []
    return [_recovery(want)]


def _recovery(want: Table) -> Step:
    specification: Dict[str, Any] = {"PointInTimeRecoveryEnabled": want.point_in_time_recovery}
    if want.recovery_period_in_days is not None:
        specification["RecoveryPeriodInDays"] = want.recovery_period_in_days
    arguments = {"TableName": want.name, "PointInTimeRecoverySpecification": specification}
    return Step(SERVICE, "UpdateContinuousBackups", arguments)


def _tag_steps(want: Table, found: Found, purge: bool) -> List[Action]:
    to_set, to_remove = tag_changes(want.tags, found.table.tags or {}, purge)
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


def creation_refusals(want: Table) -> List[str]:
    """What a table that is to be made still needs."""
    return _without_capacity(want)


def change_refusals(want: Table, have: Table) -> List[str]:
    """What cannot be changed on a table that exists, and what to do instead."""
    return [
        *_key_refusals(want, have),
        *_index_refusals(want, have),
        *_local_index_refusals(want, have),
        *_without_capacity(_with_capacity(want, have)),
        *_maximum_refusals(want, have),
        *_ttl_refusals(want, have),
    ]


def check_refusals(want: Table, have: Table) -> List[str]:
    """Return where a table that others manage differs from its declaration, in keys and indexes."""
    mistakes = [
        f"its {kind.lower()} key is {_typed(have, kind)} on AWS and {_typed(want, kind)} here"
        for kind in ("HASH", "RANGE")
        if _typed(have, kind) != _typed(want, kind)
    ]
    for word in ("indexes", "local_indexes"):
        there = {index.name: _described(index, have) for index in getattr(have, word) or ()}
        for index in getattr(want, word) or ():
            if there.get(index.name) != _described(index, want):
                what = there.get(index.name, "not there")
                mistakes.append(f'{word}: "{index.name}" is on AWS: {what}; and here: {_described(index, want)}')
    return [f"{one}. With managed: false the table is not changed; declare it as it is" for one in mistakes]


def removal_refusals(found: Found) -> List[str]:
    """Why a table is left as it is, although it is told to go."""
    mistakes = []
    if found.table.deletion_protection:
        mistakes.append(
            "it is protected against deletion, and was left as it is. To delete it, first set deletion_protection: "
            "false with state: present."
        )
    if found.holds_items:
        mistakes.append("it holds items, and was left as it is. To delete it with all of them, set force: true.")
    return mistakes


def _without_capacity(table: Table) -> List[str]:
    if table.billing_mode != "PROVISIONED" or _capacity(table):
        return []
    return ["billing_mode: PROVISIONED needs read_capacity and write_capacity"]


def _maximum_refusals(want: Table, have: Table) -> List[str]:
    if want.on_demand_throughput is None or maximums_after(want, have) is not None:
        return []
    return ["on_demand_throughput needs billing_mode: PAY_PER_REQUEST; the table on AWS is PROVISIONED"]


def _ttl_refusals(want: Table, have: Table) -> List[str]:
    """AWS takes one UpdateTimeToLive an hour for a table, and another attribute needs two: one off, one on.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTimeToLive.html
    """
    if not want.ttl_attribute or not have.ttl_attribute or want.ttl_attribute == have.ttl_attribute:
        return []
    return [
        f'ttl_attribute is "{have.ttl_attribute}" on AWS and "{want.ttl_attribute}" here, and AWS takes one change of '
        'it an hour. Deploy once with ttl_attribute: "", and an hour later with the new attribute.'
    ]


def _key_refusals(want: Table, have: Table) -> List[str]:
    differences = [
        f"its {kind.lower()} key is {_typed(have, kind)} on AWS and {_typed(want, kind)} here"
        for kind in ("HASH", "RANGE")
        if _typed(have, kind) != _typed(want, kind)
    ]
    if not differences:
        return []
    return [
        f"{' and '.join(differences)}; a key schema cannot be changed. Give the new table another name, or delete this "
        "one on purpose (state: absent), with all its items."
    ]


def _typed(table: Table, kind: str) -> str:
    """The table's hash or range key as a message names it: `"id" (S)`."""
    names = [name for name, role in table.keys if role == kind]
    return ", ".join(f'"{name}" ({table.key_types[name]})' for name in names) or "none"


def _index_refusals(want: Table, have: Table) -> List[str]:
    there = {index.name: index for index in have.indexes or ()}
    mistakes: List[str] = []
    told: Set[str] = set()
    for index in want.indexes or ():
        if index.name not in there:
            mistakes += _type_conflicts(index, want, have, told)
        elif _described(index, want) != _described(there[index.name], have):
            mistakes.append(
                f'its index "{index.name}" has {_described(there[index.name], have)} on AWS and '
                f"{_described(index, want)} here; an index cannot be changed. Give the new index another name: it is "
                "added, and then this one is removed."
            )
    return mistakes


def _type_conflicts(index: Index, want: Table, have: Table, told: Set[str]) -> List[str]:
    """Attributes of a new index that are a key already, with another type; each is told once."""
    mistakes = []
    for name, _kind in index.keys:
        there = have.key_types.get(name, want.key_types[name])
        if there != want.key_types[name] and name not in told:
            told.add(name)
            mistakes.append(
                f'its attribute "{name}" is a key with the type {there} on AWS and {want.key_types[name]} here, for '
                f'index "{index.name}"; the type of a key cannot be changed. Write {name}: {there}.'
            )
    return mistakes


def _described(index: Index, table: Table) -> str:
    keys = ", ".join(f'{kind.lower()} key "{name}" ({table.key_types[name]})' for name, kind in index.keys)
    return f"{keys}, projection {index.projection}" + (f" of {', '.join(index.include)}" if index.include else "")


def _local_index_refusals(want: Table, have: Table) -> List[str]:
    if want.local_indexes is None:
        return []
    declared = {index.name: _described(index, want) for index in want.local_indexes}
    there = {index.name: _described(index, have) for index in have.local_indexes or ()}
    differing = sorted(name for name in {*declared, *there} if declared.get(name) != there.get(name))
    return [
        f'its local index "{name}" is on AWS: {there.get(name, "not there")}; and here: '
        f"{declared.get(name, 'not there')}. Local indexes are made with the table and cannot be changed; use indexes "
        "instead, or give the new table another name."
        for name in differing
    ]
