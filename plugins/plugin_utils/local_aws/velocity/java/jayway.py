# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""JSONPath as the Java library Jayway JsonPath reads it.

Paths are cut into steps by Jayway's rules. The definite steps at the beginning are walked here, because that is where
a missing value matters: it has no value at all, while a search further on that finds nothing is an empty list. What
follows (wildcards, slices, filters, descent) is evaluated by python-jsonpath.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import jsonpath
from jsonpath import JSONPathMatch
from regex import error as RegexError  # noqa: N812 (a class with a small name)

from ..errors import JavaError
from ..limits import Meter
from . import regex
from .json_smart import JsonArray
from .values import LinkedMap

_INDEX = re.compile(r"\[\s*(-?[0-9]+)\s*\]")
_FROM_END = re.compile(r"\[\s*\(?\s*@\.(?:length|size)(?:\(\))?\s*(-\s*[0-9]+)\s*\)?\s*\]")
_NAMES = re.compile(r"\[\s*'[^']*'\s*(?:,\s*'[^']*'\s*)*\]")
_SLICE_OR_INDEXES = re.compile(r"\[[-0-9:, ]+\]")


@dataclass(frozen=True)
class _Names:
    """`['a']`, or `['a','b']` which picks several members into one object."""

    names: tuple[str, ...]


@dataclass(frozen=True)
class _Position:
    """`[2]`, or `[(@.length-1)]` which counts from the end."""

    index: int
    from_end: bool


@dataclass(frozen=True)
class JsonPath:
    """A path: definite steps, then a query of python-jsonpath for the rest, if there is one."""

    text: str
    steps: tuple[_Names | _Position, ...]
    query: jsonpath.JSONPath | None


class _Environment(jsonpath.JSONPathEnvironment):
    """python-jsonpath without functions, its regular expressions read as Java's and bounded in time."""

    def __init__(self) -> None:
        super().__init__()
        self.metered = threading.local()

    def setup_function_extensions(self) -> None:
        """Jayway's filters have no functions."""

    def compare(self, left: object, operator: str, right: object) -> bool:
        if operator != "=~":
            return super().compare(left, operator, right)
        if not isinstance(left, str):
            return False
        flags = "(?i)" if getattr(right, "flags", 0) & re.IGNORECASE else ""
        return regex.matches(self.metered.meter, flags + str(getattr(right, "pattern", "")), left)


def read(document: object, path: str, meter: Meter) -> object:
    """What stands at a path; None where nothing does. Raises JavaError for a path that cannot be."""
    compiled = compile_path(path)
    value = document
    for step in compiled.steps:
        value = _walk(value, step, compiled.text)
        if value is _MISSING:
            return None
    if compiled.query is None:
        return value
    return _search(value, compiled.query, meter)


_MISSING: Any = object()


def _walk(value: Any, step: _Names | _Position, path: str) -> Any:
    if isinstance(step, _Names):
        return _member(value, step.names)
    if value is None:
        return _MISSING
    if not isinstance(value, list):
        raise JavaError("InvalidPathException", f"{path}: an index stands at something that is no array")
    index = step.index + len(value) if step.from_end else step.index
    return value[index] if 0 <= index < len(value) else _MISSING


def _member(value: Any, names: tuple[str, ...]) -> Any:
    if not isinstance(value, LinkedMap):
        return _MISSING
    if len(names) == 1:
        return value.get(names[0], _MISSING)
    return LinkedMap((name, value[name]) for name in names if name in value)


def _search(value: object, query: jsonpath.JSONPath, meter: Meter) -> JsonArray:
    if not isinstance(value, (LinkedMap, list)):
        return JsonArray()
    matches: Iterable[JSONPathMatch] = [
        JSONPathMatch(filter_context={}, obj=value, parent=None, path="$", parts=(), root=value)
    ]
    _ENVIRONMENT.metered.meter = meter
    for segment in query.segments:
        matches = _counted(segment.resolve(matches), meter)
    return JsonArray(match.obj for match in matches)


