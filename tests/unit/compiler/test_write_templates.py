# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The generated templates of writes, run: whatever a body holds, DynamoDB gets the item that was meant, or the caller
gets a 400. What was meant is computed here, from nothing but the body and the table's declared types."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from ansible_collections.codeless.apigateway.plugins.plugin_utils.compiler import compile_api
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from unit.compiler.engines import Engine, Mapped, Request, map_request, map_response
from unit.compiler.specs import TEMPLATES, Json, orders, templates_of
from unit.compiler.test_request_templates import ANY_TEXT, FRAGMENTS, refused

ATTRIBUTES = {
    "customer": "S",
    "placed_at": "S",
    "status": "S",
    "note": "S",
    "total": "N",
    "paid": "BOOL",
    "photo": "B",
    "none": "NULL",
    "tags": "SS",
    "sizes": "NS",
    "blobs": "BS",
    "address": "M",
    "lines": "L",
}
ORDERS: Json = {
    "name": "orders",
    "hash_key": "customer",
    "range_key": "placed_at",
    "attributes": ATTRIBUTES,
    "indexes": [{"name": "by_status", "hash_key": "status"}],
}
VERSIONED: Json = {**ORDERS, "attributes": {**ATTRIBUTES, "revision": "N"}, "version_attribute": "revision"}
ITEM = "/c/{customer}/{placed_at}"
FILES = templates_of(
    orders(
        {"route": f"GET {ITEM}", "action": "GetItem"},
        {"route": f"PUT {ITEM}", "action": "PutItem"},
        {"route": f"PATCH {ITEM}", "action": "UpdateItem"},
        {"route": f"DELETE {ITEM}", "action": "DeleteItem"},
        {
            "route": "POST /c/{customer}",
            "action": "PutItem",
            "key": {"placed_at": "context.extendedRequestId"},
            "attributes": ["note", "total", "paid", "tags", "lines"],
            "required": ["note", "lines"],
            "defaults": {"paid": False, "tags": ["it's", "$new #set"], "total": 1.5},
            "set": {"status": "header.X-Status", "photo": {"value": "AAAA"}},
        },
        {"route": "PATCH /add/{customer}/{placed_at}", "action": "UpdateItem", "counters": ["total"], "exists": "any"},
        {"route": "PATCH /touch/{customer}/{placed_at}", "action": "UpdateItem", "set": {"note": "query.note"}},
        tables=[ORDERS],
    )
)
VERSIONS = templates_of(
    orders(
        {"route": f"PUT {ITEM}", "action": "PutItem"},
        {"route": f"PATCH {ITEM}", "action": "UpdateItem"},
        {"route": f"DELETE {ITEM}", "action": "DeleteItem", "exists": True},
        {"route": "DELETE /any/{customer}/{placed_at}", "action": "DeleteItem"},
        {"route": "PUT /there/{customer}/{placed_at}", "action": "PutItem", "exists": True},
        {"route": "POST /c", "action": "PutItem", "key": {"customer": "body.customer", "placed_at": "body.placed_at"}},
        {"route": f"GET {ITEM}", "action": "GetItem"},
        tables=[VERSIONED],
    )
)
PUT = FILES["put_c_customer_placed_at.request.vtl"]
PATCH = FILES["patch_c_customer_placed_at.request.vtl"]
POST = FILES["post_c_customer.request.vtl"]
ADD = FILES["patch_add_customer_placed_at.request.vtl"]
KEY = {"customer": {"S": "ann"}, "placed_at": {"S": "2026"}}
PATH = {"customer": "ann", "placed_at": "2026"}
PROPERTY = settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)


class WrongError(Exception):
    """A value is not of the type that its attribute has. It holds the attribute's name."""


# --- what is meant, computed independently ----------------------------------------------------------------------------


def deep(value: Any) -> Json:
    """Any JSON in DynamoDB's, by its own types. Numbers stay numbers: `same` compares them."""
    if value is None:
        return {"NULL": True}
    if isinstance(value, bool):
        return {"BOOL": value}
    if isinstance(value, str):
        return {"S": value}
    if isinstance(value, dict):
        return {"M": {name: deep(member) for name, member in value.items()}}
    return {"L": [deep(element) for element in value]} if isinstance(value, list) else {"N": value}


def is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def is_base64(value: Any) -> bool:
    if not isinstance(value, str):
        return False
    try:
        return base64.b64encode(base64.b64decode(value, validate=True)).decode()[: len(value) - 4] == value[:-4]
    except ValueError:
        return False


GOOD = {
    "S": lambda value: isinstance(value, str),
    "N": is_number,
    "B": is_base64,
    "BOOL": lambda value: isinstance(value, bool),
    "NULL": lambda value: value is None,
    "M": lambda value: isinstance(value, dict),
    "L": lambda value: isinstance(value, list),
}


