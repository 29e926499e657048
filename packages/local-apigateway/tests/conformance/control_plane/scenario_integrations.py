# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The requests of the recordings of integrations, their responses, and TestInvokeMethod."""

from __future__ import annotations

import json
from typing import Any

from conformance.control_plane.replay import REGION, Replay, replace, replays

INTEGRATION = "test_apigateway_api::TestApigatewayIntegration::"
RESPONSE = "test_apigateway_api::TestApigatewayIntegrationResponse::"
MOCK = {"type": "MOCK", "requestTemplates": {"application/json": '{"statusCode": 200}'}}
CREATED = {"responseTemplates": {"application/json": '"created"'}, "selectionPattern": ""}


def _method(r: Replay, http_method: str = "GET", integration: dict[str, Any] | None = None) -> dict[str, Any]:
    """The parameters that name a new method of a new API's root, with an integration where one is given."""
    api_id, root_id = r.new_api()
    method = {"restApiId": api_id, "resourceId": root_id, "httpMethod": http_method}
    r.client.put_method(**method, authorizationType="NONE")
    if integration:
        r.client.put_integration(**method, **integration)
    return method


@replays(INTEGRATION + "test_put_integration_wrong_type")
def wrong_type(r: Replay) -> None:
    api_id, root_id = r.new_api()
    method = {"restApiId": api_id, "resourceId": root_id, "httpMethod": "GET"}
    r.step("put-integration-wrong-type", "put_integration", **method, type="HTTPS_PROXY")


@replays(INTEGRATION + "test_get_integration_non_existent")
def get_refused(r: Replay) -> None:
    api_id, root_id = r.new_api()
    method = {"restApiId": api_id, "resourceId": root_id, "httpMethod": "GET"}
    r.step("get-integration-no-api", "get_integration", **{**method, "restApiId": "unknown"})
    r.step("get-integration-no-resource", "get_integration", **{**method, "resourceId": "unknown"})
    r.step("get-integration-no-method", "get_integration", **method)
    r.client.put_method(**method, authorizationType="NONE")
    r.step("get-integration-no-integration", "get_integration", **method)


@replays(INTEGRATION + "test_put_integration_response_validation")
def put_refused(r: Replay) -> None:
    method = _method(r, "GET", MOCK)
    other, unknown = {**method, "httpMethod": "POST"}, {**method, "resourceId": "bad-id"}
    r.step("put-integration-wrong-method", "put_integration", **other, **MOCK)
    r.step("put-integration-wrong-resource", "put_integration", **unknown, **MOCK)
    r.step("put-integration-response-wrong-method", "put_integration_response", **other, statusCode="200")
    r.step("put-integration-response-wrong-resource", "put_integration_response", **unknown, statusCode="200")


@replays(INTEGRATION + "test_put_integration_request_parameter_bool_type")
def boolean_parameters(r: Replay) -> None:
    api_id, root_id = r.new_api()
    method = {"restApiId": api_id, "resourceId": root_id, "httpMethod": "GET"}
    path = {"method.request.path.testPath": True}
    r.step("bool-method", "put_method", **method, authorizationType="NONE", requestParameters=path)
    wrong = {**method, "httpMethod": "POST", "authorizationType": "NONE", "requestParameters": {**path, "true": True}}
    r.step("put-method-request-param-wrong-type", "put_method", **wrong)
    proxy = {**method, "type": "HTTP_PROXY"}
    for name, parameters in (
        ("wrong-type", {"true": True}),
        ("bool-value", {"integration.request.path.testPath": True}),
    ):
        r.step(f"put-integration-request-param-{name}", "put_integration", **proxy, requestParameters=parameters)


@replays(INTEGRATION + "test_create_integration_with_vpc_link")
def vpc_link(r: Replay) -> None:
    method = _method(r)
    wanted = {
        "type": "HTTP_PROXY",
        "uri": f"http://my-vpclink-test-nlb-1234567890abcdef.{REGION}.amazonaws.com",
        "integrationHttpMethod": "GET",
        "connectionType": "VPC_LINK",
        "connectionId": "${stageVariables.vpcLinkId}",
    }
    r.step("put-integration-vpc-link", "put_integration", **method, **wanted)
    r.step("get-integration-vpc-link", "get_integration", **method)
    patches = [replace("/connectionId", "${stageVariables.vpcLinkIdBeta}")]
    r.step("update-integration-vpc-link", "update_integration", **method, patchOperations=patches)
    r.step("get-integration-update-vpc-link", "get_integration", **method)


