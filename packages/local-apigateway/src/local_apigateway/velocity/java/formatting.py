# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""java.util.Formatter, as String.format uses it."""

# pylint: disable=unidiomatic-typecheck; one class of Java is meant, without its subclasses in Python
from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any

from ..errors import JavaError
from ..limits import Meter
from .values import BigDecimal, BigInteger, Byte, Char, Float, Long, Short, hash_code, to_text

_DIRECTIVE = re.compile(r"%(\d+\$)?([-#+ 0,(<]*)?(\d+)?(\.\d+)?([tT])?([a-zA-Z%])")
_INTEGERS = (int, Long, Short, Byte, BigInteger)
_BITS: dict[type, int] = {int: 32, Long: 64, Short: 16, Byte: 8}
_DECIMAL = Context(prec=2_000)
MAX_WIDTH = 100_000


@dataclass(frozen=True)
class _Directive:
    """`%[index$][flags][width][.precision]conversion`"""

    text: str
    index: str | None
    flags: str
    width: int
    precision: int | None
    conversion: str


def format_text(meter: Meter, pattern: str, arguments: list[Any] | None) -> str:
    """Format like String.format in the locale en_US. Raises JavaError where Java throws.

    None instead of an array of arguments stands for a null in every place.
    """
    out: list[str] = []
    position, ordinary, last = 0, 0, -1
    for match in _DIRECTIVE.finditer(pattern):
        _check_text(pattern[position : match.start()])
        out.append(pattern[position : match.start()])
        position = match.end()
        directive = _directive(match)
        if directive.conversion in "n%":
            out.append("\n" if directive.conversion == "n" else _pad("%", directive))
            continue
        if "<" in directive.flags:
            index = last
        elif directive.index:
            index = int(directive.index[:-1]) - 1
        else:
            index, ordinary = ordinary, ordinary + 1
        if arguments is None:
            out.append(_convert(meter, directive, None))
            continue
        if not 0 <= index < len(arguments):
            raise JavaError("MissingFormatArgumentException", f"Format specifier '{directive.text}'")
        last = index
        text = _convert(meter, directive, arguments[index])
        meter.text(len(text))
        out.append(text)
    _check_text(pattern[position:])
    return "".join([*out, pattern[position:]])


def _check_text(text: str) -> None:
    if "%" in text:
        bad = text[text.index("%") :][1:2] or "%"
        raise JavaError("UnknownFormatConversionException", f"Conversion = '{bad}'")


def _directive(match: re.Match[str]) -> _Directive:
    width = int(match.group(3) or 0)
    precision = int(match.group(4)[1:]) if match.group(4) else None
    if width > MAX_WIDTH or (precision or 0) > MAX_WIDTH:
        raise JavaError("OutOfMemoryError", f"Format specifier '{match.group()}'")
    flags = match.group(2) or ""
    if match.group(5):
        raise JavaError("UnknownFormatConversionException", f"Conversion = '{match.group(5)}'")
    if len(set(flags)) != len(flags):
        raise JavaError("DuplicateFormatFlagsException", f"Flags = '{flags}'")
    if ("-" in flags or "0" in flags) and not width:
        raise JavaError("MissingFormatWidthException", match.group())
    if ("-" in flags and "0" in flags) or ("+" in flags and " " in flags):
        raise JavaError("IllegalFormatFlagsException", f"Flags = '{flags}'")
    return _Directive(match.group(), match.group(1), flags, width, precision, match.group(6))


def _convert(meter: Meter, directive: _Directive, value: Any) -> str:
    kind = directive.conversion.lower()
    if kind not in _CONVERSIONS or (directive.conversion.isupper() and kind in "dof"):
        raise JavaError("UnknownFormatConversionException", f"Conversion = '{directive.conversion}'")
    missing = value is None and kind != "b"
    text = _cut("null", directive) if missing else _CONVERSIONS[kind](meter, directive, value)
    return _pad(text.upper() if directive.conversion.isupper() else text, directive)


def _pad(text: str, directive: _Directive) -> str:
    return text.ljust(directive.width) if "-" in directive.flags else text.rjust(directive.width)


def _cut(text: str, directive: _Directive) -> str:
    return text if directive.precision is None else text[: directive.precision]


def _string(meter: Meter, directive: _Directive, value: Any) -> str:
    return _cut(to_text(value, meter), directive)


def _boolean(meter: Meter, directive: _Directive, value: Any) -> str:
    del meter
    truth = value if isinstance(value, bool) else value is not None
    return _cut("true" if truth else "false", directive)


