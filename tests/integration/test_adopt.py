# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Adopt stacks that were created by other means, while a client sends requests all the time."""

from __future__ import annotations

import json
import threading
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from convergence import new_account_id
from playbooks import ROOT, Run, run_playbook

REQUEST = """{
  "TableName": "example",
  "KeyConditionExpression": "id = :val",
  "ExpressionAttributeValues": {":val": {"S": "$util.escapeJavaScript($input.params('val'))"}}
}"""
RESPONSE = """#set($inputRoot = $input.path('$'))
[#foreach($elem in $inputRoot.Items)"$elem.range.S"#if($foreach.hasNext),#end#end]"""
QUERY = "arn:aws:apigateway:eu-central-1:dynamodb:action/Query"
OLD = ["colour"]
NEW = {"items": [{"id": "config", "range": "colour", "value": "blue"}], "count": 1}
SID = {"Sid": "iamroletrustpolicy"}
TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            **SID,
            "Action": "sts:AssumeRole",
            "Principal": {"Service": "apigateway.amazonaws.com"},
            "Effect": "Allow",
        }
    ],
}
DECLARED = {
    "service_proxy_name": "exampleApi",
    "service_proxy_role_name": "api_gateway_dynamodb_example",
    "service_proxy_endpoint_type": "EDGE",
    "service_proxy_tables": [
        {"name": "example", "hash_key": "id", "range_key": "range", "attributes": {"id": "S", "range": "S"}}
    ],
    "service_proxy_routes": [{"route": "GET /{val}", "action": "Query", "key": {"id": "path.val"}}],
    "service_proxy_items": {},
    "service_proxy_adopt": True,
}
STACK_TAGS = {"aws:cloudformation:stack-name": "example", "aws:cloudformation:logical-id": "Api"}


@dataclass
class Account:
    """An account of the local AWS with another owner's stack: table, role, API with the stages `dev` and `theirs`."""

    aws: Any
    id: str
    build: Path
    api_id: str = ""

    def client(self, service: str) -> Any:
        return self.aws.client(service, access_key=self.id)

    def table(self, **more: Any) -> None:
        self.client("dynamodb").create_table(
            TableName="example",
            BillingMode="PAY_PER_REQUEST",
            KeySchema=[
                {"AttributeName": "id", "KeyType": "HASH"},
                {"AttributeName": "range", "KeyType": "RANGE"},
            ],
            AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("id", "range")],
            **more,
        )
        item = {"id": {"S": "config"}, "range": {"S": "colour"}, "value": {"S": "blue"}}
        self.client("dynamodb").put_item(TableName="example", Item=item)

    def role(self, policy: str, **more: Any) -> str:
        """Create the role with two inline policies of different owners. Return its ARN."""
        iam = self.client("iam")
        name = DECLARED["service_proxy_role_name"]
        role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(TRUST), **more)["Role"]
        for policy_name, action in ((policy, "dynamodb:Query"), ("audit", "dynamodb:DescribeTable")):
            arn = f"arn:aws:dynamodb:eu-central-1:{self.id}:table/example"
            statement = {"Effect": "Allow", "Action": action, "Resource": arn}
            document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
            iam.put_role_policy(RoleName=name, PolicyName=policy_name, PolicyDocument=document)
        return str(role["Arn"])

    def route(self, credentials: str, **more: Any) -> None:
        """Create the route `GET /{val}` part by part."""
        gateway = self.client("apigateway")
        api = {"restApiId": self.api_id}
        root = gateway.get_resources(**api)["items"][0]["id"]
        resource = gateway.create_resource(**api, parentId=root, pathPart="{val}")["id"]
        key = {**api, "resourceId": resource, "httpMethod": "GET"}
        header = "method.response.header.Access-Control-Allow-Origin"
        gateway.put_method(**key, authorizationType="NONE", **more)
        gateway.put_integration(
            **key,
            type="AWS",
            integrationHttpMethod="POST",
            uri=QUERY,
            credentials=credentials,
            requestTemplates={"application/json": REQUEST},
        )
        gateway.put_method_response(**key, statusCode="200", responseParameters={header: True})
        gateway.put_integration_response(
            **key,
            statusCode="200",
            responseTemplates={"application/json": RESPONSE},
            responseParameters={header: "'*'"},
        )

    def url(self, stage: str = "dev") -> str:
        return f"{self.aws.invoke_url(self.api_id, stage)}/config"

    def deploy(self, check: bool = False) -> Run:
        variables = {"stage": "dev", "service_proxy_build_directory": str(self.build), **DECLARED}
        environment = {"AWS_ACCESS_KEY_ID": self.id}
        run = run_playbook(
            ROOT / "deploy.yml", self.aws.endpoint_url, variables, check=check, diff=True, environment=environment
        )
        assert run.rc == 0, run.stdout + run.stderr
        return run

    def identities(self) -> dict[str, Any]:
        """Return what must not change: IDs, URLs, and everything that is not managed by the collection."""
        gateway, iam = self.client("apigateway"), self.client("iam")
        table = self.client("dynamodb").describe_table(TableName="example")["Table"]
        role = iam.get_role(RoleName=DECLARED["service_proxy_role_name"])["Role"]
        (api,) = gateway.get_rest_apis()["items"]
        theirs = gateway.get_stage(restApiId=api["id"], stageName="theirs")
        mine = gateway.get_stage(restApiId=api["id"], stageName="dev")
        return {
            "table": (table["TableId"], table["TableArn"], table["CreationDateTime"], table["ItemCount"]),
            "role": (role["RoleId"], role["Arn"], role["CreateDate"]),
            "policies": set(iam.list_role_policies(RoleName=role["RoleName"])["PolicyNames"]) - {"dynamodb-proxy"},
            "api": (api["id"], api["createdDate"], api["endpointConfiguration"]["types"], theirs_of(api.get("tags"))),
            "stages": sorted(stage["stageName"] for stage in gateway.get_stages(restApiId=api["id"])["item"]),
            "their deployment": theirs["deploymentId"],
            "variables": mine.get("variables"),
        }


