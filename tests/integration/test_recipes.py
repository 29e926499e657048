# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Every recipe of docs/recipes.md works as documented: deploy it, send its requests, and read its tables.

A recipe is a section (`##`) of the page with fenced blocks, which are carried out in their order:

- `yaml`: the role's variables. The items of `service_proxy_items` are put into the tables first.
- `http`: a request, or (beginning with `HTTP/1.1`) the answer to the request before. A header of the answer must be as
  it stands there; others are not looked at. `…` in a header or in a text of the body stands for any text.
- `json`: all items that the tables hold now, in DynamoDB's JSON, by the table's name.

A recipe with an authorizer gets a user pool in place of `eu-central-1_example`. `{token of ann}` stands for the
identity token of its user ann, who has signed in, and `{sub of ann}` for the claim in it.
"""

from __future__ import annotations

import base64
import json
import re
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.codeless.apigateway.plugins.module_utils._dynamodb.typed_json import to_typed_item, to_wire
from ansible_collections.codeless.apigateway.plugins.module_utils._service_proxy.resource import planned
from ansible_collections.codeless.apigateway.plugins.plugin_utils.compiler import DESCRIPTION_OPTIONS, compile_api
from ansible_collections.codeless.apigateway.plugins.plugin_utils.compiler.actions import ACTIONS
from ansible_collections.codeless.apigateway.plugins.plugin_utils.compiler.actions.conditions import FILTER_OPERATORS
from ansible_collections.codeless.apigateway.plugins.plugin_utils.compiler.actions.model import Action

from convergence import Account, new_account_id
from integration.compiler.deployed import DIALECTS, Answer, Api, Aws, create_table, deploy, rehearsed
from integration.gateway.user_pool import Pool, make_pool
from smoke.sides import options
from unit.compiler.specs import TEMPLATES, Json

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "recipes.md").read_text(encoding="utf-8")
_SETS = ("SS", "NS", "BS")
_SECTION = re.compile(r"^## (.+?)\n(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
_OF_USER = re.compile(r"\{(token|sub) of (\w+)\}")
_FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Recipe:
    """A section of the page: its title, the variables of the role, and the following blocks, each with its language."""

    title: str
    variables: Json
    steps: tuple[tuple[str, str], ...]


def recipes(page: str) -> list[Recipe]:
    """Return the recipes of a page in their order."""
    found = []
    for title, text in _SECTION.findall(page):
        blocks = _FENCE.findall(text)
        assert blocks and blocks[0][0] == "yaml", f"{title}: its first block is no yaml"
        found.append(Recipe(title, yaml.safe_load(blocks[0][1]), tuple(blocks[1:])))
    return found


def signed_in(aws: Aws, recipe: Recipe, make: Callable[[Aws], Pool] = make_pool) -> Recipe:
    """Return the recipe with a new user pool, and the tokens and claims of its users."""
    text = json.dumps([recipe.variables, recipe.steps])
    users = {name for _member, name in _OF_USER.findall(text)}
    if not users:
        return recipe
    pool = make(aws)
    of_user = {("sub", name): pool.sign_up(name) for name in users}
    of_user |= {("token", name): pool.sign_in(name)["IdToken"] for name in users}
    text = text.replace("eu-central-1_example", pool.id)
    variables, steps = json.loads(_OF_USER.sub(lambda found: of_user[found[1], found[2]], text))
    return Recipe(recipe.title, variables, tuple((language, block) for language, block in steps))


@dataclass(frozen=True)
class Message:
    """A request or a response: its first line, its headers, and its body (empty if it has none)."""

    first: str
    headers: Mapping[str, str]
    body: str


def message(text: str) -> Message:
    """Return the message in a block."""
    head, _blank, body = text.partition("\n\n")
    first, *lines = head.strip().splitlines()
    headers = dict(line.split(": ", 1) for line in lines)
    return Message(first, headers, body.strip())


def data(text: str) -> Any:
    """Return the JSON in a body, with all digits of fractions; None for an empty body."""
    return json.loads(text, parse_float=Decimal) if text.strip() else None


def matches(written: Any, got: Any) -> bool:
    """Return whether the values are equal. `…` in an expected text stands for any text."""
    if isinstance(written, dict) and isinstance(got, dict):
        return written.keys() == got.keys() and all(matches(written[name], got[name]) for name in written)
    if isinstance(written, list) and isinstance(got, list):
        return len(written) == len(got) and all(map(matches, written, got))
    if isinstance(written, str) and isinstance(got, str):
        return re.fullmatch(".+".join(map(re.escape, written.split("…"))), got, re.DOTALL) is not None
    return type(written) is type(got) and bool(written == got)


@pytest.fixture
def tables(local_aws: Aws) -> Iterator[list[str]]:
    """Collect the names of the tables of a recipe, and delete them after it: the next one can use the names."""
    made: list[str] = []
    yield made
    for name in made:
        local_aws.client("dynamodb").delete_table(TableName=name)


def prepare(aws: Aws, variables: Json, tables: list[str]) -> Api:
    """Create the tables with their items, and deploy the routes."""
    spec = {word.removeprefix("service_proxy_"): value for word, value in variables.items()}
    items = spec.pop("items", {})
    for table in spec["tables"]:
        create_table(aws, table)
        tables.append(table["name"])
        for item in items.get(table["name"], ()):
            mistakes: list[str] = []
            typed = to_wire(to_typed_item(item, table["attributes"], mistakes, "item"))
            assert not mistakes
            aws.client("dynamodb").put_item(TableName=table["name"], Item=typed)
    return deploy(aws, {"name": f"recipe-{uuid.uuid4().hex[:8]}", **spec})


def send(api: Api, request: Message) -> Answer:
    """Send the request of a block."""
    method, path = request.first.split(" ")
    return api.request(method, path, headers=request.headers, body=request.body.encode() or None)


def check_answer(written: Message, answer: Answer) -> None:
    """Assert that the response is that of the block."""
    assert answer.status == int(written.first.split(" ")[1]), answer.body
    for name, value in written.headers.items():
        assert matches(value, answer.headers.get(name.lower())), f"{name}: {answer.headers.get(name.lower())}"
    assert matches(data(written.body), data(answer.body)), f"written {written.body}, got {answer.body}"


def stored(aws: Aws, table: str) -> list[Json]:
    """Return all items of a table in DynamoDB's JSON, sorted by their text, with sorted sets."""
    items = aws.client("dynamodb").scan(TableName=table, ConsistentRead=True)["Items"]
    return sorted(map(_ordered, items), key=_text)


