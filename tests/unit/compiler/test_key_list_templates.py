# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Lists of keys and statements, run: DynamoDB gets the keys and the parameters that the caller sent, in their order, or
the caller gets a 400."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from unit.compiler.engines import Engine, Request, map_request, map_response
from unit.compiler.specs import Json, orders, templates_of
from unit.compiler.test_request_templates import ANY_TEXT, refused

PROPERTY = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)
STATEMENT = "SELECT * FROM \"orders\" WHERE customer = ? AND total >= ? AND note <> 'it''s $5? #1'"
NUMBERS = {"name": "numbers", "hash_key": "id", "range_key": "at", "attributes": {"id": "N", "at": "B"}}
FILES = templates_of(
    orders(
        {"route": "POST /batch", "action": "BatchGetItem", "keys": "body.keys", "consistent": True},
        {"route": "POST /transact", "action": "TransactGetItems", "keys": "body.keys", "projection": ["total"]},
        {
            "route": "GET /batch/{customer}",
            "action": "BatchGetItem",
            "keys": "query.days",
            "key": {"customer": "C#{path.customer}", "placed_at": "O#{each}"},
            "maximum": 5,
            "strip_prefix": True,
        },
        {
            "route": "POST /statement/{customer}",
            "action": "ExecuteStatement",
            "statement": STATEMENT,
            "parameters": [{"S": "path.customer"}, {"N": "body.min"}],
            "limit": 7,
        },
        {
            "route": "DELETE /statement",
            "action": "ExecuteStatement",
            "statement": "DELETE FROM orders WHERE customer = ? AND placed_at = 'x'",
            "parameters": [{"S": "query.customer"}],
        },
    )
)
BATCH, TRANSACT, QUERY, STATED, DELETED = (
    FILES[f"{name}.request.vtl"]
    for name in ("post_batch", "post_transact", "get_batch_customer", "post_statement_customer", "delete_statement")
)


def clean(text: str) -> str:
    """As it can stand in a body: UTF-8 has no halves of characters."""
    return text.encode("utf-8", "replace").decode()


KEYS = st.lists(st.tuples(ANY_TEXT.map(clean), ANY_TEXT.map(clean)), max_size=4)


@PROPERTY
@given(pairs=KEYS)
@example(pairs=[])
@example(pairs=[("a", "b")] * 101)
@example(pairs=[("a", f"{at}") for at in range(100)])
def test_a_list_in_the_body_is_the_keys_that_are_read(engine: Engine, pairs: list[tuple[str, str]]) -> None:
    elements = [{"placed_at": at, "customer": customer, "more": {"TableName": "x"}} for customer, at in pairs]
    request = Request(body=json.dumps({"keys": elements, "TableName": "other"}))
    batch, transact = (map_request(engine, template, request) for template in (BATCH, TRANSACT))
    if not 1 <= len(pairs) <= 100 or not all(map(all, pairs)):
        assert refused(batch) and refused(transact)
        return
    keys = [{"customer": {"S": customer}, "placed_at": {"S": at}} for customer, at in pairs]
    assert batch.json == {"RequestItems": {"orders": {"ConsistentRead": True, "Keys": keys}}}
    read = {"TableName": "orders", "ProjectionExpression": "#projection_0"}
    names = {"ExpressionAttributeNames": {"#projection_0": "total"}}
    assert transact.json == {"TransactItems": [{"Get": {**read, **names, "Key": key}} for key in keys]}


@PROPERTY
@given(
    keys=st.recursive(
        st.one_of(st.none(), st.booleans(), st.integers(), ANY_TEXT.map(clean)),
        lambda inner: st.one_of(
            st.lists(inner, max_size=3),
            st.dictionaries(st.sampled_from(["customer", "placed_at", "x"]), inner, max_size=3),
        ),
        max_leaves=6,
    )
)
@example(keys="[1]")
@example(keys={"customer": "a", "placed_at": "b"})
@example(keys=[{"customer": "a", "placed_at": 5}])
@example(keys=[{"customer": ["a"], "placed_at": "b"}])
@example(keys=["{"])
def test_anything_else_in_the_body_is_refused(engine: Engine, keys: Any) -> None:
    """The request's validator asks for types before; the template holds without it."""
    mapped = map_request(engine, BATCH, Request(body=json.dumps({"keys": keys})))
    good = isinstance(keys, list) and all(
        isinstance(key, dict)
        and all(isinstance(key.get(name), str) and key[name] for name in ("customer", "placed_at"))
        for key in keys
    )
    assert refused(mapped) is not (good and bool(keys))


@PROPERTY
@given(customer=ANY_TEXT, days=st.one_of(ANY_TEXT, st.lists(ANY_TEXT, max_size=7).map(",".join)))
@example(customer="c", days="a,b,c,d,e")
@example(customer="c", days="a,b,c,d,e,f")
@example(customer="c", days="a,,b")
@example(customer="c", days="a,")
def test_a_list_in_the_query_string_is_the_keys_that_are_read(engine: Engine, customer: str, days: str) -> None:
    request = Request(path={"customer": customer}, query={"days": days}, headers={"days": "shadow"})
    mapped = map_request(engine, QUERY, request)
    parts = days.split(",")
    if not customer or len(parts) > 5 or not all(parts):
        assert refused(mapped)
        return
    keys = [{"customer": {"S": f"C#{customer}"}, "placed_at": {"S": f"O#{day}"}} for day in parts]
    assert mapped.json == {"RequestItems": {"orders": {"Keys": keys}}}


