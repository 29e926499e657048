# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Parse the source of a value whose attribute type is known."""

from __future__ import annotations

from typing import Any

from ..spec.patterns import is_key_value, seconds_of
from ..spec.sources import Source, parse_source
from ..spec.tables import KeyAttribute
from .model import ParsedRoute

DATE_REMEDY = 'write a date and time in UTC, in quotes: "2026-01-31T12:00:00Z"'


def parse_typed_source(route: ParsedRoute, label: str, raw: Any, attribute: KeyAttribute) -> Source | None:
    """Return the source of a value of the attribute's type; None after an error. `label` names it in errors."""
    if attribute.type == "BOOL" and isinstance(raw, dict) and isinstance(raw.get("value"), bool):
        raw = {**raw, "value": str(raw["value"]).lower()}  # a source has its literal as text
    source = parse_source(route.entry, label, raw, route.method, route.path)
    if source is None:
        return None
    if source.kind == "value":
        return _typed_literal(route, label, source, attribute)
    if source.kind == "context" and attribute.date:
        route.add_error(f"{label} comes from {source}, which is not a date", "read it from body.x, query.x or header.x")
        return None
    if source.prefix and attribute.type != "S":
        route.add_error(
            f"{label} has the prefix {source.prefix!r}, but its type is {attribute.type}", "remove the prefix"
        )
        return None
    return source


def _typed_literal(route: ParsedRoute, label: str, source: Source, attribute: KeyAttribute) -> Source | None:
    """Return a literal as DynamoDB stores it: a date as its seconds. None after an error."""
    if is_key_value(source.name, attribute.kind):
        return Source("value", str(seconds_of(source.name))) if attribute.date else source
    if attribute.date:
        route.add_error(f"{label} is {source.name!r}, which is not a date", DATE_REMEDY)
    else:
        route.add_error(f"{label} is {source.name!r}, which is not a value of type {attribute.type}", "correct it")
    return None
