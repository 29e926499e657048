# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""PutItem: one whole item from the body, new or in place of the old one."""

from __future__ import annotations

from .item_attributes import ItemAttributes, members_of, read_item_attributes
from .keys import body_of, leading_key, parameters_of, whole_key
from .model import Action, BodyMember, KeyValue, Plan, Subject
from .reads import Stripped, read_stripped
from .writes import (
    CONFLICT,
    MISSING,
    NOT_SEEN,
    PRECONDITION,
    TOO_LARGE,
    precondition_parameters,
    precondition_variables,
    read_exists,
)


def plan(subject: Subject) -> Plan | None:
    """The plan of a PutItem; None where a mistake was noted."""
    exists = read_exists(subject, "must_not" if subject.method == "POST" else "any")
    if subject.own_request:
        return _own_request()
    keys = whole_key(subject)
    attributes = read_item_attributes(subject, keys or (), versioned=exists != "must_not")
    if keys is None or attributes is None:
        return None
    return _plan(subject, exists, keys, attributes)


def _own_request() -> Plan:
    return Plan(
        variables={"location": None, "keys": (), "version": "", "stripped": ()},
        parameters=(),
        body=(),
        result="",
        success="204",
        answers={**CONFLICT, **PRECONDITION, **TOO_LARGE},
    )


def _plan(subject: Subject, exists: str, keys: tuple[KeyValue, ...], attributes: ItemAttributes) -> Plan:
    success = "201" if exists == "must_not" else "204"
    return Plan(
        variables={
            **precondition_variables(subject, exists),
            "keys": keys,
            "sourced": attributes.sourced,
            "attributes": attributes.from_body,
            "known": attributes.known,
            "location": None,
            "stripped": _read_stripped(subject, keys, success),
        },
        parameters=(
            *parameters_of(keys + attributes.sourced),
            *(precondition_parameters(subject, creates=True) if exists != "must_not" else ()),
        ),
        body=item_body(subject, keys, attributes),
        closed_body=True,
        result="key" if success == "201" else "",
        success=success,
        answers=_answers(subject, exists),
        leading_key=leading_key(subject, keys[0]),
    )


def item_body(
    subject: Subject, keys: tuple[KeyValue, ...], attributes: ItemAttributes, *, nullable: bool = False
) -> tuple[BodyMember, ...]:
    """The members of the body: the attributes, and where keys or other values come from it, those."""
    members = members_of(attributes, nullable=nullable)
    return (*members, *body_of(subject, keys + attributes.sourced, members))


def _read_stripped(subject: Subject, keys: tuple[KeyValue, ...], success: str) -> tuple[Stripped, ...]:
    if success != "201" and subject.entry.has("strip_prefix"):
        subject.entry.mistake("strip_prefix has no effect, because 204 has no body", "leave strip_prefix out")
        return ()
    return read_stripped(subject, keys, ())


def _answers(subject: Subject, exists: str) -> dict[str, str]:
    versions = bool(subject.table.version) and exists != "must_not"
    return {
        **(MISSING if exists == "must" else {}),
        **({**CONFLICT, **PRECONDITION} if exists == "must_not" or versions else {}),
        **(NOT_SEEN if versions else {}),
        **TOO_LARGE,
    }


PUT_ITEM = Action(
    name="PutItem",
    words=("key", "attributes", "required", "defaults", "set", "exists", "strip_prefix"),
    uses_index=False,
    plan=plan,
)