@replays(INTEGRATION + "test_put_integration_response_templates")
def empty_templates(r: Replay) -> None:
    method = {**_method(r, "POST", MOCK), "statusCode": "200", "selectionPattern": ""}
    prefix = "put-integration-response-template-"
    r.step(prefix + "none", "put_integration_response", **method, responseTemplates={"application/json": None})
    r.step(prefix + "empty", "put_integration_response", **method, responseTemplates={"application/json": ""})
    r.step("put-integration-no-response-template", "put_integration_response", **method)


@replays(RESPONSE + "test_lifecycle_integration_response")
def lifecycle(r: Replay) -> None:
    method = _method(r, "GET", MOCK)
    response = {**method, "statusCode": "200"}
    r.step("put-integration-response", "put_integration_response", **response, **CREATED)
    r.step("get-integration-response", "get_integration_response", **response)
    patches = [replace("/selectionPattern", "updated-pattern")]
    r.step("update-integration-response", "update_integration_response", **response, patchOperations=patches)
    other = {"responseTemplates": {"application/json": "overwrite"}, "selectionPattern": "overwrite-pattern"}
    r.step("overwrite-integration-response", "put_integration_response", **response, **other)
    r.step("get-method", "get_method", **method)
    r.step("delete-integration-response", "delete_integration_response", **response)


@replays(RESPONSE + "test_integration_response_wrong_api")
def response_of_unknown_api(r: Replay) -> None:
    response = {"restApiId": "wrong-api", "resourceId": "dummy", "httpMethod": "GET", "statusCode": "200"}
    r.step("put-integration-response-wrong-api", "put_integration_response", **response)
    r.step("get-integration-response-wrong-api", "get_integration_response", **response)


@replays(RESPONSE + "test_integration_response_wrong_resource")
def response_of_unknown_resource(r: Replay) -> None:
    api_id, _unused = r.new_api()
    response = {"restApiId": api_id, "resourceId": "wrong-resource", "httpMethod": "GET", "statusCode": "200"}
    r.step("put-integration-response-wrong-resource", "put_integration_response", **response)
    r.step("get-integration-response-wrong-resource", "get_integration_response", **response)


@replays(RESPONSE + "test_integration_response_wrong_method")
def response_of_unknown_method(r: Replay) -> None:
    api_id, root_id = r.new_api()
    response = {"restApiId": api_id, "resourceId": root_id, "httpMethod": "wrong-method", "statusCode": "200"}
    r.step("put-integration-response-wrong-method", "put_integration_response", **response)
    r.step("get-integration-response-wrong-method", "get_integration_response", **response)


@replays(RESPONSE + "test_integration_response_invalid_statuscode")
def response_of_invalid_status(r: Replay) -> None:
    api_id, root_id = r.new_api()
    response = {"restApiId": api_id, "resourceId": root_id, "httpMethod": "GET", "statusCode": "wrong"}
    r.step("put-integration-response-invalid-statusCode", "put_integration_response", **response, **CREATED)
    r.step("get-integration-response-invalid-statusCode", "get_integration_response", **response)


@replays(RESPONSE + "test_integration_response_invalid_responsetemplates")
def response_of_invalid_templates(r: Replay) -> None:
    response = {**_method(r, "GET", MOCK), "statusCode": "200", "selectionPattern": ""}
    prefix = "put-integration-response-invalid-responseTemplates-"
    r.step(prefix + "1", "put_integration_response", **response, responseTemplates={"application/json": 123})
    r.step(prefix + "2", "put_integration_response", **response, responseTemplates={"123": '{"statusCode": 200}'})


@replays(RESPONSE + "test_integration_response_invalid_integration")
def response_without_integration(r: Replay) -> None:
    method = _method(r)
    r.step("get-integration-response-without-integration", "get_integration_response", **method, statusCode="200")


