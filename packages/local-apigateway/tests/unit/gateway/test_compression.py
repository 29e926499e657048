# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Compression of request payloads, and of response payloads by minimumCompressionSize."""

from __future__ import annotations

import gzip
import zlib

import pytest

from local_apigateway.gateway.request.client_request import MAXIMUM_BODY
from local_apigateway.model import HttpResponse
from unit.gateway.kit import Api, RecordingBackend, Result, dynamodb, send

LONG = b"long " * 100


def api(minimum: int | None) -> Api:
    built = Api().method("ANY /", dynamodb())
    built.content.settings["minimumCompressionSize"] = minimum
    return built


def result(minimum: int | None, accept: str, body: bytes = LONG) -> Result:
    backend = RecordingBackend(HttpResponse(200, (), body))
    return send(api(minimum), "GET /", headers={"Accept-Encoding": accept}, backend=backend)


@pytest.mark.parametrize("accept", ["gzip", "br, gzip;q=0.5", "gzip, deflate"])
def test_long_responses_are_compressed(accept: str) -> None:
    response = result(100, accept)
    assert response.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(response.body) == LONG


def test_deflate() -> None:
    response = result(0, "deflate")
    assert response.headers["Content-Encoding"] == "deflate"
    assert zlib.decompress(response.body) == LONG


@pytest.mark.parametrize(
    ("minimum", "accept", "body"),
    [(None, "gzip", LONG), (100, "gzip", b"short"), (100, "br", LONG), (100, "", LONG), (100, "gzip;q=0", LONG)],
)
def test_other_responses_are_not(minimum: int | None, accept: str, body: bytes) -> None:
    response = result(minimum, accept, body)
    assert "Content-Encoding" not in response.headers
    assert response.body == body


@pytest.mark.parametrize(("coding", "body"), [("gzip", gzip.compress(LONG, mtime=0)), ("deflate", zlib.compress(LONG))])
@pytest.mark.parametrize("minimum", [0, None])
def test_compressed_requests_are_read(coding: str, body: bytes, minimum: int | None) -> None:
    backend = RecordingBackend()
    send(api(minimum), "POST /", body, {"Content-Encoding": coding}, backend)
    assert backend.calls[0]["body"] == LONG


@pytest.mark.parametrize(
    ("coding", "body", "status"),
    [
        ("br", b"x", 415),
        ("gzip", b"not gzip", 400),
        ("gzip", gzip.compress(LONG, mtime=0)[:-9], 400),
        ("deflate", zlib.compress(LONG)[:-5], 400),
        ("gzip", gzip.compress(b"0" * (MAXIMUM_BODY + 1), mtime=0), 413),
    ],
)
def test_requests_that_cannot_be_read(coding: str, body: bytes, status: int) -> None:
    for minimum in (0, None):
        assert send(api(minimum), "POST /", body, {"Content-Encoding": coding}).status == status
