# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Imports: the API matches the document, and a document with errors leaves the API unchanged."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from unit.control_plane.plane import ACCOUNT, REGION, ApiCallError, Plane, importable

SETTINGS: dict[str, Any] = {
    "x-amazon-apigateway-binary-media-types": ["image/png"],
    "x-amazon-apigateway-minimum-compression-size": 100,
    "x-amazon-apigateway-api-key-source": "AUTHORIZER",
    "x-amazon-apigateway-policy": {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "execute-api:/*"}
        ],
    },
    "x-amazon-apigateway-gateway-responses": {
        "DEFAULT_4XX": {"responseParameters": {"gatewayresponse.header.A": "'b'"}}
    },
    "x-amazon-apigateway-request-validators": {"all": {"validateRequestBody": True, "validateRequestParameters": True}},
    "x-amazon-apigateway-request-validator": "all",
}


@pytest.fixture
def plane(tmp_path: Path) -> Plane:
    return Plane(tmp_path)


def _import(plane: Plane, document: dict[str, Any], **more: Any) -> dict[str, Any]:
    answer: dict[str, Any] = plane.ImportRestApi(body=json.dumps(document).encode(), **more)
    return answer


def _put(plane: Plane, api_id: str, document: dict[str, Any], **more: Any) -> dict[str, Any]:
    answer: dict[str, Any] = plane.PutRestApi(restApiId=api_id, body=json.dumps(document).encode(), **more)
    return answer


def _draft(plane: Plane, api_id: str) -> dict[str, Any]:
    """Return everything that can be read of a draft."""
    return {
        "api": plane.GetRestApi(restApiId=api_id),
        "resources": plane.GetResources(restApiId=api_id, embed=["methods"], limit=500),
        "models": plane.GetModels(restApiId=api_id),
        "validators": plane.GetRequestValidators(restApiId=api_id),
        "responses": plane.GetGatewayResponses(restApiId=api_id),
        "authorizers": plane.GetAuthorizers(restApiId=api_id),
    }


def test_yaml_says_what_json_says(plane: Plane) -> None:
    document = importable(**SETTINGS)
    from_json = _import(plane, document)["id"]
    from_yaml = plane.ImportRestApi(body=yaml.safe_dump(document, sort_keys=False).encode())["id"]
    assert _named(plane, from_json) == _named(plane, from_yaml)


def _named(plane: Plane, api_id: str) -> dict[str, Any]:
    """Return a draft with names instead of ids."""
    draft = _draft(plane, api_id)
    del draft["api"]["createdDate"]
    text = json.dumps(draft).replace(api_id, "")
    for part, key in (("resources", "path"), ("models", "name"), ("validators", "name")):
        for item in draft[part]["item"]:
            text = text.replace(item["id"], item[key])
    named: dict[str, Any] = json.loads(text)
    return named


def test_settings_are_taken_over(plane: Plane) -> None:
    api_id = _import(plane, importable(**SETTINGS))["id"]
    draft = _draft(plane, api_id)
    api = draft["api"]
    assert api["binaryMediaTypes"] == ["image/png"]
    assert api["minimumCompressionSize"] == 100
    assert api["apiKeySource"] == "AUTHORIZER"
    # As AWS sends it: the text of the policy with escaped quotes and complete ARNs.
    policy = json.loads(json.loads(f'"{api["policy"]}"'))
    assert policy["Statement"][0]["Resource"] == f"arn:aws:execute-api:{REGION}:{ACCOUNT}:{api_id}/*"
    put = [response for response in draft["responses"]["item"] if not response["defaultResponse"]]
    assert [(response["responseType"], response["responseParameters"]) for response in put] == [
        ("DEFAULT_4XX", {"gatewayresponse.header.A": "'b'"})
    ]
    validator = draft["validators"]["item"][0]
    method = draft["resources"]["item"][-1]["resourceMethods"]["PUT"]
    assert (method["requestValidatorId"], method["requestModels"]) == (validator["id"], {"application/json": "Item"})


