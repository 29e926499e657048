# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Each error in a route that reads is reported with its place and its remedy."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.codeless.apigateway.plugins.plugin_utils.compiler import ValidationErrors, compile_api

from unit.compiler.specs import ORDERS, TEMPLATES, Json, orders

PLACE = 'routes[0] "POST /c/{customer}": '
KEYS = "eq, lt, le, gt, ge, between, begins_with"
FILTERS = f"{KEYS}, ne, contains, exists"


def errors_of(action: str, table: Json, words: Json) -> list[str]:
    route = {"route": "POST /c/{customer}", "action": action, **words}
    with pytest.raises(ValidationErrors) as caught:
        compile_api(orders(route, tables=[table]), [TEMPLATES])
    return [str(error).removeprefix(PLACE) for error in caught.value.errors]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        # conditions
        (
            {"key": {"placed_at": {"gte": "query.a"}}},
            f"key 'placed_at' has the unknown condition 'gte'. Write ge (known: {KEYS}).",
        ),
        (
            {"key": {"placed_at": {"ge": "query.a", "le": "query.b"}}},
            "key 'placed_at' has several conditions, but takes one. "
            "Write it like {ge: query.since}, or {between: [query.a, query.b]}.",
        ),
        (
            {"key": {"placed_at": {"between": ["query.a"]}}},
            "key 'placed_at': between takes two sources. Write {between: [query.from, query.to]}.",
        ),
        (
            {"key": {"placed_at": {"between": "query.a"}}},
            "key 'placed_at': between takes two sources. Write {between: [query.from, query.to]}.",
        ),
        (
            {"key": {"placed_at": {"ge": "query.a", "optional": "yes"}}},
            "key 'placed_at' has optional: 'yes'. Write optional: true, or leave it out.",
        ),
        (
            {"key": {"placed_at": {"ge": {"value": "x"}, "optional": True}}},
            "key 'placed_at' is optional, but its source always has a value. Remove optional, or use query.x.",
        ),
        (
            {"key": {"placed_at": {"ge": "O#{query.a}", "optional": True}}},
            "key 'placed_at' is optional and has a prefix. Use begins_with, or remove the prefix or optional.",
        ),
        (
            {"index": "by_total", "key": {"total": {"begins_with": "query.a"}}},
            "key 'total' uses begins_with, which does not take the type N. Use an operator that takes the type.",
        ),
        (
            {"key": {"placed_at": {"ge": "querry.a"}}},
            "key 'placed_at' has a source of an unknown kind: 'querry.a'. Write query (known: path, query, header, "
            "body, claims, context, stage), with a dot and a name as in query.status, or {value: a literal}.",
        ),
        # filters
        ({"filter": ["status"]}, "filter is a list, not a mapping. Write filter: {status: query.status}."),
        (
            {"filter": {"placed_at": "query.a"}},
            "filter has the key attribute 'placed_at', which a Query cannot filter. Write it under key, or use Scan.",
        ),
        (
            {"filter": {"state": "query.a"}},
            "filter 'state' is not a declared attribute of table 'orders'. Write status (known: status, total, paid).",
        ),
        (
            {"filter": {"status": {"like": "query.a"}}},
            f"filter 'status' has the unknown condition 'like'. Write contains (known: {FILTERS}).",
        ),
        (
            {"filter": {"paid": {"gt": "query.a"}}},
            "filter 'paid' uses gt, which does not take the type BOOL. Use an operator that takes the type.",
        ),
        (
            {"filter": {"paid": {"eq": {"value": "yes"}}}},
            "filter 'paid' is 'yes', which is not a value of type BOOL. Correct it.",
        ),
        (
            {"filter": {"paid": {"exists": "yes"}}},
            "filter 'paid': exists takes true or false, and cannot be optional. Write {exists: true}.",
        ),
        (
            {"filter": {"total": "N#{query.a}"}},
            "filter 'total' has the prefix 'N#', but its type is N. Remove the prefix.",
        ),
        (
            {"filter": {"status": "query.next"}},
            "'status' comes from query.next, which is reserved for pages. "
            "Give the parameter another name, as in query.status.",
        ),
        # what is read
        (
            {"projection": "status"},
            "projection is not a list of attributes. Write projection: [status, total], each attribute once.",
        ),
        (
            {"projection": ["status", "status"]},
            "projection is not a list of attributes. Write projection: [status, total], each attribute once.",
        ),
        (
            {"projection": ["stats"]},
            "projection has 'stats', which table 'orders' does not declare. "
            "Write status (known: customer, placed_at, status, total, paid).",
        ),
        ({"order": "desc"}, "order is 'desc'. Write ascending, descending, or query.order."),
        ({"order": "header.X"}, "order is 'header.X'. Write ascending, descending, or query.order."),
        ({"order": "query.limit"}, "order comes from query.limit, which is reserved for pages. Write query.order."),
        ({"consistent": "yes"}, "consistent is 'yes'. Write consistent: true, or leave it out."),
        (
            {"consistent": True, "index": "by_status", "key": {"status": "query.s"}},
            "index 'by_status' is global, and has no consistent reads. Leave consistent out.",
        ),
        ({"count_only": True, "limit": 5}, "limit has no effect with count_only. Leave limit out."),
        (
            {"count_only": True, "projection": ["status"]},
            "projection has no effect with count_only. Leave projection out.",
        ),
        (
            {"strip_prefix": True},
            'strip_prefix is set, but no key has a prefix. Write one under key: {pk: "CUSTOMER#{path.customer}"}.',
        ),
        (
            {"request_template": "{}", "filter": {"status": "query.s"}},
            "filter has no effect with request_template. Leave filter out.",
        ),
        # prefixes
        (
            {"key": {"customer": "{path.customer}#x"}},
            "key 'customer' has the source '{path.customer}#x', which is not a constant before one source. "
            'Write it like "CUSTOMER#{path.customer}".',
        ),
        (
            {"key": {"customer": "C#{path.custmer}"}},
            "key 'customer' comes from path.custmer, which is not in /c/{customer}. Write customer (known: customer).",
        ),
        (
            {"index": "by_total", "key": {"total": "N#{query.a}"}},
            "key 'total' has the prefix 'N#', but its type is N. Remove the prefix.",
        ),
    ],
)
def test_an_error_in_a_query_is_reported(words: Json, expected: str) -> None:
    assert expected in errors_of("Query", ORDERS, words)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ({}, "keys is missing. Write keys: body.keys."),
        ({"keys": "path.customer"}, "keys cannot come from path.customer. Write keys: body.keys, or keys: query.ids."),
        ({"keys": "body.a.b"}, "keys cannot come from body.a.b. Write keys: body.keys, or keys: query.ids."),
        (
            {"keys": "query.ids", "key": {"placed_at": {"value": "x"}}},
            "no key attribute would come from query.ids. "
            "Give the other key attribute a source under key, or use body.keys.",
        ),
        (
            {"keys": "query.ids", "key": {"customer": "each"}},
            "two key attributes would come from query.ids. "
            "Give the other key attribute a source under key, or use body.keys.",
        ),
        ({"keys": "body.keys", "maximum": 101}, "maximum is 101. Write a whole number from 1 to 100."),
        ({"keys": "body.keys", "maximum": True}, "maximum is true. Write a whole number from 1 to 100."),
        (
            {"keys": "body.keys", "key": {"total": "each"}},
            "key 'total' is not a key attribute of table 'orders'. Write one of: customer, placed_at.",
        ),
    ],
)
@pytest.mark.parametrize("action", ["BatchGetItem", "TransactGetItems"])
def test_an_error_in_a_list_of_keys_is_reported(action: str, words: Json, expected: str) -> None:
    assert expected in errors_of(action, ORDERS, words)


