# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""JSON as the Java library json-smart reads and writes it, for $input and $util.parseJson.

Its permissive mode also accepts text without quotes, single quotes, superfluous commas, and anything after the first
value. A list that it has read prints as JSON, a map prints like Java's maps.
"""

from __future__ import annotations

import json
import math
import re
from typing import Any, cast

from ..errors import JavaError
from ..limits import Meter
from .collections import LIST_METHODS
from .types import define_object
from .values import BigDecimal, BigInteger, Float, LinkedMap, Long, View, set_printer, to_text, to_utf16

MAX_DEPTH = 400
"""Maximum nesting of lists and maps in json-smart."""

MAX_DIGITS = 3_900
"""Maximum length of a number, and maximum exponent."""

_LONG_FLOAT = 18
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_ESCAPED = re.compile('["\\\\\x00-\x1f\x7f-\x9f\u2000-\u20ff]')
_ESCAPED_WEB = re.compile('["\\\\/\x00-\x1f\x7f-\x9f\u2000-\u20ff]')


class JsonArray(list[Any]):
    """net.minidev.json.JSONArray: a list that prints as JSON."""


def parse_json(text: str) -> object:
    """Parse a JSON text in UTF-16. Raises JavaError if the permissive reader rejects it too."""
    try:
        return _DECODER.decode(text)
    except RecursionError:
        raise _too_deep() from None
    except ValueError:
        return _PermissiveReader(text).read()


def _too_deep() -> JavaError:
    return JavaError("ParseException", "Malicious payload, having non natural depths")


def _integer(text: str) -> object:
    if len(text) > MAX_DIGITS:
        raise JavaError("NumberFormatException", f"an integer of {len(text)} digits")
    value = int(text) if text != "-" else 0
    if -(2**31) <= value < 2**31:
        return value
    return Long(value) if -(2**63) <= value < 2**63 else BigInteger(value)


def _float(text: str) -> object:
    if len(text) <= _LONG_FLOAT:
        return float(text)
    exponent = re.split("[eE]", text)[1:] or ["0"]
    if abs(int(exponent[0][:12])) > MAX_DIGITS or len(text) > MAX_DIGITS:
        raise ValueError(text)
    return BigDecimal(text)


def _refuse(constant: str) -> object:
    raise ValueError(constant)


class _Decoder(json.JSONDecoder):
    """Python's parser of strict JSON, with json-smart's types."""

    def __init__(self) -> None:
        super().__init__(parse_int=_integer, parse_float=_float, parse_constant=_refuse)

    def decode(self, s: str, _w: Any = None) -> Any:
        return _convert(super().decode(s), 1)


_DECODER = _Decoder()


def _convert(value: Any, depth: int) -> Any:
    """Convert Python's containers and strings to those of a template."""
    kind = type(value)
    if kind is str:
        return value if value.isascii() else to_utf16(value)
    if kind is dict or kind is list:
        if depth > MAX_DEPTH:
            raise _too_deep()
        if kind is list:
            return JsonArray([_convert(item, depth + 1) for item in value])
        return LinkedMap(
            [(key if key.isascii() else to_utf16(key), _convert(item, depth + 1)) for key, item in value.items()]
        )
    return value


_SPACES = re.compile(r"[ \r\n\t]*")
_BLANKS = re.compile(r"[\x00-\x19\x1b-\x20]*")
_NUMBER = re.compile(r"-?[0-9]*(?:\.[0-9]*)?(?:[eE][+-]?[0-9]+)?")
_CONSTANTS: dict[str, object] = {"null": None, "true": True, "false": False, "NaN": Float(math.nan)}
_CONTROL = frozenset(map(chr, [*range(0x1A), *range(0x1B, 0x20), 0x7F]))
_STRING_ESCAPES = {"t": "\t", "n": "\n", "r": "\r", "f": "\f", "b": "\b", "\\": "\\", "/": "/", "'": "'", '"': '"'}


