# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""`make smoke-aws`, rehearsed with a second embedded AWS in the place of AWS: it leaves nothing behind."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from convergence import new_account_id
from playbooks import ROOT
from smoke import comparison
from smoke.comparison import Seen, compared

PROGRAM = ROOT / "tests" / "smoke" / "aws.py"
REGION = "eu-central-1"


@dataclass(frozen=True)
class Account:
    """An account of the embedded AWS that stands for one of AWS."""

    aws: Any
    id: str

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start the program under the account's key, and answer nothing yet."""
        return subprocess.Popen(
            [sys.executable, str(PROGRAM), REGION, "--patience", "0", *arguments],
            env={
                "PATH": os.defpath,
                "AWS_ENDPOINT_URL": self.aws.endpoint_url,
                "AWS_ACCESS_KEY_ID": self.id,
                "AWS_SECRET_ACCESS_KEY": "test",
                "AWS_EC2_METADATA_DISABLED": "true",
            },
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def run(self, *arguments: str, answer: str | None = None) -> tuple[int, str]:
        """Run it to its end: the exit code, and what it prints. The answer to its question is the account's number."""
        process = self.start(*arguments)
        printed, _unused = process.communicate((answer or self.id) + "\n", timeout=120)
        return process.returncode, printed

    def client(self, service: str) -> Any:
        return self.aws.client(service, access_key=self.id)

    def named(self) -> list[str]:
        """The names of all APIs, tables and roles of the account."""
        apis = [api["name"] for api in self.client("apigateway").get_rest_apis()["items"]]
        roles = [role["RoleName"] for role in self.client("iam").list_roles()["Roles"]]
        return apis + roles + list(self.client("dynamodb").list_tables()["TableNames"])

    def ask(self, what: str, method: str = "GET", body: Any = None) -> Any:
        """Ask the embedded AWS about its own matters, for this account."""
        url = f"{self.aws.endpoint_url}/_local_aws/{what}?account={self.id}"
        data = json.dumps(body).encode() if body else None
        with urllib.request.urlopen(urllib.request.Request(url, data, method=method), timeout=30) as answer:
            return json.loads(answer.read() or "null")


@pytest.fixture
def account(local_aws: Any) -> Iterator[Account]:
    made = Account(local_aws, new_account_id())
    yield made
    made.ask("rehearsal", "DELETE")


def test_recipes_and_features_are_asked_on_both_sides_and_nothing_is_left(account: Account) -> None:
    for only in ("one item, or", "features of templates"):
        code, printed = account.run("--only", only)
        assert (code, printed.splitlines()[-2]) == (0, "No difference. Taking away what was made."), printed
    asked = account.ask("calls")["operations"]
    assert asked["apigateway:CreateDeployment"] == asked["apigateway:DeleteRestApi"] == 2
    assert account.named() == []


def test_nothing_is_made_unless_the_account_is_named(account: Account) -> None:
    code, printed = account.run(answer="yes")
    assert (code, printed.splitlines()[-1].endswith("Nothing was made.")) == (2, True)
    assert f"Account {account.id}" in printed
    assert list(account.ask("calls")["operations"]) == ["sts:GetCallerIdentity"]


def test_what_aws_refuses_is_told_and_all_is_taken_away(account: Account) -> None:
    refused = {
        "operation": "apigateway:CreateDeployment",
        "call": 1,
        "fault": "error",
        "status": 400,
        "code": "Refused",
    }
    account.ask("rehearsal", "PUT", {"faults": [refused]})
    code, printed = account.run("--only", "one item, or")
    assert code == 1
    assert "AWS: apigateway:CreateDeployment: Refused" in printed
    assert "1 difference." in printed
    assert account.named() == []


def test_a_run_that_is_interrupted_takes_all_away(account: Account) -> None:
    halt = {"operation": "apigateway:ImportRestApi", "call": 1, "fault": "halt", "after": True}
    account.ask("rehearsal", "PUT", {"faults": [halt]})
    process = account.start("--only", "one item, or")
    assert process.stdin
    process.stdin.write(account.id + "\n")
    process.stdin.flush()
    while not account.ask("rehearsal")["halted"]:
        assert process.poll() is None
    process.send_signal(signal.SIGTERM)
    account.ask("rehearsal", "DELETE")
    printed, _unused = process.communicate(timeout=60)
    assert (process.returncode, "Interrupted." in printed) == (2, True), printed
    assert account.named() == []


def test_a_recipe_that_fails_is_a_difference_and_the_run_goes_on(account: Account) -> None:
    """The embedded AWS signs users in for its first account alone, so that this account fails."""
    code, printed = account.run("--only", "own")  # "Each caller's own items", …, "A template of your own"
    assert (code, printed.count("InitiateAuth")) == (1, 1), printed
    assert "A template of your own" in printed
    assert account.named() == []


@pytest.mark.parametrize(
    ("theirs", "ours", "told"),
    [
        (Seen(True, "200 a"), Seen(True, "200 b"), []),  # the page has `…` there
        (Seen(False, "500 c"), Seen(True, "200 b"), ["  GET /x\n    embedded: 200 b\n    AWS:      500 c"]),
        (Seen(False, "500 c"), Seen(False, "500 c"), []),
    ],
)
def test_a_difference_is_told_with_both_answers(theirs: Seen, ours: Seen, told: list[str]) -> None:
    assert list(compared("GET /x", [lambda: theirs, lambda: ours], patience=0)) == told


def test_what_aws_comes_to_agree_with_is_no_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comparison, "PAUSE", 0)
    answers = iter([Seen(False, "500", final=False), Seen(True, "200")])
    assert list(compared("GET /x", [lambda: next(answers), lambda: Seen(True, "200")], patience=60)) == []


def test_a_request_that_could_do_harm_is_not_repeated() -> None:
    answers = iter([Seen(False, "409"), Seen(True, "200")])
    assert len(list(compared("POST /x", [lambda: next(answers), lambda: Seen(True, "200")], patience=60))) == 1


def test_what_a_killed_run_has_left_is_removed_by_its_name(account: Account) -> None:
    for name in ("codeless-smoke-1a2b3c4d-01-orders", "codeless-smoke-other-orders", "orders"):
        account.client("dynamodb").create_table(
            TableName=name,
            BillingMode="PAY_PER_REQUEST",
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        )
    code, printed = account.run("--remove", "codeless-smoke-1a2b3c4d")
    assert (code, printed) == (0, "Nothing is left of codeless-smoke-1a2b3c4d.\n")
    assert sorted(account.named()) == ["codeless-smoke-other-orders", "orders"]
    code, printed = account.run("--remove", "orders")
    assert (code, bool(re.search("begins with codeless-smoke-", printed))) == (2, True)
    assert "orders" in account.named()
