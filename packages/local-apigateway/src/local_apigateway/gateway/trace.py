# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The record of each request: the route, the call of the backend, the outcome, and the times."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from ..model import HttpResponse, Wire
from .errors import GatewayError
from .messages import BackendCall, ClientRequest, MethodResponse


@dataclass(slots=True)
class Trace:
    """Filled while a request runs, complete when its response is sent. A member that was not reached stays None.

    `started` is in seconds since the epoch; `total_ms` and `phase_ms` are in milliseconds. `phase_ms` has the phases
    that have ended without an error (phases.py), by name, in their order. `request_template` and `response_template`
    are the MIME types of the rendered templates. `response` lacks the identifiers that every response carries.
    `is_canary` is also None for a stage without a canary.
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
    call: BackendCall | None = None
    endpoint_response: HttpResponse | None = None
    failure: GatewayError | None = None
    unsupported: str | None = None
    response: MethodResponse | None = None
    total_ms: float | None = None
    phase_ms: dict[str, float] = field(default_factory=dict)

    @property
    def endpoint_ms(self) -> float | None:
        """Return the time that the backend took, in milliseconds."""
        return self.phase_ms.get("call")

    def summary(self) -> Wire:
        """Return the record without payloads and headers, ready for JSON."""
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
            "error": self.failure.log if self.failure else self.unsupported,
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
