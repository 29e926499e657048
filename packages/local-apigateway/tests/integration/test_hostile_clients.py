# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Clients that hold connections, send too much or never end: each is bounded, and others are answered meanwhile."""

from __future__ import annotations

import contextlib
import gzip
import http.client
import json
import resource
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from integration.own_server import OwnServer
from local_apigateway import daemon

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads and limits the server's resources by /proc")

SCOPE = "AWS4-HMAC-SHA256 Credential=test/20260101/eu-central-1/{}/aws4_request, SignedHeaders=host, Signature=0"
# A server with smaller bounds, so that the tests need neither minutes nor thousands of connections.
PROGRAM = """
import sys
sys.path.insert(0, sys.argv[1])
from local_apigateway import __main__
from local_apigateway.server import app, http_bounds
app.HEAD_SECONDS = 1.5
http_bounds.BODY_SECONDS = http_bounds.CHUNK_SECONDS = 1.5
http_bounds.CONNECTIONS = 60
sys.exit(__main__.main(["serve", "--port", "0", "--state-dir", sys.argv[2]]))
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OwnServer]:
    directory = tmp_path_factory.mktemp("hostile") / "state"
    package = Path(daemon.__file__).parents[1]
    with subprocess.Popen([sys.executable, "-c", PROGRAM, str(package), str(directory)], stderr=-3) as process:
        deadline = time.monotonic() + 60
        while not daemon.status(directory).answers:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        status = daemon.status(directory)
        assert status.port
        yield OwnServer(directory, status.port)
        daemon.stop(directory)
        process.wait(30)


@pytest.fixture(scope="module")
def path(server: OwnServer) -> str:
    """A deployed API that answers with the body of a request."""
    client = server.client("apigateway")
    integration = {
        "type": "mock",
        "requestTemplates": {"application/json": '{"statusCode": 200}'},
        "responses": {"default": {"statusCode": "200", "responseTemplates": {"application/json": "ok"}}},
    }
    method = {"x-amazon-apigateway-integration": integration, "responses": {"200": {"description": ""}}}
    document = {
        "openapi": "3.0.1",
        "info": {"title": "a", "version": "1"},
        "paths": {"/": {"post": method, "get": method}},
        "x-amazon-apigateway-minimum-compression-size": 0,
    }
    api_id = client.import_rest_api(body=json.dumps(document).encode())["id"]
    client.create_deployment(restApiId=api_id, stageName="dev")
    return f"/restapis/{api_id}/dev/_user_request_/"


def _request(server: OwnServer, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    try:
        # A server that refuses a body does not read all of it.
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, body, named, encode_chunked=not isinstance(body, bytes | None))
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def _open(server: OwnServer, text: str) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", server.port), timeout=30)
    connection.sendall(text.encode())
    return connection


def _memory(pid: int) -> int:
    """The most memory that a process has had, in MB."""
    lines = Path(f"/proc/{pid}/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM"))


@pytest.mark.parametrize("text", ["", "GET / HT", "GET / HTTP/1.1\r\nHost: localhost\r\nA: "])
def test_headers_that_never_end(server: OwnServer, text: str) -> None:
    with _open(server, text) as connection:
        assert connection.recv(1) == b""


def test_a_body_that_never_ends(server: OwnServer, path: str) -> None:
    for length in ("Content-Length: 100", "Transfer-Encoding: chunked"):
        with _open(server, f"POST {path} HTTP/1.1\r\nHost: localhost\r\n{length}\r\n\r\n") as connection:
            assert connection.recv(100).startswith(b"HTTP/1.1 408 ")


def test_many_connections_lock_nobody_out(server: OwnServer, path: str) -> None:
    with contextlib.ExitStack() as stack:
        held = [stack.enter_context(_open(server, "GET / HTTP/1.1\r\nHost: localhost\r\nA: ")) for _i in range(150)]
        assert _request(server, "GET", path) == (200, b"ok")
        # The oldest had to go.
        assert held[0].recv(1) == b""


def test_running_out_of_descriptors_locks_nobody_out_for_good(server: OwnServer, path: str) -> None:
    pid = server.own("status")["pid"]
    used = len(list(Path(f"/proc/{pid}/fd").iterdir()))
    before = resource.prlimit(pid, resource.RLIMIT_NOFILE)
    with contextlib.ExitStack() as stack:
        resource.prlimit(pid, resource.RLIMIT_NOFILE, (used + 10, before[1]))
        for _i in range(40):
            stack.enter_context(_open(server, "GET / HTTP/1.1\r\nHost: localhost\r\nA: "))
        # They time out while they are still held here.
        assert _request(server, "GET", path) == (200, b"ok")
    resource.prlimit(pid, resource.RLIMIT_NOFILE, before)


@pytest.mark.parametrize("chunked", [False, True])
def test_large_bodies(server: OwnServer, path: str, chunked: bool) -> None:
    pid, ministack = server.processes()
    before = _memory(pid), _memory(ministack)

    def body() -> Any:
        return (b"x" * 1_000_000 for _i in range(100)) if chunked else b"x" * 100_000_000

    too_long = {"message": "Request Too Long"}
    for target, service in ((path, ""), ("/restapis", "apigateway"), ("/", "dynamodb"), ("/", "iam")):
        status, answer = _request(server, "POST", target, body(), Authorization=SCOPE.format(service))
        assert status == 413
        expected = b"HTTP content length exceeded 10485760 bytes."
        assert answer == expected if target == path else json.loads(answer) == too_long
    assert _request(server, "PUT", "/_local_aws/rehearsal", body())[0] == 413
    assert _memory(pid) - before[0] < 150
    assert _memory(ministack) - before[1] < 150


def test_a_compressed_body_that_expands(server: OwnServer, path: str) -> None:
    pid, _unused = server.processes()
    before = _memory(pid)
    bomb = gzip.compress(b"0" * 200_000_000, compresslevel=6)
    assert len(bomb) < 1_000_000
    assert _request(server, "POST", path, bomb, Content_Encoding="gzip")[0] == 413
    assert _memory(pid) - before < 100
    assert _request(server, "POST", path, gzip.compress(b"{}"), Content_Encoding="gzip")[0] == 200


def test_a_compressed_object_is_stored_as_it_came(server: OwnServer) -> None:
    client = server.client("s3")
    client.create_bucket(Bucket="compressed", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    body = gzip.compress(b"x")
    client.put_object(Bucket="compressed", Key="k", Body=body, ContentEncoding="gzip")
    assert client.get_object(Bucket="compressed", Key="k")["Body"].read() == body


@pytest.mark.parametrize(
    ("method", "target", "service"),
    [("PUT", "/_local_aws/rehearsal", ""), ("POST", "/restapis", "apigateway"), ("POST", "/", "dynamodb")],
)
def test_deep_json(server: OwnServer, method: str, target: str, service: str) -> None:
    headers = {"Authorization": SCOPE.format(service), "X_Amz_Target": "DynamoDB_20120810.PutItem"} if service else {}
    for body in (b"[" * 1_000_000, b'{"a":' * 200_000):
        assert 400 <= _request(server, method, target, body, **headers)[0] <= 500
    assert server.own("health") == {"status": "running"}


def test_a_flood_of_headers(server: OwnServer, path: str) -> None:
    for headers in ("A: b\r\n" * 100_000, f"A: {'x' * 1_000_000}\r\n"):
        start = f"GET {path} HTTP/1.1\r\nHost: localhost\r\n"
        with _open(server, start) as connection, contextlib.suppress(BrokenPipeError, ConnectionResetError):
            connection.sendall(headers.encode())
            assert connection.recv(20).startswith((b"HTTP/1.1 400 ", b""))
    assert _request(server, "GET", path) == (200, b"ok")


def _sent(server: OwnServer, head: str) -> bytes:
    """Return the answer to a request that is written out."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
        connection.sendall(head.encode("latin-1"))
        return b"".join(iter(lambda: connection.recv(65536), b""))


