# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Execution roles: whether API Gateway may assume a role, and temporary credentials of the role."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from botocore.credentials import Credentials

from ..model import RoleNotAssumableError, Wire
from .client import ServiceCallError, ServiceClient, text_of

PRINCIPAL = "apigateway.amazonaws.com"
# The name of the session that API Gateway opens, as callers see it in messages of denied access.
SESSION_NAME = "BackplaneAssumeRoleSession"
ROLE_ARN = re.compile(r"arn:[\w-]+:iam::(?P<account>\d{12}):role/(?P<path>(?:[^/]+/)*)(?P<name>[\w+=,.@-]+)")
KEPT_SECONDS = 900.0


@dataclass(frozen=True)
class Session:
    """Credentials of a role, and the time after which they are not used (seconds of the monotonic clock)."""

    credentials: Credentials
    stale_at: float


@dataclass(frozen=True)
class Delay:
    """Rehearsed delays of a role: whether it cannot be assumed yet, and its policy until a change takes effect."""

    is_new: bool = False
    session_policy: tuple[str, float] | None = None
    """The policy, and the seconds for which it applies."""


class ExecutionRoles:
    """Sessions of roles, opened at their first use and kept until `forget`.

    `delay` returns the rehearsed delay of a role, by account and name.
    """

    def __init__(
        self, client: ServiceClient, delay: Callable[[str, str], Delay] = lambda account_id, role: Delay()
    ) -> None:
        self._client = client
        self._delay = delay
        self._sessions: dict[str, Session] = {}
        self._locks: dict[str, asyncio.Lock] = {}

    def forget(self, role_arn: str | None = None) -> None:
        """Drop the session of a role, or all, after a change in IAM or when a service rejects the credentials."""
        if role_arn is None:
            self._sessions.clear()
        else:
            self._sessions.pop(role_arn, None)

    async def credentials(self, role_arn: str) -> Credentials:
        """Return temporary credentials of a role. Raises `RoleNotAssumableError` if API Gateway may not assume it."""
        session = self._sessions.get(role_arn)
        if session is None or session.stale_at < time.monotonic():
            async with self._locks.setdefault(role_arn, asyncio.Lock()):
                session = self._sessions.get(role_arn)
                if session is None or session.stale_at < time.monotonic():
                    session = self._sessions[role_arn] = await self._open(role_arn)
        return session.credentials

    async def check_log_role(self, role_arn: str) -> None:
        """Raise `RoleNotAssumableError` unless the role can be assumed and has a policy. No policy is evaluated."""
        await self.credentials(role_arn)
        match = ROLE_ARN.fullmatch(role_arn)
        assert match  # or else it would have no credentials
        for action in ("ListAttachedRolePolicies", "ListRolePolicies"):
            parameters = {"Action": action, "Version": "2010-05-08", "RoleName": match["name"]}
            answer = await self._client.query_api("iam", match["account"], **parameters)
            if any(element.tag.rpartition("}")[2] == "member" for element in answer.iter()):
                return
        raise RoleNotAssumableError(f"{role_arn} has no policy")

    async def _open(self, role_arn: str) -> Session:
        match = ROLE_ARN.fullmatch(role_arn)
        if match is None:
            raise RoleNotAssumableError(f"{role_arn} is not the ARN of a role")
        delay = self._delay(match["account"], match["name"])
        if delay.is_new:
            raise RoleNotAssumableError(f"{role_arn}: it was created just now (rehearsed)")
        policy, kept = delay.session_policy or ("", KEPT_SECONDS)
        try:
            await self._check_trust(match["account"], match["name"], role_arn)
            response = await self._client.query_api(
                "sts",
                match["account"],
                Action="AssumeRole",
                Version="2011-06-15",
                RoleArn=role_arn,
                RoleSessionName=SESSION_NAME,
                **({"Policy": policy} if policy else {}),
            )
        except ServiceCallError as error:
            raise RoleNotAssumableError(f"{role_arn}: {error}") from None
        names = ("AccessKeyId", "SecretAccessKey", "SessionToken")
        return Session(Credentials(*(text_of(response, name) for name in names)), time.monotonic() + kept)

    async def _check_trust(self, account_id: str, name: str, role_arn: str) -> None:
        """Raise `RoleNotAssumableError` unless the trust policy names API Gateway.

        MiniStack does not check it, because the caller is the root of the account.
        """
        role = await self._client.query_api("iam", account_id, Action="GetRole", Version="2010-05-08", RoleName=name)
        if text_of(role, "Arn") != role_arn:
            raise RoleNotAssumableError(f"{role_arn}: the role does not exist")
        policy = json.loads(unquote(text_of(role, "AssumeRolePolicyDocument")))
        if not trusts(policy):
            raise RoleNotAssumableError(f"{role_arn}: its trust policy does not allow {PRINCIPAL} to assume it")


def trusts(policy: Wire) -> bool:
    """Return whether a trust policy allows API Gateway to assume the role: a statement allows it, and none denies it.

    Conditions count as met, because AWS does not document the context that API Gateway sends when it assumes a role.
    """
    effects = {statement["Effect"] for statement in _listed(policy.get("Statement", [])) if _names_gateway(statement)}
    return effects == {"Allow"}


def _names_gateway(statement: Wire) -> bool:
    principal = statement.get("Principal", {})
    services: Iterable[Any] = ["*"] if principal == "*" else _listed(principal.get("Service", []))
    actions = {str(action).lower() for action in _listed(statement.get("Action", []))}
    return bool({"*", PRINCIPAL} & set(services)) and bool({"sts:assumerole", "sts:*", "*"} & actions)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
