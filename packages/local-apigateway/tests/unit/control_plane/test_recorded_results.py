# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Results of the management API as recorded on AWS: defaults, order, what a patch leaves, what an answer lacks.

The requests are our own. Each test names its source, a test of LocalStack's public snapshot tests, recorded on AWS:
`api::TestX::test_y` is test_y in test_apigateway_api.snapshot.json, `import::test_x` is of the one class of that file.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from unit.control_plane.shop import JSON, Shop, open_shop, patch, replace

LAMBDA = (
    "arn:aws:apigateway:eu-central-1:lambda:path/2015-03-31/functions/"
    "arn:aws:lambda:eu-central-1:123456789012:function:f/invocations"
)
SQS = "arn:aws:apigateway:eu-central-1:sqs:path/123456789012/orders"
LOG_GROUP = "arn:aws:logs:eu-central-1:123456789012:log-group:access"
MESSAGE = '{"message":$context.error.messageString}'


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return open_shop(tmp_path)


def without(answer: dict[str, Any], *names: str) -> dict[str, Any]:
    """Return an answer without members that differ from one run to the next."""
    return {name: value for name, value in answer.items() if name not in names}


NEW_API = {
    "apiKeySource": "HEADER",
    "disableExecuteApiEndpoint": False,
    "endpointConfiguration": {"types": ["EDGE"], "ipAddressType": "ipv4"},
}


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({}, NEW_API),
        ({"version": "3"}, {**NEW_API, "version": "3"}),
        ({"binaryMediaTypes": []}, NEW_API),
        ({"binaryMediaTypes": ["font/woff"]}, {**NEW_API, "binaryMediaTypes": ["font/woff"]}),
        ({"tags": {"team": "a"}}, {**NEW_API, "tags": {"team": "a"}}),
    ],
)
def test_a_new_api_has_these_settings(wanted: dict[str, Any], expected: dict[str, Any], shop: Shop) -> None:
    """Recorded: api::TestApiGatewayApiRestApi::test_create_rest_api_with_{optional_params,binary_media_types,tags}."""
    api = shop.plane.CreateRestApi(name="new", **wanted)
    assert without(api, "id", "createdDate", "rootResourceId") == {"name": "new", **expected}
    assert isinstance(api["createdDate"], int)


def test_empty_tags_are_answered_for_one_api_and_not_in_lists(shop: Shop) -> None:
    """Recorded: api::TestApiGatewayApiRestApi::test_list_and_delete_apis and test_update_rest_api_operation_add_remove,
    import::test_put_rest_api_mode_binary_media_types."""
    assert shop.plane.GetRestApi(**shop.api())["tags"] == {}
    assert shop.plane.UpdateRestApi(**shop.api(patchOperations=[]))["tags"] == {}
    assert "tags" not in shop.plane.GetRestApis()["item"][0]


@pytest.mark.parametrize(("kind", "addresses"), [("EDGE", "ipv4"), ("REGIONAL", "ipv4"), ("PRIVATE", "dualstack")])
def test_the_address_type_follows_from_the_endpoint_type(kind: str, addresses: str, shop: Shop) -> None:
    """Recorded: api::TestApiGatewayApiRestApi::test_create_rest_api_verify_defaults."""
    api = shop.plane.CreateRestApi(name="new", endpointConfiguration={"types": [kind]})
    assert api["endpointConfiguration"] == {"types": [kind], "ipAddressType": addresses}


def test_an_api_that_becomes_private_is_dualstack(shop: Shop) -> None:
    """Recorded: api::TestApiGatewayApiRestApi::test_update_rest_api_ip_address_type."""
    patches = [replace("/endpointConfiguration/types/0", kind) for kind in ("REGIONAL", "PRIVATE")]
    api = shop.plane.UpdateRestApi(**shop.api(patchOperations=patches))
    assert api["endpointConfiguration"] == {"types": ["PRIVATE"], "ipAddressType": "dualstack"}


def test_media_types_are_patched_by_name_and_a_replaced_one_moves_to_the_end(shop: Shop) -> None:
    """Recorded: api::TestApiGatewayApiRestApi::test_update_rest_api_operation_add_remove."""

    def update(*patches: dict[str, str]) -> Any:
        return shop.plane.UpdateRestApi(**shop.api(patchOperations=list(patches))).get("binaryMediaTypes")

    path = "/binaryMediaTypes/"
    added = update(patch("add", f"{path}font~1woff"), patch("add", f"{path}audio~1ogg"))
    assert added == ["font/woff", "audio/ogg"]
    assert update(replace(f"{path}font~1woff", "font/ttf")) == ["audio/ogg", "font/ttf"]
    assert update(patch("remove", f"{path}font~1ttf")) == ["audio/ogg"]
    # A path of JSON Patch that means "at the end" is a name like others (test_update_rest_api_behaviour).
    assert update(patch("add", f"{path}-", "audio/ogg")) == ["audio/ogg", "-"]


