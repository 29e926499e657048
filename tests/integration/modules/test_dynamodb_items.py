# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Items, written to and taken from a table on an emulator of DynamoDB."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import boto3.dynamodb.types
import pytest
from ansible_collections.codeless.apigateway.plugins.module_utils._dynamodb.items import planned
from ansible_collections.codeless.apigateway.plugins.module_utils._engine.client import Aws
from ansible_collections.codeless.apigateway.plugins.module_utils._engine.errors import AwsError
from ansible_collections.codeless.apigateway.plugins.module_utils._engine.plan import execute

from convergence import Account
from playbooks import run_playbook

ADA = {
    "id": "ada",
    "range": 1,
    "price": 12.50,
    "exact": "0.1000000000000000055511151231257827",
    "paid": True,
    "note": None,
    "tags": ["gift", "express"],
    "codes": [3, "2.0"],
    "photo": "aGVsbG8=",
    "address": {"city": "London", "floors": [1, "two", {"three": 3.5}]},
}
BOB = {"id": "bob", "range": 1}
TYPES = {"exact": "N", "tags": "SS", "codes": "NS", "photo": {"type": "B"}}
WRITE = "dynamodb:BatchWriteItem"
PUT = "dynamodb:PutItem"


def declared(*items: Any, **given: Any) -> dict[str, Any]:
    defaults = {"state": "present", "items_mode": "create", "table": "things", "attributes": TYPES}
    return {**defaults, "items": list(items), **given}


