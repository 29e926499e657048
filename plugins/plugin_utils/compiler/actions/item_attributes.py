# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The attributes that a write takes: from the body (`attributes`, `required`, `defaults`, `counters`) and from other
places of the request (`set`)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ansible_collections.codeless.apigateway.plugins.module_utils._dynamodb.attribute_types import KEY_TYPES

from ..spec.entry import describe
from ..spec.errors import suggestion
from ..spec.literals import dynamodb_json
from ..spec.sources import BODILESS
from ..spec.unique_names import UniqueNames
from .keys import DATE_REMEDY, parse_typed_source
from .model import BodyMember, KeyValue, ParsedRoute

MAXIMUM_SET_ELEMENTS = 1000
"""A set may have as many elements as one `#foreach` of API Gateway runs through."""

_SOURCED_TYPES = (*KEY_TYPES, "BOOL")
_WANTED = {
    "S": "a text",
    "N": "a number",
    "B": "base64",
    "BOOL": "true or false",
    "NULL": "null",
    "M": "an object",
    "L": "an array",
    "SS": f"an array of 1 to {MAXIMUM_SET_ELEMENTS} texts",
    "NS": f"an array of 1 to {MAXIMUM_SET_ELEMENTS} numbers",
    "BS": f"an array of 1 to {MAXIMUM_SET_ELEMENTS} texts in base64",
    "date": "a date and time in UTC, such as 2026-01-31T12:00:00Z",
}


@dataclass(frozen=True)
class ItemAttribute:
    """An attribute that the body may have.

    `variable` names its value in VTL and in expressions. `default` is DynamoDB's JSON of the value that it has when the
    body is without it, or empty. A `counter` is added to what is stored. An attribute that is an `index_key` cannot be
    an empty text. A `date` is stored as its seconds.
    """

    name: str
    type: str
    variable: str
    required: bool = False
    default: str = ""
    counter: bool = False
    index_key: bool = False
    date: bool = False

    @property
    def kind(self) -> str:
        """What callers send for it: "date", or a value of its type."""
        return "date" if self.date else self.type

    @property
    def missing(self) -> str:
        """What a caller is told who left out a required attribute."""
        return f"The attribute {self.name} is missing"

    @property
    def refusal(self) -> str:
        """What a caller is told whose value has another type."""
        empty = " that is not empty" if self.index_key and self.type == "S" else ""
        return f"The attribute {self.name} must be {_WANTED[self.kind]}{empty}"


@dataclass(frozen=True)
class ItemAttributes:
    """What a write takes: attributes `from_body`, and those with another source.

    `known` are the names that the body may have: the key and the version, too, so that what was read can be sent back.
    Of these, `repeated` must have the value that they have elsewhere.
    """

    from_body: tuple[ItemAttribute, ...]
    sourced: tuple[KeyValue, ...]
    known: tuple[str, ...]
    repeated: tuple[str, ...]


def parse_item_attributes(
    route: ParsedRoute, keys: tuple[KeyValue, ...], *, versioned: bool = True
) -> ItemAttributes | None:
    """The attributes of a write to the route's table; None where a mistake was noted.

    `versioned` says that the body may tell the version that the caller has seen.
    """
    before = len(route.entry.collector.errors)
    _reject_bodiless(route)
    variables = UniqueNames(separator="_")
    sourced = _parse_sourced(route, variables)
    names = _parse_accepted(route, [value.attribute.name for value in sourced])
    lists = {word: _parse_names(route, word, names) for word in ("required", "counters")}
    defaults = _parse_defaults(route, names)
    _check_counters(route, lists["counters"])
    if len(route.entry.collector.errors) > before:
        return None
    index_keys = _index_keys(route)
    from_body = tuple(
        ItemAttribute(
            name,
            route.table.attributes[name],
            variables.take(_variable(name)),
            required=name in lists["required"],
            default=defaults.get(name, ""),
            counter=name in lists["counters"],
            index_key=name in index_keys,
            date=name == route.table.ttl,
        )
        for name in names
    )
    fixed = [key.attribute.name for key in keys if key.source.kind != "body"]
    version = [route.table.version] if route.table.version and versioned else []
    known = dict.fromkeys([*key_names(route), *_sources(keys + sourced), *names, *version])
    return ItemAttributes(from_body, sourced, tuple(known), (*fixed, *version))


def members_of(attributes: ItemAttributes, *, nullable: bool) -> tuple[BodyMember, ...]:
    """The attributes as members of the body. A `nullable` one may be null, whatever its type is."""
    others = (BodyMember((name,), "any", required=False) for name in attributes.repeated)
    return (*(_member(attribute, nullable) for attribute in attributes.from_body), *others)