def test_a_removed_description_is_gone(shop: Shop) -> None:
    """Recorded: api::TestApiGatewayApiRestApi::test_update_rest_api_operation_add_remove."""
    api = shop.plane.UpdateRestApi(**shop.api(patchOperations=[replace("/description", "Orders.")]))
    assert api["description"] == "Orders."
    assert "description" not in shop.plane.UpdateRestApi(**shop.api(patchOperations=[patch("remove", "/description")]))


@pytest.mark.parametrize(("value", "expected"), [("25", 25), ("", None), ("0", 0)])
def test_an_empty_compression_size_switches_compression_off(value: str, expected: int | None, shop: Shop) -> None:
    """Recorded: api::TestApiGatewayApiRestApi::test_update_rest_api_compression."""
    api = shop.plane.UpdateRestApi(**shop.api(patchOperations=[replace("/minimumCompressionSize", value)]))
    assert api.get("minimumCompressionSize") == expected


def test_a_renamed_resource_takes_its_children_along(shop: Shop) -> None:
    """Recorded: api::TestApiGatewayApiResource::test_resource_lifecycle."""
    child = shop.plane.CreateResource(**shop.api(parentId=shop.orders_id, pathPart="{id}"))
    assert child == {"id": child["id"], "parentId": shop.orders_id, "pathPart": "{id}", "path": "/orders/{id}"}
    renamed = shop.plane.UpdateResource(**shop.resource(), patchOperations=[replace("/pathPart", "archive")])
    assert (renamed["path"], renamed["resourceMethods"]) == ("/archive", {"GET": {}})
    resources = shop.plane.GetResources(**shop.api())["item"]
    assert [(item["path"], "resourceMethods" in item) for item in resources] == [
        ("/", False),
        ("/archive", True),
        ("/archive/{id}", False),
    ]
    shop.plane.DeleteResource(**shop.resource())
    assert shop.plane.GetResources(**shop.api())["item"] == [{"id": shop.root_id, "path": "/"}]


def test_a_resource_moves_to_another_parent(shop: Shop) -> None:
    """Recorded: api::TestApiGatewayApiResource::test_update_resource_behaviour."""
    child = shop.plane.CreateResource(**shop.api(parentId=shop.orders_id, pathPart="open"))["id"]
    moved = shop.plane.UpdateResource(
        **shop.api(resourceId=child), patchOperations=[replace("/parentId", shop.root_id)]
    )
    assert moved == {"id": child, "parentId": shop.root_id, "pathPart": "open", "path": "/open"}


def test_a_greedy_variable_stands_beside_names_and_below_a_variable(shop: Shop) -> None:
    """Recorded: api::TestApiGatewayApiResource::test_create_proxy_resource."""

    def create(parent_id: str, part: str) -> Any:
        return shop.plane.CreateResource(**shop.api(parentId=parent_id, pathPart=part))

    greedy = create(shop.orders_id, "{rest+}")
    assert greedy["path"] == "/orders/{rest+}"
    assert create(shop.orders_id, "open")["path"] == "/orders/open"
    shop.plane.DeleteResource(**shop.api(resourceId=greedy["id"]))
    variable = create(shop.orders_id, "{id}")
    assert create(variable["id"], "{rest+}")["path"] == "/orders/{id}/{rest+}"


def test_a_new_method_has_these_settings(shop: Shop) -> None:
    """Recorded: api::TestApiGatewayApiMethod::test_method_lifecycle; a type in lower case is put into upper case
    (integrations::test_put_integration_responses, put-method-put)."""
    method = shop.method(httpMethod="PUT")
    expected = {"httpMethod": "PUT", "authorizationType": "NONE", "apiKeyRequired": False}
    assert shop.plane.PutMethod(**method, authorizationType="none") == expected
    assert shop.plane.GetMethod(**method) == expected


