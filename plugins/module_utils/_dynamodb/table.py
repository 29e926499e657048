# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A DynamoDB table, converged in place. A change that needs a new table is an error: a table is never replaced."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Dict, List, Optional, Sequence, Tuple, Union

from ansible_collections.amazon.aws.plugins.module_utils.tagging import boto3_tag_list_to_ansible_dict

from .._engine.client import Aws, Wire
from .._engine.errors import AwsError, raise_errors
from .._engine.ownership import mark, owner, without_mark
from .._engine.plan import Action, Ref, calls, execute
from .._engine.resource import Diff, Params, Planned, build_adoption
from .._engine.tags import tags_after
from .table_changes import (
    ABSENT,
    SERVICE,
    changes,
    creation,
    gone,
    marking,
    maximums_after,
    paced,
    removal,
    settled,
    table_arn,
    warm_after,
)
from .table_declared import declared_table
from .table_errors import change_errors, creation_errors, deletion_errors, unmanaged_errors
from .table_model import AWS_MANAGED, AWS_OWNED, LONGEST_RECOVERY, NO_STREAM, Found, Table, found_table, readable


def planned(aws: Aws, params: Params) -> Planned:
    """Return the plan that brings the table to its desired state, or deletes it."""
    found = read(aws, params)
    wanted = plan(params, found)
    if params["state"] == "absent" or found is None or not calls(wanted.plan) or found.status == "DELETING":
        return wanted
    return adopted(aws, params, found, wanted, wanted.diffs)


def adopted(aws: Aws, params: Params, found: Found, wanted: Planned, diffs: Sequence[Diff]) -> Planned:
    """Return the plan, with the mark of an adopted table if it changes a table that somebody else created.

    `diffs` are what the run changes on the table, its items included. The tags are read here, because only a plan that
    changes the table needs them, unless they were read because tags are declared.
    """
    its_owner = found.table.owner
    if its_owner is None:
        its_owner = owner(read_tags(aws, found.arn))
    if its_owner:
        return wanted
    marked = [*wanted.plan, marking(found.arn, params.get("owner") or params["name"])]
    return replace(wanted, plan=marked, adoptions=[build_adoption(_title(params), diffs)])


def adopted_for_items(aws: Aws, params: Params, wanted: Planned, items: Sequence[Diff]) -> Planned:
    """Return the plan of a table into which the run puts `items`, with the mark if somebody else created the table."""
    if calls(wanted.plan):  # a new table, or one whose owner is known
        known = [replace(one, changes=[*one.changes, *build_adoption("", items).changes]) for one in wanted.adoptions]
        return replace(wanted, adoptions=known)
    arn = wanted.values["arn"]
    if owner(read_tags(aws, arn)):
        return wanted
    step = marking(arn, params.get("owner") or params["name"])
    return replace(wanted, plan=[*wanted.plan, step], adoptions=[build_adoption(_title(params), items)])


def checked(aws: Aws, params: Params) -> Planned:
    """Return an empty plan and the values of a table with `managed: false`, after a comparison with its declaration.

    Raises `AwsError` if the table is missing, or if its keys or a declared index differ.
    """
    desired, errors = declared_table(params)
    raise_errors(_title(params), errors)
    found = _describe(aws, desired.name)
    if found is None or found.status in ("CREATING", "DELETING"):
        state = f"is {found.status} on AWS" if found else f"does not exist in {aws.region()}"
        raise AwsError(
            f"{_title(params)}: it {state}, and is declared with managed: false. Correct its name or the Region, run "
            "again when it is ACTIVE, or leave out `managed` to create it."
        )
    raise_errors(_title(params), unmanaged_errors(desired, found.table))
    kept: List[str] = []
    return Planned([], _values(found.table, found.arn, found.status, kept))


def read(aws: Aws, params: Params) -> Optional[Found]:
    """Return the current table with those of its settings that are declared; None if it does not exist.

    Raises `AwsError` for errors in the declaration, before the first call.
    """
    if params["state"] == "absent":
        return _read_for_deletion(aws, params)
    found = look(aws, params)
    if found and found.status == "CREATING":  # by an interrupted run; its settings can be read when it is active
        execute(aws, paced([settled(params["name"])], wait=True, timeout=params["wait_timeout"]))
        found = look(aws, params)
    return found


def look(aws: Aws, params: Params) -> Optional[Found]:
    """Return the current table as `read` does, but without its settings if AWS is still creating it."""
    desired, errors = declared_table(params)
    raise_errors(_title(params), errors)
    found = _describe(aws, desired.name)
    if found is None or found.status in ("CREATING", "DELETING"):
        return found
    return replace(found, table=replace(found.table, **_read_declared_settings(aws, desired, found)))


