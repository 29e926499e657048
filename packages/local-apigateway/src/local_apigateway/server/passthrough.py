# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Requests to services other than API Gateway: sent to MiniStack unchanged, and its responses returned unchanged."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable

import aiohttp
from aiohttp import web
from multidict import CIMultiDict
from yarl import URL

from ..services.client import HOP_BY_HOP, ServiceClient
from .exact_response import exact_headers
from .http_bounds import BodyTooLargeError, body_chunks, read_body
from .invoke_url import origin_form

# Larger bodies are streamed in both directions. Smaller bodies are sent in one piece.
BUFFERED_BYTES = 1_000_000


async def pass_on(client: ServiceClient, request: web.Request, limit: int | None) -> web.StreamResponse:
    """Send a request to MiniStack and return its response, or 502 if MiniStack does not respond.

    Raises `BodyTooLargeError` for a body of more bytes than `limit`.
    """
    if "Upgrade" in request.headers:
        return web.json_response({"message": "The local AWS does not support WebSocket"}, status=501)
    target = URL(client.url + origin_form(request.raw_path), encoded=True)
    body = await _body(request, limit)
    try:
        async with client.session.request(
            request.method, target, headers=_headers(request.headers.items()), data=body, allow_redirects=False
        ) as response:
            return await _stream_response(request, response)
    except aiohttp.ClientConnectionError as error:
        if isinstance(error.__cause__, BodyTooLargeError | web.HTTPException):
            raise error.__cause__ from None
        return web.json_response({"message": f"MiniStack does not respond: {error}"}, status=502)


async def _body(request: web.Request, limit: int | None) -> bytes | AsyncIterator[bytes] | None:
    if not request.body_exists:
        return None
    if request.content_length is not None and request.content_length <= BUFFERED_BYTES:
        return await read_body(request, BUFFERED_BYTES)
    if limit is not None and (request.content_length or 0) > limit:
        raise BodyTooLargeError
    return body_chunks(request, limit)


def _headers(headers: Iterable[tuple[str, str]]) -> CIMultiDict[str]:
    """Return the headers for MiniStack. `Expect` has been answered here, so MiniStack must not answer it again."""
    return CIMultiDict((name, value) for name, value in headers if name.lower() not in HOP_BY_HOP | {"expect"})


async def _stream_response(request: web.Request, received: aiohttp.ClientResponse) -> web.StreamResponse:
    headers = _headers(received.headers.items())
    length = received.content_length
    if request.method == "HEAD" or (length is not None and length <= BUFFERED_BYTES):
        body = await received.read()
        if request.method != "HEAD":
            headers.popall("Content-Length", None)
        return exact_headers(web.Response(status=received.status, headers=headers, body=body))
    response = exact_headers(web.StreamResponse(status=received.status, reason=received.reason, headers=headers))
    await response.prepare(request)
    async for chunk in received.content.iter_any():
        await response.write(chunk)
    await response.write_eof()
    return response
