# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Web pages in a real browser try to use the local AWS (attacks.js): only those of a named origin can."""

from __future__ import annotations

import http.client
import json
import os
import queue
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from integration.own_server import OwnServer, deploy_page
from local_apigateway.settings import Settings

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
SCRIPT = Path(__file__).with_name("attacks.js")
REPORT_SECONDS = 120.0
FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-component-update"),
    *("--disable-background-networking", "--disable-sync", "--host-resolver-rules=MAP evil.test 127.0.0.1"),
)
# What creates a user where nobody prevents it. A request without a referrer does not say which page sent it, so that it
# is refused for pages of a named origin as well.
WRITES = ("fetch", "image", "script", "stylesheet", "frame", "form")
READS = ("status", "requests", "signed")

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")


class Pages:
    """The attacker's web server. What it has no page for goes to the local AWS, as if its name led there meanwhile."""

    def __init__(self) -> None:
        self.reports: queue.Queue[dict[str, str]] = queue.Queue()
        self.local_aws_port = 0
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def html(self, **parameters: str) -> str:
        """A page on another server that runs the attacks."""
        query = urlencode({"report": f"http://127.0.0.1:{self.port}/report", **parameters})
        return _page(f"http://127.0.0.1:{self.port}/attacks.js?{query}")

    def page_url(self, host: str, **parameters: str) -> str:
        return f"http://{host}:{self.port}/page?{urlencode(parameters)}"

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        pages = self

        class Handler(BaseHTTPRequestHandler):
            def _handle(self) -> None:
                path, _unused, query = self.path.partition("?")
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                if path == "/page":
                    self._answer(200, _page(f"/attacks.js?report=/report&{query}").encode())
                elif path == "/attacks.js":
                    self._answer(200, SCRIPT.read_bytes(), "text/javascript")
                elif path == "/report":
                    pages.reports.put(json.loads(body))
                    self._answer(200, b"")
                elif path == "/favicon.ico":
                    self._answer(404, b"")
                else:
                    self._forward(body)

            do_GET = do_POST = do_PUT = do_OPTIONS = _handle  # noqa: N815

            def _forward(self, body: bytes) -> None:
                connection = http.client.HTTPConnection("127.0.0.1", pages.local_aws_port)
                connection.request(self.command, self.path, body, dict(self.headers.items()))
                answer = connection.getresponse()
                self._answer(answer.status, answer.read(), answer.getheader("Content-Type", ""))

            def _answer(self, status: int, body: bytes, content_type: str = "text/html") -> None:
                self.send_response(status)
                self.send_header("Content-Type", content_type)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_arguments: Any) -> None:
                """Stay silent."""

        return Handler


def _page(script_url: str) -> str:
    return f'<!DOCTYPE html><body><script src="{script_url}"></script>'


@pytest.fixture(scope="module")
def pages() -> Iterator[Pages]:
    pages = Pages()
    yield pages
    pages.close()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, pages: Pages) -> Iterator[OwnServer]:
    """A local AWS that is open to http://localhost:{port of the pages}."""
    named = Settings.of([f"http://localhost:{pages.port}"])
    server = OwnServer(tmp_path_factory.mktemp("browser") / "state", settings=named)
    pages.local_aws_port = server.start().port or 0
    yield server
    server.stop()


@pytest.fixture(scope="module")
def api_path(server: OwnServer, pages: Pages) -> str:
    """A deployed API that answers with a page, in which the attacks run."""
    api_id = deploy_page(server.client("apigateway"), pages.html(tag="served", api="/"))
    return f"/restapis/{api_id}/dev/_user_request_/"


@contextmanager
def _browser(url: str, profile: Path) -> Iterator[None]:
    """Chromium with a page open; its home is its profile."""
    command = [str(CHROMIUM), *FLAGS, f"--user-data-dir={profile}", url]
    log = subprocess.DEVNULL
    process = subprocess.Popen(command, stdout=log, stderr=log, env={**os.environ, "HOME": str(profile)})
    try:
        yield
    finally:
        process.terminate()
        process.wait(30)


def _attack(pages: Pages, url: str, profile: Path) -> dict[str, str]:
    with _browser(url, profile):
        return pages.reports.get(timeout=REPORT_SECONDS)


def _created(server: OwnServer, tag: str) -> set[str]:
    names = (user["UserName"] for user in server.client("iam").list_users()["Users"])
    return {name.removeprefix(f"{tag}-") for name in names if name.startswith(f"{tag}-")}


def _assert_nothing_done(server: OwnServer, tag: str, results: dict[str, str]) -> None:
    assert _created(server, tag) == set()
    assert server.own("rehearsal")["latency"] == 0
    assert results["websocket"] == "error"
    for name in (*READS, "rehearsal", "health"):
        assert results[name].startswith(("failed: TypeError", "403 ")), (name, results[name])
        assert "state_dir" not in results[name]


def test_a_page_on_another_port(server: OwnServer, pages: Pages, api_path: str, tmp_path: Path) -> None:
    """It can do nothing but use a deployed API, whose CORS headers allow it."""
    target = f"http://127.0.0.1:{server.port}"
    results = _attack(pages, pages.page_url("127.0.0.1", target=target, tag="port", api=api_path), tmp_path)
    assert results["origin"] == f"http://127.0.0.1:{pages.port}"
    _assert_nothing_done(server, "port", results)
    assert results["api"].startswith("200 ")
    assert all(results[name].startswith("failed") for name in READS)


def test_a_page_through_a_rebound_name(server: OwnServer, pages: Pages, api_path: str, tmp_path: Path) -> None:
    """It is same-origin to what its name leads to, so it reads the refusals, and no deployed API."""
    results = _attack(pages, pages.page_url("evil.test", tag="rebound", api=api_path), tmp_path)
    assert results["origin"] == f"http://evil.test:{pages.port}"
    _assert_nothing_done(server, "rebound", results)
    for name in (*READS, "api"):
        assert results[name].startswith("403 "), (name, results[name])
        assert "is not a host of the local AWS" in results[name]


def test_a_page_of_a_deployed_api(server: OwnServer, pages: Pages, api_path: str, tmp_path: Path) -> None:
    """It comes from the address of the management API, and is not same-origin to it."""
    results = _attack(pages, f"http://127.0.0.1:{server.port}{api_path}", tmp_path)
    assert results["origin"] == "null"
    _assert_nothing_done(server, "served", results)


def test_a_page_of_a_named_origin(server: OwnServer, pages: Pages, api_path: str, tmp_path: Path) -> None:
    """It can do all that the others tried, so the attempts are real ones. MiniStack's endpoints stay closed."""
    target = f"http://127.0.0.1:{server.port}"
    results = _attack(pages, pages.page_url("localhost", target=target, tag="named", api=api_path), tmp_path)
    server.own("rehearsal", "DELETE")
    assert _created(server, "named") == set(WRITES)
    for name in (*READS, "rehearsal", "api"):
        assert results[name].startswith("200 "), (name, results[name])
    assert results["health"].startswith("403 ")
    assert results["websocket"] == "error"
