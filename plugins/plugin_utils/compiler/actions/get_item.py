# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""GetItem: one item by its whole key."""

from __future__ import annotations

from .keys import body_of, leading_key, parameters_of, refuse_unknown_keys, required_key
from .plan import Action, KeyValue, Plan, Subject


def plan(subject: Subject) -> Plan | None:
    """The plan of a GetItem; None where a mistake was noted."""
    keys = () if subject.own_request else _whole_key(subject)
    if keys is None:
        return None
    return Plan(
        variables={"keys": keys},
        parameters=parameters_of(keys),
        body=body_of(subject, keys),
        result="item",
        answers={"404": "There is no such item."},
        leading_key=leading_key(subject, keys[0]) if keys else None,
    )


def _whole_key(subject: Subject) -> tuple[KeyValue, ...] | None:
    refuse_unknown_keys(subject)
    attributes = [("hash_key", subject.hash_key), ("range_key", subject.range_key)]
    keys = [required_key(subject, variable, key) for variable, key in attributes if key]
    found = tuple(key for key in keys if key)
    return found if len(found) == len(keys) else None


GET_ITEM = Action(name="GetItem", words=("key",), uses_index=False, plan=plan)
