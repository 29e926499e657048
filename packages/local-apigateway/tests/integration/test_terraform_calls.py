# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The calls with which Terraform's AWS provider manages an API: what it sets is what it reads, time and again.

The provider refreshes its state by reading each thing before and after; a difference between two reads, or between
what was set and what is read, is drift to it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import botocore.exceptions
import pytest

PARTS = {
    "method": {
        "authorizationType": "NONE",
        "apiKeyRequired": False,
        "requestParameters": {"method.request.path.id": True},
    },
    "method_response": {"responseParameters": {"method.response.header.Access-Control-Allow-Origin": True}},
    "integration": {
        "type": "AWS",
        "uri": "arn:aws:apigateway:eu-central-1:dynamodb:action/Query",
        "credentials": "arn:aws:iam::000000000000:role/r",
        "requestTemplates": {"application/json": '{"TableName": "t"}'},
        "passthroughBehavior": "NEVER",
        "timeoutInMillis": 29000,
    },
    "integration_response": {
        "responseTemplates": {"application/json": "$input.json('$')"},
        "responseParameters": {"method.response.header.Access-Control-Allow-Origin": "'*'"},
    },
}


class Terraform:
    """What the provider does with one thing: make it, read it twice, and at the end take it away."""

    def __init__(self, client: Any) -> None:
        self.client = client
        self.reads: dict[str, Callable[[], dict[str, Any]]] = {}
        self.deletes: list[Callable[[], Any]] = []

    def manage(self, name: str, key: dict[str, Any], delete_key: dict[str, Any] | None = None) -> dict[str, Any]:
        """Read a thing that was made, and remember how it is taken away."""

        def read() -> dict[str, Any]:
            answer: dict[str, Any] = getattr(self.client, f"get_{name}")(**key)
            del answer["ResponseMetadata"]
            return answer

        self.reads[f"{name} {sorted(key.items())}"] = read
        self.deletes.append(lambda: getattr(self.client, f"delete_{name}")(**(delete_key or key)))
        first = read()
        assert read() == first
        return first


def test_a_stack_is_made_read_and_destroyed(local_aws: Any) -> None:
    terraform = Terraform(local_aws.client("apigateway"))
    client = terraform.client
    api = client.create_rest_api(name="terraform", endpointConfiguration={"types": ["REGIONAL"]}, tags={"k": "v"})
    read = terraform.manage("rest_api", {"restApiId": api["id"]})
    assert read["endpointConfiguration"] == {"types": ["REGIONAL"], "ipAddressType": "ipv4"}
    assert read["tags"] == {"k": "v"}
    assert not {"policy", "binaryMediaTypes", "minimumCompressionSize", "description"} & read.keys()
    root = client.get_resources(restApiId=api["id"], limit=500)["items"]
    assert [item["path"] for item in root] == ["/"]
    resource = client.create_resource(restApiId=api["id"], parentId=root[0]["id"], pathPart="{id}")
    terraform.manage("resource", {"restApiId": api["id"], "resourceId": resource["id"]})
    method = {"restApiId": api["id"], "resourceId": resource["id"], "httpMethod": "GET"}
    for name in ("method", "method_response", "integration", "integration_response"):
        key = {**method, "statusCode": "200"} if name.endswith("response") else method
        more = {"integrationHttpMethod": "POST"} if name == "integration" else {}
        getattr(client, f"put_{name}")(**key, **PARTS[name], **more)
        assert terraform.manage(name, key).items() >= PARTS[name].items()
    deployed = {"restApiId": api["id"], "stageName": "dev", "variables": {"a": "b"}, "description": "first"}
    deployment = client.create_deployment(**deployed)
    read = terraform.manage("deployment", {"restApiId": api["id"], "deploymentId": deployment["id"]})
    assert read["description"] == "first"
    stage = {"restApiId": api["id"], "stageName": "dev"}
    read = terraform.manage("stage", stage)
    assert read["variables"] == {"a": "b"}
    assert read["deploymentId"] == deployment["id"]
    patches = [{"op": "replace", "path": "/description", "value": "told"}, {"op": "remove", "path": "/variables/a"}]
    client.update_stage(**stage, patchOperations=patches)
    read = client.get_stage(**stage)
    assert read["description"] == "told"
    assert "variables" not in read
    for delete in reversed(terraform.deletes):
        delete()
    for read_again in terraform.reads.values():
        with pytest.raises(botocore.exceptions.ClientError) as error:
            read_again()
        assert error.value.response["Error"]["Code"] == "NotFoundException"


def test_tries_to_make_things_twice_are_conflicts(local_aws: Any) -> None:
    client = local_aws.client("apigateway")
    api = client.create_rest_api(name="twice")
    method = {"restApiId": api["id"], "resourceId": api["rootResourceId"], "httpMethod": "GET"}
    client.put_method(**method, authorizationType="NONE")
    client.put_method_response(**method, statusCode="200")
    client.put_integration(**method, type="MOCK")
    deployment = client.create_deployment(restApiId=api["id"], stageName="dev")
    child = {"restApiId": api["id"], "parentId": api["rootResourceId"], "pathPart": "child"}
    client.create_resource(**child)
    for again in (
        lambda: client.create_resource(**child),
        lambda: client.put_method(**method, authorizationType="NONE"),
        lambda: client.put_method_response(**method, statusCode="200"),
        lambda: client.create_stage(restApiId=api["id"], stageName="dev", deploymentId=deployment["id"]),
    ):
        with pytest.raises(client.exceptions.ConflictException):
            again()
