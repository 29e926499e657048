# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Where the values of a key come from: the path parameter of the attribute's name, unless `key` says otherwise."""

from __future__ import annotations

import re
from typing import Any

from ..spec.errors import suggestion
from ..spec.patterns import is_key_value, seconds_of
from ..spec.sources import Source, parse_source
from ..spec.tables import KeyAttribute
from ..spec.unique_names import in_yaml, is_parameter_name, parameter_name
from .model import BodyMember, KeyValue, Parameter, ParsedRoute

JSON_TYPES = {"S": "string", "N": "number", "B": "string", "BOOL": "boolean", "date": "date"}

DATE_REMEDY = 'write a date and time in UTC, in quotes: "2026-01-31T12:00:00Z"'


def written_keys(route: ParsedRoute) -> dict[str, Any]:
    """What the user wrote under `key`: a source by attribute."""
    return route.entry.mapping("key", "{customer: query.customer}")


def reject_unknown_keys(route: ParsedRoute) -> None:
    """Each name under `key` that is not a key attribute of the table or index is a mistake."""
    names = [key.name for key in (route.hash_key, route.range_key) if key]
    of = f"index {route.index.name!r}" if route.index else f"table {route.table.name!r}"
    for name in written_keys(route):
        if name not in names:
            route.entry.add_error(f"key {name!r} is not a key attribute of {of}", suggestion(name, names))


def required_key(route: ParsedRoute, variable: str, attribute: KeyAttribute) -> KeyValue | None:
    """The attribute with its source; None where a mistake was noted. No source at all is one."""
    if not has_source(route, attribute):
        route.entry.add_error(f"the key attribute {attribute.name!r} has no source", _source_remedy(route, attribute))
        return None
    return sourced_key(route, variable, attribute)


def _source_remedy(route: ParsedRoute, attribute: KeyAttribute) -> str:
    """Some frameworks write `:name` for a parameter, which API Gateway takes for the text itself."""
    if f":{attribute.name}" in route.path.segments:
        return f"write {{{attribute.name}}} in the path instead of :{attribute.name}"
    name, parameter = in_yaml(attribute.name), parameter_name(attribute.name)
    source = f"write key: {{{name}: query.{parameter}}}"
    return f"add {{{attribute.name}}} to the path, or {source}" if is_parameter_name(attribute.name) else source


def whole_key(route: ParsedRoute) -> tuple[KeyValue, ...] | None:
    """All key attributes of the table with their sources; None where a mistake was noted."""
    reject_unknown_keys(route)
    attributes = [("hash_key", route.hash_key), ("range_key", route.range_key)]
    keys = [required_key(route, variable, key) for variable, key in attributes if key]
    found = tuple(key for key in keys if key)
    return found if len(found) == len(keys) else None


def has_source(route: ParsedRoute, attribute: KeyAttribute) -> bool:
    """Whether `key` or the path gives the attribute a value."""
    return attribute.name in route.path.parameters or attribute.name in written_keys(route)


def sourced_key(route: ParsedRoute, variable: str, attribute: KeyAttribute) -> KeyValue | None:
    """The attribute with the source that it has; None where a mistake was noted."""
    what = f"key {attribute.name!r}"
    raw = written_keys(route).get(attribute.name, f"path.{attribute.name}")
    if isinstance(raw, dict) and "value" not in raw:
        example = f"{{{in_yaml(attribute.name)}: query.{parameter_name(attribute.name)}}}"
        route.entry.add_error(
            f"{what} has a condition, but this action needs one value",
            f"write key: {example}, or {{value: a literal}}",
        )
        return None
    source = parse_typed_source(route, what, raw, attribute)
    return None if source is None else KeyValue(variable, attribute, source)


