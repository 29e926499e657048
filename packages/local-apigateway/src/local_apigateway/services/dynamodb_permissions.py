# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a call of DynamoDB needs permission for, where MiniStack asks for something else than AWS does.

Runs inside MiniStack's process.

- PartiQL statements: AWS asks for `dynamodb:PartiQLSelect`, `PartiQLInsert`, `PartiQLUpdate` or `PartiQLDelete` on the
  table or the index, each statement for itself; MiniStack for the name of the call on everything (AWS: "IAM security
  policies with PartiQL for DynamoDB").
- `dynamodb:LeadingKeys`, the partition keys that a call names, and `dynamodb:FullTableScan`; MiniStack knows neither
  condition key (AWS: "Using IAM policy conditions for fine-grained access control").

Not documented, and so a guess: that of a query of an index its own partition key counts, and that EXISTS in a
transaction asks for PartiQLSelect.
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
"""An IAM action and the ARN on which it is asked for."""

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


# What reading a call raises that is not shaped as DynamoDB's model says: such a call is refused by its handler.
_MALFORMED = (AttributeError, KeyError, TypeError, ValueError)


class AddressedArn(str):
    """The ARN of a table or an index, and the condition keys of the call that names it.

    MiniStack hands ARNs from where it reads a call to where it evaluates policies, and the keys go with them. A key of
    the value None is one that the call does not have.
    """

    condition_keys: _Json

    def __new__(cls, arn: str, leading_keys: Iterable[str | None]) -> AddressedArn:
        made = super().__new__(cls, arn)
        named = [key for key in leading_keys if key is not None]
        made.condition_keys = {LEADING_KEYS: named} if named else {}
        return made


def install() -> None:
    """Take MiniStack's place where it reads a call for its permissions; once, before the first call."""
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
    """A call's JSON; one that is none names nothing."""
    try:
        call = json.loads(body or b"{}")
    except ValueError:
        return {}
    return call if isinstance(call, dict) else {}


def _leading_keys(call: _Json) -> Iterator[list[str | None]]:
    """The partition keys of each table that a call names, in the order in which MiniStack lists the tables."""
    if "TableName" in call:
        yield [_leading_key(call)]
    for table, requests in call.get("RequestItems", {}).items():
        items = requests.get("Keys", []) if isinstance(requests, dict) else requests
        yield [_key_of(table, _written(item)) for item in items]


def _written(item: _Json) -> _Json:
    """The key, or the item that has it: a BatchWriteItem says in which of two ways, a BatchGetItem has keys alone."""
    put, delete = item.get("PutRequest"), item.get("DeleteRequest")
    found: _Json = put["Item"] if put else delete["Key"] if delete else item
    return found


def _item_keys(call: _Json) -> Iterator[list[str | None]]:
    """The partition key of each item of a transaction, in the order of MiniStack's checks."""
    for item in call["TransactItems"]:
        for member in iam_actions._DYNAMODB_TRANSACT_ITEM_ACTIONS:
            if member in item:
                yield [_leading_key(item[member])]


def _leading_key(call: _Json) -> str | None:
    """The partition key that a call names for one table: by a key, by an item, or by the condition of a query."""
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
    """The name of the partition key of a table or of its index; None where there is no such thing."""
    found = dynamodb._tables.get(dynamodb._normalize_table_name(table)) or {}
    if index is None:
        return found.get("pk_name")
    indexes = [*(found.get("GlobalSecondaryIndexes") or ()), *(found.get("LocalSecondaryIndexes") or ())]
    schema = next((item["KeySchema"] for item in indexes if item["IndexName"] == index), ())
    return next((key["AttributeName"] for key in schema if key["KeyType"] == "HASH"), None)


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _statement_checks(call: _Json, region: str, account_id: str) -> Iterator[Check]:
    """What PartiQL statements need. For one that does not parse, MiniStack asks for the name of the call."""
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
    """The partition keys that a statement names: those of its item, or those that its WHERE clause is limited to."""
    name = _partition_key(parsed["table"], parsed["index"])
    if parsed["op"] == "INSERT":
        return [_key_of(parsed["table"], parsed["item"])]
    where = (parsed.get("select") or parsed).get("where")
    for attribute, operator, value in dynamodb._pq_conditions(where):
        if attribute == name and operator in ("=", "IN"):
            return [_text(dynamodb._extract_key_val(item)) for item in (value if operator == "IN" else [value])]
    return []