@pytest.fixture
def table(account: Account) -> Any:
    """A table with the keys id (S) and range (N), and an index on its attribute colour (S)."""
    client = account.make_client("dynamodb")
    client.create_table(
        TableName="things",
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[
            {"AttributeName": "id", "AttributeType": "S"},
            {"AttributeName": "range", "AttributeType": "N"},
            {"AttributeName": "colour", "AttributeType": "S"},
        ],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}, {"AttributeName": "range", "KeyType": "RANGE"}],
        GlobalSecondaryIndexes=[
            {
                "IndexName": "by_colour",
                "KeySchema": [{"AttributeName": "colour", "KeyType": "HASH"}],
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
    )
    return client


def stored(table: Any) -> dict[str, dict[str, Any]]:
    """The items of the table by their id, read by boto3's own deserializer."""
    read = boto3.dynamodb.types.TypeDeserializer()
    items = table.scan(TableName="things")["Items"]
    return {item["id"]["S"]: {name: read.deserialize(value) for name, value in item.items()} for item in items}


def test_put_replaced_and_taken_away(account: Account, table: Any) -> None:
    put = account.settle(planned, declared(ADA, BOB))
    assert put.as_result()["calls"] == [PUT, PUT]
    assert put.values["counts"] == counts(added=2)
    assert stored(table)["ada"] == {
        "id": "ada",
        "range": Decimal(1),
        "price": Decimal("12.5"),
        "exact": Decimal("0.1000000000000000055511151231257827"),
        "paid": True,
        "note": None,
        "tags": {"gift", "express"},
        "codes": {Decimal(2), Decimal(3)},
        "photo": boto3.dynamodb.types.Binary(b"hello"),
        "address": {"city": "London", "floors": [Decimal(1), "two", {"three": Decimal("3.5")}]},
    }
    replaced = account.settle(planned, declared(ADA, {**BOB, "paid": False}, items_mode="overwrite"))
    assert replaced.as_result()["calls"] == [WRITE]
    assert replaced.values["counts"] == counts(replaced=1, unchanged=1)
    assert [(diff.title, diff.before, diff.after) for diff in replaced.diffs] == [
        ("item of things: id=bob, range=1", BOB, {**BOB, "paid": False})
    ]
    gone = account.settle(
        planned, declared({"id": "ada", "range": "1.0", "codes": []}, {"id": "eve", "range": 9}, state="absent")
    )
    assert gone.values["counts"] == counts(removed=1, unchanged=1)
    assert set(stored(table)) == {"bob"}


def counts(**given: int) -> dict[str, int]:
    return {"added": 0, "replaced": 0, "removed": 0, "unchanged": 0, "kept": 0, **given}


def test_an_item_that_exists_is_live_data_and_stays(account: Account, table: Any) -> None:
    live = {"id": {"S": "bob"}, "range": {"N": "1"}, "status": {"S": "paid"}}
    table.put_item(TableName="things", Item=live)
    kept = account.settle(planned, declared({**BOB, "status": "open"}, ADA))
    assert kept.values["counts"] == counts(added=1, kept=1)
    assert kept.values["kept_items"] == ["id=bob, range=1"]
    assert [diff.title for diff in kept.diffs] == ["item of things: id=ada, range=1"]
    assert stored(table)["bob"]["status"] == "paid"


@pytest.mark.parametrize("keys", [{}, {"hash_key": "id", "range_key": "range"}])
def test_an_item_that_somebody_writes_after_the_comparison_stays(
    account: Account, table: Any, keys: dict[str, str]
) -> None:
    aws = Aws(account.make_client)
    plan = planned(aws, declared({**BOB, "status": "open"}, ADA, **keys)).plan
    live = {"id": {"S": "bob"}, "range": {"N": "1"}, "status": {"S": "paid"}}
    table.put_item(TableName="things", Item=live)
    execute(aws, plan)
    assert stored(table)["bob"]["status"] == "paid"
    assert set(stored(table)) == {"ada", "bob"}


def test_an_item_that_somebody_writes_into_a_table_that_was_not_there_stays(account: Account) -> None:
    """Nobody knows the table's keys when the plan is made."""
    aws = Aws(account.make_client)
    plan = planned(aws, declared({"id": "bob", "status": "open"})).plan
    client = account.make_client("dynamodb")
    client.create_table(
        TableName="things",
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
    )
    client.put_item(TableName="things", Item={"id": {"S": "bob"}, "status": {"S": "paid"}})
    execute(aws, plan)
    assert stored(client)["bob"]["status"] == "paid"


def test_an_equal_item_written_another_way_is_no_change(account: Account, table: Any) -> None:
    table.put_item(
        TableName="things",
        Item={"id": {"S": "x"}, "range": {"N": "1"}, "n": {"N": "100"}, "s": {"SS": ["b", "a"]}, "l": {"L": []}},
    )
    outcome = account.settle(
        planned, declared({"id": "x", "range": 1.0, "n": 1e2, "s": ["a", "b"], "l": []}, attributes={"s": "SS"})
    )
    assert outcome.as_result()["calls"] == []


def test_what_others_put_there_stays(account: Account, table: Any) -> None:
    table.put_item(TableName="things", Item={"id": {"S": "theirs"}, "range": {"N": "1"}})
    account.settle(planned, declared(BOB))
    assert set(stored(table)) == {"theirs", "bob"}


def test_many_items_go_in_batches(account: Account, table: Any) -> None:
    items = [{"id": f"item-{number}", "range": number} for number in range(230)]
    assert account.settle(planned, declared(*items, items_mode="overwrite")).as_result()["calls"] == [WRITE] * 10
    assert len(stored(table)) == 230
    account.made.clear()
    account.converge(planned, declared(*items))
    assert account.made == ["dynamodb:DescribeTable", *["dynamodb:BatchGetItem"] * 3]
    assert account.settle(planned, declared(*items, state="absent")).as_result()["calls"] == [WRITE] * 10
    assert stored(table) == {}


def test_keys_that_are_given_spare_the_question(account: Account, table: Any) -> None:
    account.converge(planned, declared(BOB, hash_key="id", range_key="range"))
    assert account.made == ["dynamodb:BatchGetItem", PUT]
    assert set(stored(table)) == {"bob"}


def test_before_there_is_a_table_check_mode_takes_all_for_new(account: Account) -> None:
    for keys in ({}, {"hash_key": "id", "range_key": "range"}):
        predicted = account.converge(planned, declared(ADA, BOB, **keys), check_mode=True)
        assert predicted.values["counts"]["added"] == 2
        with pytest.raises(AwsError, match="the table does not exist"):
            account.converge(planned, declared(ADA, BOB, **keys))
        assert account.changing() == [PUT, PUT]
        assert account.settle(planned, declared(BOB, state="absent", **keys)).as_result()["calls"] == []


def test_all_mistakes_are_told_at_once_and_nothing_is_written(account: Account, table: Any) -> None:
    with pytest.raises(AwsError) as refusal:
        account.converge(
            planned,
            declared(
                BOB,
                {"id": 7, "range": "many"},
                {"id": "eve"},
                {"id": "", "range": 1, "colour": "red"},
                {"id": "bob", "range": "1.0"},
                {"id": "sue", "range": 3, "colour": ""},
                {"id": "tim", "range": 2, "colour": 5, "tags": ["a", "a"], "codes": [], "photo": "no base64"},
                attributes={**TYPES, "range": "S", "size": "XL"},
            ),
        )
    assert refusal.value.message.splitlines() == [
        'items of table "things": 12 errors:',
        '- attributes: "size" has the type "XL"; the types are S, N, B, BOOL, NULL, M, L, SS, NS, BS',
        '- attributes: "range" is declared S, and is a key with the type N in the table',
        "- items[1].id: 7 is not text (S); put it in quotes",
        "- items[1].range: 'many' is not a number (N)",
        '- items[2]: "range" is missing, which is a key of the table',
        "- items[3].id: a key cannot be empty",
        "- items[5].colour: a key cannot be empty",
        "- items[6].colour: 5 is not text (S); put it in quotes",
        "- items[6].tags: a set cannot have the same member twice",
        "- items[6].codes: a set cannot be empty; leave the attribute out",
        "- items[6].photo: 'no base64' is not base64 text, as B needs",
        "- items[0] and items[4] have one key (id=bob, range=1)",
    ]
    assert account.changing() == []
    assert stored(table) == {}


def test_the_module_and_the_filters_themselves(local_aws: Any, account_id: str, table: Any) -> None:
    playbook = """
- hosts: localhost
  gather_facts: false
  tasks:
    - name: items
      codeless.apigateway.dynamodb_items:
        table: things
        attributes: {tags: SS}
        items:
          - {id: ada, range: 1, price: 12.50, tags: [b, a], since: 2026-11-01}
          - {id: bob, range: "2", paid: yes}
    - name: there
      ansible.builtin.debug:
        msg: "{{ item | codeless.apigateway.to_dynamodb({'tags': 'SS'}) }}"
      vars:
        item: {id: ada, price: 12.50, tags: [b, a], since: 2026-11-01}
    - name: and back
      ansible.builtin.debug:
        msg: "{{ {'id': {'S': 'ada'}, 'price': {'N': '12.50'}} | codeless.apigateway.from_dynamodb }}"
"""
    environment = {"AWS_ACCESS_KEY_ID": account_id}
    runs = [
        run_playbook(playbook, local_aws.endpoint_url, check=check, diff=True, environment=environment)
        for check in (True, False, False)
    ]
    assert [(run.rc, run.recap.get("changed")) for run in runs] == [(0, 1), (0, 1), (0, 0)], runs
    assert "+++ after: item of things: id=bob, range=2\n@@ -0,0 +1,3 @@\n+id: bob\n+paid: true\n+range: 2\n" in (
        runs[0].stdout
    )
    typed = {"price": {"N": "12.5"}, "tags": {"SS": ["a", "b"]}, "since": {"S": "2026-11-01"}}
    assert stored(table)["ada"]["since"] == "2026-11-01"
    assert runs[1].result("there")["msg"] == {"id": {"S": "ada"}, **typed}
    assert runs[1].result("and back")["msg"] == {"id": "ada", "price": 12.5}


def test_a_filter_tells_all_that_cannot_be_written(local_aws: Any) -> None:
    playbook = """
- hosts: localhost
  gather_facts: false
  tasks:
    - ansible.builtin.debug:
        msg: "{{ {'a': 1, 'b': 'x'} | codeless.apigateway.to_dynamodb({'a': 'S', 'b': 'N'}) }}"
"""
    run = run_playbook(playbook, local_aws.endpoint_url)
    assert run.rc == 2
    assert "to_dynamodb: a: 1 is not text (S); put it in quotes; b: 'x' is not a number (N)" in (
        run.stderr + run.stdout
    )
