# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The generated templates of BatchWriteItem and TransactWriteItems, run: the items and keys that were meant are sent,
or the caller gets a 400. What was meant is computed here, from nothing but the body."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from unit.compiler.engines import Engine, Request, map_request, map_response
from unit.compiler.specs import Json, orders, templates_of
from unit.compiler.test_request_templates import ANY_TEXT, FRAGMENTS, refused
from unit.compiler.test_write_templates import (
    ANY_BODIES,
    GOOD_BODIES,
    JSON_VALUES,
    ORDERS,
    PROPERTY,
    WrongError,
    meant,
    same,
)

FILES = templates_of(
    orders(
        {"route": "POST /batch", "action": "BatchWriteItem"},
        {"route": "POST /c/{customer}/batch", "action": "BatchWriteItem", "maximum": 3, "set": {"note": "query.note"}},
        {"route": "POST /c/{customer}/move", "action": "TransactWriteItems", "exists": False, "required": ["status"]},
        {"route": "POST /c/{customer}/keep", "action": "TransactWriteItems", "exists": True},
        tables=[ORDERS],
    )
)
BATCH = FILES["post_batch.request.vtl"]
OF_CUSTOMER = FILES["post_c_customer_batch.request.vtl"]
KEYS = st.fixed_dictionaries({"customer": ANY_TEXT, "placed_at": ANY_TEXT})


def typed(item: Json) -> Json:
    """An item, or a key, in DynamoDB's JSON; raises `WrongError`."""
    for name in ("customer", "placed_at"):
        if not isinstance(item.get(name), str) or not item[name]:
            raise WrongError(name)
    rest = {name: meant(name, value) for name, value in item.items() if name not in ("customer", "placed_at")}
    return {"customer": {"S": item["customer"]}, "placed_at": {"S": item["placed_at"]}, **rest}


def requests_of(body: Json) -> list[Json]:
    deletes = [{"DeleteRequest": {"Key": typed(key)}} for key in body.get("delete", [])]
    return [*deletes, *({"PutRequest": {"Item": typed(item)}} for item in body.get("put", []))]


def items(values: st.SearchStrategy[Json]) -> st.SearchStrategy[Json]:
    return st.tuples(values, KEYS).map(lambda pair: {**pair[0], **pair[1]})


@PROPERTY
@given(
    body=st.fixed_dictionaries(
        {}, optional={"put": st.lists(items(st.one_of(GOOD_BODIES, ANY_BODIES)), max_size=3), "delete": st.lists(KEYS)}
    )
)
@example(body={"put": [{"customer": text, "placed_at": text, "lines": [text]} for text in FRAGMENTS[:25]]})
@example(body={"delete": [{"customer": text, "placed_at": text} for text in FRAGMENTS[10:35]]})
@example(body={"put": [{"customer": "a", "placed_at": "b", "lines": [], "tags": ["x"], "photo": "AAAA", "none": None}]})
@example(body={})
@example(body={"put": [], "delete": []})
def test_a_batch_is_the_items_and_keys_of_the_body(engine: Engine, body: Json) -> None:
    mapped = map_request(engine, BATCH, Request(body=json.dumps(body)))
    try:
        wanted = requests_of(body)
    except WrongError:
        assert refused(mapped)
        return
    if not 1 <= len(wanted) <= 25:
        assert refused(mapped)
        return
    assert same(mapped.json, {"RequestItems": {"orders": wanted}}), mapped.text


@PROPERTY
@given(put=JSON_VALUES, delete=JSON_VALUES, more=st.dictionaries(ANY_TEXT, JSON_VALUES, max_size=2))
@example(put="x", delete=[], more={})
@example(put=[[]], delete=[], more={})
@example(put=[None], delete=["x"], more={})
@example(put=[{"customer": "a", "placed_at": "b", "TableName": "x"}], delete=[], more={})
@example(put=[], delete=[{"customer": "a", "placed_at": "b", "note": "x"}], more={})
@example(put=[{"customer": "a", "placed_at": {}}], delete=[], more={})
@pytest.mark.parametrize("name", ["post_batch", "post_c_customer_move"])
def test_other_bodies_are_refused(engine: Engine, name: str, put: Any, delete: Any, more: Json) -> None:
    body = {"put": put, "delete": delete, **more}
    mapped = map_request(engine, FILES[f"{name}.request.vtl"], Request(path={"customer": "c"}, body=json.dumps(body)))
    assert refused(mapped)


