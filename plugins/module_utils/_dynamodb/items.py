# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Items that a DynamoDB table holds, or does not hold; the other items of the table are not looked at.

An item that exists is live data: in the mode `create`, the default, only missing items are written, each with the
condition that there is still no item with its key.
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
"""An item's key, each attribute with its typed value: `(("id", "S", "x"), ("range", "N", "1"))`."""


@dataclass(frozen=True)
class Schema:
    """The key attributes of a table, and the types of all attributes that are a key of it or of an index.

    Both are empty where nobody named them and there is no table yet to ask.
    """

    keys: Tuple[str, ...]
    types: Mapping[str, str]


@dataclass(frozen=True)
class Change:
    """One item before and after; None where there is none."""

    key: KeyValue
    before: Optional[TypedItem]
    after: Optional[TypedItem]


def planned(aws: Aws, params: Params) -> Planned:
    """What sees to it that the table holds the items, or that it does not.

    A table that is not there yet may be made by the same run, so it is the writing that fails without one.
    """
    title = f'items of table "{params["table"]}"'
    found = _schema(aws, params)
    schema = found or Schema((), {})
    items, mistakes = declared_items(params, schema)
    raise_errors(title, mistakes)
    have = read_items(aws, params["table"], schema.keys, items) if found else None
    changes = item_changes(items, have or {}, schema.keys, params["state"])
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
    """The keys as the user named them, or as the table says; None if there is no such table."""
    if params.get("hash_key"):
        return Schema(tuple(name for name in (params["hash_key"], params.get("range_key")) if name), {})
    answer = aws.find(_SERVICE, "DescribeTable", {"TableName": params["table"]}, absent=_ABSENT)
    return schema_of(answer["Table"]) if answer else None


def schema_of(wire: Wire) -> Schema:
    """The schema in the member `Table` of DescribeTable's answer; the hash key comes first there."""
    types = {item["AttributeName"]: item["AttributeType"] for item in wire["AttributeDefinitions"]}
    return Schema(tuple(element["AttributeName"] for element in wire["KeySchema"]), types)


def declared_items(params: Params, schema: Schema) -> Tuple[List[TypedItem], List[str]]:
    """The items in typed form, and all mistakes in them. The items are of use only where there are none."""
    mistakes: List[str] = []
    types = declared_types(params.get("attributes") or {}, mistakes)
    mistakes += [
        f'attributes: "{name}" is declared {types[name]}, and is a key with the type {there} in the table'
        for name, there in schema.types.items()
        if types.get(name, there) != there
    ]
    items = []
    for position, plain in enumerate(params["items"]):
        wrong: List[str] = []
        item = to_typed_item(
            _of_interest(plain, params, schema), {**types, **schema.types}, wrong, f"items[{position}]"
        )
        mistakes += wrong or _key_mistakes(item, schema, f"items[{position}]")
        items.append(item)
    return items, mistakes + _same_keys(items, schema.keys)


def _of_interest(plain: Mapping[str, Any], params: Params, schema: Schema) -> Mapping[str, Any]:
    """The item; or its key alone, where the item is to go."""
    if params["state"] == "present" or not schema.keys:
        return plain
    return {name: plain[name] for name in schema.keys if name in plain}


def _key_mistakes(item: TypedItem, schema: Schema, place: str) -> List[str]:
    mistakes = [f'{place}: it has no "{name}", which is a key of the table' for name in schema.keys if name not in item]
    for name in dict.fromkeys((*schema.keys, *schema.types)):
        if name not in item:
            continue
        ((type_name, value),) = item[name].items()
        if type_name not in KEY_TYPES:
            mistakes.append(f"{place}.{name}: a key is S, N or B, and this is {type_name}; name its type in attributes")
        elif not value:
            mistakes.append(f"{place}.{name}: a key cannot be empty")
    return mistakes


def _same_keys(items: Sequence[TypedItem], keys: Tuple[str, ...]) -> List[str]:
    mistakes = []
    first: Dict[KeyValue, int] = {}
    for position, item in enumerate(items):
        if keys and all(name in item for name in keys):
            key = key_of(item, keys)
            if first.setdefault(key, position) != position:
                mistakes.append(f"items[{first[key]}] and items[{position}] have one key ({_named(key)})")
    return mistakes


def key_of(item: TypedItem, keys: Iterable[str]) -> KeyValue:
    """The key of an item, given the names of the key attributes in their order."""
    return tuple((name, kind, value) for name in keys for kind, value in item[name].items())


def _named(key: KeyValue) -> str:
    return ", ".join(f"{name}={value}" for name, _kind, value in key)


def read_items(
    aws: Aws, table: str, keys: Tuple[str, ...], items: Sequence[TypedItem]
) -> Optional[Dict[KeyValue, TypedItem]]:
    """Those of the items that the table holds, by key; None if there is no such table."""
    have: Dict[KeyValue, TypedItem] = {}
    for batch in _batches(items, _READ_AT_ONCE):
        wanted = [to_wire({name: item[name] for name in keys}) for item in batch]
        request = {"RequestItems": {table: {"Keys": wanted, "ConsistentRead": True}}}
        try:
            answers = aws.drain(_SERVICE, "BatchGetItem", request, unread)
        except AwsError as error:
            if error.code == _ABSENT:
                return None
            raise
        found = (from_wire(wire) for answer in answers for wire in answer["Responses"].get(table, []))
        have.update({key_of(item, keys): item for item in found})
    return have


def unread(answer: Wire) -> Dict[str, Any]:
    """The parameters that ask again for what a BatchGetItem left out; none when it left out nothing."""
    left = answer.get("UnprocessedKeys")
    return {"RequestItems": left} if left else {}


def unwritten(answer: Wire) -> Dict[str, Any]:
    """The parameters that write again what a BatchWriteItem left out; none when it left out nothing."""
    left = answer.get("UnprocessedItems")
    return {"RequestItems": left} if left else {}


def item_changes(
    items: Sequence[TypedItem], have: Mapping[KeyValue, TypedItem], keys: Tuple[str, ...], state: str
) -> List[Change]:
    """The items to write or to delete. One that is there and equal is neither."""
    changes = []
    for item in items:
        key = key_of(item, keys)
        after = item if state == "present" else None
        if have.get(key) != after:
            changes.append(Change(key, have.get(key), after))
    return changes


def creation_plan(table: str, changes: Sequence[Change]) -> List[Action]:
    """Return the plan that puts items which do not exist, and leaves each that exists by the time of the call.

    BatchWriteItem has no conditions. TransactWriteItems has, but one item that exists by now cancels the whole, each
    write costs twice the capacity, and a table with little capacity cancels a large transaction for good. So each item
    is one PutItem, which AWS throttles and `Aws.call` repeats one by one.
    """
    puts: List[Action] = [_put_if_missing(table, change) for change in changes]
    return in_parallel([puts[start::_THREADS] for start in range(min(_THREADS, len(puts)))])


def _put_if_missing(table: str, change: Change) -> Step:
    item = change.after or {}
    # An existing item has the hash key; where that is not known, it is one of these attributes.
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
    """The plan that makes the changes, in as few calls as they fit in."""
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
