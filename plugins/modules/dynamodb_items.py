#!/usr/bin/python
# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The module dynamodb_items: items that a DynamoDB table holds from the start."""

from __future__ import annotations

DOCUMENTATION = r"""
module: dynamodb_items
version_added: 0.1.0
short_description: Put items into a DynamoDB table, or delete them
description:
  - Creates the declared items in a DynamoDB table, or deletes them. Use it for data that belongs to a deployment, such
    as codes and settings, or a few examples.
  - Items are found by their key. Missing items are created. Existing items are live data, and are not changed unless
    O(items_mode=overwrite).
  - Other items of the table are neither read nor changed.
options:
  state:
    description: Whether the items exist. With V(absent) only the key of each item matters.
    type: str
    choices: [present, absent]
    default: present
  items_mode:
    description:
      - What happens to an item that exists and differs.
      - With V(create) it is not changed, and is returned in RV(kept_items). Missing items are written one by one, each
        on the condition that no item has its key, so a concurrent write of somebody else is not lost.
      - With V(overwrite) it is replaced as a whole, so attributes that are not declared are removed. The diff names
        each replaced item.
    type: str
    choices: [create, overwrite]
    default: create
  table:
    description: The name of the table.
    type: str
    required: true
  items:
    description:
      - The items, as plain mappings.
      - An attribute without a type in O(attributes) has the type of its value in YAML. Text is S, a number N, true and
        false are BOOL, null is NULL, a list is L and a mapping M.
      - Write binary values (B) as base64 text. Write a number with more digits than a float holds in quotes, with the
        type N in O(attributes).
    type: list
    elements: dict
    required: true
  attributes:
    description:
      - 'The types of attributes of the items, as V({name: S}) or V({name: {type: S}}).'
      - The types are S, N, B, BOOL, NULL, M, L, SS, NS and BS. Write a set as a list.
      - The module reads the types of keys from the table, unless O(hash_key) is set.
    type: dict
    default: {}
  hash_key:
    description:
      - The partition key of the table.
      - If it is set, the module does not read the keys of the table, which saves a call. Then set O(range_key) too if
        the table has one, and types in O(attributes) for keys whose type differs from that of their value in YAML.
    type: str
  range_key:
    description: The sort key of the table. Only used together with O(hash_key).
    type: str
author:
  - The codeless.apigateway maintainers (@codeless)
attributes:
  check_mode:
    description:
      - Reads, and predicts what a run would write. If the table does not exist, all items are new.
    support: full
  diff_mode:
    description: Shows each item that differs, before and after, as plain data.
    support: full
notes:
  - An interrupted run leaves some items written and others not; the next run writes the rest.
  - With O(items_mode=overwrite) and O(state=absent), items are written and deleted in batches of 25.
seealso:
  - module: codeless.apigateway.dynamodb_table
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - codeless.apigateway.retries
"""

EXAMPLES = r"""
- name: Create three orders
  codeless.apigateway.dynamodb_items:
    table: orders
    attributes:
      tags: SS
      total: N
    items:
      - customer: ada
        placed_at: "2026-11-01T09:30:00Z"
        total: 12.5
        tags: [gift, express]
        address: {city: London, floor: 2}
      - customer: ada
        placed_at: "2026-11-02T10:00:00Z"
        total: "0.1000000000000000055511151231257827"
      - customer: bob
        placed_at: "2026-11-02T11:15:00Z"
        paid: true

- name: Reset a setting in each run
  codeless.apigateway.dynamodb_items:
    table: settings
    items_mode: overwrite
    items:
      - {name: upload, limit: 10}

- name: Delete an order
  codeless.apigateway.dynamodb_items:
    table: orders
    state: absent
    items:
      - customer: bob
        placed_at: "2026-11-02T11:15:00Z"
"""

RETURN = r"""
table:
  description: The name of the table.
  returned: always
  type: str
  sample: orders
counts:
  description:
    - How many of the items were added, replaced, removed, or are as declared (C(unchanged)), and how many differ and
      were kept (C(kept)).
  returned: always
  type: dict
  sample: {"added": 2, "replaced": 0, "removed": 0, "unchanged": 0, "kept": 1}
kept_items:
  description: The keys of the items that exist and differ from the declared ones, and were not changed.
  returned: always
  type: list
  elements: str
  sample: ["customer=ada, placed_at=2026-11-01T09:30:00Z"]
calls:
  description: The API calls that changed something, or in check mode would.
  returned: always
  type: list
  elements: str
  sample: ["dynamodb:PutItem"]
"""

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.codeless.apigateway.plugins.module_utils._dynamodb.items import CREATE, ITEMS_MODE, planned
from ansible_collections.codeless.apigateway.plugins.module_utils._engine.resource import RETRIES, run_module

SPEC = {
    "argument_spec": {
        **RETRIES,
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        "items_mode": {**ITEMS_MODE, "default": CREATE},
        "table": {"type": "str", "required": True},
        "items": {"type": "list", "elements": "dict", "required": True},
        "attributes": {"type": "dict", "default": {}},
        "hash_key": {"type": "str", "no_log": False},  # names of attributes, no secrets
        "range_key": {"type": "str", "no_log": False},
    },
}


def main() -> None:
    """Wire the module to its resource."""
    run_module(AnsibleAWSModule(**SPEC, supports_check_mode=True), planned)


if __name__ == "__main__":
    main()
