# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""JSONPath as implemented by the Java library Jayway JsonPath (2.0.0).

It differs from RFC 9535: names need no quotes, whatever characters they have; a definite path without a match has no
value, while a search without a match is an empty list; an index counts only from the beginning; a filter on an object
tests that object; and a missing member ends the whole search. Steps are therefore parsed and evaluated here. The
conditions of filters are parsed and evaluated by python-jsonpath, with Jayway's comparisons.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any, cast

import jsonpath
from jsonpath import JSONPathMatch, NodeList
from jsonpath.filter import UNDEFINED
from regex import error as RegexError  # noqa: N812 (a class with a lower-case name)

from ..errors import JavaError, LimitError
from ..limits import Meter
from . import regex
from .json_smart import JsonArray
from .values import LinkedMap

MAX_PATH = 4_096
"""Maximum length of a path in characters."""

_QUOTED = re.compile(r"'([^']*)'")
_FROM_END = re.compile(r"@\.(size|length)(?:\(\))?[ ()]*(-[ 0-9]+)\)")
_NUMBERS = re.compile(r"[-0-9:, ]*")


class _NotFoundError(Exception):
    """Jayway's PathNotFoundException: the whole path has no value."""


class _Search:
    """One evaluation of a path: its document, and the values found so far."""

    def __init__(self, document: Any, path: str, meter: Meter) -> None:
        self.document = document
        self.path = path
        self.meter = meter
        self.found = JsonArray()

    def invalid(self, reason: str) -> JavaError:
        return JavaError("InvalidPathException", f"{self.path!r}: {reason}")


@dataclass(frozen=True)
class _Step:
    """One step of a path, followed by `next`. Subclasses define what it selects.

    A member that is missing before the end of the path ends the search if the path is `definite_around`: from the step
    before this one to the end. Otherwise it is skipped.
    """

    next: _Step | None
    definite_around: bool

    definite = False

    def evaluate(self, value: Any, search: _Search) -> None:
        """Select from a value, and evaluate the next step on each selected one."""
        raise NotImplementedError

    def scans(self, value: Any, search: _Search) -> bool:
        """Return whether a descent ("..") before this step applies it to a value."""
        raise NotImplementedError

    def forward(self, value: Any, search: _Search) -> None:
        search.meter.step()
        if self.next is None:
            search.found.append(value)
        else:
            self.next.evaluate(value, search)

    def forward_index(self, value: list[Any], index: int, search: _Search) -> None:
        if not 0 <= index < len(value):
            raise _NotFoundError
        self.forward(value[index], search)

    def forward_member(self, value: LinkedMap, name: str, search: _Search) -> None:
        if name in value:
            self.forward(value[name], search)
        elif self.next is None or self.definite_around:
            raise _NotFoundError


@dataclass(frozen=True)
class _Root(_Step):
    """`$`"""

    definite = True

    def evaluate(self, value: Any, search: _Search) -> None:
        self.forward(value, search)


@dataclass(frozen=True)
class _Names(_Step):
    """`['a']`, or `['a','b']` which picks members into one object."""

    names: tuple[str, ...]

    definite = True

    def evaluate(self, value: Any, search: _Search) -> None:
        if not isinstance(value, LinkedMap):
            raise _NotFoundError
        if len(self.names) == 1:
            self.forward_member(value, self.names[0], search)
        elif self.next is not None:
            raise search.invalid("several names are only allowed at its end")
        else:
            search.found.append(LinkedMap((name, value[name]) for name in self.names if name in value))

    def scans(self, value: Any, search: _Search) -> bool:
        del search
        return isinstance(value, LinkedMap) and all(name in value for name in self.names)


@dataclass(frozen=True)
class _Wildcard(_Step):
    """`[*]`"""

    def evaluate(self, value: Any, search: _Search) -> None:
        if isinstance(value, LinkedMap):
            for name in list(value):
                self.forward_member(value, name, search)
        elif isinstance(value, list):
            for item in value:
                try:
                    self.forward(item, search)
                except _NotFoundError:
                    continue

    def scans(self, value: Any, search: _Search) -> bool:
        del value, search
        return True


