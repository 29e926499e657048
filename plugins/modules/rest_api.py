#!/usr/bin/python
# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The module rest_api: a REST API of API Gateway, from one OpenAPI document."""

from __future__ import annotations

DOCUMENTATION = r"""
module: rest_api
version_added: 0.1.0
short_description: Manage a REST API of API Gateway from one OpenAPI document
description:
  - Brings a REST API of Amazon API Gateway to the state that an OpenAPI 3 or Swagger 2.0 document with
    C(x-amazon-apigateway-*) extensions describes.
  - A new API is one call (ImportRestApi), a changed one is one call (PutRestApi), whatever the number of its routes,
    and one that is as declared is only read.
  - The document decides all routes of the API. What it does not name of the API's settings (resource policy, binary
    media types, description and so on) is kept as it is on AWS, although the import itself would reset it. So are the
    gateway responses where the document has none.
  - Models, request validators and authorizers that the document does not declare are no reason for a change, since no
    route uses them. With the next change they go, as an import replaces all of them. The difference then names the
    validators and the authorizers, where the document declares others.
  - Examples are left out of what is imported, since API Gateway keeps none and refuses them in models.
  - Callers see nothing of a change until the API is deployed. See M(codeless.apigateway.stage).
options:
  state:
    description: Whether the API is there.
    type: str
    choices: [present, absent]
    default: present
  name:
    description:
      - The name of the API. It takes the place of C(info.title) in the document.
      - The API is found by this name. When several APIs have it, the task fails and lists their ids.
    type: str
  api_id:
    description: The id of the API, for an API whose name is to change, or shared with others.
    type: str
  definition:
    description:
      - The document, as a dictionary or as JSON text. It is OpenAPI 3, or Swagger 2.0, which is imported, compared
        and returned as the OpenAPI 3 document that gives the same API.
      - C(${AWS::Partition}), C(${AWS::Region}) and C(${AWS::AccountId}) in any text of it stand for those of the
        target, so that one document serves every Region and account.
      - Required when O(state=present).
    type: raw
  execution_role:
    description:
      - The ARN of the role that API Gateway assumes. It is set as C(credentials) on each integration of the type
        C(aws) that names none.
    type: str
  endpoint_type:
    description:
      - How callers reach the API.
      - A new API is V(REGIONAL) when the option is not given. One that exists keeps what it has.
    type: str
    choices: [REGIONAL, EDGE, PRIVATE]
  fail_on_warnings:
    description: Whether the import is undone when API Gateway warns of something in the document.
    type: bool
    default: true
author:
  - The codeless.apigateway maintainers (@codeless)
attributes:
  check_mode:
    description: Reads, and predicts what a run would change.
    support: full
  diff_mode:
    description: Shows each route, with its mapping templates as text, and each setting that differs.
    support: full
notes:
  - Identity is the name. A second API of the same name is never made.
  - What API Gateway adds of itself (ids, defaults, another order) does not count as a difference.
  - API Gateway deletes one REST API in 30 seconds per account. O(state=absent) waits for its turn.
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
- name: An API from a document of one's own
  codeless.apigateway.rest_api:
    name: orders
    definition: "{{ lookup('ansible.builtin.file', 'openapi.yml') | from_yaml }}"
    execution_role: arn:aws:iam::123456789012:role/orders
  register: api

- name: An API from a list of routes
  codeless.apigateway.rest_api:
    name: orders
    definition: "{{ lookup('codeless.apigateway.openapi', orders_api).definition }}"
    execution_role: "{{ role.arn }}"
    tags:
      team: shop

- name: No API any more
  codeless.apigateway.rest_api:
    name: orders
    state: absent
"""

RETURN = r"""
api_id:
  description: The id of the API. In check mode, of an API that is not there yet, C((known after the run)).
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
  description: The version that the document gives the API.
  returned: when O(state=present) and the document names one
  type: str
  sample: "1.0"
definition:
  description: The document for this target, with its examples.
  returned: when O(state=present)
  type: dict
tags:
  description: The tags of the API.
  returned: when O(state=present)
  type: dict
  sample: {"team": "shop"}
calls:
  description: The API calls that changed something, or in check mode would.
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
