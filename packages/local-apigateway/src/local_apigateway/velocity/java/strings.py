# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The methods of java.lang.String. A string is a sequence of UTF-16 code units."""

from __future__ import annotations

from typing import Any

from ..errors import JavaError
from ..limits import Meter
from . import regex
from .formatting import format_text
from .values import Char, JavaArray, join_surrogates, to_text, wrap

_NOT_STRIPPED = "\xa0\u2007\u202f\x85"


def _check_range(text: str, start: int, end: int) -> None:
    if start < 0 or end > len(text) or start > end:
        raise JavaError("StringIndexOutOfBoundsException", f"begin {start}, end {end}, length {len(text)}")


def _substring(meter: Meter, text: str, start: int, end: int | None = None) -> str:
    del meter
    end = len(text) if end is None else end
    _check_range(text, start, end)
    return text[start:end]


def _char_at(meter: Meter, text: str, index: int) -> Char:
    del meter
    if not 0 <= index < len(text):
        raise JavaError("StringIndexOutOfBoundsException", f"String index out of range: {index}")
    return Char(text[index])


def _code_point_at(meter: Meter, text: str, index: int) -> int:
    high = ord(_char_at(meter, text, index))
    low = ord(text[index + 1]) if index + 1 < len(text) else 0
    if 0xD800 <= high <= 0xDBFF and 0xDC00 <= low <= 0xDFFF:
        return 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00)
    return high


def _code_point(code: int) -> str:
    """Return the text of a code point in UTF-16; for an invalid one a text that occurs nowhere."""
    if not 0 <= code <= 0x10FFFF:
        return "\0\0\0not a character"
    return chr(code) if code < 0x10000 else chr(0xD800 + (code - 0x10000 >> 10)) + chr(0xDC00 + (code & 0x3FF))


def _index_of(meter: Meter, text: str, part: str, start: int = 0) -> int:
    del meter
    start = max(start, 0)
    if start > len(text):
        return -1 if part else len(text)
    return text.find(part, start)


def _last_index_of(meter: Meter, text: str, part: str, start: int | None = None) -> int:
    del meter
    if start is None:
        return text.rfind(part)
    return -1 if start < 0 else text.rfind(part, 0, start + len(part))


def _compare(meter: Meter, left: str, right: str) -> int:
    meter.text(min(len(left), len(right)))
    for mine, theirs in zip(left, right, strict=False):
        if mine != theirs:
            return ord(mine) - ord(theirs)
    return len(left) - len(right)


def _compare_ignoring_case(meter: Meter, left: str, right: str) -> int:
    """Compare like compareToIgnoreCase: by code points if both strings have characters beyond Latin 1."""
    meter.text(len(left) + len(right))
    wide = max(left, default="") > "\xff" and max(right, default="") > "\xff"
    pair = (join_surrogates(left), join_surrogates(right)) if wide else (left, right)
    for mine, theirs in zip(*pair, strict=False):
        difference = ord(_fold_character(mine)) - ord(_fold_character(theirs))
        if difference:
            return difference
    return len(left) - len(right)


def _fold(text: str) -> str:
    """Fold the case of each character as compareToIgnoreCase does."""
    return "".join(_fold_character(character) for character in text)


def _fold_character(character: str) -> str:
    if character == "\u0130":
        return "i"
    upper = character.upper()
    upper = upper if len(upper) == 1 else character
    lower = upper.lower()
    return lower if len(lower) == 1 else upper


def _replace(meter: Meter, text: str, old: str, new: str) -> str:
    count = text.count(old)
    meter.text(len(text) + count * max(len(new) - len(old), 0))
    return text.replace(old, new)


def _split(meter: Meter, text: str, pattern: str, limit: int = 0) -> JavaArray:
    return JavaArray(regex.split(meter, pattern, text, limit))


def _concat(meter: Meter, text: str, other: str) -> str:
    meter.text(len(text) + len(other))
    return text + other


def _repeat(meter: Meter, text: str, count: int) -> str:
    if count < 0:
        raise JavaError("IllegalArgumentException", f"count is negative: {count}")
    meter.text(len(text) * count)
    return text * count


def _join(meter: Meter, _unused: str, separator: str, parts: Any) -> str:
    texts = []
    for part in list(parts):
        if part is not None and not isinstance(part, str):
            raise JavaError("ClassCastException", "String.join accepts only strings")
        meter.step()
        texts.append(to_text(part, meter))
        meter.text(len(texts[-1]) + len(separator))
    return separator.join(texts)


def _trim(meter: Meter, text: str) -> str:
    del meter
    return text.strip("".join(map(chr, range(0x21))))


def _is_blank(character: str) -> bool:
    """Return whether a character is blank, like Character.isWhitespace."""
    return (character.isspace() and character not in _NOT_STRIPPED) or character in "\x1c\x1d\x1e\x1f"


