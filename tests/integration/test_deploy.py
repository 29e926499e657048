# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Deploy with the playbooks like a user, on the local AWS, and send requests to the deployed APIs."""

from __future__ import annotations

import itertools
import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from integration.two_versions import Site
from playbooks import ROOT, Run, in_a_file, run_playbook

EXAMPLE: dict[str, Any] = yaml.safe_load((ROOT / "playbooks/vars/example.yml").read_text(encoding="utf-8"))
COUNTED = {"route": "GET /{id}", "action": "Query", "limit": 1}
MEANT = {"service_proxy_confirm_destroy": "example"}
POLICY = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "execute-api:/*"},
    ],
}
HOSTILE = 'x"}},"Select":"COUNT'
_accounts = itertools.count(100000000001)


@dataclass
class Account:
    """An account of the local AWS, empty at the start of each test."""

    aws: Any
    id: str
    directory: Path

    def client(self, service: str) -> Any:
        return self.aws.client(service, access_key=self.id)

    def run(self, playbook: str, *, check: bool = False, diff: bool = False, **extra: Any) -> Run:
        """Run a playbook of the collection, by default for the stage `dev`."""
        variables = {"stage": "dev", "service_proxy_build_directory": str(self.directory / "build"), **extra}
        if playbook != "deploy.yml" or set(extra) & set(EXAMPLE):
            variables = in_a_file(variables, self.directory)
        environment = {"AWS_ACCESS_KEY_ID": self.id}
        return run_playbook(
            ROOT / playbook, self.aws.endpoint_url, variables, check=check, diff=diff, environment=environment
        )

    def deploy(self, **how: Any) -> Run:
        return succeeded(self.run("deploy.yml", **how))

    def outputs(self, name: str = "example", stage: str = "dev") -> dict[str, Any]:
        text = (self.directory / "build" / name / stage / "outputs.json").read_text(encoding="utf-8")
        return dict(json.loads(text))

    def made(self) -> dict[str, list[str]]:
        """Return the names of all resources that deployments created."""
        return {
            "tables": self.client("dynamodb").list_tables()["TableNames"],
            "roles": [role["RoleName"] for role in self.client("iam").list_roles()["Roles"]],
            "apis": [api["name"] for api in self.client("apigateway").get_rest_apis()["items"]],
        }


REGION = "No Region is set: give the option `region`, or set AWS_REGION, or a region in the AWS profile."
CREDENTIALS = "No credentials were found: "
NOTHING: dict[str, list[str]] = {"tables": [], "roles": [], "apis": []}


@pytest.fixture
def account(local_aws: Any, tmp_path: Path) -> Iterator[Account]:
    yield Account(local_aws, str(next(_accounts)), tmp_path)


def succeeded(run: Run) -> Run:
    assert run.rc == 0, run.stdout + run.stderr
    return run


def get(url: str, *path: str, **query: str) -> tuple[int, Any, Mapping[str, str]]:
    """Send a GET request. Return status, JSON and headers. Each segment of the path is percent-encoded."""
    target = "/".join([url, *(urllib.parse.quote(part, safe="") for part in path)])
    if query:
        target += "?" + urllib.parse.urlencode(query)
    try:
        with urllib.request.urlopen(target, timeout=30) as answer:
            return answer.status, json.load(answer), answer.headers
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read()), error.headers


