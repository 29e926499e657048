#!/usr/bin/python
# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The module dynamodb_table: a DynamoDB table, converged in place."""

from __future__ import annotations

DOCUMENTATION = r"""
module: dynamodb_table
version_added: 0.1.0
short_description: Manage a DynamoDB table
description:
  - Creates an Amazon DynamoDB table, and changes in place what can be changed.
  - An option that is not set is not managed, so an existing table keeps that setting.
  - A table is never replaced. A change that needs a new table is an error with what to do, before anything is changed.
    This applies to the keys of the table and their types, the keys and the projection of an index, and local indexes.
  - DynamoDB accepts one change of a table at a time. The module makes the changes one after the other and waits for
    each.
options:
  state:
    description:
      - Whether the table exists.
      - With V(absent) it is deleted. A table that holds items, or is protected against deletion, is not deleted, and
        the task fails. See O(force).
    type: str
    choices: [present, absent]
    default: present
  name:
    description: The name of the table, 3 to 255 letters, digits, underscores, hyphens and dots.
    type: str
    required: true
  hash_key:
    description: The attribute that is the partition key. Required with O(state=present).
    type: str
  range_key:
    description: The attribute that is the sort key. A table without the option has none.
    type: str
  attributes:
    description:
      - 'The types of attributes, as V({name: S}) or V({name: {type: S}}).'
      - The types are S, N, B, BOOL, NULL, M, L, SS, NS and BS. A key is S, N or B.
      - Each key attribute of the table and of its indexes must have a type. Other attributes may have one; they are not
        sent to DynamoDB.
    type: dict
    default: {}
  indexes:
    description:
      - All global secondary indexes of the table.
      - An index that does not exist is created. An existing index that is not declared stays, unless
        O(purge_indexes=true). If the option is not set, no index is changed.
      - An index cannot be changed. Give the changed index another name, which creates a new one. Delete the old one
        with O(purge_indexes=true) when nothing uses it any more.
      - In a table with O(billing_mode=PROVISIONED) a new index gets the capacity of the table. Later its capacity is
        not changed.
    type: list
    elements: dict
    suboptions:
      name:
        description: The name of the index.
        type: str
        required: true
      hash_key:
        description: The attribute that is the partition key of the index.
        type: str
        required: true
      range_key:
        description: The attribute that is the sort key of the index.
        type: str
      projection:
        description:
          - The attributes that the index holds beside its keys and those of the table.
          - 'V(ALL), V(KEYS_ONLY), or V({include: [...]}) with names of attributes.'
        type: raw
        default: ALL
  purge_indexes:
    description:
      - Whether global secondary indexes that are not in O(indexes) are deleted, after the new ones are created. With an
        empty list in O(indexes) all of them are deleted.
      - With V(false) they stay, and are returned as RV(kept_indexes). For a table with live traffic, first create
        what the new deployment needs, then deploy the stage, then delete what no stage needs any more.
    type: bool
    default: false
  local_indexes:
    description:
      - All local secondary indexes of the table. They share its hash key.
      - They are created with the table and cannot be changed later.
    type: list
    elements: dict
    suboptions:
      name:
        description: The name of the index.
        type: str
        required: true
      range_key:
        description: The attribute that is the sort key of the index.
        type: str
        required: true
      projection:
        description: As for O(indexes).
        type: raw
        default: ALL
  billing_mode:
    description:
      - Whether you pay for each request or for a provisioned capacity.
      - A new table is V(PAY_PER_REQUEST) if the option is not set.
    type: str
    choices: [PAY_PER_REQUEST, PROVISIONED]
  read_capacity:
    description:
      - The provisioned read capacity units. Needs O(billing_mode=PROVISIONED).
      - Required for a new table, and for a table that changes to V(PROVISIONED). If it is not set for any other table,
        the capacity is not changed, so that auto scaling can manage it.
    type: int
  write_capacity:
    description: The provisioned write capacity units. See O(read_capacity).
    type: int
  table_class:
    description: The storage class of the table. DynamoDB allows two changes in 30 days.
    type: str
    choices: [STANDARD, STANDARD_INFREQUENT_ACCESS]
  deletion_protection:
    description: Whether the table is protected against deletion.
    type: bool
  stream_view_type:
    description:
      - What the stream of the table contains of a changed item, or V(NONE) for no stream.
      - A stream cannot be changed. For another value the old stream ends and a new one, with another ARN, begins.
    type: str
    choices: [NONE, KEYS_ONLY, NEW_IMAGE, OLD_IMAGE, NEW_AND_OLD_IMAGES]
  ttl_attribute:
    description:
      - The attribute that holds the time, in seconds since 1970, after which DynamoDB deletes an item. An empty string
        disables it.
      - DynamoDB needs up to an hour for a change, and accepts no other one in the meantime. To use another attribute,
        deploy once with an empty string, and an hour later with the new attribute.
    type: str
  point_in_time_recovery:
    description: Whether the table can be restored to any second of the last days.
    type: bool
  recovery_period_in_days:
    description:
      - How many of the last days O(point_in_time_recovery=true) covers, 1 to 35. DynamoDB's default is 35.
    type: int
  encryption_key:
    description:
      - The key that encrypts the table at rest. DynamoDB accepts four changes in 24 hours.
      - V(AWS_OWNED) is DynamoDB's default. V(AWS_MANAGED) is the key that AWS manages in your account under the alias
        C(alias/aws/dynamodb). Any other value is a customer managed key of KMS, by its ARN, its id or its alias.
      - DynamoDB returns only the ARN of a key. So with V(AWS_MANAGED) and with an alias the module also calls KMS,
        which needs the permission C(kms:DescribeKey).
    type: str
  on_demand_throughput:
    description:
      - The maximum throughput of a table with O(billing_mode=PAY_PER_REQUEST), which limits its price. V(-1) is no
        maximum.
      - The maximum of an index is not changed.
    type: dict
    suboptions:
      max_read_request_units:
        description: Read request units a second.
        type: int
      max_write_request_units:
        description: Write request units a second.
        type: int
  warm_throughput:
    description:
      - The throughput that the table supports at once, at least, for an expected peak. Raising it costs money.
      - AWS raises it with the traffic, and it cannot be lowered. A table that has more is not changed.
      - The warm throughput of an index is not changed.
    type: dict
    suboptions:
      read_units_per_second:
        description: Read units a second.
        type: int
      write_units_per_second:
        description: Write units a second.
        type: int
  force:
    description:
      - Whether O(state=absent) deletes a table that holds items, with all of them. To check this, the
        module reads one item, which needs the permission C(dynamodb:Scan). With V(true) it does not check.
      - A table that is protected against deletion is never deleted. Remove the protection first.
    type: bool
    default: false
  wait:
    description:
      - Whether to wait until DynamoDB has finished the last change. The module always waits before another change.
    type: bool
    default: true
  wait_timeout:
    description:
      - The maximum seconds to wait for one change. An index on a large table can take hours.
    type: int
    default: 600
author:
  - The codeless.apigateway maintainers (@codeless)
attributes:
  check_mode:
    description: Reads, and predicts what a run would change, also for a table that does not exist.
    support: full
  diff_mode:
    description: Shows the table before and after, as options.
    support: full
seealso:
  - module: codeless.apigateway.dynamodb_items
  - module: codeless.apigateway.execution_role
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - codeless.apigateway.tags
  - codeless.apigateway.adopt
  - amazon.aws.boto3
  - codeless.apigateway.retries
"""

