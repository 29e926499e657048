# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Converts literals of the description to DynamoDB's typed JSON."""

from __future__ import annotations

import re
from typing import Any

from ansible_collections.codeless.apigateway.plugins.module_utils._dynamodb.attribute_types import SET_ELEMENTS

from .patterns import BASE64, DATE, NUMBER, seconds_of

Json = dict[str, Any]


def dynamodb_json(value: Any, kind: str) -> Json | None:
    """Return a literal in typed JSON: `(5, "N")` → `{"N": "5"}`; None if it is not a value of that type or a "date"."""
    if kind == "date":
        return {"N": str(seconds_of(value))} if isinstance(value, str) and re.fullmatch(DATE, value) else None
    if kind in SET_ELEMENTS:
        return _set(value, kind)
    text = _text(value, kind)
    if text is not None:
        return {kind: text}
    if kind == "BOOL" and isinstance(value, bool):
        return {"BOOL": value}
    if kind == "NULL" and value is None:
        return {"NULL": True}
    if (kind == "M" and isinstance(value, dict)) or (kind == "L" and isinstance(value, list)):
        return _infer_type(value)
    return None


def _text(value: Any, kind: str) -> str | None:
    """Return the text of an S, an N or a B; None for a value of another type."""
    if kind == "S" and isinstance(value, str):
        return value
    if kind == "B" and isinstance(value, str) and re.fullmatch(BASE64, value):
        return value
    number = kind == "N" and isinstance(value, (int, float)) and not isinstance(value, bool)
    return str(value) if number and re.fullmatch(NUMBER, str(value)) else None


def _set(value: Any, kind: str) -> Json | None:
    if not isinstance(value, list) or not value:
        return None
    texts = [_text(element, SET_ELEMENTS[kind]) for element in value]
    return None if None in texts or len(set(texts)) < len(texts) else {kind: texts}


def _infer_type(value: Any) -> Json:
    """Return a value inside a list or a map, whose type follows from its JSON type."""
    if isinstance(value, dict):
        return {"M": {name: _infer_type(member) for name, member in value.items()}}
    if isinstance(value, list):
        return {"L": [_infer_type(element) for element in value]}
    if value is None:
        return {"NULL": True}
    if isinstance(value, bool):
        return {"BOOL": value}
    return {"S": value} if isinstance(value, str) else {"N": str(value)}
