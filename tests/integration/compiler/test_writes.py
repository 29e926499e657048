# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Writes, deployed on the local AWS and asked over HTTP: what the caller is answered, and what is in the table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest

from integration.compiler.deployed import Answer, Api, Aws, create_table, deploy
from integration.compiler.test_routes import own_table
from unit.compiler.specs import Json
from unit.compiler.test_request_templates import FRAGMENTS

ORDERS: Json = {
    "name": "orders",
    "hash_key": "customer",
    "range_key": "placed_at",
    "attributes": {
        "customer": "S",
        "placed_at": "S",
        "status": "S",
        "total": "N",
        "paid": "BOOL",
        "photo": "B",
        "none": "NULL",
        "tags": "SS",
        "sizes": "NS",
        "blobs": "BS",
        "address": "M",
        "lines": "L",
    },
    "indexes": [{"name": "by_status", "hash_key": "status", "range_key": "placed_at"}],
}
ITEM = "/customers/{customer}/orders/{placed_at}"
EVERY_TYPE: Json = {
    "status": "open",
    "total": 12345678901234567890123456789012345678,
    "paid": True,
    "photo": "AP8=",
    "none": None,
    "tags": ["it's", 'a "tag"'],
    "sizes": [1, 2.5],
    "blobs": ["AA==", "/w=="],
    "address": {"street": "Allee 1\n2", "empty": "", "none": None, "in": {"deep": [1, {}, ["x", False]]}},
    "lines": [1, "two", None, {"three": [3]}],
}
EVERY_TYPE_STORED: Json = {
    "status": {"S": "open"},
    "total": {"N": "12345678901234567890123456789012345678"},
    "paid": {"BOOL": True},
    "photo": {"B": b"\x00\xff"},
    "none": {"NULL": True},
    "tags": {"SS": ['a "tag"', "it's"]},
    "sizes": {"NS": ["1", "2.5"]},
    "blobs": {"BS": [b"\x00", b"\xff"]},
    "address": {
        "M": {
            "street": {"S": "Allee 1\n2"},
            "empty": {"S": ""},
            "none": {"NULL": True},
            "in": {"M": {"deep": {"L": [{"N": "1"}, {"M": {}}, {"L": [{"S": "x"}, {"BOOL": False}]}]}}},
        }
    },
    "lines": {"L": [{"N": "1"}, {"S": "two"}, {"NULL": True}, {"M": {"three": {"L": [{"N": "3"}]}}}]},
}


class Deployed:
    """An API and its table."""

    def __init__(self, aws: Aws, table: Json, *routes: Json) -> None:
        self.aws = aws
        self.table = own_table(table)
        create_table(aws, self.table)
        self.api: Api = deploy(aws, {"name": self.table["name"], "tables": [self.table], "routes": list(routes)})

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.api.request(method, path, body=body, headers=names)

    def stored(self, customer: str, placed_at: str) -> Json | None:
        """The item as DynamoDB has it, without its key; sets in order."""
        key = {"customer": {"S": customer}, "placed_at": {"S": placed_at}}
        item = self.aws.client("dynamodb").get_item(TableName=self.table["name"], Key=key).get("Item")
        if item is None:
            return None
        return {
            name: {kind: sorted(value) if kind in ("SS", "NS", "BS") else value for kind, value in typed.items()}
            for name, typed in item.items()
            if name not in key
        }


@pytest.fixture(scope="module")
def orders(local_aws: Aws) -> Iterator[Deployed]:
    yield Deployed(
        local_aws,
        ORDERS,
        {"route": f"GET {ITEM}", "action": "GetItem"},
        {"route": f"PUT {ITEM}", "action": "PutItem"},
        {"route": f"PATCH {ITEM}", "action": "UpdateItem", "counters": ["total"]},
        {"route": f"DELETE {ITEM}", "action": "DeleteItem"},
        {
            "route": "POST /customers/{customer}/orders",
            "action": "PutItem",
            "key": {"placed_at": "context.extendedRequestId"},
            "attributes": ["status", "total", "paid"],
            "required": ["total"],
            "defaults": {"status": "open", "paid": False},
        },
        {
            "route": "POST /orders",
            "action": "PutItem",
            "key": {"customer": "body.customer", "placed_at": "body.placed_at"},
        },
        {"route": "PUT /there/{customer}/{placed_at}", "action": "PutItem", "exists": True},
        {"route": "PATCH /upsert/{customer}/{placed_at}", "action": "UpdateItem", "exists": "any"},
        {"route": "DELETE /there/{customer}/{placed_at}", "action": "DeleteItem", "exists": True},
        {"route": "DELETE /old/{customer}/{placed_at}", "action": "DeleteItem", "returns": "old"},
    )


