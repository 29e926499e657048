# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Compiled routes, deployed on the local AWS and asked over HTTP, with real items in a real table."""

from __future__ import annotations

import base64
import re
import uuid
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import yaml

from integration.compiler.deployed import Api, Aws, create_table, deploy
from unit.compiler.specs import ORDERS, Json
from unit.compiler.test_request_templates import FRAGMENTS

VARS = Path(__file__).resolve().parents[3] / "playbooks" / "vars"
MISSING = {"message": "Missing Authentication Token"}


def own_table(table: Json) -> Json:
    """A table with a name of its own, as tests share one local AWS."""
    return {**table, "name": f"{table['name']}-{uuid.uuid4().hex[:8]}"}


def put(aws: Aws, table: Json, *items: Json) -> None:
    for item in items:
        aws.client("dynamodb").put_item(TableName=table["name"], Item=item)


def order(customer: str, placed_at: str, **attributes: Json) -> Json:
    return {"customer": {"S": customer}, "placed_at": {"S": placed_at}, **attributes}


ROUTES = (
    {"route": "GET /customers/{customer}/orders", "action": "Query", "limit": {"default": 2, "maximum": 50}},
    {"route": "GET /customers/{customer}/orders/{placed_at}", "action": "GetItem"},
    {"route": "GET /orders", "action": "Query", "index": "by_status", "key": {"status": "query.status"}, "limit": 2},
    {"route": "GET /customers/{customer}/totals/{total}", "action": "Query", "index": "by_total"},
    {"route": "GET /mine", "action": "Query", "key": {"customer": "header.X-Customer"}},
    {"route": "POST /find", "action": "GetItem", "key": {"customer": "body.customer", "placed_at": "body.at"}},
)
EVERY_TYPE = order(
    "ann",
    "2026-01-01",
    status={"S": "open"},
    total={"N": "12345678901234567890123456789012345678"},
    paid={"BOOL": True},
    none={"NULL": True},
    photo={"B": b"\x00\xff"},
    tags={"SS": ["it's", 'a "tag"']},
    sizes={"NS": ["1", "2.5"]},
    blobs={"BS": [b"\x00", b"\xff"]},
    address={"M": {"street": {"S": "Allee 1\n2"}, "lines": {"L": [{"N": "1"}, {"M": {}}, {"L": [{"S": "x"}]}]}}},
)


@pytest.fixture(scope="module")
def table(local_aws: Aws) -> Json:
    table = own_table(ORDERS)
    create_table(local_aws, table)
    put(
        local_aws,
        table,
        EVERY_TYPE,
        *(order("bob", f"2026-02-0{day}", status={"S": "open"}, total={"N": str(day)}) for day in range(1, 6)),
        *(order(fragment, "2026-03-01", status={"S": fragment}) for fragment in FRAGMENTS if fragment.strip("\x00")),
    )
    return table


@pytest.fixture(scope="module")
def api(local_aws: Aws, table: Json) -> Api:
    return deploy(local_aws, {"name": table["name"], "tables": [table], "routes": list(ROUTES)})


def test_an_item_of_every_type(api: Api) -> None:
    answer = api.get("/customers/ann/orders/2026-01-01")
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["access-control-allow-origin"] == "*"
    item = answer.json
    assert sorted(item.pop("tags")) == ['a "tag"', "it's"]
    assert sorted(item.pop("sizes")) == [1, 2.5]
    assert sorted(item.pop("blobs")) == ["/w==", "AA=="]
    assert item == {
        "customer": "ann",
        "placed_at": "2026-01-01",
        "status": "open",
        "total": 12345678901234567890123456789012345678,
        "paid": True,
        "none": None,
        "photo": "AP8=",
        "address": {"street": "Allee 1\n2", "lines": [1, {}, ["x"]]},
    }


def test_an_item_that_is_not_there(api: Api) -> None:
    answer = api.get("/customers/ann/orders/1999-01-01")
    assert (answer.status, answer.json) == (404, {"message": "Not found"})
    assert answer.headers["access-control-allow-origin"] == "*"