def test_the_example_from_nothing_to_an_answer_and_back(account: Account) -> None:
    planned = account.deploy(check=True, diff=True)
    assert account.made() == NOTHING
    assert "route GET /{id}" in planned.stdout and " lines)" in planned.stdout  # the new templates by their length

    first = account.deploy()
    assert changing_calls(first) == changing_calls(planned)
    assert account.made() == {
        "tables": ["example"],
        "roles": ["example-dynamodb-eu-central-1"],
        "apis": ["example"],
    }

    url = account.outputs()["invoke_url"]
    status, answer, headers = get(url, "config")
    assert (status, headers["Access-Control-Allow-Origin"]) == (200, "*")
    assert answer == {
        "items": [item for item in EXAMPLE["service_proxy_items"]["example"] if item["id"] == "config"],
        "count": 2,
    }
    assert get(url, "unknown")[:2] == (200, {"items": [], "count": 0})

    assert account.deploy().recap["changed"] == 0
    assert account.deploy(check=True, diff=True).recap["changed"] == 0

    assert succeeded(account.run("playbooks/destroy.yml", **MEANT)).recap["changed"] > 0
    assert account.made() == {**NOTHING, "tables": ["example"]}
    assert succeeded(account.run("playbooks/destroy.yml")).recap["changed"] == 0
    with_items = {"service_proxy_destroy_tables": True, "service_proxy_destroy_items": True}
    succeeded(account.run("playbooks/destroy.yml", **MEANT, **with_items))
    assert account.made() == NOTHING


def changing_calls(run: Run) -> list[str]:
    """Return the changing calls in the results of a run, in their order, including each round of a loop."""
    rounds = [turn for result in run.results for turn in result.get("results", [result])]
    return [call for turn in rounds for call in turn.get("calls", [])]


def test_a_hostile_id_reaches_dynamodb_as_that_very_string(account: Account) -> None:
    account.deploy()
    url = account.outputs()["invoke_url"]
    assert get(url, HOSTILE)[:2] == (200, {"items": [], "count": 0})
    item = {"id": {"S": HOSTILE}, "range": {"S": "found"}}
    account.client("dynamodb").put_item(TableName="example", Item=item)
    assert get(url, HOSTILE)[1]["items"] == [{"id": HOSTILE, "range": "found"}]


def test_a_changed_template_is_deployed_once_and_only_once(account: Account) -> None:
    account.deploy()
    before = account.outputs()
    changed = {"service_proxy_routes": [{"route": "GET /{id}", "action": "Query", "limit": 1}]}

    planned = account.deploy(check=True, **changed)
    assert get(before["invoke_url"], "config")[1]["count"] == 2
    assert deployments(account, before) == 1

    made = account.deploy(**changed)
    assert changing_calls(made) == changing_calls(planned)
    assert changing_calls(made) == ["apigateway:PutRestApi", "apigateway:CreateDeployment", "apigateway:UpdateStage"]
    assert get(before["invoke_url"], "config")[1]["count"] == 1
    assert account.outputs()["deployment_id"] != before["deployment_id"]
    assert account.outputs()["invoke_url"] == before["invoke_url"]

    assert account.deploy(**changed).recap["changed"] == 0
    assert deployments(account, before) == 2


def deployments(account: Account, outputs: Mapping[str, Any]) -> int:
    return len(account.client("apigateway").get_deployments(restApiId=outputs["api_id"])["items"])


def test_a_change_made_by_hand_is_repaired_and_live_traffic_keeps_its_answer(account: Account) -> None:
    account.deploy()
    outputs = account.outputs()
    gateway = account.client("apigateway")
    resources = gateway.get_resources(restApiId=outputs["api_id"])["items"]
    route = next(resource["id"] for resource in resources if resource["path"] == "/{id}")
    gateway.delete_method(restApiId=outputs["api_id"], resourceId=route, httpMethod="GET")

    repaired = account.deploy(diff=True)
    assert changing_calls(repaired) == ["apigateway:PutRestApi"]
    assert "GET /{id}" in repaired.stdout
    assert account.outputs() == outputs
    assert account.deploy().recap["changed"] == 0


def test_a_second_stage_shares_the_api_and_survives_the_first(account: Account) -> None:
    account.deploy()
    account.deploy(stage="prod")
    assert account.outputs()["api_id"] == account.outputs(stage="prod")["api_id"]
    succeeded(account.run("playbooks/destroy.yml", **MEANT))
    assert get(account.outputs(stage="prod")["invoke_url"], "config")[1]["count"] == 2
    succeeded(account.run("playbooks/destroy.yml", stage="prod", **MEANT))
    assert account.made() == {**NOTHING, "tables": ["example"]}


