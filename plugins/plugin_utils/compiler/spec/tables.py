# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Tables as the routes need them: names, keys, attribute types and indexes, checked by the rules of DynamoDB."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ansible_collections.codeless.apigateway.plugins.module_utils._dynamodb.attribute_types import (
    KEY_TYPES,
    TABLE_OR_INDEX_NAME,
    TYPES,
)

from .entry import Entry, describe
from .errors import suggestion

TABLE_OPTIONS = (
    "name",
    "hash_key",
    "range_key",
    "attributes",
    "indexes",
    "local_indexes",
    "version_attribute",
    "ttl_attribute",
    "crud",
)
TABLE_MODULE_OPTIONS = (
    "billing_mode",
    "deletion_protection",
    "encryption_key",
    "items_mode",
    "managed",
    "on_demand_throughput",
    "point_in_time_recovery",
    "purge_indexes",
    "purge_tags",
    "read_capacity",
    "recovery_period_in_days",
    "stream_view_type",
    "table_class",
    "tags",
    "warm_throughput",
    "write_capacity",
)
"""Options of a table for `dynamodb_table` and `service_proxy`, which the compiler does not read."""

OTHER_NAMES = {
    "global_indexes": "indexes",
    "global_secondary_indexes": "indexes",
    "local_secondary_indexes": "local_indexes",
    "partition_key": "hash_key",
    "sort_key": "range_key",
    "table_name": "name",
    "ttl": "ttl_attribute",
}
"""Names of options in AWS or other tools."""

INDEX_OPTIONS = ("name", "hash_key", "range_key", "projection")
LOCAL_INDEX_OPTIONS = ("name", "range_key", "projection")

_KEY_NAME_BYTES = 255


@dataclass(frozen=True)
class KeyAttribute:
    """An attribute of a key or a condition. A `date` has the type N, but callers see it as a date."""

    name: str
    type: str
    date: bool = False

    @property
    def kind(self) -> str:
        """Return what callers send: "date", or a value of its type."""
        return "date" if self.date else self.type


@dataclass(frozen=True)
class Index:
    """A secondary index. A global index has no consistent reads."""

    name: str
    hash_key: KeyAttribute
    range_key: KeyAttribute | None
    is_global: bool


@dataclass(frozen=True)
class Table:
    """A table: its key, the types of its declared attributes by name, and its indexes by name.

    `version` is the attribute that counts the changes of an item, `ttl` the one that callers see as a date; or empty.
    """

    name: str
    hash_key: KeyAttribute
    range_key: KeyAttribute | None
    attributes: Mapping[str, str]
    indexes: Mapping[str, Index]
    version: str
    ttl: str

    @property
    def key_names(self) -> tuple[str, ...]:
        """Return the names of the key attributes."""
        return tuple(key.name for key in (self.hash_key, self.range_key) if key)

    def attribute(self, name: str) -> KeyAttribute:
        """Return a declared attribute with its type."""
        return KeyAttribute(name, self.attributes[name], date=name == self.ttl)


def parse_tables(spec: Entry) -> dict[str, Table | None]:
    """Return the tables by name. A table with errors is None, so that its routes get no further errors."""
    tables: dict[str, Table | None] = {}
    if not spec.options.get("tables"):
        spec.add_error("there are no tables", "write tables: [{name: orders, hash_key: id, attributes: {id: S}}]")
    for entry in spec.entries("tables", "name"):
        name = entry.required_text("name", "orders")
        if name in tables:
            entry.add_error(f"table {name!r} is listed twice", "write one entry for each table")
        tables[name or entry.where] = _parse_table(entry, name)
    return tables


def _parse_table(entry: Entry, name: str | None) -> Table | None:
    entry.reject_unknown(TABLE_OPTIONS + TABLE_MODULE_OPTIONS, OTHER_NAMES)
    _check_name(entry, name, "table")
    before = len(entry.collector.errors)  # the errors above do not prevent checking the routes of this table
    attributes = _parse_attributes(entry)
    hash_key = _parse_key(entry, "hash_key", attributes, required=True)
    range_key = _parse_key(entry, "range_key", attributes)
    _reject_equal_keys(entry, hash_key, range_key)
    keys = [key.name for key in (hash_key, range_key) if key]
    ttl = _parse_ttl(entry, attributes, keys)
    indexes = _parse_indexes(entry, attributes, hash_key, ttl)
    version = _parse_version(entry, attributes, keys)
    if version and version == ttl:
        entry.add_error(
            f"version_attribute and ttl_attribute are both {ttl!r}", "use another attribute for the version"
        )
    if name is None or hash_key is None or len(entry.collector.errors) > before:
        return None
    return Table(name, hash_key, range_key, attributes, indexes, version, ttl)


def _check_name(entry: Entry, name: str | None, what: str) -> None:
    if name is not None and not TABLE_OR_INDEX_NAME.fullmatch(name):
        entry.add_error(
            f"{name!r} is not a valid {what} name in DynamoDB",
            "write 3 to 255 letters, digits, underscores, hyphens or dots",
        )


