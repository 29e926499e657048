# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""ExecuteStatement: a constant PartiQL statement with a source for each question mark."""

from __future__ import annotations

import re
from typing import Any

from ..spec.errors import suggestion
from ..spec.tables import KeyAttribute
from .model import Action, KeyValue, ParsedRoute, RouteParts, all_or_none
from .pages import NEXT, Limit, parse_limit, reject_page_parameters
from .preconditions import PRECONDITION, TOO_LARGE
from .read_options import parse_consistent
from .request_values import body_of, parameters_of
from .typed_sources import parse_typed_source

_VERBS = ("SELECT", "INSERT", "UPDATE", "DELETE")
_NAME = r"(?:\"([^\"]+)\"|([A-Za-z0-9_]+))"
_TARGET = re.compile(rf"\b(?:FROM|INTO|UPDATE)\s+{_NAME}(?:\.{_NAME})?", re.IGNORECASE)
_TYPES = ("S", "N", "B", "BOOL")
_RESPONSES = {"409": "A condition failed, or there is such an item already.", **PRECONDITION, **TOO_LARGE}


def build(route: ParsedRoute) -> RouteParts | None:
    """Return the parts of a route with the action ExecuteStatement; None after an error."""
    if route.custom_request:
        permissions = tuple(map(_permission, _VERBS))
        return RouteParts(variables={}, result="selection", responses=_RESPONSES, permissions=permissions)
    statement = route.entry.required_text("statement", "'SELECT * FROM \"orders\" WHERE customer = ?'")
    values = _parse_parameters(route)
    limit = parse_limit(route)
    if statement is None or values is None or limit is None:
        return None
    verb = statement.split()[0].upper()
    _check_statement(route, statement, verb, len(values))
    reject_page_parameters(route, values)
    return _build(route, statement, verb, values, limit)


def _build(route: ParsedRoute, statement: str, verb: str, values: tuple[KeyValue, ...], limit: Limit) -> RouteParts:
    """Return the parts of the route. Only the result of a SELECT has pages."""
    selects = verb == "SELECT"
    return RouteParts(
        variables={
            "statement": statement.strip(),
            "keys": values,
            "limit": limit if selects else None,
            "consistent": parse_consistent(route),
        },
        parameters=(*parameters_of(values), *((*limit.parameters, NEXT) if selects else ())),
        body=body_of(route, values),
        result="selection",
        responses={} if selects else _RESPONSES,
        permissions=(_permission(verb),),
    )


def _permission(verb: str) -> str:
    return f"PartiQL{verb.capitalize()}"


def _parse_parameters(route: ParsedRoute) -> tuple[KeyValue, ...] | None:
    raw = route.entry.value("parameters", [])
    if not isinstance(raw, list):
        route.add_error("parameters is not a list", "write parameters: [{S: path.customer}]")
        return None
    return all_or_none([_parse_parameter(route, at, one) for at, one in enumerate(raw)])


def _parse_parameter(route: ParsedRoute, at: int, raw: Any) -> KeyValue | None:
    label = f"parameters[{at}]"
    if not isinstance(raw, dict) or len(raw) != 1 or next(iter(raw)) not in _TYPES:
        route.add_error(
            f"{label} is not a source with its type",
            "write {S: path.customer}, with one of the types " + ", ".join(_TYPES),
        )
        return None
    ((kind, raw_source),) = raw.items()
    attribute = KeyAttribute(label, kind)
    source = parse_typed_source(route, label, raw_source, attribute)
    return None if source is None else KeyValue(f"parameter_{at}", attribute, source)


def _check_statement(route: ParsedRoute, statement: str, verb: str, values: int) -> None:
    """Add the errors of a statement with this number of `values`."""
    if verb not in _VERBS:
        route.add_error(f"the statement starts with {verb}", suggestion(verb, _VERBS))
        return
    outside_quotes = re.sub(r"'[^']*'|\"[^\"]*\"", "", statement)
    if outside_quotes.count("?") != values:
        route.add_error(
            f"the statement has {outside_quotes.count('?')} question marks, but parameters has {values} sources",
            "write a source for each question mark, as in parameters: [{S: path.customer}]",
        )
    _check_target(route, statement)


def _check_target(route: ParsedRoute, statement: str) -> None:
    """Add an error unless the statement uses the table and index of the route, the only ones that the policy allows."""
    target = _TARGET.search(re.sub(r"'[^']*'", "''", statement))
    table, index = (target[1] or target[2], target[3] or target[4]) if target else (None, None)
    if table != route.table.name:
        used = f"table {table!r}" if table else "no table"
        route.add_error(f"the statement uses {used}", f'write "{route.table.name}" in it, or table: {table}')
    declared = route.index.name if route.index else None
    if index != declared:
        route.add_error(
            f"the statement uses {_describe_index(index)}, but the route has {_describe_index(declared)}",
            f"write index: {index}" if index else "leave index out",
        )


def _describe_index(name: str | None) -> str:
    return f"index {name!r}" if name else "no index"


EXECUTE_STATEMENT = Action(
    name="ExecuteStatement",
    options=("index", "statement", "parameters", "consistent", "limit"),
    uses_index=True,
    build=build,
)
