# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A large API whose descriptions would be more documentation parts than an API can have."""

from __future__ import annotations

import pytest
from ansible_collections.codeless.apigateway.plugins.module_utils._engine.client import Aws
from ansible_collections.codeless.apigateway.plugins.module_utils._engine.plan import steps
from ansible_collections.codeless.apigateway.plugins.module_utils._rest_api import resource as _rest_api
from ansible_collections.codeless.apigateway.plugins.plugin_utils.compiler import compile_api
from botocore.exceptions import ClientError

from convergence import Account
from unit.compiler.specs import TEMPLATES, Json

NUMBERS = [f"{number:02}" for number in range(30)]


def _table(number: str) -> Json:
    return {
        "name": f"table{number}",
        "hash_key": "id",
        "range_key": "part",
        "attributes": {"id": "S", "part": "S", "status": "S", "kind": "S"},
        "indexes": [{"name": f"by_{name}", "hash_key": name} for name in ("status", "kind")],
        "crud": f"/t{number}/{{id}}/{{part}}",
    }


def _routes(number: str) -> list[Json]:
    return [
        {
            "route": f"GET /t{number}-by-{name}",
            "action": "Query",
            "table": f"table{number}",
            "index": f"by_{name}",
            "key": {name: f"query.{name}"},
        }
        for name in ("status", "kind")
    ]


def test_210_routes_over_30_tables_are_imported(account: Account) -> None:
    spec = {
        "name": "many",
        "tables": [_table(number) for number in NUMBERS],
        "routes": [route for number in NUMBERS for route in _routes(number)],
    }
    options = {
        "name": "many",
        "definition": compile_api(spec, [TEMPLATES]).definition,
        "execution_role": "arn:aws:iam::123456789012:role/many",
        "fail_on_warnings": True,
        "state": "present",
        "purge_tags": True,
    }
    imported, _tagged = steps(_rest_api.planned(Aws(account.make_client), options).plan)
    client = account.make_client("apigateway")
    with pytest.raises(ClientError, match="Maximum number of Documentation Parts"):
        client.import_rest_api(body=imported.params["body"])
    account.settle(_rest_api.planned, options)
    assert len(client.get_rest_apis()["items"]) == 1
