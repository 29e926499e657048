# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The number of calls of a deployment, for any number of routes. The local AWS counts them."""

from __future__ import annotations

import json
import urllib.request
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.codeless.apigateway.plugins.module_utils._service_proxy import resource as _service_proxy

from convergence import Account, new_account_id
from integration.two_versions import params
from playbooks import ROOT, in_a_file, run_playbook

FIRST, CHANGE, NOTHING = 12, 12, 8
"""The most calls of a first deployment, of a change, and of a run with nothing to do.

A change reads the draft's version once more before the stage switches, so that two runs at once cannot mix. That read
also shows whether reads of AWS are behind. Only if they are, the run reads at its end what it has changed.
"""
VALIDATORS = 1
"""Where routes take bodies their validators are one more read of an API that is there."""
DELETION = 1
"""Where as many deployments are there as are kept, a change deletes the oldest."""
CHANGE_OF_PERMISSIONS = 14
"""Of a change that adds a permission: the policy is put, and read before the stage switches."""
REMOVAL = 11
"""Of a removal of the last stage, with the role, of an API with one table; the API and the role are read after it."""
REMOVAL_OF_TABLE = 2
"""Of a table that is deleted as well: its tags are read, as they tell who created it."""

ONE = [{"route": "GET /{id}", "action": "Query"}]
MANY = [
    {"route": f"{method} /r{number}/{{id}}/{{range}}", "action": action}
    for number in range(58)
    for method, action in (("GET", "GetItem"), ("PUT", "PutItem"), ("PATCH", "UpdateItem"), ("DELETE", "DeleteItem"))
]
"""232 routes, and 58 methods for preflight requests."""


class Calls:
    """The calls of an account, counted by the local AWS."""

    def __init__(self, local_aws: Any) -> None:
        self.account_id = new_account_id()
        self._endpoint_url = local_aws.endpoint_url
        self._url = f"{self._endpoint_url}/_local_aws/calls?account={self.account_id}"

    def of_playbook(
        self, directory: Path, routes: list[dict[str, Any]], playbook: Path = ROOT / "deploy.yml", **further: Any
    ) -> list[str]:
        """Deploy with the playbook, or run another one, and return the calls that it made."""
        variables = {
            "stage": "prod",
            "service_proxy_build_directory": str(directory),
            "service_proxy_items": {},
            "service_proxy_routes": routes,
            **further,
        }
        self.forget()
        environment = {"AWS_ACCESS_KEY_ID": self.account_id}
        described = in_a_file(variables, directory)
        run = run_playbook(playbook, self._endpoint_url, described, environment=environment)
        assert run.rc == 0, run.stdout + run.stderr
        return self.so_far()

    def forget(self) -> None:
        urllib.request.urlopen(urllib.request.Request(self._url, method="DELETE")).close()

    def so_far(self) -> list[str]:
        with urllib.request.urlopen(self._url) as answer:
            return list(json.load(answer)["calls"])


@pytest.mark.parametrize(("routes", "validators"), [(ONE, 0), (MANY, VALIDATORS)], ids=["1-route", "290-methods"])
def test_a_deployment_keeps_to_its_budget(
    local_aws: Any, tmp_path: Path, routes: list[dict[str, Any]], validators: int
) -> None:
    calls = Calls(local_aws)
    first = calls.of_playbook(tmp_path, routes)
    nothing = calls.of_playbook(tmp_path, routes)
    same_permissions = {"route": "GET /one-more/{id}", "action": routes[0]["action"], "key": {"range": {"value": "a"}}}
    change = calls.of_playbook(tmp_path, [*routes, same_permissions])
    assert len(first) <= FIRST, first
    assert len(nothing) <= NOTHING + validators, nothing
    assert len(change) <= CHANGE + validators, change


def test_a_change_costs_no_more_when_deployments_go_than_their_deletion(local_aws: Any) -> None:
    def version(number: int) -> dict[str, Any]:
        return _declared(routes=[{"route": f"GET /v{number}/{{id}}", "action": "Query"}], keep_deployments=2)

    calls = Calls(local_aws)
    account = Account(lambda service: local_aws.client(service, access_key=calls.account_id))
    for number in range(6):
        calls.forget()
        account.converge(_service_proxy.planned, params(version(number)))
        made = calls.so_far()
        assert made.count("apigateway:DeleteDeployment") == (DELETION if number > 2 else 0)
        assert len(made) <= (CHANGE + DELETION if number else FIRST), made


def test_a_removal_keeps_to_its_budget(local_aws: Any, tmp_path: Path) -> None:
    calls = Calls(local_aws)
    calls.of_playbook(tmp_path, ONE)
    meant = {"service_proxy_confirm_destroy": "example"}
    everything = {"service_proxy_destroy_tables": True, "service_proxy_destroy_items": True}
    made = calls.of_playbook(tmp_path, ONE, ROOT / "playbooks/destroy.yml", **meant, **everything)
    assert "dynamodb:DeleteTable" in made
    assert len(made) <= REMOVAL + REMOVAL_OF_TABLE, made


def test_a_change_of_permissions_keeps_to_its_budget(local_aws: Any) -> None:
    assert "iam:PutRolePolicy" not in _calls(local_aws, _declared(), _declared())
    calls = _calls(local_aws, _declared(), _declared(routes=[{"route": "GET /{id}", "action": "Scan"}]))
    assert "iam:PutRolePolicy" in calls
    assert len(calls) <= CHANGE_OF_PERMISSIONS, calls


@pytest.mark.parametrize(
    ("switched_on", "reads"),
    [
        ({"items": {"things": [{"id": "a"}]}}, {"dynamodb:BatchGetItem"}),
        ({"tags": {"team": "shop"}}, {"dynamodb:ListTagsOfResource"}),
        ({"tables": {"ttl_attribute": "until"}}, {"dynamodb:DescribeTimeToLive"}),
        ({"tables": {"point_in_time_recovery": True}}, {"dynamodb:DescribeContinuousBackups"}),
        ({"routes": [*ONE, {"route": "PUT /{id}", "action": "PutItem"}]}, {"apigateway:GetRequestValidators"}),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else "",
)
def test_what_is_switched_off_costs_nothing(local_aws: Any, switched_on: dict[str, Any], reads: set[str]) -> None:
    """A declared kind of resource costs its reads, and no others."""
    without, declared = _declared(), _declared(**switched_on)
    off, on = _calls(local_aws, without, without), _calls(local_aws, declared, declared)
    assert len(off) <= NOTHING, off
    assert set(Counter(on) - Counter(off)) == reads


def _declared(tables: dict[str, Any] | None = None, **differing: Any) -> dict[str, Any]:
    """Return options of the module service_proxy: one route on one table, with changes."""
    table = {"name": "things", "hash_key": "id", "attributes": {"id": "S"}, **(tables or {})}
    return {"name": "things", "stage": "prod", "role_name": "things", "tables": [table], "routes": ONE, **differing}


def _calls(local_aws: Any, there: dict[str, Any], wanted: dict[str, Any]) -> list[str]:
    """Return the calls that bring the current state to the desired state."""
    calls = Calls(local_aws)
    account = Account(lambda service: local_aws.client(service, access_key=calls.account_id))
    account.converge(_service_proxy.planned, params(there))
    calls.forget()
    account.converge(_service_proxy.planned, params(wanted))
    return calls.so_far()
