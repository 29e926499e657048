# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The cost of deployments by the number of routes, compared with an empty playbook and the fewest possible calls."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from processes import Cost, run
from rehearsed import ROOT, Calls, LocalAws

from convergence import new_account_id

BARE = "bare ansible-playbook"
FIRST, NOTHING, CHANGE = "first deploy", "nothing to do", "change"
FLOOR_FIRST, FLOOR_CHANGE = "floor of a first deploy", "floor of a change"
_KINDS = (FIRST, FLOOR_FIRST, NOTHING, CHANGE, FLOOR_CHANGE, BARE)
_BARE_PLAYBOOK = """\
- hosts: localhost
  connection: local
  gather_facts: false
  tasks:
    - ansible.builtin.debug:
        msg: done
"""
_ACTIONS = {"GET": "GetItem", "PUT": "PutItem", "PATCH": "UpdateItem", "DELETE": "DeleteItem"}


@dataclass(frozen=True)
class Deployment:
    """A kind of run with a number of routes: its calls, and the medians of its cost.

    The bare playbook has no routes. It runs between the others of each size, to be measured under the same load.
    """

    routes: int
    what: str
    calls: Calls
    cost: Cost


def routes(count: int) -> list[dict[str, Any]]:
    """Return four routes for each path, with different actions. 300 routes stay within AWS's quota of 300 resources."""
    methods = list(_ACTIONS.items())
    return [
        {"route": f"{methods[number % 4][0]} /r{number // 4}/{{id}}/{{range}}", "action": methods[number % 4][1]}
        for number in range(count)
    ]


def api(name: str, declared: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return the variables of an API with these routes on one table with the name of the API."""
    table = {"name": name, "hash_key": "id", "range_key": "range", "attributes": {"id": "S", "range": "S"}}
    return {
        "service_proxy_name": name,
        "service_proxy_tables": [table],
        "service_proxy_routes": list(declared),
    }


def measure(aws: LocalAws, sizes: Sequence[int], repeats: int, show: Callable[[str], None]) -> list[Deployment]:
    """Measure all kinds of run at each size, `repeats` times each, with a bare playbook between them.

    One round before is not counted, so that the first measured run finds warm caches as well.
    """
    show(f"{sizes[0]} routes, warming up")
    _round(aws, sizes[0])
    found: list[Deployment] = []
    for size in sizes:
        runs: list[_Ran] = []
        for number in range(repeats):
            show(f"{size} routes, {number + 1} of {repeats}")
            runs += _round(aws, size)
        found += [_deployment(size, [ran for ran in runs if ran.what == what]) for what in _KINDS]
    return found


def _deployment(size: int, runs: Sequence[_Ran]) -> Deployment:
    """Return the medians of the costs, and the calls of the run that made the most calls."""
    most = max((ran.calls for ran in runs), key=lambda calls: calls.made)
    return Deployment(size, runs[0].what, most, Cost.median([ran.cost for ran in runs]))


def _round(aws: LocalAws, size: int) -> list[_Ran]:
    return [_bare(aws), *_all_kinds(_Deployer(aws, size))]


def _all_kinds(deployer: _Deployer) -> list[_Ran]:
    declared = deployer.declared
    first, nothing = deployer.deploy(FIRST, declared), deployer.deploy(NOTHING, declared)
    floor_of_first, api_id = deployer.floor_of_first()
    change = deployer.deploy(CHANGE, [*declared, {"route": "GET /one-more/{id}/{range}", "action": "GetItem"}])
    return [first, floor_of_first, nothing, change, deployer.floor_of_change(api_id)]


def _bare(aws: LocalAws) -> _Ran:
    playbook = aws.directory / "bare.yml"
    playbook.write_text(_BARE_PLAYBOOK, encoding="utf-8")
    return _Ran(BARE, run(["ansible-playbook", str(playbook)], aws.environment(), ROOT)[0], Calls(0, 0))


@dataclass(frozen=True)
class _Ran:
    what: str
    cost: Cost
    calls: Calls


class _Deployer:
    """Deploys to two new accounts: the collection to one, and the floor to the other."""

    def __init__(self, aws: LocalAws, size: int) -> None:
        self.declared = routes(size)
        self._aws = aws
        self._account, self._floor_account = new_account_id(), new_account_id()
        self._build = aws.directory / "build"
        self._report = self._build / "measured" / "prod"

    def deploy(self, what: str, declared: Sequence[dict[str, Any]]) -> _Ran:
        """Run the playbook like a user. Raises `RuntimeError` if it does not do what this kind of run does."""
        variables = self._aws.directory / "api.yml"
        variables.write_text(yaml.safe_dump(api("measured", declared)), encoding="utf-8")
        options = f"stage=prod api={variables} service_proxy_build_directory={self._build}"
        ran, text = self._run(what, self._account, ["ansible-playbook", "deploy.yml", "-e", options])
        if ("changed=0" in text) != (what == NOTHING):
            raise RuntimeError(f"{what}: {text}")
        return ran

    def floor_of_first(self) -> tuple[_Ran, str]:
        """Create the last deployed API with the script. Return the cost and the ID of the API."""
        return self._floor(FLOOR_FIRST, "first", self._deployed("policy.json"))

    def floor_of_change(self, api_id: str) -> _Ran:
        """Update the API of the script to the last deployed version."""
        return self._floor(FLOOR_CHANGE, "change", api_id)[0]

    def _floor(self, what: str, verb: str, argument: str) -> tuple[_Ran, str]:
        script = str(Path(__file__).with_name("floor.py"))
        ran, text = self._run(
            what, self._floor_account, [sys.executable, script, verb, self._deployed("openapi.json"), argument]
        )
        return ran, text.strip()

    def _deployed(self, name: str) -> str:
        """Copy a file of the last report, with the account of the floor and without whitespace. Return its path."""
        path = self._aws.directory / name
        text = json.dumps(json.loads((self._report / name).read_text(encoding="utf-8")))
        path.write_text(text.replace(self._account, self._floor_account), encoding="utf-8")
        return str(path)

    def _run(self, what: str, account_id: str, command: Sequence[str]) -> tuple[_Ran, str]:
        self._aws.rehearse(account_id)
        cost, text = run(command, self._aws.environment_of(account_id), ROOT)
        return _Ran(what, cost, self._aws.calls(account_id)), text
