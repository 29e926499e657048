# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Mapping templates without a server: render one with the values of a request."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .gateway.integration.template_variables import MappingInput, render_mapping
from .gateway.messages import Params
from .gateway.request.context import RequestIds, request_context
from .model import Content, HttpRequest, ServedStage
from .velocity import limits_for, parse

_IDS = RequestIds("00000000-0000-0000-0000-000000000000", "AAAAAAAAAAAAAAA=", "")


@dataclass(frozen=True)
class RenderedTemplate:
    """A rendered template: its text, and what it set in `$context.requestOverride` and `$context.responseOverride`.

    `request_override` can have the keys `header`, `path` and `querystring`, `response_override` the keys `header` and
    `status`. Members that the template did not set are left out.
    """

    text: str
    request_override: dict[str, Any]
    response_override: dict[str, Any]

    def json(self) -> Any:
        """Return the text as JSON. Raises `ValueError` for text that is not JSON."""
        return json.loads(self.text)


def render(
    template: str | Path,
    *,
    body: Any = "",
    path: Mapping[str, str] | None = None,
    query: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
    context: Mapping[str, Any] | None = None,
    stage_variables: Mapping[str, str] | None = None,
) -> RenderedTemplate:
    """Render a mapping template as API Gateway does.

    `template` is the text of the template or the path of its file. `body` is the payload: of the client in a request
    template, of the backend in a response template; everything except text is sent as JSON. `path`, `query` and
    `headers` are the parameters of `$input.params()`. `context` adds to `$context` of a `GET /` with fixed values, such
    as a `requestId` of zeros. Raises `local_apigateway.velocity.TemplateSyntaxError` and `TemplateRenderError`.
    """
    text = body if isinstance(body, str) else json.dumps(body)
    params = Params(path or {}, query or {}, headers or {})
    parsed = parse(template.read_text("utf-8") if isinstance(template, Path) else template)
    data = MappingInput(text, params, _context(context or {}), stage_variables or {})
    rendered = render_mapping(parsed, data, limits_for(len(text)))
    return RenderedTemplate(rendered.text, rendered.request_override, rendered.response_override)


def _context(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values over a default `$context`. The members of a mapping are added to those of the default."""
    stage = ServedStage(
        "000000000000", "eu-central-1", "abcde12345", "test", {"stageName": "test"}, "abc123", Content()
    )
    context = request_context(stage, HttpRequest("GET", "/", (), (), b"", "localhost"), _IDS, started=0.0)
    for name, value in values.items():
        default = context.get(name)
        context[name] = {**default, **value} if isinstance(default, dict) and isinstance(value, Mapping) else value
    return context