def test_a_permission_is_removed_when_no_deployment_of_a_stage_needs_it(account: Account) -> None:
    account.deploy(stage="prod")
    prod = account.outputs(stage="prod")["invoke_url"]
    keep = {"service_proxy_keep_deployments": 1}
    by_key = {"service_proxy_routes": [{"route": "GET /{id}/{range}", "action": "GetItem"}], **keep}

    planned = account.deploy(check=True, **by_key)
    assert changing_calls(account.deploy(**by_key)) == changing_calls(planned)
    assert get(account.outputs()["invoke_url"], "config", "colour")[1]["value"] == "blue"
    assert get(prod, "config")[1]["count"] == 2
    assert granted(account) == {"dynamodb:GetItem", "dynamodb:Query"}
    assert account.deploy(**by_key).recap["changed"] == 0

    planned = account.deploy(check=True, stage="prod", **by_key)
    made = account.deploy(stage="prod", **by_key)
    assert changing_calls(made) == changing_calls(planned) == ["apigateway:UpdateStage"]
    assert granted(account) == {"dynamodb:GetItem", "dynamodb:Query"}  # for going back
    assert account.deploy(**by_key).recap["changed"] == 0

    scan = {"service_proxy_routes": [{"route": "GET /", "action": "Scan"}], **keep}
    account.deploy(**scan)
    assert granted(account) == {"dynamodb:GetItem", "dynamodb:Query", "dynamodb:Scan"}
    planned = account.deploy(check=True, stage="prod", **scan)
    made = account.deploy(stage="prod", **scan)
    expected = ["apigateway:DeleteDeployment", "apigateway:UpdateStage", "iam:PutRolePolicy"]
    assert changing_calls(made) == changing_calls(planned) == expected
    assert granted(account) == {"dynamodb:GetItem", "dynamodb:Scan"}
    assert account.deploy(**scan).recap["changed"] == 0


def test_an_index_is_removed_when_no_deployment_of_a_stage_needs_it(account: Account) -> None:
    table = {**EXAMPLE["service_proxy_tables"][0], "attributes": {"id": "S", "range": "S", "value": "S"}}
    index = {"name": "by_value", "hash_key": "value"}
    route = {"route": "GET /values/{value}", "action": "Query", "index": "by_value"}
    with_index = {"service_proxy_tables": [{**table, "indexes": [index]}], "service_proxy_routes": [route]}
    with_index["service_proxy_items"] = {"example": [{"id": "a", "range": "b", "value": "blue"}]}
    with_index.update(service_proxy_purge_indexes=True, service_proxy_keep_deployments=2)
    account.deploy(**with_index)
    url = account.outputs()["invoke_url"]
    assert get(url, "values", "blue")[1]["count"] == 1

    without = {**with_index, "service_proxy_tables": [{**table, "indexes": []}]}
    query = {**without, "service_proxy_routes": [COUNTED]}
    assert "dynamodb:UpdateTable" not in changing_calls(account.deploy(**query))
    assert account.deploy(**query).recap["changed"] == 0
    succeeded(account.run("playbooks/rollback.yml"))
    assert get(url, "values", "blue")[1]["count"] == 1
    account.deploy(**query)

    by_key = {**without, "service_proxy_routes": [{"route": "GET /{id}/{range}", "action": "GetItem"}]}
    assert "dynamodb:UpdateTable" not in changing_calls(account.deploy(**by_key))
    scan = {**without, "service_proxy_routes": [{"route": "GET /", "action": "Scan"}]}
    planned = account.deploy(check=True, **scan)
    made = account.deploy(**scan)
    assert changing_calls(made) == changing_calls(planned)
    assert changing_calls(made)[-3:] == ["apigateway:UpdateStage", "iam:PutRolePolicy", "dynamodb:UpdateTable"]
    assert account.deploy(**scan).recap["changed"] == 0


def granted(account: Account) -> set[str]:
    """Return the actions that the execution role allows."""
    iam = account.client("iam")
    policy = iam.get_role_policy(RoleName="example-dynamodb-eu-central-1", PolicyName="dynamodb-proxy")
    return {action for statement in policy["PolicyDocument"]["Statement"] for action in statement["Action"]}


