#!/usr/bin/python
# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The module account: the role with which API Gateway writes the logs of an account in a Region."""

from __future__ import annotations

DOCUMENTATION = r"""
module: account
version_added: 0.1.0
short_description: Manage API Gateway's settings of an account
description:
  - Sets the role with which Amazon API Gateway writes the logs of all stages of an account in a Region to CloudWatch.
    Without the role no stage can enable logs.
  - All APIs of the account in the Region share the role. An existing role stays, unless O(replace=true).
options:
  cloudwatch_role_arn:
    description:
      - The ARN of the role. It may contain the pseudo parameters V(${AWS::AccountId}), V(${AWS::Partition}) and
        V(${AWS::Region}).
      - API Gateway must be able to assume the role, and the role needs the permissions of the managed policy
        C(service-role/AmazonAPIGatewayPushToCloudWatchLogs).
      - An empty string removes the role from the settings, so that no stage can write logs. The role itself is not
        deleted.
    type: str
    required: true
  replace:
    description:
      - Whether a different existing role is replaced or removed. With V(false), the task fails and names the existing
        role.
    type: bool
    default: false
author:
  - The codeless.apigateway maintainers (@codeless)
attributes:
  check_mode:
    description: Reads, and predicts what a run would change.
    support: full
  diff_mode:
    description: Shows the role before and after.
    support: full
notes:
  - API Gateway can use a new role only after some seconds. The call is retried while AWS rejects the role, for at most
    O(retry_timeout) seconds.
  - AWS accepts one change of the settings every 20 seconds.
seealso:
  - module: codeless.apigateway.account_info
  - module: amazon.aws.iam_role
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - codeless.apigateway.retries
"""

EXAMPLES = r"""
- name: Create a role that may write logs
  amazon.aws.iam_role:
    name: apigateway-logs
    assume_role_policy_document: "{{ lookup('ansible.builtin.file', 'trust-apigateway.json') }}"
    managed_policies:
      - arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs

- name: Let API Gateway write logs
  codeless.apigateway.account:
    cloudwatch_role_arn: arn:${AWS::Partition}:iam::${AWS::AccountId}:role/apigateway-logs

- name: Let API Gateway write logs with another role than before
  codeless.apigateway.account:
    cloudwatch_role_arn: arn:aws:iam::123456789012:role/central-logs
    replace: true

- name: End the logs of all stages in the Region
  codeless.apigateway.account:
    cloudwatch_role_arn: ""
    replace: true
"""

RETURN = r"""
region:
  description: The Region of the settings.
  returned: always
  type: str
  sample: eu-central-1
cloudwatch_role_arn:
  description: >-
    The ARN of the role with which API Gateway writes the logs of all stages to CloudWatch; empty if there is none, so
    that no stage can enable logs.
  returned: always
  type: str
  sample: arn:aws:iam::123456789012:role/apigateway-logs
throttle:
  description: How many requests the APIs of the account can get together in the Region.
  returned: always
  type: dict
  contains:
    rate_limit:
      description: The requests per second.
      type: float
      sample: 10000.0
    burst_limit:
      description: The requests at once.
      type: int
      sample: 5000
features:
  description: The features that AWS has enabled for the account.
  returned: always
  type: list
  elements: str
  sample: ["UsagePlans"]
api_key_version:
  description: The version of the API keys of the account.
  returned: always
  type: str
  sample: "4"
calls:
  description: The API calls that changed something, or in check mode would.
  returned: always
  type: list
  elements: str
  sample: ["apigateway:UpdateAccount"]
"""

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.codeless.apigateway.plugins.module_utils._account.resource import planned
from ansible_collections.codeless.apigateway.plugins.module_utils._engine.resource import RETRIES, run_module

SPEC = {
    "argument_spec": {
        **RETRIES,
        "cloudwatch_role_arn": {"type": "str", "required": True},
        "replace": {"type": "bool", "default": False},
    },
}


def main() -> None:
    """Wire the module to its resource."""
    run_module(AnsibleAWSModule(**SPEC, supports_check_mode=True), planned)


if __name__ == "__main__":
    main()
