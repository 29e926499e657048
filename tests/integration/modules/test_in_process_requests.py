# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A module gives the same result within Ansible's process and in one of its own: those that send requests to an API."""

from __future__ import annotations

from typing import Any

import pytest

from integration.modules.both_ways import (
    CHANGED,
    NO_ANSWER,
    REFUSAL,
    REFUSED,
    SAME,
    SECRET,
    TOKEN,
    UNREACHABLE,
    Task,
    assert_the_same,
)

API = {
    "name": "things",
    "stage": "live",
    "role_name": "things",
    "tables": [{"name": "things", "hash_key": "id", "attributes": {"id": "S", "colour": "S"}}],
    "items": {"things": [{"id": "a", "colour": "red"}, {"id": "b", "colour": SECRET}]},
    "routes": [{"route": "GET /things/{id}", "action": "GetItem"}, {"route": "PUT /things/{id}", "action": "PutItem"}],
}
WHERE = {"test_invoke": {"api_name": "things"}, "verify": {"invoke_url": "{{ api.invoke_url }}"}}
RED = {"path": "/things/a", "resource": "/things/{id}", "status": 200, "answer": {"colour": "red"}}
BLUE = {**RED, "answer": {"colour": "blue"}}
PUT = {**RED, "method": "PUT", "path": "/things/c", "body": {"colour": "blue"}, "status": 204, "answer": None}
SENT = {**BLUE, "headers": {"Authorization": TOKEN, "X-Number": 5}, "query": {"token": TOKEN}, "name": f"sends {TOKEN}"}
ANSWERED = {**BLUE, "path": "/things/b", "headers": {"X-Api-Key": SECRET}}
"""The secret that it sends is in the answer."""
NOWHERE = {"path": "/nowhere", "status": 200}
TWO_MISTAKES = [{**RED, "path": "no path"}, {**RED, "status": 99}]
SECRET_IN_A_MISTAKE = {**SENT, "path": f"no path/{TOKEN}"}
OF_TWO_LINES = {**RED, "headers": {"X": "a\nb"}}


def task(module: str, outcome: str, /, *requests: Any, predicted: str | None = None, **options: Any) -> Task:
    """Requests sent by a module to the API above, unless the options say otherwise; None leaves an option out."""
    given = {**WHERE[module], "requests": requests, "attempts": 1, "delay": 0, **options}
    return Task(module, {name: value for name, value in given.items() if value is not None}, outcome, predicted)


def of_both(module: str, different: str) -> list[Task]:
    """What both modules are asked; `different` is what they tell of answers that are not as expected."""
    return [
        Task("service_proxy", API, CHANGED, really=True, name="api"),
        task(module, SAME, RED, PUT, RED),
        task(module, different, BLUE, RED, BLUE, predicted=SAME),
        task(module, different, SENT, predicted=SAME),
        task(module, different, ANSWERED, predicted=SAME),
        task(module, different, NOWHERE, predicted=SAME),
        task(module, "2 errors", *TWO_MISTAKES),
        task(module, "which is not a percent-encoded path", SECRET_IN_A_MISTAKE),
        task(module, "that cannot be sent", OF_TWO_LINES),
        task(module, "missing required arguments: path found in requests", {"status": 200}),
        task(module, "value of method must be one of", {**RED, "method": "TRACE"}),
        task(module, "unable to convert to int", {**RED, "status": "fine"}),
        task(module, "missing required arguments: requests", requests=None),
        task(module, "attempts is 0", RED, attempts=0),
        task(module, "delay is -1", RED, delay=-1),
        task(module, "Unsupported parameters", RED, patience=1),
    ]


DRAFT = [
    *of_both("test_invoke", "does not respond as expected"),
    task("test_invoke", "the REST API does not exist", RED, api_name="nowhere", predicted=SAME),
    task("test_invoke", "one of the following is required: api_id, api_name", RED, api_name=None),
    task("test_invoke", "mutually exclusive", RED, api_id="a"),
    task("test_invoke", REFUSAL, RED, **REFUSED),
    task("test_invoke", NO_ANSWER, RED, **UNREACHABLE),
]
STAGE = [
    *of_both("verify", "did not get the expected response"),
    task("verify", "missing required arguments: invoke_url", RED, invoke_url=None),
    task("verify", "write the URL of the stage", RED, invoke_url="ftp://example.com"),
    task("verify", "Cannot read certificates from /nowhere", RED, ca_path="/nowhere"),
    task("verify", "unable to convert to float", RED, timeout="long"),
    task("verify", "Connection refused", RED, invoke_url="http://127.0.0.1:1", predicted=SAME),
]


@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize("tasks", [DRAFT, STAGE], ids=["test_invoke", "verify"])
def test_the_results_are_the_same(local_aws: Any, tasks: list[Task], check: bool) -> None:
    assert_the_same(local_aws, tasks, check)
