#!/usr/bin/python
# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The module route: one route on a REST API that others manage."""

from __future__ import annotations

DOCUMENTATION = r"""
module: route
version_added: 0.1.0
short_description: Manage one route on a REST API that others manage
description:
  - Adds, changes or removes one route in the draft of a REST API of Amazon API Gateway that is managed by other means
    (Terraform, CloudFormation, the console, another team). The rest of the API is not changed.
  - The route is an entry of O(codeless.apigateway.service_proxy#role:main:service_proxy_routes), which is compiled to
    mapping templates in front of DynamoDB, or a custom OpenAPI operation.
  - A route that differs takes one call (PutRestApi with the mode C(merge)).
  - Callers see the route only after a deployment of the API, by its owner or with M(codeless.apigateway.stage). A
    deployment includes the whole draft, so changes of others that are not deployed yet go live with the route.
options:
  state:
    description:
      - Whether the route exists.
      - With V(absent), the method is deleted, and with it the resources of its path that would be left without any
        method. Models and request validators stay, because their owner is unknown. Without a method that uses them,
        they have no effect.
    type: str
    choices: [present, absent]
    default: present
  api_name:
    description: The name of the API. If several APIs have the name, the task fails and lists their ids.
    type: str
  api_id:
    description: The id of the API.
    type: str
  route:
    description:
      - 'An entry of C(service_proxy_routes), described in C(docs/routes.md), such as V({route: "GET /orders/{id}",
        action: GetItem}), or only a method and a path, such as V(GET /orders/{id}).'
      - A path parameter must have the name that the API uses in its place.
    type: raw
    required: true
  tables:
    description:
      - The tables that the entry in O(route) names, as in C(service_proxy_tables). This module does not create them.
        See M(codeless.apigateway.dynamodb_table).
    type: list
    elements: dict
  cors:
    description:
      - What browsers may do from other origins, as in C(service_proxy_cors). The responses of the route have the
        headers. The preflight (OPTIONS) is another route, and the gateway responses belong to the API; neither is
        changed.
    type: raw
    default: false
  operation:
    description:
      - The OpenAPI 3 operation with its C(x-amazon-apigateway-integration). Required if O(route) is only a method and a
        path.
      - C(${AWS::Partition}), C(${AWS::Region}) and C(${AWS::AccountId}) in the operation are replaced by those of the
        target.
      - Models of responses are not imported, because API Gateway does not validate responses. The schema of the body
        becomes a model.
    type: dict
  schemas:
    description: Schemas by name to which the body of O(operation) refers. The body can also refer to models of the API.
    type: dict
  request_validators:
    description: The request validator that O(operation) names, by its name, if the API does not have it.
    type: dict
  execution_role:
    description:
      - The ARN of the role that API Gateway assumes. It is set as C(credentials) of an integration of the type C(aws)
        that has none.
      - 'The lookup P(codeless.apigateway.openapi#lookup) returns the permissions that the route needs as C(policy).'
    type: str
  authorizer:
    description: The name of the authorizer of the API that authorizes requests to the route.
    type: str
  api_key_required:
    description: Whether callers need an API key.
    type: bool
    default: false
author:
  - The codeless.apigateway maintainers (@codeless)
attributes:
  check_mode:
    description: Reads the current state and returns the changes that a run would make.
    support: full
  diff_mode:
    description: Shows the route, with its mapping templates as text.
    support: full
notes:
  - Merging was tested on the local AWS only, not on API Gateway itself.
seealso:
  - module: codeless.apigateway.execution_role
  - module: codeless.apigateway.rest_api_info
  - module: codeless.apigateway.stage
  - plugin: codeless.apigateway.openapi
    plugin_type: lookup
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - codeless.apigateway.retries
"""

EXAMPLES = r"""
- name: Add a route to an API that the web team manages
  codeless.apigateway.route:
    api_name: shop
    route: {route: "GET /customers/{customer}/orders", action: Query, limit: 50}
    tables:
      - name: orders
        hash_key: customer
        range_key: placed_at
        attributes: {customer: S, placed_at: S, total: N}
    execution_role: arn:aws:iam::123456789012:role/orders
    authorizer: customers
  register: orders

- name: Deploy the API
  codeless.apigateway.stage:
    api_id: "{{ orders.api_id }}"
    digest: "{{ orders.digest }}"
    name: prod

- name: Add a route with a custom operation
  codeless.apigateway.route:
    api_name: shop
    route: GET /health
    operation:
      responses:
        "200": {description: It answers.}
      x-amazon-apigateway-integration:
        type: mock
        requestTemplates: {application/json: '{"statusCode": 200}'}
        responses:
          default: {statusCode: "200"}

- name: Remove the route
  codeless.apigateway.route:
    api_name: shop
    route: GET /health
    state: absent
"""

RETURN = r"""
api_id:
  description: The id of the API.
  returned: when the API exists
  type: str
  sample: a1b2c3d4e5
api_name:
  description: The name of the API.
  returned: when the API exists
  type: str
  sample: shop
route:
  description: The method and the path.
  returned: always
  type: str
  sample: GET /customers/{customer}/orders
digest:
  description: The digest of the whole draft, for the option O(codeless.apigateway.stage#module:digest).
  returned: when the API exists
  type: str
  sample: sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
calls:
  description: The API calls that changed something or, in check mode, would change something.
  returned: always
  type: list
  elements: str
  sample: ["apigateway:PutRestApi"]
"""

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.codeless.apigateway.plugins.module_utils._engine.resource import RETRIES, run_module
from ansible_collections.codeless.apigateway.plugins.module_utils._route.resource import planned

SPEC = {
    "argument_spec": {
        **RETRIES,
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        "api_name": {"type": "str"},
        "api_id": {"type": "str"},
        "route": {"type": "raw", "required": True},
        "tables": {"type": "list", "elements": "dict"},
        "cors": {"type": "raw", "default": False},
        "operation": {"type": "dict"},
        "schemas": {"type": "dict"},
        "request_validators": {"type": "dict"},
        "execution_role": {"type": "str"},
        "authorizer": {"type": "str"},
        "api_key_required": {"type": "bool", "default": False, "no_log": False},
    },
    "required_one_of": [("api_name", "api_id")],
    "mutually_exclusive": [("api_name", "api_id")],
    "required_if": [("state", "present", ["operation"])],
}


def main() -> None:
    """Wire the module to its resource."""
    run_module(AnsibleAWSModule(**SPEC, supports_check_mode=True), planned)


if __name__ == "__main__":
    main()
