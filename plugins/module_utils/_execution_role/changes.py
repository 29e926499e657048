# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The plans that create, change and delete a role."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any, List, Optional, Sequence

from ansible_collections.amazon.aws.plugins.module_utils.tagging import (
    ansible_dict_to_boto3_tag_list,
)

from .._engine.ownership import mark
from .._engine.plan import (
    Action,
    Step,
    Wait,
    calls,
    messages_by_code,
    wait_until_removed,
    wait_until_shown,
)
from .._engine.resource import Planned
from .._engine.tags import tag_changes, tags_after
from .policy import (
    Policy,
    parse_policy,
    same_policy,
    without_sids,
)
from .role import ABSENT, SERVICE, Role


def creation(desired: Role, policy_name: str) -> List[Action]:
    """Return the plan that creates a role."""
    settings = {
        "Path": desired.path,
        "Description": desired.description,
        "PermissionsBoundary": desired.permissions_boundary,
        "Tags": ansible_dict_to_boto3_tag_list(
            {**tags_after(desired.tags, {}, purge=False), **(mark(desired.owner) if desired.owner else {})}
        ),
    }
    arguments = {"RoleName": desired.name, "AssumeRolePolicyDocument": _compact(desired.trust)}
    arguments.update({key: value for key, value in settings.items() if value})
    error = f'execution_role "{desired.name}": another run is deploying it. Run again when that run has ended.'
    plan: List[Action] = [
        Step(SERVICE, "CreateRole", arguments, explain=messages_by_code({"EntityAlreadyExists": error}))
    ]
    if not desired.policy:
        return plan
    # IAM may not find the role yet that it has just created (Terraform AWS provider issue 18435).
    return [*plan, replace(_put_policy(desired.name, policy_name, desired.policy), not_yet_if=ABSENT)]


def changes(desired: Role, current: Role, policy_name: str, purge_tags: bool) -> List[Action]:
    """Return the plan that brings a role to its desired state: permissions first."""
    plan: List[Action] = []
    if desired.policy is not None and not same_policy(desired.policy, current.policy or {}):
        put = _put_policy(desired.name, policy_name, desired.policy) if desired.policy else None
        plan.append(put or delete_policy(desired.name, policy_name))
    if not same_policy(without_sids(desired.trust), without_sids(current.trust)):
        plan.append(role_step("UpdateAssumeRolePolicy", desired.name, PolicyDocument=_compact(desired.trust)))
    if desired.description not in (None, current.description):
        # UpdateRole would also set the session duration back to its default; this call touches nothing else.
        plan.append(role_step("UpdateRoleDescription", desired.name, Description=desired.description))
    if desired.permissions_boundary not in (None, current.permissions_boundary):
        plan.append(_set_boundary(desired.name, desired.permissions_boundary))
    return plan + _tag_steps(desired, current, purge_tags)


def _tag_steps(desired: Role, current: Role, purge: bool) -> List[Action]:
    to_set, to_remove = tag_changes(desired.tags, current.tags or {}, purge)
    plan: List[Action] = []
    if to_remove:  # first, since IAM takes "Env" and "env" for one key
        plan.append(role_step("UntagRole", desired.name, TagKeys=to_remove))
    if to_set:
        plan.append(role_step("TagRole", desired.name, Tags=ansible_dict_to_boto3_tag_list(to_set)))
    return plan


def role_step(operation: str, role: str, **arguments: Any) -> Step:
    return Step(SERVICE, operation, {"RoleName": role, **arguments})


def _put_policy(role: str, policy_name: str, policy: Policy) -> Step:
    return role_step("PutRolePolicy", role, PolicyName=policy_name, PolicyDocument=_compact(policy))


def put_and_see_policy(role: str, policy_name: str, policy: Policy) -> Step:
    """Return the step that puts a policy on an existing role, with a wait until reads show the policy."""
    put = _put_policy(role, policy_name, policy)
    return replace(put, shown=lambda _response: _wait_for_policy(role, policy_name, policy))


def wait_for_policy(role: Planned) -> List[Action]:
    """Return the wait until reads show the policy that a plan puts; nothing for a plan that puts none.

    Nothing else in a run depends on it, so it comes last, when it has mostly passed.
    """
    if "iam:PutRolePolicy" not in calls(role.plan):
        return []
    return [_wait_for_policy(role.values["name"], role.values["policy_name"], role.values["policy"])]


def _wait_for_policy(role: str, policy_name: str, policy: Policy) -> Wait:
    """Return the wait until reads show a policy.

    A run that read the policy before it would take permissions from the live deployment.
    """
    key = {"RoleName": role, "PolicyName": policy_name}
    return wait_until_shown(
        SERVICE,
        "GetRolePolicy",
        key,
        lambda response: same_policy(parse_policy(response["PolicyDocument"]), policy),
        f'the policy of the role "{role}"',
        absent=ABSENT,
    )


def delete_policy(role: str, policy_name: str) -> Step:
    key = {"RoleName": role, "PolicyName": policy_name}
    return Step(SERVICE, "DeleteRolePolicy", key, done_if=(ABSENT,))


def _set_boundary(role: str, arn: Optional[str]) -> Step:
    if arn:
        return role_step("PutRolePermissionsBoundary", role, PermissionsBoundary=arn)
    return role_step("DeleteRolePermissionsBoundary", role)


def _compact(policy: Policy) -> str:
    return json.dumps(policy, separators=(",", ":"))


def removal(name: str, policy_name: str, inline: Sequence[str]) -> List[Action]:
    """Return the plan that deletes a role with these inline policies, among them ours if it exists."""
    plan: List[Action] = [delete_policy(name, policy_name)] if policy_name in inline else []
    key = {"RoleName": name}
    gone = wait_until_removed(SERVICE, "GetRole", key, f'the role "{name}"', absent=ABSENT)
    return [*plan, Step(SERVICE, "DeleteRole", key, done_if=(ABSENT,)), gone]