def test_a_patched_method(shop: Shop) -> None:
    """Recorded: api::TestApiGatewayApiMethod::test_update_method and test_update_method_validation."""

    def update(*patches: dict[str, str]) -> dict[str, Any]:
        method: dict[str, Any] = shop.plane.UpdateMethod(**shop.method(patchOperations=list(patches)))
        return without(method, "methodIntegration", "methodResponses", "httpMethod")

    open_to_all = {"authorizationType": "NONE", "apiKeyRequired": False}
    page, model = "/requestParameters/method.request.querystring.page", "/requestModels/application~1json"
    assert update(patch("add", page, "true"), patch("add", model, "Order")) == {
        **open_to_all,
        "requestParameters": {"method.request.querystring.page": True},
        "requestModels": {JSON: "Order"},
    }
    # Maps without entries are not answered.
    assert update(patch("remove", page), patch("remove", model)) == open_to_all
    assert update(replace("/apiKeyRequired", "true"))["apiKeyRequired"] is True
    # Any text but "true" is false, and an authorizer of a method that needs none is passed over.
    assert update(replace("/apiKeyRequired", "yes"), replace("/authorizerId", "none")) == open_to_all
    authorizer = shop.plane.CreateAuthorizer(**shop.api(name="users", type="TOKEN", authorizerUri=LAMBDA))
    custom = update(replace("/authorizerId", authorizer["id"]), replace("/authorizationType", "CUSTOM"))
    assert custom == {"authorizationType": "CUSTOM", "authorizerId": authorizer["id"], "apiKeyRequired": False}


def test_a_new_authorizer_is_of_the_type_custom(shop: Shop) -> None:
    """Recorded: basic::TestAPIGateway::test_apigateway_with_custom_authorization_method."""
    wanted = {"name": "users", "type": "TOKEN", "authorizerUri": LAMBDA, "identitySource": "method.request.header.Who"}
    authorizer = shop.plane.CreateAuthorizer(**shop.api(**wanted))
    assert authorizer == {**wanted, "id": authorizer["id"], "authType": "custom"}


def test_a_method_response_keeps_empty_maps_that_were_given_and_loses_emptied_ones(shop: Shop) -> None:
    """Recorded: api::TestApigatewayMethodResponse::test_lifecycle_method_response and test_update_method_response."""
    response = shop.response(statusCode="201")
    given: dict[str, Any] = {"responseParameters": {}, "responseModels": {}}
    assert shop.plane.PutMethodResponse(**response, **given) == {"statusCode": "201", **given}
    header, model = "/responseParameters/method.response.header.ETag", "/responseModels/application~1json"
    filled = [patch("add", header, "true"), patch("add", model, "Order")]
    assert shop.plane.UpdateMethodResponse(**response, patchOperations=filled) == {
        "statusCode": "201",
        "responseParameters": {"method.response.header.ETag": True},
        "responseModels": {JSON: "Order"},
    }
    emptied = [patch("remove", header), patch("remove", model)]
    assert shop.plane.UpdateMethodResponse(**response, patchOperations=emptied) == {"statusCode": "201"}


def with_defaults(shop: Shop, **members: Any) -> dict[str, Any]:
    """Return an integration of `/orders` with API Gateway's defaults for what is not given."""
    return {
        "passthroughBehavior": "WHEN_NO_MATCH",
        "timeoutInMillis": 29000,
        "cacheNamespace": shop.orders_id,
        "cacheKeyParameters": [],
        **members,
    }


SERVICE_ROLE = "arn:aws:iam::123456789012:role/orders"
POST = {"integrationHttpMethod": "POST"}


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        # The address and the method of a mock are not kept.
        ({"type": "MOCK", "uri": "https://example.org", **POST}, {"type": "MOCK"}),
        (
            {"type": "HTTP", "uri": "https://example.org", **POST},
            {"type": "HTTP", "uri": "https://example.org", "httpMethod": "POST", "connectionType": "INTERNET"},
        ),
        (
            {"type": "HTTP_PROXY", "uri": "https://example.org", **POST},
            {"type": "HTTP_PROXY", "uri": "https://example.org", "httpMethod": "POST", "connectionType": "INTERNET"},
        ),
        (
            {"type": "AWS", "uri": SQS, "credentials": SERVICE_ROLE, **POST},
            {"type": "AWS", "uri": SQS, "credentials": SERVICE_ROLE, "httpMethod": "POST"},
        ),
        ({"type": "AWS", "uri": LAMBDA, **POST}, {"type": "AWS", "uri": LAMBDA, "httpMethod": "POST"}),
        ({"type": "AWS_PROXY", "uri": LAMBDA, **POST}, {"type": "AWS_PROXY", "uri": LAMBDA, "httpMethod": "POST"}),
    ],
    ids=lambda members: members["type"],
)
def test_a_new_integration_has_these_defaults(wanted: dict[str, Any], expected: dict[str, Any], shop: Shop) -> None:
    """Recorded: integrations::test_put_integration_validation."""
    answer = shop.plane.PutIntegration(**shop.method(**wanted))
    assert answer == with_defaults(shop, **expected)
    assert shop.plane.GetIntegration(**shop.method()) == answer


