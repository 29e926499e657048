# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The lookup `openapi`: the compiler, as Ansible calls it."""

from __future__ import annotations

DOCUMENTATION = r"""
name: openapi
author:
  - The codeless.apigateway maintainers (@codeless)
short_description: Compile tables and routes to an OpenAPI document
version_added: 0.1.0
description:
  - Compiles a description of DynamoDB tables and a list of routes to an OpenAPI 3.0.1 document with
    C(x-amazon-apigateway-*) extensions, and to the IAM policy that the routes need.
  - Does not call AWS. The same input gives the same result, byte for byte.
  - Partition, Region and account are the placeholders C(${AWS::Partition}), C(${AWS::Region}) and
    C(${AWS::AccountId}). M(codeless.apigateway.rest_api) and M(codeless.apigateway.execution_role) replace them.
  - Mapping templates of generated routes are rendered from the Jinja files of the role
    P(codeless.apigateway.service_proxy#role). A file of the same name in C(templates/vtl) next to the playbook
    replaces one of them.
  - Reports all errors in the input at once.
  - Checks mapping templates, including your own, for problems on API Gateway. A template that fails or can be abused
    is an error; a possible problem is a warning.
options:
  _terms:
    description:
      - One mapping for each API, with C(name) and C(routes), and optionally C(description), C(stage), C(tables),
        C(cors), C(authorizers), C(auth), C(api_key) and C(public).
        They are the variables of the role P(codeless.apigateway.service_proxy#role), without their prefix.
    type: list
    elements: dict
    required: true
"""

EXAMPLES = r"""
- name: Compile an API
  ansible.builtin.set_fact:
    compiled: "{{ lookup('codeless.apigateway.openapi', api) }}"
  vars:
    api:
      name: example
      tables:
        - name: example
          hash_key: id
          range_key: range
          attributes: {id: S, range: S}
      routes:
        - {route: "GET /{id}", action: Query}

- name: Import the document
  codeless.apigateway.rest_api:
    name: example
    definition: "{{ compiled.definition }}"
"""

RETURN = r"""
_raw:
  description: One mapping for each term.
  type: list
  elements: dict
  contains:
    definition:
      description: The OpenAPI document.
      type: dict
    policy:
      description: The IAM policy document, with only the actions, tables and indexes that the routes use.
      type: dict
    expectations:
      description:
        - The requests under C(expect) of the routes, in their order, with the expected responses.
        - They are not part of the OpenAPI document.
      type: list
      elements: dict
      contains:
        route:
          description: The route, as in the description.
          type: str
        name:
          description: The name of the expectation.
          type: str
        method:
          description: The method to send.
          type: str
        path:
          description: The path to send, percent-encoded, without the stage.
          type: str
        query:
          description: The query parameters, not yet encoded.
          type: dict
        headers:
          description: The headers.
          type: dict
        body:
          description: The body, any JSON.
          returned: when the route has one
          type: raw
        status:
          description: The expected status.
          type: int
        answer:
          description:
            - The expected JSON in the response. A mapping has to have these members, a list has to have the same length
              and elements, and any other value has to be equal.
          returned: when the route has one
          type: raw
        resource:
          description: The path of the route and of its API Gateway resource.
          type: str
"""

from collections.abc import Mapping
from typing import Any

from ansible.plugins.lookup import LookupBase
from ansible_collections.codeless.apigateway.plugins.plugin_utils._playbook.compilation import compiled


class LookupModule(LookupBase):  # type: ignore[misc]
    """Compiles each term."""

    def run(self, terms: list[Any], variables: Mapping[str, Any] | None = None, **kwargs: Any) -> list[Any]:
        """Return one mapping for each term. Raises `AnsibleError` with all errors, one a line."""
        self.set_options(var_options=variables, direct=kwargs)
        return [compiled(term, variables or {}) for term in terms]
