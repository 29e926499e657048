# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""How many calls a deployment makes, whatever the number of its routes: counted where they arrive."""

from __future__ import annotations

import json
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from convergence import new_account_id
from playbooks import ROOT, run_playbook

FIRST, CHANGE, NOTHING = 12, 13, 9
"""The most calls of a first deployment, of a change, and of a run with nothing to do.

Of a change, one is the look at the draft after CreateDeployment, without which two runs at once could mix.
"""


def calls_of(local_aws: Any, account_id: str, directory: Path, routes: list[dict[str, Any]]) -> list[str]:
    """Deploy and return the calls that were made for it."""
    counter = f"{local_aws.endpoint_url}/_local_aws/calls"
    urllib.request.urlopen(urllib.request.Request(counter, method="DELETE")).close()
    variables = {
        "stage": "prod",
        "dynamodb_proxy_build_directory": str(directory),
        "dynamodb_proxy_items": {},
        "dynamodb_proxy_routes": routes,
    }
    run = run_playbook(
        ROOT / "deploy.yml", local_aws.endpoint_url, variables, environment={"AWS_ACCESS_KEY_ID": account_id}
    )
    assert run.rc == 0, run.stdout + run.stderr
    with urllib.request.urlopen(counter) as answer:
        return list(json.load(answer)["calls"])


@pytest.mark.parametrize("count", [1, 290])
def test_a_deployment_keeps_to_its_budget(local_aws: Any, tmp_path: Path, count: int) -> None:
    account_id = new_account_id()
    routes = [{"route": f"GET /r{number}/{{id}}", "action": "Query"} for number in range(count // 2 or 1)]
    first = calls_of(local_aws, account_id, tmp_path, routes)
    nothing = calls_of(local_aws, account_id, tmp_path, routes)
    change = calls_of(local_aws, account_id, tmp_path, [{**route, "limit": 5} for route in routes])
    assert len(first) <= FIRST, first
    assert len(nothing) <= NOTHING, nothing
    assert len(change) <= CHANGE, change
