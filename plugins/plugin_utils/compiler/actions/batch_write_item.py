# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""BatchWriteItem: put and delete up to 25 items, each for itself."""

from __future__ import annotations

from .item_lists import plan_of_items
from .model import Action, Plan, Subject
from .writes import TOO_LARGE

LIMIT = 25
"""The most requests that one BatchWriteItem takes: its page of the API reference."""


def plan(subject: Subject) -> Plan | None:
    """The plan of a BatchWriteItem; None where a mistake was noted."""
    if subject.own_request:
        return Plan(variables={}, parameters=(), body=(), result="unprocessed", answers=TOO_LARGE)
    return plan_of_items(subject, LIMIT, {}, result="unprocessed", answers=TOO_LARGE)


BATCH_WRITE_ITEM = Action(
    name="BatchWriteItem", words=("key", "attributes", "required", "set", "maximum"), uses_index=False, plan=plan
)
