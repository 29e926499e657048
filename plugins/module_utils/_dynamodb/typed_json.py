# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Conversion between plain data and DynamoDB's typed JSON: `"x"` and `{"S": "x"}`.

Typed values have one canonical form, so that equal values are equal data: numbers in decimal notation without
unnecessary zeros, sets sorted, binary as base64 text. (boto3's serializer has no declared types, rejects floats, and
names no place in its errors.)
"""

from __future__ import annotations

import base64
import binascii
import datetime
import decimal
import math
import re
from typing import Any, Callable, Dict, List, Mapping, Optional

from .attribute_types import SET_ELEMENTS, TYPES

Typed = Dict[str, Any]
"""A typed value: `{"N": "12.5"}`."""
TypedItem = Dict[str, Typed]
"""An item: names of attributes with typed values."""

# DynamoDB's numbers: 38 significant digits, magnitudes from 1E-130 to 9.99…E+125 (Developer Guide, "Data types").
_BEYOND = (decimal.Inexact, decimal.Overflow, decimal.Subnormal)
_NUMBERS = decimal.Context(prec=38, Emin=-130, Emax=125, traps=list(_BEYOND))
_NUMERAL = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,6})?")


class WrongValueError(ValueError):
    """A value that DynamoDB does not accept. The message contains what is wrong and what to write instead."""


def to_typed_item(item: Mapping[str, Any], types: Mapping[str, str], errors: List[str], where: str) -> TypedItem:
    """Convert a plain item to typed JSON, with the declared `types` of its attributes.

    A value that DynamoDB does not accept is left out and added to `errors` with its place, which begins with `where`.
    """
    typed = {}
    for name, value in item.items():
        place = f"{where}.{name}" if where else str(name)
        try:
            if not isinstance(name, str):
                raise WrongValueError("the name of an attribute must be text; put it in quotes")
            typed[str(name)] = to_typed(value, types.get(name))
        except WrongValueError as error:
            errors.append(f"{place}: {error}")
    return typed


def to_typed(value: Any, declared: Optional[str] = None) -> Typed:
    """Convert a plain value to a typed one, of the declared type or else of the type that fits its Python type.

    Raises `WrongValueError`.
    """
    value = _unmarked(value)
    type_name = declared or _suggested(value)
    return {type_name: _ENCODERS[type_name](value)}


BINARY = "!!binary"
"""The only key of a mapping that stands for a binary value: JSON, and so a module's arguments, has none."""


def _unmarked(value: Any) -> Any:
    """Return the binary value of such a mapping, or the value itself."""
    if not isinstance(value, Mapping) or list(value) != [BINARY]:
        return value
    return base64.b64decode(_binary(value[BINARY]))


def _suggested(value: Any) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "BOOL"
    if isinstance(value, (int, float, decimal.Decimal)):
        return "N"
    if isinstance(value, Mapping):
        return "M"
    if isinstance(value, (list, tuple)):
        return "L"
    if isinstance(value, (bytes, bytearray)):
        return "B"
    return "S"


def _text(value: Any) -> str:
    if isinstance(value, (datetime.date, datetime.datetime)):
        return value.isoformat()  # how Ansible passes an unquoted date to a module
    if not isinstance(value, str):
        raise WrongValueError(f"{_shown(value)} is not text (S); put it in quotes")
    return str(value)


def _number(value: Any) -> str:
    if isinstance(value, float) and not math.isfinite(value):
        raise WrongValueError(f"{value} is not a number that DynamoDB supports")
    text = str(value).strip()
    if not _NUMERAL.fullmatch(text):
        raise WrongValueError(f"{_shown(value)} is not a number (N)")
    try:
        number = _NUMBERS.create_decimal(text)
    except _BEYOND:
        raise WrongValueError(f"{value} exceeds the 38 digits or the magnitude of a DynamoDB number") from None
    if not number:
        return "0"
    short = number.normalize(_NUMBERS)
    return format(short, "f") if abs(short.adjusted()) < _NUMBERS.prec else str(short)


def _binary(value: Any) -> str:
    value = _unmarked(value)
    if isinstance(value, (bytes, bytearray)):
        return base64.b64encode(value).decode("ascii")
    try:
        return base64.b64encode(base64.b64decode(_text(value), validate=True)).decode("ascii")
    except (binascii.Error, ValueError):
        raise WrongValueError(f"{_shown(value)} is not base64 text, as B needs") from None


def _bool(value: Any) -> bool:
    if not isinstance(value, bool):
        raise WrongValueError(f"{_shown(value)} is not true or false, without quotes (BOOL)")
    return value


def _null(value: Any) -> bool:
    if value is not None:
        raise WrongValueError(f"{_shown(value)} is not null (NULL)")
    return True


