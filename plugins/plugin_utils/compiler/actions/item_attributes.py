# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The attributes that a write accepts: from the body (`attributes`, `required`, `defaults`, `counters`), and from other
sources (`set`)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass

from ansible_collections.codeless.apigateway.plugins.module_utils._dynamodb.attribute_types import KEY_TYPES

from ..spec.entry import describe
from ..spec.errors import suggestion
from ..spec.literals import dynamodb_json
from ..spec.sources import BODILESS
from ..spec.unique_names import UniqueNames
from .model import KeyValue, ParsedRoute
from .typed_sources import DATE_REMEDY, parse_typed_source

MAXIMUM_SET_ELEMENTS = 1000
"""A `#foreach` of API Gateway stops after 1,000 elements."""

_SOURCED_TYPES = (*KEY_TYPES, "BOOL")
_DESCRIPTIONS = {
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
    """An attribute that the body can have.

    `variable` names its value in VTL and in expressions. `default` is the DynamoDB JSON of its value if the body does
    not have it, or empty. The value of a `counter` is added to the stored one. An `index_key` cannot be empty text. A
    `date` is stored in seconds.
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
        """Return what callers send: "date", or a value of its type."""
        return "date" if self.date else self.type

    @property
    def missing(self) -> str:
        """Return the error message for a body without a required attribute."""
        return f"The attribute {self.name} is missing"

    @property
    def refusal(self) -> str:
        """Return the error message for a value of the wrong type."""
        empty = " that is not empty" if self.index_key and self.type == "S" else ""
        return f"The attribute {self.name} must be {_DESCRIPTIONS[self.kind]}{empty}"


@dataclass(frozen=True)
class ItemAttributes:
    """The attributes of a write: those `from_body`, and those that come from other sources.

    `known` are the names that the body can have. They include the key and the version, so that a caller can send back
    what was read. The names in `repeated` must have the value that the request has elsewhere.
    """

    from_body: tuple[ItemAttribute, ...]
    sourced: tuple[KeyValue, ...]
    known: tuple[str, ...]
    repeated: tuple[str, ...]


def parse_item_attributes(
    route: ParsedRoute, keys: tuple[KeyValue, ...], *, versioned: bool = True
) -> ItemAttributes | None:
    """Return the attributes of a write to the route's table; None after an error.

    `versioned` is whether the body can contain the version that the caller has read.
    """
    before = len(route.entry.collector.errors)
    if route.method in BODILESS:
        route.add_error(f"a {route.method} has no body to read an item from", "use PUT, POST, PATCH or DELETE")
    variables = UniqueNames(separator="_")
    sourced = _parse_set(route, variables)
    names = _parse_attributes(route, [value.attribute.name for value in sourced])
    from_body = _parse_body_attributes(route, names, variables)
    if len(route.entry.collector.errors) > before:
        return None
    fixed = [key.attribute.name for key in keys if key.source.kind != "body"]
    version = [route.table.version] if route.table.version and versioned else []
    known = dict.fromkeys([*route.table.key_names, *_body_members(keys + sourced), *names, *version])
    return ItemAttributes(from_body, sourced, tuple(known), (*fixed, *version))


def _parse_body_attributes(route: ParsedRoute, names: list[str], variables: UniqueNames) -> tuple[ItemAttribute, ...]:
    """Return the attributes of these names, with the options that apply to them."""
    required = _parse_names(route, "required", names)
    counters = _parse_names(route, "counters", names)
    defaults = _parse_defaults(route, names)
    _check_counters(route, counters)
    indexes = route.table.indexes.values()
    index_keys = {key.name for index in indexes for key in (index.hash_key, index.range_key) if key}
    return tuple(
        ItemAttribute(
            name,
            route.table.attributes[name],
            variables.take(_variable(name)),
            required=name in required,
            default=defaults.get(name, ""),
            counter=name in counters,
            index_key=name in index_keys,
            date=name == route.table.ttl,
        )
        for name in names
    )


def _variable(name: str) -> str:
    """Return a name of a VTL variable for an attribute."""
    return "new_" + (re.sub(r"[^A-Za-z0-9]+", "_", name).strip("_") or "attribute")


def _settable(route: ParsedRoute) -> list[str]:
    """Return the declared attributes without the key and the version, which the body cannot set."""
    taken = {*route.table.key_names, route.table.version}
    return [name for name in route.table.attributes if name not in taken]


def _parse_set(route: ParsedRoute, variables: UniqueNames) -> tuple[KeyValue, ...]:
    """Return the values of the option `set`."""
    settable = _settable(route)
    values = []
    for name, raw in route.entry.mapping("set", "{created_at: context.requestTimeEpoch}").items():
        kind = route.table.attributes.get(name, "")
        if name not in settable:
            problem = f"set has {name!r}, which a write to table {route.table.name!r} cannot set"
            route.add_error(problem, suggestion(name, settable))
        elif kind not in _SOURCED_TYPES:
            route.add_error(
                f"set has {name!r}, whose type is {kind}",
                f"read it from the body, or use one of the types {', '.join(_SOURCED_TYPES)}",
            )
        else:
            attribute = route.table.attribute(name)
            source = parse_typed_source(route, f"set {name!r}", raw, attribute)
            if source:
                values.append(KeyValue(variables.take(_variable(name)), attribute, source))
    return tuple(values)


def _parse_attributes(route: ParsedRoute, taken: list[str]) -> list[str]:
    """Return the names in the option `attributes`; by default all declared ones without those that `set` gives."""
    settable = [name for name in _settable(route) if name not in taken]
    return _parse_names(route, "attributes", settable) if route.entry.has("attributes") else settable


def _parse_names(route: ParsedRoute, option: str, known: list[str]) -> list[str]:
    """Return the known names that an option lists, in the order of the known ones."""
    raw = route.entry.options.get(option)
    if raw is None:
        return []
    if not isinstance(raw, list):
        example = raw if raw in known else ", ".join(known[:2]) or "status"
        route.add_error(f"{option} is not a list", f"write {option}: [{example}]")
        return []
    for name in raw:
        if name not in known:
            problem = f"{option} has {describe(name)}, which is not an attribute in the body"
            route.add_error(problem, suggestion(name, known))
    return [name for name in known if name in raw]


def _parse_defaults(route: ParsedRoute, known: list[str]) -> dict[str, str]:
    """Return the DynamoDB JSON of the option `defaults`, as text that VTL leaves unchanged."""
    defaults: dict[str, str] = {}
    for name, raw in route.entry.mapping("defaults", "{status: open}").items():
        if name not in known:
            problem = f"defaults has {name!r}, which is not an attribute in the body"
            route.add_error(problem, suggestion(name, known))
            continue
        kind = route.table.attribute(name).kind
        typed = dynamodb_json(raw, kind)
        if typed is None:
            remedy = DATE_REMEDY if kind == "date" else "correct it"
            route.add_error(f"the default of {name!r} must be {_DESCRIPTIONS[kind]}", remedy)
            continue
        # `$` and `#` occur only in JSON strings, which can escape them.
        defaults[name] = json.dumps(typed).replace("$", "\\u0024").replace("#", "\\u0023")
    return defaults


def _check_counters(route: ParsedRoute, counters: list[str]) -> None:
    for name in counters:
        kind = route.table.attribute(name).kind
        if kind != "N":
            of = "is a date" if kind == "date" else f"has the type {kind}"
            route.add_error(f"the counter {name!r} {of}", "use an attribute of type N")


def _body_members(values: Iterable[KeyValue]) -> list[str]:
    """Return the names of the body's members that the values are in."""
    return [value.source.name.partition(".")[0] for value in values if value.source.kind == "body"]
