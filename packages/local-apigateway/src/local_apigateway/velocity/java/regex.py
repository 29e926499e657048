# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
r"""java.util.regex, implemented by the library `regex`, which can stop a match that takes too long.

A Java pattern is translated: Java's classes (`\d` and `\w` are ASCII), anchors and line ends, set operators, quotes
and case-insensitivity (ASCII) become explicit, and a pattern that Java rejects is rejected. Matching works on code
points, as in Java.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from functools import lru_cache

import regex

from ..errors import JavaError, LimitError
from ..limits import Meter
from .values import join_surrogates, to_utf16

MAX_PATTERN = 4_096
"""Maximum length of a pattern in characters."""

MAX_REPEATED = 20_000
"""Maximum number of atoms of a pattern, with counted repetitions multiplied out."""

_LINE_ENDS = r"\n\r\x85\u2028\u2029"
_DOLLAR = rf"(?:(?=\r\n\Z)|(?<!\r(?=\n))(?=[{_LINE_ENDS}]\Z)|\Z)"
_MULTILINE_DOLLAR = rf"(?:(?<!\r(?=\n))(?=[{_LINE_ENDS}])|\Z)"
_MULTILINE_CARET = rf"(?:\A|(?<=[{_LINE_ENDS}])(?<!\r(?=\n))(?!\Z))"
_WORD = "a-zA-Z_0-9"
_SPACE = r" \t\n\x0b\f\r"
_HORIZONTAL = r" \t\xa0\u1680\u180e\u2000-\u200a\u202f\u205f\u3000"
_VERTICAL = r"\n\x0b\f\r\x85\u2028\u2029"
_CLASSES = {"d": "0-9", "w": _WORD, "s": _SPACE, "h": _HORIZONTAL, "v": _VERTICAL}
_POSIX = {
    "Lower": "a-z",
    "Upper": "A-Z",
    "ASCII": r"\x00-\x7f",
    "Alpha": "a-zA-Z",
    "Digit": "0-9",
    "Alnum": "a-zA-Z0-9",
    "Punct": r"!-/:-@\[-`{-~",
    "Graph": "!-~",
    "Print": " -~",
    "Blank": r" \t",
    "Cntrl": r"\x00-\x1f\x7f",
    "XDigit": "0-9a-fA-F",
    "Space": _SPACE,
}
_JAVA_PROPERTIES = {
    "javaLowerCase": r"\p{Lowercase}",
    "javaUpperCase": r"\p{Uppercase}",
    "javaWhitespace": rf"{_SPACE}\x1c-\x1f\u1680\u2000-\u2006\u2008-\u200a\u2028\u2029\u205f\u3000",
    "javaMirrored": r"\p{Bidi_Mirrored}",
}
_CONTROLS = {"t": "\t", "n": "\n", "r": "\r", "f": "\f", "a": "\a", "e": "\x1b"}
_ANCHORS = {"b": r"\b", "B": r"\B", "A": r"\A", "G": r"\G", "z": r"\Z", "Z": _DOLLAR, "X": r"\X"}
_LINE_BREAK = rf"(?:\r\n|[{_VERTICAL}])"


def matches(meter: Meter, pattern: str, text: str) -> bool:
    """Return whether the whole text matches, like String.matches."""
    compiled = _compiled(pattern)
    return _timed(meter, compiled, "fullmatch", join_surrogates(text), 0) is not None


def split(meter: Meter, pattern: str, text: str, limit: int) -> list[str]:
    """Split like String.split."""
    subject = join_surrogates(text)
    pieces: list[str] = []
    start = 0
    for match in _find_all(meter, _compiled(pattern), subject):
        if limit > 0 and len(pieces) == limit - 1:
            break
        if match.end() == 0:
            continue
        pieces.append(subject[start : match.start()])
        start = match.end()
    if not pieces and start == 0:
        return [text]
    pieces.append(subject[start:])
    while limit == 0 and pieces and not pieces[-1]:
        pieces.pop()
    return [to_utf16(piece) for piece in pieces]


def replace(meter: Meter, pattern: str, text: str, replacement: str, count: int = 0) -> str:
    """Replace like String.replaceAll, or like replaceFirst if `count` is 1."""
    subject = join_surrogates(text)
    pieces: list[str] = []
    start = 0
    for number, match in enumerate(_find_all(meter, _compiled(pattern), subject), 1):
        inserted = _expand(replacement, match)
        meter.text(len(inserted) + match.start() - start)
        pieces += (subject[start : match.start()], inserted)
        start = match.end()
        if number == count:
            break
    pieces.append(subject[start:])
    return to_utf16("".join(pieces))


def _find_all(meter: Meter, pattern: regex.Pattern[str], text: str) -> Iterator[regex.Match[str]]:
    position = 0
    while position <= len(text):
        match = _timed(meter, pattern, "search", text, position)
        if match is None:
            return
        yield match
        meter.step()
        position = match.end() + (match.end() == match.start())


def _timed(meter: Meter, pattern: regex.Pattern[str], method: str, text: str, position: int) -> regex.Match[str] | None:
    """Run a match within the remaining processor time of this thread.

    The library's clock is that of the whole process. A match that it stopped while other threads used the time is
    repeated, with more time.
    """
    run = pattern.fullmatch if method == "fullmatch" else pattern.search
    started = time.thread_time()
    timeout = meter.regex_seconds_left
    try:
        while True:
            with contextlib.suppress(TimeoutError):
                return run(text, position, timeout=timeout)
            if time.thread_time() - started >= meter.regex_seconds_left:
                raise LimitError(f"a regular expression took longer than {meter.limits.regex_seconds:g} seconds")
            timeout *= 2
    finally:
        meter.regex_time(time.thread_time() - started)


def _expand(replacement: str, match: regex.Match[str]) -> str:
    r"""Expand a replacement like Matcher.appendReplacement: `$n`, `${name}`, and backslash for a literal character."""
    if "\\" not in replacement and "$" not in replacement:
        return replacement
    out: list[str] = []
    i = 0
    while i < len(replacement):
        character = replacement[i]
        if character == "\\":
            i += 1
            if i == len(replacement):
                raise JavaError("IllegalArgumentException", "character to be escaped is missing")
            out.append(replacement[i])
            i += 1
        elif character == "$":
            text, i = _group(replacement, i + 1, match)
            out.append(text)
        else:
            out.append(character)
            i += 1
    return "".join(out)


def _group(replacement: str, i: int, match: regex.Match[str]) -> tuple[str, int]:
    """Return the text of the group whose number or name is at `i`, and the index after it."""
    if i == len(replacement):
        raise JavaError("IllegalArgumentException", "Illegal group reference: group index is missing")
    if replacement[i] == "{":
        return _named_group(replacement, i + 1, match)
    if not replacement[i].isdigit():
        raise JavaError("IllegalArgumentException", "Illegal group reference")
    number, count = int(replacement[i]), match.re.groups
    i += 1
    if number > count:
        raise JavaError("IndexOutOfBoundsException", f"No group {number}")
    while i < len(replacement) and replacement[i].isdigit() and number * 10 + int(replacement[i]) <= count:
        number = number * 10 + int(replacement[i])
        i += 1
    return match.group(number) or "", i


def _named_group(replacement: str, i: int, match: regex.Match[str]) -> tuple[str, int]:
    end = replacement.find("}", i)
    name = replacement[i:end]
    if end < 0 or not name.isalnum():
        raise JavaError("IllegalArgumentException", "named capturing group is missing trailing '}'")
    if name not in match.re.groupindex:
        raise JavaError("IllegalArgumentException", f"No group with name {{{name}}}")
    return match.group(name) or "", end + 1


@lru_cache(maxsize=512)
def _compiled(pattern: str) -> regex.Pattern[str]:
    if len(pattern) > MAX_PATTERN:
        raise LimitError(f"a regular expression is longer than {MAX_PATTERN} characters")
    translated = _Translation(join_surrogates(pattern)).run()
    try:
        return regex.compile(translated, regex.VERSION1)
    except (regex.error, OverflowError) as error:
        raise _syntax_error(str(error), pattern) from None


def _syntax_error(message: str, pattern: str) -> JavaError:
    return JavaError("PatternSyntaxException", f"{message} in {pattern!r}")


class _Translation:
    """The translation of one Java pattern to a pattern of `regex`."""

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self._i = 0
        self._out: list[str] = []
        self._flags: frozenset[str] = frozenset()
        self._outer_flags: list[frozenset[str]] = []
        self._groups = 0
        self._repeatable = False
        # Numbers of atoms, with counts multiplied out: of each open group, and of the last atom.
        self._sizes = [0]
        self._atom_size = 0

    def run(self) -> str:
        while self._i < len(self._pattern):
            self._one()
        if self._outer_flags:
            raise self._error("Unclosed group")
        return "".join(self._out)

    def _error(self, message: str) -> JavaError:
        return _syntax_error(f"{message} near index {self._i}", self._pattern)

    def _next(self) -> str:
        """Read the next character. Raises JavaError at the end."""
        if self._i >= len(self._pattern):
            raise self._error("Unexpected end of pattern")
        self._i += 1
        return self._pattern[self._i - 1]

    def _peek(self) -> str:
        return self._pattern[self._i] if self._i < len(self._pattern) else ""

    def _emit(self, text: str, repeatable: bool = True) -> None:
        self._out.append(text)
        self._repeatable = repeatable
        self._atom_size = 1
        self._sizes[-1] += 1

    def _one(self) -> None:
        character = self._next()
        if character in "*+?{":
            self._quantifier(character)
        elif character in _SPECIAL:
            _SPECIAL[character](self)
        elif "x" in self._flags and character in " \t\n\x0b\f\r":
            return
        elif "x" in self._flags and character == "#":
            while self._peek() and self._peek() not in "\n\r\x85\u2028\u2029":
                self._i += 1
        else:
            self._emit(self._literal(character))

    def _quantifier(self, character: str) -> None:
        if not self._repeatable and character != "{":
            raise self._error(f"Dangling meta character '{character}'")
        text = self._count() if character == "{" else character
        if self._peek() in ("?", "+"):
            text += self._next()
        # A count at the beginning repeats nothing.
        self._emit(text if self._repeatable else "", repeatable=False)

    def _count(self) -> str:
        end = self._pattern.find("}", self._i)
        low, comma, high = self._pattern[self._i : end].partition(",")
        if end < 0 or not low.isdecimal() or (high and not high.isdecimal()):
            raise self._error("Illegal repetition")
        if high and int(high) < int(low):
            raise self._error("Illegal repetition range")
        self._i = end + 1
        self._multiply(int(high or low))
        return f"{{{int(low)}{comma}{int(high) if high else ''}}}"

    def _multiply(self, count: int) -> None:
        """Count the repetitions of the last atom in the pattern's size, which limits the time to compile it."""
        self._sizes[-1] += self._atom_size * max(count - 1, 0)
        if self._sizes[-1] > MAX_REPEATED:
            raise LimitError(f"the counts of a regular expression multiply to more than {MAX_REPEATED}")

    def _alternative(self) -> None:
        self._emit("|", repeatable=False)

    def _caret(self) -> None:
        self._emit(_MULTILINE_CARET if "m" in self._flags else r"\A")

    def _dollar(self) -> None:
        self._emit(_MULTILINE_DOLLAR if "m" in self._flags else _DOLLAR)

    def _dot(self) -> None:
        if "s" in self._flags:
            self._emit(r"[\x00-\U0010ffff]")
        else:
            self._emit(r"[^\n]" if "d" in self._flags else f"[^{_LINE_ENDS}]")

    def _literal(self, character: str) -> str:
        if "i" in self._flags and character.isascii() and character.isalpha():
            return f"[{character.lower()}{character.upper()}]"
        return str(regex.escape(character, special_only=False))

    # groups

    def _open(self) -> None:
        if self._peek() != "?":
            self._groups += 1
            self._enter("(")
            return
        self._i += 1
        character = self._next()
        if character in ":=!>":
            self._enter(f"(?{character}")
        elif character == "<":
            self._named_or_behind()
        else:
            self._i -= 1
            self._inline_flags()

    def _named_or_behind(self) -> None:
        if self._peek() in ("=", "!"):
            self._enter(f"(?<{self._next()}")
            return
        end = self._pattern.find(">", self._i)
        name = self._pattern[self._i : end]
        if end < 0 or not (name.isascii() and name.isalnum() and name[0].isalpha()):
            raise self._error("Unknown look-behind group or illegal group name")
        self._i = end + 1
        self._groups += 1
        self._enter(f"(?P<{name}>")

    def _enter(self, opening: str, flags: frozenset[str] | None = None) -> None:
        self._outer_flags.append(self._flags)
        self._flags = self._flags if flags is None else flags
        self._sizes.append(0)
        self._emit(opening, repeatable=False)

    def _close(self) -> None:
        if not self._outer_flags:
            raise self._error("Unmatched closing ')'")
        self._flags = self._outer_flags.pop()
        size = self._sizes.pop()
        self._emit(")")
        self._sizes[-1] += size
        self._atom_size = size

    def _inline_flags(self) -> None:
        on, flags = True, set(self._flags)
        while (character := self._next()) not in ":)":
            if character == "-":
                on = False
            elif character in "idmsuxU":
                (flags.add if on else flags.discard)(character)
            else:
                raise self._error("Unknown inline modifier")
        if character == ":":
            self._enter("(?:", frozenset(flags))
        else:
            self._flags = frozenset(flags)
            self._repeatable = False

    # escapes

    def _escape(self) -> None:
        character = self._next()
        if character == "Q":
            for quoted in self._quoted():
                self._emit(self._literal(quoted))
        elif character == "R":
            self._emit(_LINE_BREAK)
        elif character in _ANCHORS:
            self._emit(_ANCHORS[character])
        elif character == "k":
            self._named_reference()
        elif character in "123456789":
            self._numbered_reference(character)
        else:
            members = self._class_escape(character)
            self._emit(f"[{members}]" if members else self._literal(self._character_escape(character)))

    def _quoted(self) -> str:
        end = self._pattern.find("\\E", self._i)
        text = self._pattern[self._i :] if end < 0 else self._pattern[self._i : end]
        self._i = len(self._pattern) if end < 0 else end + 2
        return text

    def _named_reference(self) -> None:
        end = self._pattern.find(">", self._i)
        if self._peek() != "<" or end < 0:
            raise self._error("\\k is not followed by '<' for named capturing group")
        name = self._pattern[self._i + 1 : end]
        self._i = end + 1
        self._emit(f"(?P={name})")

    def _numbered_reference(self, digit: str) -> None:
        number = int(digit)
        while self._peek().isdecimal() and number * 10 + int(self._peek()) <= self._groups:
            number = number * 10 + int(self._next())
        # A group that does not exist yet matches nothing in Java, but is an error in the library.
        self._emit(rf"(?:\g<{number}>)" if number <= self._groups else "(?!)")

    def _class_escape(self, character: str) -> str:
        """Return the members of a predefined class, for use within brackets; "" for other escapes."""
        if character.lower() in _CLASSES:
            members = _CLASSES[character.lower()]
            return members if character.islower() else f"[^{members}]"
        if character not in "pP":
            return ""
        members = self._property()
        return members if character == "p" else f"[^{members}]"

    def _property(self) -> str:
        name = self._next()
        if name == "{":
            end = self._pattern.find("}", self._i)
            if end < 0:
                raise self._error("Unclosed character family")
            name = self._pattern[self._i : end]
            self._i = end + 1
        if name in _POSIX:
            return _POSIX[name]
        if name in _JAVA_PROPERTIES:
            return _JAVA_PROPERTIES[name]
        try:
            regex.compile(rf"\p{{{name}}}", regex.VERSION1)
        except regex.error:
            raise self._error(f"Unknown character property name {{{name}}}") from None
        return rf"\p{{{name}}}"

    def _character_escape(self, character: str) -> str:
        """Return the character of an escape."""
        if character in _CONTROLS:
            return _CONTROLS[character]
        if character == "0":
            return chr(self._octal())
        if character == "c":
            return chr(ord(self._next()) ^ 64)
        if character == "u":
            return chr(self._hexadecimal(4))
        if character == "x":
            return self._x_escape()
        if character.isascii() and character.isalpha():
            raise self._error("Illegal/unsupported escape sequence")
        return character

    def _octal(self) -> int:
        digits = ""
        while self._peek() and self._peek() in "01234567" and len(digits) < 3 and int(digits + self._peek(), 8) < 256:
            digits += self._next()
        if not digits:
            raise self._error("Illegal octal escape sequence")
        return int(digits, 8)

    def _hexadecimal(self, length: int) -> int:
        digits = self._pattern[self._i : self._i + length]
        self._i += length
        try:
            if len(digits) < length or not digits.isalnum():
                raise ValueError
            return int(digits, 16)
        except ValueError:
            raise self._error("Illegal hexadecimal escape sequence") from None

    def _x_escape(self) -> str:
        if self._peek() != "{":
            return chr(self._hexadecimal(2))
        end = self._pattern.find("}", self._i)
        code = self._pattern[self._i + 1 : max(end, 0)]
        self._i = end + 1
        try:
            return chr(int(code, 16))
        except (ValueError, OverflowError):
            raise self._error("Illegal hexadecimal escape sequence") from None

    # classes

    def _class(self) -> None:
        self._emit(self._set())

    def _set(self) -> str:
        """Read a bracketed class after its "[", and return it as a set of the library."""
        negated = self._peek() == "^"
        self._i += negated
        parts: list[list[str]] = [[]]
        while True:
            character = self._next()
            if character == "]" and any(parts):
                break
            if character == "[":
                parts[-1].append(self._set())
            elif character == "&" and self._peek() == "&":
                self._i += 1
                parts.append([])
            else:
                parts[-1].append(self._member(character))
        body = "&&".join(f"[{''.join(part)}]" for part in parts if part)
        return f"[^{body}]" if negated else f"[{body}]"

    def _member(self, character: str) -> str:
        """Read a character, a range or a predefined class within brackets."""
        if character == "\\":
            escaped = self._next()
            if escaped == "Q":
                return "".join(self._in_set(quoted) for quoted in self._quoted())
            members = self._class_escape(escaped)
            if members:
                return members
            character = self._character_escape(escaped)
        if self._peek() == "-" and self._pattern[self._i + 1 : self._i + 2] not in ("", "]", "["):
            self._i += 1
            return self._range(character)
        return self._in_set(character)

    def _range(self, low: str) -> str:
        high = self._next()
        if high == "\\":
            high = self._character_escape(self._next())
        if high < low:
            raise self._error("Illegal character range")
        text = f"{_hex(low)}-{_hex(high)}"
        if "i" in self._flags:
            text += "".join(
                self._in_set(chr(code)) for code in range(ord(low), min(ord(high), 0x7F) + 1) if chr(code).isalpha()
            )
        return text

    def _in_set(self, character: str) -> str:
        if "i" in self._flags and character.isascii() and character.isalpha():
            return character.lower() + character.upper()
        return _hex(character)


def _hex(character: str) -> str:
    return f"\\U{ord(character):08x}"


_SPECIAL = {
    "\\": _Translation._escape,
    "[": _Translation._class,
    "(": _Translation._open,
    ")": _Translation._close,
    "|": _Translation._alternative,
    "^": _Translation._caret,
    "$": _Translation._dollar,
    ".": _Translation._dot,
}
