# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Limits of method settings."""

from __future__ import annotations

from typing import Any

import pytest

from local_apigateway.gateway.admission.throttling import MethodLimits, Throttle, limits_of
from local_apigateway.gateway.errors import GatewayError
from unit.gateway.kit import Api, mock, send


class Clock:
    """A clock that the test sets."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def settings(rate: float, burst: int) -> dict[str, Any]:
    return {"throttlingRateLimit": rate, "throttlingBurstLimit": burst}


def stage(**method_settings: Any) -> dict[str, Any]:
    return {"stageName": "test", "methodSettings": {"*/*": settings(2.0, 3), **method_settings}}


def passed(throttle: Throttle, path: str, requests: int) -> int:
    """Return how many of several requests at once pass."""
    count = 0
    for _i in range(requests):
        try:
            throttle.check("api", stage(), path, "GET")
        except GatewayError as error:
            assert error.response_type == "THROTTLED"
        else:
            count += 1
    return count


def test_burst_then_rate() -> None:
    clock = Clock()
    throttle = Throttle(clock)
    assert passed(throttle, "/", 10) == 3
    clock.now += 1
    assert passed(throttle, "/", 10) == 2
    clock.now += 60
    assert passed(throttle, "/", 10) == 3


def test_each_method_has_its_own_bucket() -> None:
    throttle = Throttle(Clock())
    assert (passed(throttle, "/a", 5), passed(throttle, "/b", 5)) == (3, 3)


def test_changed_limits_count_at_once() -> None:
    throttle = Throttle(Clock())
    assert passed(throttle, "/", 5) == 3
    throttle.check("api", {"stageName": "test", "methodSettings": {"*/*": settings(1, 1)}}, "/", "GET")


@pytest.mark.parametrize(
    ("path", "http_method", "expected"),
    [
        ("/pets/{id}", "GET", MethodLimits(7.0, 8)),
        ("/pets/{id}", "PUT", MethodLimits(2.0, 3)),
        ("/free", "GET", None),
        ("/other", "GET", MethodLimits(2.0, 3)),
    ],
)
def test_limits_of_a_method(path: str, http_method: str, expected: MethodLimits | None) -> None:
    own = {"~1pets~1{id}/GET": settings(7.0, 8), "~1free/GET": settings(-1, -1)}
    assert limits_of(stage(**own), path, http_method) == expected


def test_settings_without_limits() -> None:
    assert limits_of({"methodSettings": {"*/*": {"loggingLevel": "INFO"}}}, "/", "GET") is None
    assert limits_of({}, "/", "GET") is None


def test_answer() -> None:
    served = Api().method("GET /", mock("ok")).stage(methodSettings={"*/*": settings(1.0, 0)})
    result = send(served, "GET /")
    assert (result.status, result.body) == (429, b'{"message":"Too Many Requests"}')
    assert result.headers["x-amzn-ErrorType"] == "TooManyRequestsException"
