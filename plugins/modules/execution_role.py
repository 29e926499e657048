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
  - Makes an IAM role that API Gateway can assume, with one inline policy that says what it may do, and keeps both as
    declared.
  - The trust policy is set by this module. It names the service C(apigateway.amazonaws.com) and nobody else.
  - Policies are compared by what they say. The order of lists, a string in place of a list of one, and the names of the
    statements of the trust policy make no difference.
  - Other inline policies, and policies that are attached to the role, are left alone.
options:
  state:
    description:
      - Whether the role is there.
      - With V(absent), the inline policy O(policy_name) is deleted, and then the role. When the role holds other
        policies, the module fails, names them, and changes nothing.
    type: str
    choices: [present, absent]
    default: present
  name:
    description:
      - The name of the role. It may hold V(${AWS::Region}), V(${AWS::Partition}) and V(${AWS::AccountId}), which are
        replaced by those of the target. Role names are unique in an account, so a role for one Region needs such a
        word, or another means to tell it from its siblings.
    type: str
    required: true
  policy:
    description:
      - The inline policy, as a mapping or as JSON text. The words that O(name) may hold are replaced in it as well.
      - A document with no statement means that there is no inline policy.
      - When the option is not given, the inline policy is left alone.
    type: json
  policy_name:
    description: The name of the inline policy.
    type: str
    default: dynamodb-proxy
  keep_statements:
    description:
      - What stays of that which the inline policy grants beyond O(policy). It is returned as RV(kept_statements).
      - V(none) takes all of it away.
      - V(all) keeps all of it, for live traffic that needs it until a stage has moved, and for going back. Names of
        such statements begin with C(Kept).
    type: str
    choices: [none, all]
    default: none
  path:
    description:
      - The path of the role. A new role is made at V(/) when the option is not given.
      - The path of a role cannot be changed, so another path than the role's own is an error.
    type: str
  description:
    description: The description of the role. When the option is not given, it is left alone.
    type: str
  permissions_boundary:
    description:
      - The ARN of the managed policy that bounds what the role may do. An empty string takes the boundary away.
      - When the option is not given, it is left alone.
    type: str
author:
  - The codeless.apigateway maintainers (@codeless)
attributes:
  check_mode:
    description: Reads, and predicts what a run would change, also where there is no role yet.
    support: full
  diff_mode:
    description: Shows the settings, and both policies as JSON text in one canonical form.
    support: full
notes:
  - A new role takes some seconds until other services can use it.
  - Permissions that O(policy) no longer holds are gone at once, also for a stage that still serves an older deployment.
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
- name: API Gateway may query the table
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

- name: A role below a boundary that the platform team sets
  codeless.apigateway.execution_role:
    name: orders
    path: /apis/
    permissions_boundary: arn:aws:iam::123456789012:policy/apis
    policy: "{{ lookup('ansible.builtin.file', 'policy.json') }}"

- name: No such role any more
  codeless.apigateway.execution_role:
    name: orders-${AWS::Region}
    state: absent
"""

RETURN = r"""
arn:
  description: The ARN of the role. It is known in check mode too.
  returned: always, but not with O(state=absent) where there was no role
  type: str
  sample: arn:aws:iam::123456789012:role/orders-eu-central-1
name:
  description: The name of the role, with its words replaced.
  returned: always
  type: str
  sample: orders-eu-central-1
policy_name:
  description: The name of the inline policy.
  returned: when O(state=present)
  type: str
  sample: dynamodb-proxy
policy:
  description: The inline policy, with its words replaced. Empty where there is none.
  returned: when O(state=present)
  type: dict
  sample:
    Version: "2012-10-17"
    Statement:
      - Effect: Allow
        Action: dynamodb:Query
        Resource: arn:aws:dynamodb:eu-central-1:123456789012:table/orders
kept_statements:
  description: The statements that the inline policy still has beyond the declared policy.
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
