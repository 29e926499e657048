# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Manual changes are found, named and reverted with the fewest calls. Differences without effect are ignored."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from ansible_collections.codeless.apigateway.plugins.module_utils._dynamodb import table as _dynamodb_table
from ansible_collections.codeless.apigateway.plugins.module_utils._execution_role import resource as _execution_role
from ansible_collections.codeless.apigateway.plugins.module_utils._rest_api import info as _rest_api_info
from ansible_collections.codeless.apigateway.plugins.module_utils._rest_api import resource as _rest_api
from ansible_collections.codeless.apigateway.plugins.module_utils._stage import resource as _stage

from convergence import Account, new_account_id

POOL = "arn:aws:cognito-idp:eu-central-1:123456789012:userpool/eu-central-1_"
ROLE = "arn:aws:iam::123456789012:role/orders"
VALIDATOR = "x-amazon-apigateway-request-validator"
ORDER = {"type": "object", "required": ["total", "id"], "properties": {"id": {"type": "string"}, "total": {}}}
OPERATION = {
    "operationId": "putOrder",
    "parameters": [
        {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}},
        {"name": "dry", "in": "query", "required": True, "schema": {"type": "string"}},
    ],
    "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Order"}}}},
    "security": [{"people": ["orders/write"]}],
    VALIDATOR: "bodies",
    "responses": {
        "200": {
            "description": "The order.",
            "headers": {"Access-Control-Allow-Origin": {"schema": {"type": "string"}}},
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Order"}}},
        },
        "400": {"description": "No order."},
    },
    "x-amazon-apigateway-integration": {
        "type": "aws",
        "httpMethod": "POST",
        "uri": "arn:aws:apigateway:eu-central-1:dynamodb:action/PutItem",
        "passthroughBehavior": "never",
        "requestTemplates": {"application/json": '{\n  "TableName": "orders"\n}'},
        "requestParameters": {"integration.request.header.Dry": "method.request.querystring.dry"},
        "responses": {
            "default": {
                "statusCode": "200",
                "responseTemplates": {"application/json": "{}"},
                "responseParameters": {"method.response.header.Access-Control-Allow-Origin": "'*'"},
            },
            "4\\d{2}": {"statusCode": "400", "responseTemplates": {"application/json": "no"}},
        },
    },
}
DOCUMENT = {
    "openapi": "3.0.1",
    "info": {"title": "orders", "version": "1.0", "description": "Orders"},
    "x-amazon-apigateway-binary-media-types": ["image/png"],
    "x-amazon-apigateway-minimum-compression-size": 1024,
    "x-amazon-apigateway-api-key-source": "HEADER",
    "x-amazon-apigateway-endpoint-configuration": {"disableExecuteApiEndpoint": False},
    "x-amazon-apigateway-policy": {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "execute-api:/*"}
        ],
    },
    "x-amazon-apigateway-request-validators": {
        "bodies": {"validateRequestBody": True, "validateRequestParameters": True}
    },
    "x-amazon-apigateway-gateway-responses": {
        "DEFAULT_4XX": {"responseParameters": {"gatewayresponse.header.Access-Control-Allow-Origin": "'*'"}}
    },
    "components": {
        "schemas": {"Order": ORDER},
        "securitySchemes": {
            "people": {
                "type": "apiKey",
                "name": "Authorization",
                "in": "header",
                "x-amazon-apigateway-authtype": "cognito_user_pools",
                "x-amazon-apigateway-authorizer": {"type": "cognito_user_pools", "providerARNs": [f"{POOL}a"]},
            }
        },
    },
    "paths": {"/orders/{id}": {"put": OPERATION}},
}
API = {
    "state": "present",
    "name": "orders",
    "definition": DOCUMENT,
    "execution_role": ROLE,
    "endpoint_type": "REGIONAL",
    "fail_on_warnings": True,
    "tags": {"team": "shop"},
    "purge_tags": True,
}
POLICY = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Sid": "Orders",
            "Effect": "Allow",
            "Action": ["dynamodb:PutItem", "dynamodb:Query"],
            "Resource": ["arn:aws:dynamodb:eu-central-1:123456789012:table/orders"],
        }
    ],
}
ROLE_OPTIONS = {
    "state": "present",
    "name": "orders",
    "policy_name": "dynamodb-proxy",
    "policy": POLICY,
    "description": "Orders",
    "tags": {"team": "shop"},
    "purge_tags": True,
    "purge_statements": True,
    "keep_statements": "none",
}
TABLE = {
    "state": "present",
    "name": "orders",
    "hash_key": "id",
    "attributes": {"id": "S", "status": "S"},
    "indexes": [{"name": "by_status", "hash_key": "status", "projection": "ALL"}],
    "purge_indexes": True,
    "billing_mode": "PAY_PER_REQUEST",
    "table_class": "STANDARD",
    "deletion_protection": True,
    "stream_view_type": "NONE",
    "ttl_attribute": "expires",
    "point_in_time_recovery": True,
    "encryption_key": "AWS_OWNED",
    "on_demand_throughput": {"max_read_request_units": 100, "max_write_request_units": -1},
    "tags": {"team": "shop"},
    "purge_tags": True,
    "force": False,
    "wait": True,
    "wait_timeout": 10,
}


