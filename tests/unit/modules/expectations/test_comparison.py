# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What of an answer is not as expected, and what a reader is told of it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible_collections.codeless.apigateway.plugins.module_utils._engine.errors import AwsError
from ansible_collections.codeless.apigateway.plugins.module_utils._expectations.expectation import (
    Expectation,
    Response,
    differences,
    format_failure,
    read_expectations,
    secrets_of,
)

ORDER = {
    "route": "GET /customers/{customer}/orders/{placed_at}",
    "name": "the first order",
    "method": "GET",
    "path": "/customers/ann/orders/2026-01-05",
    "query": {"fields": "a b"},
    "headers": {},
    "status": 200,
    "resource": "/customers/{customer}/orders/{placed_at}",
}


def read(**given: Any) -> Expectation:
    return read_expectations([{**ORDER, **given}])[0]


@pytest.mark.parametrize(
    ("want", "have"),
    [
        ({"a": 1}, {"a": 1, "b": 2}),
        ({"a": {"b": [1, {"c": True}]}}, {"a": {"b": [1.0, {"c": True, "d": 0}], "e": None}}),
        ({}, {"a": 1}),
        ([], []),
        ([{}, 2], [{"a": 1}, 2.0]),
        ("text", "text"),
        (12345678901234567890123456789012345678, 12345678901234567890123456789012345678),
        ({"a": None}, {"a": None}),
    ],
)
def test_the_part_that_is_named_is_there(want: Any, have: Any) -> None:
    assert differences(read(answer=want), Response(200, json.dumps(have))) == []


@pytest.mark.parametrize(
    ("want", "have", "told"),
    [
        ({"a": 1}, {"a": True}, ["answer.a: expected 1, got true"]),
        ({"a": False}, {"a": 0}, ["answer.a: expected false, got 0"]),
        ({"a": 1}, {"a": "1"}, ['answer.a: expected 1, got "1"']),
        ({"a": 1}, {"a": 1.5}, ["answer.a: expected 1, got 1.5"]),
        ({"a": None}, {}, ["answer.a: expected null, got nothing"]),
        ({"a": 1}, [1], ['answer: expected {"a": 1}, got [1]']),
        ([1], {"a": 1}, ['answer: expected [1], got {"a": 1}']),
        ({"a": [1, 2]}, {"a": [1]}, ["answer.a: expected 2 elements, got 1 element: [1]"]),
        ([1], [1, 2], ["answer: expected 1 element, got 2 elements: [1, 2]"]),
        ([1, {"a": "ö"}], [2, {"a": "x"}], ["answer[0]: expected 1, got 2", 'answer[1].a: expected "ö", got "x"']),
        (
            {"a": {"b": 1}, "c": 2},
            {"a": {"b": 2}},
            ["answer.a.b: expected 1, got 2", "answer.c: expected 2, got nothing"],
        ),
        ({"a": "x"}, {"a": {"x": 1}}, ['answer.a: expected "x", got {"x": 1}']),
        (
            12345678901234567890123456789012345678,
            12345678901234567890123456789012345679,
            ["answer: expected 12345678901234567890123456789012345678, got 12345678901234567890123456789012345679"],
        ),
    ],
)
def test_each_difference_is_told_with_its_place(want: Any, have: Any, told: list[str]) -> None:
    assert differences(read(answer=want), Response(200, json.dumps(have))) == told


@pytest.mark.parametrize(("body", "came"), [("", "an empty body"), ("<html>", "no JSON"), ('{"a": 1', "no JSON")])
def test_an_answer_without_json(body: str, came: str) -> None:
    assert differences(read(answer={"a": 1}), Response(200, body)) == [f'answer: expected {{"a": 1}}, got {came}']


def test_the_status_counts_and_the_body_only_where_it_is_asked_for() -> None:
    assert differences(read(), Response(200, "<html>")) == []
    assert differences(read(status=404), Response(200, "")) == ["status: expected 404, got 200"]
    assert differences(read(answer=[1], status=404), Response(200, "[2]")) == ["status: expected 404, got 200"]
    assert differences(read(), Response(None, "connection refused")) == [
        "status: expected 200, got no response: connection refused"
    ]


def test_a_reader_is_told_the_request_the_differences_the_answer_and_the_log() -> None:
    text = format_failure(read(answer={"total": 7}), Response(500, '{"message": "no"}', log=["Execution failed: why"]))
    assert text.split("\n") == [
        "the first order: GET /customers/ann/orders/2026-01-05?fields=a+b "
        "(route GET /customers/{customer}/orders/{placed_at})",
        "    status: expected 200, got 500",
        '    response: {"message": "no"}',
        "    AWS's log: Execution failed: why",
    ]
    assert format_failure(read(), Response(200, "")) == ""


