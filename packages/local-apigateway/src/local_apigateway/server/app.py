# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The server: one address for all services. It routes each request to the control plane, the gateway or MiniStack."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import signal
import socket
import uuid
from collections.abc import Coroutine
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl
from xml.sax.saxutils import escape

from aiohttp import web
from multidict import CIMultiDict

from ..caller import DEFAULT_ACCOUNT, Caller, caller_of
from ..control_plane import ControlPlane
from ..control_plane.errors import MissingOperationError, TooManyRequestsError
from ..control_plane.operations import Conditions
from ..control_plane.protocol import ApiRequest, operation_name
from ..control_plane.stored_plans import StoredPlans
from ..gateway import Gateway
from ..gateway.dialect import DEFAULT
from ..gateway.errors import UnsupportedError
from ..long_work import share_processor
from ..model import HttpRequest, HttpResponse, ServedStage, Wire
from ..running_servers import listed
from ..services.aws_refusals import JUDGED, AwsRefusals, PassedCall
from ..services.backend import ServiceBackend
from ..services.client import ServiceCallError, ServiceClient, text_of
from ..services.execution_role import Delay, ExecutionRoles
from ..services.process import MiniStack
from ..services.stale_iam_reads import StaleIamReads, role_call
from ..settings import Settings
from ..store import Store
from .access_control import AccessControl
from .calls import FORM, CallRecord, service_call
from .exact_response import drop_added_headers
from .http_bounds import API_BODY, HEAD_BYTES, HEAD_SECONDS, Connections, body_limit, raise_file_limit, read_body
from .invoke_url import StageUrl, origin_form, parse_invoke_url
from .observation import Observation
from .own_endpoints import OwnEndpoints
from .passthrough import BUFFERED_BYTES, pass_on
from .rehearsal import Rehearsals, Slowness
from .state_directory import StateDirectory

LOG = logging.getLogger("local_apigateway.server")
QUEUED_CONNECTIONS = 1024
# API Gateway V2 (HTTP and WebSocket APIs) signs with the same name; its paths begin here.
V2_PREFIX = "/v2/"
# A call of these can change the permissions or the trust policy of a role.
ROLE_SERVICES = frozenset({"iam", "cloudformation"})


class DraftInvoker:
    """Runs TestInvokeMethod of the control plane on the gateway."""

    def __init__(self, gateway: Gateway, rehearsals: Rehearsals) -> None:
        self._gateway = gateway
        self._rehearsals = rehearsals

    async def test_invoke(self, draft: ServedStage, resource_id: str, http_method: str, test: Wire) -> Wire:
        try:
            dialect = self._rehearsals.dialect(draft.account_id)
            return await self._gateway.test_invoke(draft, resource_id, http_method, test, dialect)
        except UnsupportedError as missing:
            raise MissingOperationError(str(missing)) from None


