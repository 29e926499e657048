# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""APIs with other services than DynamoDB, with an HTTP backend, and TestInvokeMethod."""

from __future__ import annotations

import gzip
import json
import threading
import uuid
from collections.abc import Iterator
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

import pytest

JSON = "application/json"
REGION = "eu-central-1"
ACCOUNT = "000000000000"
FORM = {"integration.request.header.Content-Type": "'application/x-www-form-urlencoded'"}


@pytest.fixture(scope="module")
def role_arn(local_aws: Any) -> str:
    """Create a role that API Gateway can assume, with all permissions; return its ARN."""
    trust = {"Effect": "Allow", "Principal": {"Service": "apigateway.amazonaws.com"}, "Action": "sts:AssumeRole"}
    allow = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    iam, name = local_aws.client("iam"), f"services-{uuid.uuid4().hex[:8]}"
    role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps({"Statement": [trust]}))
    policy = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
    iam.put_role_policy(RoleName=name, PolicyName="all", PolicyDocument=policy)
    return str(role["Role"]["Arn"])


def deploy(local_aws: Any, paths: dict[str, Any], **extensions: Any) -> str:
    """Import an API with one integration a path and method, deploy it as `test`, and return its id."""
    documented = {
        path: {
            method: {
                "parameters": [
                    {"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in parameters
                ],
                "responses": {"200": {"description": "ok"}},
                "x-amazon-apigateway-integration": integration,
            }
            for method, integration in methods.items()
        }
        for path, (parameters, methods) in paths.items()
    }
    document = {"openapi": "3.0.1", "info": {"title": uuid.uuid4().hex, "version": "1"}, "paths": documented}
    api = local_aws.client("apigateway")
    api_id = api.import_rest_api(body=json.dumps({**document, **extensions}).encode())["id"]
    api.create_deployment(restApiId=api_id, stageName="test")
    return str(api_id)


def aws(role: str, uri: str, method: str = "POST", **attributes: Any) -> dict[str, Any]:
    return {
        "type": "aws",
        "httpMethod": method,
        "uri": f"arn:aws:apigateway:{REGION}:{uri}",
        "credentials": role,
        "responses": {"default": {"statusCode": "200"}},
        **attributes,
    }


def send(url: str, method: str, body: bytes = b"", headers: dict[str, str] | None = None) -> tuple[int, bytes]:
    parts = urlsplit(url)
    connection = HTTPConnection(parts.netloc)
    connection.request(method, f"{parts.path}{'?' if parts.query else ''}{parts.query}", body, headers or {})
    response = connection.getresponse()
    return response.status, response.read()


def test_message_to_a_queue(local_aws: Any, role_arn: str) -> None:
    sqs = local_aws.client("sqs")
    queue = sqs.create_queue(QueueName=f"queue-{uuid.uuid4().hex[:8]}")["QueueUrl"]
    template = '{"id": "$input.path(\'$.SendMessageResponse.SendMessageResult.MessageId\')"}'
    integration = aws(
        role_arn,
        f"sqs:path/{ACCOUNT}/{queue.rpartition('/')[2]}",
        requestParameters=FORM,
        requestTemplates={JSON: "Action=SendMessage&MessageBody=$util.urlEncode($input.body)"},
        responses={"default": {"statusCode": "200", "responseTemplates": {JSON: template}}},
    )
    api_id = deploy(local_aws, {"/queue": ((), {"post": integration})})
    status, body = send(f"{local_aws.invoke_url(api_id, 'test')}/queue", "POST", b"a&b=\xc3\xbc")
    assert status == 200
    message = sqs.receive_message(QueueUrl=queue)["Messages"][0]
    assert (message["Body"], message["MessageId"]) == ("a&b=ü", json.loads(body)["id"])


def test_notification_by_action(local_aws: Any, role_arn: str) -> None:
    topic = local_aws.client("sns").create_topic(Name=f"topic-{uuid.uuid4().hex[:8]}")["TopicArn"]
    parameters = {
        "integration.request.querystring.TopicArn": f"'{topic}'",
        "integration.request.querystring.Message": "method.request.querystring.m",
    }
    integration = aws(role_arn, "sns:action/Publish", requestParameters=parameters)
    api_id = deploy(local_aws, {"/topic": ((), {"post": integration})})
    status, body = send(f"{local_aws.invoke_url(api_id, 'test')}/topic?m=hello", "POST")
    assert status == 200
    assert json.loads(body)["PublishResponse"]["PublishResult"]["MessageId"]


def test_objects_in_a_bucket(local_aws: Any, role_arn: str) -> None:
    s3, bucket = local_aws.client("s3"), f"bucket-{uuid.uuid4().hex[:8]}"
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
    mapping = {
        "integration.request.path.key": "method.request.path.key",
        "integration.request.header.Content-Type": "method.request.header.Content-Type",
    }
    integration = aws(role_arn, f"s3:path/{bucket}/{{key}}", "ANY", requestParameters=mapping)
    paths = {"/files/{key+}": (("key",), {"x-amazon-apigateway-any-method": integration})}
    api_id = deploy(local_aws, paths, **{"x-amazon-apigateway-binary-media-types": ["image/png"]})
    url = f"{local_aws.invoke_url(api_id, 'test')}/files/a/b%20c.png"
    raw = gzip.compress(b"not UTF-8")
    assert send(url, "PUT", raw, {"Content-Type": "image/png"})[0] == 200
    assert s3.get_object(Bucket=bucket, Key="a/b c.png")["Body"].read() == raw
    assert send(url, "GET", headers={"Accept": "image/png"}) == (200, raw)


class Backend(BaseHTTPRequestHandler):
    """Responds with the requested path."""

    def do_GET(self) -> None:
        body = json.dumps({"path": self.path}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: object) -> None:
        """Print nothing."""


@pytest.fixture
def web_server() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Backend) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def test_web_server_behind_a_proxy_resource(local_aws: Any, web_server: str) -> None:
    mapping = {"integration.request.path.proxy": "method.request.path.proxy"}
    integration = {
        "type": "http_proxy",
        "httpMethod": "ANY",
        "uri": f"{web_server}/base/{{proxy}}",
        "requestParameters": mapping,
    }
    api_id = deploy(local_aws, {"/{proxy+}": (("proxy",), {"x-amazon-apigateway-any-method": integration})})
    status, body = send(f"{local_aws.invoke_url(api_id, 'test')}/a/b?q=1", "GET")
    assert (status, json.loads(body)) == (200, {"path": "/base/a/b?q=1"})