@dataclass(frozen=True)
class Stack:
    """All resources of one API, as declared, and their account."""

    account: Account
    api_id: str
    stage: dict[str, Any]

    def __getattr__(self, service: str) -> Any:
        """Return a client of the service."""
        return self.account.make_client(service)

    @property
    def method(self) -> dict[str, str]:
        """Return the parameters that identify the method of the route. A recreated resource has another ID."""
        resources = self.apigateway.get_resources(restApiId=self.api_id)["items"]
        resource = next(item["id"] for item in resources if item["path"] == "/orders/{id}")
        return {"restApiId": self.api_id, "resourceId": resource, "httpMethod": "PUT"}

    @property
    def options(self) -> dict[str, tuple[Any, dict[str, Any]]]:
        return {
            "rest_api": (_rest_api.planned, API),
            "execution_role": (_execution_role.planned, ROLE_OPTIONS),
            "dynamodb_table": (_dynamodb_table.planned, TABLE),
            "stage": (_stage.planned, self.stage),
        }

    def id_of(self, operation: str, name: str) -> str:
        """Return the ID of an authorizer or a request validator."""
        items = getattr(self.apigateway, operation)(restApiId=self.api_id)["items"]
        return str(next(item["id"] for item in items if item["name"] == name))

    def patch(self, operation: str, *patches: tuple[str, str, str | None], **key: Any) -> None:
        """Make an UpdateX call with patch operations: operation, path, value."""
        operations = [
            {name: value for name, value in (("op", op), ("path", path), ("value", value)) if value is not None}
            for op, path, value in patches
        ]
        getattr(self.apigateway, operation)(restApiId=self.api_id, **key, patchOperations=operations)

    def on_method(self, operation: str, op: str, path: str, value: str | None = None, **key: Any) -> None:
        """Patch the method or a part of it."""
        target = {name: value for name, value in self.method.items() if name != "restApiId"}
        self.patch(operation, (op, path, value), **target, **key)


@pytest.fixture(scope="module")
def stack(local_aws: Any) -> Stack:
    account_id = new_account_id()
    account = Account(lambda service: local_aws.client(service, access_key=account_id))
    account.settle(_execution_role.planned, ROLE_OPTIONS)
    account.settle(_dynamodb_table.planned, TABLE)
    api = account.settle(_rest_api.planned, API).values
    stage = {
        "state": "present",
        "name": "prod",
        "api_id": api["api_id"],
        "digest": api["digest"],
        "variables": {"table": "orders"},
        "method_settings": {"*": {"throttling_rate_limit": 100}, "PUT /orders/{id}": {"metrics_enabled": True}},
        "stage_description": "For all",
        "tracing_enabled": True,
        "keep_deployments": 10,
        "tags": {"team": "shop"},
        "purge_tags": True,
    }
    account.settle(_stage.planned, stage)
    return Stack(account, api["api_id"], stage)