def test_overwrite_makes_the_draft_equal_to_the_document(plane: Plane) -> None:
    rich = importable(**SETTINGS)
    rich["info"]["description"] = "told"
    rich["paths"]["/other"] = copy.deepcopy(rich["paths"]["/items/{id}"])
    rich["paths"]["/other"]["parameters"] = []
    api_id = _import(plane, rich)["id"]
    before = _draft(plane, api_id)
    _put(plane, api_id, importable("b"), mode="overwrite")
    draft = _draft(plane, api_id)
    assert not {"description", "policy", "binaryMediaTypes", "minimumCompressionSize"} & draft["api"].keys()
    assert (draft["api"]["name"], draft["api"]["apiKeySource"]) == ("b", "HEADER")
    assert [item["path"] for item in draft["resources"]["item"]] == ["/", "/items", "/items/{id}"]
    assert draft["validators"]["item"] == []
    assert all(response["defaultResponse"] for response in draft["responses"]["item"])
    # Parts of both documents keep their ids.
    ids = {item["path"]: item["id"] for item in before["resources"]["item"]}
    assert all(ids[item["path"]] == item["id"] for item in draft["resources"]["item"])
    assert draft["models"]["item"][0]["id"] == before["models"]["item"][0]["id"]


def test_merge_keeps_what_the_document_lacks(plane: Plane) -> None:
    api_id = _import(plane, importable(**SETTINGS))["id"]
    small = importable()
    small["paths"] = {"/new": {"get": small["paths"]["/items/{id}"]["get"]}}
    _put(plane, api_id, small, mode="merge")
    draft = _draft(plane, api_id)
    assert [item["path"] for item in draft["resources"]["item"]] == ["/", "/items", "/items/{id}", "/new"]
    assert draft["api"]["minimumCompressionSize"] == 100
    assert draft["validators"]["item"][0]["name"] == "all"


BROKEN: dict[str, Any] = {
    "Unable to put integration on 'GET' for resource at path '/items/{id}': AWS ARN": {
        "type": "aws",
        "httpMethod": "POST",
        "uri": "arn:aws:iam::1:role/x",
    },
    "Enumeration value for HttpMethod must be non-empty": {
        "type": "aws",
        "uri": "arn:aws:apigateway:r:dynamodb:action/Q",
    },
    "Invalid mapping expression specified: nowhere": {"type": "mock", "requestParameters": {"nowhere": "'a'"}},
    "Invalid content type specified: json": {
        "type": "mock",
        "responses": {"default": {"statusCode": "200", "responseTemplates": {"json": ""}}},
    },
}


@pytest.mark.parametrize("mode", ["merge", "overwrite"])
@pytest.mark.parametrize("message", BROKEN)
def test_a_document_that_fails_leaves_the_draft(plane: Plane, message: str, mode: str) -> None:
    api_id = _import(plane, importable(**SETTINGS))["id"]
    before = _draft(plane, api_id)
    wrong = importable("changed")
    wrong["paths"]["/items/{id}"]["get"]["x-amazon-apigateway-integration"] = BROKEN[message]
    with pytest.raises(ApiCallError, match="Errors found during import") as error:
        _put(plane, api_id, wrong, mode=mode)
    assert message in error.value.message
    assert _draft(plane, api_id) == before
    assert _draft(plane.restarted(), api_id) == before


def test_all_errors_are_told_at_once(plane: Plane) -> None:
    wrong = importable()
    item = wrong["paths"]["/items/{id}"]
    wrong["components"]["schemas"]["not-alphanumeric"] = {"type": "object"}
    item["get"]["x-amazon-apigateway-request-validator"] = "unknown"
    item["put"]["x-amazon-apigateway-integration"] = {"type": "http", "httpMethod": "GET", "uri": "nowhere"}
    wrong["paths"]["/items/{other}"] = {"get": item["get"]}
    wrong["x-amazon-apigateway-gateway-responses"] = {"NO_SUCH_TYPE": {}}
    with pytest.raises(ApiCallError) as error:
        _import(plane, wrong)
    for part in (
        "'not-alphanumeric'",
        "Validator identifier specified: unknown",
        "Invalid HTTP endpoint specified for URI",
        "at path '/items/{other}': A sibling ({id}) of this resource already has a variable path part",
        "'NO_SUCH_TYPE'",
    ):
        assert part in error.value.message
    assert plane.GetRestApis()["item"] == []


