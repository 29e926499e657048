# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The policy of an execution role that all deployments of an API share, and which of them need each permission.

A deployment contains routes and templates, but not their permissions, which the role grants. So the role's policy
grants what any existing deployment needs: those that stages and canaries serve, and those to which a stage can be
rolled back. It records for each permission which deployments need it: the declared policy of a deployment has a policy
ID, which its description holds (`Deployed to prod (sha256:9f86… policy 1a2b3c4d)`), and the name of a statement lists
the IDs of the policies that the statement is part of (`TableOrdersFor1a2b3c4d5e6f7a8b`). Several deployments share a
policy ID where their routes need the same permissions, so a change of templates alone does not change the policy.
"""

from __future__ import annotations

import hashlib
import json
import re
from typing import AbstractSet, Dict, FrozenSet, List, Mapping, NamedTuple, Optional, Tuple

from .policy import Policy, listed, statements

QUOTA = 10240
"""Characters of a role's inline policies altogether, without white space.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html, "Role aggregate policy size"
"""

_POLICY_ID_LENGTH = 8
_SID = re.compile(rf".*For((?:[0-9a-f]{{{_POLICY_ID_LENGTH}}})+)")
_ARN = re.compile(r"table/(?P<table>[^/]+)(?:/index/(?P<index>.+))?$")


class Permission(NamedTuple):
    """One action on one resource, under a condition as JSON text."""

    action: str
    resource: str
    condition: str


Needs = Mapping[Permission, FrozenSet[str]]
"""Permissions, each with the IDs of the policies that contain it."""


def compute_policy_id(policy: Policy) -> str:
    """Return the ID of a declared policy, which is equal for equal permissions.

    It is computed from the compiled policy, so a description has the same IDs in each account and Region.
    """
    text = json.dumps(sorted(_permissions(policy)))
    return hashlib.sha256(text.encode()).hexdigest()[:_POLICY_ID_LENGTH]


def needs_of(policy: Policy) -> Needs:
    """Return the permissions of a policy on AWS with their policy IDs; none if the name of a statement has no IDs."""
    needs: Dict[Permission, FrozenSet[str]] = {}
    for statement in statements(policy):
        policy_ids = _policy_ids_of(str(statement.get("Sid", "")))
        for permission in _permissions({"Statement": [statement]}):
            needs[permission] = needs.get(permission, frozenset()) | policy_ids
    return needs


def _policy_ids_of(sid: str) -> FrozenSet[str]:
    found = _SID.fullmatch(sid)
    text = found.group(1) if found else ""
    return frozenset(text[start : start + _POLICY_ID_LENGTH] for start in range(0, len(text), _POLICY_ID_LENGTH))


def _permissions(policy: Policy) -> List[Permission]:
    """Return the permissions that the statements of a policy allow. Deny, NotAction and NotResource are left out."""
    return [
        Permission(action, resource, json.dumps(statement.get("Condition") or {}, sort_keys=True))
        for statement in statements(policy)
        if statement.get("Effect") == "Allow"
        for action in listed(statement.get("Action", []))
        for resource in listed(statement.get("Resource", []))
    ]


def with_declared(needs: Needs, policy: Policy, policy_id: str, keep_without_id: bool) -> Needs:
    """Return the needs with those of the declared policy, which has the ID `policy_id`.

    A permission without policy IDs was added by somebody else, and is left out unless `keep_without_id`.
    """
    kept = {permission: policy_ids for permission, policy_ids in needs.items() if policy_ids or keep_without_id}
    return {**kept, **{one: kept.get(one, frozenset()) | {policy_id} for one in _permissions(policy)}}


def restricted(needs: Needs, policy_ids: Optional[AbstractSet[str]]) -> Needs:
    """Return the permissions of the policies with these IDs; all permissions if the IDs are unknown."""
    if policy_ids is None:
        return needs
    return {permission: have & policy_ids for permission, have in needs.items() if have & policy_ids}


def policy_of(needs: Needs) -> Policy:
    """Return a policy that grants the permissions in few statements; an empty one for no permissions."""
    actions: Dict[Tuple[str, str, FrozenSet[str]], List[str]] = {}
    for permission, policy_ids in sorted(needs.items()):
        actions.setdefault((permission.resource, permission.condition, policy_ids), []).append(permission.action)
    resources: Dict[Tuple[Tuple[str, ...], str, FrozenSet[str]], List[str]] = {}
    for (resource, condition, policy_ids), allowed in actions.items():
        resources.setdefault((tuple(allowed), condition, policy_ids), []).append(resource)
    taken: Dict[str, int] = {}
    found = [_statement(taken, *key, resources=value) for key, value in resources.items()]
    return {"Version": "2012-10-17", "Statement": found} if found else {}


def _statement(
    taken: Dict[str, int], actions: Tuple[str, ...], condition: str, policy_ids: FrozenSet[str], resources: List[str]
) -> Policy:
    name = _name(resources)
    taken[name] = taken.get(name, 0) + 1
    number = str(taken[name]) if taken[name] > 1 else ""
    conditions = json.loads(condition)
    return {
        "Sid": f"{name}{number}" + (f"For{''.join(sorted(policy_ids))}" if policy_ids else ""),
        "Effect": "Allow",
        "Action": list(actions),
        "Resource": resources,
        **({"Condition": conditions} if conditions else {}),
    }


def _name(resources: List[str]) -> str:
    """Return the beginning of a statement's name: the table or index, or `Tables` for several."""
    found = _ARN.search(resources[0])
    if len(resources) > 1 or found is None:
        return "Tables"
    table = f"Table{_words(found['table'])}"
    return f"Index{_words(found['index'])}Of{table}" if found["index"] else table


def _words(name: str) -> str:
    """Return a name with the characters that IAM accepts in the name of a statement: A-Z, a-z, 0-9."""
    return "".join(word[:1].upper() + word[1:] for word in re.split(r"[^0-9A-Za-z]+", name))


def size(policy: Policy) -> int:
    """Return the number of characters of a policy that count against IAM's quota."""
    return len(re.sub(r"\s", "", json.dumps(policy, separators=(",", ":"), ensure_ascii=False)))
