#!/usr/bin/python
# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The module stage: a stage of a REST API and the deployment that it serves."""

from __future__ import annotations

DOCUMENTATION = r"""
module: stage
version_added: 0.1.0
short_description: Manage a stage of a REST API and the deployment that it serves
description:
  - Deploys the draft of a REST API of Amazon API Gateway to a stage if, and only if, the content of the draft differs
    from what the stage serves.
  - >-
    The description of the stage holds, after the text of O(stage_description), a record of its deployments: the last
    one with the digest of its content, and the earlier ones, as in V((x7y8z9 sha256:9f86d0…; before: d4e5f6\)). The
    description of the deployment holds the digest too. The module stores nothing else between runs.
  - One call switches a stage to a new deployment and updates its settings. A stage is never deleted and created again.
  - You can roll a stage back to an earlier deployment (O(deployment)), or promote the deployment of another stage to it
    (O(promote_from)).
  - You can serve new content to a share of the requests first (O(canary)).
  - When a stage is deployed to, its earlier deployments beyond O(keep_deployments) are deleted, if this module created
    them. A deployment that a stage or a canary serves, or that another stage can roll back to, is never deleted.
options:
  state:
    description: Whether the stage exists.
    type: str
    choices: [present, absent]
    default: present
  api_id:
    description: The id of the REST API.
    type: str
  api_name:
    description:
      - The name of the REST API, instead of O(api_id).
      - If several APIs have the name, the task fails and lists their ids.
    type: str
  name:
    description: The name of the stage. It is part of the URL.
    type: str
    required: true
  digest:
    description:
      - The digest of the draft's content, as M(codeless.apigateway.rest_api) returns it.
      - Without it, the module reads the draft and computes another digest, which takes six more calls. Because the two
        digests differ, a change from one to the other deploys once.
      - Mutually exclusive with O(deployment) and O(promote_from).
    type: str
  deployment:
    description:
      - The deployment to serve instead of the draft's content, by its id or as V(previous).
      - V(previous) is the deployment that the stage served before it was last deployed to. A second run finds the same
        deployment, changes nothing, and does not roll back further. If AWS has no record of it, the task fails and
        lists the deployments.
      - A rollback is not a deployment. The next run with the declared content switches the stage forward again.
      - The stage must exist.
    type: str
  serves:
    description:
      - The deployment that the stage serves now, if an earlier task has just switched the stage to it. For some seconds
        AWS can return the former state. The module reads the stage up to 10 times, 2 seconds apart, until it shows this
        deployment.
    type: str
  promote_from:
    description:
      - The name of another stage of the API. This stage is switched to the deployment that the other one serves; no
        deployment is created. The variables and settings of this stage stay.
      - A stage that does not exist is created.
    type: str
  canary:
    description:
      - A canary of the stage, which serves another deployment for a share of the requests. Without this option, an
        existing canary is not changed.
      - A stage with a canary can only be switched by promoting or aborting the canary.
    type: dict
    suboptions:
      state:
        description:
          - With V(present), the canary instead of the stage serves the content, or what O(deployment) or
            O(promote_from) names. If the stage itself already serves it with these variables, nothing is changed.
          - With V(promoted), the stage serves the canary's deployment with the canary's variables, and the canary is
            removed.
          - With V(aborted), the canary is removed, and the stage stays as it is.
          - For a stage without a canary, V(promoted) and V(aborted) change nothing.
        type: str
        choices: [present, promoted, aborted]
        default: present
      percent_traffic:
        description: The share of the requests that the canary receives, from 0 to 100.
        type: float
      stage_variable_overrides:
        description:
          - Variables of the canary, which override the stage's variables of the same names or are added to them.
          - Values in O(variables) that differ from those of the stage also become variables of the canary, until it is
            promoted. The variables of the stage itself stay.
          - If neither option is given, the canary's variables are not changed. Otherwise, variables that neither names
            are removed.
        type: dict
      use_stage_cache:
        description: Whether the canary uses the stage's cache. Without this option, the setting is not changed.
        type: bool
  description:
    description: The beginning of the description of a new deployment.
    type: str
  stage_description:
    description:
      - The description of the stage, without the record that the module writes after it.
      - Without this option, the text is not changed.
    type: str
  variables:
    description:
      - The stage variables.
      - Variables that are not named here are removed. Without this option, variables are not changed.
    type: dict
  tracing_enabled:
    description: Whether AWS X-Ray traces requests.
    type: bool
  method_settings:
    description:
      - Settings of all methods, under V(*), or of one, under its route, such as V(GET /orders/{id}).
      - V(null) instead of settings removes all settings of the method.
      - The settings are C(cache_data_encrypted), C(cache_ttl_in_seconds), C(caching_enabled), C(data_trace_enabled),
        C(logging_level), C(metrics_enabled), C(throttling_burst_limit) and C(throttling_rate_limit).
      - Settings that are not named here are not changed.
      - Logging needs a role for CloudWatch Logs, which you set once for the account and the Region (C(aws apigateway
        update-account)). Without the role, C(logging_level) and C(data_trace_enabled) are an error before the first
        change.
    type: dict
  keep_deployments:
    description:
      - How many deployments before the current one are kept for a rollback.
      - Rolling back and promoting from another stage delete none.
    type: int
    default: 10
author:
  - The codeless.apigateway maintainers (@codeless)
attributes:
  check_mode:
    description: Reads the current state and returns the changes that a run would make.
    support: full
  diff_mode:
    description:
      - Shows the deployment and each setting before and after. If the module has read the deployments, as for a roll
        back, a deployment has its date and description next to its id.
      - For a switch to an existing deployment, shows the routes before and after too.
    support: full
seealso:
  - module: codeless.apigateway.rest_api
  - module: codeless.apigateway.stage_info
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - codeless.apigateway.tags
  - amazon.aws.boto3
  - codeless.apigateway.retries
"""

