# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Two runs at once, calls that AWS rejects or delays, and a deployment under load."""

from __future__ import annotations

import itertools
import json
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.codeless.apigateway.plugins.module_utils._engine.client import Aws, Wire
from ansible_collections.codeless.apigateway.plugins.module_utils._engine.errors import AwsError
from ansible_collections.codeless.apigateway.plugins.module_utils._engine.plan import execute
from ansible_collections.codeless.apigateway.plugins.module_utils._engine.resource import converge
from ansible_collections.codeless.apigateway.plugins.module_utils._service_proxy import resource as _service_proxy

from convergence import changes
from integration.two_versions import NEW, NEW_ANSWER, OLD, OLD_ANSWER, Site, declared, params, watched
from playbooks import ROOT, run_playbook

OTHER = declared(
    routes=[{"route": "GET /chosen", "action": "Scan", "projection": ["id"]}], stage_variables={"chosen": "c"}
)
OTHER_ANSWER = {"items": [{"id": "a"}, {"id": "b"}], "count": 2}


class Turns:
    """An order in which two runs make their changing calls: `AB…`, one letter for each call.

    A run that has ended, or has more calls than turns in the order, blocks nobody.
    """

    def __init__(self, order: str) -> None:
        self._left = list(order)
        self._moved = threading.Condition()

    def wait(self, name: str) -> None:
        """Wait for a turn, without ending it."""
        with self._moved:
            self._moved.wait_for(lambda: name not in self._left or self._left[0] == name)

    def done(self, name: str) -> None:
        """End the turn."""
        with self._moved:
            if name in self._left:
                self._left.remove(name)
            self._moved.notify_all()

    def leave(self, name: str) -> None:
        """Stop waiting for turns."""
        with self._moved:
            self._left = [other for other in self._left if other != name]
            self._moved.notify_all()


class OrderedAws(Aws):
    """An AWS whose calls wait for their turn. A turn ends with the response to a changing call.

    So a run updates the stage in the same turn as its last check.
    """

    def __init__(self, site: Site, name: str, turns: Turns) -> None:
        super().__init__(site.client, pause=lambda _seconds: None)
        self._name, self._turns = name, turns

    def _call(self, service: str, operation: str, params: Mapping[str, Any] | None) -> Wire:
        self._turns.wait(self._name)
        try:
            return super()._call(service, operation, params)
        finally:
            if changes(f"{service}:{operation}"):
                self._turns.done(self._name)


