# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a signature's scope may name: a Region becomes part of a directory's name."""

from __future__ import annotations

import pytest

from local_apigateway.caller import Caller, caller_of


def test_a_scope() -> None:
    scope = "AKIA1/20260101/eu-central-1/streams.dynamodb/aws4_request"
    expected = Caller("AKIA1", "eu-central-1", "streams.dynamodb")
    assert caller_of({"Authorization": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host"}, {}) == expected
    assert caller_of({}, {"X-Amz-Credential": scope}) == expected


@pytest.mark.parametrize("region", ["..", "a\0b", "a\nb", "x" * 65, "eu_central", "١٢٣", "~"])
def test_a_region_that_is_no_name(region: str) -> None:
    scope = f"test/20260101/{region}/apigateway/aws4_request"
    assert caller_of({"Authorization": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host"}, {}) is None
    assert caller_of({}, {"X-Amz-Credential": scope}) is None


def test_digits_of_other_scripts_are_no_account() -> None:
    assert Caller("١٢٣٤٥٦٧٨٩٠١٢", "eu-central-1", "apigateway").account_id == "000000000000"
