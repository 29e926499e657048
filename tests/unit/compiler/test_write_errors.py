# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Each error in a route that writes, and in a table, is reported with its place and its remedy."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.codeless.apigateway.plugins.plugin_utils.compiler import ValidationErrors, compile_api
from ansible_collections.codeless.apigateway.plugins.plugin_utils.compiler.spec.literals import dynamodb_json

from unit.compiler.specs import TEMPLATES, Json, orders

ORDERS: Json = {
    "name": "orders",
    "hash_key": "customer",
    "range_key": "placed_at",
    "attributes": {"customer": "S", "placed_at": "S", "status": "S", "total": "N", "tags": "SS", "revision": "N"},
}
PATH = "/c/{customer}/{placed_at}"
PLACE = f'routes[0] "PUT {PATH}": '
TABLE = 'tables[0] "orders": '


def errors_of(*routes: Json, **words: Any) -> list[str]:
    with pytest.raises(ValidationErrors) as caught:
        compile_api(orders(*routes, tables=[{**ORDERS, **words}]), [TEMPLATES])
    return [str(error) for error in caught.value.errors]


def put(**words: Any) -> Json:
    return {"route": f"PUT {PATH}", "action": "PutItem", **words}


@pytest.mark.parametrize(
    ("route", "expected"),
    [
        (
            {**put(), "route": f"GET {PATH}"},
            f'routes[0] "GET {PATH}": a GET has no body to read an item from. Use PUT, POST, PATCH or DELETE.',
        ),
        (
            put(action="UpdateItem", route=f"HEAD {PATH}"),
            f'routes[0] "HEAD {PATH}": a HEAD has no body to read an item from. Use PUT, POST, PATCH or DELETE.',
        ),
        (put(attributes="status"), PLACE + "attributes is not a list. Write attributes: [status]."),
        (put(required=True), PLACE + "required is not a list. Write required: [status, total]."),
        (
            put(attributes=["statuss"]),
            PLACE + "attributes has 'statuss', which is not an attribute in the body. "
            "Write status (known: status, total, tags, revision).",
        ),
        (
            put(attributes=["customer"]),
            PLACE + "attributes has 'customer', which is not an attribute in the body. "
            "Write one of: status, total, tags, revision.",
        ),
        (
            put(attributes=["status"], required=["total"]),
            PLACE + "required has 'total', which is not an attribute in the body. Write one of: status.",
        ),
        (
            put(defaults={"totals": 1}),
            PLACE + "defaults has 'totals', which is not an attribute in the body. "
            "Write total (known: status, total, tags, revision).",
        ),
        (put(defaults={"total": "5"}), PLACE + "the default of 'total' must be a number. Correct it."),
        (put(defaults={"tags": []}), PLACE + "the default of 'tags' must be an array of 1 to 1000 texts. Correct it."),
        (put(defaults="open"), PLACE + "defaults is 'open', not a mapping. Write defaults: {status: open}."),
        (
            put(set={"customer": "query.x"}),
            PLACE + "set has 'customer', which a write to table 'orders' cannot set. "
            "Write one of: status, total, tags, revision.",
        ),
        (
            put(set={"tags": "query.x"}),
            PLACE + "set has 'tags', whose type is SS. Read it from the body, or use one of the types S, N, B, BOOL.",
        ),
        (
            put(set={"status": "querystring.x"}),
            PLACE + "set 'status' has a source of an unknown kind: 'querystring.x'. "
            "Write query (known: path, query, header, body, claims, context, stage), "
            "with a dot and a name as in query.status, or {value: a literal}.",
        ),
        (put(set={"total": {"value": "x"}}), PLACE + "set 'total' is 'x', which is not a value of type N. Correct it."),
        (
            put(action="UpdateItem", counters=["status"]),
            PLACE + "the counter 'status' has the type S. Use an attribute of type N.",
        ),
        (put(exists="yes"), PLACE + "exists is 'yes'. Write true, false, or any."),
        (
            put(action="DeleteItem", exists=False),
            PLACE + "exists is false, but only an existing item can be deleted. Write exists: true, or leave it out.",
        ),
        (put(action="DeleteItem", returns="new"), PLACE + "returns is 'new'. Write returns: old, or leave it out."),
        (
            put(request_template="{}", required=["status"]),
            PLACE + "required has no effect with request_template. Leave required out.",
        ),
        (
            {"route": "PUT /c/{customer}", "action": "PutItem"},
            "routes[0] \"PUT /c/{customer}\": the key attribute 'placed_at' has no source. "
            "Add {placed_at} to the path, or write key: {placed_at: query.placed_at}.",
        ),
        (
            put(index="by_status"),
            PLACE + "PutItem cannot read an index. Leave index out, or write action: Query.",
        ),
        # lists of items
        (
            put(action="BatchWriteItem"),
            PLACE + "all items would have the same key. "
            "Leave one key attribute without a source, so that each item has its own.",
        ),
        (
            {"route": "POST /c", "action": "BatchWriteItem", "maximum": 26},
            'routes[0] "POST /c": maximum is 26. Write a whole number from 1 to 25.',
        ),
        (
            {"route": "POST /c", "action": "TransactWriteItems", "maximum": True},
            'routes[0] "POST /c": maximum is true. Write a whole number from 1 to 100.',
        ),
        (
            {"route": "POST /c", "action": "TransactWriteItems", "key": {"customer": "body.customer"}},
            "routes[0] \"POST /c\": 'customer' comes from body.customer, but the body "
            "only has the lists put and delete. "
            "Read it from the path, the query string or a header.",
        ),
    ],
)
def test_an_error_in_a_write_is_reported_with_its_place_and_remedy(route: Json, expected: str) -> None:
    assert expected in errors_of(route)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (
            {"version_attribute": "status"},
            TABLE
            + "version_attribute 'status' is not an attribute of type N outside the key. Add status: N to attributes.",
        ),
        (
            {"version_attribute": "version"},
            TABLE + "version_attribute 'version' is not an attribute of type N outside the key. "
            "Add version: N to attributes.",
        ),
        (
            {"crud": "/orders/{customer}"},
            TABLE + "crud '/orders/{customer}' is not the path of an item. "
            "Write the key attributes as parameters, the last one at the end, like /orders/{customer}/{placed_at}.",
        ),
        (
            {"crud": "/c/{placed_at}/{customer}"},
            TABLE + "crud '/c/{placed_at}/{customer}' is not the path of an item. "
            "Write the key attributes as parameters, the last one at the end, like /orders/{customer}/{placed_at}.",
        ),
        ({"crud": True}, TABLE + "crud is true, not text. Write crud: /orders/{id}."),
    ],
)
def test_an_error_in_a_tables_options_is_reported(words: Json, expected: str) -> None:
    assert expected in errors_of(put(), **words)


