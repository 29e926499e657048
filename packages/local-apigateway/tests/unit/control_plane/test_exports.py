# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""An export with all extensions contains everything that was imported."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from unit.control_plane.plane import ApiCallError, Plane, importable
from unit.control_plane.test_imports import SETTINGS


@pytest.fixture
def plane(tmp_path: Path) -> Plane:
    return Plane(tmp_path)


def _rich() -> dict[str, Any]:
    document = importable(**SETTINGS)
    item = document["paths"]["/items/{id}"]
    query = {"name": "q", "in": "query", "required": True, "schema": {"type": "string"}}
    item["get"]["parameters"] = [query]
    item["get"]["security"] = [{"api_key": []}]
    item["put"]["security"] = [{"mine": []}]
    item["x-amazon-apigateway-any-method"] = {
        "responses": {},
        "security": [{"sigv4": []}],
        "x-amazon-apigateway-integration": {
            "type": "aws",
            "httpMethod": "POST",
            "uri": "arn:aws:apigateway:eu-central-1:dynamodb:action/Query",
            "credentials": "arn:aws:iam::123456789012:role/r",
            "requestTemplates": {"application/json": "#set($a = 1)\n{}"},
            "passthroughBehavior": "never",
            "timeoutInMillis": 1000,
            "responses": {
                "default": {"statusCode": "200"},
                "4\\d\\d": {"statusCode": "400", "responseTemplates": {"application/json": "x"}},
            },
        },
    }
    authorizer = {"type": "token", "authorizerUri": "arn:aws:x", "identitySource": "method.request.header.Auth"}
    header = {"type": "apiKey", "in": "header"}
    document["components"]["securitySchemes"] = {
        "api_key": {**header, "name": "x-api-key"},
        "sigv4": {**header, "name": "Authorization", "x-amazon-apigateway-authtype": "awsSigv4"},
        "mine": {
            **header,
            "name": "Auth",
            "x-amazon-apigateway-authtype": "custom",
            "x-amazon-apigateway-authorizer": authorizer,
        },
    }
    return document


def _readable(plane: Plane, api_id: str) -> Any:
    """Return the draft with names instead of ids."""
    resources = plane.GetResources(restApiId=api_id, embed=["methods"], limit=500)["item"]
    names = {item["id"]: item["name"] for item in plane.GetRequestValidators(restApiId=api_id)["item"]}
    names |= {item["id"]: item["name"] for item in plane.GetAuthorizers(restApiId=api_id)["item"]}
    names |= {item["id"]: item["path"] for item in resources}
    api = plane.GetRestApi(restApiId=api_id)
    # A policy names the API that it was written for.
    assert "Statement" in api.pop("policy")
    del api["createdDate"]
    responses = plane.GetGatewayResponses(restApiId=api_id)["item"]
    models = [{**model, "id": None} for model in plane.GetModels(restApiId=api_id)["item"]]
    text = json.dumps([api, resources, responses, models], sort_keys=True)
    for name, replacement in {**names, api_id: "api"}.items():
        text = text.replace(name, replacement)
    return json.loads(text)


@pytest.mark.parametrize("kind", ["oas30", "swagger"])
@pytest.mark.parametrize("accepts", ["application/json", "application/yaml"])
def test_an_export_can_be_imported(plane: Plane, kind: str, accepts: str) -> None:
    api_id = plane.ImportRestApi(body=json.dumps(_rich()).encode(), failOnWarnings=True)["id"]
    plane.CreateDeployment(restApiId=api_id, stageName="dev")
    wanted = {"restApiId": api_id, "stageName": "dev", "exportType": kind}
    exported = plane.GetExport(**wanted, parameters={"extensions": "apigateway"}, accepts=accepts)
    assert isinstance(yaml.safe_load(exported), dict)
    again = plane.ImportRestApi(body=exported, failOnWarnings=True)["id"]
    assert _readable(plane, again) == _readable(plane, api_id)


def test_an_export_is_of_what_is_deployed(plane: Plane) -> None:
    api_id = plane.ImportRestApi(body=json.dumps(importable()).encode())["id"]
    plane.CreateDeployment(restApiId=api_id, stageName="dev")
    changed = importable()
    changed["paths"] = {}
    plane.PutRestApi(restApiId=api_id, mode="overwrite", body=json.dumps(changed).encode())
    exported = json.loads(plane.GetExport(restApiId=api_id, stageName="dev", exportType="oas30"))
    assert exported["paths"].keys() == {"/items/{id}"}
    assert "x-amazon-apigateway-integration" not in json.dumps(exported)


def test_what_cannot_be_exported(plane: Plane) -> None:
    api_id = plane.ImportRestApi(body=json.dumps(importable()).encode())["id"]
    with pytest.raises(ApiCallError, match="Invalid stage identifier specified"):
        plane.GetExport(restApiId=api_id, stageName="dev", exportType="oas30")
    plane.CreateDeployment(restApiId=api_id, stageName="dev")
    with pytest.raises(ApiCallError, match="oas30, swagger"):
        plane.GetExport(restApiId=api_id, stageName="dev", exportType="wsdl")
