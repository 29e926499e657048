# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Converge a resource in an account of the local AWS, and compare the prediction of check mode with the run."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.codeless.apigateway.plugins.module_utils._engine.client import Aws
from ansible_collections.codeless.apigateway.plugins.module_utils._engine.plan import (
    UNKNOWN,
    Action,
    Attempt,
    Check,
    Parallel,
    Step,
)
from ansible_collections.codeless.apigateway.plugins.module_utils._engine.resource import Outcome, Resource, converge

_READS = ("Get", "Describe", "List", "BatchGet", "Scan")
_numbers = itertools.count(200000000001)


def new_account_id() -> str:
    """Return an unused account ID. The local AWS accepts the twelve digits as an access key."""
    return str(next(_numbers))


@dataclass
class Account:
    """An account, and the names of the calls that were made in it, in their order.

    `make_client` returns a boto3 client of the account for a service.
    """

    make_client: Callable[[str], Any]
    made: list[str] = field(default_factory=list)

    def converge(self, resource: Resource, params: dict[str, Any], check_mode: bool = False) -> Outcome:
        """Run a resource once, like a module."""
        return converge(Aws(self._recording_client), resource, params, check_mode)

    def settle(self, resource: Resource, params: dict[str, Any]) -> Outcome:
        """Run in check mode, then really, then again. Return the outcome of the real run.

        Asserts that check mode makes no changing call, that the real run makes the predicted calls and ends in the
        predicted state, and that the second run changes nothing.
        """
        predicted = self.converge(resource, params, check_mode=True)
        assert self.changing() == []
        done = self.converge(resource, params)
        assert done.as_result()["calls"] == predicted.as_result()["calls"]
        assert is_carried_out(done.plan, self.changing())
        assert as_predicted(done.values, predicted.values)
        assert done.diffs == predicted.diffs
        again = self.converge(resource, params).as_result()
        assert (again["changed"], again["diff"], self.changing()) == (False, [], [])
        return done

    def changing(self) -> list[str]:
        """Return the changing calls since the last call of this method."""
        made, self.made = self.made, []
        return [call for call in made if changes(call)]

    def _recording_client(self, service: str) -> Any:
        client = self.make_client(service)
        client.meta.events.register("before-call", self._record)
        return client

    def _record(self, model: Any, **_event: Any) -> None:
        self.made.append(f"{model.service_model.service_name}:{model.name}")


def changes(call: str) -> bool:
    """Return whether a call, such as `apigateway:PutRestApi`, changes something."""
    return not call.partition(":")[2].startswith(_READS)


def is_carried_out(plan: Sequence[Action], made: Sequence[str]) -> bool:
    """Return whether these calls are the changing calls of a plan, in an order that the plan allows."""
    rests = {_calls(plan)}
    for call in made:
        rests = {rest for one in rests for rest in _after(one, call)}
    return () in rests


def _calls(plan: Sequence[Action]) -> tuple[Any, ...]:
    """Return the changing calls of a plan: a name for each, and a tuple of such tuples for parallel plans."""
    found: list[Any] = []
    for action in plan:
        if isinstance(action, Step):
            found.append(action.call)
        elif isinstance(action, Check):
            found += _calls(action.meanwhile)
        elif isinstance(action, Attempt):
            found += _calls(action.plan)
        elif isinstance(action, Parallel):
            found.append(tuple(calls for one in action.plans if (calls := _calls(one))))
    return tuple(one for one in found if one)


def _after(calls: tuple[Any, ...], made: str) -> Iterator[tuple[Any, ...]]:
    """Yield the calls that can be left after one of them was made."""
    if not calls:
        return
    first, *later = calls
    if isinstance(first, str):
        if first == made:
            yield tuple(later)
        return
    for number, branch in enumerate(first):
        for rest in _after(branch, made):
            # In one order, so that equal branches, such as one call for each item, do not multiply the states.
            branches = tuple(sorted((*first[:number], *([rest] if rest else []), *first[number + 1 :]), key=repr))
            yield ((branches, *later) if branches else tuple(later))


def as_predicted(done: Any, predicted: Any) -> bool:
    """Return whether values equal those of check mode, except values that check mode cannot know."""
    if isinstance(done, dict) and isinstance(predicted, dict):
        return set(done) == set(predicted) and all(as_predicted(done[name], predicted[name]) for name in predicted)
    return bool(predicted in (UNKNOWN, done))