def _strip(text: str, leading: bool, trailing: bool) -> str:
    start, end = 0, len(text)
    while leading and start < end and _is_blank(text[start]):
        start += 1
    while trailing and end > start and _is_blank(text[end - 1]):
        end -= 1
    return text[start:end]


def _region_matches(
    _meter: Meter, text: str, ignore_case: bool, start: int, other: str, offset: int, length: int
) -> bool:
    if min(start, offset) < 0 or start + length > len(text) or offset + length > len(other):
        return False
    mine, theirs = text[start : start + max(length, 0)], other[offset : offset + max(length, 0)]
    return _fold(mine) == _fold(theirs) if ignore_case else mine == theirs


def _starts_with(_meter: Meter, text: str, prefix: str, offset: int = 0) -> bool:
    return 0 <= offset <= len(text) and text.startswith(prefix, offset)


def _equals_ignore_case(_meter: Meter, text: str, other: str | None) -> bool:
    return other is not None and len(text) == len(other) and _fold(text) == _fold(other)


def _bytes(meter: Meter, text: str) -> JavaArray:
    data = text.encode("utf-16-be", "surrogatepass").decode("utf-16-be", "replace").encode("utf-8")
    meter.step(len(data))
    return JavaArray([wrap(byte, 8) for byte in data], "[B")


def _characters(meter: Meter, text: str) -> JavaArray:
    meter.step(len(text))
    return JavaArray([Char(character) for character in text], "[C")


def _value_of(meter: Meter, _unused: str, value: object) -> str:
    return to_text(value, meter)


def _format(meter: Meter, _unused: str, pattern: str, arguments: list[Any]) -> str:
    return format_text(meter, pattern, arguments)


STRING_METHODS: dict[str, Any] = {
    "length()": lambda _, s: len(s),
    "isEmpty()": lambda _, s: not s,
    "isBlank()": lambda _, s: all(map(_is_blank, s)),
    "charAt(int)": _char_at,
    "codePointAt(int)": _code_point_at,
    "codePointCount(int,int)": lambda m, s, start, end: len(join_surrogates(_substring(m, s, start, end))),
    "substring(int)": _substring,
    "substring(int,int)": _substring,
    "subSequence(int,int)": _substring,
    "indexOf(String)": _index_of,
    "indexOf(String,int)": _index_of,
    "indexOf(int)": lambda m, s, code: _index_of(m, s, _code_point(code)),
    "indexOf(int,int)": lambda m, s, code, start: _index_of(m, s, _code_point(code), start),
    "lastIndexOf(String)": _last_index_of,
    "lastIndexOf(String,int)": _last_index_of,
    "lastIndexOf(int)": lambda m, s, code: _last_index_of(m, s, _code_point(code)),
    "lastIndexOf(int,int)": lambda m, s, code, start: _last_index_of(m, s, _code_point(code), start),
    "contains(CharSequence)": lambda _, s, other: other in s,
    "contentEquals(CharSequence)": lambda _, s, other: s == other,
    "startsWith(String)": _starts_with,
    "startsWith(String,int)": _starts_with,
    "endsWith(String)": lambda _, s, suffix: s.endswith(suffix),
    "equalsIgnoreCase(String)": _equals_ignore_case,
    "compareTo(String)": _compare,
    "compareToIgnoreCase(String)": _compare_ignoring_case,
    "regionMatches(int,String,int,int)": lambda m, s, i, other, j, n: _region_matches(m, s, False, i, other, j, n),
    "regionMatches(boolean,int,String,int,int)": _region_matches,
    "concat(String)": _concat,
    "replace(char,char)": _replace,
    "replace(CharSequence,CharSequence)": _replace,
    "replaceAll(String,String)": lambda m, s, pattern, new: regex.replace(m, pattern, s, new),
    "replaceFirst(String,String)": lambda m, s, pattern, new: regex.replace(m, pattern, s, new, count=1),
    "matches(String)": lambda m, s, pattern: regex.matches(m, pattern, s),
    "split(String)": _split,
    "split(String,int)": _split,
    "toLowerCase()": lambda _, s: s.lower(),
    "toUpperCase()": lambda _, s: s.upper(),
    "trim()": _trim,
    "strip()": lambda _, s: _strip(s, True, True),
    "stripLeading()": lambda _, s: _strip(s, True, False),
    "stripTrailing()": lambda _, s: _strip(s, False, True),
    "repeat(int)": _repeat,
    "intern()": lambda _, s: s,
    "getBytes()": _bytes,
    "toCharArray()": _characters,
    "valueOf(Object)": _value_of,
    "valueOf(boolean)": _value_of,
    "valueOf(char)": _value_of,
    "valueOf(int)": _value_of,
    "valueOf(long)": _value_of,
    "valueOf(float)": _value_of,
    "valueOf(double)": _value_of,
    "join(CharSequence,Iterable)": _join,
    "join(CharSequence,CharSequence...)": _join,
    "format(String,Object...)": _format,
    "formatted(Object...)": format_text,
}