@dataclass(frozen=True)
class Drift:
    """A manual change, the resource that reverts it, its title in the diff, and the calls.

    `shown` stands in the diff's text before the repair and not after it, or the other way round; it is empty where ids
    differ.
    """

    resource: str
    change: Callable[[Stack], Any]
    title: str
    calls: list[str]
    shown: str


def api(change: Callable[[Stack], Any], shown: str, title: str = "route PUT /orders/{id}") -> Drift:
    return Drift("rest_api", change, title, ["apigateway:PutRestApi"], shown)


SETTINGS = "settings of the REST API"
DRIFTS: dict[str, Drift] = {
    "a route is removed": api(lambda stack: stack.apigateway.delete_method(**stack.method), "putOrder"),
    "a resource is removed": api(
        lambda stack: stack.apigateway.delete_resource(restApiId=stack.api_id, resourceId=stack.method["resourceId"]),
        "putOrder",
    ),
    "a route is added": api(
        lambda stack: stack.apigateway.put_method(**{**stack.method, "httpMethod": "GET"}, authorizationType="NONE"),
        "integration: none",
        "route GET /orders/{id}",
    ),
    "a request template": api(
        lambda stack: stack.on_method("update_integration", "replace", "/requestTemplates/application~1json", "{}"),
        '"TableName": "orders"',
    ),
    "a request template more": api(
        lambda stack: stack.on_method("update_integration", "add", "/requestTemplates/text~1plain", "{}"), "text/plain"
    ),
    "an answer's template": api(
        lambda stack: stack.on_method(
            "update_integration_response",
            "replace",
            "/responseTemplates/application~1json",
            "changed",
            statusCode="200",
        ),
        "application/json: changed",
    ),
    "an answer's header": api(
        lambda stack: stack.on_method(
            "update_integration_response",
            "replace",
            "/responseParameters/method.response.header.Access-Control-Allow-Origin",
            "'https://other.example'",
            statusCode="200",
        ),
        "https://other.example",
    ),
    "an answer's pattern": api(
        lambda stack: stack.on_method(
            "update_integration_response", "replace", "/selectionPattern", "5\\d{2}", statusCode="400"
        ),
        "selectionPattern: 5",
    ),
    "an answer is removed": api(
        lambda stack: stack.apigateway.delete_integration_response(**stack.method, statusCode="400"),
        "selectionPattern: 4",
    ),
    "a declared status is removed": api(
        lambda stack: stack.apigateway.delete_method_response(**stack.method, statusCode="400"), "400: {}"
    ),
    "a declared status more": api(
        lambda stack: stack.apigateway.put_method_response(**stack.method, statusCode="418"), "418: {}"
    ),
    "the backend's URI": api(
        lambda stack: stack.on_method(
            "update_integration", "replace", "/uri", "arn:aws:apigateway:eu-central-1:dynamodb:action/DeleteItem"
        ),
        "action/DeleteItem",
    ),
    "the backend's role": api(
        lambda stack: stack.on_method("update_integration", "replace", "/credentials", f"{ROLE}-2"), f"{ROLE}-2"
    ),
    "the timeout": api(
        lambda stack: stack.on_method("update_integration", "replace", "/timeoutInMillis", "3000"),
        "timeoutInMillis: 3000",
    ),
    "what is passed through": api(
        lambda stack: stack.on_method("update_integration", "replace", "/passthroughBehavior", "WHEN_NO_MATCH"),
        "WHEN_NO_MATCH",
    ),
    "a mapped parameter": api(
        lambda stack: stack.on_method(
            "update_integration", "remove", "/requestParameters/integration.request.header.Dry"
        ),
        "integration.request.header.Dry",
    ),
    "the content handling": api(
        lambda stack: stack.on_method("update_integration", "replace", "/contentHandling", "CONVERT_TO_TEXT"),
        "CONVERT_TO_TEXT",
    ),
    "who may call": api(
        lambda stack: stack.on_method("update_method", "replace", "/authorizationType", "NONE"), "COGNITO_USER_POOLS"
    ),
    "an API key": api(
        lambda stack: stack.on_method("update_method", "replace", "/apiKeyRequired", "true"), "apiKeyRequired: true"
    ),
    "a parameter more": api(
        lambda stack: stack.on_method("update_method", "add", "/requestParameters/method.request.header.Trace", "true"),
        "method.request.header.Trace",
    ),
    "a parameter is no longer required": api(
        lambda stack: stack.on_method(
            "update_method", "replace", "/requestParameters/method.request.querystring.dry", "false"
        ),
        "method.request.querystring.dry: false",
    ),
    "the validator of a route": api(
        lambda stack: stack.on_method("update_method", "replace", "/requestValidatorId", ""),
        "requestValidator: bodies",
    ),
    "the model of a body": api(
        lambda stack: stack.on_method("update_method", "remove", "/requestModels/application~1json"), "requestModels"
    ),
    "the name of an operation": api(
        lambda stack: stack.on_method("update_method", "replace", "/operationName", "other"), "operationName: other"
    ),
    "a validator": api(
        lambda stack: stack.patch(
            "update_request_validator",
            ("replace", "/validateRequestBody", "false"),
            requestValidatorId=stack.id_of("get_request_validators", "bodies"),
        ),
        "validateRequestBody: false",
        "request validator bodies",
    ),
    "a model": api(
        lambda stack: stack.patch(
            "update_model", ("replace", "/schema", '{"type": "object", "title": "Any"}'), modelName="Order"
        ),
        "title: Any",
        "model Order",
    ),
    "a gateway response": api(
        lambda stack: stack.patch(
            "update_gateway_response",
            ("replace", "/responseParameters/gatewayresponse.header.Access-Control-Allow-Origin", "'null'"),
            responseType="DEFAULT_4XX",
        ),
        "'null'",
        "gateway response DEFAULT_4XX",
    ),
    "a gateway response is removed": api(
        lambda stack: stack.apigateway.delete_gateway_response(restApiId=stack.api_id, responseType="DEFAULT_4XX"),
        "Access-Control-Allow-Origin",
        "gateway response DEFAULT_4XX",
    ),
    "a gateway response more": api(
        lambda stack: stack.apigateway.put_gateway_response(
            restApiId=stack.api_id, responseType="THROTTLED", responseParameters={"gatewayresponse.header.A": "'b'"}
        ),
        "gatewayresponse.header.A",
        "gateway response THROTTLED",
    ),
    "a gateway response more that says nothing": api(
        lambda stack: stack.apigateway.put_gateway_response(restApiId=stack.api_id, responseType="THROTTLED"),
        "{}",
        "gateway response THROTTLED",
    ),
    "an authorizer": api(
        lambda stack: stack.patch(
            "update_authorizer",
            ("replace", "/authorizerResultTtlInSeconds", "60"),
            authorizerId=stack.id_of("get_authorizers", "people"),
        ),
        "authorizerResultTtlInSeconds: 60",
        "authorizer people",
    ),
    "the source of tokens": api(
        lambda stack: stack.patch(
            "update_authorizer",
            ("replace", "/identitySource", "method.request.header.Token"),
            authorizerId=stack.id_of("get_authorizers", "people"),
        ),
        "method.request.header.Token",
        "authorizer people",
    ),
    "the resource policy": api(
        lambda stack: stack.patch("update_rest_api", ("remove", "/policy", None)), "execute-api:Invoke", SETTINGS
    ),
    "binary media types": api(
        lambda stack: stack.patch("update_rest_api", ("add", "/binaryMediaTypes/image~1gif", None)),
        "image/gif",
        SETTINGS,
    ),
    "compression": api(
        lambda stack: stack.patch("update_rest_api", ("replace", "/minimumCompressionSize", "0")),
        "minimumCompressionSize: 0",
        SETTINGS,
    ),
    "the source of API keys": api(
        lambda stack: stack.patch("update_rest_api", ("replace", "/apiKeySource", "AUTHORIZER")),
        "AUTHORIZER",
        SETTINGS,
    ),
    "the description": api(
        lambda stack: stack.patch("update_rest_api", ("replace", "/description", "Changed")), "Changed", SETTINGS
    ),
    "the default endpoint": api(
        lambda stack: stack.patch("update_rest_api", ("replace", "/disableExecuteApiEndpoint", "true")),
        "disableExecuteApiEndpoint: true",
        SETTINGS,
    ),
    "the endpoint type": Drift(
        "rest_api",
        lambda stack: stack.patch("update_rest_api", ("replace", "/endpointConfiguration/types/REGIONAL", "EDGE")),
        "endpoint type of the REST API",
        ["apigateway:UpdateRestApi"],
        "EDGE",
    ),
    "a tag of the API": Drift(
        "rest_api",
        lambda stack: stack.apigateway.tag_resource(
            resourceArn=f"arn:aws:apigateway:eu-central-1::/restapis/{stack.api_id}", tags={"team": "x", "more": "y"}
        ),
        "tags of the REST API",
        ["apigateway:UntagResource", "apigateway:TagResource"],
        "more: y",
    ),
    "a role's permission": Drift(
        "execution_role",
        lambda stack: put_role_policy(stack, {**POLICY["Statement"][0], "Action": "dynamodb:*"}),
        "role orders, policy dynamodb-proxy",
        ["iam:PutRolePolicy"],
        "dynamodb:*",
    ),
    "a role's policy is removed": Drift(
        "execution_role",
        lambda stack: stack.iam.delete_role_policy(RoleName="orders", PolicyName="dynamodb-proxy"),
        "role orders, policy dynamodb-proxy",
        ["iam:PutRolePolicy"],
        "dynamodb:PutItem",
    ),
    "who may assume a role": Drift(
        "execution_role",
        lambda stack: stack.iam.update_assume_role_policy(
            RoleName="orders", PolicyDocument=json.dumps(trust("apigateway.amazonaws.com", "lambda.amazonaws.com"))
        ),
        "role orders, trust policy",
        ["iam:UpdateAssumeRolePolicy"],
        "lambda.amazonaws.com",
    ),
    "a role's description": Drift(
        "execution_role",
        lambda stack: stack.iam.update_role_description(RoleName="orders", Description="Changed"),
        "role orders",
        ["iam:UpdateRoleDescription"],
        "Changed",
    ),
    "a tag of a role": Drift(
        "execution_role",
        lambda stack: stack.iam.untag_role(RoleName="orders", TagKeys=["team"]),
        "role orders",
        ["iam:TagRole"],
        "team: shop",
    ),
    "a table's time to live": Drift(
        "dynamodb_table",
        lambda stack: stack.dynamodb.update_time_to_live(
            TableName="orders", TimeToLiveSpecification={"Enabled": False, "AttributeName": "expires"}
        ),
        "table orders",
        ["dynamodb:UpdateTimeToLive"],
        "ttl_attribute: expires",
    ),
    "a table's recovery": Drift(
        "dynamodb_table",
        lambda stack: stack.dynamodb.update_continuous_backups(
            TableName="orders", PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": False}
        ),
        "table orders",
        ["dynamodb:UpdateContinuousBackups"],
        "point_in_time_recovery: false",
    ),
    "a table's index is removed": Drift(
        "dynamodb_table",
        lambda stack: stack.dynamodb.update_table(
            TableName="orders", GlobalSecondaryIndexUpdates=[{"Delete": {"IndexName": "by_status"}}]
        ),
        "table orders",
        ["dynamodb:UpdateTable"],
        "by_status",
    ),
    "a table's index more": Drift(
        "dynamodb_table",
        lambda stack: stack.dynamodb.update_table(
            TableName="orders",
            AttributeDefinitions=[{"AttributeName": "who", "AttributeType": "S"}],
            GlobalSecondaryIndexUpdates=[
                {
                    "Create": {
                        "IndexName": "by_who",
                        "KeySchema": [{"AttributeName": "who", "KeyType": "HASH"}],
                        "Projection": {"ProjectionType": "ALL"},
                    }
                }
            ],
        ),
        "table orders",
        ["dynamodb:UpdateTable"],
        "by_who",
    ),
    "a table's billing": Drift(
        "dynamodb_table",
        lambda stack: stack.dynamodb.update_table(
            TableName="orders",
            BillingMode="PROVISIONED",
            ProvisionedThroughput={"ReadCapacityUnits": 5, "WriteCapacityUnits": 5},
        ),
        "table orders",
        ["dynamodb:UpdateTable", "dynamodb:UpdateTable"],
        "billing_mode: PROVISIONED",
    ),
    "a table's maximums": Drift(
        "dynamodb_table",
        lambda stack: stack.dynamodb.update_table(
            TableName="orders", OnDemandThroughput={"MaxReadRequestUnits": 7, "MaxWriteRequestUnits": 7}
        ),
        "table orders",
        ["dynamodb:UpdateTable"],
        "max_write_request_units: 7",
    ),
    "a table's protection": Drift(
        "dynamodb_table",
        lambda stack: stack.dynamodb.update_table(TableName="orders", DeletionProtectionEnabled=False),
        "table orders",
        ["dynamodb:UpdateTable"],
        "deletion_protection: false",
    ),
    "a table's key": Drift(
        "dynamodb_table",
        lambda stack: stack.dynamodb.update_table(TableName="orders", SSESpecification={"Enabled": True}),
        "table orders",
        ["dynamodb:UpdateTable"],
        "encryption_key: arn:",
    ),
    "a table's stream": Drift(
        "dynamodb_table",
        lambda stack: stack.dynamodb.update_table(
            TableName="orders", StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"}
        ),
        "table orders",
        ["dynamodb:UpdateTable"],
        "NEW_IMAGE",
    ),
    "a tag of a table": Drift(
        "dynamodb_table",
        lambda stack: stack.dynamodb.tag_resource(
            ResourceArn=stack.dynamodb.describe_table(TableName="orders")["Table"]["TableArn"],
            Tags=[{"Key": "by", "Value": "hand"}],
        ),
        "table orders",
        ["dynamodb:UntagResource"],
        "by: hand",
    ),
    "what a stage serves": Drift(
        "stage",
        lambda stack: stack.apigateway.create_deployment(restApiId=stack.api_id, stageName="prod"),
        "stage prod",
        ["apigateway:UpdateStage"],
        "",
    ),
    "a stage's throttling": Drift(
        "stage",
        lambda stack: stack.patch("update_stage", ("replace", "/*/*/throttling/rateLimit", "5"), stageName="prod"),
        "stage prod",
        ["apigateway:UpdateStage"],
        "*/*/throttling/rateLimit: 5",
    ),
    "a setting of one route of a stage": Drift(
        "stage",
        lambda stack: stack.patch(
            "update_stage", ("replace", "/~1orders~1{id}/PUT/metrics/enabled", "false"), stageName="prod"
        ),
        "stage prod",
        ["apigateway:UpdateStage"],
        "PUT/metrics/enabled: false",
    ),
    "a stage's variables": Drift(
        "stage",
        lambda stack: stack.patch(
            "update_stage",
            ("replace", "/variables/table", "other"),
            ("replace", "/variables/more", "1"),
            stageName="prod",
        ),
        "stage prod",
        ["apigateway:UpdateStage"],
        "variables/more: 1",
    ),
    "a stage's tracing": Drift(
        "stage",
        lambda stack: stack.patch("update_stage", ("replace", "/tracingEnabled", "false"), stageName="prod"),
        "stage prod",
        ["apigateway:UpdateStage"],
        "tracingEnabled: false",
    ),
    "a tag of a stage": Drift(
        "stage",
        lambda stack: stack.apigateway.tag_resource(
            resourceArn=f"arn:aws:apigateway:eu-central-1::/restapis/{stack.api_id}/stages/prod", tags={"by": "hand"}
        ),
        "stage prod",
        ["apigateway:UntagResource"],
        "by: hand",
    ),
}


