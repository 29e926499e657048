# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A request that a template refuses is answered with 400 and its reason, whatever the action: nothing is read, nothing
is written. Each value here passes API Gateway's validator, so that it is the template that refuses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from ansible_collections.codeless.apigateway.plugins.plugin_utils.compiler.actions import ACTIONS

from integration.compiler.deployed import Api, Aws, create_table, deploy
from integration.compiler.test_routes import own_table, put
from unit.compiler.specs import Json

TABLE: Json = {
    "name": "refusals",
    "hash_key": "id",
    "range_key": "at",
    "attributes": {"id": "S", "at": "N", "photo": "B"},
}
NO_NUMBER = "The query parameter at must be a number"
NO_KEY = "The query parameter at: at is no number"
NO_BASE64 = "The attribute photo must be base64"
NO_LIMIT = "The query parameter limit must be a whole number from 1 to 1000"
AT: Json = {"key": {"at": "query.at"}}
LIST: Json = {"keys": "query.at"}
PUT: Json = {"put": [{"at": 1, "photo": "A"}]}
STATEMENT: Json = {"statement": 'SELECT * FROM "{table}" WHERE at = ?', "parameters": [{"N": "query.at"}]}


@dataclass(frozen=True)
class Case:
    """A route, a request to it, and the message of its answer."""

    route: str
    action: str
    words: Json
    message: str
    body: Any = None
    query: str = "at"


CASES = (
    Case("GET /{id}/item", "GetItem", AT, NO_NUMBER),
    Case("GET /{id}/query", "Query", AT, NO_NUMBER),
    Case("GET /scan", "Scan", {"filter": {"photo": {"eq": "query.at"}}}, "The query parameter at must be base64"),
    Case("GET /limit", "Scan", {}, NO_LIMIT, query="limit"),
    Case("GET /{id}/batch", "BatchGetItem", LIST, NO_KEY),
    Case("GET /{id}/same", "TransactGetItems", LIST, NO_KEY),
    Case("PUT /{id}/put", "PutItem", AT, NO_NUMBER, {}),
    Case("PATCH /{id}/update", "UpdateItem", AT, NO_NUMBER, {"photo": "AAAA"}),
    Case("DELETE /{id}/delete", "DeleteItem", AT, NO_NUMBER),
    Case("POST /{id}/write", "BatchWriteItem", {}, NO_BASE64, PUT),
    Case("POST /{id}/together", "TransactWriteItems", {}, NO_BASE64, PUT),
    Case("GET /sql", "ExecuteStatement", STATEMENT, NO_NUMBER),
)


@pytest.fixture(scope="module")
def table(local_aws: Aws) -> Json:
    table = own_table(TABLE)
    create_table(local_aws, table)
    put(local_aws, table, {"id": {"S": "a"}, "at": {"N": "1"}})
    return table


@pytest.fixture(scope="module")
def api(local_aws: Aws, table: Json) -> Api:
    routes = [{"route": case.route, "action": case.action, **case.words} for case in CASES]
    for route in routes:
        if "statement" in route:
            route["statement"] = route["statement"].replace("{table}", table["name"])
    return deploy(local_aws, {"name": table["name"], "tables": [table], "routes": routes})


def test_every_action_is_here() -> None:
    assert {case.action for case in CASES} == set(ACTIONS)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.route)
def test_a_refused_request_is_400_and_does_nothing(local_aws: Aws, table: Json, api: Api, case: Case) -> None:
    method, path = case.route.split()
    answer = api.request(method, path.replace("{id}", "a"), query={case.query: "x"}, body=case.body)
    assert (answer.status, answer.json) == (400, {"message": case.message})
    items = local_aws.client("dynamodb").scan(TableName=table["name"])["Items"]
    assert items == [{"id": {"S": "a"}, "at": {"N": "1"}}]
