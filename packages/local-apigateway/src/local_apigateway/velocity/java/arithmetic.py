# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Arithmetic of Velocity 1.7: integers are promoted to the next wider type, doubles are IEEE 754."""

# pylint: disable=unidiomatic-typecheck; one class of Java is meant, without its subclasses in Python
from __future__ import annotations

import math
from collections.abc import Callable
from decimal import ROUND_HALF_DOWN, Context, Decimal
from typing import Any

from ..errors import JavaError, LimitError
from .values import INT_BITS, LONG_BITS, BigDecimal, BigInteger, Byte, Float, Long, Short, wrap

MAX_INTEGER_BITS = 13_000
"""Maximum size of an integer of a template, about 3,900 digits: below Python's limit for printing."""

_EXACT = Context(prec=20_000, Emax=999_999, Emin=-999_999)
_WIDTHS: dict[type, int] = {Byte: 8, Short: 16, int: 32, Long: 64}
_TYPES: tuple[type, ...] = (Byte, Short, int, Long)
_INTEGERS = (*_TYPES, BigInteger)
_FLOATS = (float, Float, BigDecimal)

Number = Any
"""A value of one of Java's number types."""


def is_number(value: object) -> bool:
    """Return whether a value is a java.lang.Number (a boolean is not)."""
    return type(value) in _INTEGERS or type(value) in _FLOATS


def _widen(value: int, left: type, right: type) -> Number:
    """Return a result in the wider of two types, or in the next wider type if it does not fit."""
    start = max(_TYPES.index(left), _TYPES.index(right))
    for integer in _TYPES[start:]:
        half = 1 << (_WIDTHS[integer] - 1)
        if -half <= value < half:
            return integer(value)
    return big_integer(value)


def big_integer(value: int) -> BigInteger:
    """Return a BigInteger. Raises LimitError if it is too long."""
    if value.bit_length() > MAX_INTEGER_BITS:
        raise LimitError("the template computes with integers of thousands of digits")
    return BigInteger(value)


def to_double(value: Number) -> float:
    """Convert like Number.doubleValue."""
    try:
        return float(value)
    except OverflowError:
        return math.copysign(math.inf, value)


def to_int(value: Number) -> int:
    """Convert like Number.intValue."""
    return to_integer(value, INT_BITS)


def to_integer(value: Number, bits: int) -> int:
    """Convert like Number.intValue, longValue, …: the low bits of an integer, the nearest value to a double."""
    if isinstance(value, float):
        if math.isnan(value):
            return 0
        wide = max(bits, INT_BITS)
        limit = 1 << (wide - 1)
        return wrap(int(min(max(value, -limit), limit - 1)), bits)
    return wrap(int(value), bits)


def _decimal(value: Number) -> Decimal:
    if isinstance(value, Decimal):
        return value
    if isinstance(value, int):
        return Decimal(int(value)) if isinstance(value, BigInteger) else Decimal(float(value))
    if math.isinf(value) or math.isnan(value):
        raise JavaError("NumberFormatException", "Infinite or NaN")
    return Decimal(float(value))


def _kind(left: Number, right: Number) -> str:
    """Return the arithmetic for two numbers."""
    types = (type(left), type(right))
    whole = types[0] in _INTEGERS and types[1] in _INTEGERS
    if BigDecimal in types or (not whole and BigInteger in types):
        return "decimal"
    if whole:
        return "big" if BigInteger in types else "long"
    return "double" if float in types else "float"


def _operation(
    whole: Callable[[int, int], int],
    real: Callable[[float, float], float],
    decimal: Callable[[Decimal, Decimal], Decimal],
) -> Callable[[Number, Number], Number]:
    def operate(left: Number, right: Number) -> Number:
        kind = _kind(left, right)
        if kind == "long":
            return _widen(whole(int(left), int(right)), type(left), type(right))
        if kind == "big":
            return big_integer(whole(int(left), int(right)))
        if kind == "double":
            return real(to_double(left), to_double(right))
        if kind == "float":
            return Float(real(Float(left), Float(right)))
        return BigDecimal(decimal(_decimal(left), _decimal(right)))

    return operate


def _divide_whole(left: int, right: int) -> int:
    quotient = abs(left) // abs(right)
    return quotient if (left < 0) == (right < 0) else -quotient


def _divide_decimal(left: Decimal, right: Decimal) -> Decimal:
    quotient = _EXACT.divide(left, right)
    exponent = left.as_tuple().exponent
    return quotient.quantize(Decimal((0, (1,), int(exponent))), ROUND_HALF_DOWN, _EXACT)


add = _operation(lambda a, b: a + b, lambda a, b: a + b, _EXACT.add)
subtract = _operation(lambda a, b: a - b, lambda a, b: a - b, _EXACT.subtract)
multiply = _operation(lambda a, b: a * b, lambda a, b: a * b, _EXACT.multiply)
_divide = _operation(_divide_whole, lambda a, b: a / b, _divide_decimal)


def divide(left: Number, right: Number) -> Number:
    """Return left / right, integers rounded towards zero; None for a zero divisor, as in Velocity."""
    if right == 0:
        return None
    quotient = _divide(left, right)
    overflows = type(quotient) is BigInteger and _kind(left, right) == "long"
    return Long(wrap(int(quotient), LONG_BITS)) if overflows else quotient


def modulo(left: Number, right: Number) -> Number:
    """Return left % right with the sign of the dividend; None for a zero divisor."""
    if right == 0:
        return None
    kind = _kind(left, right)
    if kind == "decimal":
        raise JavaError("ArithmeticException", "Cannot calculate the modulo of BigDecimals.")
    if kind == "big":
        if right < 0:
            raise JavaError("ArithmeticException", "BigInteger: modulus not positive")
        return BigInteger(int(left) % int(right))
    if kind == "long":
        return _widen(int(left) - _divide_whole(int(left), int(right)) * int(right), type(left), type(right))
    remainder = _remainder(to_double(left), to_double(right))
    return Float(remainder) if kind == "float" else remainder


def _remainder(left: float, right: float) -> float:
    if math.isinf(left) or math.isnan(left) or math.isnan(right):
        return math.nan
    return math.fmod(left, right)


def compare(left: Number, right: Number) -> int:
    """Return -1, 0 or 1. Numbers without an order (NaN) count as equal, as in Velocity."""
    kind = _kind(left, right)
    if kind == "double":
        left, right = to_double(left), to_double(right)
    elif kind == "float":
        left, right = Float(left), Float(right)
    elif kind == "decimal":
        left, right = _decimal(left), _decimal(right)
    return int(left > right) - int(left < right)
