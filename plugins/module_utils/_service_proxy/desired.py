# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The desired state of an API: the options of service_proxy, as options of the module of each resource."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import List, Sequence

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from .._dynamodb.items import ITEMS_MODE
from .._dynamodb.table_options import OPTIONS as TABLE_OPTIONS
from .._engine.client import Aws
from .._engine.errors import AwsError, raise_errors
from .._engine.pseudo_parameters import fill
from .._engine.resource import Params
from .._execution_role.resource import latin_description
from .._rest_api.settings import POLICY
from .._rest_api.state import Plain
from .existing import POLICY_NAME


@dataclass(frozen=True)
class Desired:
    """The options of each resource, and the requests with the responses that the routes expect.

    `role_arn` is an existing role that is used as it is; empty if `role` declares the role.
    """

    expectations: List[Plain]
    tables: List[Plain]
    items: List[Plain]
    role: Plain
    role_arn: str
    api: Plain
    stage: Plain

    @property
    def name(self) -> str:
        """Return the name of the API."""
        return str(self.api["name"])

    @property
    def stage_name(self) -> str:
        """Return the name of the stage."""
        return str(self.stage["name"])


def desired_state(params: Params, compiled: Plain, tables: List[Plain], role_arn: str) -> Desired:
    """Return the desired state, from the options and what the routes compile to."""
    present = {"state": "present", "tags": params.get("tags"), "purge_tags": params["purge_tags"]}
    role = {
        **present,
        "name": params.get("role_name"),
        "owner": params["name"],
        "policy": compiled["policy"],
        "policy_name": POLICY_NAME,
        "description": latin_description(f"API Gateway to DynamoDB for {params['name']}"),
        "permissions_boundary": params.get("permissions_boundary"),
    }
    resource_policy = params.get("resource_policy")
    api = {
        **present,
        "name": params["name"],
        "definition": {**compiled["definition"], **({POLICY: resource_policy} if resource_policy else {})},
        "endpoint_type": params.get("endpoint_type"),
        "fail_on_warnings": params["fail_on_warnings"],
        "version_tells_content": True,  # the compiler writes the same version into every document
    }
    stage = {
        **present,
        "name": params["stage"],
        "canary": params.get("canary"),
        "variables": params.get("stage_variables"),
        "method_settings": params.get("method_settings"),
        "tracing_enabled": params.get("tracing_enabled"),
        "log_role_arn": params.get("log_role_arn"),
        "keep_deployments": params["keep_deployments"],
    }
    return Desired(compiled["expectations"], tables, _items(params, tables), role, role_arn, api, stage)


_ROLE_ARN = re.compile(r"arn:[\w-]+:iam::\d{12}:role/[\x21-\x7e]+")


def declared_role_arn(aws: Aws, params: Params) -> str:
    """Return the ARN of an existing role to use; empty if none is declared. Raises `AwsError` for any other text."""
    if not params.get("role_arn"):
        return ""
    arn = str(fill(params["role_arn"], aws))
    if not _ROLE_ARN.fullmatch(arn):
        raise AwsError(
            f'service_proxy "{params["name"]}": role_arn is "{arn}", not the ARN of an IAM role; write it like '
            "arn:aws:iam::123456789012:role/orders (in the role service_proxy: service_proxy_role_arn)."
        )
    aws.learn_account_id(arn)  # iam:PassRole reaches no role of another account
    return arn


_COMPILER_KEYS = ("crud", "version_attribute")
"""Keys of a table that only the compiler reads."""

_TABLE_OPTIONS = {**TABLE_OPTIONS, "items_mode": ITEMS_MODE, "managed": {"type": "bool", "default": True}}

_DEFAULTS_OF_TABLES = ("tags", "purge_tags", "purge_indexes", "items_mode")
"""Options of the module that are the defaults of each table."""


def declared_tables(params: Params) -> List[Plain]:
    """Return the tables, each with the options of its module. Raises `AwsError` with all errors in them."""
    validator = ArgumentSpecValidator(_TABLE_OPTIONS)
    tables, errors = [], []
    for number, given in enumerate(params["tables"]):
        declared = {**{name: params.get(name) for name in _DEFAULTS_OF_TABLES}, **given}
        options = {name: value for name, value in declared.items() if value is not None and name not in _COMPILER_KEYS}
        checked = validator.validate(options)
        table = {**checked.validated_parameters, "owner": params["name"]}
        messages = checked.error_messages
        if not messages and not table["managed"]:
            messages = _unmanaged_errors(params, given)
        errors += [f'tables[{number}] "{given.get("name")}": {message}' for message in messages]
        tables.append(table)
    raise_errors(f'service_proxy "{params["name"]}"', errors)
    return tables


_UNMANAGED_KEYS = (
    *("name", "managed", "hash_key", "range_key", "attributes", "indexes", "local_indexes", "ttl_attribute"),
    *("items_mode", *_COMPILER_KEYS),
)
"""Keys of a table with `managed: false`: those that routes need, and those that are compared with the table on AWS."""


def _unmanaged_errors(params: Params, given: Plain) -> List[str]:
    """Return the options that have no effect with `managed: false`, and items without an explicit `items_mode`."""
    errors = [
        f"{name} has no effect with managed: false, which changes nothing on the table; leave it out"
        for name, value in given.items()
        if name not in _UNMANAGED_KEYS and value is not None
    ]
    if params["items"].get(given["name"]) and not given.get("items_mode"):
        errors.append(
            "items are declared for it, and managed: false changes nothing on the table; leave the items out, or write "
            "items_mode: create (or overwrite) on this table to confirm them"
        )
    return errors


def _items(params: Params, tables: Sequence[Plain]) -> List[Plain]:
    """Return the items of each table, with the keys that the tables declare, so that nobody has to read these."""
    declared = {table["name"]: table for table in tables}
    unknown = [name for name in params["items"] if name not in declared]
    names = ", ".join(declared)
    raise_errors("items", [f'the table "{name}" is not declared; the declared tables: {names}' for name in unknown])
    return [
        {
            "state": "present",
            "items_mode": declared[name]["items_mode"],
            "table": name,
            "items": items,
            "hash_key": declared[name]["hash_key"],
            "range_key": declared[name].get("range_key"),
            "attributes": declared[name]["attributes"],
        }
        for name, items in params["items"].items()
        if items
    ]
