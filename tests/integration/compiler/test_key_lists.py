# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Lists of keys and statements, asked over HTTP of real items."""

from __future__ import annotations

from typing import Any

import pytest

from integration.compiler.deployed import Api, Aws, create_table, deploy
from integration.compiler.test_routes import order, own_table, put
from unit.compiler.specs import ORDERS, Json

HOSTILE = 'x"}},"Select":"COUNT'


@pytest.fixture(scope="module")
def table(local_aws: Aws) -> Json:
    table = own_table(ORDERS)
    create_table(local_aws, table)
    for day in ("1", "2", "3", HOSTILE):
        put(local_aws, table, order("ann", day, total={"N": "5"}, paid={"BOOL": day == "1"}))
    return table


@pytest.fixture(scope="module")
def api(local_aws: Aws, table: Json) -> Api:
    routes = [
        {"route": "POST /batch", "action": "BatchGetItem", "keys": "body.keys", "maximum": 3, "consistent": True},
        {"route": "GET /batch/{customer}", "action": "BatchGetItem", "keys": "query.days", "projection": ["placed_at"]},
        {"route": "POST /transact", "action": "TransactGetItems", "keys": "body.keys"},
    ]
    return deploy(local_aws, {"name": table["name"], "tables": [table], "routes": routes})


def keys(*days: str) -> Json:
    return {"keys": [{"customer": "ann", "placed_at": day} for day in days]}


def test_a_batch_has_the_items_that_there_are(api: Api) -> None:
    answer = api.request("POST", "/batch", body=keys("1", HOSTILE, "9"))
    assert answer.status == 200, answer.body
    items = {item["placed_at"]: item for item in answer.json["items"]}
    assert items == {
        "1": {"customer": "ann", "placed_at": "1", "total": 5, "paid": True},
        HOSTILE: {"customer": "ann", "placed_at": HOSTILE, "total": 5, "paid": False},
    }
    assert answer.json["count"] == 2


def test_a_batch_by_the_query_string(api: Api) -> None:
    page = api.get("/batch/ann", {"days": f"2,7,{HOSTILE.partition(',')[0]},3"}).json
    assert sorted(item["placed_at"] for item in page["items"]) == ["2", "3"]
    assert page["items"][0].keys() == {"placed_at"}


def test_a_transaction_has_null_where_there_is_no_item(api: Api) -> None:
    answer = api.request("POST", "/transact", body=keys("3", "9", "1"))
    assert answer.status == 200, answer.body
    assert [item and item["placed_at"] for item in answer.json["items"]] == ["3", None, "1"]
    assert answer.json["count"] == 2


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/batch", {"keys": "ann"}),
        ("/batch", {}),
        ("/batch", {"keys": [{"customer": "ann"}]}),
        ("/batch", {"keys": [{"customer": "ann", "placed_at": 5}]}),
        ("/transact", {"keys": ["ann"]}),
    ],
)
def test_a_list_of_another_form_is_400(api: Api, path: str, body: Any) -> None:
    answer = api.request("POST", path, body=body)
    assert answer.status == 400
    assert answer.json["message"].startswith("Invalid request body")


@pytest.mark.parametrize("days", [[], ["1", "2", "3", "4"]])
def test_a_list_of_another_length_is_400(api: Api, days: list[str]) -> None:
    answer = api.request("POST", "/batch", body=keys(*days))
    assert answer.status == 400
    # API Gateway's documentation says that its validator does not count elements; the template does.
    assert answer.json["message"].startswith(
        ("The list keys in the body must have 1 to 3 keys", "Invalid request body")
    )


def test_a_list_that_names_a_key_twice_is_400(api: Api) -> None:
    answer = api.request("POST", "/batch", body=keys("1", "1"))
    assert (answer.status, answer.json) == (400, {"message": "The request is not valid."})


def test_statements_read_and_write(local_aws: Aws, table: Json) -> None:
    name = table["name"]
    routes = [
        {
            "route": "GET /{customer}",
            "action": "ExecuteStatement",
            "statement": f'SELECT placed_at, total FROM "{name}" WHERE customer = ? AND total >= ? AND paid = ?',
            "parameters": [{"S": "path.customer"}, {"N": "query.min"}, {"BOOL": {"value": "false"}}],
        },
        {
            "route": "PUT /{customer}/{placed_at}/total",
            "action": "ExecuteStatement",
            "statement": f'UPDATE "{name}" SET total = ? WHERE customer = ? AND placed_at = ?',
            "parameters": [{"N": "body.total"}, {"S": "path.customer"}, {"S": "path.placed_at"}],
        },
        {
            "route": "GET /by_total/{customer}",
            "action": "ExecuteStatement",
            "index": "by_total",
            "statement": f'SELECT * FROM "{name}"."by_total" WHERE customer = ? AND total > ?',
            "parameters": [{"S": "path.customer"}, {"N": "query.min"}],
            "limit": {"default": 1, "maximum": 2},
        },
    ]
    api = deploy(local_aws, {"name": f"{name}-statements", "tables": [table], "routes": routes})
    changed = api.request("PUT", "/ann/2/total", body={"total": 70.5})
    assert (changed.status, changed.json) == (200, {"items": [], "count": 0})
    found = api.get("/ann", {"min": "6"})
    assert (found.status, found.json) == (200, {"items": [{"placed_at": "2", "total": 70.5}], "count": 1})
    hostile = api.get("/ann'%20OR%20'1'='1", {"min": "0"})
    assert hostile.json == {"items": [], "count": 0}
    assert api.get("/ann", {"min": "0 OR 1=1"}).status == 400
    assert api.request("PUT", "/nobody/2/total", body={"total": 1}).status == 409
    page = api.get("/by_total/ann", {"min": "5"})
    assert (page.status, [item["placed_at"] for item in page.json["items"]]) == (200, ["2"])
    pages = [api.get("/by_total/ann", {"min": "4", "limit": "2"}).json]
    while "next" in pages[-1]:
        pages.append(api.get("/by_total/ann", {"min": "4", "limit": "2", "next": pages[-1]["next"]}).json)
    assert len(pages) > 1
    assert sorted(item["placed_at"] for page in pages for item in page["items"]) == sorted(["1", "2", "3", HOSTILE])
