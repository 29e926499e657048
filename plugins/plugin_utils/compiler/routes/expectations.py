# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Parses the option `expect` of a route: requests with the expected responses."""

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
    """Return the valid expectations of a route, in the form of `_expectation`.

    `parameters` are those that the route reads; None if they are unknown, because the request template is custom.
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
    if "body" in entry.options and sent in BODILESS:
        entry.add_error(f"a {sent} has no body", "leave body out")
    if parameters is not None:
        known = [one.name for one in parameters if one.place == "query"]
        _reject_unknown(entry, "query parameter", query, known)
        _check_required(entry, query, headers, status, parameters)
    if len(entry.collector.errors) > before:
        return None
    return _expectation(entry, f"{method} {path.text}", sent, _fill_path(path, values), query, headers, path.text)


def _expectation(
    entry: Entry, route: str, method: str, path: str, query: Mapping[str, str], headers: Mapping[str, str], text: str
) -> Json:
    """Return a request and its expected response. `path` is percent-encoded, `resource` is the path of the route."""
    status = int(entry.options["status"])
    target = path + (f"?{urlencode(query)}" if query else "")
    return {
        "route": route,
        "name": entry.text("name") or f"{method} {target} answers {status}",
        "method": method,
        "path": path,
        "query": dict(query),
        "headers": dict(headers),
        "status": status,
        "resource": text,
        **{option: entry.options[option] for option in ("body", "answer") if option in entry.options},
    }


def _parse_method(entry: Entry, method: str) -> str:
    """Return the method to send: that of the route, or the option `method` if the route has ANY."""
    if method != "ANY":
        return method
    known = [one for one in METHODS if one != "ANY"]
    sent = entry.required_text("method", "GET")
    if sent is not None and sent not in known:
        entry.add_error(f"unknown method {sent!r}", suggestion(sent, known))
    return sent or method


def _parse_path(entry: Entry, path: Path) -> dict[str, str]:
    """Return the path parameters, all of which are required."""
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


def _read_texts(entry: Entry, option: str, example: str) -> dict[str, str]:
    """Return the values of a mapping as text, with numbers, true and false in their JSON form."""
    texts = {}
    for name, value in entry.mapping(option, example).items():
        if isinstance(value, (dict, list)) or value is None:
            entry.add_error(f"{option} has no value for {name!r}", f"write {option}: {{{name}: text or a number}}")
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


def _reject_unknown(entry: Entry, label: str, names: Iterable[str], known: Sequence[str]) -> None:
    for name in names:
        if name not in known:
            entry.add_error(f"the route has no {label} {name!r}", suggestion(name, dict.fromkeys(known)))


def _check_required(
    entry: Entry,
    query: Iterable[str],
    headers: Iterable[str],
    status: int | None,
    parameters: Sequence[Parameter],
) -> None:
    """Add an error for each required parameter that a successful request lacks."""
    given = {("query", name) for name in query} | {("header", name.lower()) for name in headers}
    for one in parameters:
        name = one.name.lower() if one.place == "header" else one.name
        if one.required and status is not None and status < 400 and (one.place, name) not in given:
            option = {"header": "headers"}.get(one.place, one.place)
            entry.add_error(
                f"status is {status}, but the {one.place} parameter {one.name!r} is missing",
                f"write {option}: {{{one.name}: some text}}, or status: 400",
            )


def _fill_path(path: Path, values: Mapping[str, str]) -> str:
    """Return the path with its parameters, percent-encoded. The value of `{proxy+}` can have slashes."""
    return "/" + "/".join(_fill_segment(segment, values) for segment in path.segments)


def _fill_segment(segment: str, values: Mapping[str, str]) -> str:
    if not segment.startswith("{"):
        return segment
    name = segment.strip("{}+")
    return quote(values[name], safe="/" if segment.endswith("+}") else "")
