# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The requests of the recordings of imports. The documents are made so that they ask for what was recorded."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import yaml

from conformance.control_plane.replay import REGION, Replay, replays

FILE = "test_apigateway_import::TestApiGatewayImportRestApi::"
Raw = dict[str, Any]

ORIGIN, METHODS, HEADERS = (f"Access-Control-Allow-{name}" for name in ("Origin", "Methods", "Headers"))
EMPTY = {"title": "Empty Schema", "type": "object"}
DEMO = "http://petstore-demo-endpoint.execute-api.com/petstore"
TOKEN_HEADERS = "'Content-Type,X-Amz-Date,Authorization,X-Api-Key,X-Amz-Security-Token'"


def compare_methods(r: Replay, api_id: str, prefix: str = "") -> None:
    """Hold each method of the draft, and what is in it, against the recording."""
    for resource in r.client.get_resources(restApiId=api_id, limit=500)["items"]:
        for name in resource.get("resourceMethods", {}):
            method = {"restApiId": api_id, "resourceId": resource["id"], "httpMethod": name}
            place = f"{resource['path'][1:] or 'root'}-{name.lower()}"
            r.step(f"{prefix}method-{place}", "get_method", **method)
            r.step(f"{prefix}integration-{place}", "get_integration", **method)
            for step, operation in (
                ("method-response", "get_method_response"),
                ("integration-response", "get_integration_response"),
            ):
                if f"{prefix}{step}-{place}" in r.recorded:
                    r.step(f"{prefix}{step}-{place}", operation, **method, statusCode="200")


def openapi(title: str, version: str, paths: Raw, schemas: Raw | None = None, **more: Any) -> Raw:
    return {
        "openapi": "3.0.1",
        "info": {"title": title, "version": version},
        "paths": paths,
        "components": {"schemas": {"Empty": EMPTY} if schemas is None else schemas},
        **more,
    }


def swagger(title: str, version: str, paths: Raw, **more: Any) -> Raw:
    return {"swagger": "2.0", "info": {"title": title, "version": version}, "paths": paths, **more}


def ok(headers: Iterable[str] = (), model: str | None = None, openapi3: bool = True) -> Raw:
    """The responses of a method: 200 with these headers, and a body of this model."""
    text = {"type": "string"}
    response: Raw = {"description": "200 response"}
    if headers:
        response["headers"] = {name: {"schema": text} if openapi3 else text for name in headers}
    if model:
        schema = {"$ref": f"#/components/schemas/{model}"}
        response["content"] = {"application/json": {"schema": schema}}
    return {"200": response}


def integration(kind: str, headers: dict[str, str] | None = None, templates: Raw | None = None, **more: Any) -> Raw:
    default: Raw = {"statusCode": "200"}
    if headers:
        default["responseParameters"] = {f"method.response.header.{name}": value for name, value in headers.items()}
    if templates:
        default["responseTemplates"] = templates
    return {"type": kind, "responses": {"default": default}, "passthroughBehavior": "when_no_match", **more}


def mock(headers: dict[str, str] | None = None, templates: Raw | None = None, **more: Any) -> Raw:
    return integration(
        "mock", headers, templates, **{"requestTemplates": {"application/json": '{"statusCode": 200}'}, **more}
    )


def method(responses: Raw, backend: Raw, **more: Any) -> Raw:
    return {"responses": responses, "x-amazon-apigateway-integration": backend, **more}


def cors(names: str, headers: str = TOKEN_HEADERS) -> dict[str, str]:
    return {METHODS: f"'{names}'", HEADERS: headers, ORIGIN: "'*'"}


def pets(**more: Any) -> Raw:
    """Two paths with HTTP behind."""
    path_parameter = {"name": "petId", "in": "path", "required": True, "type": "string"}
    mapped = {"integration.request.path.id": "method.request.path.petId"}
    one = integration("http", httpMethod="GET", uri=f"{DEMO}/pets/{{id}}", requestParameters=mapped)
    paths = {
        "/pets": {"get": method(ok(), integration("http", httpMethod="GET", uri=f"{DEMO}/pets"))},
        "/pets/{petId}": {"get": method(ok(), one, parameters=[path_parameter])},
    }
    types = {"x-amazon-apigateway-binary-media-types": ["image/png", "image/jpg"]}
    return swagger("Simple PetStore (Swagger)", "1.0.0", paths, **types, **more)