def meant(name: str, value: Any) -> Json:
    """The value of a declared attribute; raises `WrongError`."""
    kind = ATTRIBUTES[name]
    if kind in ("SS", "NS", "BS"):
        if not isinstance(value, list) or not 1 <= len(value) <= 1000 or not all(map(GOOD[kind[0]], value)):
            raise WrongError(name)
        return {kind: value}
    if not GOOD[kind](value) or (name == "status" and value == ""):
        raise WrongError(name)
    if kind in ("M", "L"):
        return deep(value)
    return {"NULL": True} if kind == "NULL" else {kind: value}


def same(sent: Any, wanted: Any) -> bool:
    """Whether the JSON that was sent is what was wanted, where a number is wanted as Python has it."""
    if isinstance(wanted, dict):
        return isinstance(sent, dict) and set(sent) == set(wanted) and all(same(sent[n], wanted[n]) for n in wanted)
    if isinstance(wanted, list):
        return isinstance(sent, list) and len(sent) == len(wanted) and all(map(same, sent, wanted))
    if is_number(wanted):
        return isinstance(sent, str) and (sent == str(wanted) if isinstance(wanted, int) else float(sent) == wanted)
    return type(sent) is type(wanted) and bool(sent == wanted)


# --- bodies -----------------------------------------------------------------------------------------------------------

NUMBERS = st.one_of(st.integers(-(10**38) + 1, 10**38 - 1), st.floats(allow_nan=False, allow_infinity=False, width=64))
JSON_VALUES = st.recursive(
    st.one_of(ANY_TEXT, NUMBERS, st.booleans(), st.none()),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(ANY_TEXT, inner, max_size=4)),
    max_leaves=10,
)
BASE64 = st.binary(max_size=12).map(lambda data: base64.b64encode(data).decode())
OF_TYPE: dict[str, st.SearchStrategy[Any]] = {
    "S": ANY_TEXT,
    "N": NUMBERS,
    "B": BASE64,
    "BOOL": st.booleans(),
    "NULL": st.none(),
    "M": st.dictionaries(ANY_TEXT, JSON_VALUES, max_size=4),
    "L": st.lists(JSON_VALUES, max_size=4),
    "SS": st.lists(ANY_TEXT, min_size=1, max_size=4),
    "NS": st.lists(NUMBERS, min_size=1, max_size=4),
    "BS": st.lists(BASE64, min_size=1, max_size=4),
}
BODY_TYPES = {name: kind for name, kind in ATTRIBUTES.items() if name not in KEY}
GOOD_BODIES = st.fixed_dictionaries({}, optional={name: OF_TYPE[kind] for name, kind in BODY_TYPES.items()})
ANY_BODIES = st.fixed_dictionaries(
    {}, optional={name: st.one_of(OF_TYPE[kind], JSON_VALUES) for name, kind in BODY_TYPES.items()}
)


def sent_by(engine: Engine, template: str, body: Any, **request: Any) -> Mapped:
    return map_request(engine, template, Request(**{"path": PATH, "body": json.dumps(body), **request}))


# --- PutItem ----------------------------------------------------------------------------------------------------------


def check_put(mapped: Mapped, body: Mapping[str, Any]) -> None:
    """The item that was meant was sent, or the refusal names an attribute that is wrong."""
    wrong = set()
    item: Json = dict(KEY)
    for name, value in body.items():
        try:
            item[name] = meant(name, value)
        except WrongError:
            wrong.add(name)
    if not wrong:
        assert "refusal" not in mapped.override, mapped.override
        assert same(mapped.json, {"TableName": "orders", "Item": item})
        return
    assert refused(mapped)
    named = re.match(r"The attribute (\w+) must be ", mapped.override["refusal"])
    assert named and named[1] in wrong


@PROPERTY
@given(body=GOOD_BODIES)
@example(body={"note": "".join(FRAGMENTS), "lines": list(FRAGMENTS), "tags": list(FRAGMENTS)})
@example(body={"address": {fragment: {fragment: [fragment]} for fragment in FRAGMENTS}})
@example(body={"note": "", "address": {"": "", "null": None, "a": {"b": [None, "", [], {}]}}, "lines": [None]})
@example(body={"address": {"S": "x", "M": {"M": {}}, "at": 1, "end": "]}", "names": [], "size": 0}})
@example(body={"note": "{", "lines": ["{", "[", "{}", "[]", "true", "1", "null"], "address": {"a": "[x]"}})
def test_a_good_body_is_the_item_and_nothing_else(engine: Engine, body: Json) -> None:
    check_put(sent_by(engine, PUT, body), body)