def trust(*services: str) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Principal": {"Service": list(services)}, "Action": "sts:AssumeRole"}
    return {"Version": "2012-10-17", "Statement": [statement]}


def put_role_policy(stack: Stack, *statements: Mapping[str, Any], name: str = "dynamodb-proxy") -> None:
    document = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
    stack.iam.put_role_policy(RoleName="orders", PolicyName=name, PolicyDocument=document)


def as_it_is(stack: Stack) -> dict[str, Any]:
    """Return the API as AWS returns it, without IDs."""
    (found,) = stack.account.converge(_rest_api_info.planned, {"api_id": stack.api_id}).values["rest_apis"]
    return {name: found[name] for name in ("definition", "settings", "tags", "endpoint_type")}


@pytest.mark.parametrize("name", DRIFTS)
def test_a_change_by_hand_is_found_named_and_repaired(stack: Stack, name: str) -> None:
    drift = DRIFTS[name]
    declared = as_it_is(stack)
    drift.change(stack)
    stack.account.changing()
    repaired = stack.account.settle(*stack.options[drift.resource]).as_result()
    assert repaired["calls"] == drift.calls
    assert [diff["before_header"] for diff in repaired["diff"]] == [drift.title]
    assert [line.partition(": ")[0][2:] for line in repaired["changes"]] == [drift.title]
    assert [title for kind in repaired["summary"].values() for title in kind] == [repaired["changes"][0][2:]]
    (diff,) = repaired["diff"]
    assert diff["before"] != diff["after"]
    assert not drift.shown or (drift.shown in diff["before"]) != (drift.shown in diff["after"])
    assert as_it_is(stack) == declared


