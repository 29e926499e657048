# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Runs that are killed after each call: the next one finishes the work, and callers never see half a change."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from convergence import changes
from integration.two_versions import NEW, NEW_ANSWER, OLD, OLD_ANSWER, Site, deploy_until_killed, until_halted, watched
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


@pytest.mark.parametrize("operation", FIRST)
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
    """Deploying what was declared before is as good a way on as finishing."""
    site = Site(local_aws)
    site.settle(OLD)
    deploy_until_killed(site, NEW, operation)
    with watched(site.url()) as answers:
        site.settle(OLD)
        assert site.answer() == OLD_ANSWER
    assert [answer for answer in answers if answer not in ((200, OLD_ANSWER), (200, NEW_ANSWER))] == []


@pytest.mark.parametrize("operation", ["apigateway:ImportRestApi", "apigateway:CreateDeployment"])
def test_a_playbook_that_is_killed_is_finished_by_the_next_run(local_aws: Any, operation: str, tmp_path: Path) -> None:
    site = Site(local_aws)
    variables = {"stage": "prod", "dynamodb_proxy_build_directory": str(tmp_path / "build")}
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