def sorted_sets(item: Json) -> Json:
    return {name: sorted(value) if name in ("tags", "sizes", "blobs") else value for name, value in item.items()}


def test_an_item_of_every_type_goes_in_and_comes_out(orders: Deployed) -> None:
    path = "/customers/ann/orders/every"
    put = orders.send("PUT", path, EVERY_TYPE)
    assert (put.status, put.body) == (204, "")
    assert put.headers["access-control-allow-origin"] == "*"
    assert orders.stored("ann", "every") == EVERY_TYPE_STORED
    item = orders.send("GET", path).json
    assert sorted_sets(item) == sorted_sets({**EVERY_TYPE, "customer": "ann", "placed_at": "every"})
    again = orders.send("PUT", path, item)
    assert again.status == 204, "an item that was read can be sent back"
    assert orders.stored("ann", "every") == EVERY_TYPE_STORED


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("0.1", "0.1"),
        ("1.0000000000000001", "1.0000000000000001"),
        ("77279.175030740667", "77279.175030740667"),
        ("-1.2345678901234567890123456789012345678", "-1.2345678901234567890123456789012345678"),
        ("83255915086295e+3", "83255915086295000"),
        ("1.5E-7", "0.00000015"),
        ("12.50", "12.5"),
    ],
)
def test_a_number_keeps_its_digits(orders: Deployed, written: str, stored: str) -> None:
    path = "/customers/ann/orders/number"
    assert orders.send("PUT", path, f'{{"total": {written}, "lines": [{written}]}}'.encode()).status == 204
    item = orders.stored("ann", "number")
    assert item == {"total": {"N": stored}, "lines": {"L": [{"N": stored}]}}
    assert f'"total":{stored},' in orders.send("GET", path).body.replace("}", ",")


@pytest.mark.parametrize("number", ["1e400", "-1e400", "123456789012345678901234567890123456789"])
def test_a_number_that_dynamodb_cannot_hold_is_400(orders: Deployed, number: str) -> None:
    assert orders.send("PUT", "/customers/ann/orders/no-number", f'{{"total": {number}}}'.encode()).status == 400
    assert orders.stored("ann", "no-number") is None


def test_a_put_replaces_the_whole_item(orders: Deployed) -> None:
    path = "/customers/ann/orders/replaced"
    orders.send("PUT", path, EVERY_TYPE)
    assert orders.send("PUT", path, {"status": "paid"}).status == 204
    assert orders.stored("ann", "replaced") == {"status": {"S": "paid"}}


def test_a_post_makes_the_id_and_says_where_the_item_is(orders: Deployed) -> None:
    made = orders.send("POST", "/customers/ann%20b/orders", {"total": 5})
    assert made.status == 201
    placed_at = made.json["placed_at"]
    assert made.json == {"customer": "ann b", "placed_at": placed_at}
    assert made.headers["location"].endswith(f"/orders/{quote(placed_at, safe='')}")
    assert orders.stored("ann b", placed_at) == {
        "total": {"N": "5"},
        "status": {"S": "open"},
        "paid": {"BOOL": False},
    }
    another = orders.send("POST", "/customers/ann%20b/orders", {"total": 5, "paid": True, "status": "paid"})
    assert another.json["placed_at"] != placed_at
    assert orders.stored("ann b", another.json["placed_at"]) == {
        "total": {"N": "5"},
        "status": {"S": "paid"},
        "paid": {"BOOL": True},
    }


def test_a_post_of_a_key_that_is_taken_is_409(orders: Deployed) -> None:
    body = {"customer": "ann", "placed_at": "once", "status": "first"}
    made = orders.send("POST", "/orders", body)
    assert (made.status, made.json) == (201, {"customer": "ann", "placed_at": "once"})
    assert orders.api.path_of(made.headers["location"]) == "/customers/ann/orders/once"
    again = orders.send("POST", "/orders", {**body, "status": "second"})
    assert again.status == 409
    assert again.headers["access-control-allow-origin"] == "*"
    assert orders.stored("ann", "once") == {"status": {"S": "first"}}


