# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Which requests to MiniStack may have changed something, and which roles API Gateway may assume."""

from __future__ import annotations

from typing import Any

import pytest

from local_apigateway.services.durability import changes
from local_apigateway.services.execution_role import trusts

GATEWAY = "apigateway.amazonaws.com"


def _request(method: str, path: str = "/", target: str = "", query: str = "") -> dict[str, Any]:
    headers = [(b"X-Amz-Target", target.encode())] if target else []
    return {"method": method, "path": path, "query_string": query.encode(), "headers": headers}


@pytest.mark.parametrize(
    ("request_", "body", "expected"),
    [
        (_request("POST", target="DynamoDB_20120810.Query"), b"{}", False),
        # Logged where it takes effect, so nothing is left to save.
        (_request("POST", target="DynamoDB_20120810.PutItem"), b"{}", False),
        (_request("POST", target="DynamoDB_20120810.CreateTable"), b"{}", True),
        (_request("POST", target="AmazonSSM.GetParameter"), b"{}", False),
        (_request("POST", target="AmazonSQS.ReceiveMessage"), b"{}", True),
        (_request("POST"), b"Action=ListRoles&Version=1", False),
        (_request("POST"), b"Version=1&Action=CreateRole", True),
        (_request("POST", query="Action=ListTopics"), b"", False),
        (_request("POST"), b"Action=GetSessionToken", True),
        (_request("POST", "/service/Monitoring/operation/PutMetricData"), b"", True),
        (_request("POST", "/service/Monitoring/operation/ListMetrics"), b"", False),
        (_request("GET", "/bucket/key"), b"", False),
        (_request("HEAD", "/bucket/key"), b"", False),
        (_request("PUT", "/bucket/key"), b"Action=ListRoles", False),
        (_request("PUT", "/bucket/key"), b"data", True),
        (_request("DELETE", "/bucket/key"), b"", True),
        (_request("POST", "/2015-03-31/functions"), b"{}", True),
    ],
)
def test_changes(request_: dict[str, Any], body: bytes, expected: bool) -> None:
    assert changes(request_, body) is expected


def _statement(**changes: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Principal": {"Service": GATEWAY}, "Action": "sts:AssumeRole", **changes}


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        ([_statement()], True),
        (_statement(), True),
        ([_statement(Principal={"Service": ["lambda.amazonaws.com", GATEWAY]})], True),
        ([_statement(Action=["sts:TagSession", "sts:AssumeRole"])], True),
        ([_statement(Action="sts:*")], True),
        ([_statement(Principal="*")], True),
        ([_statement(Condition={"StringEquals": {"aws:SourceAccount": "1"}})], True),
        ([], False),
        ([_statement(Principal={"Service": "lambda.amazonaws.com"})], False),
        ([_statement(Principal={"AWS": "*"})], False),
        ([_statement(Action="sts:TagSession")], False),
        ([_statement(Effect="Deny")], False),
        ([_statement(), _statement(Effect="Deny")], False),
    ],
)
def test_trust(statements: Any, expected: bool) -> None:
    assert trusts({"Version": "2012-10-17", "Statement": statements}) is expected
