# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The job templates for AWX, run with ansible-runner, which AWX uses, in the layout of AWX.

The layout is a project directory, only AWS keys in `env/envvars`, the answers to the survey in `env/extravars`, and the
artifacts of the job. All answers are strings; an optional question without an answer has an empty string.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from convergence import new_account_id
from playbooks import ROOT

PATTERN = ROOT / "extensions/patterns/dynamodb_rest_api"
DEFINITION: dict[str, Any] = json.loads((PATTERN / "meta/pattern.json").read_text(encoding="utf-8"))
TEMPLATES: dict[str, dict[str, Any]] = {
    template["playbook"].removesuffix(".yml"): template
    for template in DEFINITION["aap_resources"]["controller_job_templates"]
}
ORDERS: dict[str, Any] = {
    "service_proxy_name": "orders",
    "service_proxy_tables": [{"name": "orders", "hash_key": "id", "attributes": {"id": "S", "total": "N"}}],
    "service_proxy_routes": [
        {
            "route": "GET /orders/{id}",
            "action": "GetItem",
            "expect": {"path": {"id": "1"}, "status": 200, "answer": {"total": 7}},
        }
    ],
    "service_proxy_items": {"orders": [{"id": "1", "total": 7}]},
}
NOTHING: dict[str, list[str]] = {"tables": [], "roles": [], "apis": []}


def program(name: str) -> str:
    return str(Path(sys.executable).with_name(name))


@dataclass(frozen=True)
class Job:
    """The data that AWX stores about a job: the status, the output, the recap of localhost, and the artifacts."""

    status: str
    stdout: str
    changed: int
    artifacts: Mapping[str, Any]


@dataclass
class Awx:
    """An inventory with localhost, a credential, and a project with the pattern's playbooks and one API."""

    aws: Any
    account: str
    directory: Path
    jobs: int = 0

    def __post_init__(self) -> None:
        shutil.copytree(PATTERN / "playbooks", self.project / "playbooks")
        self.describe(ORDERS)

    @property
    def project(self) -> Path:
        return self.directory / "project"

    def describe(self, api: Mapping[str, Any]) -> None:
        """Commit another description of the API to the project."""
        _write(self.project / "apis/orders.yml", yaml.safe_dump(dict(api)))

    def launch(self, template: str, job_type: str = "run", **answers: Any) -> Job:
        """Launch a job template with these answers to its survey, in Frankfurt and for the API `orders`."""
        self.jobs += 1
        job = self.directory / f"job-{self.jobs}"
        self._lay_out(job, {"region": "eu-central-1", "api": "apis/orders.yml", **answers}, job_type)
        command = [program("ansible-runner"), "run", str(job), "--ident", "1", "-p", f"playbooks/{template}.yml"]
        subprocess.run(command, env=_environment(self.directory), capture_output=True, check=False)
        return _read(job / "artifacts/1")

    def _lay_out(self, job: Path, answers: Mapping[str, Any], job_type: str) -> None:
        shutil.copytree(self.project, job / "project")
        _write(job / "inventory/hosts", "localhost ansible_connection=local\n")
        _write(job / "env/extravars", json.dumps(dict(answers)))
        _write(job / "env/cmdline", "--check --diff" if job_type == "check" else "")
        _write(job / "env/envvars", json.dumps(self._variables()))

    def _variables(self) -> dict[str, str]:
        """Return the variables of the credential, and those that replace an execution environment."""
        return {
            "AWS_ACCESS_KEY_ID": self.account,
            "AWS_SECRET_ACCESS_KEY": "no-secret-at-all",
            "AWS_ENDPOINT_URL": self.aws.endpoint_url,
            "AWS_EC2_METADATA_DISABLED": "true",
            "ANSIBLE_COLLECTIONS_PATH": str(ROOT / "collections"),
        }

    def client(self, service: str) -> Any:
        return self.aws.client(service, access_key=self.account)

    def made(self) -> dict[str, list[str]]:
        return {
            "tables": self.client("dynamodb").list_tables()["TableNames"],
            "roles": [role["RoleName"] for role in self.client("iam").list_roles()["Roles"]],
            "apis": [api["name"] for api in self.client("apigateway").get_rest_apis()["items"]],
        }

    def newest_deployment(self) -> str:
        """Return the ID of the latest deployment of the only API."""
        (api,) = self.client("apigateway").get_rest_apis()["items"]
        deployments = self.client("apigateway").get_deployments(restApiId=api["id"])["items"]
        return str(max(deployments, key=lambda one: one["createdDate"])["id"])


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _environment(home: Path) -> dict[str, str]:
    return {"PATH": f"{Path(sys.executable).parent}:{os.defpath}", "HOME": str(home), "LANG": "C.UTF-8"}


def _read(artifacts: Path) -> Job:
    events = [json.loads(path.read_text(encoding="utf-8")) for path in (artifacts / "job_events").glob("*.json")]
    stats = [event["event_data"] for event in events if event["event"] == "playbook_on_stats"]
    return Job(
        (artifacts / "status").read_text(encoding="utf-8"),
        (artifacts / "stdout").read_text(encoding="utf-8"),
        sum(count for one in stats for count in one["changed"].values()),
        stats[0].get("artifact_data", {}) if stats else {},
    )


@pytest.fixture
def awx(local_aws: Any, tmp_path: Path) -> Iterator[Awx]:
    yield Awx(local_aws, new_account_id(), tmp_path)


def successful(job: Job) -> Job:
    assert job.status == "successful", job.stdout
    return job