def test_a_hash_key_without_items_is_an_empty_page(api: Api) -> None:
    answer = api.get("/customers/nobody/orders")
    assert (answer.status, answer.json) == (200, {"items": [], "count": 0})


def pages(api: Api, path: str, query: dict[str, str]) -> list[list[Json]]:
    """The items of each page, until there is no token."""
    found: list[list[Json]] = []
    token: str | None = None
    while token is not None or not found:
        answer = api.get(path, {**query, **({"next": token} if token else {})})
        assert answer.status == 200, answer.body
        found.append(answer.json["items"])
        assert answer.json["count"] == len(found[-1])
        token = answer.json.get("next")
    return found


def test_the_pages_of_a_table_query_hold_each_item_once_in_order(api: Api) -> None:
    found = pages(api, "/customers/bob/orders", {})
    assert [len(page) for page in found][:2] == [2, 2]
    days = [item["placed_at"] for page in found for item in page]
    assert days == [f"2026-02-0{day}" for day in range(1, 6)]
    assert pages(api, "/customers/bob/orders", {"limit": "50"})[0] == [item for page in found for item in page]


def test_the_pages_of_an_index_query_hold_each_item_once(api: Api) -> None:
    found = [
        (item["customer"], item["placed_at"]) for page in pages(api, "/orders", {"status": "open"}) for item in page
    ]
    assert found == [("ann", "2026-01-01"), *(("bob", f"2026-02-0{day}") for day in range(1, 6))]


def test_a_token_of_one_key_reads_nothing_of_another(api: Api) -> None:
    token = api.get("/customers/bob/orders").json["next"]
    assert base64.urlsafe_b64decode(token + "==").decode() == "2026-02-02"
    items = api.get("/customers/ann/orders", {"next": token, "limit": "50"}).json["items"]
    assert {item["customer"] for item in items} <= {"ann"}


def test_a_range_key_from_the_path_is_a_condition(api: Api) -> None:
    page = api.get("/customers/bob/totals/3").json
    assert [item["placed_at"] for item in page["items"]] == ["2026-02-03"]


@pytest.mark.parametrize("fragment", [fragment for fragment in FRAGMENTS if fragment.strip("\x00")])
def test_a_hostile_text_is_a_key_like_any_other(api: Api, fragment: str) -> None:
    """The item under that very key is found, and no other."""
    page = api.get(f"/customers/{quote(fragment, safe='')}/orders")
    assert page.status == 200, page.body
    assert [item["customer"] for item in page.json["items"]] == [fragment]
    if fragment.strip():  # API Gateway takes a blank parameter for a missing one
        by_index = api.get("/orders", {"status": fragment})
        assert [item["status"] for item in by_index.json["items"]] == [fragment]
    item = api.get(f"/customers/{quote(fragment, safe='')}/orders/2026-03-01")
    assert (item.json["customer"], item.json["placed_at"]) == (fragment, "2026-03-01")


@pytest.mark.parametrize(
    ("path", "query", "message"),
    [
        ("/orders", {}, "Missing required request parameters: [status]"),
        ("/customers/bob/totals/three", {}, "The path parameter total must be a number"),
        ("/customers/bob/orders", {"limit": "51"}, "The query parameter limit must be a whole number from 1 to 50"),
        ("/customers/bob/orders", {"next": "a"}, "The query parameter next is no token of this API"),
        ("/customers/bob/orders", {"next": "YQ.YQ"}, "The query parameter next is no token of this API"),
        ("/mine", {}, "The header X-Customer must not be empty"),
    ],
)
def test_bad_input_is_400_with_a_message(api: Api, path: str, query: dict[str, str], message: str) -> None:
    answer = api.get(path, query)
    assert (answer.status, answer.json) == (400, {"message": message})
    assert answer.headers["access-control-allow-origin"] == "*"


def test_a_header_is_no_query_parameter(api: Api) -> None:
    assert api.get("/orders", status="open").status == 400


@pytest.mark.parametrize("header", ["X-Customer", "x-customer", "X-CUSTOMER"])
def test_a_key_from_a_header_in_any_case(api: Api, header: str) -> None:
    assert [item["customer"] for item in api.get("/mine", **{header: "ann"}).json["items"]] == ["ann"]


