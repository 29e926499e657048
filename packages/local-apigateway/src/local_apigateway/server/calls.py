# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The calls of the AWS APIs that clients made: named, counted, and kept in their order for tests and benchmarks.

A call is named `service:Operation`; where a protocol does not name its operations (S3, Lambda and other REST services
behind the gateway), by its HTTP method instead. What the gateway itself calls is not counted. A call that a rehearsed
quota refuses is a call like any other, and counted as throttled besides.
"""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Mapping

from ..caller import Caller
from ..model import Wire

KEPT = 10_000
FORM = "application/x-www-form-urlencoded"


class Calls:
    """Counters since the start or the last reset. Of very many calls, the order of the last is kept."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._throttled: Counter[str] = Counter()
        self._order: deque[str] = deque(maxlen=KEPT)

    def count(self, name: str) -> None:
        self._counts[name] += 1
        self._order.append(name)

    def count_throttled(self, name: str) -> None:
        self._throttled[name] += 1

    def summary(self) -> Wire:
        return {
            "total": self._counts.total(),
            "operations": dict(sorted(self._counts.items())),
            "throttled": dict(sorted(self._throttled.items())),
            "calls": list(self._order),
        }


class CallRecord:
    """The calls of all accounts together (account None), and of each by itself."""

    def __init__(self) -> None:
        self._of: dict[str | None, Calls] = {}

    def count(self, account_id: str, name: str) -> None:
        for key in (None, account_id):
            self._of.setdefault(key, Calls()).count(name)

    def count_throttled(self, account_id: str, name: str) -> None:
        """Note that a quota refused a call that is counted already."""
        for key in (None, account_id):
            self._of.setdefault(key, Calls()).count_throttled(name)

    def reset(self, account_id: str | None) -> None:
        """Count one account anew, or everything."""
        if account_id is None:
            self._of.clear()
        else:
            self._of.pop(account_id, None)

    def summary(self, account_id: str | None) -> Wire:
        return self._of.get(account_id, Calls()).summary()


def service_call(caller: Caller, method: str, path: str, query: str, headers: Mapping[str, str], form: bytes) -> str:
    """The name of a call to a service behind. `form` is the body where it is a form, else empty."""
    target = headers.get("X-Amz-Target", "").rpartition(".")[2]
    rpc = re.search(r"/operation/(\w+)$", path)
    action = re.search(r"(?:^|&)Action=(\w+)", f"{query}&{form.decode('latin-1')}")
    operation = target or (rpc and rpc[1]) or (action and action[1]) or method
    return f"{caller.service}:{operation}"
