# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The requests of the recordings of models, validators, gateway responses and documentation."""

from __future__ import annotations

import json
from typing import Any

from conformance.control_plane.replay import Replay, patch, replace, replays

CLASS = "test_apigateway_api::TestApiGateway"
MODELS = CLASS + "ApiModels::"
VALIDATORS = CLASS + "ApiRequestValidator::"
RESPONSES = CLASS + "GatewayResponse::"
DOCUMENTATION = CLASS + "ApiDocumentationPart::"
JSON_TYPE = "application/json"


def _schema(title: str) -> str:
    return json.dumps({"title": title, "type": "object"})


@replays(MODELS + "test_model_lifecycle")
def model_lifecycle(r: Replay) -> None:
    api_id, _unused = r.new_api()
    properties = {
        "a": {"type": "number"},
        "b": {"type": "number"},
        "op": {"description": "operation of +, -, * or /", "type": "string"},
        "c": {"type": "number"},
    }
    schema = {"title": "Calc output", "type": "object", "properties": properties, "required": ["a", "b", "op"]}
    wanted = {"name": "CalcOutput", "contentType": JSON_TYPE, "description": "Calc output model"}
    r.step("create-model", "create_model", restApiId=api_id, **wanted, schema=json.dumps(schema))
    r.step("get-models", "get_models", restApiId=api_id)
    r.step("get-model", "get_model", restApiId=api_id, modelName="CalcOutput")
    r.step("del-model", "delete_model", restApiId=api_id, modelName="CalcOutput")


@replays(MODELS + "test_model_validation")
def model_validation(r: Replay) -> None:
    api_id, _unused = r.new_api()
    wanted = {"name": "MySchema", "contentType": JSON_TYPE, "description": "", "schema": _schema("MySchema")}
    unknown = {"restApiId": "abcde0", "modelName": "MySchema"}
    r.step("create-model-wrong-id", "create_model", restApiId="abcde0", **wanted)
    r.step("get-models-wrong-id", "get_models", restApiId="abcde0")
    r.step("get-model-wrong-id", "get_model", **unknown)
    r.step("del-model-wrong-id", "delete_model", **unknown)
    r.client.create_model(restApiId=api_id, **wanted)
    r.step("create-model-already-exists", "create_model", restApiId=api_id, **wanted)
    r.step("create-model-empty-name", "create_model", restApiId=api_id, **{**wanted, "name": ""})
    other: dict[str, Any] = {**wanted, "name": "MyEmptySchema"}
    r.step("create-model-empty-schema", "create_model", restApiId=api_id, **{**other, "schema": ""})
    del other["schema"]
    r.step("create-model-no-schema-json", "create_model", restApiId=api_id, **other)
    xml = {**other, "contentType": "application/xml"}
    r.step("create-model-no-schema-xml", "create_model", restApiId=api_id, **xml)


@replays(MODELS + "test_update_model")
def update_model(r: Replay) -> None:
    api_id, _unused = r.new_api()
    patches = [replace("/schema", _schema("Updated schema")), replace("/description", "")]
    unknown = {"restApiId": "abcde0", "modelName": "mySchema"}
    r.step("update-model-wrong-id", "update_model", **unknown, patchOperations=patches)
    wanted = {"name": "MySchema", "contentType": JSON_TYPE, "description": "", "schema": _schema("MySchema")}
    r.step("create-model", "create_model", restApiId=api_id, **wanted)
    one = {"restApiId": api_id, "modelName": "MySchema"}
    r.step("update-model", "update_model", **one, patchOperations=patches)
    added = [patch("add", "/wrong-path", "not supported op")]
    r.step("update-model-invalid-op", "update_model", **one, patchOperations=added)
    r.step("update-model-invalid-path", "update_model", **one, patchOperations=[replace("/name", "invalid")])
    r.step("update-model-empty-schema", "update_model", **one, patchOperations=[replace("/schema", "")])


@replays(VALIDATORS + "test_validators_crud_no_api")
def validators_without_api(r: Replay) -> None:
    api_id = "test-fake-rest-id"
    wanted = {"name": "test-validator", "validateRequestBody": True, "validateRequestParameters": False}
    r.step("wrong-rest-api-id-create-validator", "create_request_validator", restApiId=api_id, **wanted)
    r.step("wrong-rest-api-id-get-validators", "get_request_validators", restApiId=api_id)


