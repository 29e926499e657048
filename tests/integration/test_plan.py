# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The output of the playbooks: a plan that fits the screen, diffs on request, and summaries with account and Region."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from convergence import new_account_id
from playbooks import ROOT, Run, run_playbook

KEY = "/{customer}/orders/{at}"


def routes(count: int) -> list[dict[str, Any]]:
    """Return a number of routes with five different actions on the items of customers."""
    actions = {"GET": "GetItem", "PUT": "PutItem", "PATCH": "UpdateItem", "DELETE": "DeleteItem"}
    found = []
    for number in range(count // 5 + 1):
        found.append({"route": f"GET /shop{number}/{{customer}}/orders", "action": "Query", "limit": 20})
        found += [{"route": f"{method} /shop{number}{KEY}", "action": action} for method, action in actions.items()]
    return found[:count]


class Shop:
    """An account, and the playbooks on it with a description of an API."""

    def __init__(self, local_aws: Any, directory: Path) -> None:
        self.id = new_account_id()
        self._endpoint_url = local_aws.endpoint_url
        self._directory = directory

    def run(self, playbook: str, *, check: bool = False, diff: bool = False, **variables: Any) -> Run:
        description = {
            "service_proxy_name": "shop",
            "service_proxy_tables": [
                {
                    "name": "orders",
                    "hash_key": "customer",
                    "range_key": "at",
                    "attributes": dict.fromkeys(("customer", "at"), "S"),
                }
            ],
            "service_proxy_routes": variables.pop("routes", routes(6)),
            "service_proxy_build_directory": str(self._directory / "build"),
            "service_proxy_items": variables.pop("items", {}),
        }
        api = self._directory / "api.yml"
        api.write_text(yaml.safe_dump(description), encoding="utf-8")
        given = {"api": str(api), **variables}
        environment = {"AWS_ACCESS_KEY_ID": self.id}
        path = ROOT / f"playbooks/{playbook}.yml"
        return run_playbook(path, self._endpoint_url, given, check=check, diff=diff, environment=environment)


@pytest.fixture
def shop(local_aws: Any, tmp_path: Path) -> Shop:
    return Shop(local_aws, tmp_path)


def printed(run: Run) -> list[str]:
    """Return the lines of the last message of a run."""
    text = run.stdout.rpartition('"msg": ')[2].partition("\n}")[0]
    message = json.loads(text)
    return message if isinstance(message, list) else [message]


@pytest.mark.parametrize(("count", "most"), [(6, 45), (30, 80)])
def test_a_first_plan_fits_the_screen(shop: Shop, count: int, most: int) -> None:
    run = shop.run("plan", stage="prod", routes=routes(count))
    assert run.rc == 0, run.stdout
    assert len(run.stdout.splitlines()) <= most
    assert "--- before" not in run.stdout
    lines = printed(run)
    assert f"account {shop.id}, Region eu-central-1" in lines[0]
    assert lines[-1] == "Add -e full=true for the diffs."
    for route in routes(count):
        assert f"+ route {route['route']}" in lines
    published = run.result("Publish the plan for later jobs")["ansible_stats"]["data"]["service_proxy_plan"]
    assert set(published) == {"summary", "changes", "calls"}
    assert published["changes"] == lines[1:-2] and published["calls"][0] == "dynamodb:CreateTable"


def test_a_plan_shows_the_diffs_on_request_and_a_deployment_what_it_did(shop: Shop) -> None:
    deployed = shop.run("deploy", stage="prod", items={"orders": [{"customer": "a", "at": "1", "n": 1}]})
    assert deployed.rc == 0, deployed.stdout
    assert "--- before" not in deployed.stdout
    first, *changes, last = printed(deployed)
    assert first.startswith(f"Deployed shop, stage prod, account {shop.id}, Region eu-central-1: additions: ")
    assert "+ table orders" in changes
    assert last.startswith("URL: http://")

    changed = {"routes": [{**routes(1)[0], "limit": 30}, *routes(6)[1:5]]}
    items = {"orders": [{"customer": "a", "at": "1", "n": 2}]}
    plan = shop.run("plan", stage="prod", items=items, **changed)
    assert "~ route GET /shop0/{customer}/orders: request template" in printed(plan)
    assert "- route GET /shop1/{customer}/orders" in printed(plan)
    assert "= item of orders: customer=a, at=1 (stays)" in printed(plan)
    assert "--- before" not in plan.stdout
    for asked in ({"full": True}, {"diff": True}):
        full = shop.run("plan", stage="prod", items=items, **changed, **asked)
        assert "--- before: route GET /shop0/{customer}/orders" in full.stdout
        assert printed(full)[1:-1] == printed(plan)[1:-2]

    predicted = shop.run("deploy", check=True, stage="prod", items=items, **changed)
    assert printed(predicted)[0].startswith("Would deploy shop, stage prod, ")
    assert printed(predicted)[-1].startswith("URL: http://")
    assert printed(predicted)[1:-1] == printed(plan)[1:-2]


def test_a_canary_a_rollback_and_a_promotion_show_the_target_and_the_next_step(shop: Shop) -> None:
    assert shop.run("deploy", stage="prod").rc == 0
    fewer = {"routes": routes(5)}
    begun = shop.run("canary", stage="prod", percent=10, **fewer)
    *_changes, share, promote, abort = printed(begun)
    assert "10 percent of the requests to http://" in share
    assert promote.endswith("-e stage=prod -e state=promoted")
    assert abort.endswith("-e stage=prod -e state=aborted")
    ended = shop.run("canary", stage="prod", state="promoted", **fewer)
    (text,) = printed(ended)
    assert text.startswith(f"shop, stage prod, account {shop.id}, Region eu-central-1: serves deployment ")

    (predicted,) = printed(shop.run("rollback", check=True, stage="prod"))
    assert ": would serve deployment " in predicted
    (promoted,) = printed(shop.run("promote", **{"from": "prod", "to": "live"}))
    assert promoted.startswith(f"shop, stage live, account {shop.id}, Region eu-central-1: serves deployment ")

    for playbook, given in {
        "verify": {"stage": "pord"},
        "rollback": {"stage": "pord"},
        "promote": {"from": "pord", "to": "prod"},
        "canary": {"stage": "pord", "percent": 10},
    }.items():
        run = shop.run(playbook, **given)
        assert run.rc != 0
        assert 'stage "pord" does not exist. Existing stages: live, prod.' in run.stdout, playbook
