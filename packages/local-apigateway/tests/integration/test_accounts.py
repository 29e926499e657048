# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Accounts and Regions see their own APIs only, and the account follows from the key."""

from __future__ import annotations

from typing import Any

import botocore.exceptions
import pytest

ACCOUNT = "123412341234"


def _names(client: Any) -> list[str]:
    return [api["name"] for api in client.get_rest_apis(limit=500)["items"]]


def test_regions_and_accounts_are_apart(local_aws: Any) -> None:
    here = local_aws.client("apigateway", access_key=ACCOUNT)
    elsewhere = local_aws.client("apigateway", region="us-west-2", access_key=ACCOUNT)
    other = local_aws.client("apigateway", access_key="432143214321")
    api_id = here.create_rest_api(name="apart")["id"]
    assert _names(here) == ["apart"]
    assert _names(elsewhere) == _names(other) == []
    for client, account in ((elsewhere, ACCOUNT), (other, "432143214321")):
        with pytest.raises(botocore.exceptions.ClientError) as error:
            client.get_rest_api(restApiId=api_id)
        assert error.value.response["Error"]["Message"] == f"Invalid API identifier specified {account}:{api_id}"


def test_keys_of_users_are_of_their_account(local_aws: Any) -> None:
    iam = local_aws.client("iam", access_key="555555555555")
    iam.create_user(UserName="deployer")
    key = iam.create_access_key(UserName="deployer")["AccessKey"]
    secret = {"aws_secret_access_key": key["SecretAccessKey"]}
    user = local_aws.client("apigateway", access_key=key["AccessKeyId"], **secret)
    user.create_rest_api(name="of-the-user")
    assert _names(local_aws.client("apigateway", access_key="555555555555")) == ["of-the-user"]


def test_a_tag_of_either_kind_is_one_tag(local_aws: Any) -> None:
    """Tags of Create calls and of TagResource are the same tags."""
    client = local_aws.client("apigateway")
    api = client.create_rest_api(name="tagged", tags={"a": "1", "b": "2"})
    method = {"restApiId": api["id"], "resourceId": api["rootResourceId"], "httpMethod": "GET"}
    client.put_method(**method, authorizationType="NONE")
    client.put_integration(**method, type="MOCK")
    deployment = client.create_deployment(restApiId=api["id"])
    stage = {"restApiId": api["id"], "stageName": "dev"}
    client.create_stage(**stage, deploymentId=deployment["id"], tags={"s": "1"})
    arn = f"arn:aws:apigateway:eu-central-1::/restapis/{api['id']}"
    client.tag_resource(resourceArn=arn, tags={"b": "3", "c": "4"})
    client.untag_resource(resourceArn=arn, tagKeys=["a"])
    client.tag_resource(resourceArn=f"{arn}/stages/dev", tags={"t": "2"})
    assert client.get_rest_api(restApiId=api["id"])["tags"] == {"b": "3", "c": "4"}
    assert client.get_tags(resourceArn=arn)["tags"] == {"b": "3", "c": "4"}
    assert client.get_stage(**stage)["tags"] == {"s": "1", "t": "2"}