def theirs_of(tags: dict[str, str] | None) -> dict[str, str]:
    """Return the tags without the marker of adopted resources."""
    return {key: value for key, value in (tags or {}).items() if key != "codeless.apigateway"}


def terraform(account: Account) -> None:
    """Create the stack like Terraform's AWS provider: the API part by part, the stage together with the deployment."""
    account.table(Tags=[{"Key": "Owner", "Value": "ops"}])
    arn = account.role("example_policy", Path="/", MaxSessionDuration=3600)
    gateway = account.client("apigateway")
    account.api_id = gateway.create_rest_api(name="exampleApi", description="Example API")["id"]
    account.route(arn, apiKeyRequired=False)
    variables = {"deployedAt": "2026-01-05T10:00:00Z"}
    for stage in ("dev", "theirs"):
        gateway.create_deployment(restApiId=account.api_id, stageName=stage, variables=variables)


def cloudformation(account: Account) -> None:
    """Create the stack like CloudFormation: with its tags, and the deployment and the stage separately."""
    account.table()
    arn = account.role("root", Tags=[{"Key": name, "Value": value} for name, value in STACK_TAGS.items()])
    gateway = account.client("apigateway")
    account.api_id = gateway.create_rest_api(name="exampleApi", tags=STACK_TAGS)["id"]
    account.route(arn, requestParameters={"method.request.path.val": True})
    deployment = gateway.create_deployment(restApiId=account.api_id)["id"]
    for stage in ("dev", "theirs"):
        gateway.create_stage(restApiId=account.api_id, stageName=stage, deploymentId=deployment, tags=STACK_TAGS)


@dataclass
class Reader:
    """A client that requests a URL until it is stopped, and then once more. It records each response."""

    url: str
    answers: list[Any] = field(default_factory=list)

    def __enter__(self) -> Reader:
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._read)
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._stop.set()
        self._thread.join()
        self.answers.append(asked(self.url))

    def _read(self) -> None:
        while not self._stop.is_set():
            self.answers.append(asked(self.url))

    def kinds(self) -> list[Any]:
        """Return the responses without those that equal the previous one."""
        answers = self.answers
        return [answer for number, answer in enumerate(answers) if number == 0 or answers[number - 1] != answer]


def asked(url: str) -> Any:
    """Return the JSON of a response, its status, or the error."""
    try:
        with urllib.request.urlopen(url, timeout=30) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code
    except (OSError, ValueError) as error:
        return repr(error)


def calls(run: Run) -> list[str]:
    """Return the changing calls that the results of a run name."""
    return [call for result in run.results for call in result.get("calls", [])]


@pytest.mark.parametrize("made_by", [terraform, cloudformation])
def test_a_stack_of_others_is_taken_over_in_place(
    made_by: Callable[[Account], None], local_aws: Any, tmp_path: Path
) -> None:
    account = Account(local_aws, new_account_id(), tmp_path)
    made_by(account)
    assert asked(account.url()) == OLD
    before = account.identities()

    planned = account.deploy(check=True)
    assert (account.identities(), asked(account.url())) == (before, OLD)
    with Reader(account.url()) as reader:
        done = account.deploy()
    assert reader.kinds() == [OLD, NEW]
    assert account.identities() == before
    assert asked(account.url("theirs")) == OLD

    assert calls(done) == calls(planned)
    assert calls(done) == [
        "iam:PutRolePolicy",
        "iam:TagRole",
        "apigateway:PutRestApi",
        "apigateway:TagResource",
        "apigateway:CreateDeployment",
        "apigateway:UpdateStage",
    ]
    assert account.deploy().recap["changed"] == 0
