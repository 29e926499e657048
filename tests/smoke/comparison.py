# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Deploy a recipe, or the features of templates, on both sides, send requests, and find the differences."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import yaml
from ansible_collections.codeless.apigateway.plugins.module_utils._engine.errors import AwsError

from integration.compiler.deployed import Answer, Api
from integration.gateway.user_pool import make_pool
from integration.test_recipes import Message, Recipe, data, matches, message, send, signed_in, stored
from smoke.sides import Side, renamed
from unit.compiler.specs import Json

PAUSE = 3.0
"""Seconds between two reads while AWS may not be consistent yet."""
_READS = ("GET", "HEAD", "OPTIONS")
NOT_DONE = (403, 429, 500, 503)
"""Statuses of requests while a role or a stage is not known everywhere yet. Such requests can be sent again."""

_FEATURES = Path(__file__).with_name("templates.yml")
_TABLE = "features"
# `=` before the result, because an empty attribute of DynamoDB would be a separate case.
_REQUEST = """#set($result = "")
{template}
{{
  "TableName": "{table}",
  "Key": {{"id": {{"S": "{key}"}}}},
  "UpdateExpression": "SET answer = :answer",
  "ExpressionAttributeValues": {{":answer": {{"S": "=$util.escapeJavaScript("$result").replaceAll("\\\\'", "'")"}}}},
  "ReturnValues": "ALL_NEW"
}}
{behind}"""
_RESPONSE = """{"result": "$util.escapeJavaScript($input.path('$.Attributes.answer.S')).replaceAll("\\\\'", "'")"}"""


@dataclass(frozen=True)
class Sides:
    """AWS and the local AWS, and how many seconds AWS may need to become consistent."""

    theirs: Side
    ours: Side
    patience: float

    def both(self) -> tuple[Side, Side]:
        return self.theirs, self.ours


@dataclass(frozen=True)
class Seen:
    """A result as text, and whether it is the result in the documentation."""

    good: bool
    text: str
    final: bool = True
    """Whether repeating the request is useless or harmful."""


def differing_recipe(sides: Sides, name: str, recipe: Recipe) -> Iterator[str]:
    """Deploy a recipe on both sides and execute its steps. Yield a text for each difference."""
    apis, steps = [], []
    side: Any
    for side in sides.both():
        filled = signed_in(side, recipe, partial(make_pool, name=name))
        apis.append(_deployed(side, name, filled.variables))
        steps.append(filled.steps)
    (their_api, theirs), (our_api, ours) = apis
    yield from _second_run(theirs, ours)
    requests: tuple[Message, ...] = ()
    for (language, their_text), (_language, our_text) in zip(*steps, strict=True):
        if language == "json":
            looks = [partial(_stored, sides.theirs, name, their_text), partial(_stored, sides.ours, name, our_text)]
            yield from compared("in the tables", looks, sides.patience)
        elif their_text.startswith("HTTP/1.1"):
            looks = [
                partial(_answered, their_api, requests[0], message(their_text)),
                partial(_answered, our_api, requests[1], message(our_text)),
            ]
            yield from compared(requests[0].first, looks, sides.patience)
        else:
            requests = (message(their_text), message(our_text))


def _deployed(side: Side, name: str, variables: Json) -> tuple[Api, list[str]]:
    try:
        url, again = side.deploy(name, renamed(variables, name))
    except AwsError as error:
        raise AwsError(f"{side.title}: {error.message}", error.code) from error
    return Api(url), again


def _second_run(theirs: list[str], ours: list[str]) -> Iterator[str]:
    if theirs or ours:
        yield _difference("a second run makes changes", str(ours), str(theirs))


def compared(what: str, looks: Sequence[Callable[[], Seen]], patience: float) -> Iterator[str]:
    """Yield a difference unless both sides have the documented result, or the same result."""
    theirs, ours = _settled(looks[0], patience), looks[1]()
    if not (theirs.good and ours.good) and theirs.text != ours.text:
        yield _difference(what, ours.text, theirs.text)


