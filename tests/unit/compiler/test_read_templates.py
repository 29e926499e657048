# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Conditions, filters, projections and orders of the actions that read, run: the request that reaches DynamoDB is the
one computed here from the caller's values, whatever these are, or the caller gets a 400."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from unit.compiler.engines import Engine, Request, map_request, map_response
from unit.compiler.specs import Json, orders, templates_of
from unit.compiler.test_request_templates import ANY_TEXT, FRAGMENTS, refused, token

PROPERTY = settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)
NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")
TEXTS = {
    "eq": "{n} = {0}",
    "lt": "{n} < {0}",
    "le": "{n} <= {0}",
    "gt": "{n} > {0}",
    "ge": "{n} >= {0}",
    "between": "{n} BETWEEN {0} AND {1}",
    "begins_with": "begins_with({n}, {0})",
    "ne": "{n} <> {0}",
    "contains": "contains({n}, {0})",
}


def template(route: Json, **words: Any) -> str:
    return templates_of(orders({"route": "GET /x", **route}, **words))["get_x.request.vtl"]


def query(**words: Any) -> Json:
    return {"action": "Query", "key": {"customer": "query.customer", **words.pop("key", {})}, "limit": 9, **words}


def meant(conditions: list[str], names: Json, values: Json, **more: Any) -> Json:
    """A Query with the hash key `c` and these further key conditions."""
    return {
        "TableName": "orders",
        "KeyConditionExpression": " AND ".join(["#hash_key = :hash_key", *conditions]),
        "ExpressionAttributeNames": {"#hash_key": "customer", **names},
        "ExpressionAttributeValues": {":hash_key": {"S": "c"}, **values},
        "Limit": 9,
        **more,
    }


KEY_CONDITIONS = {
    operator: template(query(key={"placed_at": {operator: "query.a"}}))
    for operator in ("eq", "lt", "le", "gt", "ge", "begins_with")
}
OPTIONAL = {
    operator: template(query(key={"placed_at": {operator: "query.a", "optional": True}})) for operator in KEY_CONDITIONS
}
BETWEEN = template(query(key={"placed_at": {"between": ["query.a", "query.b"]}}))
OPTIONAL_BETWEEN = template(query(key={"placed_at": {"between": ["query.a", "query.b"], "optional": True}}))


@pytest.mark.parametrize("operator", KEY_CONDITIONS)
@PROPERTY
@given(a=ANY_TEXT)
@example(a="".join(FRAGMENTS))
def test_a_condition_on_the_range_key_has_any_text_as_its_value(engine: Engine, operator: str, a: str) -> None:
    request = Request(query={"customer": "c", "a": a}, headers={"a": "shadow"}, path={"a": "shadow"})
    held = meant(
        [TEXTS[operator].format(":range_key", n="#range_key")], {"#range_key": "placed_at"}, {":range_key": {"S": a}}
    )
    mapped = map_request(engine, KEY_CONDITIONS[operator], request)
    if a == "":
        assert refused(mapped)
        assert mapped.override["refusal"] == "The query parameter a must not be empty"
    else:
        assert mapped.json == held
    assert map_request(engine, OPTIONAL[operator], request).json == (held if a else meant([], {}, {}))


@PROPERTY
@given(a=ANY_TEXT, b=ANY_TEXT)
@example(a="", b="")
@example(a="", b="x")
@example(a="x", b="")
def test_one_end_of_an_optional_between_counts_alone(engine: Engine, a: str, b: str) -> None:
    request = Request(query={"customer": "c", "a": a, "b": b})
    names = {"#range_key": "placed_at"}
    low, high = {":range_key_from": {"S": a}}, {":range_key_to": {"S": b}}
    both = meant(["#range_key BETWEEN :range_key_from AND :range_key_to"], names, {**low, **high})
    expected = {
        (True, True): both,
        (True, False): meant(["#range_key >= :range_key_from"], names, low),
        (False, True): meant(["#range_key <= :range_key_to"], names, high),
        (False, False): meant([], {}, {}),
    }
    assert map_request(engine, OPTIONAL_BETWEEN, request).json == expected[bool(a), bool(b)]
    mapped = map_request(engine, BETWEEN, request)
    if a and b:
        assert mapped.json == both
    else:
        assert refused(mapped)