def reformatted_policy(stack: Stack) -> None:
    """Return the resource policy as the console writes it: with full ARNs, in a list, with blanks."""
    policy = copy.deepcopy(DOCUMENT["x-amazon-apigateway-policy"])
    (statement,) = policy["Statement"]
    statement["Action"] = ["execute-api:Invoke"]
    statement["Resource"] = f"arn:aws:execute-api:eu-central-1:123456789012:{stack.api_id}/*"
    stack.patch("update_rest_api", ("replace", "/policy", json.dumps(policy, indent=4)))


def reworded_role(stack: Stack) -> None:
    """Return the same permission in two statements with other names and lists, and the trust in another form."""
    (statement,) = POLICY["Statement"]
    halves = [
        {**statement, "Sid": name, "Action": f"dynamodb:{name}", "Resource": statement["Resource"][0]}
        for name in ("Query", "PutItem")
    ]
    put_role_policy(stack, {**statement, "Action": list(reversed(statement["Action"]))})
    document = trust("apigateway.amazonaws.com")
    document["Statement"][0].update(Sid="Gateway", Action=["sts:AssumeRole"])
    stack.iam.update_assume_role_policy(RoleName="orders", PolicyDocument=json.dumps(document))
    put_role_policy(stack, *halves, name="of-others")


