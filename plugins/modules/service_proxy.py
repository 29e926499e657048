#!/usr/bin/python
# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The module service_proxy: all that one API in front of DynamoDB needs, as one plan."""

from __future__ import annotations

DOCUMENTATION = r"""
module: service_proxy
version_added: 0.1.0
short_description: Deploy a REST API in front of DynamoDB, from its tables to its stage
description:
  - Brings the tables, their items, the execution role, the REST API and one stage of it to what is declared. The routes
    are compiled to an OpenAPI document with mapping templates, and to an IAM policy with just what they use.
  - Everything is read first, side by side, and compared. Mistakes in the declaration, and what cannot be changed in
    place, are all told before anything is changed.
  - What a deployment needs is made before it. Live traffic moves once, in the last call but for the tidying up. A run
    that is cut short leaves the stage as it was, and the next run finishes the work.
  - The role C(codeless.apigateway.service_proxy) calls this module, writes down what was deployed, and asks the stage.
  - M(codeless.apigateway.dynamodb_table), M(codeless.apigateway.dynamodb_items),
    M(codeless.apigateway.execution_role), M(codeless.apigateway.rest_api) and M(codeless.apigateway.stage) do the same
    for one resource each.
options:
  state:
    description:
      - With V(present) the API is deployed to the stage.
      - With V(absent) the stage is deleted, and with the last stage the REST API, the execution role and, if
        O(delete_tables=true), the tables. What other stages need stays. Of the other options only O(name), O(stage),
        O(role_name) and the names of O(tables) count.
      - Everything that prevents a deletion is reported before anything is deleted. If the API has stages, and O(stage)
        is none of them, the task fails.
    type: str
    choices: [present, absent]
    default: present
  delete_tables:
    description:
      - Whether O(state=absent) deletes the tables, with the last stage.
      - The task does not wait until DynamoDB has finished the deletion.
    type: bool
    default: false
  delete_items:
    description: Whether O(delete_tables=true) deletes tables that hold items.
    type: bool
    default: false
  expected_plan:
    description:
      - The RV(plan) that O(state=absent) returned in check mode. If what exists has changed since then, the task fails
        before it deletes anything.
    type: str
  name:
    description: The name of the REST API. It is found by this name on later runs.
    type: str
    required: true
  stage:
    description: The stage to deploy to, such as V(prod). It is part of the URL.
    type: str
    required: true
  description:
    description: What the API is for.
    type: str
    default: ""
  tables:
    description:
      - The tables behind the API, each with the options of M(codeless.apigateway.dynamodb_table).
      - Further, C(version_attribute) names an attribute that counts the changes of an item, for ETag and If-Match, and
        C(crud) is the path of an item, and stands for the five usual routes.
      - Tags are those of O(tags) where a table names none.
      - C(managed) is V(false) for a table that others manage. It is only read, and the task fails where it is missing
        or where its keys or a declared index differ. Items go into it only where it names its own C(items_mode).
      - O(tags), O(purge_tags), O(purge_indexes) and O(items_mode) hold for each table that does not name its own.
    type: list
    elements: dict
    required: true
  routes:
    description:
      - The routes. Each has C(route) (C(METHOD /path)) and C(action), and the words of its action.
      - C(docs/routes.md) is the reference.
    type: list
    elements: dict
    default: []
  items:
    description:
      - Items that the tables hold from the start, as a list of plain dictionaries by the table's name.
      - They are created where they are missing. See O(items_mode) for those that exist.
    type: dict
    default: {}
  items_mode:
    description:
      - What happens to an item of O(items) that exists in its table and differs. V(create) does not change it,
        V(overwrite) replaces it as a whole.
      - A table in O(tables) can name its own C(items_mode).
    type: str
    choices: [create, overwrite]
    default: create
  purge_indexes:
    description:
      - Whether global secondary indexes that a table has and its C(indexes) do not name are to be removed, once no
        stage and no kept deployment needs them. They are returned as RV(superfluous_indexes).
      - With V(false) they stay, and are returned as RV(kept_indexes).
      - A table in O(tables) can name its own C(purge_indexes).
    type: bool
    default: false
  cors:
    description:
      - What browsers of other origins may do. C(allow_origin), C(allow_headers) and C(max_age) are known.
      - V(false) leaves out all of it.
    type: raw
    default: {allow_origin: "*"}
  authorizer:
    description: Who callers are, to routes that read it. C(user_pools) lists ARNs of Amazon Cognito's user pools.
    type: dict
    default: {}
  api_id:
    description:
      - The id of the REST API, for an API whose name is to change, or that shares its name with others. It takes the
        name O(name).
      - The task fails where there is no such API. One that this collection did not create still needs O(adopt=true).
    type: str
  role_name:
    description:
      - The name of the IAM role that API Gateway assumes. The role is created and kept as declared.
      - C(${AWS::Region}) in it stands for the Region of the target.
      - Either this or O(role_arn) is required.
    type: str
  role_arn:
    description:
      - The ARN of an existing IAM role that API Gateway assumes. The role is used as it is. It is not read, changed or
        deleted, and no call is made to IAM, so the run needs C(iam:PassRole) alone.
      - What the role has to allow is returned as RV(policy). It has to trust C(apigateway.amazonaws.com).
      - C(${AWS::Partition}) and C(${AWS::AccountId}) in it stand for those of the target.
    type: str
  permissions_boundary:
    description: The ARN of a managed policy that bounds the execution role.
    type: str
  endpoint_type:
    description:
      - How callers reach the API. When it is not given, a new API is V(REGIONAL), and one that is there stays as it is.
    type: str
    choices: [REGIONAL, EDGE, PRIVATE]
  resource_policy:
    description:
      - Who may call the API, and from where, as an IAM policy document. A resource C(execute-api:/*) stands for every
        route of every stage.
      - When it is not given, the policy that the API has stays as it is. A private API needs one.
    type: dict
  fail_on_warnings:
    description: Whether the import is undone when API Gateway warns of something in the document.
    type: bool
    default: true
  stage_variables:
    description: The stage's variables. They are left alone when this is not given.
    type: dict
  method_settings:
    description: >-
      Throttling, logging, metrics and caching by route, or of all routes under V(*). See M(codeless.apigateway.stage).
    type: dict
  tracing_enabled:
    description: Whether AWS X-Ray traces requests. It is left alone when this is not given.
    type: bool
  canary:
    description:
      - Lets a canary of the stage serve what is declared, for a share of the requests, in the place of the stage.
      - The words are those of O(codeless.apigateway.stage#module:canary). That module promotes or aborts a canary.
    type: dict
    suboptions:
      state:
        description: Whether the canary is there. The two others are refused here.
        type: str
        choices: [present, promoted, aborted]
        default: present
      percent_traffic:
        description: The share of the requests that the canary takes, from 0 to 100.
        type: float
      stage_variable_overrides:
        description: Variables of the canary, beside the declared ones.
        type: dict
      use_stage_cache:
        description: Whether the canary uses the stage's cache.
        type: bool
  keep_deployments:
    description: How many deployments before the present one are kept.
    type: int
    default: 10
  report:
    description:
      - Has O(report.directory) and O(report.name) done with what M(codeless.apigateway.outputs) does, in this task.
      - Where RV(expectations) are to be asked of the stage, no report is written. Whoever asks the stage writes it with
        RV(outputs) then.
      - Whether the directory can be written is checked before the first call. A report that cannot be written after the
        deployment is a warning.
    type: dict
    suboptions:
      directory:
        description: The directory for the files, on the controller.
        type: path
        required: true
      name:
        description: The name of the fact and of the statistic.
        type: str
        required: true
  compiled:
    description:
      - What the routes compile to. The module's action plugin fills it in on the controller; a playbook leaves it out.
    type: json
author:
  - The codeless.apigateway maintainers (@codeless)
attributes:
  check_mode:
    description: Reads, and predicts what a run would change, also where nothing is there yet.
    support: full
  diff_mode:
    description: Shows each table, policy, route, template and setting that differs.
    support: full
seealso:
  - module: codeless.apigateway.rest_api
  - module: codeless.apigateway.stage
  - module: codeless.apigateway.verify
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - codeless.apigateway.tags
  - codeless.apigateway.adopt
  - amazon.aws.boto3
  - codeless.apigateway.retries
"""