@dataclass(frozen=True)
class _Array(_Step):
    """A step that applies to arrays only."""

    def evaluate(self, value: Any, search: _Search) -> None:
        if value is None:
            raise _NotFoundError
        if not isinstance(value, list):
            raise search.invalid("an index applies to a value that is not an array")
        for index in self.indexes(len(value)):
            self.forward_index(value, index, search)

    def indexes(self, length: int) -> Iterator[int] | range | tuple[int, ...]:
        raise NotImplementedError

    def scans(self, value: Any, search: _Search) -> bool:
        del search
        return isinstance(value, list)


@dataclass(frozen=True)
class _Index(_Array):
    """`[2]`"""

    index: int

    definite = True

    def indexes(self, length: int) -> tuple[int, ...]:
        del length
        return (self.index,)


@dataclass(frozen=True)
class _FromEnd(_Array):
    """`[(@.length-1)]`"""

    offset: int

    definite = True

    def indexes(self, length: int) -> tuple[int, ...]:
        return (length + self.offset,)


@dataclass(frozen=True)
class _Indexes(_Array):
    """`[0,2]`"""

    numbers: tuple[int, ...]

    def indexes(self, length: int) -> tuple[int, ...]:
        del length
        return self.numbers


@dataclass(frozen=True)
class _Slice(_Array):
    """`[1:]`, `[:2]`, `[1:2]`; negative numbers count from the end in the first two only."""

    start: int | None
    end: int | None

    def indexes(self, length: int) -> range:
        if self.start is not None and self.end is not None:
            return range(self.start, min(length, self.end)) if length else range(0)
        if self.end is not None:
            return range(min(length, self.end + length if self.end < 0 else self.end))
        start = self.start or 0
        return range(max(0, start + length if start < 0 else start), length)


@dataclass(frozen=True)
class _Filter(_Step):
    """`[?(…)]`; `query` is the filter as a query of python-jsonpath."""

    query: jsonpath.JSONPath

    def evaluate(self, value: Any, search: _Search) -> None:
        if isinstance(value, LinkedMap):
            if self.accepts(value, search):
                self.forward(value, search)
        elif isinstance(value, list):
            for index, item in enumerate(list(value)):
                if self.accepts(item, search):
                    self.forward_index(value, index, search)
        else:
            raise search.invalid("a filter applies to a value that is neither an object nor an array")

    def accepts(self, value: Any, search: _Search) -> bool:
        search.meter.step()
        _FILTERS.metered.meter = search.meter
        match = JSONPathMatch(filter_context={}, obj=[value], parent=None, path="$", parts=(), root=search.document)
        return any(True for _unused in self.query.segments[0].resolve([match]))

    def scans(self, value: Any, search: _Search) -> bool:
        return self.accepts(value, search)


@dataclass(frozen=True)
class _Descent(_Step):
    """`..`"""

    def evaluate(self, value: Any, search: _Search) -> None:
        if self.next is None:
            raise search.invalid("it ends with a descent")
        self._walk(value, self.next, search)

    def _walk(self, value: Any, step: _Step, search: _Search) -> None:
        search.meter.step()
        if isinstance(value, LinkedMap):
            if step.scans(value, search):
                step.evaluate(value, search)
            for member in list(value.values()):
                self._walk(member, step, search)
        elif isinstance(value, list):
            if step.scans(value, search):
                self._select(value, step, search)
            for item in list(value):
                self._walk(item, step, search)

    def _select(self, value: list[Any], step: _Step, search: _Search) -> None:
        """Select below a value. In an array, the array itself is skipped if another step follows."""
        if step.next is None:
            step.evaluate(value, search)
            return
        for item in value:
            step.next.evaluate(item, search)

    def scans(self, value: Any, search: _Search) -> bool:
        del value, search
        return False


