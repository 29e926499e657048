# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Requests of a list of expectations: their order, which of them run in parallel, and which are repeated.

Successive reads (GET, HEAD, OPTIONS) are sent in parallel. A request of another method is sent alone, after the
responses to all earlier requests and before all later ones, which may read what it writes.

A response that is not as expected may come too early: a new role, permission or deployment and a write take some
seconds to reach all of AWS. So such a request is repeated after a pause. GET, HEAD, OPTIONS, PUT and DELETE can be
repeated without harm (RFC 9110, 9.2.2). POST and PATCH are repeated only if the response shows that the request most
likely had no effect.
"""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Callable, Dict, Iterator, List, Mapping, Sequence

from .._engine.errors import raise_errors
from .expectation import OPTIONS, Expectation, Response, format_failure

AT_ONCE = 8
"""The number of parallel requests."""

_READS = ("GET", "HEAD", "OPTIONS")
_REPEATABLE = (*_READS, "PUT", "DELETE")
_NOT_DONE = (403, 429, 500, 503)
"""API Gateway's statuses for a route or role that is not available yet, and for throttling."""

Send = Callable[[Expectation], Response]


@dataclass(frozen=True)
class Patience:
    """The maximum number of attempts for a request, and the seconds between two. All requests share the pauses.

    `not_yet_attempts` is the maximum as long as all unexpected responses show that AWS is not ready yet, if it is
    greater than `attempts`.
    """

    attempts: int = 6
    delay: float = 2.0
    not_yet_attempts: int = 0


PATIENCE = Patience()

UNTIL_IAM_IS_SEEN = Patience(not_yet_attempts=60)
"""Two minutes after a run has created a role or changed a policy.

Users report 10 to 30 seconds (Terraform AWS provider issue 6566), and up to 15 minutes in the words of AWS's support
(issue 44517).
"""


def declared_patience(params: Mapping[str, Any]) -> Patience:
    """Return the patience that a module's options declare. Raises `AwsError` with all errors in them."""
    errors = []
    if params["attempts"] < 1:
        errors.append(f"attempts is {params['attempts']}; write 1 to send each request once")
    if params["delay"] < 0:
        errors.append(f"delay is {params['delay']}; write the seconds between two attempts, such as 2")
    not_yet_attempts = params.get("not_yet_attempts", 0)
    if not_yet_attempts < 0:
        errors.append(f"not_yet_attempts is {not_yet_attempts}; write 0 for as many as attempts")
    raise_errors("Cannot send the requests", errors)
    return Patience(params["attempts"], params["delay"], not_yet_attempts)


SPEC: Dict[str, Any] = {
    "requests": {"type": "list", "elements": "dict", "required": True, "options": OPTIONS},
    "attempts": {"type": "int", "default": PATIENCE.attempts},
    "delay": {"type": "float", "default": PATIENCE.delay},
    "not_yet_attempts": {"type": "int", "default": 0},
}
"""The options of all modules that send requests, for an argument spec."""


def send_all(
    expectations: Sequence[Expectation],
    send: Send,
    patience: Patience,
    pause: Callable[[float], None] = time.sleep,
    report: Callable[[str], None] = lambda text: None,
) -> List[str]:
    """Send all requests and return the failure messages, in request order.

    A failure does not stop the later requests. The pauses add up to at most (attempts - 1) · delay seconds, or
    (not_yet_attempts - 1) · delay, if that is more. `report` shows the user the reason for a pause.
    """
    found: List[str] = []
    longer = max(0, patience.not_yet_attempts - patience.attempts)
    pauses = _Pauses(patience.attempts - 1, longer, patience.delay, pause, report)
    with ThreadPoolExecutor(AT_ONCE) as threads:
        for group in groups(expectations):
            found += _send_group(group, lambda some: list(threads.map(send, some)), pauses)
    return found


def groups(expectations: Sequence[Expectation]) -> Iterator[List[Expectation]]:
    """Yield the expectations in order, as groups whose requests may run in parallel."""
    reads: List[Expectation] = []
    for one in expectations:
        if one.method in _READS:
            reads.append(one)
            continue
        if reads:
            yield reads
            reads = []
        yield [one]
    if reads:
        yield reads


_REPORT_EVERY = 5
"""The number of pauses between two reports of the reason."""


@dataclass
class _Pauses:
    """The remaining pauses of `delay` seconds.

    `longer` is the number for responses that show that AWS is not ready yet. They are used before `left`, the number
    for all responses.
    """

    left: int
    longer: int
    delay: float
    pause: Callable[[float], None]
    report: Callable[[str], None]
    taken: int = 0

    def take(self, failing: Sequence[Response]) -> bool:
        """Pause because of these responses; return False if no pause is left."""
        if self.longer > 0 and all(map(_is_not_ready, failing)):
            self._report(failing)
            self.longer -= 1
        elif self.left > 0:
            self.left -= 1
        else:
            return False
        self.pause(self.delay)
        return True

    def _report(self, failing: Sequence[Response]) -> None:
        if self.taken % _REPORT_EVERY == 0:
            statuses = ", ".join(sorted({str(response.status) for response in failing}))
            many = "1 response" if len(failing) == 1 else f"{len(failing)} responses"
            seconds = (self.left + self.longer) * self.delay
            self.report(
                f"Not ready yet: {statuses} in {many}. A new role or policy takes a while on AWS. Trying again for at "
                f"most {seconds:.0f} s."
            )
        self.taken += 1


def _send_group(
    group: List[Expectation], send: Callable[[List[Expectation]], List[Response]], pauses: _Pauses
) -> List[str]:
    """Send a group, repeat its failed requests while pauses are left, and return the failure messages."""
    responses = send(group)
    while True:
        again = [place for place, response in enumerate(responses) if _is_worth_repeating(group[place], response)]
        if not again or not pauses.take([responses[place] for place in again]):
            return [text for text in map(format_failure, group, responses) if text]
        repeated = send([group[place] for place in again])
        for number, place in enumerate(again):
            responses[place] = repeated[number]


_LOGGED_NOT_YET = ("does not have permission to assume the provided role", "is not authorized to perform")


def _is_not_ready(response: Response) -> bool:
    """Return whether a response shows that AWS is not ready yet, by its status or by API Gateway's execution log.

    The first request under a new role gets 500 and "API Gateway does not have permission to assume the provided role"
    (Terraform AWS provider issue 6566).
    """
    return response.status in _NOT_DONE or any(text in line for line in response.log for text in _LOGGED_NOT_YET)


def _is_worth_repeating(expectation: Expectation, response: Response) -> bool:
    """Return whether a request failed and can be repeated."""
    if not format_failure(expectation, response):
        return False
    return expectation.method in _REPEATABLE or response.status in _NOT_DONE or response.unsent


def summary(failures: Sequence[str], count: int, target: str) -> str:
    """Return the message of a failed task. `target` is the draft or URL to which the `count` requests were sent."""
    head = (
        f"{len(failures)} of {count} request{'' if count == 1 else 's'} to {target} did not get the expected response:"
    )
    return "\n".join([head, *(f"- {failure}" for failure in failures)])
