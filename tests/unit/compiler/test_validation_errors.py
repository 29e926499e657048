# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Each error that a user can make is told with its place and its remedy, and all of them at once."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from ansible_collections.codeless.apigateway.plugins.plugin_utils.compiler import ValidationErrors, compile_api
from ansible_collections.codeless.apigateway.plugins.plugin_utils.compiler.actions import ACTIONS
from ansible_collections.codeless.apigateway.plugins.plugin_utils.compiler.routes.route import ROUTE_OPTIONS

from unit.compiler.specs import ORDERS, TEMPLATES, Json, orders

QUERY = {"route": "GET /customers/{customer}/orders", "action": "Query"}
GET_ITEM = {"route": "GET /customers/{customer}/orders/{placed_at}", "action": "GetItem"}


def errors_of(spec: Any) -> list[str]:
    with pytest.raises(ValidationErrors) as caught:
        compile_api(spec, [TEMPLATES])
    assert str(caught.value) == "\n".join(map(str, caught.value.errors))
    return [str(error) for error in caught.value.errors]


def table(**words: Any) -> Json:
    """A spec whose table `orders` has these members in place of its own, and one route that is right."""
    changed = {**copy.deepcopy(ORDERS), **words}
    return orders(QUERY, tables=[{word: value for word, value in changed.items() if value is not None}])


def query(**words: Any) -> Json:
    return orders({**QUERY, **words})


def get_item(**words: Any) -> Json:
    return orders({**GET_ITEM, **words})


ROUTE = 'routes[0] "GET /customers/{customer}/orders": '
ITEM = 'routes[0] "GET /customers/{customer}/orders/{placed_at}": '
TABLE = 'tables[0] "orders": '
INDEX = 'tables[0] "orders" indexes[0] "x-index": '
KNOWN_OPTIONS = ", ".join(ROUTE_OPTIONS)
KNOWN_ACTIONS = ", ".join(ACTIONS)
QUERY_OPTIONS = ", ".join(ACTIONS["Query"].options)


