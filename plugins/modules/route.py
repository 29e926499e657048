#!/usr/bin/python
# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The module route: one route on a REST API that somebody else keeps."""

from __future__ import annotations

DOCUMENTATION = r"""
module: route
version_added: 0.1.0
short_description: Manage one route on a REST API that somebody else keeps
description:
  - Adds one route to the draft of a REST API of Amazon API Gateway that is kept by other means (Terraform,
    CloudFormation, the console, another team), changes it, or takes it away. Nothing else of the API is touched.
  - The route is an entry of O(codeless.apigateway.service_proxy#role:main:service_proxy_routes), which is compiled to
    mapping templates in front of DynamoDB, or an OpenAPI operation of your own.
  - It is one call (PutRestApi with the mode C(merge)), made only where the route differs.
  - Callers see nothing of it until the API is deployed, by whoever keeps it or with M(codeless.apigateway.stage). A
    deployment takes the whole draft, so what others have changed in it and not deployed goes live with the route.
options:
  state:
    description:
      - Whether the route is there.
      - With V(absent) its method is taken away, and with it the resources of its path that would be left without any
        method. Models and request validators stay, since nobody can tell whose they are; without a method that uses
        them they have no effect.
    type: str
    choices: [present, absent]
    default: present
  api_name:
    description: The name of the API. When several APIs have it, the task fails and lists their ids.
    type: str
  api_id:
    description: The id of the API.
    type: str
  route:
    description:
      - 'An entry of C(service_proxy_routes) as C(docs/routes.md) has it, such as V({route: "GET /orders/{id}", action:
        GetItem}), or a method and a path alone, as V(GET /orders/{id}).'
      - A path parameter must have the name that the API uses in its place.
    type: raw
    required: true
  tables:
    description:
      - The tables that the entry in O(route) speaks of, as in C(service_proxy_tables). They are not made here. See
        M(codeless.apigateway.dynamodb_table).
    type: list
    elements: dict
  cors:
    description:
      - What browsers of other origins may do, as in C(service_proxy_cors). The answers of the route then carry the
        headers. The preflight (OPTIONS) is another route, and the gateway responses are the API's; both are left alone.
    type: raw
    default: false
  operation:
    description:
      - The OpenAPI 3 operation with its C(x-amazon-apigateway-integration). Required where O(route) is a method and a
        path alone.
      - C(${AWS::Partition}), C(${AWS::Region}) and C(${AWS::AccountId}) in it stand for those of the target.
      - The models of answers are left out, since API Gateway does not check answers. The schema of the body becomes a
        model.
    type: dict
  schemas:
    description: Schemas by name that the body of O(operation) refers to. It can refer to models of the API, too.
    type: dict
  request_validators:
    description: The request validator that O(operation) names, by its name, where it is not one of the API's.
    type: dict
  execution_role:
    description:
      - The ARN of the role that API Gateway assumes. It is set as C(credentials) on an integration of the type C(aws)
        that names none.
      - 'What the route needs is the member C(policy) of the lookup P(codeless.apigateway.openapi#lookup).'
    type: str
  authorizer:
    description: The name of an authorizer of the API, which callers of the route then have to satisfy.
    type: str
  api_key_required:
    description: Whether callers need an API key.
    type: bool
    default: false
author:
  - The codeless.apigateway maintainers (@codeless)
attributes:
  check_mode:
    description: Reads, and predicts what a run would change.
    support: full
  diff_mode:
    description: Shows the route, with its mapping templates as text.
    support: full
notes:
  - On API Gateway itself, merging was not yet seen to work as documented; on the embedded AWS it was.
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
- name: A customer's orders, on the API that the web team keeps
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

- name: The stage serves it
  codeless.apigateway.stage:
    api_id: "{{ orders.api_id }}"
    digest: "{{ orders.digest }}"
    name: prod

- name: An operation of one's own
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

- name: No such route any more
  codeless.apigateway.route:
    api_name: shop
    route: GET /health
    state: absent
"""

RETURN = r"""
api_id:
  description: The id of the API.
  returned: where there is such an API
  type: str
  sample: a1b2c3d4e5
api_name:
  description: The name of the API.
  returned: where there is such an API
  type: str
  sample: shop
route:
  description: The method and the path.
  returned: always
  type: str
  sample: GET /customers/{customer}/orders
digest:
  description: The digest of the whole draft, for the option O(codeless.apigateway.stage#module:digest).
  returned: where there is such an API
  type: str
  sample: sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
calls:
  description: The API calls that changed something, or in check mode would.
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
