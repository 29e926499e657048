# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Two runs at once, calls that AWS refuses or leaves unanswered for a while, and a deployment under load."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

import pytest
from ansible_collections.codeless.apigateway.plugins.module_utils import _dynamodb_proxy
from ansible_collections.codeless.apigateway.plugins.module_utils._aws import Aws, AwsError, Wire
from ansible_collections.codeless.apigateway.plugins.module_utils._plan import execute

from integration.two_versions import NEW, NEW_ANSWER, OLD, OLD_ANSWER, Site, declared, params, watched

OTHER = declared(
    routes=[{"route": "GET /chosen", "action": "Scan", "projection": ["id"]}], stage_variables={"chosen": "c"}
)
OTHER_ANSWER = {"items": [{"id": "a"}, {"id": "b"}], "count": 2}


class Turns:
    """An order in which two runs make their changing calls: `AB…`, one letter a call.

    A run that has ended, or has more calls than the order has turns for it, holds up nobody.
    """

    def __init__(self, order: str) -> None:
        self._left = list(order)
        self._moved = threading.Condition()

    def take(self, name: str) -> None:
        """Wait for a turn."""
        with self._moved:
            self._moved.wait_for(lambda: name not in self._left or self._left[0] == name)

    def done(self, name: str) -> None:
        """Hand the turn on."""
        with self._moved:
            if name in self._left:
                self._left.remove(name)
            self._moved.notify_all()

    def leave(self, name: str) -> None:
        """Wait for no turn any more."""
        with self._moved:
            self._left = [other for other in self._left if other != name]
            self._moved.notify_all()


class OrderedAws(Aws):
    """An AWS whose changing calls wait for their turn."""

    def __init__(self, site: Site, name: str, turns: Turns) -> None:
        super().__init__(site.client, pause=lambda _seconds: None)
        self._name, self._turns = name, turns

    def _call(self, service: str, operation: str, arguments: Mapping[str, Any] | None) -> Wire:
        if operation.startswith(("Get", "Describe", "BatchGet", "Scan")):
            return super()._call(service, operation, arguments)
        self._turns.take(self._name)
        try:
            return super()._call(service, operation, arguments)
        finally:
            self._turns.done(self._name)


def side_by_side(site: Site, order: str, wanted: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """Two runs that both have read before either changes anything; what each was told, empty where all went well."""
    turns = Turns(order)
    runs = {name: OrderedAws(site, name, turns) for name in wanted}
    plans = {name: _dynamodb_proxy.planned(runs[name], params(wanted[name])).plan for name in wanted}
    told: dict[str, str] = {}

    def run(name: str) -> None:
        try:
            execute(runs[name], plans[name])
            told[name] = ""
        except AwsError as error:
            told[name] = error.message
        finally:
            turns.leave(name)

    threads = [threading.Thread(target=run, args=(name,)) for name in wanted]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return told


ORDERS = ["AAABABBB", "AAABBBAB", "AABBAABB", "AABBBBAA", "ABABABAB", "ABBAAABB", "ABBABABA", "ABBBAAAB", "ABBBBAAA"]
"""Of two runs with four changing calls each: the policy, the draft, the deployment, the move."""


@pytest.mark.parametrize("order", ORDERS)
def test_of_two_runs_at_once_the_stage_serves_one_or_neither_and_the_next_run_settles_it(
    local_aws: Any, order: str
) -> None:
    site = Site(local_aws)
    site.settle(OLD)
    with watched(site.url()) as answers:
        told = side_by_side(site, order, {"A": NEW, "B": OTHER})
        served = site.answer()
    whole = [(200, answer) for answer in (OLD_ANSWER, NEW_ANSWER, OTHER_ANSWER)]
    assert [answer for answer in answers if answer not in whole] == []
    assert [text for text in told.values() if text and "another run is at work on the same API" not in text] == []
    done = [answer for name, answer in (("A", NEW_ANSWER), ("B", OTHER_ANSWER)) if not told[name]]
    assert served in (done or [OLD_ANSWER])
    site.settle(NEW)
    assert site.answer() == NEW_ANSWER


def test_of_two_first_deployments_at_once_one_is_told_and_nothing_is_made_twice(local_aws: Any) -> None:
    site = Site(local_aws)
    told = side_by_side(site, "AB" * 8, {"A": NEW, "B": OTHER})
    assert sorted(bool(text) for text in told.values()) == [False, True]
    assert site.answer() == (OTHER_ANSWER if told["A"] else NEW_ANSWER)
    site.settle(OTHER)
    assert site.answer() == OTHER_ANSWER


def test_no_request_fails_while_stages_are_moved_under_load(local_aws: Any) -> None:
    site = Site(local_aws)
    site.settle(OLD)
    with watched(site.url(), clients=4) as answers:
        for options in (NEW, OTHER, OLD):
            site.settle(options)
    assert {status for status, _answer in answers} == {200}
    assert [answer for _status, answer in answers if answer not in (OLD_ANSWER, NEW_ANSWER, OTHER_ANSWER)] == []
    assert all((200, answer) in answers for answer in (OLD_ANSWER, NEW_ANSWER, OTHER_ANSWER))