class _Filters(jsonpath.JSONPathEnvironment):
    """python-jsonpath without functions, with Jayway's comparisons and with regular expressions bounded in time."""

    def __init__(self) -> None:
        super().__init__(filter_caching=False)
        self.metered = threading.local()

    def setup_function_extensions(self) -> None:
        """Register no functions: Jayway's filters have none."""

    def is_truthy(self, obj: object) -> bool:
        """Return whether a member exists and is not null."""
        if isinstance(obj, NodeList):
            return len(obj) > 0 and obj[0].obj is not None
        return obj if isinstance(obj, bool) else obj is not UNDEFINED and obj is not None

    def compare(self, left: object, operator: str, right: object) -> bool:
        if operator in ("&&", "||"):
            return super().compare(left, operator, right)
        if any(isinstance(side, NodeList) or side is UNDEFINED for side in (left, right)):
            return False
        if operator == "=~":
            return isinstance(left, str) and self._matches(left, right)
        if operator not in _ORDERS or (operator not in ("==", "!=") and (left is None) != (right is None)):
            return False
        order = _order(left, right)
        return order is not None and _ORDERS[operator](order)

    def _matches(self, text: str, pattern: object) -> bool:
        flags = "(?i)" if getattr(pattern, "flags", 0) & re.IGNORECASE else ""
        return regex.matches(self.metered.meter, flags + str(getattr(pattern, "pattern", "")), text)


_FILTERS = _Filters()
_ORDERS = {
    "==": lambda order: order == 0,
    "!=": lambda order: order != 0,
    "<": lambda order: order < 0,
    "<=": lambda order: order <= 0,
    ">": lambda order: order > 0,
    ">=": lambda order: order >= 0,
}


def _order(value: Any, expected: Any) -> int | None:
    """Compare a value with a filter's operand, a literal also by its text; None if they are not comparable."""
    null, expects_null = value is None or value == "null", expected is None or expected == "null"
    if null or expects_null:
        return int(expects_null) - int(null)
    if isinstance(value, bool):
        left, right = value, expected if isinstance(expected, bool) else str(expected).lower() == "true"
        return int(left) - int(right)
    if isinstance(value, str):
        text = expected if isinstance(expected, str) else str(expected).lower()
        return (value > text) - (value < text)
    if isinstance(value, (LinkedMap, list)) or isinstance(expected, (bool, LinkedMap, list)):
        return None
    try:
        number, limit = Decimal(str(value)), Decimal(str(expected))
    except InvalidOperation:
        raise JavaError("NumberFormatException", f"{expected!r} cannot be compared to a number") from None
    return (number > limit) - (number < limit)


def read(document: object, path: str, meter: Meter) -> object:
    """Return the value at a path; None for no value. Raises JavaError for an invalid path."""
    root, definite = compile_path(path)
    search = _Search(document, path, meter)
    try:
        root.evaluate(document, search)
    except _NotFoundError:
        return None
    if not definite:
        return search.found
    return search.found[0] if search.found else None


@lru_cache(maxsize=1_024)
def compile_path(path: str) -> tuple[_Step, bool]:
    """Return a path's first step, and whether the path is definite. Raises JavaError (InvalidPathException, …)."""
    if not path:
        raise JavaError("IllegalArgumentException", "path can not be null or empty")
    if len(path) > MAX_PATH:
        raise LimitError(f"a JSONPath is longer than {MAX_PATH} characters")
    makers = [_maker(fragment, path) for fragment in _fragments(path)]
    definite = [True]
    for kind, _unused in reversed(makers):
        definite.insert(0, definite[0] and kind.definite)
    step: _Step | None = None
    for number, (kind, arguments) in reversed(list(enumerate(makers))):
        step = kind(step, definite[max(number - 1, 0)], *arguments)
    return _Root(step, True), definite[0]


_Maker = tuple[type[_Step], tuple[Any, ...]]


def _invalid(path: str, reason: str) -> JavaError:
    return JavaError("InvalidPathException", f"{path!r}: {reason}")


