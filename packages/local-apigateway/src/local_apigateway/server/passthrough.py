# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Requests to services other than API Gateway, passed on as they came, and the answers passed back as they are."""

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

# Above this, bodies are streamed in both directions; below, they are passed on in one piece.
BUFFERED_BYTES = 1_000_000


async def pass_on(client: ServiceClient, request: web.Request, limit: int | None) -> web.StreamResponse:
    """Send a request to MiniStack; 502 where it does not answer.

    Raises `BodyTooLargeError` for a body of more bytes than `limit`.
    """
    if "Upgrade" in request.headers:
        return web.json_response({"message": "WebSocket is not part of the embedded AWS"}, status=501)
    target = URL(client.url + origin_form(request.raw_path), encoded=True)
    body = await _body(request, limit)
    try:
        async with client.session.request(
            request.method, target, headers=_headers(request.headers.items()), data=body, allow_redirects=False
        ) as answer:
            return await _answer(request, answer)
    except aiohttp.ClientConnectionError as error:
        if isinstance(error.__cause__, BodyTooLargeError | web.HTTPException):
            raise error.__cause__ from None
        return web.json_response({"message": f"The service behind does not answer: {error}"}, status=502)


async def _body(request: web.Request, limit: int | None) -> bytes | AsyncIterator[bytes] | None:
    if not request.body_exists:
        return None
    if request.content_length is not None and request.content_length <= BUFFERED_BYTES:
        return await read_body(request, BUFFERED_BYTES)
    if limit is not None and (request.content_length or 0) > limit:
        raise BodyTooLargeError
    return body_chunks(request, limit)


def _headers(headers: Iterable[tuple[str, str]]) -> CIMultiDict[str]:
    """`Expect` was answered here, so the server behind must not wait to answer it again."""
    return CIMultiDict((name, value) for name, value in headers if name.lower() not in HOP_BY_HOP | {"expect"})


async def _answer(request: web.Request, answer: aiohttp.ClientResponse) -> web.StreamResponse:
    headers = _headers(answer.headers.items())
    length = answer.content_length
    if request.method == "HEAD" or (length is not None and length <= BUFFERED_BYTES):
        body = await answer.read()
        if request.method != "HEAD":
            headers.popall("Content-Length", None)
        return exact_headers(web.Response(status=answer.status, headers=headers, body=body))
    response = exact_headers(web.StreamResponse(status=answer.status, reason=answer.reason, headers=headers))
    await response.prepare(request)
    async for chunk in answer.content.iter_any():
        await response.write(chunk)
    await response.write_eof()
    return response
