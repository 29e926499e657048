# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The record of clients' calls of AWS APIs, for tests and benchmarks: names, counts, order.

The name of a call is `service:Operation`. For services whose requests do not name the operation (S3, Lambda and other
REST protocols) it ends with the HTTP method. Calls of the gateway itself are not counted. A call that a rehearsed quota
rejects counts as a call, and also as throttled.
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
    """Counters since the start or the last reset, and the order of the last `KEPT` calls."""

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
    """The calls of all accounts together (account None), and of each account."""

    def __init__(self) -> None:
        self._of: dict[str | None, Calls] = {}

    def count(self, account_id: str, name: str) -> None:
        for key in (None, account_id):
            self._of.setdefault(key, Calls()).count(name)

    def count_throttled(self, account_id: str, name: str) -> None:
        """Count a call, which is counted already, as rejected by a quota."""
        for key in (None, account_id):
            self._of.setdefault(key, Calls()).count_throttled(name)

    def reset(self, account_id: str | None) -> None:
        """Reset the counters of one account, or of all for None."""
        if account_id is None:
            self._of.clear()
        else:
            self._of.pop(account_id, None)

    def summary(self, account_id: str | None) -> Wire:
        return self._of.get(account_id, Calls()).summary()


def service_call(caller: Caller, method: str, path: str, query: str, headers: Mapping[str, str], form: bytes) -> str:
    """Return the name of a call to MiniStack. `form` is the body if it is a form, or else empty."""
    target = headers.get("X-Amz-Target", "").rpartition(".")[2]
    rpc = re.search(r"/operation/(\w+)$", path)
    action = re.search(r"(?:^|&)Action=(\w+)", f"{query}&{form.decode('latin-1')}")
    operation = target or (rpc and rpc[1]) or (action and action[1]) or method
    return f"{caller.service}:{operation}"
