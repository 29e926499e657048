# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Responses recorded on AWS compared with ours: payload conversions, headers, and logs of TestInvokeMethod."""

from __future__ import annotations

import ast
import asyncio
import base64
import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from local_apigateway.gateway import Gateway
from local_apigateway.model import HttpResponse
from unit.gateway.kit import JSON, Api, RecordingBackend, Result, dynamodb, http_request, mock, send

RECORDINGS = Path(__file__).parents[5].resolve().parent / "shared" / "apigateway_snapshots"
RAW = gzip.compress(b"compressed data, should be invalid UTF-8 string", mtime=1676569620)
PAYLOADS = {"raw": RAW, "encoded": base64.b64encode(RAW), "text": b"this is a UTF8 text typed object"}

pytestmark = pytest.mark.skipif(not RECORDINGS.exists(), reason=f"the recordings are not here: {RECORDINGS}")


def recording(file: str, test: str) -> dict[str, Any]:
    """Return the recorded responses of one test by name."""
    recordings = json.loads((RECORDINGS / f"test_apigateway_{file}.snapshot.json").read_text())
    found = [entry for name, entry in recordings.items() if name.endswith(f"::{test}")]
    assert len(found) == 1
    return dict(found[0]["recorded-content"])


def recorded_bytes(text: str) -> bytes:
    """Convert a recorded payload, which is text or Python's repr of bytes."""
    return bytes(ast.literal_eval(text)) if text.startswith(("b'", 'b"')) else text.encode()


def s3_cases(kind: str) -> Iterator[tuple[str, str | None, str, bytes]]:
    """(recorded name, contentHandling, name of the payload, recorded payload) of the S3 tests of one direction."""
    tests = {
        "request": {"request[None]": None, "request[CONVERT_TO_TEXT]": "CONVERT_TO_TEXT"},
        "response": {
            "response_no_content_handling": None,
            "response_convert_to_text": "CONVERT_TO_TEXT",
            "response_convert_to_binary": "CONVERT_TO_BINARY",
        },
    }
    tests["request"]["request_convert_to_binary"] = "CONVERT_TO_BINARY"
    if not RECORDINGS.exists():
        return
    for test, handling in tests[kind].items():
        for name, result in recording("s3", f"test_apigw_s3_binary_support_{test}").items():
            payload = result.get("Body", result.get("content"))
            words = set(name.split("-"))
            if payload is not None:
                kept = "raw" if "raw" in words else "encoded" if "encoded" in words else "text"
                yield name, handling, kept, recorded_bytes(payload)


REQUESTS, RESPONSES = list(s3_cases("request")), list(s3_cases("response"))


def test_all_recorded_payloads_are_here() -> None:
    assert (len(REQUESTS), len(RESPONSES)) == (23, 37)


def binary_api(name: str, **integration: Any) -> Api:
    """The API of the recording; some names stand for an API without binary media types."""
    api = Api().method("ANY /", dynamodb(uri="arn:aws:apigateway:eu-central-1:s3:path/bucket/key", **integration))
    has_media_types = "no-binary-media" not in name and "no-media" not in name
    api.content.settings["binaryMediaTypes"] = ["image/png"] if has_media_types else []
    return api


@pytest.mark.parametrize(("name", "handling", "payload", "expected"), REQUESTS)
def test_recorded_request_payloads(name: str, handling: str | None, payload: str, expected: bytes) -> None:
    content_type = "text/plain" if "text-type" in name else "image/png"
    backend = RecordingBackend()
    api = binary_api(name, contentHandling=handling)
    send(api, "PUT /", PAYLOADS[payload], {"Content-Type": content_type}, backend)
    assert backend.calls[0]["body"] == expected


@pytest.mark.parametrize(("name", "handling", "payload", "expected"), RESPONSES)
def test_recorded_response_payloads(name: str, handling: str | None, payload: str, expected: bytes) -> None:
    content_type = "image/png" if "payload-binary" in name else "binary/octet-stream"
    accept = "text/plain" if "accept-text" in name else "image/png"
    backend = RecordingBackend(HttpResponse(200, (("Content-Type", content_type),), PAYLOADS[payload]))
    api = binary_api(name, integrationResponses={"200": {"statusCode": "200", "contentHandling": handling}})
    assert send(api, "GET /", headers={"Accept": accept}, backend=backend).body == expected


