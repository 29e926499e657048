# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Check the collection's assumptions on an AWS account: questions first, then the recipes, compared with the local AWS.

    python tests/smoke/aws.py eu-central-1 [--only 'one item'] [--patience 30] [--report build/smoke-aws.json]
    python tests/smoke/aws.py eu-central-1 --remove codeless-smoke-1a2b3c4d

The account is that of the SDK's credentials. The program shows it first, with what will be created and what that costs,
and waits for a confirmation. Everything has a random name, and is removed again, part by part, also when a run fails or
is interrupted. Exits with 0 where nothing differs, 1 where something does, 2 where something could not be removed or
the run broke off.
"""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "collections"), str(ROOT / "tests"), str(ROOT / "packages/local-apigateway/tests")]

import boto3  # noqa: E402
import botocore  # noqa: E402
import yaml  # noqa: E402
from ansible_collections.codeless.apigateway.plugins.module_utils._engine.errors import AwsError  # noqa: E402
from botocore.exceptions import ClientError  # noqa: E402

from integration.test_recipes import PAGE, Recipe, recipes  # noqa: E402
from local_apigateway import daemon  # noqa: E402
from smoke.comparison import Sides, differing_features, differing_recipe, features  # noqa: E402
from smoke.questions import QUESTIONS, TITLE, Question, ask_questions, choose  # noqa: E402
from smoke.report import AS_EXPECTED, DIFFERENT, NOT_ASKED, Entry, Report  # noqa: E402
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
REPORT = ROOT / "build" / "smoke-aws.json"
Comparison = Callable[[Sides, str], Iterable[str]]


@dataclass(frozen=True)
class Chosen:
    """What a run does: the questions that it asks, and then the comparisons that it makes, each with its title."""

    questions: Sequence[Question]
    comparisons: Sequence[tuple[str, Comparison]]

    def titles(self) -> list[str]:
        return [*([TITLE] if self.questions else []), *(title for title, _comparison in self.comparisons)]


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
    comparisons = [one for one in _comparisons() if given.only.lower() in one[0].lower()]
    chosen = Chosen(choose(QUESTIONS, given.only), comparisons)
    if not chosen.titles():
        print(f'Nothing has "{given.only}" in its title: {", ".join(_titles())}', file=sys.stderr)
        return 2
    print(_announced(caller, given.region, name, chosen), end="", flush=True)
    if sys.stdin.readline().strip() != caller["Account"]:
        print("Nothing was made.")
        return 2
    with _local_aws(given.region) as ours:
        return _run(Sides(theirs, ours, given.patience), name, chosen, _report(given, theirs, caller, name))


def _arguments(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="aws.py", description="Compare AWS with the local AWS.")
    parser.add_argument("region", help="a Region, such as eu-central-1")
    parser.add_argument("--only", default="", help="just what has this text in its title")
    parser.add_argument(
        "--patience", type=float, default=30.0, help="the seconds that AWS may take to agree with itself"
    )
    parser.add_argument("--report", type=Path, default=REPORT, help="the file that the answers are written to")
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


def _titles() -> list[str]:
    return [*(f"{TITLE}: {one.name}" for one in QUESTIONS), *(title for title, _comparison in _comparisons())]


def _announced(caller: Any, region: str, name: str, chosen: Chosen) -> str:
    """Return what will be created and what it costs, and the question."""
    count = len(chosen.titles())
    minutes = max(2, count * 40 // 60)
    return f"""
Account {caller["Account"]} ({caller["Arn"]}), Region {region}.

Questions: {len(chosen.questions)}, of two APIs. Comparisons: {len(chosen.comparisons)}, each with an API, a role and
tables on demand; two have a user pool of Cognito, and one has {len(features())} routes for features of templates.
All names begin with {name}. The APIs get some hundred requests and are removed again.
That takes about {minutes} minutes, and {MINUTES} at most.

