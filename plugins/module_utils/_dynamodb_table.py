# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A DynamoDB table, converged in place. What would need a new table is refused: a table with data is never replaced."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Dict, List, Optional, Tuple, Union

from ansible_collections.amazon.aws.plugins.module_utils.tagging import boto3_tag_list_to_ansible_dict

from ._aws import Aws, Wire, refuse
from ._dynamodb_table_declared import declared_table
from ._dynamodb_table_model import (
    AWS_MANAGED,
    AWS_OWNED,
    LONGEST_RECOVERY,
    NO_STREAM,
    Found,
    Table,
    found_table,
    readable,
)
from ._dynamodb_table_plan import (
    ABSENT,
    SERVICE,
    change_refusals,
    changes,
    creation,
    creation_refusals,
    gone,
    maximums_after,
    paced,
    removal,
    removal_refusals,
    settled,
    table_arn,
    warm_after,
)
from ._plan import Action, Ref, calls, execute
from ._resource import Diff, Params, Planned
from ._tags import tags_after


def planned(aws: Aws, params: Params) -> Planned:
    """What brings the table to its declared state, or takes it away."""
    return plan(params, read(aws, params))


def read(aws: Aws, params: Params) -> Optional[Found]:
    """The table as it is, with those of its settings that are declared; None if there is no such table.

    Raises `AwsError` for mistakes in the declaration, before the first call.
    """
    if params["state"] == "absent":
        return _read_what_goes(aws, params)
    found = look(aws, params)
    if found and found.status == "CREATING":  # by a run that was cut short; till it is made it does not tell the rest
        execute(aws, paced([settled(params["name"])], wait=True, timeout=params["wait_timeout"]))
        found = look(aws, params)
    return found


def look(aws: Aws, params: Params) -> Optional[Found]:
    """The same of a table that is to be there, without waiting for one that is being made: that has no settings yet."""
    want, mistakes = declared_table(params)
    refuse(_title(params), mistakes)
    found = _describe(aws, want.name)
    if found is None or found.status in ("CREATING", "DELETING"):
        return found
    return replace(found, table=replace(found.table, **_further(aws, want, found)))


def plan(params: Params, found: Optional[Found]) -> Planned:
    """What brings the table that `read` found to its declared state, or takes it away."""
    if params["state"] == "absent":
        return _absent(params, found)
    want, _mistakes = declared_table(params)
    if found is None or found.status == "DELETING":
        return _create(params, want, found)
    return _change(params, want, found)


def _describe(aws: Aws, name: str) -> Optional[Found]:
    answer = aws.find(SERVICE, "DescribeTable", {"TableName": name}, absent=ABSENT)
    return found_table(answer["Table"]) if answer else None


def _read_what_goes(aws: Aws, params: Params) -> Optional[Found]:
    """The table, and whether it holds items: DescribeTable's own count can be six hours old, so a scan looks for one.

    With `force` nobody needs to know.
    """
    found = _describe(aws, params["name"])
    if found is None or found.status in ("CREATING", "DELETING") or params["force"]:
        return found
    first = {"TableName": params["name"], "Limit": 1, "Select": "COUNT", "ConsistentRead": True}
    return replace(found, holds_items=aws.call(SERVICE, "Scan", first)["Count"] > 0)


def _further(aws: Aws, want: Table, found: Found) -> Dict[str, Any]:
    """Settings that DescribeTable does not tell: each is one more read, made only where it is declared."""
    name = {"TableName": want.name}
    further: Dict[str, Any] = {"warm_throughput": _declared_warm(want, found.table)}
    if want.ttl_attribute is not None:
        ttl = aws.call(SERVICE, "DescribeTimeToLive", name)["TimeToLiveDescription"]
        further["ttl_attribute"] = ttl["AttributeName"] if ttl["TimeToLiveStatus"].startswith("ENABL") else ""
    if want.point_in_time_recovery is not None:
        backups = aws.call(SERVICE, "DescribeContinuousBackups", name)["ContinuousBackupsDescription"]
        further.update(_recovery(backups.get("PointInTimeRecoveryDescription", {}), want))
    if want.encryption_key is not None:
        further["encryption_key"] = key_as_declared(aws, want.encryption_key, found.table.encryption_key or AWS_OWNED)
    if want.tags is not None:
        further["tags"] = _tags(aws, found.arn)
    return further


def _declared_warm(want: Table, have: Table) -> Optional[Dict[str, int]]:
    """The declared ones of the warm throughputs, which AWS has for every table and raises by itself."""
    if want.warm_throughput is None:
        return None
    return {word: value for word, value in (have.warm_throughput or {}).items() if word in want.warm_throughput}


def _recovery(description: Wire, want: Table) -> Dict[str, Any]:
    """Point-in-time recovery, with its days where they are declared."""
    enabled = description.get("PointInTimeRecoveryStatus") == "ENABLED"
    days = description.get("RecoveryPeriodInDays", LONGEST_RECOVERY) if enabled else None
    return {
        "point_in_time_recovery": enabled,
        "recovery_period_in_days": None if want.recovery_period_in_days is None else days,
    }


