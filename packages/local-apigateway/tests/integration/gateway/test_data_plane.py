# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The data plane over HTTP: an API imported by boto3, DynamoDB behind it, and a plain HTTP client."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any
from urllib.parse import quote, urlsplit

import pytest

JSON = "application/json"
ESCAPED_KEY = "$util.escapeJavaScript($util.urlDecode($input.params().path.get('id'))).replaceAll(\"\\\\'\",\"'\")"
QUERY = (
    '{"TableName": "TABLE", "KeyConditionExpression": "id = :id",'
    f' "ExpressionAttributeValues": {{":id": {{"S": "{ESCAPED_KEY}"}}}}}}'
)
ITEMS = '[#foreach($item in $input.path("$.Items"))$item.text.S#if($foreach.hasNext),#end#end]'
HOSTILE = (
    'x"}},"Select":"COUNT","ExclusiveStartKey":{"id":{"S":"x',
    "quote ' double \" backslash \\ end",
    "$input.body #set($x = 1) ${util}",
    "tab\tline\nfeed",
    "ünïcödé 😀 \u2028",
    "a/b c?d#e%20f",
)


@dataclass(frozen=True)
class Served:
    """A deployed API. `send` uses plain HTTP, so that nothing is normalised."""

    url: str
    api_id: str

    def send(
        self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None, stage: str = ""
    ) -> tuple[int, dict[str, str], bytes]:
        parts = urlsplit(self.url)
        prefix = parts.path if not stage else parts.path.replace("/test/", f"/{stage}/")
        connection = HTTPConnection(parts.netloc)
        connection.request(method, f"{prefix}{path}", body, headers or {})
        response = connection.getresponse()
        return response.status, dict(response.getheaders()), response.read()


def integration(action: str, role_arn: str, request: str, response: str, region: str) -> dict[str, Any]:
    return {
        "type": "aws",
        "httpMethod": "POST",
        "uri": f"arn:aws:apigateway:{region}:dynamodb:action/{action}",
        "credentials": role_arn,
        "passthroughBehavior": "never",
        "requestTemplates": {JSON: request},
        "responses": {
            "default": {"statusCode": "200", "responseTemplates": {JSON: response}},
            r"4\d{2}": {
                "statusCode": "400",
                "responseTemplates": {JSON: '{"type": "$input.path(\'$.__type\')"}'},
            },
        },
    }


def mock(status: str, **response: Any) -> dict[str, Any]:
    return {
        "type": "mock",
        "passthroughBehavior": "never",
        "requestTemplates": {JSON: '{"statusCode": 200}'},
        "responses": {"default": {"statusCode": status, **response}},
    }


def operation(integrated: dict[str, Any], **extra: Any) -> dict[str, Any]:
    responses = {"200": {"description": "ok"}, "400": {"description": "bad"}, "204": {"description": "none"}}
    return {"responses": responses, "x-amazon-apigateway-integration": integrated, **extra}


def document(name: str, reader: str, stranger: str, region: str) -> dict[str, Any]:
    """Return the API: a query, a scan without permission, a preflight, a validated method."""
    identifier = [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}]
    cors = {
        "method.response.header.Access-Control-Allow-Origin": "'*'",
        "method.response.header.Access-Control-Allow-Methods": "'GET,OPTIONS'",
    }
    preflight = operation(mock("204", responseParameters=cors))
    preflight["responses"]["204"]["headers"] = {
        "Access-Control-Allow-Origin": {"schema": {"type": "string"}},
        "Access-Control-Allow-Methods": {"schema": {"type": "string"}},
    }
    query = integration("Query", reader, QUERY.replace("TABLE", name), ITEMS, region)
    scan = integration("Scan", reader, json.dumps({"TableName": name}), "$input.body", region)
    denied = integration("Query", stranger, QUERY.replace("TABLE", name), ITEMS, region)
    echo = mock("200", responseTemplates={JSON: "\"$input.params('id') $stageVariables.name $context.stage\""})
    needs_q = {
        "x-amazon-apigateway-request-validator": "all",
        "parameters": [{"name": "q", "in": "query", "required": True, "schema": {"type": "string"}}],
    }
    return {
        "openapi": "3.0.1",
        "info": {"title": name, "version": "1.0"},
        "x-amazon-apigateway-request-validators": {
            "all": {"validateRequestParameters": True, "validateRequestBody": True}
        },
        "x-amazon-apigateway-gateway-responses": {
            "DEFAULT_4XX": {"responseParameters": {"gatewayresponse.header.Access-Control-Allow-Origin": "'*'"}}
        },
        "paths": {
            "/items/{id}": {"get": operation(query, parameters=identifier), "options": preflight},
            "/denied/{id}": {"get": operation(denied, parameters=identifier)},
            "/scan": {"get": operation(scan)},
            "/echo/{id}": {"get": operation(echo, parameters=identifier)},
            "/validated": {"get": operation(echo, **needs_q)},
        },
    }


def make_role(iam: Any, name: str, principal: str, actions: list[str]) -> str:
    trust = {"Effect": "Allow", "Principal": {"Service": principal}, "Action": "sts:AssumeRole"}
    policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": actions, "Resource": "*"}]}
    role = iam.create_role(
        RoleName=name, AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    )
    iam.put_role_policy(RoleName=name, PolicyName="access", PolicyDocument=json.dumps(policy))
    return str(role["Role"]["Arn"])


