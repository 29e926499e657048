# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""`make smoke-aws`, with a second local AWS instead of AWS.

The run deletes its resources, and its report shows how that AWS differs, without IDs and secrets.
"""

from __future__ import annotations

import json
import os
import re
import signal
import ssl
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from convergence import new_account_id
from integration.compiler.deployed import Api
from playbooks import ROOT
from smoke import comparison, questions
from smoke.comparison import Seen, compared
from smoke.report import Entry, Report, redact
from smoke.sides import options

PROGRAM = ROOT / "tests" / "smoke" / "aws.py"
REGION = "eu-central-1"
SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"  # the example of AWS's documentation
QUESTIONS = [f"Questions: {question.name}" for question in questions.QUESTIONS]


@dataclass(frozen=True)
class Account:
    """An account of the local AWS that stands for one of AWS, and the file of the report."""

    aws: Any
    id: str
    report: Path

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start the program with the key of the account, without confirming it."""
        return subprocess.Popen(
            [sys.executable, str(PROGRAM), REGION, "--patience", "0", "--report", str(self.report), *arguments],
            env={
                "PATH": os.defpath,
                "AWS_ENDPOINT_URL": self.aws.endpoint_url,
                "AWS_ACCESS_KEY_ID": self.id,
                "AWS_SECRET_ACCESS_KEY": SECRET,
                "AWS_EC2_METADATA_DISABLED": "true",
            },
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def run(self, *arguments: str, answer: str | None = None) -> tuple[int, str]:
        """Run the program. Return the exit code and the output. The default confirmation is the account ID."""
        process = self.start(*arguments)
        printed, _unused = process.communicate((answer or self.id) + "\n", timeout=120)
        return process.returncode, printed

    def client(self, service: str) -> Any:
        return self.aws.client(service, access_key=self.id)

    def named(self) -> list[str]:
        """Return the names of all APIs, tables and roles of the account."""
        apis = [api["name"] for api in self.client("apigateway").get_rest_apis()["items"]]
        roles = [role["RoleName"] for role in self.client("iam").list_roles()["Roles"]]
        return apis + roles + list(self.client("dynamodb").list_tables()["TableNames"])

    def ask(self, what: str, method: str = "GET", body: Any = None) -> Any:
        """Call an endpoint of the local AWS itself for this account, and return its JSON."""
        url = f"{self.aws.endpoint_url}/_local_aws/{what}?account={self.id}"
        data = json.dumps(body).encode() if body else None
        with urllib.request.urlopen(urllib.request.Request(url, data, method=method), timeout=30) as answer:
            return json.loads(answer.read() or "null")


@pytest.fixture
def account(local_aws: Any, tmp_path: Path) -> Iterator[Account]:
    made = Account(local_aws, new_account_id(), tmp_path / "smoke-aws.json")
    yield made
    made.ask("rehearsal", "DELETE")


def test_recipes_and_features_are_compared_and_their_resources_deleted(account: Account) -> None:
    for only in ("one item, or", "features of templates"):
        code, printed = account.run("--only", only)
        assert (code, printed.splitlines()[-2]) == (0, "No difference. Deleting all resources of the run."), printed
    asked = account.ask("calls")["operations"]
    assert asked["apigateway:CreateDeployment"] == asked["apigateway:DeleteRestApi"] == 2
    assert account.named() == []


def verdicts(account: Account) -> dict[str, str]:
    """Return the verdict of each question of the report."""
    return {entry["question"]: entry["verdict"] for entry in json.loads(account.report.read_text())["questions"]}


def test_questions_are_answered_as_the_collection_assumes(account: Account) -> None:
    code, printed = account.run("--only", "questions")
    assert (code, verdicts(account)) == (0, dict.fromkeys(QUESTIONS, "as expected")), printed
    assert [line for line in QUESTIONS if line not in printed] == []
    assert account.named() == []


@pytest.mark.parametrize(
    "word",
    ("additionalProperties", "pattern", "maxItems", "minItems", "minLength", "tags", "items: {}", "without a type"),
)
def test_the_first_import_has_each_word_of_a_schema_that_no_recording_shows(word: str) -> None:
    compiled = options("questions", questions.variables())["compiled"]
    found = {"items: {}": '"items": {}', "without a type": "Always null."}.get(word, f'"{word}":')
    assert found in json.dumps(json.loads(compiled)["definition"])


def test_the_report_shows_where_aws_behaves_otherwise_and_no_ids(account: Account) -> None:
    account.ask("rehearsal", "PUT", {"decoded_path_parameters": True, "null_results": True})
    code, printed = account.run("--only", "questions")
    different = [question for question, verdict in verdicts(account).items() if verdict != "as expected"]
    assert (code, different) == (
        1,
        ["Questions: how path parameters reach a template", "Questions: #set to a null that a method returns"],
    ), printed
    report = json.loads(account.report.read_text())
    assert report["ended"] == "2 differences."
    path = next(entry for entry in report["questions"] if entry["question"] == different[0])
    assert (path["expected"], path["verdict"]) == ("undecoded", "different, handled")
    assert path["answered"].startswith("decoded")
    assert account.id not in account.report.read_text()


def test_a_failed_first_deployment_ends_the_run(account: Account) -> None:
    arn = f"arn:aws:iam::{account.id}:role/boss is not authorized on /restapis/a1b2c3d4e5 by {SECRET}"
    refused = {"operation": "apigateway:CreateDeployment", "call": 1, "fault": "error", "status": 400}
    fault = {**refused, "code": "AccessDenied", "message": arn}
    account.ask("rehearsal", "PUT", {"faults": [fault]})
    code, printed = account.run()
    first, *others = json.loads(account.report.read_text())["questions"]
    assert (code, first["verdict"], {entry["verdict"] for entry in others}) == (1, "failed", {"not asked"}), printed
    assert len(others) > len(QUESTIONS)  # the comparisons are not made either
    assert "AccessDenied: arn:aws:iam::<account>:role/boss is not authorized on /restapis/<api>" in first["answered"]
    assert [text for text in (account.id, SECRET, "a1b2c3d4e5") if text in account.report.read_text()] == []
    assert account.named() == []


def test_warnings_of_an_import_are_reported_and_the_run_continues(account: Account) -> None:
    warning = "Warnings found during import:\n\tUnsupported model type 'x'"
    refused = {"operation": "apigateway:ImportRestApi", "call": 1, "fault": "error", "status": 400}
    account.ask("rehearsal", "PUT", {"faults": [{**refused, "code": "BadRequestException", "message": warning}]})
    code, printed = account.run("--only", "a second deployment")
    first, *others = json.loads(account.report.read_text())["questions"]
    assert first["verdict"] == "different, handled"
    assert first["answered"].startswith(warning)
    assert (code, {entry["verdict"] for entry in others}) == (1, {"as expected"}), printed


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("arn:aws:iam::123456789012:role/x", "arn:aws:iam::<account>:role/x"),
        ("account 1234567890123 is none", "account 1234567890123 is none"),
        ("execute-api:eu-central-1:123456789012:a1b2c3d4e5/test", "execute-api:eu-central-1:<account>:<api>/test"),
        ("execute-api:eu-central-1:********9012:a1b2c3d4e5/*", "execute-api:eu-central-1:<account>:<api>/*"),
        (
            "https://a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com/",
            "https://<api>.execute-api.eu-central-1.amazonaws.com/",
        ),
        ("/restapis/a1b2c3d4e5/stages", "/restapis/<api>/stages"),
        ("AKIAIOSFODNN7EXAMPLE", "<key>"),
        (f"key {SECRET}.", "key <secret>."),
        ("Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln", "Bearer <token>"),
        ("eu-central-1_AbCdEf123", "<user pool>"),
        ("Request ID: 0f1e2d3c-1111-2222-3333-444455556666", "Request ID: <uuid>"),
        ("from 203.0.113.7", "from <address>"),
        ("my-own-secret, my-own", "<secret>, my-own"),
        (
            '201 {"id":"new thing"}, Location /test/things/new%20thing',
            '201 {"id":"new thing"}, Location /test/things/new%20thing',
        ),
    ],
)
def test_ids_and_secrets_are_redacted(text: str, redacted: str) -> None:
    assert redact(text, {"my-own-secret": "<secret>"}) == redacted