EXAMPLES = r"""
- name: Orders of customers, by customer and time
  codeless.apigateway.service_proxy:
    name: orders
    stage: prod
    role_name: orders-dynamodb-${AWS::Region}
    tables:
      - name: orders
        hash_key: customer
        range_key: placed_at
        attributes: {customer: S, placed_at: S, total: N}
    routes:
      - {route: "GET /customers/{customer}/orders", action: Query, limit: 50}
      - {route: "GET /customers/{customer}/orders/{placed_at}", action: GetItem}
  register: orders

- name: Where it answers
  ansible.builtin.debug:
    var: orders.invoke_url

- name: Delete the stage, and with the last stage the API, its role and its table if that is empty
  codeless.apigateway.service_proxy:
    state: absent
    name: orders
    stage: prod
    role_name: orders-dynamodb-${AWS::Region}
    tables: [{name: orders}]
    delete_tables: true
"""

RETURN = r"""
invoke_url:
  description: Where the stage answers, without a slash at its end. In check mode, of an API yet to be made,
    C((known after the run)). With O(state=absent), where the stage answered until now; empty if there is none.
  returned: always
  type: str
  sample: https://a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com/prod
api_id:
  description: The id of the REST API.
  returned: with O(state=present)
  type: str
  sample: a1b2c3d4e5
stage:
  description: The name of the stage.
  returned: always
  type: str
  sample: prod
deployment_id:
  description: The id of the deployment that the stage serves.
  returned: with O(state=present)
  type: str
  sample: 1a2b3c
canary_deployment_id:
  description: The id of the deployment that the stage's canary serves; empty where it has none.
  returned: with O(state=present)
  type: str
  sample: ""
account_id:
  description: The account that the API is in.
  returned: always
  type: str
  sample: "123456789012"
region:
  description: The Region that the API is in.
  returned: always
  type: str
  sample: eu-central-1
kept:
  description: Items that exist and differ, and tags and indexes that are not declared. They stay as they are.
  returned: with O(state=present)
  type: list
  elements: str
  sample: ["item of orders: id=42", "tag owner of the REST API"]
previous_deployment_id:
  description: The id of the deployment that the stage served before the run; empty where there was no stage.
  returned: with O(state=present)
  type: str
  sample: 9z8y7x
previous:
  description:
    - What the stage was before the run, as options of M(codeless.apigateway.stage) that bring it back. Empty where
      there was no stage.
  returned: with O(state=present)
  type: dict
  sample: {"deployment": "9z8y7x", "variables": {}, "tracing_enabled": false, "method_settings": {}}
stages_elsewhere:
  description: The names of the API's other stages that serve other content than this one.
  returned: with O(state=present)
  type: list
  elements: str
  sample: []
shared_tables:
  description: The tables that other stages of the API serve from as well, as far as the role's policy shows it.
  returned: with O(state=present)
  type: dict
  contains:
    stages: {description: The other stages., type: list, elements: str}
    tables: {description: The tables., type: list, elements: str}
    certain: {description: Whether they serve from these tables alone., type: bool}
  sample: {"stages": ["test"], "tables": ["orders"], "certain": true}
table_names:
  description: The names of the tables.
  returned: with O(state=present)
  type: list
  elements: str
  sample: ["orders"]
role_arn:
  description: The ARN of the execution role.
  returned: with O(state=present)
  type: str
  sample: arn:aws:iam::123456789012:role/orders-dynamodb-eu-central-1
outputs:
  description: What a report tells of the deployment, from the values above.
  returned: with O(state=present)
  type: dict
  contains:
    invoke_url: {description: As RV(invoke_url)., type: str}
    api_id: {description: As RV(api_id)., type: str}
    stage: {description: As RV(stage)., type: str}
    deployment_id: {description: As RV(deployment_id)., type: str}
    table_names: {description: As RV(table_names)., type: list, elements: str}
    role_arn: {description: As RV(role_arn)., type: str}
definition:
  description: The OpenAPI document as it stands for this target, as JSON text.
  returned: with O(state=present)
  type: str
policy:
  description:
    - The policy of the execution role, as it stands for this target. With O(role_arn), what that role has to allow.
  returned: with O(state=present)
  type: dict
expectations:
  description:
    - What the routes say under C(expect), as M(codeless.apigateway.verify) takes it. Empty where the stage's URL
      answers nobody, because its endpoint is PRIVATE or disabled; a warning says so.
  returned: with O(state=present)
  type: list
  elements: dict
superfluous_indexes:
  description:
    - The indexes that are removed, or in check mode would be, by table. They are not declared, O(purge_indexes) asks
      for it, and no stage, canary or kept deployment needs them.
  returned: with O(state=present)
  type: dict
  sample: {"orders": ["by_old_status"]}
kept_indexes:
  description: The indexes that are not declared and not needed, and stay as O(purge_indexes) is not set, by table.
  returned: with O(state=present)
  type: dict
  sample: {"orders": ["by_customer"]}
needed_indexes:
  description: The indexes that are not declared and stay, because a deployment needs them, by table.
  returned: with O(state=present)
  type: dict
  sample: {"orders": ["by_date"]}
deletes:
  description: The resources that the task deletes, or in check mode would delete.
  returned: with O(state=absent)
  type: list
  elements: str
  sample: ["REST API orders (a1b2c3d4e5)", "role orders-dynamodb-eu-central-1"]
stays:
  description: The resources that exist and are not deleted, each with the reason.
  returned: with O(state=absent)
  type: list
  elements: str
  sample: ["table orders (about 12 items, deleted only if asked for)"]
remaining_stages:
  description: The names of the API's other stages.
  returned: with O(state=absent)
  type: list
  elements: str
  sample: []
plan:
  description: Identifies what is deleted, for O(expected_plan).
  returned: with O(state=absent)
  type: str
  sample: 3f1c9a0b27d4e658
changes:
  description: The same as RV(summary), as a list to read. Entries of a kind that need no line each share one.
  returned: always
  type: list
  elements: str
  sample: ["+ table orders", "~ route GET /{id}: response template 200", "- index by_status"]
summary:
  description: What was added, changed and removed, or in check mode would be, and what about it.
  returned: always
  type: dict
  sample: {"add": ["table orders"], "change": ["route GET /{id}: response template 200"], "remove": []}
calls:
  description: The API calls that changed something, or in check mode would.
  returned: always
  type: list
  elements: str
  sample: ["apigateway:PutRestApi", "apigateway:CreateDeployment", "apigateway:UpdateStage"]
"""

