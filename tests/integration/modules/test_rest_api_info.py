# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The results of rest_api_info for APIs that were created by other means. Their documents change nothing."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible_collections.codeless.apigateway.plugins.module_utils._rest_api import info as _rest_api_info
from ansible_collections.codeless.apigateway.plugins.module_utils._rest_api import resource as _rest_api

from convergence import Account
from integration.modules.by_hand import POLICY, ByHand
from playbooks import run_playbook

SCHEMA = "http://json-schema.org/draft-04/schema#"


@pytest.fixture
def gateway(account: Account) -> Any:
    return account.make_client("apigateway")


def read_info(account: Account, **by: str) -> list[dict[str, Any]]:
    return list(account.converge(_rest_api_info.planned, by).values["rest_apis"])


def handed_back(account: Account, api: dict[str, Any]) -> list[str]:
    """Return the calls with which rest_api brings an API to its own document."""
    options = {"state": "present", "purge_tags": True, "fail_on_warnings": True}
    outcome = account.converge(_rest_api.planned, {**options, "api_id": api["api_id"], "definition": api["definition"]})
    assert outcome.as_result()["diff"] == []
    return list(outcome.as_result()["calls"])


def test_an_api_with_something_of_everything(account: Account, gateway: Any) -> None:
    api = ByHand(gateway)
    url = f"https://apigateway.amazonaws.com/restapis/{api.api['restApiId']}/models"
    gateway.create_model(
        **api.api,
        name="Tag",
        contentType="application/json",
        schema=json.dumps({"$schema": SCHEMA, "type": "string"}),
    )
    order = {"$schema": SCHEMA, "type": "object", "required": ["b", "a"], "properties": {"tag": {"$ref": f"{url}/Tag"}}}
    gateway.create_model(**api.api, name="Order", contentType="application/json", schema=json.dumps(order))
    validator = gateway.create_request_validator(**api.api, validateRequestBody=True)["id"]
    pool = "arn:aws:cognito-idp:eu-central-1:123456789012:userpool/eu-central-1_x"
    people = gateway.create_authorizer(
        **api.api,
        name="people",
        type="COGNITO_USER_POOLS",
        providerARNs=[pool],
        identitySource="method.request.header.Authorization",
    )["id"]
    checked = gateway.create_authorizer(
        **api.api,
        name="checked",
        type="REQUEST",
        authorizerUri="arn:aws:apigateway:eu-central-1:lambda:path/2015-03-31/functions/f/invocations",
        identitySource="method.request.querystring.ticket,context.identity.sourceIp",
        authorizerResultTtlInSeconds=0,
    )["id"]
    gateway.put_gateway_response(**api.api, responseType="THROTTLED", statusCode="503")
    orders = api.resource(api.root, "orders")
    item = api.resource(orders, "{id}")
    rest = api.resource(api.root, "{proxy+}")

    post = api.method(
        orders,
        "POST",
        authorizationType="COGNITO_USER_POOLS",
        authorizerId=people,
        authorizationScopes=["orders/write"],
        apiKeyRequired=True,
        requestValidatorId=validator,
        requestModels={"application/json": "Order"},
        operationName="newOrder",
        requestParameters={"method.request.querystring.dry": True, "method.request.header.Trace": False},
    )
    gateway.put_method_response(
        **post,
        statusCode="200",
        responseModels={"application/json": "Order"},
        responseParameters={"method.response.header.Location": True},
    )
    gateway.put_integration(
        **post,
        type="AWS",
        integrationHttpMethod="POST",
        uri="arn:aws:apigateway:eu-central-1:dynamodb:action/PutItem",
        credentials="arn:aws:iam::123456789012:role/orders",
        requestTemplates={"application/json": "{}", "text/plain": ""},
        requestParameters={"integration.request.header.Trace": "method.request.header.Trace"},
        passthroughBehavior="WHEN_NO_TEMPLATES",
        timeoutInMillis=5000,
        cacheKeyParameters=["method.request.querystring.dry"],
        cacheNamespace="orders",
        contentHandling="CONVERT_TO_TEXT",
    )
    gateway.put_integration_response(
        **post,
        statusCode="200",
        responseTemplates={"application/json": ""},
        responseParameters={"method.response.header.Location": "'/orders'"},
    )

    gateway.put_integration(
        **api.method(item, "GET", authorizationType="AWS_IAM"),
        type="HTTP_PROXY",
        integrationHttpMethod="GET",
        uri="https://shop.example/orders",
        tlsConfig={"insecureSkipVerification": True},
    )
    any_method = api.method(rest, "ANY", authorizationType="CUSTOM", authorizerId=checked)
    gateway.put_integration(**any_method, type="MOCK", requestTemplates={"application/json": '{"statusCode": 200}'})
    gateway.create_deployment(**api.api, stageName="prod")

    (found,) = read_info(account, name="by hand")
    assert found["not_in_definition"] == []
    assert handed_back(account, found) == []
    assert list(found["definition"]["paths"]) == ["/orders", "/orders/{id}", "/{proxy+}"]
    assert (found["tags"], found["endpoint_type"], found["settings"]["policy"]) == (
        {"team": "shop"},
        "REGIONAL",
        {**POLICY, "Statement": [{**POLICY["Statement"][0], "Resource": "execute-api:/*"}]},
    )
    (stage,) = found["stages"]
    assert (stage["name"], stage["invoke_url"].endswith(f"/restapis/{found['api_id']}/prod/_user_request_")) == (
        "prod",
        True,
    )

    copied = account.settle(
        _rest_api.planned,
        {
            "state": "present",
            "name": "copy",
            "definition": found["definition"],
            "endpoint_type": "REGIONAL",
            "purge_tags": True,
            "fail_on_warnings": True,
        },
    )
    (copy,) = read_info(account, api_id=copied.values["api_id"])
    info = {**found["definition"]["info"], "title": "copy"}
    assert copy["definition"] == {**found["definition"], "info": info}


