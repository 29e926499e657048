# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Questions to AWS: the assumptions of the collection that no recording proves, the most dangerous one first.

Each question has the answer that the collection assumes. If the collection also works with another answer, `handled`
is the reason. The questions share an API that the collection deploys, and a bare API whose settings they change. Both
have the name of the run.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import Any
from urllib.parse import quote, unquote

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.codeless.apigateway.plugins.module_utils._engine.client import Aws
from ansible_collections.codeless.apigateway.plugins.module_utils._engine.errors import AwsError
from ansible_collections.codeless.apigateway.plugins.module_utils._engine.resource import converge
from ansible_collections.codeless.apigateway.plugins.module_utils._rest_api import resource as _rest_api
from ansible_collections.codeless.apigateway.plugins.module_utils._rest_api.settings import api_settings
from ansible_collections.codeless.apigateway.plugins.modules.rest_api import SPEC
from botocore.exceptions import BotoCoreError, ClientError

from integration.compiler.deployed import Answer, Api
from smoke.comparison import NOT_DONE, PAUSE, feature_template
from smoke.report import AS_EXPECTED, DIFFERENT, FAILED, HANDLED, NOT_ASKED, Entry, Report
from smoke.sides import STAGE, Side, renamed
from unit.compiler.specs import Json

TITLE = "Questions"
_MINUTE = 60.0
_WAITS_FOR_ROLE = 4
"""Factor on the patience for the first request: a new role takes 10 to 30 s (Terraform AWS provider issue 6566)."""

_ATTRIBUTES = {
    "id": "S",
    "note": "S",
    "data": "M",
    "amount": "N",
    "blob": "B",
    "answer": "S",
    "list": "L",
    "nothing": "NULL",
    "expires": "N",
}
_PUT_ATTRIBUTES = ["note", "data", "list", "nothing", "expires"]
"""Each has another schema, so that the first import has every keyword that no recording shows."""
_WIDTH = 400
_WIDE_ITEMS = 3
_KEYS = {"%20": "a b", "%3A": "a:b", "+": "a+b", "é": "aéb"}


@dataclass
class Probe:
    """The target of the questions: AWS, the API of the collection, and the bare API, once they exist."""

    side: Side
    name: str
    patience: float
    variables: Json
    aws: Aws = field(init=False)
    api: Api | None = None
    bare_id: str = ""

    def __post_init__(self) -> None:
        self.aws = Aws(self.side.client, retry_seconds=_MINUTE)

    def send(self, method: str, path: str, body: Any = None) -> Answer:
        """Send a request. Repeat it while a role or a stage may not be known everywhere yet."""
        assert self.api
        deadline = time.monotonic() + self.patience
        while True:
            answer = self.api.request(method, path, body=body)
            if answer.status not in NOT_DONE or time.monotonic() + PAUSE > deadline:
                return answer
            time.sleep(PAUSE)

    def item(self, table: str, key: str) -> Json | None:
        """Return an item in DynamoDB's typed JSON; None if it does not exist."""
        params = {"TableName": f"{self.name}-{table}", "Key": {"id": {"S": key}}, "ConsistentRead": True}
        found: Json | None = self.aws.call("dynamodb", "GetItem", params).get("Item")
        return found


@dataclass(frozen=True)
class Question:
    """One question. `asked` describes how. A `vital` question stops the run if its answer is an error or DIFFERENT."""

    name: str
    asked: str
    expected: str
    ask: Callable[[Probe], str]
    handled: str = ""
    vital: bool = False


def ask_questions(
    side: Side, name: str, patience: float, chosen: Sequence[Question], report: Report
) -> Generator[str, None, bool]:
    """Ask the questions, add an entry to the report for each, and yield lines of progress.

    Return whether to continue. After a failed vital question the other questions are reported as not asked.
    """
    probe = Probe(side, name, patience, renamed(variables(), name))
    for number, question in enumerate(chosen, start=1):
        yield f"{number:3} of {len(chosen)}  {TITLE}: {question.name}"
        entry = _asked(probe, question)
        report.add(entry)
        yield f"    {entry.verdict} ({entry.seconds:.0f} s){_details(entry)}"
        if question.vital and entry.verdict in (FAILED, DIFFERENT):
            for left in chosen[number:]:
                report.add(Entry(f"{TITLE}: {left.name}", left.asked, left.expected, "", NOT_ASKED))
            yield "    The other questions need this to work."
            return False
    return True


def _details(entry: Entry) -> str:
    if entry.verdict == AS_EXPECTED:
        return ""
    return f"\n      expected: {entry.expected}\n      answered: {entry.answered}"


