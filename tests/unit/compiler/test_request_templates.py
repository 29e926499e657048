# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The generated request templates, run: whatever a caller sends, DynamoDB gets the request that was meant, or the
caller gets a 400. The request that was meant is computed here, from nothing but the caller's values."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from typing import Any

import botocore.session
import pytest
from ansible_collections.codeless.apigateway.plugins.plugin_utils.compiler.actions import ACTIONS
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from unit.compiler.engines import Engine, Mapped, Request, map_request, map_response
from unit.compiler.specs import Json, orders, templates_of

FRAGMENTS = (
    'x"}},"Select":"COUNT',
    'x"}},"Select":"COUNT","ExclusiveStartKey":{"id":{"S":"x',
    '","N":"5',
    '"',
    "'",
    "\\",
    "\\'",
    '\\"',
    "\\u0022",
    "\n\r\t\b\f",
    "\x00\x01\x1f\x7f",
    "\u0080\u2028\u2029\ufeff",
    "\U0001f600",
    "é ü 漢字",
    "</script>",
    "$input.body",
    "$context.requestId",
    "${hash_key}",
    "$util.escapeJavaScript($x)",
    "$",
    "$$",
    "#",
    "##",
    "#*",
    "*#",
    "#set($refusal = '')",
    "#if(true)x#end",
    "#stop",
    "#end",
    "#[[",
    ":hash_key",
    "#hash_key",
    "{{ jinja }}",
    "%22%7D",
    "{",
    "}}",
    "[]",
    "null",
    "true",
    "-1",
    " ",
)
HOSTILE = st.lists(
    st.one_of(st.sampled_from(FRAGMENTS), st.text(st.characters(codec=None), max_size=8)), min_size=1, max_size=6
).map("".join)
ANY_TEXT = st.one_of(HOSTILE, st.text(st.characters(codec=None), max_size=40))
PROPERTY = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)

FILES = templates_of(
    orders(
        {"route": "GET /c/{customer}", "action": "Query"},
        {"route": "GET /c/{customer}/{placed_at}", "action": "GetItem"},
        {"route": "GET /c/{customer}/first/{placed_at}", "action": "Query"},
        {"route": "GET /s", "action": "Query", "index": "by_status", "key": {"status": "query.status"}, "limit": 7},
        {
            "route": "GET /t/{customer}/{total}",
            "action": "Query",
            "index": "by_total",
            "limit": {"default": 5, "maximum": 25},
        },
    )
)
QUERY = FILES["get_c_customer.request.vtl"]
GET_ITEM = FILES["get_c_customer_placed_at.request.vtl"]
FIRST = FILES["get_c_customer_first_placed_at.request.vtl"]
BY_STATUS = FILES["get_s.request.vtl"]
BY_TOTAL = FILES["get_t_customer_total.request.vtl"]


def meant(names: Mapping[str, str], values: Mapping[str, Json], limit: int = 100, **more: Any) -> Json:
    """The Query that is meant, with its key conditions in order."""
    return {
        "TableName": "orders",
        "KeyConditionExpression": " AND ".join(f"#{variable} = :{variable}" for variable in names),
        "ExpressionAttributeNames": {f"#{variable}": name for variable, name in names.items()},
        "ExpressionAttributeValues": {f":{variable}": value for variable, value in values.items()},
        "Limit": limit,
        **more,
    }


def token(*values: str) -> str:
    """A page token, made as docs/routes.md says."""
    encoded = (base64.urlsafe_b64encode(value.encode("utf-8", "replace")).decode() for value in values)
    return ".".join(part.rstrip("=") for part in encoded)


def refused(mapped: Mapped) -> bool:
    """Whether the request became one that DynamoDB refuses, with a reason for the caller."""
    if "refusal" not in mapped.override:
        return False
    assert mapped.json == {}
    return True


@pytest.mark.parametrize("action", ACTIONS)
def test_every_action_refuses_an_empty_request(action: str) -> None:
    """What `refused` takes for a refusal is one: in AWS's own description something is required of each request."""
    shape = botocore.session.get_session().get_service_model("dynamodb").operation_model(action).input_shape
    assert shape is not None and shape.required_members


