#!/usr/bin/python
# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The module rest_api: a REST API of API Gateway from one OpenAPI document."""

from __future__ import annotations

DOCUMENTATION = r"""
module: rest_api
version_added: 0.1.0
short_description: Manage a REST API of API Gateway from one OpenAPI document
description:
  - Brings a REST API of Amazon API Gateway to the state that an OpenAPI 3 or Swagger 2.0 document with
    C(x-amazon-apigateway-*) extensions describes.
  - A new API takes one call (ImportRestApi), and a changed one too (PutRestApi), however many routes it has. An API in
    the desired state is only read.
  - The document defines all routes of the API. Settings that it does not declare (resource policy, binary media types,
    description and so on) stay as they are on AWS, although the import itself would reset them. So do the gateway
    responses if the document declares none.
  - Models, request validators and authorizers that the document does not declare do not cause a change, because no
    route uses them. The next change removes them, because an import replaces all of them; the diff lists them.
  - Examples are not imported, because API Gateway keeps none and rejects them in models.
  - Callers see a change only after a deployment. See M(codeless.apigateway.stage).
options:
  state:
    description: Whether the API exists.
    type: str
    choices: [present, absent]
    default: present
  name:
    description:
      - The name of the API. It replaces C(info.title) of the document.
      - The module finds the API by this name. If several APIs have the name, the task fails and lists their ids.
    type: str
  api_id:
    description: The id of the API, to rename an API or to choose one of several with the same name.
    type: str
  definition:
    description:
      - The document, as a dictionary or as JSON text. It is OpenAPI 3, or Swagger 2.0, which is imported, compared
        and returned as the OpenAPI 3 document of the same API.
      - C(${AWS::Partition}), C(${AWS::Region}) and C(${AWS::AccountId}) in any text of the document are replaced by
        those of the target, so that one document serves every Region and account.
      - Required when O(state=present).
    type: raw
  execution_role:
    description:
      - The ARN of the role that API Gateway assumes. It is set as C(credentials) of each integration of the type
        C(aws) that has none.
    type: str
  endpoint_type:
    description:
      - How callers reach the API.
      - Without this option, a new API is V(REGIONAL), and an existing one keeps its type.
    type: str
    choices: [REGIONAL, EDGE, PRIVATE]
  fail_on_warnings:
    description: Whether API Gateway undoes an import that causes warnings.
    type: bool
    default: true
author:
  - The codeless.apigateway maintainers (@codeless)
attributes:
  check_mode:
    description: Reads the current state and returns the changes that a run would make.
    support: full
  diff_mode:
    description: Shows each route, with its mapping templates as text, and each setting that differs.
    support: full
notes:
  - The name identifies the API. The module never creates a second API with the same name.
  - Ids, defaults and the order that API Gateway adds do not count as a difference.
  - API Gateway deletes one REST API every 30 seconds in an account. O(state=absent) waits if necessary.
seealso:
  - module: codeless.apigateway.stage
  - plugin: codeless.apigateway.openapi
    plugin_type: lookup
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - codeless.apigateway.tags
  - codeless.apigateway.adopt
  - amazon.aws.boto3
  - codeless.apigateway.retries
"""

EXAMPLES = r"""
- name: Create an API from an OpenAPI document
  codeless.apigateway.rest_api:
    name: orders
    definition: "{{ lookup('ansible.builtin.file', 'openapi.yml') | from_yaml }}"
    execution_role: arn:aws:iam::123456789012:role/orders
  register: api

- name: Create an API from a list of routes
  codeless.apigateway.rest_api:
    name: orders
    definition: "{{ lookup('codeless.apigateway.openapi', orders_api).definition }}"
    execution_role: "{{ role.arn }}"
    tags:
      team: shop

- name: Delete the API
  codeless.apigateway.rest_api:
    name: orders
    state: absent
"""

RETURN = r"""
api_id:
  description: The id of the API. In check mode, C((known after the run)) for a new one.
  returned: always
  type: str
  sample: a1b2c3d4e5
name:
  description: The name of the API.
  returned: always
  type: str
  sample: orders
arn:
  description: The ARN of the API.
  returned: when O(state=present)
  type: str
  sample: arn:aws:apigateway:eu-central-1::/restapis/a1b2c3d4e5
endpoint_type:
  description: How callers reach the API.
  returned: when O(state=present)
  type: str
  sample: REGIONAL
digest:
  description: The digest of the API's content, for the option O(codeless.apigateway.stage#module:digest).
  returned: when O(state=present)
  type: str
  sample: sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
version:
  description: The version of the API in the document.
  returned: when O(state=present) and the document has a version
  type: str
  sample: "1.0"
definition:
  description: The document for this target, with examples.
  returned: when O(state=present)
  type: dict
tags:
  description: The tags of the API.
  returned: when O(state=present)
  type: dict
  sample: {"team": "shop"}
calls:
  description: The API calls that changed something or, in check mode, would change something.
  returned: always
  type: list
  elements: str
  sample: ["apigateway:PutRestApi"]
"""

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.codeless.apigateway.plugins.module_utils._engine.resource import RETRIES, run_module
from ansible_collections.codeless.apigateway.plugins.module_utils._rest_api.resource import planned

SPEC = {
    "argument_spec": {
        **RETRIES,
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        "name": {"type": "str"},
        "api_id": {"type": "str"},
        "definition": {"type": "raw"},
        "execution_role": {"type": "str"},
        "endpoint_type": {"type": "str", "choices": ["REGIONAL", "EDGE", "PRIVATE"]},
        "fail_on_warnings": {"type": "bool", "default": True},
        "tags": {"type": "dict", "aliases": ["resource_tags"]},
        "adopt": {"type": "bool", "default": False},
        "purge_tags": {"type": "bool", "default": False},
    },
    "required_if": [("state", "present", ["definition"])],
    "required_one_of": [("name", "api_id")],
}


def main() -> None:
    """Wire the module to its resource."""
    run_module(AnsibleAWSModule(**SPEC, supports_check_mode=True), planned)


if __name__ == "__main__":
    main()