@replays(FILE + "test_import_rest_api")
def import_binary(r: Replay) -> None:
    types = {"x-amazon-apigateway-binary-media-types": ["*/*"]}
    document = swagger("a", "1.0", {"/a": {"get": method(ok(), mock())}}, **types)
    r.step("import_rest_api", "import_rest_api", body=json.dumps(document), failOnWarnings=True)


@replays(FILE + "test_import_api_bad_file")
def bad_file(r: Replay) -> None:
    bad = {"yaml": 'test:\n  value:\n    - "value \\"\n', "json": "{'key:value}"}
    for name, body in bad.items():
        r.step(f"import-api-bad-{name}-file", "import_rest_api", body=body)
        r.step(f"put-rest-api-bad-{name}-file", "put_rest_api", restApiId="unknown", body=body)


@replays(FILE + "test_put_rest_api_mode_binary_media_types[merge]")
def binary_merged(r: Replay) -> None:
    _binary(r, "merge")


@replays(FILE + "test_put_rest_api_mode_binary_media_types[overwrite]")
def binary_overwritten(r: Replay) -> None:
    _binary(r, "overwrite")


def _binary(r: Replay, mode: str) -> None:
    api = r.step("create-rest-api", "create_rest_api", name="a", binaryMediaTypes=["image/heif"])
    r.step("get-rest-api", "get_rest_api", restApiId=api["id"])
    r.step("put-api", "put_rest_api", restApiId=api["id"], body=json.dumps(pets()), mode=mode)


def _with_authorizer() -> Raw:
    """A Swagger document with a base path, whose methods have a custom authorizer."""
    mine = {"security": [{"mine": []}]}
    headers = (ORIGIN, METHODS, HEADERS)
    paths = {
        "/test": {
            "get": method(ok((ORIGIN,), openapi3=False), mock({ORIGIN: "'*'"}), **mine),
            "options": method(ok(headers, openapi3=False), mock(cors("GET,OPTIONS")), **mine),
        }
    }
    function = f"arn:aws:lambda:{REGION}:000000000000:function:authorizer"
    authorizer = {
        "type": "request",
        "authorizerUri": f"arn:aws:apigateway:{REGION}:lambda:path/2015-03-31/functions/{function}/invocations",
        "identitySource": "method.request.querystring.auth",
    }
    scheme = {
        "type": "apiKey",
        "in": "query",
        "name": "auth",
        "x-amazon-apigateway-authtype": "custom",
        "x-amazon-apigateway-authorizer": authorizer,
    }
    return swagger("a", "2", paths, basePath="/base", securityDefinitions={"mine": scheme})


def _base_path_swagger(r: Replay, mode: str) -> None:
    api_id, _unused = r.new_api()
    wanted = {"body": json.dumps(_with_authorizer()), "mode": "overwrite", "parameters": {"basepath": mode}}
    r.step("put-rest-api-swagger-json", "put_rest_api", restApiId=api_id, **wanted)
    r.step("get-resources-swagger-json", "get_resources", restApiId=api_id)
    compare_methods(r, api_id)
    other = r.client.import_rest_api(body=json.dumps(pets()), parameters={"basepath": mode})["id"]
    r.step("get-resources-no-base-path-swagger", "get_resources", restApiId=other)
    compare_methods(r, other)