def _maker(fragment: str, path: str) -> _Maker:
    """Return the class of a fragment's step, and its arguments."""
    if fragment == "..":
        return _Descent, ()
    if fragment == "[*]":
        return _Wildcard, ()
    for character in fragment:
        if character == "?":
            return _Filter, (_filter(_filter_text(fragment, path), path),)
        if character == "'":
            return _Names, (tuple(_QUOTED.findall(fragment[: fragment.index("]")])),)
        if character.isdecimal() or character in ":-@":
            return _array(fragment, fragment.index(character), path)
    raise _invalid(path, f"{fragment} is not a valid step")


def _array(fragment: str, start: int, path: str) -> _Maker:
    try:
        return _array_numbers(fragment, start)
    except ValueError:
        raise _invalid(path, f"{fragment} is not a valid index") from None


def _array_numbers(fragment: str, start: int) -> _Maker:
    if fragment[start] == "@":
        match = _FROM_END.match(fragment, start)
        if match is None:
            raise ValueError
        return _FromEnd, (int(match.group(2).replace(" ", "")),)
    match = cast("re.Match[str]", _NUMBERS.match(fragment, start))
    text = match.group().replace(" ", "")
    if "," in text:
        return _Indexes, (tuple(int(number) for number in text.rstrip(",").split(",")),)
    if ":" not in text:
        return _Index, (int(text),)
    low, high = text.split(":")
    if not low and not high:
        raise ValueError
    return _Slice, (int(low) if low else None, int(high) if high else None)


def _filter(fragment: str, path: str) -> jsonpath.JSONPath:
    try:
        query = _FILTERS.compile("$" + fragment)
    except (jsonpath.JSONPathError, re.error, RegexError) as error:
        raise _invalid(path, str(error)) from None
    if not isinstance(query, jsonpath.JSONPath) or len(query.segments) != 1:
        raise _invalid(path, f"{fragment} is not a valid filter")
    return query


def _filter_text(fragment: str, path: str) -> str:
    """Return the innermost brackets around a fragment's "?". Jayway accepts further brackets before them."""
    start = fragment.rindex("[", 0, fragment.index("?"))
    depth, quoted, before = 0, False, ""
    for i in range(start, len(fragment)):
        character = fragment[i]
        if character == "'" and before != "\\":
            quoted = not quoted
        elif not quoted:
            depth += (character == "(") - (character == ")")
            if character == "]" and depth == 0:
                return fragment[start : i + 1]
        before = character
    raise _invalid(path, "its filter is not closed")


def _fragments(path: str) -> Iterator[str]:
    """Yield the steps of a path as `['a']`, `[0]`, `..`, `[*]`; names without brackets get them."""
    text = _rooted(path.strip())
    i = 1
    while i < len(text):
        if text[i] == " ":
            raise _invalid(path, "a blank stands between its steps")
        if text[i] == "[":
            end = _closing_bracket(text, i)
            yield text[i:end]
        elif text.startswith("..", i):
            end = i + 2
            yield ".."
        elif text[i] == "*":
            end = i + 1
            yield "[*]"
        else:
            start = i + (text[i] == ".")
            end = _name_end(text, start)
            if end > start:
                yield "[*]" if text[start:end] == "*" else f"['{text[start:end]}']"
        i = end


def _rooted(text: str) -> str:
    if not text or text.endswith("."):
        raise _invalid(text, "it is blank or ends with a dot")
    if text[0] not in "$@":
        text = "$." + text
    if len(text) > 1 and text[1] not in ".[":
        raise _invalid(text, "$ must be followed by . or [")
    return text


_NAME = re.compile(r"[^.\[ ]*")


def _name_end(text: str, start: int) -> int:
    match = cast("re.Match[str]", _NAME.match(text, start))
    return match.end()


def _closing_bracket(text: str, start: int) -> int:
    depth = 0
    for i in range(start, len(text)):
        depth += (text[i] == "[") - (text[i] == "]")
        if depth == 0:
            return i + 1
    return len(text)