@replays(VALIDATORS + "test_request_validator_lifecycle")
def validator_lifecycle(r: Replay) -> None:
    api_id = r.step("create-rest-api", "create_rest_api", name="a", description="my api")["id"]
    validator = r.step("create-request-validator", "create_request_validator", restApiId=api_id, name="b")
    one = {"restApiId": api_id, "requestValidatorId": validator["id"]}
    r.step("get-request-validator", "get_request_validator", **one)
    r.step("get-request-validators", "get_request_validators", restApiId=api_id)
    name = "update-request-validator-with"
    path = "/validateRequestBody"
    r.step(f"{name}-value", "update_request_validator", **one, patchOperations=[replace(path, "true")])
    r.step(f"{name}out-value", "update_request_validator", **one, patchOperations=[replace(path)])
    r.step("get-request-validators-after-update-operation", "get_request_validator", **one)
    r.step("delete-request-validator", "delete_request_validator", **one)
    r.step("get-deleted-request-validator", "get_request_validator", **one)
    r.step("get-request-validators-after-delete", "get_request_validators", restApiId=api_id)


@replays(VALIDATORS + "test_invalid_get_request_validator")
def get_validator_refused(r: Replay) -> None:
    api_id, _unused = r.new_api()
    validator_id = r.client.create_request_validator(restApiId=api_id, name="a")["id"]
    prefix = "get-request-validators-invalid-"
    wrong_api = {"restApiId": "api_id", "requestValidatorId": validator_id}
    r.step(prefix + "api-id", "get_request_validator", **wrong_api)
    wrong = {"restApiId": api_id, "requestValidatorId": "validator-id"}
    r.step(prefix + "validator-id", "get_request_validator", **wrong)


@replays(VALIDATORS + "test_invalid_get_request_validators")
def get_validators_refused(r: Replay) -> None:
    r.step("get-invalid-request-validators", "get_request_validators", restApiId="api_id")


@replays(VALIDATORS + "test_invalid_delete_request_validator")
def delete_validator_refused(r: Replay) -> None:
    api_id, _unused = r.new_api()
    validator_id = r.client.create_request_validator(restApiId=api_id, name="a")["id"]
    prefix = "delete-request-validator-invalid-"
    wrong_api = {"restApiId": "api_id", "requestValidatorId": validator_id}
    r.step(prefix + "api-id", "delete_request_validator", **wrong_api)
    wrong = {"restApiId": api_id, "requestValidatorId": "validator_id"}
    r.step(prefix + "validator-id", "delete_request_validator", **wrong)


@replays(VALIDATORS + "test_create_request_validator_invalid_api_id")
def create_validator_refused(r: Replay) -> None:
    r.step("invalid-create-request-validator", "create_request_validator", restApiId="api_id", name="a")


@replays(VALIDATORS + "test_invalid_update_request_validator_operations")
def update_validator_refused(r: Replay) -> None:
    api_id = r.step("create-rest-api", "create_rest_api", name="a", description="my api")["id"]
    validator = r.step("create-request-validator", "create_request_validator", restApiId=api_id, name="b")
    one = {"restApiId": api_id, "requestValidatorId": validator["id"]}
    for name, operation in (
        ("invalid-add-operation", patch("add", "/validateRequestBody", "true")),
        ("invalid-remove-operation", patch("remove", "/validateRequestBody", "true")),
        ("invalid-path", replace("/invalidPath", "true")),
        ("empty-name-value", replace("/name")),
    ):
        r.step(f"update-request-validator-{name}", "update_request_validator", **one, patchOperations=[operation])


