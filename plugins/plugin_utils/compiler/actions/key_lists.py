# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Lists of keys that a caller sends: objects of key attributes (`keys: body.keys`), or texts joined by commas
(`keys: query.ids`)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from ..spec.entry import describe
from ..spec.sources import Source, parse_source
from ..spec.tables import KeyAttribute
from .keys import JSON_TYPES, SENT, body_of, has_source, leading_key, parameters_of, reject_unknown_keys, required_key
from .keys import written_keys as written
from .model import BodyMember, KeyValue, Parameter, ParsedRoute, RoutePlan
from .reads import parse_projection, parse_stripped

MAXIMUM = 100
"""The most items that one BatchGetItem or TransactGetItems takes: their pages of the API reference."""

_EACH = re.compile(r"(?P<prefix>[^{}]+)\{each\}|each")


@dataclass(frozen=True)
class KeyList:
    """Where the list comes from, how many keys it has at most, and the attributes that each of its elements has."""

    source: Source
    maximum: int
    each: tuple[KeyValue, ...]

    @property
    def label(self) -> str:
        """What a caller calls the list."""
        place = "query parameter {}" if self.source.kind == "query" else "list {} in the body"
        return "The " + place.format(self.source.name)

    @property
    def refusal(self) -> str:
        """What a caller is told whose list cannot be taken."""
        how = "joined by commas" if self.source.kind == "query" else "each an object"
        return f"{self.label} must have 1 to {self.maximum} keys, {how}"


def plan_of_keys(route: ParsedRoute, variables: dict[str, Any], **words: Any) -> RoutePlan | None:
    """The plan of an action that reads a list of keys; None where a mistake was noted."""
    fixed = _fixed_keys(route)
    keys = None if fixed is None else _parse_list(route, fixed)
    if fixed is None or keys is None:
        return None
    projection = parse_projection(route)
    hash_key = next(key for key in (*fixed, *keys.each) if key.attribute == route.hash_key)
    return RoutePlan(
        variables={
            "keys": fixed,
            "key_list": keys,
            "projection": projection,
            "stripped": parse_stripped(route, (*fixed, *keys.each), ()),
            **variables,
        },
        parameters=(*parameters_of(fixed), *_parameter(keys)),
        body=(*body_of(route, fixed, _member(keys)), *_member(keys)),
        projection=projection,
        leading_key=leading_key(route, hash_key),
        **words,
    )


def _fixed_keys(route: ParsedRoute) -> tuple[KeyValue, ...] | None:
    """The key attributes that all keys of the list have in common: those with a source that is not `each`."""
    reject_unknown_keys(route)
    attributes = [("hash_key", route.hash_key), ("range_key", route.range_key)]
    keys = [
        required_key(route, variable, key)
        for variable, key in attributes
        if key and has_source(route, key) and not _each(written(route).get(key.name))
    ]
    found = tuple(key for key in keys if key)
    return found if len(found) == len(keys) else None


def _each(raw: object) -> re.Match[str] | None:
    return _EACH.fullmatch(raw) if isinstance(raw, str) else None


def _parse_list(route: ParsedRoute, fixed: tuple[KeyValue, ...]) -> KeyList | None:
    raw = route.entry.required_text("keys", "body.keys")
    source = parse_source(route.entry, "keys", raw, route.method, route.path) if raw else None
    maximum = _parse_maximum(route)
    if source is None or maximum is None:
        return None
    attributes = [("hash_key", route.hash_key), ("range_key", route.range_key)]
    known = [key.attribute for key in fixed]
    each = [_of_each(route, variable, key) for variable, key in attributes if key and key not in known]
    if source.kind not in ("query", "body") or "." in source.name or source.prefix:
        route.entry.add_error(f"keys cannot come from {raw}", "write keys: body.keys, or keys: query.ids")
        return None
    if not each or (source.kind == "query" and len(each) > 1):
        count = "no key attribute" if not each else "two key attributes"
        route.entry.add_error(
            f"{count} would come from {source}", "give the other key attribute a source under key, or use body.keys"
        )
        return None
    return KeyList(source, maximum, tuple(each))


def _of_each(route: ParsedRoute, variable: str, attribute: KeyAttribute) -> KeyValue:
    match = _each(written(route).get(attribute.name))
    prefix = (match["prefix"] or "") if match else ""
    if prefix and attribute.type != "S":
        route.entry.add_error(
            f"key {attribute.name!r} has the prefix {prefix!r}, but its type is {attribute.type}",
            "remove the prefix",
        )
    return KeyValue(variable, attribute, Source("each", attribute.name, prefix))


def _parse_maximum(route: ParsedRoute) -> int | None:
    raw = route.entry.value("maximum", MAXIMUM)
    text = str(raw)
    if isinstance(raw, (int, str)) and text.isascii() and text.isdigit() and 1 <= int(text) <= MAXIMUM:
        return int(text)
    route.entry.add_error(f"maximum is {describe(raw)}", f"write a whole number from 1 to {MAXIMUM}")
    return None


def _parameter(keys: KeyList) -> tuple[Parameter, ...]:
    if keys.source.kind != "query":
        return ()
    text = f"1 to {keys.maximum} values of {keys.each[0].attribute.name}, joined by commas."
    return (Parameter("query", keys.source.name, text, example=SENT[keys.each[0].attribute.kind]),)


def _member(keys: KeyList) -> tuple[BodyMember, ...]:
    if keys.source.kind != "body":
        return ()
    members = tuple(BodyMember((key.attribute.name,), JSON_TYPES[key.attribute.type]) for key in keys.each)
    return (BodyMember((keys.source.name,), "array", items=members, maximum=keys.maximum),)