def _base_path_openapi(r: Replay, mode: str) -> None:
    api_id, _unused = r.new_api()
    variable = {"url": "https://testdomain.com", "variables": {"basePath": {"default": "/base-var"}}}
    url = {"url": "https://testdomain.com/base-url/part/"}
    event = {"integration.request.header.X-Amz-Invocation-Type": "'Event'"}
    more = {"integration.request.header.double-single": "'True'", "integration.request.header.nothing": True}
    for name, server, parameters in (("srv-var", variable, event), ("srv-url", url, {**event, **more})):
        paths = {
            "/test": {
                "get": method(ok((ORIGIN,), "Empty"), mock({ORIGIN: "'*'"}, requestParameters=parameters)),
                "options": method(ok((ORIGIN, METHODS, HEADERS), "Empty"), mock(cors("GET,OPTIONS"))),
            }
        }
        body = yaml.safe_dump(openapi("a", "2.0", paths, servers=[server]))
        wanted = {"restApiId": api_id, "body": body, "mode": "overwrite", "parameters": {"basepath": mode}}
        r.step(f"put-rest-api-oas30-{name}", "put_rest_api", **wanted)
        r.step(f"get-resources-oas30-{name}", "get_resources", restApiId=api_id)
        compare_methods(r, api_id, f"{name}-")


def _register_base_paths() -> None:
    for mode in ("ignore", "prepend", "split"):
        replays(f"{FILE}test_import_rest_apis_with_base_path_swagger[{mode}]")(
            lambda r, mode=mode: _base_path_swagger(r, mode)  # type: ignore[misc]
        )
        replays(f"{FILE}test_import_rest_api_with_base_path_oas30[{mode}]")(
            lambda r, mode=mode: _base_path_openapi(r, mode)  # type: ignore[misc]
        )


_register_base_paths()


@replays(FILE + "test_import_with_global_api_key_authorizer")
def global_authorizer(r: Replay) -> None:
    echo = {"application/json": '{"echo": "$input.params(\'data\')", "response": "mocked"}'}
    data = {"name": "data", "in": "path", "required": True, "schema": {"type": "string"}}
    anything = method(
        ok(model="Empty"), mock(templates=echo, passthroughBehavior="when_no_templates"), parameters=[data]
    )
    paths = {
        "/pets": {"get": method(ok(), integration("http", httpMethod="GET", uri=f"{DEMO}/pets"))},
        "/echo/{data}": {"x-amazon-apigateway-any-method": anything},
    }
    function = f"arn:aws:lambda:{REGION}:000000000000:function:authorizer"
    authorizer = {
        "type": "request",
        "authorizerUri": f"arn:aws:apigateway:{REGION}:lambda:path/2015-03-31/functions/{function}/invocations",
        "identitySource": "method.request.header.Custom-Authorization",
        "authorizerResultTtlInSeconds": 300,
    }
    scheme = {
        "type": "apiKey",
        "name": "X-Api-Key",
        "in": "header",
        "x-amazon-apigateway-authtype": "custom",
        "x-amazon-apigateway-authorizer": authorizer,
    }
    document = openapi("a", "1.0", paths, security=[{"GatewayAuthorizer": []}])
    document["components"]["securitySchemes"] = {"GatewayAuthorizer": scheme}
    document["x-amazon-apigateway-api-key-source"] = "AUTHORIZER"
    api_id = r.step("import-swagger", "import_rest_api", body=json.dumps(document))["id"]
    r.step("get-authorizers", "get_authorizers", restApiId=api_id)
    r.step("resources", "get_resources", restApiId=api_id)
    compare_methods(r, api_id)


