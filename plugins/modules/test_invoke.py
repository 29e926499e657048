#!/usr/bin/python
# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The module test_invoke: requests to the draft of a REST API, before any stage serves it."""

from __future__ import annotations

DOCUMENTATION = r"""
module: test_invoke
version_added: 0.1.0
short_description: Send requests to the draft of a REST API and compare the answers
description:
  - Sends requests to the draft of a REST API of Amazon API Gateway with C(TestInvokeMethod), before any stage serves
    it, and fails unless all are answered as expected.
  - A failure tells all answers that were not as expected, what was expected, what came, and the lines of API Gateway's
    execution log that say why.
  - API Gateway runs the methods for real. A request to a route that writes does write to the table, and costs what
    requests cost.
  - Requests to routes with an authorizer or an API key are left out. They say what a caller gets, and
    C(TestInvokeMethod) asks nobody who calls. M(codeless.apigateway.verify) sends them to the stage.
  - The result is never C(changed), whatever the requests write.
options:
  api_id:
    description: The id of the REST API.
    type: str
  api_name:
    description:
      - The name of the REST API, in the place of O(api_id).
      - When several APIs have the name, the task fails and lists their ids.
    type: str
  stage_variables:
    description: The stage variables of the stage that the draft is for.
    type: dict
author:
  - The codeless.apigateway maintainers (@codeless)
attributes:
  check_mode:
    description: Sends nothing, and names the requests that a run would send.
    support: partial
    details: Whether the answers are as expected is known only once the requests are sent.
  diff_mode:
    description: There is nothing to show, as no resource is managed.
    support: none
seealso:
  - module: codeless.apigateway.verify
  - module: codeless.apigateway.rest_api
extends_documentation_fragment:
  - codeless.apigateway.requests
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - codeless.apigateway.retries
"""

EXAMPLES = r"""
- name: The draft answers before a stage is moved to it
  codeless.apigateway.test_invoke:
    api_id: "{{ api.api_id }}"
    requests: "{{ compiled.expectations }}"

- name: One request of one's own
  codeless.apigateway.test_invoke:
    api_name: orders
    requests:
      - {path: /customers/ann, resource: "/customers/{customer}", status: 200, answer: {name: Ann}}
    stage_variables:
      table: orders
"""

RETURN = r"""
asked:
  description: The requests that were sent, or in check mode would be.
  returned: success
  type: list
  elements: str
  sample: ["GET /customers/ann"]
left_out:
  description: The requests that were not sent, as a stage asks for an authorizer or an API key there.
  returned: success
  type: list
  elements: str
  sample: []
"""

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.codeless.apigateway.plugins.module_utils._engine.resource import RETRIES, run_module
from ansible_collections.codeless.apigateway.plugins.module_utils._expectations.expectation import secrets_of
from ansible_collections.codeless.apigateway.plugins.module_utils._expectations.of_draft import planned
from ansible_collections.codeless.apigateway.plugins.module_utils._expectations.send import SPEC as REQUESTS

SPEC = {
    "argument_spec": {
        **RETRIES,
        "api_id": {"type": "str"},
        "api_name": {"type": "str"},
        "stage_variables": {"type": "dict"},
        **REQUESTS,
    },
    "required_one_of": [("api_id", "api_name")],
    "mutually_exclusive": [("api_id", "api_name")],
}


def main() -> None:
    """Wire the module to what it does."""
    module = AnsibleAWSModule(**SPEC, supports_check_mode=True, no_log=True)  # the system's log has no use for headers
    run_module(module, planned, [text for one in module.params["requests"] for text in secrets_of(one)])


if __name__ == "__main__":
    main()
