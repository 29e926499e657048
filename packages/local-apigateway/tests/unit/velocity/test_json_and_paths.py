# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""JSON as json-smart reads and writes it, and JSONPath as Jayway reads it."""

from __future__ import annotations

import json

import pytest

from local_apigateway.velocity import JavaError, Meter
from local_apigateway.velocity.java.jayway import read
from local_apigateway.velocity.java.json_smart import parse_json, write_json
from local_apigateway.velocity.java.values import to_text
from local_apigateway.velocity.limits import Limits

METER = Meter(Limits(steps=10**9, characters=10**9))


@pytest.mark.parametrize(
    ("text", "printed", "written"),
    [
        ('{"b":1,"a":[1,"x/y",{"c":null}]}', '{b=1, a=[1,"x\\/y",{"c":null}]}', '{"b":1,"a":[1,"x/y",{"c":null}]}'),
        ("[1.50, 1e10, 1E-7]", "[1.5,1.0E10,1.0E-7]", "[1.5,1.0E10,1.0E-7]"),
        ("[12345678901234567890, -0]", "[12345678901234567890,0]", "[12345678901234567890,0]"),
        ("1.2345678901234567890", "1.2345678901234567890", "1.2345678901234567890"),
        ('{"a":1,"b":2,"a":3}', "{a=3, b=2}", '{"a":3,"b":2}'),
        ('"\\u00e9\\ud83d\\ude00 \\u2028"', "é😀 \u2028", '"é😀 \\u2028"'),
        ("plain text", "plain text", '"plain text"'),
        ('{"a":1 "b":2}', '{a=1 "b":2}', '{"a":"1 \\"b\\":2"}'),
        ("{a:'x', b: no quotes ,}", "{a=x, b=no quotes}", '{"a":"x","b":"no quotes"}'),
        ("[1,,2] and more", "[1,2]", "[1,2]"),
        ("01", "1", "1"),
        ("", "", '""'),
    ],
)
def test_json_is_read_and_written_as_by_json_smart(text: str, printed: str, written: str) -> None:
    value = parse_json(text)
    joined = to_text(value, METER).encode("utf-16", "surrogatepass").decode("utf-16")
    assert joined == printed
    assert write_json(value, METER).encode("utf-16", "surrogatepass").decode("utf-16") == written


@pytest.mark.parametrize("text", ["{", "[1", '{"a"}', '"open', "}", '"\\u12"', '["\\"]'])
def test_what_json_smart_cannot_read_is_an_error(text: str) -> None:
    with pytest.raises(JavaError):
        parse_json(text)


DOCUMENT = {
    "name": "n",
    "nul": None,
    "list": [1, "two", {"id": 3}, None],
    "items": [{"id": 1, "type": "dog", "price": 5.5}, {"id": 2, "type": "cat"}],
    "map": {"a b": 1, "k": {"id": 9}},
}

PATHS = [
    ("$", DOCUMENT),
    ("$.name", "n"),
    ("name", "n"),
    ("$.items[1].type", "cat"),
    ("$['map']['a b']", 1),
    ("$.missing", None),
    ("$.missing.further", None),
    ("$.nul", None),
    ("$.list[2].id", 3),
    ("$.list[9]", None),
    ("$.list[-1]", None),
    ("$.list[(@.length-2)].id", 3),
    ("$.items[*].id", [1, 2]),
    ("$.items[*].price", [5.5]),
    ("$.items[*].missing", []),
    ("$.items[?(@.id == 2)].price", None),
    ("$.items[0:2].price", None),
    ("$.missing[*].id", []),
    ("$.map.*", [1, {"id": 9}]),
    ("$..id", [3, 1, 2, 9]),
    ("$.list[0,1]", [1, "two"]),
    ("$.list[1:]", ["two", {"id": 3}, None]),
    ("$.list[:2]", [1, "two"]),
    ("$.list[1:2]", ["two"]),
    ("$.items[?(@.id == 2)]", [{"id": 2, "type": "cat"}]),
    ("$.items[?(@.type == 'dog')].id", [1]),
    ("$.items[?(@.price)].id", [1]),
    ("$.items[?(@.id > 1 && @.type != 'dog')].id", [2]),
    ("$.items[?(@.id == '1')].id", [1]),
    ("$.items[?(@.type =~ /D.*/i)].id", [1]),
    ("$.items[?(@.missing != 1)]", []),
    ("$['name','nul']", {"name": "n", "nul": None}),
    ("$.items.length()", None),
]


@pytest.mark.parametrize(("path", "expected"), PATHS)
def test_path(path: str, expected: object) -> None:
    assert read(parse_json(json.dumps(DOCUMENT)), path, METER) == expected


@pytest.mark.parametrize(
    "path", ["", " ", "$..", "$.map.a b", "$.a.", "$a", "$.list[x]", "$.list[?(@.]", "$.name[0]", "$[1:]"]
)
def test_what_is_no_path_is_an_error(path: str) -> None:
    with pytest.raises(JavaError):
        read(parse_json(json.dumps(DOCUMENT)), path, METER)