@PROPERTY
@given(body=ANY_BODIES)
@example(body={"tags": []})
@example(body={"tags": "a"})
@example(body={"tags": ["a", None]})
@example(body={"sizes": [1, "1"]})
@example(body={"sizes": [True]})
@example(body={"blobs": ["AAA"]})
@example(body={"address": "{a=b}"})
@example(body={"address": []})
@example(body={"lines": "[]"})
@example(body={"lines": {}})
@example(body={"note": None})
@example(body={"note": 5})
@example(body={"note": ["x"]})
@example(body={"total": "5"})
@example(body={"paid": "true"})
@example(body={"none": ""})
@example(body={"none": 0})
@example(body={"photo": None})
@example(body={"status": ""})
def test_a_body_of_any_types_is_the_item_or_refused_by_name(engine: Engine, body: Json) -> None:
    check_put(sent_by(engine, PUT, body), body)


@PROPERTY
@given(body=st.one_of(JSON_VALUES, st.dictionaries(ANY_TEXT, JSON_VALUES, min_size=1, max_size=4)))
@example(body="{")
@example(body='{"note":"x"}')
@example(body=[])
@example(body=[{"note": "x"}])
@example(body=None)
@example(body=7)
def test_what_is_no_object_or_has_unknown_names_is_refused(engine: Engine, body: Any) -> None:
    mapped = sent_by(engine, PUT, body)
    if body == {}:
        assert mapped.json["Item"] == KEY
    elif not isinstance(body, dict):
        assert refused(mapped)
        assert mapped.override["refusal"] == "The body must be a JSON object"
    elif not set(body) <= set(ATTRIBUTES):
        assert refused(mapped)


def test_an_unknown_attribute_is_named(engine: Engine) -> None:
    mapped = sent_by(engine, PUT, {"note": "x", 'x","TableName":"y': 1})
    assert refused(mapped)
    assert mapped.override["refusal"] == 'The attribute x","TableName":"y is unknown here'
    answer = map_response(
        engine, FILES["put_c_customer_placed_at.response.400.vtl"], {"__type": "x"}, **mapped.override
    )
    assert answer.json == {"message": 'The attribute x","TableName":"y is unknown here'}


def test_fifteen_hundred_unknown_names_are_refused(engine: Engine) -> None:
    assert refused(sent_by(engine, PUT, {f"n{at}": at for at in range(1500)}))


@pytest.mark.parametrize(
    "value",
    ["\"'\\\u2028$x#" * 50_000, {"a": "x" * 300_000}, {f"n{at}": {"at": [at]} for at in range(1500)}],
    ids=["long text", "long text inside", "1,500 names"],
)
def test_large_values_go_in_whole(engine: Engine, value: Any) -> None:
    body = {"note" if isinstance(value, str) else "address": value}
    check_put(sent_by(engine, PUT, body), body)


def test_a_list_longer_than_one_loop_and_a_set_of_a_thousand_go_in_whole(engine: Engine) -> None:
    body = {"lines": list(range(2500)), "tags": [f"t{at}" for at in range(1000)]}
    check_put(sent_by(engine, PUT, body), body)
    body = {"tags": [f"t{at}" for at in range(1001)]}
    check_put(sent_by(engine, PUT, body), body)


@pytest.mark.parametrize("depth", [1, 16, 31])
def test_objects_and_arrays_nest(engine: Engine, depth: int) -> None:
    value: Any = "core"
    for level in range(depth):
        value = [value, level] if level % 2 else {"in": value}
    body = {"lines": [value]}
    check_put(sent_by(engine, PUT, body), body)


@pytest.mark.parametrize("depth", [45, 300])
def test_what_nests_deeper_than_dynamodb_takes_breaks_off(engine: Engine, depth: int) -> None:
    body = '{"lines": ' + "[" * depth + '"' + "x" * 1_000 + '"' + "]" * depth + "}"
    mapped = map_request(engine, PUT, Request(path=PATH, body=body))
    assert len(mapped.text) < 1000
    with pytest.raises(ValueError, match="Expecting"):
        assert mapped.json


@pytest.mark.parametrize(
    "body",
    [
        '{"lines": [' + "1," * 20_001 + "1]}",
        '{"lines": [' + "[]," * 20_000 + "1]}",
        json.dumps({"address": {f"n{at}": {"a": at} for at in range(15_000)}}),
    ],
    ids=["numbers", "lists", "objects"],
)
def test_more_members_than_can_be_written_are_refused(engine: Engine, body: str) -> None:
    mapped = map_request(engine, PUT, Request(path=PATH, body=body))
    assert refused(mapped)
    assert mapped.override["refusal"] == "The body has more than 20000 members"


def test_as_many_members_as_can_be_written_are(engine: Engine) -> None:
    body = {"lines": ["x"] * 19_000}
    check_put(sent_by(engine, PUT, body), body)


