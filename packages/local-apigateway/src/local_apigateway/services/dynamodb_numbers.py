# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Normalizes numbers as DynamoDB does: `1.0`, `01` and `1E+0` are the number `1`. MiniStack compares their texts.

Runs inside MiniStack's process. AWS: "Leading and trailing zeroes are trimmed" (Naming rules and data types); numbers
are returned without an exponent (dynalite, whose tests run against DynamoDB).
"""

from __future__ import annotations

import json
import re
from decimal import Context, Decimal
from typing import Any

from ministack.services import dynamodb

_Json = dict[str, Any]
_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,100}(?:[.][0-9]{0,150})?|[.][0-9]{1,150})(?:[eE][+-]?[0-9]{1,4})?")
_ANY_DIGITS = Context(prec=200)
_LARGEST_EXPONENT = 130
"""Above DynamoDB's limit of 125, so that MiniStack rejects numbers that DynamoDB rejects."""


def install() -> None:
    """Normalize the numbers of each call before MiniStack reads it. Call this once, before the first request."""
    handle = dynamodb.handle_request

    async def handle_normalized(method: str, path: str, headers: _Json, body: bytes, query_params: _Json) -> Any:
        return await handle(method, path, headers, normalized(body), query_params)

    dynamodb.handle_request = handle_normalized


def normalized(body: bytes) -> bytes:
    """Return the JSON of a call with normalized numbers. Text that is not JSON is returned unchanged."""
    if b'"N' not in body:
        return body
    try:
        return json.dumps(json.loads(body, object_hook=_typed_value)).encode()
    except (ValueError, RecursionError):
        return body


def _typed_value(value: _Json) -> _Json:
    """Normalize a typed value (`{"N": "1.0"}`). Other objects are returned unchanged."""
    if len(value) != 1:
        return value
    if isinstance(value.get("N"), str):
        return {"N": number(value["N"])}
    if isinstance(value.get("NS"), list):
        return {"NS": [number(one) if isinstance(one, str) else one for one in value["NS"]]}
    return value


def number(text: str) -> str:
    """Return the normalized text of a number. Other text is returned unchanged.

    >>> [number(text) for text in ("1.0", "-0.50", "1E+2", "00", "-0", "x", "1E+999", "12345678901234567890")]
    ['1', '-0.5', '100', '0', '0', 'x', '1E+999', '12345678901234567890']
    """
    if not _NUMBER.fullmatch(text) or abs((value := Decimal(text)).adjusted()) > _LARGEST_EXPONENT:
        return text
    return format(value.normalize(_ANY_DIGITS), "f") if value else "0"
