#!/usr/bin/python
# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The module stage: a stage of a REST API, and the deployment that it serves."""

from __future__ import annotations

DOCUMENTATION = r"""
module: stage
version_added: 0.1.0
short_description: Manage a stage of a REST API and the deployment that it serves
description:
  - Deploys the draft of a REST API of Amazon API Gateway to a stage when, and only when, its content differs from what
    the stage serves.
  - >-
    The stage's description has, behind the text of O(stage_description), a record of what the stage was deployed to:
    the deployment with the digest of its content, and those before, as in V((x7y8z9 sha256:9f86d0…; before: d4e5f6\)).
    The digest also stands in the description of the deployment. Nothing else is remembered between runs.
  - A stage is moved to a new deployment, together with its settings, in one call. It is never deleted and made again.
  - It can be moved back to a deployment that it served before (O(deployment)), or on to the one that another stage
    serves (O(promote_from)).
  - New content can be tried on a share of the requests before the stage is moved to it (O(canary)).
  - When a stage was moved to new content, its earlier deployments beyond those to keep are deleted, if this module made
    them. One that a stage or a canary serves never is, nor one that another stage can go back to.
options:
  state:
    description: Whether the stage is there.
    type: str
    choices: [present, absent]
    default: present
  api_id:
    description: The id of the REST API.
    type: str
  api_name:
    description:
      - The name of the REST API, in the place of O(api_id).
      - When several APIs have the name, the task fails and lists their ids.
    type: str
  name:
    description: The name of the stage. It is part of the URL.
    type: str
    required: true
  digest:
    description:
      - The digest of the draft's content, as M(codeless.apigateway.rest_api) returns it.
      - When it is not given, the module reads the draft and works out a digest of its own, which takes six further
        calls. The two digests differ, so changing over from one to the other deploys once.
      - Mutually exclusive with O(deployment) and O(promote_from).
    type: str
  deployment:
    description:
      - The deployment to serve, in the place of the draft's content. It is the id of one, or V(previous).
      - V(previous) is the one that the stage served before it was last deployed to. It means the same however often it
        is asked for, so a second run changes nothing and does not go back further. Where nothing on AWS tells which one
        that is, the task fails and lists the deployments.
      - Going back does not count as deploying. The next run with the declared content moves the stage forward again.
      - The stage has to be there.
    type: str
  serves:
    description:
      - The deployment that the stage serves now, where a task before has just moved it there. AWS can show a stage as
        it was for some seconds. The stage is read up to 10 times, 2 seconds apart, until it shows this deployment.
    type: str
  promote_from:
    description:
      - The name of another stage of the API. The stage is moved to the very deployment that the other one serves, and
        nothing is built anew. Its variables and settings stay.
      - A stage that is not there is made.
    type: str
  canary:
    description:
      - A canary of the stage, which serves another deployment for a share of the requests. When it is not given, a
        canary is left alone.
      - While a stage has a canary, it cannot be moved by other means than promoting or aborting it.
    type: dict
    suboptions:
      state:
        description:
          - With V(present), the canary and not the stage comes to serve the content, or what O(deployment) or
            O(promote_from) names. Where the stage itself serves it already, with these variables, there is nothing to
            do.
          - With V(promoted), the stage comes to serve what its canary does, with the canary's variables, and the canary
            goes.
          - With V(aborted), the canary goes, and the stage stays as it is.
          - A stage without a canary is both promoted and aborted already.
        type: str
        choices: [present, promoted, aborted]
        default: present
      percent_traffic:
        description: The share of the requests that the canary takes, from 0 to 100.
        type: float
      stage_variable_overrides:
        description:
          - Variables of the canary, in the place of the stage's variables of the same names or beside them.
          - What O(variables) declares otherwise than it is on the stage is the canary's as well, until the canary is
            promoted. The stage's own variables stay as they are.
          - When neither is given, the canary's variables are left alone. Else, those that are not named are removed.
        type: dict
      use_stage_cache:
        description: Whether the canary uses the stage's cache. When it is not given, it is left alone.
        type: bool
  description:
    description: What the description of a new deployment begins with.
    type: str
  stage_description:
    description:
      - The description of the stage, without the record that the module writes behind it.
      - When the option is not given, the text that stands there is left alone.
    type: str
  variables:
    description:
      - The stage variables.
      - A variable that is not named here is removed. When the option is not given, variables are left alone.
    type: dict
  tracing_enabled:
    description: Whether AWS X-Ray traces requests.
    type: bool
  method_settings:
    description:
      - Settings of all methods, under V(*), or of one, under its route, such as V(GET /orders/{id}).
      - Nothing (V(null)) in the place of settings takes away all that the stage has for the method.
      - The settings are C(cache_data_encrypted), C(cache_ttl_in_seconds), C(caching_enabled), C(data_trace_enabled),
        C(logging_level), C(metrics_enabled), C(throttling_burst_limit) and C(throttling_rate_limit).
      - Settings that are not named here are left alone.
      - Logging needs a role for CloudWatch Logs, which is set once for the account and the Region (C(aws apigateway
        update-account)). Without one, C(logging_level) and C(data_trace_enabled) are an error before the first change.
    type: dict
  keep_deployments:
    description:
      - How many deployments before the present one are kept, to go back to.
      - Going back and promoting from another stage delete none.
    type: int
    default: 10
author:
  - The codeless.apigateway maintainers (@codeless)
attributes:
  check_mode:
    description: Reads, and predicts what a run would change.
    support: full
  diff_mode:
    description:
      - Shows the deployment and each setting before and after. A deployment has its date and description beside its id
        where the deployments were read, as for a move to one that exists.
      - Of a move to a deployment that exists, it shows the routes before and after too.
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
- name: The stage serves what the API's draft holds
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

- name: Ask it
  ansible.builtin.uri:
    url: "{{ stage.invoke_url }}/orders"

- name: Back to what the stage served before
  codeless.apigateway.stage:
    api_name: orders
    name: prod
    deployment: previous

- name: On to what was tested
  codeless.apigateway.stage:
    api_name: orders
    name: prod
    promote_from: test

- name: The draft's content for every tenth request
  codeless.apigateway.stage:
    api_id: "{{ api.api_id }}"
    digest: "{{ api.digest }}"
    name: prod
    canary:
      percent_traffic: 10

- name: And then for all
  codeless.apigateway.stage:
    api_id: "{{ api.api_id }}"
    name: prod
    canary:
      state: promoted

- name: No such stage any more
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
  description: The deployment that the stage serves. In check mode, of one yet to be made, C((known after the run)).
  returned: when O(state=present)
  type: str
  sample: x7y8z9
digest:
  description: The digest of the content that the stage serves; empty where its deployment was made by other means.
  returned: when O(state=present)
  type: str
  sample: sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
previous_deployment_id:
  description: The deployment that the stage served before the task; empty where there was no stage.
  returned: when O(state=present)
  type: str
  sample: 9z8y7x
canary_deployment_id:
  description: The deployment that the stage's canary serves; empty where it has none.
  returned: when O(state=present)
  type: str
  sample: ""
rolled_back:
  description:
    - Whether the stage served another deployment before the task than the one that it was last deployed to, as after a
      roll back.
  returned: when O(state=present)
  type: bool
  sample: false
invoke_url:
  description: Where the stage answers.
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
    - What the stage was before the run, as options of M(codeless.apigateway.stage) that bring it back. Empty where
      there was no stage.
  returned: when O(state=present)
  type: dict
  sample: {"deployment": "9z8y7x", "variables": {}, "tracing_enabled": false, "method_settings": {}}
stages_elsewhere:
  description:
    - The names of the API's stages that serve other content than was asked for here, by themselves or by a canary. The
      stage itself is among them while its canary serves other content than it does.
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
  description: The API calls that changed something, or in check mode would.
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