class _PermissiveReader:
    """json-smart's MODE_PERMISSIVE."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._i = 0
        self._depth = 0

    def read(self) -> object:
        return self._value("")

    def _peek(self) -> str:
        return self._text[self._i] if self._i < len(self._text) else ""

    def _skip(self, pattern: re.Pattern[str]) -> None:
        match = cast("re.Match[str]", pattern.match(self._text, self._i))
        self._i = match.end()

    def _unexpected(self) -> JavaError:
        found = repr(self._peek()) if self._peek() else "the end"
        return JavaError("ParseException", f"unexpected {found} at position {self._i} of the JSON text")

    def _value(self, stops: str) -> object:
        self._skip(_SPACES)
        character = self._peek()
        if character and character in ":}]":
            raise self._unexpected()
        if character == "{":
            return self._object()
        if character == "[":
            return self._array()
        if character and character in "\"'":
            return self._string()
        if character and character in "-0123456789":
            return self._number(stops)
        word = self._bare(stops)
        return _CONSTANTS.get(word, word) if character in ("n", "t", "f", "N") else word

    def _bare(self, stops: str) -> str:
        """Read text without quotes, up to a character that ends it."""
        start = self._i
        while self._i < len(self._text) and self._text[self._i] not in stops and self._text[self._i] != "\x1a":
            self._i += 1
        return self._text[start : self._i].strip("".join(map(chr, range(0x21))))

    def _number(self, stops: str) -> object:
        match = cast("re.Match[str]", _NUMBER.match(self._text, self._i))
        start, self._i = self._i, match.end()
        self._skip(_BLANKS)
        following = self._peek()
        if following and following not in stops and following < "\x7e":
            self._i = start
            return self._bare(stops)
        text = match.group()
        is_float = any(character in text for character in ".eE")
        try:
            return _float(text) if is_float else _integer(text)
        except ValueError:
            raise JavaError("NumberFormatException", f"{text[:40]!r} has too large an exponent") from None

    def _string(self) -> str:
        quote = self._peek()
        end = self._text.find(quote, self._i + 1)
        if end < 0:
            raise JavaError("ParseException", f"the string at position {self._i} of the JSON text has no end")
        text = self._text[self._i + 1 : end]
        if "\\" not in text:
            self._i = end + 1
            return text
        self._i += 1
        return self._escaped_string(quote)

    def _escaped_string(self, quote: str) -> str:
        out: list[str] = []
        while (character := self._peek()) != quote:
            if not character:
                raise self._unexpected()
            self._i += 1
            if character == "\\":
                out.append(self._escape())
            elif character not in _CONTROL:
                out.append(character)
        self._i += 1
        return "".join(out)

    def _escape(self) -> str:
        character = self._peek()
        self._i += 1
        length = {"u": 4, "x": 2}.get(character)
        if length is None:
            return _STRING_ESCAPES.get(character, "")
        digits = self._text[self._i : self._i + length]
        if not re.fullmatch(f"[0-9a-fA-F]{{{length}}}", digits):
            raise self._unexpected()
        self._i += length
        return chr(int(digits, 16))

    def _enter(self) -> None:
        self._depth += 1
        if self._depth > MAX_DEPTH // 2:
            raise _too_deep()
        self._i += 1

    def _array(self) -> JsonArray:
        self._enter()
        items = JsonArray()
        while True:
            self._skip(_SPACES)
            character = self._peek()
            if character == "]":
                break
            if character == ",":
                self._i += 1
            elif not character or character in ":}":
                raise self._unexpected()
            else:
                items.append(self._value(",]"))
        self._i += 1
        self._depth -= 1
        return items

    def _object(self) -> LinkedMap:
        self._enter()
        entries = LinkedMap()
        while True:
            self._skip(_SPACES)
            character = self._peek()
            if character == "}":
                break
            if character == ",":
                self._i += 1
            elif not character or character in ":][{":
                raise self._unexpected()
            else:
                self._entry(entries)
        self._i += 1
        self._depth -= 1
        return entries

    def _entry(self, entries: LinkedMap) -> None:
        key = self._string() if self._peek() in "\"'" else self._bare(":")
        self._skip(_BLANKS)
        if self._peek() != ":":
            raise self._unexpected()
        self._i += 1
        if self._i >= len(self._text):
            raise self._unexpected()
        entries[key] = self._value(",}")
        self._skip(_BLANKS)
        if self._peek() not in (",", "}"):
            raise self._unexpected()


# writing


def write_json(value: object, meter: Meter, *, web_safe: bool = False) -> str:
    """Return the JSON text of a value. `web_safe` writes a slash as `\\/`, as in the printed text of a list."""
    meter.step()
    if value is None:
        return "null"
    if isinstance(value, LinkedMap):
        members = [
            _quoted(to_text(key, meter), web_safe) + ":" + write_json(member, meter, web_safe=web_safe)
            for key, member in value.java_items()
        ]
        return _metered("{" + ",".join(members) + "}", meter)
    if isinstance(value, (list, View)):
        return _metered("[" + ",".join([write_json(item, meter, web_safe=web_safe) for item in value]) + "]", meter)
    text = to_text(value, meter)
    if isinstance(value, float) and text in ("Infinity", "-Infinity", "NaN"):
        return "null" if text != "NaN" else text
    if isinstance(value, (bool, int, float, BigDecimal)):
        return text
    return _metered(_quoted(text, web_safe), meter)


def _metered(text: str, meter: Meter) -> str:
    meter.text(len(text))
    return text


def _quoted(text: str, web_safe: bool) -> str:
    pattern = _ESCAPED_WEB if web_safe else _ESCAPED
    return '"' + pattern.sub(_escape_character, text) + '"'


def _escape_character(match: re.Match[str]) -> str:
    character = match.group()
    if character == "/":
        return "\\/"
    return _ESCAPES.get(character) or f"\\u{ord(character):04X}"


def _print_array(value: JsonArray, meter: Meter) -> str:
    return write_json(value, meter, web_safe=True)


def _append(meter: Meter, items: JsonArray, value: object) -> JsonArray:
    LIST_METHODS["add(Object)"](meter, items, value)
    return items


set_printer(JsonArray, _print_array)
define_object(
    JsonArray,
    "net.minidev.json.JSONArray",
    {
        **LIST_METHODS,
        "toJSONString()": lambda meter, items: _print_array(items, meter),
        "appendElement(Object)": _append,
    },
    ("ArrayList", "List", "Collection", "Iterable"),
)
