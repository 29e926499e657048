# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Who may use the local AWS: requests as browsers send them for pages, written by hand, and what they get."""

from __future__ import annotations

import http.client
import json
import re
import socket
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest

from integration.own_server import deploy_page
from local_apigateway import daemon
from local_apigateway.settings import Settings

APP = "http://localhost:3000"
CREDENTIAL = "Credential=local/20260101/eu-central-1/{}/aws4_request"
SIGNED = {"Authorization": f"AWS4-HMAC-SHA256 {CREDENTIAL.format('iam')}, SignedHeaders=host, Signature=0"}
CREATE_USER = {"Action": "CreateUser", "Version": "2010-05-08", "UserName": "{name}"}
QUERY = {"X-Amz-Algorithm": "AWS4-HMAC-SHA256", "X-Amz-Credential": "local/20260101/eu-central-1/iam/aws4_request"}
QUERY |= {"X-Amz-Date": "20260101T000000Z", "X-Amz-SignedHeaders": "host", "X-Amz-Signature": "0"}
PREFLIGHT = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization,x-amz-target"}
BROWSER = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0"}


@dataclass(frozen=True)
class Row:
    """A request, and the status that it gets. `{port}` is the server's, `{api}` a deployed API, `{name}` a new user."""

    title: str
    status: int
    target: str = "/_local_aws/status"
    method: str = "GET"
    host: str = "127.0.0.1:{port}"
    headers: dict[str, str] = field(default_factory=dict)
    body: str = ""
    says: str = ""


def _create_user(**pairs: str) -> str:
    return urlencode({**CREATE_USER, **pairs}, safe="{}/")