def make_table(dynamodb: Any, name: str) -> None:
    dynamodb.create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
    )
    for number, key in enumerate(("one", *HOSTILE)):
        dynamodb.put_item(TableName=name, Item={"id": {"S": key}, "text": {"S": str(number)}})


@pytest.fixture(scope="module")
def served(local_aws: Any) -> Iterator[Served]:
    name = f"gateway-{uuid.uuid4().hex[:8]}"
    iam, api = local_aws.client("iam"), local_aws.client("apigateway")
    make_table(local_aws.client("dynamodb"), name)
    reader = make_role(iam, f"{name}-reader", "apigateway.amazonaws.com", ["dynamodb:Query"])
    stranger = make_role(iam, f"{name}-stranger", "lambda.amazonaws.com", ["dynamodb:*"])
    body = json.dumps(document(name, reader, stranger, "eu-central-1")).encode()
    api_id = api.import_rest_api(failOnWarnings=True, body=body)["id"]
    api.create_deployment(restApiId=api_id, stageName="test", variables={"name": "value"})
    yield Served(local_aws.invoke_url(api_id, "test"), api_id)
    api.delete_rest_api(restApiId=api_id)


def test_query(served: Served) -> None:
    status, headers, body = served.send("GET", "/items/one")
    assert (status, body) == (200, b"[0]")
    assert headers["Content-Type"] == JSON
    assert {"x-amzn-RequestId", "x-amz-apigw-id", "X-Amzn-Trace-Id"} <= headers.keys()


@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_hostile_keys_find_their_own_item_only(served: Served, number: int) -> None:
    status, _unused, body = served.send("GET", f"/items/{quote(HOSTILE[number], safe='')}")
    assert (status, body) == (200, f"[{number + 1}]".encode())


def test_unknown_key_finds_nothing(served: Served) -> None:
    assert served.send("GET", "/items/two")[2] == b"[]"


def test_role_without_permission(served: Served) -> None:
    """The role may query but not scan. DynamoDB returns the error, and the response template maps it."""
    status, _unused, body = served.send("GET", "/scan")
    assert status == 400
    assert "AccessDeniedException" in json.loads(body)["type"]


def test_role_that_trusts_another_service(served: Served) -> None:
    status, headers, body = served.send("GET", "/denied/one")
    assert (status, json.loads(body)) == (500, {"message": "Internal server error"})
    assert headers["x-amzn-ErrorType"] == "InternalServerErrorException"


def test_unknown_stage_and_api(served: Served) -> None:
    status, headers, body = served.send("GET", "/items/one", stage="none")
    assert (status, json.loads(body)) == (403, {"message": "Forbidden"})
    assert headers["x-amzn-ErrorType"] == "ForbiddenException"
    other = Served(served.url.replace(served.api_id, "aaaaaaaaaa"), "aaaaaaaaaa")
    assert other.send("GET", "/")[0] == 403


@pytest.mark.parametrize(("method", "path"), [("GET", "/none"), ("POST", "/scan"), ("GET", "/")])
def test_unknown_route(served: Served, method: str, path: str) -> None:
    status, headers, body = served.send(method, path)
    assert (status, body) == (403, b'{"message":"Missing Authentication Token"}')
    assert headers["x-amzn-ErrorType"] == "MissingAuthenticationTokenException"
    assert headers["Access-Control-Allow-Origin"] == "*"


def test_preflight(served: Served) -> None:
    status, headers, body = served.send("OPTIONS", "/items/one", headers={"Origin": "http://example.com"})
    assert (status, body) == (204, b"")
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert headers["Access-Control-Allow-Methods"] == "GET,OPTIONS"


def test_mock_sees_parameters_as_sent_and_stage_variables(served: Served) -> None:
    assert served.send("GET", "/echo/a%20b%2Fc")[2] == b'"a%20b%2Fc value test"'


def test_host_based_address(served: Served) -> None:
    host = f"{served.api_id}.execute-api.localhost"
    root = Served(served.url.partition("/restapis/")[0], served.api_id)
    assert root.send("GET", "/test/echo/1", headers={"Host": host})[2] == b'"1 value test"'


def test_required_parameter(served: Served) -> None:
    status, _unused, body = served.send("GET", "/validated")
    assert (status, json.loads(body)) == (400, {"message": "Missing required request parameters: [q]"})
    assert served.send("GET", "/validated?q=1")[0] == 200


def test_content_type_without_template(served: Served) -> None:
    status, _unused, body = served.send("GET", "/items/one", b"a,b", {"Content-Type": "text/csv"})
    assert (status, json.loads(body)) == (415, {"message": "Unsupported Media Type"})


def test_draft_changes_reach_no_client_before_a_deployment(served: Served, local_aws: Any) -> None:
    api = local_aws.client("apigateway")
    before = served.send("GET", "/echo/1")[2]
    resource = next(
        item for item in api.get_resources(restApiId=served.api_id)["items"] if item["path"] == "/echo/{id}"
    )
    where = {"restApiId": served.api_id, "resourceId": resource["id"], "httpMethod": "GET"}
    operations = [{"op": "replace", "path": "/responseTemplates/application~1json", "value": '"new"'}]
    api.update_integration_response(**where, statusCode="200", patchOperations=operations)
    assert served.send("GET", "/echo/1")[2] == before
    api.create_deployment(restApiId=served.api_id, stageName="next")
    assert served.send("GET", "/echo/1", stage="next")[2] == b'"new"'
    assert served.send("GET", "/echo/1")[2] == before
