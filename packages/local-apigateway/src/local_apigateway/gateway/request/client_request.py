# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The conversion of a client's request into what methods, templates and mappings see."""

from __future__ import annotations

from collections.abc import Iterable

from multidict import CIMultiDict

from ...model import HttpRequest
from ..errors import GatewayError
from ..messages import ClientRequest

MAXIMUM_BODY = 10 * 1024 * 1024
"""Maximum size of a payload in bytes (AWS: "Payload size 10 MB", Amazon API Gateway quotas)."""

_DROPPED = frozenset(
    name.lower()
    for name in (
        "Connection",
        "Content-Length",
        "Content-MD5",
        "Expect",
        "Max-Forwards",
        "Proxy-Authenticate",
        "Server",
        "TE",
        "Transfer-Encoding",
        "Trailer",
        "Upgrade",
        "WWW-Authenticate",
    )
)
"""Headers that no mapping, template or backend sees (recorded: TestApiGatewayHeaderRemapping)."""


def read_client_request(request: HttpRequest, trace_id: str) -> ClientRequest:
    """Return the request without the headers that API Gateway drops, and with those that it adds."""
    headers = CIMultiDict((_spelling(name), value) for name, value in request.headers if name.lower() not in _DROPPED)
    _add_forwarding_headers(headers, request, trace_id)
    return ClientRequest(request.method, request.path, group_query(request.query), headers, request.body)


def check_body_size(body: bytes) -> None:
    """Raise `GatewayError` 413 for a payload of more than 10 MB (message: AWS, "Gateway response types")."""
    if len(body) > MAXIMUM_BODY:
        message = f"HTTP content length exceeded {MAXIMUM_BODY} bytes."
        raise GatewayError("REQUEST_TOO_LARGE", message, message)


def group_query(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """Convert `a=1&b=2&a=3` to `{"a": ["1", "3"], "b": ["2"]}`."""
    grouped: dict[str, list[str]] = {}
    for name, value in pairs:
        grouped.setdefault(name, []).append(value)
    return grouped


def _spelling(name: str) -> str:
    """Return `Authorization` in Pascal case, however the client wrote it (recorded with Lambda proxies)."""
    return "Authorization" if name.lower() == "authorization" else name


def _add_forwarding_headers(headers: CIMultiDict[str], request: HttpRequest, trace_id: str) -> None:
    """Add X-Forwarded-* and the trace id, as recorded in the events of test_apigateway_header_remapping_aws."""
    forwarded = headers.get("X-Forwarded-For")
    headers["X-Forwarded-For"] = f"{forwarded}, {request.source_ip}" if forwarded else request.source_ip
    headers["X-Forwarded-Port"] = request.host.rpartition(":")[2] if ":" in request.host else "80"
    headers["X-Forwarded-Proto"] = "http"
    headers["X-Amzn-Trace-Id"] = trace_id
