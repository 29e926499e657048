# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The values of a template, and the methods of every Java object: toString, equals, hashCode."""

# pylint: disable=unidiomatic-typecheck; one class of Java is meant, without its subclasses in Python
from __future__ import annotations

import math
import re
import struct
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import Any, cast

from ..errors import JavaError
from ..limits import Meter

INT_BITS = 32
LONG_BITS = 64


class Byte(int):
    """java.lang.Byte"""


class Short(int):
    """java.lang.Short"""


class Long(int):
    """java.lang.Long"""


class BigInteger(int):
    """java.math.BigInteger"""


class Float(float):
    """java.lang.Float: a value that fits exactly in 32 bits."""

    def __new__(cls, value: float) -> Float:
        try:
            return super().__new__(cls, struct.unpack(">f", struct.pack(">f", value))[0])
        except OverflowError:
            return super().__new__(cls, math.copysign(math.inf, value))


class BigDecimal(Decimal):
    """java.math.BigDecimal, which has no negative zero."""

    def __new__(cls, value: Decimal | str) -> BigDecimal:
        number = Decimal(value)
        return super().__new__(cls, number.copy_abs() if number.is_zero() else number)


class Char(str):
    """java.lang.Character: one UTF-16 code unit."""


class JavaObject:
    """A value with its own Java class. Subclasses define its text; equality is identity."""

    __slots__ = ()

    def text(self, meter: Meter) -> str | None:
        """Return the text, like toString()."""
        raise NotImplementedError

    def equals(self, other: object, meter: Meter) -> bool:
        """Return whether both are equal, like equals()."""
        del meter
        return self is other

    def hash(self, meter: Meter) -> int:
        """Return the hash code, like hashCode()."""
        del meter
        return wrap(id(self) >> 4, INT_BITS)


class JavaClass(JavaObject):
    """java.lang.Class: a name only, so that a template cannot reach anything through it."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def text(self, meter: Meter) -> str:
        del meter
        return f"class {self.name}"

    def equals(self, other: object, meter: Meter) -> bool:
        del meter
        return isinstance(other, JavaClass) and other.name == self.name


class JavaArray(list[Any]):
    """A Java array of strings or bytes. In a template it has a list's methods, and prints as type and address."""

    def __init__(self, items: Iterable[object], type_name: str = "[Ljava.lang.String;") -> None:
        super().__init__(items)
        self.type_name = type_name


class MapKey:
    """A map's key other than a string, with Java's equality instead of Python's."""

    __slots__ = ("_hash", "_meter", "value")

    def __init__(self, value: object, meter: Meter) -> None:
        self.value = value
        self._meter = meter
        self._hash = hash_code(value, meter)

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return isinstance(other, MapKey) and equal(self.value, other.value, self._meter)


def map_key(value: object, meter: Meter) -> object:
    """Return the key of a value's entry in a LinkedMap."""
    return value if type(value) is str or value is None else MapKey(value, meter)


class LinkedMap(dict[Any, Any]):
    """java.util.LinkedHashMap. Its Python keys are `map_key`s: strings unchanged, other values wrapped."""

    class_name = "java.util.LinkedHashMap"

    def java_items(self) -> Iterator[tuple[object, object]]:
        """Yield the entries with their keys as values of a template."""
        for key, value in self.items():
            yield (key.value if type(key) is MapKey else key), value


class Entry(JavaObject):
    """java.util.Map.Entry: a live view of one entry."""

    __slots__ = ("key", "map", "python_key")

    def __init__(self, entries: LinkedMap, python_key: object) -> None:
        self.map = entries
        self.python_key = python_key
        self.key = python_key.value if isinstance(python_key, MapKey) else python_key

    @property
    def value(self) -> object:
        return self.map.get(self.python_key)

    def text(self, meter: Meter) -> str:
        return f"{to_text(self.key, meter)}={to_text(self.value, meter)}"

    def equals(self, other: object, meter: Meter) -> bool:
        if not isinstance(other, Entry):
            return False
        return equal(self.key, other.key, meter) and equal(self.value, other.value, meter)

    def hash(self, meter: Meter) -> int:
        return hash_code(self.key, meter) ^ hash_code(self.value, meter)


class View(JavaObject):
    """The result of keySet(), values() and entrySet(): a live view of the map."""

    __slots__ = ("kind", "map")

    def __init__(self, entries: LinkedMap, kind: str) -> None:
        self.map = entries
        self.kind = kind

    def __iter__(self) -> Iterator[object]:
        if self.kind == "keys":
            return (key for key, _unused in self.map.java_items())
        if self.kind == "values":
            return iter(self.map.values())
        return (Entry(self.map, key) for key in self.map)

    def __len__(self) -> int:
        return len(self.map)

    def text(self, meter: Meter) -> str:
        return _list_text(self, self, meter)

    def equals(self, other: object, meter: Meter) -> bool:
        if self is other:
            return True
        if not isinstance(other, View) or "values" in (self.kind, other.kind) or len(self) != len(other):
            return False
        members = list(other)
        meter.step(len(members))
        return all(any(equal(mine, theirs, meter) for theirs in members) for mine in self)

    def hash(self, meter: Meter) -> int:
        if self.kind == "values":
            return super().hash(meter)
        return wrap(sum(hash_code(member, meter) for member in self), INT_BITS)


