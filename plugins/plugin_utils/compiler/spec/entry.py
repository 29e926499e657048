# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Read a mapping of the spec word by word: each value of the wrong kind, and each unknown option, is a mistake."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .errors import ErrorCollector, ValidationError, ValidationErrors, shorten, suggestion


def to_native(value: Any) -> Any:
    """The value in plain dict, list, str, int, float, bool and None.

    Ansible hands over subclasses of these (templated lazily, or tagged with their origin since ansible-core 2.19),
    which must reach neither the document nor a JSON encoder. What has no JSON form (a date, say) becomes its text.
    """
    if isinstance(value, Mapping):
        return {_native_key(key): to_native(member) for key, member in value.items()}
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, Sequence) and not isinstance(value, bytes):
        return [to_native(member) for member in value]
    return _native_scalar(value)


def _native_key(key: Any) -> str:
    return str.__str__(key) if isinstance(key, str) else str(key)


def _native_scalar(value: Any) -> Any:
    if value is None or isinstance(value, bool):
        return value
    for kind in (int, float):
        if isinstance(value, kind):
            return kind(value)
    return str(value)


def places_with_boolean_names(value: Any, where: str = "") -> Iterator[str]:
    """The places of mappings with a name that YAML 1.1 reads as true or false: `on`, `off`, `yes`, `no`."""
    if isinstance(value, Mapping):
        if any(isinstance(name, bool) for name in value):
            yield where or ROOT
        for name, member in value.items():
            yield from places_with_boolean_names(member, f"{where} {name}".strip())
    elif isinstance(value, Sequence) and not isinstance(value, (str, bytes)):
        for at, member in enumerate(value):
            yield from places_with_boolean_names(member, f"{where}[{at}]")


_LEVELS = 100
"""How deep a description may nest. DynamoDB takes 32 levels; Python's own bound is near 300 where Ansible calls us."""

_DIGITS = 300
_LARGEST = 10**_DIGITS
"""DynamoDB takes numbers of 38 digits; JSON's readers mostly end at 308."""


def unreadable_value_errors(description: Any) -> list[ValidationError]:
    """Return an error for each value that has no form in JSON or UTF-8: `.nan`, half a surrogate pair, endless nesting.

    Nothing else can be said of a description that has one.
    """
    try:
        return list(_unreadable_value_errors(description, "", 0))
    except ValidationErrors as error:
        return list(error.errors)


def _unreadable_value_errors(value: Any, where: str, level: int) -> Iterator[ValidationError]:
    """Yield the errors. Raise `ValidationErrors` at a value that is too deep, as an alias within its own anchor is."""
    if level > _LEVELS:
        write = "write fewer levels, and no YAML alias within its own anchor"
        raise ValidationErrors([ValidationError(shorten(where, 80), f"it has more than {_LEVELS} levels", write)])
    if isinstance(value, Mapping):
        for name, member in value.items():
            if not isinstance(name, (str, int, float)) and name is not None:
                yield ValidationError(where or ROOT, f"the key {name} is not text", "put it in quotes")
            yield from _unreadable_value_errors(name, where, level + 1)
            yield from _unreadable_value_errors(member, f"{where} {_shown(name)}".strip(), level + 1)
    elif isinstance(value, Sequence) and not isinstance(value, (str, bytes)):
        for at, member in enumerate(value):
            yield from _unreadable_value_errors(member, f"{where}[{at}]", level + 1)
    else:
        error = _scalar_error(value)
        if error:
            yield ValidationError(where or ROOT, *error)


def _scalar_error(value: Any) -> tuple[str, str] | None:
    if isinstance(value, str) and not value.isascii() and _shown(value) != value:
        what = f"{shorten(_shown(value), 80)!r} contains half of a surrogate pair, which UTF-8 cannot encode"
        return what, "write the whole character"
    if isinstance(value, float) and not math.isfinite(value):
        return f"{value} is not a number in JSON", "write a finite number, or put text in quotes"
    if isinstance(value, int) and abs(value) >= _LARGEST:
        return f"a number has more than {_DIGITS} digits", "write a smaller number, or put text in quotes"
    return None