def parse_typed_source(route: ParsedRoute, what: str, raw: Any, attribute: KeyAttribute) -> Source | None:
    """The source of a value of the attribute's type; None where a mistake was noted."""
    source = parse_source(route.entry, what, _literal_text(raw, attribute), route.method, route.path)
    if source is None:
        return None
    if source.kind == "value":
        return _typed_literal(route, what, source, attribute)
    if source.kind == "context" and attribute.date:
        route.entry.add_error(
            f"{what} comes from {source}, which is not a date", "read it from body.x, query.x or header.x"
        )
        return None
    if source.prefix and attribute.type != "S":
        route.entry.add_error(
            f"{what} has the prefix {source.prefix!r}, but its type is {attribute.type}", "remove the prefix"
        )
        return None
    return source


def _literal_text(raw: Any, attribute: KeyAttribute) -> Any:
    """A literal true or false as its text, which is how a source has it."""
    if attribute.type == "BOOL" and isinstance(raw, dict) and isinstance(raw.get("value"), bool):
        return {**raw, "value": str(raw["value"]).lower()}
    return raw


def _typed_literal(route: ParsedRoute, what: str, source: Source, attribute: KeyAttribute) -> Source | None:
    """A literal as DynamoDB has it: a date is its seconds."""
    if is_key_value(source.name, attribute.kind):
        return Source("value", str(seconds_of(source.name))) if attribute.date else source
    if attribute.date:
        route.entry.add_error(f"{what} is {source.name!r}, which is not a date", DATE_REMEDY)
    else:
        route.entry.add_error(f"{what} is {source.name!r}, which is not a value of type {attribute.type}", "correct it")
    return None


def leading_key(route: ParsedRoute, hash_key: KeyValue) -> str | None:
    """What IAM calls `dynamodb:LeadingKeys`, as a pattern of StringLike; None where the hash key may be any text.

    Only for the table: what the condition sees on a Query of an index is not proven. The caller's identity is no
    pattern: API Gateway asks under the execution role, in which IAM knows nothing of the caller.
    """
    if route.index or hash_key.attribute.type != "S":
        return None
    if hash_key.source.kind == "value":
        return _literal_pattern(hash_key.source.name)
    return _literal_pattern(hash_key.source.prefix) + "*" if hash_key.source.prefix else None


def _literal_pattern(text: str) -> str:
    """`*`, `?` and `$` stand for themselves as policy variables: "Policy variables" in the IAM User Guide."""
    return re.sub(r"[*?$]", lambda match: f"${{{match[0]}}}", text)


SENT = {"S": "text", "N": "12.5", "B": "AP8=", "BOOL": "true", "date": "2026-01-31T12:00:00Z"}
"""Examples of parameters, by the kind of the attribute that they are the value of."""


def parameters_of(keys: tuple[KeyValue, ...]) -> tuple[Parameter, ...]:
    """Return the parameters that the keys need."""
    return tuple(
        Parameter(
            key.source.kind,
            key.source.name,
            f"The value of {key.attribute.name}.",
            required=not key.optional,
            example=SENT[key.attribute.kind],
        )
        for key in keys
        if key.source.kind in ("path", "query", "header")
    )


def body_of(
    route: ParsedRoute, keys: tuple[KeyValue, ...], others: tuple[BodyMember, ...] = ()
) -> tuple[BodyMember, ...]:
    """Return the members of the body that the keys need.

    `others` are members that the body has beside them. A member that would have to be two things is an error.
    """
    found = tuple(
        BodyMember(tuple(key.source.name.split(".")), JSON_TYPES[key.attribute.kind], required=not key.optional)
        for key in keys
        if key.source.kind == "body"
    )
    for member in found:
        for other in (*others, *found):
            _reject_conflict(route, member, other)
    return found


def _reject_conflict(route: ParsedRoute, member: BodyMember, other: BodyMember) -> None:
    """Note that no body has both members: one is a value and holds the other, or is a value of two types."""
    name, within = ".".join(other.path), ".".join(member.path)
    if member.path == other.path and member.json_type != other.json_type and "any" not in (other.type, member.type):
        route.entry.add_error(
            f"body.{name} would be {other.json_type} and {member.json_type}", "use two members of the body"
        )
    if member.path != other.path and member.path[: len(other.path)] == other.path and other.json_type != "object":
        route.entry.add_error(
            f"body.{name} cannot be both a value and an object with {within}", "use two members of the body"
        )