FILTER: Json = {
    "status": {"ne": "query.status", "optional": True},
    "total": {"between": ["query.low", "query.high"], "optional": True},
    "paid": {"eq": "query.paid", "optional": True},
}
FILTERED = template(query(filter=FILTER))
REQUIRED = template(
    query(filter={**FILTER, "note": {"contains": "query.note"}, "gone": {"exists": False}}),
    tables=[
        {
            "name": "orders",
            "hash_key": "customer",
            "range_key": "placed_at",
            "attributes": {
                "customer": "S",
                "placed_at": "S",
                "status": "S",
                "total": "N",
                "paid": "BOOL",
                "note": "S",
                "gone": "M",
            },
        }
    ],
)
SCANNED = template({"action": "Scan", "filter": FILTER, "limit": 9})
VALUES = st.fixed_dictionaries(
    {
        "status": st.one_of(st.just(""), ANY_TEXT),
        "low": st.sampled_from(["", "1", "-2.5e3", '1"}}', "x"]),
        "high": st.sampled_from(["", "7", "7\n", "$limit"]),
        "paid": st.sampled_from(["", "true", "false", "TRUE", 'true},"x":{"S":"y"']),
        "note": ANY_TEXT,
    }
)


def filters_meant(values: dict[str, str]) -> tuple[list[str], Json, Json]:
    """The texts, names and values of `FILTER` where the caller gave these."""
    texts, names, typed = [], {}, {}
    if values["status"]:
        texts, names, typed = (
            ["#filter_0 <> :filter_0"],
            {"#filter_0": "status"},
            {":filter_0": {"S": values["status"]}},
        )
    low, high = values["low"], values["high"]
    if low or high:
        names["#filter_1"] = "total"
        form = {(True, True): "BETWEEN :filter_1_from AND :filter_1_to", (True, False): ">= :filter_1_from"}
        texts.append("#filter_1 " + form.get((bool(low), bool(high)), "<= :filter_1_to"))
        typed.update({":filter_1_from": {"N": low}} if low else {}, **({":filter_1_to": {"N": high}} if high else {}))
    if values["paid"]:
        texts.append("#filter_2 = :filter_2")
        names["#filter_2"] = "paid"
        typed[":filter_2"] = {"BOOL": values["paid"] == "true"}
    return texts, names, typed


def acceptable(values: dict[str, str]) -> bool:
    numbers = all(not values[name] or NUMBER.fullmatch(values[name]) for name in ("low", "high"))
    return numbers and values["paid"] in ("", "true", "false")


@PROPERTY
@given(values=VALUES)
@example(values=dict.fromkeys(("status", "low", "high", "paid", "note"), ""))
@example(values={"status": "", "low": "", "high": "", "paid": "true", "note": "n"})
@example(values={"status": "s", "low": "1", "high": "2", "paid": "false", "note": "n"})
def test_filters_hold_what_the_caller_gave_and_nothing_else(engine: Engine, values: dict[str, str]) -> None:
    texts, names, typed = filters_meant(values)
    request = Request(query={"customer": "c", **values})
    filtered, scanned, required = (map_request(engine, one, request) for one in (FILTERED, SCANNED, REQUIRED))
    if not acceptable(values):
        assert refused(filtered) and refused(scanned) and refused(required)
        return
    expression = {"FilterExpression": " AND ".join(texts)} if texts else {}
    assert filtered.json == meant([], names, typed, **expression)
    members = {"ExpressionAttributeNames": names, "ExpressionAttributeValues": typed} if texts else {}
    assert scanned.json == {"TableName": "orders", "Limit": 9, **expression, **members}
    if values["note"] == "":
        assert refused(required)
    else:
        always = ["contains(#filter_3, :filter_3)", "attribute_not_exists(#filter_4)"]
        assert required.json == meant(
            [],
            {**names, "#filter_3": "note", "#filter_4": "gone"},
            {**typed, ":filter_3": {"S": values["note"]}},
            FilterExpression=" AND ".join([*always, *texts]),
        )


@pytest.mark.parametrize("literal", [True, "true"])
def test_true_may_be_written_as_yaml_has_it(engine: Engine, literal: object) -> None:
    for condition in ({"value": literal}, {"eq": {"value": literal}}):
        sent = map_request(engine, template({"action": "Scan", "filter": {"paid": condition}}), Request()).json
        assert sent["ExpressionAttributeValues"] == {":filter_0": {"BOOL": True}}