@pytest.mark.parametrize("text", ["AAAA" * 100_000, "AAAA" * 100_000 + "!", "AAAA" * 100_000 + "="])
def test_long_binary_is_base64_or_refused(engine: Engine, text: str) -> None:
    mapped = sent_by(engine, PUT, {"photo": text})
    assert refused(mapped) if text[-1] != "A" else mapped.json["Item"]["photo"] == {"B": text}


NUMERALS = st.from_regex(r"-?(0|[1-9][0-9]{0,37})(\.[0-9]{1,37})?([eE][+-]?[0-9]{1,2})?", fullmatch=True).filter(
    lambda text: sum(letter.isdigit() for letter in text) <= 38
)
KEPT = templates_of(
    orders(
        {"route": "POST /find", "action": "GetItem", "key": {"customer": "body.in.id"}},
        {"route": "POST /some", "action": "BatchGetItem", "keys": "body.keys"},
        {"route": "POST /many", "action": "BatchWriteItem"},
        tables=[{"name": "orders", "hash_key": "customer", "attributes": {"customer": "N", "lines": "L"}}],
    )
)


@PROPERTY
@given(number=NUMERALS)
@example(number="0")
@example(number="-1")
@example(number="12345678901234567890123456789012345678")
@example(number="1.2345678901234567890123456789012345678")
@example(number="1.0000000000000001")
@example(number="77279.175030740667")
@example(number="-123456789012345.6")
@example(number="83255915086295e+3")
@example(number="1E+2")
@example(number="0.1")
@example(number="0.0000000000000001")
def test_numbers_keep_their_digits(engine: Engine, number: str) -> None:
    """Numbers in texts and names are left alone."""
    exact = Decimal(number)
    texts = [number, f'"{number}"', f"\\{number}", f'{number}\\"']
    lines = json.dumps([*texts, {number: 0}])
    body = (
        f'{{"note": {json.dumps(" ".join(texts))}, "total": {number}, "sizes":[{number}],"lines": [{number},{lines}]}}'
    )
    item = map_request(engine, PUT, Request(path=PATH, body=body)).json["Item"]
    first, second = item["lines"]["L"]
    assert [Decimal(one["N"]) for one in (item["total"], first)] == [exact, exact]
    assert Decimal(item["sizes"]["NS"][0]) == exact
    assert second == {"L": [*({"S": text} for text in texts), {"M": {number: {"N": "0"}}}]}
    assert item["note"] == {"S": " ".join(texts)}
    values = map_request(engine, PATCH, Request(path=PATH, body=body)).json["ExpressionAttributeValues"]
    assert Decimal(values[":new_total"]["N"]) == exact


@PROPERTY
@given(number=NUMERALS)
@example(number="1.0000000000000001")
def test_a_number_that_is_a_key_keeps_its_digits(engine: Engine, number: str) -> None:
    body = f'{{"in": {{"id": {number}}}, "keys": [{{"customer": {number}}}]}}'
    many = f'{{"put": [{{"customer": {number}, "lines": [{number}]}}], "delete": [{{"customer": {number}}}]}}'
    found = map_request(engine, KEPT["post_find.request.vtl"], Request(body=body)).json["Key"]
    some = map_request(engine, KEPT["post_some.request.vtl"], Request(body=body)).json["RequestItems"]["orders"]["Keys"]
    gone, put = map_request(engine, KEPT["post_many.request.vtl"], Request(body=many)).json["RequestItems"]["orders"]
    keys = [
        found,
        *some,
        gone["DeleteRequest"]["Key"],
        put["PutRequest"]["Item"],
        put["PutRequest"]["Item"]["lines"]["L"][0],
    ]
    assert [Decimal(key.get("customer", key)["N"]) for key in keys] == [Decimal(number)] * 5


def test_a_long_text_of_escapes_is_no_number(engine: Engine) -> None:
    body = {"note": '\n"1.5' * 50_000 + "1234567890123456.0", "total": 1.5}
    check_put(sent_by(engine, PUT, body), body)


@pytest.mark.parametrize(
    "body", ["", "7", "[]", '"x"', '{"in": 5}', '{"in": [1]}', '{"in": {"id": null}}', '{"in": "id"}']
)
def test_a_number_that_is_not_where_it_should_be_is_refused(engine: Engine, body: str) -> None:
    for name in ("post_find", "post_some"):
        assert refused(map_request(engine, KEPT[f"{name}.request.vtl"], Request(body=body)))


def test_a_number_that_is_none_is_refused(engine: Engine) -> None:
    mapped = map_request(engine, PUT, Request(path=PATH, body='{"total": NaN}'))
    assert refused(mapped)
    assert mapped.override["refusal"] == "The attribute total must be a number"


