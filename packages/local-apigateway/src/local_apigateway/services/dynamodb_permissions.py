# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The permissions that a call of DynamoDB needs, where MiniStack requires others than AWS.

Runs inside MiniStack's process.

- PartiQL statements: AWS requires `dynamodb:PartiQLSelect`, `PartiQLInsert`, `PartiQLUpdate` or `PartiQLDelete` on the
  table or the index, for each statement. MiniStack requires the name of the call on all resources (AWS: "IAM security
  policies with PartiQL for DynamoDB").
- `dynamodb:LeadingKeys`, the partition keys of a call, and `dynamodb:FullTableScan`. MiniStack supports neither
  condition key (AWS: "Using IAM policy conditions for fine-grained access control").

Assumptions that AWS does not document: for a query of an index, the partition key of the index counts; EXISTS in a
transaction requires PartiQLSelect.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable, Iterator
from typing import Any

from ministack.core import iam_actions, iam_evaluator
from ministack.services import dynamodb

_Json = dict[str, Any]
Check = tuple[str, str]
"""An IAM action and the ARN for which it is required."""

LEADING_KEYS = "dynamodb:LeadingKeys"
FULL_TABLE_SCAN = "dynamodb:FullTableScan"
ENCLOSING_OPERATION = "dynamodb:EnclosingOperation"
_PARTIQL_ACTIONS = {
    "SELECT": "PartiQLSelect",
    "EXISTS": "PartiQLSelect",
    "INSERT": "PartiQLInsert",
    "UPDATE": "PartiQLUpdate",
    "DELETE": "PartiQLDelete",
}


# Errors from reading a call that does not follow DynamoDB's model. The handler rejects such a call.
_MALFORMED = (AttributeError, KeyError, TypeError, ValueError)


class AddressedArn(str):
    """The ARN of a table or an index, with the condition keys of the call.

    MiniStack passes ARNs from the code that reads a call to the code that evaluates policies, and the keys with them. A
    key with the value None is missing in the call.
    """

    condition_keys: _Json

    def __new__(cls, arn: str, leading_keys: Iterable[str | None]) -> AddressedArn:
        addressed = super().__new__(cls, arn)
        named = [key for key in leading_keys if key is not None]
        addressed.condition_keys = {LEADING_KEYS: named} if named else {}
        return addressed


def install() -> None:
    """Replace MiniStack's functions that find the permissions of a call. Call this once, before the first request."""
    resource_arns, transaction_checks = iam_actions.dynamodb_resource_arns, iam_actions.dynamodb_transaction_checks
    enforce = iam_evaluator.enforce

    def addressed_arns(body: bytes, region: str, account_id: str) -> list[str]:
        arns: list[str] = resource_arns(body, region, account_id)
        with contextlib.suppress(*_MALFORMED):
            return list(map(AddressedArn, arns, _leading_keys(_parsed(body))))
        return arns

    def item_checks(iam_action: str, body: bytes, region: str, account_id: str) -> list[Check]:
        checks: list[Check] = transaction_checks(iam_action, body, region, account_id)
        with contextlib.suppress(*_MALFORMED):
            if not checks:
                return list(_statement_checks(_parsed(body), region, account_id))
            keyed = zip(checks, _item_keys(_parsed(body)), strict=True)
            return [(action, AddressedArn(arn, keys)) for (action, arn), keys in keyed]
        return checks

    def enforce_with_conditions(
        access_key_id: str,
        iam_action: str,
        service: str,
        region: str,
        resource_arn: str = "*",
        service_context: _Json | None = None,
    ) -> Any:
        if isinstance(resource_arn, AddressedArn):
            service_context = {**(service_context or {}), **resource_arn.condition_keys}
        return enforce(access_key_id, iam_action, service, region, resource_arn, service_context)

    iam_actions.dynamodb_resource_arns = addressed_arns
    iam_actions.dynamodb_transaction_checks = item_checks
    iam_evaluator.enforce = enforce_with_conditions


def _parsed(body: bytes) -> _Json:
    """Return the JSON of a call, or an empty object for a body that is not a JSON object."""
    try:
        call = json.loads(body or b"{}")
    except ValueError:
        return {}
    return call if isinstance(call, dict) else {}


def _leading_keys(call: _Json) -> Iterator[list[str | None]]:
    """Yield the partition keys of each table of a call, in the order in which MiniStack lists the tables."""
    if "TableName" in call:
        yield [_leading_key(call)]
    for table, requests in call.get("RequestItems", {}).items():
        items = requests.get("Keys", []) if isinstance(requests, dict) else requests
        yield [_key_of(table, _written(item)) for item in items]


def _written(item: _Json) -> _Json:
    """Return the key, or the item with the key. BatchWriteItem has puts and deletes, BatchGetItem has keys."""
    put, delete = item.get("PutRequest"), item.get("DeleteRequest")
    found: _Json = put["Item"] if put else delete["Key"] if delete else item
    return found


def _item_keys(call: _Json) -> Iterator[list[str | None]]:
    """Yield the partition key of each item of a transaction, in the order of MiniStack's checks."""
    for item in call["TransactItems"]:
        for member in iam_actions._DYNAMODB_TRANSACT_ITEM_ACTIONS:
            if member in item:
                yield [_leading_key(item[member])]


def _leading_key(call: _Json) -> str | None:
    """Return the partition key of a call of one table, from its key, its item, or the condition of a query."""
    table = str(call["TableName"])
    if "Key" in call or "Item" in call:
        return _key_of(table, call.get("Key") or call["Item"])
    name = _partition_key(table, call.get("IndexName"))
    if name is None:
        return None
    if call.get("KeyConditions"):
        return _text(dynamodb._extract_pk_from_key_conditions(call["KeyConditions"], name))
    values, names = call.get("ExpressionAttributeValues") or {}, call.get("ExpressionAttributeNames") or {}
    return _text(dynamodb._extract_pk_from_condition(call.get("KeyConditionExpression"), values, names, name))


def _key_of(table: str, item: _Json) -> str | None:
    name = _partition_key(table, None)
    return _text(dynamodb._extract_key_val(item[name])) if name in item else None


def _partition_key(table: str, index: str | None) -> str | None:
    """Return the name of the partition key of a table or of its index; None if it does not exist."""
    found = dynamodb._tables.get(dynamodb._normalize_table_name(table)) or {}
    if index is None:
        return found.get("pk_name")
    indexes = [*(found.get("GlobalSecondaryIndexes") or ()), *(found.get("LocalSecondaryIndexes") or ())]
    schema = next((item["KeySchema"] for item in indexes if item["IndexName"] == index), ())
    return next((key["AttributeName"] for key in schema if key["KeyType"] == "HASH"), None)


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _statement_checks(call: _Json, region: str, account_id: str) -> Iterator[Check]:
    """Yield the permissions of PartiQL statements. For an invalid one, MiniStack requires the name of the call."""
    enclosing = "ExecuteTransaction" if "TransactStatements" in call else None
    statements = [call, *(call.get("Statements") or ()), *(call.get("TransactStatements") or ())]
    for statement in statements:
        if statement.get("Statement"):
            try:
                parsed = dynamodb._parse_partiql(statement["Statement"], statement.get("Parameters"))
            except ValueError:
                continue
            arn = _statement_arn(parsed, region, account_id)
            arn.condition_keys[ENCLOSING_OPERATION] = enclosing
            yield f"dynamodb:{_PARTIQL_ACTIONS[parsed['op']]}", arn


def _statement_arn(parsed: _Json, region: str, account_id: str) -> AddressedArn:
    arn = iam_actions._dynamodb_table_arn(parsed["table"], region, account_id)
    arn += f"/index/{parsed['index']}" if parsed["index"] else ""
    keys = _statement_keys(parsed)
    addressed = AddressedArn(arn, keys)
    if parsed["op"] == "SELECT":
        addressed.condition_keys[FULL_TABLE_SCAN] = str(not keys).lower()
    return addressed


def _statement_keys(parsed: _Json) -> list[str | None]:
    """Return the partition keys of a statement, from its item or from its WHERE clause."""
    name = _partition_key(parsed["table"], parsed["index"])
    if parsed["op"] == "INSERT":
        return [_key_of(parsed["table"], parsed["item"])]
    where = (parsed.get("select") or parsed).get("where")
    for attribute, operator, value in dynamodb._pq_conditions(where):
        if attribute == name and operator in ("=", "IN"):
            return [_text(dynamodb._extract_key_val(item)) for item in (value if operator == "IN" else [value])]
    return []
