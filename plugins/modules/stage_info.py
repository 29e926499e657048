#!/usr/bin/python
# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The module stage_info: the stages of a REST API, and the history of its deployments."""

from __future__ import annotations

DOCUMENTATION = r"""
module: stage_info
version_added: 0.1.0
short_description: Get information about the stages and deployments of a REST API
description:
  - Returns the deployment, the URL and the settings of each stage of a REST API of Amazon API Gateway, in the terms of
    M(codeless.apigateway.stage), and the deployments of the API.
  - For an API that does not exist, both lists are empty.
options:
  api_id:
    description: The id of the REST API.
    type: str
  api_name:
    description:
      - The name of the REST API, instead of O(api_id).
      - If several APIs have the name, the task fails and lists their ids.
    type: str
  name:
    description: The name of one stage to return. Without it, all stages are returned.
    type: str
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
  - module: codeless.apigateway.stage
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - codeless.apigateway.retries
"""

EXAMPLES = r"""
- name: Get the stage prod
  codeless.apigateway.stage_info:
    api_name: orders
    name: prod
  register: found

- name: Show the URL
  ansible.builtin.debug:
    msg: "{{ found.stages[0].invoke_url }}"

- name: Show the deployments
  ansible.builtin.debug:
    msg: "{{ found.deployments | map(attribute='id') }}"
"""

RETURN = r"""
api_id:
  description: The id of the REST API; empty if it does not exist.
  returned: always
  type: str
  sample: a1b2c3d4e5
stages:
  description: The stages, or the one with O(name). Empty if it does not exist.
  returned: always
  type: list
  elements: dict
  contains:
    name:
      description: The name of the stage.
      type: str
      sample: prod
    invoke_url:
      description: The URL of the stage.
      type: str
      sample: https://a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com/prod
    arn:
      description: The ARN of the stage.
      type: str
      sample: arn:aws:apigateway:eu-central-1::/restapis/a1b2c3d4e5/stages/prod
    deployment_id:
      description: The deployment that the stage serves.
      type: str
      sample: x7y8z9
    previous:
      description: >-
        The deployment that V(previous) selects in O(codeless.apigateway.stage#module:deployment): the one that the
        stage served before it was last deployed to. Empty if AWS has no record of it.
      type: str
      sample: d4e5f6
    digest:
      description: The digest of the content that the stage serves; empty if its deployment was created by other means.
      type: str
      sample: sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
    canary:
      description: >-
        The canary, with C(deployment_id), C(digest), C(percent_traffic), C(stage_variable_overrides) and
        C(use_stage_cache); empty without a canary.
      type: dict
      sample: {}
    stage_description:
      description: The description of the stage, without the record of its deployments.
      type: str
      sample: ""
    variables:
      description: The stage variables.
      type: dict
      sample: {"table": "orders"}
    tracing_enabled:
      description: Whether AWS X-Ray traces requests.
      type: bool
      sample: false
    method_settings:
      description: The settings of all methods, under V(*), and of single ones, under their routes.
      type: dict
      sample: {"*": {"throttling_rate_limit": 100.0}}
    tags:
      description: The tags of the stage.
      type: dict
      sample: {"team": "shop"}
    created:
      description: When the stage was created, in UTC.
      type: str
      sample: "2026-11-20T08:00:00Z"
    last_updated:
      description: When the stage was last changed, in UTC.
      type: str
      sample: "2026-11-22T22:14:05Z"
deployments:
  description: All deployments of the API, the newest first.
  returned: always
  type: list
  elements: dict
  contains:
    id:
      description: The id of the deployment.
      type: str
      sample: x7y8z9
    created:
      description: When the deployment was created, in UTC.
      type: str
      sample: "2026-11-22T22:14:05Z"
    description:
      description: The description, without the digest.
      type: str
      sample: Deployed to prod
    digest:
      description: The digest of the content; empty if the deployment was created by other means.
      type: str
      sample: sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
    served_by:
      description: The names of the stages that serve it.
      type: list
      elements: str
      sample: ["prod"]
    canary_of:
      description: The names of the stages whose canary serves it.
      type: list
      elements: str
      sample: []
"""

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.codeless.apigateway.plugins.module_utils._engine.resource import RETRIES, run_module
from ansible_collections.codeless.apigateway.plugins.module_utils._stage.info import planned

SPEC = {
    "argument_spec": {
        **RETRIES,
        "api_id": {"type": "str"},
        "api_name": {"type": "str"},
        "name": {"type": "str"},
    },
    "required_one_of": [("api_id", "api_name")],
    "mutually_exclusive": [("api_id", "api_name")],
}


def main() -> None:
    """Wire the module to its resource."""
    run_module(AnsibleAWSModule(**SPEC, supports_check_mode=True), planned)


if __name__ == "__main__":
    main()
