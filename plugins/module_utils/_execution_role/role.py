# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The role that API Gateway assumes, and how it is read from AWS."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Dict, List, Mapping, Optional

from ansible_collections.amazon.aws.plugins.module_utils.tagging import (
    boto3_tag_list_to_ansible_dict,
)

from .._engine.client import Aws, Wire
from .._engine.ownership import owner, without_mark
from .policy import (
    Policy,
    parse_policy,
)

# No condition on aws:SourceAccount or aws:SourceArn: API Gateway does not send them when it assumes the role of an
# integration, so every request was a 500 (aws-solutions-library-samples/accelerated-intelligent-document-processing-on-
# aws, pull request 479).
TRUST: Policy = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "apigateway.amazonaws.com"}, "Action": "sts:AssumeRole"}
    ],
}

SERVICE = "iam"
ABSENT = "NoSuchEntity"


@dataclass(frozen=True)
class Role:
    """A role: the desired one, where None means not managed; or the current one, where nothing is None.

    A missing policy, description or boundary is empty. `owner` is the value of the tag that marks the role; `tags` are
    the other tags.
    """

    name: str
    trust: Policy
    policy: Optional[Policy] = None
    path: Optional[str] = None
    description: Optional[str] = None
    permissions_boundary: Optional[str] = None
    tags: Optional[Mapping[str, str]] = None
    owner: Optional[str] = None


def read_role(aws: Aws, name: str, policy_name: str) -> Optional[Role]:
    """Return the current role with our inline policy; None if it does not exist."""
    response = aws.find(SERVICE, "GetRole", {"RoleName": name}, absent=ABSENT)
    if response is None:
        return None
    aws.learn_account_id(response["Role"]["Arn"])
    key = {"RoleName": name, "PolicyName": policy_name}
    inline = aws.find(SERVICE, "GetRolePolicy", key, absent=ABSENT)
    return role_of(response["Role"], parse_policy(inline["PolicyDocument"]) if inline else {})


def role_of(wire: Wire, policy: Policy) -> Role:
    """Convert the member `Role` of a GetRole response, and the inline policy, to a role."""
    tags = boto3_tag_list_to_ansible_dict(wire.get("Tags", []))
    return Role(
        name=wire["RoleName"],
        trust=parse_policy(wire["AssumeRolePolicyDocument"]),
        policy=policy,
        path=wire["Path"],
        description=wire.get("Description", ""),
        permissions_boundary=wire.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn", ""),
        tags=without_mark(tags),
        owner=owner(tags),
    )


def list_inline_policies(aws: Aws, role: str) -> Optional[List[str]]:
    """Return the names of a role's inline policies; None if the role does not exist."""
    return _all(aws, "ListRolePolicies", role, "PolicyNames")


def list_attached_policies(aws: Aws, role: str) -> Optional[List[str]]:
    """Return the ARNs of the managed policies that are attached to a role; None if the role does not exist."""
    found = _all(aws, "ListAttachedRolePolicies", role, "AttachedPolicies")
    return found if found is None else [policy["PolicyArn"] for policy in found]


def _all(aws: Aws, operation: str, role: str, member: str) -> Optional[List[Any]]:
    """Return all entries of an IAM list of a role, page by page; None if the role does not exist."""
    found: List[Any] = []
    page: Dict[str, Any] = {"RoleName": role}
    while True:
        response = aws.find(SERVICE, operation, page, absent=ABSENT)
        if response is None:
            return None
        found += response[member]
        if not response.get("IsTruncated"):
            return found
        page["Marker"] = response["Marker"]
