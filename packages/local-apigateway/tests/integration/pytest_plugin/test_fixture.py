# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The fixture `local_aws` in a project of a user, run by pytest in a process of its own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from integration.aws_cli import PROGRAM
from local_apigateway.testing import LocalAws

pytest_plugins = ["pytester"]

DOCUMENT = """
openapi: 3.0.1
info: {title: orders, version: "1"}
paths:
  /echo/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    x-amazon-apigateway-any-method:
      responses: {"200": {description: ok}}
      x-amazon-apigateway-integration:
        type: mock
        requestTemplates: {application/json: '{"statusCode": 200}'}
        passthroughBehavior: when_no_templates
        responses:
          default:
            statusCode: "200"
            responseTemplates:
              application/json: >-
                {"id": "$input.params('id')", "method": "$context.httpMethod", "q": "$input.params('q')",
                 "variable": "$stageVariables.v"}
  /broken:
    get:
      responses: {"200": {description: ok}}
      x-amazon-apigateway-integration:
        type: mock
        requestTemplates: {application/json: "#if("}
"""

TESTS = '''
from pathlib import Path


def test_a_file_with_a_mapping_template(local_aws):
    api = local_aws.deploy("openapi.yml", stage_variables={"v": "1"})
    assert api.get("/echo/a b", query={"q": ["x&y"]}).json() == {
        "id": "a%20b", "method": "GET", "q": "x&y", "variable": "1"
    }
    for method in ("post", "put", "patch", "delete", "options"):
        assert getattr(api, method)("/echo/1", json={"a": 1}).json()["method"] == method.upper()
    assert api.head("/echo/1").status == 200
    assert api.url.endswith(f"/restapis/{api.id}/test/_user_request_")
    assert [each["httpMethod"] for each in api.records(last=2)] == ["OPTIONS", "HEAD"]


def test_the_reason_of_an_error(local_aws):
    response = local_aws.deploy(Path("openapi.yml")).get("/broken")
    assert response.status == 500
    assert response.json() == {"message": "Internal server error"}
    assert "request template application/json of GET /broken" in response.error
    assert response.error in repr(response)


def test_dynamodb_under_an_execution_role(local_aws):
    local_aws.client("dynamodb").create_table(
        TableName="orders",
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
    )
    local_aws.client("dynamodb").put_item(TableName="orders", Item={"id": {"S": "1"}})
    allowed = {"Effect": "Allow", "Action": "dynamodb:GetItem", "Resource": "*"}
    for name, statements, status in (("reader", [allowed], 200), ("nobody", [], 400)):
        api = local_aws.deploy(document(local_aws.create_execution_role(name, *statements)))
        response = api.get("/orders/1")
        assert response.status == status, response
        assert response.json().get("id") == ("1" if status == 200 else None)


def document(role_arn):
    integration = {
        "type": "aws",
        "httpMethod": "POST",
        "uri": "arn:aws:apigateway:eu-central-1:dynamodb:action/GetItem",
        "credentials": role_arn,
        "requestTemplates": {
            "application/json": """{"TableName": "orders", "Key": {"id": {"S": "$input.params('id')"}}}"""
        },
        "responses": {
            "default": {
                "statusCode": "200",
                "responseTemplates": {"application/json": """{"id": "$input.path('$.Item.id.S')"}"""},
            },
            "4\\\\d{2}": {"statusCode": "400"},
        },
    }
    method = {
        "responses": {"200": {"description": "ok"}, "400": {"description": "error"}},
        "x-amazon-apigateway-integration": integration,
    }
    return {"openapi": "3.0.1", "info": {"title": "orders", "version": "1"}, "paths": {"/orders/{id}": {"get": method}}}
'''


def test_a_project_tests_its_templates_with_the_fixture(pytester: pytest.Pytester) -> None:
    pytester.makefile(".yml", openapi=DOCUMENT)
    pytester.makepyfile(TESTS)
    pytester.runpytest_subprocess("-p", "no:cacheprovider").assert_outcomes(passed=3)


README = Path(__file__).resolve().parents[3] / "README.md"


def code_blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README.read_text("utf-8"), re.DOTALL | re.MULTILINE)


def test_the_tests_of_the_readme_pass(pytester: pytest.Pytester) -> None:
    (document,) = code_blocks("yaml")
    pytester.makefile(".yml", openapi=document)
    pytester.makepyfile("\n\n".join(code_blocks("python")))
    pytester.runpytest_subprocess("-p", "no:cacheprovider").assert_outcomes(passed=3)


@pytest.mark.skipif(not PROGRAM.exists(), reason=f"the AWS CLI is not at {PROGRAM}")
def test_the_commands_of_the_readme_deploy_an_api(local_aws: LocalAws, tmp_path: Path) -> None:
    (document,), (commands,) = code_blocks("yaml"), code_blocks("bash")
    (tmp_path / "openapi.yml").write_text(document, "utf-8")
    environment = {
        "PATH": f"{PROGRAM.parent}:{os.environ['PATH']}",
        "HOME": str(tmp_path),
        "AWS_ENDPOINT_URL": local_aws.endpoint_url,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "eu-central-1",
    }
    shell = subprocess.run(
        ["bash", "-euc", commands.replace("curl", "curl -sS")],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    # Other tests of this process create a table of this name in the same account.
    local_aws.client("dynamodb").delete_table(TableName="orders")
    assert shell.returncode == 0, shell.stderr
    assert shell.stdout.rstrip().endswith('{"total": 30}')


def test_the_plugin_imports_nothing_until_a_test_uses_the_fixture() -> None:
    """Every run of pytest imports the plugin, in projects that do not use it, too."""
    program = """
import sys, pytest
before = set(sys.modules)
import local_apigateway.pytest_plugin
print(sorted(set(sys.modules) - before))
"""
    imported = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert imported == "['local_apigateway', 'local_apigateway.pytest_plugin']\n"
