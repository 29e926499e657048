# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Errors of each operation of the management API: status, exception and message, as recorded on AWS.

The requests are our own. The source of each expected error is a test of LocalStack's public snapshot tests, recorded on
AWS: `api::TestX::test_y` is test_y in test_apigateway_api.snapshot.json.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from unit.control_plane.plane import ACCOUNT, ApiCallError
from unit.control_plane.shop import JSON, Shop, open_shop, patch, replace

BAD_REQUEST, NOT_FOUND, CONFLICT = (400, "BadRequestException"), (404, "NotFoundException"), (409, "ConflictException")
VALIDATION = (400, "ValidationException")

NO_RESOURCE = "Invalid Resource identifier specified"
NO_METHOD = "Invalid Method identifier specified"
NO_INTEGRATION = "Invalid Integration identifier specified"
NO_STATUS = "Invalid Response status code specified"
NO_PARAMETER = "Invalid parameter name specified"
NO_CONTENT_TYPE = "Content-Type specified was not found"
NO_VALIDATOR = "Invalid Request Validator identifier specified"
NO_PART = "Invalid Documentation part identifier specified"
NO_SUCH_API = f"Invalid API identifier specified {ACCOUNT}:none"
ONLY_REPLACE = "Invalid patch operation specified. Must be one of: [replace]"
NOT_SUPPORTED = "Invalid patch path  '{}' specified for op '{}'. Please choose supported operations"
COMPRESSION = "Invalid minimum compression size, must be between 0 and 10485760"
PRIVATE_IPV4 = "Only dualstack ipAddressType is supported for Private APIs."
EMPTY_SCHEMA = "Model schema must have at least 1 property or array items defined"
NO_AUTHORIZER = (
    "Invalid authorizer ID specified. "
    "Setting the authorization type to CUSTOM or COGNITO_USER_POOLS requires a valid authorizer."
)
DYNAMODB = "arn:aws:apigateway:eu-central-1:dynamodb:action/Query"


def broken(*constraints: str) -> str:
    """Return the message of a ValidationException that lists these constraints."""
    many = "s" if len(constraints) > 1 else ""
    return f"{len(constraints)} validation error{many} detected: " + "; ".join(constraints)


def unlisted(value: str, place: str, allowed: str) -> str:
    """Return the constraint that an enumeration makes."""
    return f"Value '{value}' at '{place}' failed to satisfy constraint: Member must satisfy enum value set: [{allowed}]"


def unlisted_op(operation: str, number: int = 1) -> str:
    """Return the constraint on the `number`th patch operation, whose op is `shift`."""
    place = f"{operation}Input.patchOperations.{number}.member.op"
    return unlisted("shift", place, "add, remove, move, test, replace, copy")


STATUS_PATTERN = r"Member must satisfy regular expression pattern: [1-5]\d\d"
BAD_STATUS = f"Value 'ok' at 'statusCode' failed to satisfy constraint: {STATUS_PATTERN}"
BAD_ENDPOINT_TYPE = (
    "Value '[MOON]' at 'createRestApiInput.endpointConfiguration.types' failed to satisfy constraint: "
    "Member must satisfy constraint: [Member must satisfy enum value set: [PRIVATE, EDGE, REGIONAL]]"
)
BAD_ADDRESS_TYPE = unlisted("ipv9", "createRestApiInput.endpointConfiguration.ipAddressType", "ipv4, dualstack")
BAD_RESPONSE_TYPE = unlisted(
    "TEAPOT",
    "responseType",
    "REQUEST_TOO_LARGE, RESOURCE_NOT_FOUND, AUTHORIZER_CONFIGURATION_ERROR, MISSING_AUTHENTICATION_TOKEN, "
    "BAD_REQUEST_BODY, INVALID_SIGNATURE, INVALID_API_KEY, BAD_REQUEST_PARAMETERS, AUTHORIZER_FAILURE, UNAUTHORIZED, "
    "INTEGRATION_TIMEOUT, ACCESS_DENIED, DEFAULT_4XX, DEFAULT_5XX, WAF_FILTERED, QUOTA_EXCEEDED, THROTTLED, "
    "API_CONFIGURATION_ERROR, UNSUPPORTED_MEDIA_TYPE, INTEGRATION_FAILURE, EXPIRED_TOKEN",
)
BAD_PART_TYPE = unlisted(
    "POEM",
    "createDocumentationPartInput.location.type",
    "RESPONSE_BODY, RESPONSE, METHOD, MODEL, AUTHORIZER, RESPONSE_HEADER, RESOURCE, PATH_PARAMETER, REQUEST_BODY, "
    "QUERY_PARAMETER, API, REQUEST_HEADER",
)


def mapping(expression: str) -> str:
    """Return the message for a parameter mapping that names no place."""
    problem = f"Invalid mapping expression specified: {expression}"
    return f"Invalid mapping expression specified: Validation Result: warnings : [], errors : [{problem}]"


@dataclass(frozen=True)
class Case:
    """A call that fails: `error` is its status and exception, `source` the recording of that error."""

    title: str
    source: str
    error: tuple[int, str]
    message: str
    call: Callable[[Shop], Any]


def create_api(**wanted: Any) -> Callable[[Shop], Any]:
    return lambda shop: shop.plane.CreateRestApi(**{"name": "new", **wanted})


def create_endpoint(**configuration: Any) -> Callable[[Shop], Any]:
    return create_api(endpointConfiguration=configuration)


def update_api(*patches: dict[str, str], **named: Any) -> Callable[[Shop], Any]:
    return lambda shop: shop.plane.UpdateRestApi(**{**shop.api(), **named}, patchOperations=list(patches))


