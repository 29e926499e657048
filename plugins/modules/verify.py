#!/usr/bin/python
# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The module verify: requests to a stage over HTTP."""

from __future__ import annotations

DOCUMENTATION = r"""
module: verify
version_added: 0.1.0
short_description: Send requests to a stage of an API and compare the responses
description:
  - Sends requests over HTTP to the URL of a stage, as its callers do, and fails unless all responses are as expected.
  - A failure lists all unexpected responses, each with the expected one.
  - Requests to routes that write do write. The result is never C(changed), whatever they write.
  - After a deployment a stage can respond as before for some seconds. Responses that are as expected before and after
    it do not show which deployment they came from.
options:
  invoke_url:
    description: The URL of the stage, as M(codeless.apigateway.stage) returns it.
    type: str
    required: true
  timeout:
    description: How many seconds to wait for a response.
    type: float
    default: 30.0
  validate_certs:
    description: Whether the certificate of the server is checked. V(false) is for test servers only.
    type: bool
    default: true
  ca_path:
    description: A file with the certificates of the authorities to trust, in PEM. The default is that of the system.
    type: path
  unreachable:
    description:
      - What happens if no request gets a response at all, because the host name is unknown, no connection can be made
        or the time is over. V(fail) fails; V(warn) warns, and returns an empty RV(asked).
    type: str
    choices: [fail, warn]
    default: fail
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
  - module: codeless.apigateway.test_invoke
  - module: codeless.apigateway.stage
extends_documentation_fragment:
  - codeless.apigateway.requests
"""

EXAMPLES = r"""
- name: Verify that the stage responds as its routes expect
  codeless.apigateway.verify:
    invoke_url: "{{ stage.invoke_url }}"
    requests: "{{ compiled.expectations }}"

- name: Verify that a custom domain accepts a token and rejects requests without one
  codeless.apigateway.verify:
    invoke_url: https://api.example.com/orders
    requests:
      - path: /customers/ann
        headers: {Authorization: "Bearer {{ token }}"}
        status: 200
        answer: {name: Ann}
      - {path: /customers/ann, status: 401}
"""

RETURN = r"""
asked:
  description: The requests that were sent, or in check mode would be.
  returned: success
  type: list
  elements: str
  sample: ["GET /customers/ann"]
"""

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.codeless.apigateway.plugins.module_utils._engine.errors import AwsError
from ansible_collections.codeless.apigateway.plugins.module_utils._expectations.expectation import secrets_of
from ansible_collections.codeless.apigateway.plugins.module_utils._expectations.over_http import TIMEOUT, verify
from ansible_collections.codeless.apigateway.plugins.module_utils._expectations.send import SPEC as REQUESTS

SPEC = {
    "argument_spec": {
        "invoke_url": {"type": "str", "required": True},
        "timeout": {"type": "float", "default": TIMEOUT},
        "validate_certs": {"type": "bool", "default": True},
        "ca_path": {"type": "path"},
        "unreachable": {"type": "str", "choices": ["fail", "warn"], "default": "fail"},
        **REQUESTS,
    },
}


def main() -> None:
    """Run the module."""
    module = AnsibleModule(**SPEC, supports_check_mode=True, no_log=True)  # keep headers out of syslog
    module.no_log_values.update(text for one in module.params["requests"] for text in secrets_of(one))
    try:
        result = verify(module.params, module.check_mode)
    except AwsError as error:
        module.fail_json(msg=error.message)
    for warning in result.pop("warnings", []):
        module.warn(warning)
    module.exit_json(**result)


if __name__ == "__main__":
    main()