class Server:
    """All parts of one local AWS over one state directory."""

    def __init__(self, state: StateDirectory, port: int, settings: Settings) -> None:
        self.ministack = MiniStack(state.path / "ministack", port, functions=settings.functions)
        self.services = ServiceClient(socket_path=self.ministack.socket_path)
        self.stale_iam_reads = StaleIamReads(self.services)
        self.roles = ExecutionRoles(self.services, self._delay_of_role)
        self.refusals = AwsRefusals(self.services)
        self.observation = Observation(state.path / "requests.log")
        store = Store(state.path / "apigateway")
        backend = ServiceBackend(self.services, self.roles)
        self.gateway = Gateway(backend, self.observation.record, StoredPlans(store))
        self.connections = Connections(raise_file_limit())
        self.calls = CallRecord()
        self.rehearsals = Rehearsals()
        invoker = DraftInvoker(self.gateway, self.rehearsals)
        self.control_plane = ControlPlane(store, invoker, self._admit, self._conditions, self.roles.check_log_role)
        self._accounts: dict[str, str] = {}
        self._settings = settings
        self._port = port
        self._state_dir = state.path

    def application(self) -> web.Application:
        """Return the web application that serves the one address."""
        application = web.Application(client_max_size=0)
        application.on_response_prepare.append(drop_added_headers)
        self.connections.add_to(application)
        AccessControl(self._settings).add_to(application)
        application.on_shutdown.append(self._end_rehearsals)
        OwnEndpoints(self._status, self.observation, self.calls, self.rehearsals).add_to(application)
        application.router.add_route("*", "/{path:(?s:.*)}", self._dispatch)
        return application

    async def start(self) -> None:
        await self.ministack.start()

    async def _end_rehearsals(self, _application: web.Application) -> None:
        """Release the calls that a halt holds, so that a stop does not wait for them."""
        self.rehearsals.end_all()

    async def stop(self) -> None:
        await self.gateway.close()
        await self.services.close()
        await self.ministack.stop()

    async def _dispatch(self, request: web.Request) -> web.StreamResponse:
        path, _unused, query = origin_form(request.raw_path).partition("?")
        invoked = parse_invoke_url(request.host, path)
        if invoked:
            return await self._invoke(invoked, query, request)
        parameters = tuple(parse_qsl(query, keep_blank_values=True))
        caller = caller_of(request.headers, dict(parameters))
        if caller is None and path.startswith("/restapis"):
            return _error(403, "MissingAuthenticationTokenException", "Missing Authentication Token")
        if caller is None:
            return await pass_on(self.services, request, body_limit(None))
        if caller.service == "apigateway" and not path.startswith(V2_PREFIX):
            headers = {name.lower(): value for name, value in request.headers.items()}
            call = ApiRequest(request.method, path, parameters, headers, await read_body(request, API_BODY))
            return await self._manage(caller, call, request)
        is_form = request.content_type == FORM and (request.content_length or 0) <= BUFFERED_BYTES
        # A body without a length is streamed to MiniStack, so it is not read here.
        form = await read_body(request, BUFFERED_BYTES) if is_form and request.content_length else b""
        name = service_call(caller, request.method, path, query, request.headers, form)
        account_id = await self._account(caller)
        return await self._rehearsed(account_id, name, request, self._pass_on(account_id, name, caller, request))

    async def _manage(self, caller: Caller, call: ApiRequest, request: web.Request) -> web.StreamResponse:
        """Respond to a call of the management API."""
        account_id = await self._account(caller)
        name = f"apigateway:{operation_name(call)}"
        return await self._rehearsed(account_id, name, request, self._managed(account_id, caller.region, call))

    async def _rehearsed(
        self, account_id: str, name: str, request: web.Request, execution: Coroutine[Any, Any, web.StreamResponse]
    ) -> web.StreamResponse:
        """Execute a call with the rehearsed latency and faults."""
        self.calls.count(account_id, name)
        fault = await self.rehearsals.begin(account_id, name)
        if await self.rehearsals.held(account_id):
            execution.close()
            return _cut(request)
        if fault and not fault.after:
            execution.close()
            if fault.fault != "error":
                return _cut(request)
            return _service_error(name, fault.status, fault.code, fault.message)
        response = await execution
        if fault:
            fault.struck = True
        return _cut(request) if await self.rehearsals.held(account_id) or fault else response

    def _admit(self, operation: str, account_id: str, region: str, params: Wire) -> None:
        """Check a call of the management API against rehearsed quotas. Raises `TooManyRequestsError`, and counts it."""
        try:
            self.rehearsals.admit(operation, account_id, region, params)
        except TooManyRequestsError:
            self.calls.count_throttled(account_id, f"apigateway:{operation}")
            raise

    def _conditions(self, account_id: str) -> Conditions:
        stale = self.rehearsals.slowness(account_id).stale_apigateway
        return Conditions(stale, self.rehearsals.import_warnings(account_id))

    def _delay_of_role(self, account_id: str, role: str) -> Delay:
        slowness = self.rehearsals.slowness(account_id)
        is_new = self.stale_iam_reads.is_new(account_id, role, slowness.role_delay)
        return Delay(is_new, self.stale_iam_reads.session_policy(account_id, role, slowness.policy_delay))

    async def _managed(self, account_id: str, region: str, call: ApiRequest) -> web.StreamResponse:
        response = await self.control_plane.respond(account_id, region, call)
        return web.Response(status=response.status, headers=response.headers, body=response.body)

    async def _pass_on(self, account_id: str, name: str, caller: Caller, request: web.Request) -> web.StreamResponse:
        """Respond to a call of a service that MiniStack provides."""
        slowness = self.rehearsals.slowness(account_id)
        if slowness.is_about_iam and caller.service == "iam":
            return await self._pass_on_slowly(account_id, name, caller, request, slowness)
        return await self._judged(account_id, name, caller, request)

    async def _pass_on_slowly(
        self, account_id: str, name: str, caller: Caller, request: web.Request, slowness: Slowness
    ) -> web.StreamResponse:
        """Respond to a call of IAM while changes of IAM are rehearsed to become visible late."""
        call = role_call(account_id, await read_body(request, BUFFERED_BYTES))
        if call and call.is_write:
            change = await self.stale_iam_reads.about_to_change(call)
            response = await self._judged(account_id, name, caller, request)
            if response.status == 200:
                self.stale_iam_reads.changed(change)
            return response
        earlier = self.stale_iam_reads.response(call, slowness.stale_iam) if call else None
        return _response(earlier) if earlier else await self._judged(account_id, name, caller, request)

    async def _judged(self, account_id: str, name: str, caller: Caller, request: web.Request) -> web.StreamResponse:
        """Send a call to MiniStack, unless AWS would reject it."""
        if name not in JUDGED or (request.content_length or 0) > BUFFERED_BYTES:
            return await self._passed_on(caller, request)
        call = PassedCall(account_id, caller.region, name, await read_body(request, BUFFERED_BYTES))
        refusal = await self.refusals.refusal(call, self.rehearsals.ttl_interval(account_id))
        if refusal:
            return _service_error(name, refusal.status, refusal.code, refusal.message)
        response = await self._passed_on(caller, request)
        if response.status == 200:
            self.refusals.carried_out(call)
        return response

    async def _passed_on(self, caller: Caller, request: web.Request) -> web.StreamResponse:
        try:
            return await pass_on(self.services, request, body_limit(caller.service))
        finally:
            if caller.service in ROLE_SERVICES:
                self.roles.forget()

    async def _invoke(self, invoked: StageUrl, query: str, request: web.Request) -> web.StreamResponse:
        stage = self.control_plane.served(invoked.api_id, invoked.stage)
        dialect = self.rehearsals.dialect(stage.account_id) if stage else DEFAULT
        response = _response(await self.gateway.respond(stage, await _http_request(invoked, query, request), dialect))
        if "Location" in response.headers:
            response.headers["Location"] = invoked.local_location(response.headers["Location"])
        return response

    async def _account(self, caller: Caller) -> str:
        """Return the account of a caller. Ask STS once for each key that IAM or STS created."""
        key = caller.access_key
        if caller.account_id is None and key not in self._accounts:
            with contextlib.suppress(ServiceCallError):
                parameters = {"Action": "GetAccessKeyInfo", "Version": "2011-06-15", "AccessKeyId": key}
                self._accounts[key] = text_of(
                    await self.services.query_api("sts", DEFAULT_ACCOUNT, **parameters), "Account"
                )
        return caller.account_id or self._accounts.get(key, DEFAULT_ACCOUNT)

    def _status(self) -> Wire:
        services = {
            "pid": self.ministack.pid,
            "socket": str(self.ministack.socket_path),
            "restarts": self.ministack.restarts,
        }
        return {
            "pid": os.getpid(),
            "port": self._port,
            "state_dir": str(self._state_dir),
            "settings": self._settings.document(),
            "ministack": services,
        }