RESPONSE_PARAMETERS = {
    "gatewayresponse.header.x-request-path": "method.request.path.petId",
    "gatewayresponse.header.Access-Control-Allow-Origin": "'a.b.c'",
    "gatewayresponse.header.x-request-query": "method.request.querystring.q",
    "gatewayresponse.header.x-request-header": "method.request.header.Accept",
}
MEMBERS = (
    '"message": $context.error.messageString',
    '"type":  "$context.error.responseType"',
    '"stage":  "$context.stage"',
    '"resourcePath":  "$context.resourcePath"',
    '"stageVariables.a":  "$stageVariables.a"',
    '"statusCode": "\'404\'"',
)
RESPONSE_TEMPLATES = {JSON_TYPE: "{\n     " + ",\n     ".join(MEMBERS) + "\n}"}
TOKEN = "MISSING_AUTHENTICATION_TOKEN"


@replays(RESPONSES + "test_gateway_response_crud")
def gateway_response_lifecycle(r: Replay) -> None:
    api_id, _unused = r.new_api()
    one = {"restApiId": api_id, "responseType": TOKEN}
    wanted = {"responseParameters": RESPONSE_PARAMETERS, "responseTemplates": RESPONSE_TEMPLATES}
    r.step("get-gateway-response-default", "get_gateway_response", **one)
    r.step("put-gateway-response", "put_gateway_response", **one, statusCode="404", **wanted)
    r.step("get-gateway-responses", "get_gateway_responses", restApiId=api_id)
    r.step("get-gateway-response", "get_gateway_response", **one)
    r.step("delete-gateway-response", "delete_gateway_response", **one)
    r.step("get-deleted-gw-response", "get_gateway_response", **one)


@replays(RESPONSES + "test_gateway_response_put")
def gateway_response_put(r: Replay) -> None:
    api_id, _unused = r.new_api()
    header = {"gatewayresponse.header.x-request-header": "method.request.header.Accept"}
    everything = {
        "statusCode": "404",
        "responseParameters": RESPONSE_PARAMETERS,
        "responseTemplates": RESPONSE_TEMPLATES,
    }
    for name, response_type, wanted in (
        ("all-value", TOKEN, everything),
        ("status-only", TOKEN, {"statusCode": "404"}),
        ("response-parameters-only", TOKEN, {"responseParameters": header}),
        ("response-templates-only", TOKEN, {"responseTemplates": RESPONSE_TEMPLATES}),
        ("default-5xx", "DEFAULT_5XX", {**everything, "statusCode": "599", "responseParameters": header}),
        ("default-ignored", "AUTHORIZER_FAILURE", {"responseParameters": {"gatewayresponse.header.foo": "'bar'"}}),
    ):
        one = {"restApiId": api_id, "responseType": response_type}
        r.step(f"put-gateway-response-{name}", "put_gateway_response", **one, **wanted)
    r.step("get-gateway-responses", "get_gateway_responses", restApiId=api_id)


@replays(RESPONSES + "test_gateway_response_validation")
def gateway_response_refused(r: Replay) -> None:
    api_id, _unused = r.new_api()
    unknown = {"restApiId": "fake-api-id", "responseType": "DEFAULT_4XX"}
    r.step("get-gateway-responses-no-api", "get_gateway_responses", restApiId="fake-api-id")
    r.step("get-gateway-response-no-api", "get_gateway_response", **unknown)
    r.step("delete-gateway-response-no-api", "delete_gateway_response", **unknown)
    r.step("update-gateway-response-no-api", "update_gateway_response", **unknown, patchOperations=[])
    not_set = {"restApiId": api_id, "responseType": "DEFAULT_4XX"}
    r.step("delete-gateway-response-not-set", "delete_gateway_response", **not_set)
    wrong = {"restApiId": api_id, "responseType": "FAKE_RESPONSE_TYPE"}
    for name, parameters in (
        ("get", {}),
        ("delete", {}),
        ("update", {"patchOperations": []}),
        ("put", {"statusCode": "404", "responseParameters": {}, "responseTemplates": {}}),
    ):
        step = f"{name}-gateway-response-wrong-response-type"
        r.step(step, f"{name}_gateway_response", **wrong, **parameters)