def test_an_update_changes_what_the_body_holds_and_answers_the_item(orders: Deployed) -> None:
    path = "/customers/ann/orders/updated"
    orders.send("PUT", path, EVERY_TYPE)
    changed = orders.send("PATCH", path, {"status": "it's", "photo": None, "lines": None, "address": {"new": [1]}})
    assert changed.status == 200
    rest = {name: value for name, value in EVERY_TYPE.items() if name not in ("photo", "lines")}
    wanted = {**rest, "customer": "ann", "placed_at": "updated", "status": "it's", "address": {"new": [1]}}
    assert sorted_sets(changed.json) == sorted_sets(wanted)


def test_a_counter_adds(orders: Deployed) -> None:
    path = "/customers/ann/orders/counted"
    orders.send("PUT", path, {"total": 40})
    assert orders.send("PATCH", path, {"total": 3}).json["total"] == 43
    assert orders.send("PATCH", path, {"total": -1.5}).json["total"] == 41.5
    assert "total" not in orders.send("PATCH", path, {"total": None}).json
    assert orders.send("PATCH", path, {"total": 1}).json["total"] == 1


def test_an_item_that_is_not_there(orders: Deployed) -> None:
    missing = (404, {"message": "Not found"})
    for method, path, body in (
        ("PATCH", "/customers/bob/orders/none", {"status": "x"}),
        ("PUT", "/there/bob/none", {"status": "x"}),
        ("DELETE", "/there/bob/none", None),
        ("DELETE", "/old/bob/none", None),
    ):
        answer = orders.send(method, path, body)
        assert (answer.status, answer.json) == missing, (method, path)
    assert orders.stored("bob", "none") is None
    assert orders.send("DELETE", "/customers/bob/orders/none").status == 204
    assert orders.send("PATCH", "/upsert/bob/none", {"status": "x"}).json["status"] == "x"


def test_a_delete(orders: Deployed) -> None:
    for path in ("/customers/ann/orders/gone", "/there/ann/gone"):
        orders.send("PUT", "/customers/ann/orders/gone", {"status": "x"})
        answer = orders.send("DELETE", path)
        assert (answer.status, answer.body) == (204, "")
        assert orders.stored("ann", "gone") is None
    orders.send("PUT", "/customers/ann/orders/gone", {"status": "x"})
    old = orders.send("DELETE", "/old/ann/gone")
    assert (old.status, old.json) == (200, {"customer": "ann", "placed_at": "gone", "status": "x"})


@pytest.mark.parametrize(
    ("method", "body", "named"),
    [
        ("PUT", {"status": 5}, "status"),
        ("PUT", {"total": "5"}, "total"),
        ("PUT", {"statuss": "x"}, "statuss"),
        ("PUT", {"tags": "x"}, "tags"),
        ("PUT", {"address": []}, "address"),
        ("PUT", [], "object"),
        ("PUT", {"status": ""}, "status"),
        ("PUT", {"tags": []}, "The attribute tags must be an array of 1 to 1000 texts"),
        ("PUT", {"photo": "no base64"}, "The attribute photo must be base64"),
        ("PUT", {"none": 1}, "The attribute none must be null"),
        ("PUT", {"customer": "bob"}, "The attribute customer is part of the key and cannot be changed"),
        ("PATCH", {"customer": "bob"}, "The attribute customer is part of the key and cannot be changed"),
        ("PATCH", {"status": 5}, "The attribute status must be a text that is not empty"),
        ("PATCH", {"tags": ["a", 1]}, "The attribute tags must be an array of 1 to 1000 texts"),
        ("PATCH", {}, "The body has no attribute to change"),
        ("POST", {"status": "x"}, "total"),
    ],
)
def test_a_body_that_is_wrong_is_400_by_name_and_changes_nothing(
    orders: Deployed, method: str, body: Any, named: str
) -> None:
    orders.send("PUT", "/customers/ann/orders/kept", {"status": "kept"})
    path = "/customers/ann/orders" + ("" if method == "POST" else "/kept")
    answer = orders.send(method, path, body)
    assert answer.status == 400
    assert named in answer.json["message"]
    assert answer.headers["access-control-allow-origin"] == "*"
    assert orders.stored("ann", "kept") == {"status": {"S": "kept"}}


