# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A DynamoDB table, converged in place. What would need a new table is refused: a table with data is never replaced."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Dict, List, Optional, Tuple, Union

from ansible_collections.amazon.aws.plugins.module_utils.tagging import boto3_tag_list_to_ansible_dict

from ._aws import Aws, refuse
from ._dynamodb_table_declared import declared_table
from ._dynamodb_table_model import NO_STREAM, Found, Table, found_table, readable
from ._dynamodb_table_plan import (
    ABSENT,
    SERVICE,
    change_refusals,
    changes,
    creation,
    creation_refusals,
    gone,
    paced,
    removal,
    settled,
    table_arn,
)
from ._plan import Action, Ref, calls, execute
from ._resource import Diff, Params, Planned
from ._tags import tags_after


def planned(aws: Aws, params: Params) -> Planned:
    """What brings the table to its declared state, or takes it away."""
    if params["state"] == "absent":
        return _absent(aws, params)
    want, mistakes = declared_table(params)
    refuse(_title(params), mistakes)
    found = read_table(aws, want, params["wait_timeout"])
    if found is None or found.status == "DELETING":
        return _create(params, want, found)
    return _change(params, want, found)


def read_table(aws: Aws, want: Table, patience: float) -> Optional[Found]:
    """The table as it is, with those of its settings that are declared; None if there is no such table.

    A table that is still being made, by a run that was cut short, is waited for: till then it does not tell the rest.
    """
    found = _describe(aws, want.name)
    if found and found.status == "CREATING":
        execute(aws, paced([settled(want.name)], wait=True, timeout=patience))
        found = _describe(aws, want.name)
    if found is None or found.status == "DELETING":
        return found
    return replace(found, table=replace(found.table, **_further(aws, want, found.arn)))


def _describe(aws: Aws, name: str) -> Optional[Found]:
    answer = aws.find(SERVICE, "DescribeTable", {"TableName": name}, absent=ABSENT)
    return found_table(answer["Table"]) if answer else None


def _further(aws: Aws, want: Table, arn: str) -> Dict[str, Any]:
    """Settings that DescribeTable does not tell: each is one more read, made only where it is declared."""
    name = {"TableName": want.name}
    further: Dict[str, Any] = {}
    if want.ttl_attribute is not None:
        ttl = aws.call(SERVICE, "DescribeTimeToLive", name)["TimeToLiveDescription"]
        further["ttl_attribute"] = ttl["AttributeName"] if ttl["TimeToLiveStatus"].startswith("ENABL") else ""
    if want.point_in_time_recovery is not None:
        backups = aws.call(SERVICE, "DescribeContinuousBackups", name)["ContinuousBackupsDescription"]
        status = backups.get("PointInTimeRecoveryDescription", {}).get("PointInTimeRecoveryStatus")
        further["point_in_time_recovery"] = status == "ENABLED"
    if want.tags is not None:
        further["tags"] = _tags(aws, arn)
    return further


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
)


def state_after(want: Table, have: Table, purge_tags: bool) -> Table:
    """The table once the plan is carried out: as declared, and for the rest as it is."""
    declared = {name: getattr(want, name) for name in _SETTINGS if getattr(want, name) is not None}
    if want.billing_mode == "PAY_PER_REQUEST":
        declared.update(read_capacity=None, write_capacity=None)
    if want.tags is not None:
        declared["tags"] = tags_after(want.tags, have.tags or {}, purge_tags)
    after = replace(have, **declared)
    types = {**have.key_types, **want.key_types}
    schemas = [after.keys, *(index.keys for index in (*(after.indexes or ()), *(after.local_indexes or ())))]
    return replace(after, key_types={name: types[name] for keys in schemas for name, _kind in keys})


def _values(table: Table, arn: Union[str, Ref], status: str, kept_indexes: List[str]) -> Dict[str, Any]:
    schema = [{"attribute_name": name, "key_type": kind} for name, kind in table.keys]
    return {**readable(table), "key_schema": schema, "arn": arn, "status": status, "kept_indexes": kept_indexes}


def _absent(aws: Aws, params: Params) -> Planned:
    name = params["name"]
    found = _describe(aws, name)
    if found is None:
        return Planned([], {"name": name})
    refuse(_title(params), _protected(found))
    plan = paced(removal(name, found.status), params["wait"], params["wait_timeout"])
    return Planned(plan, {"name": name, "arn": found.arn}, [Diff(readable(found.table), {}, _heading(name))])


def _protected(found: Found) -> List[str]:
    if not found.table.deletion_protection:
        return []
    return [
        "it is protected against deletion, and was left as it is. To delete it with all its items, first set "
        "deletion_protection: false with state: present."
    ]


def _title(params: Params) -> str:
    return f'table "{params["name"]}"'


def _heading(name: str) -> str:
    return f"table {name}"