def test_the_key_may_be_in_the_body_as_it_is(engine: Engine) -> None:
    assert sent_by(engine, PUT, {**PATH, "note": "x"}).json["Item"] == {**KEY, "note": {"S": "x"}}
    for name in KEY:
        for other in ("bob", None, "", 5, {"a": 1}):
            mapped = sent_by(engine, PUT, {name: other})
            assert refused(mapped)
            assert mapped.override["refusal"] == f"The attribute {name} is part of the key and cannot be changed"


def test_required_defaulted_and_sourced_attributes(engine: Engine) -> None:
    request: Json = {
        "path": {"customer": "ann"},
        "headers": {"x-status": 'o"p'},
        "context": {"extendedRequestId": "id-1"},
    }
    item = {
        "customer": {"S": "ann"},
        "placed_at": {"S": "id-1"},
        "status": {"S": 'o"p'},
        "photo": {"B": "AAAA"},
        "note": {"S": "n"},
        "lines": {"L": []},
        "paid": {"BOOL": False},
        "tags": {"SS": ["it's", "$new #set"]},
        "total": {"N": "1.5"},
    }
    condition = {
        "TableName": "orders",
        "ConditionExpression": "attribute_not_exists(#hash_key)",
        "ExpressionAttributeNames": {"#hash_key": "customer"},
    }
    mapped = sent_by(engine, POST, {"note": "n", "lines": []}, **request)
    assert mapped.json == {**condition, "Item": item}
    given_all = {"note": "n", "lines": [], "paid": True, "tags": ["x"], "total": 2}
    own = {"paid": {"BOOL": True}, "tags": {"SS": ["x"]}, "total": {"N": "2"}}
    assert sent_by(engine, POST, given_all, **request).json == {**condition, "Item": {**item, **own}}
    for body, text in (
        ({"lines": []}, "The attribute note is missing"),
        ({"note": "n"}, "The attribute lines is missing"),
        ({"note": "n", "lines": [], "status": "x"}, "The attribute status is unknown here"),
        ({"note": "n", "lines": [], "photo": "AAAA"}, "The attribute photo is unknown here"),
    ):
        mapped = sent_by(engine, POST, body, **request)
        assert refused(mapped)
        assert mapped.override["refusal"] == text
    assert refused(sent_by(engine, POST, {"note": "n", "lines": []}, **{**request, "headers": {}}))


@PROPERTY
@given(request_id=ANY_TEXT.filter(bool))
def test_the_answer_to_a_new_item_is_its_key_and_where_it_is(engine: Engine, request_id: str) -> None:
    request_id = request_id.encode("utf-8", "replace").decode()
    context = {"extendedRequestId": request_id, "path": "/test/c/ann"}
    request = Request(
        path={"customer": "ann"}, headers={"X-Status": "x"}, context=context, body='{"note":"","lines":[]}'
    )
    mapped = map_request(engine, POST, request)
    override = {name: value for name, value in mapped.override.items() if name != "header"}
    answer = map_response(engine, FILES["post_c_customer.response.201.vtl"], {}, request, **override)
    assert answer.json == {"customer": "ann", "placed_at": request_id}
    location = answer.override["header"]["Location"]
    assert re.fullmatch(r"/test/c/ann/[A-Za-z0-9%._*-]+", location)


# --- UpdateItem -------------------------------------------------------------------------------------------------------


def check_update(mapped: Mapped, body: Mapping[str, Any], counters: tuple[str, ...] = (), exists: bool = True) -> None:
    """The update that was meant was sent, or the refusal names an attribute that is wrong."""
    parts: dict[str, list[str]] = {"SET": [], "REMOVE": [], "ADD": []}
    names = {"#hash_key": "customer"} if exists else {}
    values: Json = {}
    wrong = set()
    for name in BODY_TYPES:
        if name not in body:
            continue
        alias = f"new_{name}"
        names[f"#{alias}"] = name
        if body[name] is None and ATTRIBUTES[name] != "NULL":
            parts["REMOVE"].append(f"#{alias}")
            continue
        try:
            values[f":{alias}"] = meant(name, body[name])
        except WrongError:
            wrong.add(name)
        clause = f"#{alias} :{alias}" if name in counters else f"#{alias} = :{alias}"
        parts["ADD" if name in counters else "SET"].append(clause)
    if wrong or not body:
        assert refused(mapped)
        named = re.match(r"The attribute (\w+) must be ", mapped.override["refusal"])
        assert named[1] in wrong if named else mapped.override["refusal"] == "The body has no attribute to change"
        return
    update = " ".join(f"{word} {', '.join(clauses)}" for word, clauses in parts.items() if clauses)
    wanted = {
        "TableName": "orders",
        "Key": KEY,
        "UpdateExpression": update,
        "ExpressionAttributeNames": names,
        "ReturnValues": "ALL_NEW",
        **({"ConditionExpression": "attribute_exists(#hash_key)"} if exists else {}),
        **({"ExpressionAttributeValues": values} if values else {}),
    }
    assert same(mapped.json, wanted), mapped.text