LINK = f"/?{_create_user(**QUERY)}"
FORM = {"Content-Type": "text/plain"}
INVOKE = "/restapis/{api}/dev/_user_request_/"
REFUSED = [
    # Names that lead to the loopback interface, and are not ours.
    Row("a rebound name", 403, host="evil.test:{port}", says="'evil.test:"),
    Row("a rebound name, the signature of the account", 403, LINK, host="evil.test:{port}"),
    Row("a rebound name is same-origin to itself", 403, host="evil.test", headers={"Sec-Fetch-Site": "same-origin"}),
    Row("a rebound name at a deployed API", 403, INVOKE, host="evil.test:{port}"),
    Row("a rebound name that looks like an API's", 403, "/dev/", host="{api}.execute-api.localhost.evil.test"),
    Row("a name that ends like ours", 403, host="notlocalhost"),
    Row("an address that means all interfaces", 403, host="0.0.0.0:{port}"),
    Row("another machine", 403, host="192.168.1.10:{port}"),
    Row("a name with a user", 403, host="127.0.0.1@evil.test"),
    # What a page sends without a preflight.
    Row("a form", 403, "/", "POST", headers={**SIGNED, **FORM, "Origin": "https://evil.test"}, body=_create_user()),
    Row("a form, credentials in the query", 403, LINK, "POST", headers={**FORM, "Origin": "https://evil.test"}),
    Row("a form of a page without a name", 403, LINK, "POST", headers={**FORM, "Origin": "null"}, says="'null'"),
    Row("a page on another port", 403, headers={"Origin": "http://127.0.0.1:3000"}, says="--allow-origin"),
    Row("a page on another port of localhost", 403, host="localhost:{port}", headers={"Origin": APP}),
    Row("a page on https", 403, headers={"Origin": "https://127.0.0.1:{port}"}),
    Row("a page of a name below localhost", 403, headers={"Origin": "http://{api}.execute-api.localhost:{port}"}),
    Row("an image", 403, LINK, headers={"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "image"}),
    Row("an image of a page on another port", 403, LINK, headers={"Sec-Fetch-Site": "same-site"}),
    Row("an image, an old browser", 403, LINK, headers={"Referer": "https://evil.test/page"}),
    Row("two origins, one of them ours", 403, headers={"Origin": "http://127.0.0.1:{port}", "origin": "http://e.test"}),
    Row("a link in a mail", 403, LINK, headers={"Sec-Fetch-Site": "none", "Sec-Fetch-Mode": "navigate"}, says="link"),
    Row("a link on a page", 403, LINK, headers={"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}),
    Row(
        "a WebSocket",
        403,
        "/",
        headers={"Origin": "https://evil.test", "Upgrade": "websocket", "Connection": "Upgrade"},
    ),
    Row("a preflight", 403, "/", "OPTIONS", headers={"Origin": "https://evil.test", **PREFLIGHT}),
    Row(
        "a preflight of an own endpoint", 403, "/_local_aws/rehearsal", "OPTIONS", headers={"Origin": APP, **PREFLIGHT}
    ),
    Row("a rehearsal", 403, "/_local_aws/rehearsal", "PUT", headers={"Origin": "https://evil.test"}, body="{}"),
    # MiniStack's endpoints, and paths that hide them.
    Row("MiniStack's reset", 403, "/_ministack/reset", "POST", says="--ministack-endpoints"),
    Row("MiniStack's configuration", 403, "/_ministack/config", "POST", body="{}"),
    Row("encoded", 403, "/%5Fministack/reset", "POST"),
    Row("an encoded slash", 403, "/_ministack%2Freset", "POST"),
    Row("two slashes", 403, "//_ministack/reset", "POST"),
    Row("dots", 403, "/a/../_ministack/reset", "POST"),
    Row("a whole URL as the target", 403, "http://127.0.0.1/_ministack/reset", "POST"),
    Row("what the server asks MiniStack", 403, "/_local_aws%2Faccess", "POST", body="{}"),
]
ADMITTED = [
    Row("curl", 200),
    Row("curl, by name", 200, host="localhost:{port}"),
    Row("through a tunnel from another port", 200, host="localhost:5000"),
    Row("IPv6", 200, host="[::1]:{port}"),
    Row("a name below localhost", 200, host="s3.localhost:{port}"),
    Row("typed into a browser", 200, headers={"Sec-Fetch-Site": "none", "Sec-Fetch-Mode": "navigate", **BROWSER}),
    Row("a page of ours", 200, headers={"Sec-Fetch-Site": "same-origin", "Origin": "http://127.0.0.1:{port}"}),
    Row("a link within a page of ours", 200, headers={"Referer": "http://127.0.0.1:{port}/x"}),
    Row("an operation", 200, "/", "POST", headers={**SIGNED, "Content-Type": "application/x-www-form-urlencoded"},
        body=_create_user()),
    Row("an operation by GET", 200, LINK),
    Row("a deployed API", 200, INVOKE),
    Row("a deployed API, a page", 200, INVOKE, headers={"Origin": "https://evil.test", "Sec-Fetch-Site": "cross-site"}),
    Row("a deployed API by its host", 200, "/dev/", host="{api}.execute-api.localhost:{port}",
        headers={"Origin": "https://evil.test", "Sec-Fetch-Site": "cross-site"}),
]  # fmt: skip


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Wire:
    """Sends requests byte by byte, to a server with an API that sends CORS headers of its own."""

    port: int
    api: str

    def send(self, row: Row, name: str = "nobody") -> Answer:
        def filled(text: str) -> str:
            return text.replace("{port}", str(self.port)).replace("{api}", self.api).replace("{name}", name)

        body = filled(row.body).encode()
        lines = [f"{row.method} {filled(row.target)} HTTP/1.1", f"Content-Length: {len(body)}", "Connection: close"]
        lines += [f"Host: {filled(row.host)}"]
        lines += [f"{header}: {filled(value)}" for header, value in row.headers.items()]
        with socket.create_connection(("127.0.0.1", self.port), timeout=30) as connection:
            connection.sendall("\r\n".join([*lines, "", ""]).encode() + body)
            response = http.client.HTTPResponse(connection)
            response.begin()
            headers = {header.lower(): value for header, value in response.getheaders()}
            return Answer(response.status, headers, response.read())


@pytest.fixture(scope="module")
def wire(local_aws: Any) -> Wire:
    return Wire(
        int(urlsplit(local_aws.endpoint_url).port or 0), deploy_page(local_aws.client("apigateway"), "<p>hello")
    )


def _users(local_aws: Any) -> set[str]:
    return {user["UserName"] for user in local_aws.client("iam").list_users()["Users"]}


@pytest.mark.parametrize("row", REFUSED, ids=lambda row: row.title)
def test_refused(local_aws: Any, wire: Wire, row: Row) -> None:
    """Refused with a reason, without a header that lets a page read it, and not carried out."""
    answer = wire.send(row, "refused")
    assert answer.status == row.status, answer
    assert row.says in json.loads(answer.body)["message"]
    assert not [name for name in answer.headers if name.startswith("access-control-")]
    if "{name}" in row.target + row.body:
        assert "refused" not in _users(local_aws)


@pytest.mark.parametrize("row", ADMITTED, ids=lambda row: row.title)
def test_admitted(local_aws: Any, wire: Wire, row: Row) -> None:
    name = re.sub(r"\W", "-", row.title)
    answer = wire.send(row, name)
    assert answer.status == row.status, answer
    if "{name}" in row.target + row.body:
        assert name in _users(local_aws)
    invokes_api = "{api}" in row.target + row.host
    assert answer.headers.get("access-control-allow-origin") == ("*" if invokes_api else None)


@pytest.mark.parametrize(
    ("row", "sandboxed"),
    [
        (Row("by path", 200, INVOKE), True),
        (Row("by host", 200, "/dev/", host="{api}.execute-api.localhost:{port}"), False),
        (Row("not an API", 200, "/_local_aws/requests"), True),
    ],
    ids=lambda value: value.title if isinstance(value, Row) else "",
)
def test_a_page_that_is_served_here_has_an_origin_of_its_own(wire: Wire, row: Row, sandboxed: bool) -> None:
    """Otherwise a script in it would be same-origin to the management API. Other clients see no change."""
    shown = {"Sec-Fetch-Site": "none", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    for headers in (shown, BROWSER):
        policy = wire.send(Row(**{**vars(row), "headers": headers})).headers.get("content-security-policy", "")
        assert policy.startswith("sandbox") == sandboxed
        assert "allow-same-origin" not in policy
    fetched = {**BROWSER, "Sec-Fetch-Site": "same-origin", "Sec-Fetch-Dest": "empty"}
    assert "content-security-policy" not in wire.send(Row(**{**vars(row), "headers": fetched})).headers
    assert "content-security-policy" not in wire.send(row).headers


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wire]:
    """A server that is open to the pages of an origin, at a name, and with MiniStack's endpoints."""
    state_dir = tmp_path_factory.mktemp("opened")
    settings = Settings.of([f"{APP}/"], ["AWS.example.com"], ministack_endpoints=True)
    status, _unused = daemon.start(state_dir, 0, settings=settings)
    assert status.settings == settings
    yield Wire(status.port or 0, "none")
    daemon.stop(state_dir)


def test_a_named_origin(opened: Wire) -> None:
    """Its pages may call, and read the answers; preflights say so. Others may not."""
    assert opened.send(Row("other", 403, headers={"Origin": "http://localhost:3001"})).status == 403
    page = {"Origin": APP, "Sec-Fetch-Site": "same-site"}
    for target, method in (("/_local_aws/status", "GET"), ("/", "POST")):
        preflight = opened.send(Row("preflight", 204, target, "OPTIONS", headers={**page, **PREFLIGHT}))
        assert preflight.status == 204
        assert preflight.headers["access-control-allow-origin"] == APP
        assert preflight.headers["access-control-allow-headers"] == PREFLIGHT["Access-Control-Request-Headers"]
        body = _create_user() if method == "POST" else ""
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        answer = opened.send(Row("call", 200, target, method, headers={**page, **SIGNED, **form}, body=body))
        assert answer.status == 200, answer
        assert answer.headers["access-control-allow-origin"] == APP
        assert "Origin" in answer.headers["vary"]
    image = {"Referer": f"{APP}/page", "Sec-Fetch-Site": "same-site"}
    assert opened.send(Row("image", 200, headers=image)).status == 200


def test_a_named_host(opened: Wire) -> None:
    """Over HTTP at a name, browsers do not report which page requested an image."""
    named = Row("named", 200, host="aws.example.com:8080")
    assert opened.send(named).status == 200
    unmarked = opened.send(Row("an image", 403, host="aws.example.com:8080", headers=BROWSER))
    assert unmarked.status == 403
    assert b"without the page that it comes from" in unmarked.body
    for origin, status in (("https://aws.example.com", 200), ("https://aws.example.com:8443", 403)):
        marked = {**BROWSER, "Sec-Fetch-Site": "same-origin", "Origin": origin}
        assert opened.send(Row("behind https", status, host="aws.example.com", headers=marked)).status == status


def test_ministack_s_endpoints_when_opened(opened: Wire) -> None:
    assert opened.send(Row("health", 200, "/_ministack/health")).status == 200
    page = Row("reset", 403, "/_ministack/reset", "POST", headers={"Origin": "https://evil.test"})
    assert opened.send(page).status == 403


def test_ministack_listens_for_its_user_alone(local_aws: Any) -> None:
    path = Path(local_aws.state_dir) / "ministack" / "socket"
    assert stat.S_ISSOCK(path.stat().st_mode)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_state_directory_with_a_long_path(tmp_path: Path) -> None:
    """The path of a Unix socket has at most 104 bytes on macOS, 108 on Linux."""
    state_dir = tmp_path / ("long" * 30)
    status, _unused = daemon.start(state_dir, 0)
    try:
        answer = Wire(status.port or 0, "none").send(Row("status", 200))
        path = Path(json.loads(answer.body)["ministack"]["socket"])
        assert len(str(path)) < 104
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    finally:
        daemon.stop(state_dir)
    assert not path.parent.exists()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"allow_origins": ["*"]}, "allow_origins: '\\*' is not the origin of a web page. Write"),
        ({"allow_origins": ["null", "localhost:3000"]}, "'null' is not .*; allow_origins: 'localhost:3000' is not"),
        ({"allow_origins": ["http://localhost:3000/app"]}, "allow_origins: 'http://localhost:3000/app'"),
        ({"allow_hosts": ["http://aws.example.com", "*"]}, "'http://aws.example.com' is not a host .*; .*'\\*'"),
        ({"allow_hosts": ["aws.example.com:80"]}, "Write a name without scheme and port, such as aws.example.com"),
    ],
)
def test_settings_that_are_no_names(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Settings.of(**options)
