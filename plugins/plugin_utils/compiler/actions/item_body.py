# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The members of a body that contains an item, or items in a list."""

from __future__ import annotations

from collections.abc import Iterable

from .item_attributes import ItemAttribute, ItemAttributes
from .model import BodyMember, KeyValue, ParsedRoute
from .request_values import body_of


def item_body(
    route: ParsedRoute, keys: tuple[KeyValue, ...], attributes: ItemAttributes, *, nullable: bool = False
) -> tuple[BodyMember, ...]:
    """Return the members of the body: the attributes, and the keys and other values that come from the body.

    An attribute that is `nullable` can be null, whatever its type is.
    """
    repeated = (BodyMember((name,), "any", required=False) for name in attributes.repeated)
    members = (*(_member(attribute, nullable) for attribute in attributes.from_body), *repeated)
    return (*members, *body_of(route, keys + attributes.sourced, members))


def item_members(attributes: Iterable[ItemAttribute]) -> tuple[BodyMember, ...]:
    """Return the attributes as members of an item in a list."""
    return tuple(_member(attribute, nullable=False) for attribute in attributes)


def _member(attribute: ItemAttribute, nullable: bool) -> BodyMember:
    kind = "string" if attribute.index_key and attribute.type == "S" else attribute.kind
    kind = f"nullable {attribute.kind}" if nullable else kind
    return BodyMember((attribute.name,), kind, required=attribute.required)
