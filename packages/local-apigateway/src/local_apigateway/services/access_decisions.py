# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Decides whether a caller may invoke a method: signature, policies of the caller, resource policy of the API.

Runs inside MiniStack's process, which has the keys and the policies and evaluates them for all services.
AWS: "How API Gateway resource policies affect authorization workflow", "Control access to a REST API with IAM
permissions".
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any

from ministack import app as ministack_app
from ministack.core import iam_evaluator, responses, sigv4
from ministack.core.router import extract_access_key_id, extract_region

from ..model import AccessQuestion, HttpRequest
from . import access_question

INVOKE = "execute-api:Invoke"
ALGORITHM = "AWS4-HMAC-SHA256"
_MISSING = ("MissingAuthenticationToken", "Missing Authentication Token")
_Scope = MutableMapping[str, Any]
_Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
_Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
_Asgi = Callable[[_Scope, _Receive, _Send], Awaitable[None]]
_Json = dict[str, Any]


class AccessDecisions:
    """An ASGI application that responds to `AccessQuestion`s, and passes other requests to another application."""

    def __init__(self, application: _Asgi) -> None:
        self._application = application

    async def __call__(self, scope: _Scope, receive: _Receive, send: _Send) -> None:
        if scope["type"] != "http" or scope["path"] != access_question.PATH:
            await self._application(scope, receive, send)
            return
        body = b""
        more = True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
        decision = json.dumps(decide(access_question.decoded(body))).encode()
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(decision)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": decision})


@dataclass(frozen=True)
class Caller:
    """The caller that a signature identifies: the access key, and MiniStack's `PrincipalInfo`."""

    key: str
    principal: Any


def decide(question: AccessQuestion) -> _Json:
    """Return the members of an `AccessDecision`, or `code` and `message` of an invalid signature."""
    iam_evaluator.pin_request_origin(question.request.source_ip, False)
    if question.anonymous:
        result = iam_evaluator.evaluate_resource_policy(question.policy, _context(question, "*", "Anonymous", ""))
        return {"refusal": _refusal(result.decision, "resource"), "principal": "anonymous", "identity": {}}
    caller = _caller(question.request)
    if isinstance(caller, iam_evaluator.AuthError):
        return {"code": caller.code, "message": caller.message}
    result = _evaluated(question, caller.principal)
    by_resource = bool(result.resource_policy_arn) or _owner(question) != caller.principal.account
    refusal = _refusal(result.decision, "resource" if by_resource else "identity")
    return {"refusal": refusal, "principal": caller.principal.arn, "identity": _identity(caller)}


def _context(question: AccessQuestion, arn: str, kind: str, account: str, **more: Any) -> Any:
    region = question.arn.split(":")[3]
    return iam_evaluator.EvalContext(arn, kind, account, INVOKE, question.arn, region, **more)


def _owner(question: AccessQuestion) -> str:
    return question.arn.split(":")[4]


def _caller(request: HttpRequest) -> Any:
    """Return the `Caller` of a request, or the `AuthError` of a request whose signature is missing or invalid."""
    headers = {name.lower(): value for name, value in request.headers}
    query: dict[str, list[str]] = {}
    for name, value in request.query:
        query.setdefault(name, []).append(value)
    if not headers.get("authorization", ALGORITHM).startswith(ALGORITHM):
        return iam_evaluator.AuthError(*(sigv4.foreign_authorization_failure(headers) or _MISSING))
    key = extract_access_key_id(headers, query)
    if not key:
        return iam_evaluator.AuthError(*_MISSING)
    responses.set_request_account_id(ministack_app._request_account_scope(key))
    responses.set_request_region(extract_region(headers, query))
    raw_headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in request.headers]
    iam_evaluator.pin_signed_request(request.method, request.prefix + request.path, query, raw_headers)
    iam_evaluator.pin_signed_body(request.body)
    account_id = responses.get_account_id()
    checked = iam_evaluator.authenticate(key, account_id)
    if isinstance(checked, iam_evaluator.AuthError):
        return checked
    principal = iam_evaluator.resolve_principal(key, account_id, checked)
    return principal if isinstance(principal, iam_evaluator.AuthError) else Caller(key, principal)


def _evaluated(question: AccessQuestion, principal: Any) -> Any:
    """Return MiniStack's `EvalResult` of both policies. Root may do everything in its own account."""
    context = _context(question, principal.arn, principal.type, principal.account, principal_keys=principal.keys)
    if principal.policies is None:
        identity = iam_evaluator.EvalResult("Allow", principal.arn)
    else:
        identity = iam_evaluator.evaluate(context, principal.policies, *principal.limits)
    return iam_evaluator.combine_resource_policy(
        identity, context, question.policy, _owner(question), limits=tuple(principal.limits)
    )


def _refusal(decision: str, kind: str) -> str | None:
    if decision == "Allow":
        return None
    if decision == "Deny":
        return f"with an explicit deny in a{'n' if kind == 'identity' else ''} {kind}-based policy"
    return f"because no {kind}-based policy allows the {INVOKE} action"


def _identity(caller: Caller) -> _Json:
    """Return the members of `$context.identity` for a caller with a valid signature."""
    known = iam_evaluator.resolve_caller_identity(caller.key) or {}
    session = known.get("session") or {}
    return {
        "accountId": caller.principal.account,
        "accessKey": caller.key,
        "caller": known.get("userId"),
        "user": known.get("userId"),
        "userArn": caller.principal.arn,
        "cognitoIdentityId": session.get("_identity_id"),
        "cognitoIdentityPoolId": session.get("_identity_pool_id"),
        "cognitoAuthenticationType": session.get("_cognito_auth_type"),
        "cognitoAuthenticationProvider": session.get("_cognito_auth_provider"),
    }
