# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Create a stack without the collection, with the calls of Terraform's AWS provider: table, role, API and stage.

Prints the ID of the API. The AWS endpoint and the keys come from the environment.
"""

from __future__ import annotations

import json
from typing import Any

import boto3

REQUEST = """{
  "TableName": "example",
  "KeyConditionExpression": "id = :val",
  "ExpressionAttributeValues": {":val": {"S": "$util.escapeJavaScript($input.params('val'))"}}
}"""
RESPONSE = """#set($inputRoot = $input.path('$'))
[#foreach($elem in $inputRoot.Items)"$elem.range.S"#if($foreach.hasNext),#end#end]"""


def create_table() -> str:
    """Create the table with one item. Return its ARN."""
    dynamodb = boto3.client("dynamodb")
    keys = {"id": "HASH", "range": "RANGE"}
    table = dynamodb.create_table(
        TableName="example",
        KeySchema=[{"AttributeName": name, "KeyType": kind} for name, kind in keys.items()],
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in keys],
        BillingMode="PAY_PER_REQUEST",
    )
    dynamodb.get_waiter("table_exists").wait(TableName="example")
    dynamodb.put_item(TableName="example", Item={"id": {"S": "config"}, "range": {"S": "colour"}})
    return str(table["TableDescription"]["TableArn"])


def create_role(table: str) -> str:
    """Create the role that API Gateway assumes. Return its ARN."""
    iam, name = boto3.client("iam"), "api_gateway_dynamodb_example"
    trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "apigateway.amazonaws.com"}}
    role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=_policy(trust))["Role"]
    query = {"Effect": "Allow", "Action": "dynamodb:Query", "Resource": table}
    iam.put_role_policy(RoleName=name, PolicyName="example_policy", PolicyDocument=_policy(query))
    return str(role["Arn"])


def _policy(statement: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def create_api(role: str) -> str:
    """Create the API with its route, and deploy it to the stage `dev`. Return its ID."""
    gateway = boto3.client("apigateway")
    api = {"restApiId": gateway.create_rest_api(name="exampleApi", description="Example API")["id"]}
    root = gateway.get_resources(**api)["items"][0]["id"]
    resource = gateway.create_resource(**api, parentId=root, pathPart="{val}")["id"]
    method = {**api, "resourceId": resource, "httpMethod": "GET"}
    gateway.put_method(**method, authorizationType="NONE")
    gateway.put_integration(
        **method,
        type="AWS",
        integrationHttpMethod="POST",
        uri=f"arn:aws:apigateway:{gateway.meta.region_name}:dynamodb:action/Query",
        credentials=role,
        requestTemplates={"application/json": REQUEST},
    )
    gateway.put_method_response(**method, statusCode="200")
    templates = {"application/json": RESPONSE}
    gateway.put_integration_response(**method, statusCode="200", responseTemplates=templates)
    gateway.create_deployment(**api, stageName="dev")
    return str(api["restApiId"])


if __name__ == "__main__":
    print(create_api(create_role(create_table())))
