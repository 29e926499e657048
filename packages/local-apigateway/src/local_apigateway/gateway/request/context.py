# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""`$context`, and the identifiers of a request."""

from __future__ import annotations

import base64
import os
import time
import uuid
from dataclasses import dataclass
from typing import Any

from ...model import HttpRequest, ServedStage

_IDENTITY = (
    "cognitoIdentityPoolId",
    "accountId",
    "cognitoIdentityId",
    "caller",
    "sourceIp",
    "principalOrgId",
    "accessKey",
    "cognitoAuthenticationType",
    "cognitoAuthenticationProvider",
    "userArn",
    "userAgent",
    "user",
)
"""The members of `$context.identity`, in the order recorded by test_sqs_amz_json_protocol."""


@dataclass(frozen=True, slots=True)
class RequestIds:
    """Identifiers: `request_id` is a UUID, `extended_id` is x-amz-apigw-id, `trace_id` is X-Amzn-Trace-Id."""

    request_id: str
    extended_id: str
    trace_id: str


def new_ids(client_trace_id: str | None) -> RequestIds:
    """Return new identifiers. Keeps the Root of the client's X-Amzn-Trace-Id (recorded: test_invocation_trace_id)."""
    extended = base64.b64encode(os.urandom(11)).decode()
    return RequestIds(str(uuid.uuid4()), extended, _trace_id(client_trace_id))


def _trace_id(client_trace_id: str | None) -> str:
    """Return `Root=1-<8 hex>-<24 hex>;Parent=<16 hex>;Sampled=0` (AWS X-Ray: tracing header)."""
    given = dict(part.strip().partition("=")[::2] for part in (client_trace_id or "").split(";"))
    root = given.get("Root") or f"1-{int(time.time()):08x}-{os.urandom(12).hex()}"
    parent = given.get("Parent") or os.urandom(8).hex()
    return f"Root={root};Parent={parent};Sampled={given.get('Sampled', '0')}"


def request_context(served: ServedStage, request: HttpRequest, ids: RequestIds, started: float) -> dict[str, Any]:
    """Return `$context` of a new request, its keys in the recorded order.

    Routing sets `resourceId` and `resourcePath`. AWS: "$context variables for data models, authorizers, mapping
    templates".
    """
    stage = str(served.stage["stageName"])
    domain = _domain_name(served, request)
    return {
        "resourceId": "",
        "resourcePath": "",
        "httpMethod": request.method,
        "extendedRequestId": ids.extended_id,
        "requestTime": time.strftime("%d/%b/%Y:%H:%M:%S +0000", time.gmtime(started)),
        "path": f"/{stage}{request.path}",
        "accountId": served.account_id,
        "protocol": request.protocol,
        "requestOverride": {"path": {}, "header": {}, "querystring": {}},
        "stage": stage,
        "domainPrefix": domain.partition(".")[0],
        "requestTimeEpoch": int(started * 1000),
        "requestId": ids.request_id,
        "identity": _identity(request),
        "domainName": domain,
        "deploymentId": served.deployment_id,
        "responseOverride": {"header": {}},
        "apiId": served.api_id,
    }


def _domain_name(served: ServedStage, request: HttpRequest) -> str:
    """Return the client's Host if it is that of the API, else the host name under which the API can be called."""
    host = request.host.partition(":")[0]
    return host if host.startswith(f"{served.api_id}.") else f"{served.api_id}.execute-api.localhost"


def _identity(request: HttpRequest) -> dict[str, Any]:
    """Return `$context.identity` of an unsigned request: only the address and the user agent are known."""
    identity: dict[str, Any] = dict.fromkeys(_IDENTITY)
    identity["sourceIp"] = request.source_ip
    identity["userAgent"] = next((value for name, value in request.headers if name.lower() == "user-agent"), None)
    return identity
