# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The gateway's door: one request in, one answer out."""

from __future__ import annotations

import json
import logging
import time
from collections import OrderedDict
from collections.abc import Callable

from multidict import CIMultiDict

from ..model import Backend, HttpRequest, HttpResponse, ServedStage, Wire
from .admission.throttling import Throttle
from .admission.user_pool_tokens import UserPoolTokens
from .dialect import DEFAULT, Dialect
from .errors import GatewayError, NotBuiltError
from .integration.endpoints.http import HttpConnections
from .invocation import Invocation, MethodResponse
from .request.client_request import read_client_request, refuse_large_body
from .request.compression import compressed, decompressed
from .request.context import RequestIds, new_ids, request_context
from .request.routing import method_of, path_parameters
from .request.stage_access import choose_deployment, stage_variables
from .response.execution_log import execution_log
from .response.method_response import finish_mapped, pass_through, stamp
from .response.test_invoke import begin_test, test_response
from .served_api import Backends, ServedApi, ServedMethod
from .trace import Trace

LOG = logging.getLogger("local_apigateway.gateway")

_KEPT_DEPLOYMENTS = 64
"""Compiled deployments in memory; the one that answered longest ago goes first."""


class Gateway:
    """Answers requests to the stages of REST APIs. One per server; it holds what is compiled from deployments.

    `observe` is given the trace of each request when it has been answered.
    """

    def __init__(self, backend: Backend, observe: Callable[[Trace], None] | None = None) -> None:
        self._backends = Backends(backend, HttpConnections(), UserPoolTokens(backend))
        self._observe = observe
        self._throttle = Throttle()
        self._compiled: OrderedDict[tuple[str, str], ServedApi] = OrderedDict()

    async def respond(
        self, stage: ServedStage | None, request: HttpRequest, dialect: Dialect = DEFAULT
    ) -> HttpResponse:
        """The answer to a request; `stage` None stands for an unknown API or stage."""
        ids = new_ids(_header(request, "X-Amzn-Trace-Id"))
        if stage is None or stage.content.settings.get("disableExecuteApiEndpoint"):
            reason = "its default endpoint is disabled" if stage else "there is no such API or stage"
            LOG.warning("%s %s%s: %s", request.method, request.prefix, request.path, reason)
            return stamp(_plain(403, "ForbiddenException", "Forbidden"), ids)
        began = time.perf_counter()
        trace = Trace(ids.request_id, stage.api_id, str(stage.stage["stageName"]), request.method, request.path)
        trace.response = await self._answer(stage, request, ids, trace, dialect)
        trace.total_ms = (time.perf_counter() - began) * 1000
        self._record(trace)
        return stamp(trace.response, ids)

    async def test_invoke(
        self, draft: ServedStage, resource_id: str, http_method: str, test: Wire, dialect: Dialect = DEFAULT
    ) -> Wire:
        """Run one method of a draft as TestInvokeMethod does: without routing, authorization and quotas.

        `draft` holds the draft as its content, `test` the members of the wire shape TestInvokeMethodRequest; the
        answer is the wire shape TestInvokeMethodResponse. Raises KeyError for a resource or a method that the draft
        lacks, and `NotBuiltError` for an integration that is not there yet.
        """
        resource = draft.content.resources[resource_id]
        methods = resource["resourceMethods"]
        api = ServedApi(draft.content, self._backends)
        invocation = begin_test(draft, resource, http_method, test, dialect)
        began = time.perf_counter()
        try:
            method = await api.method(resource, methods.get(http_method) or methods["ANY"])
            response = await execute(method, invocation)
        except GatewayError as error:
            invocation.trace.failure = error
            response = api.gateway_responses.answer(error, invocation)
        invocation.trace.response = response
        return test_response(response, execution_log(invocation), (time.perf_counter() - began) * 1000)

    async def close(self) -> None:
        """Let go of the connections to HTTP backends."""
        await self._backends.http.close()

    async def _answer(
        self, stage: ServedStage, request: HttpRequest, ids: RequestIds, trace: Trace, dialect: Dialect
    ) -> MethodResponse:
        served, is_canary = choose_deployment(stage)
        trace.deployment_id, trace.is_canary = served.deployment_id, is_canary
        api = self._served_api(served)
        invocation = _begin(served, is_canary, request, ids, trace, dialect)
        try:
            refuse_large_body(request.body)
            return await self._answer_encoded(api, invocation)
        except GatewayError as error:
            trace.failure = error
            return api.gateway_responses.answer(error, invocation)
        except NotBuiltError as missing:
            trace.not_built = f"The embedded AWS does not have this yet: {missing}"
            return _plain(501, "NotImplementedException", trace.not_built)
        except Exception as error:
            LOG.exception("A fault of the gateway itself")
            trace.failure = GatewayError("DEFAULT_5XX", "Internal server error", f"{type(error).__name__}: {error}")
            return api.gateway_responses.answer(trace.failure, invocation)

    async def _answer_encoded(self, api: ServedApi, invocation: Invocation) -> MethodResponse:
        """Route and execute a request, its payload and that of the answer encoded as the API allows."""
        invocation.client = decompressed(invocation.client)
        response = await self._execute(api, invocation)
        minimum = api.minimum_compression
        return response if minimum is None else compressed(response, invocation.client, minimum)

    async def _execute(self, api: ServedApi, invocation: Invocation) -> MethodResponse:
        method = await self._route(api, invocation)
        await method.access.check(invocation)
        return await execute(method, invocation)

    async def _route(self, api: ServedApi, invocation: Invocation) -> ServedMethod:
        """The method that a request means; sets the path parameters and what `$context` says of the resource."""
        client, served = invocation.client, invocation.served
        match = api.router.match(client.path)
        resource = match.resource
        invocation.path.update(path_parameters(match, invocation.dialect))
        invocation.context["resourceId"], invocation.context["resourcePath"] = resource["id"], resource["path"]
        invocation.trace.resource_path = resource["path"]
        method = method_of(resource, client.method)
        self._throttle.check(served.api_id, served.stage, resource["path"], method["httpMethod"])
        return await api.method(resource, method)

    def _served_api(self, served: ServedStage) -> ServedApi:
        key = (served.api_id, served.deployment_id)
        api = self._compiled.get(key)
        if api is None:
            api = self._compiled[key] = ServedApi(served.content, self._backends)
            if len(self._compiled) > _KEPT_DEPLOYMENTS:
                self._compiled.popitem(last=False)
        self._compiled.move_to_end(key)
        return api

    def _record(self, trace: Trace) -> None:
        reason = trace.failure.log if trace.failure else trace.not_built
        if reason:
            LOG.warning("%s %s/%s%s: %s", trace.http_method, trace.api_id, trace.stage, trace.path, reason)
        if self._observe is not None:
            self._observe(trace)