EXAMPLES = r"""
- name: Deploy the draft to prod
  codeless.apigateway.stage:
    api_id: "{{ api.api_id }}"
    digest: "{{ api.digest }}"
    name: prod
    variables:
      table: orders
    method_settings:
      "*":
        throttling_rate_limit: 100
        throttling_burst_limit: 50
  register: stage

- name: Request the orders
  ansible.builtin.uri:
    url: "{{ stage.invoke_url }}/orders"

- name: Roll back prod
  codeless.apigateway.stage:
    api_name: orders
    name: prod
    deployment: previous

- name: Promote the deployment of test to prod
  codeless.apigateway.stage:
    api_name: orders
    name: prod
    promote_from: test

- name: Serve the draft to every tenth request
  codeless.apigateway.stage:
    api_id: "{{ api.api_id }}"
    digest: "{{ api.digest }}"
    name: prod
    canary:
      percent_traffic: 10

- name: Promote the canary
  codeless.apigateway.stage:
    api_id: "{{ api.api_id }}"
    name: prod
    canary:
      state: promoted

- name: Delete the stage test
  codeless.apigateway.stage:
    api_name: orders
    name: test
    state: absent
"""

RETURN = r"""
api_id:
  description: The id of the REST API.
  returned: always
  type: str
  sample: a1b2c3d4e5
name:
  description: The name of the stage.
  returned: always
  type: str
  sample: prod
deployment_id:
  description: The deployment that the stage serves. In check mode, C((known after the run)) for a new one.
  returned: when O(state=present)
  type: str
  sample: x7y8z9
digest:
  description: The digest of the content that the stage serves; empty if its deployment was created by other means.
  returned: when O(state=present)
  type: str
  sample: sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
previous_deployment_id:
  description: The deployment that the stage served before the task; empty for a new stage.
  returned: when O(state=present)
  type: str
  sample: 9z8y7x
canary_deployment_id:
  description: The deployment that the stage's canary serves; empty without a canary.
  returned: when O(state=present)
  type: str
  sample: ""
rolled_back:
  description:
    - Whether the stage, before the task, served another deployment than the one that it was last deployed to, such as
      after a rollback.
  returned: when O(state=present)
  type: bool
  sample: false
invoke_url:
  description: The URL of the stage.
  returned: when O(state=present)
  type: str
  sample: https://a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com/prod
account_id:
  description: The account that the stage is in.
  returned: when O(state=present)
  type: str
  sample: "123456789012"
region:
  description: The Region that the stage is in.
  returned: when O(state=present)
  type: str
  sample: eu-central-1
arn:
  description: The ARN of the stage.
  returned: when O(state=present)
  type: str
  sample: arn:aws:apigateway:eu-central-1::/restapis/a1b2c3d4e5/stages/prod
tags:
  description: The tags of the stage.
  returned: when O(state=present)
  type: dict
  sample: {"team": "shop"}
previous:
  description:
    - The state of the stage before the run, as options of M(codeless.apigateway.stage) that restore it. Empty for a new
      stage.
  returned: when O(state=present)
  type: dict
  sample: {"deployment": "9z8y7x", "variables": {}, "tracing_enabled": false, "method_settings": {}}
stages_elsewhere:
  description:
    - The names of the API's stages that serve other content than this task deploys, by themselves or by a canary. They
      include this stage while its canary serves other content.
  returned: when O(state=present)
  type: list
  elements: str
  sample: []
remaining_stages:
  description: The names of the API's other stages.
  returned: when O(state=absent)
  type: list
  elements: str
  sample: ["prod"]
calls:
  description: The API calls that changed something or, in check mode, would change something.
  returned: always
  type: list
  elements: str
  sample: ["apigateway:CreateDeployment", "apigateway:UpdateStage"]
"""

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.codeless.apigateway.plugins.module_utils._engine.resource import RETRIES, run_module
from ansible_collections.codeless.apigateway.plugins.module_utils._stage.options import CANARY
from ansible_collections.codeless.apigateway.plugins.module_utils._stage.resource import planned

SPEC = {
    "argument_spec": {
        **RETRIES,
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        "api_id": {"type": "str"},
        "api_name": {"type": "str"},
        "name": {"type": "str", "required": True},
        "digest": {"type": "str"},
        "deployment": {"type": "str"},
        "serves": {"type": "str"},
        "promote_from": {"type": "str"},
        "canary": CANARY,
        "description": {"type": "str"},
        "stage_description": {"type": "str"},
        "variables": {"type": "dict"},
        "tracing_enabled": {"type": "bool"},
        "method_settings": {"type": "dict"},
        "keep_deployments": {"type": "int", "default": 10},
        "tags": {"type": "dict", "aliases": ["resource_tags"]},
        "purge_tags": {"type": "bool", "default": False},
    },
    "required_one_of": [("api_id", "api_name")],
    "mutually_exclusive": [
        ("api_id", "api_name"),
        ("digest", "deployment", "promote_from"),
        ("description", "deployment", "promote_from"),
    ],
}


def main() -> None:
    """Wire the module to its resource."""
    run_module(AnsibleAWSModule(**SPEC, supports_check_mode=True), planned)


if __name__ == "__main__":
    main()
