# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The execution log of one request, in API Gateway's words (recorded: TestApigatewayTestInvoke, TestAPIGateway)."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping

from ..invocation import Invocation
from ..trace import Trace

_MAXIMUM_HEADERS = 998
"""Characters after which a line of headers ends with [TRUNCATED]."""


def execution_log(invocation: Invocation) -> str:
    """Return the log of a request whose response is ready."""
    trace = invocation.trace
    stamp = time.strftime("%a %b %d %H:%M:%S UTC %Y", time.gmtime(trace.started))
    lines = [*_method_request(invocation), *_endpoint(trace), *_outcome(trace)]
    return "\n".join((f"Execution log for request {trace.request_id}", *(f"{stamp} : {line}" for line in lines), ""))


def _method_request(invocation: Invocation) -> Iterator[str]:
    client, trace = invocation.client, invocation.trace
    yield f"Starting execution for request: {trace.request_id}"
    yield f"HTTP Method: {trace.http_method}, Resource Path: {trace.path}"
    yield f"Method request path: {_map(invocation.path)}"
    yield f"Method request query string: {_map(invocation.params.querystring)}"
    yield f"Method request headers: {_headers(client.headers.items())}"
    yield f"Method request body before transformations: {_text(client.body)}"


def _endpoint(trace: Trace) -> Iterator[str]:
    """Yield the lines on the backend's request and response; none for MOCK or after a failure."""
    call, response = trace.call, trace.endpoint_response
    if call is None or call.url is None:
        return
    yield f"Endpoint request URI: {call.url}"
    yield f"Endpoint request headers: {_headers(call.request.headers.items())}"
    yield f"Endpoint request body after transformations: {_text(call.request.body)}"
    yield f"Sending request to {call.url}"
    if response is None:
        return
    yield f"Received response. Status: {response.status}, Integration latency: {trace.endpoint_ms or 0:.0f} ms"
    yield f"Endpoint response headers: {_headers(response.headers)}"
    yield f"Endpoint response body before transformations: {_text(response.body)}"


def _outcome(trace: Trace) -> Iterator[str]:
    if trace.response is None:
        return
    if trace.failure is not None:
        yield trace.failure.log
    else:
        yield f"Method response body after transformations: {_text(trace.response.body)}"
        yield f"Method response headers: {_headers(trace.response.headers.items())}"
        yield "Successfully completed execution"
    yield f"Method completed with status: {trace.response.status}"


def _map(values: Mapping[str, str]) -> str:
    return f"{{{', '.join(f'{name}={value}' for name, value in values.items())}}}"


def _headers(headers: Iterable[tuple[str, str]]) -> str:
    joined: dict[str, str] = {}
    for name, value in headers:
        joined[name] = f"{joined[name]},{value}" if name in joined else value
    text = _map(joined)
    return text if len(text) <= _MAXIMUM_HEADERS else f"{text[:_MAXIMUM_HEADERS]} [TRUNCATED]"


def _text(body: bytes) -> str:
    return body.decode(errors="replace")
