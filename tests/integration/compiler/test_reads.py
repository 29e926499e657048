# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Conditions, filters, projections, orders, counts, scans and prefixes, asked over HTTP of real items."""

from __future__ import annotations

from typing import Any

import pytest

from integration.compiler.deployed import Api, Aws, create_table, deploy
from integration.compiler.test_routes import order, own_table, pages, put
from unit.compiler.specs import ORDERS, Json

DAYS = [f"2026-0{month}-1{day}" for month in (1, 2, 3) for day in (1, 2)]
CUSTOMER: Json = {"customer": "path.customer"}
OF = "GET /{customer}"
ROUTES: tuple[Json, ...] = (
    *(
        {"route": f"{OF}/{operator}", "action": "Query", "key": {"placed_at": {operator: "query.at"}}}
        for operator in ("eq", "lt", "le", "gt", "ge", "begins_with")
    ),
    {
        "route": f"{OF}/between",
        "action": "Query",
        "key": {"placed_at": {"between": ["query.from", "query.to"], "optional": True}},
    },
    {
        "route": f"{OF}/filtered",
        "action": "Query",
        "filter": {
            "status": {"eq": "query.status", "optional": True},
            "total": {"ge": "query.min", "optional": True},
            "paid": {"eq": "query.paid", "optional": True},
        },
        "order": "query.order",
        "consistent": True,
        "limit": {"default": 2, "maximum": 50},
    },
    {"route": f"{OF}/projected", "action": "Query", "projection": ["placed_at", "total"], "order": "descending"},
    {"route": f"{OF}/count", "action": "Query", "count_only": True},
    {"route": f"{OF}/largest", "action": "Query", "index": "by_total", "order": "descending", "limit": 1},
    {"route": "GET /all", "action": "Scan", "limit": 4},
    {"route": "GET /all/unpaid", "action": "Scan", "filter": {"paid": {"exists": False}}},
    {"route": "GET /all/count", "action": "Scan", "count_only": True, "filter": {"total": {"gt": {"value": 2}}}},
    {"route": "GET /all/since", "action": "Scan", "filter": {"placed_at": {"begins_with": "query.month"}}},
    {
        "route": "GET /all/open",
        "action": "Scan",
        "index": "by_status",
        "projection": ["customer"],
        "filter": {"total": {"between": ["query.low", "query.high"]}},
    },
)


@pytest.fixture(scope="module")
def api(local_aws: Aws) -> Api:
    table = own_table(ORDERS)
    create_table(local_aws, table)
    for number, day in enumerate(DAYS):
        status = "open" if number % 2 else "sent"
        paid = {} if number == 5 else {"paid": {"BOOL": number < 2}}
        put(local_aws, table, order("ann", day, status={"S": status}, total={"N": str(number)}, **paid))
    put(local_aws, table, order("bob", DAYS[0], status={"S": "sent"}, paid={"BOOL": True}))
    return deploy(local_aws, {"name": table["name"], "tables": [table], "routes": list(ROUTES)})


def days(answer: Any) -> list[str]:
    assert answer.status == 200, answer.body
    assert answer.json["count"] == len(answer.json["items"])
    return [item["placed_at"] for item in answer.json["items"]]


@pytest.mark.parametrize(
    ("path", "query", "expected"),
    [
        ("eq", {"at": DAYS[2]}, DAYS[2:3]),
        ("lt", {"at": DAYS[2]}, DAYS[:2]),
        ("le", {"at": DAYS[2]}, DAYS[:3]),
        ("gt", {"at": DAYS[2]}, DAYS[3:]),
        ("ge", {"at": DAYS[2]}, DAYS[2:]),
        ("begins_with", {"at": "2026-02"}, DAYS[2:4]),
        ("begins_with", {"at": '2026-02"}}'}, []),
        ("between", {}, DAYS),
        ("between", {"from": DAYS[1]}, DAYS[1:]),
        ("between", {"to": DAYS[1]}, DAYS[:2]),
        ("between", {"from": DAYS[1], "to": DAYS[3]}, DAYS[1:4]),
        ("filtered", {"limit": "50"}, DAYS),
        ("filtered", {"limit": "50", "status": "open"}, DAYS[1::2]),
        ("filtered", {"limit": "50", "min": "2.5"}, DAYS[3:]),
        ("filtered", {"limit": "50", "paid": "false"}, DAYS[2:5]),
        ("filtered", {"limit": "50", "status": "open", "paid": "true", "order": "descending"}, DAYS[1:2]),
        ("filtered", {"limit": "50", "order": "descending"}, DAYS[::-1]),
        ("largest", {}, DAYS[5:]),
    ],
)
def test_a_condition_finds_its_items(api: Api, path: str, query: dict[str, str], expected: list[str]) -> None:
    assert days(api.get(f"/ann/{path}", query)) == expected