REST_API = "api::TestApiGatewayApiRestApi::"
REST_APIS = [
    Case(
        "CreateRestApi: an empty description",
        REST_API + "test_create_rest_api_with_optional_params",
        BAD_REQUEST,
        "Description cannot be an empty string",
        create_api(description=""),
    ),
    Case(
        "CreateRestApi: a negative compression size",
        REST_API + "test_create_rest_api_with_optional_params",
        BAD_REQUEST,
        COMPRESSION,
        create_api(minimumCompressionSize=-7),
    ),
    Case(
        "CreateRestApi: no endpoint type",
        REST_API + "test_create_rest_api_with_endpoint_configuration",
        BAD_REQUEST,
        "REGIONAL Configuration and EDGE Configuration cannot be both DISABLED.",
        create_endpoint(types=[]),
    ),
    Case(
        "CreateRestApi: two endpoint types",
        REST_API + "test_create_rest_api_with_endpoint_configuration",
        BAD_REQUEST,
        "Cannot create an api with multiple Endpoint Types.",
        create_endpoint(types=["REGIONAL", "EDGE"]),
    ),
    Case(
        "CreateRestApi: a value outside an enumeration",
        REST_API + "test_create_rest_api_with_endpoint_configuration",
        VALIDATION,
        broken(BAD_ADDRESS_TYPE),
        create_endpoint(types=["REGIONAL"], ipAddressType="ipv9"),
    ),
    Case(
        "CreateRestApi: an item of a list outside an enumeration",
        REST_API + "test_create_rest_api_verify_defaults",
        VALIDATION,
        broken(BAD_ENDPOINT_TYPE),
        create_endpoint(types=["MOON"]),
    ),
    Case(
        "CreateRestApi: the model's checks come first, all in one message",
        REST_API + "test_create_rest_api_with_endpoint_configuration",
        VALIDATION,
        broken(BAD_ENDPOINT_TYPE, BAD_ADDRESS_TYPE),
        create_api(description="", endpointConfiguration={"ipAddressType": "ipv9", "types": ["MOON"]}),
    ),
    Case(
        "CreateRestApi: a private API with IPv4 alone",
        REST_API + "test_create_rest_api_private_type",
        BAD_REQUEST,
        PRIVATE_IPV4,
        create_endpoint(types=["PRIVATE"], ipAddressType="ipv4"),
    ),
    Case(
        "GetRestApi: ids are case-sensitive",
        REST_API + "test_get_api_case_insensitive",
        NOT_FOUND,
        f"Invalid API identifier specified {ACCOUNT}:NONE",
        lambda shop: shop.plane.GetRestApi(restApiId="NONE"),
    ),
    Case(
        "UpdateRestApi: an unknown API",
        REST_API + "test_update_rest_api_invalid_api_id",
        NOT_FOUND,
        NO_SUCH_API,
        update_api(replace("/name", "x"), restApiId="none"),
    ),
    Case(
        "UpdateRestApi: a compression size that is no number",
        REST_API + "test_update_rest_api_compression",
        BAD_REQUEST,
        COMPRESSION,
        update_api(replace("/minimumCompressionSize", "large")),
    ),
    Case(
        "UpdateRestApi: an operation that a member does not take",
        REST_API + "test_update_rest_api_compression",
        BAD_REQUEST,
        ONLY_REPLACE,
        update_api(patch("add", "/minimumCompressionSize", "7")),
    ),
    Case(
        "UpdateRestApi: a list is patched by its entries alone",
        REST_API + "test_update_rest_api_behaviour",
        BAD_REQUEST,
        "Invalid patch path /binaryMediaTypes",
        update_api(replace("/binaryMediaTypes", "font/woff")),
    ),
    Case(
        "UpdateRestApi: an unknown address type",
        REST_API + "test_update_rest_api_ip_address_type",
        BAD_REQUEST,
        "ipAddressType must be either ipv4 or dualstack.",
        update_api(replace("/endpointConfiguration/ipAddressType", "ipv9")),
    ),
    Case(
        "UpdateRestApi: an unknown endpoint type",
        REST_API + "test_update_rest_api_ip_address_type",
        BAD_REQUEST,
        "Invalid EndpointTypes specified. Valid options are REGIONAL,EDGE,PRIVATE",
        update_api(replace("/endpointConfiguration/types/0", "MOON")),
    ),
    Case(
        "UpdateRestApi: an endpoint type cannot be removed",
        REST_API + "test_update_rest_api_ip_address_type",
        BAD_REQUEST,
        "Invalid patch operation specified. Must be 'add'|'remove'|'replace'",
        update_api(patch("remove", "/endpointConfiguration/types/0", "EDGE")),
    ),
    Case(
        "UpdateRestApi: an address type cannot be removed",
        REST_API + "test_update_rest_api_ip_address_type",
        BAD_REQUEST,
        ONLY_REPLACE,
        update_api(patch("remove", "/endpointConfiguration/ipAddressType", "ipv4")),
    ),
    Case(
        "UpdateRestApi: IPv4 for an API that is private",
        REST_API + "test_update_rest_api_ip_address_type",
        BAD_REQUEST,
        PRIVATE_IPV4,
        update_api(
            replace("/endpointConfiguration/types/0", "PRIVATE"),
            replace("/endpointConfiguration/ipAddressType", "ipv4"),
        ),
    ),
    Case(
        "UpdateRestApi: each unknown operation is counted",
        REST_API + "test_update_rest_api_concatenation_of_errors",
        VALIDATION,
        broken(unlisted_op("updateRestApi", 1), unlisted_op("updateRestApi", 3)),
        update_api(patch("shift", "/name", "x"), replace("/name", "x"), patch("shift", "/version", "x")),
    ),
]


def create_resource(parent: Callable[[Shop], str], part: str) -> Callable[[Shop], Any]:
    return lambda shop: shop.plane.CreateResource(**shop.api(parentId=parent(shop), pathPart=part))


def at(part: str) -> Callable[[Shop], str]:
    """Create a resource under the root and return its id."""
    return lambda shop: str(shop.plane.CreateResource(**shop.api(parentId=shop.root_id, pathPart=part))["id"])


def update_resource(*patches: dict[str, str], **named: Any) -> Callable[[Shop], Any]:
    return lambda shop: shop.plane.UpdateResource(**{**shop.resource(), **named}, patchOperations=list(patches))