def plan(params: Params, found: Optional[Found]) -> Planned:
    """Return the plan that brings the table that `read` returned to its desired state, or deletes it."""
    if params["state"] == "absent":
        return _absent(params, found)
    desired, _mistakes = declared_table(params)
    if found is None or found.status == "DELETING":
        return _create(params, desired, found)
    return _change(params, desired, found)


def _describe(aws: Aws, name: str) -> Optional[Found]:
    response = aws.find(SERVICE, "DescribeTable", {"TableName": name}, absent=ABSENT)
    return found_table(response["Table"]) if response else None


def _read_for_deletion(aws: Aws, params: Params) -> Optional[Found]:
    """Return the table, and whether it holds items, unless `force` is set.

    The count of DescribeTable can be six hours old, so a scan reads one item.
    """
    found = _describe(aws, params["name"])
    if found is None or found.status in ("CREATING", "DELETING") or params["force"]:
        return found
    first = {"TableName": params["name"], "Limit": 1, "Select": "COUNT", "ConsistentRead": True}
    return replace(found, holds_items=aws.call(SERVICE, "Scan", first)["Count"] > 0)


def _read_declared_settings(aws: Aws, desired: Table, found: Found) -> Dict[str, Any]:
    """Read the settings that DescribeTable does not return, each by one call, if they are declared."""
    settings: Dict[str, Any] = {"warm_throughput": _declared_warm(desired, found.table)}
    if desired.ttl_attribute is not None:
        settings["ttl_attribute"] = read_ttl_attribute(aws, desired.name)
    if desired.point_in_time_recovery is not None:
        recovery = read_recovery(aws, desired.name)
        days = None if desired.recovery_period_in_days is None else recovery["recovery_period_in_days"]
        settings.update({**recovery, "recovery_period_in_days": days})
    if desired.encryption_key is not None:
        settings["encryption_key"] = key_as_declared(
            aws, desired.encryption_key, found.table.encryption_key or AWS_OWNED
        )
    if desired.tags is not None:
        tags = read_tags(aws, found.arn)
        settings.update(tags=without_mark(tags), owner=owner(tags))
    return settings


def _declared_warm(desired: Table, current: Table) -> Optional[Dict[str, int]]:
    """Return the declared ones of the current warm throughputs; AWS has all of them for every table."""
    if desired.warm_throughput is None:
        return None
    return {word: value for word, value in (current.warm_throughput or {}).items() if word in desired.warm_throughput}


def read_ttl_attribute(aws: Aws, name: str) -> str:
    """Return the attribute with the time at which an item of a table expires; empty if items do not expire."""
    ttl = aws.call(SERVICE, "DescribeTimeToLive", {"TableName": name})["TimeToLiveDescription"]
    return str(ttl["AttributeName"]) if ttl["TimeToLiveStatus"].startswith("ENABL") else ""


def read_recovery(aws: Aws, name: str) -> Dict[str, Any]:
    """Return the point-in-time recovery of a table as settings. The days are None if it is disabled."""
    backups = aws.call(SERVICE, "DescribeContinuousBackups", {"TableName": name})["ContinuousBackupsDescription"]
    description: Wire = backups.get("PointInTimeRecoveryDescription", {})
    enabled = description.get("PointInTimeRecoveryStatus") == "ENABLED"
    days = description.get("RecoveryPeriodInDays", LONGEST_RECOVERY) if enabled else None
    return {"point_in_time_recovery": enabled, "recovery_period_in_days": days}


def key_as_declared(aws: Aws, declared: str, arn: str) -> str:
    """Return the declared name of the table's key if it names the key with this ARN; else `arn` or `AWS_OWNED`.

    DescribeTable returns only the ARN of the key. For an alias, that of AWS's managed key too, KMS returns the key.
    """
    name = _MANAGED_ALIAS if declared == AWS_MANAGED else declared
    if arn == AWS_OWNED or declared == AWS_OWNED:
        return arn
    if name == arn or arn.endswith((f":{name}", f"/{name}")):
        return declared
    if "alias/" not in name:
        return arn
    key = aws.find("kms", "DescribeKey", {"KeyId": name}, absent="NotFoundException")
    return declared if key and key["KeyMetadata"]["Arn"] == arn else arn


_MANAGED_ALIAS = "alias/aws/dynamodb"


def read_tags(aws: Aws, arn: str) -> Dict[str, str]:
    """Return all tags of a table, our mark among them, page by page."""
    tags: Dict[str, str] = {}
    page = {"ResourceArn": arn}
    while True:
        response = aws.call(SERVICE, "ListTagsOfResource", page)
        tags.update(boto3_tag_list_to_ansible_dict(response["Tags"]))
        if not response.get("NextToken"):
            return tags
        page["NextToken"] = response["NextToken"]


