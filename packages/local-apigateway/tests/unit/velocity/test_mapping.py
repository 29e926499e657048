# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""$input, $util, $context and $stageVariables, and the overrides that a template sets."""

from __future__ import annotations

from typing import Any

import pytest

from local_apigateway.gateway.integration.template_variables import MappingInput, Rendered, render_mapping
from local_apigateway.gateway.messages import Params
from local_apigateway.velocity import TemplateRenderError, parse

PARAMS = Params(path={"id": "path"}, querystring={"id": "query", "q": "a b"}, header={"q": "header", "X-H": "h"})


def _render(template: str, body: str = "", context: dict[str, object] | None = None) -> Rendered:
    source = MappingInput(body, PARAMS, {} if context is None else context, {"table": "t", "empty": ""})
    return render_mapping(parse(template), source)


@pytest.mark.parametrize(
    ("template", "body", "expected"),
    [
        ("$input.params('id')|$input.params('q')|$input.params('X-H')|$input.params('none')|", "", "path|a b|h||"),
        ("$input.params().path.id|$input.params().header.get('q')|$input.params().keySet()", "", None),
        ("$input.body|$input.path('$')|$input.json('$')", "", "{}||{}"),
        ("$input.body|$input.path('$.a')|$input.json('$.a')", '{"a": [1]}', '{"a": [1]}|[1]|[1]'),
        ("[$input.path('$.none')][$input.json('$.none')][$input.path('$.nul')]", '{"nul": null}', '[][""][]'),
        ("[$input.path('$.a')][$input.json('$')]", "null", '[][""]'),
        ("$stageVariables.table|$stageVariables['table']|$stageVariables.none|", "", "t|t||"),
        ("$util.escapeJavaScript($input.path('$.s'))", '{"s":"a\'b\\"c\\\\/\\n\\u00e9\\ud83d\\ude00"}', None),
        ("$util.urlEncode('a b&c=ü/~*')|$util.urlDecode('a+b%26%C3%BC')", "", "a+b%26c%3D%C3%BC%2F%7E*|a b&ü"),
        ("$util.base64Encode('ü😀')|$util.base64Decode('w7zwn5iA')|$util.base64Decode('YQ')", "", "w7zwn5iA|ü😀|a"),
        ('#set($o=$util.parseJson(\'{"a":[1,{"b":"c"}]}\'))$o.a[1].b|$o.a|$o', "", 'c|[1,{"b":"c"}]|{a=[1,{"b":"c"}]}'),
        ("[$util.nope('x')][$input.nope][$util][$input]", "", "[][][][]"),
    ],
)
def test_variables(template: str, body: str, expected: str | None) -> None:
    others = {
        "$input.params().path.id": "path|header|[path, querystring, header]",
        "$util.escapeJavaScript": "a\\'b\\\"c\\\\\\/\\n\\u00E9\\uD83D\\uDE00",
    }
    wanted = expected if expected is not None else next(v for k, v in others.items() if template.startswith(k))
    assert _render(template, body).text == wanted


@pytest.mark.parametrize(
    "template",
    ["$util.parseJson('{')", "$util.urlDecode('%zz')", "$util.base64Decode('a*')", "$util.base64Decode('a')"],
)
def test_what_cannot_be_decoded_is_an_error(template: str) -> None:
    with pytest.raises(TemplateRenderError):
        _render(template)


def test_context_and_its_blank_maps() -> None:
    context: dict[str, object] = {
        "stage": "dev",
        "identity": {"sourceIp": "1.2.3.4"},
        "authorizer": {"claims": {"a": 1}},
    }
    template = "$context.stage|$context.identity|$context.identity.sourceIp|$context.authorizer.claims.a|$context.none"
    assert _render(template, context=context).text == "dev||1.2.3.4|1|"
    assert _render("$context.requestOverride|$context.responseOverride.header").text == "|"


def test_overrides_are_told() -> None:
    rendered = _render(
        "#set($context.responseOverride.status = 404)#set($context.responseOverride.header.X-A = 'b')"
        "#set($context.requestOverride.path.p = 'é😀')#set($context.requestOverride.header['H'] = ['1', '2'])"
    )
    assert rendered.response_override == {"status": 404, "header": {"X-A": "b"}}
    assert rendered.request_override == {"path": {"p": "é😀"}, "header": {"H": ["1", "2"]}}


def test_no_override_is_an_empty_one() -> None:
    rendered = _render("x")
    assert (rendered.request_override, rendered.response_override) == ({}, {})


def test_the_response_template_sees_what_the_request_template_set() -> None:
    context: dict[str, Any] = {"stage": "dev"}
    _render(
        "#set($context.mine = {'k': $input.path('$.l')})#set($context.responseOverride.custom = 'c')"
        "#set($context.requestOverride.path.body = $input.body)",
        '{"l": ["a/b"]}',
        context,
    )
    template = "$context.mine.k $context.responseOverride.custom $context.requestOverride.path.body $context.stage"
    assert _render(template, context=context).text == '["a\\/b"] c {"l": ["a/b"]} dev'


def test_what_a_template_removes_from_the_context_is_gone() -> None:
    context: dict[str, object] = {"a": 1, "b": 2}
    _render("$context.remove('a')", context=context)
    assert "a" not in context
    assert context["b"] == 2


def test_values_are_not_read_as_templates() -> None:
    assert _render("$input.path('$.s')", '{"s": "$context.stage #set($x=1)"}').text == "$context.stage #set($x=1)"
