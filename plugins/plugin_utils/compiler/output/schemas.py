# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""JSON schemas of requests and responses, from the declared types of a table. Their names have to be alphanumeric."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ..actions.model import BodyMember
from ..spec.patterns import DATE_SHAPE
from ..spec.tables import Table
from ..spec.unique_names import UniqueNames, camel_case

Json = dict[str, Any]

ERROR = "ErrorMessage"

_OF_TYPE: Mapping[str, Json] = {
    "S": {"type": "string"},
    "N": {"type": "number"},
    "B": {"type": "string", "description": "Base64."},
    "BOOL": {"type": "boolean"},
    "NULL": {"description": "Always null."},
    "M": {"type": "object"},
    "L": {"type": "array", "items": {}},
    "SS": {"type": "array", "items": {"type": "string"}},
    "NS": {"type": "array", "items": {"type": "number"}},
    "BS": {"type": "array", "items": {"type": "string", "description": "Base64."}},
    "date": {"type": "string", "pattern": DATE_SHAPE, "description": "A date and time in UTC, without a fraction."},
}


_MEMBER: Mapping[str, Json] = {
    "string": {"type": "string", "minLength": 1},
    "number": {"type": "number"},
    "boolean": {"type": "boolean"},
    "any": {},
    **_OF_TYPE,
    **{f"nullable {kind}": {"description": f"Of DynamoDB's type {kind}; null takes it away."} for kind in _OF_TYPE},
    "nullable date": {"pattern": DATE_SHAPE, "description": "A date and time in UTC; null takes it away."},
}
"""Schemas by the kind of a body's member. API Gateway's validator checks these; templates check the rest."""


class Schemas:
    """Creates schemas in `components` on first use, and returns references to them."""

    def __init__(self) -> None:
        self._names = UniqueNames()
        self._by_table: dict[tuple[str, str, tuple[str, ...]], str] = {}
        self.components: dict[str, Json] = {self._names.take(ERROR): _error()}

    def error(self) -> Json:
        """Return the body of all errors."""
        return _reference(ERROR)

    def result(self, table: Table, kind: str, projection: tuple[str, ...] = ()) -> Json:
        """Return the schema of a response of a kind (see `RouteParts.result`).

        Items in a "selection" can lack their key; "unprocessed" are the items that a batch did not write. Items have
        the attributes in the projection, or all attributes if it is empty.
        """
        use = (table.name, kind, projection)
        if use not in self._by_table:
            name = self._names.take(camel_case([table.name, kind]))
            self._by_table[use] = name
            self.components[name] = self._result(table, kind, projection)
        return _reference(self._by_table[use])

    def _result(self, table: Table, kind: str, projection: tuple[str, ...]) -> Json:
        if kind == "item":
            return _item(table, projection)
        if kind == "key":
            return _item(table, table.key_names)
        if kind == "count":
            return _count()
        if kind == "unprocessed":
            return _unprocessed(self.result(table, "item"), self.result(table, "key"))
        if kind == "selection":
            return _page(_selected(table))
        if kind == "list":
            return _list(_item(table, projection))
        item = self.result(table, "item", projection)
        return _batch(item, self.result(table, "key")) if kind == "batch" else _page(item)

    def body(self, operation_id: str, members: Iterable[BodyMember], *, closed: bool) -> Json:
        """Return the body of one operation. A `closed` body has no other members."""
        name = self._names.take(camel_case([operation_id, "body"]))
        self.components[name] = {**_body(members), **({"additionalProperties": False} if closed else {})}
        return _reference(name)


def _reference(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def _error() -> Json:
    return {"type": "object", "required": ["message"], "properties": {"message": {"type": "string"}}}


def _item(table: Table, projection: tuple[str, ...]) -> Json:
    shown = {name: kind for name, kind in table.attributes.items() if not projection or name in projection}
    required = [name for name in table.key_names if name in shown]
    properties = {name: dict(_OF_TYPE[table.attribute(name).kind]) for name in shown}
    return {"type": "object", **({"required": required} if required else {}), "properties": properties}


def _selected(table: Table) -> Json:
    """Return an item of a SELECT statement, which has only the attributes that the statement names."""
    return {name: value for name, value in _item(table, ()).items() if name != "required"}


def _page(item: Json) -> Json:
    counted = _count()["properties"]
    return {
        "type": "object",
        "required": ["items", "count"],
        "properties": {"items": {"type": "array", "items": item}, **counted},
    }


def _count() -> Json:
    return {
        "type": "object",
        "required": ["count"],
        "properties": {
            "count": {"type": "integer", "description": "How many items this page has."},
            "next": {"type": "string", "description": "The token of the next page. There may be more if it is here."},
        },
    }


def _batch(item: Json, key: Json) -> Json:
    unprocessed = {"type": "array", "items": key, "description": "Keys to ask for again, if there are any."}
    return _items({"type": "array", "items": item}, {"unprocessed": unprocessed})


def _unprocessed(item: Json, key: Json) -> Json:
    lists = {"put": {"type": "array", "items": item}, "delete": {"type": "array", "items": key}}
    unprocessed = {"type": "object", "required": ["put", "delete"], "properties": lists}
    text = "What DynamoDB left. It can be sent again as it is, without lists that are empty."
    return {
        "type": "object",
        "required": ["unprocessed"],
        "properties": {"unprocessed": {**unprocessed, "description": text}},
    }


def _list(item: Json) -> Json:
    """Return a list of items and nulls. The items have no `type`, because it would exclude null.

    JSON schema draft 4 has no `nullable`, and the import warns of composed schemas: "Unsupported model type
    'ComposedSchema'" (aws-cloudformation/cloudformation-coverage-roadmap issue 1579).
    """
    text = "In the order of the keys; null where there is no item."
    or_null = {name: value for name, value in item.items() if name != "type"}
    return _items({"type": "array", "items": or_null, "description": text}, {})


def _items(items: Json, more: Json) -> Json:
    counted = {"type": "integer", "description": "How many items there are."}
    properties = {"items": items, "count": counted, **more}
    return {"type": "object", "required": ["items", "count"], "properties": properties}


def _body(members: Iterable[BodyMember]) -> Json:
    root: Json = {"type": "object", "required": [], "properties": {}}
    for member in members:
        schema = root
        for name in member.path[:-1]:
            _require(schema, name, member)
            schema = schema["properties"].setdefault(name, {"type": "object"})
            schema.update({"required": schema.get("required", []), "properties": schema.get("properties", {})})
        _require(schema, member.path[-1], member)
        schema["properties"][member.path[-1]] = _member(member)
    return _without_empty_lists(root)


def _member(member: BodyMember) -> Json:
    if member.maximum is None:
        return dict(_MEMBER[member.type])
    return {"type": "array", "minItems": 1, "maxItems": member.maximum, "items": _body(member.items)}


def _without_empty_lists(schema: Json) -> Json:
    """Remove empty lists of `required`, which JSON schema draft 4 does not allow."""
    properties = {name: _without_empty_lists(member) for name, member in schema.get("properties", {}).items()}
    kept = {word: value for word, value in schema.items() if word != "required" or value}
    return {**kept, "properties": properties} if "properties" in schema else kept


def _require(schema: Json, name: str, member: BodyMember) -> None:
    if member.required and name not in schema["required"]:
        schema["required"].append(name)
