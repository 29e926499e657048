# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The word `expect` of a route: requests to it, each with the answer that it has to get."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlencode

from ansible_collections.codeless.apigateway.plugins.module_utils._expectations.expectation import (
    CONTROL_CHARACTER,
    HEADER_NAME,
)

from ..actions.model import Parameter
from ..spec.entry import Entry, describe
from ..spec.errors import suggestion
from ..spec.paths import METHODS, Path
from ..spec.sources import BODILESS

Json = dict[str, Any]

EXPECTATION_OPTIONS = ("name", "path", "query", "headers", "body", "status", "answer")
_WITHOUT_BODY = (204, 304)
_EXAMPLE = "expect: {path: {id: a}, status: 200}"


def parse_expectations(
    route: Entry, method: str, path: Path, parameters: Sequence[Parameter] | None
) -> tuple[Json, ...]:
    """The expectations of a route that have no mistake, as `_expectation` has them.

    `parameters` are those that the route reads; None where nobody knows, as its template is the user's.
    """
    found = (_parse(entry, method, path, parameters) for entry in _entries(route))
    return tuple(one for one in found if one)


def _entries(route: Entry) -> list[Entry]:
    raw = route.options.get("expect")
    if raw is None or isinstance(raw, list):
        return route.entries("expect", "status")
    if isinstance(raw, dict):
        return [Entry(raw, f"{route.where} expect", route.collector)]
    route.add_error(f"expect is {describe(raw)}", f"write {_EXAMPLE}, or a list of such mappings")
    return []


def _parse(entry: Entry, method: str, path: Path, parameters: Sequence[Parameter] | None) -> Json | None:
    before = len(entry.collector.errors)
    entry.reject_unknown((*EXPECTATION_OPTIONS, *(("method",) if method == "ANY" else ())))
    sent = _parse_method(entry, method)
    values = _parse_path(entry, path)
    query = _read_texts(entry, "query", "{status: open}")
    headers = _parse_headers(entry)
    status = _parse_status(entry)
    _check_body(entry, sent)
    if parameters is not None:
        _check_query(entry, query, parameters)
        _check_required(entry, query, headers, status, parameters)
    if len(entry.collector.errors) > before:
        return None
    return _expectation(entry, f"{method} {path.text}", sent, _filled(path, values), query, headers, path.text)


def _expectation(
    entry: Entry, route: str, method: str, path: str, query: Mapping[str, str], headers: Mapping[str, str], text: str
) -> Json:
    """A request and its answer, in JSON's types. `path` is percent-encoded, `resource` is the path of the route."""
    status = int(entry.options["status"])
    asked = path + (f"?{urlencode(query)}" if query else "")
    return {
        "route": route,
        "name": entry.text("name") or f"{method} {asked} answers {status}",
        "method": method,
        "path": path,
        "query": dict(query),
        "headers": dict(headers),
        "status": status,
        "resource": text,
        **{word: entry.options[word] for word in ("body", "answer") if word in entry.options},
    }


def _parse_method(entry: Entry, method: str) -> str:
    """The method that is sent: the route's, or of a route for ANY the one under `method`."""
    if method != "ANY":
        return method
    known = [one for one in METHODS if one != "ANY"]
    sent = entry.required_text("method", "GET")
    if sent is not None and sent not in known:
        entry.add_error(f"unknown method {sent!r}", suggestion(sent, known))
    return sent or method


def _parse_path(entry: Entry, path: Path) -> dict[str, str]:
    """The parameters of the path, all of which have to be given."""
    values = _read_texts(entry, "path", "{id: a}")
    written = entry.options.get("path") or {}
    for name in path.parameters if isinstance(written, dict) else ():
        if name not in written:
            entry.add_error(
                f"path has no {name!r}, which is a parameter of {path.text}", f"write path: {{{name}: some text}}"
            )
        elif values.get(name) == "":
            entry.add_error(f"path has an empty {name!r}", "write some text")
    _reject_unknown(entry, "path parameter", values, path.parameters)
    return values


def _parse_headers(entry: Entry) -> dict[str, str]:
    headers = _read_texts(entry, "headers", "{Accept: application/json}")
    for name, value in headers.items():
        if not HEADER_NAME.fullmatch(name) or CONTROL_CHARACTER.search(value):
            entry.add_error(f"the header {name!r} cannot be sent", "write a valid header name, and a value of one line")
    return headers


def _read_texts(entry: Entry, word: str, example: str) -> dict[str, str]:
    """The values of a mapping as texts: numbers, true and false are as JSON writes them."""
    texts = {}
    for name, value in entry.mapping(word, example).items():
        if isinstance(value, (dict, list)) or value is None:
            entry.add_error(f"{word} has no value for {name!r}", f"write {word}: {{{name}: text or a number}}")
        else:
            texts[name] = str(value).lower() if isinstance(value, bool) else str(value)
    return texts


def _parse_status(entry: Entry) -> int | None:
    raw = entry.options.get("status")
    if raw is None:
        entry.add_error("status is missing", "write status: 200")
        return None
    if isinstance(raw, bool) or not re.fullmatch("[1-5][0-9][0-9]", str(raw)):
        entry.add_error(f"status is {describe(raw)}", "write an HTTP status from 100 to 599")
        return None
    if int(raw) in _WITHOUT_BODY and "answer" in entry.options:
        entry.add_error(f"a response {raw} has no body for answer", "leave answer out")
    return int(raw)


def _check_body(entry: Entry, method: str) -> None:
    if "body" in entry.options and method in BODILESS:
        entry.add_error(f"a {method} has no body", "leave body out")


def _check_query(entry: Entry, query: Iterable[str], parameters: Sequence[Parameter]) -> None:
    _reject_unknown(entry, "query parameter", query, [one.name for one in parameters if one.place == "query"])


def _reject_unknown(entry: Entry, what: str, names: Iterable[str], known: Sequence[str]) -> None:
    for name in names:
        if name not in known:
            entry.add_error(f"the route has no {what} {name!r}", suggestion(name, dict.fromkeys(known)))


def _check_required(
    entry: Entry,
    query: Iterable[str],
    headers: Iterable[str],
    status: int | None,
    parameters: Sequence[Parameter],
) -> None:
    """All can go well only with all that is required. Without it, an error may be what is expected."""
    given = {("query", name) for name in query} | {("header", name.lower()) for name in headers}
    for one in parameters:
        name = one.name.lower() if one.place == "header" else one.name
        if one.required and status is not None and status < 400 and (one.place, name) not in given:
            word = {"header": "headers"}.get(one.place, one.place)
            entry.add_error(
                f"status is {status}, but the {one.place} parameter {one.name!r} is missing",
                f"write {word}: {{{one.name}: some text}}, or status: 400",
            )


def _filled(path: Path, values: Mapping[str, str]) -> str:
    """The path with its parameters, percent-encoded. `{proxy+}` may have slashes."""
    return "/" + "/".join(_segment(segment, values) for segment in path.segments)


def _segment(segment: str, values: Mapping[str, str]) -> str:
    if not segment.startswith("{"):
        return segment
    name = segment.strip("{}+")
    return quote(values[name], safe="/" if segment.endswith("+}") else "")
