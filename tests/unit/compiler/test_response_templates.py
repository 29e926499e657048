# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The generated response templates, run: plain JSON from DynamoDB's, of any type at any depth, and one error body."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from unit.compiler.engines import Engine, Request, map_response
from unit.compiler.specs import orders, templates_of
from unit.compiler.test_request_templates import ANY_TEXT

FILES = templates_of(
    orders(
        {"route": "GET /c/{customer}", "action": "Query"},
        {"route": "GET /c/{customer}/{placed_at}", "action": "GetItem"},
        {"route": "GET /own", "action": "Query", "request_template": "{}"},
    )
)
PAGE = FILES["get_c_customer.response.200.vtl"]
ITEM = FILES["get_c_customer_placed_at.response.200.vtl"]
ERROR = FILES["get_c_customer.response.400.vtl"]

Pair = tuple[Any, Any]
"""A value as DynamoDB sends it, and as the caller gets it. Numbers stay text: `("number", "1.50")`."""


def number(text: str) -> Pair:
    return {"N": text}, ("number", text)


def binary(data: bytes) -> Pair:
    text = base64.b64encode(data).decode()
    return {"B": text}, text


def of_set(kind: str, pairs: list[Pair]) -> Pair:
    return {kind: [next(iter(typed.values())) for typed, _plain in pairs]}, [plain for _typed, plain in pairs]


def of_list(pairs: list[Pair]) -> Pair:
    return {"L": [typed for typed, _plain in pairs]}, [plain for _typed, plain in pairs]


def attributes(pairs: dict[str, Pair]) -> Pair:
    return {name: pair[0] for name, pair in pairs.items()}, {name: pair[1] for name, pair in pairs.items()}


def of_map(pairs: dict[str, Pair]) -> Pair:
    typed, plain = attributes(pairs)
    return {"M": typed}, plain


NUMBERS = st.one_of(
    st.integers(-(10**38) + 1, 10**38 - 1).map(str),
    st.from_regex(r"-?(0|[1-9][0-9]{0,10})\.[0-9]{0,10}[1-9]", fullmatch=True),
    st.sampled_from(["0", "1E+30", "-9.9E-130", "12345678901234567890123456789012345678"]),
).map(number)
TEXTS = ANY_TEXT.map(lambda text: ({"S": text}, text))
BINARIES = st.binary(max_size=12).map(binary)
SCALARS = st.one_of(
    TEXTS,
    NUMBERS,
    BINARIES,
    st.booleans().map(lambda value: ({"BOOL": value}, value)),
    st.just(({"NULL": True}, None)),
    st.lists(TEXTS, min_size=1, max_size=3).map(lambda pairs: of_set("SS", pairs)),
    st.lists(NUMBERS, min_size=1, max_size=3).map(lambda pairs: of_set("NS", pairs)),
    st.lists(BINARIES, min_size=1, max_size=3).map(lambda pairs: of_set("BS", pairs)),
)
NAMES = st.one_of(ANY_TEXT.filter(bool), st.sampled_from(["S", "N", "M", "L", "BOOL", "items", "at", "end", "of"]))
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(of_list), st.dictionaries(NAMES, inner, max_size=3).map(of_map)
    ),
    max_leaves=12,
)
ITEMS = st.dictionaries(NAMES, VALUES, min_size=1, max_size=5).map(attributes)
PROPERTY = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)


def exact(text: str) -> Any:
    """JSON with its numbers as they are written."""
    return json.loads(text, parse_int=lambda digits: ("number", digits), parse_float=lambda digits: ("number", digits))


@PROPERTY
@given(item=ITEMS)
@example(item=attributes({"a": of_map({"M": of_map({"M": of_map({})})})}))
@example(item=attributes({"a": of_list([of_list([]), of_map({}), of_list([of_list([])])])}))
@example(item=attributes({"S": ({"S": ""}, "")}))
def test_an_item_comes_out_by_its_stored_types(engine: Engine, item: Pair) -> None:
    typed, plain = item
    mapped = map_response(engine, ITEM, {"Item": typed})
    assert exact(mapped.text) == plain
    assert "status" not in mapped.override


@PROPERTY
@given(items=st.lists(ITEMS, max_size=4))
def test_a_page_comes_out_in_its_order(engine: Engine, items: list[Pair]) -> None:
    body = {"Items": [typed for typed, _plain in items], "Count": len(items), "ScannedCount": 99}
    assert exact(map_response(engine, PAGE, body).text) == {
        "items": [plain for _typed, plain in items],
        "count": ("number", str(len(items))),
    }


def test_the_answer_is_written_without_blanks(engine: Engine) -> None:
    item = {"id": {"S": "a b"}, "m": {"M": {"x": {"L": [{"N": "1"}, {"BOOL": False}]}, "y": {"NULL": True}}}}
    plain = '{"id":"a b","m":{"x":[1,false],"y":null}}'
    body = {"Items": [item, item], "Count": 2, "LastEvaluatedKey": {"customer": {"S": "c"}, "placed_at": {"S": "~~?"}}}
    assert map_response(engine, ITEM, {"Item": item}).text.strip() == plain
    assert map_response(engine, PAGE, body).text == f'{{"items":[{plain},{plain}],"count":2,"next":"fn4_"}}'


