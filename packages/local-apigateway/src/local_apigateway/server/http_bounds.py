# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Bounds on what a client can use: connections, time and memory.

aiohttp bounds the head of a request (128 headers, `HEAD_BYTES` each) and how many requests wait in a connection. Its
keep-alive timeout runs until the head of a request is complete, so it also closes connections whose headers never end.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import resource
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from http import HTTPStatus

from aiohttp import web
from aiohttp.http_exceptions import LineTooLong
from aiohttp.web_protocol import RequestHandler

from .exact_response import exact_headers
from .invoke_url import origin_form, parse_invoke_url

HEAD_SECONDS = 30.0
"""How long a connection can wait for a request, or for the rest of its head. API Gateway documents no such limit."""
BODY_SECONDS = 120.0
"""How long the body of a request can take, if it is read before the response."""
CHUNK_SECONDS = 30.0
"""How long a client can send nothing within a body."""
HEAD_BYTES = 10_240
"""Bytes of a request's first line, and of a header. The sum is not bounded here.

AWS: "Total combined size of request line and header values", Amazon API Gateway quotas.
"""
CONNECTIONS = 1_000
RESERVED_FILES = 100
DESIRED_FILES = 10_240

API_BODY = 10 * 1024 * 1024
"""Bytes of a request to an API (AWS: "Payload size 10 MB", Amazon API Gateway quotas), and to the management API."""
SERVICE_BODY = 20 * 1024 * 1024
"""Bytes of a request to another service: DynamoDB accepts 16 MB, the most of services with small requests."""
LARGE_SERVICES: Mapping[str, int | None] = {"s3": None, "lambda": 100 * 1024 * 1024}
"""Services with large requests: objects of S3 are streamed, code of a function can have 50 MB before encoding."""

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def body_limit(service: str | None) -> int | None:
    """Return the maximum number of bytes of a request to a service; None for no maximum."""
    return LARGE_SERVICES.get(service or "", SERVICE_BODY)


class BodyTooLargeError(Exception):
    """A body of more bytes than allowed."""


async def read_body(request: web.Request, limit: int) -> bytes:
    """Return the body of a request.

    Raises `BodyTooLargeError` as soon as the body is known to be larger than `limit`, and HTTP 408 for a client that
    does not send it in time.
    """
    try:
        async with asyncio.timeout(BODY_SECONDS):
            if request.content_length is not None and request.content_length <= limit:
                return await request.read()
            return b"".join([chunk async for chunk in body_chunks(request, limit)])
    except TimeoutError:
        raise web.HTTPRequestTimeout from None


async def body_chunks(request: web.Request, limit: int | None) -> AsyncIterator[bytes]:
    """Yield the body of a request as it arrives. Raises the errors of `read_body`; 408 for a client that pauses."""
    if limit is not None and (request.content_length or 0) > limit:
        raise BodyTooLargeError
    size = 0
    while True:
        try:
            async with asyncio.timeout(CHUNK_SECONDS):
                chunk = await request.content.readany()
        except TimeoutError:
            raise web.HTTPRequestTimeout from None
        if not chunk:
            return
        size += len(chunk)
        if limit is not None and size > limit:
            raise BodyTooLargeError
        yield chunk


class Protocol(RequestHandler):
    """Responds with JSON to invalid HTTP requests. aiohttp's own text quotes the request and shows internals."""

    __slots__ = ()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,  # noqa: ARG002 (aiohttp's)
    ) -> web.StreamResponse:
        """Return the response. The connection is closed after it."""
        if status >= 500:
            self.log_exception("Error handling request from %s", request.remote, exc_info=exc)
        if request.writer.output_size > 0:
            raise ConnectionError("Part of the response has been sent, so no other can be sent")
        # Only the type of the error shows that the head is too long. AWS's status is not recorded.
        response = _plain_error(431 if isinstance(exc, LineTooLong) else status)
        response.force_close()
        return response


_MESSAGES = {431: "Request Header Fields Too Large", 500: "Internal server error"}


def _plain_error(status: int) -> web.Response:
    """Return an error in JSON, as API Gateway words those that no API answers."""
    message = _MESSAGES.get(status) or HTTPStatus(status).phrase
    headers = {"Content-Type": "application/json", "x-amzn-ErrorType": f"{message.replace(' ', '')}Exception"}
    return web.Response(status=status, headers=headers, body=json.dumps({"message": message}).encode())


class Connections:
    """The connections of a server. Beyond the bound, the one that has waited longest for a request is closed."""

    def __init__(self, bound: int) -> None:
        self._bound = bound
        self._busy: set[RequestHandler] = set()

    def add_to(self, application: web.Application) -> None:
        """Track which connections are in use, and respond to bodies that are too large."""

        @web.middleware
        async def bounded(request: web.Request, handler: Handler) -> web.StreamResponse:
            self._busy.add(request.protocol)
            try:
                return await handler(request)
            except BodyTooLargeError:
                return _too_large(request)
            except web.HTTPException as error:
                if error.content_type == "application/json":  # a message of ours, not aiohttp's own page
                    raise
                return _plain_error(error.status)
            finally:
                self._busy.discard(request.protocol)

        application.middlewares.append(bounded)

    def protocols(self, server: web.Server) -> Callable[[], RequestHandler]:
        """Return a function that creates the protocol of a new connection."""

        def protocol() -> RequestHandler:
            connections = server.connections
            added = server()
            added.__class__ = Protocol  # web.Server has no option for it
            if len(connections) >= self._bound:
                idle = next((one for one in connections if one not in self._busy and one.transport), None)
                asyncio.get_running_loop().call_soon((idle or added).force_close)
            return added

        return protocol


def _too_large(request: web.Request) -> web.Response:
    """Return the response of AWS: text for an API, which no gateway response changes; JSON for services.

    Both were recorded in https://github.com/koki-develop/lgtm-generator/issues/10.
    """
    path, _unused, _query = origin_form(request.raw_path).partition("?")
    if parse_invoke_url(request.host, path):
        text = f"HTTP content length exceeded {API_BODY} bytes.".encode()
        return exact_headers(web.Response(status=413, headers={"Content-Type": "text; charset=utf-8"}, body=text))
    headers = {"Content-Type": "application/json", "x-amzn-ErrorType": "RequestEntityTooLargeException"}
    return web.Response(status=413, headers=headers, body=b'{"message": "Request Too Long"}')


def raise_file_limit() -> int:
    """Raise the limit of open files to `DESIRED_FILES` if possible. Return how many connections that allows."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    desired = DESIRED_FILES if hard == resource.RLIM_INFINITY else min(hard, DESIRED_FILES)
    if soft < desired:
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (desired, hard))
            soft = desired
    # Each request can have a second connection, to MiniStack or to an HTTP backend.
    return max(1, min(CONNECTIONS, (soft - RESERVED_FILES) // 2))
