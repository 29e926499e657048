# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Query: the items with one hash key, of the table or of an index, page by page."""

from __future__ import annotations

from .conditions import KEY_OPERATORS, Condition, equal, parse_condition, values_of
from .keys import declared_sources, has_source, leading_key, parse_key, reject_unknown_keys
from .model import Action, ParsedRoute, RouteParts, all_or_none
from .order import Order, parse_order
from .pages import (
    PAGE_PARAMETERS,
    Limit,
    build_custom_page,
    page_parameters,
    parse_limit,
    reject_page_parameters,
    start_key,
)
from .read_options import parse_consistent, parse_count_only, parse_filters, parse_projection
from .request_values import body_of, parameters_of
from .strip_prefix import parse_strip_prefix


def build(route: ParsedRoute) -> RouteParts | None:
    """Return the parts of a route with the action Query; None after an error."""
    if route.custom_request:
        return build_custom_page()
    limit = parse_limit(route)
    order = parse_order(route)
    keys = _parse_key_conditions(route)
    filters = parse_filters(route, filters_keys=False)
    if limit is None or order is None or keys is None or filters is None:
        return None
    return _build(route, limit, order, keys, filters)


def _build(
    route: ParsedRoute, limit: Limit, order: Order, keys: tuple[Condition, ...], filters: tuple[Condition, ...]
) -> RouteParts:
    values = values_of((*keys, *filters))
    _reject_page_parameter_of_order(route, order)
    reject_page_parameters(route, values)
    start = start_key(route, {key.attribute.name: value.variable for key in keys if (value := key.fixes)})
    count_only = parse_count_only(route)
    page_limit = None if count_only else limit
    projection = parse_projection(route)
    prefixes = [value for key in keys if key.operator == "begins_with" for value in key.values]
    return RouteParts(
        variables={
            "keys": values,
            "conditions": keys,
            "filters": filters,
            "projection": projection,
            "order": order,
            "consistent": parse_consistent(route),
            "count_only": count_only,
            "limit": page_limit,
            "start_key": start,
            "stripped": parse_strip_prefix(route, values_of(keys), prefixes),
        },
        parameters=(*parameters_of(values), *order.parameters, *page_parameters(page_limit, start)),
        body=body_of(route, values),
        result="count" if count_only else "page",
        projection=projection,
        responses={},
        leading_key=leading_key(route, keys[0].values[0]),
    )


def _parse_key_conditions(route: ParsedRoute) -> tuple[Condition, ...] | None:
    """Return the condition on the hash key, and the one on the range key if it has a source; None after an error."""
    reject_unknown_keys(route)
    hash_key = parse_key(route, "hash_key", route.hash_key)
    conditions = [equal(hash_key) if hash_key else None]
    if (attribute := route.range_key) and has_source(route, attribute):
        raw = declared_sources(route).get(attribute.name, f"path.{attribute.name}")
        label = f"key {attribute.name!r}"
        conditions.append(parse_condition(route, label, "range_key", attribute, raw, KEY_OPERATORS))
    return all_or_none(conditions)


def _reject_page_parameter_of_order(route: ParsedRoute, order: Order) -> None:
    if order.parameter in PAGE_PARAMETERS:
        route.add_error(f"order comes from query.{order.parameter}, which is reserved for pages", "write query.order")


QUERY = Action(
    name="Query",
    options=("index", "key", "filter", "projection", "order", "consistent", "count_only", "strip_prefix", "limit"),
    uses_index=True,
    build=build,
)
