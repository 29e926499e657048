# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The import of the pet store, whose document is not recorded: written again from what the import made of it."""

from __future__ import annotations

import json
from typing import Any

from conformance.control_plane.replay import REGION, Replay, replays
from conformance.control_plane.scenario_imports import FILE, compare_methods

Raw = dict[str, Any]
LOCATIONS = {"querystring": "query", "path": "path", "header": "header"}
TEXT = {"type": "string"}


@replays(FILE + "test_import_swagger_api")
def pet_store(r: Replay) -> None:
    api_id = r.step("import-swagger", "import_rest_api", body=json.dumps(_document(r)), failOnWarnings=True)["id"]
    r.step("get-authorizers", "get_authorizers", restApiId=api_id)
    r.step("get-models", "get_models", restApiId=api_id)
    r.step("resources", "get_resources", restApiId=api_id)
    compare_methods(r, api_id)


def _document(r: Replay) -> Raw:
    """Return a Swagger document that asks for the recorded API."""
    api = r.recorded["import-swagger"]
    paths = {
        resource["path"]: {
            name.lower(): _operation(r.recorded[f"method-{resource['path'][1:] or 'root'}-{name.lower()}"])
            for name in resource.get("resourceMethods", {})
        }
        for resource in r.recorded["resources"]["items"]
    }
    return {
        "swagger": "2.0",
        "info": {"title": api["name"], "version": api["version"], "description": api["description"]},
        "paths": paths,
        "definitions": {model["name"]: _schema(model["schema"]) for model in r.recorded["get-models"]["items"]},
        "securityDefinitions": {item["name"]: _scheme(item) for item in r.recorded["get-authorizers"]["items"]},
    }


def _operation(method: Raw) -> Raw:
    responses = {status: _response(response) for status, response in method["methodResponses"].items()}
    raw: Raw = {
        "parameters": [
            *(_parameter(name, required) for name, required in method.get("requestParameters", {}).items()),
            *(_body(model) for model in method.get("requestModels", {}).values()),
        ],
        "responses": responses,
        "x-amazon-apigateway-integration": _integration(method["methodIntegration"]),
    }
    if "operationName" in method:
        raw["operationId"] = method["operationName"]
    if method["authorizationType"] == "CUSTOM":
        raw["security"] = [{"test-authorizer": []}]
    return raw


def _parameter(expression: str, required: bool) -> Raw:
    _unused, _unused, place, name = expression.split(".", 3)
    return {"name": name, "in": LOCATIONS[place], "required": required, **TEXT}


def _body(model: str) -> Raw:
    return {"name": model, "in": "body", "required": True, "schema": {"$ref": f"#/definitions/{model}"}}


def _response(response: Raw) -> Raw:
    headers = [name.removeprefix("method.response.header.") for name in response.get("responseParameters", {})]
    raw: Raw = {"description": "200 response", "headers": dict.fromkeys(headers, TEXT)}
    for model in response.get("responseModels", {}).values():
        raw["schema"] = {"$ref": f"#/definitions/{model}"}
    return raw


def _integration(integration: Raw) -> Raw:
    """The recording shows templates that are JSON as the JSON that they hold."""
    templates = {
        kind: template if isinstance(template, str) else json.dumps(template)
        for kind, template in integration.get("requestTemplates", {}).items()
    }
    raw = {
        "type": integration["type"].lower(),
        "passthroughBehavior": integration["passthroughBehavior"].lower(),
        "responses": {"default": integration["integrationResponses"]["200"]},
        "requestParameters": integration.get("requestParameters", {}),
        "requestTemplates": templates,
    }
    if "uri" in integration:
        uri = integration["uri"].replace("<region>", REGION)
        raw |= {"httpMethod": integration["httpMethod"], "uri": uri}
    return raw


def _schema(schema: Any) -> Any:
    """Return a recorded schema with its URLs of models as references within the document."""
    return json.loads(json.dumps(schema).replace("<model-base-url>/restapis/<rest-id:1>/models/", "#/definitions/"))


def _scheme(authorizer: Raw) -> Raw:
    members = ("identityValidationExpression", "authorizerResultTtlInSeconds")
    function = f"arn:aws:lambda:{REGION}:000000000000:function:authorizer"
    raw = {
        "type": authorizer["type"].lower(),
        "authorizerUri": f"arn:aws:apigateway:{REGION}:lambda:path/2015-03-31/functions/{function}/invocations",
        "authorizerCredentials": "arn:aws:iam::000000000000:role/authorizer",
        **{name: authorizer[name] for name in members if name in authorizer},
    }
    header = authorizer["identitySource"].removeprefix("method.request.header.")
    return {
        "type": "apiKey",
        "name": header,
        "in": "header",
        "x-amazon-apigateway-authtype": authorizer["authType"],
        "x-amazon-apigateway-authorizer": raw,
    }
