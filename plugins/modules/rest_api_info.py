#!/usr/bin/python
# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The module rest_api_info: an existing REST API of API Gateway with its OpenAPI document."""

from __future__ import annotations

DOCUMENTATION = r"""
module: rest_api_info
version_added: 0.1.0
short_description: Get information about a REST API of API Gateway
description:
  - Returns the settings and the stages of a REST API of Amazon API Gateway, and the OpenAPI 3 document of its draft,
    however the API was created.
  - O(codeless.apigateway.rest_api#module:definition) accepts the document, and changes nothing with it. So you can take
    over an API into M(codeless.apigateway.rest_api).
  - The document describes the draft, which can differ from what a stage serves.
options:
  name:
    description: The name of the API. All APIs with this name are returned.
    type: str
  api_id:
    description: The id of the API.
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
notes:
  - The document includes all mapping templates. If one of them has a secret, the document has it too.
seealso:
  - module: codeless.apigateway.rest_api
  - module: codeless.apigateway.route
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - codeless.apigateway.retries
"""

EXAMPLES = r"""
- name: Read an API that was created by hand
  codeless.apigateway.rest_api_info:
    name: orders
  register: found

- name: Write its document to a file
  ansible.builtin.copy:
    content: "{{ found.rest_apis[0].definition | codeless.apigateway.openapi_yaml }}"
    dest: orders.openapi.yml
    mode: "0644"

- name: Manage the API from the file
  codeless.apigateway.rest_api:
    name: orders
    definition: "{{ lookup('ansible.builtin.file', 'orders.openapi.yml') | from_yaml }}"
"""

RETURN = r"""
rest_apis:
  description: The API, or all APIs with the name; an empty list if there are none.
  returned: always
  type: list
  elements: dict
  contains:
    api_id:
      description: The id.
      type: str
      sample: a1b2c3d4e5
    name:
      description: The name.
      type: str
      sample: orders
    arn:
      description: The ARN.
      type: str
      sample: arn:aws:apigateway:eu-central-1::/restapis/a1b2c3d4e5
    endpoint_type:
      description: How callers reach the API.
      type: str
      sample: REGIONAL
    tags:
      description: The tags.
      type: dict
      sample: {"team": "shop"}
    settings:
      description: The settings of the API. The document has those that are not empty.
      type: dict
      sample:
        description: Orders of the shop
        version: "1.0"
        binary_media_types: []
        minimum_compression_size: null
        api_key_source: HEADER
        policy: null
        disable_execute_api_endpoint: false
        vpc_endpoint_ids: []
        security_policy: null
        endpoint_access_mode: null
    stages:
      description: The stages by their names.
      type: list
      elements: dict
      contains:
        name:
          description: The name.
          type: str
          sample: prod
        deployment_id:
          description: The deployment that the stage serves.
          type: str
          sample: d1e2p3
        invoke_url:
          description: Where the stage answers.
          type: str
          sample: https://a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com/prod
    definition:
      description: The OpenAPI 3 document of the draft, with C(x-amazon-apigateway-*) extensions.
      type: dict
    not_in_definition:
      description: >-
        The parts of the draft that a document cannot hold, a sentence each. An import of the document would remove
        them.
      type: list
      elements: str
      sample: []
"""

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.codeless.apigateway.plugins.module_utils._engine.resource import RETRIES, run_module
from ansible_collections.codeless.apigateway.plugins.module_utils._rest_api.info import planned

SPEC = {
    "argument_spec": {"name": {"type": "str"}, "api_id": {"type": "str"}, **RETRIES},
    "required_one_of": [("name", "api_id")],
    "mutually_exclusive": [("name", "api_id")],
}


def main() -> None:
    """Wire the module to its resource."""
    run_module(AnsibleAWSModule(**SPEC, supports_check_mode=True), planned)


if __name__ == "__main__":
    main()
