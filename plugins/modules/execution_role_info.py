#!/usr/bin/python
# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The module execution_role_info: an existing IAM role with its policies."""

from __future__ import annotations

DOCUMENTATION = r"""
module: execution_role_info
version_added: 0.1.0
short_description: Get information about an IAM role that API Gateway assumes
description:
  - Returns an IAM role with its trust policy, its inline policies, the ARNs of its attached policies, and its tags.
options:
  name:
    description:
      - The name of the role. It may contain the pseudo parameters V(${AWS::Region}), V(${AWS::Partition}) and
        V(${AWS::AccountId}), like O(codeless.apigateway.execution_role#module:name).
    type: str
    required: true
author:
  - The codeless.apigateway maintainers (@codeless)
attributes:
  check_mode:
    description: Only reads.
    support: full
  diff_mode:
    description: Changes nothing.
    support: none
seealso:
  - module: codeless.apigateway.execution_role
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - codeless.apigateway.retries
"""

EXAMPLES = r"""
- name: Read the role of an API
  codeless.apigateway.execution_role_info:
    name: orders-dynamodb-${AWS::Region}
  register: found

- name: Show what API Gateway may do
  ansible.builtin.debug:
    msg: "{{ found.role.policies['dynamodb-proxy'] }}"
  when: found.role
"""

RETURN = r"""
name:
  description: The name of the role, with its pseudo parameters replaced.
  returned: always
  type: str
  sample: orders-dynamodb-eu-central-1
role:
  description: The role; empty if it does not exist.
  returned: always
  type: dict
  contains:
    name:
      description: The name.
      type: str
      sample: orders-dynamodb-eu-central-1
    arn:
      description: The ARN.
      type: str
      sample: arn:aws:iam::123456789012:role/orders-dynamodb-eu-central-1
    path:
      description: The path.
      type: str
      sample: /
    description:
      description: The description.
      type: str
      sample: ""
    permissions_boundary:
      description: The ARN of the permissions boundary; empty if there is none.
      type: str
      sample: ""
    trust:
      description: The trust policy, which names who can assume the role.
      type: dict
      sample:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal:
              Service: apigateway.amazonaws.com
            Action: sts:AssumeRole
    policies:
      description: The inline policies by their names.
      type: dict
      sample:
        dynamodb-proxy:
          Version: "2012-10-17"
          Statement:
            - Effect: Allow
              Action: dynamodb:Query
              Resource: arn:aws:dynamodb:eu-central-1:123456789012:table/orders
    attached_policies:
      description: The ARNs of the managed policies that are attached to the role.
      type: list
      elements: str
      sample: []
    tags:
      description: The tags, without that of this collection.
      type: dict
      sample: {"team": "shop"}
    mark:
      description: >-
        The value of the tag C(codeless.apigateway): the name of the API that the role was created for, or of the role
        itself. It begins with C(adopted) for an adopted role, and is empty if the role belongs to somebody else.
      type: str
      sample: orders
    created_by_collection:
      description: Whether this collection created the role. An adopted role was not.
      type: bool
      sample: true
"""

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.codeless.apigateway.plugins.module_utils._engine.resource import RETRIES, run_module
from ansible_collections.codeless.apigateway.plugins.module_utils._execution_role.info import planned

SPEC = {"argument_spec": {**RETRIES, "name": {"type": "str", "required": True}}}


def main() -> None:
    """Wire the module to its resource."""
    run_module(AnsibleAWSModule(**SPEC, supports_check_mode=True), planned)


if __name__ == "__main__":
    main()