@replays(FILE + "test_import_with_cognito_auth_identity_source")
def cognito(r: Replay) -> None:
    default, extra = "cognito-test-identity-source", "extra-test-identity-source"
    pool = f"arn:aws:cognito-idp:{REGION}:{r.account}:userpool/{REGION}_ABC123"
    scheme = {
        "type": "apiKey",
        "name": "TestHeaderAuth",
        "in": "header",
        "x-amazon-apigateway-authtype": "cognito_user_pools",
        "x-amazon-apigateway-authorizer": {"type": "cognito_user_pools", "providerARNs": [pool]},
    }

    def guarded(name: str, *scopes: str) -> Raw:
        backend = integration("http", httpMethod="GET", uri=f"{DEMO}/pets")
        return {"get": method(ok(), backend, security=[{name: list(scopes)}])}

    queries = [{"name": name, "in": "query", "schema": {"type": "string"}} for name in ("type", "page")]
    proxy = {
        "type": "HTTP_PROXY",
        "httpMethod": "GET",
        "uri": "http://petstore.execute-api.us-west-1.amazonaws.com/petstore/pets",
        "payloadFormatVersion": 1.0,
    }
    listed = method(ok((ORIGIN,), "Pets"), proxy, operationId="GET HTTP", parameters=queries)
    paths = {
        "/default-no-scope": guarded(default),
        "/default-scope-override": guarded(default, "openid"),
        "/non-default-authorizer": guarded(extra, "email", "openid"),
        "/pets": {"get": listed},
    }
    schemas = {"Pets": {"type": "array", "items": {"$ref": "#/components/schemas/Pet"}}, "Pet": {"type": "object"}}
    document = openapi("Example Pet Store", "1.0", paths, schemas, security=[{default: ["email"]}])
    document["info"]["description"] = "A Pet Store API."
    document["components"]["securitySchemes"] = {default: scheme, extra: scheme}
    api_id = r.step("import-swagger", "import_rest_api", body=json.dumps(document))["id"]
    r.compare("get-authorizers", r.client.get_authorizers(restApiId=api_id)["items"])
    r.step("resources", "get_resources", restApiId=api_id)
    compare_methods(r, api_id)


def _circular(validated: bool) -> Raw:
    person = {
        "type": "object",
        "description": "Random person schema.",
        "properties": {
            "name": {"type": "string", "description": "Random property"},
            "b": {"type": "number"},
            "house": {"$ref": "#/components/schemas/House"},
        },
        "required": ["b", "name"],
    }
    living = {
        "type": "array",
        "minItems": 1,
        "description": "The information of who is living in the house",
        "items": {"$ref": "#/components/schemas/Person"},
    }
    house = {
        "type": "object",
        "description": "Where a Person can live",
        "properties": {
            "randomProperty": {"type": "string", "description": "Random property", "format": "byte"},
            "contains": living,
        },
    }
    echo = {"application/json": '{"echo": $input.json(\'$\'), "response": "mocked"}'}
    body = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Person"}}}, "required": True}
    backend = mock(templates=echo, passthroughBehavior="when_no_templates")
    post = method(ok(model="Empty"), backend, operationId="CreatePerson", requestBody=body)
    schemas = {"Person": person, "House": house, "Empty": EMPTY}
    document = openapi("Circular model reference", "1.0", {"/person": {"post": post}}, schemas)
    if validated:
        basic = {"validateRequestBody": True, "validateRequestParameters": True}
        document["x-amazon-apigateway-request-validators"] = {"basic": basic}
        document["x-amazon-apigateway-request-validator"] = "basic"
    return document


@replays(FILE + "test_import_with_circular_models")
def circular_models(r: Replay) -> None:
    api_id = r.step("import-api", "import_rest_api", body=json.dumps(_circular(validated=False)))["id"]
    r.step("get-models", "get_models", restApiId=api_id)
    r.step("resources", "get_resources", restApiId=api_id)
    compare_methods(r, api_id)


@replays(FILE + "test_import_with_circular_models_and_request_validation")
def circular_models_validated(r: Replay) -> None:
    api_id = r.step("import-api", "import_rest_api", body=json.dumps(_circular(validated=True)))["id"]
    r.step("get-models", "get_models", restApiId=api_id)
    r.step("request-validators", "get_request_validators", restApiId=api_id)
    r.step("resources", "get_resources", restApiId=api_id)
    compare_methods(r, api_id)


@replays(FILE + "test_import_with_integer_http_status_code")
def integer_status(r: Replay) -> None:
    event = {"integration.request.header.X-Amz-Invocation-Type": "'Event'"}
    get = method(ok((ORIGIN,), "Empty"), mock({ORIGIN: "'*'"}, requestParameters=event))
    get["responses"] = {200: get["responses"]["200"]}
    get["x-amazon-apigateway-integration"]["responses"]["default"]["statusCode"] = 200
    body = yaml.safe_dump(openapi("a", "2.0", {"/test": {"get": get}}))
    api_id = r.client.import_rest_api(body=body)["id"]
    r.step("resources", "get_resources", restApiId=api_id)
    compare_methods(r, api_id)


