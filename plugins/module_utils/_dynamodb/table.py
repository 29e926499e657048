# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A DynamoDB table, converged in place. What would need a new table is refused: a table with data is never replaced."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Dict, List, Optional, Sequence, Tuple, Union

from ansible_collections.amazon.aws.plugins.module_utils.tagging import boto3_tag_list_to_ansible_dict

from .._engine.client import Aws, Wire
from .._engine.errors import AwsError, raise_errors
from .._engine.ownership import mark, owner, without_mark
from .._engine.plan import Action, Ref, calls, execute
from .._engine.resource import Diff, Params, Planned, takeover
from .._engine.tags import tags_after
from .table_changes import (
    ABSENT,
    SERVICE,
    change_refusals,
    changes,
    check_refusals,
    creation,
    creation_refusals,
    gone,
    marking,
    maximums_after,
    paced,
    removal,
    removal_refusals,
    settled,
    table_arn,
    warm_after,
)
from .table_declared import declared_table
from .table_model import AWS_MANAGED, AWS_OWNED, LONGEST_RECOVERY, NO_STREAM, Found, Table, found_table, readable


def planned(aws: Aws, params: Params) -> Planned:
    """What brings the table to its declared state, or takes it away."""
    found = read(aws, params)
    wanted = plan(params, found)
    if params["state"] == "absent" or found is None or not calls(wanted.plan) or found.status == "DELETING":
        return wanted
    return adopted(aws, params, found, wanted, wanted.diffs)


def adopted(aws: Aws, params: Params, found: Found, wanted: Planned, diffs: Sequence[Diff]) -> Planned:
    """Return the plan with the mark of an adopted table, where it changes a table that somebody else created.

    `diffs` are what the run changes on the table, its items included. Only a plan that changes a table needs to know
    who created it, so the tags are read here, unless they were read as declared ones.
    """
    its_owner = found.table.owner
    if its_owner is None:
        its_owner = owner(read_tags(aws, found.arn))
    if its_owner:
        return wanted
    marked = [*wanted.plan, marking(found.arn, params.get("owner") or params["name"])]
    return replace(wanted, plan=marked, takeovers=[takeover(_title(params), diffs)])


def adopted_for_items(aws: Aws, params: Params, wanted: Planned, items: Sequence[Diff]) -> Planned:
    """Return the plan of a table that gets `items`, with the mark where somebody else created the table."""
    if calls(wanted.plan):  # a new table, or one whose owner is known
        known = [replace(one, changes=[*one.changes, *takeover("", items).changes]) for one in wanted.takeovers]
        return replace(wanted, takeovers=known)
    arn = wanted.values["arn"]
    if owner(read_tags(aws, arn)):
        return wanted
    step = marking(arn, params.get("owner") or params["name"])
    return replace(wanted, plan=[*wanted.plan, step], takeovers=[takeover(_title(params), items)])


def checked(aws: Aws, params: Params) -> Planned:
    """Return no plan, and the values of a table that others manage, which is compared with the declaration.

    Raises `AwsError` where the table is missing, or lacks a declared key or index.
    """
    want, mistakes = declared_table(params)
    raise_errors(_title(params), mistakes)
    found = _describe(aws, want.name)
    if found is None or found.status in ("CREATING", "DELETING"):
        state = f"is {found.status} on AWS" if found else f"does not exist in {aws.region()}"
        raise AwsError(
            f"{_title(params)}: it {state}, and is declared with managed: false. Correct its name or the Region, run "
            "again when it is ACTIVE, or leave out `managed` to have it created."
        )
    raise_errors(_title(params), check_refusals(want, found.table))
    kept: List[str] = []
    return Planned([], _values(found.table, found.arn, found.status, kept))


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
    raise_errors(_title(params), mistakes)
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
        tags = read_tags(aws, found.arn)
        further.update(tags=without_mark(tags), owner=owner(tags))
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


def read_tags(aws: Aws, arn: str) -> Dict[str, str]:
    """Return all tags of a table, our mark among them, page by page."""
    tags: Dict[str, str] = {}
    page = {"ResourceArn": arn}
    while True:
        answer = aws.call(SERVICE, "ListTagsOfResource", page)
        tags.update(boto3_tag_list_to_ansible_dict(answer["Tags"]))
        if not answer.get("NextToken"):
            return tags
        page["NextToken"] = answer["NextToken"]


def _create(params: Params, want: Table, leaving: Optional[Found]) -> Planned:
    raise_errors(_title(params), creation_refusals(want))
    want = replace(want, owner=owner(mark(params.get("owner") or want.name)))
    plan = [*([gone(want.name)] if leaving else []), *creation(want)]
    plan = paced(plan, params["wait"], params["wait_timeout"])
    made = state_after(want, _new(want), params["purge_tags"])
    status = "ACTIVE" if params["wait"] else "CREATING"
    return Planned(
        plan, _values(made, Ref(table_arn(want.name)), status, []), [Diff({}, readable(made), _heading(want.name))]
    )


def _change(params: Params, want: Table, found: Found) -> Planned:
    want, kept = _keeping(want, found.table, params["purge_indexes"])
    raise_errors(_title(params), change_refusals(want, found.table))
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
    raise_errors(_title(params), removal_refusals(found))
    plan = paced(removal(name, found.status), params["wait"], params["wait_timeout"])
    return Planned(plan, {"name": name, "arn": found.arn}, [Diff(readable(found.table), {}, _heading(name))])


def _title(params: Params) -> str:
    return f'table "{params["name"]}"'


def _heading(name: str) -> str:
    return f"table {name}"