def _shown(name: Any) -> str:
    """Return a name as an error can print it."""
    if isinstance(name, int) and abs(name) >= _LARGEST:
        return "…"
    return str(name).encode(errors="backslashreplace").decode()


ROOT = "spec"
"""The place of the whole spec. What stands in it is named without this word."""


@dataclass(frozen=True)
class Entry:
    """A mapping of the spec (`words`), the place where it stands, and the collector of its errors."""

    options: Mapping[str, Any]
    where: str
    collector: ErrorCollector

    def add_error(self, what: str, write: str) -> None:
        """Note a mistake at this place."""
        self.collector.add(self.where, what, write)

    def has(self, word: str) -> bool:
        """Whether the word was written, with a value."""
        return self.options.get(word) is not None

    def value(self, word: str, default: Any) -> Any:
        """Return the value under a word; the default where there is none."""
        value = self.options.get(word)
        return default if value is None else value

    def reject_unknown(self, known: Iterable[str], other_names: Mapping[str, str] | None = None) -> None:
        """Each word that is not among the known ones is a mistake. `other_names` are what some are called elsewhere."""
        known = list(known)
        for word in self.options:
            if word not in known:
                meant = (other_names or {}).get(word, "")
                self.add_error(
                    f"unknown option {word!r}", f"write {meant}" if meant in known else suggestion(word, known)
                )

    def text(self, word: str, example: str = "some text") -> str | None:
        """The text under a word; None where it is absent, or is no text (a mistake). `example` shows one."""
        value = self.options.get(word)
        if value is None or (isinstance(value, str) and value.strip()):
            return value
        self.add_error(f"{word} is {describe(value)}, not text", f"write {word}: {example}")
        return None

    def required_text(self, word: str, example: str) -> str | None:
        """As `text`, but its absence is a mistake; `example` shows what to write."""
        if not self.has(word):
            self.add_error(f"{word} is missing", f"write {word}: {example}")
        return self.text(word, example)

    def mapping(self, word: str, example: str) -> dict[str, Any]:
        """The mapping under a word; empty where it is absent, or is none (a mistake)."""
        value = self.options.get(word)
        if value is None or isinstance(value, dict):
            return value or {}
        self.add_error(f"{word} is {describe(value)}, not a mapping", f"write {word}: {example}")
        return {}

    def entries(self, word: str, label: str) -> list[Entry]:
        """The mappings in the list under a word. `label` is the member that names each of them in messages."""
        value = self.options.get(word)
        if value is None:
            return []
        if not isinstance(value, list):
            self.add_error(
                f"{word} is {describe(value)}, not a list", f"put a dash before each entry: - {{{label}: …}}"
            )
            return []
        return [entry for at, member in enumerate(value) if (entry := self._entry(f"{word}[{at}]", member, label))]

    def _entry(self, place: str, member: Any, label: str) -> Entry | None:
        where = place if self.where == ROOT else f"{self.where} {place}"
        error = entry_error(member, label)
        if error:
            self.collector.add(where, *error)
            return None
        return Entry(member, label_place(where, member.get(label)), self.collector)


def label_place(place: str, name: Any) -> str:
    """Return a place with the name of what stands there: `tables[0] "orders"`."""
    return f'{place} "{shorten(name, 80).replace(chr(34), chr(39))}"' if isinstance(name, str) else place


def entry_error(entry: Any, label: str) -> tuple[str, str] | None:
    """Return what is wrong with an entry that is no mapping, and what to write; `label` is a member that it needs."""
    if isinstance(entry, dict):
        return None
    if entry is None:
        return "the entry is empty", f"remove the dash, or write {{{label}: …}} after it"
    if isinstance(entry, list):
        return "the entry is a list, not a mapping", f"write one dash before the entry: - {{{label}: …}}"
    return f"{describe(entry)} is not a mapping", f"write {{{label}: …}}"


def describe(value: Any) -> str:
    """Return how messages name a value: its kind, or a scalar as it was written."""
    if value == "" or value is None:
        return "empty"
    if isinstance(value, (dict, list)):
        return "a mapping" if isinstance(value, dict) else "a list"
    return repr(value) if isinstance(value, str) else str(value).lower()