def test_a_vpc_link_can_be_a_stage_variable(shop: Shop) -> None:
    """Recorded: api::TestApigatewayIntegration::test_create_integration_with_vpc_link."""
    link = {"connectionType": "VPC_LINK", "connectionId": "${stageVariables.link}"}
    shop.plane.PutIntegration(**shop.method(type="HTTP_PROXY", uri="http://internal.example.org", **POST, **link))
    patches = [replace("/connectionId", "${stageVariables.other}")]
    answer = shop.plane.UpdateIntegration(**shop.method(patchOperations=patches))
    assert (answer["connectionType"], answer["connectionId"]) == ("VPC_LINK", "${stageVariables.other}")


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({"responseTemplates": {JSON: ""}}, {"responseTemplates": {JSON: None}}),
        ({"responseTemplates": {JSON: None}}, {"responseTemplates": {JSON: None}}),
        ({"responseTemplates": {}}, {"responseTemplates": {}}),
        ({"selectionPattern": ""}, {"selectionPattern": ""}),
        ({"contentHandling": "CONVERT_TO_BINARY"}, {"contentHandling": "CONVERT_TO_BINARY"}),
    ],
)
def test_an_integration_response_keeps_what_is_empty(
    wanted: dict[str, Any], expected: dict[str, Any], shop: Shop
) -> None:
    """Recorded: api::TestApigatewayIntegration::test_put_integration_response_templates,
    integrations::test_put_integration_responses."""
    path = f"/restapis/{shop.api_id}/resources/{shop.orders_id}/methods/GET/integration/responses/200"
    answer = shop.plane.send("PUT", path, body=json.dumps(wanted).encode())
    assert json.loads(answer.body) == {"statusCode": "200", **expected}


def test_an_integration_response_is_replaced_as_a_whole(shop: Shop) -> None:
    """Recorded: api::TestApigatewayIntegrationResponse::test_lifecycle_integration_response; the map of the responses
    goes with the last of them (integrations::test_put_integration_responses)."""
    shop.plane.PutIntegrationResponse(**shop.response(), selectionPattern="2..", responseTemplates={JSON: "{}"})
    patches = [replace("/selectionPattern", "20.")]
    patched = shop.plane.UpdateIntegrationResponse(**shop.response(), patchOperations=patches)
    assert patched == {"statusCode": "200", "selectionPattern": "20.", "responseTemplates": {JSON: "{}"}}
    assert shop.plane.PutIntegrationResponse(**shop.response()) == {"statusCode": "200"}
    shop.plane.DeleteIntegrationResponse(**shop.response())
    assert "integrationResponses" not in shop.plane.GetMethod(**shop.method())["methodIntegration"]


def test_a_new_api_has_two_models_listed_by_name(shop: Shop) -> None:
    """Recorded: api::TestApiGatewayApiModels::test_model_lifecycle."""
    models = shop.plane.GetModels(**shop.api())["item"]
    assert [(model["name"], model.get("description"), model["contentType"]) for model in models] == [
        ("Empty", "This is a default empty schema model", JSON),
        ("Error", "This is a default error schema model", JSON),
        ("Order", None, JSON),
    ]
    draft = "http://json-schema.org/draft-04/schema#"
    assert json.loads(models[0]["schema"]) == {"$schema": draft, "title": "Empty Schema", "type": "object"}
    assert json.loads(models[1]["schema"]) == {
        "$schema": draft,
        "title": "Error Schema",
        "type": "object",
        "properties": {"message": {"type": "string"}},
    }


def test_an_empty_description_of_a_model_is_none(shop: Shop) -> None:
    """Recorded: api::TestApiGatewayApiModels::test_update_model."""
    wanted = {"name": "Invoice", "contentType": JSON, "schema": "{}"}
    model = shop.plane.CreateModel(**shop.api(**wanted, description=""))
    assert model == {**wanted, "id": model["id"]}
    one = shop.api(modelName="Invoice")
    shop.plane.UpdateModel(**one, patchOperations=[replace("/description", "What is due.")])
    patches = [replace("/schema", '{"type": "array"}'), replace("/description", "")]
    assert shop.plane.UpdateModel(**one, patchOperations=patches) == {**model, "schema": '{"type": "array"}'}