def run_in_parallel(site: Site, order: str, wanted: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """Start two runs that both read before either changes anything. Return the error of each run, empty for success."""
    turns = Turns(order)
    plans = {name: _service_proxy.planned(Aws(site.client), params(wanted[name])).plan for name in wanted}
    told: dict[str, str] = {}

    def run(name: str) -> None:
        try:
            execute(OrderedAws(site, name, turns), plans[name])
            told[name] = ""
        except AwsError as error:
            told[name] = error.message
        finally:
            turns.leave(name)

    threads = [threading.Thread(target=run, args=(name,)) for name in wanted]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return told


ORDERS = ["AAABABBB", "AAABBBAB", "AABBAABB", "AABBBBAA", "ABABABAB", "ABBAAABB", "ABBABABA", "ABBBAAAB", "ABBBBAAA"]
"""Of two runs with four changing calls each: the policy, the draft, the deployment, the move."""


@pytest.mark.parametrize("order", ORDERS)
def test_of_two_runs_at_once_the_stage_serves_one_or_neither_and_the_next_run_settles_it(
    local_aws: Any, order: str
) -> None:
    site = Site(local_aws)
    site.settle(OLD)
    with watched(site.url()) as answers:
        told = run_in_parallel(site, order, {"A": NEW, "B": OTHER})
        served = site.answer()
    whole = [(200, answer) for answer in (OLD_ANSWER, NEW_ANSWER, OTHER_ANSWER)]
    assert [answer for answer in answers if answer not in whole] == []
    assert [text for text in told.values() if text and "another run is deploying the same API" not in text] == []
    done = [answer for name, answer in (("A", NEW_ANSWER), ("B", OTHER_ANSWER)) if not told[name]]
    assert served in (done or [OLD_ANSWER])
    site.settle(NEW)
    assert site.answer() == NEW_ANSWER


def test_a_first_deployment_that_was_planned_before_another_one_fails(local_aws: Any) -> None:
    site = Site(local_aws)
    told = run_in_parallel(site, "A" * 8 + "B" * 8, {"A": NEW, "B": OTHER})
    assert not told["A"] and told["B"]
    assert site.answer() == NEW_ANSWER
    site.settle(OTHER)
    assert site.answer() == OTHER_ANSWER


def test_of_two_first_deployments_at_once_at_most_one_succeeds_and_nothing_is_created_twice(local_aws: Any) -> None:
    site = Site(local_aws)
    told = run_in_parallel(site, "AB" * 8, {"A": NEW, "B": OTHER})
    done = [answer for name, answer in (("A", NEW_ANSWER), ("B", OTHER_ANSWER)) if not told[name]]
    assert len(done) <= 1  # none where one makes the table first, and the other one the role
    assert not done or site.answer() == done[0]
    assert len(site.client("apigateway").get_rest_apis()["items"]) <= 1
    site.settle(OTHER)
    assert site.answer() == OTHER_ANSWER


def test_two_first_deployments_leave_one_api_in_whichever_order_their_calls_come(local_aws: Any) -> None:
    """Table and role exist already, so only the API shows a run that another run is active."""
    site = Site(local_aws)
    gateway = site.client("apigateway")
    site.settle(NEW)
    for places in itertools.combinations(range(6), 3):
        for api in gateway.get_rest_apis()["items"]:
            gateway.delete_rest_api(restApiId=api["id"])
        order = "".join("A" if place in places else "B" for place in range(6))
        told = run_in_parallel(site, order, {"A": NEW, "B": NEW})
        assert len(gateway.get_rest_apis()["items"]) <= 1, order
        assert list(told.values()) != ["", ""], order
        assert [text for text in told.values() if text and "another run is deploying" not in text] == [], order
        if "" in told.values():
            assert site.answer() == NEW_ANSWER
    site.settle(NEW)


def test_a_run_that_fails_beside_another_first_deployment_takes_its_api_back(local_aws: Any) -> None:
    """Table and role now belong to the other run, which this run sees as an error."""
    site = Site(local_aws)
    plan = _service_proxy.planned(Aws(site.client), params(NEW)).plan
    converge(Aws(site.client), _service_proxy.planned, params(OTHER), check_mode=False)
    with pytest.raises(AwsError, match='table "things": another run is deploying it') as error:
        execute(Aws(site.client), plan)
    assert 'execution_role "things": another run is deploying it' in error.value.message
    assert len(site.client("apigateway").get_rest_apis()["items"]) == 1
    assert site.answer() == OTHER_ANSWER


class DisturbedAws(Aws):
    """An AWS in which another writer acts right after each call of one operation."""

    def __init__(self, site: Site, operation: str, then: Callable[[Wire], None]) -> None:
        super().__init__(site.client)
        self._operation, self._then = operation, then

    def _call(self, service: str, operation: str, params: Mapping[str, Any] | None) -> Wire:
        answer = super()._call(service, operation, params)
        if operation == self._operation:
            self._then(answer)
        return answer


def importing(site: Site, part: Mapping[str, Any]) -> Callable[[Wire], None]:
    """Return a function that imports a document with this part into the API, like another run."""
    document = {"openapi": "3.0.1", "info": {"title": "things", "version": "0123456789abcdef"}, "paths": {}, **part}

    def imports(_answer: Wire) -> None:
        gateway = site.client("apigateway")
        (api,) = gateway.get_rest_apis()["items"]
        gateway.put_rest_api(restApiId=api["id"], mode="merge", body=json.dumps(document).encode())

    return imports


@pytest.mark.parametrize(("next_run", "answer"), [(NEW, NEW_ANSWER), (OTHER, OTHER_ANSWER)], ids=["same", "other"])
def test_a_move_long_after_the_look_is_repaired_by_the_next_run(
    local_aws: Any, next_run: dict[str, Any], answer: dict[str, Any]
) -> None:
    site = Site(local_aws)
    site.settle(OLD)
    before, meanwhile = deployment_ids(site), []

    def runs(_answer: Wire) -> None:
        if deployment_ids(site) > before and not meanwhile:  # the look reads the policy again, the plan did before
            meanwhile.append(converge(Aws(site.client), _service_proxy.planned, params(OTHER), check_mode=False))

    with pytest.raises(AwsError, match="another run has deleted the deployment"):
        converge(DisturbedAws(site, "GetRolePolicy", runs), _service_proxy.planned, params(NEW), check_mode=False)
    assert meanwhile and site.answer() == OTHER_ANSWER
    site.settle(next_run)
    assert site.answer() == answer


@pytest.mark.parametrize("operation", ["PutRestApi", "CreateDeployment"])
@pytest.mark.parametrize(
    "part",
    [
        {"x-amazon-apigateway-gateway-responses": {"DEFAULT_4XX": {"statusCode": "418"}}},
        {"components": {"schemas": {"Thing": {"type": "object"}}}},
        {"x-amazon-apigateway-binary-media-types": ["image/png"]},
    ],
    ids=["gateway response", "model", "setting"],
)
def test_another_run_is_seen_by_what_it_imports_beside_routes(
    local_aws: Any, operation: str, part: dict[str, Any]
) -> None:
    site = Site(local_aws)
    site.settle(OLD)
    before = deployment_ids(site)
    with pytest.raises(AwsError, match="another run has changed the draft"):
        converge(
            DisturbedAws(site, operation, importing(site, part)), _service_proxy.planned, params(NEW), check_mode=False
        )
    assert (site.answer(), deployment_ids(site)) == (OLD_ANSWER, before)
    site.settle(NEW)
    assert site.answer() == NEW_ANSWER


@pytest.mark.parametrize("operation", ["ImportRestApi", "CreateDeployment"])
def test_of_a_first_deployment_nothing_serves_what_another_run_imports(local_aws: Any, operation: str) -> None:
    site = Site(local_aws)
    with pytest.raises(AwsError, match=r"another run has changed the draft\nThe new stage was deleted\."):
        converge(
            DisturbedAws(site, operation, importing(site, {})), _service_proxy.planned, params(NEW), check_mode=False
        )
    gateway = site.client("apigateway")
    (api,) = gateway.get_rest_apis()["items"]
    assert (gateway.get_stages(restApiId=api["id"])["item"], deployment_ids(site)) == ([], set())
    site.settle(NEW)
    assert site.answer() == NEW_ANSWER


def test_a_stage_that_another_run_has_made_is_left_to_it(local_aws: Any) -> None:
    site = Site(local_aws)
    gateway = site.client("apigateway")

    def makes(answer: Wire) -> None:
        (api,) = gateway.get_rest_apis()["items"]
        gateway.create_stage(restApiId=api["id"], stageName="prod", deploymentId=answer["id"])

    with pytest.raises(AwsError, match='stage "prod": another run has created it'):
        converge(DisturbedAws(site, "CreateDeployment", makes), _service_proxy.planned, params(NEW), check_mode=False)
    site.settle(NEW)
    assert site.answer() == NEW_ANSWER


def deployment_ids(site: Site) -> set[str]:
    gateway = site.client("apigateway")
    (api,) = gateway.get_rest_apis()["items"]
    return {item["id"] for item in gateway.get_deployments(restApiId=api["id"])["items"]}


class KeepingAws(Aws):
    """An AWS whose imports keep the version of an API, which no recording rules out."""

    def _call(self, service: str, operation: str, params: Mapping[str, Any] | None) -> Wire:
        if operation == "PutRestApi" and params:
            version = super()._call(service, "GetRestApi", {"restApiId": params["restApiId"]})["version"]
            document = json.loads(params["body"])
            document["info"]["version"] = version
            params = {**params, "body": json.dumps(document)}
        return super()._call(service, operation, params)


def test_an_aws_that_keeps_the_version_stops_no_run(local_aws: Any) -> None:
    site = Site(local_aws)
    site.settle(OLD)
    for options, answer in ((NEW, NEW_ANSWER), (OTHER, OTHER_ANSWER)):
        converge(KeepingAws(site.client), _service_proxy.planned, params(options), check_mode=False)
        assert site.answer() == answer
        assert converge(KeepingAws(site.client), _service_proxy.planned, params(options), check_mode=True).plan == []


def refusals(operation: str, count: int, **how: Any) -> list[dict[str, Any]]:
    """Let the first calls of an operation fail."""
    return [{"operation": operation, "call": number, "fault": "error", **how} for number in range(1, count + 1)]


THROTTLED = {"status": 429, "code": "TooManyRequestsException", "message": "Too Many Requests"}
CONFLICT = {
    "status": 409,
    "code": "ConflictException",
    "message": "Unable to complete operation due to concurrent modification. Please try again later.",
}
FAULT = {"status": 503, "code": "ServiceUnavailableException", "message": "Service unavailable"}


@pytest.mark.parametrize("how", [THROTTLED, CONFLICT, FAULT], ids=["429", "409", "503"])
def test_calls_are_repeated_with_growing_pauses_within_the_bound(local_aws: Any, how: dict[str, Any]) -> None:
    site = Site(local_aws)
    site.settle(OLD)
    pauses: list[float] = []
    site.rehearse(*refusals("apigateway:UpdateStage", 5, **how), *refusals("apigateway:GetStages", 1, **how))
    aws = Aws(site.client, pause=pauses.append)
    converge(aws, _service_proxy.planned, params(NEW), check_mode=False)
    site.rehearse()
    assert site.answer() == NEW_ANSWER
    assert len(pauses) == 6 and len(set(pauses)) > 1  # drawn at random
    assert all(0 <= pause <= 16 for pause in pauses)
    site.settle(NEW)


def test_a_call_that_is_rejected_for_too_long_fails_and_the_next_run_finishes(local_aws: Any, tmp_path: Path) -> None:
    site = Site(local_aws)
    site.rehearse(*refusals("apigateway:CreateDeployment", 1, **THROTTLED))
    playbook = yaml.safe_load((ROOT / "playbooks/deploy.yml").read_text(encoding="utf-8"))
    playbook[0]["module_defaults"] = {"group/codeless.apigateway.all": {"retry_timeout": 0}}
    playbook[0]["vars_files"] = [str(ROOT / "playbooks/vars/example.yml")]
    text, url, environment = yaml.safe_dump(playbook), local_aws.endpoint_url, {"AWS_ACCESS_KEY_ID": site.id}
    variables = {"stage": "prod", "service_proxy_build_directory": str(tmp_path)}
    run = run_playbook(text, url, variables, environment=environment)
    assert run.rc != 0
    assert "apigateway:CreateDeployment: TooManyRequestsException: Too Many Requests" in run.stdout
    assert "The call was repeated for 0 seconds (retry_timeout)" in run.stdout
    assert run_playbook(text, url, variables, environment=environment).rc == 0


def test_no_request_fails_while_stages_are_moved_under_load(local_aws: Any) -> None:
    site = Site(local_aws)
    site.settle(OLD)
    with watched(site.url(), clients=4) as answers:
        for options in (NEW, OTHER, OLD):
            site.settle(options)
    assert {status for status, _answer in answers} == {200}
    assert [answer for _status, answer in answers if answer not in (OLD_ANSWER, NEW_ANSWER, OTHER_ANSWER)] == []
    assert all((200, answer) in answers for answer in (OLD_ANSWER, NEW_ANSWER, OTHER_ANSWER))
