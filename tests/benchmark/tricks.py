# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What each trick of in-process execution saves of a run with nothing to do.

    python tests/benchmark/tricks.py [--pairs 20]

For each trick, runs `ansible-playbook deploy.yml` in pairs, with the trick and without it, in alternating order.
The table shows the processor and wall seconds of both sides, and how much of a run the trick saves. A trick that the
collection does not use is switched on here for comparison.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "collections"), str(ROOT / "tests")]

import yaml  # noqa: E402
from processes import Cost, run  # noqa: E402
from rehearsed import LocalAws, local_aws  # noqa: E402

_MODULE = "ansible_collections.codeless.apigateway.plugins.plugin_utils._in_process.imports"
_FILE = ROOT / "plugins" / "plugin_utils" / "_in_process" / "imports.py"
_IMPORTS = f"""\
import contextlib, gc, importlib.util, json, sys, types
import botocore.loaders
from ansible.cli.playbook import PlaybookCLI
spec = importlib.util.spec_from_file_location({_MODULE!r}, {str(_FILE)!r})
imports = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
spec.loader.exec_module(imports)
"""
"""What both sides of a pair run before the playbook, so that they differ in the trick alone."""
_PLAYBOOK = "PlaybookCLI.cli_executor(['ansible-playbook', *sys.argv[1:]])"
_AROUND_IMPORTS = """\
import_cheaply = imports.cheaply
@contextlib.contextmanager
def cheaply():
    gc.disable()
    with import_cheaply():
        yield
    {}
    gc.enable()
imports.cheaply = cheaply
"""


_HEADS = (
    *("trick", "routes", "CPU s without → with, minimum", "median", "saved: minimum, median pair"),
    *("wall s without → with, minimum", "median", "saved: minimum, median pair"),
)


@dataclass(frozen=True)
class Side:
    """One side of a pair: statements of Python that run before the playbook, and environment variables."""

    statements: str = ""
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Trick:
    """A trick, with what switches it on and what switches it off."""

    name: str
    switch_on: Side = Side()
    switch_off: Side = Side()


TRICKS = (
    Trick("collector off in a task", switch_off=Side("gc.disable = lambda: None\n")),
    Trick("bytecode", switch_off=Side("imports._Finder.find_spec = staticmethod(lambda *_: None)\n")),
    Trick("compiled templates", switch_off=Side(environment={"XDG_CACHE_HOME": "/dev/null"})),
    Trick("collector off in imports", switch_on=Side(_AROUND_IMPORTS.format("pass"))),
    Trick("gc.freeze after imports", switch_on=Side(_AROUND_IMPORTS.format("gc.freeze()"))),
    Trick(
        "botocore loader",
        switch_on=Side("botocore.loaders.json = types.SimpleNamespace(loads=lambda text, **_: json.loads(text))\n"),
    ),
    Trick("switch interval", switch_on=Side("sys.setswitchinterval(0.0005)\n")),
)


def main() -> None:
    """Deploy each API, then measure each trick with nothing to do, and print a table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--pairs", type=int, default=20)
    parser.add_argument("--tricks", nargs="+", choices=[trick.name for trick in TRICKS])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="tricks-") as name, local_aws(Path(name)) as aws:
        hundred = aws.directory / "hundred.yml"
        hundred.write_text(yaml.safe_dump(hundred_routes()), encoding="utf-8")
        print(f"| {' | '.join(_HEADS)} |\n{'| --- ' * len(_HEADS)}|")
        for routes, api in ((1, ROOT / "playbooks/vars/example.yml"), (100, hundred)):
            deploy(aws, api, Side())
            for trick in TRICKS:
                if trick.name in (options.tricks or [trick.name]):
                    print(as_row(trick.name, routes, measure(aws, api, trick, options.pairs)), flush=True)


def hundred_routes() -> dict[str, Any]:
    """Return the variables of an API with the five usual routes for each of twenty tables."""
    keys = {"hash_key": "owner", "range_key": "id", "attributes": {"owner": "S", "id": "S"}}
    tables = [
        {"name": f"things{number}", **keys, "crud": f"/things{number}/{{owner}}/items/{{id}}"} for number in range(20)
    ]
    return {"service_proxy_name": "hundred", "service_proxy_tables": tables, "service_proxy_routes": []}


def measure(aws: LocalAws, api: Path, trick: Trick, pairs: int) -> list[tuple[Cost, Cost]]:
    """Return the costs of pairs of runs, with and without a trick; one pair before them is not counted."""
    return [_pair(aws, api, trick, off_first=bool(number % 2)) for number in range(pairs + 1)][1:]


def _pair(aws: LocalAws, api: Path, trick: Trick, *, off_first: bool) -> tuple[Cost, Cost]:
    if off_first:
        off = deploy(aws, api, trick.switch_off)
        return deploy(aws, api, trick.switch_on), off
    return deploy(aws, api, trick.switch_on), deploy(aws, api, trick.switch_off)


def deploy(aws: LocalAws, api: Path, side: Side) -> Cost:
    """Run the playbook as a user does, after the statements of one side. Raises `RuntimeError` if it fails."""
    aws.rehearse()
    variables = f"stage=prod api={api} service_proxy_build_directory={aws.directory / 'build'}"
    script = f"{_IMPORTS}{side.statements}{_PLAYBOOK}"
    command = [sys.executable, "-c", script, "deploy.yml", "-e", variables]
    environment = aws.environment(AWS_ACCESS_KEY_ID="0" * 12, AWS_SECRET_ACCESS_KEY="no-secret-at-all")
    return run(command, {**environment, **side.environment}, ROOT)[0]


def as_row(name: str, routes: int, costs: Sequence[tuple[Cost, Cost]]) -> str:
    """Return a row of the table: seconds without and with the trick; saved by the minimum, and by the median pair."""
    cells = [name, str(routes)]
    for read in (lambda cost: cost.cpu, lambda cost: cost.wall):
        on, off = [read(cost) for cost, _off in costs], [read(cost) for _on, cost in costs]
        saved = median(1 - one / other for one, other in zip(on, off, strict=True))
        cells += [f"{min(off):.2f} → {min(on):.2f}", f"{median(off):.2f} → {median(on):.2f}"]
        cells.append(f"{1 - min(on) / min(off):.1%}, {saved:.1%}")
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    main()
