# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The entry point of the compiler: parse the description, render the templates, build the document and the policy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ansible_collections.codeless.apigateway.plugins.module_utils._stage.stage_name import STAGE_NAME

from .output import document, policy
from .output.limits import check_document, check_resources, check_templates
from .output.render import REQUEST, RouteTemplates, render
from .routes.locations import with_locations
from .routes.route import Route, parse_routes
from .spec.authorization import Authorization, Requirement, parse_authorization
from .spec.cors import parse_cors
from .spec.entry import ROOT, Entry, places_with_boolean_names, to_native, unreadable_value_errors
from .spec.errors import ErrorCollector, ValidationError, ValidationErrors
from .spec.tables import parse_tables
from .vtl.lint import lint
from .vtl.syntax import NOT_CHECKED, can_parse, syntax_error
from .vtl.templates import Templates

Json = dict[str, Any]

DESCRIPTION_OPTIONS = (
    "name",
    "description",
    "stage",
    "tables",
    "routes",
    "cors",
    "authorizers",
    "auth",
    "api_key",
    "public",
)


@dataclass(frozen=True)
class CompiledApi:
    """An API that can be imported: its OpenAPI `definition`, and the IAM `policy` of its execution role.

    `expectations` are requests with the expected responses. `warnings` are possible problems of its templates.
    `open_writes` are the routes (`PUT /orders/{id}`) that write for every caller and are not `public`.
    """

    definition: Json
    policy: Json
    expectations: list[Json]
    warnings: tuple[ValidationError, ...] = ()
    open_writes: tuple[str, ...] = ()


def compile_api(spec: Mapping[str, Any], templates: Sequence[str | Path]) -> CompiledApi:
    """Compile the description of an API (`DESCRIPTION_OPTIONS`; see docs/routes.md).

    `templates` are directories of Jinja files. If several have a file of the same name, the first one is used. The same
    description gives the same document, byte for byte. Raises `ValidationErrors` with all errors.
    """
    collector = ErrorCollector(unreadable_value_errors(spec))
    collector.raise_if_any()
    for place in places_with_boolean_names(spec):
        collector.add(
            place, "YAML reads a key in it as true or false", "put keys such as on, off, yes and no in quotes"
        )
    options = to_native(spec)
    if not isinstance(options, dict):
        collector.add(ROOT, "the description is not a mapping", "write name, tables and routes")
        raise ValidationErrors(collector.errors)
    return _compile(Entry(options, ROOT, collector), Templates(templates, collector))


def _compile(spec: Entry, templates: Templates) -> CompiledApi:
    info = _parse_info(spec)
    routes = parse_routes(spec, parse_tables(spec), info.authorization, preflight=info.cors is not None)
    check_resources(routes, spec.collector)
    spec.collector.raise_if_any()
    routes = with_locations(routes)
    rendered = [(route, render(route, templates)) for route in routes]
    warnings = ErrorCollector()
    for route, texts in rendered:
        check_templates(route, texts, spec.collector)
        _check_rendered(route, texts, spec.collector, warnings)
        _warn_about_request_ids(route, warnings)
        _check_authorization(route, texts, info.authorization, spec.collector, warnings)
    for name in info.authorization.unused([route.requirement for route in routes]):
        warnings.add(f"authorizers {name}", "no route requires the authorizer", f"write auth: {name}, or remove it")
    definition = document.build(info, rendered)
    check_document(definition, spec.collector)
    spec.collector.raise_if_any()
    expectations = [expectation for route in routes for expectation in route.expectations]
    open_writes = tuple(
        route.text
        for route in routes
        if policy.writes(route) and route.requirement.is_open and not route.requirement.public
    )
    return CompiledApi(definition, policy.build(routes), expectations, tuple(warnings.errors), open_writes)


def _check_authorization(
    route: Route, texts: RouteTemplates, authorization: Authorization, errors: ErrorCollector, warnings: ErrorCollector
) -> None:
    """Add an error if the template reads a caller that the route does not authenticate.

    It is a warning if the template is custom, which can read an empty value on purpose, and if the description has no
    authorization at all, because the module `route` names the authorizer of an existing API outside the description.
    """
    unmet = authorization.unmet_read(route.requirement, texts.request)
    if unmet:
        undeclared = not authorization.declared and route.requirement == Requirement()
        (warnings if undeclared or REQUEST in texts.handwritten else errors).add(route.where, *unmet)


def _warn_about_request_ids(route: Route, warnings: ErrorCollector) -> None:
    """Warn of keys that a caller can choose: "Clients can override this request ID" (AWS, variable reference)."""
    for key in route.parts.variables.get("keys", ()):
        if (key.source.kind, key.source.name) == ("context", "requestId"):
            warnings.add(
                route.where,
                f"key {key.attribute.name!r} comes from context.requestId, which callers can set",
                "write context.extendedRequestId",
            )


def _check_rendered(route: Route, templates: RouteTemplates, errors: ErrorCollector, warnings: ErrorCollector) -> None:
    """Add errors and warnings about the templates. The syntax of our own templates is not checked again."""
    for name, text in templates.texts.items():
        where = f"{route.where} {name}"
        if name in templates.handwritten and not can_parse():
            warnings.add(where, *NOT_CHECKED)
        if name in templates.handwritten and (error := syntax_error(text)):
            errors.add(where, error, "correct the template")
            continue
        for finding in lint(text, is_request=name == REQUEST):
            collector = errors if finding.error else warnings
            collector.add(where, f"line {finding.line}: {finding.problem}", finding.remedy)


def _parse_info(spec: Entry) -> document.Info:
    spec.reject_unknown(DESCRIPTION_OPTIONS)
    stage = spec.text("stage")
    if stage is not None and not STAGE_NAME.fullmatch(stage):
        spec.collector.add(
            "stage", f"{stage!r} is not a valid stage name", "write 1 to 128 letters, digits, hyphens or underscores"
        )
    description = spec.text("description") if spec.options.get("description") != "" else None
    name = spec.required_text("name", "orders") or ""
    return document.Info(name, description, parse_cors(spec), parse_authorization(spec))
