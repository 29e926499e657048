# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The dispatcher of the management API: finds the operation of a request, runs it, and saves the changed APIs."""

from __future__ import annotations

import inspect
import json
import uuid
from collections.abc import Callable

from botocore.model import OperationModel

from ..model import Deployment, RestApi, ServedStage, Wire
from ..store import Store

# Importing these modules registers their operations.
from . import (  # noqa: F401  # pylint: disable=unused-import
    account,
    api_key_imports,
    api_keys,
    authorizers,
    base_path_mappings,
    client_certificates,
    deployments,
    documentation,
    domain_names,
    gateway_responses,
    integrations,
    methods,
    models,
    request_validators,
    resources,
    rest_apis,
    stages,
    tags,
    test_invoke_method,
    usage,
    usage_plan_keys,
    usage_plans,
)
from .errors import ApiError, BadRequestError, MissingOperationError, TooManyRequestsError, UnknownOperationError
from .exports import operation as export_operation  # noqa: F401  # pylint: disable=unused-import
from .imports import rest_apis as imported_rest_apis  # noqa: F401
from .operations import OPERATIONS, Call, CheckLogRole, Conditions, Invoker, Result, accept_role
from .protocol import ApiRequest, ApiResponse, build_response, find_operation, parse_parameters
from .stale_reads import StaleReads

Admission = Callable[[str, str, str, Wire], None]
"""Gets an operation, the caller's account and Region, and the parameters; raises `ApiError` to reject the call."""


_READS = ("Get", "TestInvokeMethod")
"""Prefixes of the names of reading operations. TestInvokeMethod reads the draft that it runs."""


class ControlPlane:
    """The management API over a store.

    `invoker` runs TestInvokeMethod, `admit` can reject calls, `conditions` returns the rehearsed conditions of an
    account, `check_log_role` rejects roles with which API Gateway cannot write logs.
    """

    def __init__(
        self,
        store: Store,
        invoker: Invoker | None = None,
        admit: Admission | None = None,
        conditions: Callable[[str], Conditions] = lambda account_id: Conditions(),
        check_log_role: CheckLogRole = accept_role,
    ) -> None:
        self._store = store
        self._invoker = invoker
        self._admit = admit
        self._conditions = conditions
        self._check_log_role = check_log_role
        self._stale_reads = StaleReads()

    async def respond(self, account_id: str, region: str, request: ApiRequest) -> ApiResponse:
        """Return the response to a request. Errors of operations are responses too."""
        try:
            reply = await self._respond(account_id, region, request)
        except ApiError as error:
            reply = error_response(error)
        except RecursionError:
            reply = error_response(BadRequestError("The request is nested too deeply"))
        reply.headers["x-amzn-RequestId"] = str(uuid.uuid4())
        return reply

    async def _respond(self, account_id: str, region: str, request: ApiRequest) -> ApiResponse:
        found = find_operation(request)
        if found is None:
            raise UnknownOperationError(f"API Gateway has no operation {request.method} {request.path}")
        operation, uri = found
        if operation.name not in OPERATIONS:
            raise MissingOperationError(f"{operation.name} is not supported by the local API Gateway")
        params = parse_parameters(operation, uri, request)
        if self._admit:
            self._admit(operation.name, account_id, region, params)
        call = Call(account_id, region, params, self._store, self._invoker, self._check_log_role)
        self._rehearse(operation.name, call)
        return await self._run(operation, call)

    def _rehearse(self, operation_name: str, call: Call) -> None:
        """Let a call read an earlier state of the store, if stale reads are rehearsed for its account."""
        conditions = self._conditions(call.account_id)
        call.import_warnings = conditions.import_warnings
        if not conditions.stale_reads:
            self._stale_reads.forget(call.account_id, call.region)
            return
        call.stale_store = self._stale_reads.store(self._store, call.account_id, call.region, conditions.stale_reads)
        if operation_name.startswith(_READS):
            call.store = call.stale_store
        else:
            self._stale_reads.before_change(self._store, call.account_id, call.region)

    async def _run(self, operation: OperationModel, call: Call) -> ApiResponse:
        """Run an operation, and save the APIs that it changes. An error restores them from disk."""
        try:
            result = OPERATIONS[operation.name](call)
            settled: Result = await result if inspect.isawaitable(result) else result
            reply = build_response(operation, settled)
        except BaseException:
            for api in call.changed:
                self._store.restore(api)
            raise
        for api in call.changed:
            self._store.save(api)
        if call.stale_store is not None and call.store is self._store:
            self._stale_reads.after_change(self._store, call.account_id, call.region, call.changed)
        return reply

    def served(self, api_id: str, stage_name: str) -> ServedStage | None:
        """Return a stage with the content that it serves; None for an unknown API or stage."""
        api = self._store.any_account(api_id)
        stage = api.stages.get(stage_name) if api else None
        if api is None or stage is None:
            return None
        return _served(api, stage_name, api.deployments[stage["deploymentId"]])


def _served(api: RestApi, stage_name: str, deployment: Deployment) -> ServedStage:
    canary = api.deployments.get(api.stages[stage_name].get("canarySettings", {}).get("deploymentId"))
    return ServedStage(
        account_id=api.account_id,
        region=api.region,
        api_id=api.id,
        api_name=str(api.attributes["name"]),
        stage=api.stages[stage_name],
        deployment_id=str(deployment.attributes["id"]),
        content=deployment.content,
        canary_content=canary.content if canary else None,
    )


def error_response(error: ApiError) -> ApiResponse:
    """Convert an error to the response that SDKs expect: the code in a header, the text in the body."""
    headers = {"Content-Type": "application/json", "x-amzn-ErrorType": error.code}
    if isinstance(error, TooManyRequestsError):
        headers["Retry-After"] = str(error.retry_after)
    if isinstance(error, MissingOperationError):
        headers["X-Amzn-ErrorMessage"] = error.message  # AWS's SDK for Go shows this header for an unknown code
    return ApiResponse(error.status, headers, json.dumps({"message": error.message}).encode())