@replays(RESPONSES + "test_update_gateway_response")
def gateway_response_update(r: Replay) -> None:
    api_id, _unused = r.new_api()
    one = {"restApiId": api_id, "responseType": "DEFAULT_4XX"}
    status = [replace("/statusCode", "444")]
    r.step("update-gateway-response-not-set", "update_gateway_response", **one, patchOperations=status)
    r.step("default-get-gateway-response", "get_gateway_response", **one)
    nested = {JSON_TYPE: json.dumps({JSON_TYPE: '{"message":$context.error.messageString}'})}
    wanted = {"responseParameters": RESPONSE_PARAMETERS, "responseTemplates": nested}
    r.step("put-gateway-response", "put_gateway_response", **one, statusCode="404", **wanted)
    origin = "/responseParameters/gatewayresponse.header.Access-Control-Allow-Origin"
    xml = "/responseTemplates/application~1xml"
    error = "<message>$context.error.messageString</message><type>$context.error.responseType</type>"
    body = f"<gatewayResponse>{error}</gatewayResponse>"
    patches = [*status, replace(origin, "'example.com'"), patch("add", xml, body)]
    r.step("update-gateway-response", "update_gateway_response", **one, patchOperations=patches)
    r.step("get-gateway-response", "get_gateway_response", **one)
    for name, operation in (
        ("add-status-code", patch("add", "/statusCode", "444")),
        ("remove-status-code", patch("remove", "/statusCode")),
        ("no-path", {"op": "add", "value": "'example.com'"}),
        ("wrong-op", patch("wrong-op", "/statusCode", "'example.com'")),
        ("wrong-path", patch("add", "/wrongPath", "'example.com'")),
        ("replace-invalid-parameter-0-none", replace(xml)),
        ("replace-invalid-parameter-1-none", replace(origin)),
    ):
        r.step(f"update-gateway-{name}", "update_gateway_response", **one, patchOperations=[operation])
    other = {"restApiId": api_id, "responseType": "DEFAULT_5XX"}
    missing = [replace(origin, "'example.com'")]
    r.step("update-gateway-replace-invalid-parameter", "update_gateway_response", **other, patchOperations=missing)


SAID = {"location": {"type": "API"}, "properties": '{"description": "Sample API description"}'}


def _part(r: Replay) -> dict[str, str]:
    """The parameters that name a part of a new API."""
    api_id, _unused = r.new_api()
    return {
        "restApiId": api_id,
        "documentationPartId": r.client.create_documentation_part(restApiId=api_id, **SAID)["id"],
    }


@replays(DOCUMENTATION + "test_doc_parts_crud_no_api")
def documentation_without_api(r: Replay) -> None:
    api_id = "test-fake-rest-id"
    r.step("wrong-rest-api-id-create-doc-part", "create_documentation_part", restApiId=api_id, **SAID)
    r.step("wrong-rest-api-id-get-doc-parts", "get_documentation_parts", restApiId=api_id)


@replays(DOCUMENTATION + "test_documentation_part_lifecycle")
def documentation_lifecycle(r: Replay) -> None:
    api_id, _unused = r.new_api()
    part = r.step("create-documentation-part", "create_documentation_part", restApiId=api_id, **SAID)
    one = {"restApiId": api_id, "documentationPartId": part["id"]}
    r.step("get-documentation-part", "get_documentation_part", **one)
    r.step("get-documentation-parts", "get_documentation_parts", restApiId=api_id)
    patches = [replace("/properties", '{"description": "Updated Sample API description"}')]
    r.step("update-documentation-part", "update_documentation_part", **one, patchOperations=patches)
    r.step("get-documentation-part-after-update", "get_documentation_part", **one)
    r.step("delete_documentation_part", "delete_documentation_part", **one)


@replays(DOCUMENTATION + "test_invalid_get_documentation_part")
def documentation_get_refused(r: Replay) -> None:
    one = _part(r)
    prefix = "get-documentation-part-invalid-"
    r.step(prefix + "api-id", "get_documentation_part", **{**one, "restApiId": "api_id"})
    r.step(prefix + "doc-id", "get_documentation_part", **{**one, "documentationPartId": "doc_id"})


@replays(DOCUMENTATION + "test_invalid_get_documentation_parts")
def documentation_list_refused(r: Replay) -> None:
    r.step("get-inavlid-documentation-parts", "get_documentation_parts", restApiId="api_id")


