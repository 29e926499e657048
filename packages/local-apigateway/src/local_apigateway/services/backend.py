# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The gateway's backend: calls of services, signed with the credentials of the execution role."""

from __future__ import annotations

import json
from collections.abc import Mapping

from ..model import AccessDecision, AccessQuestion, HttpResponse, UnknownCallerError, Wire
from . import access_question
from .client import ServiceClient, Target
from .execution_role import ExecutionRoles
from .user_pools import signing_keys

# Error codes for credentials that a service no longer knows.
STALE_CREDENTIALS = (b"UnrecognizedClientException", b"InvalidClientTokenId", b"ExpiredToken")


class ServiceBackend:
    """The `Backend` of the gateway (see `model.Backend`)."""

    def __init__(self, client: ServiceClient, roles: ExecutionRoles) -> None:
        self._client = client
        self._roles = roles

    async def call(
        self,
        *,
        role_arn: str,
        region: str,
        service: str,
        method: str,
        path: str,
        query: str,
        headers: Mapping[str, str],
        body: bytes,
        timeout: float,
    ) -> HttpResponse:
        """Send one signed request under the role. Retry once if the role's session has ended in the meantime."""
        target = Target(service, region)
        for _i in range(2):
            credentials = await self._roles.credentials(role_arn)
            response = await self._client.send(target, credentials, method, path, query, headers, body, timeout)
            if response.status not in (400, 403) or not any(code in response.body for code in STALE_CREDENTIALS):
                break
            self._roles.forget(role_arn)
        return response

    async def signing_keys(self, user_pool_arn: str) -> Wire | None:
        return await signing_keys(self._client, user_pool_arn)

    async def decide(self, question: AccessQuestion) -> AccessDecision:
        """Return the decision of MiniStack's process (access_decisions.py), which has the keys and the policies."""
        response = await self._client.post(access_question.PATH, access_question.encoded(question))
        decision: Wire = json.loads(response.body)
        if "code" in decision:
            raise UnknownCallerError(decision["code"], decision["message"])
        return AccessDecision(**decision)
