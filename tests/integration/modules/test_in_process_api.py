# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A module gives the same result within Ansible's process and in one of its own: a whole API, its routes, what is told
of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from convergence import new_account_id
from integration.modules.both_ways import (
    CHANGED,
    NO_ANSWER,
    REFUSAL,
    REFUSED,
    SAME,
    SECRET,
    UNREACHABLE,
    Task,
    assert_the_same,
)
from playbooks import run_playbook

TABLE = {"name": "things", "hash_key": "id", "attributes": {"id": "S", "colour": "S"}}
ROUTE = {"route": "GET /things/{id}", "action": "GetItem"}
API = {
    "name": "things",
    "stage": "live",
    "role_name": "things",
    "description": SECRET,
    "tables": [TABLE],
    "routes": [ROUTE],
    "tags": {"team": "shop"},
}
SCAN = {"route": "GET /things", "action": "Scan"}
ITEMS = {"things": [{"id": "a", "colour": "red", "n": 1.5, "l": [1, None, True]}]}
REPORT = {"directory": "{{ playbook_dir }}/report", "name": "things"}
OTHER_KEY = {"name": "things", "hash_key": "other", "attributes": {"other": "S"}}


def api(outcome: str, /, *, predicted: str | None = None, really: bool = False, **differing: Any) -> Task:
    """The module service_proxy with what differs from the API above; None leaves an option out."""
    options = {name: value for name, value in {**API, **differing}.items() if value is not None}
    return Task("service_proxy", options, outcome, predicted, really, name="api")


WHOLE_API = [
    api(CHANGED, really=True),
    api(SAME),
    api(CHANGED, routes=[ROUTE, SCAN]),
    api(CHANGED, items=ITEMS),
    api(SAME, report=REPORT),
    api(CHANGED, name="others", role_name="others", stage_variables={"a": "b"}),
    api(CHANGED, canary={"percent_traffic": 10}, routes=[SCAN]),
    api('has no stage "other"; its stages: live', state="absent", stage="other"),
    api("canary.state promoted", canary={"state": "promoted"}),
    api("in the description of the API:\n", routes=[{"route": "GET /x", "action": "Nothing"}, {"route": "x"}]),
    api("a key schema cannot be changed", tables=[OTHER_KEY], routes=[SCAN]),
    api("Unsupported parameters", stagee="live"),
    api("one of the following is required: role_name, role_arn", role_name=None),
    api("endpoint_type is 'GLOBAL'. Write one of", endpoint_type="GLOBAL"),
    api("keep_deployments is 'many'. Write a whole number", keep_deployments="many"),
    api(
        'The profile "nobody" (option `profile`, or AWS_PROFILE) and keys (access_key, secret_key: ',
        profile="nobody",
        access_key="a",
        secret_key=SECRET,
    ),
    api(REFUSAL, **REFUSED),
    api(NO_ANSWER, **UNREACHABLE),
]

MOCK = {"type": "mock", "requestTemplates": {"application/json": '{"statusCode": 200}'}}
OPERATION = {
    "responses": {"200": {"description": SECRET}},
    "x-amazon-apigateway-integration": {**MOCK, "responses": {"default": {"statusCode": "200"}}},
}
BROKEN = {"x-amazon-apigateway-integration": {**MOCK, "requestTemplates": {"application/json": "#if(1 = 2)a#end"}}}
NO_SYNTAX = "GET /broken request template: line 1, column 7: found '=', expected ')'. Correct the template."
NO_INTEGRATION = {**OPERATION, "x-amazon-apigateway-integration": {"type": "nothing"}}
COPY = {"route": "GET /things/{id}/copy", "action": "GetItem"}
OTHER_PART = {"route": "GET /things/{other}/all", "action": "Scan"}


def route(outcome: str, /, *, predicted: str | None = None, really: bool = False, **options: Any) -> Task:
    """The module route on the API above, unless another is named."""
    given = {"api_name": "things", "execution_role": "{{ api.role_arn }}", **options}
    return Task("route", given, outcome, predicted, really)


ROUTES = [
    api(CHANGED, really=True),
    route(CHANGED, route=COPY, tables=[TABLE], cors={"allow_origin": "https://example.com"}, really=True),
    route(SAME, route=COPY, tables=[TABLE], cors={"allow_origin": "https://example.com"}),
    route(CHANGED, route=COPY, tables=[TABLE], api_key_required=True),
    route(CHANGED, route=COPY, state="absent"),
    route(SAME, route="DELETE /things", state="absent"),
    route(CHANGED, route="GET /health", operation=OPERATION),
    route("x-amazon-apigateway-integration.type must be one of aws,", route="GET /broken", operation=NO_INTEGRATION),
    route(NO_SYNTAX, route="GET /broken", operation=BROKEN),
    Task(
        "rest_api",
        {
            "name": "broken",
            "definition": {"openapi": "3.0.1", "info": {"title": "broken"}, "paths": {"/broken": {"get": BROKEN}}},
        },
        NO_SYNTAX,
    ),
    route("nowhere", api_name="nowhere", route="GET /health", operation=OPERATION),
    route("the API has the path parameter", route=OTHER_PART, tables=[TABLE]),
    route("in the description of the API:\n", route={**COPY, "action": "Nothing"}, tables=[TABLE]),
    route("leave out one of them", route=COPY, tables=[TABLE], operation=OPERATION),
    route("all of the following are missing: operation", route="GET /health"),
    route("Unsupported parameters", route="GET /health", operation=OPERATION, operatoin={}),
    route("mutually exclusive", route="GET /health", operation=OPERATION, api_id="a"),
    route(REFUSAL, route=COPY, tables=[TABLE], **REFUSED),
    route(NO_ANSWER, route=COPY, tables=[TABLE], **UNREACHABLE),
]


