# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Throttling by a stage's method settings: a token bucket per method.

AWS: "Throttle requests to your REST APIs" (a token bucket; a limit of a stage counts for each of its methods).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from ...model import Wire
from ..errors import GatewayError

_KEPT_BUCKETS = 10_000
"""Maximum number of buckets. Beyond it all buckets are discarded, which fills them."""


class MethodLimits(NamedTuple):
    """Requests per second, and requests at once."""

    rate: float
    burst: int


@dataclass(slots=True)
class _Bucket:
    limits: MethodLimits
    tokens: float
    filled: float


class Throttle:
    """The buckets of all stages. `clock` returns seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._buckets: dict[tuple[str, ...], _Bucket] = {}

    def check(self, api_id: str, stage: Wire, path: str, http_method: str) -> None:
        """Take a token for a request to a method of a stage. Raises `GatewayError` 429 if the bucket is empty."""
        limits = limits_of(stage, path, http_method)
        if limits is None:
            return
        if not self.take((api_id, str(stage["stageName"]), path, http_method), limits):
            log = f"Throttled: {http_method} {path} may have {limits.rate:g} requests a second, {limits.burst} at once"
            raise GatewayError("THROTTLED", "Too Many Requests", log)

    def take(self, key: tuple[str, ...], limits: MethodLimits) -> bool:
        """Take a token from the bucket of that key. Return False if it is empty."""
        bucket = self._bucket(key, limits)
        now = self._clock()
        bucket.tokens = min(limits.burst, bucket.tokens + (now - bucket.filled) * limits.rate)
        bucket.filled = now
        if bucket.tokens < 1:
            return False
        bucket.tokens -= 1
        return True

    def _bucket(self, key: tuple[str, ...], limits: MethodLimits) -> _Bucket:
        bucket = self._buckets.get(key)
        if bucket is None or bucket.limits != limits:
            if len(self._buckets) >= _KEPT_BUCKETS:
                self._buckets.clear()
            bucket = self._buckets[key] = _Bucket(limits, limits.burst, self._clock())
        return bucket


def limits_of(stage: Wire, path: str, http_method: str) -> MethodLimits | None:
    """Return the limits of a method: its own (`~1pets~1{id}/GET`), else the stage's (`*/*`), else None.

    -1 stands for no limit.
    """
    settings = stage.get("methodSettings")
    if not settings:
        return None
    escaped = path.replace("~", "~0").replace("/", "~1")
    for key in (f"{escaped}/{http_method}", "*/*"):
        chosen = settings.get(key, {})
        rate, burst = chosen.get("throttlingRateLimit"), chosen.get("throttlingBurstLimit")
        if rate is not None and burst is not None:
            return None if rate < 0 or burst < 0 else MethodLimits(float(rate), int(burst))
    return None