CLIENT_HEADERS = {
    "Accept": JSON,
    "Accept-Charset": "UTF-8",
    "Accept-Encoding": "br",
    "Age": "request_Age",
    "Authorization": "Unauthorized",
    "Connection": "close",
    "Content-Encoding": "deflate",
    "Content-MD5": "request_Content-MD5",
    "Content-Type": JSON,
    "Date": "request_Date",
    "Expect": "100-continue",
    "Max-Forwards": "2",
    "Pragma": "cache",
    "Proxy-Authenticate": "Basic",
    "Range": "bytes=500-999",
    "Referer": "https://example.com/",
    "Server": "https://example.com/",
    "TE": "deflate",
    "Trailer": "Expires",
    "Transfer-Encoding": "chunked",
    "Upgrade": "HTTP/2.0",
    "User-Agent": "localStack/0.0",
    "Via": "p.example.net",
    "Warn": "299 localStack/0.0",
    "WWW-Authenticate": "Basic YWxhZGRpbjpvcGVuc2VzYW1l",
}
MAPPED_HEADERS = {
    "Accept": "text/html",
    "Accept-Charset": "UTF-16",
    "Accept-Encoding": "zstd",
    "Age": "request_params_age",
    "Authorization": "request_params_authorization",
    "Connection": "keep-alive",
    "Content-Encoding": "compress",
    "Content-MD5": "request_params_Content-MD5",
    "Content-Type": JSON,
    "Date": "request_params_Date",
    "Expect": "200-ok",
    "Max-Forwards": "2",
    "Pragma": "no-cache",
    "Proxy-Authenticate": "Basic",
    "Range": "bytes=0-499",
    "Referer": "https://example.com/page",
    "Server": "https://example.com/page",
    "TE": "gzip",
    "Trailer": "user-agent",
    "Upgrade": "HTTP/2.0",
    "User-Agent": "Override-Agent",
    "Via": "othersite.net",
    "Warn": '110 anderson/1.3.37 "Response is stale"',
    "WWW-Authenticate": "Basic YWxhZGRpbjpvcGVuc2VzYW1l",
}
OF_THE_CONNECTION = {"date", "host", "content-length", "connection", "x-amzn-trace-id"}
"""Headers whose values differ from one exchange, or one server, to the next."""
OF_THE_RECORDER = {"x-forwarded-for", "x-forwarded-port", "x-forwarded-proto"}
"""Headers that the recording's web server removes from its response."""


async def echo(request: web.Request) -> web.Response:
    headers = {"Access-Control-Allow-Origin": "*", "Access-Control-Allow-Credentials": "true"}
    return web.json_response({"headers": dict(request.headers), "data": await request.text()}, headers=headers)


def remapped(kind: str, integration: dict[str, Any]) -> Result:
    """The request of the recording, through an integration of `kind` to a web server that returns what it received."""

    async def run() -> Result:
        app = web.Application()
        app.router.add_route("*", "/{tail:.*}", echo)
        async with TestServer(app) as server:
            api = Api().method(
                "GET /", {"type": kind, "httpMethod": "POST", "uri": str(server.make_url("/")), **integration}
            )
            gateway = Gateway(RecordingBackend())
            response = await gateway.respond(api.stage(), http_request("GET /", headers=CLIENT_HEADERS))
            await gateway.close()
            return Result(response.status, dict(response.headers), response.body, None)

    return asyncio.run(run())


def full() -> dict[str, Any]:
    """The integration `full` of the recording, which maps each header both ways."""
    names = [*CLIENT_HEADERS, "Host", "Content-Length"]
    template = ",".join(f'"{name}": "$input.params(\'{name}\')"' for name in names)
    return {
        "requestParameters": {
            f"integration.request.header.{name}": f"'{value}'" for name, value in MAPPED_HEADERS.items()
        },
        "requestTemplates": {JSON: f"{{{template}}}"},
        "integrationResponses": {
            "200": {
                "statusCode": "200",
                "responseParameters": {f"method.response.header.{name}": f"'response_param_{name}'" for name in names},
            }
        },
    }


def comparable(headers: dict[str, str], *without: set[str]) -> dict[str, str]:
    left_out = set().union(*without)
    return {name.lower(): value for name, value in headers.items() if name.lower() not in left_out}


@pytest.mark.parametrize("kind", ["HTTP", "HTTP_PROXY"])
@pytest.mark.parametrize("case", ["no-param-integration", "full-integration"])
def test_recorded_request_headers(kind: str, case: str) -> None:
    expected = recording("integrations", f"test_apigateway_header_remapping_http[{kind}]")[case]
    plain = {"integrationResponses": {"200": {"statusCode": "200"}}}
    seen = remapped(kind, full() if case == "full-integration" else plain).json()
    ours = comparable(seen["headers"], OF_THE_CONNECTION, OF_THE_RECORDER)
    recorded = comparable(expected["headers"], OF_THE_CONNECTION)
    recorded["x-amzn-apigateway-api-id"] = "abcdefghij"
    recorded["user-agent"] = recorded["user-agent"].replace("<apigw-id:1>", "abcdefghij")
    assert ours == recorded