def _parse_attributes(entry: Entry) -> dict[str, str]:
    declared = entry.mapping("attributes", "{id: S, total: N}")
    attributes = {name: _declared_type(declaration) for name, declaration in declared.items()}
    for name, kind in attributes.items():
        if kind not in TYPES:
            entry.add_error(f"attribute {name!r} has the unknown type {describe(kind)}", suggestion(kind, TYPES))
        if not name or any(ord(character) < 32 for character in name):
            entry.add_error(f"attribute {name!r} is empty or contains control characters", "write a printable name")
    return attributes


def _declared_type(declaration: Any) -> Any:
    """Return the type in `S` or `{type: S}`. YAML reads an unquoted NULL as null."""
    if isinstance(declaration, dict) and set(declaration) == {"type"}:
        return _declared_type(declaration["type"])
    return "NULL" if declaration is None else declaration


def _parse_key(
    entry: Entry, option: str, attributes: Mapping[str, str], *, required: bool = False, ttl: str = ""
) -> KeyAttribute | None:
    name = entry.required_text(option, "id") if required else entry.text(option)
    if name is None:
        return None
    kind = attributes.get(name)
    if kind is None:
        near = f"{suggestion(name, attributes)}, or " if attributes else ""
        entry.add_error(f"{option} {name!r} is not in attributes", f"{near}add {name}: S to attributes")
        return None
    if kind in TYPES and kind not in KEY_TYPES:
        entry.add_error(f"{option} {name!r} has the type {kind}", "use one of the types of keys: S, N, B")
    if len(name.encode()) > _KEY_NAME_BYTES:
        entry.add_error(f"{option} {name[:40]!r}… is longer than {_KEY_NAME_BYTES} bytes", "write a shorter name")
    return KeyAttribute(name, kind, date=name == ttl)


def _parse_ttl(entry: Entry, attributes: Mapping[str, str], keys: list[str]) -> str:
    """Return the option `ttl_attribute`; empty if it is not set, "" (as in the module), or a key attribute.

    A key attribute remains a number, in paths and in tokens.
    """
    name = entry.text("ttl_attribute") if entry.options.get("ttl_attribute") != "" else None
    if name is None or name in keys:
        return ""
    if attributes.get(name) in TYPES and attributes[name] != "N":
        entry.add_error(
            f"ttl_attribute {name!r} has the type {attributes[name]}",
            "use the type N: DynamoDB stores seconds since 1970",
        )
    return name


def _parse_version(entry: Entry, attributes: Mapping[str, str], keys: list[str]) -> str:
    """Return the option `version_attribute`, a number that is not a key attribute; empty if it is not set."""
    name = entry.text("version_attribute")
    if name is None:
        return ""
    if attributes.get(name) != "N" or name in keys:
        entry.add_error(
            f"version_attribute {name!r} is not an attribute of type N outside the key", f"add {name}: N to attributes"
        )
    return name


def _reject_equal_keys(entry: Entry, hash_key: KeyAttribute | None, range_key: KeyAttribute | None) -> None:
    if hash_key is not None and hash_key == range_key:
        entry.add_error(
            f"hash_key and range_key are both {hash_key.name!r}", "name two different attributes, or remove range_key"
        )


def _parse_indexes(
    table: Entry, attributes: Mapping[str, str], hash_key: KeyAttribute | None, ttl: str
) -> dict[str, Index]:
    """Return the indexes by name. A local index has the hash key of the table."""
    indexes: dict[str, Index] = {}
    for entry in table.entries("indexes", "name"):
        entry.reject_unknown(INDEX_OPTIONS, OTHER_NAMES)
        _check_projection(entry)
        own_hash_key = _parse_key(entry, "hash_key", attributes, required=True, ttl=ttl)
        range_key = _parse_key(entry, "range_key", attributes, ttl=ttl)
        _add_index(indexes, entry, own_hash_key, range_key, is_global=True)
    for entry in table.entries("local_indexes", "name"):
        entry.reject_unknown(LOCAL_INDEX_OPTIONS, OTHER_NAMES)
        _check_projection(entry)
        range_key = _parse_key(entry, "range_key", attributes, required=True, ttl=ttl)
        _add_index(indexes, entry, hash_key, range_key, is_global=False)
    if table.has("local_indexes") and not table.has("range_key"):
        table.add_error("the table has local_indexes, but no range_key", "add a range_key, or write them as indexes")
    return indexes


def _check_projection(index: Entry) -> None:
    given = index.value("projection", "ALL")
    includes = isinstance(given, dict) and set(given) == {"include"} and given["include"]
    if given in ("ALL", "KEYS_ONLY") or (includes and isinstance(includes, list)):
        return
    index.add_error(f"projection is {describe(given)}", "write ALL, KEYS_ONLY, or {include: [names of attributes]}")


def _add_index(
    indexes: dict[str, Index],
    entry: Entry,
    hash_key: KeyAttribute | None,
    range_key: KeyAttribute | None,
    *,
    is_global: bool,
) -> None:
    name = entry.required_text("name", "by_status")
    _check_name(entry, name, "index")
    _reject_equal_keys(entry, hash_key, range_key)
    if name in indexes:
        entry.add_error(f"index {name!r} is listed twice", "give each index of a table its own name")
    if name is not None and hash_key is not None:
        indexes[name] = Index(name, hash_key, range_key, is_global)
