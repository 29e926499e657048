# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""HTTP and HTTP_PROXY with a real web server that returns what it received."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer, unused_port

from local_apigateway.gateway import Gateway
from unit.gateway.kit import JSON, Api, RecordingBackend, Result, http_request

CLIENT_HEADERS = {
    "Accept": JSON,
    "Accept-Charset": "UTF-8",
    "Authorization": "Unauthorized",
    "Connection": "close",
    "Content-Encoding": "deflate",
    "Content-MD5": "request_Content-MD5",
    "Content-Type": JSON,
    "Host": "abcdefghij.execute-api.localhost:4566",
    "TE": "deflate",
    "User-Agent": "client/1",
    "Via": "p.example.net",
    "X-Own": "yes",
}


async def echo(request: web.Request) -> web.Response:
    """Return the received request as JSON, with the `status` and after the `delay` of the query string."""
    await asyncio.sleep(float(request.query.get("delay", 0)))
    seen = {
        "method": request.method,
        "path": request.raw_path.partition("?")[0],
        "query": [[name, value] for name, value in request.query.items()],
        "headers": dict(request.headers),
        "body": await request.text(),
    }
    headers = {"X-Backend": "1", "Via": "1.1 backend", "x-amzn-RequestId": "backend's", "Location": "/elsewhere"}
    return web.json_response(seen, status=int(request.query.get("status", 200)), headers=headers)


def call(
    integration: dict[str, Any], route: str, body: str = "", headers: Mapping[str, str] | None = None, path: str = "/"
) -> Result:
    """Send a request through an integration whose URI starts with `{server}`."""

    async def run() -> Result:
        app = web.Application()
        app.router.add_route("*", "/{tail:.*}", echo)
        async with TestServer(app) as server:
            uri = integration["uri"].replace("{server}", str(server.make_url("")).rstrip("/"))
            api = Api().method(f"ANY {path}", {**integration, "uri": uri})
            gateway = Gateway(RecordingBackend())
            request = http_request(route, body, _headers_for(body) if headers is None else headers)
            response = await gateway.respond(api.stage(variables={"stagePath": "from-stage"}), request)
            await gateway.close()
            return Result(response.status, dict(response.headers), response.body, None)

    return asyncio.run(run())


def _headers_for(body: str) -> Mapping[str, str]:
    """Return the client's headers. A body is not compressed, so Content-Encoding is removed."""
    return {name: value for name, value in CLIENT_HEADERS.items() if not (body and name == "Content-Encoding")}


def http(**integration: Any) -> dict[str, Any]:
    return {
        "type": "HTTP",
        "httpMethod": "POST",
        "uri": "{server}/",
        "integrationResponses": {"200": {"statusCode": "200"}},
        **integration,
    }


def proxy(**integration: Any) -> dict[str, Any]:
    return {"type": "HTTP_PROXY", "httpMethod": "ANY", "uri": "{server}/", **integration}


def test_http_sends_nothing_of_the_client_but_the_body() -> None:
    """Recorded: no-param-integration of test_apigateway_header_remapping_http[HTTP]."""
    seen = call(http(), "GET /?q=1").json()
    assert (seen["method"], seen["query"], seen["body"]) == ("POST", [], "")
    headers = seen["headers"]
    host, trace = headers.pop("Host"), headers.pop("X-Amzn-Trace-Id")
    assert host.startswith("127.0.0.1:")
    assert trace.startswith("Root=1-")
    assert headers == {
        "Accept": JSON,
        "Content-Length": "0",
        "User-Agent": "AmazonAPIGateway_abcdefghij",
        "X-Amzn-Apigateway-Api-Id": "abcdefghij",
    }


@pytest.mark.parametrize(
    ("header", "visible"),
    [
        ("Accept", True),
        ("Via", True),
        ("Connection", False),
        ("Content-Length", False),
        ("Content-MD5", False),
        ("Expect", False),
        ("Max-Forwards", False),
        ("Proxy-Authenticate", False),
        ("Server", False),
        ("TE", False),
        ("Trailer", False),
        ("Transfer-Encoding", False),
        ("Upgrade", False),
        ("WWW-Authenticate", False),
    ],
)
def test_headers_that_templates_do_not_see(header: str, visible: bool) -> None:
    """Recorded: the body of full-integration in test_apigateway_header_remapping_http[HTTP]."""
    integration = http(requestTemplates={JSON: f"$input.params('{header}')"})
    assert call(integration, "POST /", headers={header: "value"}).json()["body"] == ("value" if visible else "")


def test_http_responses_with_mapped_headers_only() -> None:
    result = call(http(), "GET /")
    assert result.headers["Content-Type"] == JSON
    assert "X-Backend" not in result.headers
    assert result.headers["X-Amzn-Trace-Id"].startswith("Root=1-")


