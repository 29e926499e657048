# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The two sides of a comparison: AWS, and a local AWS. The resources of a run have names with the same prefix."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import boto3
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.codeless.apigateway.plugins.module_utils._engine.client import Aws
from ansible_collections.codeless.apigateway.plugins.module_utils._engine.errors import AwsError
from ansible_collections.codeless.apigateway.plugins.module_utils._engine.resource import converge
from ansible_collections.codeless.apigateway.plugins.module_utils._service_proxy.resource import planned
from ansible_collections.codeless.apigateway.plugins.modules.service_proxy import SPEC
from ansible_collections.codeless.apigateway.plugins.plugin_utils.compiler import DESCRIPTION_OPTIONS, compile_api
from botocore.config import Config

from unit.compiler.specs import TEMPLATES, Json

STAGE = "test"
_ONCE = Config(retries={"total_max_attempts": 1, "mode": "standard"})  # Aws.call repeats


@dataclass
class Side:
    """One AWS: its title, and how to reach it. An endpoint of None means the default of the SDK.

    `fail_on_warnings` is whether warnings of an import stop a deployment.
    """

    title: str
    session: boto3.Session
    endpoint_url: str | None = None
    fail_on_warnings: bool = True
    aws: Aws = field(init=False)

    def __post_init__(self) -> None:
        self.aws = Aws(self.client)

    def client(self, service: str) -> Any:
        """Return a boto3 client."""
        return self.session.client(service, endpoint_url=self.endpoint_url, config=_ONCE)

    def deploy(self, name: str, variables: Json) -> tuple[str, list[str]]:
        """Deploy the variables of the role twice. Return the invoke URL, and the changing calls of the second run.

        Raises `AwsError` for a call that AWS rejects.
        """
        url, _calls = self.converge(name, variables)
        return url, self.converge(name, variables)[1]

    def converge(self, name: str, variables: Json) -> tuple[str, list[str]]:
        """Deploy the variables of the role. Return the invoke URL and the changing calls."""
        params = options(name, {**variables, "service_proxy_fail_on_warnings": self.fail_on_warnings})
        outcome = converge(Aws(self.client), planned, params, check_mode=False)
        return str(outcome.values["invoke_url"]), list(outcome.as_result()["calls"])

    def remove(self, name: str) -> list[str]:
        """Delete all resources whose name begins with `name`. Return those that are left, with the error of AWS."""
        return [left for kind in _KINDS for left in self._remove_kind(kind, name)]

    def _remove_kind(self, kind: _Kind, name: str) -> Iterator[str]:
        try:
            found = [one for one in self._listed(kind) if str(kind.name_of(one)).startswith(name)]
        except AwsError as error:
            yield f"{kind.what}s: {error.message}"
            return
        for one in found:
            try:
                kind.delete(self.aws, one)
            except AwsError as error:
                yield f"{kind.what} {kind.name_of(one)}: {error.message}"

    def _listed(self, kind: _Kind) -> Iterator[Any]:
        params = dict(kind.params)
        while True:
            page = self.aws.call(kind.service, kind.operation, params)
            yield from page.get(kind.member, [])
            if not page.get(kind.token):
                return
            params[kind.token_parameter] = page[kind.token]


def options(name: str, variables: Json) -> Json:
    """Return the options of the module `service_proxy`, validated and compiled."""
    words = {word.removeprefix("service_proxy_"): value for word, value in variables.items()}
    given = {**words, "name": name, "stage": STAGE, "role_name": name}
    api = compile_api({word: given[word] for word in DESCRIPTION_OPTIONS if word in given}, [TEMPLATES])
    compiled = {"definition": api.definition, "policy": api.policy, "expectations": api.expectations}
    checked = ArgumentSpecValidator(SPEC["argument_spec"]).validate({**given, "compiled": compiled})
    assert not checked.error_messages, checked.error_messages
    return dict(checked.validated_parameters)


def renamed(variables: Json, name: str) -> Json:
    """Return the variables with renamed tables: `orders` becomes `<name>-orders`, also in routes and templates."""
    tables = {table["name"]: f"{name}-{table['name']}" for table in variables["service_proxy_tables"]}
    items = variables.get("service_proxy_items", {})
    return {
        **variables,
        "service_proxy_tables": [
            {**table, "name": tables[table["name"]]} for table in variables["service_proxy_tables"]
        ],
        "service_proxy_routes": [_renamed_route(route, tables) for route in variables["service_proxy_routes"]],
        "service_proxy_items": {tables[table]: listed for table, listed in items.items()},
    }


def _renamed_route(route: Json, tables: dict[str, str]) -> Json:
    changed = dict(route)
    if "table" in route:
        changed["table"] = tables[route["table"]]
    for old, new in tables.items():
        if "statement" in route:
            changed["statement"] = changed["statement"].replace(f'"{old}"', f'"{new}"')
        if "request_template" in route:
            named = re.compile(rf'("TableName":\s*)"{re.escape(old)}"')
            changed["request_template"] = named.sub(rf'\1"{new}"', changed["request_template"])
    return changed


@dataclass(frozen=True)
class _Kind:
    """A kind of resource: how to list all of them, how to get the name of one, and how to delete one."""

    what: str
    service: str
    operation: str
    member: str
    token: str
    token_parameter: str
    name_of: Callable[[Any], str]
    delete: Callable[[Aws, Any], Any]
    params: tuple[tuple[str, Any], ...] = ()


def _delete_role(aws: Aws, role: Json) -> None:
    named = {"RoleName": role["RoleName"]}
    for policy in aws.call("iam", "ListRolePolicies", named)["PolicyNames"]:
        aws.call("iam", "DeleteRolePolicy", {**named, "PolicyName": policy})
    aws.call("iam", "DeleteRole", named)


_KINDS = (
    _Kind(
        "REST API",
        "apigateway",
        "GetRestApis",
        "items",
        "position",
        "position",
        lambda api: str(api["name"]),
        lambda aws, api: aws.call("apigateway", "DeleteRestApi", {"restApiId": api["id"]}),
    ),
    _Kind("role", "iam", "ListRoles", "Roles", "Marker", "Marker", lambda role: str(role["RoleName"]), _delete_role),
    _Kind(
        "table",
        "dynamodb",
        "ListTables",
        "TableNames",
        "LastEvaluatedTableName",
        "ExclusiveStartTableName",
        str,
        lambda aws, table: aws.call("dynamodb", "DeleteTable", {"TableName": table}),
    ),
    _Kind(
        "user pool",
        "cognito-idp",
        "ListUserPools",
        "UserPools",
        "NextToken",
        "NextToken",
        lambda pool: str(pool["Name"]),
        lambda aws, pool: aws.call("cognito-idp", "DeleteUserPool", {"UserPoolId": pool["Id"]}),
        (("MaxResults", 60),),
    ),
)