Cost: a request is one to API Gateway and a few units of DynamoDB. A million of either costs some US dollars by AWS's
price lists, so expect less than one cent. If the run is killed, remove what it left:
  make smoke-aws REGION={region} REMOVE={name}

Type the number of the account to go on: """


def _report(given: argparse.Namespace, side: Side, caller: Any, name: str) -> Report:
    """Return an empty report that keeps the account, its caller, the credentials and the name of the run to itself."""
    galaxy = yaml.safe_load((ROOT / "galaxy.yml").read_text(encoding="utf-8"))
    about = {"collection": galaxy["version"], "botocore": botocore.__version__, "region": given.region}
    hidden = {name: "smoke", caller["Arn"]: "<caller>", caller["UserId"]: "<caller>", caller["Account"]: "<account>"}
    report = Report(given.report, about, hidden)
    credentials = side.session.get_credentials()
    if credentials:
        frozen = credentials.get_frozen_credentials()
        report.hide_secrets([frozen.access_key, frozen.secret_key, frozen.token])
    return report


@contextmanager
def _local_aws(region: str) -> Iterator[Side]:
    """A local AWS for the comparison, on a free port."""
    with tempfile.TemporaryDirectory(prefix="smoke-aws-") as directory:
        status, _unused = daemon.start(Path(directory), port=0)
        try:
            session = boto3.Session("local", "no-secret-at-all", region_name=region)
            yield Side("The local AWS", session, status.endpoint_url)
        finally:
            daemon.stop(Path(directory))


def _run(sides: Sides, name: str, chosen: Chosen, report: Report) -> int:
    """Ask the questions, then compare one after the other. Whatever happens, remove what was created."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    broken = ""
    try:
        for told in _progress(sides, name, chosen, report):
            print(told, flush=True)
    except KeyboardInterrupt:
        broken = "Interrupted."
    except Exception as error:
        broken = f"Broken off: {type(error).__name__}: {error}"
    found = report.differences()
    report.end(broken or _count(found))
    print(f"\nThe report, without ids and secrets: {report.path}", flush=True)
    print(f"{broken or _count(found)} Taking away what was made.", flush=True)
    return _removed(sides.theirs, name, sides.patience) or (2 if broken else 1 if found else 0)


def _progress(sides: Sides, name: str, chosen: Chosen, report: Report) -> Iterator[str]:
    """Do what was chosen and add it to the report. Yield lines of progress, and the differences as they are found."""
    deadline = time.monotonic() + MINUTES * 60
    goes_on = not chosen.questions or (yield from _questions(sides, name, chosen.questions, report))
    for number, (title, comparison) in enumerate(chosen.comparisons, start=1):
        if not goes_on:
            report.add(_entry(title, [], NOT_ASKED))
            continue
        if time.monotonic() > deadline:
            left = len(chosen.comparisons) - number + 1
            raise TimeoutError(f"after {MINUTES} minutes {left} of {len(chosen.comparisons)} were not compared")
        yield f"{number:3} of {len(chosen.comparisons)}  {title}"
        differences: list[str] = []
        for told in _taken_away(sides, f"{name}-{number:02}", comparison):
            differences.append(told.strip())
            yield told
        report.add(_entry(title, differences, DIFFERENT if differences else AS_EXPECTED))


def _questions(sides: Sides, name: str, chosen: Sequence[Question], report: Report) -> Generator[str, None, bool]:
    """Ask the questions of AWS and remove what they created. Return whether it makes sense to go on."""
    try:
        return (yield from ask_questions(sides.theirs, f"{name}-00", sides.patience, chosen, report))
    finally:
        sides.theirs.remove(f"{name}-00")


def _entry(title: str, differences: Sequence[str], verdict: str) -> Entry:
    asked = "The requests of its page, or its templates, sent to AWS and to the local AWS."
    return Entry(title, asked, "no difference", "\n".join(differences) or "no difference", verdict)


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
