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
  - Makes one OpenAPI 3.0.1 document with C(x-amazon-apigateway-*) extensions from a description of DynamoDB tables and
    a list of routes, and the IAM policy that the routes need.
  - Calls nobody, and has the same result for the same input, byte for byte.
  - Where a partition, a Region or an account is needed, the result has the placeholders C(${AWS::Partition}),
    C(${AWS::Region}) and C(${AWS::AccountId}). M(codeless.apigateway.rest_api) and
    M(codeless.apigateway.execution_role) fill them in.
  - Mapping templates of generated routes come from the Jinja files of the role
    P(codeless.apigateway.service_proxy#role). A file of the same name in C(templates/vtl) beside the playbook is
    taken instead.
  - All mistakes in the input are told at once.
  - Mapping templates, your own too, are read for what goes wrong on API Gateway. What fails or can be abused is a
    mistake; what may go wrong is a warning.
options:
  _terms:
    description:
      - One mapping for each API, with the members C(name) and C(routes), and optionally C(description), C(stage),
        C(tables), C(cors) and C(authorizer).
        They are the variables of the role P(codeless.apigateway.service_proxy#role), without
        their prefix.
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

- name: Import it
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
      description: The IAM policy document, with just what the routes use of actions, tables and indexes.
      type: dict
    expectations:
      description:
        - What the routes say under C(expect), in their order, as requests to send and answers to compare.
        - None of it is in the OpenAPI document.
      type: list
      elements: dict
      contains:
        route:
          description: The route, as it is written.
          type: str
        name:
          description: What is expected, for a reader.
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
          returned: when the route gives one
          type: raw
        status:
          description: The status that the answer has to have.
          type: int
        answer:
          description:
            - What has to be in the JSON of the answer. Of a mapping these members, a list as long and element by
              element, any other value the same.
          returned: when the route gives one
          type: raw
        resource:
          description: The path of the route, which is that of its API Gateway resource.
          type: str
"""

from collections.abc import Mapping
from typing import Any

from ansible.plugins.lookup import LookupBase
from ansible_collections.codeless.apigateway.plugins.plugin_utils._playbook.compilation import compiled


class LookupModule(LookupBase):  # type: ignore[misc]
    """Compiles each term."""

    def run(self, terms: list[Any], variables: Mapping[str, Any] | None = None, **kwargs: Any) -> list[Any]:
        """One mapping for each term. Raises `AnsibleError` with all mistakes, one a line."""
        self.set_options(var_options=variables, direct=kwargs)
        return [compiled(term, variables or {}) for term in terms]
