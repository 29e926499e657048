# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""`local_apigateway.templates.render`: a mapping template without a server."""

from __future__ import annotations

from pathlib import Path

import pytest

from local_apigateway.templates import render
from local_apigateway.velocity import TemplateRenderError, TemplateSyntaxError


def test_a_template_sees_the_body_and_the_parameters() -> None:
    template = """{"id": "$input.params('id')", "q": "$input.params().querystring.q", "h": "$input.params('X-A')",
                  "total": $input.path('$.total'), "stage": "$stageVariables.v"}"""
    rendered = render(
        template,
        body={"total": 3},
        path={"id": "1"},
        query={"q": "x"},
        headers={"X-A": "y"},
        stage_variables={"v": "z"},
    )
    assert rendered.json() == {"id": "1", "q": "x", "h": "y", "total": 3, "stage": "z"}


def test_text_is_the_body_as_it_is() -> None:
    assert render("$input.body", body='{"a":  1}').text == '{"a":  1}'
    assert render("$input.json('$')").text == "{}"


def test_the_context_of_the_caller_adds_to_the_default() -> None:
    template = "$context.httpMethod $context.identity.sourceIp $context.identity.caller $context.stage"
    assert render(template).text == "GET 127.0.0.1  test"
    context = {"httpMethod": "PUT", "identity": {"caller": "me"}}
    assert render(template, context=context).text == "PUT 127.0.0.1 me test"
    assert render("$context.requestId $context.requestTimeEpoch").text == "00000000-0000-0000-0000-000000000000 0"


def test_overrides_are_part_of_the_result() -> None:
    rendered = render("#set($context.responseOverride.status = 404)#set($context.requestOverride.header.a = 'b')")
    assert (rendered.text, rendered.response_override) == ("", {"status": 404})
    assert rendered.request_override == {"header": {"a": "b"}}


def test_a_path_is_the_file_of_the_template(tmp_path: Path) -> None:
    (tmp_path / "request.vtl").write_text("$util.urlEncode('ä')", "utf-8")
    assert render(tmp_path / "request.vtl").text == "%C3%A4"


def test_an_error_of_the_template_is_raised() -> None:
    with pytest.raises(TemplateSyntaxError):
        render("#if(")
    with pytest.raises(TemplateRenderError):
        render("$util.base64Decode('?')")