def test_recorded_view_of_templates() -> None:
    """What a template saw of each header: the body of the HTTP recording."""
    expected = recording("integrations", "test_apigateway_header_remapping_http[HTTP]")["full-integration"]["body"]
    seen = json.loads(remapped("HTTP", full()).json()["data"])
    # AWS puts its own network in front of Via and the domain into Host, and the recorder hides the date.
    changing = ("Host", "Via", "Date")
    assert {name: seen[name] for name in expected if name not in changing} == {
        name: value for name, value in expected.items() if name not in changing
    }


def test_recorded_response_headers() -> None:
    expected = recording("integrations", "test_apigateway_header_remapping_http[HTTP]")["full-integration"]
    ours = comparable(remapped("HTTP", full()).headers, {"x-amzn-requestid", "x-amz-apigw-id"}, OF_THE_CONNECTION)
    recorded = comparable(expected["response-headers"], {"x-amzn-requestid", "x-amz-apigw-id"}, OF_THE_CONNECTION)
    recorded["via"] = "response_param_Via"
    recorded["x-amzn-remapped-date"] = "response_param_Date"
    assert ours == recorded


def test_recorded_response_headers_of_a_proxy() -> None:
    expected = recording("integrations", "test_apigateway_header_remapping_http[HTTP_PROXY]")["no-param-integration"]
    ours = remapped("HTTP_PROXY", {})
    # The recording shows a content type without a charset, and AWS's own identifiers.
    names = {name.lower() for name in expected["response-headers"]} - {"connection", "content-length", "date"}
    assert names - {name.lower() for name in ours.headers} == {"x-amzn-remapped-connection"}


@pytest.mark.parametrize("case", ["content-length", "transfer-encoding"])
@pytest.mark.parametrize("kind", ["HTTP", "HTTP_PROXY"])
def test_recorded_refusal_of_headers(kind: str, case: str) -> None:
    expected = recording("integrations", f"test_apigateway_header_remapping_http[{kind}]")[case]
    result = remapped(kind, {"requestParameters": {f"integration.request.header.{case.title()}": "'0'"}})
    assert (result.status, result.json()) == (500, expected["body"])
    assert str(len(result.body)) == expected["response-headers"]["Content-Length"]
    for name in ("Content-Type", "x-amzn-ErrorType"):
        assert result.headers[name] == expected["response-headers"][name]


PETS = (
    Api()
    .method("GET /pets", mock('{"pets": "all the pets"}'))
    .method("GET /pets/{petId}", mock('{"petId": "$input.params(\'petId\')"}'))
    .method("POST /pets/{petId}", mock('{"petId": "$input.params(\'petId\')"}'))
)
TESTS: dict[str, tuple[str, dict[str, str]]] = {
    "get-pets": ("GET /pets", {}),
    "get-pets-bad-path": ("GET /pets", {"pathWithQueryString": "/random/test"}),
    "get-pets-id": ("GET /pets/{petId}", {"pathWithQueryString": "/pets/123"}),
    "get-pets-id-no-path": ("GET /pets/{petId}", {}),
    "get-pets-id-bad-path": ("GET /pets/{petId}", {"pathWithQueryString": "/random/test"}),
    "get-with-qs": ("GET /pets/{petId}", {"pathWithQueryString": "/pets/123?foo=bar"}),
    "post-with-body": ("POST /pets/{petId}", {"pathWithQueryString": "/pets/123", "body": '{"foo": "bar"}'}),
}


def masked(log: str) -> list[str]:
    """A log with its request id and its times masked as in the recording."""
    request_id = log.split("\n", 1)[0].rsplit(" ", 1)[-1]
    stamp = re.compile(r"^\w{3} \w{3} \d\d \d\d:\d\d:\d\d UTC \d{4} : ", re.MULTILINE)
    return stamp.sub("DDD MMM dd hh:mm:ss UTC yyyy : ", log.replace(request_id, "<id>")).split("\n")


def invoke_test(api: Api, route: str, test: dict[str, str]) -> dict[str, Any]:
    http_method, path = route.split(" ")
    resource_id = next(key for key, resource in api.content.resources.items() if resource["path"] == path)
    return asyncio.run(Gateway(RecordingBackend()).test_invoke(api.stage(), resource_id, http_method, test))


def same_as_recorded(result: dict[str, Any], expected: dict[str, Any]) -> None:
    assert json.loads(result["body"]) == expected["body"]
    for member in ("status", "headers", "multiValueHeaders"):
        assert result[member] == expected[member]
    recorded = [re.sub(r"<request-id-\d+>", "<id>", line) for line in expected["log"].values()]
    assert masked(result["log"]) == recorded


@pytest.mark.parametrize("name", TESTS)
def test_recorded_test_invocations(name: str) -> None:
    route, test = TESTS[name]
    expected = recording("api", "TestApigatewayTestInvoke::test_invoke_test_method")[f"test-invoke-method-{name}"]
    same_as_recorded(invoke_test(PETS, route, test), expected)