@pytest.mark.parametrize("depth", [1, 32])
def test_maps_and_lists_nest_as_deep_as_dynamodb_lets_them(engine: Engine, depth: int) -> None:
    pair: Pair = ({"S": "core"}, "core")
    for level in range(depth):
        pair = of_list([pair, number(str(level))]) if level % 2 else of_map({"in": pair, "level": number(str(level))})
    typed, plain = attributes({"deep": pair})
    assert exact(map_response(engine, ITEM, {"Item": typed}).text) == plain


def test_more_elements_than_one_loop_can_run(engine: Engine) -> None:
    """A loop of Velocity stops at 1,000 rounds without an error."""
    texts = of_set("SS", [({"S": f"t{at}"}, f"t{at}") for at in range(1200)])
    many = {f"attribute {at}": number(str(at)) for at in range(1500)}
    typed, plain = attributes({**many, "texts": texts, "list": of_list([number("1")] * 1300)})
    assert exact(map_response(engine, ITEM, {"Item": typed}).text) == plain


def test_a_page_of_more_items_than_one_loop_can_run(engine: Engine) -> None:
    body = {"Items": [{"id": {"N": str(at)}} for at in range(1100)], "Count": 1100}
    page = map_response(engine, PAGE, body).json
    assert page == {"items": [{"id": at} for at in range(1100)], "count": 1100}


def test_a_long_text_comes_out_whole(engine: Engine) -> None:
    text = "\"'\\\u2028$x" * 43_000
    assert map_response(engine, ITEM, {"Item": {"t": {"S": text}}}).json == {"t": text}


def test_a_count_without_items_is_an_empty_page(engine: Engine) -> None:
    """A request template of the user's own may ask for a count alone; its pages are its own affair, too."""
    body = {"Count": 5, "LastEvaluatedKey": {"customer": {"S": "c"}, "placed_at": {"S": "p"}}}
    assert map_response(engine, FILES["get_own.response.200.vtl"], body).json == {"items": [], "count": 5}


def test_an_item_that_is_not_there_is_404(engine: Engine) -> None:
    mapped = map_response(engine, ITEM, {})
    assert mapped.override["status"] == 404
    assert mapped.json == {"message": "Not found"}


PREFIX = "com.amazonaws.dynamodb.v20120810#"
CHANGED = "The item was changed by someone else, or is not as the request expects it."
SECRET = "table secret-orders in arn:aws:dynamodb"


@pytest.mark.parametrize(
    ("type_", "text", "status", "message"),
    [
        ("ConditionalCheckFailedException", SECRET, 409, CHANGED),
        ("TransactionConflictException", SECRET, 409, CHANGED),
        ("TransactionCanceledException", SECRET, 409, CHANGED),
        ("TransactionInProgressException", SECRET, 409, CHANGED),
        ("IdempotentParameterMismatchException", SECRET, 409, CHANGED),
        ("ReplicatedWriteConflictException", SECRET, 409, CHANGED),
        ("DuplicateItemException", SECRET, 409, "The item exists already."),
        ("ItemCollectionSizeLimitExceededException", SECRET, 413, "The item is too large."),
        ("ValidationException", "Item size has exceeded the maximum allowed size", 413, "The item is too large."),
        ("ProvisionedThroughputExceededException", SECRET, 429, "Too many requests. Try again later."),
        ("ThrottlingException", SECRET, 429, "Too many requests. Try again later."),
        ("RequestLimitExceeded", SECRET, 429, "Too many requests. Try again later."),
        ("ValidationException", SECRET, 400, "The request is not valid."),
        ("SerializationException", SECRET, 400, "The request is not valid."),
        ("AccessDeniedException", SECRET, 500, "Internal server error"),
        ("ResourceNotFoundException", SECRET, 500, "Internal server error"),
        ("UnrecognizedClientException", SECRET, 500, "Internal server error"),
        ("", SECRET, 500, "Internal server error"),
    ],
)
def test_an_error_of_dynamodb_is_what_it_is_in_http(
    engine: Engine, type_: str, text: str, status: int, message: str
) -> None:
    mapped = map_response(engine, ERROR, {"__type": PREFIX + type_, "message": text})
    assert (mapped.override["status"], mapped.json) == (status, {"message": message})


@pytest.mark.parametrize("header", ["If-Match", "if-none-match"])
def test_a_condition_that_the_caller_sent_fails_with_412(engine: Engine, header: str) -> None:
    body = {"__type": f"{PREFIX}ConditionalCheckFailedException", "message": "The conditional request failed"}
    mapped = map_response(engine, ERROR, body, Request(headers={"x": "y", header: '"1"'}))
    assert mapped.override["status"] == 412
    assert mapped.json == {"message": "The item is not in the version that the request names."}


def test_a_refused_request_is_400_with_its_reason(engine: Engine) -> None:
    body = {"__type": f"{PREFIX}ValidationException", "message": "Item size"}
    mapped = map_response(engine, ERROR, body, refusal="The query parameter who must not be empty")
    assert (mapped.override["status"], mapped.json) == (400, {"message": "The query parameter who must not be empty"})


def test_an_error_without_a_type_is_500(engine: Engine) -> None:
    mapped = map_response(engine, ERROR, {})
    assert (mapped.override["status"], mapped.json) == (500, {"message": "Internal server error"})


@pytest.mark.parametrize(
    ("status", "message"),
    [("500", "Internal server error"), ("503", "The service is not available. Try again later.")],
)
def test_a_failure_of_dynamodb_is_told_without_reading_it(engine: Engine, status: str, message: str) -> None:
    template = FILES[f"get_c_customer.response.{status}.vtl"]
    assert engine.render(template, Request(), "<html>no JSON", {}).json == {"message": message}
