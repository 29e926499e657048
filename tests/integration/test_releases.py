# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The playbooks that move a stage between deployments, run as a user runs them, with real requests to the stage."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from convergence import Account, new_account_id
from integration.modules.released_api import ReleasedApi, digest, document
from playbooks import ROOT, Run, run_playbook

Playbook = Callable[..., Run]


@pytest.fixture
def account_id() -> str:
    return new_account_id()


@pytest.fixture
def released(local_aws: Any, account_id: str) -> ReleasedApi:
    account = Account(lambda service: local_aws.client(service, access_key=account_id))
    api_id = account.make_client("apigateway").import_rest_api(body=document("0"))["id"]
    return ReleasedApi(local_aws, account, api_id)


@pytest.fixture
def playbook(local_aws: Any, account_id: str, tmp_path: Path) -> Playbook:
    """A playbook of the collection for the API of the test."""
    api = tmp_path / "api.yml"
    api.write_text("dynamodb_proxy_name: orders\n", encoding="utf-8")

    def run(name: str, *, check: bool = False, **extra: Any) -> Run:
        environment = {"AWS_ACCESS_KEY_ID": account_id}
        path = ROOT / "playbooks" / f"{name}.yml"
        url = local_aws.endpoint_url
        return run_playbook(path, url, {"api": str(api), **extra}, check=check, diff=True, environment=environment)

    return run


def succeeded(run: Run) -> Run:
    assert run.rc == 0, run.stdout + run.stderr
    return run


def test_a_stage_is_moved_back_and_the_deployments_are_told(released: ReleasedApi, playbook: Playbook) -> None:
    first = released.deploy("1", description="With reviews").values["deployment_id"]
    second = released.deploy("2").values["deployment_id"]
    predicted = succeeded(playbook("rollback", stage="prod", check=True))
    assert released.version() == "2"
    assert "-deployment: " + second in predicted.stdout and "+deployment: " + first in predicted.stdout
    assert "-- GET /only-in-2" in predicted.stdout and "+- GET /only-in-1" in predicted.stdout
    newest, oldest = predicted.result("codeless.apigateway.dynamodb_proxy : Tell them, the newest first")["msg"]
    assert newest.startswith(f"{second}, 20") and newest.endswith("Z, Deployed to prod, live on prod")
    assert oldest.startswith(f"{first}, 20") and oldest.endswith("Z, With reviews")

    done = succeeded(playbook("rollback", stage="prod"))
    assert (done.recap["changed"], released.version()) == (1, "1")
    again = succeeded(playbook("rollback", stage="prod"))
    assert (again.recap["changed"], released.version()) == (0, "1")
    succeeded(playbook("rollback", stage="prod", deployment=second))
    assert released.version() == "2"


def test_a_stage_is_promoted_to_another_that_is_made(released: ReleasedApi, playbook: Playbook) -> None:
    released.deploy("1", name="test")
    predicted = succeeded(playbook("promote", **{"from": "test", "to": "prod"}, check=True))
    assert predicted.recap["changed"] == 1
    succeeded(playbook("promote", **{"from": "test", "to": "prod"}))
    assert released.version("prod") == "1"
    assert succeeded(playbook("promote", **{"from": "test", "to": "prod"})).recap["changed"] == 0
    run = playbook("promote", to="prod")
    assert run.rc != 0 and "Say from which stage" in run.stdout + run.stderr


def test_a_canary_is_promoted_or_aborted(released: ReleasedApi, playbook: Playbook) -> None:
    released.deploy("1")
    released.deploy("2", canary={"percent_traffic": 100})
    assert released.version() == "2"
    succeeded(playbook("canary", stage="prod", state="aborted"))
    assert released.version() == "1"
    released.stage(digest=digest("2"), canary={"percent_traffic": 0})
    predicted = succeeded(playbook("canary", stage="prod", state="promoted", check=True))
    assert (predicted.recap["changed"], released.version()) == (1, "1")
    succeeded(playbook("canary", stage="prod", state="promoted"))
    assert released.version() == "2"
    assert succeeded(playbook("canary", stage="prod", state="promoted")).recap["changed"] == 0
    run = playbook("canary", stage="prod")
    assert run.rc != 0 and "-e state=promoted" in run.stdout + run.stderr
