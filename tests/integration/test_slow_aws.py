# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Deployments on an AWS whose changes take a while to show: reads that are behind, roles that spread slowly.

The local AWS rehearses it in a tenth of AWS's time, and the pauses of a run are as short.
"""

from __future__ import annotations

import json
import time
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.codeless.apigateway.plugins.module_utils._engine import client
from ansible_collections.codeless.apigateway.plugins.module_utils._engine.client import Aws
from ansible_collections.codeless.apigateway.plugins.module_utils._engine.errors import AwsError
from ansible_collections.codeless.apigateway.plugins.module_utils._engine.resource import Outcome, converge
from ansible_collections.codeless.apigateway.plugins.module_utils._rest_api import resource as _rest_api
from ansible_collections.codeless.apigateway.plugins.module_utils._route import resource as _route
from ansible_collections.codeless.apigateway.plugins.module_utils._service_proxy import resource as _service_proxy
from ansible_collections.codeless.apigateway.plugins.module_utils._stage import resource as _stage

from integration.two_versions import NEW_ANSWER, OLD_ANSWER, Site, ask, declared, params, watched
from playbooks import ROOT, Run, in_a_file, run_playbook

TENTH = 0.1
STALE = 1.2
SLOW = {
    "stale_reads": {"apigateway": STALE, "iam": 0.5},
    "role_delay": 2.0,
    "policy_delay": 2.0,
    "import_warnings": True,
}
_ROUTE = {"route": "GET /chosen", "key": {"id": "stage.chosen"}}


def _version(action: str, chosen: str, answer: Any, **more: Any) -> dict[str, Any]:
    """A version of the API whose route expects its answer."""
    route = {**_ROUTE, "action": action, "expect": [{"status": 200, "answer": answer}]}
    return declared(routes=[route], stage_variables={"chosen": chosen}, fail_on_warnings=False, **more)


OLD = _version("GetItem", "a", OLD_ANSWER)
NEW = _version("Query", "b", NEW_ANSWER)


class SlowSite(Site):
    """An account in which AWS is slow, and runs whose pauses are as short as its time."""

    shown: list[str]

    def rehearse_slowness(self, **asked: Any) -> None:
        self._own("rehearsal", "PUT", asked)

    def run(self, resource: Any, options: Mapping[str, Any]) -> Outcome:
        self.shown = []
        aws = Aws(self.client, lambda seconds: time.sleep(seconds * TENTH), report=self.shown.append)
        return converge(aws, resource, dict(options), check_mode=False)

    def run_playbook(self, playbook: str, variables: Mapping[str, Any], directory: Path) -> Run:
        """Run a playbook in this account; it must not fail."""
        described = in_a_file(variables, directory)
        keys = {"AWS_ACCESS_KEY_ID": self.id}
        run = run_playbook(ROOT / playbook, self.local_aws.endpoint_url, described, environment=keys)
        assert run.rc == 0, run.stdout + run.stderr
        return run

    def deploy(self, options: Mapping[str, Any]) -> Outcome:
        return self.run(_service_proxy.planned, params(options))


@pytest.fixture
def site(local_aws: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[SlowSite]:
    monkeypatch.setattr(client, "PROMPT_SECONDS", client.PROMPT_SECONDS * TENTH)
    made = SlowSite(local_aws)
    yield made
    made.rehearse()


def test_a_life_of_an_api(site: SlowSite) -> None:
    """Deploy, change, go back and remove, one right after the other and under all that is slow.

    The live stage is never wrong. Each run waits until reads show what it did, so the next one does not read what was
    before.
    """
    site.rehearse_slowness(**SLOW)
    site.deploy(OLD)
    assert any("Not ready yet: 500" in line for line in site.shown)
    assert site.deploy(OLD).as_result()["calls"] == []
    url = site.url()
    assert site.answer() == OLD_ANSWER
    with watched(url) as answers:
        changed = site.deploy(NEW)
    assert {json.dumps(body) for _status, body in answers} <= {json.dumps(OLD_ANSWER), json.dumps(NEW_ANSWER)}
    assert site.answer() == NEW_ANSWER
    assert site.deploy(NEW).as_result()["calls"] == []
    api_id = changed.values["api_id"]
    assert len(site.client("apigateway").get_deployments(restApiId=api_id)["items"]) == 2
    back = {"state": "present", "name": "prod", "api_id": api_id, "keep_deployments": 10, "purge_tags": True}
    variables = {"chosen": "a"}
    with watched(url) as answers:
        site.run(_stage.planned, {**back, "deployment": "previous", "variables": variables})
    assert site.answer() == OLD_ANSWER
    assert {status for status, _body in answers} == {200}
    site.deploy({**OLD, "state": "absent"})
    assert site.client("apigateway").get_rest_apis()["items"] == []


def test_a_change_that_reads_do_not_show_is_deployed_once_more(site: SlowSite) -> None:
    old, new = (declared(**{**one, "routes": [{**_ROUTE, "action": action}]}) for one, action in _plain())
    site.deploy(old)
    site.rehearse_slowness(stale_reads={"apigateway": STALE})
    before = len(site.calls())
    with watched(site.url()) as answers:
        site.deploy(new)
    made = [call.removeprefix("apigateway:") for call in site.calls()[before:]]
    changing = [call for call in made if call.startswith(("Create", "Delete", "Update", "Put"))]
    assert changing == ["PutRestApi", "CreateDeployment", "DeleteDeployment", "CreateDeployment", "UpdateStage"]
    assert {json.dumps(body) for _status, body in answers} <= {json.dumps(OLD_ANSWER), json.dumps(NEW_ANSWER)}
    assert site.answer() == NEW_ANSWER
    assert site.shown == [
        "AWS does not show the imported REST API yet. Waiting for at most 18 s.",
        'Waiting for reads to show the stage "prod" as this run left it, for at most 18 s.',
    ]


def _plain() -> list[tuple[dict[str, Any], str]]:
    return [({"stage_variables": {"chosen": "a"}}, "GetItem"), ({"stage_variables": {"chosen": "b"}}, "Query")]


def test_a_new_stage_comes_to_serve_the_new_draft(site: SlowSite) -> None:
    """It is made with a deployment of the old one, which is replaced."""
    old, new = (declared(**{**one, "routes": [{**_ROUTE, "action": action}]}) for one, action in _plain())
    site.deploy(old)
    site.rehearse_slowness(stale_reads={"apigateway": STALE})
    outcome = site.deploy({**new, "stage": "test"})
    api_id = outcome.values["api_id"]
    with urllib.request.urlopen(f"{site.local_aws.invoke_url(api_id, 'test')}/chosen") as answer:
        assert json.load(answer) == NEW_ANSWER
    stage = site.client("apigateway").get_stage(restApiId=api_id, stageName="test")
    assert stage["deploymentId"] == outcome.values["deployment_id"]
    assert stage["deploymentId"] in stage["description"]
    assert site.deploy({**new, "stage": "test"}).as_result()["calls"] == []
    assert site.answer() == OLD_ANSWER


def test_an_import_that_never_shows_leaves_the_stage_as_it_was(site: SlowSite) -> None:
    old, new = (declared(**{**one, "routes": [{**_ROUTE, "action": action}]}) for one, action in _plain())
    site.deploy(old)
    site.rehearse_slowness(stale_reads={"apigateway": 600})
    with pytest.raises(AwsError) as error:
        site.deploy(new)
    assert error.value.message == (
        'stage "prod": AWS does not show this run\'s import after 18 seconds. The deployment may be of the draft '
        "before. The stage was not changed. Run again in a minute."
    )
    assert site.answer() == OLD_ANSWER


def test_a_roll_back_right_after_a_move_is_carried_out(site: SlowSite) -> None:
    """The stage is shown as it was, on the deployment to go back to, when somebody else has just moved it on."""
    old, new = (declared(**{**one, "routes": [{**_ROUTE, "action": action}]}) for one, action in _plain())
    site.deploy(old)
    moved = site.deploy(new).values
    before = moved["previous"]
    stage = {"state": "present", "name": "prod", "api_id": moved["api_id"], "keep_deployments": 10, "purge_tags": True}
    back = {**stage, "deployment": before["deployment"], "variables": before["variables"]}
    site.rehearse_slowness(stale_reads={"apigateway": STALE})
    site.run(_stage.planned, {**stage, "deployment": moved["deployment_id"], "variables": {"chosen": "b", "x": "y"}})
    site.rehearse_slowness()
    site.run(_stage.planned, back)
    site.rehearse_slowness(stale_reads={"apigateway": STALE})
    patch = {"op": "replace", "path": "/deploymentId", "value": moved["deployment_id"]}
    variable = {"op": "replace", "path": "/variables/chosen", "value": "b"}
    site.client("apigateway").update_stage(
        restApiId=moved["api_id"], stageName="prod", patchOperations=[patch, variable]
    )
    assert site.run(_stage.planned, back).as_result()["calls"] == []  # it is shown as it was
    assert site.answer() == NEW_ANSWER
    assert site.run(_stage.planned, {**back, "serves": moved["deployment_id"]}).as_result()["changed"]
    assert site.answer() == OLD_ANSWER


@pytest.mark.parametrize("service", ["apigateway", "iam"])
def test_a_run_reads_what_the_run_before_left(site: SlowSite, service: str) -> None:
    old, new = (declared(**{**one, "routes": [{**_ROUTE, "action": action}]}) for one, action in _plain())
    site.rehearse_slowness(stale_reads={service: STALE})
    for version in (old, new):
        site.deploy(version)
        assert site.deploy(version).as_result()["calls"] == []
    site.deploy({**new, "state": "absent"})
    made = site.deploy(old).as_result()["calls"]
    assert "iam:CreateRole" in made
    assert site.answer() == OLD_ANSWER


def test_the_playbooks_wait_in_the_open(site: SlowSite, tmp_path: Path) -> None:
    """In AWS's time, which is the one test here that takes as long."""
    routes = [{"route": "PUT /{id}", "action": "PutItem", "expect": [{"path": {"id": "a"}, "body": {}, "status": 204}]}]
    table = {"name": "things", "hash_key": "id", "attributes": {"id": "S"}}
    described = {
        "service_proxy_name": "things",
        "service_proxy_tables": [table],
        "service_proxy_routes": routes,
        "service_proxy_items": {},
        "service_proxy_build_directory": str(tmp_path),
        "stage": "prod",
    }
    site.rehearse_slowness(stale_reads={"apigateway": 3, "iam": 3}, role_delay=6, policy_delay=6)
    run = site.run_playbook("deploy.yml", described, tmp_path)
    assert "Not ready yet: 500 in 1 response." in run.stdout
    assert site.run_playbook("deploy.yml", described, tmp_path).recap["changed"] == 0
    confirmed = {"service_proxy_confirm_destroy": "things"}
    everything = {"service_proxy_destroy_tables": True, "service_proxy_destroy_items": True}
    removed = site.run_playbook("playbooks/destroy.yml", {**described, **confirmed, **everything}, tmp_path)
    assert 'Waiting for reads to no longer show the REST API "things", for at most 18 s.' in removed.stdout
    assert site.client("iam").list_roles()["Roles"] == []


