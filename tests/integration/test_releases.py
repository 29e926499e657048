# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The playbooks that move a stage between deployments, run like a user, with real requests to the stage."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from convergence import Account, new_account_id
from integration.modules.released_api import ReleasedApi, digest, document
from playbooks import ROOT, Run, in_a_file, run_playbook

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
    """Return a function that runs a playbook of the collection for the API of the test."""
    api = tmp_path / "api.yml"
    api.write_text("service_proxy_name: orders\n", encoding="utf-8")

    def run(name: str, *, check: bool = False, **extra: Any) -> Run:
        environment = {"AWS_ACCESS_KEY_ID": account_id}
        path = ROOT / "playbooks" / f"{name}.yml"
        url = local_aws.endpoint_url
        variables = in_a_file({"api": str(api), **extra}, tmp_path)
        return run_playbook(path, url, variables, check=check, diff=True, environment=environment)

    return run


def succeeded(run: Run) -> Run:
    assert run.rc == 0, run.stdout + run.stderr
    return run


def test_a_stage_is_rolled_back_and_the_deployments_are_listed(released: ReleasedApi, playbook: Playbook) -> None:
    first = released.deploy("1", description="With reviews").values["deployment_id"]
    second = released.deploy("2").values["deployment_id"]
    predicted = succeeded(playbook("rollback", stage="prod", check=True))
    assert released.version() == "2"
    assert "-deployment: " + second in predicted.stdout and "+deployment: " + first in predicted.stdout
    assert "-- GET /only-in-2" in predicted.stdout and "+- GET /only-in-1" in predicted.stdout
    newest, oldest = predicted.result("codeless.apigateway.service_proxy : List the deployments, newest first")["msg"]
    assert newest.startswith(f"{second}, 20") and newest.endswith("Z, Deployed to prod, live on prod")
    assert oldest.startswith(f"{first}, 20") and oldest.endswith("Z, With reviews")

    done = succeeded(playbook("rollback", stage="prod"))
    assert (done.recap["changed"], released.version()) == (1, "1")
    again = succeeded(playbook("rollback", stage="prod"))
    assert (again.recap["changed"], released.version()) == (0, "1")
    succeeded(playbook("rollback", stage="prod", deployment=second))
    assert released.version() == "2"


def test_a_deployment_is_promoted_to_a_new_stage(released: ReleasedApi, playbook: Playbook) -> None:
    released.deploy("1", name="test")
    predicted = succeeded(playbook("promote", **{"from": "test", "to": "prod"}, check=True))
    assert predicted.recap["changed"] == 1
    succeeded(playbook("promote", **{"from": "test", "to": "prod"}))
    assert released.version("prod") == "1"
    assert succeeded(playbook("promote", **{"from": "test", "to": "prod"})).recap["changed"] == 0
    run = playbook("promote", to="prod")
    assert run.rc != 0 and "Name both stages" in run.stdout + run.stderr


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
    assert run.rc != 0 and "-e percent=10" in run.stdout + run.stderr


def test_a_canary_serves_the_description_to_a_share_of_the_requests(
    local_aws: Any, account_id: str, playbook: Playbook, tmp_path: Path
) -> None:
    example: dict[str, Any] = {"api": "playbooks/vars/example.yml", "stage": "prod"}
    example["service_proxy_build_directory"] = str(tmp_path / "build")
    succeeded(playbook("deploy", **example))
    (api,) = local_aws.client("apigateway", access_key=account_id).get_rest_apis()["items"]

    def count() -> int:
        with urllib.request.urlopen(f"{local_aws.invoke_url(api['id'], 'prod')}/config") as answer:
            return int(json.load(answer)["count"])

    tried = {**example, "service_proxy_routes": [{"route": "GET /{id}", "action": "Query", "limit": 1}]}
    predicted = succeeded(playbook("canary", **tried, percent="100", check=True))
    assert (predicted.recap["changed"], count()) == (1, 2)
    succeeded(playbook("canary", **tried, percent="100"))
    assert count() == 1
    assert succeeded(playbook("canary", **tried, percent="100")).recap["changed"] == 0
    run = playbook("deploy", **tried)
    assert run.rc != 0 and "it has a canary" in run.stdout
    succeeded(playbook("canary", **tried, percent="0"))
    assert count() == 2
    succeeded(playbook("canary", **tried, state="promoted"))
    assert count() == 1
    assert succeeded(playbook("deploy", **tried)).recap["changed"] == 0


def test_a_fix_after_a_rollback_can_be_rolled_back_too(
    local_aws: Any, account_id: str, playbook: Playbook, tmp_path: Path
) -> None:
    """The role keeps the permissions of the first version until no rollback to it is possible."""
    example: dict[str, Any] = {"api": "playbooks/vars/example.yml", "stage": "prod"}
    example["service_proxy_build_directory"] = str(tmp_path / "build")
    bad = {"service_proxy_routes": [{"route": "GET /{id}/{range}", "action": "GetItem"}]}
    fix = {"service_proxy_routes": [{"route": "GET /", "action": "Scan"}]}
    for name, declared in (("deploy", {}), ("deploy", bad), ("rollback", {}), ("deploy", fix), ("rollback", {})):
        succeeded(playbook(name, **example, **declared))
    (api,) = local_aws.client("apigateway", access_key=account_id).get_rest_apis()["items"]
    with urllib.request.urlopen(f"{local_aws.invoke_url(api['id'], 'prod')}/config") as answer:
        assert json.load(answer)["count"] == 2
