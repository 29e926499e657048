# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A module gives the same result within Ansible's process and in one of its own: results, errors and secrets."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from convergence import new_account_id
from playbooks import Run, run_playbook

SECRET = "a-secret-that-shows-nowhere"
DEFINITION = {
    "openapi": "3.0.1",
    "info": {"title": "x", "version": "1"},
    "paths": {
        "/a": {
            "get": {
                "responses": {"200": {"description": SECRET}},
                "x-amazon-apigateway-integration": {
                    "type": "mock",
                    "passthroughBehavior": "never",
                    "requestTemplates": {"application/json": '{"statusCode": 200} {{ "{{" }} #set($x = 1)'},
                    "responses": {"default": {"statusCode": "200"}},
                },
            }
        }
    },
}
POLICY = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "dynamodb:Query", "Resource": "*"}]}
TASKS: list[dict[str, Any]] = [
    {"dynamodb_table": {"name": "orders", "hash_key": "id", "attributes": {"id": "S"}}},
    {"dynamodb_table": {"name": "orders", "hash_key": "id", "attributes": {"id": "S"}}},
    {"dynamodb_table": {"name": "orders", "hash_key": "other", "attributes": {"other": "S"}}},
    {"dynamodb_items": {"table": "orders", "items": [{"id": "a", "n": 1.5, "l": [1, None, True]}]}},
    {"execution_role": {"name": "orders", "policy": POLICY, "tags": {"a": "b"}}},
    {"rest_api": {"name": "orders", "definition": DEFINITION, "region": "eu-west-1"}},
    {"rest_api": {"name": "orders", "definition": "{{ lookup('vars', 'document') }}", "region": "eu-west-1"}},
    {"stage": {"api_name": "orders", "name": "prod", "region": "eu-west-1"}},
    {"stage": {"api_name": "nowhere", "name": "prod"}},
    {"stage": {"name": "prod"}},
    {"stage": {"api_id": "a", "api_name": "b", "name": "prod"}},
    {"stage": {"api_id": "a", "name": "prod", "keep_deployments": "many"}},
    {"rest_api": {"name": "orders", "state": "gone"}},
    {"rest_api": {"name": "orders"}},
    {"rest_api": {"name": "orders", "definitoin": {}}},
    {"rest_api": {"name": "orders", "definition": {}, "profile": "nobody"}},
    {"stage": {"api_id": "a", "name": "prod", "endpoint_url": "http://127.0.0.1:1"}},
    {"execution_role": {"name": "orders", "state": "absent"}},
]


def run(local_aws: Any, in_process: bool, account_id: str, check: bool) -> Run:
    tasks = [
        {"name": f"{number}", f"codeless.apigateway.{module}": options, "ignore_errors": True}
        for number, task in enumerate(TASKS)
        for module, options in task.items()
    ]
    play = {
        "hosts": "localhost",
        "connection": "local",
        "gather_facts": False,
        "vars": {"codeless_apigateway_in_process": in_process, "document": DEFINITION},
        "module_defaults": {
            "group/codeless.apigateway.all": {"validate_certs": False},
            "codeless.apigateway.stage": {"stage_description": "by default"},
        },
        "tasks": tasks,
    }
    keys = {"AWS_ACCESS_KEY_ID": account_id, "AWS_SECRET_ACCESS_KEY": SECRET}
    return run_playbook(json.dumps([play]), local_aws.endpoint_url, check=check, diff=True, environment=keys)


def comparable(results: list[dict[str, Any]], account_id: str) -> list[dict[str, Any]]:
    """The results without what differs from account to account, how a failure was carried, and the arguments.

    Modules return their arguments (`invocation`) up to ansible-core 2.20 only.
    """
    text = json.dumps(results).replace(account_id, "ACCOUNT")
    for number, name in enumerate(dict.fromkeys(re.findall(r'"(?:api_id|deployment_id)": "([a-z0-9]{6,})"', text))):
        text = text.replace(name, f"ID{number}")
    return [
        {key: value for key, value in result.items() if key not in ("exception", "invocation", "_ansible_no_log")}
        for result in json.loads(text)
    ]


@pytest.mark.parametrize("check", [True, False])
def test_the_results_are_the_same(local_aws: Any, check: bool) -> None:
    accounts = new_account_id(), new_account_id()
    here, apart = run(local_aws, True, accounts[0], check), run(local_aws, False, accounts[1], check)
    assert (here.rc, apart.rc) == (0, 0)
    assert len(here.results) == len(apart.results) == len(TASKS)
    ours = comparable(here.results, accounts[0])
    theirs = comparable(apart.results, accounts[1])
    for one, other in zip(ours, theirs, strict=True):
        assert one == other
    for text in (here.stdout, json.dumps(here.results), apart.stdout):
        assert SECRET not in text


@pytest.mark.parametrize(
    "surroundings",
    [{"environment": {"AWS_REGION": "eu-west-3"}}, {"async": 30, "poll": 1}],
    ids=lambda given: next(iter(given)),
)
def test_where_it_cannot_serve_the_module_runs_as_any_other(local_aws: Any, surroundings: dict[str, Any]) -> None:
    task = {"name": "table", "codeless.apigateway.dynamodb_table": TASKS[0]["dynamodb_table"], **surroundings}
    play = {"hosts": "localhost", "connection": "local", "gather_facts": False, "tasks": [task]}
    play["vars"] = {"ansible_async_dir": "{{ playbook_dir }}/async"}
    keys = {"AWS_ACCESS_KEY_ID": new_account_id()}
    made = run_playbook(json.dumps([play]), local_aws.endpoint_url, environment=keys)
    assert made.rc == 0, made.stdout + made.stderr
    region = surroundings.get("environment", {}).get("AWS_REGION", "eu-central-1")
    assert made.result("table")["arn"].split(":")[3] == region
