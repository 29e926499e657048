# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Every action, every place that a caller's text can come from: a hostile text is in the request to DynamoDB where a
harmless one would be, and changes nothing else. The templates without their escape fail the same test."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest
from ansible_collections.codeless.apigateway.plugins.plugin_utils.compiler.actions import ACTIONS
from hypothesis import HealthCheck, example, given, settings

from unit.compiler.engines import Engine, Mapped, Request, map_request, map_response
from unit.compiler.specs import Json, orders, templates_of
from unit.compiler.test_request_templates import ANY_TEXT, FRAGMENTS
from unit.compiler.test_response_templates import ITEMS, Pair, exact

HARMLESS = "harmless"
TABLE: Json = {
    "name": "orders",
    "hash_key": "customer",
    "range_key": "placed_at",
    "attributes": {
        "customer": "S",
        "placed_at": "S",
        "note": "S",
        "place": "S",
        "total": "N",
        "tags": "SS",
        "map": "M",
        "list": "L",
        "expires": "N",
    },
    "indexes": [{"name": "by_note", "hash_key": "note", "range_key": "place"}],
    "ttl_attribute": "expires",
}
KEY: Json = {"customer": "query.a", "placed_at": "ORDER#{header.X-B}"}
BY_NOTE: Json = {"index": "by_note", "key": {"note": "body.in.a", "place": {"begins_with": "query.b"}}}
FILTER: Json = {"note": {"contains": "claims.a"}, "place": {"ne": "query.b", "optional": True}}
SQL: Json = {
    "statement": 'SELECT * FROM "orders" WHERE customer = ? AND placed_at = ?',
    "parameters": [{"S": "query.a"}, {"S": "stage.b"}],
}


@dataclass(frozen=True)
class Case:
    """A route, and the request that has a text everywhere."""

    route: str
    action: str
    words: Json
    request: Callable[[str], Request]

    @property
    def template(self) -> str:
        """The generated request template."""
        spec = orders({"route": self.route, "action": self.action, **self.words}, tables=[TABLE])
        return next(text for name, text in templates_of(spec).items() if name.endswith(".request.vtl"))


def of_parts(text: str, body: Any = None) -> Request:
    """The text in all places but the body."""
    return Request(
        path={"customer": text, "placed_at": text},
        query={"a": text, "b": text, "next": text},
        headers={"x-b": text},
        context={"authorizer": {"claims": {"a": text}}, "identity": {"userAgent": text}},
        stage_variables={"b": text},
        body=json.dumps(body),
    )


def of_query(text: str) -> Request:
    """The token of a page is checked before it is decoded; here none is sent."""
    return replace(of_parts(text), query={"a": text, "b": text})


def of_body(text: str) -> Request:
    return replace(of_query(text), body=json.dumps({"in": {"a": text}}))


def of_some(text: str) -> Request:
    return of_parts(text, {"place": text, "map": {text: text}})


def item(text: str) -> Json:
    values: Json = {"map": {text: [text, {text: None}]}, "list": [{"a": text}, text], "tags": [text]}
    return {"note": text, "place": text, "total": 1.0000000000000002, "expires": "2026-01-31T12:00:00Z", **values}


def of_item(text: str) -> Request:
    return of_parts(text, item(text))


def of_items(text: str) -> Request:
    both = {"put": [{"placed_at": text, **item(text)}, {"placed_at": "2"}], "delete": [{"placed_at": text}]}
    return of_parts(text, both)


def of_keys(text: str) -> Request:
    return of_parts(text, {"keys": [{"customer": text, "placed_at": text}, {"customer": "x", "placed_at": text}]})


def of_list(text: str) -> Request:
    text = text.replace(",", ";")
    return Request(path={"customer": text}, query={"days": f"{text},2,{text}"})


AGENT: Json = {"note": "context.identity.userAgent"}
CASES = (
    Case("GET /x", "GetItem", {"key": KEY}, of_parts),
    Case("POST /x", "Query", {**BY_NOTE, "limit": 5}, of_body),
    Case("GET /{customer}", "Query", {"filter": FILTER, "projection": ["note"]}, of_query),
    Case("GET /x", "Scan", {"filter": FILTER}, of_query),
    Case("PUT /{customer}/{placed_at}", "PutItem", {}, of_item),
    Case("POST /x", "PutItem", {"key": KEY, "attributes": ["place", "map"], "set": AGENT}, of_some),
    Case("PATCH /{customer}/{placed_at}", "UpdateItem", {}, of_item),
    Case("PATCH /x", "UpdateItem", {"key": KEY, "attributes": ["place", "map"], "set": AGENT}, of_some),
    Case("DELETE /x", "DeleteItem", {"key": KEY, "exists": True}, of_parts),
    Case("POST /x", "BatchGetItem", {"keys": "body.keys", "key": {"placed_at": "ORDER#{each}"}}, of_keys),
    Case("GET /{customer}", "TransactGetItems", {"keys": "query.days"}, of_list),
    Case("POST /{customer}", "BatchWriteItem", {}, of_items),
    Case("POST /{customer}", "TransactWriteItems", {"exists": True}, of_items),
    Case("GET /x", "ExecuteStatement", SQL, of_parts),
)
NAMES = [f"{case.action} {case.route}" for case in CASES]
TEMPLATES = [case.template for case in CASES]
ESCAPE = re.compile(r"""\$util\.escapeJavaScript\((\$\w+)\)\.replaceAll\("\\\\'", "'"\)""")


