# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Quotas of API Gateway for imports: "Quotas for configuring and running a REST API"."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from ..routes.route import Route
from ..spec.errors import ErrorCollector
from .render import RouteTemplates

RESOURCES = 300
TEMPLATE_BYTES = 300 * 1024
DOCUMENT_BYTES = 6 * 1024 * 1024


def check_resources(routes: Iterable[Route], collector: ErrorCollector) -> None:
    """Add an error if the routes need more resources than an API can have. The root is not counted."""
    resources = {resource for route in routes for resource in route.path.resources}
    if len(resources) > RESOURCES:
        collector.add(
            "routes",
            f"the paths need {len(resources)} resources, but an API can have at most {RESOURCES}",
            "split the routes into several APIs",
        )


def check_templates(route: Route, templates: RouteTemplates, collector: ErrorCollector) -> None:
    """Add an error for each template that is too large."""
    for name, text in templates.texts.items():
        size = len(text.encode())
        if size > TEMPLATE_BYTES:
            collector.add(
                route.where,
                f"its {name} has {size} bytes, but the limit of API Gateway is {TEMPLATE_BYTES}",
                "shorten it",
            )


def check_document(definition: dict[str, Any], collector: ErrorCollector) -> None:
    """Add an error if the document is too large."""
    size = len(json.dumps(definition, separators=(",", ":")).encode())
    if size > DOCUMENT_BYTES:
        collector.add(
            "routes",
            f"the document has {size} bytes, but the limit of API Gateway is {DOCUMENT_BYTES}",
            "split the routes into several APIs",
        )
