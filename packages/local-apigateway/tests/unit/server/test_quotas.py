# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""AWS's quotas, by a clock that the test turns."""

from __future__ import annotations

import pytest

from local_apigateway.control_plane.errors import TooManyRequestsError
from local_apigateway.server.quotas import QUOTAS, Quotas


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def quotas(clock: Clock) -> Quotas:
    return Quotas(clock)


def _admitted(quotas: Quotas, operation: str, times: int, account: str = "1", **params: object) -> int:
    """How many of so many calls at once are admitted."""
    count = 0
    for _i in range(times):
        try:
            quotas.admit(operation, account, "r", params)
            count += 1
        except TooManyRequestsError:
            pass
    return count


def test_forty_at_once_and_ten_a_second(quotas: Quotas, clock: Clock) -> None:
    assert _admitted(quotas, "GetRestApi", 100) == 40
    clock.now = 1.0
    assert _admitted(quotas, "GetRestApi", 100) == 10
    clock.now = 100.0
    assert _admitted(quotas, "GetRestApi", 100) == 40


@pytest.mark.parametrize(
    ("operation", "at_once", "seconds", "then"),
    [
        ("PutRestApi", 1, 1.0, 1),
        ("CreateDeployment", 1, 5.0, 1),
        ("CreateDeployment", 1, 4.9, 0),
        ("CreateResource", 5, 1.0, 5),
        ("GetResources", 5, 2.0, 5),
        ("DeleteRestApi", 1, 30.0, 1),
        ("DeleteRestApi", 1, 29.0, 0),
    ],
)
def test_operations_have_quotas_of_their_own(
    quotas: Quotas, clock: Clock, operation: str, at_once: int, seconds: float, then: int
) -> None:
    assert _admitted(quotas, operation, 10) == at_once
    clock.now = seconds
    assert _admitted(quotas, operation, 10) == then


def test_edge_apis_are_rarer_than_others(quotas: Quotas, clock: Clock) -> None:
    regional = {"endpointConfiguration": {"types": ["REGIONAL"]}}
    imported = {"parameters": {"endpointConfigurationTypes": "REGIONAL"}}
    assert _admitted(quotas, "CreateRestApi", 2, **regional) == 1
    assert _admitted(quotas, "ImportRestApi", 2, **imported) == 0
    assert _admitted(quotas, "CreateRestApi", 2) == 1
    clock.now = 3.0
    assert _admitted(quotas, "ImportRestApi", 2, **imported) == 1
    assert _admitted(quotas, "ImportRestApi", 2) == 0
    clock.now = 30.0
    assert _admitted(quotas, "ImportRestApi", 2) == 1


def test_accounts_do_not_share(quotas: Quotas) -> None:
    assert _admitted(quotas, "PutRestApi", 2, "1") == _admitted(quotas, "PutRestApi", 2, "2") == 1


def test_a_refused_call_takes_nothing_and_says_how_long(quotas: Quotas, clock: Clock) -> None:
    quotas.admit("CreateDeployment", "1", "r", {})
    for _i in range(100):
        with pytest.raises(TooManyRequestsError) as error:
            quotas.admit("CreateDeployment", "1", "r", {})
        assert error.value.retry_after == 5
    assert _admitted(quotas, "GetRestApi", 100) == 39
    clock.now = 2.5
    with pytest.raises(TooManyRequestsError) as error:
        quotas.admit("CreateDeployment", "1", "r", {})
    assert error.value.retry_after == 3


@pytest.mark.parametrize("operation", sorted({*QUOTAS, "CreateRestApi", "GetRestApi"}))
@pytest.mark.parametrize("began", [0.0, 7.3, 12345.678, 987654.321])
@pytest.mark.parametrize("between", [[], [0.01], [0.01, 0.07]], ids=len)
def test_a_call_that_comes_when_it_was_told_to_passes(
    quotas: Quotas, clock: Clock, operation: str, began: float, between: list[float]
) -> None:
    """Also where it, or another, has asked in vain before."""
    clock.now = began
    regional = {"endpointConfiguration": {"types": ["REGIONAL"]}}
    assert _admitted(quotas, operation, 100, **regional) < 100
    with pytest.raises(TooManyRequestsError) as error:
        quotas.admit(operation, "1", "r", regional)
    told = error.value.retry_after
    for seconds in between:  # for which no quota has a call
        clock.now = began + seconds
        assert _admitted(quotas, operation, 1, **regional) == 0
    clock.now = began + told
    assert _admitted(quotas, operation, 1, **regional) == 1