def test_a_model_can_be_removed_when_no_method_uses_it(shop: Shop) -> None:
    """Recorded: api::TestApiGatewayApiMethod::test_put_method_model."""
    path = "/requestModels/application~1json"
    shop.plane.UpdateMethod(**shop.method(patchOperations=[patch("add", path, "Order")]))
    shop.plane.UpdateMethod(**shop.method(patchOperations=[replace(path, "Empty")]))
    shop.plane.DeleteModel(**shop.api(modelName="Order"))
    assert [model["name"] for model in shop.plane.GetModels(**shop.api())["item"]] == ["Empty", "Error"]


def test_a_new_validator_checks_nothing_and_a_missing_value_is_false(shop: Shop) -> None:
    """Recorded: api::TestApiGatewayApiRequestValidator::test_request_validator_lifecycle."""
    created = shop.plane.CreateRequestValidator(**shop.api(name="all"))
    nothing = {"id": created["id"], "name": "all", "validateRequestBody": False, "validateRequestParameters": False}
    assert created == nothing
    one = shop.api(requestValidatorId=created["id"])
    path = "/validateRequestParameters"
    updated = shop.plane.UpdateRequestValidator(**one, patchOperations=[replace(path, "true")])
    assert updated == {**nothing, "validateRequestParameters": True}
    assert shop.plane.UpdateRequestValidator(**one, patchOperations=[replace(path)]) == nothing
    shop.plane.DeleteRequestValidator(**one)
    assert shop.plane.GetRequestValidators(**shop.api()) == {"item": []}


STATUSES = {
    "ACCESS_DENIED": "403",
    "API_CONFIGURATION_ERROR": "500",
    "AUTHORIZER_CONFIGURATION_ERROR": "500",
    "AUTHORIZER_FAILURE": "500",
    "BAD_REQUEST_BODY": "400",
    "BAD_REQUEST_PARAMETERS": "400",
    "DEFAULT_4XX": None,
    "DEFAULT_5XX": None,
    "EXPIRED_TOKEN": "403",
    "INTEGRATION_FAILURE": "504",
    "INTEGRATION_TIMEOUT": "504",
    "INVALID_API_KEY": "403",
    "INVALID_SIGNATURE": "403",
    "MISSING_AUTHENTICATION_TOKEN": "403",
    "QUOTA_EXCEEDED": "429",
    "REQUEST_TOO_LARGE": "413",
    "RESOURCE_NOT_FOUND": "404",
    "THROTTLED": "429",
    "UNAUTHORIZED": "401",
    "UNSUPPORTED_MEDIA_TYPE": "415",
    "WAF_FILTERED": "403",
}


def test_the_default_gateway_responses(shop: Shop) -> None:
    """Recorded: api::TestApiGatewayGatewayResponse::test_gateway_response_crud."""
    responses = shop.plane.GetGatewayResponses(**shop.api())["item"]
    assert [(item["responseType"], item.get("statusCode")) for item in responses] == list(STATUSES.items())
    assert {item["responseTemplates"][JSON] for item in responses} == {MESSAGE}
    assert {item["defaultResponse"] for item in responses} == {True}
    assert all(item["responseParameters"] == {} for item in responses)


def test_what_is_not_put_of_a_gateway_response_is_the_default(shop: Shop) -> None:
    """Recorded: api::TestApiGatewayGatewayResponse::test_gateway_response_put; removed, it is the default again
    (test_gateway_response_crud)."""
    one = shop.api(responseType="THROTTLED")
    headers = {"gatewayresponse.header.Retry-After": "'1'"}
    expected = {
        "responseType": "THROTTLED",
        "statusCode": "429",
        "responseParameters": headers,
        "responseTemplates": {JSON: MESSAGE},
        "defaultResponse": False,
    }
    assert shop.plane.PutGatewayResponse(**one, responseParameters=headers) == expected
    status_alone = shop.plane.PutGatewayResponse(**one, statusCode="503")
    assert status_alone == {**expected, "statusCode": "503", "responseParameters": {}}
    shop.plane.DeleteGatewayResponse(**one)
    default = {**expected, "responseParameters": {}, "defaultResponse": True}
    assert shop.plane.GetGatewayResponse(**one) == default


