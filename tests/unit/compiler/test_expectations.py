# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a route expects: requests that can be sent as they are, and each error in them reported."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible_collections.codeless.apigateway.plugins.plugin_utils.compiler import ValidationErrors, compile_api

from unit.compiler.specs import TEMPLATES, Json, orders

ITEM = "/customers/{customer}/orders/{placed_at}"
GET = {"route": f"GET {ITEM}", "action": "GetItem"}
PUT = {"route": f"PUT {ITEM}", "action": "PutItem"}
BY_STATUS = {"route": "GET /orders", "action": "Query", "index": "by_status", "key": {"status": "query.status"}}
KEY = {"customer": "ann", "placed_at": "2026"}
OWN = {"route": "ANY /files/{proxy+}", "action": "Query", "request_template": "{}"}


def expectations_of(*routes: Json, **words: Any) -> list[Json]:
    return compile_api(orders(*routes, **words), [TEMPLATES]).expectations


def errors_of(route: Json) -> list[str]:
    with pytest.raises(ValidationErrors) as caught:
        compile_api(orders(route), [TEMPLATES])
    return [str(error) for error in caught.value.errors]


def test_one_mapping_is_one_expectation() -> None:
    assert expectations_of({**GET, "expect": {"path": KEY, "status": 200, "answer": {"customer": "ann"}}}) == [
        {
            "route": f"GET {ITEM}",
            "name": "GET /customers/ann/orders/2026 answers 200",
            "method": "GET",
            "path": "/customers/ann/orders/2026",
            "query": {},
            "headers": {},
            "status": 200,
            "answer": {"customer": "ann"},
            "resource": ITEM,
        }
    ]


def test_any_header_name_of_http_can_be_sent() -> None:
    headers = {"X_Trace.Id~1": "1"}
    (found,) = expectations_of({**GET, "expect": {"path": KEY, "headers": headers, "status": 200}})
    assert found["headers"] == headers


def test_a_list_keeps_its_order_and_the_routes_theirs() -> None:
    listed = [{"path": KEY, "status": 404, "name": "Nobody"}, {"path": {**KEY, "customer": "bob"}, "status": 404}]
    found = expectations_of(
        {**PUT, "expect": {"path": KEY, "body": {"total": 1.5}, "headers": {"If-Match": '"1"'}, "status": 204}},
        {**GET, "expect": listed},
    )
    assert [one["name"] for one in found] == [
        "PUT /customers/ann/orders/2026 answers 204",
        "Nobody",
        "GET /customers/bob/orders/2026 answers 404",
    ]
    assert found[0]["body"] == {"total": 1.5}
    assert found[0]["headers"] == {"If-Match": '"1"'}
    assert "answer" not in found[0]
    assert "body" not in found[1]


def test_values_are_texts_and_the_path_is_encoded() -> None:
    (one,) = expectations_of({**GET, "expect": {"path": {"customer": "o'neil/ä b%", "placed_at": 5}, "status": "404"}})
    assert one["path"] == "/customers/o%27neil%2F%C3%A4%20b%25/orders/5"
    assert one["status"] == 404
    (two,) = expectations_of({**BY_STATUS, "expect": {"query": {"status": True, "limit": 5}, "status": 200}})
    assert two["query"] == {"status": "true", "limit": "5"}
    assert two["name"] == "GET /orders?status=true&limit=5 answers 200"


def test_a_route_with_a_template_of_the_users_own_takes_any_parameter() -> None:
    expect = {"method": "PUT", "path": {"proxy": "a/b c"}, "query": {"x": ""}, "body": None, "status": 200}
    (one,) = expectations_of({**OWN, "expect": expect})
    assert (one["method"], one["path"], one["query"], one["body"]) == ("PUT", "/files/a/b%20c", {"x": ""}, None)
    assert one["route"] == "ANY /files/{proxy+}"


def test_an_error_may_be_expected_of_a_request_that_lacks_something() -> None:
    (one,) = expectations_of({**BY_STATUS, "expect": {"status": 400}})
    assert one["query"] == {}


def test_the_document_knows_nothing_of_it() -> None:
    plain = compile_api(orders(GET), [TEMPLATES])
    expecting = compile_api(orders({**GET, "expect": {"path": KEY, "status": 200}}), [TEMPLATES])
    assert (expecting.definition, expecting.policy) == (plain.definition, plain.policy)
    assert json.loads(json.dumps(expecting.expectations)) == expecting.expectations