async def _http_request(invoked: StageUrl, query: str, request: web.Request) -> HttpRequest:
    peer = request.transport.get_extra_info("peername") if request.transport else None
    return HttpRequest(
        method=request.method,
        path=invoked.path,
        query=tuple(parse_qsl(query, keep_blank_values=True)),
        headers=tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in request.raw_headers),
        body=await read_body(request, API_BODY),
        host=request.host,
        source_ip=peer[0] if peer else "127.0.0.1",
        protocol=f"HTTP/{request.version.major}.{request.version.minor}",
        prefix=invoked.prefix,
    )


def _response(response: HttpResponse) -> web.Response:
    headers = CIMultiDict((name, value) for name, value in response.headers if name.lower() != "content-length")
    return web.Response(status=response.status, headers=headers, body=response.body)


def _error(status: int, code: str, message: str) -> web.Response:
    """Return an error in the format of services with JSON protocols."""
    return web.Response(
        status=status,
        headers={"Content-Type": "application/json", "x-amzn-ErrorType": code},
        body=json.dumps({"__type": code, "message": message}).encode(),
    )


_QUERY_SERVICES = ("iam:", "sts:")
"""Services with the query protocol, whose errors are XML."""


def _service_error(name: str, status: int, code: str, message: str) -> web.Response:
    """Return an error in the protocol of the service that is called."""
    if not name.startswith(_QUERY_SERVICES):
        return _error(status, code, message)
    kind = "Receiver" if status >= 500 else "Sender"
    error = f"<Type>{kind}</Type><Code>{escape(code)}</Code><Message>{escape(message)}</Message>"
    body = f"<ErrorResponse><Error>{error}</Error><RequestId>{uuid.uuid4()}</RequestId></ErrorResponse>"
    return web.Response(status=status, headers={"Content-Type": "text/xml"}, body=body.encode())


