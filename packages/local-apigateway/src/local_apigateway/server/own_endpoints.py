# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The endpoints of the local AWS itself, below `/_local_aws/`.

GET    health      200 when the server runs
GET    status      process, port, state directory, settings, MiniStack's process
GET    requests    the last requests to APIs: ?last=20, and ?api=… for one API
GET    calls       the calls of AWS APIs: counts by operation, calls that quotas rejected, and their order;
                   DELETE resets the counters
GET    rehearsal   the rehearsal (rehearsal.py) and the faults that have occurred; PUT starts it, DELETE ends it

`calls` and `rehearsal` cover all accounts, or one account with ?account=123456789012.
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
    """Handlers for a web application. `status` returns the document of the endpoint `status`."""

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
            self._rehearsals.start(account_id, json.loads(await read_body(request, API_BODY)))
        except (ValueError, RecursionError) as error:
            raise _bad_request(str(error)) from None
        return web.json_response(self._rehearsals.summary(account_id))

    async def _delete_rehearsal(self, request: web.Request) -> web.Response:
        self._rehearsals.end(_account(request))
        return web.Response(status=204)


def _account(request: web.Request) -> str | None:
    """Return the account of a request, or None for all accounts."""
    account_id = request.query.get("account")
    if account_id is not None and not re.fullmatch(r"[0-9]{12}", account_id):
        raise _bad_request(f"account must be 12 digits, not {account_id!r}")
    return account_id


def _bad_request(message: str) -> web.HTTPBadRequest:
    return web.HTTPBadRequest(text=json.dumps({"message": message}), content_type="application/json")


async def _unknown(request: web.Request) -> web.Response:
    return web.json_response({"message": f"{request.method} {request.path} does not exist"}, status=404)
