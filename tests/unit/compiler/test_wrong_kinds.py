# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Whatever stands in a description, it compiles to a document that can be imported, or gets an error in its terms."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from ansible_collections.codeless.apigateway.plugins.plugin_utils.compiler import (
    ValidationErrors,
    compile_api,
    vtl_files,
)
from ansible_collections.codeless.apigateway.plugins.plugin_utils.compiler.actions import ACTIONS
from ansible_collections.codeless.apigateway.plugins.plugin_utils.compiler.vtl.syntax import syntax_error

from unit.compiler.specs import TEMPLATES, Json

POOL = "arn:aws:cognito-idp:eu-central-1:123456789012:userpool/eu-central-1_a"
WHO = {
    "lambda": "arn:aws:lambda:eu-central-1:123456789012:function:who",
    "type": "request",
    "identity": ["header.T", "stage.x"],
    "cache": 60,
    "role": "arn:aws:iam::123456789012:role/r",
}
TABLE: Json = {
    "name": "orders",
    "hash_key": "pk",
    "range_key": "sk",
    "attributes": {"pk": "S", "sk": "S", "n": "N", "m": "M", "s": "SS", "t": "S", "at": "N"},
    "indexes": [{"name": "by_n", "hash_key": "t", "range_key": "n", "projection": {"include": ["at"]}}],
    "local_indexes": [{"name": "by_t", "range_key": "t", "projection": "ALL"}],
    "ttl_attribute": "at",
}
KEY = {"pk": "P#{path.p}", "sk": {"value": "profile"}}
METHODS = {"GetItem": "GET", "Query": "GET", "Scan": "GET", "UpdateItem": "PATCH", "DeleteItem": "DELETE"}
WORDS: Json = {
    "GetItem": {"key": KEY, "projection": ["n", "t"], "consistent": True, "strip_prefix": True},
    "Query": {
        "key": {"pk": "P#{path.p}", "sk": {"between": ["query.a", "query.b"], "optional": True}},
        "filter": {"t": "query.t", "n": {"exists": True}},
        "projection": ["n"],
        "order": "query.order",
        "consistent": True,
        "count_only": False,
        "strip_prefix": True,
        "limit": {"default": 5, "maximum": 10},
    },
    "Scan": {
        "index": "by_n",
        "filter": {"m": {"exists": False}, "t": {"begins_with": "query.t", "optional": True}},
        "projection": ["n"],
        "consistent": False,
        "count_only": False,
        "limit": 5,
    },
    "PutItem": {
        "key": {"pk": "P#{path.p}", "sk": "body.m.city"},
        "attributes": ["m", "s", "t"],
        "required": ["t"],
        "defaults": {"t": "a", "m": {"a": [1]}},
        "set": {"n": "body.m.size", "at": "header.X-At"},
        "exists": False,
        "strip_prefix": True,
    },
    "UpdateItem": {
        "key": {"pk": "P#{path.p}", "sk": "claims.sub"},
        "attributes": ["n", "t"],
        "counters": ["n"],
        "set": {"at": {"value": "2026-01-31T12:00:00Z"}},
        "exists": "any",
        "strip_prefix": True,
    },
    "DeleteItem": {"key": KEY, "exists": True, "returns": "old", "strip_prefix": True},
    "BatchGetItem": {
        "keys": "body.keys",
        "maximum": 5,
        "key": {"pk": "P#{path.p}", "sk": "S#{each}"},
        "projection": ["n"],
        "consistent": True,
        "strip_prefix": True,
    },
    "TransactGetItems": {"keys": "query.keys", "maximum": 5, "key": {"pk": "path.p"}, "projection": ["n"]},
    "BatchWriteItem": {
        "key": {"pk": "path.p"},
        "attributes": ["t"],
        "required": ["t"],
        "set": {"n": "stage.n"},
        "maximum": 5,
    },
    "TransactWriteItems": {
        "key": {"pk": "context.extendedRequestId"},
        "attributes": ["t"],
        "required": ["t"],
        "set": {"n": "query.n"},
        "exists": True,
        "maximum": 5,
    },
    "ExecuteStatement": {
        "statement": 'SELECT * FROM "orders" WHERE pk = ? AND n = ?',
        "parameters": [{"S": "path.p"}, {"N": {"value": 5}}],
        "consistent": True,
        "limit": {"default": 5},
    },
}

