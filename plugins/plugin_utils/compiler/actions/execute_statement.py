# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""ExecuteStatement: a PartiQL statement that is always the same, with a source for each of its question marks."""

from __future__ import annotations

import re
from typing import Any

from ..spec.errors import suggestion
from ..spec.tables import KeyAttribute
from .keys import body_of, parameters_of, parse_typed_source
from .model import Action, KeyValue, ParsedRoute, RoutePlan
from .pages import NEXT, Limit, parse_limit
from .query import reject_reserved_parameters
from .reads import parse_consistent
from .writes import PRECONDITION, TOO_LARGE

_VERBS = ("SELECT", "INSERT", "UPDATE", "DELETE")
_NAME = r"(?:\"([^\"]+)\"|([A-Za-z0-9_]+))"
_TARGET = re.compile(rf"\b(?:FROM|INTO|UPDATE)\s+{_NAME}(?:\.{_NAME})?", re.IGNORECASE)
_TYPES = ("S", "N", "B", "BOOL")
_RESPONSES = {"409": "A condition failed, or there is such an item already.", **PRECONDITION, **TOO_LARGE}


def plan(route: ParsedRoute) -> RoutePlan | None:
    """The plan of an ExecuteStatement; None where a mistake was noted."""
    if route.custom_request:
        return RoutePlan(
            variables={},
            parameters=(),
            body=(),
            result="selection",
            responses=_RESPONSES,
            permissions=_all_permissions(),
        )
    statement = route.entry.required_text("statement", "'SELECT * FROM \"orders\" WHERE customer = ?'")
    values = _parse_parameters(route)
    limit = parse_limit(route)
    if statement is None or values is None or limit is None:
        return None
    verb = statement.split()[0].upper()
    _check(route, statement, verb, len(values))
    reject_reserved_parameters(route, values, None)
    return _plan(route, statement, verb, values, limit)


def _plan(route: ParsedRoute, statement: str, verb: str, values: tuple[KeyValue, ...], limit: Limit) -> RoutePlan:
    """Only what is selected has pages."""
    selects = verb == "SELECT"
    page = (*limit.parameters, NEXT) if selects else ()
    return RoutePlan(
        variables={
            "statement": statement.strip(),
            "keys": values,
            "limit": limit if selects else None,
            "consistent": parse_consistent(route),
        },
        parameters=(*parameters_of(values), *page),
        body=body_of(route, values),
        result="selection",
        responses={} if selects else _RESPONSES,
        permissions=(f"PartiQL{verb.capitalize()}",),
    )


def _all_permissions() -> tuple[str, ...]:
    return tuple(f"PartiQL{verb.capitalize()}" for verb in _VERBS)


def _parse_parameters(route: ParsedRoute) -> tuple[KeyValue, ...] | None:
    raw = route.entry.value("parameters", [])
    if not isinstance(raw, list):
        route.entry.add_error("parameters is not a list", "write parameters: [{S: path.customer}]")
        return None
    values = [_parse_parameter(route, at, one) for at, one in enumerate(raw)]
    found = tuple(value for value in values if value)
    return found if len(found) == len(values) else None


def _parse_parameter(route: ParsedRoute, at: int, raw: Any) -> KeyValue | None:
    what = f"parameters[{at}]"
    if not isinstance(raw, dict) or len(raw) != 1 or next(iter(raw)) not in _TYPES:
        route.entry.add_error(
            f"{what} is not a source with its type",
            "write {S: path.customer}, with one of the types " + ", ".join(_TYPES),
        )
        return None
    ((kind, source),) = raw.items()
    attribute = KeyAttribute(what, kind)
    read = parse_typed_source(route, what, source, attribute)
    return None if read is None else KeyValue(f"parameter_{at}", attribute, read)


def _check(route: ParsedRoute, statement: str, verb: str, values: int) -> None:
    if verb not in _VERBS:
        route.entry.add_error(f"the statement starts with {verb}", suggestion(verb, _VERBS))
        return
    outside = re.sub(r"'[^']*'|\"[^\"]*\"", "", statement)
    if outside.count("?") != values:
        route.entry.add_error(
            f"the statement has {outside.count('?')} question marks, but parameters has {values} sources",
            "write a source for each question mark, as in parameters: [{S: path.customer}]",
        )
    _check_target(route, statement)


def _check_target(route: ParsedRoute, statement: str) -> None:
    """The statement names the table and the index of the route, as the policy allows these alone."""
    target = _TARGET.search(re.sub(r"'[^']*'", "''", statement))
    table, index = (target[1] or target[2], target[3] or target[4]) if target else (None, None)
    if table != route.table.name:
        route.entry.add_error(
            f"the statement uses table {table!r}", f'write "{route.table.name}" in it, or table: {table}'
        )
    wanted = route.index.name if route.index else None
    if index != wanted:
        route.entry.add_error(
            f"the statement uses index {index!r}, but the route has {wanted!r}",
            f"write index: {index}" if index else "leave index out",
        )


EXECUTE_STATEMENT = Action(
    name="ExecuteStatement",
    options=("index", "statement", "parameters", "consistent", "limit"),
    uses_index=True,
    plan=plan,
)