def test_a_key_from_the_body(api: Api) -> None:
    found = api.request("POST", "/find", body={"customer": "ann", "at": "2026-01-01"})
    assert (found.status, found.json["status"]) == (200, "open")


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({}, "customer"),
        ({"customer": "ann"}, "at"),
        ({"customer": "ann", "at": 5}, "$.at "),
        ({"customer": "", "at": "x"}, "$.customer "),
        ([], "$ "),
    ],
)
def test_a_body_that_is_no_key_is_400_before_dynamodb_is_asked(api: Api, body: Any, named: str) -> None:
    answer = api.request("POST", "/find", body=body)
    assert answer.status == 400
    assert re.fullmatch(rf"Invalid request body: .*{re.escape(named)}.*", answer.json["message"])


def test_another_content_type_never_reaches_dynamodb(api: Api) -> None:
    body = {"TableName": "orders"}
    answer = api.request("POST", "/find", body=body, headers={"Content-Type": "application/x-amz-json-1.0"})
    assert answer.status in (400, 415), "415, or 400 where the body is validated first"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert api.get("/customers/ann/orders", **{"Content-Type": "text/plain"}).status == 415


def test_an_unknown_route_is_403_with_the_header_for_browsers(api: Api) -> None:
    answer = api.get("/nowhere")
    assert (answer.status, answer.json) == (403, MISSING)
    assert answer.headers["access-control-allow-origin"] == "*"


def test_a_browsers_preflight_request(api: Api) -> None:
    answer = api.request("OPTIONS", "/mine", headers={"Origin": "https://shop.example"})
    assert (answer.status, answer.body) == (204, "")
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["access-control-allow-methods"] == "GET,OPTIONS"
    assert "X-Customer" in answer.headers["access-control-allow-headers"].split(",")
    assert answer.headers["access-control-max-age"] == "600"


def test_an_index_is_read_under_the_compiled_policy_alone(local_aws: Aws, table: Json) -> None:
    """The policy of such an API allows nothing on the table itself."""
    route = {"route": "GET /{status}", "action": "Query", "index": "by_status"}
    api = deploy(local_aws, {"name": f"{table['name']}-index", "tables": [table], "routes": [route]})
    assert api.get("/open").json["count"] == 6


def test_a_role_without_the_permission_is_500_and_names_nothing(local_aws: Aws, table: Json) -> None:
    name = f"{table['name']}-denied"
    policy = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "dynamodb:GetItem", "Resource": "*"}],
    }
    spec = {"name": name, "tables": [table], "routes": [{"route": "GET /{customer}", "action": "Query"}]}
    answer = deploy(local_aws, spec, policy=policy).get("/ann")
    assert (answer.status, answer.json) == (500, {"message": "Internal server error"})
    assert answer.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize("example", ["example", "handwritten"])
def test_the_example_apis(local_aws: Aws, example: str) -> None:
    variables = yaml.safe_load((VARS / f"{example}.yml").read_text().replace("example", f"example-{example}"))
    spec = {
        word.removeprefix("service_proxy_"): value for word, value in variables.items() if word != "service_proxy_items"
    }
    (table,) = spec["tables"]
    create_table(local_aws, table)
    put(local_aws, table, {"id": {"S": "a'b"}, "range": {"S": "1"}}, {"id": {"S": "a'b"}, "range": {"S": "2"}})
    api = deploy(local_aws, {**spec, "name": f"{spec['name']}-{uuid.uuid4().hex[:8]}"})
    items = [{"id": "a'b", "range": "1"}, {"id": "a'b", "range": "2"}]
    expected = {"example": {"items": items, "count": 2}, "handwritten": items}
    answer = api.get("/a%27b")
    assert (answer.status, answer.json) == (200, expected[example])
    hostile = api.get("/" + quote('x"}},"Select":"COUNT', safe=""))
    assert (hostile.status, hostile.json) == (200, {"example": {"items": [], "count": 0}, "handwritten": []}[example])
