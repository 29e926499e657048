# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The header Location of a response 201: the URL of the route that reads the created item."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from ..actions.model import KeyValue
from ..spec.sources import Source
from .route import Route

_URL_SOURCES = ("path", "query")
"""Sources that a URL can contain."""

_OF_THE_CALLER = ("claims", "stage")
"""Sources with the same value in a GET of the same caller, without being part of the URL."""


@dataclass(frozen=True)
class Part:
    """A segment of the path, or a query parameter with its `name`.

    It is a constant `text`, or the key in `variable` without its first `cut` characters.
    """

    text: str = ""
    variable: str = ""
    cut: int = 0
    name: str = ""


@dataclass(frozen=True)
class Location:
    """The path after the stage, in `parts`, and the parameters of the `query`.

    `depth` is the number of segments in the path of the writing route.
    """

    depth: int
    parts: tuple[Part, ...]
    query: tuple[Part, ...]


def with_locations(routes: Sequence[Route]) -> list[Route]:
    """Return the routes. A route that creates items gets the location of the route that reads them, if there is one."""
    readers = [route for route in routes if route.action.name == "GetItem" and route.method in ("GET", "ANY")]
    return [_with_location(route, readers) for route in routes]


def _with_location(route: Route, readers: Iterable[Route]) -> Route:
    if route.action.name != "PutItem" or route.custom_request is not None or route.success != "201":
        return route
    if any(segment.endswith("+}") for segment in route.path.segments):
        return route
    found = [_location(route, reader) for reader in readers if reader.table == route.table]
    # A path alone is the canonical URL of an item, so it wins over a path with a query.
    location = min((location for location in found if location), key=lambda one: len(one.query), default=None)
    return replace(route, parts=replace(route.parts, variables={**route.parts.variables, "location": location}))


def _location(route: Route, reader: Route) -> Location | None:
    """Return the URL at which `reader` reads the items that `route` creates; None if it does not read them."""
    if reader.custom_request is not None:
        return None
    written: Sequence[KeyValue] = route.parts.variables["keys"]
    pairs = list(zip(written, reader.parts.variables["keys"], strict=True))
    if not all(_reads(read.source, key.source) for key, read in pairs):
        return None
    sent = [
        (read.source.kind, Part(variable=key.variable, cut=_length(read.source.prefix), name=read.source.name))
        for key, read in pairs
        if read.source.kind in _URL_SOURCES
    ]
    in_path = {part.name: part for kind, part in sent if kind == "path"}
    in_query = {part.name: part for kind, part in sent if kind == "query"}
    if set(reader.path.parameters) - in_path.keys() or any(one.endswith("+}") for one in reader.path.segments):
        return None
    if len(in_path) + len(in_query) < len(sent):  # one parameter for both keys, which differ in most new items
        return None
    parts = [in_path[one[1:-1]] if one.startswith("{") else Part(text=one) for one in reader.path.segments]
    return Location(len(route.path.segments), tuple(parts), tuple(in_query.values()))


def _reads(read: Source, written: Source) -> bool:
    """Return whether a route with the key source `read` can read a key from the source `written`."""
    constant = written.name if written.kind == "value" else written.prefix
    if read.kind in _URL_SOURCES:
        return constant.startswith(read.prefix) and (written.kind != "value" or constant != read.prefix)
    return read == written and read.kind in ("value", *_OF_THE_CALLER)


def _length(text: str) -> int:
    """Return the length in Java's characters, which are UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2
