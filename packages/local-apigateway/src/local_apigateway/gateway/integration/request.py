# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The request mapping: parameter mappings, templates, overrides and headers make the request for the backend."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from multidict import CIMultiDict

from ...model import Wire
from ..errors import GatewayError, configuration_error
from ..invocation import Invocation
from ..messages import ClientRequest, EndpointRequest
from ..request.payload import BinaryMediaTypes, as_bytes, convert_request
from .parameter_mapping import RequestSource, as_header, compile_request_source
from .templates import MappingTemplate, Templates, compile_templates
from .uri import UriTemplate

_NEVER_SENT = frozenset({"expect", "proxy-authenticate", "te"})
"""Headers that a mapping may set, but that are not sent (recorded: TestApiGatewayHeaderRemapping)."""

_NOT_SENT_BY = {"AWS": frozenset({"referer"}), "HTTP": frozenset({"via"}), "HTTP_PROXY": frozenset({"via"})}
"""The same by type of integration (Via is recorded; Referer is LocalStack's finding)."""

_REJECTED = frozenset({"content-length", "transfer-encoding", "x-amzn-trace-id", "x-amzn-apigateway-api-id"})
"""Headers whose mapping is a 500 (the first two recorded, the others from AWS's list of reserved headers)."""

_REJECTED_BY_AWS = _REJECTED | {"authorization", "connection", "expect", "proxy-authenticate", "te"}
"""The same for integrations of type AWS (recorded)."""


@dataclass(slots=True)
class _Parameters:
    """Parameters of an integration request by location. Values are text, or lists where a name has several."""

    path: dict[str, str] = field(default_factory=dict)
    querystring: dict[str, str | list[str]] = field(default_factory=dict)
    header: dict[str, str | list[str]] = field(default_factory=dict)

    def put(self, location: str, name: str, value: str | list[str]) -> None:
        if location == "path":
            self.path[name] = value if isinstance(value, str) else ",".join(value)
        else:
            (self.header if location == "header" else self.querystring)[name] = value


@dataclass(frozen=True, slots=True)
class ParameterMapping:
    """One entry of requestParameters: location and name of the target, and the source of the value."""

    location: str
    name: str
    source: RequestSource


class RequestMapping(Protocol):
    """The integration request of one method, compiled."""

    async def build(self, invocation: Invocation) -> EndpointRequest:
        """Return the request for the backend. Raises `GatewayError` if a mapping or template fails."""


@dataclass(frozen=True, slots=True)
class _SharedParts:
    """What all integration requests share: method, URI, parameters, and headers that are rejected or dropped.

    `method` is None if the backend gets the client's method.
    """

    method: str | None
    uri: UriTemplate
    parameters: tuple[ParameterMapping, ...]
    rejected: frozenset[str]
    dropped: frozenset[str]

    def map_parameters(self, invocation: Invocation) -> _Parameters:
        """Return the values of requestParameters, without missing ones."""
        mapped = _Parameters()
        for mapping in self.parameters:
            value = mapping.source(invocation)
            if value:
                mapped.put(mapping.location, mapping.name, value)
        for name in mapped.header:
            if name.lower() in self.rejected:
                raise configuration_error(f"{name} header already present")
        return mapped

    def finish(
        self,
        invocation: Invocation,
        path: Mapping[str, str],
        query: Iterable[tuple[str, str]],
        headers: CIMultiDict[str],
        body: bytes,
    ) -> EndpointRequest:
        """Drop the headers that are never sent, and add what API Gateway adds (recorded: no-param-integration)."""
        for name in self.dropped:
            headers.popall(name, None)
        headers.setdefault("Accept", "application/json")
        headers.setdefault("User-Agent", f"AmazonAPIGateway_{invocation.served.api_id}")
        headers["X-Amzn-Trace-Id"] = invocation.trace_id
        headers["X-Amzn-Apigateway-Api-Id"] = invocation.served.api_id
        uri = self.uri.fill(path, invocation.stage_variables)
        return EndpointRequest(self.method or invocation.client.method, uri, tuple(query), headers, body)


