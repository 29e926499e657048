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

from ._aws import refuse
from ._expectation import OPTIONS, Answer, Expectation, told

AT_ONCE = 8
"""Requests that are under way at one time."""

_READS = ("GET", "HEAD", "OPTIONS")
_REPEATABLE = (*_READS, "PUT", "DELETE")
_NOT_DONE = (403, 429, 500, 503)
"""Statuses with which API Gateway says that a stage has no such route yet, a role cannot be used yet, or not now."""

Ask = Callable[[Expectation], Answer]


@dataclass(frozen=True)
class Patience:
    """How often a request is sent at most, and the seconds between two attempts. All requests share the pauses."""

    attempts: int = 6
    delay: float = 2.0


PATIENCE = Patience()

UNTIL_ROLE_IS_SEEN = Patience(attempts=16, delay=2.0)
"""Half a minute. IAM's guide says of changes that they take some time to be seen everywhere, and not how long."""


def declared_patience(params: Mapping[str, Any]) -> Patience:
    """The patience that a module's options name. Raises `AwsError` for what cannot be meant."""
    mistakes = []
    if params["attempts"] < 1:
        mistakes.append(f"attempts is {params['attempts']}; write 1 to send each request once")
    if params["delay"] < 0:
        mistakes.append(f"delay is {params['delay']}; write the seconds between two attempts, such as 2")
    refuse("Cannot send the requests", mistakes)
    return Patience(params["attempts"], params["delay"])


SPEC: Dict[str, Any] = {
    "requests": {"type": "list", "elements": "dict", "required": True, "options": OPTIONS},
    "attempts": {"type": "int", "default": PATIENCE.attempts},
    "delay": {"type": "float", "default": PATIENCE.delay},
}
"""The options that all modules have that send requests, for an argument spec."""


def ask_all(
    expectations: Sequence[Expectation], ask: Ask, patience: Patience, pause: Callable[[float], None] = time.sleep
) -> List[str]:
    """What there is to tell of the requests that were not answered as expected, in their order; empty if all were.

    All requests are sent, whatever came of those before. The pauses add up to at most (attempts - 1) · delay seconds.
    """
    found: List[str] = []
    pauses = _Pauses(patience.attempts - 1, patience.delay, pause)
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


@dataclass
class _Pauses:
    """The pauses that are left, and how to make one of `delay` seconds."""

    left: int
    delay: float
    pause: Callable[[float], None]

    def take(self) -> bool:
        """Make a pause; False if there is none left."""
        if self.left <= 0:
            return False
        self.left -= 1
        self.pause(self.delay)
        return True


def _ask_group(
    group: List[Expectation], ask: Callable[[List[Expectation]], List[Answer]], pauses: _Pauses
) -> List[str]:
    """What there is to tell of a group, after as many repetitions as help and as there are pauses."""
    answers = ask(group)
    while True:
        again = [place for place, answer in enumerate(answers) if _may_change(group[place], answer)]
        if not again or not pauses.take():
            return [text for text in map(told, group, answers) if text]
        repeated = ask([group[place] for place in again])
        for number, place in enumerate(again):
            answers[place] = repeated[number]


def _may_change(expectation: Expectation, answer: Answer) -> bool:
    """Whether a request is worth sending again, and can be."""
    if not told(expectation, answer):
        return False
    return expectation.method in _REPEATABLE or answer.status in _NOT_DONE or answer.unsent


def summary(failures: Sequence[str], count: int, asked: str) -> str:
    """The message of a task that fails: all that there is to tell. `asked` is what was sent the `count` requests."""
    head = f"{len(failures)} of {count} request{'' if count == 1 else 's'} to {asked} did not get the expected answer:"
    return "\n".join([head, *(f"- {failure}" for failure in failures)])
