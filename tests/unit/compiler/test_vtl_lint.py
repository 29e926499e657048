# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The linter finds what goes wrong with a template, where it stands, and nothing in templates that are right."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from ansible_collections.codeless.apigateway.plugins.plugin_utils.compiler import ValidationErrors, compile_api
from ansible_collections.codeless.apigateway.plugins.plugin_utils.compiler.vtl.lint import lint
from hypothesis import given, settings
from hypothesis import strategies as st

from unit.compiler.specs import TEMPLATES, orders
from unit.compiler.test_reference import spec_of

ROOT = Path(__file__).resolve().parents[3]
ESCAPED = r"""$util.escapeJavaScript($x).replaceAll("\\'", "'")"""
AS_SENT = "is written as the caller sent it, so a quote in it can change the text"
ALONE = "alone is true even if it is undefined, empty or 0"


def errors(template: str, *, is_request: bool = True) -> list[tuple[int, str]]:
    return [(one.line, one.problem) for one in lint(template, is_request=is_request) if one.error]


def warnings(template: str, *, is_request: bool = True) -> list[tuple[int, str]]:
    return [(one.line, one.problem) for one in lint(template, is_request=is_request) if not one.error]


@pytest.mark.parametrize(
    ("template", "line", "what"),
    [
        ("x\n#macro(esc $a)\n$a#end", 2, "#macro does not exist on API Gateway"),
        ("#evaluate('$x')", 1, "#evaluate does not exist on API Gateway"),
        ("#parse('x')#include('y')", 1, "#parse does not exist on API Gateway"),
        ('{"S":\n"$input.params(\'x\')"}', 2, f"$input.params('x') {AS_SENT}"),
        ('"$!{input.params("x")}"', 1, f'$input.params("x") {AS_SENT}'),
        ('"$input.params().path.get("x")"', 1, f'$input.params().path.get("x") {AS_SENT}'),
        ('#set($x = $input.params("x"))\n\n"$x"', 3, f"$x {AS_SENT}"),
        ("#set($x = \"a $input.params('x')\")\n#set($y = $x.trim())$y", 2, f"$y {AS_SENT}"),
        (
            "#set($context.responseOverride.status = 1)\n#set($context.responseOverride.status = 2)",
            2,
            "$context.responseOverride.status is already set in line 1, and setting it twice fails",
        ),
        (
            '#set($context.requestOverride.path.x = "a")\n#if($y == "")\n#set($context.requestOverride.path.x = 2)#end',
            3,
            "$context.requestOverride.path.x is already set in line 1, and setting it twice fails",
        ),
        ("costs 5 $\n", 1, "the template ends with $, which Velocity cannot parse"),
        ("a\nb #", 2, "the template ends with #, which Velocity cannot parse"),
        ('a\n#if($x == "")', 2, "#if has no #end"),
        ("#end", 1, "#end closes nothing"),
        ("\n#set($x = $y.get('a)", 2, "a bracket or a quote is not closed"),
        ("\n$x.get(", 2, "a bracket or a quote is not closed"),
    ],
)
def test_what_fails_or_can_be_abused_is_an_error(template: str, line: int, what: str) -> None:
    assert (line, what) in errors(template)


@pytest.mark.parametrize(
    ("template", "line", "what"),
    [
        ("\n#if($x)a#end", 2, f"$x {ALONE}"),
        ('#if($a == "" && !$x.y)a#end', 1, f"$x.y {ALONE}"),
        ("#if($a == 1)\n#elseif(($b.get('x && y')))#end", 2, f"$b.get('x && y') {ALONE}"),
        (
            '#set($body = $input.path("$"))\n#set($n = $body.name)',
            2,
            "$body.name reads .name of what the caller sent, which can be a property of Java",
        ),
        (
            '#if($input.params().header.Accept == "x")#end',
            1,
            "$input.params().header.Accept reads .Accept of what the caller sent, which can be a property of Java",
        ),
        (
            '#foreach($e in $input.path("$.list"))x#end',
            1,
            '#foreach over $input.path("$.list") stops after 1,000 rounds without an error',
        ),
        ("$input.path('$.x')", 1, f"$input.path('$.x') {AS_SENT}"),
        ("\n$util.escapeJavaScript($x)", 2, "$util.escapeJavaScript writes ' as \\', which is not JSON"),
    ],
)
def test_what_may_go_wrong_is_a_warning(template: str, line: int, what: str) -> None:
    assert (line, what) in warnings(template)
    assert (line, what) not in errors(template)


