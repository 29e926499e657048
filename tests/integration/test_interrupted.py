# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Runs that are killed after each call. The next run finishes the work, and callers never see half a change."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.codeless.apigateway.plugins.module_utils._engine.client import Aws, Wire
from ansible_collections.codeless.apigateway.plugins.module_utils._engine.resource import converge
from ansible_collections.codeless.apigateway.plugins.module_utils._service_proxy import resource as _service_proxy
from ansible_collections.codeless.apigateway.plugins.module_utils._stage import resource as _stage
from ansible_collections.codeless.apigateway.plugins.modules.stage import SPEC as STAGE_SPEC

from convergence import changes
from integration.test_kept_deployments import version
from integration.two_versions import (
    NEW,
    NEW_ANSWER,
    OLD,
    OLD_ANSWER,
    Site,
    deploy_until_killed,
    params,
    until_halted,
    watched,
)
from playbooks import ROOT, run_playbook

FIRST = (
    "apigateway:GetRestApis",
    "dynamodb:CreateTable",
    "dynamodb:PutItem",
    "iam:CreateRole",
    "iam:PutRolePolicy",
    "apigateway:ImportRestApi",
    "apigateway:CreateDeployment",
    "apigateway:CreateStage",
)
CHANGE = (
    "apigateway:GetStages",
    "iam:PutRolePolicy",
    "apigateway:PutRestApi",
    "apigateway:CreateDeployment",
    "apigateway:GetRestApi",
    "apigateway:UpdateStage",
)


def changing(calls: list[str]) -> set[str]:
    return {call for call in calls if changes(call)}


def test_each_changing_call_is_among_those_that_the_runs_below_are_killed_after(local_aws: Any) -> None:
    site = Site(local_aws)
    site.settle(OLD)
    first = site.calls()
    site.settle(NEW)
    assert changing(first) == changing(list(FIRST))
    assert changing(site.calls()[len(first) :]) == changing(list(CHANGE))


@pytest.mark.parametrize("operation", FIRST[::3])
def test_a_first_deployment_is_finished_by_the_next_run(local_aws: Any, operation: str) -> None:
    site = Site(local_aws)
    deploy_until_killed(site, OLD, operation)
    site.settle(OLD)
    assert site.answer() == OLD_ANSWER


@pytest.mark.parametrize("operation", CHANGE)
def test_a_change_is_finished_by_the_next_run_and_callers_see_the_old_or_the_new(
    local_aws: Any, operation: str
) -> None:
    site = Site(local_aws)
    site.settle(OLD)
    with watched(site.url()) as answers:
        deploy_until_killed(site, NEW, operation)
        assert site.answer() == (NEW_ANSWER if operation == "apigateway:UpdateStage" else OLD_ANSWER)
        site.settle(NEW)
        assert site.answer() == NEW_ANSWER
    assert site.calls().count("apigateway:CreateDeployment") == 2
    assert (200, OLD_ANSWER) in answers
    assert [answer for answer in answers if answer not in ((200, OLD_ANSWER), (200, NEW_ANSWER))] == []
    firsts = [answers.index((200, answer)) for answer in (OLD_ANSWER, NEW_ANSWER) if (200, answer) in answers]
    assert firsts == sorted(firsts)


@pytest.mark.parametrize("operation", ["iam:PutRolePolicy", "apigateway:CreateDeployment"])
def test_a_change_that_was_cut_short_can_be_taken_back(local_aws: Any, operation: str) -> None:
    """Deploying the previous version is also a way to continue."""
    site = Site(local_aws)
    site.settle(OLD)
    deploy_until_killed(site, NEW, operation)
    with watched(site.url()) as answers:
        site.settle(OLD)
        assert site.answer() == OLD_ANSWER
    assert [answer for answer in answers if answer not in ((200, OLD_ANSWER), (200, NEW_ANSWER))] == []


class Killed(BaseException):
    """Ends a run like a killed process: no code of the run can handle it."""


class MortalAws(Aws):
    """An AWS that kills the run after a number of changing calls. It accepts no further calls."""

    def __init__(self, site: Site, calls_to_live: int) -> None:
        super().__init__(site.client, pause=lambda _seconds: None)
        self._left, self._turn = calls_to_live, threading.Lock()

    def _call(self, service: str, operation: str, params: Mapping[str, Any] | None) -> Wire:
        if not changes(f"{service}:{operation}"):
            return super()._call(service, operation, params)
        with self._turn:
            if not self._left:
                raise Killed
            answer = super()._call(service, operation, params)
            self._left -= 1
            if not self._left:
                raise Killed
            return answer


Run = Callable[[Aws], Any]


def deploy(**options: Any) -> Run:
    return lambda aws: converge(aws, _service_proxy.planned, params(options), check_mode=False)


def move(**options: Any) -> Run:
    checked = ArgumentSpecValidator(STAGE_SPEC["argument_spec"]).validate({"api_name": "things", **options})
    return lambda aws: converge(aws, _stage.planned, dict(checked.validated_parameters), check_mode=False)


A, B, C, D = ({**version(letter), "keep_deployments": 2} for letter in "abcd")
TEMPLATE = {**A, "routes": [{**A["routes"][0], "limit": 5}]}

HISTORIES: dict[str, list[Run]] = {
    "first": [deploy(**A)],
    "second stage": [deploy(**A), deploy(**{**B, "stage": "test"})],
    "templates": [deploy(**A), deploy(**TEMPLATE)],
    "permissions": [deploy(**A), deploy(**B)],
    "permissions that end": [deploy(**A), deploy(**B), deploy(**C), deploy(**D)],
    "canary": [deploy(**A), deploy(**B, canary={"percent_traffic": 10})],
    "end of a canary": [
        deploy(**A),
        deploy(**B, canary={"percent_traffic": 10}),
        move(name="prod", canary={"state": "promoted"}, keep_deployments=2),
    ],
    "promotion": [deploy(**A), deploy(**{**B, "stage": "test"}), move(name="prod", promote_from="test")],
}
"""Runs after one another, the last of which is killed."""