def test_names_are_told_once() -> None:
    asked = "GET /customers/ann/orders/2026-01-05?fields=a+b"
    assert format_failure(read(name=f"{asked} answers 200"), Response(404, "")).startswith(
        f"{asked} answers 200 (route "
    )
    assert format_failure(read(name=None), Response(404, "")).startswith(f"{asked} (route ")
    plain = {"path": "/orders", "status": 200}
    assert format_failure(read_expectations([plain])[0], Response(404, "")).startswith("GET /orders\n")


def test_long_values_are_cut() -> None:
    text = format_failure(read(answer={"a": 1}), Response(200, json.dumps({"a": "x" * 5000})))
    assert "(5002 characters)" in text
    assert len(text) < 1000


SECRETS = {
    "headers": {"Authorization": "Bearer abc.def/ghi", "X-Api-Key": "key-0123", "Accept": "application/json"},
    "query": {"access_token": "to ken+1", "next": "page2"},
    "body": {"user": {"password": 'pass"word', "name": "ann"}, "tokens": ["first-token", "second-token"]},
}


def test_secrets_that_were_sent_are_told_nowhere() -> None:
    expectation = read(method="POST", name="with access_token=to+ken%2B1", **SECRETS)
    came = {"seen": ["Bearer abc.def/ghi", "abc.def/ghi", "to ken+1", 'pass"word', "second-token", "key-0123"]}
    log = ["abc.def%2Fghi key-0123", json.dumps(came)]
    text = format_failure(expectation, Response(500, json.dumps(came), log))
    for secret in ("abc.def", "abc.def%2Fghi", "key-0123", "to ken+1", "to+ken", "pass", "first-token", "second-token"):
        assert secret not in text
        assert secret not in expectation.request
    assert "next=page2" in text


def test_a_secret_is_known_in_an_encoded_query() -> None:
    assert read(query={"token": "p+q r~s"}).request.endswith("?token=********")


def test_only_what_names_speak_of_is_secret() -> None:
    ordinary = {"headers": {"Accept": "application/json", "If-Match": '"12345"'}, "body": {"author": "ann-marie"}}
    assert secrets_of({**ORDER, **ordinary}) == []
    assert secrets_of({**ORDER, "body": {"token": "abc", "secret": True, "password": None}}) == []


def test_what_is_sent() -> None:
    sent = read(method="PUT", body={"ü": 1}, query={"a&b": "c/d ü", "flag": True, "n": 5}, headers={"If-Match": 5})
    assert sent.target == "/customers/ann/orders/2026-01-05?a%26b=c%2Fd+%C3%BC&flag=true&n=5"
    assert sent.headers == {"If-Match": "5", "Content-Type": "application/json"}
    assert json.loads(str(sent.body)) == {"ü": 1}
    own = read(method="PUT", body="x", headers={"content-type": "text/plain"})
    assert own.headers == {"content-type": "text/plain"}
    assert (read(body=None).body, read(body=False).body, read(body=[]).body) == (None, "false", "[]")


def test_all_that_cannot_be_sent_is_told_at_once() -> None:
    wrong = [
        {"path": "orders", "status": 200},
        {"path": "/a b?c=d", "status": 200},
        {"path": "/100%", "status": 200},
        {"path": "/orders", "status": 99, "headers": {"X-A": "line\nbreak", "X B": "1", "X-C": "fine"}},
        {"path": "/orders", "status": 600},
        {"path": "/orders", "status": 100},
        {"path": "/orders", "status": 599},
    ]
    with pytest.raises(AwsError) as caught:
        read_expectations(wrong)
    assert caught.value.message.split("\n") == [
        "Cannot send the requests: 7 errors:",
        "- requests[0] has the path 'orders', which is not a percent-encoded path; write '/orders'",
        "- requests[1] has the path '/a b?c=d', which is not a percent-encoded path; write '/a%20b', and what follows "
        "the ? under `query`",
        "- requests[2] has the path '/100%', which is not a percent-encoded path; write '/100%25'",
        "- requests[3] has the status 99; write an HTTP status, 100 to 599",
        "- requests[3] has a header 'X-A' that cannot be sent; write a header's name, and a text of one line",
        "- requests[3] has a header 'X B' that cannot be sent; write a header's name, and a text of one line",
        "- requests[4] has the status 600; write an HTTP status, 100 to 599",
    ]