def test_recorded_failure_of_a_test_invocation() -> None:
    recordings = json.loads((RECORDINGS / "test_apigateway_api.snapshot.json").read_text())
    contents = [entry["recorded-content"] for entry in recordings.values()]
    expected = next(content["test-invoke-failure"] for content in contents if "test-invoke-failure" in content)
    api = Api().method("GET /", {"type": "HTTP", "httpMethod": "GET", "uri": "${stageVariables.none}"})
    same_as_recorded(invoke_test(api, "GET /", {}), expected)


def response_of_mock(request_template: str, response_template: str, path: str = "/", sent: str = "/") -> Result:
    """Return a MOCK with one response for statuses 2xx, as in the recordings."""
    templates = {JSON: response_template} if response_template else {}
    response = {"statusCode": "200", "selectionPattern": r"2\d{2}", "responseTemplates": templates}
    integration = mock("", request_template, integrationResponses={"200": response})
    return send(Api().method(f"GET {path}", integration), f"GET {sent}")


MAP_ASSIGNMENTS = """
#set($paramName = "foo")
#set($context.requestOverride.querystring[$paramName] = "bar")
#set($paramPutName = "putfoo")
$context.requestOverride.querystring.put($paramPutName, "putBar")
#set($context["requestOverride"].querystring["nestedfoo"] = "nestedFoo")
{"statusCode": 200}
"""


def test_recorded_map_assignments() -> None:
    expected = recording("integrations", "test_integration_mock_with_vtl_map_assignation")["response"]
    names = {"value": "foo", "value2": "putfoo", "value3": "nestedfoo"}
    members = ",".join(f'"{key}": "$context.requestOverride.querystring["{name}"]"' for key, name in names.items())
    result = response_of_mock(MAP_ASSIGNMENTS, f"{{{members}}}")
    assert {"body": result.json(), "status_code": result.status} == expected


@pytest.mark.parametrize(
    ("recorded", "message"),
    [("invoke-path1", "path1"), ("invoke-path2", "path2"), ("invoke-path-else", "whatever")],
)
def test_recorded_request_overrides(recorded: str, message: str) -> None:
    expected = recording("integrations", "test_integration_mock_with_request_overrides_in_response_template")[recorded]
    request = """#set($body = $util.base64Decode($input.params('testPath')))
#set($context.requestOverride.path.body = $body)
{"statusCode": 200}"""
    response = """#set($body = $util.parseJson($context.requestOverride.path.body))
#set($inputBody = $body.message)
#if($inputBody == "path1"){"response": "path was path one"}
#elseif($inputBody == "path2"){"response": "path was path two"}
#else{"response": "this is the else clause"}
#end"""
    sent = base64.b64encode(json.dumps({"message": message}).encode()).decode()
    assert response_of_mock(request, response, "/{testPath}", f"/{sent}").json() == expected


@pytest.mark.parametrize("has_template", [True, False])
def test_recorded_response_override(has_template: bool) -> None:
    test = f"test_integration_mock_with_response_override_in_request_template[{has_template}]"
    expected = recording("integrations", test)["response"]
    request = """#set($context.responseOverride.status = 444)
#set($context.responseOverride.header.foo = "bar")
#set($context.responseOverride.custom = "is also passed around")
{"statusCode": 200}"""
    response = """{
"statusOverride": "$context.responseOverride.status",
"fooHeader": "$context.responseOverride.header.foo",
"custom": "$context.responseOverride.custom"
}"""
    result = response_of_mock(request, response if has_template else "")
    body = result.json() if has_template else repr(result.body)
    assert {"body": body, "status_code": result.status} == expected
    assert result.headers["foo"] == "bar"


@pytest.mark.parametrize("case", ["normal-req-headers-MOCK", "trace-id-req-headers-MOCK"])
def test_recorded_headers_of_mock(case: str) -> None:
    """CloudFront, the connection and the server add the rest."""
    elsewhere = {"connection", "content-length", "date", "via", "x-amz-cf-id", "x-amz-cf-pop", "x-cache"}
    expected = recording("common", "TestApiGatewayCommon::test_invocation_trace_id")[case].keys() - elsewhere
    assert {name.lower() for name in response_of_mock('{"statusCode": 200}', "{}").headers} == expected


def test_recorded_headers_of_dynamodb() -> None:
    recorded = recording("dynamodb", "test_rest_api_to_dynamodb_integration[Query]")["result-test"]
    result = send(Api().method("GET /", dynamodb()), "GET /")
    names = {name.lower() for name in result.headers}
    assert names == recorded["headers"].keys() - {"connection", "content-length", "date"}
    assert result.headers["Content-Type"] == recorded["headers"]["content-type"]