WRONG: dict[str, Any] = {
    "null": None,
    "true": True,
    "false": False,
    "number": 12.5,
    "huge number": 10**5000,
    "infinite": float("inf"),
    "not a number": float("nan"),
    "empty text": "",
    "blank": " ",
    "text": "x",
    "source": "query.x",
    "long text": "x" * 100_000,
    "braces": "{x}",
    "line break": "a\nb",
    "unicode": "ключ 🔑",
    "surrogate": "\ud800",
    "VTL": "$a #end \"' \\",
    "empty list": [],
    "list": ["x"],
    "list of numbers": [1, 1],
    "nested list": [["x"], ["y"]],
    "list of mappings": [{"x": ["y"]}],
    "empty mapping": {},
    "mapping": {"x": "y"},
    "literal": {"value": "x"},
    "literal of a list": {"value": ["x"]},
    "mapping of null": {"x": None},
    "mapping with names of other kinds": {None: 1, 2: [], (3,): {}, "\ud800": 4, "x" * 1000: 5},
}
_PYTHON = re.compile(
    r"\bNone\b|NoneType|has no attribute|unhashable|Traceback|<class|<built-in|not subscriptable|out of range|"
    r"not iterable|Decimal\(|unexpected keyword|positional argument|'required'"
)


def _route(action: str) -> Json:
    return {
        "route": f"{METHODS.get(action, 'POST')} /x/{{p}}",
        "action": action,
        "table": "orders",
        "response_templates": {200: "{}"} if action == "Scan" else {},
        "summary": "s",
        "description": "d",
        "operation_id": "o",
        "expect": [{"path": {"p": "a"}, "headers": {"X-At": "a"}, "status": 400}],
        **WORDS[action],
    }


def _spec(*routes: Json) -> Json:
    return {
        "name": "shop",
        "description": "d",
        "stage": "dev",
        "tables": [TABLE],
        "routes": list(routes),
        "cors": {"allow_origin": "https://example.com", "allow_headers": ["Content-Type"], "max_age": 5},
        "authorizers": {"users": {"user_pools": [POOL], "identity": "header.T", "pattern": "p"}, "who": WHO},
        "auth": {"users": ["orders/read"]},
        "api_key": True,
        "public": False,
    }


