# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Pages of items: how many there are in one, and where the next begins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..spec.entry import describe
from ..spec.errors import suggestion
from ..spec.patterns import up_to
from ..spec.tables import KeyAttribute
from .model import Parameter, ParsedRoute, RoutePlan

DEFAULT_LIMIT = 100
MAXIMUM_LIMIT = 1000
NEXT = Parameter("query", "next", "The token `next` of the page before. The first page if left out.", required=False)


@dataclass(frozen=True)
class Limit:
    """How many items a page has at most: always `default`, or up to `maximum` as the caller asks (`?limit=`)."""

    default: int
    maximum: int | None

    @property
    def pattern(self) -> str:
        """A regular expression of what a caller may ask for."""
        return up_to(self.maximum or self.default)

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """The query parameter `limit`, if it is read."""
        if not self.maximum:
            return ()
        text = f"How many items the page has at most, 1 to {self.maximum}. {self.default} if left out."
        return (Parameter("query", "limit", text, required=False, type="integer", example=1),)


@dataclass(frozen=True)
class StartKeyPart:
    """One attribute of ExclusiveStartKey. Its value is the VTL `variable` of a key, or a segment of the token.

    `segment` is the place of the attribute in the token, from 0; None where the request itself fixes the value,
    which is then never taken from the client's token.
    """

    attribute: KeyAttribute
    variable: str
    segment: int | None


def start_key(route: ParsedRoute, fixed: Mapping[str, str]) -> tuple[StartKeyPart, ...]:
    """The attributes of LastEvaluatedKey: the keys of the index and of the table.

    `fixed` are the VTL variables of those that the request fixes, by name. Empty where it fixes them all, as there can
    be no second page then.
    """
    parts: list[StartKeyPart] = []
    segments = 0
    for attribute in _last_evaluated(route):
        variable = fixed.get(attribute.name)
        parts.append(StartKeyPart(attribute, variable or f"start_{segments}", None if variable else segments))
        segments += variable is None
    return tuple(parts) if segments else ()


def _last_evaluated(route: ParsedRoute) -> list[KeyAttribute]:
    table = route.table
    attributes = [route.hash_key, route.range_key, table.hash_key, table.range_key]
    return list(dict.fromkeys(attribute for attribute in attributes if attribute))


def page_parameters(limit: Limit | None, start: tuple[StartKeyPart, ...]) -> tuple[Parameter, ...]:
    """The query parameters `limit` and `next`, as far as they are read."""
    return (*(limit.parameters if limit else ()), *((NEXT,) if start else ()))


def plan_custom_page() -> RoutePlan:
    """The plan of a request of the user's own: nothing of it is known, and its answer has no next page."""
    variables = {"start_key": (), "count_only": False, "stripped": ()}
    return RoutePlan(variables=variables, parameters=(), body=(), result="page", responses={})


def parse_limit(route: ParsedRoute) -> Limit | None:
    """The limit under the word `limit`, or the usual one; None where a mistake was noted."""
    raw = route.entry.options.get("limit")
    if not isinstance(raw, dict):
        return _fixed_limit(route, raw) if raw is not None else Limit(DEFAULT_LIMIT, MAXIMUM_LIMIT)
    for word in raw:
        if word not in ("default", "maximum"):
            route.entry.add_error(f"limit has the unknown option {word!r}", suggestion(word, ("default", "maximum")))
            return None
    maximum = _page_size(route, "limit's maximum", raw.get("maximum", MAXIMUM_LIMIT))
    default = _page_size(route, "limit's default", raw.get("default", min(DEFAULT_LIMIT, maximum or DEFAULT_LIMIT)))
    if maximum is None or default is None:
        return None
    if default > maximum:
        route.entry.add_error(f"limit's default {default} is above its maximum {maximum}", "lower the default")
    return Limit(default, maximum)


def _fixed_limit(route: ParsedRoute, raw: Any) -> Limit | None:
    size = _page_size(route, "limit", raw)
    return None if size is None else Limit(size, None)


def _page_size(route: ParsedRoute, what: str, raw: Any) -> int | None:
    text = str(raw)
    if isinstance(raw, (int, str)) and text.isascii() and text.isdigit() and 1 <= int(text) <= MAXIMUM_LIMIT:
        return int(text)
    route.entry.add_error(
        f"{what} is {describe(raw)}",
        f"write a whole number from 1 to {MAXIMUM_LIMIT}, or {{default: 25, maximum: 100}}",
    )
    return None
