# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Conditions on attributes in the options `key` and `filter`: `{ge: query.since, optional: true}`.

The operators are those of "Condition and filter expressions" in DynamoDB's Developer Guide.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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
from .model import KeyValue, ParsedRoute, all_or_none
from .typed_sources import parse_typed_source

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
    """One form of a condition: its values, and its expression with their placeholders."""

    values: tuple[KeyValue, ...]
    text: str


@dataclass(frozen=True)
class Condition:
    """A condition on one attribute. `variable` is its placeholder: `#range_key` for range_key.

    The first of the `cases` with all values applies. An `optional` condition is omitted if none of them applies.
    """

    variable: str
    attribute: KeyAttribute
    operator: str
    values: tuple[KeyValue, ...]
    optional: bool
    cases: tuple[Case, ...]

    @property
    def fixes(self) -> KeyValue | None:
        """Return the only value that the attribute can have in the result; None if several values are possible."""
        return self.values[0] if self.operator == "eq" and not self.optional else None


def equal(value: KeyValue) -> Condition:
    """Return the condition that the attribute has this value."""
    return _condition(value.variable, value.attribute, "eq", (value,), optional=False)


def values_of(conditions: Iterable[Condition]) -> tuple[KeyValue, ...]:
    """Return the values of all conditions, in their order."""
    return tuple(value for condition in conditions for value in condition.values)


def parse_condition(
    route: ParsedRoute, label: str, variable: str, attribute: KeyAttribute, raw: Any, operators: tuple[str, ...]
) -> Condition | None:
    """Return the condition in `{operator: source}`, or equality with a plain source; None after an error."""
    options = raw if isinstance(raw, dict) and set(raw) != {"value"} else {"eq": raw}
    named = [option for option in options if option != "optional"]
    optional = options.get("optional") or False
    if len(named) != 1:
        count = "several conditions, but takes one" if named else "no condition"
        route.add_error(f"{label} has {count}", "write it like {ge: query.since}, or {between: [query.a, query.b]}")
        return None
    if named[0] not in operators:
        route.add_error(f"{label} has the unknown condition {named[0]!r}", _operator_remedy(named[0], operators))
        return None
    if not isinstance(optional, bool):
        route.add_error(f"{label} has optional: {describe(optional)}", "write optional: true, or leave it out")
        return None
    if named[0] == "exists":
        return _parse_exists(route, label, variable, attribute, options["exists"], optional)
    return _parse_operands(route, label, variable, attribute, named[0], options[named[0]], optional)


def _operator_remedy(unknown: str, operators: tuple[str, ...]) -> str:
    """Return what to write for an unknown operator, which can be the name that another tool uses."""
    meant = _OTHER_NAMES.get(unknown)
    return f"write {meant} (known: {', '.join(operators)})" if meant in operators else suggestion(unknown, operators)


def _parse_operands(
    route: ParsedRoute, label: str, variable: str, attribute: KeyAttribute, operator: str, raw: Any, optional: bool
) -> Condition | None:
    if attribute.type not in _TYPES.get(operator, KEY_TYPES):
        problem = f"{label} uses {operator}, which does not take the type {attribute.type}"
        route.add_error(problem, "use an operator that takes the type")
        return None
    variables = (f"{variable}_from", f"{variable}_to") if operator == "between" else (variable,)
    raws = raw if operator == "between" else [raw]
    if not isinstance(raws, list) or len(raws) != len(variables):
        route.add_error(f"{label}: between takes two sources", "write {between: [query.from, query.to]}")
        return None
    element = KeyAttribute(attribute.name, SET_ELEMENTS.get(attribute.type, attribute.type), attribute.date)
    sources = all_or_none([parse_typed_source(route, label, one, element) for one in raws])
    if sources is None or (optional and not _can_be_optional(route, label, operator, sources)):
        return None
    values = tuple(KeyValue(name, element, source, optional) for name, source in zip(variables, sources, strict=True))
    is_omitted = optional and not any(source.prefix for source in sources)
    return _condition(variable, attribute, operator, values, optional=is_omitted)


def _parse_exists(
    route: ParsedRoute, label: str, variable: str, attribute: KeyAttribute, raw: Any, optional: bool
) -> Condition | None:
    if isinstance(raw, bool) and not optional:
        return _condition(variable, attribute, "exists" if raw else "exists not", (), optional=False)
    route.add_error(f"{label}: exists takes true or false, and cannot be optional", "write {exists: true}")
    return None


def _can_be_optional(route: ParsedRoute, label: str, operator: str, sources: tuple[Source, ...]) -> bool:
    """Return whether a caller can omit the values; add an error otherwise.

    A literal and a part of the path always have a value. A prefix restricts which items a route returns, so it has to
    stay when the caller omits the rest. Only begins_with has a form for that.
    """
    if any(source.kind in ("value", "path") for source in sources):
        route.add_error(f"{label} is optional, but its source always has a value", "remove optional, or use query.x")
        return False
    if operator != "begins_with" and any(source.prefix for source in sources):
        route.add_error(f"{label} is optional and has a prefix", "use begins_with, or remove the prefix or optional")
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
