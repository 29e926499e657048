# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The gateway's door: one request in, one answer out."""

from __future__ import annotations

from ..model import Backend, HttpRequest, HttpResponse, ServedStage


class Gateway:
    """Answers requests to the stages of REST APIs. One per server; it holds what is compiled from deployments."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    async def respond(self, stage: ServedStage | None, request: HttpRequest) -> HttpResponse:
        """The answer to a request; `stage` None stands for an unknown API or stage."""
        headers = (("Content-Type", "application/json"),)
        return HttpResponse(501, headers, b'{"message":"The data plane is not there yet"}')

    async def close(self) -> None:
        """Let go of the connections to HTTP backends."""
