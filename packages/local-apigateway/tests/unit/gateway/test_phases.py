# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The list of phases: which phases run, in which order, and how to add one."""

from __future__ import annotations

import pytest

from local_apigateway.gateway import phases
from local_apigateway.gateway.errors import GatewayError
from unit.gateway.kit import Api, RecordingBackend, Result, dynamodb, mock, send


def phases_of(result: Result) -> list[str]:
    assert result.trace is not None
    return list(result.trace.phase_ms)


def test_a_request_passes_all_phases_in_the_order_of_the_list() -> None:
    result = send(Api().method("GET /", mock()), "GET /")
    assert phases_of(result) == [phase.__name__ for phase in phases.STAGE_PHASES]


def test_an_error_ends_the_request_in_its_phase() -> None:
    api = Api().method("GET /", mock())
    assert phases_of(send(api, "GET /unknown")) == ["receive"]
    result = send(Api().method("GET /", mock(request_template="no status code")), "GET /")
    assert result.status == 500
    assert phases_of(result)[-1] == "map_request"


def test_a_phase_that_is_added_to_the_list_can_end_a_request(monkeypatch: pytest.MonkeyPatch) -> None:
    async def block(execution: phases.Execution) -> None:
        if "blocked" in execution.invocation.client.query:
            raise GatewayError("ACCESS_DENIED", "Forbidden", "The request is blocked")

    monkeypatch.setattr(phases, "STAGE_PHASES", (phases.receive, block, *phases.STAGE_PHASES[1:]))
    backend, api = RecordingBackend(), Api().method("GET /", dynamodb())
    result = send(api, "GET /?blocked=1", backend=backend)
    assert (result.status, result.json(), backend.calls) == (403, {"message": "Forbidden"}, [])
    assert send(api, "GET /", backend=backend).status == 200
