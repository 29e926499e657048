# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What an action gets and returns: a route with its table, and the parts of its request and its responses."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from ..spec.entry import Entry
from ..spec.paths import Path
from ..spec.sources import Source
from ..spec.tables import Index, KeyAttribute, Table

T = TypeVar("T")


@dataclass(frozen=True)
class Parameter:
    """A parameter of the request as OpenAPI describes it. `place` is path, query or header.

    `example` is a value that the route accepts, or None.
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
    """A member of the body. `path` are the names from the root; `type` is a type of JSON or DynamoDB, or "date".

    An array has up to `maximum` elements, which are objects with the members `items`.
    """

    path: tuple[str, ...]
    type: str
    required: bool = True
    items: tuple[BodyMember, ...] = ()
    maximum: int | None = None

    @property
    def json_type(self) -> str:
        """Return the JSON type of the value; for a nullable member, the type of its values that are not null."""
        kind = self.type.removeprefix("nullable ")
        return _JSON_TYPES.get(kind, kind)


@dataclass(frozen=True)
class RouteParts:
    """The request and the responses of a route, as its action builds them.

    `variables` are those of the route's templates. `result` names the schema of the success response: "item", "page",
    "selection", "count", "key", "batch", "list", "unprocessed", or "" if it has no body. `responses` maps the statuses
    that only this route can return to their descriptions. Items in the response have the attributes in `projection`,
    or all attributes if it is empty. A body that is `closed_body` takes no other members than `body`. `permissions`
    are the IAM actions that the route needs, if they differ from its action. `leading_key` is an IAM pattern that
    matches all hash keys of the route, or None if any key is possible.
    """

    variables: Mapping[str, Any]
    result: str
    responses: Mapping[str, str]
    parameters: tuple[Parameter, ...] = ()
    body: tuple[BodyMember, ...] = ()
    projection: tuple[str, ...] = ()
    success: str = "200"
    closed_body: bool = False
    permissions: tuple[str, ...] = ()
    leading_key: str | None = None


@dataclass(frozen=True)
class ParsedRoute:
    """A route whose method, path, table and index are valid. `entry` has its options, which the action parses."""

    entry: Entry
    method: str
    path: Path
    table: Table
    index: Index | None

    def add_error(self, problem: str, remedy: str) -> None:
        """Add a validation error about this route."""
        self.entry.add_error(problem, remedy)

    @property
    def custom_request(self) -> bool:
        """Return whether the user wrote the request template, so that no request is planned."""
        return self.entry.has("request_template")

    @property
    def hash_key(self) -> KeyAttribute:
        """Return the hash key of the index that is read, or of the table."""
        return (self.index or self.table).hash_key

    @property
    def range_key(self) -> KeyAttribute | None:
        """Return the range key of the index that is read, or of the table; None if it has none."""
        return (self.index or self.table).range_key

    @property
    def key_attributes(self) -> list[tuple[str, KeyAttribute]]:
        """Return the hash key and the range key, each with the name of its variable in VTL."""
        pairs = (("hash_key", self.hash_key), ("range_key", self.range_key))
        return [(variable, attribute) for variable, attribute in pairs if attribute]


@dataclass(frozen=True)
class KeyValue:
    """An attribute with the source of its value. `variable` is its name in VTL: hash_key or range_key for a key.

    The caller can omit an `optional` value, which is "" then.
    """

    variable: str
    attribute: KeyAttribute
    source: Source
    optional: bool = False

    @property
    def label(self) -> str:
        """Return the name of the value in error messages for callers."""
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
        """Return the error message for a value of the wrong type."""
        requirements = {
            "S": "must not be empty",
            "N": "must be a number",
            "B": "must be base64",
            "BOOL": "must be true or false",
            "date": "must be a date and time in UTC, such as 2026-01-31T12:00:00Z",
        }
        text = f"{self.label} {requirements[self.attribute.kind]}"
        return text[0].upper() + text[1:]


@dataclass(frozen=True)
class Action:
    """A DynamoDB action.

    `options` are the options of a route that only some actions take. `uses_index` is whether the action can read an
    index. `build` returns None after it has added an error.
    """

    name: str
    options: tuple[str, ...]
    uses_index: bool
    build: Callable[[ParsedRoute], RouteParts | None]

    @property
    def template(self) -> str:
        """Return the stem of its template files: `get_item` for GetItem."""
        return "".join("_" + letter.lower() if letter.isupper() else letter for letter in self.name).lstrip("_")


def all_or_none(values: Iterable[T | None]) -> tuple[T, ...] | None:
    """Return parsed values; None if one of them is None, because it had an error."""
    parsed = list(values)
    found = tuple(value for value in parsed if value is not None)
    return found if len(found) == len(parsed) else None