def test_proxy_sends_the_request_as_it_came() -> None:
    """Recorded: no-param-integration of test_apigateway_header_remapping_http[HTTP_PROXY]."""
    seen = call(proxy(), "POST /?q=1&q=2", "text").json()
    assert (seen["method"], seen["query"], seen["body"]) == ("POST", [["q", "1"], ["q", "2"]], "text")
    headers = seen["headers"]
    assert headers["Authorization"] == "Unauthorized"
    assert headers["X-Own"] == "yes"
    assert headers["User-Agent"] == "client/1"
    assert headers["Host"].startswith("127.0.0.1:")
    assert not {"Content-MD5", "TE", "Via", "Content-Encoding", "Connection"} & headers.keys()


def test_proxy_passes_the_answer() -> None:
    result = call(proxy(), "GET /?status=418")
    assert result.status == 418
    assert result.headers["X-Backend"] == "1"
    assert result.headers["x-amzn-Remapped-x-amzn-RequestId"] == "backend's"
    assert {"x-amzn-Remapped-Date", "x-amzn-Remapped-Server", "x-amzn-Remapped-Content-Length"} <= result.headers.keys()
    assert not {"Via", "Date", "X-Amzn-Trace-Id"} & result.headers.keys()


def test_proxy_parameter_mappings() -> None:
    """Recorded: test_http_proxy_integration_request_data_mappings."""
    integration = proxy(
        uri="{server}/?testVar={pathVar}&testQs={qsVar}",
        requestParameters={
            "integration.request.header.headerVar": "method.request.header.foobar",
            "integration.request.path.qsVar": "method.request.querystring.testVar",
            "integration.request.path.pathVar": "method.request.path.pathVariable",
            "integration.request.querystring.queryString": "method.request.querystring.testQueryString",
            "integration.request.querystring.testQs": "method.request.querystring.testQueryString",
            "integration.request.querystring.testEmptyQs": "method.request.header.emptyheader",
        },
    )
    headers = {"foobar": "mapped-value", "headerVar": "request-value"}
    seen = call(integration, "POST /foobar?testQueryString=foo&testVar=bar", "", headers, "/{pathVariable}").json()
    assert seen["headers"]["headerVar"] == "mapped-value"
    assert sorted(seen["query"]) == [
        ["queryString", "foo"],
        ["testQs", "bar"],
        ["testQs", "foo"],
        ["testQueryString", "foo"],
        ["testVar", "bar"],
        ["testVar", "foobar"],
    ]


def test_greedy_path_keeps_its_slashes_and_is_encoded_again() -> None:
    integration = proxy(
        uri="{server}/base/{proxy}", requestParameters={"integration.request.path.proxy": "method.request.path.proxy"}
    )
    assert call(integration, "GET /a/b%20c%3Fd", path="/{proxy+}").json()["path"] == "/base/a/b%20c%3Fd"


def test_mapped_parameters() -> None:
    integration = http(
        uri="{server}/${stageVariables.stagePath}/{id}",
        requestParameters={
            "integration.request.path.id": "method.request.querystring.id",
            "integration.request.querystring.static": "'text'",
            "integration.request.querystring.ip": "context.identity.sourceIp",
            "integration.request.querystring.stage": "stageVariables.stagePath",
            "integration.request.querystring.city": "method.request.body.address.city",
            "integration.request.querystring.n": "method.request.body.list[1]",
            "integration.request.querystring.many": "method.request.multivaluequerystring.m",
            "integration.request.header.X-Host": "method.request.header.Host",
            "integration.request.header.User-Agent": "'mine'",
        },
    )
    body = json.dumps({"address": {"city": "Bern"}, "list": [1, 2]})
    seen = call(integration, "POST /?id=first&id=a%2Fb&m=1&m=2", body).json()
    assert seen["path"] == "/from-stage/a/b"
    assert seen["query"] == [
        ["static", "text"],
        ["ip", "127.0.0.1"],
        ["stage", "from-stage"],
        ["city", "Bern"],
        ["n", "2"],
        ["many", "1"],
        ["many", "2"],
    ]
    assert seen["headers"]["X-Host"] == "abcdefghij.execute-api.localhost:4566"
    assert seen["headers"]["User-Agent"] == "mine"


def test_request_overrides_win() -> None:
    template = (
        '#set($context.requestOverride.querystring.q = "override")'
        '#set($context.requestOverride.header.X-Own = "override")'
        '#set($context.requestOverride.path.id = ["over", "ride"])'
        "$input.body"
    )
    integration = http(
        uri="{server}/{id}",
        requestTemplates={JSON: template},
        requestParameters={
            "integration.request.path.id": "'mapped'",
            "integration.request.querystring.q": "'mapped'",
            "integration.request.header.X-Own": "'mapped'",
        },
    )
    seen = call(integration, "POST /", "the body").json()
    assert (seen["path"], seen["query"], seen["body"]) == ("/over,ride", [["q", "override"]], "the body")
    assert seen["headers"]["X-Own"] == "override"