def expecting(count: int) -> dict[str, Any]:
    """Return the route of the example with another limit, and its expected response."""
    return {**COUNTED, "expect": {"path": {"id": "config"}, "status": 200, "answer": {"count": count}}}


def test_a_draft_that_answers_otherwise_never_gets_to_the_stage(account: Account) -> None:
    account.deploy()
    before = account.outputs()
    run = account.run("deploy.yml", service_proxy_routes=[expecting(2)])
    assert run.rc != 0
    assert "answer.count: expected 2, got 1" in run.stdout
    assert 'The stage "dev" was not changed' in run.stdout
    assert get(before["invoke_url"], "config")[1]["count"] == 2

    account.deploy(service_proxy_routes=[expecting(1)])
    assert get(before["invoke_url"], "config")[1]["count"] == 1


def test_a_stage_with_unexpected_responses_is_rolled_back_with_its_settings(account: Account) -> None:
    account.deploy(service_proxy_stage_variables={"colour": "blue"})
    before = account.outputs()
    closed = {
        "service_proxy_routes": [expecting(1)],
        "service_proxy_stage_variables": {"colour": "red"},
        "service_proxy_method_settings": {"*": {"throttling_rate_limit": 0, "throttling_burst_limit": 0}},
    }
    run = account.run("deploy.yml", **closed)
    assert run.rc != 0
    assert "status: expected 200, got 429" in run.stdout
    assert 'The stage "dev" was rolled back' in run.stdout
    assert get(before["invoke_url"], "config")[1]["count"] == 2
    stage = account.client("apigateway").get_stage(restApiId=before["api_id"], stageName="dev")
    assert (stage["deploymentId"], stage["variables"]) == (before["deployment_id"], {"colour": "blue"})
    assert not stage.get("methodSettings")

    mended = {**closed, "service_proxy_method_settings": {"*": {"throttling_rate_limit": 100}}}
    account.deploy(**mended)
    assert get(before["invoke_url"], "config")[1]["count"] == 1
    assert account.deploy(**mended).recap["changed"] == 0


def test_the_plan_lists_what_the_deployment_then_does(account: Account) -> None:
    def shown(playbook: str) -> list[str]:
        run = succeeded(account.run(playbook))
        return list([result["msg"] for result in run.results if "msg" in result][-1])

    planned = shown("playbooks/plan.yml")
    assert account.made() == NOTHING
    assert planned[0].startswith("Plan for example, stage dev, account ")
    listed = [line for line in planned if line.startswith(("+", "~", "-"))]
    assert {"+ table example", "+ stage dev"} <= {line.strip() for line in listed}, planned

    done = shown("deploy.yml")
    assert [line for line in done if line.startswith(("+", "~", "-"))] == listed
    assert "nothing to change" in shown("playbooks/plan.yml")[0]


DEPLOYS = "Deploy the REST API"


def test_the_outputs_stand_in_the_fact_the_statistics_and_the_files(account: Account) -> None:
    run = account.deploy()
    outputs = account.outputs()
    assert set(outputs) == {"invoke_url", "api_id", "stage", "deployment_id", "table_names", "role_arn"}
    result = run.result("codeless.apigateway.service_proxy : Write the report")
    assert result["ansible_facts"]["service_proxy_outputs"] == outputs
    assert result["ansible_stats"]["data"]["service_proxy_outputs"] == outputs

    directory = account.directory / "build/example/dev"
    document = json.loads((directory / "openapi.json").read_text(encoding="utf-8"))
    integration = document["paths"]["/{id}"]["get"]["x-amazon-apigateway-integration"]
    assert integration["uri"] == "arn:aws:apigateway:eu-central-1:dynamodb:action/Query"
    assert integration["credentials"] == outputs["role_arn"]
    policy = json.loads((directory / "policy.json").read_text(encoding="utf-8"))
    assert [statement["Resource"] for statement in policy["Statement"]] == [
        [f"arn:aws:dynamodb:eu-central-1:{account.id}:table/example"]
    ]
    templates = {path.name: path.read_text(encoding="utf-8") for path in (directory / "templates").iterdir()}
    assert integration["requestTemplates"]["application/json"] in templates.values()