def with_text(value: Any, text: str) -> Any:
    """The JSON with the text in place of the harmless one."""
    if isinstance(value, dict):
        return {name.replace(HARMLESS, text): with_text(member, text) for name, member in value.items()}
    if isinstance(value, list):
        return [with_text(member, text) for member in value]
    return value.replace(HARMLESS, text) if isinstance(value, str) else value


def sent(engine: Engine, template: str, case: Case, text: str) -> Mapped:
    return map_request(engine, template, case.request(text))


def holds(engine: Engine, template: str, case: Case, text: str) -> bool:
    """Whether the request is the harmless one, with this text in it."""
    harmless = sent(engine, template, case, HARMLESS)
    text = text.replace(",", ";") if case.request is of_list else text
    hostile = sent(engine, template, case, text)
    if "refusal" in harmless.override or "refusal" in hostile.override:
        return False
    try:
        return bool(hostile.json == with_text(harmless.json, text))
    except ValueError:
        return False


def test_every_action_is_here() -> None:
    assert {case.action for case in CASES} == set(ACTIONS)


@pytest.mark.parametrize(("case", "template"), list(zip(CASES, TEMPLATES, strict=True)), ids=NAMES)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True)
@given(text=ANY_TEXT.filter(bool))
@example(text="".join(FRAGMENTS))
@example(text="\ud800")
@example(text='1.0000000000000001, "b": 2e5')
@example(text=HARMLESS)
def test_a_hostile_text_is_where_a_harmless_one_would_be(engine: Engine, case: Case, template: str, text: str) -> None:
    assert holds(engine, template, case, text)


@pytest.mark.parametrize(("case", "template"), list(zip(CASES, TEMPLATES, strict=True)), ids=NAMES)
def test_the_raw_form_fails_the_same_test(engine: Engine, case: Case, template: str) -> None:
    raw, count = ESCAPE.subn(r"\1", template)
    assert count
    assert holds(engine, raw, case, "plain")
    assert not all(holds(engine, raw, case, fragment) for fragment in FRAGMENTS if fragment.strip())
    half = re.sub(r"""\.replaceAll\("\\\\'", "'"\)""", "", template)
    assert not holds(engine, half, case, "it's")


READ: dict[str, tuple[Json, Callable[[Any], Json], Callable[[Any], Any]]] = {
    "GetItem": ({"route": "GET /x", "key": KEY}, lambda one: {"Item": one}, lambda answer: answer),
    "Query": (
        {"route": "GET /{customer}"},
        lambda one: {"Items": [one], "Count": 1},
        lambda answer: answer["items"][0],
    ),
    "Scan": ({"route": "GET /x"}, lambda one: {"Items": [one], "Count": 1}, lambda answer: answer["items"][0]),
    "UpdateItem": ({"route": "PATCH /x", "key": KEY}, lambda one: {"Attributes": one}, lambda answer: answer),
    "DeleteItem": (
        {"route": "DELETE /x", "key": KEY, "returns": "old"},
        lambda one: {"Attributes": one},
        lambda answer: answer,
    ),
    "BatchGetItem": (
        {"route": "POST /x", "keys": "body.keys"},
        lambda one: {"Responses": {"orders": [one]}, "UnprocessedKeys": {"orders": {"Keys": [one]}}},
        lambda answer: answer["items"][0] if answer["items"] == answer["unprocessed"] else None,
    ),
    "TransactGetItems": (
        {"route": "POST /x", "keys": "body.keys"},
        lambda one: {"Responses": [{"Item": one}]},
        lambda answer: answer["items"][0],
    ),
    "BatchWriteItem": (
        {"route": "POST /{customer}"},
        lambda one: {"UnprocessedItems": {"orders": [{"PutRequest": {"Item": one}}, {"DeleteRequest": {"Key": one}}]}},
        lambda answer: answer["unprocessed"]["put"][0] if set(answer["unprocessed"]) == {"put", "delete"} else None,
    ),
    "ExecuteStatement": (
        {"route": "GET /x", **SQL},
        lambda one: {"Items": [one], "NextToken": "a\"'$x"},
        lambda answer: answer["items"][0] if answer["next"] == "a\"'$x" else None,
    ),
}


def answer_template(action: str) -> str:
    table = {word: value for word, value in TABLE.items() if word != "ttl_attribute"}
    files = templates_of(orders({"action": action, **READ[action][0]}, tables=[table]))
    return next(text for name, text in files.items() if name.endswith(".response.200.vtl"))


ANSWERS = {action: answer_template(action) for action in READ}


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True)
@given(stored=ITEMS)
def test_hostile_data_that_is_stored_comes_out_as_it_is(engine: Engine, stored: Pair) -> None:
    typed, plain = stored
    for action, (_route, answered, found) in READ.items():
        assert found(exact(map_response(engine, ANSWERS[action], answered(typed)).text)) == plain, action