def add_variable_sibling(shop: Shop) -> None:
    at("{file+}")(shop)
    at("{page}")(shop)


def move_under_own_child(shop: Shop) -> None:
    child = shop.plane.CreateResource(**shop.api(parentId=shop.orders_id, pathPart="open"))
    update_resource(replace("/parentId", child["id"]))(shop)


def delete_with_parent(shop: Shop) -> None:
    child = shop.plane.CreateResource(**shop.api(parentId=shop.orders_id, pathPart="open"))
    shop.plane.DeleteResource(**shop.resource())
    shop.plane.DeleteResource(**shop.api(resourceId=child["id"]))


RESOURCE = "api::TestApiGatewayApiResource::"
RESOURCES = [
    Case(
        "CreateResource: an unknown parent",
        RESOURCE + "test_create_resource_parent_invalid",
        NOT_FOUND,
        NO_RESOURCE,
        create_resource(lambda shop: "none", "a"),
    ),
    Case(
        "CreateResource: below a greedy variable",
        RESOURCE + "test_create_proxy_resource_validation",
        BAD_REQUEST,
        "Cannot create a child of a resource with a greedy path variable: {file+}",
        create_resource(at("{file+}"), "a"),
    ),
    Case(
        "CreateResource: a second variable beside the first",
        RESOURCE + "test_create_proxy_resource_validation",
        BAD_REQUEST,
        "A sibling ({file+}) of this resource already has a variable path part -- only one is allowed",
        add_variable_sibling,
    ),
    Case(
        "UpdateResource: an unknown resource",
        RESOURCE + "test_update_resource_behaviour",
        NOT_FOUND,
        NO_RESOURCE,
        update_resource(replace("/pathPart", "a"), resourceId="none"),
    ),
    Case(
        "UpdateResource: an unknown parent",
        RESOURCE + "test_update_resource_behaviour",
        NOT_FOUND,
        NO_RESOURCE,
        update_resource(replace("/parentId", "none")),
    ),
    Case(
        "UpdateResource: a path that it has not",
        RESOURCE + "test_update_resource_behaviour",
        BAD_REQUEST,
        "Invalid patch path  '/colour' specified for op 'replace'. Must be one of: [/parentId, /pathPart]",
        update_resource(replace("/colour", "red")),
    ),
    Case(
        "UpdateResource: an operation that it does not take",
        RESOURCE + "test_update_resource_behaviour",
        BAD_REQUEST,
        NOT_SUPPORTED.format("/pathPart", "add"),
        update_resource(patch("add", "/pathPart", "a")),
    ),
    Case(
        "UpdateResource: a sibling of the same name",
        RESOURCE + "test_update_resource_behaviour",
        CONFLICT,
        "Another resource with the same parent already has this name: orders",
        lambda shop: update_resource(replace("/pathPart", "orders"), resourceId=at("items")(shop))(shop),
    ),
    Case(
        "UpdateResource: under its own child",
        RESOURCE + "test_update_resource_behaviour",
        BAD_REQUEST,
        "Resources cannot be cyclical.",
        move_under_own_child,
    ),
    Case(
        "UpdateResource: the name of the root",
        RESOURCE + "test_update_resource_on_root",
        BAD_REQUEST,
        "Root resource cannot update its pathPart.",
        lambda shop: update_resource(replace("/pathPart", "a"), resourceId=shop.root_id)(shop),
    ),
    Case(
        "UpdateResource: the parent of the root",
        RESOURCE + "test_update_resource_on_root",
        BAD_REQUEST,
        "Root resource cannot update its parentId.",
        lambda shop: update_resource(replace("/parentId", shop.orders_id), resourceId=shop.root_id)(shop),
    ),
    Case(
        "DeleteResource: removed with its parent",
        RESOURCE + "test_delete_resource",
        NOT_FOUND,
        NO_RESOURCE,
        delete_with_parent,
    ),
]


def put_method(**wanted: Any) -> Callable[[Shop], Any]:
    return lambda shop: shop.plane.PutMethod(
        **shop.method(httpMethod="POST", **{"authorizationType": "NONE", **wanted})
    )


def update_method(*patches: dict[str, str], **named: Any) -> Callable[[Shop], Any]:
    return lambda shop: shop.plane.UpdateMethod(**shop.method(**named), patchOperations=list(patches))


def update_response(*patches: dict[str, str], **named: Any) -> Callable[[Shop], Any]:
    return lambda shop: shop.plane.UpdateMethodResponse(**shop.response(**named), patchOperations=list(patches))


