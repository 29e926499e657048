# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""TestInvokeMethod: how the test of a method begins, and the shape of its result."""

from __future__ import annotations

import time
from urllib.parse import parse_qsl

from multidict import CIMultiDict

from ..model import HttpRequest, ServedStage, Wire
from .dialect import DEFAULT, Dialect
from .errors import GatewayError
from .invocation import Invocation
from .messages import ClientRequest, MethodResponse
from .request.client_request import group_query
from .request.context import new_ids, request_context
from .request.routing import Router, path_parameters
from .trace import Trace


def begin_test(
    draft: ServedStage, resource: Wire, http_method: str, test: Wire, dialect: Dialect = DEFAULT
) -> Invocation:
    """Return the invocation that a TestInvokeMethodRequest describes.

    A path that does not fit the resource is no error: it has no path parameters (recorded: get-pets-id-bad-path).
    """
    path, _unused, query = str(test.get("pathWithQueryString") or resource["path"]).partition("?")
    ids = new_ids(None)
    stage = str(draft.stage["stageName"])
    trace = Trace(ids.request_id, draft.api_id, stage, http_method, path, resource_path=resource["path"])
    client = trace.client = ClientRequest(
        http_method,
        path,
        group_query(parse_qsl(query, keep_blank_values=True)),
        _headers(test),
        str(test.get("body") or "").encode(),
    )
    sent = _as_sent(client)
    context = request_context(draft, sent, ids, time.time())
    context.update(resourceId=resource["id"], resourcePath=resource["path"], path=path)
    variables = test.get("stageVariables") or {}
    invocation = Invocation(draft, sent, client, context, variables, ids.trace_id, trace, dialect)
    invocation.path.update(_path_parameters(resource, path, dialect))
    return invocation


def build_test_response(response: MethodResponse, log: str, latency_ms: float) -> Wire:
    """Return the wire shape TestInvokeMethodResponse.

    An error has no Content-Type here (recorded: test-invoke-failure).
    """
    headers = CIMultiDict(response.headers)
    if "x-amzn-ErrorType" in headers:
        headers.popall("Content-Type", None)
    return {
        "status": response.status,
        "body": response.body.decode(errors="replace"),
        "headers": dict(headers.items()),
        "multiValueHeaders": {name: headers.getall(name) for name in headers},
        "log": log,
        "latency": int(latency_ms),
    }


def _headers(test: Wire) -> CIMultiDict[str]:
    headers: CIMultiDict[str] = CIMultiDict(test.get("headers") or {})
    for name, values in (test.get("multiValueHeaders") or {}).items():
        headers.popall(name, None)
        for value in values:
            headers.add(name, value)
    return headers


def _as_sent(client: ClientRequest) -> HttpRequest:
    """Return the request that `$context` describes, with the names of a test (AWS: the console's sample events)."""
    return HttpRequest(
        method=client.method,
        path=client.path,
        query=(),
        headers=tuple(client.headers.items()),
        body=b"",
        host="testPrefix.testDomainName",
        source_ip="test-invoke-source-ip",
    )


def _path_parameters(resource: Wire, path: str, dialect: Dialect) -> dict[str, str]:
    try:
        return path_parameters(Router([resource]).match(path), dialect)
    except GatewayError:
        return {}