def total(invoke_url: str) -> int:
    """Return the response of the deployed API for the only order."""
    with urllib.request.urlopen(f"{invoke_url}/orders/1", timeout=30) as answer:
        return int(json.load(answer)["total"])


def test_plan_deploy_and_verify_as_jobs_of_a_workflow(awx: Awx) -> None:
    planned = successful(awx.launch("plan", stage="test"))
    assert set(planned.artifacts) == {"service_proxy_plan"}  # and no outputs, which would hide those of the deployment
    assert planned.artifacts["service_proxy_plan"]["calls"][0] == "dynamodb:CreateTable"
    assert f"REST API orders, stage test, account {awx.account}, Region eu-central-1, " in planned.stdout
    assert awx.made() == NOTHING

    deployed = successful(awx.launch("deploy", stage="test", **planned.artifacts))
    outputs = deployed.artifacts["service_proxy_outputs"]
    assert total(outputs["invoke_url"]) == 7
    assert successful(awx.launch("plan", stage="test")).artifacts["service_proxy_plan"] == {
        "summary": "nothing to change",
        "changes": [],
        "calls": [],
    }
    assert successful(awx.launch("verify", stage="test", attempts="1")).changed == 0

    checked = successful(awx.launch("deploy", job_type="check", stage="prod", **deployed.artifacts))
    assert (checked.changed > 0, checked.artifacts) == (True, {})
    second = successful(awx.launch("deploy", stage="prod", **deployed.artifacts))
    assert second.artifacts["service_proxy_outputs"]["stage"] == "prod"
    assert f"URL: {second.artifacts['service_proxy_outputs']['invoke_url']}" in second.stdout


def test_promote_roll_back_and_destroy_with_the_answers_of_their_surveys(awx: Awx) -> None:
    strings = {"service_proxy_keep_deployments": "3", "service_proxy_tracing_enabled": "true"}
    assert successful(awx.launch("deploy", stage="test", **strings)).changed > 0
    assert successful(awx.launch("deploy", stage="test", **strings)).changed == 0
    promoted = successful(awx.launch("promote", **{"from": "test", "to": "prod"})).artifacts["service_proxy_moved"]
    assert (promoted["stage"], promoted["changed"], total(promoted["invoke_url"])) == ("prod", True, 7)

    awx.describe({**ORDERS, "service_proxy_routes": [{**ORDERS["service_proxy_routes"][0], "consistent": True}]})
    second = successful(awx.launch("deploy", stage="prod")).artifacts["service_proxy_outputs"]
    back = successful(awx.launch("rollback", stage="prod", deployment="")).artifacts["service_proxy_moved"]
    assert back["changed"]
    assert (back["deployment_id"], second["deployment_id"]) == (promoted["deployment_id"], awx.newest_deployment())

    successful(awx.launch("destroy", stage="test", confirm="orders", destroy_tables="true"))
    assert awx.made()["tables"] == ["orders"]
    successful(awx.launch("destroy", stage="prod", confirm="orders", destroy_tables="false"))
    assert awx.made() == {**NOTHING, "tables": ["orders"]}
    successful(awx.launch("destroy", stage="prod", confirm="orders", destroy_tables="true", destroy_items="true"))
    assert awx.made() == NOTHING


def test_a_template_with_the_description_in_its_variables_needs_no_file(awx: Awx) -> None:
    """Return the extra variables of the template. For a job, those of the inventory are the same."""
    quiet = {**ORDERS, "service_proxy_routes": [{"route": "GET /orders/{id}", "action": "GetItem"}]}
    successful(awx.launch("deploy", stage="prod", api="", **quiet))
    assert awx.made()["apis"] == ["orders"]
    verified = successful(awx.launch("verify", stage="prod", api="", **quiet))
    assert "no request was sent and nothing was verified" in verified.stdout
    refused = awx.launch("deploy", stage="prod", **quiet)
    assert refused.status == "failed" and "Two sources describe an API: api=apis/orders.yml, and " in refused.stdout
    assert "Nothing describes an API for the host localhost." in awx.launch("deploy", stage="prod", api="").stdout


def test_each_survey_asks_what_its_playbook_takes() -> None:
    playbooks = {path.stem for path in (PATTERN / "playbooks").glob("*.yml") if not path.stem.endswith(".meta")}
    assert playbooks == set(TEMPLATES)
    for name, template in TEMPLATES.items():
        text = (PATTERN / f"playbooks/{name}.meta.yml").read_text(encoding="utf-8")
        options = yaml.safe_load(text)["argument_specs"][name]["options"]
        questions = {question["variable"]: question for question in template["survey"]["spec"]}
        assert set(questions) == set(options)
        assert {name for name in options if options[name].get("required")} <= {
            name for name, question in questions.items() if question["required"]
        }


def test_the_execution_environment_is_accepted_and_brings_the_aws_sdk(tmp_path: Path) -> None:
    definition = PATTERN / "exec_env/execution-environment.yml"
    create = [program("ansible-builder"), "create", "-f", str(definition), "-c", str(tmp_path)]
    subprocess.run(create, check=True, capture_output=True)
    assert "codeless.apigateway" in (tmp_path / "_build/requirements.yml").read_text(encoding="utf-8")

    introspect = [program("ansible-builder"), "introspect", str(ROOT / "collections")]
    found = subprocess.run(introspect, check=True, capture_output=True, text=True).stdout
    assert [line.split(">")[0] for line in yaml.safe_load(found)["python"]] == ["boto3", "botocore"]