@pytest.mark.parametrize("header", ["Content-Length", "Transfer-Encoding"])
@pytest.mark.parametrize("kind", ["HTTP", "HTTP_PROXY"])
def test_reserved_headers_are_refused(header: str, kind: str) -> None:
    """Recorded: content-length and transfer-encoding of test_apigateway_header_remapping_http."""
    integration = http(type=kind, requestParameters={f"integration.request.header.{header}": "'1'"})
    result = call(integration, "GET /")
    assert (result.status, result.json()) == (500, {"message": "Internal server error"})


def test_mapped_response_headers_are_renamed() -> None:
    """Recorded: full-integration of test_apigateway_header_remapping_http[HTTP]."""
    kept = ("Accept", "Age", "Content-Encoding", "Content-Type", "Pragma", "Range", "Referer", "TE", "Warn")
    renamed = ("Authorization", "Connection", "Content-Length", "Content-MD5", "Date", "Expect", "Host", "Server")
    names = (*kept, *renamed, "Transfer-Encoding")
    parameters = {f"method.response.header.{name}": f"'response_param_{name}'" for name in names}
    response = {"statusCode": "200", "responseParameters": parameters}
    headers = call(http(integrationResponses={"200": response}), "GET /").headers
    assert {name: headers[name] for name in kept} == {name: f"response_param_{name}" for name in kept}
    assert all(headers[f"x-amzn-Remapped-{name}"] == f"response_param_{name}" for name in renamed)
    assert not {*renamed, "Transfer-Encoding"} & headers.keys()


def test_response_mappings_read_headers_and_body() -> None:
    parameters = {
        "method.response.header.X-From-Header": "integration.response.header.X-Backend",
        "method.response.header.X-From-Body": "integration.response.body.method",
        "method.response.header.X-Static": "'*'",
        "method.response.header.X-Stage": "context.stage",
        "method.response.header.X-None": "integration.response.header.Nothing",
    }
    response = {"statusCode": "201", "responseParameters": parameters}
    result = call(http(integrationResponses={"201": response}), "GET /")
    assert result.status == 201
    assert result.headers["X-From-Header"] == "1"
    assert result.headers["X-From-Body"] == "POST"
    assert (result.headers["X-Static"], result.headers["X-Stage"]) == ("*", "test")
    assert "X-None" not in result.headers


def test_timeout() -> None:
    result = call(http(timeoutInMillis=50, uri="{server}/?delay=5"), "GET /")
    assert (result.status, result.body) == (504, b'{"message": "Endpoint request timed out"}')


def test_nobody_listens() -> None:
    result = call(http(uri=f"http://127.0.0.1:{unused_port()}/"), "GET /")
    assert (result.status, result.body) == (504, b'{"message": "Network error communicating with endpoint"}')


@pytest.mark.parametrize("uri", ["${stageVariables.none}", "ftp://127.0.0.1/", "http://", "no-scheme/x"])
def test_invalid_address(uri: str) -> None:
    """Recorded: get-error-resp-from-http of test_import_with_stage_variables."""
    result = call(http(uri=uri), "GET /")
    assert (result.status, result.body) == (500, b'{"message": "Internal server error"}')


def test_mapping_of_what_a_template_set_in_the_context() -> None:
    """Templates have UTF-16 text, in which characters above U+FFFF are two."""
    template = '#set($context.mine = $input.path("$.face"))$input.body'
    response = {"statusCode": "200", "responseParameters": {"method.response.header.X-Mine": "context.mine"}}
    integration = http(requestTemplates={JSON: template}, integrationResponses={"200": response})
    assert call(integration, "POST /", '{"face": "😀"}').headers["X-Mine"] == "😀"


def test_line_breaks_cannot_make_headers() -> None:
    response = {
        "statusCode": "200",
        "responseParameters": {"method.response.header.X-Echo": "integration.response.body.headers.X-Own"},
    }
    mapping = {"integration.request.header.X-Own": "method.request.querystring.q"}
    integration = http(requestParameters=mapping, integrationResponses={"200": response})
    result = call(integration, "GET /?q=a%0D%0AX-Evil:1")
    assert "X-Evil" not in result.json()["headers"]
    assert result.headers["X-Echo"] == "a  X-Evil:1"


def test_half_a_character_does_no_harm() -> None:
    template = '#set($f = "😀")#set($s = $f.substring(0, 1))#set($context.requestOverride.header.X-Own = $s)$s'
    seen = call(http(requestTemplates={JSON: template}), "POST /", "{}").json()
    assert (seen["body"], seen["headers"]["X-Own"]) == ("?", "?")


def test_redirects_are_not_followed() -> None:
    assert call(proxy(), "GET /?status=302").status == 302
