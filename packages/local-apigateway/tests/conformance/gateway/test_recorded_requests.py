# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Requests to deployed APIs that were recorded on AWS with a Lambda function behind: what reaches the backend, and what
the request validator rejects. The requests are made so that they ask for what was recorded."""

from __future__ import annotations

import json
from typing import Any

import pytest

from conformance.control_plane.replay import RECORDINGS, recordings
from conformance.velocity.recorded_data import load
from local_apigateway.model import HttpResponse
from unit.gateway.kit import JSON, Api, RecordingBackend, dynamodb, mock, send

pytestmark = pytest.mark.skipif(not RECORDINGS.exists(), reason=f"the recordings are not at {RECORDINGS}")

PROXY = "test_apigateway_lambda::test_lambda_aws_proxy_integration"
QUERY = (
    "dateTimeOffset=2023-06-12T18:05:10.123456+00:00&email=test%2Balias@gmail.com&plus=test+alias@gmail.com"
    "&url=https://www.google.com/&whitespace=foo%20bar&zhash=abort/"
)
REQUESTS = {
    "without-trailing-slash": "/proxy-value",
    "with-trailing-slash": "/proxy-value/",
    "with-double-slash": "/proxy-value//double-slash",
    "with-prepended-slash": "//proxy-value",
    "without-trailing-slash-and-query-params": "/proxy-value?urlparam=test",
    "with-trailing-slash-and-query-params": "/proxy-value/?urlparam=test",
    "with-path-encoded-email": "/proxy-value/api/user/test%2Balias@gmail.com/plus/test+alias@gmail.com",
    "with-params-encoding": f"/proxy-value/api?{QUERY}",
    "with-params-encoding-multi": "/proxy-value?category=electronics&category=books&price=10&price=20&price=30",
}
SEEN = (
    '{"resource": "$context.resourcePath", "path": "$context.path"'
    "#foreach($place in ['path', 'querystring']), \"${place}s\": {"
    "#foreach($name in $input.params().get($place).keySet())"
    '"$name": "$input.params().get($place).get($name)"#if($foreach.hasNext), #end#end}#end}'
)


@pytest.mark.parametrize("name", REQUESTS)
def test_parameters_reach_a_template_as_they_reach_a_function(name: str) -> None:
    """The recorded function got path parameters undecoded, query parameters decoded, and the last of several values."""
    event = recordings()[PROXY][f"invocation-payload-{name}"]
    api = Api().method("ANY /{proxy+}", mock(SEEN)).method("ANY /hardcoded", mock(SEEN))
    assert send(api, f"{event['httpMethod']} {REQUESTS[name]}").json() == {
        "resource": event["resource"],
        "path": event["requestContext"]["path"].replace("/stage/", "/test/", 1),
        "paths": event["pathParameters"],
        "querystrings": event["queryStringParameters"] or {},
    }


def test_a_resource_by_name_stands_before_a_greedy_one() -> None:
    event = recordings()[PROXY]["invocation-hardcoded"]
    api = Api().method("ANY /{proxy+}", mock(SEEN)).method("ANY /hardcoded", mock(SEEN))
    assert send(api, "GET //hardcoded").json()["resource"] == event["resource"]


VALIDATOR = "test_apigateway_common::TestApiGatewayCommon::test_api_gateway_request_validator"


def validated(models: list[dict[str, Any]], model: str) -> Api:
    """Return an API whose method has one of the recorded models and a validator of bodies."""
    api = Api()
    for item in models:
        schema = json.dumps(item["schema"]).replace("<api-id>", "abcdefghij")
        api.content.models[item["name"]] = {"name": item["name"], "schema": schema}
    api.content.request_validators["v"] = {"validateRequestBody": True, "validateRequestParameters": False}
    return api.method("POST /", mock('{"data": "ok"}'), requestValidatorId="v", requestModels={JSON: model})


@pytest.mark.parametrize(
    ("kind", "model", "step", "body"),
    [
        ("ref_models", "testSchemaList", "successful", [{"a": 1, "b": 2}]),
        ("ref_models", "testSchemaList", "failed-validation", [{"a": 1}]),
        ("ref_one_ofmodels", "TestModel", "successful", {"status": None}),
        ("ref_one_ofmodels", "TestModel", "successful-with-data", {"status": {"Status": "works", "Order": 1}}),
        ("ref_one_ofmodels", "TestModel", "failed-validation-no-data", {"Status": "works"}),
        ("ref_one_ofmodels", "TestModel", "failed-validation-bad-data", {"status": {"Status": "works"}}),
    ],
)
def test_models_of_draft_4_are_validated(kind: str, model: str, step: str, body: Any) -> None:
    """References to other models, items, required members, types and oneOf."""
    recording = recordings()[f"{VALIDATOR}_with_{kind}"]
    result = send(validated(recording["get-models-with-ref"]["items"], model), "POST /", json.dumps(body))
    assert result.json() == recording[step]
    assert result.status == (400 if step.startswith("failed") else 200)


@pytest.mark.parametrize(
    ("step", "required", "sent"),
    [
        ("missing-all-required-request-params-post", ("header.x-header-param", "path.issuer", "querystring.qs1"), ""),
        ("missing-required-headers-request-params-get", ("header.x-header-param", "querystring.qs1"), "?qs1=a"),
        ("missing-required-qs-request-params-get", ("querystring.qs1",), ""),
    ],
)
def test_missing_parameters_are_listed(step: str, required: tuple[str, ...], sent: str) -> None:
    parameters = {f"method.request.{name}": True for name in required}
    api = Api().method("GET /{test}", mock("{}"), requestValidatorId="v", requestParameters=parameters)
    api.content.request_validators["v"] = {"validateRequestBody": False, "validateRequestParameters": True}
    result = send(api, f"GET /value{sent}")
    assert (result.status, result.json()) == (400, recordings()[VALIDATOR][step])


TEMPLATES = "test_apigateway_lambda::test_lambda_aws_integration_response_with_mapping_templates"


@pytest.mark.parametrize("status", ["202", "400"])
def test_the_response_template_of_a_service_sets_the_status(status: str) -> None:
    """The recorded method declares 200 and 400, and not 202; its integration is of type AWS."""
    expected = recordings()[TEMPLATES][f"response-template-{status}"]
    case = next(case for case in load("localstack_validated.json") if case["id"] == f"ls:response-template-{status}")
    (step,) = case["steps"]
    response = {"statusCode": "200", "selectionPattern": "", "responseTemplates": {JSON: step["template"]}}
    uri = "arn:aws:apigateway:eu-central-1:lambda:path/2015-03-31/functions/f/invocations"
    api = Api().method("POST /", dynamodb(uri=uri, integrationResponses={"200": response}))
    result = send(api, "POST /", backend=RecordingBackend(HttpResponse(200, (), step["body"].encode())))
    assert {"statusCode": result.status, "body": result.json()} == expected