SELECT = 'SELECT * FROM "orders" WHERE customer = ?'


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ({}, "statement is missing. Write statement: 'SELECT * FROM \"orders\" WHERE customer = ?'."),
        (
            {"statement": "DROP TABLE orders"},
            "the statement starts with DROP. Write one of: SELECT, INSERT, UPDATE, DELETE.",
        ),
        (
            {"statement": SELECT, "parameters": []},
            "the statement has 1 question marks, but parameters has 0 sources. "
            "Write a source for each question mark, as in parameters: [{S: path.customer}].",
        ),
        (
            {"statement": SELECT, "parameters": [{"S": "path.customer"}, {"S": "path.customer"}]},
            "the statement has 1 question marks, but parameters has 2 sources. "
            "Write a source for each question mark, as in parameters: [{S: path.customer}].",
        ),
        (
            {"statement": SELECT, "parameters": ["path.customer"]},
            "parameters[0] is not a source with its type. "
            "Write {S: path.customer}, with one of the types S, N, B, BOOL.",
        ),
        (
            {"statement": SELECT, "parameters": {"S": "path.customer"}},
            "parameters is not a list. Write parameters: [{S: path.customer}].",
        ),
        (
            {"statement": SELECT, "parameters": [{"N": {"value": "x"}}]},
            "parameters[0] is 'x', which is not a value of type N. Correct it.",
        ),
        (
            {"statement": "SELECT * FROM staff"},
            "the statement uses table 'staff'. Write \"orders\" in it, or table: staff.",
        ),
        (
            {"statement": 'SELECT * FROM "orders"."by_status"'},
            "the statement uses index 'by_status', but the route has no index. Write index: by_status.",
        ),
        (
            {"statement": "SELECT * FROM orders", "index": "by_status"},
            "the statement uses no index, but the route has index 'by_status'. Leave index out.",
        ),
    ],
)
def test_an_error_in_a_statement_is_reported(words: Json, expected: str) -> None:
    assert expected in errors_of("ExecuteStatement", ORDERS, words)


def test_a_list_of_binary_keys_has_no_prefix() -> None:
    table: Any = {"name": "blobs", "hash_key": "id", "attributes": {"id": "B"}}
    words = {"route": "GET /b", "keys": "query.ids", "key": {"id": "X#{each}"}}
    errors = errors_of("BatchGetItem", table, words)
    assert errors == ["routes[0] \"GET /b\": key 'id' has the prefix 'X#', but its type is B. Remove the prefix."]
