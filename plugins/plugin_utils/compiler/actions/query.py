# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Query: the items of one hash key, of the table or of an index, page by page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..mistakes import suggestion
from ..tables import KeyAttribute
from ..values import up_to
from .keys import body_of, has_source, parameters_of, refuse_unknown_keys, required_key, sourced_key
from .plan import Action, KeyValue, Parameter, Plan, Subject

DEFAULT_LIMIT = 100
MAXIMUM_LIMIT = 1000


@dataclass(frozen=True)
class Limit:
    """How many items a page has at most: always `default`, or up to `maximum` as the caller asks (`?limit=`)."""

    default: int
    maximum: int | None

    @property
    def pattern(self) -> str:
        """A regular expression of what a caller may ask for."""
        return up_to(self.maximum or self.default)


@dataclass(frozen=True)
class StartKeyPart:
    """One attribute of ExclusiveStartKey. Its value is the VTL `variable` of a key, or a segment of the token.

    `segment` is the place of the attribute in the token, from 0; None where the request itself fixes the value,
    which is then never taken from the client's token.
    """

    attribute: KeyAttribute
    variable: str
    segment: int | None


def plan(subject: Subject) -> Plan | None:
    """The plan of a Query; None where a mistake was noted."""
    limit = _read_limit(subject)
    keys = () if subject.own_request else _key_conditions(subject)
    if limit is None or keys is None:
        return None
    _refuse_reserved_parameters(subject, keys)
    start_key = _start_key(subject, keys)
    return Plan(
        variables={"keys": keys, "limit": limit, "start_key": start_key},
        parameters=parameters_of(keys) + (() if subject.own_request else _page_parameters(limit, start_key)),
        body=body_of(subject, keys),
        result="page",
        answers={},
    )


def _key_conditions(subject: Subject) -> tuple[KeyValue, ...] | None:
    """The hash key's value, and the range key's if it has a source; None where a mistake was noted."""
    refuse_unknown_keys(subject)
    keys = [required_key(subject, "hash_key", subject.hash_key)]
    if subject.range_key and has_source(subject, subject.range_key):
        keys.append(sourced_key(subject, "range_key", subject.range_key))
    found = tuple(key for key in keys if key)
    return found if len(found) == len(keys) else None


def _refuse_reserved_parameters(subject: Subject, keys: tuple[KeyValue, ...]) -> None:
    for key in keys:
        if key.source.kind == "query" and key.source.name in ("limit", "next"):
            subject.entry.mistake(
                f"key {key.attribute.name!r} comes from {key.source}, which a Query reads for its pages",
                f"give the parameter another name, as in query.{key.attribute.name}",
            )


def _start_key(subject: Subject, keys: tuple[KeyValue, ...]) -> tuple[StartKeyPart, ...]:
    """The attributes of LastEvaluatedKey: the keys of the index and of the table.

    Empty where there can be no second page: where the request fixes them all, or is the user's own.
    """
    fixed = {key.attribute.name: key.variable for key in keys}
    parts: list[StartKeyPart] = []
    segments = 0
    for attribute in _last_evaluated(subject) if keys else ():
        variable = fixed.get(attribute.name)
        parts.append(StartKeyPart(attribute, variable or f"start_{segments}", None if variable else segments))
        segments += variable is None
    return tuple(parts) if segments else ()


def _last_evaluated(subject: Subject) -> list[KeyAttribute]:
    table = subject.table
    attributes = [subject.hash_key, subject.range_key, table.hash_key, table.range_key]
    return list(dict.fromkeys(attribute for attribute in attributes if attribute))


def _page_parameters(limit: Limit, start_key: tuple[StartKeyPart, ...]) -> tuple[Parameter, ...]:
    parameters = []
    if limit.maximum:
        text = f"How many items the page has at most, 1 to {limit.maximum}. {limit.default} if left out."
        parameters.append(Parameter("query", "limit", text, required=False, type="integer"))
    if start_key:
        text = "The token `next` of the page before. The first page if left out."
        parameters.append(Parameter("query", "next", text, required=False))
    return tuple(parameters)


def _read_limit(subject: Subject) -> Limit | None:
    raw = subject.entry.words.get("limit")
    if not isinstance(raw, dict):
        return _fixed_limit(subject, raw) if raw is not None else Limit(DEFAULT_LIMIT, MAXIMUM_LIMIT)
    for word in raw:
        if word not in ("default", "maximum"):
            subject.entry.mistake(f"limit has the unknown word {word!r}", suggestion(word, ("default", "maximum")))
            return None
    maximum = _page_size(subject, "limit's maximum", raw.get("maximum", MAXIMUM_LIMIT))
    default = _page_size(subject, "limit's default", raw.get("default", min(DEFAULT_LIMIT, maximum or DEFAULT_LIMIT)))
    if maximum is None or default is None:
        return None
    if default > maximum:
        subject.entry.mistake(f"limit's default {default} is above its maximum {maximum}", "lower the default")
    return Limit(default, maximum)


def _fixed_limit(subject: Subject, raw: Any) -> Limit | None:
    size = _page_size(subject, "limit", raw)
    return None if size is None else Limit(size, None)


def _page_size(subject: Subject, what: str, raw: Any) -> int | None:
    text = str(raw)
    if isinstance(raw, (int, str)) and text.isascii() and text.isdigit() and 1 <= int(text) <= MAXIMUM_LIMIT:
        return int(text)
    subject.entry.mistake(
        f"{what} is {raw!r}", f"write a whole number from 1 to {MAXIMUM_LIMIT}, or {{default: 25, maximum: 100}}"
    )
    return None


QUERY = Action(name="Query", words=("index", "key", "limit"), uses_index=True, plan=plan)
