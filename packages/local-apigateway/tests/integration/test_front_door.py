# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""API keys, usage plans, domain names and client certificates over HTTP, with boto3."""

from __future__ import annotations

import datetime
import urllib.error
import urllib.request
from typing import Any

import boto3
import botocore.exceptions
import pytest

from local_apigateway.testing import LocalAws


def _client(local_aws: LocalAws, account: str, region: str = "eu-central-1") -> Any:
    return boto3.client(
        "apigateway",
        endpoint_url=local_aws.endpoint_url,
        region_name=region,
        aws_access_key_id=account,
        aws_secret_access_key="test",
    )


def test_the_front_door_of_an_api(local_aws: LocalAws) -> None:
    client = _client(local_aws, "700000000001")
    key = client.create_api_key(name="a", enabled=True)
    imported = client.import_api_keys(body=b"name,key\nb,abcdefghij0123456789", format="csv", failOnWarnings=True)
    plan = client.create_usage_plan(name="p", throttle={"rateLimit": 1.5, "burstLimit": 2})
    for key_id in (key["id"], *imported["ids"]):
        client.create_usage_plan_key(usagePlanId=plan["id"], keyId=key_id, keyType="API_KEY")
    pages = client.get_paginator("get_usage_plan_keys").paginate(
        usagePlanId=plan["id"], PaginationConfig={"PageSize": 1}
    )
    assert [item["name"] for page in pages for item in page["items"]] == ["b", "a"]
    domain = client.create_domain_name(
        domainName="front.example.com",
        endpointConfiguration={"types": ["REGIONAL"]},
        regionalCertificateArn="arn:aws:acm:eu-central-1:700000000001:certificate/a",
    )
    assert client.get_domain_name(domainName="front.example.com")["regionalDomainName"] == domain["regionalDomainName"]
    api_id = client.create_rest_api(name="a")["id"]
    client.create_base_path_mapping(domainName="front.example.com", restApiId=api_id)
    (mapping,) = client.get_base_path_mappings(domainName="front.example.com")["items"]
    assert mapping["basePath"] == "(none)"
    with pytest.raises(botocore.exceptions.ClientError, match="Please remove all base path mappings"):
        client.delete_rest_api(restApiId=api_id)
    certificate = client.generate_client_certificate()
    assert client.get_client_certificates()["items"][0]["createdDate"] == certificate["createdDate"]


def test_resources_are_those_of_an_account_and_region(local_aws: LocalAws) -> None:
    owner = _client(local_aws, "700000000002")
    key_id = owner.create_api_key(name="a")["id"]
    plan_id = owner.create_usage_plan(name="p")["id"]
    for other in (_client(local_aws, "700000000003"), _client(local_aws, "700000000002", "us-east-1")):
        assert other.get_api_keys()["items"] == other.get_usage_plans()["items"] == []
        with pytest.raises(other.exceptions.NotFoundException):
            other.get_api_key(apiKey=key_id)
        with pytest.raises(other.exceptions.NotFoundException):
            other.get_usage_plan(usagePlanId=plan_id)


def test_a_key_opens_a_method(local_aws: LocalAws) -> None:
    client = _client(local_aws, "700000000004")
    api = client.create_rest_api(name="a")
    method = {"restApiId": api["id"], "resourceId": api["rootResourceId"], "httpMethod": "GET"}
    client.put_method(**method, authorizationType="NONE", apiKeyRequired=True)
    client.put_integration(**method, type="MOCK", requestTemplates={"application/json": '{"statusCode": 204}'})
    client.put_method_response(**method, statusCode="204")
    client.put_integration_response(**method, statusCode="204")
    client.create_deployment(restApiId=api["id"], stageName="dev")
    stages = [{"apiId": api["id"], "stage": "dev"}]
    plan_id = client.create_usage_plan(name="p", apiStages=stages, quota={"limit": 1, "period": "DAY"})["id"]
    key = client.create_api_key(enabled=True)
    client.create_usage_plan_key(usagePlanId=plan_id, keyId=key["id"], keyType="API_KEY")
    url = f"{local_aws.endpoint_url}/restapis/{api['id']}/dev/_user_request_/"
    assert _status(url) == 403
    assert _status(url, key["value"]) == 204
    assert _status(url, key["value"]) == 429
    today = str(datetime.datetime.now(datetime.UTC).date())
    usage = client.get_usage(usagePlanId=plan_id, startDate=today, endDate=today)
    assert usage["items"] == {key["id"]: [[1, 0]]}


def _status(url: str, key: str | None = None) -> int:
    request = urllib.request.Request(url, headers={"x-api-key": key} if key else {})
    try:
        with urllib.request.urlopen(request) as response:
            return int(response.status)
    except urllib.error.HTTPError as error:
        return error.code