async def execute(method: ServedMethod, invocation: Invocation) -> MethodResponse:
    """Validate, map the request, call the backend, map its answer."""
    trace = invocation.trace
    trace.integration_type = method.integration_type
    await method.validation.check(invocation)
    trace.call = call = method.endpoint.prepare(invocation, await method.request.build(invocation))
    began = time.perf_counter()
    trace.endpoint_response = answer = await call.send()
    trace.endpoint_ms = (time.perf_counter() - began) * 1000
    if method.response is None:
        return pass_through(answer)
    mapped = await method.response.build(invocation, answer, method.endpoint.selection_value(answer))
    return finish_mapped(mapped, None if method.integration_type == "MOCK" else invocation.trace_id)


def _begin(
    served: ServedStage,
    is_canary: bool | None,
    request: HttpRequest,
    ids: RequestIds,
    trace: Trace,
    dialect: Dialect,
) -> Invocation:
    context = request_context(served, request, ids, trace.started)
    if is_canary is not None:
        context["isCanaryRequest"] = is_canary
    client = trace.client = read_client_request(request, ids.trace_id)
    variables = stage_variables(served, is_canary)
    return Invocation(served, request, client, context, variables, ids.trace_id, trace, dialect)


def _header(request: HttpRequest, name: str) -> str | None:
    wanted = name.lower()
    return next((value for key, value in request.headers if key.lower() == wanted), None)


def _plain(status: int, error_type: str, message: str) -> MethodResponse:
    """An answer that no gateway response can change."""
    headers = CIMultiDict({"x-amzn-ErrorType": error_type, "Content-Type": "application/json"})
    return MethodResponse(status, headers, json.dumps({"message": message}, separators=(",", ":")).encode())