def _map(value: Any) -> TypedItem:
    if not isinstance(value, Mapping):
        raise WrongValueError(f"{_shown(value)} is not a mapping (M)")
    errors: List[str] = []
    typed = to_typed_item(value, {}, errors, "")
    if errors:
        raise WrongValueError("; ".join(errors))
    return typed


def _list(value: Any) -> List[Typed]:
    if not isinstance(value, (list, tuple)):
        raise WrongValueError(f"{_shown(value)} is not a list (L)")
    typed: List[Typed] = []
    errors: List[str] = []
    for position, item in enumerate(value):
        try:
            typed.append(to_typed(item))
        except WrongValueError as error:
            errors.append(f"[{position}]: {error}")
    if errors:
        raise WrongValueError("; ".join(errors))
    return typed


def _set_of(member: str) -> Callable[[Any], List[str]]:
    def encode(value: Any) -> List[str]:
        if not isinstance(value, (list, tuple, set, frozenset)):
            raise WrongValueError(f"{_shown(value)} is not a list, as a set needs ({member}S)")
        encoded = [_ENCODERS[member](item) for item in value]
        if not encoded:
            raise WrongValueError("a set cannot be empty; leave the attribute out")
        if len(set(encoded)) < len(encoded):
            raise WrongValueError("a set cannot have the same member twice")
        return sorted(encoded)

    return encode


def _shown(value: Any) -> str:
    text = repr(str(value)) if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else text[:57] + "…"


_ENCODERS: Dict[str, Callable[[Any], Any]] = {
    "S": _text,
    "N": _number,
    "B": _binary,
    "BOOL": _bool,
    "NULL": _null,
    "M": _map,
    "L": _list,
    **{name: _set_of(member) for name, member in SET_ELEMENTS.items()},
}


def from_typed(typed: Mapping[str, Any]) -> Any:
    """Convert a typed value to plain data. Binary becomes base64 text, a set a sorted list.

    A number becomes an integer or a float, or text if a float cannot hold it exactly. Raises `WrongValueError` for
    anything that is not a typed value.
    """
    if not isinstance(typed, Mapping) or len(typed) != 1 or next(iter(typed)) not in TYPES:
        raise WrongValueError(f'{_shown(typed)} is not a typed value such as {{"S": "text"}}')
    ((type_name, value),) = typed.items()
    if type_name == "M":
        return from_typed_item(value)
    if type_name == "L":
        return [from_typed(item) for item in value]
    if type_name in SET_ELEMENTS:
        return [_plain(SET_ELEMENTS[type_name], member) for member in sorted(value)]
    return _plain(str(type_name), value)


def from_typed_item(item: Mapping[str, Any]) -> Dict[str, Any]:
    """Convert a typed item to plain data. Raises `WrongValueError`."""
    if not isinstance(item, Mapping):
        raise WrongValueError(f"{_shown(item)} is not a mapping of attributes to typed values")
    return {str(name): from_typed(value) for name, value in item.items()}


def _plain(type_name: str, value: Any) -> Any:
    if type_name == "NULL":
        return None
    if type_name == "N":
        return _plain_number(value)
    if type_name == "B":
        return _binary(value)
    return bool(value) if type_name == "BOOL" else str(value)


def _plain_number(text: Any) -> Any:
    canonical = _number(text)
    exact = decimal.Decimal(canonical)
    if exact == exact.to_integral_value():
        return int(exact)
    number = float(exact)
    return number if decimal.Decimal(repr(number)) == exact else canonical


def from_wire(item: Mapping[str, Mapping[str, Any]]) -> TypedItem:
    """Convert an item from boto3's form to canonical form."""
    return {name: _canonical(value) for name, value in item.items()}


def _canonical(typed: Mapping[str, Any]) -> Typed:
    ((type_name, value),) = typed.items()
    if type_name == "M":
        return {"M": from_wire(value)}
    if type_name == "L":
        return {"L": [_canonical(item) for item in value]}
    return {type_name: _ENCODERS[type_name](value) if type_name != "NULL" else True}


def to_wire(item: TypedItem) -> Dict[str, Any]:
    """Convert an item from canonical form to boto3's form, with bytes for binary."""
    return {name: _wire(value) for name, value in item.items()}


def _wire(typed: Typed) -> Dict[str, Any]:
    ((type_name, value),) = typed.items()
    if type_name == "M":
        return {"M": to_wire(value)}
    if type_name == "L":
        return {"L": [_wire(item) for item in value]}
    if type_name == "B":
        return {"B": base64.b64decode(value)}
    if type_name == "BS":
        return {"BS": [base64.b64decode(member) for member in value]}
    return {type_name: value}