EXAMPLES = r"""
- name: Create the table of orders
  codeless.apigateway.dynamodb_table:
    name: orders
    hash_key: customer
    range_key: placed_at
    attributes:
      customer: S
      placed_at: S
      status: S
    indexes:
      - name: by_status
        hash_key: status
        range_key: placed_at
        projection:
          include: [customer, total]
    point_in_time_recovery: true
    deletion_protection: true
    tags:
      team: shop

- name: Create a table with a provisioned capacity, whose items expire
  codeless.apigateway.dynamodb_table:
    name: sessions
    hash_key: token
    attributes:
      token: S
      expires: N
    billing_mode: PROVISIONED
    read_capacity: 20
    write_capacity: 5
    ttl_attribute: expires

- name: Create a table with a customer managed key, a limited price and 14 days of recovery
  codeless.apigateway.dynamodb_table:
    name: invoices
    hash_key: id
    attributes:
      id: S
    encryption_key: alias/invoices
    on_demand_throughput:
      max_read_request_units: 2000
      max_write_request_units: 500
    point_in_time_recovery: true
    recovery_period_in_days: 14

- name: Delete the table if it is empty
  codeless.apigateway.dynamodb_table:
    name: sessions
    state: absent

- name: Delete the table with its items
  codeless.apigateway.dynamodb_table:
    name: sessions
    state: absent
    force: true
"""