METHOD = "api::TestApiGatewayApiMethod::"
METHOD_RESPONSE = "api::TestApigatewayMethodResponse::"
METHODS = [
    Case(
        "PutMethod: an unknown HTTP method",
        METHOD + "test_put_method_validation",
        BAD_REQUEST,
        "Invalid HttpMethod specified. Valid options are GET,PUT,POST,DELETE,PATCH,OPTIONS,HEAD,ANY",
        lambda shop: shop.plane.PutMethod(**shop.method(httpMethod="BREW"), authorizationType="NONE"),
    ),
    Case(
        "PutMethod: an unknown API counts as an unknown resource",
        METHOD + "test_put_method_validation",
        NOT_FOUND,
        NO_RESOURCE,
        lambda shop: shop.plane.PutMethod(**shop.method(restApiId="none"), authorizationType="NONE"),
    ),
    Case(
        "PutMethod: CUSTOM without an authorizer",
        METHOD + "test_put_method_validation",
        BAD_REQUEST,
        NO_AUTHORIZER,
        put_method(authorizationType="CUSTOM"),
    ),
    Case(
        "PutMethod: an unknown validator",
        METHOD + "test_put_method_validation",
        BAD_REQUEST,
        NO_VALIDATOR,
        put_method(requestValidatorId="none"),
    ),
    Case(
        "PutMethod: an unknown model",
        METHOD + "test_put_method_validation",
        BAD_REQUEST,
        "Invalid model identifier specified: Invoice",
        put_method(requestModels={JSON: "Invoice"}),
    ),
    Case(
        "PutMethod: one name in two places",
        METHOD + "test_method_request_parameters",
        BAD_REQUEST,
        "Parameter names must be unique across querystring, header and path",
        put_method(requestParameters={"method.request.querystring.v": True, "method.request.header.v": False}),
    ),
    Case(
        "PutMethod: a parameter that is no place",
        "api::TestApigatewayIntegration::test_put_integration_request_parameter_bool_type",
        BAD_REQUEST,
        mapping("nowhere"),
        put_method(requestParameters={"nowhere": True}),
    ),
    Case(
        "GetMethod: an unknown method",
        METHOD + "test_method_lifecycle",
        NOT_FOUND,
        NO_METHOD,
        lambda shop: shop.plane.GetMethod(**shop.method(httpMethod="POST")),
    ),
    Case(
        "DeleteMethod: an unknown method",
        METHOD + "test_method_lifecycle",
        NOT_FOUND,
        NO_METHOD,
        lambda shop: shop.plane.DeleteMethod(**shop.method(httpMethod="POST")),
    ),
    Case(
        "UpdateMethod: an unknown API counts as an unknown resource, before its patches are read",
        METHOD + "test_update_method_validation",
        NOT_FOUND,
        NO_RESOURCE,
        update_method(restApiId="none"),
    ),
    Case(
        "UpdateMethod: an operation that a member does not take",
        METHOD + "test_update_method_validation",
        BAD_REQUEST,
        ONLY_REPLACE,
        update_method(patch("add", "/operationName", "list")),
    ),
    Case(
        "UpdateMethod: a path that it has not",
        METHOD + "test_update_method_validation",
        BAD_REQUEST,
        "Invalid patch path /httpMethod",
        update_method(replace("/httpMethod", "PUT")),
    ),
    Case(
        "UpdateMethod: a content type whose slash is not escaped",
        METHOD + "test_update_method_validation",
        BAD_REQUEST,
        "Invalid patch path /requestModels/text/csv",
        update_method(patch("add", "/requestModels/text/csv", "Order")),
    ),
    Case(
        "UpdateMethod: CUSTOM without an authorizer",
        METHOD + "test_update_method_validation",
        BAD_REQUEST,
        NO_AUTHORIZER,
        update_method(replace("/authorizationType", "CUSTOM"), replace("/authorizerId", "none")),
    ),
    Case(
        "UpdateMethod: an unknown validator",
        METHOD + "test_update_method_validation",
        BAD_REQUEST,
        NO_VALIDATOR,
        update_method(replace("/requestValidatorId", "none")),
    ),
    Case(
        "UpdateMethodResponse: a parameter that is not there",
        METHOD_RESPONSE + "test_update_method_lack_response_parameters_and_models",
        NOT_FOUND,
        NO_PARAMETER,
        update_response(patch("remove", "/responseParameters/method.response.header.v")),
    ),
    Case(
        "UpdateMethodResponse: a content type that is not there",
        METHOD_RESPONSE + "test_update_method_wrong_param_names",
        NOT_FOUND,
        NO_CONTENT_TYPE,
        update_response(replace("/responseModels/text~1csv", "Order")),
    ),
    Case(
        "UpdateMethodResponse: a path that it has not",
        METHOD_RESPONSE + "test_update_method_lack_response_parameters_and_models",
        BAD_REQUEST,
        "Invalid patch path /colour/red",
        update_response(patch("remove", "/colour/red")),
    ),
    Case(
        "UpdateMethodResponse: an unknown status",
        METHOD_RESPONSE + "test_update_method_response_negative_tests",
        NOT_FOUND,
        NO_STATUS,
        update_response(statusCode="299"),
    ),
    Case(
        "UpdateMethodResponse: an unknown method",
        METHOD_RESPONSE + "test_update_method_response_negative_tests",
        NOT_FOUND,
        NO_METHOD,
        update_response(httpMethod="POST"),
    ),
    Case(
        "UpdateMethodResponse: what is wrong in the body stands before what is wrong in the path",
        METHOD_RESPONSE + "test_update_method_response_negative_tests",
        VALIDATION,
        broken(unlisted_op("updateMethodResponse"), BAD_STATUS),
        update_response(patch("shift", "/responseModels/text~1csv", "Order"), statusCode="ok"),
    ),
]


def put_integration(**wanted: Any) -> Callable[[Shop], Any]:
    return lambda shop: shop.plane.PutIntegration(**shop.method(**wanted))


def put_template(templates: dict[str, Any], **named: Any) -> Callable[[Shop], Any]:
    return lambda shop: shop.plane.PutIntegrationResponse(**shop.response(**named), responseTemplates=templates)


def get_new_integration(shop: Shop) -> None:
    method = shop.method(httpMethod="POST")
    shop.plane.PutMethod(**method, authorizationType="NONE")
    shop.plane.GetIntegration(**method)


