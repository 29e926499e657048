# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""An existing role with its policies, for the module execution_role_info."""

from __future__ import annotations

from functools import partial
from typing import Any, Dict, List

from .._engine.client import Aws
from .._engine.errors import raise_errors
from .._engine.ownership import is_created
from .._engine.resource import Params, Planned
from .._engine.threads import run_in_parallel
from .policy import Policy, parse_policy
from .resource import name_errors, name_for
from .role import ABSENT, SERVICE, list_attached_policies, list_inline_policies, role_of


def planned(aws: Aws, params: Params) -> Planned:
    """Return the role, an empty one if it does not exist, and an empty plan."""
    name = name_for(params["name"], aws)
    raise_errors(f'execution_role "{name}"', name_errors(name))
    aws.client(SERVICE)  # made here, because a client made in a thread delays the other threads
    response, inline, attached = run_in_parallel(
        [
            partial(aws.find, SERVICE, "GetRole", {"RoleName": name}, absent=ABSENT),
            partial(_inline_policies, aws, name),
            partial(list_attached_policies, aws, name),
        ]
    )
    if response is None:
        return Planned([], {"name": name, "role": {}})
    role = role_of(response["Role"], {})
    values: Dict[str, Any] = {
        "name": name,
        "arn": response["Role"]["Arn"],
        "path": role.path,
        "description": role.description,
        "permissions_boundary": role.permissions_boundary,
        "trust": role.trust,
        "policies": inline,
        "attached_policies": sorted(attached or []),
        "tags": role.tags,
        "mark": role.owner,
        "created_by_collection": is_created(role.owner),
    }
    return Planned([], {"name": name, "role": values})


def _inline_policies(aws: Aws, role: str) -> Dict[str, Policy]:
    """Return the inline policies of a role by their names; none if the role does not exist."""
    names: List[str] = sorted(list_inline_policies(aws, role) or [])
    keys = [{"RoleName": role, "PolicyName": name} for name in names]
    documents = run_in_parallel([partial(aws.find, SERVICE, "GetRolePolicy", key, absent=ABSENT) for key in keys])
    return {name: parse_policy(found["PolicyDocument"]) for name, found in zip(names, documents) if found}
