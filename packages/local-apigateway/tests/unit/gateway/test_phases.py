# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The list of phases: which of them run, in which order, and what a further one takes."""

from __future__ import annotations

import pytest

from local_apigateway.gateway import phases
from local_apigateway.gateway.errors import GatewayError
from unit.gateway.kit import Answer, Api, RecordingBackend, dynamodb, mock, send


def phases_of(answer: Answer) -> list[str]:
    assert answer.trace is not None
    return list(answer.trace.phase_ms)


def test_a_request_passes_all_phases_in_the_order_of_the_list() -> None:
    answer = send(Api().method("GET /", mock()), "GET /")
    assert phases_of(answer) == [phase.__name__ for phase in phases.OF_STAGE]


def test_an_error_ends_the_request_in_its_phase() -> None:
    api = Api().method("GET /", mock())
    assert phases_of(send(api, "GET /unknown")) == ["receive"]
    answer = send(Api().method("GET /", mock(request_template="no status code")), "GET /")
    assert answer.status == 500
    assert phases_of(answer)[-1] == "map_request"


def test_a_phase_that_is_added_to_the_list_can_end_a_request(monkeypatch: pytest.MonkeyPatch) -> None:
    async def block(execution: phases.Execution) -> None:
        if "blocked" in execution.invocation.client.query:
            raise GatewayError("ACCESS_DENIED", "Forbidden", "The request is blocked")

    monkeypatch.setattr(phases, "OF_STAGE", (phases.receive, block, *phases.OF_STAGE[1:]))
    backend, api = RecordingBackend(), Api().method("GET /", dynamodb())
    answer = send(api, "GET /?blocked=1", backend=backend)
    assert (answer.status, answer.json(), backend.calls) == (403, {"message": "Forbidden"}, [])
    assert send(api, "GET /", backend=backend).status == 200
