# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The requests of the recordings of methods and their responses."""

from __future__ import annotations

import json
from typing import Any

from conformance.control_plane.replay import Replay, patch, replace, replays

METHOD = "test_apigateway_api::TestApiGatewayApiMethod::"
RESPONSE = "test_apigateway_api::TestApigatewayMethodResponse::"
AUTHORIZER_URI = (
    "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/"
    "arn:aws:lambda:us-east-1:123456789012:function:authorizer/invocations"
)
MOCK = {"type": "MOCK", "requestTemplates": {"application/json": '{"statusCode": 200}'}}


def _root_method(r: Replay, http_method: str = "GET") -> dict[str, Any]:
    """The parameters that name a method of a new API's root."""
    api_id, root_id = r.new_api()
    return {"restApiId": api_id, "resourceId": root_id, "httpMethod": http_method}


@replays(METHOD + "test_method_lifecycle")
def lifecycle(r: Replay) -> None:
    method = _root_method(r, "ANY")
    r.step("put-base-method-response", "put_method", **method, authorizationType="NONE")
    r.step("get-base-method-response", "get_method", **method)
    r.step("del-base-method-response", "delete_method", **method)
    r.step("get-deleted-method-response", "get_method", **method)
    r.step("delete-deleted-method-response", "delete_method", **method)


@replays(METHOD + "test_method_request_parameters")
def request_parameters(r: Replay) -> None:
    method = _root_method(r, "ANY")
    wanted = {
        "method.request.querystring.q_optional": False,
        "method.request.querystring.q_required": True,
        "method.request.header.h_optional": False,
        "method.request.header.h_required": True,
    }
    name = "put-method-request-params-response"
    r.step(name, "put_method", **method, authorizationType="NONE", requestParameters=wanted)
    r.step("get-method-request-params-response", "get_method", **method)
    twice = {"method.request.querystring.optional": False, "method.request.header.optional": False}
    other = {**method, "httpMethod": "GET", "authorizationType": "NONE", "requestParameters": twice}
    r.step("req-params-same-name", "put_method", **other)


@replays(METHOD + "test_put_method_model")
def models(r: Replay) -> None:
    method = _root_method(r, "ANY")
    api_id = method["restApiId"]
    for step, name in (("create-model", "MySchema"), ("create-model-2", "MySchemaTwo")):
        schema = json.dumps({"title": name, "type": "object"})
        wanted = {"name": name, "contentType": "application/json", "description": "", "schema": schema}
        r.step(step, "create_model", restApiId=api_id, **wanted)
    uses = {"authorizationType": "NONE", "requestModels": {"application/json": "MySchema"}}
    r.step("put-method-request-models", "put_method", **method, **uses)
    r.step("delete-model-used", "delete_model", restApiId=api_id, modelName="MySchema")
    path = "/requestModels/application~1json"
    r.step("update-method-model", "update_method", **method, patchOperations=[replace(path, "MySchemaTwo")])
    r.step("delete-model-unused", "delete_model", restApiId=api_id, modelName="MySchema")
    r.step("delete-model-used-2", "delete_model", restApiId=api_id, modelName="MySchemaTwo")
    resource = r.client.create_resource(restApiId=api_id, parentId=method["resourceId"], pathPart="test")
    second = {**method, "resourceId": resource["id"]}
    uses = {"authorizationType": "NONE", "requestModels": {"application/json": "MySchemaTwo"}}
    r.step("put-method-2-request-models", "put_method", **second, **uses)
    r.step("delete-model-used-by-2-method", "delete_model", restApiId=api_id, modelName="MySchemaTwo")
    removed = [patch("remove", path, "MySchemaTwo")]
    r.step("update-method-model-2", "update_method", **second, patchOperations=removed)
    r.step("delete-model-used-by-method-1", "delete_model", restApiId=api_id, modelName="MySchemaTwo")
    r.step("delete-method-using-model-2", "delete_method", **method)
    r.step("delete-model-unused-2", "delete_model", restApiId=api_id, modelName="MySchemaTwo")


@replays(METHOD + "test_put_method_validation")
def put_refused(r: Replay) -> None:
    method = _root_method(r, "ANY")
    wrong = {**method, "httpMethod": "WRONG", "authorizationType": "NONE"}
    r.step("wrong-api", "put_method", **{**wrong, "restApiId": "fake-api"})
    r.step("wrong-resource", "put_method", **{**wrong, "resourceId": "fake-resource-id"})
    r.step("wrong-method", "put_method", **wrong)
    r.step("missing-authorizer-id", "put_method", **method, authorizationType="CUSTOM")
    none = {**method, "authorizationType": "NONE"}
    r.step("invalid-request-validator", "put_method", **none, requestValidatorId="fake-validator")
    r.step("invalid-model-name", "put_method", **none, requestModels={"application/json": "petModel"})


