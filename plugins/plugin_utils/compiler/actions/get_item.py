# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""GetItem: one item by its whole key."""

from __future__ import annotations

from .keys import body_of, leading_key, parameters_of, whole_key
from .model import Action, Plan, Subject
from .reads import read_consistent, read_projection, read_stripped

_ANSWERS = {"404": "There is no such item."}


def plan(subject: Subject) -> Plan | None:
    """The plan of a GetItem; None where a mistake was noted."""
    if subject.own_request:
        return Plan(variables={"stripped": ()}, parameters=(), body=(), result="item", answers=_ANSWERS)
    keys = whole_key(subject)
    if keys is None:
        return None
    projection = read_projection(subject)
    return Plan(
        variables={
            "keys": keys,
            "projection": projection,
            "consistent": read_consistent(subject),
            "stripped": read_stripped(subject, keys, ()),
        },
        parameters=parameters_of(keys),
        body=body_of(subject, keys),
        result="item",
        projection=projection,
        answers=_ANSWERS,
        leading_key=leading_key(subject, keys[0]),
    )


GET_ITEM = Action(
    name="GetItem", words=("key", "projection", "consistent", "strip_prefix"), uses_index=False, plan=plan
)