def told(outcome: str, module: str, /, **options: Any) -> Task:
    """A module that only reads."""
    return Task(module, options, outcome)


WHAT_IS_TOLD = [
    api(CHANGED, really=True),
    told(SAME, "stage_info", api_name="things"),
    told(SAME, "stage_info", api_name="things", name="live"),
    told(SAME, "stage_info", api_name="things", name="nowhere"),
    told(SAME, "stage_info", api_name="nowhere"),
    told("one of the following is required: api_id, api_name", "stage_info"),
    told("mutually exclusive", "stage_info", api_id="a", api_name="b"),
    told("Unsupported parameters", "stage_info", api_name="things", stage="live"),
    told(REFUSAL, "stage_info", api_name="things", **REFUSED),
    told(NO_ANSWER, "stage_info", api_name="things", **UNREACHABLE),
    told(SAME, "rest_api_info", name="things"),
    told(SAME, "rest_api_info", name="nowhere"),
    told("one of the following is required: name, api_id", "rest_api_info"),
    told("mutually exclusive", "rest_api_info", api_id="a", name="b"),
    told("Unsupported parameters", "rest_api_info", name="things", stage="live"),
    told(REFUSAL, "rest_api_info", name="things", **REFUSED),
    told(NO_ANSWER, "rest_api_info", name="things", **UNREACHABLE),
]


@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize("tasks", [WHOLE_API, ROUTES, WHAT_IS_TOLD], ids=["whole-api", "routes", "what-is-told"])
def test_the_results_are_the_same(local_aws: Any, tasks: list[Task], check: bool) -> None:
    assert_the_same(local_aws, tasks, check)


def test_the_report_is_the_same_and_tells_no_secret(local_aws: Any, tmp_path: Path) -> None:
    by_way = f"{tmp_path}/{{{{ codeless_apigateway_in_process }}}}"
    reporting = api(CHANGED, report={"directory": by_way, "name": "things"})
    assert_the_same(local_aws, [reporting], check=False)
    here, apart = report(tmp_path / "True"), report(tmp_path / "False")
    assert here == apart
    assert {"openapi.json", "policy.json", "templates/get_things_id.request.vtl"} < here.keys()
    assert not [name for name, text in here.items() if SECRET in text]


@pytest.mark.parametrize("in_process", [True, False])
def test_a_secret_key_that_is_none_of_aws_hides_nothing(local_aws: Any, tmp_path: Path, in_process: bool) -> None:
    described = {**API, "stage": "test", "description": "test", "report": {"directory": str(tmp_path), "name": "told"}}
    later = {"debug": {"msg": "{{ told.stage }} {{ told.invoke_url }} {{ api.outputs.stage }} {{ api.stage }}"}}
    tasks = [{"codeless.apigateway.service_proxy": described, "register": "api"}, later]
    play = {"hosts": "localhost", "connection": "local", "gather_facts": False, "tasks": tasks}
    keys = {"AWS_ACCESS_KEY_ID": new_account_id(), "AWS_SECRET_ACCESS_KEY": "test", "AWS_SESSION_TOKEN": "things"}
    variables = {"codeless_apigateway_in_process": in_process}
    run = run_playbook(json.dumps([play]), local_aws.endpoint_url, variables, environment=keys)
    assert run.rc == 0, run.stdout + run.stderr
    outputs = json.loads((tmp_path / "outputs.json").read_text(encoding="utf-8"))
    assert outputs["stage"] == "test"
    assert "/test/" in outputs["invoke_url"] + "/"
    assert run.results[1]["msg"] == f"test {outputs['invoke_url']} test test"
    written = "".join(path.read_text(encoding="utf-8") for path in tmp_path.rglob("*") if path.is_file())
    assert "****" not in written + json.dumps(run.results)
    assert "NO_LOG" not in written + json.dumps(run.results)


def report(directory: Path) -> dict[str, str]:
    """The files of a report, but for the outputs of this one deployment, by name; its account's number blanked."""
    outputs = json.loads((directory / "outputs.json").read_text(encoding="utf-8"))
    account_id = outputs["role_arn"].split(":")[4]
    return {
        str(path.relative_to(directory)): path.read_text(encoding="utf-8").replace(account_id, "…")
        for path in directory.rglob("*")
        if path.is_file() and path.name != "outputs.json"
    }