@replays(METHOD + "test_update_method")
def update(r: Replay) -> None:
    method = _root_method(r, "ANY")
    r.step("put-method-response", "put_method", **method, authorizationType="NONE")
    optional, model = "/requestParameters/method.request.querystring.optional", "/requestModels/application~1json"
    added = [patch("add", optional, "true"), patch("add", model, "Empty")]
    r.step("update-method-add", "update_method", **method, patchOperations=added)
    replaced = [
        replace("/operationName", "ReplacedOperationName"),
        replace("/apiKeyRequired", "true"),
        replace("/authorizationType", "AWS_IAM"),
        replace(optional, "false"),
    ]
    r.step("update-method-replace", "update_method", **method, patchOperations=replaced)
    authorizer = r.client.create_authorizer(
        restApiId=method["restApiId"],
        name="authorizer-test",
        type="TOKEN",
        authorizerUri=AUTHORIZER_URI,
        identitySource="method.request.header.Authorization",
    )
    custom = [replace("/authorizerId", authorizer["id"]), replace("/authorizationType", "CUSTOM")]
    r.step("update-method-replace-authorizer", "update_method", **method, patchOperations=custom)
    removed = [patch("remove", optional, "true"), patch("remove", model, "Empty")]
    r.step("update-method-remove", "update_method", **method, patchOperations=removed)


@replays(METHOD + "test_update_method_validation")
def update_refused(r: Replay) -> None:
    method = _root_method(r, "ANY")
    r.step("wrong-rest-api", "update_method", **{**method, "restApiId": "fake-api"}, patchOperations=[])
    r.step("wrong-resource-id", "update_method", **{**method, "resourceId": "fake-resource-id"}, patchOperations=[])
    patches = [replace("/operationName", "methodDoesNotExist")]
    r.step("method-does-not-exist", "update_method", **{**method, "httpMethod": "GET"}, patchOperations=patches)
    r.step("put-method-response", "put_method", **method, authorizationType="NONE", apiKeyRequired=True)
    for name, patches in (
        ("unsupported-operation", [patch("add", "/operationName", "operationName")]),
        ("unsupported-operation-2", [patch("add", "/requestValidatorId", "wrong-id")]),
        ("unsupported-path", [patch("add", "/httpMethod", "PUT")]),
        ("wrong-path-request-parameters", [replace("/requestParameters", "method.request.querystring.optional=false")]),
        ("wrong-path-request-models", [patch("add", "/requestModels/application/json", "Empty")]),
        ("wrong-value-type", [replace("/apiKeyRequired", "whatever")]),
        ("wrong-auth-type", [replace("/authorizationType", "CUSTOM")]),
        ("skip-auth-id-with-wrong-type", [replace("/authorizerId", "abc123")]),
        ("wrong-auth-id", [replace("/authorizationType", "CUSTOM"), replace("/authorizerId", "abc123")]),
        ("wrong-req-validator-id", [replace("/requestValidatorId", "fake-id")]),
    ):
        r.step(name, "update_method", **method, patchOperations=patches)


@replays("test_apigateway_basic::TestAPIGateway::test_apigateway_with_custom_authorization_method")
def custom_authorization(r: Replay) -> None:
    method = _root_method(r)
    r.compare("api-id", {"api_id": method["restApiId"]})
    authorizer = r.step(
        "authorizer",
        "create_authorizer",
        restApiId=method["restApiId"],
        name="lambda_authorizer",
        type="TOKEN",
        authorizerUri=AUTHORIZER_URI,
        identitySource="method.request.header.Auth",
    )
    wanted = {"authorizationType": "CUSTOM", "authorizerId": authorizer["id"], "apiKeyRequired": True}
    r.step("put-method-response", "put_method", **method, **wanted)


@replays("test_apigateway_api::TestApiGatewayApiAuthorizer::test_authorizer_crud_no_api")
def authorizer_without_api(r: Replay) -> None:
    r.step(
        "wrong-rest-api-id-create-authorizer",
        "create_authorizer",
        restApiId="test-fake-rest-id",
        name="fake-auth-name",
        type="TOKEN",
        authorizerUri=AUTHORIZER_URI,
        identitySource="method.request.header.Authorization",
    )
    r.step("wrong-rest-api-id-get-authorizers", "get_authorizers", restApiId="test-fake-rest-id")


