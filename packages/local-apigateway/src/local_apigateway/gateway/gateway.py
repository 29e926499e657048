# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The entrance of the gateway: one request in, one response out."""

from __future__ import annotations

import json
import logging
import time
from collections import OrderedDict
from collections.abc import Callable

from multidict import CIMultiDict

from ..model import Backend, HttpRequest, HttpResponse, ServedStage, UsagePlans, Wire
from . import phases
from .admission.throttling import Throttle
from .admission.user_pool_tokens import UserPoolTokens
from .dialect import DEFAULT, Dialect
from .errors import GatewayError, UnsupportedError
from .integration.endpoints.http import HttpConnections
from .invocation import Invocation
from .messages import MethodResponse
from .request.client_request import read_client_request
from .request.context import RequestIds, new_ids, request_context
from .request.stage_access import choose_deployment, stage_variables
from .response.execution_log import execution_log
from .response.method_response import stamp
from .served_api import Backends, ServedApi
from .test_invoke import begin_test, build_test_response
from .trace import Trace

LOG = logging.getLogger("local_apigateway.gateway")

_KEPT_DEPLOYMENTS = 64
"""Compiled deployments in memory. A further one replaces the least recently used."""


class Gateway:
    """Responds to requests to the stages of REST APIs. One per server: it keeps what is compiled from deployments.

    `observe` receives the trace of each request when its response is ready.
    """

    def __init__(
        self,
        backend: Backend,
        observe: Callable[[Trace], None] | None = None,
        usage_plans: UsagePlans | None = None,
    ) -> None:
        self._backends = Backends(backend, HttpConnections(), UserPoolTokens(backend))
        self._observe = observe
        self._throttle = Throttle()
        self._usage_plans = usage_plans
        self._apis: OrderedDict[tuple[str, str], ServedApi] = OrderedDict()

    async def respond(
        self, stage: ServedStage | None, request: HttpRequest, dialect: Dialect = DEFAULT
    ) -> HttpResponse:
        """Return the response to a request. `stage` is None for an unknown API or stage."""
        ids = new_ids(_header(request, "X-Amzn-Trace-Id"))
        if stage is None or stage.content.settings.get("disableExecuteApiEndpoint"):
            reason = "its default endpoint is disabled" if stage else "there is no such API or stage"
            LOG.warning("%s %s%s: %s", request.method, request.prefix, request.path, reason)
            return stamp(_fixed_response(403, "ForbiddenException", "Forbidden"), ids)
        began = time.perf_counter()
        trace = Trace(ids.request_id, stage.api_id, str(stage.stage["stageName"]), request.method, request.path)
        trace.response = await self._run(stage, request, ids, trace, dialect)
        trace.total_ms = (time.perf_counter() - began) * 1000
        self._record(trace)
        return stamp(trace.response, ids)

    async def test_invoke(
        self, draft: ServedStage, resource_id: str, http_method: str, test: Wire, dialect: Dialect = DEFAULT
    ) -> Wire:
        """Run one method of a draft as TestInvokeMethod does: without routing, throttling and authorization.

        `draft` has the draft as its content, `test` the members of the wire shape TestInvokeMethodRequest. The result
        has the wire shape TestInvokeMethodResponse. Raises KeyError for a resource or a method that the draft lacks,
        and `UnsupportedError` for an integration that the local API Gateway does not support.
        """
        resource = draft.content.resources[resource_id]
        methods = resource["resourceMethods"]
        invocation = begin_test(draft, resource, http_method, test, dialect)
        api = ServedApi(draft.content, self._backends)
        execution = phases.Execution(api, invocation, self._throttle, self._usage_plans)
        execution.resource, execution.method = resource, methods.get(http_method) or methods["ANY"]
        began = time.perf_counter()
        response = invocation.trace.response = await phases.run(phases.TEST_INVOKE_PHASES, execution)
        return build_test_response(response, execution_log(invocation), (time.perf_counter() - began) * 1000)

    async def close(self) -> None:
        """Close the connections to HTTP backends."""
        await self._backends.http.close()

    async def _run(
        self, stage: ServedStage, request: HttpRequest, ids: RequestIds, trace: Trace, dialect: Dialect
    ) -> MethodResponse:
        """Run the phases of a request. Every failure becomes a response and is recorded in the trace."""
        served, is_canary = choose_deployment(stage)
        trace.deployment_id, trace.is_canary = served.deployment_id, is_canary
        invocation = _begin(served, is_canary, request, ids, trace, dialect)
        execution = phases.Execution(self._served_api(served), invocation, self._throttle, self._usage_plans)
        try:
            return await phases.run(phases.STAGE_PHASES, execution)
        except UnsupportedError as missing:
            trace.unsupported = f"The local API Gateway does not support this: {missing}"
            return _fixed_response(501, "NotImplementedException", trace.unsupported)
        except Exception as error:
            LOG.exception("Error in the gateway itself")
            trace.failure = GatewayError("DEFAULT_5XX", "Internal server error", f"{type(error).__name__}: {error}")
            return execution.api.gateway_responses.build(trace.failure, execution.invocation)

    def _served_api(self, served: ServedStage) -> ServedApi:
        key = (served.api_id, served.deployment_id)
        api = self._apis.get(key)
        if api is None:
            api = self._apis[key] = ServedApi(served.content, self._backends)
            if len(self._apis) > _KEPT_DEPLOYMENTS:
                self._apis.popitem(last=False)
        self._apis.move_to_end(key)
        return api

    def _record(self, trace: Trace) -> None:
        reason = trace.failure.log if trace.failure else trace.unsupported
        if reason:
            LOG.warning("%s %s/%s%s: %s", trace.http_method, trace.api_id, trace.stage, trace.path, reason)
        if self._observe is not None:
            self._observe(trace)


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
    lower_name = name.lower()
    return next((value for key, value in request.headers if key.lower() == lower_name), None)


def _fixed_response(status: int, error_type: str, message: str) -> MethodResponse:
    """Return an error response that no gateway response can change."""
    headers = CIMultiDict({"x-amzn-ErrorType": error_type, "Content-Type": "application/json"})
    return MethodResponse(status, headers, json.dumps({"message": message}, separators=(",", ":")).encode())