NOT_OURS: dict[str, tuple[str, Callable[[Stack], Any]]] = {
    "a policy in other words": ("rest_api", reformatted_policy),
    "a model that no route uses": (
        "rest_api",
        lambda stack: stack.apigateway.create_model(
            restApiId=stack.api_id, name="Other", contentType="application/json", schema="{}"
        ),
    ),
    "an authorizer that no route uses": (
        "rest_api",
        lambda stack: stack.apigateway.create_authorizer(
            restApiId=stack.api_id,
            name="others",
            type="COGNITO_USER_POOLS",
            providerARNs=[f"{POOL}c"],
            identitySource="method.request.header.Authorization",
        ),
    ),
    "a validator that no route uses": (
        "rest_api",
        lambda stack: stack.apigateway.create_request_validator(restApiId=stack.api_id, validateRequestBody=True),
    ),
    "a resource without a method": (
        "rest_api",
        lambda stack: stack.apigateway.create_resource(
            restApiId=stack.api_id, parentId=stack.method["resourceId"], pathPart="empty"
        ),
    ),
    "another stage": (
        "stage",
        lambda stack: stack.apigateway.create_deployment(restApiId=stack.api_id, stageName="theirs"),
    ),
    "a role in other words, and a policy of others on it": ("execution_role", reworded_role),
    "a table that took more at once than anybody declared": (
        "dynamodb_table",
        lambda stack: stack.dynamodb.update_table(
            TableName="orders", WarmThroughput={"ReadUnitsPerSecond": 20000, "WriteUnitsPerSecond": 5000}
        ),
    ),
}