@replays(RESPONSE + "test_integration_response_wrong_status_code")
def response_of_unknown_status(r: Replay) -> None:
    method = _method(r, "GET", MOCK)
    r.step("get-integration-response-wrong-status-code", "get_integration_response", **method, statusCode="201")


@replays(RESPONSE + "test_delete_integration_response_errors")
def delete_refused(r: Replay) -> None:
    response = {**_method(r, "GET", MOCK), "statusCode": "200"}
    r.step("put-integration-response", "put_integration_response", **response, **CREATED)
    for name, other in (
        ("non-existent-resource", {"resourceId": "bad-resource"}),
        ("non-existent-api-id", {"restApiId": "bad-api-id"}),
        ("non-existent-method", {"httpMethod": "POST"}),
        ("non-existent-status-code", {"statusCode": "201"}),
        ("bad-method", {"httpMethod": "WRONG", "statusCode": "201"}),
    ):
        r.step(name, "delete_integration_response", **{**response, **other})


@replays("test_apigateway_integrations::test_put_integration_validation")
def put_validation(r: Replay) -> None:
    method = _method(r)
    for kind in ("HTTP", "HTTP_PROXY", "AWS"):
        name = f"required-integration-method-{kind}"
        r.step(name, "put_integration", **method, type=kind, uri="http://example.com")
    name = "not-required-integration-method-MOCK"
    r.step(name, "put_integration", **method, type="MOCK", uri="http://example.com")
    post = {**method, "integrationHttpMethod": "POST"}
    for kind in ("HTTP", "HTTP_PROXY"):
        r.step(f"http-method-{kind}", "put_integration", **post, type=kind, uri="http://example.com")
    s3 = {
        "uri": f"arn:aws:apigateway:{REGION}:s3:path/b/k",
        "credentials": f"arn:aws:iam::{r.account}:role/service-role/testfunction-role-oe783psq",
    }
    r.step("aws-integration-AWS", "put_integration", **post, type="AWS", **s3)
    function = f"arn:aws:lambda:{REGION}:{r.account}:function:MyLambda"
    uri = f"arn:aws:apigateway:{REGION}:lambda:path/2015-03-31/functions/{function}/invocations"
    for kind in ("AWS", "AWS_PROXY"):
        r.step(f"aws-integration-type-{kind}", "put_integration", **post, type=kind, uri=uri)
    r.step("no-s3-support-AWS_PROXY", "put_integration", **post, type="AWS_PROXY", **s3)
    for kind in ("HTTP", "HTTP_PROXY"):
        r.step(f"invalid-uri-{kind}", "put_integration", **post, type=kind, uri="non-valid-http")
    r.step("invalid-uri-not-an-arn", "put_integration", **post, type="AWS", uri="non-valid-arn")
    role = "arn:aws:iam::0000000000:role/service-role/asdf"
    r.step("invalid-uri-invalid-arn", "put_integration", **post, type="AWS", uri=role)


@replays("test_apigateway_integrations::test_put_integration_response_with_response_template")
def response_template(r: Replay) -> None:
    method = _method(r)
    http = {"type": "HTTP", "uri": "http://example.com", "integrationHttpMethod": "POST"}
    r.client.put_integration(**method, **http)
    response = {**method, "statusCode": "200"}
    template = {"application/json": json.dumps({"data": "test"})}
    r.client.put_integration_response(**response, selectionPattern="foobar", responseTemplates=template)
    r.step("get-integration-response", "get_integration_response", **response)


@replays("test_apigateway_integrations::test_put_integration_responses")
def responses(r: Replay) -> None:
    api_id, root_id = r.new_api()
    http = {"type": "HTTP", "uri": "http://example.com", "integrationHttpMethod": "POST"}

    def build(name: str, authorization: str, **response: Any) -> dict[str, Any]:
        method = {"restApiId": api_id, "resourceId": root_id, "httpMethod": name.upper()}
        r.step(f"put-method-{name}", "put_method", **method, authorizationType=authorization)
        r.step(f"put-method-response-{name}", "put_method_response", **method, statusCode="200")
        r.step(f"put-integration-{name}", "put_integration", **method, **http)
        whole = {**method, "statusCode": "200", "selectionPattern": "2\\d{2}", **response}
        r.step(f"put-integration-response-{name}", "put_integration_response", **whole)
        r.step(f"get-integration-response-{name}", "get_integration_response", **method, statusCode="200")
        return method

    get = build("get", "NONE", responseTemplates={})
    r.step("get-method-get", "get_method", **get)
    r.step("deploy", "create_deployment", restApiId=api_id, stageName="local")
    r.step("delete-integration-response-get", "delete_integration_response", **get, statusCode="200")
    r.step("get-method-get-after-int-resp-delete", "get_method", **get)
    build("put", "none", contentHandling="CONVERT_TO_BINARY")


