# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The resource and the method for a path: static segments before `{parameter}` before `{proxy+}`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import unquote

from ...model import Wire
from ..dialect import Dialect
from ..errors import GatewayError

ANY_METHODS = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"})
"""The methods that ANY stands for (AWS: proxy resources)."""


class Match(NamedTuple):
    """A resource and its path parameters, percent-encoded as sent."""

    resource: Wire
    path_parameters: dict[str, str]


@dataclass(slots=True)
class _Node:
    """One level of the tree of paths. `parameter` and `greedy` are a parameter's name and the node below it."""

    resource: Wire | None = None
    static: dict[str, _Node] = field(default_factory=dict)
    parameter: tuple[str, _Node] | None = None
    greedy: tuple[str, _Node] | None = None


class Router:
    """The resources of one API as a tree. A resource is found by path alone; its method is looked up afterwards."""

    def __init__(self, resources: Iterable[Wire]) -> None:
        self._root = _Node()
        for resource in resources:
            self._add(resource)

    def _add(self, resource: Wire) -> None:
        node = self._root
        for segment in _segments(resource["path"]):
            node = _child(node, segment)
        node.resource = resource

    def match(self, path: str) -> Match:
        """Return the resource for a path as sent. Raises `GatewayError` 403 if no resource has the path.

        Slashes at either end do not count (recorded: test_lambda_aws_proxy_integration).
        """
        found = _find(self._root, _segments(path), 0)
        if found is None:
            raise unknown_route(path)
        resource, names = found
        return Match(resource, dict(names))


def path_parameters(match: Match, dialect: Dialect) -> dict[str, str]:
    """Return the path parameters as methods and templates see them."""
    if not dialect.decoded_path_parameters:
        return match.path_parameters
    return {name: unquote(value) for name, value in match.path_parameters.items()}


def unknown_route(what: str) -> GatewayError:
    """Return the error for a path or a method that the API does not have (recorded: test_routing_not_found)."""
    return GatewayError(
        "MISSING_AUTHENTICATION_TOKEN", "Missing Authentication Token", f"No resource or method for {what}"
    )


def method_of(resource: Wire, http_method: str) -> Wire:
    """Return the method of a resource, or its ANY. Raises `GatewayError` 403 if it has neither."""
    methods = resource.get("resourceMethods") or {}
    method = methods.get(http_method) or (methods.get("ANY") if http_method in ANY_METHODS else None)
    if method is None:
        raise unknown_route(f"{http_method} {resource['path']}")
    return dict(method)


def _segments(path: str) -> list[str]:
    stripped = path.strip("/")
    return stripped.split("/") if stripped else []


def _child(node: _Node, segment: str) -> _Node:
    """Return the node for a segment of a resource's path; add it if it is missing."""
    if segment.startswith("{") and segment.endswith("+}"):
        node.greedy = node.greedy or (segment[1:-2], _Node())
        return node.greedy[1]
    if segment.startswith("{") and segment.endswith("}"):
        node.parameter = node.parameter or (segment[1:-1], _Node())
        return node.parameter[1]
    return node.static.setdefault(segment, _Node())


_Found = tuple[Wire, list[tuple[str, str]]]


def _find(node: _Node, segments: list[str], at: int) -> _Found | None:
    """Return the first resource below `node` for the segments from `at` on, and its path parameters."""
    if at == len(segments):
        return (node.resource, []) if node.resource is not None else None
    static = node.static.get(segments[at])
    found = _find(static, segments, at + 1) if static else None
    return found or _find_parameter(node, segments, at) or _find_greedy(node, segments, at)


def _find_parameter(node: _Node, segments: list[str], at: int) -> _Found | None:
    if node.parameter is None or not segments[at]:
        return None
    name, child = node.parameter
    found = _find(child, segments, at + 1)
    return (found[0], [(name, segments[at]), *found[1]]) if found else None


def _find_greedy(node: _Node, segments: list[str], at: int) -> _Found | None:
    if node.greedy is None:
        return None
    name, child = node.greedy
    return (child.resource, [(name, "/".join(segments[at:]))]) if child.resource else None
