# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A deployment's content as the gateway runs it: each method is compiled once, at its first request."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from ..model import DEFAULT_TIMEOUT_MS, Backend, Content, Wire
from .admission.access import Access, compile_access
from .admission.user_pool_tokens import UserPoolTokens
from .admission.validation import RequestValidation, compile_validation
from .errors import UnsupportedError, configuration_error
from .integration.endpoints.aws import AwsEndpoint, LambdaEndpoint
from .integration.endpoints.endpoint import Endpoint
from .integration.endpoints.http import HttpConnections, HttpEndpoint
from .integration.endpoints.mock import MockEndpoint
from .integration.request import RequestMapping, compile_request_mapping
from .integration.response import ResponseMapping, compile_response_mapping
from .request.payload import BinaryMediaTypes
from .request.routing import Router
from .response.gateway_responses import GatewayResponses


@dataclass(frozen=True, slots=True)
class Backends:
    """The clients of everything that the gateway calls: AWS services, web servers, keys of user pools."""

    aws: Backend
    http: HttpConnections
    tokens: UserPoolTokens


@dataclass(frozen=True, slots=True)
class ServedMethod:
    """One method, ready to run. `response` is None if the backend's response is passed through (HTTP_PROXY)."""

    access: Access
    integration_type: str
    validation: RequestValidation
    request: RequestMapping
    endpoint: Endpoint
    response: ResponseMapping | None


class ServedApi:
    """The routes of one deployment. A method is compiled at its first request."""

    def __init__(self, content: Content, backends: Backends) -> None:
        self._content = content
        self._backends = backends
        self._binary = BinaryMediaTypes(content.settings.get("binaryMediaTypes") or [])
        self._methods: dict[tuple[str, str], asyncio.Future[ServedMethod]] = {}
        self.minimum_compression: int | None = content.settings.get("minimumCompressionSize")
        self.router = Router(content.resources.values())
        self.gateway_responses = GatewayResponses(content.gateway_responses)

    async def method(self, resource: Wire, method: Wire) -> ServedMethod:
        """Return the compiled method.

        Raises `UnsupportedError` for an integration that is not supported, `GatewayError` for a wrong configuration.
        """
        key = (str(resource["id"]), str(method["httpMethod"]))
        compiled = self._methods.get(key)
        if compiled is None or (compiled.done() and compiled.exception()):
            # Parsing a long template takes a while. The thread lets other requests continue meanwhile.
            work = asyncio.to_thread(self._compile, method, f"{method['httpMethod']} {resource['path']}")
            compiled = self._methods[key] = asyncio.ensure_future(work)
        return await asyncio.shield(compiled)

    def _compile(self, method: Wire, place: str) -> ServedMethod:
        integration = method.get("methodIntegration")
        if not integration:
            raise configuration_error(f"No integration defined for method {place}")
        kind = str(integration["type"])
        return ServedMethod(
            access=compile_access(method, self._content, self._backends.aws, self._backends.tokens, place),
            integration_type=kind,
            validation=compile_validation(method, self._content),
            request=compile_request_mapping(integration, self._binary, place),
            endpoint=_endpoint(integration, place, self._backends),
            response=None if kind == "HTTP_PROXY" else compile_response_mapping(integration, self._binary, place),
        )


def _endpoint(integration: Wire, place: str, backends: Backends) -> Endpoint:
    kind, uri = str(integration["type"]), str(integration.get("uri") or "")
    timeout = (integration.get("timeoutInMillis") or DEFAULT_TIMEOUT_MS) / 1000
    if integration.get("connectionType") == "VPC_LINK":
        raise UnsupportedError(f"a VPC link: {place} uses one")
    if kind == "MOCK":
        return MockEndpoint()
    if kind in ("HTTP", "HTTP_PROXY"):
        skip_verification = (integration.get("tlsConfig") or {}).get("insecureSkipVerification", False)
        return HttpEndpoint(backends.http, timeout, verify=not skip_verification)
    if kind == "AWS":
        endpoint = LambdaEndpoint if ":lambda:path/" in uri else AwsEndpoint
        return endpoint(backends.aws, integration.get("credentials"), timeout)
    raise UnsupportedError(f"an integration of type {kind}: {place} has one")
