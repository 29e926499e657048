# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Rejects a Query that filters key attributes, as DynamoDB does. MiniStack accepts it.

Runs inside MiniStack's process. The error is DynamoDB's (dynalite, whose tests run against DynamoDB). A Scan can filter
any attribute.
"""

from __future__ import annotations

from typing import Any

from ministack.core.responses import error_response_json
from ministack.services import dynamodb

_Json = dict[str, Any]
_WORDS = frozenset({"AND", "OR", "NOT", "IN", "BETWEEN"})


def install() -> None:
    """Check each Query that MiniStack accepts. Call this once, before the first request."""
    query = dynamodb._query  # pylint: disable=protected-access

    def query_checked(data: _Json) -> Any:
        response = query(data)
        error = _error(data) if response[0] == 200 else None
        return error_response_json("ValidationException", error, 400) if error else response

    dynamodb._query = query_checked  # pylint: disable=protected-access


def _error(data: _Json) -> str | None:
    """Return the error of a Query that is otherwise valid; None if it filters no key attribute."""
    names = data.get("ExpressionAttributeNames") or {}
    legacy = data.get("QueryFilter")
    filtered = set(legacy) if legacy else _attributes(data.get("FilterExpression") or "", names)
    found = next((key for key in _keys(data) if key in filtered), None)
    if found is None:
        return None
    what = "QueryFilter" if legacy else "Filter Expression"
    return f"{what} can only contain non-primary key attributes: Primary key attribute: {found}"


def _keys(data: _Json) -> list[str]:
    """Return the key attributes of the table or index, hash keys first."""
    # pylint: disable=protected-access
    table = dynamodb._tables.get(dynamodb._normalize_table_name(data["TableName"]))
    index = dynamodb._index_def(table, data.get("IndexName"))
    hash_keys, range_keys = dynamodb._index_key_lists(index or table)
    return [*hash_keys, *range_keys]


def _attributes(expression: str, names: _Json) -> set[str]:
    """Return the first attribute of each path in an expression."""
    found = set()
    before = ""
    for kind, text in dynamodb._tokenize(expression):  # pylint: disable=protected-access
        is_word = text.upper() in _WORDS or text in dynamodb._DDB_EXPR_FUNCTIONS  # pylint: disable=protected-access
        if before != "DOT" and (kind == "NAME_REF" or (kind == "IDENT" and not is_word)):
            found.add(names.get(text, text))
        before = kind
    return found
