# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Conditions on attributes, of a key or of a filter: `{ge: query.since, optional: true}`.

The operators are those of "Condition and filter expressions" in DynamoDB's Developer Guide.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ansible_collections.codeless.apigateway.plugins.module_utils._dynamodb.attribute_types import (
    KEY_TYPES,
    SET_ELEMENTS,
)

from ..spec.entry import describe
from ..spec.errors import suggestion
from ..spec.sources import Source
from ..spec.tables import KeyAttribute
from .keys import parse_typed_source
from .model import KeyValue, ParsedRoute

_FORMS: Mapping[str, str] = {
    "eq": "{name} = {0}",
    "lt": "{name} < {0}",
    "le": "{name} <= {0}",
    "ge": "{name} >= {0}",
    "gt": "{name} > {0}",
    "between": "{name} BETWEEN {0} AND {1}",
    "begins_with": "begins_with({name}, {0})",
    "ne": "{name} <> {0}",
    "contains": "contains({name}, {0})",
    "exists": "attribute_exists({name})",
    "exists not": "attribute_not_exists({name})",
}
KEY_OPERATORS = ("eq", "lt", "le", "gt", "ge", "between", "begins_with")
FILTER_OPERATORS = (*KEY_OPERATORS, "ne", "contains", "exists")
_TYPES: Mapping[str, tuple[str, ...]] = {
    "eq": ("S", "N", "B", "BOOL"),
    "ne": ("S", "N", "B", "BOOL"),
    "begins_with": ("S", "B"),
    "contains": ("S", "SS", "NS", "BS"),
}
_OTHER_NAMES = {
    "=": "eq",
    "equals": "eq",
    "<": "lt",
    "<=": "le",
    "lte": "le",
    ">": "gt",
    ">=": "ge",
    "gte": "ge",
    "starts_with": "begins_with",
    "like": "contains",
}


@dataclass(frozen=True)
class Case:
    """One form of a condition: the values that it takes, and its text with their placeholders."""

    values: tuple[KeyValue, ...]
    text: str


@dataclass(frozen=True)
class Condition:
    """A condition on one attribute. `variable` is its placeholder: `#range_key` for range_key.

    The first of the `cases` whose values are all there holds. An `optional` condition is left out where there is none.
    """

    variable: str
    attribute: KeyAttribute
    operator: str
    values: tuple[KeyValue, ...]
    optional: bool
    cases: tuple[Case, ...]

    @property
    def fixes(self) -> KeyValue | None:
        """The one value that the attribute can have in what is found; None where it can have several."""
        return self.values[0] if self.operator == "eq" and not self.optional else None


def equal(value: KeyValue) -> Condition:
    """The condition that the attribute has this value."""
    return _condition(value.variable, value.attribute, "eq", (value,), optional=False)


def parse_condition(
    route: ParsedRoute, what: str, variable: str, attribute: KeyAttribute, raw: Any, operators: tuple[str, ...]
) -> Condition | None:
    """The condition in a source (equal to it) or in `{operator: source}`; None where a mistake was noted."""
    words = raw if isinstance(raw, dict) and set(raw) != {"value"} else {"eq": raw}
    named = [word for word in words if word != "optional"]
    optional = words.get("optional") or False
    if len(named) != 1:
        count = "several conditions, but takes one" if named else "no condition"
        route.entry.add_error(
            f"{what} has {count}", "write it like {ge: query.since}, or {between: [query.a, query.b]}"
        )
        return None
    if named[0] not in operators:
        route.entry.add_error(f"{what} has the unknown condition {named[0]!r}", _known_operators(named[0], operators))
        return None
    if not isinstance(optional, bool):
        route.entry.add_error(f"{what} has optional: {describe(optional)}", "write optional: true, or leave it out")
        return None
    return _parse_operands(route, what, variable, attribute, named[0], words[named[0]], optional)


def _known_operators(word: str, operators: tuple[str, ...]) -> str:
    """What to write for an unknown operator: some have other names elsewhere."""
    meant = _OTHER_NAMES.get(word)
    return f"write {meant} (known: {', '.join(operators)})" if meant in operators else suggestion(word, operators)


def _parse_operands(
    route: ParsedRoute, what: str, variable: str, attribute: KeyAttribute, operator: str, raw: Any, optional: bool
) -> Condition | None:
    if operator == "exists":
        return _parse_exists(route, what, variable, attribute, raw, optional)
    if attribute.type not in _TYPES.get(operator, KEY_TYPES):
        route.entry.add_error(
            f"{what} uses {operator}, which does not take the type {attribute.type}",
            "use an operator that takes the type",
        )
        return None
    names = (f"{variable}_from", f"{variable}_to") if operator == "between" else (variable,)
    raws = raw if operator == "between" else [raw]
    if not isinstance(raws, list) or len(raws) != len(names):
        route.entry.add_error(f"{what}: between takes two sources", "write {between: [query.from, query.to]}")
        return None
    element = KeyAttribute(attribute.name, SET_ELEMENTS.get(attribute.type, attribute.type), attribute.date)
    sources = [parse_typed_source(route, what, one, element) for one in raws]
    found = [source for source in sources if source]
    if len(found) < len(names) or (optional and not _may_be_left_out(route, what, operator, found)):
        return None
    values = tuple(KeyValue(name, element, source, optional) for name, source in zip(names, found, strict=True))
    dropped = optional and not any(source.prefix for source in found)
    return _condition(variable, attribute, operator, values, optional=dropped)


def _parse_exists(
    route: ParsedRoute, what: str, variable: str, attribute: KeyAttribute, raw: Any, optional: bool
) -> Condition | None:
    if isinstance(raw, bool) and not optional:
        return _condition(variable, attribute, "exists" if raw else "exists not", (), optional=False)
    route.entry.add_error(f"{what}: exists takes true or false, and cannot be optional", "write {exists: true}")
    return None


def _may_be_left_out(route: ParsedRoute, what: str, operator: str, sources: list[Source]) -> bool:
    """A caller cannot leave out a literal or a part of the path.

    A prefix says which items a route may show: it stays where the caller's part of begins_with is left out, and the
    other operators have no form without that part.
    """
    if any(source.kind in ("value", "path") for source in sources):
        route.entry.add_error(
            f"{what} is optional, but its source always has a value", "remove optional, or use query.x"
        )
        return False
    if operator != "begins_with" and any(source.prefix for source in sources):
        route.entry.add_error(
            f"{what} is optional and has a prefix", "use begins_with, or remove the prefix or optional"
        )
        return False
    return True


def _condition(
    variable: str, attribute: KeyAttribute, operator: str, values: tuple[KeyValue, ...], *, optional: bool
) -> Condition:
    cases = [_case(variable, operator, values)]
    if operator == "between" and optional:
        cases += [_case(variable, "ge", values[:1]), _case(variable, "le", values[1:])]
    return Condition(variable, attribute, operator, values, optional, tuple(cases))


def _case(variable: str, operator: str, values: tuple[KeyValue, ...]) -> Case:
    placeholders = [f":{value.variable}" for value in values]
    return Case(values, _FORMS[operator].format(*placeholders, name=f"#{variable}"))
