# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""UpdateItem: change what the body holds, and nothing else of the item."""

from __future__ import annotations

from .item_attributes import ItemAttributes, read_item_attributes
from .keys import leading_key, parameters_of, whole_key
from .model import Action, KeyValue, Plan, Subject
from .put_item import item_body
from .reads import read_stripped
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
    """The plan of an UpdateItem; None where a mistake was noted."""
    exists = read_exists(subject, "must")
    if subject.own_request:
        return _own_request()
    keys = whole_key(subject)
    attributes = read_item_attributes(subject, keys or ())
    if keys is None or attributes is None:
        return None
    return _plan(subject, exists, keys, attributes)


def _own_request() -> Plan:
    variables = {"stripped": (), "version": ""}
    return Plan(
        variables=variables, parameters=(), body=(), result="item", answers={**CONFLICT, **PRECONDITION, **TOO_LARGE}
    )


def _plan(subject: Subject, exists: str, keys: tuple[KeyValue, ...], attributes: ItemAttributes) -> Plan:
    return Plan(
        variables={
            **precondition_variables(subject, exists),
            "keys": keys,
            "sourced": attributes.sourced,
            "attributes": attributes.from_body,
            "known": attributes.known,
            "stripped": read_stripped(subject, keys, ()),
        },
        parameters=(*parameters_of(keys + attributes.sourced), *precondition_parameters(subject)),
        body=item_body(subject, keys, attributes, nullable=True),
        closed_body=True,
        result="item",
        answers=_answers(subject, exists),
        leading_key=leading_key(subject, keys[0]),
    )


def _answers(subject: Subject, exists: str) -> dict[str, str]:
    return {
        **(MISSING if exists == "must" else {}),
        **({**CONFLICT, **PRECONDITION} if exists == "must_not" or subject.table.version else {}),
        **(NOT_SEEN if subject.table.version else {}),
        **TOO_LARGE,
    }


UPDATE_ITEM = Action(
    name="UpdateItem",
    words=("key", "attributes", "counters", "set", "exists", "strip_prefix"),
    uses_index=False,
    plan=plan,
)
