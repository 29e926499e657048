# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Facts about templates of each kind, without the recordings: expected texts of Velocity 1.7, and of AWS."""

from __future__ import annotations

import copy

import pytest

from local_apigateway.gateway.integration.template_variables import MappingInput, render_mapping
from local_apigateway.gateway.messages import Params
from local_apigateway.velocity import TemplateError, parse
from unit.velocity.template_cases import BODY, CASES, CONTEXT, PARAMS, RECORDED, STAGE_VARIABLES


def render(template: str, body: str = BODY) -> str:
    source = MappingInput(body, Params(**PARAMS), copy.deepcopy(CONTEXT), STAGE_VARIABLES)
    return render_mapping(parse(template), source).text


@pytest.mark.parametrize(
    ("template", "expected"), [pytest.param(*case, id=f"{kind}-{case[0]}") for kind in CASES for case in CASES[kind]]
)
def test_a_template_prints_what_velocity_prints(template: str, expected: str | None) -> None:
    if expected is None:
        with pytest.raises(TemplateError):
            render(template)
    else:
        assert render(template) == expected


def test_recordings_are_named_for_kinds_that_are_there() -> None:
    assert RECORDED.keys() <= CASES.keys()


@pytest.mark.parametrize(
    ("body", "template", "expected"),
    [
        ("", "$input.body|$input.body.nope|$util.urlEncode($input.body)", "{}||%7B%7D"),
        ("size=10&x", "$input.body|$input.body.nope|$util.urlEncode($input.body)", "size=10&x||size%3D10%26x"),
        ('{ "a":1 }', "$input.body|$input.json('$')|$input.path('$')", '{ "a":1 }|{"a":1}|{a=1}'),
        ('[{"a": [1]}, {"b": null}]', "$input.path('$')|$input.path('$')[0].a", '[{"a":[1]},{"b":null}]|[1]'),
        ('{"a": 1}', "$input.body.length()|#if($input.body.length() > 5)long#{else}short#end", "8|long"),
        ("[[1, 2], 3]", "$input.path('$')[0]|$input.path('$')[0].size()|$input.path('$[1]')", "[1,2]|2|3"),
    ],
)
def test_bodies(body: str, template: str, expected: str) -> None:
    """Recorded: test_input_body_formatting (an empty body is `{}`, text stays as it is, and has no members) and
    test_input_path_template_formatting (lists print as JSON, maps do not) in test_apigateway_common.snapshot.json."""
    assert render(template, body) == expected