def test_what_all_items_have_in_common_comes_from_its_source(engine: Engine) -> None:
    body = {"put": [{"placed_at": "1", "total": 5}, {"placed_at": "2"}], "delete": [{"placed_at": "3"}]}
    request = Request(path={"customer": "it's"}, query={"note": '"'}, body=json.dumps(body))
    common = {"customer": {"S": "it's"}}
    wanted = [
        {"DeleteRequest": {"Key": {**common, "placed_at": {"S": "3"}}}},
        {"PutRequest": {"Item": {**common, "note": {"S": '"'}, "placed_at": {"S": "1"}, "total": {"N": "5"}}}},
        {"PutRequest": {"Item": {**common, "note": {"S": '"'}, "placed_at": {"S": "2"}}}},
    ]
    assert map_request(engine, OF_CUSTOMER, request).json == {"RequestItems": {"orders": wanted}}
    for wrong, text in (
        ({"put": [{"placed_at": str(at)} for at in range(4)]}, "must have 1 to 3 elements together"),
        ({"put": [{"placed_at": "1", "customer": "bob"}]}, "The attribute customer is unknown here"),
        ({"put": [{"placed_at": "1", "note": "x"}]}, "The attribute note is unknown here"),
        ({"delete": [{"placed_at": "1"}], "put": {}}, "The list put must be an array"),
        ({"delete": ["1"]}, "The attribute placed_at is missing"),
    ):
        request = Request(path={"customer": "ann"}, query={"note": "n"}, body=json.dumps(wrong))
        mapped = map_request(engine, OF_CUSTOMER, request)
        assert refused(mapped)
        assert text in mapped.override["refusal"]


@pytest.mark.parametrize(("name", "put", "delete"), [("move", "not_exists", ""), ("keep", "exists", "exists")])
def test_a_transaction_asks_what_the_route_asks(engine: Engine, name: str, put: str, delete: str) -> None:
    body = {"put": [{"placed_at": "1", "status": "x", "lines": [{}]}], "delete": [{"placed_at": "2"}]}
    request = Request(path={"customer": "ann"}, body=json.dumps(body))

    def condition(word: str) -> Json:
        names = {"ExpressionAttributeNames": {"#hash_key": "customer"}}
        return {"ConditionExpression": f"attribute_{word}(#hash_key)", **names} if word else {}

    key = {"customer": {"S": "ann"}, "placed_at": {"S": "2"}}
    item = {**key, "placed_at": {"S": "1"}, "status": {"S": "x"}, "lines": {"L": [{"M": {}}]}}
    assert map_request(engine, FILES[f"post_c_customer_{name}.request.vtl"], request).json == {
        "TransactItems": [
            {"Delete": {"TableName": "orders", "Key": key, **condition(delete)}},
            {"Put": {"TableName": "orders", "Item": item, **condition(put)}},
        ]
    }


def test_what_dynamodb_left_is_answered(engine: Engine) -> None:
    template = FILES["post_batch.response.200.vtl"]
    put = {"PutRequest": {"Item": {"customer": {"S": 'a"'}, "total": {"N": "5"}, "lines": {"L": [{"NULL": True}]}}}}
    left = {"orders": [{"DeleteRequest": {"Key": {"customer": {"S": "b"}}}}, put]}
    assert map_response(engine, template, {"UnprocessedItems": left}).json == {
        "unprocessed": {"put": [{"customer": 'a"', "total": 5, "lines": [None]}], "delete": [{"customer": "b"}]}
    }
    nothing = {"unprocessed": {"put": [], "delete": []}}
    assert map_response(engine, template, {"UnprocessedItems": {}}).json == nothing