def _asked(probe: Probe, question: Question) -> Entry:
    begun = time.monotonic()
    try:
        answered = question.ask(probe)
    except (AwsError, ClientError, BotoCoreError, OSError, HTTPException, json.JSONDecodeError, KeyError) as error:
        answered, verdict = f"{type(error).__name__}: {error}", FAILED
    else:
        other = HANDLED if question.handled else DIFFERENT
        verdict = AS_EXPECTED if answered == question.expected else other
    if verdict == HANDLED:
        answered = f"{answered} ({question.handled})"
    seconds = round(time.monotonic() - begun, 1)
    return Entry(f"{TITLE}: {question.name}", question.asked, question.expected, answered, verdict, seconds)


def choose(listed: Sequence[Question], only: str) -> list[Question]:
    """Return the questions with this text in `Questions: name`, and the vital questions that they need."""
    text = only.lower()
    found = [one for one in listed if text in f"{TITLE}: {one.name}".lower()]
    return [one for one in listed if one in found or (one.vital and found)]


def variables() -> Json:
    """Return the variables of the role for the API of the questions."""
    wide = [
        {"id": f"wide-{number}", **{f"attribute{one:03}": one for one in range(_WIDTH)}}
        for number in range(_WIDE_ITEMS)
    ]
    return {
        "service_proxy_tables": [
            {
                "name": "things",
                "hash_key": "id",
                "attributes": _ATTRIBUTES,
                "ttl_attribute": "expires",
            },
            {"name": "wide", "hash_key": "id", "attributes": {"id": "S"}},
        ],
        "service_proxy_items": {"things": [{"id": "first", "note": "stored"}, {"id": "second"}], "wide": wide},
        "service_proxy_routes": [
            {"route": "GET /things/{id}", "action": "GetItem", "table": "things"},
            {"route": "PUT /things/{id}", "action": "PutItem", "table": "things", "attributes": _PUT_ATTRIBUTES},
            {"route": "PATCH /things/{id}", "action": "UpdateItem", "table": "things", "attributes": ["note"]},
            {
                "route": "POST /things",
                "action": "PutItem",
                "table": "things",
                "key": {"id": "body.id"},
                "attributes": ["note"],
            },
            {
                "route": "PUT /numbered/{id}",
                "action": "PutItem",
                "table": "things",
                "attributes": ["note"],
                "set": {"amount": "query.amount"},
            },
            {"route": "GET /same", "action": "TransactGetItems", "table": "things", "keys": "query.ids"},
            {"route": "POST /together", "action": "TransactWriteItems", "table": "things", "attributes": ["blob"]},
            {
                "route": "GET /statement/{id}",
                "action": "ExecuteStatement",
                "table": "things",
                "statement": 'SELECT id, note FROM "things" WHERE id = ?',
                "parameters": [{"S": "path.id"}],
            },
            {
                "route": "GET /statement/{id}/amount",
                "action": "ExecuteStatement",
                "table": "things",
                "statement": 'SELECT id FROM "things" WHERE id = ? AND amount >= ?',
                "parameters": [{"S": "path.id"}, {"N": "query.least"}],
            },
            {"route": "GET /wide", "action": "Scan", "table": "wide"},
            _echo("POST /arrived/{id}", '#set($result = $input.params("id"))'),
            _echo("POST /null", '#set($result = "kept")#set($result = $input.params().querystring.get("none"))'),
        ],
    }


def _echo(route: str, template: str) -> Json:
    """Return a route that responds with the value that a template sets in `$result`."""
    return {"route": route, "action": "UpdateItem", "table": "things", **feature_template("things", "echo", template)}


def _deploy(probe: Probe) -> str:
    """Deploy as a user does. If warnings stop the deployment, ignore warnings in this and all later deployments."""
    try:
        probe.api = Api(probe.side.converge(probe.name, probe.variables)[0])
    except AwsError as error:
        _before, warnings, rest = error.message.partition("Warnings found during import")
        if not warnings:
            raise
        probe.side.fail_on_warnings = False
        probe.api = Api(probe.side.converge(probe.name, probe.variables)[0])
        return (warnings + rest).partition("\nThe import was undone")[0]
    return "no warnings"


def _first_request(probe: Probe) -> str:
    patient = Probe(probe.side, probe.name, probe.patience * _WAITS_FOR_ROLE, probe.variables, api=probe.api)
    return _text(patient.send("GET", "/things/first"))


