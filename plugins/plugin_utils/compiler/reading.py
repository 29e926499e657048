# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Read a mapping of the spec word by word: each value of the wrong kind, and each unknown option, is a mistake."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .mistakes import Report, suggestion


def native(value: Any) -> Any:
    """The value in plain dict, list, str, int, float, bool and None.

    Ansible hands over subclasses of these (templated lazily, or tagged with their origin since ansible-core 2.19),
    which must reach neither the document nor a JSON encoder. What has no JSON form (a date, say) becomes its text.
    """
    if isinstance(value, Mapping):
        return {_native_key(key): native(member) for key, member in value.items()}
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, Sequence) and not isinstance(value, bytes):
        return [native(member) for member in value]
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


def names_in_yaml_11(value: Any, where: str = "") -> Iterator[str]:
    """The places of mappings with a name that YAML 1.1 reads as true or false: `on`, `off`, `yes`, `no`."""
    if isinstance(value, Mapping):
        if any(isinstance(name, bool) for name in value):
            yield where or ROOT
        for name, member in value.items():
            yield from names_in_yaml_11(member, f"{where} {name}".strip())
    elif isinstance(value, Sequence) and not isinstance(value, (str, bytes)):
        for at, member in enumerate(value):
            yield from names_in_yaml_11(member, f"{where}[{at}]")


ROOT = "spec"
"""The place of the whole spec. What stands in it is named without this word."""


@dataclass(frozen=True)
class Entry:
    """A mapping of the spec (`words`), the place where it stands, and the report that its mistakes go to."""

    words: Mapping[str, Any]
    where: str
    report: Report

    def mistake(self, what: str, write: str) -> None:
        """Note a mistake at this place."""
        self.report.add(self.where, what, write)

    def has(self, word: str) -> bool:
        """Whether the word was written, with a value."""
        return self.words.get(word) is not None

    def refuse_unknown(self, known: Iterable[str], other_names: Mapping[str, str] | None = None) -> None:
        """Each word that is not among the known ones is a mistake. `other_names` are what some are called elsewhere."""
        known = list(known)
        for word in self.words:
            if word not in known:
                meant = (other_names or {}).get(word, "")
                self.mistake(
                    f"unknown option {word!r}", f"write {meant}" if meant in known else suggestion(word, known)
                )

    def text(self, word: str, example: str = "some text") -> str | None:
        """The text under a word; None where it is absent, or is no text (a mistake). `example` shows one."""
        value = self.words.get(word)
        if value is None or (isinstance(value, str) and value.strip()):
            return value
        self.mistake(f"{word} is {described(value)}, not text", f"write {word}: {example}")
        return None

    def required_text(self, word: str, example: str) -> str | None:
        """As `text`, but its absence is a mistake; `example` shows what to write."""
        if not self.has(word):
            self.mistake(f"{word} is missing", f"write {word}: {example}")
        return self.text(word, example)

    def mapping(self, word: str, example: str) -> dict[str, Any]:
        """The mapping under a word; empty where it is absent, or is none (a mistake)."""
        value = self.words.get(word)
        if value is None or isinstance(value, dict):
            return value or {}
        self.mistake(f"{word} is {described(value)}, not a mapping", f"write {word}: {example}")
        return {}

    def entries(self, word: str, label: str) -> list[Entry]:
        """The mappings in the list under a word. `label` is the member that names each of them in messages."""
        value = self.words.get(word)
        if value is None:
            return []
        if not isinstance(value, list):
            self.mistake(f"{word} is {described(value)}, not a list", f"put a dash before each entry: - {{{label}: …}}")
            return []
        return [entry for at, member in enumerate(value) if (entry := self._entry(f"{word}[{at}]", member, label))]

    def _entry(self, place: str, member: Any, label: str) -> Entry | None:
        where = place if self.where == ROOT else f"{self.where} {place}"
        error = entry_error(member, label)
        if error:
            self.report.add(where, *error)
            return None
        name = member.get(label)
        return Entry(member, f'{where} "{name}"' if isinstance(name, str) else where, self.report)


def entry_error(entry: Any, label: str) -> tuple[str, str] | None:
    """Return what is wrong with an entry that is no mapping, and what to write; `label` is a member that it needs."""
    if isinstance(entry, dict):
        return None
    if entry is None:
        return "the entry is empty", f"remove the dash, or write {{{label}: …}} behind it"
    if isinstance(entry, list):
        return "the entry is a list, not a mapping", f"write one dash before the entry: - {{{label}: …}}"
    return f"{described(entry)} is not a mapping", f"write {{{label}: …}}"


def described(value: Any) -> str:
    """Return how messages name a value: its kind, or a scalar as it was written."""
    if value == "" or value is None:
        return "empty"
    if isinstance(value, (dict, list)):
        return "a mapping" if isinstance(value, dict) else "a list"
    return repr(value)