def _hash(meter: Meter, directive: _Directive, value: Any) -> str:
    return _cut(f"{hash_code(value, meter) & 0xFFFFFFFF:x}", directive)


def _mismatch(directive: _Directive, value: Any) -> JavaError:
    return JavaError("IllegalFormatConversionException", f"{directive.conversion} != {type(value).__name__}")


def _character(meter: Meter, directive: _Directive, value: Any) -> str:
    del meter
    if type(value) is Char:
        return str(value)
    if type(value) in (int, Short, Byte) and 0 <= value <= 0x10FFFF:
        return chr(value)
    raise _mismatch(directive, value)


def _whole(meter: Meter, directive: _Directive, value: Any) -> str:
    del meter
    if type(value) not in _INTEGERS:
        raise _mismatch(directive, value)
    if directive.precision is not None:
        raise JavaError("IllegalFormatPrecisionException", str(directive.precision))
    digits = f"{abs(value):,}" if "," in directive.flags else str(abs(int(value)))
    return _sign(digits, value < 0, directive)


def _base(meter: Meter, directive: _Directive, value: Any) -> str:
    """Format %x and %o: two's complement in the width of the type, except for BigInteger."""
    del meter
    if type(value) not in _INTEGERS:
        raise _mismatch(directive, value)
    bits = _BITS.get(type(value))
    number = int(value) if bits is None else int(value) & ((1 << bits) - 1)
    text = format(abs(number), directive.conversion.lower())
    text = ("0x" if directive.conversion in "xX" else "0") + text if "#" in directive.flags else text
    text = "-" + text if number < 0 else text
    return text.rjust(directive.width, "0") if "0" in directive.flags else text


def _real(meter: Meter, directive: _Directive, value: Any) -> str:
    del meter
    if type(value) not in (float, Float, BigDecimal):
        raise _mismatch(directive, value)
    number = Decimal(repr(float(value))) if isinstance(value, float) else Decimal(value)
    if not number.is_finite():
        text = "NaN" if number.is_nan() else "Infinity"
        return _signed(text, number.is_signed() and not number.is_nan(), directive)
    precision = 6 if directive.precision is None else directive.precision
    kind = directive.conversion.lower()
    digits = _general(number, precision) if kind == "g" else _fixed(number, precision, kind)
    if "," in directive.flags:
        whole, point, fraction = digits.partition(".")
        digits = f"{int(whole):,}{point}{fraction}"
    return _sign(digits, number.is_signed(), directive)


def _fixed(number: Decimal, precision: int, kind: str) -> str:
    magnitude = abs(number)
    if kind == "e":
        exponent = magnitude.adjusted() if magnitude else 0
        mantissa = _round(magnitude.scaleb(-exponent, _DECIMAL), precision)
        if mantissa >= 10:
            exponent += 1
            mantissa = _round(magnitude.scaleb(-exponent, _DECIMAL), precision)
        return f"{mantissa:f}e{'-' if exponent < 0 else '+'}{abs(exponent):02d}"
    return f"{_round(magnitude, precision):f}"


def _round(number: Decimal, precision: int) -> Decimal:
    return number.quantize(Decimal((0, (1,), -precision)), ROUND_HALF_UP, _DECIMAL)


def _general(number: Decimal, precision: int) -> str:
    precision = precision or 1
    magnitude = abs(number)
    if magnitude == 0:
        return _fixed(magnitude, precision - 1, "f")
    rounded = Context(prec=precision, rounding=ROUND_HALF_UP).plus(magnitude)
    if Decimal("0.0001") <= rounded < Decimal(10) ** precision:
        return _fixed(rounded, max(precision - rounded.adjusted() - 1, 0), "f")
    return _fixed(magnitude, precision - 1, "e")


def _signed(text: str, negative: bool, directive: _Directive) -> str:
    if negative:
        return f"({text})" if "(" in directive.flags else f"-{text}"
    return next((sign + text for sign in "+ " if sign in directive.flags), text)


def _sign(digits: str, negative: bool, directive: _Directive) -> str:
    """Return digits with their sign, padded with zeros between the two if the flags require it."""
    if "0" in directive.flags:
        taken = len(_signed("", negative, directive))
        digits = digits.rjust(directive.width - taken, "0")
    return _signed(digits, negative, directive)


_CONVERSIONS: dict[str, Any] = {
    "s": _string,
    "b": _boolean,
    "h": _hash,
    "c": _character,
    "d": _whole,
    "x": _base,
    "o": _base,
    "f": _real,
    "e": _real,
    "g": _real,
}