def test_what_is_no_request_is_answered_in_json(server: OwnServer, path: str) -> None:
    end = "\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    for head, status in (
        (f"GET {path}?a={'x' * 11_000} HTTP/1.1{end}", 431),
        (f"GET {path} HTTP/1.1\r\nA: {'x' * 11_000}{end}", 431),
        (f"GET {path} HTTP/1.1\r\nno header{end}", 400),
        (f"GET {path} HTTP/9.9{end}", 400),
        (f"GE\x01T {path} HTTP/1.1{end}", 400),
        (f"POST {path} HTTP/1.1\r\nContent-Length: x{end}", 400),
    ):
        answer = _sent(server, head)
        first, _unused, body = answer.partition(b"\r\n\r\n")
        assert first.split(b" ")[1] == str(status).encode(), answer
        assert json.loads(body).keys() == {"message"}, answer


def test_a_head_within_the_quota_of_aws_and_a_whole_url_as_the_target(server: OwnServer, path: str) -> None:
    end = "\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    plain = _sent(server, f"GET {path} HTTP/1.1{end}").partition(b"\r\n")[0]
    for head in (
        f"GET {path} HTTP/1.1\r\nA: {'x' * 9_000}{end}",
        f"GET {path}?a={'x' * 9_000} HTTP/1.1{end}",
        f"GET http://localhost:{server.port}{path} HTTP/1.1{end}",
    ):
        assert _sent(server, head).partition(b"\r\n")[0] == plain
    asterisk = _sent(server, f"OPTIONS * HTTP/1.1{end}")
    assert b"aiohttp" not in asterisk