@pytest.mark.parametrize(
    ("key", "sent"),
    [
        ({"id": 5, "at": "AA=="}, {"id": {"N": "5"}, "at": {"B": "AA=="}}),
        ({"id": -1.5, "at": "AA=="}, {"id": {"N": "-1.5"}, "at": {"B": "AA=="}}),
        ({"id": "5", "at": "AA=="}, "The list ids in the body: id is no number"),
        ({"id": True, "at": "AA=="}, "The list ids in the body: id is no number"),
        ({"id": 5, "at": "AA="}, "The list ids in the body: at is no base64"),
        ({"id": 5}, "The list ids in the body: at is no base64"),
    ],
)
def test_keys_of_a_list_have_the_types_of_the_table(engine: Engine, key: Json, sent: Any) -> None:
    files = templates_of(orders({"route": "POST /b", "action": "BatchGetItem", "keys": "body.ids"}, tables=[NUMBERS]))
    mapped = map_request(engine, files["post_b.request.vtl"], Request(body=json.dumps({"ids": [key]})))
    if isinstance(sent, str):
        assert mapped.json == {}
        assert mapped.override["refusal"] == sent
    else:
        assert mapped.json == {"RequestItems": {"numbers": {"Keys": [sent]}}}


@pytest.mark.parametrize("keys", ["ann", [], ["ann"], [["ann"]], [{"customer": "a", "placed_at": "b"}] * 101, None])
def test_a_list_of_another_form_is_refused_with_what_it_must_be(engine: Engine, keys: Any) -> None:
    mapped = map_request(engine, BATCH, Request(body=json.dumps({"keys": keys})))
    assert refused(mapped)
    assert mapped.override["refusal"] == "The list keys in the body must have 1 to 100 keys, each an object"


def test_a_batch_is_answered_in_plain_json(engine: Engine) -> None:
    items = [{"customer": {"S": "C#a"}, "n": {"M": {"customer": {"S": "C#in"}}}}, {"customer": {"S": "b"}}]
    body: Json = {"Responses": {"orders": items}, "UnprocessedKeys": {}}
    template = FILES["get_batch_customer.response.200.vtl"]
    plain: Json = {"items": [{"customer": "a", "n": {"customer": "C#in"}}, {"customer": "b"}], "count": 2}
    assert map_response(engine, template, body).json == plain
    body["UnprocessedKeys"] = {"orders": {"Keys": [{"customer": {"S": "C#z"}, "placed_at": {"S": "O#1"}}]}}
    unprocessed = [{"customer": "z", "placed_at": "1"}]
    assert map_response(engine, template, body).json == {**plain, "unprocessed": unprocessed}
    assert map_response(engine, template, {"Responses": {"orders": []}, "UnprocessedKeys": {}}).json == {
        "items": [],
        "count": 0,
    }


def test_a_transaction_is_answered_in_the_order_of_its_keys(engine: Engine) -> None:
    item = {"Item": {"total": {"N": "1.50"}, "tags": {"SS": ['"']}}}
    body = {"Responses": [{}, item, {}]}
    mapped = map_response(engine, FILES["post_transact.response.200.vtl"], body)
    assert mapped.text.strip() == '{"items":[null,{"total":1.50,"tags":["\\""]},null],"count":1}'


@PROPERTY
@given(customer=ANY_TEXT, token=st.one_of(st.just(""), ANY_TEXT), least=st.sampled_from([1, -2.5, "3", "x", None, [1]]))
def test_a_statement_stays_as_it_is_whatever_its_parameters(
    engine: Engine, customer: str, token: str, least: Any
) -> None:
    body = json.dumps({"min": least})
    mapped = map_request(engine, STATED, Request(path={"customer": customer}, query={"next": token}, body=body))
    if not customer or least not in (1, -2.5, "3"):
        assert refused(mapped)
        return
    assert mapped.json == {
        "Statement": STATEMENT,
        "Parameters": [{"S": customer}, {"N": str(least)}],
        "Limit": 7,
        **({"NextToken": token} if token else {}),
    }


def test_a_statement_that_writes_has_no_pages(engine: Engine) -> None:
    sent = map_request(engine, DELETED, Request(query={"customer": "c", "limit": "x", "next": "y"})).json
    assert sent == {
        "Statement": "DELETE FROM orders WHERE customer = ? AND placed_at = 'x'",
        "Parameters": [{"S": "c"}],
    }


def test_what_a_statement_finds_is_answered_in_plain_json(engine: Engine) -> None:
    template = FILES["post_statement_customer.response.200.vtl"]
    items = [{"customer": {"S": "it's"}, "total": {"N": "12345678901234567890123456789"}}]
    mapped = map_response(engine, template, {"Items": items, "NextToken": 'a"b=='})
    assert mapped.json == {
        "items": [{"customer": "it's", "total": 12345678901234567890123456789}],
        "count": 1,
        "next": 'a"b==',
    }
    assert map_response(engine, template, {"Items": []}).json == {"items": [], "count": 0}
    assert map_response(engine, template, {}).json == {"items": [], "count": 0}
