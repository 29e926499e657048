# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A DynamoDB table in one canonical form, whether a user declared it or AWS describes it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Dict, Iterable, List, Mapping, Optional, Tuple

from .._engine.client import Wire

Plain = Dict[str, Any]
Keys = Tuple[Tuple[str, str], ...]
"""A key schema: names of attributes with `HASH` or `RANGE`, hash keys first."""

NO_STREAM = "NONE"

AWS_OWNED = "AWS_OWNED"
"""DynamoDB's default encryption key, which AWS owns and no user sees."""

AWS_MANAGED = "AWS_MANAGED"
"""The key in the user's account that AWS manages for DynamoDB, under the alias `alias/aws/dynamodb`."""

LONGEST_RECOVERY = 35
"""Days of point-in-time recovery: the default and the maximum."""

NO_MAXIMUM = -1
"""DynamoDB's value for an on-demand table without a maximum."""

ON_DEMAND = {"max_read_request_units": "MaxReadRequestUnits", "max_write_request_units": "MaxWriteRequestUnits"}
WARM = {"read_units_per_second": "ReadUnitsPerSecond", "write_units_per_second": "WriteUnitsPerSecond"}
"""The options of `on_demand_throughput` and `warm_throughput`, with DynamoDB's members."""


@dataclass(frozen=True)
class Index:
    """A secondary index. `projection` is ALL, KEYS_ONLY or INCLUDE; `include` are the further attributes, sorted."""

    name: str
    keys: Keys
    projection: str = "ALL"
    include: Tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """A table: the desired one, where None means not managed; or the current one, where None means not read.

    `key_types` are the types of all attributes that are a key of the table or of an index. An empty `ttl_attribute`
    and a `stream_view_type` of NONE mean disabled. `encryption_key` is `AWS_OWNED`, `AWS_MANAGED`, or a key of KMS by
    ARN, id or alias. The throughputs have the options of `ON_DEMAND` and `WARM` as keys. `owner` is the value of the
    tag that marks the table, empty without the tag; `tags` are the other tags.
    """

    name: str
    keys: Keys
    key_types: Mapping[str, str]
    indexes: Optional[Tuple[Index, ...]] = None
    local_indexes: Optional[Tuple[Index, ...]] = None
    billing_mode: Optional[str] = None
    read_capacity: Optional[int] = None
    write_capacity: Optional[int] = None
    table_class: Optional[str] = None
    deletion_protection: Optional[bool] = None
    stream_view_type: Optional[str] = None
    ttl_attribute: Optional[str] = None
    point_in_time_recovery: Optional[bool] = None
    recovery_period_in_days: Optional[int] = None
    encryption_key: Optional[str] = None
    on_demand_throughput: Optional[Mapping[str, int]] = None
    warm_throughput: Optional[Mapping[str, int]] = None
    tags: Optional[Mapping[str, str]] = None
    owner: Optional[str] = None


@dataclass(frozen=True)
class Found:
    """A table that exists on AWS: its state, and whether AWS has finished all earlier changes (`settled`).

    `holds_items` is None if it was not read. `item_count` is AWS's own count, up to six hours old.
    """

    table: Table
    arn: str
    status: str
    settled: bool
    holds_items: Optional[bool] = None
    item_count: int = 0


def found_table(wire: Wire) -> Found:
    """Convert the member `Table` of a DescribeTable response.

    AWS omits defaults: without a billing mode the table is provisioned, without a class it is of the standard class.
    """
    capacity = wire.get("ProvisionedThroughput", {})
    billing_mode = wire.get("BillingModeSummary", {}).get("BillingMode", "PROVISIONED")
    provisioned = billing_mode == "PROVISIONED"
    table = Table(
        name=wire["TableName"],
        keys=_keys(wire["KeySchema"]),
        key_types={item["AttributeName"]: item["AttributeType"] for item in wire["AttributeDefinitions"]},
        indexes=_indexes(_staying(wire.get("GlobalSecondaryIndexes", []))),
        local_indexes=_indexes(wire.get("LocalSecondaryIndexes", [])),
        billing_mode=billing_mode,
        read_capacity=capacity.get("ReadCapacityUnits") if provisioned else None,
        write_capacity=capacity.get("WriteCapacityUnits") if provisioned else None,
        table_class=wire.get("TableClassSummary", {}).get("TableClass", "STANDARD"),
        deletion_protection=wire.get("DeletionProtectionEnabled", False),
        stream_view_type=_stream(wire.get("StreamSpecification") or {}),
        encryption_key=_encryption_key(wire.get("SSEDescription") or {}),
        on_demand_throughput=None if provisioned else _maximums(wire.get("OnDemandThroughput") or {}),
        warm_throughput=_numbers(wire.get("WarmThroughput") or {}, WARM),
    )
    settled = is_settled({"Table": wire})
    return Found(table, wire["TableArn"], wire["TableStatus"], settled, item_count=wire.get("ItemCount", 0))