def _settled(look: Callable[[], Seen], patience: float) -> Seen:
    """Return the result as soon as it is the documented one, or the last result when `patience` is over."""
    deadline = time.monotonic() + patience
    while True:
        seen = look()
        if seen.good or seen.final or time.monotonic() + PAUSE > deadline:
            return seen
        time.sleep(PAUSE)


def _difference(what: str, ours: str, theirs: str) -> str:
    return f"  {what}\n    local: {ours}\n    AWS:   {theirs}"


def _answered(api: Api, request: Message, written: Message) -> Seen:
    answer = send(api, request)
    named = {name.lower(): answer.headers.get(name.lower()) for name in written.headers}
    headers = all(matches(value, named[name.lower()]) for name, value in written.headers.items())
    good = answer.status == int(written.first.split(" ")[1]) and headers and _same_body(written.body, answer.body)
    repeatable = request.first.split(" ")[0] in _READS or answer.status in NOT_DONE
    return Seen(good, f"{answer.status} {answer.body} {named or ''}".rstrip(), final=not repeatable)


def _same_body(written: str, body: str) -> bool:
    try:
        return matches(data(written), data(body))
    except json.JSONDecodeError:
        return written == body


def _stored(side: Any, name: str, written: str) -> Seen:
    tables = {table: stored(side, f"{name}-{table}") for table in json.loads(written)}
    wanted = {table: sorted(items, key=_order) for table, items in json.loads(written).items()}
    found = {table: sorted(items, key=_order) for table, items in tables.items()}
    return Seen(matches(wanted, found), json.dumps(found, sort_keys=True), final=False)


def _order(item: Json) -> str:
    return json.dumps(item, sort_keys=True)


def features() -> list[Json]:
    """Return the features of templates, each with `name`, `template`, and optionally `body` and `behind`."""
    found: list[Json] = yaml.safe_load(_FEATURES.read_text(encoding="utf-8"))
    return found


def differing_features(sides: Sides, name: str) -> Iterator[str]:
    """Deploy a route for each feature on both sides and send a request to it. Yield a text for each difference."""
    variables = _feature_variables(features())
    (their_api, theirs), (our_api, ours) = (_deployed(side, name, variables) for side in sides.both())
    yield from _second_run(theirs, ours)
    for number, feature in enumerate(features()):
        request = Message(f"POST /features/{number}", {"X-Smoke": "yes"}, feature.get("body", "{}"))
        expected = _result(send(our_api, request))
        seen = _settled(partial(_as_expected, their_api, request, expected), sides.patience)
        if not seen.good:
            yield _difference(feature["name"], expected, seen.text)


def _as_expected(api: Api, request: Message, expected: str) -> Seen:
    answer = send(api, request)
    return Seen(_result(answer) == expected, _result(answer), final=answer.status not in NOT_DONE)


def _result(answer: Answer) -> str:
    return f"{answer.status} {answer.body}"


def feature_template(table: str, key: str, template: str, behind: str = "") -> Json:
    """Return the templates of a route that responds with the value that a template sets in `$result`.

    The item with the key stores the result, so that the response comes from DynamoDB like all responses.
    """
    request = _REQUEST.format(table=table, key=key, template=template, behind=behind)
    return {"request_template": request, "response_templates": {200: _RESPONSE}}


def _feature_variables(listed: list[Json]) -> dict[str, Any]:
    routes = [
        {
            "route": f"POST /features/{number}",
            "action": "UpdateItem",
            **feature_template(_TABLE, str(number), feature["template"], feature.get("behind", "")),
        }
        for number, feature in enumerate(listed)
    ]
    table = {"name": _TABLE, "hash_key": "id", "attributes": {"id": "S", "answer": "S"}}
    return {"service_proxy_tables": [table], "service_proxy_routes": routes}