RETURN = r"""
name:
  description: The name of the table.
  returned: always
  type: str
  sample: orders
kept_indexes:
  description: The global secondary indexes that the table has and that are not declared.
  returned: when O(state=present)
  type: list
  elements: str
  sample: []
arn:
  description: The ARN of the table. In check mode, for a new table, C((known after the run)).
  returned: always, but not with O(state=absent) if the table did not exist
  type: str
  sample: arn:aws:dynamodb:eu-central-1:123456789012:table/orders
status:
  description: The state of the table.
  returned: when O(state=present)
  type: str
  sample: ACTIVE
hash_key:
  description: The partition key.
  returned: when O(state=present)
  type: str
  sample: customer
range_key:
  description: The sort key.
  returned: when O(state=present) and the table has one
  type: str
  sample: placed_at
key_schema:
  description: The keys in DynamoDB's form.
  returned: when O(state=present)
  type: list
  elements: dict
  sample: [{"attribute_name": "customer", "key_type": "HASH"}, {"attribute_name": "placed_at", "key_type": "RANGE"}]
attributes:
  description: The types of all attributes that are a key of the table or of an index.
  returned: when O(state=present)
  type: dict
  sample: {"customer": "S", "placed_at": "S", "status": "S"}
indexes:
  description: The global secondary indexes, in the form of O(indexes).
  returned: when O(state=present)
  type: list
  elements: dict
  sample: [{"name": "by_status", "hash_key": "status", "range_key": "placed_at", "projection": "ALL"}]
local_indexes:
  description: The local secondary indexes, in the form of O(local_indexes) with their hash key.
  returned: when O(state=present)
  type: list
  elements: dict
  sample: []
billing_mode:
  description: The billing mode.
  returned: when O(state=present)
  type: str
  sample: PAY_PER_REQUEST
read_capacity:
  description: The provisioned read capacity units.
  returned: when O(state=present) and the table is V(PROVISIONED)
  type: int
  sample: 20
write_capacity:
  description: The provisioned write capacity units.
  returned: when O(state=present) and the table is V(PROVISIONED)
  type: int
  sample: 5
table_class:
  description: The storage class.
  returned: when O(state=present)
  type: str
  sample: STANDARD
deletion_protection:
  description: Whether the table is protected against deletion.
  returned: when O(state=present)
  type: bool
  sample: true
stream_view_type:
  description: What the stream contains, or V(NONE).
  returned: when O(state=present)
  type: str
  sample: NONE
ttl_attribute:
  description: The attribute with the time at which an item expires; empty if items do not expire.
  returned: when O(ttl_attribute) is given
  type: str
  sample: expires
point_in_time_recovery:
  description: Whether the table can be restored to a point in time.
  returned: when O(point_in_time_recovery) is given
  type: bool
  sample: true
recovery_period_in_days:
  description: How many days back.
  returned: when O(recovery_period_in_days) is given and recovery is on
  type: int
  sample: 14
encryption_key:
  description: V(AWS_OWNED), the ARN of the key, or the value of the option if that names the key.
  returned: when O(state=present)
  type: str
  sample: AWS_OWNED
on_demand_throughput:
  description: The maximums that the table has.
  returned: when O(state=present) and it has any
  type: dict
  sample: {"max_read_request_units": 2000, "max_write_request_units": 500}
warm_throughput:
  description: The declared parts of the warm throughput.
  returned: when O(warm_throughput) is given
  type: dict
  sample: {"read_units_per_second": 15000}
tags:
  description: The tags of the table.
  returned: when O(tags) is given
  type: dict
  sample: {"team": "shop"}
calls:
  description: The API calls that changed something, or in check mode would.
  returned: always
  type: list
  elements: str
  sample: ["dynamodb:CreateTable", "dynamodb:UpdateContinuousBackups"]
"""

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.codeless.apigateway.plugins.module_utils._dynamodb.table import planned
from ansible_collections.codeless.apigateway.plugins.module_utils._dynamodb.table_options import OPTIONS
from ansible_collections.codeless.apigateway.plugins.module_utils._engine.resource import RETRIES, run_module

SPEC = {"argument_spec": {**OPTIONS, **RETRIES}}


def main() -> None:
    """Wire the module to its resource."""
    run_module(AnsibleAWSModule(**SPEC, supports_check_mode=True), planned)


if __name__ == "__main__":
    main()