def test_gateway_responses_of_a_class_follow_the_one_of_the_class(shop: Shop) -> None:
    """Recorded: api::TestApiGatewayGatewayResponse::test_gateway_response_put."""
    templates, headers = {JSON: "{}"}, {"gatewayresponse.header.Retry-After": "'1'"}
    family = {"statusCode": "599", "responseTemplates": templates, "responseParameters": headers}
    shop.plane.PutGatewayResponse(**shop.api(responseType="DEFAULT_5XX"), **family)
    shop.plane.PutGatewayResponse(**shop.api(responseType="AUTHORIZER_FAILURE"))
    responses = {item["responseType"]: item for item in shop.plane.GetGatewayResponses(**shop.api())["item"]}
    followed = {"responseType": "INTEGRATION_TIMEOUT", "defaultResponse": True, **family}
    assert responses["INTEGRATION_TIMEOUT"] == followed
    assert responses["ACCESS_DENIED"]["statusCode"] == "403"
    # One that was put takes its defaults from AWS, not from its class.
    assert (responses["AUTHORIZER_FAILURE"]["statusCode"], responses["AUTHORIZER_FAILURE"]["responseTemplates"]) == (
        "500",
        {JSON: MESSAGE},
    )


def test_a_gateway_response_that_was_not_put_can_be_patched(shop: Shop) -> None:
    """Recorded: api::TestApiGatewayGatewayResponse::test_update_gateway_response."""
    one = shop.api(responseType="DEFAULT_4XX")
    patches = [replace("/statusCode", "418"), patch("add", "/responseTemplates/text~1csv", "error")]
    expected = {
        "responseType": "DEFAULT_4XX",
        "statusCode": "418",
        "responseParameters": {},
        "responseTemplates": {JSON: MESSAGE, "text/csv": "error"},
        "defaultResponse": False,
    }
    assert shop.plane.UpdateGatewayResponse(**one, patchOperations=patches) == expected
    assert shop.plane.GetGatewayResponse(**one) == expected


def test_a_documentation_part_is_about_the_root_unless_it_names_a_path(shop: Shop) -> None:
    """Recorded: api::TestApiGatewayApiDocumentationPart::test_import_documentation_parts."""
    locations = [{"type": "API"}, {"type": "METHOD", "method": "PUT"}, {"type": "MODEL", "name": "Order"}]
    parts = [{"location": location, "properties": {"description": "x"}} for location in locations]
    body = json.dumps({"documentationParts": parts}).encode()
    imported = shop.plane.ImportDocumentationParts(**shop.api(mode="overwrite", body=body))
    listed = shop.plane.GetDocumentationParts(**shop.api())["item"]
    assert imported == {"ids": [part["id"] for part in listed]}
    assert [part["location"] for part in listed] == [
        {"type": "API"},
        {"type": "METHOD", "path": "/", "method": "PUT"},
        {"type": "MODEL", "name": "Order"},
    ]
    again = shop.plane.ImportDocumentationParts(**shop.api(mode="overwrite", body=body))
    assert not set(again["ids"]) & set(imported["ids"])
    assert len(shop.plane.GetDocumentationParts(**shop.api())["item"]) == 3


def test_a_documentation_part_and_a_version_are_changed(shop: Shop) -> None:
    """Recorded: api::TestApiGatewayApiDocumentationPart::test_documentation_part_lifecycle,
    common::TestDocumentations::test_documentation_parts_and_versions."""
    wanted = {"location": {"type": "API"}, "properties": '{"description": "a"}'}
    part = shop.plane.CreateDocumentationPart(**shop.api(**wanted))
    assert part == {**wanted, "id": part["id"]}
    one = shop.api(documentationPartId=part["id"])
    text = '{"description": "b"}'
    updated = shop.plane.UpdateDocumentationPart(**one, patchOperations=[replace("/properties", text)])
    assert updated == {**part, "properties": text}
    version = shop.plane.CreateDocumentationVersion(**shop.api(documentationVersion="1"))
    assert without(version, "createdDate") == {"version": "1"}
    named = shop.api(documentationVersion="1", patchOperations=[replace("/description", "First.")])
    assert shop.plane.UpdateDocumentationVersion(**named) == {**version, "description": "First."}


def test_a_deployment_and_a_stage_as_they_are_created(shop: Shop) -> None:
    """Recorded: common::TestStages::test_create_update_stages, common::TestDeployments::test_create_update_deployments,
    basic::TestAPIGateway::test_update_rest_api_deployment."""
    deployment = shop.plane.GetDeployment(**shop.api(deploymentId=shop.deployment_id))
    assert without(deployment, "createdDate") == {"id": shop.deployment_id}
    described = shop.api(deploymentId=shop.deployment_id, patchOperations=[replace("/description", "First.")])
    assert shop.plane.UpdateDeployment(**described) == {**deployment, "description": "First."}
    stage = shop.plane.GetStage(**shop.stage())
    assert without(stage, "createdDate", "lastUpdatedDate") == {
        "stageName": "live",
        "deploymentId": shop.deployment_id,
        "cacheClusterEnabled": False,
        "cacheClusterStatus": "NOT_AVAILABLE",
        "methodSettings": {},
        "tracingEnabled": False,
    }