def test_a_list_of_items_keeps_no_versions() -> None:
    route = {"route": "POST /c", "action": "BatchWriteItem"}
    assert errors_of(route, version_attribute="revision") == [
        "routes[0] \"POST /c\": table 'orders' has a version_attribute, which lists of items do not support. "
        "Use PutItem, UpdateItem and DeleteItem."
    ]


def test_a_route_of_the_users_own_takes_the_place_of_a_usual_one() -> None:
    own = {"route": "DELETE  /c/{customer}/{placed_at}", "action": "DeleteItem", "exists": True, "summary": "Mine"}
    paths = compile_api(orders(own, tables=[{**ORDERS, "crud": PATH}]), [TEMPLATES]).definition["paths"]
    assert {path: sorted(methods) for path, methods in paths.items()} == {
        PATH: ["delete", "get", "options", "patch", "put"],
        "/c/{customer}": ["get", "options"],
    }
    assert paths[PATH]["delete"]["summary"] == "Mine"


@pytest.mark.parametrize(
    ("value", "kind", "typed"),
    [
        ("", "S", {"S": ""}),
        (5, "N", {"N": "5"}),
        (-1.5, "N", {"N": "-1.5"}),
        (False, "BOOL", {"BOOL": False}),
        (None, "NULL", {"NULL": True}),
        ("AA==", "B", {"B": "AA=="}),
        (["a", "b"], "SS", {"SS": ["a", "b"]}),
        ([1, 2.5], "NS", {"NS": ["1", "2.5"]}),
        (
            [{"a": None}, True, "x", 1],
            "L",
            {"L": [{"M": {"a": {"NULL": True}}}, {"BOOL": True}, {"S": "x"}, {"N": "1"}]},
        ),
        ({}, "M", {"M": {}}),
    ],
)
def test_a_literal_is_dynamodbs_json_of_its_type(value: Any, kind: str, typed: Json) -> None:
    assert dynamodb_json(value, kind) == typed


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (5, "S"),
        ("5", "N"),
        (True, "N"),
        (float("inf"), "N"),
        (1, "BOOL"),
        ("", "NULL"),
        ("A", "B"),
        ([], "SS"),
        (["a", "a"], "SS"),
        ([1], "SS"),
        (["a"], "M"),
        ({}, "L"),
    ],
)
def test_what_is_no_literal_of_a_type_is_none(value: Any, kind: str) -> None:
    assert dynamodb_json(value, kind) is None