def test_what_is_read_is_as_the_route_says(engine: Engine) -> None:
    words = {"projection": ["status", "total"], "consistent": True, "order": "descending"}
    projected = {
        "ProjectionExpression": "#projection_0, #projection_1",
        "ConsistentRead": True,
    }
    names = {"#projection_0": "status", "#projection_1": "total"}
    request = Request(query={"customer": "c", "at": "p"})
    sent = map_request(engine, template(query(**words)), request).json
    assert sent == meant([], names, {}, **projected, ScanIndexForward=False)
    item = {"action": "GetItem", "key": {"customer": "query.customer", "placed_at": "query.at"}}
    sent = map_request(engine, template({**item, "projection": words["projection"], "consistent": True}), request).json
    assert sent == {
        "TableName": "orders",
        "Key": {"customer": {"S": "c"}, "placed_at": {"S": "p"}},
        "ExpressionAttributeNames": names,
        **projected,
    }
    scan = {"action": "Scan", "index": "by_status", "projection": ["total"], "limit": {"default": 3, "maximum": 5}}
    assert map_request(engine, template(scan), Request(query={"limit": "5"})).json == {
        "TableName": "orders",
        "IndexName": "by_status",
        "ProjectionExpression": "#projection_0",
        "ExpressionAttributeNames": {"#projection_0": "total"},
        "Limit": 5,
    }


@pytest.mark.parametrize(
    ("order", "forward"), [("", True), ("ascending", True), ("descending", False), ("DESC", None), ("false", None)]
)
def test_the_caller_says_the_order_in_one_of_two_words(engine: Engine, order: str, forward: bool | None) -> None:
    mapped = map_request(engine, template(query(order="query.sort")), Request(query={"customer": "c", "sort": order}))
    if forward is None:
        assert refused(mapped)
        assert mapped.override["refusal"] == "The query parameter sort must be ascending or descending"
    else:
        assert mapped.json == meant([], {}, {}, ScanIndexForward=forward)


def test_only_a_number_is_asked_for_and_answered(engine: Engine) -> None:
    spec = {"action": "Query", "key": {"customer": "query.customer"}, "count_only": True}
    files = templates_of(orders({"route": "GET /x", **spec}))
    expected = meant([], {}, {}, Select="COUNT")
    del expected["Limit"]
    assert map_request(engine, files["get_x.request.vtl"], Request(query={"customer": "c"})).json == expected
    body = {"Count": 7, "ScannedCount": 9, "LastEvaluatedKey": {"customer": {"S": "c"}, "placed_at": {"S": "~~?"}}}
    assert map_response(engine, files["get_x.response.200.vtl"], body).text == '{"count":7,"next":"fn4_"}'
    del body["LastEvaluatedKey"]
    assert map_response(engine, files["get_x.response.200.vtl"], body).json == {"count": 7}


SHOP = {"name": "shop", "hash_key": "pk", "range_key": "sk", "attributes": {"pk": "S", "sk": "S", "kind": "S"}}
PREFIXED = templates_of(
    orders(
        {
            "route": "GET /c/{customer}",
            "action": "Query",
            "key": {"pk": "CUSTOMER#{path.customer}", "sk": {"begins_with": "OR$DER#{query.month}", "optional": True}},
            "strip_prefix": True,
            "limit": 9,
        },
        {
            "route": "GET /c/{customer}/o/{id}",
            "action": "GetItem",
            "key": {"pk": "CUSTOMER#{path.customer}", "sk": "OR$DER#{path.id}"},
            "strip_prefix": True,
        },
        tables=[SHOP],
    )
)


@PROPERTY
@given(customer=ANY_TEXT, month=ANY_TEXT)
@example(customer="x", month="")
def test_a_prefix_stands_before_whatever_the_caller_gives(engine: Engine, customer: str, month: str) -> None:
    request = Request(path={"customer": customer, "id": month or "i"}, query={"month": month})
    mapped = map_request(engine, PREFIXED["get_c_customer.request.vtl"], request)
    item = map_request(engine, PREFIXED["get_c_customer_o_id.request.vtl"], request)
    if customer == "":
        assert mapped.json == item.json == {}
        return
    key = {"pk": {"S": f"CUSTOMER#{customer}"}, "sk": {"S": f"OR$DER#{month or 'i'}"}}
    assert item.json == {"TableName": "shop", "Key": key}
    assert mapped.json == {
        "TableName": "shop",
        "KeyConditionExpression": "#hash_key = :hash_key AND begins_with(#range_key, :range_key)",
        "ExpressionAttributeNames": {"#hash_key": "pk", "#range_key": "sk"},
        "ExpressionAttributeValues": {":hash_key": key["pk"], ":range_key": {"S": f"OR$DER#{month}"}},
        "Limit": 9,
    }


