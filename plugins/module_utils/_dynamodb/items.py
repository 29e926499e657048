# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Declared items of a DynamoDB table; the other items of the table are not read.

An existing item is live data: in the mode `create`, the default, only missing items are written, each on the condition
that no item has its key by then.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Callable, Dict, Iterable, Iterator, List, Mapping, Optional, Sequence, Tuple

from .._engine.client import Aws, Wire
from .._engine.errors import AwsError, raise_errors
from .._engine.plan import Action, Step, in_parallel, messages_by_code
from .._engine.resource import Diff, Params, Planned
from .attribute_types import KEY_TYPES
from .table_declared import declared_types
from .typed_json import TypedItem, from_typed_item, from_wire, to_typed_item, to_wire

_SERVICE = "dynamodb"
_ABSENT = "ResourceNotFoundException"
_READ_AT_ONCE = 100  # the most that one BatchGetItem takes
_WRITTEN_AT_ONCE = 25  # the most that one BatchWriteItem takes
_THREADS = 4

CREATE, OVERWRITE = "create", "overwrite"
ITEMS_MODE: Dict[str, Any] = {"type": "str", "choices": [CREATE, OVERWRITE]}
"""The option `items_mode` of all modules that write items."""

KeyValue = Tuple[Tuple[str, str, str], ...]
"""The key of an item, as name, type and value of each attribute: `(("id", "S", "x"), ("range", "N", "1"))`."""


@dataclass(frozen=True)
class Schema:
    """The key attributes of a table, and the types of the key attributes of the table and its indexes.

    Both are empty if they are not declared and the table does not exist.
    """

    keys: Tuple[str, ...]
    types: Mapping[str, str]


@dataclass(frozen=True)
class Change:
    """One item before and after; None for an item that does not exist."""

    key: KeyValue
    before: Optional[TypedItem]
    after: Optional[TypedItem]


def planned(aws: Aws, params: Params) -> Planned:
    """Return the plan that writes the items, or deletes them.

    The same run may create the table, so a missing table is an error only when the plan writes.
    """
    title = f'items of table "{params["table"]}"'
    found = _schema(aws, params)
    schema = found or Schema((), {})
    items, errors = declared_items(params, schema)
    raise_errors(title, errors)
    current = read_items(aws, params["table"], schema.keys, items) if found else None
    changes = item_changes(items, current or {}, schema.keys, params["state"])
    kept: List[Change] = []
    if params["state"] == "present" and params["items_mode"] == CREATE:
        kept = [change for change in changes if change.before is not None]
        changes = [change for change in changes if change.before is None]
        plan = creation_plan(params["table"], changes)
    else:
        plan = write_plan(params["table"], changes)
    values = {
        "table": params["table"],
        "counts": {**_counts(changes, len(items) - len(kept)), "kept": len(kept)},
        "kept_items": [_named(change.key) for change in kept],
    }
    return Planned(plan, values, [_diff(params["table"], change) for change in changes])


def _schema(aws: Aws, params: Params) -> Optional[Schema]:
    """Return the declared keys, or those of the table; None if the table does not exist."""
    if params.get("hash_key"):
        return Schema(tuple(name for name in (params["hash_key"], params.get("range_key")) if name), {})
    response = aws.find(_SERVICE, "DescribeTable", {"TableName": params["table"]}, absent=_ABSENT)
    return schema_of(response["Table"]) if response else None


def schema_of(wire: Wire) -> Schema:
    """Return the schema from the member `Table` of a DescribeTable response, whose first key is the hash key."""
    types = {item["AttributeName"]: item["AttributeType"] for item in wire["AttributeDefinitions"]}
    return Schema(tuple(element["AttributeName"] for element in wire["KeySchema"]), types)


def declared_items(params: Params, schema: Schema) -> Tuple[List[TypedItem], List[str]]:
    """Return the items as typed JSON, and all errors in them. The items are valid only without errors."""
    errors: List[str] = []
    types = declared_types(params.get("attributes") or {}, errors)
    errors += [
        f'attributes: "{name}" is declared {types[name]}, and is a key with the type {existing} in the table'
        for name, existing in schema.types.items()
        if types.get(name, existing) != existing
    ]
    items = []
    for position, plain in enumerate(params["items"]):
        wrong: List[str] = []
        item = to_typed_item(
            _declared_part(plain, params, schema), {**types, **schema.types}, wrong, f"items[{position}]"
        )
        errors += wrong or _key_errors(item, schema, f"items[{position}]")
        items.append(item)
    return items, errors + _same_keys(items, schema.keys)


def _declared_part(plain: Mapping[str, Any], params: Params, schema: Schema) -> Mapping[str, Any]:
    """Return the item, or only its key if the item is to be deleted."""
    if params["state"] == "present" or not schema.keys:
        return plain
    return {name: plain[name] for name in schema.keys if name in plain}


def _key_errors(item: TypedItem, schema: Schema, place: str) -> List[str]:
    errors = [f'{place}: "{name}" is missing, which is a key of the table' for name in schema.keys if name not in item]
    for name in dict.fromkeys((*schema.keys, *schema.types)):
        if name not in item:
            continue
        ((type_name, value),) = item[name].items()
        if type_name not in KEY_TYPES:
            errors.append(f"{place}.{name}: a key is S, N or B, and this is {type_name}; name its type in attributes")
        elif not value:
            errors.append(f"{place}.{name}: a key cannot be empty")
    return errors


