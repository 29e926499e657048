#!/usr/bin/python
# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The module execution_role: the IAM role that API Gateway assumes to call DynamoDB."""

from __future__ import annotations

DOCUMENTATION = r"""
module: execution_role
version_added: 0.1.0
short_description: Manage the IAM role that API Gateway assumes
description:
  - Creates an IAM role that API Gateway can assume, with one inline policy, and keeps both as declared.
  - This module sets the trust policy. It allows only the service C(apigateway.amazonaws.com).
  - Policies are compared by their meaning. The order of lists, a string in place of a list of one, and the names of the
    statements of the trust policy make no difference.
  - Other inline policies, and policies that are attached to the role, are not changed.
options:
  state:
    description:
      - Whether the role exists.
      - With V(absent), the inline policy O(policy_name) is deleted, and then the role. If the role has other policies,
        the module fails, names them, and changes nothing.
    type: str
    choices: [present, absent]
    default: present
  name:
    description:
      - The name of the role. It may contain the pseudo parameters V(${AWS::Region}), V(${AWS::Partition}) and
        V(${AWS::AccountId}). Role names are unique in an account, so use V(${AWS::Region}) in the name of a role for
        one Region.
    type: str
    required: true
  policy:
    description:
      - The inline policy, as a mapping or as JSON text. It may contain the pseudo parameters of O(name).
      - A document without statements deletes the inline policy.
      - If the option is not set, the inline policy is not changed.
    type: json
  policy_name:
    description: The name of the inline policy.
    type: str
    default: dynamodb-proxy
  keep_statements:
    description:
      - Which permissions stay that the inline policy grants beyond O(policy). They are returned as RV(kept_statements).
      - V(none) removes all of them.
      - V(all) keeps all of them, for live traffic until the stage is deployed, and for a rollback. The names of such
        statements begin with C(Kept).
    type: str
    choices: [none, all]
    default: none
  path:
    description:
      - The path of the role. A new role has the path V(/) if the option is not set.
      - The path of a role cannot be changed, so a different path is an error.
    type: str
  description:
    description: The description of the role. If the option is not set, it is not changed.
    type: str
  permissions_boundary:
    description:
      - The ARN of the managed policy that is the permissions boundary of the role. An empty string removes the
        boundary.
      - If the option is not set, it is not changed.
    type: str
author:
  - The codeless.apigateway maintainers (@codeless)
attributes:
  check_mode:
    description: Reads, and predicts what a run would change, also for a role that does not exist.
    support: full
  diff_mode:
    description: Shows the settings, and both policies as JSON text in one canonical form.
    support: full
notes:
  - It takes some seconds until other services can use a new role.
  - Permissions that O(policy) no longer contains are removed at once, also for a stage that serves an older deployment.
seealso:
  - module: codeless.apigateway.rest_api
  - module: amazon.aws.iam_role
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - codeless.apigateway.tags
  - codeless.apigateway.adopt
  - amazon.aws.boto3
  - codeless.apigateway.retries
"""

EXAMPLES = r"""
- name: Allow API Gateway to query the table
  codeless.apigateway.execution_role:
    name: orders-${AWS::Region}
    policy:
      Version: "2012-10-17"
      Statement:
        - Effect: Allow
          Action: dynamodb:Query
          Resource: arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/orders
    tags:
      team: shop
  register: role

- name: Create a role with the permissions boundary of the platform team
  codeless.apigateway.execution_role:
    name: orders
    path: /apis/
    permissions_boundary: arn:aws:iam::123456789012:policy/apis
    policy: "{{ lookup('ansible.builtin.file', 'policy.json') }}"

- name: Delete the role
  codeless.apigateway.execution_role:
    name: orders-${AWS::Region}
    state: absent
"""

RETURN = r"""
arn:
  description: The ARN of the role. It is known in check mode too.
  returned: always, but not with O(state=absent) if the role did not exist
  type: str
  sample: arn:aws:iam::123456789012:role/orders-eu-central-1
name:
  description: The name of the role, with its pseudo parameters replaced.
  returned: always
  type: str
  sample: orders-eu-central-1
policy_name:
  description: The name of the inline policy.
  returned: when O(state=present)
  type: str
  sample: dynamodb-proxy
policy:
  description: The inline policy, with its pseudo parameters replaced. Empty if the role has none.
  returned: when O(state=present)
  type: dict
  sample:
    Version: "2012-10-17"
    Statement:
      - Effect: Allow
        Action: dynamodb:Query
        Resource: arn:aws:dynamodb:eu-central-1:123456789012:table/orders
kept_statements:
  description: The statements that the inline policy has beyond the declared policy.
  returned: when O(state=present)
  type: list
  elements: dict
  sample: []
account_id:
  description: The account that the role is in.
  returned: when O(state=present)
  type: str
  sample: "123456789012"
partition:
  description: The partition of the Region.
  returned: when O(state=present)
  type: str
  sample: aws
tags:
  description: The tags of the role.
  returned: when O(state=present)
  type: dict
  sample: {"team": "shop"}
calls:
  description: The API calls that changed something, or in check mode would.
  returned: always
  type: list
  elements: str
  sample: ["iam:CreateRole", "iam:PutRolePolicy"]
"""

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.codeless.apigateway.plugins.module_utils._engine.resource import RETRIES, run_module
from ansible_collections.codeless.apigateway.plugins.module_utils._execution_role.resource import planned

SPEC = {
    "argument_spec": {
        **RETRIES,
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        "name": {"type": "str", "required": True},
        "policy": {"type": "json"},
        "policy_name": {"type": "str", "default": "dynamodb-proxy"},
        "path": {"type": "str"},
        "description": {"type": "str"},
        "permissions_boundary": {"type": "str"},
        "keep_statements": {"type": "str", "choices": ["none", "all"], "default": "none"},
        "tags": {"type": "dict", "aliases": ["resource_tags"]},
        "adopt": {"type": "bool", "default": False},
        "purge_tags": {"type": "bool", "default": False},
    },
}


def main() -> None:
    """Wire the module to its resource."""
    run_module(AnsibleAWSModule(**SPEC, supports_check_mode=True), planned)


if __name__ == "__main__":
    main()
