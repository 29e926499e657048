# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The compiler's one entry: read the spec, render the templates, write the document and the policy."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .output import document, policy
from .output.limits import check_document, check_resources, check_templates
from .output.render import REQUEST, RouteTemplates, render
from .routes.locations import with_locations
from .routes.route import Route, read_routes
from .spec.authorizer import asks_who_calls, read_authorizer
from .spec.cors import read_cors
from .spec.entry import ROOT, Entry, names_in_yaml_11, native, unreadable
from .spec.mistakes import Mistake, Report, SpecErrors
from .spec.tables import read_tables
from .vtl.lint import lint
from .vtl.syntax import NOT_CHECKED, can_parse, syntax_error
from .vtl.templates import Templates

Json = dict[str, Any]

WORDS = ("name", "description", "stage", "tables", "routes", "cors", "authorizer")
# CreateStage: "Stage names can only contain alphanumeric characters, hyphens, and underscores. Maximum length is 128".
_STAGE = re.compile(r"[A-Za-z0-9_-]{1,128}")

_WRITE_AUTHORIZER = "write authorizer: {user_pools: [arn:…]} beside routes, or set one on the API"


@dataclass(frozen=True)
class CompiledApi:
    """An API ready to import: its OpenAPI `definition`, and the IAM `policy` of its execution role.

    `expectations` are requests with the answers that they have to get, as `expectations.py` has them. `warnings` are
    what may be wrong with its mapping templates.
    """

    definition: Json
    policy: Json
    expectations: list[Json]
    warnings: tuple[Mistake, ...] = ()


def compile_api(spec: Mapping[str, Any], templates: Sequence[str | Path]) -> CompiledApi:
    """Compile a spec (`WORDS`; see docs/routes.md).

    `templates` are directories of Jinja files; of files with one name the first wins. The same spec gives the same
    document, byte for byte. Raises `SpecErrors` with all mistakes.
    """
    report = Report(unreadable(spec))
    report.raise_if_any()
    for place in names_in_yaml_11(spec):
        report.add(place, "YAML reads a name in it as true or false", "put on, off, yes, no and the like in quotes")
    words = native(spec)
    if not isinstance(words, dict):
        report.add(ROOT, "it is not a mapping", "write name, tables and routes")
        raise SpecErrors(report.mistakes)
    return _compile(Entry(words, ROOT, report), Templates(templates, report))


def _compile(spec: Entry, templates: Templates) -> CompiledApi:
    info = _read_info(spec)
    routes = read_routes(spec, read_tables(spec), preflight=info.cors is not None)
    check_resources(routes, spec.report)
    spec.report.raise_if_any()
    routes = with_locations(routes)
    rendered = [(route, render(route, templates)) for route in routes]
    warnings = Report()
    for route, texts in rendered:
        check_templates(route, texts, spec.report)
        _check_texts(route, texts, spec.report, warnings)
        _warn_of_request_ids(route, warnings)
        if info.authorizer is None and asks_who_calls(texts.request):
            warnings.add(route.where, "it reads what an authorizer found, and there is none", _WRITE_AUTHORIZER)
    definition = document.build(info, rendered)
    check_document(definition, spec.report)
    spec.report.raise_if_any()
    expectations = [expectation for route in routes for expectation in route.expectations]
    return CompiledApi(definition, policy.build(routes), expectations, tuple(warnings.mistakes))


def _warn_of_request_ids(route: Route, warnings: Report) -> None:
    """Warn of keys that a caller can choose: "Clients can override this request ID" (AWS, variable reference)."""
    for key in route.plan.variables.get("keys", ()):
        if (key.source.kind, key.source.name) == ("context", "requestId"):
            warnings.add(
                route.where,
                f"key {key.attribute.name!r} comes from context.requestId, which callers can set",
                "write context.extendedRequestId",
            )


def _check_texts(route: Route, templates: RouteTemplates, errors: Report, warnings: Report) -> None:
    """Note what is wrong with the templates. Those that come from our files alone are known to be Velocity."""
    for name, text in templates.texts.items():
        where = f"{route.where} {name}"
        if name in templates.handwritten and not can_parse():
            warnings.add(where, *NOT_CHECKED)
        if name in templates.handwritten and (error := syntax_error(text)):
            errors.add(where, error, "correct the template")
            continue
        for finding in lint(text, is_request=name == REQUEST):
            report = errors if finding.error else warnings
            report.add(where, f"line {finding.line}: {finding.what}", finding.write)


def _read_info(spec: Entry) -> document.Info:
    spec.refuse_unknown(WORDS)
    stage = spec.text("stage")
    if stage is not None and not _STAGE.fullmatch(stage):
        spec.report.add(
            "stage", f"{stage!r} is no stage name", "write 1 to 128 letters, digits, hyphens or underscores"
        )
    description = spec.text("description") if spec.words.get("description") != "" else None
    name = spec.required_text("name", "orders") or ""
    return document.Info(name, description, read_cors(spec), read_authorizer(spec))