@pytest.mark.parametrize(
    "template",
    [
        f'#set($x = $input.params("x"))"{ESCAPED}"',
        r"""{"S": "$util.escapeJavaScript($input.params('val')).replaceAll("\\'", "'")"}""",
        '#set($n = $input.params("n"))#if($n.matches("[0-9]+"))$n#end',
        "## #macro(x) $input.params('x') #if($x)",
        "#* #macro(x) *# #[[ $input.params('x') #if ]]#",
        "#set($ok = true)#if($ok && $foreach.hasNext || !$x.isEmpty())a#end",
        '#set($ok = $a == "")#if(!$ok)a#end',
        '#if($x == "")#set($context.responseOverride.status = 1)#else#set($context.responseOverride.status = 2)#end',
        "#foreach($e in [1..5])$e#end#foreach($name in $input.params().header.keySet())#end",
        "$input.json('$.x') $input.body $context.requestId $stageVariables.x",
        '#set($v = $input.path("$.v"))#set($v = $v)#set($t = "$v")#if($t.equals("a"))$t#end',
        '#set($v = $input.path("$.v"))#set($t = "$v")#if(!$t.matches("a"))#else#set($w = $v)$w#end',
        '#set($l = $input.path("$.l"))#if($l.size() > 9)#else#foreach($e in $l)#end#end#foreach($at in [0..9])#end',
        '#set($l = $input.path("$.l"))#set($own = {"at": 0, "of": $l})$own.at',
        """#if($x.get(")") == ']')a#end $x.put("(", '[')""",
        "#ffffff $5 C# is $ not # a problem.",
        '#define($esc)$util.urlEncode($input.params("x"))#end',
    ],
)
def test_nothing_is_found_in_what_is_right(template: str) -> None:
    assert lint(template, is_request=True) == ()


PARTS = (
    "#set($x = $x)",
    "#set($x = {'a': $y, \"b\": [$x]})",
    '#set($y = "$x")',
    "#foreach($y in $x)",
    "#if($x.matches('a') && (!$y.b",
    "#if($y)",
    "#elseif($x.size() > 1)",
    "#else",
    "#end",
    "$input.params('x')",
    "$x.a.b($y)[0]",
    "$util.parseJson(",
    "##",
    "#*",
    "'",
    '"',
    ")",
    "}",
    "\n",
    "$",
    "#",
    "text",
)


@given(template=st.lists(st.sampled_from(PARTS), max_size=12).map("".join))
@settings(max_examples=500, deadline=None, derandomize=True)
def test_any_text_is_read_to_its_end(template: str) -> None:
    lines = {one.line for one in lint(template, is_request=True)}
    assert all(1 <= line <= template.count("\n") + 1 for line in lines)


def test_what_dynamodb_answers_is_not_the_callers() -> None:
    template = "#set($in = $input.path('$'))#foreach($e in $in.Items)$e.id.S#end $input.path('$.Count')"
    assert lint(template, is_request=False) == ()
    assert errors('"$input.params("x")"', is_request=False) == [(1, f'$input.params("x") {AS_SENT}')]


def test_lines_count_from_the_first_even_if_it_is_a_comment() -> None:
    assert errors("## a\n#end") == errors("\n#end") == [(2, "#end closes nothing")]


def test_errors_stop_the_compiler_and_warnings_are_handed_on() -> None:
    route = {"route": "GET /{customer}", "action": "Query"}
    with pytest.raises(ValidationErrors) as caught:
        compile_api(orders({**route, "request_template": '{\n"a": "$input.params("val")"}'}), [TEMPLATES])
    (error,) = caught.value.errors
    assert str(error).startswith(
        'routes[0] "GET /{customer}" request template: line 2: $input.params("val") is written as the caller sent it'
    )
    compiled = compile_api(orders({**route, "response_templates": {200: "#if($x)a#end"}}), [TEMPLATES])
    assert list(map(str, compiled.warnings)) == [
        'routes[0] "GET /{customer}" response template 200: line 1: $x alone is true '
        'even if it is undefined, empty or 0. Compare it: $x != "".'
    ]


EXAMPLES = sorted((ROOT / "playbooks" / "vars").glob("*.yml"))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_nothing_is_found_in_the_example_apis(path: Path) -> None:
    assert compile_api(spec_of(yaml.safe_load(path.read_text())), [TEMPLATES]).warnings == ()
