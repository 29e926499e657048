# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Scan: all items of the table or of an index, page by page."""

from __future__ import annotations

from .conditions import values_of
from .model import Action, ParsedRoute, RouteParts
from .pages import build_custom_page, page_parameters, parse_limit, reject_page_parameters, start_key
from .read_options import parse_consistent, parse_count_only, parse_filters, parse_projection
from .request_values import body_of, parameters_of


def build(route: ParsedRoute) -> RouteParts | None:
    """Return the parts of a route with the action Scan; None after an error."""
    if route.custom_request:
        return build_custom_page()
    limit = parse_limit(route)
    filters = parse_filters(route, filters_keys=True)
    if limit is None or filters is None:
        return None
    values = values_of(filters)
    reject_page_parameters(route, values)
    count_only = parse_count_only(route)
    page_limit = None if count_only else limit
    start = start_key(route, {})
    projection = parse_projection(route)
    return RouteParts(
        variables={
            "keys": values,
            "filters": filters,
            "projection": projection,
            "consistent": parse_consistent(route),
            "count_only": count_only,
            "limit": page_limit,
            "start_key": start,
            "stripped": (),
        },
        parameters=(*parameters_of(values), *page_parameters(page_limit, start)),
        body=body_of(route, values),
        result="count" if count_only else "page",
        projection=projection,
        responses={},
    )


SCAN = Action(
    name="Scan",
    options=("index", "filter", "projection", "consistent", "count_only", "limit"),
    uses_index=True,
    build=build,
)
