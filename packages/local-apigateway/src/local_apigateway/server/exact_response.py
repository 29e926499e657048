# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Responses whose headers are those that were given: aiohttp adds some of its own otherwise."""

from __future__ import annotations

from typing import TypeVar

from aiohttp import web

Response = TypeVar("Response", bound=web.StreamResponse)
GIVEN = web.ResponseKey("given_headers", frozenset)
ADDED = ("Server", "Content-Type", "Date")


def exact_headers(response: Response) -> Response:
    """Mark a response: of what aiohttp adds, only what was given is sent."""
    response[GIVEN] = frozenset(name.lower() for name in response.headers)
    return response


async def drop_added_headers(_request: web.Request, response: web.StreamResponse) -> None:
    """To be called before headers are sent (aiohttp's signal `on_response_prepare`)."""
    response.headers.popall("Server", None)
    if GIVEN in response:
        for name in ADDED:
            if name.lower() not in response[GIVEN]:
                response.headers.popall(name, None)
