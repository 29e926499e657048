# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The methods of Java's number types, of Boolean and of Character."""

from __future__ import annotations

import math
import re
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any

from ..errors import JavaError
from ..limits import Meter
from .arithmetic import big_integer, to_double, to_integer
from .values import (
    INT_BITS,
    LONG_BITS,
    BigDecimal,
    BigInteger,
    Byte,
    Char,
    Float,
    Long,
    Short,
    double_bits,
    double_text,
    hash_code,
    to_text,
    wrap,
)

_NUMBER = re.compile(r"[+-]?(?:NaN|Infinity|(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?[fFdD]?)")
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
MAX_DIGITS = 4_000
"""Maximum length of a text that is parsed as an integer."""


def _not_a_number(text: object) -> JavaError:
    return JavaError("NumberFormatException", f'For input string: "{text}"')


def parse_integer(text: str, radix: int, bits: int) -> int:
    """Parse like Integer.parseInt, Long.parseLong, …"""
    digits = text[1:] if text[:1] in ("+", "-") else text
    if not digits.isascii() or not digits.isalnum() or len(digits) > MAX_DIGITS or not 2 <= radix <= 36:
        raise _not_a_number(text)
    try:
        value = int(text, radix)
    except ValueError:
        raise _not_a_number(text) from None
    if bits and wrap(value, bits) != value:
        raise _not_a_number(text)
    return value


def parse_double(text: str) -> float:
    """Parse like Double.parseDouble."""
    stripped = text.strip("".join(map(chr, range(0x21))))
    if not _NUMBER.fullmatch(stripped):
        raise _not_a_number(text)
    return float(stripped.rstrip("fFdD") if not stripped.endswith(("NaN", "Infinity")) else stripped)


def parse_boolean(text: str | None) -> bool:
    """Parse like Boolean.parseBoolean."""
    return text is not None and text.lower() == "true"


def _order(left: Any, right: Any) -> int:
    return int(left > right) - int(left < right)


def _order_doubles(left: float, right: float) -> int:
    if left != right and not math.isnan(left) and not math.isnan(right):
        return _order(left, right)
    return _order(double_bits(left), double_bits(right))


def _radix_text(value: int, radix: int) -> str:
    if not 2 <= radix <= 36:
        radix = 10
    rest, digits = abs(value), ""
    while rest or not digits:
        rest, digit = divmod(rest, radix)
        digits = _DIGITS[digit] + digits
    return "-" + digits if value < 0 else digits


NUMBER_METHODS: dict[str, Any] = {
    "byteValue()": lambda _, n: Byte(to_integer(n, 8)),
    "shortValue()": lambda _, n: Short(to_integer(n, 16)),
    "intValue()": lambda _, n: to_integer(n, INT_BITS),
    "longValue()": lambda _, n: Long(to_integer(n, LONG_BITS)),
    "floatValue()": lambda _, n: Float(to_double(n)),
    "doubleValue()": lambda _, n: to_double(n),
}


def _integer_methods(make: Any, bits: int, primitive: str, name: str, box: str) -> dict[str, Any]:
    """Return the methods of Integer or Long, which differ in width."""
    mask = (1 << bits) - 1

    def decode(_meter: Meter, __: Any, text: str) -> Any:
        sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text.removeprefix("+"))
        for prefix, radix in (("0x", 16), ("0X", 16), ("#", 16), ("0", 8)):
            if digits.startswith(prefix) and len(digits) > len(prefix):
                return make(parse_integer(sign + digits[len(prefix) :], radix, bits))
        return make(parse_integer(text, 10, bits))

    return {
        **NUMBER_METHODS,
        f"parse{name}(String)": lambda _, n, text: make(parse_integer(text, 10, bits)),
        f"parse{name}(String,int)": lambda _, n, text, radix: make(parse_integer(text, radix, bits)),
        "valueOf(String)": lambda _, n, text: make(parse_integer(text, 10, bits)),
        "valueOf(String,int)": lambda _, n, text, radix: make(parse_integer(text, radix, bits)),
        f"valueOf({primitive})": lambda _, n, value: make(value),
        "decode(String)": decode,
        f"toString({primitive})": lambda _, n, value: str(int(value)),
        f"toString({primitive},int)": lambda _, n, value, radix: _radix_text(int(value), radix),
        f"toHexString({primitive})": lambda _, n, value: format(int(value) & mask, "x"),
        f"toOctalString({primitive})": lambda _, n, value: format(int(value) & mask, "o"),
        f"toBinaryString({primitive})": lambda _, n, value: format(int(value) & mask, "b"),
        f"compareTo({box})": lambda _, n, other: _order(n, other),
        f"compare({primitive},{primitive})": lambda _, n, a, b: _order(a, b),
        f"signum({primitive})": lambda _, n, value: _order(value, 0),
        f"bitCount({primitive})": lambda _, n, value: (int(value) & mask).bit_count(),
        f"highestOneBit({primitive})": lambda _, n, value: make(wrap(_highest_bit(int(value) & mask), bits)),
        f"lowestOneBit({primitive})": lambda _, n, value: make(wrap(int(value) & -int(value), bits)),
        f"numberOfLeadingZeros({primitive})": lambda _, n, value: bits - (int(value) & mask).bit_length(),
        f"numberOfTrailingZeros({primitive})": lambda _, n, value: _trailing_zeros(int(value), bits),
        f"reverse({primitive})": lambda _, n, value: make(
            wrap(int(format(int(value) & mask, f"0{bits}b")[::-1], 2), bits)
        ),
        f"sum({primitive},{primitive})": lambda _, n, a, b: make(wrap(a + b, bits)),
        f"max({primitive},{primitive})": lambda _, n, a, b: make(max(a, b)),
        f"min({primitive},{primitive})": lambda _, n, a, b: make(min(a, b)),
        f"hashCode({primitive})": lambda meter, n, value: hash_code(make(value), meter),
    }