def _counted(matches: Iterable[JSONPathMatch], meter: Meter) -> Iterator[JSONPathMatch]:
    for match in matches:
        meter.step()
        yield match


@lru_cache(maxsize=1_024)
def compile_path(path: str) -> JsonPath:
    """Read a path; raises JavaError (InvalidPathException, IllegalArgumentException)."""
    if not path:
        raise JavaError("IllegalArgumentException", "path can not be null or empty")
    fragments = list(_fragments(path))
    steps: list[_Names | _Position] = []
    for number, fragment in enumerate(fragments):
        step = _definite(fragment, last=number == len(fragments) - 1)
        if step is None:
            return JsonPath(path, tuple(steps), _query("$" + "".join(fragments[number:]), path))
        steps.append(step)
    return JsonPath(path, tuple(steps), None)


def _invalid(path: str, reason: str) -> JavaError:
    return JavaError("InvalidPathException", f"{path!r}: {reason}")


def _query(text: str, path: str) -> jsonpath.JSONPath:
    try:
        query = _ENVIRONMENT.compile(text)
    except (jsonpath.JSONPathError, re.error, RegexError) as error:
        raise _invalid(path, str(error)) from None
    if not isinstance(query, jsonpath.JSONPath):
        raise _invalid(path, "it is more than one path")
    return query


_ENVIRONMENT = _Environment()


def _definite(fragment: str, last: bool) -> _Names | _Position | None:
    match = _INDEX.fullmatch(fragment)
    if match:
        return _Position(int(match.group(1)), from_end=False)
    match = _FROM_END.fullmatch(fragment)
    if match:
        return _Position(int(match.group(1).replace(" ", "")), from_end=True)
    if _NAMES.fullmatch(fragment):
        names = tuple(re.findall(r"'([^']*)'", fragment))
        return _Names(names) if last or len(names) == 1 else None
    return None


def _fragments(path: str) -> Iterator[str]:
    """The steps of a path, a name without brackets put into them: `['a']`, `[0]`, `..`, `[*]`."""
    text = _rooted(path.strip())
    i = 1
    while i < len(text):
        if text[i] == " ":
            raise _invalid(path, "a blank stands between its steps")
        if text[i] == "[":
            end = _closing_bracket(text, i)
            yield _bracketed(text[i:end], path)
        elif text.startswith("..", i):
            end = i + 2
            yield ".."
        elif text[i] == ".":
            end = i + 1
        else:
            end = _name_end(text, i)
            name = text[i:end]
            yield "[*]" if name == "*" else f"['{name}']"
        i = end


def _rooted(text: str) -> str:
    if text.endswith(".."):
        raise _invalid(text, "it ends with a descent")
    if not text or text[0] not in "$@":
        text = "$." + text
    if len(text) > 1 and text[1] not in ".[":
        raise _invalid(text, "after $ stands neither . nor [")
    return text


def _name_end(text: str, start: int) -> int:
    match = re.compile(r"[^.\[ ]+").match(text, start)
    assert match is not None
    return match.end()


def _closing_bracket(text: str, start: int) -> int:
    depth = 0
    for i in range(start, len(text)):
        depth += (text[i] == "[") - (text[i] == "]")
        if depth == 0:
            return i + 1
    raise _invalid(text, "a bracket is not closed")


def _bracketed(fragment: str, path: str) -> str:
    """A bracketed step, refused where Jayway cannot read it."""
    inner = fragment[1:-1].strip()
    if inner == "*" or inner.startswith("?") or _NAMES.fullmatch(fragment) or _FROM_END.fullmatch(fragment):
        return fragment
    if _SLICE_OR_INDEXES.fullmatch(fragment) and re.search("[0-9]", inner):
        return fragment
    raise _invalid(path, f"{fragment} is no step")

