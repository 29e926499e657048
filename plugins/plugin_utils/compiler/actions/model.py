# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What an action makes of a route: the variables of its templates, and the request and answer as a reader sees them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ..spec.entry import Entry
from ..spec.paths import Path
from ..spec.sources import Source
from ..spec.tables import Index, KeyAttribute, Table


@dataclass(frozen=True)
class Parameter:
    """A parameter of the request: its `place` (path, query, header), and what OpenAPI says of it.

    `example` is a value that the route accepts; None where none is known.
    """

    place: str
    name: str
    description: str
    required: bool = True
    type: str = "string"
    example: str | int | None = None


_JSON_TYPES = {
    **dict.fromkeys(("S", "B", "date"), "string"),
    "N": "number",
    "BOOL": "boolean",
    "NULL": "null",
    "M": "object",
    **dict.fromkeys(("L", "SS", "NS", "BS"), "array"),
}


@dataclass(frozen=True)
class BodyMember:
    """A member of the body: its `path` from the root, its `type` (of JSON or DynamoDB, or date), whether it must be.

    An array has at most `maximum` elements, objects with the members `items`.
    """

    path: tuple[str, ...]
    type: str
    required: bool = True
    items: tuple[BodyMember, ...] = ()
    maximum: int | None = None

    @property
    def json_type(self) -> str:
        """The JSON type of the value; one that may be null has the type of its other values."""
        kind = self.type.removeprefix("nullable ")
        return _JSON_TYPES.get(kind, kind)


@dataclass(frozen=True)
class RoutePlan:
    """An action's part of a route.

    `variables` go to its templates. `answers` has the statuses that it can give beside those of every route, with
    their descriptions. `success` is the status where all went well, and `result` names the schema of that answer:
    "item", "page", "selection", "count", "key", "batch", "list", "unprocessed", or "" where it has no body. Its items
    have the attributes of `projection` alone, if there are any. A `closed_body` has no members but those of `body`.
    `permissions` are the actions that IAM must allow, where they are not the action itself. `leading_key` is a pattern
    of IAM that all hash keys of the route match; None where any may come.
    """

    variables: Mapping[str, Any]
    parameters: tuple[Parameter, ...]
    body: tuple[BodyMember, ...]
    result: str
    responses: Mapping[str, str]
    projection: tuple[str, ...] = ()
    success: str = "200"
    closed_body: bool = False
    permissions: tuple[str, ...] = ()
    leading_key: str | None = None


@dataclass(frozen=True)
class ParsedRoute:
    """What an action plans for: a route whose method, path, table and index are known to be right."""

    entry: Entry
    method: str
    path: Path
    table: Table
    index: Index | None

    @property
    def custom_request(self) -> bool:
        """Whether the request template is the user's, so that nothing of the request is planned."""
        return self.entry.has("request_template")

    @property
    def hash_key(self) -> KeyAttribute:
        """The hash key of what is read: the index, if there is one."""
        return (self.index or self.table).hash_key

    @property
    def range_key(self) -> KeyAttribute | None:
        """The range key of what is read, if it has one."""
        return (self.index or self.table).range_key


@dataclass(frozen=True)
class KeyValue:
    """An attribute and where its value comes from. `variable` names it in VTL: hash_key or range_key for a key.

    An `optional` value may be left out by the caller; then it is "".
    """

    variable: str
    attribute: KeyAttribute
    source: Source
    optional: bool = False

    @property
    def label(self) -> str:
        """What a caller calls the value."""
        labels = {
            "path": "the path parameter {}",
            "query": "the query parameter {}",
            "header": "the header {}",
            "body": "{} in the body",
            "claims": "the claim {}",
            "context": "{}",
            "stage": "the stage variable {}",
            "value": "{}",
        }
        return labels[self.source.kind].format(self.source.name)

    @property
    def refusal(self) -> str:
        """What a caller is told whose value is none of the attribute's type."""
        wanted = {
            "S": "must not be empty",
            "N": "must be a number",
            "B": "must be base64",
            "BOOL": "must be true or false",
            "date": "must be a date and time in UTC, such as 2026-01-31T12:00:00Z",
        }
        text = f"{self.label} {wanted[self.attribute.kind]}"
        return text[0].upper() + text[1:]


@dataclass(frozen=True)
class Action:
    """A DynamoDB action.

    `words` are those of a route that it reads beside those of every route. `uses_index` says whether it can read an
    index. `plan` returns None where it noted a mistake.
    """

    name: str
    options: tuple[str, ...]
    uses_index: bool
    plan: Callable[[ParsedRoute], RoutePlan | None]

    @property
    def template(self) -> str:
        """The stem of its template files: `get_item` for GetItem."""
        return "".join("_" + letter.lower() if letter.isupper() else letter for letter in self.name).lstrip("_")
