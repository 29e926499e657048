# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The policy of an execution role that all deployments of an API share, and which of them need each permission.

A deployment contains routes and templates, but not their permissions, which the role grants. So the role's policy
grants what any existing deployment needs: those that stages and canaries serve, and those to which a stage can be
rolled back. It records for each permission which deployments need it: the declared policy of a deployment has a mark,
which its description holds (`Deployed to prod (sha256:9f86… policy 1a2b3c4d)`), and the name of a statement lists the
marks of the policies that the statement is part of (`TableOrdersFor1a2b3c4d5e6f7a8b`). Several deployments share a mark
where their routes need the same permissions, so a change of templates alone does not change the policy.
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

_MARK_LENGTH = 8
_SID = re.compile(rf".*For((?:[0-9a-f]{{{_MARK_LENGTH}}})+)")
_ARN = re.compile(r"table/(?P<table>[^/]+)(?:/index/(?P<index>.+))?$")


class Permission(NamedTuple):
    """One action on one resource, under a condition as JSON text."""

    action: str
    resource: str
    condition: str


Needs = Mapping[Permission, FrozenSet[str]]
"""Permissions, each with the marks of the policies that contain it."""


def mark_of(policy: Policy) -> str:
    """Return the mark of a declared policy, which is equal for equal permissions.

    It is computed from the compiled policy, so a description has the same marks in each account and Region.
    """
    text = json.dumps(sorted(_permissions(policy)))
    return hashlib.sha256(text.encode()).hexdigest()[:_MARK_LENGTH]


def needs_of(policy: Policy) -> Needs:
    """Return the permissions of a policy on AWS with their marks; none if the name of a statement has no marks."""
    needs: Dict[Permission, FrozenSet[str]] = {}
    for statement in statements(policy):
        marks = _marks(str(statement.get("Sid", "")))
        for permission in _permissions({"Statement": [statement]}):
            needs[permission] = needs.get(permission, frozenset()) | marks
    return needs


def _marks(sid: str) -> FrozenSet[str]:
    found = _SID.fullmatch(sid)
    text = found.group(1) if found else ""
    return frozenset(text[start : start + _MARK_LENGTH] for start in range(0, len(text), _MARK_LENGTH))


def _permissions(policy: Policy) -> List[Permission]:
    """Return the permissions that the statements of a policy allow. Deny, NotAction and NotResource are left out."""
    return [
        Permission(action, resource, json.dumps(statement.get("Condition") or {}, sort_keys=True))
        for statement in statements(policy)
        if statement.get("Effect") == "Allow"
        for action in listed(statement.get("Action", []))
        for resource in listed(statement.get("Resource", []))
    ]


def with_declared(needs: Needs, policy: Policy, mark: str, keep_unmarked: bool) -> Needs:
    """Return the needs with those of the declared policy, which has this mark.

    A permission without marks was added by somebody else, and is left out unless `keep_unmarked`.
    """
    kept = {permission: marks for permission, marks in needs.items() if marks or keep_unmarked}
    return {**kept, **{one: kept.get(one, frozenset()) | {mark} for one in _permissions(policy)}}


def restricted(needs: Needs, marks: Optional[AbstractSet[str]]) -> Needs:
    """Return the permissions of the policies with these marks; all permissions if the marks are unknown."""
    if marks is None:
        return needs
    return {permission: have & marks for permission, have in needs.items() if have & marks}


def policy_of(needs: Needs) -> Policy:
    """Return a policy that grants the permissions in few statements; an empty one for no permissions."""
    actions: Dict[Tuple[str, str, FrozenSet[str]], List[str]] = {}
    for permission, marks in sorted(needs.items()):
        actions.setdefault((permission.resource, permission.condition, marks), []).append(permission.action)
    resources: Dict[Tuple[Tuple[str, ...], str, FrozenSet[str]], List[str]] = {}
    for (resource, condition, marks), allowed in actions.items():
        resources.setdefault((tuple(allowed), condition, marks), []).append(resource)
    taken: Dict[str, int] = {}
    found = [_statement(taken, *key, resources=value) for key, value in resources.items()]
    return {"Version": "2012-10-17", "Statement": found} if found else {}


def _statement(
    taken: Dict[str, int], actions: Tuple[str, ...], condition: str, marks: FrozenSet[str], resources: List[str]
) -> Policy:
    name = _name(resources)
    taken[name] = taken.get(name, 0) + 1
    number = str(taken[name]) if taken[name] > 1 else ""
    conditions = json.loads(condition)
    return {
        "Sid": f"{name}{number}" + (f"For{''.join(sorted(marks))}" if marks else ""),
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
