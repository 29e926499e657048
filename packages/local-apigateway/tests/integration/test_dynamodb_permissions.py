# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What DynamoDB lets a user do under a policy: PartiQL by its own actions, and partition keys as conditions."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from typing import Any

import botocore.exceptions
import pytest

_numbers = itertools.count()
ACCOUNT = "000000000000"
Call = Callable[[Any, str], object]


class Table:
    """A table with the key `id` and an index by `kind`, and a user who may do what a test says."""

    def __init__(self, local_aws: Any) -> None:
        self.name = f"permissions-{next(_numbers)}"
        self.arn = f"arn:aws:dynamodb:eu-central-1:{ACCOUNT}:table/{self.name}"
        self._root = local_aws.client("dynamodb")
        self._root.create_table(
            TableName=self.name,
            BillingMode="PAY_PER_REQUEST",
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("id", "kind")],
            GlobalSecondaryIndexes=[
                {
                    "IndexName": "by_kind",
                    "KeySchema": [{"AttributeName": "kind", "KeyType": "HASH"}],
                    "Projection": {"ProjectionType": "ALL"},
                }
            ],
        )
        self._root.put_item(TableName=self.name, Item={"id": {"S": "A#1"}, "kind": {"S": "B#1"}})
        self._iam = local_aws.client("iam")
        self._iam.create_user(UserName=self.name)
        key = self._iam.create_access_key(UserName=self.name)["AccessKey"]
        self.user = local_aws.client(
            "dynamodb", access_key=key["AccessKeyId"], aws_secret_access_key=key["SecretAccessKey"]
        )

    def allow(self, *statements: dict[str, Any]) -> None:
        allowed = [{"Effect": "Allow", "Resource": [self.arn, f"{self.arn}/index/*"], **item} for item in statements]
        policy = json.dumps({"Version": "2012-10-17", "Statement": allowed})
        self._iam.put_user_policy(UserName=self.name, PolicyName="p", PolicyDocument=policy)

    def refusal(self, call: Call) -> str | None:
        """Make a call as the user; why it was denied, None where it was allowed."""
        try:
            call(self.user, self.name)
        except botocore.exceptions.ClientError as error:
            assert error.response["Error"]["Code"] == "AccessDeniedException", error
            return str(error.response["Error"]["Message"])
        return None


@pytest.fixture(scope="module")
def table(local_aws: Any) -> Table:
    return Table(local_aws)


STATEMENTS = {
    "PartiQLSelect": "SELECT * FROM \"{}\" WHERE id = 'A#1'",
    "PartiQLInsert": "INSERT INTO \"{}\" VALUE {{'id': '{}'}}",
    "PartiQLUpdate": "UPDATE \"{}\" SET a = 1 WHERE id = 'A#1'",
    "PartiQLDelete": "DELETE FROM \"{}\" WHERE id = 'A#9'",
}


def statement(action: str, table: str) -> str:
    return STATEMENTS[action].format(table, f"new-{next(_numbers)}")


@pytest.mark.parametrize("allowed", STATEMENTS)
def test_a_statement_needs_the_action_of_its_verb(table: Table, allowed: str) -> None:
    table.allow({"Action": f"dynamodb:{allowed}"})
    for action in STATEMENTS:
        refusal = table.refusal(lambda user, name, verb=action: user.execute_statement(Statement=statement(verb, name)))
        if action == allowed:
            assert refusal is None
        else:
            assert refusal
            assert f"is not authorized to perform: dynamodb:{action} " in refusal


def test_the_name_of_the_call_is_no_permission(table: Table) -> None:
    table.allow({"Action": ["dynamodb:ExecuteStatement", "dynamodb:ExecuteTransaction"], "Resource": "*"})
    assert table.refusal(lambda user, name: user.execute_statement(Statement=statement("PartiQLSelect", name)))


def test_a_statement_on_an_index_needs_the_index(table: Table) -> None:
    def by_kind(user: Any, name: str) -> None:
        found = user.execute_statement(Statement=f'SELECT id FROM "{name}"."by_kind" WHERE kind = \'B#1\'')
        assert len(found["Items"]) == 1

    table.allow({"Action": "dynamodb:PartiQLSelect", "Resource": table.arn})
    refusal = table.refusal(by_kind)
    assert refusal
    table.allow({"Action": "dynamodb:PartiQLSelect", "Resource": f"{table.arn}/index/by_kind"})
    assert table.refusal(by_kind) is None


def test_each_statement_of_a_transaction_counts(table: Table) -> None:
    def transaction(user: Any, name: str) -> None:
        statements = [{"Statement": statement(action, name)} for action in ("PartiQLInsert", "PartiQLDelete")]
        user.execute_transaction(TransactStatements=statements)

    inside = {"StringEquals": {"dynamodb:EnclosingOperation": ["ExecuteTransaction"]}}
    table.allow({"Action": "dynamodb:PartiQLInsert", "Condition": inside})
    refusal = table.refusal(transaction)
    assert refusal
    assert "PartiQLDelete" in refusal
    table.allow({"Action": ["dynamodb:PartiQLInsert", "dynamodb:PartiQLDelete"], "Condition": inside})
    assert table.refusal(transaction) is None
    assert table.refusal(lambda user, name: user.execute_statement(Statement=statement("PartiQLInsert", name)))


