# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A page of 1 MB, whatever is stored in it, is within the bounds of the local AWS."""

from __future__ import annotations

import json
from typing import Any

import pytest

from local_apigateway.gateway.integration.template_variables import MappingInput, render_mapping
from local_apigateway.gateway.messages import Params
from local_apigateway.velocity import Limits, limits_for, parse
from unit.compiler.specs import orders, templates_of

PAGE = 1_048_576
PART = 1_024
"""The pages here are so many times smaller, and so are their bounds."""

MEMBERS = {
    "null": (2, lambda _i: {"NULL": True}),
    "empty texts": (1, lambda _i: {"S": ""}),
    "empty lists": (4, lambda _i: {"L": []}),
    "maps": (6, lambda _i: {"M": {"a": {"S": ""}}}),
    "numbers": (3, lambda i: {"N": str(i % 10)}),
    "quotes": (3, lambda _i: {"S": '"$'}),
}
"""A member of a list: its size in bytes as DynamoDB counts it (1 each, 3 for a list or a map), and its JSON."""


def _page(members: list[Any]) -> str:
    return json.dumps({"Items": [{"customer": {"S": "a"}, "l": {"L": members}}], "Count": 1})


@pytest.mark.parametrize("kind", MEMBERS)
def test_the_worst_pages(kind: str) -> None:
    size, member = MEMBERS[kind]
    templates = templates_of(orders({"route": "GET /{customer}", "action": "Query"}))
    template = next(text for text in templates.values() if '{"items":[' in text)
    body = _page([member(i) for i in range(PAGE // PART // size)])
    whole = limits_for(len(body) * PART)
    limits = Limits(steps=whole.steps // PART, characters=whole.characters // PART)
    rendered = render_mapping(parse(template), MappingInput(body, Params({"customer": "a"}, {}, {}), {}, {}), limits)
    assert json.loads(rendered.text)["count"] == 1


def test_small_bodies_have_the_bounds_that_they_had() -> None:
    assert limits_for(0) == Limits()
    assert limits_for(10_485_760).steps == 64_000_000
