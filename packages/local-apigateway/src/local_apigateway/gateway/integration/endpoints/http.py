# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""HTTP and HTTP_PROXY: any web server as the backend."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

import aiohttp
from yarl import URL

from ....model import HttpResponse
from ...errors import configuration_error, integration_failure, integration_timeout
from ...invocation import Invocation
from ...messages import EndpointRequest
from ...request.client_request import MAXIMUM_BODY
from .endpoint import as_sent

_OWN_HEADERS = ("Accept", "Accept-Encoding", "Content-Type", "User-Agent")
"""Headers that aiohttp would add."""

_KEPT_IDLE = 1.0
"""Seconds. Servers close idle connections after as little as 2 s, and a POST that fails then cannot be repeated."""


class HttpConnections:
    """The connections to HTTP backends, opened with the first request and kept."""

    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None

    def session(self) -> aiohttp.ClientSession:
        """Return the session of this gateway. Call it within the event loop that uses the session."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(keepalive_timeout=_KEPT_IDLE),
                auto_decompress=False,
                skip_auto_headers=_OWN_HEADERS,
                cookie_jar=aiohttp.DummyCookieJar(),
            )
        return self._session

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()


class HttpEndpoint:
    """`timeout` is in seconds; `verify` is False for tlsConfig.insecureSkipVerification."""

    def __init__(self, connections: HttpConnections, timeout: float, verify: bool) -> None:
        self.connections = connections
        self.timeout = aiohttp.ClientTimeout(total=timeout)
        self.verify = verify

    def prepare(self, invocation: Invocation, request: EndpointRequest) -> HttpCall:
        query = urlencode(request.query, errors="replace")
        address = f"{request.uri}{'&' if '?' in request.uri else '?'}{query}" if query else request.uri
        return HttpCall(self, as_sent(request, invocation.client), _checked(address))

    def selection_value(self, response: HttpResponse) -> str:
        return str(response.status)


@dataclass(frozen=True, slots=True)
class HttpCall:
    """One request to a web server. Redirects are not followed."""

    endpoint: HttpEndpoint
    request: EndpointRequest
    address: URL

    @property
    def url(self) -> str:
        return str(self.address)

    async def send(self) -> HttpResponse:
        try:
            return await self._send()
        except TimeoutError:
            raise integration_timeout() from None
        except aiohttp.ClientConnectorDNSError as error:
            raise configuration_error(f"Invalid endpoint address: {error}") from error
        except (aiohttp.ClientError, ssl.SSLError, OSError) as error:
            raise integration_failure(str(error)) from error

    async def _send(self) -> HttpResponse:
        async with self.endpoint.connections.session().request(
            self.request.method,
            self.address,
            headers=self.request.headers,
            data=self.request.body,
            allow_redirects=False,
            timeout=self.endpoint.timeout,
            ssl=self.endpoint.verify,
        ) as response:
            body = await response.read()
            return HttpResponse(response.status, tuple(response.headers.items()), check_response_size(body))


def check_response_size(body: bytes) -> bytes:
    """Return the body. Raises `GatewayError` 500 for a response of more than 10 MB."""
    if len(body) > MAXIMUM_BODY:
        size = f"Integration response of reported length {len(body)} is larger than allowed maximum of {MAXIMUM_BODY}"
        raise configuration_error(f"{size} bytes.")
    return body


def _checked(address: str) -> URL:
    """Return the address as a URL. Raises `GatewayError` without scheme or host (recorded: test-invoke-failure)."""
    try:
        parts = urlsplit(address)
        if parts.scheme in ("http", "https") and parts.hostname:
            return URL(address, encoded=True)
    except ValueError:
        pass
    raise configuration_error("Invalid endpoint address")
