# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The past states of roles, to rehearse that changes of IAM become visible late.

"Changes that you make in IAM … might not be immediately visible" (IAM User Guide, "Changes that I make are not always
immediately visible"). Before a change of a role, the responses to all reads of the role are recorded.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode
from xml.etree import ElementTree

from botocore.credentials import Credentials

from ..model import HttpResponse
from .client import ServiceClient, Target, text_of

_READS = ("GetRole", "ListRolePolicies", "ListAttachedRolePolicies", "ListRoleTags")
_WRITES = (
    "AttachRolePolicy",
    "CreateRole",
    "DeleteRole",
    "DeleteRolePolicy",
    "DetachRolePolicy",
    "PutRolePolicy",
    "TagRole",
    "UntagRole",
    "UpdateAssumeRolePolicy",
    "UpdateRole",
    "UpdateRoleDescription",
)
_KEPT_SECONDS = 3600.0
_LONGEST_SESSION_POLICY = 2_048  # STS's quota


@dataclass(frozen=True)
class RoleCall:
    """A call of IAM that names a role."""

    account_id: str
    action: str
    role: str
    policy: str

    @property
    def is_write(self) -> bool:
        return self.action in _WRITES


def role_call(account_id: str, body: bytes) -> RoleCall | None:
    """Parse a call of IAM. Return None for a call without a role."""
    sent = dict(parse_qsl(body.decode("utf-8", "replace")))
    if "RoleName" not in sent:
        return None
    return RoleCall(account_id, sent.get("Action", ""), sent["RoleName"], sent.get("PolicyName", ""))


@dataclass(frozen=True)
class Change:
    """A change of a role: the responses to reads right before it, by action and name of a policy."""

    call: RoleCall
    at: float
    responses: Mapping[tuple[str, str], HttpResponse] = field(default_factory=dict)

    def policies(self) -> Iterator[Any]:
        """Yield the documents of the inline policies that the role had."""
        for (action, _policy), response in self.responses.items():
            if action == "GetRolePolicy" and response.status == 200:
                yield json.loads(unquote(text_of(ElementTree.fromstring(response.body), "PolicyDocument")))


class StaleIamReads:
    """The changes of roles, recorded by `about_to_change` and `changed`. `clock` returns seconds."""

    def __init__(self, client: ServiceClient, clock: Callable[[], float] = time.monotonic) -> None:
        self._client = client
        self._clock = clock
        self._changes: dict[tuple[str, str], list[Change]] = {}

    async def about_to_change(self, call: RoleCall) -> Change:
        """Return the responses to reads of the role before a change."""
        responses = {(action, ""): await self._read(call, action) for action in _READS}
        names = {call.policy} if call.policy else set()
        listed = responses["ListRolePolicies", ""]
        if listed.status == 200:
            members = ElementTree.fromstring(listed.body).iter()
            names |= {item.text or "" for item in members if item.tag.rpartition("}")[2] == "member"}
        for name in sorted(names):
            responses["GetRolePolicy", name] = await self._read(call, "GetRolePolicy", PolicyName=name)
        return Change(call, self._clock(), responses)

    def changed(self, change: Change) -> None:
        """Record a change that IAM has executed."""
        now = self._clock()
        key = (change.call.account_id, change.call.role)
        kept = [one for one in self._changes.get(key, []) if now - one.at < _KEPT_SECONDS]
        self._changes[key] = [*kept, Change(change.call, now, change.responses)]

    def response(self, call: RoleCall, seconds: float) -> HttpResponse | None:
        """Return the response to a read of `seconds` ago; None if nothing has changed since."""
        read = (call.action, call.policy)
        since = self._since(call.account_id, call.role, seconds)
        return next((one.responses[read] for one in since if read in one.responses), None)

    def is_new(self, account_id: str, role: str, seconds: float) -> bool:
        """Return whether the role was created less than `seconds` ago."""
        return any(one.call.action == "CreateRole" for one in self._since(account_id, role, seconds))

    def session_policy(self, account_id: str, role: str, seconds: float) -> tuple[str, float] | None:
        """Return the policy of a role until its changes take effect, and the remaining seconds.

        None if no inline policy was changed less than `seconds` ago, and for policies that are too long for STS.
        """
        changes = ("CreateRole", "PutRolePolicy", "DeleteRolePolicy")
        since = [one for one in self._since(account_id, role, seconds) if one.call.action in changes]
        if not since:
            return None
        statements = [statement for document in since[0].policies() for statement in _statements(document)]
        nothing = {"Effect": "Deny", "Action": "*", "Resource": "*"}
        policy = {"Version": "2012-10-17", "Statement": statements or [nothing]}
        text = json.dumps(policy, separators=(",", ":"))
        return (text, since[0].at + seconds - self._clock()) if len(text) <= _LONGEST_SESSION_POLICY else None

    def _since(self, account_id: str, role: str, seconds: float) -> list[Change]:
        begin = self._clock() - seconds
        return [one for one in self._changes.get((account_id, role), []) if one.at > begin]

    async def _read(self, call: RoleCall, action: str, **more: str) -> HttpResponse:
        parameters = {"Action": action, "Version": "2010-05-08", "RoleName": call.role, **more}
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        root, target = Credentials(call.account_id, "root"), Target("iam", "us-east-1")
        return await self._client.send(target, root, "POST", "/", "", headers, urlencode(parameters).encode())


def _statements(document: Any) -> list[Any]:
    found = document.get("Statement", [])
    found = found if isinstance(found, list) else [found]
    return [{name: value for name, value in one.items() if name != "Sid"} for one in found]
