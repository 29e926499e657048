# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The plan of items, and the batches that AWS may do a part of."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.codeless.apigateway.plugins.module_utils._dynamodb.items import (
    Change,
    KeyValue,
    item_changes,
    read_items,
    unwritten,
    write_plan,
)
from ansible_collections.codeless.apigateway.plugins.module_utils._engine import client as _aws
from ansible_collections.codeless.apigateway.plugins.module_utils._engine.client import Aws
from ansible_collections.codeless.apigateway.plugins.module_utils._engine.errors import AwsError
from ansible_collections.codeless.apigateway.plugins.module_utils._engine.plan import Step, execute

KEYS = ("id", "range")
ADA = {"id": {"S": "ada"}, "range": {"N": "1"}, "photo": {"B": "aGk="}}
BOB = {"id": {"S": "bob"}, "range": {"N": "1"}}
ADA_KEY: KeyValue = (("id", "S", "ada"), ("range", "N", "1"))
BOB_KEY: KeyValue = (("id", "S", "bob"), ("range", "N", "1"))


def test_new_and_differing_items_are_changes_and_equal_ones_are_none() -> None:
    have = {ADA_KEY: ADA, BOB_KEY: {**BOB, "old": {"S": "x"}}}
    eve = {**BOB, "id": {"S": "eve"}}
    assert item_changes([ADA, BOB, eve], have, KEYS, "present") == [
        Change(BOB_KEY, {**BOB, "old": {"S": "x"}}, BOB),
        Change((("id", "S", "eve"), ("range", "N", "1")), None, eve),
    ]
    assert item_changes([ADA, eve], have, KEYS, "absent") == [Change(ADA_KEY, ADA, None)]


def test_puts_and_deletions_are_written_together() -> None:
    assert write_plan("things", [Change(ADA_KEY, None, ADA), Change(BOB_KEY, BOB, None)]) == [
        Step(
            "dynamodb",
            "BatchWriteItem",
            {
                "RequestItems": {
                    "things": [
                        {"PutRequest": {"Item": {**ADA, "photo": {"B": b"hi"}}}},
                        {"DeleteRequest": {"Key": {"id": {"S": "bob"}, "range": {"N": "1"}}}},
                    ]
                }
            },
            rest=unwritten,
        )
    ]
    assert write_plan("things", []) == []


def test_the_error_of_a_missing_table_names_the_module_that_creates_it() -> None:
    (step,) = write_plan("things", [Change(ADA_KEY, None, ADA)])
    assert isinstance(step, Step) and step.explain
    assert step.explain(AwsError("no table", "ResourceNotFoundException")) == (
        'items of table "things": the table does not exist. Create it first, with codeless.apigateway.dynamodb_table.'
    )
    assert step.explain(AwsError("no permission", "AccessDeniedException")) is None


class Grudging:
    """A DynamoDB under load: of each batch it does the first entry, and leaves the others. No emulator does that."""

    def __init__(self) -> None:
        self.written: list[Any] = []
        self.batches: list[int] = []

    def batch_write_item(self, **request: Any) -> dict[str, Any]:
        first, *others = request["RequestItems"]["things"]
        self.written.append(first["PutRequest"]["Item"]["id"]["S"])
        self.batches.append(1 + len(others))
        return {"UnprocessedItems": {"things": others} if others else {}}

    def batch_get_item(self, **request: Any) -> dict[str, Any]:
        asked = request["RequestItems"]["things"]
        first, *others = asked["Keys"]
        left = {"UnprocessedKeys": {"things": {**asked, "Keys": others}}} if others else {}
        return {"Responses": {"things": [{**first, "seen": {"BOOL": asked["ConsistentRead"]}}]}, **left}


class Stubborn:
    """A DynamoDB that leaves all that it is asked to write."""

    def batch_write_item(self, **request: Any) -> dict[str, Any]:
        return {"UnprocessedItems": request["RequestItems"]}


def pauses_of(client: Any) -> tuple[Aws, list[float]]:
    pauses: list[float] = []
    return Aws(lambda _service: client, pauses.append), pauses


def test_what_is_left_of_a_batch_is_written_again_until_nothing_is_left() -> None:
    dynamodb = Grudging()
    aws, pauses = pauses_of(dynamodb)
    items = [{"id": {"S": name}, "range": {"N": "1"}} for name in "abc"]
    execute(aws, write_plan("things", item_changes(items, {}, KEYS, "present")))
    assert (dynamodb.written, dynamodb.batches) == (["a", "b", "c"], [3, 2, 1])
    assert len(pauses) == 2


def test_what_is_left_of_a_batch_is_read_again_until_nothing_is_left() -> None:
    aws, pauses = pauses_of(Grudging())
    items = [{"id": {"S": name}, "range": {"N": "1"}} for name in "abc"]
    found = read_items(aws, "things", KEYS, items)
    assert found == {
        (("id", "S", name), ("range", "N", "1")): {
            "id": {"S": name},
            "range": {"N": "1"},
            "seen": {"BOOL": True},
        }
        for name in "abc"
    }
    assert len(pauses) == 2


def test_what_is_never_done_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_aws, "RETRY_SECONDS", 0.0)
    aws, _pauses = pauses_of(Stubborn())
    with pytest.raises(AwsError, match="BatchWriteItem: after 0 seconds AWS still leaves a part of the work undone"):
        execute(aws, write_plan("things", [Change(BOB_KEY, None, BOB)]))
