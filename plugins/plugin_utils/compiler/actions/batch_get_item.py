# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""BatchGetItem: the items of a list of keys, in any order, and the keys that DynamoDB left for another request."""

from __future__ import annotations

from .key_lists import plan_of_keys
from .model import Action, Plan, Subject
from .reads import read_consistent


def plan(subject: Subject) -> Plan | None:
    """The plan of a BatchGetItem; None where a mistake was noted."""
    if subject.own_request:
        return Plan(variables={"stripped": ()}, parameters=(), body=(), result="batch", answers={})
    return plan_of_keys(subject, {"consistent": read_consistent(subject)}, result="batch", answers={})


BATCH_GET_ITEM = Action(
    name="BatchGetItem",
    words=("keys", "maximum", "key", "projection", "consistent", "strip_prefix"),
    uses_index=False,
    plan=plan,
)
