#!/usr/bin/python
# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The documentation of the action plugin outputs."""

from __future__ import annotations

DOCUMENTATION = r"""
module: outputs
version_added: 0.1.0
short_description: Publish the outputs of a deployment and write its report
description:
  - Sets the outputs of a deployment as a fact, publishes them as statistics for the next nodes of a workflow, and
    writes them to C(outputs.json) on the controller.
  - C(openapi.json) contains the deployed document, C(policy.json) the policy, and the directory C(templates) a file for
    each mapping template, for readers and code reviews.
  - The files are a report. The collection does not read them again, and writing them does not count as a change.
options:
  directory:
    description:
      - The directory for the files. It is created if it does not exist.
      - A relative path starts at the working directory of the run.
    type: path
    required: true
  state:
    description:
      - With V(absent) the files that this module has written are removed, and the directories that are then empty.
        Other files stay.
    type: str
    choices: [present, absent]
    default: present
  name:
    description: The name of the fact and of the statistic. Required if O(state=present).
    type: str
  outputs:
    description: The outputs. Required if O(state=present).
    type: dict
  definition:
    description:
      - The OpenAPI document, as M(codeless.apigateway.rest_api) returns it, or as JSON text. Required if
        O(state=present).
    type: raw
  policy:
    description: The policy, as M(codeless.apigateway.execution_role) returns it. Required if O(state=present).
    type: dict
author:
  - The codeless.apigateway maintainers (@codeless)
attributes:
  action:
    description: Runs on the controller.
    support: full
  check_mode:
    description: Sets the fact and no statistic, and writes and removes no file.
    support: full
  diff_mode:
    description: The module manages no resource, so there is no difference.
    support: none
"""

EXAMPLES = r"""
- name: Publish the outputs and write the report
  codeless.apigateway.outputs:
    directory: build/orders/prod
    name: orders_outputs
    outputs:
      invoke_url: "{{ stage.invoke_url }}"
      api_id: "{{ api.api_id }}"
    definition: "{{ api.definition }}"
    policy: "{{ role.policy }}"
"""

RETURN = r"""
directory:
  description: The directory with the files.
  returned: always
  type: str
  sample: /home/ops/orders/build/orders/prod
removed:
  description: The files that were removed, relative to the directory.
  returned: with O(state=absent)
  type: list
  elements: str
  sample: ["openapi.json", "policy.json", "outputs.json", "templates/get_id.request.vtl"]
"""