@replays(DOCUMENTATION + "test_invalid_update_documentation_part")
def documentation_update_refused(r: Replay) -> None:
    one = _part(r)
    text = '{"description": "Updated Sample API description"}'
    prefix = "update-documentation-part-invalid-"
    wrong = {**one, "restApiId": "api_id", "patchOperations": [replace("/properties", text)]}
    r.step(prefix + "api-id", "update_documentation_part", **wrong)
    added = [patch("add", "/properties", text)]
    r.step(prefix + "add-operation", "update_documentation_part", **one, patchOperations=added)
    elsewhere = [replace("/invalidPath", text)]
    r.step(prefix + "path", "update_documentation_part", **one, patchOperations=elsewhere)


@replays(DOCUMENTATION + "test_invalid_create_documentation_part_operations")
def documentation_create_refused(r: Replay) -> None:
    api_id, _unused = r.new_api()
    prefix = "create_documentation_part_invalid_"
    r.step(prefix + "api_id", "create_documentation_part", restApiId="api_id", **SAID)
    wrong = {**SAID, "location": {"type": "INVALID"}}
    r.step(prefix + "location_type", "create_documentation_part", restApiId=api_id, **wrong)


@replays(DOCUMENTATION + "test_invalid_delete_documentation_part")
def documentation_delete_refused(r: Replay) -> None:
    one = _part(r)
    r.step("delete_documentation_part_wrong_api_id", "delete_documentation_part", **{**one, "restApiId": "api_id"})
    r.step("delete_documentation_part", "delete_documentation_part", **one)
    r.step("delete_already_deleted_documentation_part", "delete_documentation_part", **one)


@replays(DOCUMENTATION + "test_import_documentation_parts_bad_file")
def documentation_bad_file(r: Replay) -> None:
    api_id, _unused = r.new_api()
    for name, body in (("yaml", b"not: [a document"), ("json", b'{"not": "documentation"')):
        step = f"import-documentation-parts-bad-{name}-file"
        r.step(step, "import_documentation_parts", restApiId=api_id, mode="overwrite", body=body)


PARTS = [
    {
        "location": {"type": "API"},
        "properties": {
            "description": "API description",
            "info": {"description": "API info description 4", "version": "API info version 3"},
        },
    },
    {"location": {"type": "METHOD", "method": "GET"}, "properties": {"description": "Method description."}},
    {"location": {"type": "MODEL", "name": "Empty"}, "properties": {"title": "Empty Schema"}},
    {
        "location": {"type": "RESPONSE", "method": "GET", "statusCode": "200"},
        "properties": {"description": "200 response"},
    },
]


@replays(DOCUMENTATION + "test_import_documentation_parts")
def documentation_import(r: Replay) -> None:
    document = {
        "openapi": "3.0.0",
        "info": {"title": "documented", "version": "1"},
        "paths": {"/": {"get": {"responses": {"200": {"description": "200 response"}}}}},
        "components": {"schemas": {"Empty": {"type": "object"}}},
        "x-amazon-apigateway-documentation": {"version": "1.0.3", "documentationParts": PARTS},
    }
    api_id = r.client.import_rest_api(body=json.dumps(document))["id"]
    r.step("get-documentations-parts-after-api-imports", "get_documentation_parts", restApiId=api_id)
    body = json.dumps({"documentationParts": PARTS})
    wanted = {"restApiId": api_id, "mode": "overwrite", "body": body}
    r.step("import-documentation-parts", "import_documentation_parts", **wanted)
    r.step("get-documentations-parts-after-import", "get_documentation_parts", restApiId=api_id)


@replays("test_apigateway_common::TestDocumentations::test_documentation_parts_and_versions")
def documentation_versions(r: Replay) -> None:
    api_id, _unused = r.new_api()
    properties = json.dumps({"foo": "bar"})
    part = {"location": {"type": "API"}, "properties": properties}
    r.step("create-part-response", "create_documentation_part", restApiId=api_id, **part)
    r.step("get-parts-response", "get_documentation_parts", restApiId=api_id)
    one = {"restApiId": api_id, "documentationVersion": "v123"}
    r.step("create-version-response", "create_documentation_version", **one)
    patches = [replace("/description", "doc version new")]
    r.step("update-version-response", "update_documentation_version", **one, patchOperations=patches)
    r.step("get-version-response", "get_documentation_version", **one)
