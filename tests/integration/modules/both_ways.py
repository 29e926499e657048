# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Run the same tasks inside Ansible's process and as modules, in different accounts, and compare the results."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from convergence import new_account_id
from playbooks import Run, run_playbook

SECRET = "a-secret-key-of-40-characters-that-hides"
"""The secret key of all accounts, also put where a result could show it. AWS has no shorter ones."""
TOKEN = "a-token-that-shows-nowhere"
"""A secret of a caller, for requests."""

CHANGED, SAME = "changed", "the same"
REFUSED = {"access_key": "{{ refused }}", "secret_key": SECRET}
"""Options that name an account in which AWS refuses all calls of API Gateway and DynamoDB."""
REFUSAL = "AccessDeniedException: Not for you"
UNREACHABLE = {"endpoint_url": "http://127.0.0.1:1"}
"""An option that names an AWS where nobody listens."""
NO_ANSWER = "Could not connect to the endpoint URL"


@dataclass(frozen=True)
class Task:
    """A task and its outcome: `CHANGED`, `SAME`, or a part of its error message.

    `predicted` is what comes of it in check mode, where that is something else. What is done `really` is done in check
    mode, too, so that later tasks find it. `name` is that of the variable that has the result.
    """

    module: str
    options: dict[str, Any]
    outcome: str
    predicted: str | None = None
    really: bool = False
    name: str = "unused"

    @property
    def has_check_mode(self) -> bool:
        """A task that fails before it would do anything fails in check mode by the same code, and is not run again."""
        return self.predicted is not None or self.outcome in (CHANGED, SAME)

    def as_ansible(self, number: int) -> dict[str, Any]:
        """Return the task for a playbook, with its number as the name."""
        task = {f"codeless.apigateway.{self.module}": self.options, "ignore_errors": True, "register": self.name}
        return {"name": str(number), **task, **({"check_mode": False} if self.really else {})}

    def differences(self, check: bool, here: dict[str, Any], apart: dict[str, Any]) -> list[str]:
        """Return the differences from the expected outcome and between the two results."""
        expected = self.predicted if check and self.predicted else self.outcome
        found = _outcome(here)
        comes_out = expected == found if expected in (CHANGED, SAME) else expected in here.get("msg", "")
        unexpected = [] if comes_out else [f"expected {expected!r}, got {found!r}"]
        names = [name for name in sorted({*here, *apart}) if here.get(name) != apart.get(name)]
        return [*unexpected, *(f"{name}: here {here.get(name)!r}, apart {apart.get(name)!r}" for name in names)]


def assert_the_same(
    local_aws: Any, tasks: list[Task], check: bool, module_defaults: dict[str, Any] | None = None, **variables: Any
) -> None:
    """Run the tasks both ways. Asserts that each has the expected outcome, both ways, and that no secret is shown."""
    tasks = [task for task in tasks if task.has_check_mode or not check]
    here, apart = (
        _run(
            local_aws, tasks, check, module_defaults or {}, {**variables, "codeless_apigateway_in_process": in_process}
        )
        for in_process in (True, False)
    )
    assert len(here) == len(apart) == len(tasks)
    differences = [
        f"task {number}, {task.module}: {difference}"
        for number, task in enumerate(tasks)
        for difference in task.differences(check, here[number], apart[number])
    ]
    assert not differences, "\n".join(differences)


def _run(
    local_aws: Any, tasks: list[Task], check: bool, module_defaults: dict[str, Any], variables: dict[str, Any]
) -> list[dict[str, Any]]:
    """Run the tasks one way. Return comparable results."""
    account_id, refused = new_account_id(), new_account_id()
    _refuse_all(local_aws, refused)
    play = {
        "hosts": "localhost",
        "connection": "local",
        "gather_facts": False,
        "vars": {**variables, "refused": refused},
        "module_defaults": module_defaults,
        "tasks": [task.as_ansible(number) for number, task in enumerate(tasks)],
    }
    keys = {"AWS_ACCESS_KEY_ID": account_id, "AWS_SECRET_ACCESS_KEY": SECRET}
    run = run_playbook(json.dumps([play]), local_aws.endpoint_url, check=check, diff=True, environment=keys)
    assert run.rc == 0, run.stdout + run.stderr
    _assert_no_secret(run)
    return _comparable(run.results, account_id, refused)


def _refuse_all(local_aws: Any, account_id: str) -> None:
    """Let the first calls of an account fail, more calls than a test makes."""
    refusal = {"fault": "error", "status": 403, "code": "AccessDeniedException", "message": "Not for you"}
    services = ("apigateway", "dynamodb")
    faults = [{**refusal, "operation": f"{name}:*", "call": call} for name in services for call in range(1, 41)]
    local_aws.rehearse({"faults": faults}, account_id)


def _assert_no_secret(run: Run) -> None:
    for text in (run.stdout, json.dumps(run.results)):
        assert SECRET not in text
        assert TOKEN not in text


def _comparable(results: list[dict[str, Any]], *account_ids: str) -> list[dict[str, Any]]:
    """Return the results without values that differ between accounts, the form of failures, and the arguments.

    Modules return their arguments (`invocation`) up to ansible-core 2.20 only.
    """
    text = json.dumps(results)
    for number, account_id in enumerate(account_ids):
        text = text.replace(account_id, f"ACCOUNT{number}")
    ids = r'"(?:api_id|(?:canary_)?deployment_id|id|previous)": "([a-z0-9]{6,})"'
    for pattern in (ids, r"sha256:([0-9a-f]{64})", r'"version": "([0-9a-f]{16})"'):
        for number, name in enumerate(dict.fromkeys(re.findall(pattern, text))):
            text = text.replace(name, f"NAME{number}")
    text = re.sub(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ|latency: \d+ ms", "TIME", text)
    return [
        {key: value for key, value in result.items() if key not in ("exception", "invocation", "_ansible_no_log")}
        for result in json.loads(text)
    ]


def _outcome(result: dict[str, Any]) -> str:
    """Return the message of a failure, and nothing else."""
    return str(result["msg"]) if "msg" in result else CHANGED if result["changed"] else SAME