def _same_keys(items: Sequence[TypedItem], keys: Tuple[str, ...]) -> List[str]:
    errors = []
    first: Dict[KeyValue, int] = {}
    for position, item in enumerate(items):
        if keys and all(name in item for name in keys):
            key = key_of(item, keys)
            if first.setdefault(key, position) != position:
                errors.append(f"items[{first[key]}] and items[{position}] have one key ({_named(key)})")
    return errors


def key_of(item: TypedItem, keys: Iterable[str]) -> KeyValue:
    """Return the key of an item, from the ordered names of the key attributes."""
    return tuple((name, kind, value) for name in keys for kind, value in item[name].items())


def _named(key: KeyValue) -> str:
    return ", ".join(f"{name}={value}" for name, _kind, value in key)


def read_items(
    aws: Aws, table: str, keys: Tuple[str, ...], items: Sequence[TypedItem]
) -> Optional[Dict[KeyValue, TypedItem]]:
    """Return the current state of those items that exist, by key; None if the table does not exist."""
    current: Dict[KeyValue, TypedItem] = {}
    for batch in _batches(items, _READ_AT_ONCE):
        wanted = [to_wire({name: item[name] for name in keys}) for item in batch]
        request = {"RequestItems": {table: {"Keys": wanted, "ConsistentRead": True}}}
        try:
            responses = aws.drain(_SERVICE, "BatchGetItem", request, unread)
        except AwsError as error:
            if error.code == _ABSENT:
                return None
            raise
        found = (from_wire(wire) for response in responses for wire in response["Responses"].get(table, []))
        current.update({key_of(item, keys): item for item in found})
    return current


def unread(response: Wire) -> Dict[str, Any]:
    """Return the parameters of the next BatchGetItem for the keys that AWS did not process; empty if there are none."""
    left = response.get("UnprocessedKeys")
    return {"RequestItems": left} if left else {}


def unwritten(response: Wire) -> Dict[str, Any]:
    """Return the parameters of the next BatchWriteItem for the items that AWS did not process; empty if none."""
    left = response.get("UnprocessedItems")
    return {"RequestItems": left} if left else {}


def item_changes(
    items: Sequence[TypedItem], current: Mapping[KeyValue, TypedItem], keys: Tuple[str, ...], state: str
) -> List[Change]:
    """Return the items to write or to delete. An equal existing item is neither."""
    changes = []
    for item in items:
        key = key_of(item, keys)
        after = item if state == "present" else None
        if current.get(key) != after:
            changes.append(Change(key, current.get(key), after))
    return changes


def creation_plan(table: str, changes: Sequence[Change]) -> List[Action]:
    """Return the plan that puts missing items. An item that exists by the time of the call is not changed.

    BatchWriteItem has no conditions. TransactWriteItems has, but one existing item cancels the whole transaction,
    each write costs twice the capacity, and a table with little capacity never accepts a large transaction. So each
    item is one PutItem, which AWS throttles and `Aws.call` repeats one by one.
    """
    puts: List[Action] = [_put_if_missing(table, change) for change in changes]
    return in_parallel([puts[start::_THREADS] for start in range(min(_THREADS, len(puts)))])


def _put_if_missing(table: str, change: Change) -> Step:
    item = change.after or {}
    # Every item has the hash key; if that is not known, it is one of these attributes.
    names = {f"#n{number}": name for number, name in enumerate([change.key[0][0]] if change.key else item)}
    arguments = {
        "TableName": table,
        "Item": to_wire(item),
        "ConditionExpression": " AND ".join(f"attribute_not_exists({name})" for name in names),
        "ExpressionAttributeNames": names,
    }
    exists = "ConditionalCheckFailedException"
    return Step(_SERVICE, "PutItem", arguments, done_if=(exists,), explain=_without_table(table))


def _without_table(table: str) -> Callable[[AwsError], Optional[str]]:
    advice = "the table does not exist. Create it first, with codeless.apigateway.dynamodb_table."
    return messages_by_code({_ABSENT: f'items of table "{table}": {advice}'})


def write_plan(table: str, changes: Sequence[Change]) -> List[Action]:
    """Return the plan that writes and deletes items, in as few calls as possible."""
    requests = [_request(change) for change in changes]
    explain = _without_table(table)
    return [
        Step(_SERVICE, "BatchWriteItem", {"RequestItems": {table: batch}}, explain=explain, rest=unwritten)
        for batch in _batches(requests, _WRITTEN_AT_ONCE)
    ]


def _request(change: Change) -> Dict[str, Any]:
    if change.after is not None:
        return {"PutRequest": {"Item": to_wire(change.after)}}
    key = {name: {kind: value} for name, kind, value in change.key}
    return {"DeleteRequest": {"Key": to_wire(key)}}


def _batches(entries: Sequence[Any], size: int) -> Iterator[List[Any]]:
    return (list(entries[start : start + size]) for start in range(0, len(entries), size))


def _counts(changes: Sequence[Change], items: int) -> Dict[str, int]:
    added = sum(change.before is None for change in changes)
    removed = sum(change.after is None for change in changes)
    replaced = len(changes) - added - removed
    return {"added": added, "replaced": replaced, "removed": removed, "unchanged": items - len(changes)}


def _diff(table: str, change: Change) -> Diff:
    before, after = (from_typed_item(item) if item else {} for item in (change.before, change.after))
    return Diff(before, after, f"item of {table}: {_named(change.key)}" if change.key else f"item of {table}")
