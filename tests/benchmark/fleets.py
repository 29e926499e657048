# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The cost of a run over many targets, which are accounts and Regions in an inventory, by the number of forks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml
from deployments import FIRST, NOTHING, api, routes
from processes import Cost, run
from rehearsed import REGION, ROOT, Calls, LocalAws

from convergence import new_account_id

ROUTES = 10
CROWD = 5
_LARGE = 10
"""A run over more targets than these is made once: it takes long, and is the mean of many targets by itself."""
_PLAYBOOK = Path(__file__).with_name("fleet.yml")
_REGIONS = (
    *("eu-central-1", "eu-central-2", "eu-west-1", "eu-west-2", "eu-north-1"),
    *("us-east-1", "us-east-2", "us-west-2", "ap-northeast-1", "ap-southeast-2"),
)


@dataclass(frozen=True)
class Fleet:
    """A run over `targets` in `accounts`: its calls, and the medians of its cost.

    If it is `crowded`, all targets are in one Region of one account.
    """

    targets: int
    accounts: int
    crowded: bool
    forks: int
    what: str
    calls: Calls
    cost: Cost


@dataclass(frozen=True)
class Target:
    """A host of the inventory."""

    name: str
    account_id: str
    region: str


def spread(count: int) -> list[Target]:
    """Return targets in ten Regions of as many accounts as needed."""
    accounts = [new_account_id() for _account in range(-(-count // len(_REGIONS)))]
    each = [(account_id, region) for account_id in accounts for region in _REGIONS]
    return [Target(f"measured-{number}", *where) for number, where in enumerate(each[:count])]


def crowded(count: int) -> list[Target]:
    """Return targets that are APIs of one account in one Region, so that they share its quotas."""
    account_id = new_account_id()
    return [Target(f"measured-{number}", account_id, REGION) for number in range(count)]


def measure(
    aws: LocalAws, sizes: Sequence[int], forks: Sequence[int], repeats: int, show: Callable[[str], None]
) -> list[Fleet]:
    """Measure, for each size, one first deployment, and runs with nothing to do by the number of forks."""
    found = []
    for size in sizes:
        targets = spread(size)
        show(f"{size} targets, first deploy")
        found.append(_Runner(aws, targets, max(forks)).fleet(FIRST, 1))
        for number in forks if size > 1 else [max(forks)]:
            show(f"{size} targets, {number} forks")
            found.append(_Runner(aws, targets, number).fleet(NOTHING, 1 if size > _LARGE else repeats))
    show(f"{CROWD} targets in one account and Region")
    crowd = _Runner(aws, crowded(CROWD), max(forks))
    return [*found, crowd.fleet(FIRST, 1), crowd.fleet(NOTHING, 1)]


class _Runner:
    """Runs the playbook of the fleet over targets, with a profile for each account."""

    def __init__(self, aws: LocalAws, targets: Sequence[Target], forks: int) -> None:
        self._aws = aws
        self._targets = targets
        self._forks = forks
        self._write()

    def fleet(self, what: str, repeats: int) -> Fleet:
        """Return the medians of several runs, and the calls of the last one."""
        runs = [self.run(what) for _repeat in range(repeats)]
        count, places = len(self._targets), {(target.account_id, target.region) for target in self._targets}
        accounts, cost = {account_id for account_id, _region in places}, Cost.median([cost for cost, _calls in runs])
        return Fleet(count, len(accounts), count > len(places), self._forks, what, runs[-1][1], cost)

    def run(self, what: str) -> tuple[Cost, Calls]:
        """Run once. Raises `RuntimeError` if the run does not do what this kind of run does."""
        self._aws.rehearse()
        command = ["ansible-playbook", str(_PLAYBOOK), "-i", str(self._path("inventory.yml"))]
        options = ["--forks", str(self._forks), "-e", f"@{self._path('api.yml')}", "-e", f"build={self._path('build')}"]
        environment = self._aws.environment(AWS_CONFIG_FILE=str(self._path("config")))
        cost, text = run([*command, *options], environment, ROOT)
        if text.count("changed=0") != (len(self._targets) if what == NOTHING else 0):
            raise RuntimeError(f"{what}: {text}")
        return cost, self._aws.calls()

    def _write(self) -> None:
        hosts = {target.name: {"profile": target.account_id, "region": target.region} for target in self._targets}
        self._path("inventory.yml").write_text(yaml.safe_dump({"fleet": {"hosts": hosts}}), encoding="utf-8")
        variables = api("{{ inventory_hostname }}", routes(ROUTES))
        self._path("api.yml").write_text(yaml.safe_dump(variables), encoding="utf-8")
        accounts = {target.account_id for target in self._targets}
        self._path("config").write_text("\n".join(map(_profile, accounts)), encoding="utf-8")

    def _path(self, name: str) -> Path:
        return self._aws.directory / f"fleet-{name}"


def _profile(account_id: str) -> str:
    """Return a profile of the AWS configuration. The local AWS accepts an account ID as the key of the root user."""
    keys = f"aws_access_key_id = {account_id}\naws_secret_access_key = no-secret-at-all"
    return f"[profile {account_id}]\n{keys}\n"