@pytest.mark.parametrize("name", NOT_OURS)
def test_what_is_no_drift_is_no_change(stack: Stack, name: str) -> None:
    resource, change = NOT_OURS[name]
    change(stack)
    stack.account.changing()
    again = stack.account.converge(*stack.options[resource]).as_result()
    assert (again["calls"], again["diff"]) == ([], [])


def test_the_diff_names_what_an_import_removes(stack: Stack) -> None:
    """An overwrite removes authorizers and validators that the document does not declare, and names them."""
    stack.apigateway.create_request_validator(restApiId=stack.api_id, name="unused", validateRequestBody=True)
    stack.apigateway.create_authorizer(
        restApiId=stack.api_id,
        name="unused",
        type="COGNITO_USER_POOLS",
        providerARNs=[f"{POOL}c"],
        identitySource="method.request.header.Authorization",
    )
    stack.patch("update_rest_api", ("replace", "/description", "Changed"))
    stack.account.changing()
    titles = [diff["before_header"] for diff in stack.account.settle(_rest_api.planned, API).as_result()["diff"]]
    assert {"authorizer unused", "request validator unused"} < set(titles)
    assert "unused" not in json.dumps(as_it_is(stack)["definition"])


def test_gateway_responses_that_a_document_does_not_declare_stay(local_aws: Any) -> None:
    account_id = new_account_id()
    account = Account(lambda service: local_aws.client(service, access_key=account_id))
    bare = {name: value for name, value in DOCUMENT.items() if not name.endswith("gateway-responses")}
    api_id = account.settle(_rest_api.planned, {**API, "definition": bare}).values["api_id"]
    gateway = account.make_client("apigateway")
    gateway.put_gateway_response(restApiId=api_id, responseType="THROTTLED", statusCode="503")
    assert account.settle(_rest_api.planned, {**API, "definition": bare}).as_result()["calls"] == []
    other = {**bare, "info": {**bare["info"], "description": "Other"}}
    changed = account.settle(_rest_api.planned, {**API, "definition": other}).as_result()
    assert [diff["before_header"] for diff in changed["diff"]] == ["settings of the REST API"]
    response = gateway.get_gateway_response(restApiId=api_id, responseType="THROTTLED")
    assert (response["statusCode"], response["defaultResponse"]) == ("503", False)
