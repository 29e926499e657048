# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The resources of an API that exist on AWS, read before a removal."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import partial
from typing import Dict, List, Optional, Tuple

from ansible.module_utils.parsing.convert_bool import boolean
from ansible_collections.amazon.aws.plugins.module_utils.tagging import boto3_tag_list_to_ansible_dict

from .._dynamodb import table as dynamodb_table
from .._dynamodb.table_model import Found
from .._engine.client import Aws
from .._engine.errors import AwsError, raise_errors
from .._engine.ownership import owner
from .._engine.resource import Params
from .._engine.threads import run_in_parallel
from .._execution_role import resource as execution_role
from .._execution_role import role as iam_role
from .._execution_role.policy import parse_policy, statements
from .._rest_api.draft import find_api
from .._rest_api.state import Plain
from .._stage.releases import read_stages

POLICY_NAME = "dynamodb-proxy"
"""The name of the inline policy that a deployment puts on the execution role."""


@dataclass(frozen=True)
class ExistingRole:
    """An execution role: the names of its inline policies, the ARNs of its attached ones, its mark.

    `principals` are those beside API Gateway that may assume it.
    """

    name: str
    inline: List[str]
    attached: List[str]
    owner: str
    principals: List[str]

    @property
    def foreign_policies(self) -> List[str]:
        """Return the policies that a deployment did not put on the role, as messages name them."""
        return [f'"{name}"' for name in self.inline if name != POLICY_NAME] + self.attached


@dataclass(frozen=True)
class ExistingTable:
    """A table and its mark, which is None if it was not read."""

    found: Found
    owner: Optional[str]

    @property
    def name(self) -> str:
        """Return the name of the table."""
        return self.found.table.name

    @property
    def size(self) -> str:
        """Return how many items the table holds, as text. DynamoDB updates its count about every six hours."""
        if self.found.holds_items is False:
            return "empty"
        if self.found.item_count:
            return f"about {self.found.item_count} item{'' if self.found.item_count == 1 else 's'}"
        return "with items" if self.found.holds_items else "no items at AWS's last count, up to six hours ago"


@dataclass(frozen=True)
class Existing:
    """The resources of an API that exist. `duplicates` is an error message if several APIs have the name."""

    api: Optional[Plain]
    stages: List[Plain]
    role: Optional[ExistingRole]
    tables: Dict[str, ExistingTable]
    duplicates: str = ""

    def stage(self, name: str) -> Optional[Plain]:
        """Return the stage of this name; None if it does not exist."""
        return next((stage for stage in self.stages if stage["stageName"] == name), None)

    def other_stages(self, name: str) -> List[str]:
        """Return the names of the stages that remain without this one."""
        return sorted(stage["stageName"] for stage in self.stages if stage["stageName"] != name)


def read_existing(aws: Aws, params: Params) -> Existing:
    """Read the API with its stages, the role and the tables, in parallel."""
    for service in ("apigateway", "iam", "dynamodb"):
        aws.client(service)  # made here, because a client made in a thread delays the other threads
    managed = [table for table in params["tables"] if boolean(table.get("managed", True), strict=False)]
    names = list(dict.fromkeys(str(table["name"]) for table in managed))
    (api, stages, duplicates), role, *tables = run_in_parallel(
        [
            partial(_read_api, aws, params),
            partial(_read_role, aws, params),
            *(partial(_read_table, aws, params, name) for name in names),
        ]
    )
    found = {name: table for name, table in zip(names, tables) if table}
    for table in found.values():
        aws.learn_account_id(table.found.arn)
    return Existing(api, stages, role, found, duplicates)


def _read_api(aws: Aws, params: Params) -> Tuple[Optional[Plain], List[Plain], str]:
    """Return the API, its stages, and an error message if several APIs have the name."""
    try:
        api = find_api(aws, params["name"], params.get("api_id"))
    except AwsError as error:
        if error.code or error.operation:
            raise
        return None, [], error.message
    return api, read_stages(aws, api["id"]) if api else [], ""


def _read_role(aws: Aws, params: Params) -> Optional[ExistingRole]:
    """Return the role; None if the options name none, or it does not exist."""
    if not params.get("role_name"):
        return None
    name = execution_role.name_for(params["role_name"], aws)
    raise_errors(f'execution_role "{name}"', execution_role.option_errors(name, {"policy_name": POLICY_NAME}))
    response, inline, attached = run_in_parallel(
        [
            partial(aws.find, "iam", "GetRole", {"RoleName": name}, absent="NoSuchEntity"),
            partial(iam_role.list_inline_policies, aws, name),
            partial(iam_role.list_attached_policies, aws, name),
        ]
    )
    if response is None or inline is None or attached is None:
        return None
    role = response["Role"]
    aws.learn_account_id(role["Arn"])
    mark = owner(boto3_tag_list_to_ansible_dict(role.get("Tags", [])))
    return ExistingRole(name, inline, attached, mark, _foreign_principals(role))


def _foreign_principals(role: Plain) -> List[str]:
    """Return the principals other than API Gateway that may assume a role."""
    document = parse_policy(role["AssumeRolePolicyDocument"])
    ours = iam_role.TRUST["Statement"][0]["Principal"]
    return [
        json.dumps(statement.get("Principal"))
        for statement in statements(document)
        if statement.get("Effect") == "Allow" and statement.get("Principal") != ours
    ]


def _read_table(aws: Aws, params: Params, name: str) -> Optional[ExistingTable]:
    """Return the table. Its mark, and whether it holds items, are read only with `delete_tables`."""
    needs_no_scan = params["delete_items"] or not params["delete_tables"]
    found = dynamodb_table.read(aws, {"name": name, "state": "absent", "force": needs_no_scan})
    if found is None or not params["delete_tables"]:
        return ExistingTable(found, None) if found else None
    return ExistingTable(found, owner(dynamodb_table.read_tags(aws, found.arn)))