def _highest_bit(value: int) -> int:
    return 1 << (value.bit_length() - 1) if value else 0


def _trailing_zeros(value: int, bits: int) -> int:
    return (value & -value).bit_length() - 1 if value else bits


INTEGER_METHODS = _integer_methods(int, INT_BITS, "int", "Int", "Integer")
LONG_METHODS = _integer_methods(Long, LONG_BITS, "long", "Long", "Long")


def _float_methods(make: Any, primitive: str, name: str) -> dict[str, Any]:
    """Return the methods of Double or Float."""
    return {
        **NUMBER_METHODS,
        f"parse{name}(String)": lambda _, n, text: make(parse_double(text)),
        "valueOf(String)": lambda _, n, text: make(parse_double(text)),
        f"valueOf({primitive})": lambda _, n, value: make(to_double(value)),
        f"toString({primitive})": lambda meter, n, value: to_text(make(to_double(value)), meter),
        "isNaN()": lambda _, n: math.isnan(n),
        "isInfinite()": lambda _, n: math.isinf(n),
        f"isNaN({primitive})": lambda _, n, value: math.isnan(value),
        f"isInfinite({primitive})": lambda _, n, value: math.isinf(value),
        f"compareTo({name})": lambda _, n, other: _order_doubles(n, other),
        f"compare({primitive},{primitive})": lambda _, n, a, b: _order_doubles(to_double(a), to_double(b)),
        f"sum({primitive},{primitive})": lambda _, n, a, b: make(make(a) + make(b)),
        f"max({primitive},{primitive})": lambda _, n, a, b: make(max(make(a), make(b))),
        f"min({primitive},{primitive})": lambda _, n, a, b: make(min(make(a), make(b))),
    }


DOUBLE_METHODS = _float_methods(float, "double", "Double")
FLOAT_METHODS = _float_methods(Float, "float", "Float")


def _divide_big(_meter: Meter, left: int, right: int) -> BigInteger:
    if right == 0:
        raise JavaError("ArithmeticException", "BigInteger divide by zero")
    quotient = abs(int(left)) // abs(int(right))
    return BigInteger(quotient if (left < 0) == (right < 0) else -quotient)


def _remainder_big(meter: Meter, left: int, right: int) -> BigInteger:
    return BigInteger(int(left) - int(_divide_big(meter, left, right)) * int(right))


def _mod_big(_meter: Meter, left: int, right: int) -> BigInteger:
    if right <= 0:
        raise JavaError("ArithmeticException", "BigInteger: modulus not positive")
    return BigInteger(int(left) % int(right))


def _power(_meter: Meter, base: int, exponent: int) -> BigInteger:
    if exponent < 0:
        raise JavaError("ArithmeticException", "Negative exponent")
    if int(base).bit_length() * exponent > 4 * MAX_DIGITS * 4 and abs(base) > 1:
        return big_integer(1 << (4 * MAX_DIGITS * 4))
    return big_integer(int(base) ** exponent)


BIG_INTEGER_METHODS: dict[str, Any] = {
    **NUMBER_METHODS,
    "add(BigInteger)": lambda _, n, other: big_integer(int(n) + int(other)),
    "subtract(BigInteger)": lambda _, n, other: big_integer(int(n) - int(other)),
    "multiply(BigInteger)": lambda _, n, other: big_integer(int(n) * int(other)),
    "divide(BigInteger)": _divide_big,
    "remainder(BigInteger)": _remainder_big,
    "mod(BigInteger)": _mod_big,
    "pow(int)": _power,
    "abs()": lambda _, n: BigInteger(abs(n)),
    "negate()": lambda _, n: BigInteger(-n),
    "signum()": lambda _, n: _order(n, 0),
    "compareTo(BigInteger)": lambda _, n, other: _order(n, other),
    "max(BigInteger)": lambda _, n, other: max(n, other),
    "min(BigInteger)": lambda _, n, other: min(n, other),
    "bitLength()": lambda _, n: (int(n) if n >= 0 else ~int(n)).bit_length(),
    "toString(int)": lambda _, n, radix: _radix_text(int(n), radix),
    "valueOf(long)": lambda _, n, value: BigInteger(value),
}

