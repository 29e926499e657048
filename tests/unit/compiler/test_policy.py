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


SHOP = {"name": "shop", "hash_key": "pk", "range_key": "sk", "attributes": {"pk": "S", "sk": "S"}}


def test_constant_prefixes_of_hash_keys_are_a_condition_of_the_policy() -> None:
    """Only of actions that are used with no other hash key."""
    sk = {"sk": {"value": "x"}}
    routes = [
        {"route": "GET /c/{id}", "action": "Query", "key": {"pk": "C*$#{path.id}"}},
        {"route": "GET /s", "action": "Query", "key": {"pk": {"value": "STAFF"}}},
        {"route": "GET /c/{id}/x", "action": "GetItem", "key": {"pk": "C#{path.id}", **sk}},
        {"route": "GET /any/{pk}", "action": "GetItem", "key": sk},
        {"route": "GET /t", "action": "TransactGetItems", "keys": "query.k", "key": {"pk": "C#{each}", **sk}},
        {"route": "GET /b", "action": "BatchGetItem", "keys": "query.k", "key": {"pk": "B#{each}", **sk}},
        {"route": "GET /all", "action": "Scan"},
    ]

    def condition(*patterns: str) -> Json:
        return {"Condition": {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": list(patterns)}}}

    common = {"Effect": "Allow", "Resource": [f"{ARN}shop"]}
    assert statements(orders(*routes, tables=[SHOP])) == [
        {"Sid": "TableShop", "Action": ["dynamodb:GetItem", "dynamodb:Scan"], **common},
        {"Sid": "TableShopKeys", "Action": ["dynamodb:BatchGetItem"], **common, **condition("B#*")},
        {"Sid": "TableShopKeys2", "Action": ["dynamodb:Query"], **common, **condition("C${*}${$}#*", "STAFF")},
    ]


def test_the_callers_identity_is_no_condition_as_the_role_is_not_the_callers() -> None:
    route = {"route": "GET /mine", "action": "Query", "key": {"customer": "claims.sub"}}
    (statement,) = statements(orders(route))
    assert "Condition" not in statement


def test_a_statement_has_the_permission_of_its_verb_on_its_table_or_index() -> None:
    texts = {
        "/a": {"statement": "select * from orders"},
        "/b": {"statement": 'SELECT * FROM "orders"."by_status"', "index": "by_status"},
        "/c": {"statement": "UPDATE orders SET total = 1 WHERE customer = 'a' AND placed_at = 'b'"},
    }
    routes = [{"route": f"GET {path}", "action": "ExecuteStatement", **words} for path, words in texts.items()]
    assert [(one["Action"], one["Resource"]) for one in statements(orders(*routes))] == [
        (["dynamodb:PartiQLSelect", "dynamodb:PartiQLUpdate"], [f"{ARN}orders"]),
        (["dynamodb:PartiQLSelect"], [f"{ARN}orders/index/by_status"]),
    ]


def test_a_prefix_of_an_indexs_key_is_no_condition_as_it_is_not_proven_what_that_sees() -> None:
    route = {"route": "GET /s/{id}", "action": "Query", "index": "by_status", "key": {"status": "S#{path.id}"}}
    (statement,) = statements(orders(route))
    assert "Condition" not in statement