@PROPERTY
@given(customer=ANY_TEXT, order=ANY_TEXT)
def test_prefixes_are_taken_off_the_keys_of_items_alone(engine: Engine, customer: str, order: str) -> None:
    inner = {"M": {"pk": {"S": "CUSTOMER#in"}, "list": {"L": [{"S": "OR$DER#in"}]}}}
    item = {
        "pk": {"S": f"CUSTOMER#{customer}"},
        "inner": inner,
        "sk": {"S": f"OR$DER#{order}"},
        "kind": {"S": "CUSTOMER#"},
    }
    plain = {
        "pk": customer,
        "inner": {"pk": "CUSTOMER#in", "list": ["OR$DER#in"]},
        "sk": order,
        "kind": "CUSTOMER#",
    }
    odd = {"pk": {"S": "OTHER#1"}, "sk": {"N": "5"}}
    body = {"Items": [item, odd], "Count": 2}
    page = map_response(engine, PREFIXED["get_c_customer.response.200.vtl"], body).json
    assert page == {"items": [plain, {"pk": "OTHER#1", "sk": 5}], "count": 2}
    assert map_response(engine, PREFIXED["get_c_customer_o_id.response.200.vtl"], {"Item": item}).json == plain


FILTERED_BY_BODY = [
    templates_of(orders({"route": "POST /x", **query(key={"customer": {"value": "c"}}), "filter": one}))[
        "post_x.request.vtl"
    ]
    for one in ({"total": {"ge": "body.v", "optional": True}}, {"paid": {"eq": "body.v", "optional": True}})
]


@PROPERTY
@given(value=st.one_of(ANY_TEXT, st.integers(), st.booleans(), st.none(), st.lists(ANY_TEXT, max_size=2)))
@example(value=['1}},"TableName":"other","x":{"y":{"z":1'])
@example(value={"a": '1}},"TableName":"other","x":{"y":{"z":1'})
def test_another_type_in_the_body_is_text_or_refused(engine: Engine, value: Any) -> None:
    """The request's validator asks for types before; the template holds without it."""
    for one in FILTERED_BY_BODY:
        body = json.dumps({"v": value}).encode("utf-8", "replace").decode()
        mapped = map_request(engine, one, Request(body=body))
        if refused(mapped):
            continue
        sent = mapped.json
        given_value = sent.pop("ExpressionAttributeValues").pop(":filter_0", None)
        assert sent.pop("FilterExpression", None) in (None, "#filter_0 >= :filter_0", "#filter_0 = :filter_0")
        assert set(sent) == {"TableName", "KeyConditionExpression", "ExpressionAttributeNames", "Limit"}
        assert given_value is None or set(given_value) in ({"N"}, {"BOOL"})


def test_the_token_of_a_scan_carries_the_whole_key(engine: Engine) -> None:
    files = templates_of(orders({"route": "GET /x", "action": "Scan", "index": "by_status", "limit": 2}))
    key = {"status": {"S": "open"}, "placed_at": {"S": 'a"'}, "customer": {"S": "é"}}
    body = {"Items": [], "Count": 0, "LastEvaluatedKey": key}
    page = map_response(engine, files["get_x.response.200.vtl"], body).json
    assert page == {"items": [], "count": 0, "next": token("open", 'a"', "é")}
    sent = map_request(engine, files["get_x.request.vtl"], Request(query={"next": page["next"]})).json
    assert sent == {"TableName": "orders", "IndexName": "by_status", "ExclusiveStartKey": key, "Limit": 2}


@pytest.mark.parametrize("condition", [{"ge": "query.a"}, {"eq": "query.a", "optional": True}])
def test_a_condition_that_several_items_meet_does_not_say_where_a_page_begins(engine: Engine, condition: Json) -> None:
    files = templates_of(orders({"route": "GET /x", **query(key={"placed_at": condition})}))
    key = {"customer": {"S": "c"}, "placed_at": {"S": "2026"}}
    body = {"Items": [], "Count": 0, "LastEvaluatedKey": key}
    page = map_response(engine, files["get_x.response.200.vtl"], body).json
    assert page["next"] == token("2026")
    request = Request(query={"customer": "c", "a": "2025", "next": page["next"]})
    assert map_request(engine, files["get_x.request.vtl"], request).json["ExclusiveStartKey"] == key