def test_warnings_stop_an_import_where_they_shall(plane: Plane) -> None:
    document = importable()
    backend = document["paths"]["/items/{id}"]["get"]["x-amazon-apigateway-integration"]
    backend["requestParameters"] = {"integration.request.header.A": True}
    answer = _import(plane, document)
    assert answer["warnings"] == [
        "Invalid format for 'requestParameters'. Expected type string for property 'integration.request.header.A' "
        "of resource '/items/{id}' and method 'GET' but got 'true'"
    ]
    before = _draft(plane, answer["id"])
    with pytest.raises(ApiCallError, match="Warnings found during import"):
        _put(plane, answer["id"], document, failOnWarnings=True)
    assert _draft(plane, answer["id"]) == before


def test_inline_schemas_become_models(plane: Plane) -> None:
    document = importable()
    inline = {"type": "object", "properties": {"a": {"type": "string"}}}
    document["paths"]["/items/{id}"]["put"]["requestBody"]["content"]["application/json"]["schema"] = inline
    api_id = _import(plane, document)["id"]
    method = plane.GetResources(restApiId=api_id, embed=["methods"])["item"][-1]["resourceMethods"]["PUT"]
    name = method["requestModels"]["application/json"]
    assert json.loads(plane.GetModel(restApiId=api_id, modelName=name)["schema"]) == inline


def test_properties_may_have_the_names_of_what_schemas_lose(plane: Plane) -> None:
    document = importable()
    document["components"]["schemas"]["Item"] = {
        "type": "object",
        "default": {},
        "properties": {
            "default": {"type": "string", "readOnly": True},
            "example": {"type": "integer", "format": "int32"},
        },
    }
    api_id = _import(plane, document)["id"]
    schema = json.loads(plane.GetModel(restApiId=api_id, modelName="Item")["schema"])
    assert schema == {"type": "object", "properties": {"default": {"type": "string"}, "example": {"type": "integer"}}}


def test_a_draft_changes_nothing_that_is_deployed(plane: Plane) -> None:
    api_id = _import(plane, importable())["id"]
    plane.CreateDeployment(restApiId=api_id, stageName="dev")
    document = importable("b")
    document["paths"] = {"/new": {"get": document["paths"]["/items/{id}"]["get"]}}
    _put(plane, api_id, document, mode="overwrite")
    for current in (plane, plane.restarted()):
        served = current.control_plane.served(api_id, "dev")
        assert served
        assert {item["path"] for item in served.content.resources.values()} == {"/", "/items", "/items/{id}"}


def test_the_endpoint_type_is_a_parameter(plane: Plane) -> None:
    wanted = {"parameters": {"endpointConfigurationTypes": "REGIONAL"}}
    assert _import(plane, importable(), **wanted)["endpointConfiguration"]["types"] == ["REGIONAL"]
    with pytest.raises(ApiCallError, match="Valid options are REGIONAL,EDGE,PRIVATE"):
        _import(plane, importable(), parameters={"endpointConfigurationTypes": "LOCAL"})


@pytest.mark.parametrize("body", [b"", b"[]", b"text", b'{"openapi": "4.0", "paths": {}}', b'{"openapi": "3.0.1"}'])
def test_what_is_no_document(plane: Plane, body: bytes) -> None:
    with pytest.raises(ApiCallError, match="Invalid OpenAPI input"):
        plane.ImportRestApi(body=body)


def _documented(parameters: int) -> dict[str, Any]:
    document = importable()
    for number in range(parameters):
        operation = copy.deepcopy(document["paths"]["/items/{id}"]["get"])
        named = [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}]
        described = {"name": "q", "in": "query", "description": "Text.", "schema": {"type": "string"}}
        operation["parameters"] = [*named, described]
        operation["responses"] = {"200": {"description": "Text."}}
        operation.pop("operationId", None)
        document["paths"][f"/more{number}/{{id}}"] = {"get": operation}
    return document


