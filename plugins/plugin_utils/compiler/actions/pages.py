# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Pages of items: the size of a page, and the token of the next page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ..spec.entry import describe
from ..spec.errors import suggestion
from ..spec.patterns import up_to
from ..spec.tables import KeyAttribute
from ..spec.unique_names import parameter_name
from .model import KeyValue, Parameter, ParsedRoute, RouteParts

DEFAULT_LIMIT = 100
MAXIMUM_LIMIT = 1000
NEXT = Parameter("query", "next", "The token `next` of the page before. The first page if left out.", required=False)

PAGE_PARAMETERS = ("limit", "next")
"""The query parameters that pages use."""


@dataclass(frozen=True)
class Limit:
    """The maximum number of items in a page: `default`, or what the caller sends as `?limit=`, up to `maximum`."""

    default: int
    maximum: int | None

    @property
    def pattern(self) -> str:
        """Return a regular expression of the numbers that a caller can send."""
        return up_to(self.maximum or self.default)

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """Return the query parameter `limit`, if the caller can choose."""
        if not self.maximum:
            return ()
        text = f"How many items the page has at most, 1 to {self.maximum}. {self.default} if left out."
        return (Parameter("query", "limit", text, required=False, type="integer", example=1),)


@dataclass(frozen=True)
class StartKeyPart:
    """An attribute of ExclusiveStartKey. `variable` is the VTL variable with its value.

    `segment` is the position of the attribute in the token, from 0. It is None if the request fixes the value, which
    is then never read from the caller's token.
    """

    attribute: KeyAttribute
    variable: str
    segment: int | None


def start_key(route: ParsedRoute, fixed: Mapping[str, str]) -> tuple[StartKeyPart, ...]:
    """Return the attributes of ExclusiveStartKey: the keys of the index and of the table.

    `fixed` maps attributes with a value fixed by the request to their VTL variables. If all are fixed, there cannot be
    a second page, and the result is empty.
    """
    table_keys = (route.table.hash_key, route.table.range_key)
    attributes = dict.fromkeys(one for one in (route.hash_key, route.range_key, *table_keys) if one)
    parts: list[StartKeyPart] = []
    segments = 0
    for attribute in attributes:
        variable = fixed.get(attribute.name)
        parts.append(StartKeyPart(attribute, variable or f"start_{segments}", None if variable else segments))
        segments += variable is None
    return tuple(parts) if segments else ()


def page_parameters(limit: Limit | None, start: tuple[StartKeyPart, ...]) -> tuple[Parameter, ...]:
    """Return the query parameters `limit` and `next`, if the route has them."""
    return (*(limit.parameters if limit else ()), *((NEXT,) if start else ()))


def build_custom_page() -> RouteParts:
    """Return the parts of a page with a custom request template, whose response has no next page."""
    variables = {"start_key": (), "count_only": False, "stripped": ()}
    return RouteParts(variables=variables, result="page", responses={})


def reject_page_parameters(route: ParsedRoute, values: Iterable[KeyValue]) -> None:
    """Add an error for each value that comes from a query parameter of pages."""
    for value in values:
        if value.source.kind == "query" and value.source.name in PAGE_PARAMETERS:
            route.add_error(
                f"{value.attribute.name!r} comes from {value.source}, which is reserved for pages",
                f"give the parameter another name, as in query.{parameter_name(value.attribute.name)}",
            )


def parse_limit(route: ParsedRoute) -> Limit | None:
    """Return the option `limit`, or its default; None after an error."""
    raw = route.entry.options.get("limit")
    if raw is None:
        return Limit(DEFAULT_LIMIT, MAXIMUM_LIMIT)
    if not isinstance(raw, dict):
        size = _parse_page_size(route, "limit", raw)
        return None if size is None else Limit(size, None)
    for option in raw:
        if option not in ("default", "maximum"):
            route.add_error(f"limit has the unknown option {option!r}", suggestion(option, ("default", "maximum")))
            return None
    maximum = _parse_page_size(route, "limit's maximum", raw.get("maximum", MAXIMUM_LIMIT))
    fallback = min(DEFAULT_LIMIT, maximum or DEFAULT_LIMIT)
    default = _parse_page_size(route, "limit's default", raw.get("default", fallback))
    if maximum is None or default is None:
        return None
    if default > maximum:
        route.add_error(f"limit's default {default} is above its maximum {maximum}", "lower the default")
    return Limit(default, maximum)


def _parse_page_size(route: ParsedRoute, label: str, raw: Any) -> int | None:
    text = str(raw)
    if isinstance(raw, (int, str)) and text.isascii() and text.isdigit() and 1 <= int(text) <= MAXIMUM_LIMIT:
        return int(text)
    route.add_error(
        f"{label} is {describe(raw)}",
        f"write a whole number from 1 to {MAXIMUM_LIMIT}, or {{default: 25, maximum: 100}}",
    )
    return None
