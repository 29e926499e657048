# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""An API in front of a table in a test account, which the modules create and the test breaks."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.codeless.apigateway.plugins.modules import dynamodb_table, execution_role, rest_api
from ansible_collections.codeless.apigateway.plugins.modules import stage as stage_module
from ansible_collections.codeless.apigateway.plugins.plugin_utils.compiler import compile_api

from convergence import Account
from playbooks import ROOT

TEMPLATES = ROOT / "roles/service_proxy/templates/vtl"
TABLE = {"name": "things", "hash_key": "id", "attributes": {"id": "S", "colour": "S", "size": "N"}}
RED = {"id": "a", "colour": "red", "size": 1}
ROUTES: list[dict[str, Any]] = [
    {
        "route": "PUT /things/{id}",
        "action": "PutItem",
        "expect": {"path": {"id": "a"}, "body": {"colour": "red", "size": 1}, "status": 204},
    },
    {
        "route": "GET /things/{id}",
        "action": "GetItem",
        "expect": [
            {"name": "what was put", "path": {"id": "a"}, "status": 200, "answer": RED},
            {"name": "what is not there", "path": {"id": "b/c d"}, "status": 404},
        ],
    },
]


@dataclass(frozen=True)
class Api:
    """A REST API that serves the description at the stage `live`."""

    account: Account
    id: str
    url: str
    expectations: list[dict[str, Any]]

    def gateway(self) -> Any:
        return self.account.make_client("apigateway")

    def resource_id(self, path: str) -> str:
        resources = self.gateway().get_resources(restApiId=self.id)["items"]
        return str(next(one["id"] for one in resources if one["path"] == path))

    def change_by_hand(self, route: str, path: str, value: str) -> None:
        """Replace a part of the integration of a route in the draft."""
        method, resource = route.split(" ")
        self.gateway().update_integration(
            restApiId=self.id,
            resourceId=self.resource_id(resource),
            httpMethod=method,
            patchOperations=[{"op": "replace", "path": path, "value": value}],
        )

    def forbid(self, action: str) -> None:
        """Remove a permission from the role."""
        iam = self.account.make_client("iam")
        document = iam.get_role_policy(RoleName="things", PolicyName="dynamodb-proxy")["PolicyDocument"]
        for statement in document["Statement"]:
            actions = [statement["Action"]] if isinstance(statement["Action"], str) else statement["Action"]
            statement["Action"] = [one for one in actions if one != f"dynamodb:{action}"]
        iam.put_role_policy(RoleName="things", PolicyName="dynamodb-proxy", PolicyDocument=json.dumps(document))


def serve(account: Account, routes: list[dict[str, Any]] | None = None) -> Api:
    """Create or update the table, the role, the API with these routes, and its stage."""
    spec = {"name": "things", "tables": [TABLE], "routes": routes or ROUTES, "cors": False}
    compiled = compile_api(spec, [TEMPLATES])
    _made(account, dynamodb_table, **TABLE)
    role = _made(account, execution_role, name="things", policy=compiled.policy)
    api = _made(account, rest_api, name="things", definition=compiled.definition, execution_role=role["arn"])
    stage = _made(account, stage_module, api_id=api["api_id"], digest=api["digest"], name="live")
    return Api(account, api["api_id"], stage["invoke_url"], compiled.expectations)


def _made(account: Account, module: Any, **options: Any) -> Mapping[str, Any]:
    """Return the result of a module, with the defaults of missing options."""
    checked = ArgumentSpecValidator(module.SPEC["argument_spec"]).validate(options)
    assert not checked.error_messages
    return account.converge(module.planned, checked.validated_parameters).values
