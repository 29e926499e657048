# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The OpenAPI document against the API that is made of it, by Schemathesis: it sends what the document allows and what
it forbids, and compares each response with the document."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.codeless.apigateway.plugins.plugin_utils.compiler import compile_api

from integration.compiler.deployed import Api, create_table, deploy
from unit.compiler.specs import TEMPLATES, Json

_TYPES = ("S", "N", "B", "BOOL", "NULL", "M", "L", "SS", "NS", "BS")
_KEY: Json = {"hash_key": "customer", "range_key": "number"}
_ATTRIBUTES = {"customer": "S", "number": "N", "views": "N", **{f"a{kind}": kind for kind in _TYPES}}
TABLES: list[Json] = [
    {"name": "described", **_KEY, "attributes": _ATTRIBUTES},
    {
        "name": "described-versions",
        **_KEY,
        "attributes": {**_ATTRIBUTES, "revision": "N"},
        "version_attribute": "revision",
    },
]
OF_BOTH: list[Json] = [
    {"route": "GET /{customer}/{number}", "action": "GetItem"},
    {"route": "PUT /{customer}/{number}", "action": "PutItem"},
    {"route": "PATCH /{customer}/{number}", "action": "UpdateItem", "counters": ["views"]},
    {"route": "DELETE /{customer}/{number}", "action": "DeleteItem"},
]
ROUTES: list[Json] = [
    {
        "route": "GET /{customer}",
        "action": "Query",
        "key": {"number": {"ge": "query.least", "optional": True}},
        "order": "query.order",
    },
    {
        "route": "POST /new/{customer}",
        "action": "PutItem",
        "key": {"number": "body.number"},
        "attributes": ["aS", "aN"],
        "required": ["aN"],
    },
    {
        "route": "POST /find/{customer}",
        "action": "Query",
        "filter": {"aS": {"eq": "body.text", "optional": True}},
    },
    {"route": "DELETE /old/{customer}/{number}", "action": "DeleteItem", "returns": "old"},
    {"route": "GET /all", "action": "Scan", "filter": {"aS": {"eq": "query.text", "optional": True}}},
    {"route": "GET /some/{customer}", "action": "BatchGetItem", "keys": "query.numbers"},
    {"route": "POST /lookup", "action": "BatchGetItem", "keys": "body.keys"},
    {"route": "GET /same/{customer}", "action": "TransactGetItems", "keys": "query.numbers"},
    {"route": "POST /batch/{customer}", "action": "BatchWriteItem", "attributes": ["aS", "aN"]},
    {"route": "POST /together/{customer}", "action": "TransactWriteItems", "attributes": ["aS", "aN"]},
    {
        "route": "GET /statement/{customer}",
        "action": "ExecuteStatement",
        "statement": 'SELECT customer, aN FROM "described" WHERE customer = ?',
        "parameters": [{"S": "path.customer"}],
    },
]
SPEC: Json = {
    "name": "described",
    "tables": TABLES,
    "routes": [
        *({**route, "table": "described"} for route in ROUTES),
        *(
            {**route, "route": route["route"].replace(" /", f" /{table['name']}/"), "table": table["name"]}
            for table in TABLES
            for route in OF_BOTH
        ),
    ],
}
NO_SUCH_METHOD = "unsupported_method"
"""A check for 405. API Gateway answers 403 "Missing Authentication Token" where a path has no such method."""


@pytest.fixture(scope="module")
def api(local_aws: Any) -> Api:
    for table in TABLES:
        create_table(local_aws, table)
    return deploy(local_aws, SPEC)


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("document") / "openapi.json"
    file.write_text(json.dumps(compile_api(SPEC, [TEMPLATES]).definition))
    return file


def findings(document: Path, api: Api, phases: str, *without: str) -> str:
    """Return what Schemathesis finds; an empty text where that is nothing. The same requests in every run."""
    done = subprocess.run(
        [
            *(str(Path(sys.executable).with_name("schemathesis")), "run", str(document), "--url", api.url),
            *("--phases", phases, "--exclude-checks", ",".join((NO_SUCH_METHOD, *without))),
            *("--seed", "1", "--max-examples", "5", "--continue-on-failure", "--no-color"),
            "--generation-database=none",
        ],
        cwd=document.parent,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert "Test cases:" in done.stdout, done.stdout + done.stderr
    return done.stdout if done.returncode else ""


def test_the_examples_of_the_document_are_accepted(document: Path, api: Api) -> None:
    assert findings(document, api, "examples") == ""


def test_responses_are_as_the_document_says(document: Path, api: Api) -> None:
    """Not everything that the schemas allow is accepted: they cannot say that a key in the body is that of the path."""
    assert findings(document, api, "coverage,fuzzing", "positive_data_acceptance") == ""


@pytest.mark.parametrize(("method", "path"), [("PUT", "/described/a/1"), ("GET", "/described/a/1")])
def test_another_media_type_is_documented(document: Path, api: Api, method: str, path: str) -> None:
    answer = api.request(method, path, headers={"content-type": "text/xml"}, body=b"<a/>" if method == "PUT" else None)
    assert answer.status == 415
    operations = json.loads(document.read_text())["paths"]["/described/{customer}/{number}"]
    assert "415" in operations[method.lower()]["responses"]


def test_a_condition_that_fails_is_documented(document: Path, api: Api) -> None:
    for status in (201, 412):
        body = {"number": 77, "aN": 1}
        answer = api.request("POST", "/new/condition", headers={"if-none-match": "*"}, body=body)
        assert answer.status == status
    assert "412" in json.loads(document.read_text())["paths"]["/new/{customer}"]["post"]["responses"]


def test_a_body_that_may_be_missing_is_not_required(document: Path, api: Api) -> None:
    paths = json.loads(document.read_text())["paths"]
    for method, path, template, status in (
        ("POST", "/find/nobody", "/find/{customer}", 200),
        ("PUT", "/described/nobody/1", "/described/{customer}/{number}", 400),
        ("POST", "/new/nobody", "/new/{customer}", 400),
    ):
        assert api.request(method, path).status == status
        assert paths[template][method.lower()]["requestBody"]["required"] is (status == 400)