def _deploy_again(probe: Probe) -> str:
    return ", ".join(probe.side.converge(probe.name, probe.variables)[1]) or "no calls"


def _arrival(probe: Probe) -> str:
    arrived = [probe.send("POST", f"/arrived/{quote(text, safe='%+')}", {}).json["result"] for text in _KEYS]
    sent = [quote(text, safe="%+") for text in _KEYS]
    seen = [text.removeprefix("=") for text in arrived]
    if seen == sent:
        return "undecoded"
    return "decoded" if seen == [unquote(text) for text in sent] else json.dumps(dict(zip(sent, seen, strict=True)))


def _keys_in_path(probe: Probe) -> str:
    return "; ".join(f"{sent}: {_key_in_path(probe, key)}" for sent, key in _KEYS.items())


def _key_in_path(probe: Probe, key: str) -> str:
    path = f"/things/{quote(key, safe='+')}"
    written = probe.send("PUT", path, {"note": "by path"})
    if written.status != 204:
        return _text(written)
    if probe.item("things", key) is None:
        return "stored under another key"
    read = probe.send("GET", path)
    return "found" if _text(read) == f"200 {_compact({'id': key, 'note': 'by path'})}" else _text(read)


def _refusals(probe: Probe) -> str:
    refused = {
        "PutItem": ("PUT", "/numbered/x?amount=many", {"note": "n"}),
        "TransactGetItems": ("GET", "/same?ids=a,,b", None),
        "ExecuteStatement": ("GET", "/statement/first/amount?least=many", None),
        "TransactWriteItems": ("POST", "/together", {"put": [{"id": "a", "blob": "a"}]}),
    }
    return "; ".join(f"{action}: {_text(probe.send(*request))}" for action, request in refused.items())


def _created(probe: Probe) -> str:
    answer = probe.send("POST", "/things", {"id": "new thing", "note": "n"})
    location = answer.headers.get("location")
    if location is None or probe.api is None:
        return f"{_text(answer)}, Location is missing"
    path = probe.api.path_of(location)
    return f"{_text(answer)}, Location /{STAGE}{path}, which returns {probe.send('GET', path).status}"


def _wide_page(probe: Probe) -> str:
    answer = probe.send("GET", "/wide")
    if answer.status != 200:
        return _text(answer)
    items = answer.json["items"]
    return f"200, {len(items)} items with {sum(map(len, items))} attributes"


def _hole(probe: Probe) -> str:
    return _text(probe.send("GET", "/same?ids=first,nobody,second"))


def _nulls(probe: Probe) -> str:
    body = {"note": "n", "data": {"empty": None, "list": [None, 1]}}
    written, read = probe.send("PUT", "/things/nulls", body), probe.send("GET", "/things/nulls")
    removed = probe.send("PATCH", "/things/nulls", {"note": None})
    same = read.status == 200 and read.json == {"id": "nulls", **body}
    gone = removed.status == 200 and "note" not in removed.json
    return ", ".join(
        [
            f"PUT {written.status}",
            "GET has the nulls" if same else f"GET {_text(read)}",
            "PATCH removes the attribute" if gone else f"PATCH {_text(removed)}",
        ]
    )


def _statement(probe: Probe) -> str:
    return _text(probe.send("GET", "/statement/first"))


def _null_in_set(probe: Probe) -> str:
    found = {"=": "becomes empty", "=kept": "keeps its value"}
    answer = probe.send("POST", "/null", {})
    return found.get(answer.json.get("result"), _text(answer)) if answer.status == 200 else _text(answer)


_PLAIN_MOCK = {
    "type": "mock",
    "requestTemplates": {"application/json": '{"statusCode": 200}'},
    "responses": {"default": {"statusCode": "200"}},
}
_MOCK_204 = {
    "type": "mock",
    "requestTemplates": {"application/json": '{"statusCode": 204}'},
    "responses": {"204": {"statusCode": "204"}, "default": {"statusCode": "200"}},
}


def _bare(name: str, *paths: str, version: str = "1") -> Json:
    """Return a document of MOCK routes that declares no settings."""
    responses = {"200": {"description": "Done"}, "204": {"description": "Nothing"}}
    mocks = {path: _MOCK_204 if path == "/nothing" else _PLAIN_MOCK for path in ("/nothing", *paths)}
    return {
        "openapi": "3.0.1",
        "info": {"title": f"{name}-bare", "version": version},
        "paths": {
            path: {"get": {"responses": responses, "x-amazon-apigateway-integration": mock}}
            for path, mock in mocks.items()
        },
    }


