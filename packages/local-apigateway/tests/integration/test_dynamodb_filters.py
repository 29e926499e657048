# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A Query filters no key attribute of what it reads, and a Scan filters any, as in DynamoDB."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from local_apigateway.testing import LocalAws

NAME = "filters-keys"
TEXT = {":p": {"S": "a"}, ":x": {"S": "b"}}
QUERY = {"TableName": NAME, "KeyConditionExpression": "pk = :p", "ExpressionAttributeValues": TEXT}
ON_INDEX = {**QUERY, "IndexName": "by_t", "KeyConditionExpression": "t = :p"}


@pytest.fixture(scope="module")
def client(local_aws: LocalAws) -> Any:
    client = local_aws.client("dynamodb")
    client.create_table(
        TableName=NAME,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk", "t")],
        GlobalSecondaryIndexes=[
            {
                "IndexName": "by_t",
                "KeySchema": [{"AttributeName": "t", "KeyType": "HASH"}],
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
    )
    client.put_item(TableName=NAME, Item={"pk": {"S": "a"}, "sk": {"S": "b"}, "t": {"S": "a"}})
    return client


@pytest.mark.parametrize(
    ("query", "key"),
    [
        ({**QUERY, "FilterExpression": "begins_with(sk, :x)"}, "sk"),
        ({**QUERY, "FilterExpression": "t = :x OR NOT sk = :x AND pk = :x"}, "pk"),
        ({**QUERY, "FilterExpression": "#s = :x", "ExpressionAttributeNames": {"#s": "sk"}}, "sk"),
        ({**QUERY, "FilterExpression": "sk.a = :x"}, "sk"),
        ({**ON_INDEX, "FilterExpression": "attribute_exists(t) AND sk = :x"}, "t"),
    ],
)
def test_a_query_filters_no_key_attribute(client: Any, query: dict[str, Any], key: str) -> None:
    with pytest.raises(ClientError) as caught:
        client.query(**query)
    assert caught.value.response["Error"] == {
        "Code": "ValidationException",
        "Message": f"Filter Expression can only contain non-primary key attributes: Primary key attribute: {key}",
    }


def test_nor_does_a_query_filter_filter_one(client: Any) -> None:
    conditions = {"pk": {"ComparisonOperator": "EQ", "AttributeValueList": [{"S": "a"}]}}
    query_filter = {"sk": {"ComparisonOperator": "EQ", "AttributeValueList": [{"S": "b"}]}}
    with pytest.raises(ClientError, match=r"QueryFilter can only contain non-primary key attributes: .*attribute: sk"):
        client.query(TableName=NAME, KeyConditions=conditions, QueryFilter=query_filter)


@pytest.mark.parametrize(
    "query",
    [
        {**QUERY, "FilterExpression": "t <> :x AND attribute_not_exists(m.sk)"},
        {**ON_INDEX, "FilterExpression": "begins_with(sk, :x) AND pk <> :x"},
    ],
)
def test_a_query_filters_other_attributes_and_the_tables_keys_on_an_index(client: Any, query: dict[str, Any]) -> None:
    assert client.query(**query)["Count"] == 1


def test_a_scan_filters_any(client: Any) -> None:
    found = client.scan(
        TableName=NAME, FilterExpression="begins_with(sk, :x) AND pk = :p", ExpressionAttributeValues=TEXT
    )
    assert found["Count"] == 1