def test_a_projection_shows_its_attributes_alone(api: Api) -> None:
    items = api.get("/ann/projected").json["items"]
    assert items == [{"placed_at": day, "total": number} for number, day in reversed(list(enumerate(DAYS)))]


def test_the_pages_of_a_filtered_query_hold_each_item_once_in_either_order(api: Api) -> None:
    found = pages(api, "/ann/filtered", {"status": "open"})
    assert [item["placed_at"] for page in found for item in page] == DAYS[1::2]
    found = pages(api, "/ann/filtered", {"order": "descending"})
    assert [item["placed_at"] for page in found for item in page] == DAYS[::-1]


def test_a_count_has_no_items(api: Api) -> None:
    assert api.get("/ann/count").json == {"count": 6}
    assert api.get("/nobody/count").json == {"count": 0}
    assert api.get("/all/count").json == {"count": 3}


def test_the_pages_of_a_scan_hold_each_item_once(api: Api) -> None:
    found = pages(api, "/all", {})
    assert [len(page) for page in found][:1] == [4]
    keys = sorted((item["customer"], item["placed_at"]) for page in found for item in page)
    assert keys == [*(("ann", day) for day in DAYS), ("bob", DAYS[0])]


def test_a_scan_has_filters_and_indexes_too(api: Api) -> None:
    assert days(api.get("/all/unpaid")) == [DAYS[5]]
    page = api.get("/all/open", {"low": "2", "high": "3"}).json
    assert page == {"items": [{"customer": "ann"}] * 2, "count": 2}


def test_a_scan_filters_key_attributes(api: Api) -> None:
    assert days(api.get("/all/since", {"month": "2026-02"})) == DAYS[2:4]


@pytest.mark.parametrize(
    ("path", "query", "message"),
    [
        ("eq", {}, "Missing required request parameters: [at]"),
        ("filtered", {"min": "two"}, "The query parameter min must be a number"),
        ("filtered", {"paid": "1"}, "The query parameter paid must be true or false"),
        ("filtered", {"order": "up"}, "The query parameter order must be ascending or descending"),
        ("between", {"next": "!"}, "The query parameter next is no token of this API"),
    ],
)
def test_bad_input_is_400_with_a_message(api: Api, path: str, query: dict[str, str], message: str) -> None:
    answer = api.get(f"/ann/{path}", query)
    assert (answer.status, answer.json) == (400, {"message": message})


@pytest.fixture(scope="module")
def sets(local_aws: Aws) -> Api:
    kinds = {"id": "S", "text": "S", "texts": "SS", "numbers": "NS", "blobs": "BS"}
    table = own_table({"name": "sets", "hash_key": "id", "attributes": kinds})
    create_table(local_aws, table)
    put(
        local_aws,
        table,
        {
            "id": {"S": "a"},
            "text": {"S": "it's one"},
            "texts": {"SS": ["one", "it's"]},
            "numbers": {"NS": ["1", "2.5"]},
            "blobs": {"BS": [b"\x00", b"\xff"]},
        },
        {"id": {"S": "b"}, "text": {"S": "two"}, "texts": {"SS": ["two"]}, "numbers": {"NS": ["25"]}},
    )
    routes = [
        {"route": f"GET /{name}", "action": "Scan", "filter": {name: {"contains": "query.x"}}, "projection": ["id"]}
        for name in kinds
        if name != "id"
    ]
    return deploy(local_aws, {"name": table["name"], "tables": [table], "routes": routes})


