# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A module gives the same result within Ansible's process and in one of its own: the modules of one resource each."""

from __future__ import annotations

import json
from typing import Any

import pytest

from convergence import new_account_id
from integration.modules.both_ways import (
    CHANGED,
    NO_ANSWER,
    REFUSAL,
    REFUSED,
    SAME,
    SECRET,
    UNREACHABLE,
    Task,
    assert_the_same,
)
from playbooks import run_playbook

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
TABLE = {"name": "orders", "hash_key": "id", "attributes": {"id": "S"}}
OTHER_KEY = {"name": "orders", "hash_key": "other", "attributes": {"other": "S"}}
ITEMS = [{"id": "a", "n": 1.5, "l": [1, None, True]}]
THERE = {"region": "eu-west-1"}
TASKS = [
    Task("dynamodb_table", TABLE, CHANGED, really=True),
    Task("dynamodb_table", TABLE, SAME),
    Task("dynamodb_table", OTHER_KEY, "a key schema cannot be changed"),
    Task("dynamodb_items", {"table": "orders", "items": ITEMS}, CHANGED),
    Task("dynamodb_items", {"table": "orders", "items": ITEMS, **REFUSED}, REFUSAL),
    Task("execution_role", {"name": "orders", "policy": POLICY, "tags": {"a": "b"}}, CHANGED),
    Task("rest_api", {"name": "orders", "definition": DEFINITION, **THERE}, CHANGED, really=True),
    Task("rest_api", {"name": "orders", "definition": "{{ lookup('vars', 'document') }}", **THERE}, SAME),
    Task("stage", {"api_name": "orders", "name": "prod", **THERE}, CHANGED),
    Task("stage", {"api_name": "nowhere", "name": "prod"}, 'there is no REST API "nowhere"'),
    Task("stage", {"name": "prod"}, "one of the following is required: api_id, api_name"),
    Task("stage", {"api_id": "a", "api_name": "b", "name": "prod"}, "mutually exclusive: api_id|api_name"),
    Task("stage", {"api_id": "a", "name": "prod", "keep_deployments": "many"}, "unable to convert to int"),
    Task("rest_api", {"name": "orders", "state": "gone"}, "value of state must be one of: present, absent, got: gone"),
    Task("rest_api", {"name": "orders"}, "all of the following are missing: definition"),
    Task("rest_api", {"name": "orders", "definition": {}, "definitoin": {}}, "Unsupported parameters"),
    Task(
        "rest_api",
        {"name": "orders", "definition": {}, "profile": "nobody"},
        'The profile "nobody" (option `profile`, or AWS_PROFILE) and keys',
    ),
    Task("stage", {"api_id": "a", "name": "prod", **UNREACHABLE}, NO_ANSWER),
    Task("execution_role", {"name": "orders", "state": "absent"}, CHANGED, predicted=SAME),
    Task("execution_role", {"name": "logs", "policy": POLICY}, CHANGED, really=True),
    Task("dynamodb_table_info", {"names": ["orders", "nowhere"]}, SAME),
    Task("dynamodb_table_info", {"names": ["orders"], **REFUSED}, REFUSAL),
    Task("execution_role_info", {"name": "logs"}, SAME),
    Task("execution_role_info", {"name": "nobody"}, SAME),
    Task("execution_role_info", {"name": "no body"}, "a role's name is 1 to 64"),
    Task("account_info", {}, SAME),
    Task("account", {"cloudwatch_role_arn": "arn:aws:iam::${AWS::AccountId}:role/logs"}, CHANGED, really=True),
    Task("account", {"cloudwatch_role_arn": "arn:aws:iam::${AWS::AccountId}:role/logs"}, SAME),
    Task("account", {"cloudwatch_role_arn": ""}, "Nothing was changed. To do that, write `replace: true`."),
    Task("account", {"cloudwatch_role_arn": "logs"}, "is no ARN of a role"),
    Task("account", {"cloudwatch_role_arn": "", "replace": True}, CHANGED),
    Task("account_info", REFUSED, REFUSAL),
]


@pytest.mark.parametrize("check", [True, False])
def test_the_results_are_the_same(local_aws: Any, check: bool) -> None:
    defaults = {
        "group/codeless.apigateway.all": {"validate_certs": False},
        "codeless.apigateway.stage": {"stage_description": "by default"},
    }
    assert_the_same(local_aws, TASKS, check, defaults, document=DEFINITION)


@pytest.mark.parametrize(
    "surroundings",
    [{"environment": {"AWS_REGION": "eu-west-3"}}, {"async": 30, "poll": 1}],
    ids=lambda given: next(iter(given)),
)
def test_where_it_cannot_serve_the_module_runs_as_any_other(local_aws: Any, surroundings: dict[str, Any]) -> None:
    task = {"name": "table", "codeless.apigateway.dynamodb_table": TABLE, **surroundings}
    play = {"hosts": "localhost", "connection": "local", "gather_facts": False, "tasks": [task]}
    play["vars"] = {"ansible_async_dir": "{{ playbook_dir }}/async"}
    keys = {"AWS_ACCESS_KEY_ID": new_account_id()}
    made = run_playbook(json.dumps([play]), local_aws.endpoint_url, environment=keys)
    assert made.rc == 0, made.stdout + made.stderr
    region = surroundings.get("environment", {}).get("AWS_REGION", "eu-central-1")
    assert made.result("table")["arn"].split(":")[3] == region


BINARY = """
- hosts: localhost
  connection: local
  gather_facts: false
  tasks:
    - codeless.apigateway.dynamodb_table: {name: files, hash_key: id, attributes: {id: B}}
    - codeless.apigateway.dynamodb_items:
        table: files
        items: [{id: !!binary AAH/, raw: !!binary AAH/, l: [{m: !!binary AAH/}], text: AAH/}]
    - codeless.apigateway.dynamodb_items:
        table: files
        items: [{id: !!binary AAH/, raw: !!binary AAH/, l: [{m: !!binary AAH/}], text: AAH/}]
"""


@pytest.mark.parametrize("in_process", [True, False])
def test_binary_values_of_yaml_are_written_as_binary(local_aws: Any, in_process: bool) -> None:
    account_id = new_account_id()
    run = run_playbook(
        BINARY,
        local_aws.endpoint_url,
        {"codeless_apigateway_in_process": in_process},
        environment={"AWS_ACCESS_KEY_ID": account_id},
    )
    assert run.rc == 0, run.stdout + run.stderr
    assert run.recap["changed"] == 2, run.stdout
    (item,) = local_aws.client("dynamodb", access_key=account_id).scan(TableName="files")["Items"]
    raw = {"B": b"\x00\x01\xff"}
    assert item == {"id": raw, "raw": raw, "l": {"L": [{"M": {"m": raw}}]}, "text": {"S": "AAH/"}}
