# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Examples of requests and responses, from the declared types of a table.

They are next to schemas, not inside: API Gateway rejects a model with the keyword `example` ("Invalid model schema
specified. Unsupported keyword(s)").
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import deepcopy
from typing import Any

from ..actions.model import BodyMember
from ..spec.tables import Table

Json = dict[str, Any]

_OF_TYPE: Mapping[str, Any] = {
    "S": "text",
    "N": 12.5,
    "B": "AP8=",
    "BOOL": True,
    "NULL": None,
    "M": {"name": "value"},
    "L": ["text", 1],
    "SS": ["text"],
    "NS": [12.5],
    "BS": ["AP8="],
    "date": "2026-01-31T12:00:00Z",
}
_MEMBER: Mapping[str, Any] = {"string": "text", "number": 12.5, "boolean": True, "any": "text", **_OF_TYPE}
_SECOND: Mapping[str, Any] = {**_MEMBER, "string": "other", "S": "other", "number": 7, "N": 7, "B": "AA=="}
"""Examples for the second list of a body: DynamoDB does not put and delete the same item in one request."""


def result(table: Table, kind: str, projection: tuple[str, ...]) -> Json:
    """Return a response of a kind (see `RouteParts.result`), with the attributes in the projection."""
    shown = _item(table, projection)
    key = _item(table, table.key_names)
    return {
        "item": shown,
        "key": key,
        "page": {"items": [shown], "count": 1},
        "selection": {"items": [shown], "count": 1},
        "count": {"count": 1},
        "batch": {"items": [shown], "count": 1},
        "list": {"items": [shown], "count": 1},
        "unprocessed": {"unprocessed": {"put": [], "delete": [key]}},
    }[kind]


def _item(table: Table, projection: tuple[str, ...]) -> Json:
    shown = [name for name in table.attributes if not projection or name in projection]
    return {name: _OF_TYPE[table.attribute(name).kind] for name in shown}


def body(members: Iterable[BodyMember], values: Mapping[str, Any] | None = None) -> Json:
    """Return a body with these members, except those with an unknown value: the repeated key, and the version."""
    values = _MEMBER if values is None else values
    root: Json = {}
    for member in members:
        if member.type == "any" and not member.required:
            continue
        place = root
        for name in member.path[:-1]:
            place = place.setdefault(name, {})
        if member.maximum:
            place[member.path[-1]] = [body(member.items, values)]
            values = _SECOND
        else:
            place[member.path[-1]] = deepcopy(values[member.type.removeprefix("nullable ")])
    return root
