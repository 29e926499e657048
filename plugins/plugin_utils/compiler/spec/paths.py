# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Parses `METHOD /path`, and checks the rules of API Gateway for resources."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from .entry import Entry
from .errors import suggestion

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "ANY")

# "Resource's path part only allow a-zA-Z0-9._-: or a valid greedy path variable and curly braces at the beginning and
# the end": CreateResource's BadRequestException. It also accepts $ (aws/aws-cdk 27083, in an integration test of 27619)
# and a comma (aws-amplify/amplify-category-api 2719, tried in the console).
_LITERAL = re.compile(r"[A-Za-z0-9._:$,-]+")
_VARIABLE = re.compile(r"\{([A-Za-z0-9._-]+)(\+?)\}")


@dataclass(frozen=True)
class Path:
    """A path: its `text` with a leading slash, its `segments`, and the names of its `parameters`, in order."""

    text: str
    segments: tuple[str, ...]
    parameters: tuple[str, ...]

    @property
    def resources(self) -> tuple[str, ...]:
        """Return the paths of the API Gateway resources that it needs below the root, ending with itself."""
        return tuple("/" + "/".join(self.segments[: depth + 1]) for depth in range(len(self.segments)))


def parse_route(entry: Entry) -> tuple[str, Path] | None:
    """Return the method and the path in the option `route`; None after an error."""
    route = entry.required_text("route", '"GET /orders/{id}"')
    if route is None:
        return None
    parts = route.split()
    if len(parts) != 2:
        entry.add_error("a route has a method and a path", 'write it like "GET /orders/{id}"')
        return None
    method, text = parts
    path = _parse_path(entry, text)
    if method not in METHODS:
        entry.add_error(f"unknown method {method!r}", suggestion(method.upper(), METHODS))
        return None
    return None if path is None else (method, path)


def _parse_path(entry: Entry, text: str) -> Path | None:
    before = len(entry.collector.errors)
    if not text.startswith("/"):
        entry.add_error(f"the path {text!r} does not start with a slash", f"write /{text}")
        return None
    if text != "/" and (text.endswith("/") or "//" in text):
        entry.add_error(f"the path {text!r} has an empty segment", "remove double slashes and the slash at the end")
        return None
    segments = tuple(segment for segment in text.split("/") if segment)
    for at, segment in enumerate(segments):
        _check_segment(entry, segment, last=at == len(segments) - 1)
    parameters = tuple(match[1] for segment in segments if (match := _VARIABLE.fullmatch(segment)))
    for name in sorted({name for name in parameters if parameters.count(name) > 1}):
        entry.add_error(f"the path has two parameters named {name!r}", "give each its own name")
    return Path(text, segments, parameters) if len(entry.collector.errors) == before else None


def _check_segment(entry: Entry, segment: str, *, last: bool) -> None:
    variable = _VARIABLE.fullmatch(segment)
    if variable and variable[2] and not last:
        entry.add_error(
            f"{segment} is not the last part of the path", f"move it to the end, or write {{{variable[1]}}}"
        )
    elif not variable and "{" in segment:
        entry.add_error(
            f"{segment!r} is not a path parameter", "write a whole segment like {id}, or {proxy+} as the last one"
        )
    elif not variable and not _LITERAL.fullmatch(segment):
        entry.add_error(
            f"{segment!r} is not a valid path segment in API Gateway", "write letters, digits, or any of . _ - : $ ,"
        )


def check_siblings(paths: Iterable[tuple[Entry, Path]]) -> None:
    """Add an error for two path parameters at one place: API Gateway rejects `/a/{x}` together with `/a/{y}/b`."""
    variables: dict[tuple[str, ...], tuple[str, str]] = {}
    for entry, path in paths:
        for depth, segment in enumerate(path.segments):
            if not segment.startswith("{"):
                continue
            first, where = variables.setdefault(path.segments[:depth], (segment, entry.where))
            if first != segment:
                entry.add_error(
                    f"{segment} is at the place where {where} has {first}", f"use one name for one place: {first}"
                )