def _import_bare(probe: Probe, *paths: str) -> None:
    """Import a document into the bare API with the module, like a user who adopts an API."""
    given = {"name": f"{probe.name}-bare", "definition": _bare(probe.name, *paths)}
    checked = ArgumentSpecValidator(SPEC["argument_spec"]).validate({**given, "fail_on_warnings": False})
    outcome = converge(probe.aws, _rest_api.planned, checked.validated_parameters, check_mode=False)
    probe.bare_id = str(outcome.values["api_id"])


def _set(path: str, value: str, op: str = "replace") -> Json:
    return {"op": op, "path": path, "value": value} if value else {"op": op, "path": path}


def _settings_of_others(aws: Aws) -> list[Json]:
    everybody = {"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke"}
    account_wide = f"arn:{aws.partition()}:execute-api:{aws.region()}:{aws.account_id()}:*"
    policy = {
        "Version": "2012-10-17",
        "Statement": [{**everybody, "Resource": resource} for resource in ("execute-api:/*", account_wide)],
    }
    return [
        _set("/policy", json.dumps(policy)),
        _set("/disableExecuteApiEndpoint", "true"),
        _set("/securityPolicy", "SecurityPolicy_TLS13_1_3_2025_09"),
        _set("/endpointAccessMode", "STRICT"),
        _set("/minimumCompressionSize", "100"),
        _set("/apiKeySource", "AUTHORIZER"),
        _set("/binaryMediaTypes/image~1png", "", op="add"),
        _set("/description", "Set by other means"),
    ]


def _settings_kept(probe: Probe) -> str:
    """Change settings without the module, change a route with the module, and compare the settings."""
    _import_bare(probe, "/one")
    refused = []
    for patch in _settings_of_others(probe.aws):
        try:
            probe.aws.call("apigateway", "UpdateRestApi", {"restApiId": probe.bare_id, "patchOperations": [patch]})
        except AwsError as error:
            refused.append(f"; {patch['path']} cannot be set: {error.message}")
    before = _settings(probe)
    _import_bare(probe, "/one", "/two")
    return f"{_lost(before, _settings(probe))}{''.join(refused)}"


def _settings(probe: Probe) -> Json:
    settings = api_settings(probe.aws.call("apigateway", "GetRestApi", {"restApiId": probe.bare_id}))
    return {name: value for name, value in settings.items() if name not in ("name", "version")}


def _lost(before: Json, after: Json) -> str:
    lost = [name for name, value in before.items() if after[name] != value]
    return f"lost: {', '.join(sorted(lost))}" if lost else "kept"


def _overwrite(probe: Probe, *paths: str, version: str = "1") -> Json:
    params = {
        "restApiId": probe.bare_id,
        "mode": "overwrite",
        "failOnWarnings": False,
        "body": json.dumps(_bare(probe.name, *paths, version=version)),
    }
    return probe.aws.call("apigateway", "PutRestApi", params)


def _reset(probe: Probe) -> str:
    before = _settings(probe)
    _overwrite(probe, "/one")
    return _lost(before, _settings(probe))


def _version(probe: Probe) -> str:
    imported = _overwrite(probe, "/one", version="2").get("version")
    read = probe.aws.call("apigateway", "GetRestApi", {"restApiId": probe.bare_id}).get("version")
    return f"{imported} in the import's response, {read} in GetRestApi"


def _deployment_sees_import(probe: Probe) -> str:
    _overwrite(probe, "/one", "/latest", version="3")
    deployment = probe.aws.call("apigateway", "CreateDeployment", {"restApiId": probe.bare_id})["id"]
    params = {"restApiId": probe.bare_id, "deploymentId": deployment, "embed": ["apisummary"]}
    summary = probe.aws.call("apigateway", "GetDeployment", params).get("apiSummary", {})
    return "has the new route" if "/latest" in summary else "lacks the new route"


def _mock_204(probe: Probe) -> str:
    listed = probe.aws.call("apigateway", "GetResources", {"restApiId": probe.bare_id, "limit": 500})["items"]
    resource = next(one["id"] for one in listed if one["path"] == "/nothing")
    params = {"restApiId": probe.bare_id, "resourceId": resource, "httpMethod": "GET"}
    return str(probe.aws.call("apigateway", "TestInvokeMethod", params)["status"])


def _long_description(probe: Probe) -> str:
    deployment = probe.aws.call("apigateway", "CreateDeployment", {"restApiId": probe.bare_id})["id"]
    params = {"restApiId": probe.bare_id, "stageName": "long", "deploymentId": deployment, "description": "x" * 1025}
    try:
        probe.aws.call("apigateway", "CreateStage", params)
    except AwsError as error:
        return error.message
    return "accepted"


