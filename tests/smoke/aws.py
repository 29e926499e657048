# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What AWS answers otherwise than the embedded AWS: the recipes and template features on both, with the same requests.

    python tests/smoke/aws.py eu-central-1 [--only 'one item'] [--patience 30]
    python tests/smoke/aws.py eu-central-1 --remove codeless-smoke-1a2b3c4d

The account is that of the SDK's credentials. It is asked for first, with what will be made and what that costs.
Everything has a random name, and is taken away again, recipe by recipe; when a run fails or is interrupted, too. Exits
with 0 where nothing differs, 1 where something does, 2 where something could not be taken away or the run broke off.
"""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "collections"), str(ROOT / "tests")]

import boto3  # noqa: E402
import yaml  # noqa: E402
from ansible_collections.codeless.apigateway.plugins.module_utils._aws import AwsError  # noqa: E402
from ansible_collections.codeless.apigateway.plugins.plugin_utils.local_aws import daemon  # noqa: E402
from botocore.exceptions import ClientError  # noqa: E402

from integration.test_recipes import PAGE, Recipe, recipes  # noqa: E402
from smoke.comparison import Sides, differing_features, differing_recipe, features  # noqa: E402
from smoke.sides import Side  # noqa: E402

MINUTES = 60
"""A run that takes longer than that is broken off."""
EXAMPLE = ROOT / "playbooks" / "vars" / "example.yml"
EXAMPLE_STEPS = (
    ("http", "GET /limits"),
    (
        "http",
        "HTTP/1.1 200 OK\n\n"
        '{"items": [{"id": "limits", "range": "upload", "value": {"size": 10, "unit": "MB"}}], "count": 1}',
    ),
)
Comparison = Callable[[Sides, str], Iterable[str]]


def main(arguments: Sequence[str]) -> int:
    """Compare, or remove what an earlier run left."""
    given = _arguments(arguments)
    theirs = Side("AWS", boto3.Session(region_name=given.region))
    try:
        caller = theirs.aws.call("sts", "GetCallerIdentity")
    except AwsError as error:
        print(f"No AWS account can be reached. {error.message}", file=sys.stderr)
        return 2
    if given.remove:
        return _removed(theirs, given.remove, given.patience)
    name = f"codeless-smoke-{uuid.uuid4().hex[:8]}"
    chosen = [one for one in _comparisons() if given.only.lower() in one[0].lower()]
    print(_announced(caller, given.region, name, [title for title, _unused in chosen]), end="", flush=True)
    if sys.stdin.readline().strip() != caller["Account"]:
        print("Nothing was made.")
        return 2
    with _embedded(given.region) as ours:
        return _run(Sides(theirs, ours, given.patience), name, chosen)


def _arguments(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="aws.py", description="Compare AWS with the embedded AWS.")
    parser.add_argument("region", help="a Region, such as eu-central-1")
    parser.add_argument("--only", default="", help="just what has this text in its title")
    parser.add_argument(
        "--patience", type=float, default=30.0, help="the seconds that AWS may take to agree with itself"
    )
    parser.add_argument("--remove", default="", help="remove what a run of this name has left, and do nothing else")
    given = parser.parse_args(arguments)
    if not given.region:
        parser.error("name a Region, such as: make smoke-aws REGION=eu-central-1")
    if given.remove and not given.remove.startswith("codeless-smoke-"):
        parser.error("the name of a run begins with codeless-smoke-")
    return given


def _comparisons() -> list[tuple[str, Comparison]]:
    """All that is compared, each with its title: the example, the recipes of the page, the features of templates."""
    example = Recipe("The example", yaml.safe_load(EXAMPLE.read_text(encoding="utf-8")), EXAMPLE_STEPS)
    listed = [(one.title, partial(differing_recipe, recipe=one)) for one in (example, *recipes(PAGE))]
    return [*listed, ("Features of templates", differing_features)]


def _announced(caller: Any, region: str, name: str, titles: Sequence[str]) -> str:
    """What will be made and what it costs, and the question."""
    minutes = max(2, len(titles) * 40 // 60)
    return f"""
Account {caller["Account"]} ({caller["Arn"]}), Region {region}.

{len(titles)} APIs are made one after the other, each with a role and tables on demand, two with a user pool of Cognito,
and {len(features())} routes for features of templates. All have names that begin with {name}. They are asked
some hundred requests and taken away again. That takes about {minutes} minutes, and {MINUTES} at most.

Cost: a request is one to API Gateway and a few units of DynamoDB. A million of either costs some US dollars by AWS's
price lists, so less than one cent is to be expected. What a killed run leaves is taken away by
  make smoke-aws REGION={region} REMOVE={name}

Type the number of the account to go on: """


@contextmanager
def _embedded(region: str) -> Iterator[Side]:
    """An embedded AWS for the comparison, on a free port."""
    with tempfile.TemporaryDirectory(prefix="smoke-aws-") as directory:
        status, _unused = daemon.start(Path(directory), port=0)
        try:
            session = boto3.Session("local", "no-secret-at-all", region_name=region)
            yield Side("The embedded AWS", session, status.endpoint_url)
        finally:
            daemon.stop(Path(directory))


def _run(sides: Sides, name: str, chosen: Sequence[tuple[str, Comparison]]) -> int:
    """Compare one after the other. Whatever happens, what was made is taken away."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    broken, found = "", 0
    try:
        for told in _told(sides, name, chosen):
            print(told, flush=True)
            found += 1
    except KeyboardInterrupt:
        broken = "Interrupted."
    except Exception as error:
        broken = f"Broken off: {type(error).__name__}: {error}"
    print(f"\n{broken or _count(found)} Taking away what was made.", flush=True)
    return _removed(sides.theirs, name, sides.patience) or (2 if broken else 1 if found else 0)


def _told(sides: Sides, name: str, chosen: Sequence[tuple[str, Comparison]]) -> Iterator[str]:
    """The differences, as they are found."""
    deadline = time.monotonic() + MINUTES * 60
    for number, (title, comparison) in enumerate(chosen, start=1):
        if time.monotonic() > deadline:
            raise TimeoutError(f"after {MINUTES} minutes {len(chosen) - number + 1} of {len(chosen)} were not compared")
        print(f"{number:3} of {len(chosen)}  {title}", flush=True)
        yield from _taken_away(sides, f"{name}-{number:02}", comparison)


def _taken_away(sides: Sides, name: str, comparison: Comparison) -> Iterator[str]:
    """The differences of one comparison; what it made goes before the next begins."""
    try:
        yield from comparison(sides, name)
    except (AwsError, ClientError) as error:
        yield f"  {error}"
    finally:
        for side in sides.both():
            side.remove(name)


def _count(found: int) -> str:
    return {0: "No difference.", 1: "1 difference."}.get(found, f"{found} differences.")


def _removed(side: Side, name: str, patience: float) -> int:
    """Take away all of that name, not to be interrupted; 2 where something stays, else 0.

    A table that is still being made cannot be deleted, so what stays is tried once more after the patience.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    left = side.remove(name)
    if left:
        time.sleep(patience)
        left = side.remove(name)
    for one in left:
        print(f"Still there: {one}")
    print(
        f"To try again: make smoke-aws REGION={side.aws.region()} REMOVE={name}"
        if left
        else f"Nothing is left of {name}."
    )
    return 2 if left else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
