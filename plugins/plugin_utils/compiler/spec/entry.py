# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Read the options of a mapping in the description. Values of the wrong kind and unknown options are errors."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .errors import ErrorCollector, ValidationError, ValidationErrors, shorten, suggestion


def to_native(value: Any) -> Any:
    """Return the value as plain dict, list, str, int, float, bool and None.

    Ansible passes subclasses of these (lazy templates, or values tagged with their origin since ansible-core 2.19),
    which must not reach the document or a JSON encoder. A value without a JSON form, such as a date, becomes text.
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
    """Yield the places of mappings with a key that YAML 1.1 reads as true or false: `on`, `off`, `yes`, `no`."""
    if isinstance(value, Mapping):
        if any(isinstance(name, bool) for name in value):
            yield where or ROOT
        for name, member in value.items():
            yield from places_with_boolean_names(member, f"{where} {name}".strip())
    elif isinstance(value, Sequence) and not isinstance(value, (str, bytes)):
        for at, member in enumerate(value):
            yield from places_with_boolean_names(member, f"{where}[{at}]")


_LEVELS = 100
"""The maximum nesting. DynamoDB accepts 32 levels; Python's recursion limit is near 300 levels below Ansible."""

_DIGITS = 300
_LARGEST = 10**_DIGITS
"""DynamoDB accepts 38 digits; most JSON parsers accept up to 308."""


def unreadable_value_errors(description: Any) -> list[ValidationError]:
    """Return an error for each value without a form in JSON or UTF-8: `.nan`, half a surrogate pair, endless nesting.

    A description with such a value cannot be validated further.
    """
    try:
        return list(_unreadable_value_errors(description, "", 0))
    except ValidationErrors as error:
        return list(error.errors)


def _unreadable_value_errors(value: Any, where: str, level: int) -> Iterator[ValidationError]:
    """Yield the errors. Raise `ValidationErrors` at a value that is too deep, as an alias within its own anchor is."""
    if level > _LEVELS:
        remedy = "write fewer levels, and no YAML alias within its own anchor"
        raise ValidationErrors([ValidationError(shorten(where, 80), f"it has more than {_LEVELS} levels", remedy)])
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
        problem = f"{shorten(_shown(value), 80)!r} contains half of a surrogate pair, which UTF-8 cannot encode"
        return problem, "write the whole character"
    if isinstance(value, float) and not math.isfinite(value):
        return f"{value} is not a number in JSON", "write a finite number, or put text in quotes"
    if isinstance(value, int) and abs(value) >= _LARGEST:
        return f"a number has more than {_DIGITS} digits", "write a smaller number, or put text in quotes"
    return None


def _shown(name: Any) -> str:
    """Return a key as errors can print it."""
    if isinstance(name, int) and abs(name) >= _LARGEST:
        return "…"
    return str(name).encode(errors="backslashreplace").decode()


ROOT = "spec"
"""The place of the whole description. Places inside it are named without this prefix."""


@dataclass(frozen=True)
class Entry:
    """A mapping of the description: its `options`, its place (`where`), and the `collector` of its errors."""

    options: Mapping[str, Any]
    where: str
    collector: ErrorCollector

    def add_error(self, problem: str, remedy: str) -> None:
        """Add a validation error at this place."""
        self.collector.add(self.where, problem, remedy)

    def has(self, option: str) -> bool:
        """Return whether the option has a value."""
        return self.options.get(option) is not None

    def value(self, option: str, default: Any) -> Any:
        """Return the value of an option, or the default."""
        value = self.options.get(option)
        return default if value is None else value

    def reject_unknown(self, known: Iterable[str], other_names: Mapping[str, str] | None = None) -> None:
        """Add an error for each unknown option. `other_names` maps names that other tools use to ours."""
        known = list(known)
        for option in self.options:
            if option not in known:
                meant = (other_names or {}).get(option, "")
                self.add_error(
                    f"unknown option {option!r}", f"write {meant}" if meant in known else suggestion(option, known)
                )

    def text(self, option: str, example: str = "some text") -> str | None:
        """Return the text of an option; None if it is not set, or after an error. `example` is part of the remedy."""
        value = self.options.get(option)
        if value is None or (isinstance(value, str) and value.strip()):
            return value
        self.add_error(f"{option} is {describe(value)}, not text", f"write {option}: {example}")
        return None

    def required_text(self, option: str, example: str) -> str | None:
        """Return the text of an option; None after an error. An option that is not set is an error."""
        if not self.has(option):
            self.add_error(f"{option} is missing", f"write {option}: {example}")
        return self.text(option, example)

    def mapping(self, option: str, example: str) -> dict[str, Any]:
        """Return the mapping of an option; empty if it is not set, or after an error."""
        value = self.options.get(option)
        if value is None or isinstance(value, dict):
            return value or {}
        self.add_error(f"{option} is {describe(value)}, not a mapping", f"write {option}: {example}")
        return {}

    def entries(self, option: str, label: str) -> list[Entry]:
        """Return the mappings in the list of an option. `label` is the member that names each of them in errors."""
        value = self.options.get(option)
        if value is None:
            return []
        if not isinstance(value, list):
            self.add_error(
                f"{option} is {describe(value)}, not a list", f"put a dash before each entry: - {{{label}: …}}"
            )
            return []
        return [entry for at, member in enumerate(value) if (entry := self._entry(f"{option}[{at}]", member, label))]

    def _entry(self, place: str, member: Any, label: str) -> Entry | None:
        where = place if self.where == ROOT else f"{self.where} {place}"
        error = entry_error(member, label)
        if error:
            self.collector.add(where, *error)
            return None
        return Entry(member, label_place(where, member.get(label)), self.collector)


def label_place(place: str, name: Any) -> str:
    """Return a place with the name of the entry: `tables[0] "orders"`."""
    return f'{place} "{shorten(name, 80).replace(chr(34), chr(39))}"' if isinstance(name, str) else place


def entry_error(entry: Any, label: str) -> tuple[str, str] | None:
    """Return the problem and the remedy for an entry that is not a mapping. `label` is a member that it needs."""
    if isinstance(entry, dict):
        return None
    if entry is None:
        return "the entry is empty", f"remove the dash, or write {{{label}: …}} after it"
    if isinstance(entry, list):
        return "the entry is a list, not a mapping", f"write one dash before the entry: - {{{label}: …}}"
    return f"{describe(entry)} is not a mapping", f"write {{{label}: …}}"


def describe(value: Any) -> str:
    """Return how errors name a value: its kind, or a scalar as it was written."""
    if value == "" or value is None:
        return "empty"
    if isinstance(value, (dict, list)):
        return "a mapping" if isinstance(value, dict) else "a list"
    return repr(value) if isinstance(value, str) else str(value).lower()
