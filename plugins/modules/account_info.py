#!/usr/bin/python
# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The module account_info: API Gateway's settings of an account in a Region."""

from __future__ import annotations

DOCUMENTATION = r"""
module: account_info
version_added: 0.1.0
short_description: Get API Gateway's settings of an account
description:
  - Returns the settings that all APIs of an account share in a Region of Amazon API Gateway, such as the role with
    which API Gateway writes logs.
options: {}
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
  - module: codeless.apigateway.account
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - codeless.apigateway.retries
"""

EXAMPLES = r"""
- name: Read the settings
  codeless.apigateway.account_info:
  register: account

- name: Require a role for logs
  ansible.builtin.assert:
    that: account.cloudwatch_role_arn != ''
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
"""

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.codeless.apigateway.plugins.module_utils._account.info import planned
from ansible_collections.codeless.apigateway.plugins.module_utils._engine.resource import RETRIES, run_module

SPEC = {"argument_spec": {**RETRIES}}


def main() -> None:
    """Wire the module to its resource."""
    run_module(AnsibleAWSModule(**SPEC, supports_check_mode=True), planned)


if __name__ == "__main__":
    main()
