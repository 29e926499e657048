# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Authorization by the token of a Cognito user pool."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ...model import Content, Wire
from ..errors import GatewayError, authorizer_configuration_error
from ..integration.uri import UriTemplate
from ..invocation import Invocation
from .user_pool_tokens import Claims, ExpiredTokenError, InvalidTokenError, UnknownUserPoolError, UserPoolTokens

_HEADER = "method.request.header."
_TIMES = frozenset({"exp", "iat"})


@dataclass(frozen=True, slots=True)
class UserPoolAccess:
    """COGNITO_USER_POOLS: the token of a signed-in user in a header.

    Without `scopes` the method accepts identity tokens whose audience matches `audience`, with `scopes` access tokens
    that have one of them (AWS: "Integrate a REST API with an Amazon Cognito user pool").
    """

    tokens: UserPoolTokens
    header: str
    user_pools: tuple[UriTemplate, ...]
    audience: re.Pattern[str] | None
    scopes: frozenset[str]

    async def check(self, invocation: Invocation) -> None:
        token = invocation.client.headers.get(self.header, "").strip()
        if token.lower().startswith("bearer "):
            token = token[len("bearer ") :].strip()
        if not token:
            raise _unauthorized(f"the request has no header {self.header}")
        claims = await self._claims(token, invocation)
        self._check_use(claims)
        invocation.context["authorizer"] = {"claims": claim_texts(claims)}

    async def _claims(self, token: str, invocation: Invocation) -> Claims:
        pools = [pool.fill({}, invocation.stage_variables) for pool in self.user_pools]
        try:
            return await self.tokens.claims(token, pools)
        except ExpiredTokenError as error:
            # Callers of APIs on AWS report this text; AWS does not document it.
            raise _unauthorized(f"the token is not valid: {error}", "The incoming token has expired") from None
        except InvalidTokenError as error:
            raise _unauthorized(f"the token is not valid: {error}") from None
        except (UnknownUserPoolError, ConnectionError) as error:
            raise authorizer_configuration_error(str(error)) from None

    def _check_use(self, claims: Claims) -> None:
        required = "access" if self.scopes else "id"
        if claims.get("token_use") != required:
            raise _unauthorized(
                f"the method accepts tokens of the use {required}, this one is for {claims.get('token_use')}"
            )
        if self.scopes and not self.scopes & set(str(claims.get("scope", "")).split()):
            raise _unauthorized(f"the token has none of the scopes {', '.join(sorted(self.scopes))}")
        if self.audience and not self.scopes and not self.audience.fullmatch(str(claims.get("aud"))):
            raise _unauthorized(f"the audience {claims.get('aud')} does not match {self.audience.pattern}")


def compile_user_pool_access(method: Wire, content: Content, tokens: UserPoolTokens, place: str) -> UserPoolAccess:
    """Compile the authorizer of a wire Method. Raises `GatewayError` for a misconfigured one."""
    authorizer = content.authorizers.get(str(method.get("authorizerId")))
    source = str(authorizer.get("identitySource") or "") if authorizer else ""
    if authorizer is None or not source.startswith(_HEADER):
        raise authorizer_configuration_error(f"{place} has no authorizer that reads a token from a header")
    expression = authorizer.get("identityValidationExpression")
    return UserPoolAccess(
        tokens=tokens,
        header=source.removeprefix(_HEADER),
        user_pools=tuple(UriTemplate(arn) for arn in authorizer.get("providerARNs") or ()),
        audience=_pattern(expression, place) if expression else None,
        scopes=frozenset(method.get("authorizationScopes") or ()),
    )


def _pattern(expression: str, place: str) -> re.Pattern[str]:
    try:
        return re.compile(expression)
    except re.error as error:
        reason = f"the identityValidationExpression of {place} is not a regular expression: {error}"
        raise authorizer_configuration_error(reason) from None


def claim_texts(claims: Claims) -> dict[str, str]:
    """Convert claims to `$context.authorizer.claims`: each is a text, times are dates, lists have commas.

    The source is events that API Gateway sends to Lambda functions.
    """
    return {name: _claim_text(name, value) for name, value in claims.items()}


def _claim_text(name: str, value: Any) -> str:
    if name in _TIMES and isinstance(value, (int, float)):
        return time.strftime("%a %b %d %H:%M:%S UTC %Y", time.gmtime(value))
    if isinstance(value, list):
        return ",".join(_claim_text("", item) for item in value)
    if isinstance(value, (bool, Mapping)):
        return json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    return str(value)


def _unauthorized(log: str, message: str = "Unauthorized") -> GatewayError:
    return GatewayError("UNAUTHORIZED", message, f"Unauthorized request: {log}")
