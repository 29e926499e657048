# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""JSON Schema (draft 4) by the library jsonschema, within bounds on processor time, errors and text.

Some keywords have their own implementation here: those with patterns use the library `regex`, which can stop a match;
`uniqueItems` is not quadratic; and no error quotes the document, which may be large or contain secrets.
"""

from __future__ import annotations

import datetime
import json
import re
import threading
import time
from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

import jsonschema
import regex
from referencing import Registry

SECONDS = 2.0
"""Maximum processor time of one validation."""
ERRORS = 10
"""Maximum number of errors that are reported."""
ERROR_CHARACTERS = 200
"""Maximum length of one error's text."""
_CALLS_PER_READING = 32
"""The clock is read once per this many keywords."""

Keyword = Callable[[Any, Any, Any, Any], "Iterator[jsonschema.ValidationError] | None"]


class ValidationLimitError(Exception):
    """A validation that took too long, or too deep a document."""


class InvalidPatternError(Exception):
    """A pattern of a schema that is not a regular expression."""


class _Budget(threading.local):
    """The processor time that remains for the validation in this thread."""

    def __init__(self) -> None:
        self.limit = SECONDS
        self.ends = 0.0
        self.calls = 0

    def begin(self, seconds: float) -> None:
        self.limit, self.ends, self.calls = seconds, time.thread_time() + seconds, 0

    @property
    def left(self) -> float:
        left = self.ends - time.thread_time()
        if left <= 0:
            raise ValidationLimitError(f"the validation took more than {self.limit:g} s of processor time")
        return left

    def count(self) -> None:
        self.calls += 1
        if self.calls % _CALLS_PER_READING == 0:
            _unused = self.left


_BUDGET = _Budget()


@dataclass(frozen=True, slots=True)
class SchemaCheck:
    """A schema, ready to check documents."""

    validator: Any

    def problems(self, document: Any, seconds: float = SECONDS) -> list[str]:
        """Return the first errors of a document, without its values.

        Raises `ValidationLimitError` past the limit, and what the schema's references raise.
        """
        _BUDGET.begin(seconds)
        try:
            return [_text(error) for error in islice(self.validator.iter_errors(document), ERRORS)]
        except BaseException as error:
            if not _is_too_deep(error):
                raise
            raise ValidationLimitError("the document, or its schema, is nested too deeply") from None


def _is_too_deep(error: BaseException) -> bool:
    """Return whether an error says that Python's stack or memory ended.

    rpds, in which the registry of references is kept, panics where its comparison of two keys reaches the end of the
    stack. Its PanicException is no Exception and cannot be imported. Coverage's tracer makes this happen in each run.
    """
    return isinstance(error, (RecursionError, MemoryError)) or type(error).__name__ == "PanicException"


def schema_check(schema: Any, registry: Registry[Any]) -> SchemaCheck:
    """Return the check for a schema whose references are looked up in `registry`."""
    return SchemaCheck(_VALIDATOR(schema, registry=registry, format_checker=_FORMATS))


def _text(error: jsonschema.ValidationError) -> str:
    """Return the text of an error: the place, and the rule that the document violates there."""
    place = error.json_path
    if error.validator in ("required", "additionalProperties"):
        text = error.message if place == "$" else f"{place}: {error.message}"
    else:
        rule = error.validator_value
        shown = (
            "" if isinstance(rule, dict | list) and error.validator not in ("type", "enum") else f" {json.dumps(rule)}"
        )
        text = f"{place} does not meet {error.validator}{shown}"
    return text if len(text) <= ERROR_CHARACTERS else f"{text[:ERROR_CHARACTERS]}…"


def _metered(keyword: Keyword) -> Keyword:
    def check(validator: Any, value: Any, instance: Any, schema: Any) -> Iterator[jsonschema.ValidationError]:
        _BUDGET.count()
        yield from keyword(validator, value, instance, schema) or ()

    return check


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> regex.Pattern[str]:
    try:
        return regex.compile(pattern)
    except regex.error as error:
        raise InvalidPatternError(f"the pattern {pattern!r} of a model is not a regular expression: {error}") from None


def _found(pattern: str, text: str) -> bool:
    """Return whether a pattern matches somewhere in a text. The library's clock is that of the whole process."""
    compiled = _compiled(pattern)
    timeout = _BUDGET.left
    while True:
        try:
            return compiled.search(text, timeout=timeout, concurrent=True) is not None
        except TimeoutError:
            timeout = max(_BUDGET.left, 0.01)


def _pattern(validator: Any, pattern: str, instance: Any, _schema: Any) -> Iterator[jsonschema.ValidationError]:
    if validator.is_type(instance, "string") and not _found(pattern, instance):
        yield jsonschema.ValidationError("")