def test_each_text_of_a_report_is_redacted(tmp_path: Path) -> None:
    report = Report(tmp_path / "new" / "report.json", {"region": "x 123456789012"}, {"alice": "<caller>"})
    report.hide_secrets([None, "test", "0123456789abcdef"])
    report.add(Entry(*["alice tests 0123456789abcdef on 123456789012"] * 5))
    written = report.path.read_text()
    assert [text for text in ("alice", "0123456789abcdef", "123456789012") if text in written] == []
    assert written.count("<caller> tests <secret> on <account>") == 5


def test_requests_to_aws_use_tls(local_aws: Any) -> None:
    with pytest.raises(ssl.SSLError):
        Api(local_aws.endpoint_url.replace("http:", "https:")).get("/")


def test_nothing_is_created_without_a_confirmation(account: Account) -> None:
    code, printed = account.run(answer="yes")
    assert (code, printed.splitlines()[-1].endswith("Nothing was created.")) == (2, True)
    assert f"Account {account.id}" in printed
    assert list(account.ask("calls")["operations"]) == ["sts:GetCallerIdentity"]


def test_an_error_of_aws_is_reported_and_all_resources_are_deleted(account: Account) -> None:
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
    assert "AWS: REST API: apigateway:CreateDeployment: Refused" in printed
    assert "1 difference." in printed
    assert account.named() == []


