# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The tokens of Cognito user pools: verification and claims.

AWS: "Verifying JSON web tokens" (Amazon Cognito), "Control access to REST APIs using Amazon Cognito user pools as an
authorizer" (API Gateway).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import jwt

from ...model import Backend

Claims = Mapping[str, Any]
ALGORITHM = "RS256"
"""The algorithm of Cognito's signatures."""


class InvalidTokenError(Exception):
    """A token that is not valid; the text is the reason, for the operator."""


class ExpiredTokenError(InvalidTokenError):
    """A token that has expired."""


class UnknownUserPoolError(Exception):
    """A user pool that does not exist."""


class UserPoolTokens:
    """Verifies tokens by the keys of their pools. Keys are cached, and fetched again for an unknown key id."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._keys: dict[str, dict[str, jwt.PyJWK]] = {}

    async def claims(self, token: str, user_pool_arns: Iterable[str]) -> Claims:
        """Return the claims of a token of one of the pools. Checks signature, issuer and expiry only.

        Raises `InvalidTokenError`, and `UnknownUserPoolError` if the token's pool does not exist.
        """
        key_id, issuer = _unverified(token)
        pool = next((arn for arn in user_pool_arns if issuer_of(arn) == issuer), None)
        if pool is None:
            raise InvalidTokenError(f"its issuer {issuer} is none of the authorizer's user pools")
        return _verified(token, await self._key(pool, key_id), issuer)

    async def _key(self, pool: str, key_id: str) -> jwt.PyJWK:
        if key_id not in self._keys.get(pool, {}):
            self._keys[pool] = await self._fetched(pool)
        key = self._keys[pool].get(key_id)
        if key is None:
            raise InvalidTokenError(f"the user pool has no key {key_id}")
        return key

    async def _fetched(self, pool: str) -> dict[str, jwt.PyJWK]:
        keys = await self._backend.signing_keys(pool)
        if keys is None:
            raise UnknownUserPoolError(f"there is no user pool {pool}")
        return {str(key.key_id): key for key in jwt.PyJWKSet.from_dict(keys).keys}


def issuer_of(user_pool_arn: str) -> str:
    """Convert `arn:aws:cognito-idp:<region>:123456789012:userpool/<pool id>` to the `iss` of the pool's tokens."""
    region, _unused, pool_id = user_pool_arn.partition(":cognito-idp:")[2].partition(":")
    domain = "amazonaws.com.cn" if region.startswith("cn-") else "amazonaws.com"
    return f"https://cognito-idp.{region}.{domain}/{pool_id.rpartition('/')[2]}"


def _unverified(token: str) -> tuple[str, str]:
    """Return the key id and the issuer in a token whose signature is not verified yet."""
    try:
        whole = jwt.decode_complete(token, options={"verify_signature": False})
    except jwt.InvalidTokenError as error:
        raise InvalidTokenError(str(error)) from None
    except RecursionError:
        raise InvalidTokenError("its JSON is nested too deeply") from None
    return str(whole["header"].get("kid")), str(whole["payload"].get("iss"))


def _verified(token: str, key: jwt.PyJWK, issuer: str) -> Claims:
    """Return the claims of a token. The authorizer checks the audience (`identityValidationExpression`)."""
    try:
        claims: Claims = jwt.decode(
            token, key, algorithms=[ALGORITHM], issuer=issuer, options={"verify_aud": False, "require": ["exp", "iss"]}
        )
    except jwt.ExpiredSignatureError:
        raise ExpiredTokenError("it has expired") from None
    except jwt.InvalidTokenError as error:
        raise InvalidTokenError(str(error)) from None
    return claims