def _text(item: Json) -> str:
    return json.dumps(item, sort_keys=True)


def _ordered(item: Json) -> Json:
    return {
        name: {kind: sorted(map(_plain, value)) if kind in _SETS else _plain(value) for kind, value in typed.items()}
        for name, typed in item.items()
    }


def _plain(value: Any) -> Any:
    """Return a value in DynamoDB's JSON, in which binary is base64. boto3 has decoded it."""
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value


def test_the_page_has_recipes() -> None:
    titles = [recipe.title for recipe in recipes(PAGE)]
    assert len(titles) > 5
    assert len(set(titles)) == len(titles)


def routes_of_the_page() -> list[Json]:
    return [route for recipe in recipes(PAGE) for route in recipe.variables["service_proxy_routes"]]


@pytest.mark.parametrize("action", ACTIONS.values(), ids=ACTIONS)
def test_an_action_has_a_recipe_with_each_of_its_words(action: Action) -> None:
    routes = [route for route in routes_of_the_page() if route["action"] == action.name]
    assert routes
    assert [word for word in action.options if not any(word in route for route in routes)] == []


@pytest.mark.parametrize("operator", FILTER_OPERATORS)
def test_a_condition_has_a_recipe(operator: str) -> None:
    written = [route.get(word, {}).values() for route in routes_of_the_page() for word in ("key", "filter")]
    assert any(operator in one for conditions in written for one in conditions if isinstance(one, dict))


@pytest.mark.parametrize("recipe", recipes(PAGE), ids=lambda recipe: re.sub(r"\W+", "-", recipe.title.lower()))
@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_recipe_works_as_documented(local_aws: Any, tables: list[str], dialect: str, recipe: Recipe) -> None:
    with rehearsed(local_aws, DIALECTS[dialect]):
        carry_out(local_aws, tables, recipe)


def carry_out(local_aws: Aws, tables: list[str], recipe: Recipe) -> None:
    """Deploy a recipe, send its requests, and compare the responses and the items with the page."""
    recipe = signed_in(local_aws, recipe)
    api = prepare(local_aws, recipe.variables, tables)
    carry_out_steps(local_aws, api, recipe)
    check_expectations(api, recipe.variables)


def carry_out_steps(aws: Aws, api: Api, recipe: Recipe) -> None:
    """Send the requests of a recipe, and compare the responses and the items with the page."""
    answers: list[Answer] = []
    for language, text in recipe.steps:
        if language == "json":
            for table, items in json.loads(text).items():
                assert matches(sorted(map(_ordered, items), key=_text), stored(aws, table))
        elif text.startswith("HTTP/1.1"):
            check_answer(message(text), answers[-1])
        else:
            assert language == "http", f"a block of {language} is none of a recipe"
            answers.append(send(api, message(text)))
    assert answers, "it has no request"


@pytest.mark.parametrize("recipe", recipes(PAGE), ids=lambda recipe: re.sub(r"\W+", "-", recipe.title.lower()))
def test_a_recipe_is_planned_by_the_module_of_the_role(local_aws: Any, recipe: Recipe) -> None:
    account = Account(partial(local_aws.client, access_key=new_account_id()))
    outcome = account.converge(planned, options("recipe", recipe.variables), check_mode=True)
    assert "apigateway:ImportRestApi" in outcome.as_result()["calls"]


def check_expectations(api: Api, variables: Json) -> None:
    """The routes of a recipe return the expected responses."""
    given = {"name": "recipe", **{name.removeprefix("service_proxy_"): value for name, value in variables.items()}}
    description = {option: given[option] for option in DESCRIPTION_OPTIONS if option in given}
    for expected in compile_api(description, [TEMPLATES]).expectations:
        answer = api.request(
            expected["method"],
            expected["path"],
            query=expected["query"],
            headers=expected["headers"],
            body=expected.get("body"),
        )
        assert answer.status == expected["status"], expected["name"]
        assert expected.get("answer", answer.json) == answer.json, expected["name"]


@pytest.mark.parametrize(
    ("written", "got", "same"),
    [
        ({"a": [1, "x…z"]}, {"a": [1, "xyz"]}, True),
        ({"a": 1}, {"a": 1, "b": 2}, False),
        ({"a": 1}, {"a": True}, False),
        ([1, 2], [1], False),
        ("…", "", False),
        ("a.c", "abc", False),
        (None, None, True),
    ],
)
def test_a_recipe_is_compared_in_full(written: Any, got: Any, same: bool) -> None:
    assert matches(written, got) is same