INTEGRATION, INTEGRATION_RESPONSE = "api::TestApigatewayIntegration::", "api::TestApigatewayIntegrationResponse::"
INTEGRATIONS = [
    Case(
        "PutIntegration: an unknown type",
        INTEGRATION + "test_put_integration_wrong_type",
        VALIDATION,
        broken(unlisted("PIGEON", "putIntegrationInput.type", "HTTP, MOCK, AWS_PROXY, HTTP_PROXY, AWS")),
        put_integration(type="PIGEON"),
    ),
    Case(
        "PutIntegration: an unknown method",
        INTEGRATION + "test_put_integration_response_validation",
        NOT_FOUND,
        NO_METHOD,
        put_integration(type="MOCK", httpMethod="POST"),
    ),
    Case(
        "PutIntegration: an unknown resource",
        INTEGRATION + "test_put_integration_response_validation",
        NOT_FOUND,
        NO_RESOURCE,
        put_integration(type="MOCK", resourceId="none"),
    ),
    Case(
        "PutIntegration: no HTTP method",
        "integrations::test_put_integration_validation",
        BAD_REQUEST,
        "Enumeration value for HttpMethod must be non-empty",
        put_integration(type="HTTP", uri="https://example.org"),
    ),
    Case(
        "PutIntegration: an address that is not of HTTP",
        "integrations::test_put_integration_validation",
        BAD_REQUEST,
        "Invalid HTTP endpoint specified for URI",
        put_integration(type="HTTP_PROXY", uri="example.org", integrationHttpMethod="GET"),
    ),
    Case(
        "PutIntegration: a URI that is no ARN",
        "integrations::test_put_integration_validation",
        BAD_REQUEST,
        "Invalid ARN specified in the request",
        put_integration(type="AWS", uri="https://example.org", integrationHttpMethod="POST"),
    ),
    Case(
        "PutIntegration: an ARN without an action",
        "integrations::test_put_integration_validation",
        BAD_REQUEST,
        "AWS ARN for integration must contain path or action",
        put_integration(type="AWS", uri="arn:aws:dynamodb:r:1:table/t", integrationHttpMethod="POST"),
    ),
    Case(
        "PutIntegration: a proxy to DynamoDB",
        "integrations::test_put_integration_validation",
        BAD_REQUEST,
        "Integrations of type 'AWS_PROXY' currently only supports Lambda function and Firehose stream invocations.",
        put_integration(type="AWS_PROXY", uri=DYNAMODB, integrationHttpMethod="POST"),
    ),
    Case(
        "GetIntegration: a method without one",
        INTEGRATION + "test_get_integration_non_existent",
        NOT_FOUND,
        NO_INTEGRATION,
        get_new_integration,
    ),
    Case(
        "GetIntegration: an unknown API counts as an unknown resource",
        INTEGRATION + "test_get_integration_non_existent",
        NOT_FOUND,
        NO_RESOURCE,
        lambda shop: shop.plane.GetIntegration(**shop.method(restApiId="none")),
    ),
    Case(
        "PutIntegrationResponse: a content type without a slash",
        INTEGRATION_RESPONSE + "test_integration_response_invalid_responsetemplates",
        BAD_REQUEST,
        "Validation Result: warnings : [], errors : [Invalid content type specified: json]",
        put_template({"json": "{}"}),
    ),
    Case(
        "PutIntegrationResponse: a status that is no number, before the resource is read",
        INTEGRATION_RESPONSE + "test_integration_response_invalid_statuscode",
        VALIDATION,
        broken(BAD_STATUS),
        put_template({}, statusCode="ok", resourceId="none"),
    ),
    Case(
        "GetIntegrationResponse: an unknown status",
        INTEGRATION_RESPONSE + "test_integration_response_wrong_status_code",
        NOT_FOUND,
        NO_STATUS,
        lambda shop: shop.plane.GetIntegrationResponse(**shop.response(statusCode="299")),
    ),
    Case(
        "GetIntegrationResponse: an unknown method",
        INTEGRATION_RESPONSE + "test_integration_response_wrong_method",
        NOT_FOUND,
        NO_METHOD,
        lambda shop: shop.plane.GetIntegrationResponse(**shop.response(httpMethod="POST")),
    ),
    Case(
        "DeleteIntegrationResponse: an unknown method counts as a missing integration",
        INTEGRATION_RESPONSE + "test_delete_integration_response_errors",
        NOT_FOUND,
        NO_INTEGRATION,
        lambda shop: shop.plane.DeleteIntegrationResponse(**shop.response(httpMethod="POST")),
    ),
    Case(
        "TestInvokeMethod: an unknown resource",
        "api::TestApigatewayTestInvoke::test_invoke_test_method",
        NOT_FOUND,
        NO_RESOURCE,
        lambda shop: shop.plane.TestInvokeMethod(**shop.method(resourceId="none")),
    ),
    Case(
        "TestInvokeMethod: an unknown method",
        "api::TestApigatewayTestInvoke::test_invoke_test_method",
        NOT_FOUND,
        NO_METHOD,
        lambda shop: shop.plane.TestInvokeMethod(**shop.method(httpMethod="POST")),
    ),
]


def create_model(**wanted: Any) -> Callable[[Shop], Any]:
    return lambda shop: shop.plane.CreateModel(
        **shop.api(**{"name": "Invoice", "contentType": JSON, "schema": "{}", **wanted})
    )


def update_model(operation: dict[str, str], name: str = "Order") -> Callable[[Shop], Any]:
    return lambda shop: shop.plane.UpdateModel(**shop.api(modelName=name), patchOperations=[operation])


def delete_used_model(shop: Shop) -> None:
    method = shop.method(resourceId=shop.root_id, httpMethod="POST")
    shop.plane.PutMethod(**method, authorizationType="NONE", requestModels={JSON: "Order"})
    shop.plane.DeleteModel(**shop.api(modelName="Order"))


def delete_model_used_twice(shop: Shop) -> None:
    put_method(requestModels={JSON: "Order"})(shop)
    delete_used_model(shop)


