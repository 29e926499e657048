# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Authorization of a method: none, a Cognito user pool, IAM, and the resource policy of the API.

Each check returns for an authorized request and raises otherwise. It adds what it knows of the caller to `$context`.
AWS: "How API Gateway resource policies affect authorization workflow".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from ...caller import caller_of
from ...model import AccessDecision, AccessQuestion, Backend, Content, UnknownCallerError, Wire
from ...partitions import partition
from ..errors import GatewayError, UnsupportedError, authorizer_configuration_error
from ..invocation import Invocation
from .user_pool_access import compile_user_pool_access
from .user_pool_tokens import UserPoolTokens

SIGNING_NAME = "execute-api"
_RESPONSE_TYPES = {
    "MissingAuthenticationToken": "MISSING_AUTHENTICATION_TOKEN",
    "SignatureDoesNotMatch": "INVALID_SIGNATURE",
    "RequestTimeTooSkewed": "INVALID_SIGNATURE",
    "ExpiredTokenException": "EXPIRED_TOKEN",
}
"""Gateway responses by the error code of a signature; DEFAULT_4XX for other codes."""


class Access(Protocol):
    """The authorization check of one method."""

    async def check(self, invocation: Invocation) -> None:
        """Raise `GatewayError` for an unauthorized caller, `UnsupportedError` for a check that is not supported."""


class NoAuthorization:
    """Authorization NONE."""

    async def check(self, invocation: Invocation) -> None:
        """Let every caller pass."""


@dataclass(frozen=True, slots=True)
class FailingAuthorization:
    """A method whose authorization is misconfigured or not supported. TestInvokeMethod can still run the method."""

    error: GatewayError | UnsupportedError

    async def check(self, invocation: Invocation) -> None:
        del invocation
        raise self.error.with_traceback(None)


@dataclass(frozen=True, slots=True)
class ResourcePolicyAccess:
    """A resource policy, evaluated after `first`. For the policy, these callers are anonymous."""

    first: Access
    backend: Backend
    policy: str

    async def check(self, invocation: Invocation) -> None:
        await self.first.check(invocation)
        question = AccessQuestion(invocation.sent, invoked_arn(invocation), self.policy, anonymous=True)
        _check_decision(await _decision(self.backend, question), question.arn)


@dataclass(frozen=True, slots=True)
class IamAccess:
    """AWS_IAM: the request must be signed, and policies must allow the caller to invoke the method."""

    backend: Backend
    policy: str | None

    async def check(self, invocation: Invocation) -> None:
        _check_scope(invocation)
        question = AccessQuestion(invocation.sent, invoked_arn(invocation), self.policy, anonymous=False)
        decision = await _decision(self.backend, question)
        invocation.context["identity"].update(decision.identity)
        _check_decision(decision, question.arn)


def invoked_arn(invocation: Invocation) -> str:
    """Return `arn:aws:execute-api:{region}:{account}:{api}/{stage}/{METHOD}/{path}`, with the path as sent."""
    served, client = invocation.served, invocation.client
    owner = f"arn:{partition(served.region)}:execute-api:{served.region}:{served.account_id}"
    return f"{owner}:{served.api_id}/{served.stage['stageName']}/{client.method}/{client.path.lstrip('/')}"


def _check_scope(invocation: Invocation) -> None:
    """Raise `GatewayError` for a signature that is scoped to another service or Region."""
    caller = caller_of(invocation.client.headers, dict(invocation.sent.query))
    if caller and caller.service != SIGNING_NAME:
        raise _signature_error(
            "SignatureDoesNotMatch", f"Credential should be scoped to correct service: '{SIGNING_NAME}'."
        )
    if caller and caller.region != invocation.served.region:
        raise _signature_error("SignatureDoesNotMatch", "Credential should be scoped to a valid region.")


async def _decision(backend: Backend, question: AccessQuestion) -> AccessDecision:
    try:
        return await backend.decide(question)
    except UnknownCallerError as error:
        raise _signature_error(error.code, str(error)) from None
    except ConnectionError as error:
        raise authorizer_configuration_error(str(error)) from None


def _signature_error(code: str, message: str) -> GatewayError:
    return GatewayError(_RESPONSE_TYPES.get(code, "DEFAULT_4XX"), message, f"Unauthorized request: {code}: {message}")


def _check_decision(decision: AccessDecision, arn: str) -> None:
    """Raise `GatewayError` for a denied caller. The message has only the last digits of the owner's account."""
    if decision.refusal is None:
        return
    owner = arn.split(":")[4]
    shown = arn.replace(f":{owner}:", f":********{owner[-4:]}:", 1)
    subject = f"User: {decision.principal} is not authorized to perform: execute-api:Invoke"
    message = f"{subject} on resource: {shown} {decision.refusal}"
    raise GatewayError("ACCESS_DENIED", message, message)


def compile_access(method: Wire, content: Content, backend: Backend, tokens: UserPoolTokens, place: str) -> Access:
    """Compile the authorization of a wire Method. `place` names the method in messages for the operator."""
    policy = content.settings.get("policy") or None
    try:
        if method.get("authorizationType") == "AWS_IAM":
            return IamAccess(backend, policy)
        access = _authorization(method, content, tokens, place)
    except (GatewayError, UnsupportedError) as error:
        return FailingAuthorization(error)
    return ResourcePolicyAccess(access, backend, policy) if policy else access


def _authorization(method: Wire, content: Content, tokens: UserPoolTokens, place: str) -> Access:
    """Return the check for an authorization type other than AWS_IAM.

    Raises `GatewayError` for a misconfigured authorizer, `UnsupportedError` for one that is not supported.
    """
    authorization = method.get("authorizationType") or "NONE"
    if authorization == "NONE":
        return NoAuthorization()
    if authorization == "COGNITO_USER_POOLS":
        return compile_user_pool_access(method, content, tokens, place)
    raise UnsupportedError(f"authorization of type {authorization}: {place} requires it")
