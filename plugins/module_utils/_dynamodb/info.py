# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Existing DynamoDB tables, with their settings as options of the module dynamodb_table."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any, Dict, Optional

from .._engine.client import Aws
from .._engine.ownership import is_created, owner, without_mark
from .._engine.resource import Params, Planned
from .._engine.threads import run_in_parallel
from .table import read_recovery, read_tags, read_ttl_attribute
from .table_changes import ABSENT, SERVICE
from .table_model import Table, found_table, readable


def planned(aws: Aws, params: Params) -> Planned:
    """Return the tables with the names that exist, in the order of the names, and an empty plan."""
    aws.client(SERVICE)  # made here, because a client made in a thread delays the other threads
    names = dict.fromkeys(params["names"])
    found = run_in_parallel([partial(_read, aws, name) for name in names])
    return Planned([], {"tables": [table for table in found if table]})


def _read(aws: Aws, name: str) -> Optional[Dict[str, Any]]:
    """Return a table; None if it does not exist. DynamoDB has no further settings of a table in creation."""
    response = aws.find(SERVICE, "DescribeTable", {"TableName": name}, absent=ABSENT)
    if response is None:
        return None
    wire, found = response["Table"], found_table(response["Table"])
    table, tags = found.table, {}
    if found.status not in ("CREATING", "DELETING"):
        ttl_attribute, recovery, tags = run_in_parallel(
            [
                partial(read_ttl_attribute, aws, name),
                partial(read_recovery, aws, name),
                partial(read_tags, aws, found.arn),
            ]
        )
        table = replace(table, ttl_attribute=ttl_attribute, **recovery, tags=without_mark(tags))
    return {
        "name": name,
        "arn": found.arn,
        "status": found.status,
        "item_count": found.item_count,
        "size_bytes": wire.get("TableSizeBytes", 0),
        "mark": owner(tags),
        "created_by_collection": is_created(owner(tags)),
        "warm_throughput": dict(table.warm_throughput or {}),
        "options": _options(table),
    }


def _options(table: Table) -> Dict[str, Any]:
    """Return the options of dynamodb_table that declare the table as it is.

    The warm throughput is not among them: AWS raises it with the traffic, and another table would pay for it.
    """
    options = readable(replace(table, warm_throughput=None))
    local = [{name: value for name, value in index.items() if name != "hash_key"} for index in options["local_indexes"]]
    return {**options, "local_indexes": local}