def paths(*texts: str) -> Json:
    """Routes with templates of their own, so that only their paths can be wrong."""
    return orders(
        *({"route": text, "action": "Query", "request_template": "{}"} for text in texts),
    )


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        # the spec itself
        ("orders", "spec: the description is not a mapping. Write name, tables and routes."),
        (orders(QUERY, name=None), "spec: name is missing. Write name: orders."),
        (orders(QUERY, name=" "), "spec: name is ' ', not text. Write name: orders."),
        (
            orders(QUERY, stage="pre prod"),
            "stage: 'pre prod' is not a valid stage name. Write 1 to 128 letters, digits, hyphens or underscores.",
        ),
        (
            orders(QUERY, stage="x" * 129),
            f"stage: {'x' * 129!r} is not a valid stage name. Write 1 to 128 letters, digits, hyphens or underscores.",
        ),
        (
            orders(QUERY, route=[]),
            "spec: unknown option 'route'. Write routes "
            "(known: name, description, stage, tables, routes, cors, authorizers, auth, api_key, public).",
        ),
        (orders(), 'spec: there are no routes. Write routes: [{route: "GET /orders/{id}", action: GetItem}].'),
        (
            orders(QUERY, tables=[]),
            "spec: there are no tables. Write tables: [{name: orders, hash_key: id, attributes: {id: S}}].",
        ),
        (
            orders(QUERY, tables="orders"),
            "spec: tables is 'orders', not a list. Put a dash before each entry: - {name: …}.",
        ),
        (orders("GET /"), "routes[0]: 'GET /' is not a mapping. Write {route: …}."),
        # cors
        (
            orders(QUERY, cors="*"),
            "spec: cors is '*'. Write cors: {allow_origin: \"https://example.com\"}, or cors: false.",
        ),
        (
            orders(QUERY, cors={"allow_origins": "*"}),
            "cors: unknown option 'allow_origins'. Write allow_origin (known: allow_origin, allow_headers, max_age).",
        ),
        (
            orders(QUERY, cors={"allow_origin": "x'y"}),
            'cors: allow_origin "x\'y" is not an origin. Write "*", or a scheme and host: "https://example.com".',
        ),
        (
            orders(QUERY, cors={"allow_headers": "X-A"}),
            "cors: allow_headers 'X-A' is not a list of header names. Write allow_headers: [Content-Type].",
        ),
        (
            orders(QUERY, cors={"max_age": "long"}),
            "cors: max_age 'long' is not a number of seconds. Write max_age: 600.",
        ),
        # tables
        (table(name=None), "tables[0]: name is missing. Write name: orders."),
        (
            table(name="or"),
            "tables[0] \"or\": 'or' is not a valid table name in DynamoDB. "
            "Write 3 to 255 letters, digits, underscores, hyphens or dots.",
        ),
        (table(hash_key=None), TABLE + "hash_key is missing. Write hash_key: id."),
        (
            table(hash_key="custmer"),
            TABLE + "hash_key 'custmer' is not in attributes. "
            "Write customer (known: customer, placed_at, status, total, paid), or add custmer: S to attributes.",
        ),
        (
            table(range_key="paid"),
            TABLE + "range_key 'paid' has the type BOOL. Use one of the types of keys: S, N, B.",
        ),
        (
            table(range_key="customer"),
            TABLE + "hash_key and range_key are both 'customer'. Name two different attributes, or remove range_key.",
        ),
        (
            table(attributes={**ORDERS["attributes"], "tags": "ss"}),
            TABLE + "attribute 'tags' has the unknown type 'ss'. "
            "Write SS (known: S, N, B, BOOL, NULL, M, L, SS, NS, BS).",
        ),
        (
            table(attributes={**ORDERS["attributes"], "x": {"type": "s"}}),
            TABLE + "attribute 'x' has the unknown type 's'. Write S (known: S, N, B, BOOL, NULL, M, L, SS, NS, BS).",
        ),
        (
            table(attributes={**ORDERS["attributes"], "a\nb": "S"}),
            TABLE + "attribute 'a\\nb' is empty or contains control characters. Write a printable name.",
        ),
        (
            table(hash_key="k" * 256, attributes={**ORDERS["attributes"], "k" * 256: "S"}),
            TABLE + f"hash_key {'k' * 40!r}… is longer than 255 bytes. Write a shorter name.",
        ),
        (
            table(indexs=[]),
            TABLE + "unknown option 'indexs'. Write indexes (known: name, hash_key, range_key, attributes, indexes, "
            "local_indexes, version_attribute, ttl_attribute, crud, billing_mode, deletion_protection, encryption_key, "
            "items_mode, managed, on_demand_throughput, point_in_time_recovery, purge_indexes, purge_tags, "
            "read_capacity, recovery_period_in_days, stream_view_type, table_class, tags, warm_throughput, "
            "write_capacity).",
        ),
        (table(partition_key="customer"), TABLE + "unknown option 'partition_key'. Write hash_key."),
        (
            table(attributes={**ORDERS["attributes"], False: "S"}),
            "tables[0] attributes: YAML reads a key in it as true or false. "
            "Put keys such as on, off, yes and no in quotes.",
        ),
        (
            orders(QUERY, tables=[ORDERS, ORDERS]),
            "tables[1] \"orders\": table 'orders' is listed twice. Write one entry for each table.",
        ),
        # indexes
        (
            table(indexes=[{"name": "x-index"}]),
            INDEX + "hash_key is missing. Write hash_key: id.",
        ),
        (
            table(indexes=[{"name": "x-index", "hash_key": "state"}]),
            INDEX + "hash_key 'state' is not in attributes. "
            "Write status (known: customer, placed_at, status, total, paid), or add state: S to attributes.",
        ),
        (
            table(indexes=[{"name": "x y", "hash_key": "status"}]),
            'tables[0] "orders" indexes[0] "x y": \'x y\' is not a valid index name in DynamoDB. '
            "Write 3 to 255 letters, digits, underscores, hyphens or dots.",
        ),
        (
            table(indexes=[{"name": "x-index", "hash_key": "status", "range": "total"}]),
            INDEX + "unknown option 'range'. Write range_key (known: name, hash_key, range_key, projection).",
        ),
        (
            table(local_indexes=[{"name": "x-local", "hash_key": "status", "range_key": "total"}]),
            'tables[0] "orders" local_indexes[0] "x-local": unknown option \'hash_key\'. '
            "Write one of: name, range_key, projection.",
        ),
        (
            table(local_indexes=[{"name": "by_status", "range_key": "total"}]),
            'tables[0] "orders" local_indexes[0] "by_status": index \'by_status\' is listed twice. '
            "Give each index of a table its own name.",
        ),
        (
            table(local_indexes=[{"name": "x-local"}]),
            'tables[0] "orders" local_indexes[0] "x-local": range_key is missing. Write range_key: id.',
        ),
        (
            table(indexes=[{"name": "x-index", "hash_key": "status"}, {"name": "x-index", "hash_key": "total"}]),
            'tables[0] "orders" indexes[1] "x-index": index \'x-index\' is listed twice. '
            "Give each index of a table its own name.",
        ),
        # paths
        (orders({"action": "Query"}), 'routes[0]: route is missing. Write route: "GET /orders/{id}".'),
        (
            paths("/orders"),
            'routes[0] "/orders": a route has a method and a path. Write it like "GET /orders/{id}".',
        ),
        (
            paths("get /orders"),
            "routes[0] \"get /orders\": unknown method 'get'. "
            "Write GET (known: GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS, ANY).",
        ),
        (
            paths("GET orders"),
            "routes[0] \"GET orders\": the path 'orders' does not start with a slash. Write /orders.",
        ),
        (
            paths("GET /orders/"),
            "routes[0] \"GET /orders/\": the path '/orders/' has an empty segment. "
            "Remove double slashes and the slash at the end.",
        ),
        (
            paths("GET /a b"),
            'routes[0] "GET /a b": a route has a method and a path. Write it like "GET /orders/{id}".',
        ),
        (
            paths("GET /a%20b"),
            "routes[0] \"GET /a%20b\": 'a%20b' is not a valid path segment in API Gateway. "
            "Write letters, digits, or any of . _ - : $ ,.",
        ),
        (
            paths("GET /x{id}"),
            "routes[0] \"GET /x{id}\": 'x{id}' is not a path parameter. "
            "Write a whole segment like {id}, or {proxy+} as the last one.",
        ),
        (
            paths("GET /{rest+}/x"),
            'routes[0] "GET /{rest+}/x": {rest+} is not the last part of the path. '
            "Move it to the end, or write {rest}.",
        ),
        (
            paths("GET /{id}/x/{id}"),
            "routes[0] \"GET /{id}/x/{id}\": the path has two parameters named 'id'. Give each its own name.",
        ),
        (
            paths("GET /a", "PUT /a", "GET /a"),
            'routes[2] "GET /a": GET /a is already defined in routes[0] "GET /a". Remove one of them.',
        ),
        (
            paths("GET /a/{x}", "GET /a/{y}/b"),
            'routes[1] "GET /a/{y}/b": {y} is at the place where routes[0] "GET /a/{x}" has {x}. '
            "Use one name for one place: {x}.",
        ),
        (
            paths("GET /a/{x}", "GET /a/{rest+}"),
            'routes[1] "GET /a/{rest+}": {rest+} is at the place where routes[0] "GET /a/{x}" has {x}. '
            "Use one name for one place: {x}.",
        ),
        (
            paths("OPTIONS /a"),
            'routes[0] "OPTIONS /a": OPTIONS is generated for each path (CORS). '
            "Remove the route, or write cors: false.",
        ),
        (
            paths(*(f"GET /a{number}/b" for number in range(151))),
            "routes: the paths need 302 resources, but an API can have at most 300. "
            "Split the routes into several APIs.",
        ),
        # actions and words
        (query(action=None), ROUTE + f"action is missing. Write action: one of {KNOWN_ACTIONS}."),
        (query(action="query"), ROUTE + f"unknown action 'query'. Write Query (known: {KNOWN_ACTIONS})."),
        (query(action="Truncate"), ROUTE + f"unknown action 'Truncate'. Write one of: {KNOWN_ACTIONS}."),
        (
            query(limits=5),
            ROUTE + f"unknown option 'limits'. Write limit (known: {KNOWN_OPTIONS}, {QUERY_OPTIONS}).",
        ),
        (
            get_item(limit=5),
            ITEM + f"unknown option 'limit'. Write one of: {KNOWN_OPTIONS}, {', '.join(ACTIONS['GetItem'].options)}.",
        ),
        (
            get_item(index="by_status"),
            ITEM + "GetItem cannot read an index. Leave index out, or write action: Query.",
        ),
        (query(summary=["x"]), ROUTE + "summary is a list, not text. Write summary: some text."),
        # tables and indexes of a route
        (query(table="order"), ROUTE + "unknown table 'order'. Write orders (known: orders)."),
        (
            orders(QUERY, tables=[ORDERS, {**ORDERS, "name": "archive"}]),
            ROUTE + "table is missing, and there are several tables. Write one of: orders, archive.",
        ),
        (
            query(index="by_state"),
            ROUTE + "table 'orders' has no index 'by_state'. Write by_status (known: by_status, by_total).",
        ),
        # keys and their sources
        (
            orders({"route": "GET /orders/{custmer}", "action": "Query"}),
            "routes[0] \"GET /orders/{custmer}\": the key attribute 'customer' has no source. "
            "Add {customer} to the path, or write key: {customer: query.customer}.",
        ),
        (
            orders({"route": "GET /orders/{customer}", "action": "GetItem"}),
            "routes[0] \"GET /orders/{customer}\": the key attribute 'placed_at' has no source. "
            "Add {placed_at} to the path, or write key: {placed_at: query.placed_at}.",
        ),
        (
            query(index="by_status"),
            ROUTE + "the key attribute 'status' has no source. "
            "Add {status} to the path, or write key: {status: query.status}.",
        ),
        (
            query(key={"total": "query.total"}),
            ROUTE + "key 'total' is not a key attribute of table 'orders'. Write one of: customer, placed_at.",
        ),
        (
            query(index="by_total", key={"totl": "query.total"}),
            ROUTE + "key 'totl' is not a key attribute of index 'by_total'. Write total (known: customer, total).",
        ),
        (
            query(key="query.customer"),
            ROUTE + "key is 'query.customer', not a mapping. Write key: {customer: query.customer}.",
        ),
        (
            query(key={"customer": "path.custmer"}),
            ROUTE + "key 'customer' comes from path.custmer, which is not in /customers/{customer}/orders. "
            "Write customer (known: customer).",
        ),
        (
            orders({"route": "GET /orders", "action": "Query", "key": {"customer": "path.customer"}}),
            "routes[0] \"GET /orders\": key 'customer' comes from path.customer, which is not in /orders. "
            "Add {customer} to the path.",
        ),
        (
            query(key={"customer": "querystring.c"}),
            ROUTE + "key 'customer' has a source of an unknown kind: 'querystring.c'. "
            "Write query (known: path, query, header, body, claims, context, stage), "
            "with a dot and a name as in query.status, or {value: a literal}.",
        ),
        (
            query(key={"customer": 7}),
            ROUTE + "key 'customer' has a source of an unknown kind: 7. "
            "Write one of: path, query, header, body, claims, context, stage, "
            "with a dot and a name as in query.status, or {value: 7}.",
        ),
        (
            query(key={"customer": "query"}),
            ROUTE
            + "key 'customer' has the source 'query', which has no valid name after query. Write it like query.name.",
        ),
        (
            query(key={"customer": "header.X Y"}),
            ROUTE + "key 'customer' has the source 'header.X Y', which has no valid name after header. "
            "Write it like header.name.",
        ),
        (
            query(key={"customer": "body.customer"}),
            ROUTE + "key 'customer' comes from body.customer, but a GET has no body. Use query.x or header.x, or POST.",
        ),
        (
            query(key={"customer": {"literal": "x"}}),
            ROUTE + "key 'customer' has a condition, but this action needs one value. "
            "Write key: {customer: query.customer}, or {value: a literal}.",
        ),
        (
            query(index="by_total", key={"total": {"value": "much"}}),
            ROUTE + "key 'total' is 'much', which is not a value of type N. Correct it.",
        ),
        (
            query(key={"customer": "query.next"}),
            ROUTE + "'customer' comes from query.next, which is reserved for pages. "
            "Give the parameter another name, as in query.customer.",
        ),
        (
            orders(
                {
                    "route": "POST /find",
                    "action": "GetItem",
                    "key": {"customer": "body.who", "placed_at": "body.who.when"},
                }
            ),
            'routes[0] "POST /find": body.who cannot be both a value and an object with who.when. '
            "Use two members of the body.",
        ),
        # limits
        (
            query(limit=0),
            ROUTE + "limit is 0. Write a whole number from 1 to 1000, or {default: 25, maximum: 100}.",
        ),
        (
            query(limit=1001),
            ROUTE + "limit is 1001. Write a whole number from 1 to 1000, or {default: 25, maximum: 100}.",
        ),
        (
            query(limit=True),
            ROUTE + "limit is true. Write a whole number from 1 to 1000, or {default: 25, maximum: 100}.",
        ),
        (
            query(limit={"maximum": 5000}),
            ROUTE + "limit's maximum is 5000. Write a whole number from 1 to 1000, or {default: 25, maximum: 100}.",
        ),
        (
            query(limit={"max": 50}),
            ROUTE + "limit has the unknown option 'max'. Write maximum (known: default, maximum).",
        ),
        (
            query(limit={"default": 50, "maximum": 20}),
            ROUTE + "limit's default 50 is above its maximum 20. Lower the default.",
        ),
        # templates of the user's own
        (
            query(request_template=["{}"]),
            ROUTE + "request_template is a list, not text. Write request_template: some text.",
        ),
        (
            query(request_template="  "),
            ROUTE + "request_template is '  ', not text. Write request_template: some text.",
        ),
        (
            query(request_template="{}", limit=5),
            ROUTE + "limit has no effect with request_template. Leave limit out.",
        ),
        (
            query(request_template="{}", key={"customer": "query.c"}),
            ROUTE + "key has no effect with request_template. Leave key out.",
        ),
        (
            query(response_templates="{}"),
            ROUTE + "response_templates is '{}', not a mapping. Write response_templates: {200: some VTL}.",
        ),
        (
            query(response_templates={200: 5}),
            ROUTE[:-2] + " response_templates: 200 is 5, not text. Write 200: some text.",
        ),
        (
            query(response_templates={404: "{}"}),
            ROUTE + "response_templates has a template for 404, which is not a status of DynamoDB. "
            "Write a template for 200, 400, 500, 503; it can set $context.responseOverride.status.",
        ),
        (
            query(request_template="x" * 307201),
            ROUTE + "its request template has 307201 bytes, but the limit of API Gateway is 307200. Shorten it.",
        ),
        (
            query(response_templates={200: "é" * 153601}),
            ROUTE + "its response template 200 has 307202 bytes, but the limit of API Gateway is 307200. Shorten it.",
        ),
    ],
)
def test_an_error_is_reported_with_its_place_and_remedy(spec: Any, expected: str) -> None:
    assert expected in errors_of(spec)


