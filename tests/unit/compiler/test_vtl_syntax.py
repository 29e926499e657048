# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""No mapping template is deployed that is none: each that a user wrote is parsed before."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ansible.errors import AnsibleError
from ansible_collections.codeless.apigateway.plugins.plugin_utils._playbook.document_templates import (
    refuse_syntax_errors,
)
from ansible_collections.codeless.apigateway.plugins.plugin_utils.compiler import (
    ValidationErrors,
    compile_api,
    vtl_files,
)
from ansible_collections.codeless.apigateway.plugins.plugin_utils.compiler import compile as compile_module
from ansible_collections.codeless.apigateway.plugins.plugin_utils.compiler.vtl import syntax
from ansible_collections.codeless.apigateway.plugins.plugin_utils.compiler.vtl.syntax import syntax_error

from unit.compiler.specs import TEMPLATES, Json, orders

QUERY = {"route": "GET /{customer}", "action": "Query"}
PLACE = 'routes[0] "GET /{customer}" '
WRONG = "{}\n  #if(1 = 2)a#end"
ERROR = "line 2, column 9: found '=', expected ')'"


def errors_of(spec: Json, *directories: Path) -> list[str]:
    with pytest.raises(ValidationErrors) as caught:
        compile_api(spec, [*directories, TEMPLATES])
    return [str(error) for error in caught.value.errors]


def test_a_syntax_error_of_a_handwritten_template_has_its_route_line_and_column() -> None:
    route = {**QUERY, "request_template": WRONG, "response_templates": {200: "#foreach($a in $b)", 400: "$a.b("}}
    assert errors_of(orders(route)) == [
        f"{PLACE}request template: {ERROR}. Correct the template.",
        f"{PLACE}response template 200: line 1, column 19: found the end of the template, expected #end. "
        "Correct the template.",
        f"{PLACE}response template 400: line 1: a bracket or a quote is not closed. Close it.",
    ]


@pytest.mark.parametrize(
    ("file", "broken"),
    [
        ("query.request.vtl.j2", ["request template"]),
        ("error.response.vtl.j2", ["response template 400"]),
        ("failure.response.vtl.j2", ["response template 500", "response template 503"]),
        ("scan.request.vtl.j2", []),
    ],
)
def test_a_file_in_the_place_of_ours_is_parsed(file: str, broken: list[str], tmp_path: Path) -> None:
    (tmp_path / file).write_text(WRONG, encoding="utf-8")
    if not broken:
        compile_api(orders(QUERY), [tmp_path, TEMPLATES])
        return
    assert errors_of(orders(QUERY), tmp_path) == [f"{PLACE}{name}: {ERROR}. Correct the template." for name in broken]


def test_a_shared_file_in_the_place_of_ours_has_all_that_import_it_parsed(tmp_path: Path) -> None:
    shared = (TEMPLATES / "_macros.vtl.j2").read_text(encoding="utf-8")
    assert "#if($refusal" in shared
    (tmp_path / "_macros.vtl.j2").write_text(shared.replace("#if($refusal", "#if(1 = 2 $refusal"), encoding="utf-8")
    (error,) = errors_of(orders(QUERY), tmp_path)
    assert error.startswith(f"{PLACE}request template: line ")


@pytest.mark.parametrize("part", ["$metadata", "a$", "a,b", "$,"])
def test_a_part_of_a_path_has_what_api_gateway_takes_and_its_templates_are_velocity(part: str) -> None:
    create = {
        "route": f"POST /{part}",
        "action": "PutItem",
        "key": {"customer": "body.customer", "placed_at": "body.at"},
    }
    read = {"route": f"GET /{part}/{{customer}}/{{placed_at}}", "action": "GetItem"}
    definition = compile_api(orders(create, read), [TEMPLATES]).definition
    assert list(definition["paths"]) == [f"/{part}", f"/{part}/{{customer}}/{{placed_at}}"]
    assert "Location" in definition["paths"][f"/{part}"]["post"]["responses"]["201"]["headers"]
    for template in vtl_files(definition).values():
        assert syntax_error(template) is None


def _document(request: str, response: str) -> Json:
    integration = {
        "type": "aws",
        "requestTemplates": {"application/json": request},
        "responses": {"default": {"statusCode": "200", "responseTemplates": {"text/csv": response}}},
    }
    operation = {"x-amazon-apigateway-integration": integration}
    return {"openapi": "3.0.1", "paths": {"/a": {"get": operation, "x-amazon-apigateway-any-method": operation}}}


@pytest.mark.parametrize("form", [dict, json.dumps])
def test_all_syntax_errors_of_a_document_come_at_once(form: Any) -> None:
    with pytest.raises(AnsibleError) as caught:
        refuse_syntax_errors(form(_document(WRONG, "#end")))
    text = "line 1, column 1: found '#end', expected the end of the template"
    assert caught.value.message.splitlines() == [
        "4 errors in the mapping templates of the definition:",
        f"- GET /a request template: {ERROR}. Correct the template.",
        f"- GET /a response template 200 for text/csv: {text}. Correct the template.",
        f"- ANY /a request template: {ERROR}. Correct the template.",
        f"- ANY /a response template 200 for text/csv: {text}. Correct the template.",
    ]


@pytest.mark.parametrize(
    "definition",
    [
        None,
        "{",
        "[" * 100_000,
        5,
        [],
        {"paths": []},
        {"paths": {"/a": None, "/b": {"get": []}, "/c": {"get": {"x-amazon-apigateway-integration": 1}}}},
        {"paths": {"/a": {"get": {"x-amazon-apigateway-integration": {"requestTemplates": {"a": 1}, "responses": 1}}}}},
        _document("{}", "$input.json('$')"),
    ],
)
def test_what_is_no_document_is_left_to_the_module(definition: Any) -> None:
    refuse_syntax_errors(definition)


def test_the_parser_needs_none_of_the_libraries_of_its_package() -> None:
    program = f"""
import sys
sys.modules.update(dict.fromkeys(["regex", "jsonpath", "aiohttp", "ministack"]))
from ansible_collections.codeless.apigateway.plugins.plugin_utils.compiler import ValidationErrors, compile_api
try:
    compile_api({orders({**QUERY, "request_template": WRONG})!r}, [{str(TEMPLATES)!r}])
except ValidationErrors as errors:
    print(errors)
"""
    root = TEMPLATES.parents[3]
    environment = {"PYTHONPATH": f"{root}/collections:{root}/packages/local-apigateway/src"}
    run = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    assert ERROR in run.stdout


def test_without_the_parser_a_handwritten_template_is_named_in_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(syntax, "can_parse", lambda: False)
    monkeypatch.setattr(compile_module, "can_parse", lambda: False)
    syntax_error.cache_clear()
    compiled = compile_api(orders({**QUERY, "request_template": "{} #if(1 = 2)a#end"}), [TEMPLATES])
    syntax_error.cache_clear()
    assert f"{PLACE}request template: its syntax is not checked. Install the Python package" in str(
        compiled.warnings[0]
    )
    assert compile_api(orders(QUERY), [TEMPLATES]).warnings == ()