def test_a_body_that_is_no_json_is_400(orders: Deployed) -> None:
    assert orders.send("PUT", "/customers/ann/orders/x", b'{"status": ').status == 400


@pytest.mark.parametrize("fragment", [fragment for fragment in FRAGMENTS if fragment.strip("\x00 ")])
def test_hostile_texts_are_keys_names_and_values_like_any_other(orders: Deployed, fragment: str) -> None:
    body = {"status": fragment, "address": {fragment: [fragment]}, "tags": [fragment]}
    path = f"/customers/{quote(fragment, safe='')}/orders/2026"  # API Gateway takes a blank one for a missing one
    assert orders.send("PUT", path, body).status == 204
    stored = {
        "status": {"S": fragment},
        "address": {"M": {fragment: {"L": [{"S": fragment}]}}},
        "tags": {"SS": [fragment]},
    }
    assert orders.stored(fragment, "2026") == stored
    item = {"customer": fragment, "placed_at": "2026", **body}
    assert orders.send("GET", path).json == item
    assert orders.send("PATCH", path, {"lines": [fragment]}).json == {**item, "lines": [fragment]}
    unknown = orders.send("PUT", path, {fragment: fragment})
    assert unknown.status == 400
    assert orders.send("DELETE", path).status == 204


def test_an_item_too_large_is_413(orders: Deployed) -> None:
    answer = orders.send("PUT", "/customers/ann/orders/large", {"status": "x" * 1000, "address": {"a": "x" * 450_000}})
    assert answer.status == 413


VERSIONED: Json = {
    **ORDERS,
    "attributes": {**ORDERS["attributes"], "revision": "N"},
    "version_attribute": "revision",
    "crud": ITEM,
}


@pytest.fixture(scope="module")
def versioned(local_aws: Aws) -> Deployed:
    return Deployed(
        local_aws,
        VERSIONED,
        {"route": "POST /orders/{customer}", "action": "PutItem", "key": {"placed_at": "context.extendedRequestId"}},
    )


def test_versions_from_the_first_to_the_last(versioned: Deployed) -> None:
    path = "/customers/ann/orders/v"
    made = versioned.send("PUT", path, {"status": "one"})
    assert (made.status, made.headers["etag"]) == (204, '"1"')
    read = versioned.send("GET", path)
    assert (read.headers["etag"], read.json["revision"]) == ('"1"', 1)
    assert versioned.send("PUT", path, {"status": "blind"}).status == 409
    replaced = versioned.send("PUT", path, {"status": "two"}, If_Match='"1"')
    assert (replaced.status, replaced.headers["etag"]) == (204, '"2"')
    assert versioned.send("PUT", path, {"status": "late"}, If_Match='"1"').status == 412
    assert versioned.send("PUT", path, {"status": "late", "revision": 1}).status == 409
    assert versioned.send("PUT", path, {"status": "new"}, If_None_Match="*").status == 412
    patched = versioned.send("PATCH", path, {"status": "three"}, if_match='W/"2"')
    assert (patched.status, patched.headers["etag"], patched.json["revision"]) == (200, '"3"', 3)
    assert versioned.send("PATCH", path, {"status": "late"}, If_Match='"2"').status == 412
    assert versioned.send("PATCH", path, {"status": "late", "revision": 2}).status == 409
    assert versioned.send("PATCH", path, {"status": "four", "revision": 3}).json["revision"] == 4
    assert versioned.send("PATCH", path, {"status": "five"}).headers["etag"] == '"5"'
    assert versioned.send("PUT", path, {"status": "x"}, If_Match="five").status == 400
    assert versioned.send("DELETE", path, If_Match='"4"').status == 412
    assert versioned.stored("ann", "v") == {"status": {"S": "five"}, "revision": {"N": "5"}}
    assert versioned.send("DELETE", path, If_Match='"5"').status == 204
    assert versioned.send("PATCH", path, {"status": "x"}, If_Match='"5"').status == 404
    assert versioned.stored("ann", "v") is None


