# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The document is one of OpenAPI 3.0, for a public validator and for its readers; its examples fit its schemas."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from ansible_collections.codeless.apigateway.plugins.plugin_utils.compiler import compile_api
from ansible_collections.codeless.apigateway.plugins.plugin_utils.compiler.actions import ACTIONS
from openapi_spec_validator import OpenAPIV30SpecValidator

from integration.test_recipes import PAGE, recipes
from unit.compiler.specs import TEMPLATES, Json
from unit.compiler.test_reference import EXAMPLES, spec_of

VARS = Path(__file__).resolve().parents[3] / "playbooks" / "vars"
REFUSED_IN_MODELS = {"default", "deprecated", "discriminator", "example", "exclusiveMinimum", "readOnly"}
"""Of "Amazon API Gateway important notes": what an import loses or refuses."""

EVERY: Json = {
    "name": "orders",
    "hash_key": "customer",
    "range_key": "at",
    "attributes": {
        "customer": "S",
        "at": "N",
        "photo": "B",
        "paid": "BOOL",
        "none": "NULL",
        "address": "M",
        "lines": "L",
        "tags": "SS",
        "sizes": "NS",
        "blobs": "BS",
    },
}
KEY = {"customer": "path.customer", "at": "query.at"}
ROUTES = [
    {"route": "GET /{customer}/item", "action": "GetItem", "key": KEY, "projection": ["tags", "paid"]},
    {"route": "GET /{customer}", "action": "Query", "filter": {"paid": {"eq": "query.paid", "optional": True}}},
    {"route": "GET /{customer}/count", "action": "Query", "count_only": True},
    {"route": "HEAD /", "action": "Scan"},
    {"route": "PUT /{customer}/item", "action": "PutItem", "key": KEY},
    {"route": "PATCH /{customer}/item", "action": "UpdateItem", "key": KEY},
    {"route": "DELETE /{customer}/item", "action": "DeleteItem", "key": KEY},
    {"route": "POST /{customer}/batch", "action": "BatchGetItem", "keys": "body.keys"},
    {"route": "POST /{customer}/transact", "action": "TransactGetItems", "keys": "body.keys"},
    {
        "route": "ANY /{customer}/statement",
        "action": "ExecuteStatement",
        "statement": "SELECT * FROM orders WHERE customer = ?",
        "parameters": [{"S": "path.customer"}],
    },
    {"route": "POST /find", "action": "GetItem", "key": {"customer": "body.a.b", "at": "body.a.c"}},
]
SPECS = {
    "every-action": {"name": "every", "tables": [EVERY], "routes": ROUTES},
    "without-cors": {"name": "every", "tables": [EVERY], "routes": ROUTES[:3], "cors": False},
    **{path.stem: spec_of(yaml.safe_load(path.read_text())) for path in sorted(VARS.glob("*.yml"))},
    **{f"reference-{at}": spec_of(example) for at, example in enumerate(EXAMPLES)},
    **{recipe.title: {"name": "recipe", **spec_of(recipe.variables)} for recipe in recipes(PAGE)},
}


@pytest.mark.parametrize("name", SPECS)
def test_no_template_of_the_collection_is_warned_of(name: str) -> None:
    warnings = compile_api(SPECS[name], [TEMPLATES]).warnings
    assert [one for one in warnings if "authorizer" not in one.problem] == []


@pytest.fixture(params=SPECS, ids=str)
def document(request: pytest.FixtureRequest) -> Json:
    return compile_api(SPECS[request.param], [TEMPLATES]).definition


def operations(document: Json) -> Iterator[Json]:
    for methods in document["paths"].values():
        yield from methods.values()


def test_a_public_validator_has_nothing_against_it(document: Json) -> None:
    """`{proxy+}` is API Gateway's own; its parameter is named without the plus."""
    paths = {path.replace("+}", "}"): methods for path, methods in document["paths"].items()}
    assert list(OpenAPIV30SpecValidator({**document, "paths": paths}).iter_errors()) == []


def test_every_action_is_in_one_of_these_documents() -> None:
    used = {route["action"] for spec in SPECS.values() for route in spec.get("routes", ())}
    assert used == set(ACTIONS)


def test_a_reader_finds_what_an_operation_is(document: Json) -> None:
    ids = []
    for operation in operations(document):
        assert operation["summary"]
        assert all(parameter["description"] for parameter in operation.get("parameters", ()))
        assert all(response["description"] for response in operation["responses"].values())
        if operation["x-amazon-apigateway-integration"]["type"] == "aws":
            ids.append(operation["operationId"])
            assert operation["tags"]
    assert len(set(ids)) == len(ids) > 0


def media(document: Json) -> Iterator[Json]:
    for operation in operations(document):
        bodies = [operation.get("requestBody", {}), *operation["responses"].values()]
        yield from (content for body in bodies for content in body.get("content", {}).values())


def test_examples_fit_their_schemas(document: Json) -> None:
    found = list(media(document))
    assert found
    for content in found:
        schema = {**content["schema"], "components": document["components"]}
        jsonschema.Draft4Validator(schema).validate(content["example"])


def keywords(schema: Any) -> set[str]:
    """The keywords of a schema; the names of properties are none."""
    if not isinstance(schema, dict):
        return set()
    inner = [*schema.get("properties", {}).values(), schema.get("items"), schema.get("additionalProperties")]
    return set(schema).union(*map(keywords, inner))


def test_models_have_nothing_that_an_import_loses_or_refuses(document: Json) -> None:
    for name, schema in document["components"]["schemas"].items():
        assert name.isalnum()
        jsonschema.Draft4Validator.check_schema(schema)
        assert not keywords(schema) & REFUSED_IN_MODELS
    assert '"format": "int' not in json.dumps(document)
    assert "security" not in document
