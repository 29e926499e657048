# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The response mapping: selection, parameter mappings, templates and overrides make the method's response."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from multidict import CIMultiDict

from ...model import HttpResponse, Wire
from ..errors import configuration_error
from ..invocation import Exchange, Invocation
from ..messages import MethodResponse
from ..request.payload import BinaryMediaTypes, as_bytes, convert_response
from .parameter_mapping import ResponseSource, as_header, compile_response_source
from .templates import MappingTemplate, Templates, compile_templates


@dataclass(frozen=True, slots=True)
class IntegrationResponse:
    """One integration response, compiled. `pattern` is None for the default; `headers` are names and sources."""

    status: int
    pattern: re.Pattern[str] | None
    headers: tuple[tuple[str, ResponseSource], ...]
    templates: Templates
    content_handling: str | None


class ResponseMapping:
    """The integration responses of one method."""

    def __init__(self, responses: list[IntegrationResponse], binary: BinaryMediaTypes) -> None:
        self._patterns = [response for response in responses if response.pattern is not None]
        self._default = next((response for response in responses if response.pattern is None), None)
        self._binary = binary

    async def build(self, invocation: Invocation, response: HttpResponse, selection_value: str) -> MethodResponse:
        """Return the method's response. Raises `GatewayError` 500 if no integration response matches."""
        selected = self._select(selection_value)
        exchange = Exchange(invocation, response)
        headers: CIMultiDict[str] = CIMultiDict()
        for name, source in selected.headers:
            value = source(exchange)
            if value:
                headers.add(name, as_header(value))
        body = await self._transformed_body(selected, invocation, response)
        _override_headers(headers, invocation.response_override.get("header") or {})
        return MethodResponse(_status(selected, invocation), headers, body)

    def _select(self, value: str) -> IntegrationResponse:
        """Return the first response whose selectionPattern matches the whole value, else the default."""
        for response in self._patterns:
            if response.pattern and response.pattern.fullmatch(value):
                return response
        if self._default is None:
            reason = "No match for output mapping and no default output mapping configured."
            raise configuration_error(f"{reason} Endpoint Response Status Code: {value}")
        return self._default

    async def _transformed_body(
        self, selected: IntegrationResponse, invocation: Invocation, response: HttpResponse
    ) -> bytes:
        content_type = next((value for name, value in response.headers if name.lower() == "content-type"), None)
        accept = invocation.client.headers.get("Accept")
        is_binary, wants_binary = self._binary.match(content_type), self._binary.match(accept)
        payload = convert_response(response.body, is_binary, wants_binary, selected.content_handling)
        template = choose_template(selected.templates, accept)
        if template is not None:
            invocation.trace.response_template = template.media_type
            payload = await template.apply(payload, invocation)
        return as_bytes(payload)


def choose_template(templates: Templates, accept: str | None) -> MappingTemplate | None:
    """Return the template for the client's Accept, else the one for application/json, else the first.

    AWS: "API Gateway uses the Accept header … if none matches, application/json or else the first" (data mappings).
    """
    if len(templates) < 2:
        return next(iter(templates.values()), None)
    for media_range in (accept or "").split(","):
        template = templates.get(media_range.partition(";")[0].strip().lower())
        if template is not None:
            return template
    return templates.get("application/json") or next(iter(templates.values()))


def compile_response_mapping(integration: Wire, binary: BinaryMediaTypes, place: str) -> ResponseMapping:
    """Compile the response side of a wire Integration, lowest status first. `place` names its method.

    API Gateway does not document which of several matching patterns wins; the recorded case (405 before 502) fits
    this order.
    """
    responses = integration.get("integrationResponses") or {}
    compiled = [_compile_response(status, responses[status], place) for status in sorted(responses)]
    return ResponseMapping(compiled, binary)


def _compile_response(status: str, response: Wire, place: str) -> IntegrationResponse:
    parameters: Mapping[str, str] = response.get("responseParameters") or {}
    pattern = response.get("selectionPattern")
    return IntegrationResponse(
        status=int(status),
        pattern=_compile_pattern(pattern) if pattern else None,
        headers=tuple(
            (target.removeprefix("method.response.header."), compile_response_source(expression))
            for target, expression in parameters.items()
        ),
        templates=compile_templates(response.get("responseTemplates"), "response", f"{place} for {status}"),
        content_handling=response.get("contentHandling"),
    )


def _compile_pattern(pattern: str) -> re.Pattern[str]:
    """Compile a selectionPattern. It is a Java regular expression; syntax that Python lacks is an error."""
    try:
        return re.compile(pattern)
    except re.error as error:
        raise configuration_error(f"selectionPattern {pattern}: {error}") from None


def _status(selected: IntegrationResponse, invocation: Invocation) -> int:
    """Return the status: the override if it is an integer from 100 to 599, else that of the integration response."""
    override = invocation.response_override.get("status")
    is_status = isinstance(override, int) and not isinstance(override, bool) and 100 <= override < 600
    return override if is_status and override is not None else selected.status


def _override_headers(headers: CIMultiDict[str], override: Mapping[str, object]) -> None:
    for name, value in override.items():
        headers.popall(name, None)
        for item in value if isinstance(value, list) else [value]:
            headers.add(name, as_header(item))