def test_a_new_item_has_version_one(versioned: Deployed) -> None:
    made = versioned.send("POST", "/orders/ann", {"status": "x"})
    assert (made.status, made.headers["etag"]) == (201, '"1"')
    assert versioned.stored("ann", made.json["placed_at"]) == {"status": {"S": "x"}, "revision": {"N": "1"}}


def test_the_five_usual_routes(versioned: Deployed) -> None:
    path = "/customers/cleo/orders"
    assert versioned.send("PUT", f"{path}/1", {"total": 1}).status == 204
    assert versioned.send("PUT", f"{path}/2", {"total": 2}).status == 204
    page = versioned.send("GET", path)
    assert [item["placed_at"] for item in page.json["items"]] == ["1", "2"]
    assert versioned.send("GET", f"{path}/2").json["total"] == 2
    assert versioned.send("PATCH", f"{path}/2", {"total": 3}).json["total"] == 3
    assert versioned.send("DELETE", f"{path}/2").status == 204
    assert versioned.send("GET", path).json["count"] == 1


def test_the_five_usual_routes_of_a_table_without_a_range_key(local_aws: Aws) -> None:
    table = {"name": "notes", "hash_key": "id", "attributes": {"id": "S", "text": "S"}, "crud": "/notes/{id}"}
    notes = Deployed(local_aws, table)
    assert notes.send("PUT", "/notes/a", {"text": "x"}).status == 204
    assert notes.send("GET", "/notes").json == {"items": [{"id": "a", "text": "x"}], "count": 1}
    assert notes.send("DELETE", "/notes/a").status == 204


def test_a_browser_may_send_the_version(versioned: Deployed) -> None:
    answer = versioned.send("OPTIONS", "/customers/ann/orders/v", Origin="https://shop.example")
    assert {"If-Match", "If-None-Match"} <= set(answer.headers["access-control-allow-headers"].split(","))
    assert answer.headers["access-control-allow-methods"] == "DELETE,GET,OPTIONS,PATCH,PUT"


@pytest.fixture(scope="module")
def lists(local_aws: Aws) -> Deployed:
    return Deployed(
        local_aws,
        ORDERS,
        {"route": "POST /customers/{customer}/import", "action": "BatchWriteItem"},
        {"route": "POST /customers/{customer}/move", "action": "TransactWriteItems", "exists": False},
    )


def test_a_batch_puts_and_deletes(lists: Deployed) -> None:
    first = {"put": [{"placed_at": "1", **EVERY_TYPE}, {"placed_at": "2"}]}
    answer = lists.send("POST", "/customers/ann/import", first)
    assert (answer.status, answer.json) == (200, {"unprocessed": {"put": [], "delete": []}})
    assert lists.stored("ann", "1") == EVERY_TYPE_STORED
    second = {"put": [{"placed_at": "3", "status": "x"}], "delete": [{"placed_at": "1"}, {"placed_at": "2"}]}
    assert lists.send("POST", "/customers/ann/import", second).status == 200
    assert [lists.stored("ann", at) for at in "123"] == [None, None, {"status": {"S": "x"}}]


def test_a_transaction_writes_all_or_none(lists: Deployed) -> None:
    assert lists.send("POST", "/customers/bob/move", {"put": [{"placed_at": "1"}, {"placed_at": "2"}]}).status == 204
    again = {"put": [{"placed_at": "3"}, {"placed_at": "1", "status": "x"}], "delete": [{"placed_at": "2"}]}
    failed = lists.send("POST", "/customers/bob/move", again)
    assert failed.status == 409
    assert [lists.stored("bob", at) for at in "123"] == [{}, {}, None]
    moved = {"put": [{"placed_at": "3"}], "delete": [{"placed_at": "2"}]}
    assert lists.send("POST", "/customers/bob/move", moved).status == 204
    assert [lists.stored("bob", at) for at in "123"] == [{}, None, {}]


@pytest.mark.parametrize("path", ["import", "move"])
def test_a_list_that_is_wrong_is_400(lists: Deployed, path: str) -> None:
    for body in ({}, {"put": "x"}, {"put": [{"placed_at": 1}]}, {"put": [{"placed_at": "1", "customer": "bob"}]}):
        assert lists.send("POST", f"/customers/ann/{path}", body).status == 400