def test_modules_one_after_another_deploy_what_they_imported(site: SlowSite) -> None:
    """The stage would otherwise serve the draft of before, under the digest of the new one, for good."""
    site.rehearse_slowness(stale_reads={"apigateway": STALE})
    api = {"state": "present", "name": "mocks", "purge_tags": False, "fail_on_warnings": True}
    stage = {"state": "present", "name": "prod", "keep_deployments": 10, "purge_tags": False}

    def deployed(options: Mapping[str, Any], resource: Any) -> list[str]:
        draft = site.run(resource, options).values
        site.run(_stage.planned, {**stage, "api_id": draft["api_id"], "digest": draft["digest"]})
        paths = (path for path in ("one", "two") if _status(site, draft["api_id"], path) == 200)
        return list(paths)

    assert deployed({**api, "definition": _mocks("one")}, _rest_api.planned) == ["one"]
    assert deployed({**api, "definition": _mocks("two")}, _rest_api.planned) == ["two"]
    route = {"api_name": "mocks", "route": "GET /one", "api_key_required": False}
    operation = _mocks("one")["paths"]["/one"]["get"]
    assert deployed({**route, "state": "present", "operation": operation}, _route.planned) == ["one", "two"]
    assert deployed({**route, "state": "absent"}, _route.planned) == ["two"]


def _mocks(path: str) -> dict[str, Any]:
    """Return a document with one route, which answers without a service behind it."""
    integration = {
        "type": "mock",
        "requestTemplates": {"application/json": '{"statusCode": 200}'},
        "responses": {"default": {"statusCode": "200", "responseTemplates": {"application/json": "{}"}}},
    }
    operation = {"responses": {"200": {"description": "OK"}}, "x-amazon-apigateway-integration": integration}
    info = {"title": "mocks", "version": "1"}
    return {"openapi": "3.0.1", "info": info, "paths": {f"/{path}": {"get": operation}}}


def _status(site: SlowSite, api_id: str, path: str) -> int:
    return ask(f"{site.local_aws.invoke_url(api_id, 'prod')}/{path}")[0]