def test_what_no_document_holds_is_told(account: Account, gateway: Any) -> None:
    api = ByHand(gateway)
    api.method(api.root, "PUT")
    key = api.method(api.root, "GET")
    gateway.put_integration(**key, type="MOCK")
    for status in ("200", "400"):
        gateway.put_method_response(**key, statusCode=status)
        gateway.put_integration_response(**key, statusCode=status)
    (found,) = read_info(account, name="by hand")
    assert found["not_in_definition"] == [
        "GET / has the integration responses 200 and 400 for the same pattern, 'default'; the definition has the first "
        "of them.",
        "PUT / has no integration, and cannot be deployed.",
    ]
    responses = found["definition"]["paths"]["/"]["get"]["x-amazon-apigateway-integration"]["responses"]
    assert responses == {"default": {"statusCode": "200"}}


def test_all_of_one_name_are_told_and_none_is_no_error(account: Account, gateway: Any) -> None:
    assert read_info(account, name="things") == read_info(account, api_id="0123456789") == []
    ids = sorted(gateway.create_rest_api(name="things")["id"] for _time in range(2))
    assert sorted(api["api_id"] for api in read_info(account, name="things")) == ids
    assert account.changing() == []


def test_the_module_itself(local_aws: Any, account_id: str, gateway: Any) -> None:
    gateway.create_rest_api(name="things", endpointConfiguration={"types": ["EDGE"]})
    playbook = """
- hosts: localhost
  gather_facts: false
  tasks:
    - name: existing APIs
      codeless.apigateway.rest_api_info:
        name: things
      register: found
"""
    run = run_playbook(playbook, local_aws.endpoint_url, environment={"AWS_ACCESS_KEY_ID": account_id})
    assert (run.rc, run.recap["changed"]) == (0, 0), run.stdout
    (api,) = run.result("existing APIs")["rest_apis"]
    assert (api["name"], api["endpoint_type"], api["definition"]["paths"]) == ("things", "EDGE", {})