MODEL = "api::TestApiGatewayApiModels::"
MODELS = [
    Case(
        "CreateModel: an empty name",
        MODEL + "test_model_validation",
        BAD_REQUEST,
        "Model name must be non-empty",
        create_model(name=""),
    ),
    Case(
        "CreateModel: an empty schema",
        MODEL + "test_model_validation",
        BAD_REQUEST,
        EMPTY_SCHEMA,
        create_model(schema=""),
    ),
    Case(
        "CreateModel: a name that is taken",
        MODEL + "test_model_validation",
        CONFLICT,
        "Model name already exists for this REST API",
        create_model(name="Order"),
    ),
    Case(
        "CreateModel: an unknown API",
        MODEL + "test_model_validation",
        NOT_FOUND,
        NO_SUCH_API,
        create_model(restApiId="none"),
    ),
    Case(
        "GetModel: an unknown API counts as an unknown model",
        MODEL + "test_model_validation",
        NOT_FOUND,
        "Invalid model name specified: Order",
        lambda shop: shop.plane.GetModel(restApiId="none", modelName="Order"),
    ),
    Case(
        "UpdateModel: an unknown model",
        MODEL + "test_update_model",
        NOT_FOUND,
        "Invalid model name specified: Invoice",
        update_model(replace("/schema", "{}"), "Invoice"),
    ),
    Case(
        "UpdateModel: a path that it has not",
        MODEL + "test_update_model",
        BAD_REQUEST,
        "Invalid patch path  '/contentType' specified for op 'replace'. Must be one of: [/description, /schema]",
        update_model(replace("/contentType", "text/csv")),
    ),
    Case(
        "UpdateModel: an operation that it does not take",
        MODEL + "test_update_model",
        BAD_REQUEST,
        NOT_SUPPORTED.format("/schema", "add"),
        update_model(patch("add", "/schema", "{}")),
    ),
    Case(
        "UpdateModel: an empty schema",
        MODEL + "test_update_model",
        BAD_REQUEST,
        EMPTY_SCHEMA,
        update_model(replace("/schema", "")),
    ),
    Case(
        "DeleteModel: used by a method of the root",
        METHOD + "test_put_method_model",
        CONFLICT,
        "Cannot delete model 'Order', is referenced in method request: //POST",
        delete_used_model,
    ),
    Case(
        "DeleteModel: of two methods, the last by path is named",
        METHOD + "test_put_method_model",
        CONFLICT,
        "Cannot delete model 'Order', is referenced in method request: /orders/POST",
        delete_model_used_twice,
    ),
]


def update_validator(operation: dict[str, str]) -> Callable[[Shop], Any]:
    def call(shop: Shop) -> None:
        validator_id = shop.plane.CreateRequestValidator(**shop.api(name="all"))["id"]
        shop.plane.UpdateRequestValidator(**shop.api(requestValidatorId=validator_id), patchOperations=[operation])

    return call


VALIDATOR = "api::TestApiGatewayApiRequestValidator::"
VALIDATORS = [
    Case(
        "CreateRequestValidator: an unknown API is a bad request",
        VALIDATOR + "test_create_request_validator_invalid_api_id",
        BAD_REQUEST,
        "Invalid REST API identifier specified",
        lambda shop: shop.plane.CreateRequestValidator(restApiId="none", name="all"),
    ),
    Case(
        "GetRequestValidator: an unknown validator",
        VALIDATOR + "test_invalid_get_request_validator",
        NOT_FOUND,
        NO_VALIDATOR,
        lambda shop: shop.plane.GetRequestValidator(**shop.api(requestValidatorId="none")),
    ),
    Case(
        "GetRequestValidators: an unknown API",
        VALIDATOR + "test_invalid_get_request_validators",
        NOT_FOUND,
        NO_SUCH_API,
        lambda shop: shop.plane.GetRequestValidators(restApiId="none"),
    ),
    Case(
        "DeleteRequestValidator: an unknown API counts as an unknown validator",
        VALIDATOR + "test_invalid_delete_request_validator",
        NOT_FOUND,
        NO_VALIDATOR,
        lambda shop: shop.plane.DeleteRequestValidator(restApiId="none", requestValidatorId="none"),
    ),
    Case(
        "UpdateRequestValidator: a path that it has not",
        VALIDATOR + "test_invalid_update_request_validator_operations",
        BAD_REQUEST,
        "Invalid patch path  '/colour' specified for op 'replace'. "
        "Must be one of: [/name, /validateRequestParameters, /validateRequestBody]",
        update_validator(replace("/colour", "red")),
    ),
    Case(
        "UpdateRequestValidator: an operation that it does not take",
        VALIDATOR + "test_invalid_update_request_validator_operations",
        BAD_REQUEST,
        NOT_SUPPORTED.format("/name", "remove"),
        update_validator(patch("remove", "/name")),
    ),
    Case(
        "UpdateRequestValidator: an empty name",
        VALIDATOR + "test_invalid_update_request_validator_operations",
        BAD_REQUEST,
        "Request Validator name cannot be blank",
        update_validator(replace("/name")),
    ),
]


def update_gateway_response(operation: dict[str, str], kind: str = "THROTTLED") -> Callable[[Shop], Any]:
    def call(shop: Shop) -> None:
        one = shop.api(responseType=kind)
        shop.plane.PutGatewayResponse(**shop.api(responseType="THROTTLED"), responseTemplates={JSON: "{}"})
        shop.plane.UpdateGatewayResponse(**one, patchOperations=[operation])

    return call


GATEWAY_RESPONSE = "api::TestApiGatewayGatewayResponse::"
GATEWAY_RESPONSES = [
    Case(
        "GetGatewayResponse: an unknown type",
        GATEWAY_RESPONSE + "test_gateway_response_validation",
        VALIDATION,
        broken(BAD_RESPONSE_TYPE),
        lambda shop: shop.plane.GetGatewayResponse(**shop.api(responseType="TEAPOT")),
    ),
    Case(
        "GetGatewayResponses: an unknown API",
        GATEWAY_RESPONSE + "test_gateway_response_validation",
        NOT_FOUND,
        NO_SUCH_API,
        lambda shop: shop.plane.GetGatewayResponses(restApiId="none"),
    ),
    Case(
        "DeleteGatewayResponse: one that was not put",
        GATEWAY_RESPONSE + "test_gateway_response_validation",
        NOT_FOUND,
        "Gateway response type not defined on api",
        lambda shop: shop.plane.DeleteGatewayResponse(**shop.api(responseType="DEFAULT_5XX")),
    ),
    Case(
        "UpdateGatewayResponse: a status can only be replaced",
        GATEWAY_RESPONSE + "test_update_gateway_response",
        BAD_REQUEST,
        "Invalid patch path /statusCode",
        update_gateway_response(patch("remove", "/statusCode")),
    ),
    Case(
        "UpdateGatewayResponse: no path",
        GATEWAY_RESPONSE + "test_update_gateway_response",
        BAD_REQUEST,
        "Invalid patch path null",
        update_gateway_response(patch("replace", None, "429")),
    ),
    Case(
        "UpdateGatewayResponse: a template without a value",
        GATEWAY_RESPONSE + "test_update_gateway_response",
        BAD_REQUEST,
        "Invalid null or empty value in responseTemplates",
        update_gateway_response(replace("/responseTemplates/application~1json")),
    ),
    Case(
        "UpdateGatewayResponse: a header that is not there",
        GATEWAY_RESPONSE + "test_update_gateway_response",
        NOT_FOUND,
        NO_PARAMETER,
        update_gateway_response(replace("/responseParameters/gatewayresponse.header.v", "'1'")),
    ),
]


