# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The management requests of recordings that also invoke what they deployed (`INVOCATIONS` lists those steps)."""

from __future__ import annotations

import json
from typing import Any

from conformance.control_plane.replay import REGION, Replay, patch, replays

LAMBDA = "test_apigateway_lambda::"
VALIDATOR = "test_apigateway_common::TestApiGatewayCommon::test_api_gateway_request_validator"
JSON = "application/json"


def _method(r: Replay, http_method: str, **wanted: Any) -> dict[str, Any]:
    """Create a method on the root of a new API, and return the parameters that name it."""
    api_id, root_id = r.new_api()
    method = {"restApiId": api_id, "resourceId": root_id, "httpMethod": http_method}
    r.client.put_method(**method, authorizationType="NONE", **wanted)
    return method


def _function(r: Replay, name: str = "function") -> str:
    return f"arn:aws:lambda:{REGION}:{r.account}:function:{name}"


def _invocation_uri(function_arn: str) -> str:
    return f"arn:aws:apigateway:{REGION}:lambda:path/2015-03-31/functions/{function_arn}/invocations"


@replays(LAMBDA + "test_put_integration_aws_proxy_uri")
def proxy_uris(r: Replay) -> None:
    method = _method(r, "GET")
    wanted = {**method, "type": "AWS_PROXY", "integrationHttpMethod": "POST"}
    for name, uri in (
        ("lambda-uri", _function(r)),
        ("wrong-arn", "lambda"),
        ("wrong-type", f"arn:aws:apigateway:{REGION}:lambda:function/{_function(r)}/invocations"),
        ("wrong-firehose", f"arn:aws:apigateway:{REGION}:firehose.amazonaws.com:path/{_function(r)}/invocations"),
        ("bad-lambda-arn", f"arn:aws:apigateway:{REGION}:s3:path/{_function(r)}/invocations"),
    ):
        r.step(f"put-integration-{name}", "put_integration", **wanted, uri=uri)


@replays("test_apigateway_dynamodb::test_error_aws_proxy_not_supported")
def proxy_to_dynamodb(r: Replay) -> None:
    uri = f"arn:aws:apigateway:{REGION}:dynamodb:action/Query"
    wanted = {"type": "AWS_PROXY", "integrationHttpMethod": "POST", "uri": uri}
    r.step("create-integration-error", "put_integration", **_method(r, "POST"), **wanted)


@replays(LAMBDA + "test_lambda_aws_integration")
def function(r: Replay) -> None:
    api_id, root_id = r.new_api()
    method = {"restApiId": api_id, "resourceId": root_id, "httpMethod": "POST"}
    r.step("put-method", "put_method", **method, authorizationType="NONE")
    backend = {"type": "AWS", "integrationHttpMethod": "POST", "uri": _invocation_uri(_function(r))}
    role = f"arn:aws:iam::{r.account}:role/role"
    r.step("put-integration", "put_integration", **method, **backend, credentials=role)
    r.step("put-integration-response", "put_integration_response", **method, statusCode="200")
    r.step("put-method-response", "put_method_response", **method, statusCode="200")


@replays(LAMBDA + "test_lambda_aws_integration_with_request_template")
def function_with_template(r: Replay) -> None:
    api_id, root_id = r.new_api()
    method = {"restApiId": api_id, "resourceId": root_id, "httpMethod": "GET"}
    query = {"method.request.querystring.param1": False}
    r.step("put-method", "put_method", **method, authorizationType="NONE", requestParameters=query)
    r.step("put-method-response", "put_method_response", **method, statusCode="200")
    backend = {
        "type": "AWS",
        "integrationHttpMethod": "POST",
        "uri": _invocation_uri(_function(r)),
        "credentials": f"arn:aws:iam::{r.account}:role/role",
        "requestTemplates": {JSON: json.dumps({"param1": "$input.params('param1')"})},
    }
    r.step("put-integration", "put_integration", **method, **backend)
    r.step("put-integration-response", "put_integration_response", **method, statusCode="200", selectionPattern="")
    r.step("delete-integration", "delete_integration", **method)
    r.step("get-integration-after-delete", "get_integration", **method)


