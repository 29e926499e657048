# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Verify an API like a user: with playbooks/verify.yml, and with both modules in other playbooks."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from convergence import Account, new_account_id
from integration.modules.serving import ROUTES, TABLE, Api, serve
from playbooks import ROOT, Run, run_playbook

SECRET = "not-for-your-eyes"


@pytest.fixture
def account_id() -> str:
    return new_account_id()


@pytest.fixture
def api(local_aws: Any, account_id: str) -> Api:
    return serve(Account(lambda service: local_aws.client(service, access_key=account_id)))


class User:
    """Runs playbooks in one account, with a description of the API in a file."""

    def __init__(self, local_aws: Any, account_id: str, directory: Path) -> None:
        self.endpoint_url = local_aws.endpoint_url
        self.keys = {"AWS_ACCESS_KEY_ID": account_id}
        self.description = directory / "api.yml"
        self.describe(ROUTES)

    def describe(self, routes: list[dict[str, Any]]) -> None:
        described = {"name": "things", "tables": [TABLE], "routes": routes, "cors": False}
        text = yaml.safe_dump({f"service_proxy_{name}": value for name, value in described.items()})
        self.description.write_text(text, encoding="utf-8")

    def verify(self, stage: str = "live", **how: Any) -> Run:
        variables = {"stage": stage, "api": str(self.description)}
        return run_playbook(ROOT / "playbooks/verify.yml", self.endpoint_url, variables, environment=self.keys, **how)

    def run(self, *tasks: dict[str, Any], **variables: Any) -> Run:
        once = {f"codeless.apigateway.{module}": {"attempts": 1} for module in ("verify", "test_invoke")}
        play = {"hosts": "localhost", "connection": "local", "gather_facts": False, "tasks": list(tasks)}
        play["module_defaults"] = once
        return run_playbook(json.dumps([play]), self.endpoint_url, variables, environment=self.keys)


@pytest.fixture
def user(local_aws: Any, account_id: str, tmp_path: Path) -> User:
    return User(local_aws, account_id, tmp_path)


def stored(api: Api) -> int:
    return int(api.account.make_client("dynamodb").scan(TableName="things")["Count"])


def test_a_stage_is_verified_by_the_names_of_the_api_and_the_stage(api: Api, user: User) -> None:
    planned = user.verify(check=True, diff=True)
    assert (planned.rc, planned.recap["changed"], stored(api)) == (0, 0, 0)
    done = user.verify()
    assert (done.rc, done.recap["changed"], stored(api)) == (0, 0, 1), done.stdout
    assert "things returns the expected responses: PUT /things/a, GET /things/a, GET /things/b%2Fc%20d" in done.stdout


def test_a_stage_that_answers_otherwise_fails_the_run_with_all_that_is_wrong(api: Api, user: User) -> None:
    api.forbid("PutItem")
    role = {"name": "codeless.apigateway.service_proxy", "tasks_from": "verify"}
    described = yaml.safe_load(user.description.read_text(encoding="utf-8"))
    failed = user.run({"import_role": role}, service_proxy_stage="live", **described)
    assert (failed.rc, failed.recap["failures"], failed.recap["changed"]) == (2, 1, 0)
    message = failed.result("codeless.apigateway.service_proxy : Verify the stage")["msg"]
    assert [line for line in message.split("\n") if not line.startswith("    response: ")] == [
        f"2 of 3 requests to {api.url} did not get the expected response:",
        "- PUT /things/a answers 204 (route PUT /things/{id})",
        "    status: expected 204, got 500",
        "- what was put: GET /things/a (route GET /things/{id})",
        "    status: expected 200, got 404",
    ]


@pytest.mark.usefixtures("api")
def test_a_missing_stage_is_an_error(user: User) -> None:
    assert 'stage "prod" does not exist. Existing stages: ' in failure(user.verify(stage="prod"))


@pytest.mark.usefixtures("api")
def test_verification_without_expectations_succeeds_and_says_so(user: User) -> None:
    user.describe([{"route": "GET /things/{id}", "action": "GetItem"}])
    run = user.verify()
    assert (run.rc, run.recap["changed"]) == (0, 0)
    assert "No route of things has the key `expect`, so no request was sent and nothing was verified." in run.stdout


def failure(run: Run) -> str:
    assert (run.rc, run.recap["failures"]) == (2, 1)
    return run.stdout


def test_both_modules_give_the_same_within_ansibles_process_and_in_one_of_their_own(api: Api, user: User) -> None:
    """Up to ansible-core 2.20, modules in a separate process return their arguments, without secrets."""
    headers = {"Authorization": f"Bearer {SECRET}"}
    good = [{**one, "headers": headers} for one in api.expectations]
    bad = [{**good[1], "status": 418}, {**good[2], "answer": {"message": "ours"}}]
    stage, draft = {"invoke_url": api.url}, {"api_name": "things"}
    tasks = [
        {"name": f"{module} {number}", f"codeless.apigateway.{module}": {**where, **what}, "ignore_errors": True}
        for module, where in (("verify", stage), ("test_invoke", draft))
        for number, what in enumerate(({"requests": good}, {"requests": bad}, {"requests": [{}]}))
    ]
    runs = [user.run(*tasks, codeless_apigateway_in_process=here) for here in (True, False)]
    for run in runs:
        assert (run.rc, run.recap["changed"], run.recap["ignored"]) == (0, 0, 4)
        assert SECRET not in run.stdout + json.dumps(run.results)
    here, apart = ([comparable(result) for result in run.results] for run in runs)
    assert here == apart
    asked = ["PUT /things/a", "GET /things/a", "GET /things/b%2Fc%20d"]
    assert [result["asked"] for result in here if "asked" in result] == [asked, asked]
    for result in (here[1], here[4]):
        assert "status: expected 418, got 200" in result["msg"]
        assert 'answer.message: expected "ours", got ' in result["msg"]
    assert here[2]["msg"] == here[5]["msg"] == "missing required arguments: path, status found in requests"


def comparable(result: dict[str, Any]) -> dict[str, Any]:
    """Return a result without the arguments, the form of failures, and times."""
    left_out = ("exception", "invocation", "_ansible_no_log")
    text = json.dumps({name: value for name, value in result.items() if name not in left_out})
    return dict(json.loads(re.sub(r"latency: \d+ ms", "latency", text)))
