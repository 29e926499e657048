# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""AWS's published quotas of management calls (Amazon API Gateway quotas, per account and Region), for a rehearsal.

Each is a bucket that holds as many calls as the quota allows at once, and fills at the quota's rate. A call that finds
a bucket empty is refused with 429, as AWS does; a refused call takes nothing.
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
MAKES_API = frozenset({"CreateRestApi", "ImportRestApi"})


@dataclass
class Bucket:
    quota: Quota
    calls: float
    at: float

    def wait(self, now: float) -> float:
        """Fill up to now; how many seconds until a call can be taken.

        To the microsecond, as the fractions of a call do not add up to one exactly: a call that comes just when it was
        told to would be refused for the rest.
        """
        self.calls = min(self.quota.burst, self.calls + (now - self.at) * self.quota.rate)
        self.at = now
        return max(0.0, round((1 - self.calls) / self.quota.rate, 6))


@dataclass
class Quotas:
    """The buckets of all accounts and Regions. `clock` gives seconds."""

    clock: Callable[[], float] = time.monotonic
    _buckets: dict[tuple[str, str, str], Bucket] = field(default_factory=dict)

    def admit(self, operation: str, account_id: str, region: str, params: Wire) -> None:
        """Count a call. Raises `TooManyRequestsError` where a quota is used up."""
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
    if operation in MAKES_API:
        edge = _endpoint_type(params) == "EDGE"
        quotas["edge APIs" if edge else "other APIs"] = EDGE if edge else REGIONAL
    elif operation in QUOTAS:
        quotas[operation] = QUOTAS[operation]
    return quotas


def _endpoint_type(params: Wire) -> str:
    """CreateRestApi says it in the endpoint configuration, ImportRestApi in a parameter."""
    types = params.get("endpointConfiguration", {}).get("types") or ["EDGE"]
    return str(params.get("parameters", {}).get("endpointConfigurationTypes", types[0]))