@pytest.mark.parametrize(
    ("route", "expect", "expected"),
    [
        (GET, 200, "expect is 200. Write expect: {path: {id: a}, status: 200}, or a list of such mappings."),
        (GET, [200], "expect[0]: 200 is not a mapping. Write {status: …}."),
        (GET, {"path": KEY}, "expect: status is missing. Write status: 200."),
        (GET, {"path": KEY, "status": 99}, "expect: status is 99. Write an HTTP status from 100 to 599."),
        (GET, {"path": KEY, "status": True}, "expect: status is true. Write an HTTP status from 100 to 599."),
        (
            GET,
            [{"path": KEY, "status": 200}, {"path": KEY, "stauts": 200}],
            "expect[1]: unknown option 'stauts'. "
            "Write status (known: name, path, query, headers, body, status, answer).",
        ),
        (
            GET,
            {"path": {"customer": "ann"}, "status": 200},
            f"expect: path has no 'placed_at', which is a parameter of {ITEM}. Write path: {{placed_at: some text}}.",
        ),
        (
            GET,
            {"path": {**KEY, "placed_at": ""}, "status": 200},
            "expect: path has an empty 'placed_at'. Write some text.",
        ),
        (
            GET,
            {"path": {**KEY, "placedat": "2026"}, "status": 200},
            "expect: the route has no path parameter 'placedat'. Write placed_at (known: customer, placed_at).",
        ),
        (
            GET,
            {"path": {**KEY, "placed_at": ["2026"]}, "status": 200},
            "expect: path has no value for 'placed_at'. Write path: {placed_at: text or a number}.",
        ),
        (GET, {"path": "ann", "status": 200}, "expect: path is 'ann', not a mapping. Write path: {id: a}."),
        (
            GET,
            {"path": KEY, "query": {"limit": 5}, "status": 200},
            "expect: the route has no query parameter 'limit'. Leave it out.",
        ),
        (
            BY_STATUS,
            {"query": {"state": "open"}, "status": 400},
            "expect: the route has no query parameter 'state'. Write status (known: status, limit, next).",
        ),
        (
            BY_STATUS,
            {"status": 200},
            "expect: status is 200, but the query parameter 'status' is missing. "
            "Write query: {status: some text}, or status: 400.",
        ),
        (
            {**BY_STATUS, "key": {"status": "header.X-Status"}},
            {"status": 200, "headers": {"x-state": "open"}},
            "expect: status is 200, but the header parameter 'X-Status' is missing. "
            "Write headers: {X-Status: some text}, or status: 400.",
        ),
        (GET, {"path": KEY, "body": {}, "status": 200}, "expect: a GET has no body. Leave body out."),
        (
            GET,
            {"path": KEY, "headers": {"X A": "b"}, "status": 200},
            "expect: the header 'X A' cannot be sent. Write a valid header name, and a value of one line.",
        ),
        (
            GET,
            {"path": KEY, "headers": {"X-A": "b\r\nX-B: c"}, "status": 200},
            "expect: the header 'X-A' cannot be sent. Write a valid header name, and a value of one line.",
        ),
        (
            PUT,
            {"path": KEY, "body": {}, "status": 204, "answer": {}},
            "expect: a response 204 has no body for answer. Leave answer out.",
        ),
        (GET, {"path": KEY, "status": 200, "name": 5}, "expect: name is 5, not text. Write name: some text."),
        (
            OWN,
            {"path": {"proxy": "a"}, "status": 200},
            "expect: method is missing. Write method: GET.",
        ),
        (
            OWN,
            {"method": "any", "path": {"proxy": "a"}, "status": 200},
            "expect: unknown method 'any'. Write one of: GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS.",
        ),
    ],
)
def test_an_error_is_reported_with_its_place_and_remedy(route: Json, expect: Any, expected: str) -> None:
    place = f'routes[0] "{route["route"]}"'
    told = f"{place}: {expected}" if expected.startswith("expect is") else f"{place} {expected}"
    assert told in errors_of({**route, "expect": expect})


def test_a_route_with_another_error_has_its_expectations_checked_too() -> None:
    assert len(errors_of({**GET, "projection": ["x"], "expect": {"path": KEY}})) == 2
    assert len(errors_of({"route": "GET /{customer}", "action": "GetItem", "expect": {"status": 200}})) == 2