@PROPERTY
@given(body=st.one_of(GOOD_BODIES, ANY_BODIES))
@example(body={})
@example(body={"note": None})
@example(body={"note": None, "address": None, "tags": None, "none": None})
@example(body={"note": "", "address": {"a": [None, ""]}})
@example(body={"tags": [], "note": "x"})
@example(body={"lines": list(FRAGMENTS), "status": "".join(FRAGMENTS)})
def test_an_update_changes_what_the_body_holds_and_nothing_else(engine: Engine, body: Json) -> None:
    check_update(sent_by(engine, PATCH, body), body)


@PROPERTY
@given(body=st.one_of(GOOD_BODIES, ANY_BODIES))
@example(body={"total": 1})
@example(body={"total": None})
@example(body={"address": {}})
def test_counters_add_and_an_item_may_be_new(engine: Engine, body: Json) -> None:
    check_update(sent_by(engine, ADD, body), body, counters=("total",), exists=False)


def test_the_key_cannot_be_changed(engine: Engine) -> None:
    mapped = sent_by(engine, PATCH, {"note": "x", "placed_at": "2027"})
    assert refused(mapped)
    assert mapped.override["refusal"] == "The attribute placed_at is part of the key and cannot be changed"
    assert sent_by(engine, PATCH, {"note": "x", **PATH}).json["Key"] == KEY


def test_a_value_from_another_source_is_set_even_if_the_body_is_empty(engine: Engine) -> None:
    template = FILES["patch_touch_customer_placed_at.request.vtl"]
    sent = sent_by(engine, template, {}, query={"note": "it's"}).json
    assert sent["UpdateExpression"] == "SET #new_note = :new_note"
    assert sent["ExpressionAttributeValues"] == {":new_note": {"S": "it's"}}
    assert refused(sent_by(engine, template, {"note": "x"}, query={"note": "y"}))


@pytest.mark.parametrize("name", ["it's", 'say "hi"', "$input.body", "#end", "a.b c-d", "back\\slash", "größe", "漢字"])
def test_attributes_may_have_any_name(engine: Engine, name: str) -> None:
    table = {"name": "odd", "hash_key": "id", "attributes": {"id": "S", name: "S", f"{name}2": "M", "end": "N"}}
    files = templates_of(
        orders(
            {"route": "PUT /{id}", "action": "PutItem", "required": [name]},
            {"route": "PATCH /{id}", "action": "UpdateItem"},
            tables=[table],
        )
    )
    body = {name: "x", f"{name}2": {name: 1}, "end": 1}
    typed = {name: {"S": "x"}, f"{name}2": {"M": {name: {"N": "1"}}}, "end": {"N": "1"}}
    request = Request(path={"id": "i"}, body=json.dumps(body))
    assert map_request(engine, files["put_id.request.vtl"], request).json["Item"] == {"id": {"S": "i"}, **typed}
    sent = map_request(engine, files["patch_id.request.vtl"], request).json
    names, values = sent["ExpressionAttributeNames"], sent["ExpressionAttributeValues"]
    assert {names[alias.replace(":", "#")]: value for alias, value in values.items()} == typed
    assert sent["UpdateExpression"] == "SET " + ", ".join(
        f"{alias.replace(':', '#')} = {alias}"
        for alias in sorted(values, key=lambda alias: list(body).index(names[alias.replace(":", "#")]))
    )
    missing = map_request(engine, files["put_id.request.vtl"], Request(path={"id": "i"}, body="{}"))
    assert missing.override["refusal"] == f"The attribute {name} is missing"


# --- DeleteItem, versions ---------------------------------------------------------------------------------------------


def test_a_delete_names_the_key_and_nothing_else(engine: Engine) -> None:
    template = FILES["delete_c_customer_placed_at.request.vtl"]
    assert sent_by(engine, template, {"TableName": "x"}).json == {"TableName": "orders", "Key": KEY}


NEW = {"ConditionExpression": "attribute_not_exists(#hash_key)", "ExpressionAttributeNames": {"#hash_key": "customer"}}
SEEN = {
    "ConditionExpression": "#version = :seen",
    "ExpressionAttributeNames": {"#version": "revision"},
    "ExpressionAttributeValues": {":seen": {"N": "7"}},
    "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
}


