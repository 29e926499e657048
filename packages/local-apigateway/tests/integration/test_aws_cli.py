# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The AWS CLI builds an API by hand, step by step, and a plain HTTP client reads it."""

from __future__ import annotations

import json
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from integration.aws_cli import PROGRAM, AwsCli
from integration.own_server import TRUST

pytestmark = pytest.mark.skipif(not PROGRAM.exists(), reason=f"the AWS CLI is not at {PROGRAM}")

REQUEST = r"""#set($val = $util.urlDecode($input.params('val')))
{
  "TableName": "cli-example",
  "KeyConditionExpression": "id = :v1",
  "ExpressionAttributeValues": {":v1": {"S": "$util.escapeJavaScript($val).replaceAll("\\'","'")"}}
}"""
RESPONSE = """#set($items = $input.path('$.Items'))
[#foreach($item in $items){"id": "$item.id.S", "range": "$item.range.S"}#if($foreach.hasNext),#end#end]"""


def test_an_api_built_by_hand(local_aws: Any, tmp_path: Path) -> None:
    aws = AwsCli(local_aws.endpoint_url, tmp_path)
    keys = {"id": "HASH", "range": "RANGE"}
    aws(
        "dynamodb",
        "create-table",
        table_name="cli-example",
        billing_mode="PAY_PER_REQUEST",
        attribute_definitions=[{"AttributeName": name, "AttributeType": "S"} for name in keys],
        key_schema=[{"AttributeName": name, "KeyType": kind} for name, kind in keys.items()],
    )
    for number in ("1", "2"):
        item = {"id": {"S": "it's"}, "range": {"S": number}}
        aws("dynamodb", "put-item", table_name="cli-example", item=item)
    role = aws("iam", "create-role", role_name="cli-example", assume_role_policy_document=TRUST)["Role"]
    statement = {"Effect": "Allow", "Action": "dynamodb:Query", "Resource": "*"}
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    aws("iam", "put-role-policy", role_name="cli-example", policy_name="query", policy_document=policy)
    api_id = aws("apigateway", "create-rest-api", name="cli-example")["id"]
    root = aws("apigateway", "get-resources", rest_api_id=api_id)["items"][0]["id"]
    value = aws("apigateway", "create-resource", rest_api_id=api_id, parent_id=root, path_part="{val}")["id"]
    method = {"rest_api_id": api_id, "resource_id": value, "http_method": "GET"}
    aws("apigateway", "put-method", **method, authorization_type="NONE")
    aws("apigateway", "put-method-response", **method, status_code="200")
    aws(
        "apigateway",
        "put-integration",
        **method,
        type="AWS",
        integration_http_method="POST",
        uri="arn:aws:apigateway:eu-central-1:dynamodb:action/Query",
        credentials=role["Arn"],
        request_templates={"application/json": REQUEST},
        passthrough_behavior="NEVER",
    )
    templates = {"application/json": RESPONSE}
    aws("apigateway", "put-integration-response", **method, status_code="200", response_templates=templates)
    aws("apigateway", "create-deployment", rest_api_id=api_id, stage_name="dev")

    def read(key: str) -> Any:
        url = f"{local_aws.invoke_url(api_id, 'dev')}/{urllib.parse.quote(key, safe='')}"
        with urllib.request.urlopen(url) as answer:
            return json.load(answer)

    assert read("it's") == [{"id": "it's", "range": "1"}, {"id": "it's", "range": "2"}]
    assert read("unknown") == []
    assert read('x"}},"Select":"COUNT') == []
    patches = [{"op": "replace", "path": "/variables/v", "value": "1"}]
    stage = aws("apigateway", "update-stage", rest_api_id=api_id, stage_name="dev", patch_operations=patches)
    assert stage["variables"] == {"v": "1"}
    aws("apigateway", "delete-rest-api", rest_api_id=api_id)
    assert api_id not in {api["id"] for api in aws("apigateway", "get-rest-apis")["items"]}
