# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Lists of keys that a caller sends: objects of key attributes (`keys: body.keys`), or text separated by commas
(`keys: query.ids`)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from ..spec.entry import describe
from ..spec.sources import Source, parse_source
from ..spec.tables import KeyAttribute
from .keys import declared_sources, has_source, leading_key, parse_key, reject_unknown_keys
from .model import BodyMember, KeyValue, Parameter, ParsedRoute, RouteParts, all_or_none
from .read_options import parse_projection
from .request_values import EXAMPLE_VALUES, JSON_TYPES, body_of, parameters_of
from .strip_prefix import parse_strip_prefix

MAXIMUM = 100
"""The maximum number of items of a BatchGetItem or TransactGetItems, from their pages of the API reference."""

_EACH = re.compile(r"(?P<prefix>[^{}]+)\{each\}|each")


@dataclass(frozen=True)
class KeyList:
    """A list of keys: its source, its maximum length, and the key attributes that each element has."""

    source: Source
    maximum: int
    each: tuple[KeyValue, ...]

    @property
    def label(self) -> str:
        """Return the name of the list in error messages for callers."""
        place = "query parameter {}" if self.source.kind == "query" else "list {} in the body"
        return "The " + place.format(self.source.name)

    @property
    def refusal(self) -> str:
        """Return the error message for an invalid list."""
        how = "joined by commas" if self.source.kind == "query" else "each an object"
        return f"{self.label} must have 1 to {self.maximum} keys, {how}"


def build_key_list(route: ParsedRoute, variables: dict[str, Any], **fields: Any) -> RouteParts | None:
    """Return the parts of a route that reads a list of keys; None after an error.

    `variables` are further variables of the templates, `fields` further parts.
    """
    shared = _parse_shared_keys(route)
    keys = None if shared is None else _parse_list(route, shared)
    if shared is None or keys is None:
        return None
    projection = parse_projection(route)
    whole_key = (*shared, *keys.each)
    hash_key = next(key for key in whole_key if key.attribute == route.hash_key)
    return RouteParts(
        variables={
            "keys": shared,
            "key_list": keys,
            "projection": projection,
            "stripped": parse_strip_prefix(route, whole_key),
            **variables,
        },
        parameters=(*parameters_of(shared), *_parameters(keys)),
        body=(*body_of(route, shared, _members(keys)), *_members(keys)),
        projection=projection,
        leading_key=leading_key(route, hash_key),
        **fields,
    )


def _parse_shared_keys(route: ParsedRoute) -> tuple[KeyValue, ...] | None:
    """Return the key attributes with a source other than `each`, which all keys of the list share."""
    reject_unknown_keys(route)
    return all_or_none(
        [
            parse_key(route, variable, key)
            for variable, key in route.key_attributes
            if has_source(route, key) and not _match_each(declared_sources(route).get(key.name))
        ]
    )


def _match_each(raw: object) -> re.Match[str] | None:
    return _EACH.fullmatch(raw) if isinstance(raw, str) else None


def _parse_list(route: ParsedRoute, shared: tuple[KeyValue, ...]) -> KeyList | None:
    raw = route.entry.required_text("keys", "body.keys")
    source = parse_source(route.entry, "keys", raw, route.method, route.path) if raw else None
    maximum = _parse_maximum(route)
    if source is None or maximum is None:
        return None
    known = [key.attribute for key in shared]
    each = [_key_of_each(route, variable, key) for variable, key in route.key_attributes if key not in known]
    if source.kind not in ("query", "body") or "." in source.name or source.prefix:
        route.add_error(f"keys cannot come from {raw}", "write keys: body.keys, or keys: query.ids")
        return None
    if not each or (source.kind == "query" and len(each) > 1):
        count = "no key attribute" if not each else "two key attributes"
        route.add_error(
            f"{count} would come from {source}", "give the other key attribute a source under key, or use body.keys"
        )
        return None
    return KeyList(source, maximum, tuple(each))


def _key_of_each(route: ParsedRoute, variable: str, attribute: KeyAttribute) -> KeyValue:
    match = _match_each(declared_sources(route).get(attribute.name))
    prefix = (match["prefix"] or "") if match else ""
    if prefix and attribute.type != "S":
        route.add_error(
            f"key {attribute.name!r} has the prefix {prefix!r}, but its type is {attribute.type}", "remove the prefix"
        )
    return KeyValue(variable, attribute, Source("each", attribute.name, prefix))


def _parse_maximum(route: ParsedRoute) -> int | None:
    raw = route.entry.value("maximum", MAXIMUM)
    text = str(raw)
    if isinstance(raw, (int, str)) and text.isascii() and text.isdigit() and 1 <= int(text) <= MAXIMUM:
        return int(text)
    route.add_error(f"maximum is {describe(raw)}", f"write a whole number from 1 to {MAXIMUM}")
    return None


def _parameters(keys: KeyList) -> tuple[Parameter, ...]:
    if keys.source.kind != "query":
        return ()
    attribute = keys.each[0].attribute
    text = f"1 to {keys.maximum} values of {attribute.name}, joined by commas."
    return (Parameter("query", keys.source.name, text, example=EXAMPLE_VALUES[attribute.kind]),)


def _members(keys: KeyList) -> tuple[BodyMember, ...]:
    if keys.source.kind != "body":
        return ()
    members = tuple(BodyMember((key.attribute.name,), JSON_TYPES[key.attribute.type]) for key in keys.each)
    return (BodyMember((keys.source.name,), "array", items=members, maximum=keys.maximum),)
