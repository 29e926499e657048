# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The role in your own playbooks: run the playbooks of docs/playbooks.md unchanged."""

from __future__ import annotations

import json
import re
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from convergence import new_account_id
from playbooks import ROOT, Run, run_playbook

PAGE = (ROOT / "docs/playbooks.md").read_text(encoding="utf-8")
BESIDE, SEVERAL = re.findall(r"^```yaml\n(- name: .*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
SECRET = "a-secret-that-nobody-is-to-see"
CLEARED, RELOADED = "The cache is cleared", "The shop is reloaded"

Play = Callable[..., Run]


@pytest.fixture
def account_id() -> str:
    return new_account_id()


@pytest.fixture
def play(local_aws: Any, tmp_path: Path, account_id: str) -> Play:
    """Run a playbook of the page in a new account."""

    def run(text: str, routes: list[dict[str, Any]] | None = None, check: bool = False, **environment: str) -> Run:
        variables = {"directory": str(tmp_path), "shop": "Books", "orders_routes": routes}
        keys = {"AWS_ACCESS_KEY_ID": account_id, "AWS_SECRET_ACCESS_KEY": SECRET, **environment}
        made = run_playbook(text, local_aws.endpoint_url, variables, check=check, environment=keys)
        assert made.rc == 0, made.stdout + made.stderr
        return made

    return run


def get(url: str) -> Any:
    with urllib.request.urlopen(url, timeout=30) as answer:
        return json.load(answer)


def apis(local_aws: Any, account_id: str, region: str) -> list[str]:
    client = local_aws.client("apigateway", access_key=account_id, region=region)
    return sorted(api["name"] for api in client.get_rest_apis()["items"])


def fired(run: Run) -> set[str]:
    """Return the messages of the handlers that ran."""
    return {text for text in (CLEARED, RELOADED) if text in run.stdout}


def test_handlers_fire_when_the_api_changes_and_only_then(
    local_aws: Any, tmp_path: Path, account_id: str, play: Play
) -> None:
    first = play(BESIDE, [{"route": "GET /orders", "action": "Scan"}], ANSIBLE_VERBOSITY="3")
    assert fired(first) == {CLEARED, RELOADED}
    assert SECRET not in first.stdout + first.stderr
    assert apis(local_aws, account_id, "eu-west-1") == ["orders"]
    assert apis(local_aws, account_id, "eu-central-1") == []
    url = (tmp_path / "orders").read_text(encoding="utf-8")
    assert get(f"{url}/orders") == {"items": [], "count": 0}

    again = play(BESIDE, [{"route": "GET /orders", "action": "Scan"}])
    assert (again.recap["changed"], fired(again)) == (0, set())

    changed = play(BESIDE, [{"route": "GET /orders", "action": "Scan", "limit": 5}])
    assert (changed.recap["changed"], fired(changed)) == (1, {CLEARED})


def test_tags_reach_the_tasks_of_the_role(local_aws: Any, account_id: str, play: Play) -> None:
    routes = [{"route": "GET /orders", "action": "Scan"}]
    settings = play(BESIDE, routes, ANSIBLE_RUN_TAGS="settings")
    assert (fired(settings), apis(local_aws, account_id, "eu-west-1")) == ({RELOADED}, [])
    play(BESIDE, routes, ANSIBLE_RUN_TAGS="api")
    assert apis(local_aws, account_id, "eu-west-1") == ["orders"]


def test_no_log_hides_what_a_diff_shows(play: Play) -> None:
    hidden = BESIDE.replace("        apply:\n", "        apply:\n          no_log: true\n")
    expected = {"path": {"id": "nobody"}, "status": 404}
    routes = [{"route": "GET /orders/{id}", "action": "GetItem", "expect": expected}]
    shown = {"ANSIBLE_DIFF_ALWAYS": "true", "ANSIBLE_VERBOSITY": "1"}
    assert not {"nobody", "GetItem"} & set(re.findall(r"\w+", play(hidden, routes, check=True, **shown).stdout))
    assert {"nobody", "GetItem"} <= set(re.findall(r"\w+", play(BESIDE, routes, check=True, **shown).stdout))


def test_several_apis_in_a_loop(local_aws: Any, tmp_path: Path, account_id: str, play: Play) -> None:
    play(SEVERAL)
    assert apis(local_aws, account_id, "eu-central-1") == ["orders", "reviews"]
    report = (tmp_path / "build/reviews/prod/outputs.json").read_text(encoding="utf-8")
    assert get(f"{json.loads(report)['invoke_url']}/reviews/dune") == {"items": [], "count": 0}
    assert play(SEVERAL).recap["changed"] == 0
