# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The mapping templates of a route: custom ones as the user wrote them, the others rendered from Jinja files."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..routes.route import Route
from ..spec.patterns import PATTERNS
from ..spec.sources import HEADER_NAME
from ..spec.statuses import DYNAMODB_ERRORS, EXISTS, INTEGRATION_RESPONSES, STATUSES
from ..vtl.templates import Templates

_SENT_HEADER = re.compile(rf"responseOverride\.header(?:\.|\[\s*[\"'])({HEADER_NAME})")


@dataclass(frozen=True)
class RouteTemplates:
    """The VTL of a route: its request template, and its response templates by DynamoDB's status.

    `handwritten` are the names of the templates that the user wrote, or that are rendered from the user's files.
    """

    request: str
    responses: Mapping[str, str]
    handwritten: tuple[str, ...] = ()

    @property
    def texts(self) -> dict[str, str]:
        """Return the templates by their names in errors."""
        return {REQUEST: self.request, **{_response_name(status): text for status, text in self.responses.items()}}

    def headers(self, status: str) -> tuple[str, ...]:
        """Return the headers that the response template of a status sets."""
        return tuple(dict.fromkeys(_SENT_HEADER.findall(self.responses[status])))


REQUEST = "request template"


def _response_name(status: str) -> str:
    return f"response template {status}"


def render(route: Route, templates: Templates) -> RouteTemplates:
    """Return the templates of one route."""
    variables = _variables(route)
    stem = route.action.template
    files = {REQUEST: f"{stem}.request.vtl.j2"}
    files.update(
        {_response_name(response.status): _response_file(stem, response.status) for response in INTEGRATION_RESPONSES}
    )
    own = {REQUEST: route.custom_request, **{_response_name(one): text for one, text in route.custom_responses.items()}}
    return RouteTemplates(
        route.custom_request or templates.render(files[REQUEST], variables),
        {
            response.status: route.custom_responses.get(response.status)
            or templates.render(_response_file(stem, response.status), {**variables, "status": response.status})
            for response in INTEGRATION_RESPONSES
        },
        tuple(name for name, file in files.items() if own.get(name) or templates.is_replaced(file)),
    )


def _response_file(stem: str, status: str) -> str:
    """Return the file of a response template. Only a response 400 of DynamoDB has a `__type` to distinguish errors."""
    return {"200": f"{stem}.response.vtl.j2", "400": "error.response.vtl.j2"}.get(status, "failure.response.vtl.j2")


def _variables(route: Route) -> dict[str, Any]:
    return {
        "route": route.text,
        "action": route.action.name,
        "table": route.table.name,
        "index": route.index.name if route.index else "",
        "errors": DYNAMODB_ERRORS,
        "messages": STATUSES,
        "patterns": PATTERNS,
        "version": route.table.version,
        "ttl": route.table.ttl,
        "must_exist": False,
        "create_only": False,
        "exists": "",
        "exists_already": EXISTS,
        **route.parts.variables,
        "success": route.success,
    }
