#!/usr/bin/python
# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The module dynamodb_table_info: existing DynamoDB tables with their settings."""

from __future__ import annotations

DOCUMENTATION = r"""
module: dynamodb_table_info
version_added: 0.1.0
short_description: Get information about DynamoDB tables
description:
  - Returns Amazon DynamoDB tables, with their settings as options of M(codeless.apigateway.dynamodb_table). That module
    changes nothing with these options, so you can copy them to take over a table, or to create one like it.
  - A table that does not exist is not returned.
options:
  names:
    description: The names of the tables.
    type: list
    elements: str
    required: true
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
  - No item is read.
  - M(codeless.apigateway.dynamodb_table) cannot declare a key of several attributes. Their names are returned as one
    text, separated by commas.
seealso:
  - module: codeless.apigateway.dynamodb_table
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - codeless.apigateway.retries
"""

EXAMPLES = r"""
- name: Read two tables
  codeless.apigateway.dynamodb_table_info:
    names: [orders, customers]
  register: found

- name: Show how many items the first one has
  ansible.builtin.debug:
    msg: "{{ found.tables[0].item_count }}"

- name: Write the options of the first table to a file
  ansible.builtin.copy:
    content: "{{ found.tables[0].options | to_nice_yaml }}"
    dest: orders-table.yml
    mode: "0644"
"""

RETURN = r"""
tables:
  description: The tables that exist, in the order of O(names).
  returned: always
  type: list
  elements: dict
  contains:
    name:
      description: The name.
      type: str
      sample: orders
    arn:
      description: The ARN.
      type: str
      sample: arn:aws:dynamodb:eu-central-1:123456789012:table/orders
    status:
      description: The state.
      type: str
      sample: ACTIVE
    item_count:
      description: The number of items. DynamoDB updates it about every six hours.
      type: int
      sample: 1024
    size_bytes:
      description: The size of all items. DynamoDB updates it about every six hours.
      type: int
      sample: 65536
    mark:
      description: >-
        The value of the tag C(codeless.apigateway): the name of the API that the table was created for, or of the table
        itself. It begins with C(adopted) for an adopted table, and is empty if the table belongs to somebody else.
      type: str
      sample: orders
    created_by_collection:
      description: Whether this collection created the table. An adopted table was not.
      type: bool
      sample: true
    warm_throughput:
      description: >-
        The throughput that the table supports at once. It is not in the options, because another table with this
        throughput would cost money.
      type: dict
      sample: {"read_units_per_second": 12000, "write_units_per_second": 4000}
    options:
      description: >-
        The settings as options of M(codeless.apigateway.dynamodb_table). Without the time to live, the recovery and the
        tags while AWS creates or deletes the table.
      type: dict
      sample:
        name: orders
        hash_key: id
        attributes: {"id": "S"}
        indexes: []
        local_indexes: []
        billing_mode: PAY_PER_REQUEST
        table_class: STANDARD
        deletion_protection: false
        stream_view_type: NONE
        ttl_attribute: ""
        point_in_time_recovery: true
        recovery_period_in_days: 35
        encryption_key: AWS_OWNED
        tags: {"team": "shop"}
"""

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.codeless.apigateway.plugins.module_utils._dynamodb.info import planned
from ansible_collections.codeless.apigateway.plugins.module_utils._engine.resource import RETRIES, run_module

SPEC = {"argument_spec": {**RETRIES, "names": {"type": "list", "elements": "str", "required": True}}}


def main() -> None:
    """Wire the module to its resource."""
    run_module(AnsibleAWSModule(**SPEC, supports_check_mode=True), planned)


if __name__ == "__main__":
    main()