from typing import Any, Dict

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.codeless.apigateway.plugins.module_utils._dynamodb.items import CREATE, ITEMS_MODE
from ansible_collections.codeless.apigateway.plugins.module_utils._engine.resource import RETRIES, run_module
from ansible_collections.codeless.apigateway.plugins.module_utils._service_proxy.resource import planned
from ansible_collections.codeless.apigateway.plugins.module_utils._stage.options import CANARY

SPEC: Dict[str, Any] = {
    "argument_spec": {
        **RETRIES,
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        "delete_tables": {"type": "bool", "default": False},
        "delete_items": {"type": "bool", "default": False},
        "expected_plan": {"type": "str"},
        "name": {"type": "str", "required": True},
        "stage": {"type": "str", "required": True},
        "description": {"type": "str", "default": ""},
        "tables": {"type": "list", "elements": "dict", "required": True},
        "routes": {"type": "list", "elements": "dict", "default": []},
        "items": {"type": "dict", "default": {}},
        "items_mode": {**ITEMS_MODE, "default": CREATE},
        "purge_indexes": {"type": "bool", "default": False},
        "cors": {"type": "raw", "default": {"allow_origin": "*"}},
        "authorizer": {"type": "dict", "default": {}},
        "api_id": {"type": "str"},
        "role_name": {"type": "str"},
        "role_arn": {"type": "str"},
        "permissions_boundary": {"type": "str"},
        "endpoint_type": {"type": "str", "choices": ["REGIONAL", "EDGE", "PRIVATE"]},
        "resource_policy": {"type": "dict"},
        "fail_on_warnings": {"type": "bool", "default": True},
        "stage_variables": {"type": "dict"},
        "method_settings": {"type": "dict"},
        "tracing_enabled": {"type": "bool"},
        "canary": CANARY,
        "keep_deployments": {"type": "int", "default": 10},
        "report": {
            "type": "dict",
            "options": {
                "directory": {"type": "path", "required": True},
                "name": {"type": "str", "required": True},
            },
        },
        "compiled": {"type": "json"},
        "tags": {"type": "dict", "aliases": ["resource_tags"]},
        "adopt": {"type": "bool", "default": False},
        "purge_tags": {"type": "bool", "default": False},
    },
    "mutually_exclusive": [("role_name", "role_arn")],
    "required_one_of": [("role_name", "role_arn")],
}


def main() -> None:
    """Wire the module to its resource."""
    run_module(AnsibleAWSModule(**SPEC, supports_check_mode=True), planned)


if __name__ == "__main__":
    main()