def _create(params: Params, desired: Table, deleting: Optional[Found]) -> Planned:
    raise_errors(_title(params), creation_errors(desired))
    desired = replace(desired, owner=owner(mark(params.get("owner") or desired.name)))
    plan = [*([gone(desired.name)] if deleting else []), *creation(desired)]
    plan = paced(plan, params["wait"], params["wait_timeout"])
    created = state_after(desired, _new(desired), params["purge_tags"])
    status = "ACTIVE" if params["wait"] else "CREATING"
    return Planned(
        plan,
        _values(created, Ref(table_arn(desired.name)), status, []),
        [Diff({}, readable(created), _heading(desired.name))],
    )


def _change(params: Params, desired: Table, found: Found) -> Planned:
    desired, kept = _keeping(desired, found.table, params["purge_indexes"])
    raise_errors(_title(params), change_errors(desired, found.table))
    plan = paced(changes(desired, found, params["purge_tags"]), params["wait"], params["wait_timeout"])
    after = state_after(desired, found.table, params["purge_tags"])
    diff = Diff(readable(found.table), readable(after), _heading(desired.name))
    values = _values(after, found.arn, _status_after(plan, found, params["wait"]), kept)
    return Planned(plan, values, [diff])


def _keeping(desired: Table, current: Table, purge: bool) -> Tuple[Table, List[str]]:
    """Return the desired table with the undeclared indexes that stay for now, and the names of these."""
    if purge or desired.indexes is None:
        return desired, []
    declared = {index.name for index in desired.indexes}
    kept = tuple(index for index in current.indexes or () if index.name not in declared)
    types = {name: current.key_types[name] for index in kept for name, _kind in index.keys}
    indexes = tuple(sorted((*desired.indexes, *kept), key=lambda index: index.name))
    return replace(desired, indexes=indexes, key_types={**types, **desired.key_types}), [index.name for index in kept]


def _status_after(plan: List[Action], found: Found, wait: bool) -> str:
    if not plan:
        return found.status
    return "ACTIVE" if wait or "dynamodb:UpdateTable" not in calls(plan) else "UPDATING"


def _new(desired: Table) -> Table:
    """Return a new table with DynamoDB's defaults."""
    return Table(
        name=desired.name,
        keys=desired.keys,
        key_types=desired.key_types,
        indexes=(),
        local_indexes=(),
        billing_mode="PAY_PER_REQUEST",
        table_class="STANDARD",
        deletion_protection=False,
        stream_view_type=NO_STREAM,
        encryption_key=AWS_OWNED,
    )


_SETTINGS = (
    "indexes",
    "local_indexes",
    "billing_mode",
    "read_capacity",
    "write_capacity",
    "table_class",
    "deletion_protection",
    "stream_view_type",
    "ttl_attribute",
    "point_in_time_recovery",
    "recovery_period_in_days",
    "encryption_key",
)


def state_after(desired: Table, current: Table, purge_tags: bool) -> Table:
    """Return the table after the plan: as declared, otherwise unchanged."""
    declared = {name: getattr(desired, name) for name in _SETTINGS if getattr(desired, name) is not None}
    if desired.billing_mode == "PAY_PER_REQUEST":
        declared.update(read_capacity=None, write_capacity=None)
    if desired.point_in_time_recovery is False:
        declared["recovery_period_in_days"] = None
    declared["on_demand_throughput"] = maximums_after(desired, current)
    if desired.warm_throughput is not None:
        declared["warm_throughput"] = warm_after(desired, current)
    if desired.tags is not None:
        declared["tags"] = tags_after(desired.tags, current.tags or {}, purge_tags)
    after = replace(current, **declared)
    types = {**current.key_types, **desired.key_types}
    schemas = [after.keys, *(index.keys for index in (*(after.indexes or ()), *(after.local_indexes or ())))]
    return replace(after, key_types={name: types[name] for keys in schemas for name, _kind in keys})


def _values(table: Table, arn: Union[str, Ref], status: str, kept_indexes: List[str]) -> Dict[str, Any]:
    schema = [{"attribute_name": name, "key_type": kind} for name, kind in table.keys]
    return {**readable(table), "key_schema": schema, "arn": arn, "status": status, "kept_indexes": kept_indexes}


def _absent(params: Params, found: Optional[Found]) -> Planned:
    name = params["name"]
    if found is None:
        return Planned([], {"name": name})
    raise_errors(_title(params), deletion_errors(found))
    plan = paced(removal(name, found.status), params["wait"], params["wait_timeout"])
    return Planned(plan, {"name": name, "arn": found.arn}, [Diff(readable(found.table), {}, _heading(name))])


def _title(params: Params) -> str:
    return f'table "{params["name"]}"'


def _heading(name: str) -> str:
    return f"table {name}"