def state(site: Site) -> dict[str, Any]:
    """Return all resources, with the IDs of deployments replaced by their content."""
    gateway, iam, dynamodb = (site.client(service) for service in ("apigateway", "iam", "dynamodb"))
    (api,) = gateway.get_rest_apis()["items"]
    deployments = {one["id"]: one.get("description") for one in gateway.get_deployments(restApiId=api["id"])["items"]}

    def readable(value: Any) -> Any:
        text = json.dumps(value, sort_keys=True, default=str)
        for deployment_id, description in deployments.items():
            text = text.replace(deployment_id, str(description))
        return text.replace(api["id"], "API").replace(site.id, "ACCOUNT")

    stages = gateway.get_stages(restApiId=api["id"])["item"]
    settings = ("stageName", "deploymentId", "canarySettings", "description", "variables", "methodSettings")
    (role,) = iam.list_roles()["Roles"]
    table = dynamodb.describe_table(TableName="things")["Table"]
    methods = gateway.get_resources(restApiId=api["id"], embed=["methods"])["items"]
    key = {"RoleName": role["RoleName"], "PolicyName": "dynamodb-proxy"}
    return {
        "api": (api["name"], api.get("version")),
        "draft": sorted(readable([one["path"], sorted(one.get("resourceMethods", {}))]) for one in methods),
        "deployments": sorted(map(str, deployments.values())),
        "stages": sorted(readable({name: stage.get(name) for name in settings}) for stage in stages),
        "policy": readable(iam.get_role_policy(**key)["PolicyDocument"]),
        "indexes": sorted(index["IndexName"] for index in table.get("GlobalSecondaryIndexes", [])),
        "items": sorted(readable(item) for item in dynamodb.scan(TableName="things")["Items"]),
    }


def grown(site: Site, history: Sequence[Run]) -> Site:
    """Return the account with only the resources of the runs."""
    gateway, iam, dynamodb = (site.client(service) for service in ("apigateway", "iam", "dynamodb"))
    for api in gateway.get_rest_apis()["items"]:
        gateway.delete_rest_api(restApiId=api["id"])
    for role in iam.list_roles()["Roles"]:
        for name in iam.list_role_policies(RoleName=role["RoleName"])["PolicyNames"]:
            iam.delete_role_policy(RoleName=role["RoleName"], PolicyName=name)
        iam.delete_role(RoleName=role["RoleName"])
    for name in dynamodb.list_tables()["TableNames"]:
        dynamodb.delete_table(TableName=name)
    for run in history:
        run(Aws(site.client))
    return site


@pytest.mark.parametrize("history", HISTORIES.values(), ids=HISTORIES)
def test_whatever_call_a_run_is_killed_after_the_next_one_ends_where_it_would_have_ended(
    local_aws: Any, history: list[Run]
) -> None:
    *before, run = history
    site = grown(Site(local_aws), before)
    number = len(run(Aws(site.client)).as_result()["calls"])
    expected = state(site)
    for calls in range(1, number + 1):
        grown(site, before)
        with pytest.raises(Killed):
            run(MortalAws(site, calls))
        run(Aws(site.client))
        assert state(site) == expected, f"killed after {calls} of {number} calls"
        assert not run(Aws(site.client)).as_result()["changed"], f"killed after {calls} of {number} calls"


def test_a_run_that_was_killed_is_taken_back_by_deploying_what_was_there(local_aws: Any) -> None:
    """Before the stage is updated, indexes and items of the other version stay, and everything else is as before."""
    before, run = deploy(**A), deploy(**B)
    site = grown(Site(local_aws), [before])
    expected = state(site)
    for calls in range(1, 6):
        grown(site, [before])
        with pytest.raises(Killed):
            run(MortalAws(site, calls))
        before(Aws(site.client))
        assert not before(Aws(site.client)).as_result()["changed"]
        there = state(site)
        assert {name for name in expected if there[name] != expected[name]} <= {"indexes", "items"}


@pytest.mark.parametrize("operation", ["apigateway:ImportRestApi", "apigateway:CreateDeployment"])
def test_a_playbook_that_is_killed_is_finished_by_the_next_run(local_aws: Any, operation: str, tmp_path: Path) -> None:
    site = Site(local_aws)
    variables = {"stage": "prod", "service_proxy_build_directory": str(tmp_path / "build")}
    site.rehearse({"operation": operation, "call": 1, "fault": "halt", "after": True})
    program = Path(sys.executable).with_name("ansible-playbook")
    run = subprocess.Popen(
        [program, "deploy.yml", "-e", json.dumps(variables)],
        env={
            "PATH": f"{program.parent}:{os.defpath}",
            "HOME": str(tmp_path),
            "LANG": "C.UTF-8",
            "AWS_ACCESS_KEY_ID": site.id,
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_REGION": "eu-central-1",
            "AWS_ENDPOINT_URL": local_aws.endpoint_url,
        },
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    until_halted(site, lambda: run.poll() is None)
    os.killpg(run.pid, signal.SIGKILL)
    run.wait()
    site.rehearse()

    environment = {"AWS_ACCESS_KEY_ID": site.id}
    for changed in (1, 0):
        again = run_playbook(ROOT / "deploy.yml", local_aws.endpoint_url, variables, environment=environment)
        assert (again.rc, again.recap["changed"]) == (0, changed), again.stdout + again.stderr