def test_a_document_over_the_import_limit_is_refused_with_its_size() -> None:
    template = "x" * 300_000
    spec = paths(*(f"GET /r{number}" for number in range(22)))
    for route in spec["routes"]:
        route["request_template"] = template
    (error,) = errors_of(spec)
    assert error.startswith(("routes: the document has 66", "routes: the document has 67"))
    assert error.endswith("bytes, but the limit of API Gateway is 6291456. Split the routes into several APIs.")


def test_all_errors_are_reported_at_once_and_none_twice() -> None:
    spec = orders(
        {"route": "GET /a/{x}", "action": "Querry"},
        {"route": "GET /b/{customer}", "action": "GetItem", "limit": 7},
        {"route": "GET /b/{customer}", "action": "Query", "index": "by_stat"},
        stage="a b",
        cors={"max_age": -1},
    )
    places = [error.split(":")[0] for error in errors_of(spec)]
    assert sorted(places) == sorted(
        [
            "stage",
            "cors",
            'routes[0] "GET /a/{x}"',
            'routes[1] "GET /b/{customer}"',
            'routes[1] "GET /b/{customer}"',
            'routes[2] "GET /b/{customer}"',
            'routes[2] "GET /b/{customer}"',
        ]
    )


def test_an_unknown_option_of_a_table_hides_no_error_of_its_routes() -> None:
    found = errors_of({**table(indizes=[]), "routes": [{"route": "GET /orders", "action": "Query"}]})
    assert [text.partition(":")[0] for text in found] == ['tables[0] "orders"', 'routes[0] "GET /orders"']


def test_a_route_gets_no_error_for_an_invalid_table() -> None:
    spec = orders(QUERY, tables=[{**ORDERS, "range_key": "nowhere"}])
    (error,) = errors_of(spec)
    assert error.startswith("tables[0]")