_EXACT = Context(prec=20_000, Emax=999_999, Emin=-999_999)


def _set_scale(_meter: Meter, number: Decimal, scale: int, rounding: int = 7) -> BigDecimal:
    if rounding not in (4, 7):
        raise JavaError("IllegalArgumentException", "Invalid rounding mode")
    if abs(scale) > MAX_DIGITS:
        raise JavaError("ArithmeticException", "Overflow")
    scaled = number.quantize(Decimal((0, (1,), -scale)), ROUND_HALF_UP, _EXACT)
    if rounding == 7 and scaled != number:
        raise JavaError("ArithmeticException", "Rounding necessary")
    return BigDecimal(scaled)


def _decimal_of(value: Any) -> BigDecimal:
    text = double_text(to_double(value))
    if text in ("NaN", "Infinity", "-Infinity"):
        raise JavaError("NumberFormatException", text)
    return BigDecimal(text)


def _scale(number: Decimal) -> int:
    return -int(number.as_tuple().exponent)


BIG_DECIMAL_METHODS: dict[str, Any] = {
    **NUMBER_METHODS,
    "add(BigDecimal)": lambda _, n, other: BigDecimal(_EXACT.add(n, other)),
    "subtract(BigDecimal)": lambda _, n, other: BigDecimal(_EXACT.subtract(n, other)),
    "multiply(BigDecimal)": lambda _, n, other: BigDecimal(_EXACT.multiply(n, other)),
    "compareTo(BigDecimal)": lambda _, n, other: _order(n, other),
    "abs()": lambda _, n: BigDecimal(n.copy_abs()),
    "negate()": lambda _, n: BigDecimal(_EXACT.minus(n)),
    "signum()": lambda _, n: _order(n, 0),
    "scale()": lambda _, n: _scale(n),
    "precision()": lambda _, n: len(n.as_tuple().digits),
    "toPlainString()": lambda _, n: format(n, "f"),
    "valueOf(long)": lambda _, n, value: BigDecimal(Decimal(int(value))),
    "valueOf(double)": lambda _, n, value: _decimal_of(value),
    "setScale(int)": _set_scale,
    "setScale(int,int)": _set_scale,
}

BOOLEAN_METHODS: dict[str, Any] = {
    "booleanValue()": lambda _, b: b,
    "parseBoolean(String)": lambda _, b, text: parse_boolean(text),
    "valueOf(String)": lambda _, b, text: parse_boolean(text),
    "valueOf(boolean)": lambda _, b, value: value,
    "toString(boolean)": lambda _, b, value: "true" if value else "false",
    "compareTo(Boolean)": lambda _, b, other: _order(b, other),
    "compare(boolean,boolean)": lambda _, b, left, right: _order(left, right),
    "logicalAnd(boolean,boolean)": lambda _, b, left, right: left and right,
    "logicalOr(boolean,boolean)": lambda _, b, left, right: left or right,
    "logicalXor(boolean,boolean)": lambda _, b, left, right: left != right,
}

CHARACTER_METHODS: dict[str, Any] = {
    "charValue()": lambda _, c: c,
    "compareTo(Character)": lambda _, c, other: ord(c) - ord(other),
    "isDigit(char)": lambda _, c, other: other.isdecimal(),
    "isLetter(char)": lambda _, c, other: other.isalpha(),
    "isLetterOrDigit(char)": lambda _, c, other: other.isalpha() or other.isdecimal(),
    "isUpperCase(char)": lambda _, c, other: other.isupper(),
    "isLowerCase(char)": lambda _, c, other: other.islower(),
    "isWhitespace(char)": lambda _, c, other: other.isspace() and other not in "\xa0\u2007\u202f\x85",
    "toUpperCase(char)": lambda _, c, other: Char(other.upper() if len(other.upper()) == 1 else other),
    "toLowerCase(char)": lambda _, c, other: Char(other.lower() if len(other.lower()) == 1 else other),
    "getNumericValue(char)": lambda _, c, other: int(other, 36) if other.isascii() and other.isalnum() else -1,
    "toString(char)": lambda _, c, other: str(other),
    "valueOf(char)": lambda _, c, other: other,
}