@pytest.mark.parametrize(
    ("headers", "body", "condition", "version"),
    [
        ({}, {}, NEW, "1"),
        ({"If-None-Match": "*"}, {}, NEW, "1"),
        ({"If-None-Match": "*"}, {"revision": 7}, NEW, "1"),
        ({"If-Match": '"7"'}, {}, SEEN, "8"),
        ({"if-match": 'W/"7"'}, {}, SEEN, "8"),
        ({}, {"revision": 7}, SEEN, "8"),
        ({"If-Match": '"7"'}, {"revision": 3}, SEEN, "8"),
    ],
)
def test_a_put_writes_over_the_version_that_was_seen(
    engine: Engine, headers: Json, body: Json, condition: Json, version: str
) -> None:
    mapped = sent_by(engine, VERSIONS["put_c_customer_placed_at.request.vtl"], body, headers=headers)
    assert mapped.json == {"TableName": "orders", "Item": {**KEY, "revision": {"N": version}}, **condition}
    override = {name: value for name, value in mapped.override.items() if name != "header"}
    answer = map_response(engine, VERSIONS["put_c_customer_placed_at.response.204.vtl"], {}, **override)
    assert (answer.text.strip(), answer.override["header"]) == ("", {"ETag": f'"{version}"'})


@PROPERTY
@given(text=st.one_of(ANY_TEXT, st.from_regex(r'(W/)?"[0-9]{1,9}"', fullmatch=True)), body=JSON_VALUES)
@example(text='"7" OR "8"', body=None)
@example(text='"1234567890"', body=None)
@example(text="*", body="7")
@example(text="", body=1234567890)
@example(text="", body=7.0)
@example(text="", body=-1)
@pytest.mark.parametrize("method", ["put", "patch"])
def test_a_hostile_version_is_one_or_refused(engine: Engine, method: str, text: str, body: Any) -> None:
    template = VERSIONS[f"{method}_c_customer_placed_at.request.vtl"]
    mapped = sent_by(engine, template, {"revision": body, "note": "n"}, headers={"If-Match": text})
    header = re.fullmatch(r'(W/)?"([0-9]{1,9})"', text)
    from_body = isinstance(body, int) and not isinstance(body, bool) and re.fullmatch("[0-9]{1,9}", str(body))
    if (text and not header) or not from_body:
        assert refused(mapped)
        return
    seen = header[2] if header else str(body)
    assert mapped.json["ExpressionAttributeValues"][":seen"] == {"N": seen}
    if method == "put":
        assert mapped.json["Item"]["revision"] == {"N": str(int(seen) + 1)}


def test_an_update_of_a_version_counts_it(engine: Engine) -> None:
    template = VERSIONS["patch_c_customer_placed_at.request.vtl"]
    sent = sent_by(engine, template, {"note": "n", "status": None}, headers={"If-Match": '"7"'}).json
    wanted = {
        "TableName": "orders",
        "Key": KEY,
        "UpdateExpression": "SET #new_note = :new_note REMOVE #new_status ADD #version :one",
        "ConditionExpression": "attribute_exists(#hash_key) AND #version = :seen",
        "ExpressionAttributeNames": {
            "#hash_key": "customer",
            "#version": "revision",
            "#new_note": "note",
            "#new_status": "status",
        },
        "ExpressionAttributeValues": {":one": {"N": "1"}, ":seen": {"N": "7"}, ":new_note": {"S": "n"}},
        "ReturnValues": "ALL_NEW",
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }
    assert sent == wanted
    without = sent_by(engine, template, {"note": "n"}).json
    assert without["ConditionExpression"] == "attribute_exists(#hash_key)"
    assert without["ExpressionAttributeValues"] == {":one": {"N": "1"}, ":new_note": {"S": "n"}}
    assert refused(sent_by(engine, template, {}))


def test_a_delete_of_a_version(engine: Engine) -> None:
    template = VERSIONS["delete_c_customer_placed_at.request.vtl"]
    seen = {
        "ConditionExpression": "attribute_exists(#hash_key) AND #version = :seen",
        "ExpressionAttributeNames": {"#hash_key": "customer", "#version": "revision"},
        "ExpressionAttributeValues": {":seen": {"N": "7"}},
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }
    assert sent_by(engine, template, {}, headers={"If-Match": '"7"'}).json == {
        "TableName": "orders",
        "Key": KEY,
        **seen,
    }
    assert sent_by(engine, template, {}).json == {
        "TableName": "orders",
        "Key": KEY,
        "ConditionExpression": "attribute_exists(#hash_key)",
        "ExpressionAttributeNames": {"#hash_key": "customer"},
    }
    assert refused(sent_by(engine, template, {}, headers={"If-Match": "7"}))
    whatever = VERSIONS["delete_any_customer_placed_at.request.vtl"]
    key = {"TableName": "orders", "Key": KEY}
    assert sent_by(engine, whatever, {}, headers={"If-Match": '"7"'}).json == {**key, **SEEN}
    assert sent_by(engine, whatever, {}).json == key