@pytest.mark.parametrize(
    ("name", "x", "found"),
    [
        ("text", "it's", ["a"]),
        ("text", "o", ["a", "b"]),
        ("texts", "it's", ["a"]),
        ("texts", "o", []),
        ("numbers", "2.5", ["a"]),
        ("numbers", "25", ["b"]),
        ("numbers", "2", []),
        ("blobs", "/w==", ["a"]),
        ("blobs", "AAA=", []),
    ],
)
def test_contains_is_a_part_of_a_text_and_an_element_of_a_set(sets: Api, name: str, x: str, found: list[str]) -> None:
    answer = sets.get(f"/{name}", {"x": x})
    assert answer.status == 200, answer.body
    assert sorted(item["id"] for item in answer.json["items"]) == found


@pytest.mark.parametrize(("name", "x"), [("numbers", "two"), ("numbers", '1"}'), ("blobs", "/w"), ("texts", "")])
def test_an_element_of_another_type_is_400(sets: Api, name: str, x: str) -> None:
    assert sets.get(f"/{name}", {"x": x}).status == 400


def test_kinds_of_items_in_one_table_are_told_apart_by_prefixes(local_aws: Aws) -> None:
    table = own_table(
        {"name": "shop", "hash_key": "pk", "range_key": "sk", "attributes": {"pk": "S", "sk": "S", "name": "S"}}
    )
    create_table(local_aws, table)
    rows = {
        ("CUSTOMER#ann", "PROFILE"): "Ann",
        ("CUSTOMER#ann", "ORDER#2026-01"): "one",
        ("CUSTOMER#ann", "ORDER#2026-02"): "two",
        ("STAFF#ann", "ORDER#2026-01"): "secret",
    }
    for (pk, sk), name in rows.items():
        put(local_aws, table, {"pk": {"S": pk}, "sk": {"S": sk}, "name": {"S": name}})
    customer = "CUSTOMER#{path.customer}"
    routes = [
        {
            "route": f"{OF}/orders",
            "action": "Query",
            "key": {"pk": customer, "sk": {"begins_with": "ORDER#{query.month}", "optional": True}},
            "strip_prefix": True,
        },
        {
            "route": f"{OF}/orders/{{id}}",
            "action": "GetItem",
            "key": {"pk": customer, "sk": "ORDER#{path.id}"},
            "strip_prefix": True,
        },
        {"route": OF, "action": "GetItem", "key": {"pk": customer, "sk": {"value": "PROFILE"}}},
    ]
    api = deploy(local_aws, {"name": table["name"], "tables": [table], "routes": routes})
    one, two = ({"pk": "ann", "sk": f"2026-0{at}", "name": name} for at, name in ((1, "one"), (2, "two")))
    assert api.get("/ann/orders").json == {"items": [one, two], "count": 2}
    assert api.get("/ann/orders", {"month": "2026-02"}).json == {"items": [two], "count": 1}
    assert api.get("/ann/orders/2026-01").json == one
    assert api.get("/ann").json == {"pk": "CUSTOMER#ann", "sk": "PROFILE", "name": "Ann"}
    assert api.get("/STAFF%23ann/orders").json == {"items": [], "count": 0}


def test_a_route_for_known_callers_is_imported_with_its_authorizer(local_aws: Aws) -> None:
    table = own_table(ORDERS)
    pool = "arn:aws:cognito-idp:eu-central-1:000000000000:userpool/eu-central-1_AbC"
    routes = [
        {"route": "GET /mine", "action": "Query", "key": {"customer": "claims.sub"}, "auth": "users"},
        {"route": "GET /c/{customer}", "action": "Query"},
    ]
    spec = {
        "name": table["name"],
        "tables": [table],
        "routes": routes,
        "authorizers": {"users": {"user_pools": [pool]}},
    }
    api_id = deploy(local_aws, spec).url.split("/")[4]
    client = local_aws.client("apigateway")
    (authorizer,) = client.get_authorizers(restApiId=api_id)["items"]
    assert (authorizer["type"], authorizer["providerARNs"]) == ("COGNITO_USER_POOLS", [pool])
    resources = client.get_resources(restApiId=api_id, embed=["methods"], limit=500)["items"]
    methods = {one["path"]: one["resourceMethods"] for one in resources if "resourceMethods" in one}
    assert methods["/mine"]["GET"]["authorizationType"] == "COGNITO_USER_POOLS"
    assert methods["/mine"]["GET"]["authorizerId"] == authorizer["id"]
    assert methods["/mine"]["OPTIONS"]["authorizationType"] == "NONE"
    assert methods["/c/{customer}"]["GET"]["authorizationType"] == "NONE"
