# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Rejects calls of DynamoDB that are not JSON, before MiniStack checks permissions.

Runs inside MiniStack's process. DynamoDB parses the JSON of a call first, and returns SerializationException if it is
invalid (dynalite, whose tests run against DynamoDB). MiniStack finds no table in such a call and denies access, and a
lone surrogate makes MiniStack fail.
"""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, MutableMapping
from functools import lru_cache
from typing import Any

from ministack.core import iam_evaluator

_Scope = MutableMapping[str, Any]
_Message = MutableMapping[str, Any]
_Receive = Callable[[], Awaitable[_Message]]
_Send = Callable[[_Message], Awaitable[None]]
_Asgi = Callable[[_Scope, _Receive, _Send], Awaitable[None]]

_REJECTION = b'{"__type":"com.amazon.coral.service#SerializationException"}'


class ReadableDocuments:
    """An ASGI application that rejects calls of DynamoDB that are not JSON, and passes on all other requests."""

    def __init__(self, application: _Asgi) -> None:
        self._application = application

    async def __call__(self, scope: _Scope, receive: _Receive, send: _Send) -> None:
        if scope["type"] != "http" or not _is_dynamodb(scope):
            await self._application(scope, receive, send)
            return
        body = await _read(receive)
        if is_readable(body):
            await self._application(scope, _replayed(body, receive), send)
            return
        headers = [(b"content-type", b"application/x-amz-json-1.0"), (b"content-length", str(len(_REJECTION)).encode())]
        await send({"type": "http.response.start", "status": 400, "headers": headers})
        await send({"type": "http.response.body", "body": _REJECTION})


def _is_dynamodb(scope: _Scope) -> bool:
    headers = dict(scope["headers"])
    return headers.get(b"x-amz-target", b"").startswith(b"DynamoDB_") and b"content-encoding" not in headers


async def _read(receive: _Receive) -> bytes:
    parts = []
    more = True
    while more:
        message = await receive()
        parts.append(message.get("body", b""))
        more = message.get("more_body", False)
    return b"".join(parts)


def _replayed(body: bytes, receive: _Receive) -> _Receive:
    messages = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> _Message:
        return messages.pop() if messages else await receive()

    return replay


def is_readable(body: bytes) -> bool:
    """Return whether a body is JSON with valid Unicode. MiniStack handles an empty body."""
    try:
        json.dumps(json.loads(body or b"{}"), ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return False
    return True


def match_across_lines() -> None:
    """Make `*` and `?` of a policy match line breaks, too. MiniStack's do not."""
    compile_line = iam_evaluator._fnmatch_compile  # pylint: disable=protected-access

    @lru_cache(maxsize=4096)
    def compile_all(pattern: str, ignore_case: bool) -> re.Pattern[str]:
        compiled: re.Pattern[str] = compile_line(pattern, ignore_case)
        return re.compile(compiled.pattern.removesuffix("$") + r"\Z", compiled.flags | re.DOTALL)

    iam_evaluator._fnmatch_compile = compile_all  # pylint: disable=protected-access
