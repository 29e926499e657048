# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""AWS's published quotas of management calls (Amazon API Gateway quotas, per account and Region), for a rehearsal.

Each quota is a token bucket: it holds as many calls as the burst allows, and refills at the quota's rate. A call that
finds a bucket empty gets 429, as on AWS, and takes no token.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from ..control_plane.errors import TooManyRequestsError
from ..model import Wire


@dataclass(frozen=True)
class Quota:
    """`calls` per `seconds`; `burst` at once."""

    calls: float
    seconds: float
    burst: float

    @property
    def rate(self) -> float:
        return self.calls / self.seconds


def per(calls: float, seconds: float) -> Quota:
    return Quota(calls, seconds, calls)


ALL = Quota(10, 1, 40)
EDGE = per(1, 30)
REGIONAL = per(1, 3)
QUOTAS: dict[str, Quota] = {
    "PutRestApi": per(1, 1),
    "CreateDeployment": per(1, 5),
    "CreateResource": per(5, 1),
    "DeleteResource": per(5, 1),
    "CreateApiKey": per(5, 1),
    "DeleteApiKey": per(5, 1),
    "GetResources": per(5, 2),
    "DeleteRestApi": per(1, 30),
    "UpdateUsagePlan": per(1, 20),
    "UpdateAccount": per(1, 20),
    "CreateDomainName": per(1, 30),
    "UpdateDomainName": per(1, 30),
    "DeleteDomainName": per(1, 30),
}
CREATES_API = frozenset({"CreateRestApi", "ImportRestApi"})


@dataclass
class Bucket:
    quota: Quota
    calls: float
    at: float

    def wait(self, now: float) -> float:
        """Refill the bucket. Return the seconds until it has a token for a call.

        Rounded to microseconds, because fractions of a token do not add up to exactly one: a call that arrives exactly
        after `Retry-After` would be rejected for the remainder.
        """
        self.calls = min(self.quota.burst, self.calls + (now - self.at) * self.quota.rate)
        self.at = now
        return max(0.0, round((1 - self.calls) / self.quota.rate, 6))


@dataclass
class Quotas:
    """The buckets of all accounts and Regions. `clock` returns seconds."""

    clock: Callable[[], float] = time.monotonic
    _buckets: dict[tuple[str, str, str], Bucket] = field(default_factory=dict)

    def admit(self, operation: str, account_id: str, region: str, params: Wire) -> None:
        """Take a token for a call. Raises `TooManyRequestsError` if a quota is exhausted."""
        now = self.clock()
        buckets = [
            self._buckets.setdefault((account_id, region, name), Bucket(quota, quota.burst, now))
            for name, quota in _quotas(operation, params).items()
        ]
        wait = max(bucket.wait(now) for bucket in buckets)
        if wait > 0:
            raise TooManyRequestsError("Too Many Requests", retry_after=math.ceil(wait))
        for bucket in buckets:
            bucket.calls -= 1


def _quotas(operation: str, params: Wire) -> dict[str, Quota]:
    quotas = {"all operations": ALL}
    if operation in CREATES_API:
        edge = _endpoint_type(params) == "EDGE"
        quotas["edge APIs" if edge else "other APIs"] = EDGE if edge else REGIONAL
    elif operation in QUOTAS:
        quotas[operation] = QUOTAS[operation]
    return quotas


def _endpoint_type(params: Wire) -> str:
    """Return the endpoint type: a field of CreateRestApi, a parameter of ImportRestApi."""
    types = params.get("endpointConfiguration", {}).get("types") or ["EDGE"]
    return str(params.get("parameters", {}).get("endpointConfigurationTypes", types[0]))