def is_settled(response: Wire) -> bool:
    """Return whether a DescribeTable response shows a table whose changes and indexes AWS has finished."""
    table = response["Table"]
    states = [table["TableStatus"], (table.get("WarmThroughput") or {}).get("Status", "ACTIVE")]
    states += [index.get("IndexStatus", "ACTIVE") for index in table.get("GlobalSecondaryIndexes", [])]
    encrypting = (table.get("SSEDescription") or {}).get("Status") in ("ENABLING", "UPDATING", "DISABLING")
    return set(states) == {"ACTIVE"} and not encrypting


def _staying(indexes: Iterable[Wire]) -> List[Wire]:
    return [index for index in indexes if index.get("IndexStatus") != "DELETING"]


def _indexes(wire: Iterable[Wire]) -> Tuple[Index, ...]:
    found = [
        Index(
            name=index["IndexName"],
            keys=_keys(index["KeySchema"]),
            projection=index["Projection"]["ProjectionType"],
            include=tuple(sorted(index["Projection"].get("NonKeyAttributes", []))),
        )
        for index in wire
    ]
    return tuple(sorted(found, key=lambda index: index.name))


def _keys(schema: Iterable[Mapping[str, str]]) -> Keys:
    pairs = [(element["AttributeName"], element["KeyType"]) for element in schema]
    return tuple(sorted(pairs, key=lambda pair: pair[1]))  # HASH before RANGE; the order within each counts


def _stream(specification: Wire) -> str:
    return str(specification["StreamViewType"]) if specification.get("StreamEnabled") else NO_STREAM


def _encryption_key(description: Wire) -> str:
    """Return the ARN of the table's KMS key, or `AWS_OWNED` if AWS omits the description."""
    if description.get("Status", "DISABLED") in ("DISABLED", "DISABLING"):
        return AWS_OWNED
    return str(description.get("KMSMasterKeyArn", AWS_OWNED))


def _maximums(throughput: Wire) -> Dict[str, int]:
    return {**dict.fromkeys(ON_DEMAND, NO_MAXIMUM), **_numbers(throughput, ON_DEMAND)}


def _numbers(throughput: Wire, members: Mapping[str, str]) -> Dict[str, int]:
    return {word: int(throughput[member]) for word, member in members.items() if member in throughput}


def readable(table: Table) -> Plain:
    """Return the table as options of the module, without those that are not managed or not read."""
    named = {
        "billing_mode": table.billing_mode,
        "read_capacity": table.read_capacity,
        "write_capacity": table.write_capacity,
        "table_class": table.table_class,
        "deletion_protection": table.deletion_protection,
        "stream_view_type": table.stream_view_type,
        "ttl_attribute": table.ttl_attribute,
        "point_in_time_recovery": table.point_in_time_recovery,
        "recovery_period_in_days": table.recovery_period_in_days,
        "encryption_key": table.encryption_key,
        "on_demand_throughput": _bounds(table.on_demand_throughput or {}),
        "warm_throughput": _copied(table.warm_throughput),
        "tags": _copied(table.tags),
    }
    return {
        "name": table.name,
        **readable_keys(table.keys),
        "attributes": dict(table.key_types),
        "indexes": [_readable_index(index) for index in table.indexes or ()],
        "local_indexes": [_readable_index(index) for index in table.local_indexes or ()],
        **{name: value for name, value in named.items() if value is not None},
    }


def _copied(values: Optional[Mapping[str, Any]]) -> Optional[Plain]:
    return None if values is None else dict(values)


def _bounds(maximums: Mapping[str, int]) -> Optional[Dict[str, int]]:
    """Return the maximums that are set; None if none is."""
    return {word: value for word, value in maximums.items() if value != NO_MAXIMUM} or None


def readable_keys(keys: Keys) -> Dict[str, str]:
    """Return `{"hash_key": …, "range_key": …}`; an index can have several attributes in each."""
    members = {"hash_key": "HASH", "range_key": "RANGE"}
    joined = {word: ", ".join(name for name, kind in keys if kind == role) for word, role in members.items()}
    return {word: names for word, names in joined.items() if names}


def _readable_index(index: Index) -> Plain:
    projection = {"include": list(index.include)} if index.projection == "INCLUDE" else index.projection
    return {"name": index.name, **readable_keys(index.keys), "projection": projection}