def test_a_stage_moves_to_the_next_deployment_and_the_old_one_can_be_removed(shop: Shop) -> None:
    """Recorded: common::TestDeployments::test_create_update_deployments."""
    second = shop.plane.CreateDeployment(**shop.api(stageName="live"))["id"]
    assert shop.plane.GetStage(**shop.stage())["deploymentId"] == second
    shop.plane.DeleteDeployment(**shop.api(deploymentId=shop.deployment_id))
    assert [item["id"] for item in shop.plane.GetDeployments(**shop.api())["item"]] == [second]


def test_stages_are_listed_by_their_deployment(shop: Shop) -> None:
    """Recorded: api::TestApiGatewayStage::test_get_stages_filters_by_deployment_id."""
    shop.plane.CreateDeployment(**shop.api(stageName="beta"))
    names = [stage["stageName"] for stage in shop.plane.GetStages(**shop.api())["item"]]
    assert names == ["live", "beta"]
    one = shop.plane.GetStages(**shop.api(deploymentId=shop.deployment_id))["item"]
    assert [stage["stageName"] for stage in one] == ["live"]


DEFAULT_SETTINGS = {
    "metricsEnabled": False,
    "dataTraceEnabled": False,
    "throttlingBurstLimit": 5000,
    "throttlingRateLimit": 10000.0,
    "cachingEnabled": False,
    "cacheTtlInSeconds": 300,
    "cacheDataEncrypted": False,
    "requireAuthorizationForCacheControl": True,
    "unauthorizedCacheControlHeaderStrategy": "SUCCEED_WITH_RESPONSE_HEADER",
}


def test_settings_of_methods_begin_with_defaults_and_a_method_with_those_of_all(shop: Shop) -> None:
    """Recorded: common::TestStages::test_create_update_stages and test_update_stage_remove_wildcard."""
    first = shop.update_stage(replace("/*/*/metrics/enabled", "true"))["methodSettings"]
    assert first == {"*/*": {**DEFAULT_SETTINGS, "metricsEnabled": True}}
    both = shop.update_stage(replace("/orders/GET/throttling/burstLimit", "9"))["methodSettings"]
    assert both == {**first, "orders/GET": {**first["*/*"], "throttlingBurstLimit": 9}}
    # A later change of all does not reach a method with settings of its own.
    later = shop.update_stage(replace("/*/*/throttling/burstLimit", "7"))["methodSettings"]
    assert (later["*/*"]["throttlingBurstLimit"], later["orders/GET"]["throttlingBurstLimit"]) == (7, 9)
    assert "*/*" not in shop.update_stage(patch("remove", "/*/*"))["methodSettings"]


def test_the_access_log_is_removed_as_a_whole(shop: Shop) -> None:
    """Recorded: api::TestApiGatewayStage::test_stage_access_log_settings."""
    role = "arn:aws:iam::123456789012:role/logs"
    shop.plane.UpdateAccount(patchOperations=[replace("/cloudwatchRoleArn", role)])
    settings = "/accessLogSettings"
    added = shop.update_stage(patch("add", f"{settings}/destinationArn", LOG_GROUP))
    assert added["accessLogSettings"] == {"destinationArn": LOG_GROUP}
    whole = shop.update_stage(patch("add", f"{settings}/format", "$context.requestId"))
    assert whole["accessLogSettings"] == {"destinationArn": LOG_GROUP, "format": "$context.requestId"}
    assert "accessLogSettings" not in shop.update_stage(patch("remove", settings))


def test_a_deployment_becomes_the_canary_of_a_stage(shop: Shop) -> None:
    """Recorded: canary::TestStageCrudCanary::test_create_canary_deployment_with_stage and test_create_update_stages."""
    wanted = {"percentTraffic": 20, "stageVariableOverrides": {"table": "new"}}
    canary_id = shop.plane.CreateDeployment(**shop.api(stageName="live", canarySettings=wanted))["id"]
    stage = shop.plane.GetStage(**shop.stage())
    assert stage["deploymentId"] == shop.deployment_id
    assert stage["canarySettings"] == {
        "deploymentId": canary_id,
        "percentTraffic": 20.0,
        "stageVariableOverrides": {"table": "new"},
        "useStageCache": False,
    }
    changed = shop.update_stage(replace("/canarySettings/stageVariableOverrides/table", "newer"))
    assert changed["canarySettings"]["stageVariableOverrides"] == {"table": "newer"}
    assert "canarySettings" not in shop.update_stage(patch("remove", "/canarySettings"))