def update_part(operation: dict[str, str]) -> Callable[[Shop], Any]:
    def call(shop: Shop) -> None:
        part = shop.plane.CreateDocumentationPart(**shop.api(location={"type": "API"}, properties="{}"))
        one = shop.api(documentationPartId=part["id"])
        shop.plane.UpdateDocumentationPart(**one, patchOperations=[operation])

    return call


DOCUMENTATION = "api::TestApiGatewayApiDocumentationPart::"
DOCUMENTATION_PARTS = [
    Case(
        "CreateDocumentationPart: an unknown type",
        DOCUMENTATION + "test_invalid_create_documentation_part_operations",
        VALIDATION,
        broken(BAD_PART_TYPE),
        lambda shop: shop.plane.CreateDocumentationPart(**shop.api(location={"type": "POEM"}, properties="{}")),
    ),
    Case(
        "GetDocumentationPart: an unknown API counts as an unknown part",
        DOCUMENTATION + "test_invalid_get_documentation_part",
        NOT_FOUND,
        NO_PART,
        lambda shop: shop.plane.GetDocumentationPart(restApiId="none", documentationPartId="none"),
    ),
    Case(
        "DeleteDocumentationPart: an unknown API is named",
        DOCUMENTATION + "test_invalid_delete_documentation_part",
        NOT_FOUND,
        NO_SUCH_API,
        lambda shop: shop.plane.DeleteDocumentationPart(restApiId="none", documentationPartId="none"),
    ),
    Case(
        "DeleteDocumentationPart: an unknown part",
        DOCUMENTATION + "test_invalid_delete_documentation_part",
        NOT_FOUND,
        NO_PART,
        lambda shop: shop.plane.DeleteDocumentationPart(**shop.api(documentationPartId="none")),
    ),
    Case(
        "UpdateDocumentationPart: a path that it has not",
        DOCUMENTATION + "test_invalid_update_documentation_part",
        BAD_REQUEST,
        "Invalid patch path  '/location' specified for op 'replace'. Must be one of: [/properties]",
        update_part(replace("/location", "{}")),
    ),
    Case(
        "ImportDocumentationParts: a body without parts",
        DOCUMENTATION + "test_import_documentation_parts_bad_file",
        BAD_REQUEST,
        "Unable to build importer with provided input.",
        lambda shop: shop.plane.ImportDocumentationParts(**shop.api(body=b"- a list")),
    ),
    Case(
        "CreateAuthorizer: an unknown API is a conflict",
        "api::TestApiGatewayApiAuthorizer::test_authorizer_crud_no_api",
        CONFLICT,
        "Unable to complete operation due to concurrent modification. Please try again later.",
        lambda shop: shop.plane.CreateAuthorizer(restApiId="none", name="users", type="TOKEN"),
    ),
    Case(
        "GetAuthorizers: an unknown API",
        "api::TestApiGatewayApiAuthorizer::test_authorizer_crud_no_api",
        NOT_FOUND,
        NO_SUCH_API,
        lambda shop: shop.plane.GetAuthorizers(restApiId="none"),
    ),
    Case(
        "ImportRestApi: a body that is no document",
        "import::TestApiGatewayImportRestApi::test_import_api_bad_file",
        BAD_REQUEST,
        "Invalid OpenAPI input.",
        lambda shop: shop.plane.ImportRestApi(body=b'openapi: "3.0'),
    ),
    Case(
        "PutRestApi: the body is read before the API",
        "import::TestApiGatewayImportRestApi::test_import_api_bad_file",
        BAD_REQUEST,
        "Invalid OpenAPI input.",
        lambda shop: shop.plane.PutRestApi(restApiId="none", body=b"{'openapi"),
    ),
]


def deploy_canary(**named: Any) -> Callable[[Shop], Any]:
    canary = {"percentTraffic": 10.0}
    return lambda shop: shop.plane.CreateDeployment(**shop.api(canarySettings=canary, **named))


def update_stage(*patches: dict[str, str]) -> Callable[[Shop], Any]:
    return lambda shop: shop.update_stage(*patches)


