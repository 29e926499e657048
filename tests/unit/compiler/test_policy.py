# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The policy allows what the routes use, and nothing else."""

from __future__ import annotations

from ansible_collections.codeless.apigateway.plugins.plugin_utils.compiler import compile_api
from unit.compiler.specs import ORDERS, TEMPLATES, Json, orders

ARN = "arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/"


def statements(spec: Json) -> list[Json]:
    policy = compile_api(spec, [TEMPLATES]).policy
    assert set(policy) == {"Version", "Statement"}
    assert policy["Version"] == "2012-10-17"
    return list(policy["Statement"])


def test_one_statement_for_each_table_and_index_in_use() -> None:
    archive = {"name": "orders-archive", "hash_key": "id", "attributes": {"id": "S"}}
    spec = orders(
        {"route": "GET /c/{customer}", "action": "Query", "table": "orders"},
        {"route": "GET /c/{customer}/{placed_at}", "action": "GetItem", "table": "orders"},
        {"route": "GET /s/{status}", "action": "Query", "table": "orders", "index": "by_status"},
        {"route": "GET /archive/{id}", "action": "GetItem", "table": "orders-archive"},
        tables=[ORDERS, archive],
    )
    assert statements(spec) == [
        {
            "Sid": "TableOrders",
            "Effect": "Allow",
            "Action": ["dynamodb:GetItem", "dynamodb:Query"],
            "Resource": [f"{ARN}orders"],
        },
        {
            "Sid": "IndexByStatusOfOrders",
            "Effect": "Allow",
            "Action": ["dynamodb:Query"],
            "Resource": [f"{ARN}orders/index/by_status"],
        },
        {
            "Sid": "TableOrdersArchive",
            "Effect": "Allow",
            "Action": ["dynamodb:GetItem"],
            "Resource": [f"{ARN}orders-archive"],
        },
    ]


def test_an_index_alone_does_not_open_its_table() -> None:
    (statement,) = statements(orders({"route": "GET /s/{status}", "action": "Query", "index": "by_status"}))
    assert statement["Resource"] == [f"{ARN}orders/index/by_status"]


def test_a_route_with_templates_of_its_own_is_allowed_its_action() -> None:
    (statement,) = statements(orders({"route": "GET /x", "action": "Query", "request_template": "{}"}))
    assert (statement["Action"], statement["Resource"]) == (["dynamodb:Query"], [f"{ARN}orders"])


def test_statement_ids_are_alphanumeric_and_given_once() -> None:
    tables = [{"name": name, "hash_key": "id", "attributes": {"id": "S"}} for name in ("a-b-c", "a_b_c", "a.b.c")]
    routes = [
        {"route": f"GET /{table['name']}/{{id}}", "action": "GetItem", "table": table["name"]} for table in tables
    ]
    sids = [statement["Sid"] for statement in statements(orders(*routes, tables=tables))]
    assert sids == ["TableABC", "TableABC2", "TableABC3"]


def test_the_order_of_the_routes_does_not_matter() -> None:
    routes = [
        {"route": "GET /c/{customer}", "action": "Query"},
        {"route": "GET /s/{status}", "action": "Query", "index": "by_status"},
        {"route": "GET /c/{customer}/{placed_at}", "action": "GetItem"},
    ]
    assert statements(orders(*routes)) == statements(orders(*reversed(routes)))