def test_the_first_setting_of_a_canary_makes_one_without_traffic(shop: Shop) -> None:
    """Recorded: canary::TestStageCrudCanary::test_create_canary_deployment_by_stage_update."""
    second = shop.plane.CreateDeployment(**shop.api())["id"]
    by_deployment = shop.update_stage(replace("/canarySettings/deploymentId", second))
    assert by_deployment["canarySettings"] == {"deploymentId": second, "percentTraffic": 0.0, "useStageCache": False}
    shop.update_stage(patch("remove", "/canarySettings"))
    by_percent = shop.update_stage(replace("/canarySettings/percentTraffic", "30"))
    assert by_percent["canarySettings"] == {
        "deploymentId": shop.deployment_id,
        "percentTraffic": 30.0,
        "useStageCache": False,
    }


def test_a_promotion_copies_the_deployment_and_lays_the_variables_over_those_of_the_stage(shop: Shop) -> None:
    """Recorded: canary::TestStageCrudCanary::test_update_stage_with_copy_ops."""
    shop.update_stage(replace("/variables/table", "old"), replace("/variables/mode", "slow"))
    wanted = {"percentTraffic": 50, "stageVariableOverrides": {"table": "new"}}
    canary_id = shop.plane.CreateDeployment(**shop.api(stageName="live", canarySettings=wanted))["id"]
    stage = shop.update_stage(
        replace("/canarySettings/percentTraffic", "0.0"),
        patch("copy", "/deploymentId", **{"from": "/canarySettings/deploymentId"}),
        patch("copy", "/variables", **{"from": "/canarySettings/stageVariableOverrides"}),
    )
    assert (stage["deploymentId"], stage["variables"]) == (canary_id, {"table": "new", "mode": "slow"})
    assert stage["canarySettings"]["percentTraffic"] == 0.0


METHOD_PATH = "/resources/{orders}/methods/GET"


@pytest.mark.parametrize(
    ("http_method", "path", "body", "status"),
    [
        ("POST", "/resources/{orders}", {"pathPart": "open"}, 201),
        ("PUT", "/resources/{orders}/methods/PUT", {"authorizationType": "NONE"}, 201),
        ("PUT", f"{METHOD_PATH}/responses/201", {}, 201),
        ("PUT", f"{METHOD_PATH}/integration", {"type": "MOCK"}, 201),
        ("PUT", f"{METHOD_PATH}/integration/responses/201", {}, 201),
        ("POST", "/models", {"name": "M", "contentType": JSON, "schema": "{}"}, 201),
        ("POST", "/requestvalidators", {"name": "all"}, 201),
        ("PUT", "/gatewayresponses/THROTTLED", {}, 201),
        ("POST", "/deployments", {}, 201),
        ("PATCH", "", {"patchOperations": []}, 200),
        ("PATCH", f"{METHOD_PATH}/responses/200", {"patchOperations": []}, 201),
        ("DELETE", f"{METHOD_PATH}/integration/responses/200", None, 204),
        ("DELETE", f"{METHOD_PATH}/integration", None, 204),
        ("DELETE", f"{METHOD_PATH}/responses/200", None, 204),
        ("DELETE", METHOD_PATH, None, 204),
        ("DELETE", "/resources/{orders}", None, 202),
        ("DELETE", "/models/Order", None, 202),
        ("DELETE", "/stages/live", None, 202),
        ("DELETE", "", None, 202),
    ],
)
def test_the_status_of_a_success(http_method: str, path: str, body: Any, status: int, shop: Shop) -> None:
    """Recorded: api::TestApiGatewayApiResource::test_resource_lifecycle, api::TestApigatewayMethodResponse::
    test_lifecycle_method_response and others; DeleteStage follows botocore's service model."""
    place = f"/restapis/{shop.api_id}{path.replace('{orders}', shop.orders_id)}"
    answer = shop.plane.send(http_method, place, body=b"" if body is None else json.dumps(body).encode())
    assert answer.status == status
    if http_method == "DELETE":
        assert answer.body == b""
        assert shop.plane.send("GET", place).status == 404
