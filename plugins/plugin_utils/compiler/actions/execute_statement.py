# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""ExecuteStatement: a PartiQL statement that is always the same, with a source for each of its question marks."""

from __future__ import annotations

import re
from typing import Any

from ..spec.mistakes import suggestion
from ..spec.tables import KeyAttribute
from .keys import body_of, parameters_of, read_typed_source
from .model import Action, KeyValue, Plan, Subject
from .pages import NEXT, Limit, read_limit
from .query import refuse_reserved_parameters
from .reads import read_consistent
from .writes import PRECONDITION, TOO_LARGE

_VERBS = ("SELECT", "INSERT", "UPDATE", "DELETE")
_NAME = r"(?:\"([^\"]+)\"|([A-Za-z0-9_]+))"
_TARGET = re.compile(rf"\b(?:FROM|INTO|UPDATE)\s+{_NAME}(?:\.{_NAME})?", re.IGNORECASE)
_TYPES = ("S", "N", "B", "BOOL")
_ANSWERS = {"409": "A condition failed, or there is such an item already.", **PRECONDITION, **TOO_LARGE}


def plan(subject: Subject) -> Plan | None:
    """The plan of an ExecuteStatement; None where a mistake was noted."""
    if subject.own_request:
        return Plan(
            variables={}, parameters=(), body=(), result="selection", answers=_ANSWERS, permissions=_all_permissions()
        )
    statement = subject.entry.required_text("statement", "'SELECT * FROM \"orders\" WHERE customer = ?'")
    values = _read_parameters(subject)
    limit = read_limit(subject)
    if statement is None or values is None or limit is None:
        return None
    verb = statement.split()[0].upper()
    _check(subject, statement, verb, len(values))
    refuse_reserved_parameters(subject, values, None)
    return _plan(subject, statement, verb, values, limit)


def _plan(subject: Subject, statement: str, verb: str, values: tuple[KeyValue, ...], limit: Limit) -> Plan:
    """Only what is selected has pages."""
    selects = verb == "SELECT"
    page = (*limit.parameters, NEXT) if selects else ()
    return Plan(
        variables={
            "statement": statement.strip(),
            "keys": values,
            "limit": limit if selects else None,
            "consistent": read_consistent(subject),
        },
        parameters=(*parameters_of(values), *page),
        body=body_of(subject, values),
        result="selection",
        answers={} if selects else _ANSWERS,
        permissions=(f"PartiQL{verb.capitalize()}",),
    )


def _all_permissions() -> tuple[str, ...]:
    return tuple(f"PartiQL{verb.capitalize()}" for verb in _VERBS)


def _read_parameters(subject: Subject) -> tuple[KeyValue, ...] | None:
    raw = subject.entry.value("parameters", [])
    if not isinstance(raw, list):
        subject.entry.mistake("parameters is no list", "write parameters: [{S: path.customer}]")
        return None
    values = [_read_parameter(subject, at, one) for at, one in enumerate(raw)]
    found = tuple(value for value in values if value)
    return found if len(found) == len(values) else None


def _read_parameter(subject: Subject, at: int, raw: Any) -> KeyValue | None:
    what = f"parameters[{at}]"
    if not isinstance(raw, dict) or len(raw) != 1 or next(iter(raw)) not in _TYPES:
        subject.entry.mistake(
            f"{what} is no source with its type", "write {S: path.customer}, with one of the types " + ", ".join(_TYPES)
        )
        return None
    ((kind, source),) = raw.items()
    attribute = KeyAttribute(what, kind)
    read = read_typed_source(subject, what, source, attribute)
    return None if read is None else KeyValue(f"parameter_{at}", attribute, read)


def _check(subject: Subject, statement: str, verb: str, values: int) -> None:
    if verb not in _VERBS:
        subject.entry.mistake(f"the statement begins with {verb}", suggestion(verb, _VERBS))
        return
    outside = re.sub(r"'[^']*'|\"[^\"]*\"", "", statement)
    if outside.count("?") != values:
        subject.entry.mistake(
            f"question marks in the statement: {outside.count('?')}, but parameters: {values}",
            "write a source for each question mark, as in parameters: [{S: path.customer}]",
        )
    _check_target(subject, statement)


def _check_target(subject: Subject, statement: str) -> None:
    """The statement names the table and the index of the route, as the policy allows these alone."""
    target = _TARGET.search(re.sub(r"'[^']*'", "''", statement))
    table, index = (target[1] or target[2], target[3] or target[4]) if target else (None, None)
    if table != subject.table.name:
        subject.entry.mistake(
            f"the statement names the table {table!r}", f'write "{subject.table.name}" in it, or table: {table}'
        )
    wanted = subject.index.name if subject.index else None
    if index != wanted:
        subject.entry.mistake(
            f"the statement reads index {index!r}, and the route has {wanted!r}",
            f"write index: {index}" if index else "leave index out",
        )


EXECUTE_STATEMENT = Action(
    name="ExecuteStatement",
    words=("index", "statement", "parameters", "consistent", "limit"),
    uses_index=True,
    plan=plan,
)
