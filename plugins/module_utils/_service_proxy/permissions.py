# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The policy of the execution role: what all deployments of the API need, before and after the stage switches."""

from __future__ import annotations

from typing import List, Optional, Tuple

from .._engine.client import Aws
from .._engine.errors import raise_errors
from .._engine.ownership import reason_to_keep
from .._engine.plan import steps
from .._engine.pseudo_parameters import fill
from .._engine.resource import Params, Planned
from .._execution_role import resource as execution_role
from .._execution_role.policy import Policy
from .._execution_role.role import Role
from .._execution_role.shared_policy import (
    QUOTA,
    Needs,
    compute_policy_id,
    needs_of,
    policy_of,
    restricted,
    size,
    with_declared,
)
from .._stage.releases import Releases


def plan_role(
    aws: Aws, params: Params, current: Optional[Role], stage: Planned, releases: Releases
) -> Tuple[Planned, Planned]:
    """Return the plan of the role before the stage switches, and the plan that removes permissions afterwards.

    `stage` is the plan of the stage, whose deletions of deployments count. `params` are the options of the role.
    """
    if current and reason_to_keep(current.owner or "", params["owner"]):
        params = {**params, "description": None}  # the description of whoever created the role stays
    existing = (current.policy if current else None) or {}
    before, after = _policies(aws, params, existing, stage, releases)
    role = execution_role.planned_from(aws, {**params, "policy": before, "keep_statements": "none"}, current)
    if after is None:
        return role, Planned([], role.values)
    return role, execution_role.plan_trimming(params, role, after)


def _policies(
    aws: Aws, params: Params, existing: Policy, stage: Planned, releases: Releases
) -> Tuple[Policy, Optional[Policy]]:
    """Return the role's policy before the stage switches, and the one afterwards; None if it stays the same.

    The first one grants what the existing policy grants and what is declared. The second one grants what the remaining
    deployments need. The list of deployments is read only if the existing policy grants a permission that no deployment
    in the records of the stages needs. Raises `AwsError` if IAM would reject the policy as too long.
    """
    declared, policy_id = fill(params["policy"], aws), compute_policy_id(params["policy"])
    needs = needs_of(existing)
    undeclared = set(needs) - set(needs_of(declared))
    deleted = {step.params["deploymentId"] for step in steps(stage.plan) if step.operation == "DeleteDeployment"}
    is_recorded = all(needs[permission] & releases.recorded_policy_ids(deleted) for permission in undeclared)
    policy_ids = None if is_recorded else releases.policy_ids(deleted)
    granted = with_declared(needs, declared, policy_id, keep_without_id=policy_ids is None and not is_recorded)
    needed = restricted(granted, None if policy_ids is None else policy_ids | {policy_id})
    if size(policy_of(granted)) > QUOTA:
        granted = needed  # the permissions of deployments that this run deletes do not fit
    name = execution_role.name_for(params["name"], aws)
    raise_errors(f'execution_role "{name}"', _size_errors(policy_of(granted), declared))
    before = policy_of(granted) if _is_new_policy(granted, needs, policy_id) else existing
    return before, None if set(needed) == set(granted) else policy_of(needed)


def _is_new_policy(granted: Needs, needs: Needs, policy_id: str) -> bool:
    """Return whether the policy must be put: its permissions differ, or one lacks the ID of the declared policy."""
    return set(granted) != set(needs) or any(
        policy_id in policy_ids and policy_id not in needs[permission] for permission, policy_ids in granted.items()
    )


def _size_errors(policy: Policy, declared: Policy) -> List[str]:
    """Return the error for a policy that IAM would reject as too long."""
    if size(policy) <= QUOTA:
        return []
    of_routes = size(policy_of(with_declared({}, declared, "0" * 8, keep_without_id=False)))
    if of_routes > QUOTA:
        return [
            f"the policy that the routes need has {of_routes:,} characters, and IAM allows {QUOTA:,} for the inline "
            "policies of a role. Use fewer tables and indexes in one API: divide it into several."
        ]
    return [
        f"its policy would have {size(policy):,} characters, and IAM allows {QUOTA:,} for the inline policies of a "
        f"role. {of_routes:,} are for the routes as declared, the rest is for earlier deployments that are kept. Keep "
        "fewer: lower `keep_deployments` (in the role `service_proxy_keep_deployments`), deploy the other stages, or "
        "delete deployments that nobody needs."
    ]