def test_an_import_has_at_most_2000_documentation_parts(plane: Plane) -> None:
    document = _documented(5)
    document["x-amazon-apigateway-documentation"] = {
        "documentationParts": [
            {"location": {"type": "METHOD", "path": f"/a{number}", "method": "GET"}, "properties": {"description": "x"}}
            for number in range(1995)
        ]
    }
    with pytest.raises(ApiCallError, match="Maximum number of Documentation Parts for this API") as error:
        _import(plane, document)
    assert error.value.code == "LimitExceededException"
    assert _import(plane, document, parameters={"ignore": "documentation"})["id"]
    del document["x-amazon-apigateway-documentation"]
    assert _import(plane, document)["id"]


_HEAD = b"openapi: 3.0.1\npaths: {}\n"
_BOMBS = {
    "lists": b"a0: &a0 [x,x]\n" + b"".join(b"a%d: &a%d [*a%d,*a%d]\n" % (i, i, i - 1, i - 1) for i in range(1, 40)),
    "merges": b"a0: &a0 {x: 1}\n"
    + b"".join(b"a%d: &a%d {<<: [*a%d,*a%d]}\n" % (i, i, i - 1, i - 1) for i in range(1, 40)),
    "a circle": b"a: &a [*a]\n",
    "depth in brackets": b"a: " + b"[" * 100_000,
    "depth in blocks": b"a:\n  " + b"- " * 100_000,
    "many": b"l:\n" + b"- 1\n" * 600_000,
}


@pytest.mark.parametrize("bomb", _BOMBS)
def test_a_document_that_would_take_all_memory_is_refused(plane: Plane, bomb: str) -> None:
    with pytest.raises(ApiCallError, match=r"The document (has|is nested) more than"):
        plane.ImportRestApi(body=_HEAD + _BOMBS[bomb])


def test_aliases_and_merges_are_read(plane: Plane) -> None:
    body = b"openapi: 3.0.1\ninfo: &i {title: t}\nx: {<<: *i}\npaths: {/a: {get: &m {responses: {}}}, /b: {get: *m}}\n"
    api = plane.ImportRestApi(body=body)
    assert {item["path"] for item in plane.GetResources(restApiId=api["id"])["item"]} == {"/", "/a", "/b"}


@pytest.mark.parametrize("body", [b"[" * 100_000, b'{"a":' * 100_000], ids=["lists", "objects"])
def test_deep_json_is_no_document(plane: Plane, body: bytes) -> None:
    with pytest.raises(ApiCallError, match="Invalid OpenAPI input"):
        plane.ImportRestApi(body=body)


def test_yaml_without_a_json_equivalent_is_rejected(plane: Plane) -> None:
    for text in (
        "{openapi: 3.0.1, paths: {}, info: {title: 2026-13-45}}",
        "{openapi: 3.0.1, paths: {}, info: {title: !!bool 5}}",
        "{openapi: 3.0.1, paths: {}, info: {title: !!binary 5}}",
        "{openapi: 3.0.1, paths: {}, components: {schemas: {A: {enum: !!set {a: null}}}}}",
        "{openapi: 3.0.1, paths: {}, components: {schemas: {A: {enum: [.nan]}}}}",
        "{openapi: 3.0.1, paths: {}, components: {schemas: {A: {? [a, b] : 1}}}}",
        '{"openapi": "3.0.1", "paths": {}, "info": {"title": "\\ud800"}}',
        '{"openapi": "3.0.1", "paths": {}, "x": ' + "[" * 500 + "]" * 500 + "}",
    ):
        with pytest.raises(ApiCallError) as caught:
            plane.ImportRestApi(body=text.encode())
        assert (caught.value.status, caught.value.code) == (400, "BadRequestException"), text


def test_keys_and_dates_of_yaml_become_text(plane: Plane) -> None:
    text = "{openapi: 3.0.1, paths: {}, info: {version: 2026-01-01}, components: {schemas: {1: {enum: [2026-01-01]}}}}"
    assert plane.ImportRestApi(body=text.encode())["version"] == "2026-01-01"
