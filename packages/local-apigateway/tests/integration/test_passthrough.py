# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Services other than API Gateway, at the same address: what goes in and out is not touched."""

from __future__ import annotations

import hashlib
import http.client
import io
import urllib.request
from typing import Any
from urllib.parse import urlsplit

import botocore.exceptions
import pytest

PLACE = {"CreateBucketConfiguration": {"LocationConstraint": "eu-central-1"}}


@pytest.mark.parametrize("size", [0, 1, 999_999, 1_000_001, 20_000_000])
def test_bodies_of_any_size(local_aws: Any, size: int) -> None:
    s3 = local_aws.client("s3")
    s3.create_bucket(Bucket=f"size-{size}", **PLACE)
    body = (bytes(range(256)) * (size // 256 + 1))[:size]
    s3.put_object(Bucket=f"size-{size}", Key="a b/ü+%.bin", Body=body, ContentType="application/x-thing")
    answer = s3.get_object(Bucket=f"size-{size}", Key="a b/ü+%.bin")
    assert hashlib.sha256(answer["Body"].read()).digest() == hashlib.sha256(body).digest()
    assert answer["ContentType"] == "application/x-thing"
    assert s3.head_object(Bucket=f"size-{size}", Key="a b/ü+%.bin")["ContentLength"] == size


def test_an_upload_in_parts(local_aws: Any) -> None:
    s3 = local_aws.client("s3")
    s3.create_bucket(Bucket="parts", **PLACE)
    body = b"0123456789" * 2_000_000
    s3.upload_fileobj(io.BytesIO(body), "parts", "large")
    stored = io.BytesIO()
    s3.download_fileobj("parts", "large", stored)
    assert stored.getvalue() == body


def test_presigned_urls(local_aws: Any) -> None:
    s3 = local_aws.client("s3")
    s3.create_bucket(Bucket="presigned", **PLACE)
    s3.put_object(Bucket="presigned", Key="k", Body=b"hello")
    url = s3.generate_presigned_url("get_object", Params={"Bucket": "presigned", "Key": "k"})
    with urllib.request.urlopen(url) as answer:
        assert answer.read() == b"hello"


def test_a_presigned_url_of_the_management_api(local_aws: Any) -> None:
    """The credential's scope may stand in the query as well."""
    client = local_aws.client("apigateway")
    api_id = client.create_rest_api(name="presigned")["id"]
    url = client.generate_presigned_url("get_rest_api", Params={"restApiId": api_id})
    with urllib.request.urlopen(url) as answer:
        assert b'"name":"presigned"' in answer.read()


def test_errors_pass_as_they_are(local_aws: Any) -> None:
    with pytest.raises(botocore.exceptions.ClientError) as error:
        local_aws.client("dynamodb").describe_table(TableName="unknown")
    assert error.value.response["Error"]["Code"] == "ResourceNotFoundException"


def test_urls_that_services_hand_out_lead_back_here(local_aws: Any) -> None:
    sqs = local_aws.client("sqs")
    url = sqs.create_queue(QueueName="handed-out")["QueueUrl"]
    assert urlsplit(url).port == urlsplit(local_aws.endpoint_url).port
    sqs.send_message(QueueUrl=url, MessageBody="hello")
    assert sqs.receive_message(QueueUrl=url)["Messages"][0]["Body"] == "hello"


def test_http_apis_are_ministack_s(local_aws: Any) -> None:
    client = local_aws.client("apigatewayv2")
    api_id = client.create_api(Name="http", ProtocolType="HTTP")["ApiId"]
    assert client.get_api(ApiId=api_id)["Name"] == "http"


def test_unsigned_management_calls_are_refused(local_aws: Any) -> None:
    parts = urlsplit(local_aws.endpoint_url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port)
    connection.request("GET", "/restapis")
    answer = connection.getresponse()
    assert answer.status == 403
    assert answer.getheader("x-amzn-ErrorType") == "MissingAuthenticationTokenException"


def test_an_unknown_own_endpoint(local_aws: Any) -> None:
    with pytest.raises(urllib.error.HTTPError) as error:
        urllib.request.urlopen(f"{local_aws.endpoint_url}/_local_aws/unknown")
    assert error.value.code == 404