def _cut(request: web.Request) -> web.Response:
    """Close the connection without a response."""
    if request.transport:
        request.transport.abort()
    return web.Response()


async def serve(port: int, directory: Path, settings: Settings) -> None:
    """Run until SIGTERM or SIGINT. `port` 0 uses a free port.

    Raises `OSError` for a port that is not available, and `AlreadyRunningError` for a directory in use.
    """
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    with StateDirectory.locked(directory) as state, socket.create_server(("127.0.0.1", port)) as listener:
        port = listener.getsockname()[1]
        server = Server(state, port, settings)
        runner = web.AppRunner(
            server.application(),
            access_log=None,
            handle_signals=False,
            shutdown_timeout=5.0,
            keepalive_timeout=HEAD_SECONDS,
            # MiniStack gets payloads unchanged. The gateway decompresses those of APIs, within bounds.
            auto_decompress=False,
            max_line_size=HEAD_BYTES,
            max_field_size=HEAD_BYTES,
        )
        share_processor()
        stack = contextlib.ExitStack()
        try:
            await server.start()
            await runner.setup()
            accepting = await _accept(server, runner, listener)
            stack.callback(accepting.close)
            state.announce(os.getpid(), port)
            stack.enter_context(listed(state.path))
            LOG.info("The local AWS runs at http://127.0.0.1:%s", port)
            await stopped.wait()
        finally:
            state.withdraw()
            stack.close()
            await runner.cleanup()
            await server.stop()


async def _accept(server: Server, runner: web.AppRunner, listener: socket.socket) -> asyncio.Server:
    """Accept connections of a listening socket, one at a time.

    asyncio accepts `backlog` connections in a row. When file descriptors run out, it retries after a second for each
    connection that it could not accept. With many of them, the retries multiply until nothing else runs.
    """
    if runner.server is None:
        raise RuntimeError("the runner must be set up before it serves")
    protocols = server.connections.protocols(runner.server)
    accepting = await asyncio.get_running_loop().create_server(protocols, sock=listener, backlog=1)
    listener.listen(QUEUED_CONNECTIONS)
    return accepting
