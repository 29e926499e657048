# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The Location of a created item leads to it, whatever its key is made of."""

from __future__ import annotations

import pytest
from ansible_collections.codeless.apigateway.plugins.plugin_utils.compiler import ValidationErrors, compile_api

from integration.compiler.deployed import Api, create_table, deploy
from local_apigateway.testing import LocalAws
from unit.compiler.specs import TEMPLATES, Json

TABLE = {"name": "locations", "hash_key": "pk", "range_key": "sk", "attributes": {"pk": "S", "sk": "S", "note": "S"}}
CUSTOMER = "CUSTOMER#{path.customer}"
ROUTES = [
    {
        "route": "POST /customers/{customer}/orders",
        "action": "PutItem",
        "key": {"pk": CUSTOMER, "sk": "ORDER#{context.extendedRequestId}"},
        "strip_prefix": True,
    },
    {
        "route": "GET /orders/of/{customer}/{order}",
        "action": "GetItem",
        "key": {"pk": CUSTOMER, "sk": "ORDER#{path.order}"},
        "strip_prefix": True,
    },
    {"route": "POST /customers/{customer}", "action": "PutItem", "key": {"pk": CUSTOMER, "sk": {"value": "PROFILE"}}},
    {
        "route": "GET /customers/{customer}/profile",
        "action": "GetItem",
        "key": {"pk": CUSTOMER, "sk": {"value": "PROFILE"}},
    },
    {"route": "POST /", "action": "PutItem", "key": {"pk": "body.pk", "sk": "header.X-Sk"}},
    {"route": "GET /any/{pk}/{sk}", "action": "GetItem"},
]


@pytest.fixture(scope="module")
def api(local_aws: LocalAws) -> Api:
    create_table(local_aws, TABLE)
    return deploy(local_aws, {"name": "locations", "tables": [TABLE], "routes": ROUTES})


@pytest.mark.parametrize("slash", ["", "/"])
@pytest.mark.parametrize(
    ("path", "body", "location"),
    [
        ("/customers/ann%20b/orders", {"note": "n"}, "/orders/of/ann%20b/"),
        ("/customers/b%2Fo{}", {"note": "n"}, "/customers/b%2Fo{}/profile"),
        ("", {"pk": "x y{}", "note": "n"}, "/any/x%20y{}/a%2Fb"),
    ],
)
def test_the_location_is_where_the_item_is_read(api: Api, path: str, body: Json, location: str, slash: str) -> None:
    unique = len(slash)
    sent = {name: value.format(unique) for name, value in body.items()}
    made = api.request("POST", path.format(unique) + slash, body=sent, headers={"x-sk": "a/b"})
    assert made.status == 201
    path_of_item = api.path_of(made.headers["location"])
    assert path_of_item.startswith(location.format(unique))
    assert "//" not in path_of_item
    found = api.get(path_of_item)
    assert (found.status, found.json) == (200, {**made.json, "note": "n"})


BY_QUERY = {**TABLE, "name": "locations-by-query"}
QUERY_ROUTES = [
    {"route": "POST /{shop}/orders", "action": "PutItem", "key": {"pk": "SHOP#{path.shop}", "sk": "body.sk"}},
    {"route": "GET /{shop}/order", "action": "GetItem", "key": {"pk": "SHOP#{path.shop}", "sk": "query.id"}},
    {"route": "POST /all", "action": "PutItem", "key": {"pk": "A#{body.pk}", "sk": "body.sk"}},
    {"route": "GET /one", "action": "GetItem", "key": {"pk": "A#{query.a}", "sk": "query.b"}},
]


@pytest.mark.parametrize(
    ("path", "body", "location"),
    [
        ("/a%20b/orders", {"sk": "x y&z=+%"}, "/a%20b/order?id=x%20y%26z%3D%2B%25"),
        ("/all", {"pk": "ä", "sk": "#1"}, "/one?a=%C3%A4&b=%231"),
    ],
)
def test_a_location_has_the_keys_that_are_read_from_the_query(
    by_query: Api, path: str, body: Json, location: str
) -> None:
    made = by_query.request("POST", path, body={**body, "note": "n"})
    assert made.status == 201
    assert by_query.path_of(made.headers["location"]) == location
    found = by_query.get(location)
    assert (found.status, found.json) == (200, {**made.json, "note": "n"})


@pytest.fixture(scope="module")
def by_query(local_aws: LocalAws) -> Api:
    create_table(local_aws, BY_QUERY)
    return deploy(local_aws, {"name": "by-query", "tables": [BY_QUERY], "routes": QUERY_ROUTES})


def test_the_body_of_a_created_item_has_its_prefixes_taken_off(api: Api) -> None:
    made = api.request("POST", "/customers/ann/orders", body={"note": "n"})
    assert made.json["pk"] == "ann"
    assert not made.json["sk"].startswith("ORDER#")


def _headers(*routes: Json) -> set[str]:
    definition = compile_api({"name": "a", "tables": [TABLE], "routes": list(routes)}, [TEMPLATES]).definition
    return set(definition["paths"]["/new"]["post"]["responses"]["201"]["headers"])


@pytest.mark.parametrize(
    "key",
    [
        {"pk": "path.pk", "sk": "header.sk"},
        {"pk": "path.pk", "sk": "claims.sub"},
        {"pk": "path.pk", "sk": "path.pk"},
        {"pk": "path.pk", "sk": "ORDER#{path.sk}"},
        {"pk": "path.pk", "sk": {"value": "other"}},
    ],
)
def test_there_is_no_location_that_no_route_reads(key: Json) -> None:
    create = {"route": "POST /new", "action": "PutItem", "key": {"pk": "body.pk", "sk": "body.sk"}}
    path = "/x/{pk}/{sk}" if "path.sk" in str(key) else "/x/{pk}"
    assert "Location" not in _headers(create, {"route": f"GET {path}", "action": "GetItem", "key": key})
    assert "Location" in _headers(create, {"route": "GET /y/{pk}/{sk}", "action": "GetItem"})


def test_strip_prefix_of_an_answer_without_a_body_is_an_error() -> None:
    route = {"route": "PUT /x/{sk}", "action": "PutItem", "key": {"pk": "A#{path.sk}"}, "strip_prefix": True}
    with pytest.raises(ValidationErrors, match="strip_prefix has no effect, because 204 has no body"):
        compile_api({"name": "a", "tables": [TABLE], "routes": [route]}, [TEMPLATES])
