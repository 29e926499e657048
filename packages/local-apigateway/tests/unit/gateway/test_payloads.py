# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Binary media types and contentHandling: the two tables of AWS's "Content type conversions in API Gateway".

The payloads and results are those recorded in TestApiGatewayS3BinarySupport, where the bucket is the backend.
"""

from __future__ import annotations

import base64
import gzip

import pytest

from local_apigateway.gateway.request.payload import BinaryMediaTypes
from local_apigateway.model import HttpResponse
from unit.gateway.kit import Api, RecordingBackend, dynamodb, send

RAW = gzip.compress(b"compressed data, should be invalid UTF-8 string", mtime=1676569620)
ENCODED = base64.b64encode(RAW)
TEXT = b"this is a UTF8 text typed object"
REPLACED = RAW.decode(errors="replace").encode()
ERROR = None


def api_with(media_types: list[str], **integration: object) -> Api:
    api = Api().method("ANY /", dynamodb(uri="arn:aws:apigateway:eu-central-1:s3:path/bucket/key", **integration))
    api.content.settings["binaryMediaTypes"] = media_types
    return api


def test_recorded_payload_is_the_one_used_here() -> None:
    """`get-obj-binary-type-binary-encoded` of the recording."""
    assert ENCODED == b"H4sIABRs7mMC/0vOzy0oSi0uTk1RSEksSdRRKM7IL81JUUhKVcjMK0vMyUxRCA1x07VQKC4pysxLBwC4ORBXLwAAAA=="


@pytest.mark.parametrize(
    ("media_types", "handling", "content_type", "body", "expected"),
    [
        ([], None, "image/png", RAW, REPLACED),
        ([], None, "image/png", ENCODED, ENCODED),
        ([], "CONVERT_TO_TEXT", "image/png", RAW, REPLACED),
        ([], "CONVERT_TO_BINARY", "image/png", ENCODED, RAW),
        ([], "CONVERT_TO_BINARY", "image/png", RAW, ERROR),
        ([], "CONVERT_TO_BINARY", "text/plain", TEXT, ERROR),
        (["image/png"], None, "image/png", RAW, RAW),
        (["image/png"], None, "text/plain", RAW, REPLACED),
        (["image/png"], None, "text/plain", TEXT, TEXT),
        (["image/png"], "CONVERT_TO_TEXT", "image/png", RAW, ENCODED),
        (["image/png"], "CONVERT_TO_TEXT", "image/png", ENCODED, base64.b64encode(ENCODED)),
        (["image/png"], "CONVERT_TO_BINARY", "image/png", ENCODED, ENCODED),
        (["image/png"], "CONVERT_TO_BINARY", "text/plain", ENCODED, RAW),
        (["image/png"], "CONVERT_TO_BINARY", "text/plain", TEXT, ERROR),
        (["image/png"], "CONVERT_TO_BINARY", "text/plain", b"abcd!", ERROR),
    ],
)
def test_request_payload(
    media_types: list[str], handling: str | None, content_type: str, body: bytes, expected: bytes | None
) -> None:
    backend = RecordingBackend()
    api = api_with(media_types, contentHandling=handling)
    result = send(api, "PUT /", body, {"Content-Type": content_type}, backend)
    assert result.status == (500 if expected is ERROR else 200)
    assert [call["body"] for call in backend.calls] == ([] if expected is ERROR else [expected])


@pytest.mark.parametrize(
    ("media_types", "handling", "accept", "content_type", "body", "expected"),
    [
        ([], None, "image/png", "binary/octet-stream", RAW, REPLACED),
        ([], None, "text/plain", "binary/octet-stream", TEXT, TEXT),
        ([], "CONVERT_TO_BINARY", "image/png", "binary/octet-stream", ENCODED, RAW),
        ([], "CONVERT_TO_BINARY", "image/png", "binary/octet-stream", RAW, ERROR),
        (["image/png"], None, "image/png", "binary/octet-stream", ENCODED, RAW),
        (["image/png"], None, "image/png", "image/png", RAW, RAW),
        (["image/png"], None, "text/plain", "image/png", RAW, ENCODED),
        (["image/png"], "CONVERT_TO_TEXT", "image/png", "image/png", RAW, ENCODED),
        (["image/png"], "CONVERT_TO_TEXT", "image/png", "binary/octet-stream", RAW, REPLACED),
        (["image/png"], "CONVERT_TO_BINARY", "text/plain", "binary/octet-stream", ENCODED, RAW),
        (["image/png"], "CONVERT_TO_BINARY", "text/plain", "binary/octet-stream", TEXT, ERROR),
        (["image/png"], "CONVERT_TO_BINARY", "text/plain", "image/png", TEXT, TEXT),
    ],
)
def test_response_payload(
    media_types: list[str],
    handling: str | None,
    accept: str,
    content_type: str,
    body: bytes,
    expected: bytes | None,
) -> None:
    response = {"statusCode": "200", "contentHandling": handling}
    api = api_with(media_types, integrationResponses={"200": response})
    backend = RecordingBackend(HttpResponse(200, (("Content-Type", content_type),), body))
    result = send(api, "GET /", headers={"Accept": accept}, backend=backend)
    assert (result.status, result.body if result.status == 200 else ERROR) == (
        500 if expected is ERROR else 200,
        expected,
    )


@pytest.mark.parametrize(
    ("media_types", "header", "expected"),
    [
        (["image/png"], "image/png;q=1", True),
        (["image/png"], "IMAGE/PNG", True),
        (["image/png"], "image/webp,image/png", False),
        (["image/*"], "image/webp", True),
        (["*/*"], None, True),
        (["image/png"], None, False),
        ([], "image/png", False),
    ],
)
def test_binary_media_types(media_types: list[str], header: str | None, expected: bool) -> None:
    assert BinaryMediaTypes(media_types).match(header) is expected