@replays(FILE + "test_import_and_validate_rest_api[openapi.spec.tf.json]")
def from_terraform(r: Replay) -> None:
    region = "us-west-2"
    function = f"arn:aws:lambda:{region}:000000000000:function:s3OnObjectCreatedLambda-60c92b6"
    uri = f"arn:aws:apigateway:{region}:lambda:path/2015-03-31/functions/{function}/invocations"
    proxy = integration("aws_proxy", {ORIGIN: "'*'"}, httpMethod="POST", uri=uri, contentHandling="CONVERT_TO_TEXT")
    paths = {
        "/": {
            "get": method(ok((ORIGIN,), "Empty"), proxy, security=[{"api_key": []}]),
            "options": method(ok((ORIGIN, METHODS, HEADERS), "Empty"), mock(cors("GET,OPTIONS"))),
        }
    }
    document = openapi("a", "1", paths)
    document["info"]["version"] = 1
    document["components"]["securitySchemes"] = {"api_key": {"type": "apiKey", "name": "x-api-key", "in": "header"}}
    _validated(r, document)


@replays(FILE + "test_import_and_validate_rest_api[swagger-mock-cors.json]")
def from_sam(r: Replay) -> None:
    headers = {ORIGIN: "'http://localhost:8080'", METHODS: "'OPTIONS,POST,GET'", HEADERS: "'Content-Type'"}
    templates = {"application/json": '{\n  "statusCode" : 200\n}\n'}
    options = {"type": "mock", "requestTemplates": templates, "responses": {"default": {"statusCode": "200"}}}
    default = options["responses"]["default"]  # type: ignore[index]
    default["responseTemplates"] = {"application/json": "{}\n"}
    default["responseParameters"] = {f"method.response.header.{key}": value for key, value in headers.items()}
    responses = ok((ORIGIN, HEADERS, METHODS), openapi3=False)
    paths = {}
    for path in ("/product/{product_id}", "/product"):
        recorded = r.recorded[f"method-{path[1:]}-get"]["methodIntegration"]["uri"]
        recorded = recorded.replace("<partition>", "aws").replace("<region>", REGION)
        proxy = {"type": "aws_proxy", "httpMethod": "POST", "uri": recorded}
        paths[path] = {"options": method(responses, options), "get": method({}, proxy)}
    _validated(r, swagger("aws-serverless-shopping-cart-product-mock", "1.0", paths))


def _validated(r: Replay, document: Raw) -> None:
    imported = r.step("import_tf_rest_api", "import_rest_api", body=json.dumps(document), failOnWarnings=True)
    r.step("get-models", "get_models", restApiId=imported["id"])
    r.step("resources", "get_resources", restApiId=imported["id"])
    compare_methods(r, imported["id"])


@replays(FILE + "test_import_with_http_method_integration")
def http_method(r: Replay) -> None:
    recorded = r.recorded["method-root-get"]["methodIntegration"]
    function = f"arn:aws:lambda:{REGION}:{r.account}:function:a"
    backend = integration(
        "aws",
        httpMethod="POST",
        uri=f"arn:aws:apigateway:{REGION}:lambda:path/2015-03-31/functions/{function}/invocations",
        requestParameters=recorded["requestParameters"],
        requestTemplates=recorded["requestTemplates"],
        contentHandling="CONVERT_TO_TEXT",
        passthroughBehavior="when_no_templates",
    )
    paths = {
        "/": {
            "get": method(ok(model="Empty"), backend),
            "options": method(ok((HEADERS,), "Empty"), mock({HEADERS: "'Content-Type'"})),
        }
    }
    api_id = r.client.import_rest_api(body=json.dumps(openapi("a", "1", paths)), failOnWarnings=True)["id"]
    r.step("resources", "get_resources", restApiId=api_id)
    compare_methods(r, api_id)
