# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Facts about deployed APIs, with requests of our own and the expectations that were recorded on AWS.

Each test names its source, a test of LocalStack's public snapshot tests: `integrations::test_x` is test_x in
test_apigateway_integrations.snapshot.json.
"""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from local_apigateway.gateway import Gateway
from local_apigateway.model import HttpResponse
from unit.gateway.kit import JSON, Api, RecordingBackend, Result, dynamodb, http_request, mock, send

LAMBDA = "arn:aws:apigateway:eu-central-1:lambda:path/2015-03-31/functions/f/invocations"


async def echo(request: web.Request) -> web.Response:
    return web.json_response(dict(request.headers))


def call(**integration: Any) -> Result:
    """Send a request to a web server that answers with the headers that it got."""

    async def run() -> Result:
        app = web.Application()
        app.router.add_route("*", "/{tail:.*}", echo)
        async with TestServer(app) as server:
            backend = {"httpMethod": "POST", "uri": str(server.make_url("/")), **integration}
            api = Api().method("GET /", {"integrationResponses": {"200": {"statusCode": "200"}}, **backend})
            gateway = Gateway(RecordingBackend())
            response = await gateway.respond(api.stage(), http_request("GET /"))
            await gateway.close()
            return Result(response.status, dict(response.headers), response.body, None)

    return asyncio.run(run())


@pytest.mark.parametrize("header", ["Expect", "Proxy-Authenticate", "TE", "Via"])
@pytest.mark.parametrize("kind", ["HTTP", "HTTP_PROXY"])
def test_headers_that_no_backend_gets_though_they_are_mapped(kind: str, header: str) -> None:
    """Recorded: integrations::TestApiGatewayHeaderRemapping::test_apigateway_header_remapping_http."""
    mappings = {f"integration.request.header.{name}": "'mapped'" for name in (header, "Max-Forwards")}
    seen = call(type=kind, requestParameters=mappings).json()
    assert (seen.get(header), seen["Max-Forwards"]) == (None, "mapped")


@pytest.mark.parametrize(
    "header", ["Max-Forwards", "Proxy-Authenticate", "Trailer", "Upgrade", "User-Agent", "WWW-Authenticate"]
)
def test_mapped_response_headers_that_are_renamed(header: str) -> None:
    """Recorded: full-integration of integrations::TestApiGatewayHeaderRemapping::test_apigateway_header_remapping_http.

    test_http_integration.py has the other headers.
    """
    parameters = {f"method.response.header.{header}": "'mapped'"}
    headers = call(
        type="HTTP", integrationResponses={"200": {"statusCode": "200", "responseParameters": parameters}}
    ).headers
    assert (headers.get(header), headers[f"x-amzn-Remapped-{header}"]) == (None, "mapped")


@pytest.mark.parametrize("header", ["X-Amzn-Trace-Id", "X-Amzn-Apigateway-Api-Id"])
def test_reserved_headers_of_api_gateway_cannot_be_mapped(header: str) -> None:
    """Documented: "Amazon API Gateway important notes", header names that are restricted."""
    result = call(type="HTTP", requestParameters={f"integration.request.header.{header}": "'mapped'"})
    assert (result.status, result.json()) == (500, {"message": "Internal server error"})


@pytest.mark.parametrize("status", [202, 400])
def test_a_response_template_of_a_service_sets_a_status_that_is_not_declared(status: int) -> None:
    """Recorded: lambda::test_lambda_aws_integration_response_with_mapping_templates, an integration of type AWS whose
    method declares 200 and 400, and not 202."""
    template = f'#set($context.responseOverride.status = {status}){{"seen": $input.json("$.state")}}'
    response = {"statusCode": "200", "selectionPattern": "", "responseTemplates": {JSON: template}}
    api = Api().method(
        "POST /",
        dynamodb(uri=LAMBDA, integrationResponses={"200": response}),
        methodResponses={"200": {"statusCode": "200"}, "400": {"statusCode": "400"}},
    )
    result = send(api, "POST /", backend=RecordingBackend(HttpResponse(200, (), b'{"state": "new"}')))
    assert (result.status, result.json()) == (status, {"seen": "new"})


@pytest.mark.parametrize(
    ("query", "seen"),
    [
        ("v=a%20b", "a b"),
        ("v=a+b", "a b"),
        ("v=a%2Bb", "a+b"),
        ("v=https://example.org/", "https://example.org/"),
        ("v=first&v=last", "last"),
    ],
)
def test_query_parameters_are_decoded_and_the_last_value_counts(query: str, seen: str) -> None:
    """Recorded: lambda::test_lambda_aws_proxy_integration (queryStringParameters), and a template with a blank in
    dynamodb::test_rest_api_to_dynamodb_integration[Query]."""
    api = Api().method("GET /", mock("$input.params('v')|$input.params().querystring.v"))
    assert send(api, f"GET /?{query}").body.decode() == f"{seen}|{seen}"


def test_path_parameters_keep_their_encoding() -> None:
    """Recorded: lambda::test_lambda_aws_proxy_integration (pathParameters of with-path-encoded-email)."""
    api = Api().method("GET /users/{name+}", mock("$input.params('name')"))
    assert send(api, "GET /users/a%2Bb@example.org/c+d").body == b"a%2Bb@example.org/c+d"


ORDER = {
    "type": "object",
    "required": ["state"],
    "properties": {"state": {"oneOf": [{"type": "null"}, {"$ref": "State"}]}, "items": {"type": "array"}},
}
STATE = {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}}}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"state": None}, 200),
        ({"state": {"name": "new"}}, 200),
        ({"state": {"name": 5}}, 400),
        ({"state": {}}, 400),
        ({"name": "new"}, 400),
        ({"state": None, "items": {}}, 400),
    ],
)
def test_models_of_draft_4_are_validated(body: dict[str, Any], status: int) -> None:
    """Recorded: common::TestApiGatewayCommon::test_api_gateway_request_validator_with_ref_one_ofmodels and
    test_api_gateway_request_validator_with_ref_models."""
    api = Api()
    base = "https://apigateway.amazonaws.com/restapis/abcdefghij/models/"
    for name, schema in (("Order", ORDER), ("State", STATE)):
        text = json.dumps(schema).replace('"$ref": "', f'"$ref": "{base}')
        api.content.models[name] = {"name": name, "schema": text}
    api.content.request_validators["v"] = {"validateRequestBody": True, "validateRequestParameters": False}
    api.method("POST /", mock("{}"), requestValidatorId="v", requestModels={JSON: "Order"})
    result = send(api, "POST /", json.dumps(body))
    assert result.status == status
    if status == 400:
        assert result.json() == {"message": "Invalid request body"}
