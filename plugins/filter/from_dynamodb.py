# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The filter from_dynamodb: DynamoDB's typed JSON as a plain item."""

from __future__ import annotations

from typing import Any, Callable, Dict

from ansible.errors import AnsibleFilterError
from ansible_collections.codeless.apigateway.plugins.module_utils._dynamodb.typed_json import (
    WrongValueError,
    from_typed_item,
)

DOCUMENTATION = r"""
name: from_dynamodb
version_added: 0.1.0
short_description: Read an item in DynamoDB's typed JSON
description:
  - Converts a mapping of names and typed values, as the AWS CLI prints it, to a mapping of names and plain values.
  - A set becomes a sorted list, and binary remains base64 text. A number becomes an integer or a float, or text if a
    float cannot represent it exactly.
options:
  _input:
    description: The item in typed JSON.
    type: dict
    required: true
author:
  - The codeless.apigateway maintainers (@codeless)
seealso:
  - plugin: codeless.apigateway.to_dynamodb
    plugin_type: filter
"""

EXAMPLES = r"""
# {"customer": "ada", "total": 12.5}
- name: Show an order as plain data
  ansible.builtin.debug:
    msg: "{{ {'customer': {'S': 'ada'}, 'total': {'N': '12.50'}} | codeless.apigateway.from_dynamodb }}"

- name: Show all items of a scan as plain data
  ansible.builtin.debug:
    msg: "{{ (scan.stdout | from_json)['Items'] | map('codeless.apigateway.from_dynamodb') }}"
"""

RETURN = r"""
_value:
  description: The item as plain data.
  type: dict
"""


def from_dynamodb(item: Any) -> Dict[str, Any]:
    """Return the item as plain data. Raises `AnsibleFilterError` for input that is not an item in typed JSON."""
    try:
        return from_typed_item(item)
    except WrongValueError as error:
        raise AnsibleFilterError(f"from_dynamodb: {error}") from error


class FilterModule:
    """The filters of this file."""

    def filters(self) -> Dict[str, Callable[..., Any]]:
        """Return the filter by its name."""
        return {"from_dynamodb": from_dynamodb}