def test_a_put_that_wants_the_item_wants_its_version(engine: Engine) -> None:
    template = VERSIONS["put_there_customer_placed_at.request.vtl"]
    assert sent_by(engine, template, {}, headers={"If-Match": '"7"'}).json["ConditionExpression"] == "#version = :seen"
    mapped = sent_by(engine, template, {})
    assert refused(mapped)
    assert mapped.override["refusal"] == "The header If-Match is missing"


def test_a_key_from_the_body_is_answered_from_there(engine: Engine) -> None:
    body = {**PATH, "note": "n"}
    mapped = sent_by(engine, VERSIONS["post_c.request.vtl"], body, path={})
    assert mapped.json == {
        "TableName": "orders",
        "Item": {**KEY, "revision": {"N": "1"}, "note": {"S": "n"}},
        **NEW,
    }
    override = {name: value for name, value in mapped.override.items() if name != "header"}
    answer = map_response(engine, VERSIONS["post_c.response.201.vtl"], {}, **override)
    assert (answer.json, answer.override["header"]) == (PATH, {"ETag": '"1"', "Location": "/c/ann/2026"})
    assert refused(sent_by(engine, VERSIONS["post_c.request.vtl"], {**body, "revision": 1}, path={}))


@pytest.mark.parametrize(
    ("name", "member"), [("get_c_customer_placed_at", "Item"), ("patch_c_customer_placed_at", "Attributes")]
)
def test_the_version_of_an_item_is_its_etag(engine: Engine, name: str, member: str) -> None:
    template = VERSIONS[f"{name}.response.200.vtl"]
    mapped = map_response(engine, template, {member: {**KEY, "revision": {"N": "7"}}})
    assert (mapped.json, mapped.override["header"]) == ({**PATH, "revision": 7}, {"ETag": '"7"'})
    mapped = map_response(engine, template, {member: KEY})
    assert (mapped.json, mapped.override.get("header") or {}) == (PATH, {})


# --- what a condition that failed means -------------------------------------------------------------------------------

FAILED = {"__type": "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException", "message": "x"}


@pytest.mark.parametrize(
    ("name", "body", "headers", "status"),
    [
        ("put_c_customer_placed_at", FAILED, {}, 409),
        ("put_c_customer_placed_at", {**FAILED, "Item": KEY}, {"If-Match": '"7"'}, 412),
        ("put_c_customer_placed_at", FAILED, {"if-none-match": "*"}, 412),
        ("put_there_customer_placed_at", FAILED, {"If-Match": '"7"'}, 404),
        ("put_there_customer_placed_at", {**FAILED, "Item": KEY}, {"If-Match": '"7"'}, 412),
        ("patch_c_customer_placed_at", FAILED, {}, 404),
        ("patch_c_customer_placed_at", {**FAILED, "Item": KEY}, {}, 409),
        ("patch_c_customer_placed_at", {**FAILED, "Item": KEY}, {"If-Match": '"7"'}, 412),
        ("delete_c_customer_placed_at", FAILED, {"If-Match": '"7"'}, 404),
        ("delete_c_customer_placed_at", {**FAILED, "Item": KEY}, {"If-Match": '"7"'}, 412),
    ],
)
def test_a_condition_that_failed_is_what_it_is_in_http(
    engine: Engine, name: str, body: Json, headers: Json, status: int
) -> None:
    mapped = map_response(engine, VERSIONS[f"{name}.response.400.vtl"], body, Request(headers=headers))
    assert mapped.override["status"] == status


def test_the_linter_finds_nothing_in_what_is_generated() -> None:
    table = {**ORDERS, "crud": ITEM}
    lists = [{"route": f"POST /{action}", "action": action} for action in ("BatchWriteItem", "TransactWriteItems")]
    for spec in (orders(*lists, tables=[table]), orders(tables=[{**VERSIONED, "crud": ITEM}])):
        assert compile_api(spec, [TEMPLATES]).warnings == ()


def test_the_raw_form_of_a_value_fails_where_the_generated_one_holds(engine: Engine) -> None:
    """The tests have teeth: an item that is written without the escape can be given any attribute."""
    raw = PUT.replace(r"""$util.escapeJavaScript($new_note).replaceAll("\\'", "'")""", "$new_note")
    assert raw != PUT
    item = sent_by(engine, raw, {"note": 'x"},"paid":{"BOOL":true},"y":{"S":"'}).json["Item"]
    assert item["paid"] == {"BOOL": True}
    unchecked = PUT.replace('!$printed.equals($value) || $length == ""', "$printed == 0")
    assert unchecked != PUT
    assert not refused(sent_by(engine, unchecked, {"note": 5}))
