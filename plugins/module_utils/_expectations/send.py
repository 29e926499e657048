# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Sending the requests of a list of expectations: what goes side by side, in which order, and what is asked again.

Reads (GET, HEAD, OPTIONS) that follow one another go side by side. A request of another method is sent alone, when all
before it have been answered and before all that follow it: what it writes is there for those behind it.

An answer that is not as expected may come too early: a role, a permission, a stage that was just moved and what was
just written take some seconds on AWS to be the same everywhere. So such a request is sent again after a pause. GET,
HEAD, OPTIONS, PUT and DELETE can be repeated without harm (RFC 9110, 9.2.2). POST and PATCH are repeated only where the
answer says that most likely nothing was done.
"""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Callable, Dict, Iterator, List, Mapping, Sequence

from .._engine.errors import raise_errors
from .expectation import OPTIONS, Answer, Expectation, told

AT_ONCE = 8
"""Requests that are under way at one time."""

_READS = ("GET", "HEAD", "OPTIONS")
_REPEATABLE = (*_READS, "PUT", "DELETE")
_NOT_DONE = (403, 429, 500, 503)
"""Statuses with which API Gateway says that a stage has no such route yet, a role cannot be used yet, or not now."""

Ask = Callable[[Expectation], Answer]


@dataclass(frozen=True)
class Patience:
    """How often a request is sent at most, and the seconds between two attempts. All requests share the pauses.

    `not_yet_attempts` is how often at most as long as every response that is not as expected says that AWS is not
    ready yet. It counts where it is more than `attempts`.
    """

    attempts: int = 6
    delay: float = 2.0
    not_yet_attempts: int = 0


PATIENCE = Patience()

UNTIL_IAM_IS_SEEN = Patience(not_yet_attempts=60)
"""Two minutes where a run has created a role, or has changed a policy.

Users report 10 to 30 seconds (Terraform AWS provider issue 6566), and up to 15 minutes in the words of AWS's support
(issue 44517).
"""


def declared_patience(params: Mapping[str, Any]) -> Patience:
    """The patience that a module's options name. Raises `AwsError` for what cannot be meant."""
    mistakes = []
    if params["attempts"] < 1:
        mistakes.append(f"attempts is {params['attempts']}; write 1 to send each request once")
    if params["delay"] < 0:
        mistakes.append(f"delay is {params['delay']}; write the seconds between two attempts, such as 2")
    not_yet_attempts = params.get("not_yet_attempts", 0)
    if not_yet_attempts < 0:
        mistakes.append(f"not_yet_attempts is {not_yet_attempts}; write 0 for as many as attempts")
    raise_errors("Cannot send the requests", mistakes)
    return Patience(params["attempts"], params["delay"], not_yet_attempts)


SPEC: Dict[str, Any] = {
    "requests": {"type": "list", "elements": "dict", "required": True, "options": OPTIONS},
    "attempts": {"type": "int", "default": PATIENCE.attempts},
    "delay": {"type": "float", "default": PATIENCE.delay},
    "not_yet_attempts": {"type": "int", "default": 0},
}
"""The options that all modules have that send requests, for an argument spec."""


def ask_all(
    expectations: Sequence[Expectation],
    ask: Ask,
    patience: Patience,
    pause: Callable[[float], None] = time.sleep,
    report: Callable[[str], None] = lambda text: None,
) -> List[str]:
    """What there is to tell of the requests that were not answered as expected, in their order; empty if all were.

    All requests are sent, whatever came of those before. The pauses add up to at most (attempts - 1) · delay seconds,
    or (not_yet_attempts - 1) · delay, if that is more. `report` shows the user what is waited for.
    """
    found: List[str] = []
    longer = max(0, patience.not_yet_attempts - patience.attempts)
    pauses = _Pauses(patience.attempts - 1, longer, patience.delay, pause, report)
    with ThreadPoolExecutor(AT_ONCE) as threads:
        for group in groups(expectations):
            found += _ask_group(group, lambda some: list(threads.map(ask, some)), pauses)
    return found


def groups(expectations: Sequence[Expectation]) -> Iterator[List[Expectation]]:
    """The expectations in their order, as groups whose requests may be under way at one time."""
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
"""After how many pauses the user is shown again what is waited for."""


@dataclass
class _Pauses:
    """The pauses that are left, and how to make one of `delay` seconds.

    `longer` are left for responses that say "not yet"; they are taken before those that are left for all.
    """

    left: int
    longer: int
    delay: float
    pause: Callable[[float], None]
    report: Callable[[str], None]
    taken: int = 0

    def take(self, failing: Sequence[Answer]) -> bool:
        """Make a pause for these answers; False if there is none left."""
        if self.longer > 0 and all(map(_says_not_yet, failing)):
            self._report(failing)
            self.longer -= 1
        elif self.left > 0:
            self.left -= 1
        else:
            return False
        self.pause(self.delay)
        return True

    def _report(self, failing: Sequence[Answer]) -> None:
        if self.taken % _REPORT_EVERY == 0:
            statuses = ", ".join(sorted({str(answer.status) for answer in failing}))
            many = "1 response" if len(failing) == 1 else f"{len(failing)} responses"
            seconds = (self.left + self.longer) * self.delay
            self.report(
                f"Not ready yet: {statuses} in {many}. A new role or policy takes a while on AWS. Trying again for at "
                f"most {seconds:.0f} s."
            )
        self.taken += 1


def _ask_group(
    group: List[Expectation], ask: Callable[[List[Expectation]], List[Answer]], pauses: _Pauses
) -> List[str]:
    """What there is to tell of a group, after as many repetitions as help and as there are pauses."""
    answers = ask(group)
    while True:
        again = [place for place, answer in enumerate(answers) if _may_change(group[place], answer)]
        if not again or not pauses.take([answers[place] for place in again]):
            return [text for text in map(told, group, answers) if text]
        repeated = ask([group[place] for place in again])
        for number, place in enumerate(again):
            answers[place] = repeated[number]


_LOGGED_NOT_YET = ("does not have permission to assume the provided role", "is not authorized to perform")


def _says_not_yet(answer: Answer) -> bool:
    """Return whether a response says that AWS is not ready yet, by its status or by API Gateway's execution log.

    The first request under a new role gets 500 and "API Gateway does not have permission to assume the provided role"
    (Terraform AWS provider issue 6566).
    """
    return answer.status in _NOT_DONE or any(text in line for line in answer.log for text in _LOGGED_NOT_YET)


def _may_change(expectation: Expectation, answer: Answer) -> bool:
    """Whether a request is worth sending again, and can be."""
    if not told(expectation, answer):
        return False
    return expectation.method in _REPEATABLE or answer.status in _NOT_DONE or answer.unsent


def summary(failures: Sequence[str], count: int, asked: str) -> str:
    """The message of a task that fails: all that there is to tell. `asked` is what was sent the `count` requests."""
    head = f"{len(failures)} of {count} request{'' if count == 1 else 's'} to {asked} did not get the expected answer:"
    return "\n".join([head, *(f"- {failure}" for failure in failures)])
