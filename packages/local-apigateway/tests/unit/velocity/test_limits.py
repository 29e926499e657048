# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Templates that would need endless time or memory: each is stopped."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
import regex

from local_apigateway.gateway.integration.template_variables import MappingInput, render_mapping
from local_apigateway.gateway.messages import Params
from local_apigateway.velocity import Limits, Meter, TemplateLimitError, TemplateRenderError, parse
from local_apigateway.velocity.java import regex as java_regex

_FOR_EVER = "#foreach($i in [1..1000])" * 5 + "%s" + "#end" * 5
_DOUBLING = "#set($s='xx')#foreach($i in [1..1000])%s#end$s"
_SHARED = "#set($l=[])#set($k=[])#foreach($i in [1..100])#set($l=[$l,$l])#set($k=[$k,$k])#end"

HOSTILE = {
    "loops": (_FOR_EVER % "x", "steps|text"),
    "empty loops": (_FOR_EVER % "", "steps"),
    "loops that print nothing": (_FOR_EVER % ("$undefined" * 100), "text"),
    "loops of conditions": (_FOR_EVER % ("#if(" + "true && " * 1000 + "true)#end"), "steps"),
    "loops of long references": ("#set($l=[1])#set($l[0]=$l)" + _FOR_EVER % ("$l" + "[0]" * 1000), "steps"),
    "doubled by a string": (_DOUBLING % '#set($s="$s$s")', "text"),
    "doubled by concat": (_DOUBLING % "#set($s=$s.concat($s))", "text"),
    "doubled by +": (_DOUBLING % "#set($s=$s+$s)", "text"),
    "doubled by replace": (_DOUBLING % "#set($s=$s.replace('x',$s))", "text"),
    "doubled by replaceAll": (_DOUBLING % "#set($s=$s.replaceAll('x',$s))", "text|regular"),
    "doubled by join": (_DOUBLING % "#set($s=$s.join($s,[$s,$s]))", "text"),
    "doubled by escaping": (_DOUBLING % '#set($s=$util.escapeJavaScript("\'$s"))#set($s="$s$s")', "text"),
    "a list doubled": ("#set($l=[1])#foreach($i in [1..1000])$l.addAll($l)#end", "members|steps"),
    "a shared list printed": (_SHARED + "$l", "text|steps"),
    "a shared list compared": (_SHARED + "#if($l == $k)x#end", "steps"),
    "a shared list hashed": (_SHARED + "$l.hashCode()", "steps"),
    "a shared list as JSON": (_SHARED + "#set($j=$util.parseJson('[]'))$j.add($l)$j", "text|steps"),
    "a list within itself": ("#set($l=[])#set($k=[$l])$l.add($k)$l", "nested"),
    "a list of great depth": ("#set($l=[])" + "#foreach($i in [1..1000])#set($l=[$l])#end" * 3 + "$l", "nested"),
    "blocks within blocks": (
        "".join(f"#define($d{i})$d{i + 1}$d{i + 1}#end" for i in range(60)) + "$d0",
        "steps|text",
    ),
    "a range": ("#set($l=[1..2000000000])", "steps"),
    "repeat": ("$input.body.repeat(2000000000)", "text"),
    "format": ("$input.body.format('%2000000000d', 1)", "OutOfMemoryError"),
    "an integer": ("#set($n=99999999999999999999)#foreach($i in [1..1000])#set($n=$n*$n)#end", "digits"),
    "a power": ("#set($n=99999999999999999999)$n.pow(2000000000)", "digits"),
    "a slow pattern": (
        "$input.path('$.l[0].a').replaceAll('(a|aa)+$','')",
        "regular",
    ),
    "a slow pattern in a path": ("$input.path('$.l[?(@.a =~ /(a|aa)+$/)]')", "regular"),
    "a large pattern": ("$input.body.matches('((((a{1000}){1000}){1000}){1000})')", "multiply"),
    "a long pattern": ("$input.body.matches('" + "a" * 5000 + "')", "longer than"),
    "a deep pattern": ("$input.body.matches('" + "(" * 2000 + "a" + ")" * 2000 + "')", "nested"),
    "a long path": ("$input.path('$" + ".a" * 5000 + "')", "longer than"),
    "JSON of great depth": ("$util.parseJson($input.path('$.deep'))", "depths"),
    "JSON with a long number": ("$util.parseJson($input.path('$.number'))", "digits"),
    "JSON parsed again and again": ("#foreach($i in [1..1000])#set($x=$util.parseJson($input.body))#end", "text"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_template_is_stopped(name: str) -> None:
    template, message = HOSTILE[name]
    body = {"l": [{"a": "a" * 60 + "!"}], "deep": "[" * 5000, "number": "1" * 9000, "fill": "x" * 50_000}
    source = MappingInput(json.dumps(body), Params({}, {}, {}), {}, {})
    limits = Limits(steps=200_000, characters=5_000_000, regex_seconds=0.05)
    with pytest.raises(TemplateRenderError, match=message):
        render_mapping(parse(template), source, limits)


class Matching:
    """A pattern whose match is interrupted, or takes a while in which the processor does something else."""

    def __init__(self, interruptions: int = 0, waits: float = 0.0) -> None:
        self.timeouts: list[float] = []
        self._interruptions = interruptions
        self._waits = waits

    def search(self, text: str, position: int, timeout: float) -> regex.Match[str] | None:
        time.sleep(self._waits)
        self.timeouts.append(timeout)
        if len(self.timeouts) <= self._interruptions:
            raise TimeoutError
        return regex.compile("b").search(text, position)


def _match(pattern: Any, seconds: float) -> regex.Match[str] | None:
    return java_regex._timed(Meter(Limits(regex_seconds=seconds)), pattern, "search", "abc", 0)


def test_time_of_other_threads_does_not_count() -> None:
    """The library counts the processor time of the whole process, so it stops too early for one thread."""
    pattern = Matching(interruptions=2)
    found = _match(pattern, 1.0)
    assert found
    assert found.span() == (1, 2)
    assert pattern.timeouts == [1.0, 2.0, 4.0]


def test_time_without_the_processor_does_not_count() -> None:
    assert _match(Matching(waits=0.05), 0.02)


def test_output_is_bounded() -> None:
    with pytest.raises(TemplateLimitError, match="prints more than 10 characters"):
        parse("12345678901").render({}, Limits(output=10))


def test_a_template_within_the_limits_uses_them_anew_each_time() -> None:
    template = parse("#foreach($i in [1..100])x#end")
    limits = Limits(steps=250, characters=1_000)
    assert [len(template.render({}, limits)) for _i in range(3)] == [100, 100, 100]