HEADER, JSON_MODEL = "/responseParameters/method.response.header.my-header", "/responseModels/application~1json"
ADDED = [patch("add", HEADER, "true"), patch("add", JSON_MODEL, "Empty")]


def _with_response(r: Replay, **response: Any) -> dict[str, Any]:
    """The parameters that name the response 200 of a new method with a mock behind."""
    method = _root_method(r)
    r.client.put_method(**method, authorizationType="NONE")
    r.client.put_integration(**method, **MOCK)
    r.client.put_method_response(**method, statusCode="200", **response)
    return {**method, "statusCode": "200"}


FULL = {
    "responseParameters": {"method.response.header.my-header": False},
    "responseModels": {"application/json": "Empty"},
}


@replays(RESPONSE + "test_lifecycle_method_response")
def response_lifecycle(r: Replay) -> None:
    method = _root_method(r)
    r.client.put_method(**method, authorizationType="NONE")
    r.client.put_integration(**method, **MOCK)
    response = {**method, "statusCode": "200"}
    r.step("put-method-response", "put_method_response", **response, responseParameters={}, responseModels={})
    r.step("get-integration-response", "get_method_response", **response)
    r.step("add-method-responses", "update_method_response", **response, patchOperations=ADDED)
    replaced = [replace(HEADER, "true"), replace(JSON_MODEL, "Empty")]
    r.step("update-method-responses", "update_method_response", **response, patchOperations=replaced)
    r.step("get-method", "get_method", **method)
    r.step("delete-method-response", "delete_method_response", **response)


@replays(RESPONSE + "test_update_method_response")
def response_update(r: Replay) -> None:
    response = _with_response(r, **FULL)
    removed = [patch("remove", HEADER, "true"), patch("remove", JSON_MODEL, "Empty")]
    r.step("remove-update-method-response", "update_method_response", **response, patchOperations=removed)
    r.step("add-update-method-response", "update_method_response", **response, patchOperations=ADDED)


@replays(RESPONSE + "test_update_method_response_wrong_operations")
def response_wrong_operations(r: Replay) -> None:
    response = _with_response(r, **FULL)
    header, model = patch("wrong_op", HEADER, "true"), patch("wrong_op", JSON_MODEL, "Empty")
    known = patch("remove", JSON_MODEL, "Empty")
    batches = ([header], [model], [header, model], [header, model, header, model], [header, known, model])
    for number, patches in enumerate(batches, 1):
        name = f"update-method-response-wrong-operation-{number}"
        r.step(name, "update_method_response", **response, patchOperations=patches)


@replays(RESPONSE + "test_update_method_response_negative_tests")
def response_refused(r: Replay) -> None:
    response = {**_with_response(r, **FULL), "patchOperations": [replace(HEADER, "true")]}
    prefix = "update-method-response-"
    r.step(prefix + "wrong-statuscode", "update_method_response", **{**response, "statusCode": "201"})
    invalid = {**response, "statusCode": "wrong"}
    r.step(prefix + "invalid-statuscode", "update_method_response", **invalid)
    both = {**invalid, "patchOperations": [patch("wrong_op", HEADER, "true")]}
    r.step(prefix + "invalid-statuscode-and-wrong-op", "update_method_response", **both)
    r.step(prefix + "wrong-resource", "update_method_response", **{**response, "resourceId": "wrong"})
    r.step(prefix + "wrong-method", "update_method_response", **{**response, "httpMethod": "POST"})


@replays(RESPONSE + "test_update_method_lack_response_parameters_and_models")
def response_lacks_members(r: Replay) -> None:
    response = _with_response(r)
    prefix = "update-method-response-operation-"
    for name, path in (
        ("without-response-parameters", HEADER),
        ("without-response-models", JSON_MODEL),
        ("with-wrong-path", "/wrong/method.response.header.my-header"),
    ):
        patches = [patch("remove", path, "true")]
        r.step(prefix + name, "update_method_response", **response, patchOperations=patches)


@replays(RESPONSE + "test_update_method_wrong_param_names")
def response_wrong_names(r: Replay) -> None:
    response = _with_response(r, **FULL)
    names = [
        (path, op) for path in ("/responseParameters/wrong", "/responseModels/wrong") for op in ("replace", "remove")
    ]
    for number, (path, op) in enumerate(names, 1):
        name = f"update-method-response-operation-with-wrong-param-name-{number}"
        r.step(name, "update_method_response", **response, patchOperations=[patch(op, path, "Empty")])
