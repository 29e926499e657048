# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Plain data and DynamoDB's typed JSON, held against boto3's own serializer where that has an opinion."""

from __future__ import annotations

import datetime
import decimal
import math
from typing import Any

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.codeless.apigateway.plugins.filter.from_dynamodb import from_dynamodb
from ansible_collections.codeless.apigateway.plugins.filter.to_dynamodb import to_dynamodb
from ansible_collections.codeless.apigateway.plugins.module_utils._dynamodb.typed_json import (
    WrongValueError,
    from_typed,
    from_typed_item,
    from_wire,
    to_typed,
    to_typed_item,
    to_wire,
)
from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from hypothesis import given, strategies

NUMBERS = strategies.integers(-(10**37), 10**37) | strategies.floats(allow_nan=False, allow_infinity=False).filter(
    lambda number: number == 0 or 1e-130 <= abs(number) < 1e125
)
VALUES = strategies.recursive(
    strategies.none() | strategies.booleans() | NUMBERS | strategies.text(),
    lambda inner: strategies.lists(inner, max_size=4) | strategies.dictionaries(strategies.text(), inner, max_size=4),
    max_leaves=12,
)


def exact(value: Any) -> Any:
    """The value with decimals for its numbers, which is what boto3's serializer takes."""
    if isinstance(value, dict):
        return {name: exact(member) for name, member in value.items()}
    if isinstance(value, list):
        return [exact(member) for member in value]
    return decimal.Decimal(str(value)) if isinstance(value, (int, float)) and not isinstance(value, bool) else value


@given(VALUES)
def test_dynamodb_reads_what_boto3_would_have_written(value: Any) -> None:
    ours, theirs = to_typed(value), TypeSerializer().serialize(exact(value))
    assert TypeDeserializer().deserialize(ours) == TypeDeserializer().deserialize(theirs)


@given(VALUES)
def test_plain_data_comes_back_as_it_went(value: Any) -> None:
    assert exact(from_typed(to_typed(value))) == exact(value)


@given(strategies.dictionaries(strategies.text(), VALUES, max_size=5))
def test_what_boto3_answers_for_an_item_is_the_item(item: dict[str, Any]) -> None:
    typed = to_typed_item(item, {}, [], "")
    theirs = {name: TypeSerializer().serialize(exact(value)) for name, value in item.items()}
    assert from_wire(theirs) == from_wire(to_wire(typed)) == typed


@pytest.mark.parametrize(
    ("value", "declared", "typed"),
    [
        ("12.50", "N", {"N": "12.5"}),
        (" 7 ", "N", {"N": "7"}),
        ("1e2", "N", {"N": "100"}),
        ("-0.0", "N", {"N": "0"}),
        (1e-07, None, {"N": "0.0000001"}),
        ("1" * 37 + "0", "N", {"N": "1" * 37 + "0"}),
        ("1" * 37 + "00", "N", {"N": "1." + "1" * 36 + "E+38"}),
        ("9.9E+125", "N", {"N": "9.9E+125"}),
        ("0.0001E-126", "N", {"N": "1E-130"}),
        (["b", "a"], "SS", {"SS": ["a", "b"]}),
        ([10, "9"], "NS", {"NS": ["10", "9"]}),
        (["aGk=", "YQ=="], "BS", {"BS": ["YQ==", "aGk="]}),
        (b"hi", None, {"B": "aGk="}),
        (datetime.date(2026, 11, 1), None, {"S": "2026-11-01"}),
        ("aGk=", "B", {"B": "aGk="}),
        (None, "NULL", {"NULL": True}),
        ([1, [None]], None, {"L": [{"N": "1"}, {"L": [{"NULL": True}]}]}),
        ({"a": {"b": "c"}}, "M", {"M": {"a": {"M": {"b": {"S": "c"}}}}}),
    ],
)
def test_values_in_their_canonical_form(value: Any, declared: str | None, typed: dict[str, Any]) -> None:
    assert to_typed(value, declared) == typed


@pytest.mark.parametrize(
    ("value", "declared", "message"),
    [
        (7, "S", r"7 is not text \(S\); put it in quotes"),
        (True, "S", "True is not text"),
        (None, "S", "None is not text"),
        (True, "N", "True is not a number"),
        ([1], "N", r"\[1\] is not a number"),
        ("1_000", "N", "'1_000' is not a number"),
        ("NaN", "N", "'NaN' is not a number"),
        ("\u0667", "N", "is not a number"),
        ("", "N", "'' is not a number"),
        (math.inf, None, "inf is not a number that DynamoDB supports"),
        ("1" * 39, "N", "exceeds the 38 digits"),
        ("1e126", "N", "exceeds the 38 digits or the magnitude"),
        ("1e-131", "N", "exceeds the 38 digits or the magnitude"),
        ("true", "BOOL", "'true' is not true or false, without quotes"),
        (1, "BOOL", "1 is not true or false"),
        ("", "NULL", "'' is not null"),
        ("x", "SS", "'x' is not a list, as a set needs"),
        ([1], "SS", "1 is not text"),
        ([1, "1.0"], "NS", "a set cannot have the same member twice"),
        ([], "NS", "a set cannot be empty"),
        ("a b", "B", "'a b' is not base64 text"),
        ("aGk", "B", "'aGk' is not base64 text"),
        ([1], "M", r"\[1\] is not a mapping"),
        ({"a": 1}, "L", "is not a list"),
        ({"a": [1, math.nan, {"b": math.inf}]}, None, r"a: \[1\]: nan is not .*; \[2\]: b: inf is not"),
        ({1: "x"}, None, "1: the name of an attribute must be text"),
    ],
)
def test_values_that_cannot_be_written(value: Any, declared: str | None, message: str) -> None:
    with pytest.raises(WrongValueError, match=message):
        to_typed(value, declared)


@pytest.mark.parametrize(
    ("number", "plain"),
    [
        ("12", 12),
        ("12.0", 12),
        ("0.1", 0.1),
        ("1E+40", 10**40),
        ("1E-130", 1e-130),
        ("12345678901234567890123", 12345678901234567890123),
        ("0.1000000000000000055511151231257827", "0.1000000000000000055511151231257827"),
    ],
)
def test_numbers_come_back_without_a_loss(number: str, plain: Any) -> None:
    assert from_typed({"N": number}) == plain
    assert type(from_typed({"N": number})) is type(plain)


def test_an_item_of_every_type_comes_back_as_plain_data() -> None:
    typed = {"b": {"B": b"hi"}, "bs": {"BS": [b"b", b"a"]}, "ns": {"NS": ["2", "1"]}, "x": {"NULL": True}}
    assert from_typed_item(typed) == {"b": "aGk=", "bs": ["YQ==", "Yg=="], "ns": [1, 2], "x": None}


def test_the_filters_tell_all_mistakes() -> None:
    with pytest.raises(AnsibleFilterError, match=r"to_dynamodb: attributes: .*XL.*; b: 1 is not text.*; c: 2 is not"):
        to_dynamodb({"a": 1, "b": 1, "c": 2}, {"a": "XL", "b": "S", "c": {"type": "S"}})
    with pytest.raises(AnsibleFilterError, match=r"it must be a mapping"):
        to_dynamodb(["a"])
    for wrong in ({"a": "x"}, {"a": {"S": "x", "N": "1"}}, {"a": {"T": "x"}}, "x", {"a": {"N": "x"}}):
        with pytest.raises(AnsibleFilterError, match="from_dynamodb: "):
            from_dynamodb(wrong)
