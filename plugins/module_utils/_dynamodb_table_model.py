# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A DynamoDB table in one canonical form, whether a user declared it or AWS describes it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Dict, Iterable, List, Mapping, Optional, Tuple

from ._aws import Wire

Plain = Dict[str, Any]
Keys = Tuple[Tuple[str, str], ...]
"""A key schema: names of attributes with `HASH` or `RANGE`, hash keys first."""

NO_STREAM = "NONE"
KEY_TYPES = ("S", "N", "B")


@dataclass(frozen=True)
class Index:
    """A secondary index. `projection` is ALL, KEYS_ONLY or INCLUDE; `include` are the further attributes, sorted."""

    name: str
    keys: Keys
    projection: str = "ALL"
    include: Tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """A table: as declared, where None means not managed; or as it is, where None means not read.

    `key_types` are the types of all attributes that are a key of the table or of an index. An empty `ttl_attribute`
    and a `stream_view_type` of NONE mean that nothing is to be (or is) switched on.
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
    tags: Optional[Mapping[str, str]] = None


@dataclass(frozen=True)
class Found:
    """A table that is on AWS: its state, and whether AWS is done with all that was asked of it before."""

    table: Table
    arn: str
    status: str
    settled: bool


def found_table(wire: Wire) -> Found:
    """What DescribeTable's member `Table` says.

    AWS leaves out what is at its default: no billing mode means provisioned, no class the standard one.
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
    )
    return Found(table, wire["TableArn"], wire["TableStatus"], is_settled({"Table": wire}))


def is_settled(answer: Wire) -> bool:
    """Whether DescribeTable's answer shows a table that is ready, with all its indexes filled."""
    table = answer["Table"]
    indexes = table.get("GlobalSecondaryIndexes", [])
    return table["TableStatus"] == "ACTIVE" and all(index.get("IndexStatus", "ACTIVE") == "ACTIVE" for index in indexes)


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


def readable(table: Table) -> Plain:
    """The table in the words of the module's options, without what is not managed or not read."""
    named = {
        "billing_mode": table.billing_mode,
        "read_capacity": table.read_capacity,
        "write_capacity": table.write_capacity,
        "table_class": table.table_class,
        "deletion_protection": table.deletion_protection,
        "stream_view_type": table.stream_view_type,
        "ttl_attribute": table.ttl_attribute,
        "point_in_time_recovery": table.point_in_time_recovery,
        "tags": None if table.tags is None else dict(table.tags),
    }
    return {
        "name": table.name,
        **readable_keys(table.keys),
        "attributes": dict(table.key_types),
        "indexes": [_readable_index(index) for index in table.indexes or ()],
        "local_indexes": [_readable_index(index) for index in table.local_indexes or ()],
        **{name: value for name, value in named.items() if value is not None},
    }


def readable_keys(keys: Keys) -> Dict[str, str]:
    """`{"hash_key": …, "range_key": …}`; an index can have several attributes in each."""
    words = {"hash_key": "HASH", "range_key": "RANGE"}
    joined = {word: ", ".join(name for name, kind in keys if kind == role) for word, role in words.items()}
    return {word: names for word, names in joined.items() if names}


def _readable_index(index: Index) -> Plain:
    projection = {"include": list(index.include)} if index.projection == "INCLUDE" else index.projection
    return {"name": index.name, **readable_keys(index.keys), "projection": projection}
