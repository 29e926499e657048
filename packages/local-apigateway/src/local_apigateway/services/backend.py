# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The gateway's way to the services: each call signed under the execution role of the route."""

from __future__ import annotations

import json
from collections.abc import Mapping

from ..model import AccessDecision, AccessQuestion, HttpResponse, UnknownCallerError, Wire
from . import access_question
from .client import ServiceClient, Target
from .execution_role import ExecutionRoles
from .user_pools import signing_keys

# What services answer to credentials that they no longer know.
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
        """Send one signed request under the role; once more where the role's session has ended meanwhile."""
        target = Target(service, region)
        for _i in range(2):
            credentials = await self._roles.credentials(role_arn)
            answer = await self._client.send(target, credentials, method, path, query, headers, body, timeout)
            if answer.status not in (400, 403) or not any(code in answer.body for code in STALE_CREDENTIALS):
                break
            self._roles.forget(role_arn)
        return answer

    async def signing_keys(self, user_pool_arn: str) -> Wire | None:
        return await signing_keys(self._client, user_pool_arn)

    async def decide(self, question: AccessQuestion) -> AccessDecision:
        """MiniStack's process decides (access_decisions.py), for it has the keys and the policies."""
        response = await self._client.post(access_question.PATH, access_question.encoded(question))
        answer: Wire = json.loads(response.body)
        if "code" in answer:
            raise UnknownCallerError(answer["code"], answer["message"])
        return AccessDecision(**answer)