def _places(value: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the place of each value within a description."""
    if place:
        yield place
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, member in members:
        yield from _places(member, (*place, name))


def _changed(value: Any, place: tuple[Any, ...], wrong: Any) -> Any:
    """Return a copy of a description with another value at one place."""
    if not place:
        return wrong
    copied = dict(value) if isinstance(value, dict) else list(value)
    copied[place[0]] = _changed(copied[place[0]], place[1:], wrong)
    return copied


def _check(spec: Any) -> None:
    """Compile a description: it gives what can be imported, or errors of one line that speak of no Python."""
    try:
        api = compile_api(spec, [TEMPLATES])
    except ValidationErrors as errors:
        assert errors.errors
        for error in map(str, errors.errors):
            error.encode()
            assert len(error.splitlines()) == 1
            assert len(error) < 2500
            assert not _PYTHON.search(error)
    else:
        for part in (api.definition, api.policy, api.expectations):
            json.dumps(part, allow_nan=False, ensure_ascii=False).encode()


def _check_all(spec: Json, places: list[tuple[Any, ...]]) -> None:
    for place in places:
        for name, wrong in WRONG.items():
            try:
                _check(_changed(spec, place, wrong))
            except Exception as error:
                raise AssertionError(f"{name} at {place}") from error


def test_whatever_stands_beside_the_routes_is_compiled_or_an_error() -> None:
    spec = _spec(_route("GetItem"))
    compile_api(spec, [TEMPLATES])
    _check_all(spec, [place for place in _places(spec) if place[0] != "routes" or len(place) < 3])
    for wrong in WRONG.values():
        _check(wrong)


@pytest.mark.parametrize("action", ACTIONS)
def test_whatever_stands_in_a_route_is_compiled_or_an_error(action: str) -> None:
    assert set(WORDS[action]) <= set(ACTIONS[action].options)
    spec = _spec(_route(action))
    compile_api(spec, [TEMPLATES])
    _check_all(spec, [place for place in _places(spec) if place[0] == "routes" and len(place) > 2])


@pytest.mark.parametrize("name", ["user id", "$x.y #end", "a'b\"c\\", "имя", "x" * 200, "class", "0"])
def test_an_attribute_may_have_any_name(name: str) -> None:
    """The key, the values and the attributes of the body: what an action compiles to is JSON and Velocity."""
    table = json.loads(json.dumps(TABLE).replace('"pk"', json.dumps(name)).replace('"t"', json.dumps(f"{name}?")))
    routes = json.loads(json.dumps([_route(action) for action in ACTIONS]).replace('"t"', json.dumps(f"{name}?")))
    for at, route in enumerate(routes):
        key = route.get("key", {})
        route.update({"route": route["route"].replace("/x/", f"/{at}/"), "operation_id": f"o{at}"})
        if "pk" in key:
            key[name] = key.pop("pk")
    definition = compile_api({**_spec(*routes), "tables": [table]}, [TEMPLATES]).definition
    for template in vtl_files(definition).values():
        assert syntax_error(template) is None


@pytest.mark.parametrize("names", [["user id"], ["id", "user id"], ["имя", "class name"], ["a: b"], ["{id}"], ["no?"]])
def test_the_advice_for_a_key_that_no_path_can_name_compiles(names: list[str]) -> None:
    table = {"name": "orders", **dict(zip(("hash_key", "range_key"), names, strict=False))}
    table["attributes"] = dict.fromkeys(names, "S")
    spec = {"name": "shop", "tables": [{**table, "crud": "/orders/{id}"}]}
    with pytest.raises(ValidationErrors) as caught:
        compile_api(spec, [TEMPLATES])
    (error,) = caught.value.errors
    assert "as the name of a path parameter" in error.problem
    route = yaml.safe_load(error.remedy.removeprefix("write routes instead of crud, like "))
    compile_api({**spec, "tables": [table], "routes": [route]}, [TEMPLATES])


@pytest.mark.parametrize("name", ["user id", "имя", "a: b", "limit", "no", "x.y"])
@pytest.mark.parametrize("route", [{"route": "GET /x", "action": "GetItem"}, {"route": "GET /x", "action": "Query"}])
def test_the_advice_for_a_key_without_a_source_compiles(route: Json, name: str) -> None:
    spec = {"name": "shop", "tables": [{"name": "orders", "hash_key": name, "attributes": {name: "S"}}]}
    with pytest.raises(ValidationErrors) as caught:
        compile_api({**spec, "routes": [route]}, [TEMPLATES])
    (error,) = caught.value.errors
    key = yaml.safe_load(error.remedy.partition("write key: ")[2])
    compile_api({**spec, "routes": [{**route, "key": key}]}, [TEMPLATES])


def _endless() -> list[Any]:
    endless: list[Any] = []
    endless += [endless, endless]
    return endless


def _nested(levels: int) -> Any:
    nested: Any = "x"
    for _level in range(levels):
        nested = [nested]
    return nested


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (_endless(), "it has more than 100 levels. Write fewer levels, and no YAML alias within its own anchor."),
        (_nested(2000), "it has more than 100 levels. Write fewer levels, and no YAML alias within its own anchor."),
        (10**300, "a number has more than 300 digits. Write a smaller number, or put text in quotes."),
        (float("nan"), "nan is not a number in JSON. Write a finite number, or put text in quotes."),
        (
            "a\ud800",
            r"'a\\ud800' contains half of a surrogate pair, which UTF-8 cannot encode. Write the whole character.",
        ),
        ({(1,): 2}, "the key (1,) is not text. Put it in quotes."),
    ],
    ids=["endless", "2000 levels", "number", "not a number", "surrogate", "name"],
)
def test_what_has_no_form_in_json_is_an_error_at_its_place(value: Any, expected: str) -> None:
    spec = _spec({**_route("PutItem"), "defaults": {"m": {"a": value}}})
    with pytest.raises(ValidationErrors) as caught:
        compile_api(spec, [TEMPLATES])
    (error,) = caught.value.errors
    assert error.where.startswith("routes[0] defaults m a")
    assert str(error).endswith(f": {expected}")


@pytest.mark.parametrize(
    ("key", "attribute"),
    [({"pk": "path.p", "sk": "body.m.city"}, "M"), ({"pk": "path.p", "sk": "body.other.city"}, "S")],
)
@pytest.mark.parametrize("method", ["PUT", "POST", "PATCH"])
def test_a_value_within_a_map_of_the_body_is_taken(method: str, key: Json, attribute: str) -> None:
    action = "UpdateItem" if method == "PATCH" else "PutItem"
    table = {**TABLE, "attributes": {**TABLE["attributes"], "m": attribute}}
    route = {"route": f"{method} /x/{{p}}", "action": action, "key": key, "set": {"n": "body.size.n"}}
    definition = compile_api({**_spec(route), "tables": [table]}, [TEMPLATES]).definition
    (body,) = [schema for name, schema in definition["components"]["schemas"].items() if name.endswith("Body")]
    name = key["sk"].split(".")[1]
    assert body["properties"][name]["properties"] == {"city": {"type": "string", "minLength": 1}}
    assert body["properties"]["size"]["properties"] == {"n": {"type": "number"}}
    assert set(body["required"]) == {name, "size"}


@pytest.mark.parametrize(
    ("key", "error"),
    [
        (
            {"sk": "body.t.city"},
            "body.t cannot be both a value and an object with t.city. Use two members of the body.",
        ),
        (
            {"sk": "body.s.city"},
            "body.s cannot be both a value and an object with s.city. Use two members of the body.",
        ),
        (
            {"sk": "body.pk.city"},
            "body.pk cannot be both a value and an object with pk.city. Use two members of the body.",
        ),
        ({"sk": "body.n"}, "body.n would be number and string. Use two members of the body."),
    ],
)
def test_a_member_of_the_body_is_one_thing(key: Json, error: str) -> None:
    route = {"route": "PUT /x/{p}", "action": "PutItem", "key": {"pk": "path.p", **key}}
    with pytest.raises(ValidationErrors) as caught:
        compile_api(_spec(route), [TEMPLATES])
    assert [str(one) for one in caught.value.errors] == [f'routes[0] "PUT /x/{{p}}": {error}']


def test_a_list_of_keys_holds_no_other_value() -> None:
    route = {"route": "POST /x", "action": "BatchGetItem", "keys": "body.keys", "key": {"pk": "body.keys.pk"}}
    with pytest.raises(ValidationErrors, match=r"body\.keys cannot be both a value and an object with keys\.pk"):
        compile_api(_spec(route), [TEMPLATES])


def test_a_member_of_the_body_that_is_no_attribute_can_be_set_from() -> None:
    route = {
        "route": "PUT /x/{p}",
        "action": "PutItem",
        "key": {"pk": "path.p", "sk": "path.p"},
        "set": {"n": "body.size"},
    }
    definition = compile_api(_spec(route), [TEMPLATES]).definition
    template = definition["paths"]["/x/{p}"]["put"]["x-amazon-apigateway-integration"]["requestTemplates"]
    assert "'size'" in template["application/json"].partition("$known = ")[2].splitlines()[0]