NO_SETTING = "Cannot remove method setting {} because there is no method setting for this method "
STAGE_PATHS = (
    "/deploymentId, /description, /cacheClusterEnabled, /cacheClusterSize, /clientCertificateId, /accessLogSettings, "
    "/accessLogSettings/destinationArn, /accessLogSettings/format, /{resourcePath}/{httpMethod}/metrics/enabled, "
)
LOG_PATHS = "[/accessLogSettings/destinationArn, /accessLogSettings/format]"
STAGE, CANARY = "api::TestApiGatewayStage::", "canary::TestStageCrudCanary::"
STAGES = [
    Case(
        "DeleteDeployment: one that a stage serves",
        "common::TestDeployments::test_create_update_deployments",
        BAD_REQUEST,
        "Active stages pointing to this deployment must be moved or deleted",
        lambda shop: shop.plane.DeleteDeployment(**shop.api(deploymentId=shop.deployment_id)),
    ),
    Case(
        "CreateDeployment: a canary without a stage",
        CANARY + "test_create_canary_deployment_validation",
        BAD_REQUEST,
        "Invalid deployment content specified."
        "Non null and non empty stageName must be provided for canary deployment. Provided value is null",
        deploy_canary(),
    ),
    Case(
        "CreateDeployment: a canary of an unknown stage",
        CANARY + "test_create_canary_deployment_validation",
        BAD_REQUEST,
        "Invalid deployment content specified."
        "Stage beta must already be created before making a canary release deployment",
        deploy_canary(stageName="beta"),
    ),
    Case(
        "CreateStage: a canary of an unknown deployment",
        CANARY + "test_create_canary_deployment",
        BAD_REQUEST,
        "Deployment id does not exist",
        lambda shop: shop.plane.CreateStage(
            **shop.api(stageName="beta", deploymentId=shop.deployment_id, canarySettings={"deploymentId": "none"})
        ),
    ),
    Case(
        "UpdateStage: a canary of an unknown deployment",
        CANARY + "test_update_stage_canary_deployment_validation",
        BAD_REQUEST,
        "Deployment id does not exist",
        update_stage(replace("/canarySettings/deploymentId", "none")),
    ),
    Case(
        "UpdateStage: a canary cannot be added",
        CANARY + "test_update_stage_canary_deployment_validation",
        BAD_REQUEST,
        "Invalid add operation with path: /canarySettings/percentTraffic",
        update_stage(patch("add", "/canarySettings/percentTraffic", "10")),
    ),
    Case(
        "UpdateStage: a path of a canary that cannot be removed",
        CANARY + "test_update_stage_canary_deployment_validation",
        BAD_REQUEST,
        NO_SETTING.format("canarySettings/colour"),
        update_stage(patch("remove", "/canarySettings/colour")),
    ),
    Case(
        "UpdateStage: a copy that is no promotion",
        CANARY + "test_update_stage_with_copy_ops",
        BAD_REQUEST,
        "Invalid copy operation with path: /description and from /variables. Valid copy:path are "
        "[/deploymentId, /variables] and valid copy:from are "
        "[/canarySettings/deploymentId, /canarySettings/stageVariableOverrides]",
        update_stage(patch("copy", "/description", **{"from": "/variables"})),
    ),
    Case(
        "UpdateStage: a promotion without a canary",
        CANARY + "test_update_stage_with_copy_ops",
        BAD_REQUEST,
        "Promotion not available. Canary does not exist.",
        update_stage(patch("copy", "/deploymentId", **{"from": "/canarySettings/deploymentId"})),
    ),
    Case(
        "UpdateStage: settings of methods that are not there",
        "common::TestStages::test_update_stage_remove_wildcard",
        BAD_REQUEST,
        NO_SETTING.format("~1orders/GET"),
        update_stage(patch("remove", "/~1orders/GET")),
    ),
    Case(
        "UpdateStage: an unknown path of the access log",
        STAGE + "test_stage_access_log_settings_validation",
        BAD_REQUEST,
        f"Invalid accessLogSettings path. Must be one of : {LOG_PATHS}",
        update_stage(replace("/accessLogSettings/colour", "red")),
    ),
    Case(
        "UpdateStage: an empty format of the access log",
        STAGE + "test_stage_access_log_settings_validation",
        BAD_REQUEST,
        "Access Log value must not be empty",
        update_stage(replace("/accessLogSettings/format", "")),
    ),
    Case(
        "UpdateStage: one part of the access log cannot be removed",
        STAGE + "test_stage_access_log_settings_validation",
        BAD_REQUEST,
        NO_SETTING.format("accessLogSettings/format"),
        update_stage(patch("remove", "/accessLogSettings/format")),
    ),
]

CASES = [
    *REST_APIS,
    *RESOURCES,
    *METHODS,
    *INTEGRATIONS,
    *MODELS,
    *VALIDATORS,
    *GATEWAY_RESPONSES,
    *DOCUMENTATION_PARTS,
    *STAGES,
]


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return open_shop(tmp_path)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_the_error_is_the_recorded_one(case: Case, shop: Shop) -> None:
    with pytest.raises(ApiCallError) as error:
        case.call(shop)
    assert (error.value.status, error.value.code) == case.error
    assert error.value.message == case.message


def test_an_unknown_path_of_a_stage_is_answered_with_all_paths(shop: Shop) -> None:
    """Recorded: common::TestStages::test_create_update_stages; some commas are missing on AWS."""
    with pytest.raises(ApiCallError) as error:
        shop.update_stage(replace("/tags/colour", "red"))
    message = error.value.message
    assert message.startswith(f"Invalid method setting path: /tags/colour. Must be one of: [{STAGE_PATHS}")
    assert "/*/*/throttling/burstLimit /*/*/throttling/rateLimit /*/*/caching/ttlInSeconds, " in message
    assert message.endswith("/variables/{variable_name}, /tracingEnabled]")


@pytest.mark.parametrize(
    ("place", "body", "java_class"),
    [
        # api::TestApigatewayIntegration::test_put_integration_request_parameter_bool_type
        (
            "integration",
            {"type": "MOCK", "requestParameters": {"integration.request.header.a": False}},
            "java.lang.Boolean",
        ),
        # api::TestApigatewayIntegrationResponse::test_integration_response_invalid_responsetemplates
        (
            "integration/responses/200",
            {"responseTemplates": {JSON: 4.5}},
            "com.amazon.coral.value.json.numbers.TruncatingBigNumber",
        ),
    ],
)
def test_another_type_where_a_text_is_expected(place: str, body: dict[str, Any], java_class: str, shop: Shop) -> None:
    path = f"/restapis/{shop.api_id}/resources/{shop.orders_id}/methods/GET/{place}"
    answer = shop.plane.send("PUT", path, body=json.dumps(body).encode())
    assert (answer.status, answer.headers["x-amzn-ErrorType"]) == (400, "SerializationException")
    assert json.loads(answer.body)["message"] == f"class {java_class} can not be converted to an String"