@PROPERTY
@given(customer=ANY_TEXT.filter(bool))
@example(customer="".join(FRAGMENTS))
@example(customer="\ud800")
@example(customer="x" * 300_000)
def test_any_text_is_a_hash_key_and_nothing_else(engine: Engine, customer: str) -> None:
    mapped = map_request(engine, QUERY, Request(path={"customer": customer}))
    assert mapped.json == meant({"hash_key": "customer"}, {"hash_key": {"S": customer}})


@PROPERTY
@given(customer=ANY_TEXT.filter(bool), placed_at=ANY_TEXT.filter(bool))
def test_any_texts_are_a_whole_key_and_nothing_else(engine: Engine, customer: str, placed_at: str) -> None:
    request = Request(path={"customer": customer, "placed_at": placed_at})
    key = {"customer": {"S": customer}, "placed_at": {"S": placed_at}}
    assert map_request(engine, GET_ITEM, request).json == {"TableName": "orders", "Key": key}
    assert map_request(engine, FIRST, request).json == meant(
        {"hash_key": "customer", "range_key": "placed_at"},
        {"hash_key": key["customer"], "range_key": key["placed_at"]},
    )


@PROPERTY
@given(total=st.one_of(ANY_TEXT, st.from_regex(r"-?[0-9]{1,40}(\.[0-9]+)?([eE][+-]?[0-9]+)?", fullmatch=True)))
@example(total='1"},"x":{"S":"')
@example(total="1\n")
def test_a_number_key_is_a_number_or_refused(engine: Engine, total: str) -> None:
    mapped = map_request(engine, BY_TOTAL, Request(path={"customer": "c", "total": total}))
    if re.fullmatch(r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?", total):
        values = {"hash_key": {"S": "c"}, "range_key": {"N": total}}
        names = {"hash_key": "customer", "range_key": "total"}
        assert mapped.json == meant(names, values, 5, IndexName="by_total")
    else:
        assert refused(mapped)
        assert mapped.override["refusal"] == "The path parameter total must be a number"


@PROPERTY
@given(status=ANY_TEXT, limit=ANY_TEXT, next_page=ANY_TEXT)
@example(status="open", limit="1000", next_page=token("2020", "c"))
@example(status="open", limit="", next_page="YQ.YQ.YQ")
@example(status="open", limit="", next_page=".")
@example(status="open", limit="", next_page="YQ.")
@example(status="open", limit="", next_page="A.B")
def test_any_parameters_of_an_index_query_keep_to_its_key(
    engine: Engine, status: str, limit: str, next_page: str
) -> None:
    query = {"status": status, "limit": limit, "next": next_page}
    mapped = map_request(engine, BY_STATUS, Request(query=query))
    if refused(mapped):
        return
    sent = mapped.json
    start = sent.pop("ExclusiveStartKey", None)
    expected = meant({"hash_key": "status"}, {"hash_key": {"S": status}}, 7, IndexName="by_status")
    assert sent == expected, "the limit is fixed, so that none is read"
    assert (start is not None) == (next_page != "")
    if start is not None:
        assert start["status"] == {"S": status}
        assert {name: list(value) for name, value in start.items()} == {
            "status": ["S"],
            "placed_at": ["S"],
            "customer": ["S"],
        }


@PROPERTY
@given(placed_at=ANY_TEXT.filter(bool), customer=ANY_TEXT.filter(bool))
def test_a_token_carries_the_keys_that_the_request_does_not_fix(engine: Engine, placed_at: str, customer: str) -> None:
    placed_at, customer = (text.encode("utf-8", "replace").decode() for text in (placed_at, customer))
    body = {
        "Items": [],
        "Count": 0,
        "LastEvaluatedKey": {"status": {"S": "open"}, "placed_at": {"S": placed_at}, "customer": {"S": customer}},
    }
    page = map_response(engine, FILES["get_s.response.200.vtl"], body).json
    assert page["next"] == token(placed_at, customer)
    sent = map_request(engine, BY_STATUS, Request(query={"status": "other", "next": page["next"]})).json
    assert sent["ExclusiveStartKey"] == {
        "status": {"S": "other"},
        "placed_at": {"S": placed_at},
        "customer": {"S": customer},
    }


def test_a_token_is_checked_by_the_types_of_its_keys(engine: Engine) -> None:
    """The range key of by_total is fixed by the path, so that the token has placed_at alone."""
    request = Request(path={"customer": "c", "total": "1"}, query={"next": token("2020")})
    sent = map_request(engine, BY_TOTAL, request).json
    assert sent["ExclusiveStartKey"] == {"customer": {"S": "c"}, "total": {"N": "1"}, "placed_at": {"S": "2020"}}
    numbers = {"name": "numbers", "hash_key": "id", "range_key": "at", "attributes": {"id": "S", "at": "N"}}
    template = templates_of(orders({"route": "GET /{id}", "action": "Query"}, tables=[numbers]))["get_id.request.vtl"]
    good = map_request(engine, template, Request(path={"id": "x"}, query={"next": token("-1.5")}))
    assert good.json["ExclusiveStartKey"] == {"id": {"S": "x"}, "at": {"N": "-1.5"}}
    bad = map_request(engine, template, Request(path={"id": "x"}, query={"next": token('1"},"y":{"N":"2')}))
    assert bad.json == {}
    assert bad.override["refusal"] == "The query parameter next is no token of this API"


def test_a_first_page_of_a_whole_key_has_no_token(engine: Engine) -> None:
    request = Request(path={"customer": "c", "placed_at": "p"}, query={"next": "YQ"})
    assert "ExclusiveStartKey" not in map_request(engine, FIRST, request).json
    body = {"Items": [], "Count": 0, "LastEvaluatedKey": {"customer": {"S": "c"}, "placed_at": {"S": "p"}}}
    response = FILES["get_c_customer_first_placed_at.response.200.vtl"]
    assert map_response(engine, response, body).json == {"items": [], "count": 0}


@pytest.mark.parametrize(
    ("limit", "sent"),
    [(None, 5), ("", 5), ("1", 1), ("25", 25), ("26", None), ("0", None), ("05", None), ("1,", None), ("x", None)],
)
def test_a_callers_limit_is_kept_to_its_maximum(engine: Engine, limit: str | None, sent: int | None) -> None:
    query = {} if limit is None else {"limit": limit}
    mapped = map_request(engine, BY_TOTAL, Request(path={"customer": "c", "total": "1"}, query=query))
    if sent is None:
        assert refused(mapped)
        assert mapped.override["refusal"] == "The query parameter limit must be a whole number from 1 to 25"
    else:
        assert mapped.json["Limit"] == sent


def test_a_parameter_is_read_from_its_own_place_alone(engine: Engine) -> None:
    """`$input.params("x")` would take a header, or a path parameter, of that name."""
    shadows = {"status": "shadow", "limit": "1", "next": token("a", "b"), "total": "9", "customer": "shadow"}
    assert refused(map_request(engine, BY_STATUS, Request(headers=shadows, path=shadows)))
    request = Request(path={"customer": "c", "total": "1"}, headers=shadows, query={"customer": "x", "total": "2"})
    names = {"hash_key": "customer", "range_key": "total"}
    values = {"hash_key": {"S": "c"}, "range_key": {"N": "1"}}
    assert map_request(engine, BY_TOTAL, request).json == meant(names, values, 5, IndexName="by_total")


SOURCES: list[tuple[str, Any, Request, str]] = [
    ("GET /x/{who}", "path.who", Request(path={"who": "VALUE"}), "The path parameter who"),
    ("GET /x", "query.who", Request(query={"who": "VALUE"}), "The query parameter who"),
    ("GET /x", "header.X-Who", Request(headers={"x-wHO": "VALUE"}), "The header X-Who"),
    ("POST /x", "body.a.who", Request(body='{"a":{"who":"VALUE"},"who":"other"}'), "A.who in the body"),
    (
        "GET /x",
        "claims.cognito:username",
        Request(context={"authorizer": {"claims": {"cognito:username": "VALUE"}}}),
        "The claim cognito:username",
    ),
    ("GET /x", "context.identity.sourceIp", Request(context={"identity": {"sourceIp": "VALUE"}}), "Identity.sourceIp"),
    ("GET /x", "stage.who", Request(stage_variables={"who": "VALUE"}), "The stage variable who"),
]


@pytest.mark.parametrize(("route", "source", "request_", "label"), SOURCES, ids=[str(case[1]) for case in SOURCES])
def test_a_key_comes_from_its_source(engine: Engine, route: str, source: str, request_: Request, label: str) -> None:
    spec = orders({"route": route, "action": "Query", "key": {"customer": source}})
    template = next(iter(templates_of(spec).values()))
    sent = map_request(engine, template, request_).json
    assert sent == meant({"hash_key": "customer"}, {"hash_key": {"S": "VALUE"}})
    nothing = map_request(engine, template, Request(context={"identity": {}}))
    assert refused(nothing)
    assert nothing.override["refusal"] == f"{label} must not be empty"


@pytest.mark.parametrize("literal", ["it's", '"', "$input.body", "#set($x = 1)", "a\\b", "CONFIG", 7])
def test_a_literal_is_a_key_as_it_was_written(engine: Engine, literal: str | int) -> None:
    spec = orders({"route": "GET /x", "action": "Query", "key": {"customer": {"value": literal}}})
    sent = map_request(engine, templates_of(spec)["get_x.request.vtl"], Request()).json
    assert sent == meant({"hash_key": "customer"}, {"hash_key": {"S": str(literal)}})


@pytest.mark.parametrize("name", ["it's", 'say "hi"', "$input.body", "#end", "a.b c-d", "back\\slash", "größe", "end"])
def test_attributes_may_have_any_name(engine: Engine, name: str) -> None:
    table = {"name": "odd", "hash_key": "id", "range_key": name, "attributes": {"id": "S", name: "B"}}
    files = templates_of(
        orders(
            {"route": "GET /{id}", "action": "Query", "key": {name: "query.k"}},
            {"route": "GET /{id}/all", "action": "Query"},
            tables=[table],
        )
    )
    sent = map_request(engine, files["get_id.request.vtl"], Request(path={"id": "x"}, query={"k": "AA=="})).json
    assert sent["ExpressionAttributeNames"] == {"#hash_key": "id", "#range_key": name}
    assert sent["ExpressionAttributeValues"][":range_key"] == {"B": "AA=="}
    body = {"Items": [], "Count": 0, "LastEvaluatedKey": {"id": {"S": "x"}, name: {"B": "AA=="}}}
    page = map_response(engine, files["get_id_all.response.200.vtl"], body).json
    assert page["next"] == token("AA==")
    sent = map_request(
        engine, files["get_id_all.request.vtl"], Request(path={"id": "x"}, query={"next": page["next"]})
    ).json
    assert sent["ExclusiveStartKey"] == {"id": {"S": "x"}, name: {"B": "AA=="}}


@pytest.mark.parametrize("text", ["AAA", "AA=", "@@@@", "AA==\n", '"'])
def test_a_binary_key_is_base64_or_refused(engine: Engine, text: str) -> None:
    table = {"name": "blobs", "hash_key": "id", "attributes": {"id": "B"}}
    files = templates_of(orders({"route": "GET /{id}", "action": "GetItem"}, tables=[table]))
    mapped = map_request(engine, files["get_id.request.vtl"], Request(path={"id": text}))
    assert mapped.override["refusal"] == "The path parameter id must be base64"
    assert mapped.json == {}


@pytest.mark.parametrize("number", ["5", "-1.25", "1E+2", "12345678901234567890"])
def test_a_number_in_the_body_is_a_key(engine: Engine, number: str) -> None:
    table = {"name": "numbers", "hash_key": "id", "attributes": {"id": "N"}}
    spec = orders({"route": "POST /find", "action": "GetItem", "key": {"id": "body.id"}}, tables=[table])
    template = templates_of(spec)["post_find.request.vtl"]
    sent = map_request(engine, template, Request(body=f'{{"id": {number}}}')).json
    assert float(sent["Key"]["id"]["N"]) == float(number)


def test_the_raw_form_of_a_value_fails_where_the_generated_one_holds(engine: Engine) -> None:
    """The tests have teeth: what many write by hand lets a value rewrite the query."""
    sent = "$util.urlDecode($input.params('customer'))"
    raw = QUERY.replace(r"""$util.escapeJavaScript($hash_key).replaceAll("\\'", "'")""", sent)
    assert raw != QUERY
    hostile = 'x"}},"Select":"COUNT","y":{"S":{"z":"'
    text = map_request(engine, raw, Request(path={"customer": hostile})).text
    assert json.loads(text).get("Select") == "COUNT"
    escaped_only = QUERY.replace(r""".replaceAll("\\'", "'")""", "")
    assert escaped_only != QUERY
    with pytest.raises(ValueError, match="escape"):
        json.loads(map_request(engine, escaped_only, Request(path={"customer": "it's"})).text)
