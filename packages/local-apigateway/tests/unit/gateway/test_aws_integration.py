# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Service integrations: the request to the backend, its role, and the response."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

import pytest

from local_apigateway.model import HttpResponse
from unit.gateway.kit import JSON, Api, RecordingBackend, dynamodb, send

ROLE = "arn:aws:iam::111111111111:role/reader"


def sent(integration: dict[str, Any], route: str = "POST /", body: str = "{}", **stage: Any) -> dict[str, Any]:
    backend = RecordingBackend()
    result = send(Api().method("ANY /", integration).stage(**stage), route, body, backend=backend)
    assert result.status == 200, result
    return dict(backend.calls[0])


def uri(rest: str) -> str:
    return f"arn:aws:apigateway:eu-central-1:{rest}"


def test_action_of_a_json_service() -> None:
    call = sent(dynamodb(requestTemplates={JSON: '{"TableName": "t"}'}))
    assert (call["service"], call["region"], call["role_arn"]) == ("dynamodb", "eu-central-1", ROLE)
    assert (call["method"], call["path"], call["query"]) == ("POST", "/", "Action=Query")
    assert call["headers"]["X-Amz-Target"] == "DynamoDB_20120810.Query"
    assert call["headers"]["Content-Type"] == "application/x-amz-json-1.0"
    assert call["headers"]["Accept"] == JSON
    assert call["body"] == b'{"TableName": "t"}'
    assert call["timeout"] == 29


@pytest.mark.parametrize(
    ("service", "target"),
    [
        ("states:action/StartExecution", "AWSStepFunctions.StartExecution"),
        ("kinesis:action/PutRecord&a=b", "Kinesis_20131202.PutRecord"),
        ("events:action/PutEvents", "AWSEvents.PutEvents"),
        ("streams.dynamodb:action/ListStreams", "DynamoDBStreams_20120810.ListStreams"),
    ],
)
def test_targets(service: str, target: str) -> None:
    assert sent(dynamodb(uri=uri(service)))["headers"]["X-Amz-Target"] == target


def test_mapped_headers_go_before_those_of_the_protocol() -> None:
    integration = dynamodb(requestParameters={"integration.request.header.Content-Type": "'application/x-own'"})
    assert sent(integration)["headers"]["Content-Type"] == "application/x-own"


def test_action_of_a_query_service() -> None:
    integration = dynamodb(
        uri=uri("sns:action/Publish&TopicArn=arn:topic"),
        requestParameters={"integration.request.querystring.Message": "method.request.querystring.m"},
    )
    call = sent(integration, "POST /?m=a%26b")
    assert parse_qsl(call["query"]) == [("Action", "Publish"), ("TopicArn", "arn:topic"), ("Message", "a&b")]
    assert "X-Amz-Target" not in call["headers"]


def test_path() -> None:
    integration = dynamodb(
        uri=uri("s3:path/{bucket}/{key}"),
        httpMethod="GET",
        requestParameters={
            "integration.request.path.bucket": "'bucket'",
            "integration.request.path.key": "method.request.querystring.key",
            "integration.request.querystring.response-content-type": "'text/plain'",
        },
    )
    call = sent(integration, "POST /?key=a/b%20c")
    assert (call["service"], call["method"], call["path"]) == ("s3", "GET", "/bucket/a/b%20c")
    assert (call["query"], call["body"]) == ("response-content-type=text%2Fplain", b"")


def test_form_for_a_queue() -> None:
    """The integration of test_sqs_request_and_response_xml_templates_integration."""
    integration = dynamodb(
        uri=uri("sqs:path/111111111111/queue"),
        requestParameters={"integration.request.header.Content-Type": "'application/x-www-form-urlencoded'"},
        requestTemplates={JSON: "Action=SendMessage&MessageBody=$input.body"},
    )
    call = sent(integration, body="hello")
    assert (call["path"], call["body"]) == ("/111111111111/queue", b"Action=SendMessage&MessageBody=hello")
    assert call["headers"]["Content-Type"] == "application/x-www-form-urlencoded"


def test_client_method_where_the_integration_takes_any() -> None:
    assert sent(dynamodb(uri=uri("s3:path/b/k"), httpMethod="ANY"), "PUT /")["method"] == "PUT"


def test_stage_variables_in_uri_and_credentials() -> None:
    integration = dynamodb(
        uri=uri("dynamodb:action/${stageVariables.action}"),
        credentials="arn:aws:iam::111111111111:role/${stageVariables.role}",
    )
    call = sent(integration, variables={"action": "Scan", "role": "scanner"})
    assert call["headers"]["X-Amz-Target"] == "DynamoDB_20120810.Scan"
    assert call["role_arn"] == "arn:aws:iam::111111111111:role/scanner"


@pytest.mark.parametrize("header", ["Authorization", "Connection", "Expect", "Proxy-Authenticate", "TE"])
def test_reserved_headers_are_refused(header: str) -> None:
    """Recorded: test_apigateway_header_remapping_aws[AWS]."""
    integration = dynamodb(requestParameters={f"integration.request.header.{header}": "'1'"})
    result = send(Api().method("GET /", integration), "GET /")
    assert (result.status, result.json()) == (500, {"message": "Internal server error"})


