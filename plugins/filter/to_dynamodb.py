# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The filter to_dynamodb: a plain item as DynamoDB's typed JSON."""

from __future__ import annotations

from typing import Any, Callable, Dict, List, Mapping, Optional

from ansible.errors import AnsibleFilterError
from ansible_collections.codeless.apigateway.plugins.module_utils._dynamodb.table_declared import declared_types
from ansible_collections.codeless.apigateway.plugins.module_utils._dynamodb.typed_json import TypedItem, to_typed_item

DOCUMENTATION = r"""
name: to_dynamodb
version_added: 0.1.0
short_description: Write an item as DynamoDB's typed JSON
description:
  - Converts a mapping of names and plain values to one of names and typed values, as the AWS CLI accepts it for an
    item, a key, or the values of an expression.
  - A type that is not in O(types) follows from the value. Text is S, a number N, true and false are BOOL, null is NULL,
    a list is L and a mapping M.
positional: types
options:
  _input:
    description: The item.
    type: dict
    required: true
  types:
    description:
      - 'The types of attributes, as V({name: S}) or V({name: {type: S}}).'
      - The types are S, N, B, BOOL, NULL, M, L, SS, NS and BS. Binary (B) is base64 text, a set is a list.
    type: dict
    default: {}
author:
  - The codeless.apigateway maintainers (@codeless)
seealso:
  - plugin: codeless.apigateway.from_dynamodb
    plugin_type: filter
"""

EXAMPLES = r"""
# {"customer": {"S": "ada"}, "total": {"N": "12.5"}, "tags": {"SS": ["express", "gift"]}}
- name: Show an order as an argument for the AWS CLI
  ansible.builtin.debug:
    msg: "{{ order | codeless.apigateway.to_dynamodb({'tags': 'SS'}) }}"
  vars:
    order:
      customer: ada
      total: 12.50
      tags: [gift, express]
"""

RETURN = r"""
_value:
  description: The item in typed JSON. Numbers are in decimal notation without trailing zeros, sets are sorted.
  type: dict
"""


def to_dynamodb(item: Any, types: Optional[Mapping[str, Any]] = None) -> TypedItem:
    """Return the item in typed JSON. Raises `AnsibleFilterError` with all values that cannot be converted."""
    if not isinstance(item, Mapping):
        raise AnsibleFilterError(f"to_dynamodb: the input is {type(item).__name__}; it must be a mapping.")
    errors: List[str] = []
    typed = to_typed_item(item, declared_types(types or {}, errors), errors, "")
    if errors:
        raise AnsibleFilterError("to_dynamodb: " + "; ".join(errors))
    return typed


class FilterModule:
    """The filters of this file."""

    def filters(self) -> Dict[str, Callable[..., Any]]:
        """Return the filter by its name."""
        return {"to_dynamodb": to_dynamodb}
