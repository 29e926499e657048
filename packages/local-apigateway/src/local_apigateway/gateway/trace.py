# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The record that each request leaves: which way it went, what was sent where, and how long it took."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..model import HttpResponse, Wire

if TYPE_CHECKING:
    from .errors import GatewayError
    from .integration.endpoints.endpoint import Call
    from .invocation import MethodResponse
    from .request.client_request import ClientRequest


@dataclass(slots=True)
class Trace:
    """Filled while a request runs, complete when it has been answered. What stays None was not reached.

    Times: `started` in seconds since the epoch, `endpoint_ms` and `total_ms` in milliseconds. `request_template` and
    `response_template` are the MIME types under which the rendered templates are filed; `response` is the answer
    without the identifiers that every answer carries. `is_canary` stays None where the stage has no canary, too.
    """

    request_id: str
    api_id: str
    stage: str
    http_method: str
    path: str
    started: float = field(default_factory=time.time)
    client: ClientRequest | None = None
    deployment_id: str | None = None
    is_canary: bool | None = None
    resource_path: str | None = None
    request_template: str | None = None
    response_template: str | None = None
    integration_type: str | None = None
    call: Call | None = None
    endpoint_response: HttpResponse | None = None
    endpoint_ms: float | None = None
    failure: GatewayError | None = None
    not_built: str | None = None
    response: MethodResponse | None = None
    total_ms: float | None = None

    def summary(self) -> Wire:
        """The record without payloads and headers, ready for JSON."""
        return {
            "requestId": self.request_id,
            "time": self.started,
            "apiId": self.api_id,
            "stage": self.stage,
            "deploymentId": self.deployment_id,
            "isCanaryRequest": self.is_canary,
            "httpMethod": self.http_method,
            "path": self.path,
            "resourcePath": self.resource_path,
            "requestTemplate": self.request_template,
            "responseTemplate": self.response_template,
            "integration": self._integration(),
            "status": self.response.status if self.response else None,
            "error": self.failure.log if self.failure else self.not_built,
            "latencyMs": _rounded(self.total_ms),
        }

    def _integration(self) -> Wire | None:
        if self.call is None:
            return None
        return {
            "type": self.integration_type,
            "httpMethod": self.call.request.method,
            "uri": self.call.url,
            "status": self.endpoint_response.status if self.endpoint_response else None,
            "latencyMs": _rounded(self.endpoint_ms),
        }


def _rounded(milliseconds: float | None) -> float | None:
    return None if milliseconds is None else round(milliseconds, 2)