@replays("test_apigateway_integrations::test_integration_mock_with_path_param")
def path_parameter_of_mock(r: Replay) -> None:
    method = _method(r, "GET", requestParameters={"method.request.path.testPath": True})
    wanted = {
        "type": "MOCK",
        "requestParameters": {"integration.request.path.integrationPath": "method.request.path.testPath"},
        "requestTemplates": {JSON: "{statusCode: 200}"},
    }
    r.step("integration", "put_integration", **method, integrationHttpMethod="POST", **wanted)


@replays(VALIDATOR)
def request_validator(r: Replay) -> None:
    api_id, root_id = r.new_api()
    r.compare("register-lambda", {"fn_name": "function", "fn_arn": _function(r)})
    validator_id = r.client.create_request_validator(
        restApiId=api_id, name="test-validator", validateRequestParameters=True, validateRequestBody=True
    )["id"]
    r.client.create_model(restApiId=api_id, name="testSchema", contentType=JSON, schema='{"type": "object"}')
    method = {"restApiId": api_id, "resourceId": root_id, "httpMethod": "POST"}
    required = {
        "method.request.path.test": True,
        "method.request.querystring.qs1": True,
        "method.request.header.x-header-param": True,
    }
    r.client.put_method(
        **method,
        authorizationType="NONE",
        requestValidatorId=validator_id,
        requestModels={JSON: "testSchema"},
        requestParameters=required,
    )
    r.client.put_method_response(**method, statusCode="200")
    backend = {"type": "AWS_PROXY", "integrationHttpMethod": "POST", "uri": _invocation_uri(_function(r))}
    r.client.put_integration(**method, **backend)
    r.client.put_integration_response(**method, statusCode="200")
    r.step("deploy-1", "create_deployment", restApiId=api_id, stageName="local")
    test, issuer = (f"/requestParameters/method.request.path.{name}" for name in ("test", "issuer"))
    change = [patch("add", issuer, "true"), patch("remove", test)]
    r.step("change-request-path-names", "update_method", **method, patchOperations=change)
    revert = [patch("add", test, "true"), patch("remove", issuer)]
    r.step("revert-request-path-names", "update_method", **method, patchOperations=revert)
    disable = [patch("replace", f"/validateRequest{part}", "false") for part in ("Body", "Parameters")]
    one = {"restApiId": api_id, "requestValidatorId": validator_id}
    r.step("disable-request-validator", "update_request_validator", **one, patchOperations=disable)


def _models(r: Replay) -> None:
    """Create the recorded models, whose references name the API by its id, and list them."""
    api_id, _unused = r.new_api()
    step = "get-models-with-ref"
    for model in r.recorded[step]["items"]:
        if model["name"] not in ("Empty", "Error"):
            schema = json.dumps(model["schema"]).replace("<api-id>", api_id)
            r.client.create_model(restApiId=api_id, name=model["name"], contentType=JSON, schema=schema)
    r.step(step, "get_models", restApiId=api_id)


for _kind in ("ref_models", "ref_one_ofmodels"):
    replays(f"{VALIDATOR}_with_{_kind}")(_models)


INVOCATIONS: dict[str, set[str]] = {
    LAMBDA + "test_lambda_aws_integration": {"lambda-aws-integration"},
    LAMBDA + "test_lambda_aws_integration_with_request_template": {
        "lambda-aws-integration-1",
        "lambda-aws-integration-2",
    },
    VALIDATOR: {
        "missing-all-required-request-params-post",
        "missing-required-headers-request-params-get",
        "missing-required-qs-request-params-get",
        "invalid-request-body",
    },
    f"{VALIDATOR}_with_ref_models": {"successful", "failed-validation"},
    f"{VALIDATOR}_with_ref_one_ofmodels": {
        "successful",
        "successful-with-data",
        "failed-validation-no-data",
        "failed-validation-bad-data",
    },
}
"""Steps that are requests to a deployed API. conformance/gateway has those that need no Lambda function."""
