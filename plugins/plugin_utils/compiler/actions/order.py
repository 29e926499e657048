# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The order in which a Query returns its items: the option `order`."""

from __future__ import annotations

from dataclasses import dataclass

from ..spec.entry import describe
from .model import Parameter, ParsedRoute

ORDERS = ("ascending", "descending")


@dataclass(frozen=True)
class Order:
    """The order by range key: the `default`, or what the caller sends as the query parameter `parameter`."""

    default: str
    parameter: str | None

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """Return the query parameter, if the caller can choose the order."""
        if not self.parameter:
            return ()
        text = "The order of the items: ascending (if left out) or descending."
        return (Parameter("query", self.parameter, text, required=False, example="descending"),)


def parse_order(route: ParsedRoute) -> Order | None:
    """Return the option `order`; None after an error."""
    raw = route.entry.value("order", ORDERS[0])
    if raw in ORDERS:
        return Order(raw, None)
    kind, _dot, name = str(raw).partition(".")
    if kind == "query" and name.isidentifier() and name.isascii():
        return Order(ORDERS[0], name)
    route.add_error(f"order is {describe(raw)}", "write ascending, descending, or query.order")
    return None
