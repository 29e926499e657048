# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Responses with exactly the headers that were set. aiohttp adds others."""

from __future__ import annotations

from typing import TypeVar

from aiohttp import web

Response = TypeVar("Response", bound=web.StreamResponse)
GIVEN = web.ResponseKey("given_headers", frozenset)
ADDED = ("Server", "Content-Type", "Date")


def exact_headers(response: Response) -> Response:
    """Mark a response, so that `drop_added_headers` removes the headers that aiohttp adds."""
    response[GIVEN] = frozenset(name.lower() for name in response.headers)
    return response


async def drop_added_headers(_request: web.Request, response: web.StreamResponse) -> None:
    """Remove the headers that aiohttp added. A handler of aiohttp's signal `on_response_prepare`."""
    response.headers.popall("Server", None)
    if GIVEN in response:
        for name in ADDED:
            if name.lower() not in response[GIVEN]:
                response.headers.popall(name, None)
