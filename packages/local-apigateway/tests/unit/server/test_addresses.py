# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a request names by its URL and its signature."""

from __future__ import annotations

import pytest

from local_apigateway.caller import caller_of
from local_apigateway.server.invoke_url import StageUrl, parse_invoke_url

BY_PATH = "/restapis/abc123/dev/_user_request_"


@pytest.mark.parametrize(
    ("host", "path", "expected"),
    [
        ("localhost:4566", BY_PATH, StageUrl("abc123", "dev", BY_PATH, "/")),
        ("localhost:4566", f"{BY_PATH}/", StageUrl("abc123", "dev", BY_PATH, "/")),
        ("127.0.0.1", f"{BY_PATH}/a%2Fb//c", StageUrl("abc123", "dev", BY_PATH, "/a%2Fb//c")),
        ("abc123.execute-api.localhost:4566", "/dev/a/b", StageUrl("abc123", "dev", "/dev", "/a/b")),
        ("ABC123.execute-api.localhost", "/dev", StageUrl("abc123", "dev", "/dev", "/")),
        ("abc123.execute-api.eu-central-1.localhost:80", "/dev/", StageUrl("abc123", "dev", "/dev", "/")),
        ("abc123.execute-api.localhost", "/", StageUrl("abc123", "", "", "/")),
        ("localhost:4566", "/restapis/abc123/stages/dev", None),
        ("localhost:4566", f"{BY_PATH}x", None),
        ("bucket.localhost:4566", "/dev/a", None),
        ("abc.execute-api.localhost.evil.example", "/dev/a", None),
    ],
)
def test_invocations(host: str, path: str, expected: StageUrl | None) -> None:
    assert parse_invoke_url(host, path) == expected


@pytest.mark.parametrize(
    ("prefix", "location", "expected"),
    [
        (BY_PATH, "/dev/a%20b?c=d", f"{BY_PATH}/a%20b?c=d"),
        (BY_PATH, "/dev", BY_PATH),
        (BY_PATH, "/dev?c=d", f"{BY_PATH}?c=d"),
        (BY_PATH, "/developers/a", "/developers/a"),
        (BY_PATH, "https://example.com/dev/a", "https://example.com/dev/a"),
        ("/dev", "/dev/a", "/dev/a"),
    ],
)
def test_a_location_stays_at_the_stage_of_the_url(prefix: str, location: str, expected: str) -> None:
    assert StageUrl("abc123", "dev", prefix, "/").local_location(location) == expected


def _authorization(key: str, service: str = "apigateway") -> dict[str, str]:
    scope = f"Credential={key}/20260101/eu-central-1/{service}/aws4_request"
    return {"Authorization": f"AWS4-HMAC-SHA256 {scope}, SignedHeaders=host, Signature=0"}


@pytest.mark.parametrize(
    ("key", "account"),
    [
        ("test", "000000000000"),
        ("local", "000000000000"),
        ("123456789012", "123456789012"),
        ("AKIAIOSFODNN7EXAMPLE", None),
        ("ASIAIOSFODNN7EXAMPLE", None),
    ],
)
def test_the_account_of_a_key(key: str, account: str | None) -> None:
    caller = caller_of(_authorization(key), {})
    assert caller
    assert (caller.account_id, caller.region, caller.service) == (account, "eu-central-1", "apigateway")


def test_a_presigned_query() -> None:
    caller = caller_of({}, {"X-Amz-Credential": "test/20260101/us-east-1/s3/aws4_request"})
    assert caller
    assert (caller.access_key, caller.region, caller.service) == ("test", "us-east-1", "s3")


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer x"}, {"Authorization": "AWS4-HMAC-SHA256 nonsense"}])
def test_requests_that_are_not_signed(headers: dict[str, str]) -> None:
    assert caller_of(headers, {}) is None