def _pattern_properties(
    validator: Any, patterns: Mapping[str, Any], instance: Any, _schema: Any
) -> Iterator[jsonschema.ValidationError]:
    if not validator.is_type(instance, "object"):
        return
    for pattern, subschema in patterns.items():
        for name, value in instance.items():
            _BUDGET.count()
            if _found(pattern, name):
                yield from validator.descend(value, subschema, path=name, schema_path=pattern)


def _additional_properties(
    validator: Any, allowed: Any, instance: Any, schema: Any
) -> Iterator[jsonschema.ValidationError]:
    if not validator.is_type(instance, "object"):
        return
    extras = _extra_names(instance, schema)
    if validator.is_type(allowed, "object"):
        for name in extras:
            yield from validator.descend(instance[name], allowed, path=name)
    elif not allowed:
        names = [name if len(name) < 40 else f"{name[:40]}…" for name in islice(extras, ERRORS)]
        if names:
            yield jsonschema.ValidationError(f"additional properties are not allowed: {', '.join(map(repr, names))}")


def _extra_names(instance: Mapping[str, Any], schema: Mapping[str, Any]) -> Iterator[str]:
    known, patterns = schema.get("properties", {}), schema.get("patternProperties", {})
    for name in instance:
        _BUDGET.count()
        if name not in known and not any(_found(pattern, name) for pattern in patterns):
            yield name


def _type(validator: Any, types: Any, instance: Any, _schema: Any) -> Iterator[jsonschema.ValidationError]:
    if not any(validator.is_type(instance, name) for name in ([types] if isinstance(types, str) else types)):
        yield jsonschema.ValidationError("")


def _enum(_validator: Any, values: list[Any], instance: Any, _schema: Any) -> Iterator[jsonschema.ValidationError]:
    if _canonical(instance) not in {_canonical(value) for value in values}:
        yield jsonschema.ValidationError("")


def _min_items(validator: Any, least: int, instance: Any, _schema: Any) -> Iterator[jsonschema.ValidationError]:
    if validator.is_type(instance, "array") and len(instance) < least:
        yield jsonschema.ValidationError("")


def _max_items(validator: Any, most: int, instance: Any, _schema: Any) -> Iterator[jsonschema.ValidationError]:
    if validator.is_type(instance, "array") and len(instance) > most:
        yield jsonschema.ValidationError("")


def _unique_items(validator: Any, wanted: bool, instance: Any, _schema: Any) -> Iterator[jsonschema.ValidationError]:
    if wanted and validator.is_type(instance, "array") and len({_canonical(item) for item in instance}) < len(instance):
        yield jsonschema.ValidationError("")


def _canonical(value: Any) -> Hashable:
    """Return a hashable value by which JSON Schema compares: 1 equals 1.0, and true does not equal 1."""
    _BUDGET.count()
    if isinstance(value, dict):
        return "object", frozenset((name, _canonical(member)) for name, member in value.items())
    if isinstance(value, list):
        return "array", tuple(_canonical(item) for item in value)
    return type(value).__name__ if isinstance(value, bool) else "", value


def _is_date_time(value: object) -> bool:
    """Return whether a text is a date-time of RFC 3339, which requires seconds and an offset, unlike ISO 8601."""
    if not isinstance(value, str):
        return True
    whole = _DATE_TIME.fullmatch(value)
    return whole is not None and bool(datetime.datetime.fromisoformat(f"{whole[1]}T{whole[2]}"))


def _is_hostname(value: object) -> bool:
    return not isinstance(value, str) or (len(value) <= 253 and _HOSTNAME.fullmatch(value) is not None)


def _is_uri(value: object) -> bool:
    return not isinstance(value, str) or (_URI.fullmatch(value) is not None and urlsplit(value).scheme != "")


_DATE_TIME = re.compile(r"(\d{4}-\d\d-\d\d)[Tt](\d\d:\d\d:\d\d)(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)", re.ASCII)
_LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_HOSTNAME = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]*")

_FORMATS = jsonschema.FormatChecker(formats=("email", "ipv4", "ipv6"))
"""The formats of draft 4 without `regex`, whose check is not bounded. Other formats are ignored, as on AWS.

jsonschema checks the three that are added below only if further libraries are installed.
"""
_FORMATS.checkers.update(
    {"date-time": (_is_date_time, ValueError), "hostname": (_is_hostname, ()), "uri": (_is_uri, ValueError)}
)

_OWN: Mapping[str, Keyword] = {
    "additionalProperties": _additional_properties,
    "enum": _enum,
    "maxItems": _max_items,
    "minItems": _min_items,
    "pattern": _pattern,
    "patternProperties": _pattern_properties,
    "type": _type,
    "uniqueItems": _unique_items,
}
_VALIDATOR = jsonschema.validators.extend(
    jsonschema.Draft4Validator,
    {name: _metered(_OWN.get(name, keyword)) for name, keyword in jsonschema.Draft4Validator.VALIDATORS.items()},
)