@replays("test_apigateway_api::TestApigatewayTestInvoke::test_invoke_test_method")
def test_invoke(r: Replay) -> None:
    api_id, root_id = r.new_api()
    pets = r.client.create_resource(restApiId=api_id, parentId=root_id, pathPart="pets")["id"]
    pet = r.client.create_resource(restApiId=api_id, parentId=pets, pathPart="{petId}")["id"]
    one = {"petId": "$input.params('petId')"}
    for resource_id, http_method, body in (
        (pets, "GET", {"pets": "all the pets"}),
        (pet, "GET", one),
        (pet, "POST", one),
    ):
        method = {"restApiId": api_id, "resourceId": resource_id, "httpMethod": http_method}
        r.client.put_method(**method, authorizationType="NONE")
        r.client.put_method_response(**method, statusCode="200")
        r.client.put_integration(**method, **MOCK)
        templates = {"application/json": json.dumps(body)}
        r.client.put_integration_response(**method, statusCode="200", responseTemplates=templates)
    for name, resource_id, http_method, test in (
        ("get-pets", pets, "GET", {}),
        ("get-pets-bad-path", pets, "GET", {"pathWithQueryString": "/random/test"}),
        ("get-pets-id", pet, "GET", {"pathWithQueryString": "/pets/123"}),
        ("get-pets-id-no-path", pet, "GET", {}),
        ("get-pets-id-bad-path", pet, "GET", {"pathWithQueryString": "/random/test"}),
        ("get-with-qs", pet, "GET", {"pathWithQueryString": "/pets/123?foo=bar"}),
        ("post-with-body", pet, "POST", {"pathWithQueryString": "/pets/123", "body": '{"foo": "bar"}'}),
    ):
        wanted = {"restApiId": api_id, "resourceId": resource_id, "httpMethod": http_method, **test}
        r.compare(f"test-invoke-method-{name}", as_recorded(r.call("test_invoke_method", **wanted)))
    unknown = {"restApiId": api_id, "resourceId": "invalid_res", "httpMethod": "POST"}
    r.step("resource-method-not-found", "test_invoke_method", restApiId=api_id, resourceId=pet, httpMethod="HEAD")
    r.step("resource-id-not-found", "test_invoke_method", **unknown)
    r.step("rest-api-not-found", "test_invoke_method", **{**unknown, "restApiId": "unknown"})


@replays("test_apigateway_api::TestApigatewayTestInvoke::test_failed_invoke_test_method")
def test_invoke_fails(r: Replay) -> None:
    api_id, root_id = r.new_api()
    method = {"restApiId": api_id, "resourceId": root_id, "httpMethod": "ANY"}
    r.client.put_method(**method, authorizationType="NONE")
    proxy = {"type": "HTTP_PROXY", "uri": "https://${stageVariables.testHost}", "integrationHttpMethod": "ANY"}
    r.client.put_integration(**method, **proxy)
    r.compare("test-invoke-failure", as_recorded(r.call("test_invoke_method", **{**method, "httpMethod": "GET"})))


def as_recorded(answer: dict[str, Any]) -> dict[str, Any]:
    """An answer of TestInvokeMethod in the form of the recordings: a log by lines, its times and the latency masked."""
    if "log" not in answer:
        return answer
    lines = answer["log"].split("\n")
    masked = [f"DDD MMM dd hh:mm:ss UTC yyyy{line[28:]}" if " : " in line else line for line in lines]
    log = {f"line{number:02}": line for number, line in enumerate(masked)}
    return {**answer, "log": log, "latency": "<latency>"}
