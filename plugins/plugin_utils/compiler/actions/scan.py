# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Scan: all items of the table or of an index, page by page."""

from __future__ import annotations

from .keys import body_of, parameters_of
from .model import Action, Plan, Subject
from .pages import own_page, page_parameters, read_limit, start_key
from .query import read_count_only, refuse_reserved_parameters, values_of
from .reads import read_consistent, read_filters, read_projection


def plan(subject: Subject) -> Plan | None:
    """The plan of a Scan; None where a mistake was noted."""
    if subject.own_request:
        return own_page()
    limit = read_limit(subject)
    filters = read_filters(subject, filters_keys=True)
    if limit is None or filters is None:
        return None
    values = values_of(filters)
    refuse_reserved_parameters(subject, values, None)
    count_only = read_count_only(subject)
    page_limit = None if count_only else limit
    start = start_key(subject, {})
    projection = read_projection(subject)
    return Plan(
        variables={
            "keys": values,
            "filters": filters,
            "projection": projection,
            "consistent": read_consistent(subject),
            "count_only": count_only,
            "limit": page_limit,
            "start_key": start,
            "stripped": (),
        },
        parameters=(*parameters_of(values), *page_parameters(page_limit, start)),
        body=body_of(subject, values),
        result="count" if count_only else "page",
        projection=projection,
        answers={},
    )


SCAN = Action(
    name="Scan",
    words=("index", "filter", "projection", "consistent", "count_only", "limit"),
    uses_index=True,
    plan=plan,
)
