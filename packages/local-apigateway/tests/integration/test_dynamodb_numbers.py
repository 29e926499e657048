# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""One number has one text, as in DynamoDB."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from local_apigateway.services.dynamodb_numbers import normalized, number
from local_apigateway.testing import LocalAws


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1.0", "1"),
        ("-0.50", "-0.5"),
        ("1E+2", "100"),
        ("1e-3", "0.001"),
        ("007", "7"),
        ("-0", "0"),
        ("0.0", "0"),
        ("1E+125", "1" + "0" * 125),
        ("1E+999", "1E+999"),
        ("x", "x"),
        ("1_0", "1_0"),
        (" 1.0", " 1.0"),
        ("1" * 200, "1" * 200),
        ("NaN", "NaN"),
        ("Infinity", "Infinity"),
        ("", ""),
        ("12345678901234567890123456789012345678", "12345678901234567890123456789012345678"),
    ],
)
def test_a_number_has_one_text(text: str, expected: str) -> None:
    assert number(text) == expected


@pytest.mark.parametrize(
    "body", [b"", b'{"N', b'{"N": 1}', b'{"N": {"S": "1.0"}}', b'{"N": "1.0", "S": "x"}', b'{"S": "1.0"}']
)
def test_what_is_no_number_stays(body: bytes) -> None:
    assert normalized(body) == body


def test_keys_are_numbers_and_not_texts(local_aws: LocalAws) -> None:
    client = local_aws.client("dynamodb")
    client.create_table(
        TableName="numbers-normalized",
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "N"}],
    )
    item = {"id": {"N": "1.0"}, "list": {"L": [{"N": "2.50"}]}, "set": {"NS": ["1E+1"]}, "N": {"S": "1.0"}}
    client.put_item(TableName="numbers-normalized", Item=item)
    for text in ("1", "01", "1.00", "1E0"):
        found = client.get_item(TableName="numbers-normalized", Key={"id": {"N": text}})["Item"]
        assert found == {"id": {"N": "1"}, "list": {"L": [{"N": "2.5"}]}, "set": {"NS": ["10"]}, "N": {"S": "1.0"}}
    with pytest.raises(ClientError, match="ValidationException"):
        client.put_item(TableName="numbers-normalized", Item={"id": {"N": "x"}})