def mock(answer: str) -> dict[str, Any]:
    responses = {"default": {"statusCode": "200", "responseTemplates": {JSON: answer}}}
    return {"type": "mock", "requestTemplates": {JSON: '{"statusCode": 200}'}, "responses": responses}


def test_test_invoke_method(local_aws: Any) -> None:
    api = local_aws.client("apigateway")
    api_id = deploy(local_aws, {"/pets/{id}": (("id",), {"get": mock('{"id": "$input.params(\'id\')"}')})})
    resource = next(item for item in api.get_resources(restApiId=api_id)["items"] if item["path"] == "/pets/{id}")
    answer = api.test_invoke_method(
        restApiId=api_id, resourceId=resource["id"], httpMethod="GET", pathWithQueryString="/pets/7?a=b"
    )
    assert (answer["status"], json.loads(answer["body"])) == (200, {"id": "7"})
    assert answer["headers"] == {"Content-Type": JSON}
    assert answer["latency"] >= 0
    lines = answer["log"].splitlines()
    assert lines[0].startswith("Execution log for request ")
    assert lines[3].endswith(" : Method request path: {id=7}")
    assert lines[-1].endswith(" : Method completed with status: 200")


def test_each_kind_of_integration_can_be_tested_before_it_is_deployed(
    local_aws: Any, role_arn: str, web_server: str
) -> None:
    echo = """{"id": "$input.params('id')", "q": "$input.params('q')", "h": "$input.params('X-H')",
        "v": "$stageVariables.v"}"""
    to_web = {"httpMethod": "GET", "uri": f"{web_server}/${{stageVariables.v}}"}
    table = aws(
        role_arn,
        "dynamodb:action/DescribeTable",
        requestTemplates={JSON: '{"TableName": "$input.params(\'id\')"}'},
        responses={
            "4..": {"statusCode": "404", "responseTemplates": {JSON: "{\"type\": $input.json('$.__type')}"}},
            "default": {"statusCode": "200"},
        },
    )
    kinds: dict[str, dict[str, Any]] = {
        "mock": mock(echo),
        "http": {"type": "http", **to_web, "responses": {"default": {"statusCode": "200"}}},
        "proxy": {"type": "http_proxy", **to_web},
        "aws": table,
    }
    paths = {f"/{kind}/{{id}}": (("id",), {"post": integration}) for kind, integration in kinds.items()}
    api, api_id = local_aws.client("apigateway"), deploy(local_aws, paths)
    resources = {item["path"]: item["id"] for item in api.get_resources(restApiId=api_id)["items"]}
    answers = {
        kind: api.test_invoke_method(
            restApiId=api_id,
            resourceId=resources[f"/{kind}/{{id}}"],
            httpMethod="POST",
            pathWithQueryString=f"/{kind}/a%20b?q=1%2B1",
            headers={"X-H": "header", "Content-Type": JSON},
            body='{"n": [1]}',
            stageVariables={"v": "variable"},
        )
        for kind in kinds
    }
    bodies = {kind: json.loads(answer["body"]) for kind, answer in answers.items()}
    assert bodies == {
        "mock": {"id": "a%20b", "q": "1+1", "h": "header", "v": "variable"},
        "http": {"path": "/variable"},
        "proxy": {"path": "/variable?q=1%2B1"},
        "aws": {"type": "ResourceNotFoundException"},
    }
    assert {kind: answer["status"] for kind, answer in answers.items()} == {**dict.fromkeys(kinds, 200), "aws": 404}
    for kind, answer in answers.items():
        assert f"HTTP Method: POST, Resource Path: /{kind}/a%20b" in answer["log"]
        assert f"Method completed with status: {answer['status']}" in answer["log"]
        assert ("Endpoint request URI: " in answer["log"]) is (kind != "mock")
        assert answer["latency"] >= 0
