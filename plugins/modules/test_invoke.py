#!/usr/bin/python
# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The module test_invoke: requests to the draft of a REST API, before any stage serves it."""

from __future__ import annotations

DOCUMENTATION = r"""
module: test_invoke
version_added: 0.1.0
short_description: Send requests to the draft of a REST API and compare the responses
description:
  - Sends requests to the draft of a REST API of Amazon API Gateway with C(TestInvokeMethod), before a stage serves it,
    and fails unless all responses are as expected.
  - A failure lists all unexpected responses, each with the expected one and the lines of API Gateway's execution log
    that explain it.
  - API Gateway runs the methods with all their effects. A request to a route that writes does write to the table, and
    requests are charged.
  - Requests to routes with an authorizer or an API key are not sent, because C(TestInvokeMethod) does not
    authorize callers. M(codeless.apigateway.verify) sends them to the stage.
  - The result is never C(changed), whatever the requests write.
options:
  api_id:
    description: The id of the REST API.
    type: str
  api_name:
    description:
      - The name of the REST API, instead of O(api_id).
      - If several APIs have the name, the task fails and lists their ids.
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
    details: Whether the responses are as expected is known only after the requests are sent.
  diff_mode:
    description: The module manages no resource, so there is no difference.
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
- name: Test the draft before a stage serves it
  codeless.apigateway.test_invoke:
    api_id: "{{ api.api_id }}"
    requests: "{{ compiled.expectations }}"

- name: Send a custom request
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
  description: The requests that were not sent, because their routes have an authorizer or an API key.
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
    """Run the module."""
    module = AnsibleAWSModule(**SPEC, supports_check_mode=True, no_log=True)  # keep headers out of syslog
    run_module(module, planned, [text for one in module.params["requests"] for text in secrets_of(one)])


if __name__ == "__main__":
    main()