def item_members(attributes: Iterable[ItemAttribute]) -> tuple[BodyMember, ...]:
    """The attributes as members of an item in a list."""
    return tuple(_member(attribute, nullable=False) for attribute in attributes)


def _member(attribute: ItemAttribute, nullable: bool) -> BodyMember:
    kind = "string" if attribute.index_key and attribute.type == "S" else attribute.type
    kind = "date" if attribute.date else kind
    kind = f"nullable {attribute.kind}" if nullable else kind
    return BodyMember((attribute.name,), kind, required=attribute.required)


def _reject_bodiless(route: ParsedRoute) -> None:
    if route.method in BODILESS:
        route.entry.add_error(f"a {route.method} has no body to read an item from", "use PUT, POST, PATCH or DELETE")


def key_names(route: ParsedRoute) -> list[str]:
    """The names of the table's key attributes."""
    return [key.name for key in (route.table.hash_key, route.table.range_key) if key]


def _variable(name: str) -> str:
    return "new_" + (re.sub(r"[^A-Za-z0-9]+", "_", name).strip("_") or "attribute")


def _settable(route: ParsedRoute) -> list[str]:
    """The declared attributes but those of the key and the version, which are not the body's to set."""
    taken = {*key_names(route), route.table.version}
    return [name for name in route.table.attributes if name not in taken]


def _parse_sourced(route: ParsedRoute, variables: UniqueNames) -> tuple[KeyValue, ...]:
    """The values under `set`."""
    settable = _settable(route)
    values = []
    for name, raw in route.entry.mapping("set", "{created_at: context.requestTimeEpoch}").items():
        kind = route.table.attributes.get(name, "")
        if name not in settable:
            route.entry.add_error(
                f"set has {name!r}, which a write to table {route.table.name!r} cannot set", suggestion(name, settable)
            )
        elif kind not in _SOURCED_TYPES:
            route.entry.add_error(
                f"set has {name!r}, whose type is {kind}",
                f"read it from the body, or use one of the types {', '.join(_SOURCED_TYPES)}",
            )
        else:
            attribute = route.table.attribute(name)
            source = parse_typed_source(route, f"set {name!r}", raw, attribute)
            if source:
                values.append(KeyValue(variables.take(_variable(name)), attribute, source))
    return tuple(values)


def _parse_accepted(route: ParsedRoute, taken: list[str]) -> list[str]:
    """The names under `attributes`: of all declared ones, but those that `set` gives a value, if it is left out."""
    settable = [name for name in _settable(route) if name not in taken]
    return _parse_names(route, "attributes", settable) if route.entry.has("attributes") else settable


def _parse_names(route: ParsedRoute, word: str, known: list[str]) -> list[str]:
    raw = route.entry.options.get(word)
    if raw is None:
        return []
    if not isinstance(raw, list):
        example = raw if raw in known else ", ".join(known[:2]) or "status"
        route.entry.add_error(f"{word} is not a list", f"write {word}: [{example}]")
        return []
    for name in raw:
        if name not in known:
            route.entry.add_error(
                f"{word} has {describe(name)}, which is not an attribute in the body", suggestion(name, known)
            )
    return [name for name in known if name in raw]


def _parse_defaults(route: ParsedRoute, known: list[str]) -> dict[str, str]:
    defaults: dict[str, str] = {}
    for name, raw in route.entry.mapping("defaults", "{status: open}").items():
        if name not in known:
            route.entry.add_error(
                f"defaults has {name!r}, which is not an attribute in the body", suggestion(name, known)
            )
            continue
        kind = route.table.attribute(name).kind
        typed = dynamodb_json(raw, kind)
        if typed is None:
            remedy = DATE_REMEDY if kind == "date" else "correct it"
            route.entry.add_error(f"the default of {name!r} must be {_WANTED[kind]}", remedy)
            continue
        defaults[name] = _in_vtl(typed)
    return defaults


def _in_vtl(typed: Any) -> str:
    """JSON text that VTL leaves alone. `$` and `#` are only in texts, where JSON has escapes for them."""
    return json.dumps(typed).replace("$", "\\u0024").replace("#", "\\u0023")


def _check_counters(route: ParsedRoute, counters: list[str]) -> None:
    for name in counters:
        kind = route.table.attribute(name).kind
        if kind != "N":
            of = "is a date" if kind == "date" else f"has the type {kind}"
            route.entry.add_error(f"the counter {name!r} {of}", "use an attribute of type N")


def _index_keys(route: ParsedRoute) -> set[str]:
    indexes = route.table.indexes.values()
    return {key.name for index in indexes for key in (index.hash_key, index.range_key) if key}


def _sources(values: Iterable[KeyValue]) -> list[str]:
    """Return the names of the body's members that the values are in."""
    return [value.source.name.partition(".")[0] for value in values if value.source.kind == "body"]