@dataclass(frozen=True, slots=True)
class ProxiedRequest:
    """HTTP_PROXY: the client's request. Mapped headers replace the client's, mapped query parameters are added.

    Recorded: test_http_proxy_integration_request_data_mappings.
    """

    shared: _SharedParts

    async def build(self, invocation: Invocation) -> EndpointRequest:
        client, mapped = invocation.client, self.shared.map_parameters(invocation)
        headers = CIMultiDict(client.headers)
        for name in ("Host", "Content-Encoding"):
            headers.popall(name, None)
        headers.update(_multi(mapped.header))
        query = [*_pairs(client.query), *_pairs(mapped.querystring)]
        return self.shared.finish(invocation, mapped.path, query, headers, client.body)


@dataclass(frozen=True, slots=True)
class TransformedRequest:
    """AWS, HTTP and MOCK: only mappings and templates pass on parts of the client's request."""

    shared: _SharedParts
    templates: Templates
    passthrough: str
    content_handling: str | None
    binary: BinaryMediaTypes

    async def build(self, invocation: Invocation) -> EndpointRequest:
        mapped = self.shared.map_parameters(invocation)
        body = await self._transformed_body(invocation)
        _override(mapped, invocation.request_override)
        headers = _multi(mapped.header)
        return self.shared.finish(invocation, mapped.path, _pairs(mapped.querystring), headers, body)

    async def _transformed_body(self, invocation: Invocation) -> bytes:
        client = invocation.client
        is_binary = self.binary.match(client.headers.get("Content-Type"))
        template = self._template(client)
        payload = convert_request(client.body, is_binary, self.content_handling)
        if template is not None:
            invocation.trace.request_template = template.media_type
            payload = await template.apply(payload, invocation)
        return as_bytes(payload)

    def _template(self, client: ClientRequest) -> MappingTemplate | None:
        """Return the template for the payload's MIME type; None to pass the payload through. Raises `GatewayError` 415.

        AWS: "Integration passthrough behaviors"; the table is in the tests.
        """
        media_type = client.media_type()
        template = self.templates.get(media_type) or self.templates.get("$default")
        if template is not None or self.passthrough == "WHEN_NO_MATCH":
            return template
        if self.passthrough == "WHEN_NO_TEMPLATES" and not self.templates:
            return None
        log = f"No request template for {media_type}, and passthroughBehavior is {self.passthrough}"
        raise GatewayError("UNSUPPORTED_MEDIA_TYPE", "Unsupported Media Type", log)


def compile_request_mapping(integration: Wire, binary: BinaryMediaTypes, place: str) -> RequestMapping:
    """Compile the request side of a wire Integration. `place` names the method in messages for the operator."""
    kind = str(integration["type"])
    method = integration.get("httpMethod")
    shared = _SharedParts(
        method=None if method in (None, "", "ANY") else method,
        uri=UriTemplate(integration.get("uri") or ""),
        parameters=_compile_parameters(integration.get("requestParameters") or {}),
        rejected=_REJECTED_BY_AWS if kind == "AWS" else _REJECTED,
        dropped=_NEVER_SENT | _NOT_SENT_BY.get(kind, frozenset()),
    )
    if kind == "HTTP_PROXY":
        return ProxiedRequest(shared)
    return TransformedRequest(
        shared=shared,
        templates=compile_templates(integration.get("requestTemplates"), "request", place),
        passthrough=integration.get("passthroughBehavior") or "WHEN_NO_MATCH",
        content_handling=integration.get("contentHandling"),
        binary=binary,
    )


def _compile_parameters(parameters: Mapping[str, str]) -> tuple[ParameterMapping, ...]:
    """Compile requestParameters such as `{"integration.request.path.id": "method.request.path.key"}`."""
    compiled = []
    for target, expression in parameters.items():
        location, _unused, name = target.removeprefix("integration.request.").partition(".")
        compiled.append(ParameterMapping(location, name, compile_request_source(expression)))
    return tuple(compiled)


def _override(mapped: _Parameters, override: Mapping[str, Any]) -> None:
    """Apply `$context.requestOverride` to the mapped parameters (AWS: mapping template overrides)."""
    for location in ("path", "querystring", "header"):
        for name, value in (override.get(location) or {}).items():
            mapped.put(location, name, [str(item) for item in value] if isinstance(value, list) else str(value))


def _pairs(values: Mapping[str, str | list[str]] | Mapping[str, list[str]]) -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for name, value in values.items():
        pairs.extend((name, item) for item in ([value] if isinstance(value, str) else value))
    return pairs


def _multi(values: Mapping[str, str | list[str]]) -> CIMultiDict[str]:
    return CIMultiDict((name, as_header(value)) for name, value in _pairs(values))
