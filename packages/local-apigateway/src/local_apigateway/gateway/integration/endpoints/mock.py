# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""MOCK: the request template sets the status of the backend's response."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from ....model import HttpResponse
from ...errors import configuration_error
from ...invocation import Invocation
from ...messages import EndpointRequest

_LENIENT = re.compile(
    r"""^\s*\{(?:.*,)?\s*("statusCode"|'statusCode'|statusCode)\s*:\s*(?P<status>-?\d+)\s*[,}](?:.*\})?\s*$""",
    re.DOTALL,
)
"""`{statusCode: 200}` is not JSON, but API Gateway accepts it (recorded: test_integration_mock_with_path_param)."""


@dataclass(frozen=True, slots=True)
class MockCall:
    """A request that is not sent."""

    request: EndpointRequest
    url: None = None

    async def send(self) -> HttpResponse:
        status = _status(self.request.body.decode(errors="replace"))
        if status is None:
            reason = "Unable to parse statusCode. It should be an integer that is defined in the request template."
            raise configuration_error(reason)
        return HttpResponse(status, (), b"")


class MockEndpoint:
    """Responds with the integer `statusCode` of the integration request, without headers and body."""

    def prepare(self, _invocation: Invocation, request: EndpointRequest) -> MockCall:
        return MockCall(request)

    def selection_value(self, response: HttpResponse) -> str:
        return str(response.status)


def _status(body: str) -> int | None:
    """Return the statusCode of JSON or nearly JSON; None for other values, such as the text "200"."""
    try:
        parsed = json.loads(body)
    except ValueError:
        found = _LENIENT.match(body)
        return int(found["status"]) if found else None
    status = parsed.get("statusCode") if isinstance(parsed, dict) else None
    return status if isinstance(status, int) and not isinstance(status, bool) else None
