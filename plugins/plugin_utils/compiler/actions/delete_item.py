# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""DeleteItem: take one item away."""

from __future__ import annotations

from ..spec.entry import described
from .keys import body_of, leading_key, parameters_of, whole_key
from .model import Action, KeyValue, Plan, Subject
from .reads import read_stripped
from .writes import (
    CONFLICT,
    MISSING,
    NOT_SEEN,
    PRECONDITION,
    precondition_parameters,
    precondition_variables,
    read_exists,
)


def plan(subject: Subject) -> Plan | None:
    """The plan of a DeleteItem; None where a mistake was noted."""
    exists = read_exists(subject, "any")
    if exists == "must_not":
        subject.entry.mistake("exists is false, but what is not there cannot be deleted", "write true, or leave it out")
    returns_old = _read_returns(subject)
    success = "200" if returns_old else "204"
    if subject.own_request:
        variables = {"stripped": (), "returns_old": False}
        return Plan(
            variables=variables, parameters=(), body=(), result="", success="204", answers={**CONFLICT, **PRECONDITION}
        )
    keys = whole_key(subject)
    return None if keys is None else _plan(subject, exists, keys, returns_old, success)


def _read_returns(subject: Subject) -> bool:
    raw = subject.entry.words.get("returns")
    if raw not in (None, "old"):
        subject.entry.mistake(f"returns is {described(raw)}", "write returns: old, or leave it out")
    return raw == "old"


def _plan(subject: Subject, exists: str, keys: tuple[KeyValue, ...], returns_old: bool, success: str) -> Plan:
    return Plan(
        variables={
            **precondition_variables(subject, exists),
            "keys": keys,
            "returns_old": returns_old,
            "stripped": read_stripped(subject, keys, ()) if returns_old else (),
        },
        parameters=(*parameters_of(keys), *precondition_parameters(subject)),
        body=body_of(subject, keys),
        result="item" if returns_old else "",
        success=success,
        answers={
            **(MISSING if exists == "must" or returns_old else {}),
            **(NOT_SEEN if subject.table.version else {}),
        },
        leading_key=leading_key(subject, keys[0]),
    )


DELETE_ITEM = Action(name="DeleteItem", words=("key", "exists", "returns", "strip_prefix"), uses_index=False, plan=plan)