def test_a_full_scan_can_be_denied(table: Table) -> None:
    table.allow(
        {"Action": "dynamodb:PartiQLSelect"},
        {"Effect": "Deny", "Action": "dynamodb:*", "Condition": {"Bool": {"dynamodb:FullTableScan": ["true"]}}},
    )
    assert table.refusal(lambda user, name: user.execute_statement(Statement=f'SELECT * FROM "{name}"'))
    assert table.refusal(lambda user, name: user.execute_statement(Statement=statement("PartiQLSelect", name))) is None


def _key(value: str) -> dict[str, Any]:
    return {"id": {"S": value}}


def _query(user: Any, name: str, key: str) -> None:
    user.query(
        TableName=name,
        KeyConditionExpression="#k = :v",
        ExpressionAttributeNames={"#k": "id"},
        ExpressionAttributeValues={":v": {"S": key}},
    )


def _index(user: Any, name: str, key: str) -> None:
    values = {":v": {"S": key}}
    user.query(
        TableName=name, IndexName="by_kind", KeyConditionExpression="kind = :v", ExpressionAttributeValues=values
    )


BY_KEY: dict[str, Callable[[Any, str, str], object]] = {
    "GetItem": lambda user, name, key: user.get_item(TableName=name, Key=_key(key)),
    "PutItem": lambda user, name, key: user.put_item(TableName=name, Item={**_key(key), "a": {"N": "1"}}),
    "UpdateItem": lambda user, name, key: user.update_item(
        TableName=name, Key=_key(key), UpdateExpression="SET a = id"
    ),
    "DeleteItem": lambda user, name, key: user.delete_item(TableName=name, Key=_key(key)),
    "Query": _query,
    "Query of an index": _index,
    "Query, the old way": lambda user, name, key: user.query(
        TableName=name,
        KeyConditions={"id": {"ComparisonOperator": "EQ", "AttributeValueList": [{"S": key}]}},
    ),
    "BatchGetItem": lambda user, name, key: user.batch_get_item(
        RequestItems={name: {"Keys": [_key("A#1"), _key(key)]}} if key != "A#1" else {name: {"Keys": [_key(key)]}}
    ),
    "BatchWriteItem, put": lambda user, name, key: user.batch_write_item(
        RequestItems={name: [{"PutRequest": {"Item": _key("A#2")}}, {"PutRequest": {"Item": _key(key)}}]}
    ),
    "BatchWriteItem, delete": lambda user, name, key: user.batch_write_item(
        RequestItems={name: [{"DeleteRequest": {"Key": _key(key)}}]}
    ),
    "TransactGetItems": lambda user, name, key: user.transact_get_items(
        TransactItems=[{"Get": {"TableName": name, "Key": _key(item)}} for item in ("A#2", key)]
    ),
    "TransactWriteItems": lambda user, name, key: user.transact_write_items(
        TransactItems=[
            {"Put": {"TableName": name, "Item": _key("A#2")}},
            {"Delete": {"TableName": name, "Key": _key(key)}},
        ]
    ),
    "PartiQL, select": lambda user, name, key: user.execute_statement(
        Statement=f'SELECT * FROM "{name}" WHERE id = ? AND a = 1', Parameters=[{"S": key}]
    ),
    "PartiQL, select some": lambda user, name, key: user.execute_statement(
        Statement=f'SELECT * FROM "{name}" WHERE id IN [?, ?]', Parameters=[{"S": "A#1"}, {"S": key}]
    ),
    "PartiQL, delete": lambda user, name, key: user.execute_statement(
        Statement=f'DELETE FROM "{name}" WHERE id = ?', Parameters=[{"S": key}]
    ),
}


@pytest.mark.parametrize("call", BY_KEY)
def test_leading_keys_are_the_keys_that_a_call_names(table: Table, call: str) -> None:
    table.allow(
        {"Action": "dynamodb:*", "Condition": {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["A#*", "const"]}}}
    )
    assert table.refusal(lambda user, name: BY_KEY[call](user, name, "A#1")) is None
    assert table.refusal(lambda user, name: BY_KEY[call](user, name, "const")) is None
    for other in ("B#1", "a#1", " A#1"):
        assert table.refusal(lambda user, name, key=other: BY_KEY[call](user, name, key)), other


def test_a_scan_names_no_keys(table: Table) -> None:
    """As AWS says: a policy of leading keys must not allow Scan, which returns the items of all."""
    table.allow({"Action": "dynamodb:*", "Condition": {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["A#1"]}}})
    assert table.refusal(lambda user, name: user.scan(TableName=name)) is None
    table.allow({"Action": "dynamodb:*", "Condition": {"StringEquals": {"dynamodb:LeadingKeys": ["A#1"]}}})
    assert table.refusal(lambda user, name: user.scan(TableName=name))


def test_a_call_out_of_shape_is_refused_by_dynamodb(table: Table) -> None:
    table.allow({"Action": "dynamodb:*"})
    for call in (
        lambda user, name: user.batch_write_item(RequestItems={name: [{"PutRequest": {"Item": {"x": {"S": "1"}}}}]}),
        lambda user, name: user.get_item(TableName=name, Key={"x": {"S": "1"}}),
        lambda user, name: user.query(TableName=name),
    ):
        with pytest.raises(botocore.exceptions.ClientError, match="ValidationException"):
            call(table.user, table.name)