def test_an_interrupted_run_deletes_all_resources(account: Account) -> None:
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


def test_a_recipe_that_fails_is_a_difference_and_the_run_continues(account: Account) -> None:
    """The local AWS signs users in only for its first account, so this account fails."""
    code, printed = account.run("--only", "own")  # "Items owned by the caller", …, "Write your own template"
    assert (code, printed.count("InitiateAuth")) == (1, 1), printed
    assert "Write your own template" in printed
    assert account.named() == []


@pytest.mark.parametrize(
    ("theirs", "ours", "difference"),
    [
        (Seen(True, "200 a"), Seen(True, "200 b"), []),  # the page has `…` there
        (Seen(False, "500 c"), Seen(True, "200 b"), ["  GET /x\n    local: 200 b\n    AWS:   500 c"]),
        (Seen(False, "500 c"), Seen(False, "500 c"), []),
    ],
)
def test_a_difference_shows_both_responses(theirs: Seen, ours: Seen, difference: list[str]) -> None:
    assert list(compared("GET /x", [lambda: theirs, lambda: ours], patience=0)) == difference


def test_a_response_that_becomes_consistent_is_no_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comparison, "PAUSE", 0)
    answers = iter([Seen(False, "500", final=False), Seen(True, "200")])
    assert list(compared("GET /x", [lambda: next(answers), lambda: Seen(True, "200")], patience=60)) == []


def test_a_request_that_could_do_harm_is_not_repeated() -> None:
    answers = iter([Seen(False, "409"), Seen(True, "200")])
    assert len(list(compared("POST /x", [lambda: next(answers), lambda: Seen(True, "200")], patience=60))) == 1


def test_the_resources_of_a_killed_run_are_deleted_by_its_name(account: Account) -> None:
    for name in ("codeless-smoke-1a2b3c4d-01-orders", "codeless-smoke-other-orders", "orders"):
        account.client("dynamodb").create_table(
            TableName=name,
            BillingMode="PAY_PER_REQUEST",
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        )
    code, printed = account.run("--remove", "codeless-smoke-1a2b3c4d")
    assert (code, printed) == (0, "All resources of codeless-smoke-1a2b3c4d are deleted.\n")
    assert sorted(account.named()) == ["codeless-smoke-other-orders", "orders"]
    code, printed = account.run("--remove", "orders")
    assert (code, bool(re.search("begins with codeless-smoke-", printed))) == (2, True)
    assert "orders" in account.named()