def _text(answer: Answer) -> str:
    """Return the status and the body; JSON without the blanks and escapes that make no difference."""
    try:
        return f"{answer.status} {_compact(answer.json)}"
    except json.JSONDecodeError:
        return f"{answer.status} {answer.body}".rstrip()


def _compact(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


_BOTH_WAYS = "the generated templates work both ways"

QUESTIONS = (
    Question(
        "the first import",
        "Create and deploy the API. Warnings stop its import.",
        "no warnings",
        _deploy,
        handled="service_proxy_fail_on_warnings: false ignores the warnings",
        vital=True,
    ),
    Question(
        "the first request",
        "GET of an item, repeated until the new role can be assumed.",
        '200 {"id":"first","note":"stored"}',
        _first_request,
        vital=True,
    ),
    Question("a second deployment", "Deploy the same API again.", "no calls", _deploy_again),
    Question(
        "how path parameters reach a template",
        "$input.params('id') of a path with %20, %3A, + and an encoded é.",
        "undecoded",
        _arrival,
        handled=_BOTH_WAYS,
    ),
    Question(
        "keys in the path",
        "PUT and GET of keys with a blank, a colon, a plus and an é; the key in the table is read from DynamoDB.",
        "; ".join(f"{sent}: found" for sent in _KEYS),
        _keys_in_path,
    ),
    Question(
        "the text of a validation error",
        "Requests of four actions that only the request templates reject: the text reaches the response template.",
        "; ".join(
            [
                'PutItem: 400 {"message":"The query parameter amount must be a number"}',
                'TransactGetItems: 400 {"message":"The query parameter ids must have 1 to 100 keys, joined by commas"}',
                'ExecuteStatement: 400 {"message":"The query parameter least must be a number"}',
                'TransactWriteItems: 400 {"message":"The attribute blob must be base64"}',
            ]
        ),
        _refusals,
    ),
    Question(
        "a new item by POST",
        "POST, then GET of its Location.",
        '201 {"id":"new thing"}, Location /test/things/new%20thing, which returns 200',
        _created,
    ),
    Question(
        "a page of more than 1,000 attributes",
        f"Scan of {_WIDE_ITEMS} items with {_WIDTH} attributes each.",
        f"200, {_WIDE_ITEMS} items with {_WIDE_ITEMS * (_WIDTH + 1)} attributes",
        _wide_page,
    ),
    Question(
        "TransactGetItems with a hole",
        "The second of three keys has no item.",
        '200 {"items":[{"id":"first","note":"stored"},null,{"id":"second"}],"count":2}',
        _hole,
    ),
    Question(
        "nulls in a body",
        "PUT with nulls in an object and a list, GET, PATCH with a null.",
        "PUT 204, GET has the nulls, PATCH removes the attribute",
        _nulls,
    ),
    Question(
        "ExecuteStatement",
        "A SELECT by the key.",
        '200 {"items":[{"id":"first","note":"stored"}],"count":1}',
        _statement,
    ),
    Question(
        "#set to a null that a method returns",
        "A variable is set to a text, then to a query parameter that was not sent.",
        "becomes empty",
        _null_in_set,
        handled=_BOTH_WAYS,
    ),
    Question(
        "settings of an adopted API",
        "Set a policy, a disabled endpoint, a TLS policy and five more settings without the module. Change a route.",
        "kept",
        _settings_kept,
    ),
    Question(
        "what an overwrite resets",
        "PutRestApi with mode=overwrite and a document that declares no settings.",
        "lost: apiKeySource, binaryMediaTypes, description, disableExecuteApiEndpoint, endpointAccessMode, "
        "minimumCompressionSize, policy, securityPolicy",
        _reset,
        handled="the module restores the settings after an import",
    ),
    Question(
        "the version after an overwrite",
        "PutRestApi with info.version 2.",
        "2 in the import's response, 2 in GetRestApi",
        _version,
    ),
    Question(
        "a deployment right after an import",
        "PutRestApi with a new route, CreateDeployment at once, GetDeployment with apisummary.",
        "has the new route",
        _deployment_sees_import,
        handled="the module compares the deployment with the routes, and creates it again",
    ),
    Question(
        "a MOCK integration with status 204",
        'TestInvokeMethod of a request template {"statusCode": 204}.',
        "204",
        _mock_204,
        handled="preflight routes use 200",
    ),
    Question("a stage description of 1,025 characters", "CreateStage.", "accepted", _long_description),
)
