# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The phases of a request, in their order. A new phase (a cache, WAF) is one function and one line here.

`STAGE_PHASES` and `TEST_INVOKE_PHASES` are the lists; `run` runs them. A phase takes an `Execution`, reads what the
phases before it have set, and sets its own result. It raises `GatewayError` to end the request with a gateway response.
(A *stage* is API Gateway's own term for `dev` or `prod`.)

| phase | reads | sets |
| --- | --- | --- |
| receive | `invocation.sent` | `invocation.client` with its payload decompressed |
| route | `invocation.client` | `resource`, `method`, `invocation.path`, `$context.resourceId` and `resourcePath` |
| throttle | `resource`, `method` | |
| compile_method | `resource`, `method` | `compiled` |
| authorize | `invocation.sent`, `invocation.client` | `$context.identity` or `$context.authorizer` |
| require_api_key | `resource`, `method`, `invocation.client` | `apiKey` and `apiKeyId` of `$context.identity` |
| validate | `invocation.client`, `invocation.params` | |
| map_request | `invocation` | `call` |
| call | `call` | `backend_response` |
| map_response | `backend_response`, `invocation` | `response` |
| compress | `response` | `response` |
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from ..model import HttpResponse, UsagePlans, Wire
from .admission.api_keys import check_api_key
from .admission.throttling import Throttle
from .compression import compressed, decompressed
from .errors import GatewayError
from .invocation import Invocation
from .messages import BackendCall, MethodResponse
from .request.client_request import check_body_size
from .request.routing import method_of, path_parameters
from .response.method_response import finish_mapped, pass_through
from .served_api import ServedApi, ServedMethod


@dataclass(slots=True)
class Execution:
    """One request and the results of its phases. A member without a default is unset until its phase has run."""

    api: ServedApi
    invocation: Invocation
    throttle: Throttle
    usage_plans: UsagePlans | None
    resource: Wire = field(init=False)
    method: Wire = field(init=False)
    compiled: ServedMethod = field(init=False)
    call: BackendCall = field(init=False)
    backend_response: HttpResponse = field(init=False)
    response: MethodResponse = field(init=False)


async def receive(execution: Execution) -> None:
    """Check the size of the payload, and undo its Content-Encoding."""
    client = execution.invocation.client
    check_body_size(client.body)
    execution.invocation.client = decompressed(client)


async def route(execution: Execution) -> None:
    """Find the resource and the method that the request names."""
    invocation = execution.invocation
    match = execution.api.router.match(invocation.client.path)
    resource = execution.resource = match.resource
    invocation.path.update(path_parameters(match, invocation.dialect))
    invocation.context["resourceId"], invocation.context["resourcePath"] = resource["id"], resource["path"]
    invocation.trace.resource_path = resource["path"]
    execution.method = method_of(resource, invocation.client.method)


async def throttle(execution: Execution) -> None:
    """Count the request against the limits of the stage's method settings."""
    served, method = execution.invocation.served, execution.method["httpMethod"]
    execution.throttle.check(served.api_id, served.stage, execution.resource["path"], method)


async def compile_method(execution: Execution) -> None:
    """Compile the method, its integration and its templates. Takes time for the first request only."""
    execution.compiled = await execution.api.method(execution.resource, execution.method)
    execution.invocation.trace.integration_type = execution.compiled.integration_type


async def authorize(execution: Execution) -> None:
    """Check that the caller may invoke the method: authorizer, IAM, resource policy."""
    await execution.compiled.access.check(execution.invocation)


async def require_api_key(execution: Execution) -> None:
    """Check the API key of a method that requires one, and count the request in the key's usage plan."""
    check_api_key(execution.invocation, execution.resource, execution.method, execution.usage_plans, execution.throttle)


async def validate(execution: Execution) -> None:
    """Check parameters and payload against the request validator of the method."""
    await execution.compiled.validation.check(execution.invocation)


async def map_request(execution: Execution) -> None:
    """Build the request for the backend from the client's: mappings, template, overrides, address."""
    compiled, invocation = execution.compiled, execution.invocation
    execution.call = compiled.endpoint.prepare(invocation, await compiled.request.build(invocation))
    invocation.trace.call = execution.call


async def call(execution: Execution) -> None:
    """Send the request to the backend."""
    execution.backend_response = await execution.call.send()
    execution.invocation.trace.endpoint_response = execution.backend_response


async def map_response(execution: Execution) -> None:
    """Build the response for the client from the backend's: selection, mappings, template, overrides."""
    compiled, invocation, response = execution.compiled, execution.invocation, execution.backend_response
    if compiled.response is None:
        execution.response = pass_through(response)
        return
    mapped = await compiled.response.build(invocation, response, compiled.endpoint.selection_value(response))
    execution.response = finish_mapped(mapped, None if compiled.integration_type == "MOCK" else invocation.trace_id)


async def compress(execution: Execution) -> None:
    """Compress the payload of the response if the API has it enabled and the client accepts it."""
    minimum = execution.api.minimum_compression
    if minimum is not None:
        execution.response = compressed(execution.response, execution.invocation.client, minimum)


Phase = Callable[[Execution], Awaitable[None]]

STAGE_PHASES: Sequence[Phase] = (
    receive,
    route,
    throttle,
    compile_method,
    authorize,
    require_api_key,
    validate,
    map_request,
    call,
    map_response,
    compress,
)
"""The phases of a request to a stage."""

TEST_INVOKE_PHASES: Sequence[Phase] = (compile_method, validate, map_request, call, map_response)
"""The phases of TestInvokeMethod, which gets a resource and a method: no routing, throttling, authorization, coding."""


async def run(phases: Sequence[Phase], execution: Execution) -> MethodResponse:
    """Run phases in their order and return the response; a `GatewayError` becomes a gateway response."""
    trace = execution.invocation.trace
    began = time.perf_counter()
    try:
        for phase in phases:
            await phase(execution)
            ended = time.perf_counter()
            trace.phase_ms[phase.__name__] = (ended - began) * 1000
            began = ended
    except GatewayError as error:
        trace.failure = error
        return execution.api.gateway_responses.build(error, execution.invocation)
    return execution.response
