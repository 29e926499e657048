# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Query: the items of one hash key, of the table or of an index, page by page."""

from __future__ import annotations

from collections.abc import Iterable

from ..spec.unique_names import parameter_name
from .conditions import KEY_OPERATORS, Condition, equal, parse_condition
from .keys import body_of, has_source, leading_key, parameters_of, reject_unknown_keys, required_key, written_keys
from .model import Action, KeyValue, Parameter, ParsedRoute, RoutePlan
from .pages import Limit, page_parameters, parse_limit, plan_custom_page, start_key
from .reads import Order, parse_consistent, parse_filters, parse_flag, parse_order, parse_projection, parse_stripped


def plan(route: ParsedRoute) -> RoutePlan | None:
    """The plan of a Query; None where a mistake was noted."""
    if route.custom_request:
        return plan_custom_page()
    limit = parse_limit(route)
    order = parse_order(route)
    keys = _key_conditions(route)
    filters = parse_filters(route, filters_keys=False)
    if limit is None or order is None or keys is None or filters is None:
        return None
    return _plan(route, limit, order, keys, filters)


def _plan(
    route: ParsedRoute, limit: Limit, order: Order, keys: tuple[Condition, ...], filters: tuple[Condition, ...]
) -> RoutePlan:
    values = values_of((*keys, *filters))
    reject_reserved_parameters(route, values, order)
    fixed = {key.attribute.name: value.variable for key in keys if (value := key.fixes)}
    start = start_key(route, fixed)
    count_only = parse_count_only(route)
    projection = parse_projection(route)
    prefixes = [value for key in keys if key.operator == "begins_with" for value in key.values]
    return RoutePlan(
        variables={
            "keys": values,
            "conditions": keys,
            "filters": filters,
            "projection": projection,
            "order": order,
            "consistent": parse_consistent(route),
            "count_only": count_only,
            "limit": None if count_only else limit,
            "start_key": start,
            "stripped": parse_stripped(route, values_of(keys), prefixes),
        },
        parameters=(
            *parameters_of(values),
            *_order_parameter(order),
            *page_parameters(None if count_only else limit, start),
        ),
        body=body_of(route, values),
        result="count" if count_only else "page",
        projection=projection,
        responses={},
        leading_key=leading_key(route, keys[0].values[0]),
    )


def _key_conditions(route: ParsedRoute) -> tuple[Condition, ...] | None:
    """The hash key's value, and the range key's condition if it has one; None where a mistake was noted."""
    reject_unknown_keys(route)
    hash_key = required_key(route, "hash_key", route.hash_key)
    conditions = [equal(hash_key) if hash_key else None]
    if (attribute := route.range_key) and has_source(route, attribute):
        raw = written_keys(route).get(attribute.name, f"path.{attribute.name}")
        what = f"key {attribute.name!r}"
        conditions.append(parse_condition(route, what, "range_key", attribute, raw, KEY_OPERATORS))
    found = tuple(condition for condition in conditions if condition)
    return found if len(found) == len(conditions) else None


def values_of(conditions: Iterable[Condition]) -> tuple[KeyValue, ...]:
    """All values of the conditions, in their order."""
    return tuple(value for condition in conditions for value in condition.values)


def reject_reserved_parameters(route: ParsedRoute, values: Iterable[KeyValue], order: Order | None) -> None:
    """A query parameter has one meaning."""
    if order and order.parameter in ("limit", "next"):
        route.entry.add_error(
            f"order comes from query.{order.parameter}, which is reserved for pages", "write query.order"
        )
    for value in values:
        if value.source.kind == "query" and value.source.name in ("limit", "next"):
            route.entry.add_error(
                f"{value.attribute.name!r} comes from {value.source}, which is reserved for pages",
                f"give the parameter another name, as in query.{parameter_name(value.attribute.name)}",
            )


def parse_count_only(route: ParsedRoute) -> bool:
    """The word `count_only`, which leaves no sense to some others."""
    count_only = parse_flag(route, "count_only")
    for word in ("limit", "projection", "strip_prefix"):
        if count_only and route.entry.has(word):
            route.entry.add_error(f"{word} has no effect with count_only", f"leave {word} out")
    return count_only


def _order_parameter(order: Order) -> tuple[Parameter, ...]:
    if not order.parameter:
        return ()
    text = "The order of the items: ascending (if left out) or descending."
    return (Parameter("query", order.parameter, text, required=False, example="descending"),)


QUERY = Action(
    name="Query",
    options=("index", "key", "filter", "projection", "order", "consistent", "count_only", "strip_prefix", "limit"),
    uses_index=True,
    plan=plan,
)