@pytest.mark.parametrize(
    ("integration", "logged"),
    [
        (dynamodb(credentials=None), "Role ARN must be specified for AWS integrations"),
        (dynamodb(uri="arn:aws:s3:::bucket"), "Invalid ARN specified in the request"),
        (dynamodb(integrationResponses={"200": {"statusCode": "200", "selectionPattern": "("}}), "selectionPattern ("),
        (dynamodb(requestParameters={"integration.request.header.A": "method.request.body.a["}), "body.a["),
        (dynamodb(requestParameters={"integration.request.header.A": "nowhere.a"}), "nowhere.a"),
        (dynamodb(uri=uri("nosuchservice:action/Do")), "Unknown service in integration URI: nosuchservice"),
    ],
)
def test_wrong_set_up(integration: dict[str, Any], logged: str) -> None:
    result = send(Api().method("GET /", integration), "GET /")
    assert result.status == 500
    assert result.trace is not None
    assert logged in result.trace.summary()["error"]


SENT = b"""<?xml version="1.0"?>
<SendMessageResponse xmlns="http://queue.amazonaws.com/doc/2012-11-05/">
  <SendMessageResult><MessageId>m1</MessageId><MD5OfMessageBody>d5</MD5OfMessageBody></SendMessageResult>
  <ResponseMetadata><RequestId>r1</RequestId></ResponseMetadata>
</SendMessageResponse>"""
FAILED = b"<ErrorResponse><Error><Code>X</Code><Message>no</Message></Error><RequestId>r</RequestId></ErrorResponse>"
LISTED = b"<R><Topics><member><A>1</A></member><member><A>2</A></member></Topics><Q>1</Q><Q>2</Q><N/></R>"


@pytest.mark.parametrize(
    ("xml", "expected"),
    [
        (
            SENT,
            {
                "SendMessageResponse": {
                    "SendMessageResult": {"MessageId": "m1", "MD5OfMessageBody": "d5"},
                    "ResponseMetadata": {"RequestId": "r1"},
                }
            },
        ),
        (FAILED, {"Error": {"Code": "X", "Message": "no"}, "RequestId": "r"}),
        (LISTED, {"R": {"Topics": [{"A": "1"}, {"A": "2"}], "Q": ["1", "2"], "N": ""}}),
    ],
)
def test_query_services_respond_in_json(xml: bytes, expected: dict[str, Any]) -> None:
    backend = RecordingBackend(HttpResponse(200, (("Content-Type", "text/xml"),), xml))
    api = Api().method("POST /", dynamodb(uri=uri("sqs:path/111111111111/queue")))
    assert send(api, "POST /", backend=backend).json() == expected


def test_query_services_answer_xml_where_it_is_asked_for() -> None:
    parameters = {"integration.request.header.Accept": "'application/xml'"}
    backend = RecordingBackend(HttpResponse(200, (("Content-Type", "text/xml"),), SENT))
    api = Api().method("POST /", dynamodb(uri=uri("sqs:path/111111111111/queue"), requestParameters=parameters))
    assert send(api, "POST /", backend=backend).body == SENT


def test_xml_of_other_services_stays() -> None:
    backend = RecordingBackend(HttpResponse(404, (("Content-Type", "application/xml"),), FAILED))
    api = Api().method("POST /", dynamodb(uri=uri("s3:path/bucket/key")))
    assert send(api, "POST /", backend=backend).body == FAILED


@pytest.mark.parametrize("action", ["s3:action/GetObject", "ssm:action/GetParameter"])
def test_action_that_is_not_there(action: str) -> None:
    result = send(Api().method("GET /", dynamodb(uri=uri(action))), "GET /")
    assert result.status == 501
    assert action in result.json()["message"]


def test_error_of_the_backend_reaches_the_template() -> None:
    denied = b'{"__type":"com.amazon.coral.service#AccessDeniedException","Message":"not authorized"}'
    responses = {
        "200": {"statusCode": "200"},
        "400": {
            "statusCode": "400",
            "selectionPattern": r"4\d\d",
            "responseTemplates": {
                JSON: "#if($input.path('$.__type').contains('AccessDenied'))"
                '#set($context.responseOverride.status = 500)#end{"message": "$input.path(\'$.Message\')"}'
            },
        },
    }
    backend = RecordingBackend(HttpResponse(400, (), denied))
    result = send(Api().method("GET /", dynamodb(integrationResponses=responses)), "GET /", backend=backend)
    assert (result.status, result.json()) == (500, {"message": "not authorized"})


def test_request_id_of_the_service() -> None:
    responses = {"200": {"statusCode": "200", "responseTemplates": {JSON: "$context.awsEndpointRequestId"}}}
    backend = RecordingBackend(HttpResponse(200, (("x-amzn-RequestId", "DYNAMO1"),), b"{}"))
    result = send(Api().method("GET /", dynamodb(integrationResponses=responses)), "GET /", backend=backend)
    assert result.body == b"DYNAMO1"


def test_trace_names_route_templates_and_call() -> None:
    api = Api().method("POST /pets/{id}", dynamodb(requestTemplates={JSON: "{}"}))
    result = send(api, "POST /pets/1?q=1", "{}")
    assert result.trace is not None
    summary = result.trace.summary()
    assert summary["integration"].pop("latencyMs") >= 0
    assert summary["latencyMs"] >= 0
    assert summary["requestId"] == result.headers["x-amzn-RequestId"]
    expected = {
        "apiId": "abcdefghij",
        "stage": "test",
        "httpMethod": "POST",
        "path": "/pets/1",
        "resourcePath": "/pets/{id}",
        "requestTemplate": JSON,
        "responseTemplate": None,
        "integration": {
            "type": "AWS",
            "httpMethod": "POST",
            "uri": "https://dynamodb.eu-central-1.amazonaws.com/?Action=Query",
            "status": 200,
        },
        "status": 200,
        "error": None,
    }
    assert {key: summary[key] for key in expected} == expected
