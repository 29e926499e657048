# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""TransactWriteItems: put and delete up to 100 items, all or none."""

from __future__ import annotations

from .item_lists import plan_of_items
from .model import Action, Plan, Subject
from .writes import TOO_LARGE, read_exists

LIMIT = 100
"""The most actions that one TransactWriteItems takes: its page of the API reference."""

_ANSWERS = {"409": "An item is not as the request expects it, or another transaction is in the way.", **TOO_LARGE}
# "TransactWriteItems" is no permission: the role needs those of what it does, in the Developer Guide's "Using IAM with
# transactions".
_PERMISSIONS = ("PutItem", "DeleteItem")


def plan(subject: Subject) -> Plan | None:
    """The plan of a TransactWriteItems; None where a mistake was noted."""
    exists = read_exists(subject, "any")
    variables = {"exists": exists, "hash_key": subject.table.hash_key.name}
    if subject.own_request:
        return Plan(
            variables=variables,
            parameters=(),
            body=(),
            result="",
            success="204",
            answers=_ANSWERS,
            permissions=_PERMISSIONS,
        )
    return plan_of_items(
        subject, LIMIT, variables, result="", success="204", answers=_ANSWERS, permissions=_PERMISSIONS
    )


TRANSACT_WRITE_ITEMS = Action(
    name="TransactWriteItems",
    words=("key", "attributes", "required", "set", "exists", "maximum"),
    uses_index=False,
    plan=plan,
)