def test_without_expectations_the_deploying_task_writes_the_report(account: Account) -> None:
    declared = {"service_proxy_routes": [{"route": "GET /{id}", "action": "Query"}]}
    account.deploy(check=True, **declared)
    assert not (account.directory / "build").exists()
    run = account.deploy(**declared)
    assert [result["task"].partition(" : ")[2] for result in run.results if "ansible_stats" in result] == [DEPLOYS]
    result = run.result(f"codeless.apigateway.service_proxy : {DEPLOYS}")
    assert result["ansible_facts"]["service_proxy_outputs"] == result["outputs"] == account.outputs()
    assert "diff" not in result
    assert "diff" in account.deploy(diff=True, **declared).result(f"codeless.apigateway.service_proxy : {DEPLOYS}")


def test_a_report_that_cannot_be_written_stops_the_run_before_the_first_call_or_is_a_warning(account: Account) -> None:
    taken = account.directory / "a file"
    taken.write_text("")
    routes = [{"route": "GET /{id}", "action": "Query"}]
    refused = account.run("deploy.yml", service_proxy_routes=routes, service_proxy_build_directory=str(taken))
    assert refused.rc != 0 and f"{taken} is not a directory" in refused.stdout
    assert "service_proxy_build_directory" in refused.stdout
    assert Site(account.aws, account.id).calls() == []

    directory = account.directory / "build/example/dev"
    directory.mkdir(parents=True)
    (directory / "templates").write_text("in the way")
    deployed = account.deploy(service_proxy_routes=routes)
    result = deployed.result(f"codeless.apigateway.service_proxy : {DEPLOYS}")
    assert "were not written" in result["warnings"][0] and "The deployment is live" in result["warnings"][0]
    assert get(result["outputs"]["invoke_url"], "config")[0] == 200


def test_a_stage_with_a_disabled_url_is_not_verified_and_not_rolled_back(account: Account) -> None:
    account.deploy()
    api_id, before = account.outputs()["api_id"], account.outputs()["deployment_id"]
    disabled = [{"op": "replace", "path": "/disableExecuteApiEndpoint", "value": "true"}]
    account.client("apigateway").update_rest_api(restApiId=api_id, patchOperations=disabled)
    result = account.deploy(service_proxy_routes=[expecting(1)]).result(
        f"codeless.apigateway.service_proxy : {DEPLOYS}"
    )
    assert "its execute-api endpoint is disabled" in result["warnings"][0]
    stage = account.client("apigateway").get_stage(restApiId=api_id, stageName="dev")
    assert stage["deploymentId"] == account.outputs()["deployment_id"] != before


def test_a_deployment_that_fails_leaves_the_report_as_it_was(account: Account) -> None:
    def report() -> dict[Path, str]:
        return {path: path.read_text() for path in (account.directory / "build").rglob("*") if path.is_file()}

    routes = [{"route": "GET /{id}", "action": "Query"}]
    account.deploy(service_proxy_routes=routes)
    before = report()
    refusal = {"fault": "error", "status": 400, "code": "BadRequestException", "message": "not today"}
    Site(account.aws, account.id).rehearse({"operation": "apigateway:CreateDeployment", "call": 1, **refusal})
    more = {"service_proxy_routes": [*routes, {"route": "GET /", "action": "Scan"}]}
    refused = account.run("deploy.yml", **more)
    assert refused.rc != 0 and "not today" in refused.stdout
    assert report() == before
    account.deploy(**more)
    assert len(report()) > len(before)
    account.deploy(service_proxy_routes=routes)
    assert report().keys() == before.keys()