def wrap(value: int, bits: int) -> int:
    """Return the value of an integer's lowest bits, as a signed number."""
    half = 1 << (bits - 1)
    return (value + half) % (1 << bits) - half


# printing


def to_text(value: object, meter: Meter) -> str:
    """Return the text like String.valueOf: `null` for None."""
    text = text_of(value, meter)
    return "null" if text is None else text


def text_of(value: object, meter: Meter) -> str | None:
    """Return the text like toString(); None for None, or for a value without a text (a too deep #define)."""
    if type(value) is str:
        return value
    printer = _PRINTERS.get(type(value))
    if printer is not None:
        return printer(value, meter)
    if isinstance(value, JavaObject):
        return value.text(meter)
    if isinstance(value, LinkedMap):
        return _map_text(value, meter)
    if isinstance(value, list):
        return _list_text(value, value, meter)
    raise TypeError(f"{type(value).__name__} cannot be a value of a template")


def double_text(value: float) -> str:
    """Return the text like Double.toString: the fewest digits that give the same double, but at least two."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return _scientific(repr(float(value)), value)


def float_text(value: Float) -> str:
    """Return the text like Float.toString: the fewest digits that give the same 32 bits."""
    if math.isnan(value) or math.isinf(value):
        return double_text(value)
    digits = next(d for d in (f"{value:.{n}e}" for n in range(1, 9)) if Float(float(d)) == value)
    return _scientific(digits, value)


def _scientific(decimal_text: str, value: float) -> str:
    """Format the digits of a decimal number as Java does: plain from 10^-3 up to 10^7, else with an exponent."""
    sign = "-" if math.copysign(1.0, value) < 0 else ""
    _unused, digits, exponent = Decimal(decimal_text).normalize().as_tuple()
    if len(digits) == 1:
        _unused, digits, exponent = Decimal(f"{value:.1e}").normalize().as_tuple()
    text = "".join(map(str, digits))
    point = len(text) + cast(int, exponent)
    if value == 0:
        return sign + "0.0"
    if -3 < point <= 7:
        whole = text[:point].ljust(point, "0") if point > 0 else "0"
        fraction = text[point:] if point > 0 else "0" * -point + text
        return f"{sign}{whole}.{fraction or '0'}"
    return f"{sign}{text[0]}.{text[1:] or '0'}E{point - 1}"


def _array_text(value: JavaArray, meter: Meter) -> str:
    del meter
    return f"{value.type_name}@{id(value) & 0xFFFFFFF:x}"


def _list_text(whole: object, items: Iterable[object], meter: Meter) -> str:
    """Return the text like AbstractCollection.toString."""
    texts = []
    for item in items:
        text = "(this Collection)" if item is whole else to_text(item, meter)
        meter.step()
        meter.text(len(text) + 2)
        texts.append(text)
    return f"[{', '.join(texts)}]"


def _map_text(value: LinkedMap, meter: Meter) -> str:
    """Return the text like AbstractMap.toString."""
    texts = []
    for pair in value.java_items():
        key, member = ("(this Map)" if part is value else to_text(part, meter) for part in pair)
        meter.step()
        meter.text(len(key) + len(member) + 3)
        texts.append(f"{key}={member}")
    return f"{{{', '.join(texts)}}}"


def _integer_text(value: int, meter: Meter) -> str:
    del meter
    return int.__repr__(value)


_PRINTERS: dict[type, Callable[[Any, Meter], str | None]] = {
    type(None): lambda value, meter: None,
    Char: lambda value, meter: str(value),
    bool: lambda value, meter: "true" if value else "false",
    int: _integer_text,
    Long: _integer_text,
    BigInteger: _integer_text,
    Short: _integer_text,
    Byte: _integer_text,
    float: lambda value, meter: double_text(value),
    Float: lambda value, meter: float_text(value),
    BigDecimal: lambda value, meter: str(value),
    JavaArray: _array_text,
}


def set_printer(value_type: type, printer: Callable[[Any, Meter], str | None]) -> None:
    """Set the text function of a subclass of `list` or LinkedMap that prints differently."""
    _PRINTERS[value_type] = printer


# equality and hash codes

_INTEGERS = (int, Long, BigInteger, Short, Byte)


def equal(left: object, right: object, meter: Meter) -> bool:
    """Return whether two values have the same type and content, like Objects.equals."""
    meter.step()
    if left is right:
        return not isinstance(left, float) or type(left) is type(right)
    if isinstance(left, JavaArray) or isinstance(right, JavaArray):
        return False
    if isinstance(left, list):
        return isinstance(right, list) and _lists_equal(left, right, meter)
    if isinstance(left, LinkedMap):
        return isinstance(right, LinkedMap) and _maps_equal(left, right, meter)
    if isinstance(left, JavaObject):
        return left.equals(right, meter)
    if type(left) is not type(right):
        return False
    if isinstance(left, float):
        return double_bits(left) == double_bits(right)  # type: ignore[arg-type]
    if isinstance(left, BigDecimal):
        return left.as_tuple() == right.as_tuple()  # type: ignore[attr-defined,no-any-return]
    return bool(left == right)


def _lists_equal(left: list[Any], right: list[Any], meter: Meter) -> bool:
    return len(left) == len(right) and all(equal(a, b, meter) for a, b in zip(left, right, strict=True))


def _maps_equal(left: LinkedMap, right: LinkedMap, meter: Meter) -> bool:
    if len(left) != len(right):
        return False
    return all(key in right and equal(value, right[key], meter) for key, value in left.items())


def double_bits(value: float) -> int:
    """Return the bits like Double.doubleToLongBits: the same for every NaN."""
    if math.isnan(value):
        return 0x7FF8000000000000
    bits: int = struct.unpack(">q", struct.pack(">d", value))[0]
    return bits


def hash_code(value: object, meter: Meter) -> int:
    """Return the hash code like Objects.hashCode."""
    meter.step()
    if value is None:
        return 0
    hasher = _HASHERS.get(type(value))
    if hasher is not None:
        return wrap(hasher(value, meter), INT_BITS)
    if isinstance(value, LinkedMap):
        return wrap(sum(_entry_hash(key, member, meter) for key, member in value.java_items()), INT_BITS)
    if isinstance(value, list):
        return _list_hash(value, meter)
    if isinstance(value, JavaObject):
        return value.hash(meter)
    raise JavaError("UnsupportedOperationException", f"{type(value).__name__} has no hash code")


def _entry_hash(key: object, value: object, meter: Meter) -> int:
    return hash_code(key, meter) ^ hash_code(value, meter)


def _list_hash(value: list[Any], meter: Meter) -> int:
    result = 1
    for item in value:
        result = wrap(31 * result + hash_code(item, meter), INT_BITS)
    return result


def _string_hash(value: str, meter: Meter) -> int:
    meter.text(len(value))
    result = 0
    for character in value:
        result = (31 * result + ord(character)) & 0xFFFFFFFF
    return result


def _long_hash(value: int, meter: Meter) -> int:
    del meter
    bits = value & 0xFFFFFFFFFFFFFFFF
    return bits ^ (bits >> 32)


def _big_hash(value: int, meter: Meter) -> int:
    del meter
    result, rest = 0, abs(value)
    words = []
    while rest:
        words.append(rest & 0xFFFFFFFF)
        rest >>= 32
    for word in reversed(words):
        result = (31 * result + word) & 0xFFFFFFFF
    return -result if value < 0 else result


def _float_hash(value: Float, meter: Meter) -> int:
    del meter
    bits: int = struct.unpack(">i", struct.pack(">f", value))[0]
    return bits


def _decimal_hash(value: BigDecimal, meter: Meter) -> int:
    sign, digits, exponent = value.as_tuple()
    unscaled = int("".join(map(str, digits)))
    return 31 * _big_hash(-unscaled if sign else unscaled, meter) - cast(int, exponent)


_HASHERS: dict[type, Callable[[Any, Meter], int]] = {
    str: _string_hash,
    Char: lambda value, meter: ord(value),
    bool: lambda value, meter: 1231 if value else 1237,
    int: lambda value, meter: value,
    Short: lambda value, meter: value,
    Byte: lambda value, meter: value,
    Long: _long_hash,
    BigInteger: _big_hash,
    float: lambda value, meter: _long_hash(double_bits(value), meter),
    Float: _float_hash,
    BigDecimal: _decimal_hash,
    JavaArray: lambda value, meter: id(value) >> 4,
}


# UTF-16

_SURROGATE = re.compile("[\ud800-\udfff]")


def to_utf16(text: str) -> str:
    """Convert a text to UTF-16 code units, one character each. Returns the same object if nothing changes."""
    if text.isascii() or max(text) < "\U00010000":
        return text
    units = text.encode("utf-16-be", "surrogatepass")
    return "".join(chr(units[i] << 8 | units[i + 1]) for i in range(0, len(units), 2))


def from_utf16(text: str) -> str:
    """Convert UTF-16 code units to text. An unpaired surrogate becomes a question mark, as when Java encodes it."""
    joined = join_surrogates(text)
    return joined if joined is text else _SURROGATE.sub("?", joined)


def join_surrogates(text: str) -> str:
    """Join pairs of surrogates to code points; unpaired ones stay. Returns the same object if there are none."""
    if text.isascii() or _SURROGATE.search(text) is None:
        return text
    return text.encode("utf-16-be", "surrogatepass").decode("utf-16-be", "surrogatepass")


def to_value(value: object) -> object:
    """Convert plain Python data (dict, list, str, numbers, bool, None) to values of a template. Copies if needed."""
    if isinstance(value, str) and not isinstance(value, Char):
        return to_utf16(value)
    if type(value) is dict:
        return LinkedMap((to_utf16(str(key)), to_value(member)) for key, member in value.items())
    if type(value) is list:
        return [to_value(member) for member in value]
    if type(value) is int and not -(2**31) <= value < 2**31:
        return Long(value) if -(2**63) <= value < 2**63 else BigInteger(value)
    return value