def key_as_declared(aws: Aws, declared: str, arn: str) -> str:
    """The table's key in the words of the declaration where these name it; else `arn`, or `AWS_OWNED`, as it is.

    DescribeTable tells the ARN of the key alone. Which key has an alias, that of AWS's managed key too, is asked of
    KMS.
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


def _tags(aws: Aws, arn: str) -> Dict[str, str]:
    tags: Dict[str, str] = {}
    page = {"ResourceArn": arn}
    while True:
        answer = aws.call(SERVICE, "ListTagsOfResource", page)
        tags.update(boto3_tag_list_to_ansible_dict(answer["Tags"]))
        if not answer.get("NextToken"):
            return tags
        page["NextToken"] = answer["NextToken"]


def _create(params: Params, want: Table, leaving: Optional[Found]) -> Planned:
    refuse(_title(params), creation_refusals(want))
    plan = [*([gone(want.name)] if leaving else []), *creation(want)]
    plan = paced(plan, params["wait"], params["wait_timeout"])
    made = state_after(want, _new(want), params["purge_tags"])
    status = "ACTIVE" if params["wait"] else "CREATING"
    return Planned(
        plan, _values(made, Ref(table_arn(want.name)), status, []), [Diff({}, readable(made), _heading(want.name))]
    )


def _change(params: Params, want: Table, found: Found) -> Planned:
    want, kept = _keeping(want, found.table, params["purge_indexes"])
    refuse(_title(params), change_refusals(want, found.table))
    plan = paced(changes(want, found, params["purge_tags"]), params["wait"], params["wait_timeout"])
    after = state_after(want, found.table, params["purge_tags"])
    diff = Diff(readable(found.table), readable(after), _heading(want.name))
    values = _values(after, found.arn, _status_after(plan, found, params["wait"]), kept)
    return Planned(plan, values, [diff])


def _keeping(want: Table, have: Table, purge: bool) -> Tuple[Table, List[str]]:
    """The declared table with the indexes that are not taken away yet, and the names of these."""
    if purge or want.indexes is None:
        return want, []
    declared = {index.name for index in want.indexes}
    kept = tuple(index for index in have.indexes or () if index.name not in declared)
    types = {name: have.key_types[name] for index in kept for name, _kind in index.keys}
    indexes = tuple(sorted((*want.indexes, *kept), key=lambda index: index.name))
    return replace(want, indexes=indexes, key_types={**types, **want.key_types}), [index.name for index in kept]


def _status_after(plan: List[Action], found: Found, wait: bool) -> str:
    if not plan:
        return found.status
    return "ACTIVE" if wait or "dynamodb:UpdateTable" not in calls(plan) else "UPDATING"


def _new(want: Table) -> Table:
    """What a new table has where nothing is declared."""
    return Table(
        name=want.name,
        keys=want.keys,
        key_types=want.key_types,
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


def state_after(want: Table, have: Table, purge_tags: bool) -> Table:
    """The table once the plan is carried out: as declared, and for the rest as it is."""
    declared = {name: getattr(want, name) for name in _SETTINGS if getattr(want, name) is not None}
    if want.billing_mode == "PAY_PER_REQUEST":
        declared.update(read_capacity=None, write_capacity=None)
    if want.point_in_time_recovery is False:
        declared["recovery_period_in_days"] = None
    declared["on_demand_throughput"] = maximums_after(want, have)
    if want.warm_throughput is not None:
        declared["warm_throughput"] = warm_after(want, have)
    if want.tags is not None:
        declared["tags"] = tags_after(want.tags, have.tags or {}, purge_tags)
    after = replace(have, **declared)
    types = {**have.key_types, **want.key_types}
    schemas = [after.keys, *(index.keys for index in (*(after.indexes or ()), *(after.local_indexes or ())))]
    return replace(after, key_types={name: types[name] for keys in schemas for name, _kind in keys})


def _values(table: Table, arn: Union[str, Ref], status: str, kept_indexes: List[str]) -> Dict[str, Any]:
    schema = [{"attribute_name": name, "key_type": kind} for name, kind in table.keys]
    return {**readable(table), "key_schema": schema, "arn": arn, "status": status, "kept_indexes": kept_indexes}


def _absent(params: Params, found: Optional[Found]) -> Planned:
    name = params["name"]
    if found is None:
        return Planned([], {"name": name})
    refuse(_title(params), removal_refusals(found))
    plan = paced(removal(name, found.status), params["wait"], params["wait_timeout"])
    return Planned(plan, {"name": name, "arn": found.arn}, [Diff(readable(found.table), {}, _heading(name))])


def _title(params: Params) -> str:
    return f'table "{params["name"]}"'


def _heading(name: str) -> str:
    return f"table {name}"