def test_the_handwritten_templates_answer(account: Account) -> None:
    account.deploy(api="playbooks/vars/handwritten.yml")
    for place in ("blue", 'a "quoted" \\ one'):
        item = {"id": {"S": "config"}, "range": {"S": place}}
        account.client("dynamodb").put_item(TableName="example", Item=item)
    url = account.outputs("example-handwritten")["invoke_url"]
    assert get(url, "config")[:2] == (
        200,
        [{"id": "config", "range": 'a "quoted" \\ one'}, {"id": "config", "range": "blue"}],
    )
    assert get(url, HOSTILE)[:2] == (200, [])
    assert account.deploy(api="playbooks/vars/handwritten.yml").recap["changed"] == 0


def test_bad_input_is_reported_together_before_the_first_change(account: Account) -> None:
    run = account.run(
        "deploy.yml",
        stage="my stage",
        service_proxy_routes=[
            {"route": "GET /{id}", "action": "Query"},
            {"route": "GET /{id}", "action": "Query"},
            {"route": "GET /all", "action": "Query"},
            {"route": "GET /odd/{id}", "action": "Qurey"},
        ],
    )
    assert run.rc != 0
    for text in ("my stage", 'routes[1] "GET /{id}"', 'routes[2] "GET /all"', 'routes[3] "GET /odd/{id}"', "Qurey"):
        assert text in run.stdout + run.stderr
    assert account.made() == NOTHING


def test_a_table_with_another_key_schema_stops_the_run_before_the_first_change(account: Account) -> None:
    account.client("dynamodb").create_table(
        TableName="example",
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "customer", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "customer", "AttributeType": "S"}],
    )
    other = {"name": "another", "hash_key": "id", "attributes": {"id": "S"}}
    for tables in (EXAMPLE["service_proxy_tables"], [other, *EXAMPLE["service_proxy_tables"]]):
        routes = [{**route, "table": "example"} for route in EXAMPLE["service_proxy_routes"]]
        run = account.run("deploy.yml", service_proxy_tables=tables, service_proxy_routes=routes)
        assert run.rc != 0
        assert '"customer"' in run.stdout and '"id"' in run.stdout
        assert account.made() == {**NOTHING, "tables": ["example"]}


@pytest.mark.parametrize(
    ("missing", "advice"),
    [
        (["AWS_REGION"], [REGION]),
        (["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"], [CREDENTIALS]),
        (
            ["AWS_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"],
            [REGION, CREDENTIALS],
        ),
    ],
)
def test_no_credentials_or_no_region_is_one_clear_error(missing: list[str], advice: list[str], tmp_path: Path) -> None:
    run = run_playbook(
        ROOT / "deploy.yml",
        None,
        {"stage": "dev", "service_proxy_build_directory": str(tmp_path)},
        environment=dict.fromkeys(missing, ""),
    )
    assert run.rc != 0
    assert (run.recap["failures"], run.recap["changed"]) == (1, 0)
    assert "Cannot reach AWS. " + " ".join(advice) in run.stdout


def test_a_missing_stage_is_an_error(tmp_path: Path) -> None:
    run = run_playbook(ROOT / "deploy.yml", None, {"service_proxy_build_directory": str(tmp_path)})
    assert run.rc != 0
    assert "-e stage=prod" in run.stdout + run.stderr


@pytest.mark.parametrize(
    ("more", "warned"),
    [
        ({}, True),
        ({"service_proxy_public": True}, False),
        ({"service_proxy_auth": "iam"}, False),
        ({"service_proxy_endpoint_type": "PRIVATE", "service_proxy_resource_policy": POLICY}, False),
    ],
    ids=["open", "public", "iam", "private"],
)
def test_a_deployment_warns_of_routes_that_write_for_everybody(
    account: Account, more: dict[str, Any], warned: bool
) -> None:
    routes = [{"route": "GET /{id}", "action": "Query"}, {"route": "PUT /{id}/{range}", "action": "PutItem"}]
    run = succeeded(account.run("deploy.yml", check=True, service_proxy_routes=routes, **more))
    shown = " ".join((run.stdout + run.stderr).split())
    assert ("[WARNING]: Everybody can call these routes, which write: PUT /{id}/{range}." in shown) is warned
