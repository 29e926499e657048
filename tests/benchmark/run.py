# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Measure the collection: deployments by the number of routes, fleets by the number of targets, the local API Gateway.

    python tests/benchmark/run.py [--compare build/benchmark.json]

Everything runs against a local AWS that adds 50 ms to each call and has AWS's published quotas, except the measurement
of the gateway. Prints tables and ratios, and writes all figures to a JSON file.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "collections"), str(ROOT / "tests")]

import deployments  # noqa: E402
import fleets  # noqa: E402
import gateway  # noqa: E402
import parts  # noqa: E402
import yaml  # noqa: E402
from rehearsed import LocalAws, local_aws  # noqa: E402
from report import Found, as_text, compared, ratios  # noqa: E402
from timeline import Span, timeline  # noqa: E402

from convergence import new_account_id  # noqa: E402


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print the tables, and write the file."""
    options = _options(arguments)
    earlier = json.loads(options.compare.read_text(encoding="utf-8")) if options.compare else None
    with tempfile.TemporaryDirectory(prefix="benchmark-") as name, local_aws(Path(name)) as aws:
        found = _found(aws, options, _progress())
    print("\n" + as_text(found))
    if earlier:
        print(f"\nbeside {options.compare}:\n{compared(earlier['ratios'], ratios(found))}")
    options.output.parent.mkdir(parents=True, exist_ok=True)
    written = {**asdict(found), "ratios": ratios(found)}
    options.output.write_text(json.dumps(written, indent=2) + "\n", encoding="utf-8")
    print(f"\nwritten to {options.output}")


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--compare", type=Path, help="the file that an earlier run wrote")
    parser.add_argument("--output", type=Path, default=ROOT / "build" / "benchmark.json")
    parser.add_argument(
        "--repeats", type=int, default=3, help="the median of so many runs counts, but for large fleets"
    )
    parser.add_argument("--routes", type=int, nargs="+", default=[1, 10, 100, 300])
    parser.add_argument("--targets", type=int, nargs="+", default=[1, 10, 50])
    parser.add_argument("--forks", type=int, nargs="+", default=[1, 2, 5])
    parser.add_argument("--requests", type=int, default=2000, help="to the gateway, for each number of connections")
    parser.add_argument("--soak", type=int, default=10_000, help="requests to the gateway while its memory is watched")
    return parser.parse_args(arguments)


def _found(aws: LocalAws, options: argparse.Namespace, show: Callable[[str], None]) -> Found:
    machine = _machine()
    by_routes = deployments.measure(aws, options.routes, options.repeats, show)
    show("timelines")
    timelines = {str(size): _timeline(aws, size) for size in (1, 100)}
    of_spans = parts.measure(aws, options.repeats)
    by_targets = fleets.measure(aws, options.targets, options.forks, options.repeats, show)
    aws.end_rehearsal()
    rates, memory = gateway.measure(aws, options.requests, options.soak, show)
    return Found({**machine, "load after": _load()}, by_routes, timelines, of_spans, by_targets, rates, memory)


def _timeline(aws: LocalAws, size: int) -> list[Span]:
    """Return the timeline of the third run. The first one deploys, and the second one fills the caches."""
    account_id = new_account_id()
    variables = aws.directory / "timeline.yml"
    declared = deployments.api("measured", deployments.routes(size))
    variables.write_text(yaml.safe_dump(declared), encoding="utf-8")
    options = f"stage=prod api={variables} service_proxy_build_directory={aws.directory / 'build'}"
    arguments = ["deploy.yml", "-e", options]
    for _run in range(3):
        aws.rehearse(account_id)
        spans = timeline(arguments, aws.environment_of(account_id), aws.directory / "marks")
    return spans


def _machine() -> dict[str, str]:
    asked = ["git", "rev-parse", "--short", "HEAD"]
    commit = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False)
    return {
        "date": time.strftime("%Y-%m-%d %H:%M", time.gmtime()),
        "commit": commit.stdout.strip() or "unknown",
        "system": f"{platform.system()} {platform.machine()}",
        "cores": str(os.cpu_count()),
        "Python": platform.python_version(),
        "ansible-core": version("ansible-core"),
        "load before": _load(),
    }


def _load() -> str:
    return f"{os.getloadavg()[0]:.1f}"


def _progress() -> Callable[[str], None]:
    """Return a function that shows the current measurement, with the seconds since the start."""
    began = time.monotonic()
    return lambda what: print(f"{time.monotonic() - began:5.0f} s  {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
