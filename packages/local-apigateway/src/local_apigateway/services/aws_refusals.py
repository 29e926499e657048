# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Calls that AWS rejects and MiniStack executes. They are rejected before they reach MiniStack.

Inline policies: "The aggregate size of all inline policies cannot exceed" 10,240 characters for a role, 5,120 for a
group and 2,048 for a user, and "IAM doesn't count white space" (IAM User Guide, "IAM and AWS STS quotas"). The error is
409 LimitExceeded, "Maximum policy size of 10240 bytes exceeded for role NAME" (aws-cdk issue 4465).

Time to live: "Any additional UpdateTimeToLive calls for the same table during this one hour duration result in a
ValidationException" (DynamoDB's service model). The message is quoted in aws-cdk pull request 13720 and in the tests of
Terraform's AWS provider.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import parse_qsl
from xml.etree import ElementTree

from .client import ServiceCallError, ServiceClient, text_of


@dataclass(frozen=True)
class PassedCall:
    """A call to a service of MiniStack. `name` is `service:Operation`."""

    account_id: str
    region: str
    name: str
    body: bytes


@dataclass(frozen=True)
class Refusal:
    """An error of AWS, which is returned in the protocol of the service."""

    status: int
    code: str
    message: str


_INLINE = {
    "iam:PutRolePolicy": ("Role", 10_240),
    "iam:PutGroupPolicy": ("Group", 5_120),
    "iam:PutUserPolicy": ("User", 2_048),
}
_TTL = "dynamodb:UpdateTimeToLive"
_NEW_TABLE = ("dynamodb:CreateTable", "dynamodb:DeleteTable")
JUDGED = frozenset({*_INLINE, _TTL, *_NEW_TABLE})
"""The calls whose bodies are read."""


class AwsRefusals:
    """Checks calls before they are sent to MiniStack. `clock` returns seconds."""

    def __init__(self, client: ServiceClient, clock: Callable[[], float] = time.monotonic) -> None:
        self._client = client
        self._clock = clock
        self._ttl_changed: dict[tuple[str, str, str], float] = {}

    async def refusal(self, call: PassedCall, ttl_interval: float) -> Refusal | None:
        """Return the error that AWS would return, or None for a valid call.

        `ttl_interval`: seconds between two changes of a table's time to live.
        """
        if call.name in _INLINE:
            return await self._policy_too_large(call)
        if call.name != _TTL:
            return None
        changed = self._ttl_changed.get(_table(call))
        if changed is None or self._clock() - changed >= ttl_interval:
            return None
        text = "Time to live has been modified multiple times within a fixed interval"
        return Refusal(400, "ValidationException", text)

    def carried_out(self, call: PassedCall) -> None:
        """Record a call that the service has executed."""
        if call.name == _TTL:
            self._ttl_changed[_table(call)] = self._clock()
        elif call.name in _NEW_TABLE:
            self._ttl_changed.pop(_table(call), None)

    async def _policy_too_large(self, call: PassedCall) -> Refusal | None:
        kind, quota = _INLINE[call.name]
        sent = dict(parse_qsl(call.body.decode("utf-8", "replace"), keep_blank_values=True))
        owner, name = sent.get(f"{kind}Name", ""), sent.get("PolicyName", "")
        used = _size(sent.get("PolicyDocument", ""))
        try:
            for other in await self._policy_names(call.account_id, kind, owner):
                if used <= quota and other != name:
                    found = await self._iam(call.account_id, f"Get{kind}Policy", kind, owner, PolicyName=other)
                    used += _size(dict(parse_qsl(f"d={text_of(found, 'PolicyDocument')}")).get("d", ""))
        except ServiceCallError:
            return None  # IAM returns the error
        if used <= quota:
            return None
        text = f"Maximum policy size of {quota} bytes exceeded for {kind.lower()} {owner}"
        return Refusal(409, "LimitExceeded", text)

    async def _policy_names(self, account_id: str, kind: str, owner: str) -> list[str]:
        found = await self._iam(account_id, f"List{kind}Policies", kind, owner)
        return [item.text or "" for item in found.iter() if item.tag.rpartition("}")[2] == "member"]

    async def _iam(self, account_id: str, action: str, kind: str, owner: str, **more: str) -> ElementTree.Element:
        parameters = {"Action": action, "Version": "2010-05-08", f"{kind}Name": owner, **more}
        return await self._client.query_api("iam", account_id, **parameters)


def _size(policy: str) -> int:
    """Return the number of characters that IAM counts."""
    return len("".join(policy.split()))


def _table(call: PassedCall) -> tuple[str, str, str]:
    """Return the key of the table of a call. DynamoDB accepts its name or its ARN."""
    try:
        named = str(json.loads(call.body).get("TableName", ""))
    except (ValueError, AttributeError, RecursionError):
        named = ""
    return call.account_id, call.region, named.rpartition("/")[2]
