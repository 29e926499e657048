# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the embedded AWS says of itself, and is told, below `/_local_aws/`.

GET    health      200 when it answers
GET    status      its process, its port, its directory, MiniStack's process
GET    requests    the last requests to APIs: ?last=20, and ?api=… of one
GET    calls       the calls of AWS APIs, counted by operation, those that quotas refused, and all in their order;
                   DELETE counts anew
GET    rehearsal   what is asked for (rehearsal.py) and whether it struck; PUT asks, DELETE ends it

The last two are about all accounts, or with ?account=123456789012 about one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable

from aiohttp import web

from ..model import Wire
from .calls import CallRecord
from .http_bounds import API_BODY, read_body
from .observation import Observation
from .rehearsal import Rehearsals

PREFIX = "/_local_aws/"


class OwnEndpoints:
    """Handlers for a web application. `status` makes what `status` answers."""

    def __init__(
        self, status: Callable[[], Wire], observation: Observation, calls: CallRecord, rehearsals: Rehearsals
    ) -> None:
        self._status = status
        self._observation = observation
        self._calls = calls
        self._rehearsals = rehearsals

    def add_to(self, application: web.Application) -> None:
        for method, name, handler in (
            ("GET", "health", self._get_health),
            ("GET", "status", self._get_status),
            ("GET", "requests", self._get_requests),
            ("GET", "calls", self._get_calls),
            ("DELETE", "calls", self._delete_calls),
            ("GET", "rehearsal", self._get_rehearsal),
            ("PUT", "rehearsal", self._put_rehearsal),
            ("DELETE", "rehearsal", self._delete_rehearsal),
        ):
            application.router.add_route(method, PREFIX + name, handler)
        application.router.add_route("*", PREFIX + "{path:.*}", _unknown)

    async def _get_health(self, _request: web.Request) -> web.Response:
        return web.json_response({"status": "running"})

    async def _get_status(self, _request: web.Request) -> web.Response:
        return web.json_response(self._status())

    async def _get_requests(self, request: web.Request) -> web.Response:
        last = request.query.get("last", "20")
        count = int(last) if re.fullmatch(r"[0-9]{1,6}", last) else 20
        return web.json_response({"requests": self._observation.last(count, request.query.get("api"))})

    async def _get_calls(self, request: web.Request) -> web.Response:
        return web.json_response(self._calls.summary(_account(request)))

    async def _delete_calls(self, request: web.Request) -> web.Response:
        self._calls.reset(_account(request))
        return web.Response(status=204)

    async def _get_rehearsal(self, request: web.Request) -> web.Response:
        return web.json_response(self._rehearsals.summary(_account(request)))

    async def _put_rehearsal(self, request: web.Request) -> web.Response:
        account_id = _account(request)
        try:
            self._rehearsals.ask(account_id, json.loads(await read_body(request, API_BODY)))
        except (ValueError, RecursionError) as error:
            raise _bad_request(str(error)) from None
        return web.json_response(self._rehearsals.summary(account_id))

    async def _delete_rehearsal(self, request: web.Request) -> web.Response:
        self._rehearsals.end(_account(request))
        return web.Response(status=204)


def _account(request: web.Request) -> str | None:
    """The account that a request is about; None for all."""
    account_id = request.query.get("account")
    if account_id is not None and not re.fullmatch(r"[0-9]{12}", account_id):
        raise _bad_request(f"account must be 12 digits, not {account_id!r}")
    return account_id


def _bad_request(message: str) -> web.HTTPBadRequest:
    return web.HTTPBadRequest(text=json.dumps({"message": message}), content_type="application/json")


async def _unknown(request: web.Request) -> web.Response:
    return web.json_response({"message": f"There is no {request.method} {request.path}"}, status=404)
