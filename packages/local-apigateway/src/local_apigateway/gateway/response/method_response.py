# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Response headers that API Gateway renames or drops, and those that it adds to every response."""

from __future__ import annotations

from multidict import CIMultiDict

from ...model import HttpResponse
from ..messages import MethodResponse
from ..request.context import RequestIds

_REMAPPED_ALWAYS = ("Connection", "Content-Length", "Date", "Server", "x-amzn-RequestId")

_REMAPPED_FROM_MAPPINGS = (
    *_REMAPPED_ALWAYS,
    "Authorization",
    "Content-MD5",
    "Expect",
    "Host",
    "Max-Forwards",
    "Proxy-Authenticate",
    "Trailer",
    "Upgrade",
    "User-Agent",
    "WWW-Authenticate",
)
"""Headers that are sent as x-amzn-Remapped-<name> (recorded: TestApiGatewayHeaderRemapping, test_apigateway_http)."""


def finish_mapped(response: MethodResponse, trace_id: str | None) -> MethodResponse:
    """Return the response of a mapped integration; `trace_id` is None for MOCK (recorded: test_invocation_trace_id)."""
    headers = _remapped(response.headers, _REMAPPED_FROM_MAPPINGS)
    headers.popall("Transfer-Encoding", None)
    if trace_id:
        headers.setdefault("X-Amzn-Trace-Id", trace_id)
    headers.setdefault("Content-Type", "application/json")
    return MethodResponse(response.status, headers, response.body)


def pass_through(response: HttpResponse) -> MethodResponse:
    """Return the response of HTTP_PROXY: the backend's, without the headers of its connection (recorded)."""
    headers = _remapped(CIMultiDict(response.headers), _REMAPPED_ALWAYS)
    for name in ("Transfer-Encoding", "Via"):
        headers.popall(name, None)
    return MethodResponse(response.status, headers, response.body)


def stamp(response: MethodResponse, ids: RequestIds) -> HttpResponse:
    """Return the response for the client, with the identifiers of the request."""
    own = (("x-amzn-RequestId", ids.request_id), ("x-amz-apigw-id", ids.extended_id))
    return HttpResponse(response.status, (*response.headers.items(), *own), response.body)


def _remapped(headers: CIMultiDict[str], names: tuple[str, ...]) -> CIMultiDict[str]:
    renamed: CIMultiDict[str] = CIMultiDict()
    spelling = {name.lower(): f"x-amzn-Remapped-{name}" for name in names}
    for name, value in headers.items():
        renamed.add(spelling.get(name.lower(), name), value)
    return renamed
