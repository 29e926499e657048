# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Query: the items of one hash key, of the table or of an index, page by page."""

from __future__ import annotations

from collections.abc import Iterable

from ..spec.unique_names import parameter_name
from .conditions import KEY_OPERATORS, Condition, equal, read_condition
from .keys import body_of, has_source, leading_key, parameters_of, refuse_unknown_keys, required_key, written_keys
from .model import Action, KeyValue, Parameter, Plan, Subject
from .pages import Limit, own_page, page_parameters, read_limit, start_key
from .reads import Order, read_consistent, read_filters, read_flag, read_order, read_projection, read_stripped


def plan(subject: Subject) -> Plan | None:
    """The plan of a Query; None where a mistake was noted."""
    if subject.own_request:
        return own_page()
    limit = read_limit(subject)
    order = read_order(subject)
    keys = _key_conditions(subject)
    filters = read_filters(subject, filters_keys=False)
    if limit is None or order is None or keys is None or filters is None:
        return None
    return _plan(subject, limit, order, keys, filters)


def _plan(
    subject: Subject, limit: Limit, order: Order, keys: tuple[Condition, ...], filters: tuple[Condition, ...]
) -> Plan:
    values = values_of((*keys, *filters))
    refuse_reserved_parameters(subject, values, order)
    fixed = {key.attribute.name: value.variable for key in keys if (value := key.fixes)}
    start = start_key(subject, fixed)
    count_only = read_count_only(subject)
    projection = read_projection(subject)
    prefixes = [value for key in keys if key.operator == "begins_with" for value in key.values]
    return Plan(
        variables={
            "keys": values,
            "conditions": keys,
            "filters": filters,
            "projection": projection,
            "order": order,
            "consistent": read_consistent(subject),
            "count_only": count_only,
            "limit": None if count_only else limit,
            "start_key": start,
            "stripped": read_stripped(subject, values_of(keys), prefixes),
        },
        parameters=(
            *parameters_of(values),
            *_order_parameter(order),
            *page_parameters(None if count_only else limit, start),
        ),
        body=body_of(subject, values),
        result="count" if count_only else "page",
        projection=projection,
        answers={},
        leading_key=leading_key(subject, keys[0].values[0]),
    )


def _key_conditions(subject: Subject) -> tuple[Condition, ...] | None:
    """The hash key's value, and the range key's condition if it has one; None where a mistake was noted."""
    refuse_unknown_keys(subject)
    hash_key = required_key(subject, "hash_key", subject.hash_key)
    conditions = [equal(hash_key) if hash_key else None]
    if (attribute := subject.range_key) and has_source(subject, attribute):
        raw = written_keys(subject).get(attribute.name, f"path.{attribute.name}")
        what = f"key {attribute.name!r}"
        conditions.append(read_condition(subject, what, "range_key", attribute, raw, KEY_OPERATORS))
    found = tuple(condition for condition in conditions if condition)
    return found if len(found) == len(conditions) else None


def values_of(conditions: Iterable[Condition]) -> tuple[KeyValue, ...]:
    """All values of the conditions, in their order."""
    return tuple(value for condition in conditions for value in condition.values)


def refuse_reserved_parameters(subject: Subject, values: Iterable[KeyValue], order: Order | None) -> None:
    """A query parameter has one meaning."""
    if order and order.parameter in ("limit", "next"):
        subject.entry.mistake(f"order comes from query.{order.parameter}, which is read for pages", "write query.order")
    for value in values:
        if value.source.kind == "query" and value.source.name in ("limit", "next"):
            subject.entry.mistake(
                f"{value.attribute.name!r} comes from {value.source}, which is read for pages",
                f"give the parameter another name, as in query.{parameter_name(value.attribute.name)}",
            )


def read_count_only(subject: Subject) -> bool:
    """The word `count_only`, which leaves no sense to some others."""
    count_only = read_flag(subject, "count_only")
    for word in ("limit", "projection", "strip_prefix"):
        if count_only and subject.entry.has(word):
            subject.entry.mistake(f"{word} has no effect beside count_only", f"leave {word} out")
    return count_only


def _order_parameter(order: Order) -> tuple[Parameter, ...]:
    if not order.parameter:
        return ()
    text = "The order of the items: ascending (if left out) or descending."
    return (Parameter("query", order.parameter, text, required=False, example="descending"),)


QUERY = Action(
    name="Query",
    words=("index", "key", "filter", "projection", "order", "consistent", "count_only", "strip_prefix", "limit"),
    uses_index=True,
    plan=plan,
)
