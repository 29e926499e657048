# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Mapping templates of one integration: parsed once, chosen by MIME type, rendered within limits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ...long_work import RENDERING
from ...velocity import (
    Limits,
    Template,
    TemplateLimitError,
    TemplateRenderError,
    TemplateSyntaxError,
    limits_for,
    parse,
)
from ..dialect import Dialect
from ..errors import GatewayError, configuration_error
from ..invocation import Invocation
from ..messages import mime_type
from ..request.payload import Payload
from .template_variables import MappingInput, Rendered, render_mapping

AT_ONCE = Limits(steps=20_000, characters=1_000_000, regex_seconds=0.02)
"""Limits of a rendering in the event loop, while no other request is served: some 20 ms."""
LARGE_PAYLOAD = 8_000
"""Size in characters from which a payload is assumed to need more than that."""


@dataclass(frozen=True, slots=True)
class MappingTemplate:
    """The template for a MIME type. `place` names it in messages for the operator, `direction` is request or response.

    `parsed` is an error for a template that does not parse: API Gateway accepts such a deployment, and each request
    fails. It is None for an empty template, which passes the payload through.
    """

    media_type: str
    place: str
    direction: str
    parsed: Template | TemplateSyntaxError | None

    async def apply(self, payload: Payload, invocation: Invocation) -> Payload:
        """Return the transformed payload; set the overrides of the invocation.

        Raises `GatewayError` 500 if the template does not parse or fails, or if the payload is binary.
        """
        if self.parsed is None:
            return payload
        if isinstance(self.parsed, TemplateSyntaxError):
            raise self._failure(str(self.parsed))
        if isinstance(payload, bytes):
            raise self._failure("the payload is binary data")
        data = MappingInput(payload, invocation.params, invocation.context, invocation.stage_variables)
        try:
            rendered = await _render(self.parsed, data, invocation.dialect)
        except TemplateRenderError as error:
            raise self._failure(str(error)) from error
        invocation.request_override = rendered.request_override
        invocation.response_override = rendered.response_override
        return rendered.text

    def _failure(self, reason: str) -> GatewayError:
        return configuration_error(f"Unable to transform {self.direction}: {self.place}: {reason}")


async def _render(template: Template, data: MappingInput, dialect: Dialect) -> Rendered:
    """Render a template. Uses a thread if it takes long, so that other requests are served meanwhile.

    A rendering that fails has changed nothing, so it can be repeated in the thread.
    """
    if len(data.body) < LARGE_PAYLOAD:
        try:
            return render_mapping(template, data, AT_ONCE, dialect)
        except TemplateLimitError:
            pass
    return await RENDERING.run(render_mapping, template, data, limits_for(len(data.body)), dialect)


Templates = Mapping[str, MappingTemplate]
"""Templates by MIME type (lower case), in their order in the API; `$default` stands for any other type."""


def compile_templates(sources: Mapping[str, str | None] | None, direction: str, place: str) -> Templates:
    """Parse the templates of an integration or of an integration response."""
    return {
        mime_type(media_type): MappingTemplate(
            mime_type(media_type), f"{direction} template {media_type} of {place}", direction, _parsed(source)
        )
        for media_type, source in (sources or {}).items()
    }


def _parsed(source: str | None) -> Template | TemplateSyntaxError | None:
    try:
        return parse(source) if source else None
    except TemplateSyntaxError as error:
        return error
