#!/usr/bin/python
# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The module service_proxy: everything that one API in front of DynamoDB needs, as one plan."""

from __future__ import annotations

DOCUMENTATION = r"""
module: service_proxy
version_added: 0.1.0
short_description: Deploy a REST API in front of DynamoDB, from its tables to its stage
description:
  - Brings the tables, their items, the execution role, the REST API and one of its stages to their desired state. The
    routes are compiled to an OpenAPI document with mapping templates, and to an IAM policy with only the permissions
    that they need.
  - Everything is read in parallel and compared first. All errors in the options, and everything that cannot be changed
    in place, are reported before the first change.
  - What a deployment needs is created before it. The stage switches to it in one call, followed only by deletions. An
    interrupted run leaves the stage as it was, and the next run finishes the work.
  - The role C(codeless.apigateway.service_proxy) calls this module, writes a report, and verifies the stage.
  - M(codeless.apigateway.dynamodb_table), M(codeless.apigateway.dynamodb_items),
    M(codeless.apigateway.execution_role), M(codeless.apigateway.rest_api) and M(codeless.apigateway.stage) manage
    one resource each.
options:
  state:
    description:
      - With V(present) the API is deployed to the stage.
      - With V(absent) the stage is deleted, and with the last stage the REST API, the execution role and, if
        O(delete_tables=true), the tables. What other stages need stays. Of the other options only O(name), O(stage),
        O(role_name) and the names of O(tables) are used.
      - A role or a table that this collection did not create for the API O(name) stays, and is returned in RV(stays)
        with the reason.
      - Everything that prevents a deletion is reported before anything is deleted. If the API has stages, but
        not O(stage), the task fails.
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
      - The RV(plan) that O(state=absent) returned in check mode. If the resources have changed since then, the task
        fails before it deletes anything.
    type: str
  name:
    description: The name of the REST API. Later runs find the API by this name.
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
      - C(version_attribute) names an attribute that counts the changes of an item, for ETag and If-Match. C(crud) is
        the path of an item, and declares the five usual routes.
      - A table without tags has those of O(tags).
      - C(managed) is V(false) for a table that others manage. It is only read, and the task fails if it is missing or
        if its keys or a declared index differ. Items are written into it only if it has an explicit C(items_mode).
      - O(tags), O(purge_tags), O(purge_indexes) and O(items_mode) are the defaults of each table.
    type: list
    elements: dict
    required: true
  routes:
    description:
      - The routes. Each has C(route) (C(METHOD /path)) and C(action), and the options of its action.
      - C(docs/routes.md) is the reference.
    type: list
    elements: dict
    default: []
  items:
    description:
      - Items of the tables, as a list of dictionaries by the table's name.
      - Missing items are created. See O(items_mode) for existing ones.
    type: dict
    default: {}
  items_mode:
    description:
      - What happens to an existing item that differs from O(items). V(create) does not change it,
        V(overwrite) replaces it as a whole.
      - A table in O(tables) can name its own C(items_mode).
    type: str
    choices: [create, overwrite]
    default: create
  purge_indexes:
    description:
      - Whether global secondary indexes that are not in the C(indexes) of their table are deleted, when no stage and no
        kept deployment needs them. They are returned as RV(superfluous_indexes).
      - With V(false) they stay, and are returned as RV(kept_indexes).
      - A table in O(tables) can name its own C(purge_indexes).
    type: bool
    default: false
  cors:
    description:
      - The access of browsers from other origins, with C(allow_origin), C(allow_headers) and C(max_age).
      - V(false) disables CORS.
    type: raw
    default: {allow_origin: "*"}
  authorizers:
    description:
      - The authorizers of the API, by the names that O(auth) and the routes use.
      - C(user_pools) lists ARNs of Amazon Cognito user pools. C(lambda) is the ARN of a Lambda function. See
        U(https://github.com/codeless/apigateway/blob/main/docs/routes.md).
    type: dict
    default: {}
  auth:
    description:
      - What routes without C(auth) require of their callers, which is the name of one of the O(authorizers), C(iam) or
        C(none).
      - A mapping of one name to a list of scopes also requires one of the scopes of an access token.
    type: raw
    default: none
  api_key:
    description: Whether routes without C(api_key) require an API key.
    type: bool
    default: false
  public:
    description:
      - Whether routes without C(auth) and C(api_key) are meant for everybody. This only disables the warning about
        routes that write for everybody.
    type: bool
    default: false
  api_id:
    description:
      - The id of the REST API, to rename it to O(name), or to choose between several APIs with that name.
      - The task fails if the API does not exist. An API that this collection did not create also needs O(adopt=true).
    type: str
  role_name:
    description:
      - The name of the IAM role that API Gateway assumes. The role is created and kept as declared.
      - C(${AWS::Region}) in it is replaced by the Region.
      - Either this or O(role_arn) is required.
    type: str
  role_arn:
    description:
      - The ARN of an existing IAM role that API Gateway assumes. The role is used as it is. It is not read, changed or
        deleted, and no call is made to IAM, so the run needs only C(iam:PassRole).
      - The policy that the role needs is returned as RV(policy). The role must trust C(apigateway.amazonaws.com).
      - C(${AWS::Partition}) and C(${AWS::AccountId}) in it are replaced.
    type: str
  permissions_boundary:
    description: The ARN of a managed policy that is the permissions boundary of the execution role.
    type: str
  endpoint_type:
    description:
      - How callers reach the API. If it is not set, a new API is V(REGIONAL), and an existing one is not changed.
    type: str
    choices: [REGIONAL, EDGE, PRIVATE]
  resource_policy:
    description:
      - Who may call the API, and from where, as an IAM policy document. A resource C(execute-api:/*) means every
        route of every stage.
      - If it is not set, the policy of the API is not changed. A private API needs one.
    type: dict
  fail_on_warnings:
    description: Whether API Gateway rejects a document for which it has warnings.
    type: bool
    default: true
  stage_variables:
    description: The stage's variables. If it is not set, they are not changed.
    type: dict
  method_settings:
    description: >-
      Throttling, logging, metrics and caching by route, or of all routes under V(*). See M(codeless.apigateway.stage).
    type: dict
  tracing_enabled:
    description: Whether AWS X-Ray traces requests. If it is not set, it is not changed.
    type: bool
  log_role_arn:
    description:
      - The ARN of the role with which API Gateway writes the logs of all stages of the account in the Region. It may
        contain the pseudo parameters V(${AWS::AccountId}), V(${AWS::Partition}) and V(${AWS::Region}).
      - It is set for the account before the stage is updated, if O(method_settings) enables logs that the stage does
        not have and the account has no such role. An existing role is never changed. See
        M(codeless.apigateway.account).
      - The role must exist. It needs the permissions of the managed policy
        C(service-role/AmazonAPIGatewayPushToCloudWatchLogs). Deleting the API does not change the account.
    type: str
  canary:
    description:
      - Deploys to a canary of the stage, which serves a share of the requests, and not to the stage itself.
      - The options are those of O(codeless.apigateway.stage#module:canary). That module promotes or aborts a canary.
    type: dict
    suboptions:
      state:
        description: Whether the canary exists. This module rejects the other two values.
        type: str
        choices: [present, promoted, aborted]
        default: present
      percent_traffic:
        description: The percentage of the requests that the canary serves, from 0 to 100.
        type: float
      stage_variable_overrides:
        description: Variables of the canary, beside the declared ones.
        type: dict
      use_stage_cache:
        description: Whether the canary uses the stage's cache.
        type: bool
  keep_deployments:
    description: How many deployments before the current one are kept.
    type: int
    default: 10
  report:
    description:
      - Publishes the outputs and writes the report in this task, as M(codeless.apigateway.outputs) does.
      - No report is written if RV(expectations) are returned. Verify the stage with them first, and then write the
        report with RV(outputs).
      - The task fails before the first call if the directory cannot be written. A report that cannot be written after
        the deployment is a warning.
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
      - What the routes compile to. The module's action plugin sets it on the controller; do not set it in a playbook.
    type: json
author:
  - The codeless.apigateway maintainers (@codeless)
attributes:
  check_mode:
    description: Reads, and predicts what a run would change, also for resources that do not exist.
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
- name: Deploy an API for orders by customer and time
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

- name: Show the URL
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
  description: The URL of the stage, without a slash at its end. In check mode, for a new API, C((known after the run)).
    With O(state=absent), the URL that is deleted; empty if the stage does not exist.
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
  description: The id of the deployment that the stage's canary serves; empty if it has none.
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
  description: Items that differ, and tags and indexes that are not declared. They are not changed.
  returned: with O(state=present)
  type: list
  elements: str
  sample: ["item of orders: id=42", "tag owner of the REST API"]
previous_deployment_id:
  description: The id of the deployment that the stage served before the run; empty if the stage is new.
  returned: with O(state=present)
  type: str
  sample: 9z8y7x
previous:
  description:
    - The stage before the run, as options of M(codeless.apigateway.stage) that restore it. Empty if the stage is new.
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
    certain: {description: Whether they serve only from these tables., type: bool}
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
  description: The outputs of the deployment, from the values above.
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
  description: The OpenAPI document as deployed, as JSON text.
  returned: with O(state=present)
  type: str
policy:
  description:
    - The policy of the execution role as deployed. With O(role_arn), the policy that the role needs.
  returned: with O(state=present)
  type: dict
expectations:
  description:
    - The C(expect) entries of the routes, as O(codeless.apigateway.verify#module:requests). Empty, with a warning, if
      the URL of the stage cannot be reached because its endpoint is PRIVATE or disabled.
  returned: with O(state=present)
  type: list
  elements: dict
superfluous_indexes:
  description:
    - The indexes that are deleted, or in check mode would be, by table. They are not declared, O(purge_indexes) is set,
      and no stage, canary or kept deployment needs them.
  returned: with O(state=present)
  type: dict
  sample: {"orders": ["by_old_status"]}
kept_indexes:
  description: The indexes that are not declared and not needed, and stay because O(purge_indexes) is not set, by table.
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
  description: RV(summary) as a list of lines. Similar entries share a line.
  returned: always
  type: list
  elements: str
  sample: ["+ table orders", "~ route GET /{id}: response template 200", "- index by_status"]
summary:
  description: What was added, changed and removed, or in check mode would be.
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
        "authorizers": {"type": "dict", "default": {}},
        "auth": {"type": "raw", "default": "none"},
        "api_key": {"type": "bool", "default": False, "no_log": False},
        "public": {"type": "bool", "default": False},
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
        "log_role_arn": {"type": "str"},
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
