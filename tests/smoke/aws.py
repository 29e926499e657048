# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Check the assumptions about AWS in an AWS account: questions first, then the recipes, compared with the local AWS.

    python tests/smoke/aws.py eu-central-1 [--only 'one item'] [--patience 30] [--report build/smoke-aws.json]
    python tests/smoke/aws.py eu-central-1 --remove codeless-smoke-1a2b3c4d

The account is that of the SDK's credentials. The program first shows the account, what it will create and the cost, and
waits for a confirmation. All resources have a random name. They are deleted after each comparison, also if a run fails
or is interrupted. Exits with 0 if nothing differs, 1 if something differs, 2 if a resource could not be deleted or the
run stopped early.
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
"""A run that takes longer stops."""
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
    """The questions that a run asks, and the comparisons that it makes afterwards, each with its title."""

    questions: Sequence[Question]
    comparisons: Sequence[tuple[str, Comparison]]

    def titles(self) -> list[str]:
        return [*([TITLE] if self.questions else []), *(title for title, _comparison in self.comparisons)]


def main(arguments: Sequence[str]) -> int:
    """Ask and compare, or delete the resources of an earlier run. Return the exit code."""
    given = _arguments(arguments)
    theirs = Side("AWS", boto3.Session(region_name=given.region))
    try:
        caller = theirs.aws.call("sts", "GetCallerIdentity")
    except AwsError as error:
        print(f"Cannot reach an AWS account. {error.message}", file=sys.stderr)
        return 2
    if given.remove:
        return _removed(theirs, given.remove, given.patience)
    name = f"codeless-smoke-{uuid.uuid4().hex[:8]}"
    comparisons = [one for one in _comparisons() if given.only.lower() in one[0].lower()]
    chosen = Chosen(choose(QUESTIONS, given.only), comparisons)
    if not chosen.titles():
        print(f'No title contains "{given.only}". The titles are: {", ".join(_titles())}', file=sys.stderr)
        return 2
    print(_announced(caller, given.region, name, chosen), end="", flush=True)
    if sys.stdin.readline().strip() != caller["Account"]:
        print("Nothing was created.")
        return 2
    with _local_aws(given.region) as ours:
        return _run(Sides(theirs, ours, given.patience), name, chosen, _report(given, theirs, caller, name))


def _arguments(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="aws.py", description="Compare AWS with the local AWS.")
    parser.add_argument("region", help="a Region, such as eu-central-1")
    parser.add_argument("--only", default="", help="only questions and comparisons with this text in the title")
    parser.add_argument("--patience", type=float, default=30.0, help="seconds to wait until AWS is consistent")
    parser.add_argument("--report", type=Path, default=REPORT, help="the file for the report")
    parser.add_argument("--remove", default="", help="only delete the resources of the run with this name")
    given = parser.parse_args(arguments)
    if not given.region:
        parser.error("name a Region, such as: make smoke-aws REGION=eu-central-1")
    if given.remove and not given.remove.startswith("codeless-smoke-"):
        parser.error("--remove: the name of a run begins with codeless-smoke-")
    return given


def _comparisons() -> list[tuple[str, Comparison]]:
    """Return all comparisons, each with its title: the example, the recipes of the page, the features of templates."""
    example = Recipe("The example", yaml.safe_load(EXAMPLE.read_text(encoding="utf-8")), EXAMPLE_STEPS)
    listed = [(one.title, partial(differing_recipe, recipe=one)) for one in (example, *recipes(PAGE))]
    return [*listed, ("Features of templates", differing_features)]


def _titles() -> list[str]:
    return [*(f"{TITLE}: {one.name}" for one in QUESTIONS), *(title for title, _comparison in _comparisons())]


def _announced(caller: Any, region: str, name: str, chosen: Chosen) -> str:
    """Return the text that shows what will be created and what it costs, and asks for a confirmation."""
    count = len(chosen.titles())
    minutes = max(2, count * 40 // 60)
    return f"""
Account {caller["Account"]} ({caller["Arn"]}), Region {region}.

Questions: {len(chosen.questions)}, with two APIs. Comparisons: {len(chosen.comparisons)}, each with an API, a role and
on-demand tables. Two have a Cognito user pool, and one has {len(features())} routes for features of templates.
All names begin with {name}. The APIs get a few hundred requests, and are deleted afterwards.
The run takes about {minutes} minutes, and {MINUTES} at most.

Cost: each request costs one request to API Gateway and a few units of DynamoDB. AWS charges a few US dollars for a
million of either, so expect less than one cent. If the run is killed, delete its resources with:
  make smoke-aws REGION={region} REMOVE={name}

Enter the account ID to continue: """


def _report(given: argparse.Namespace, side: Side, caller: Any, name: str) -> Report:
    """Return an empty report that hides the account, its caller, the credentials and the name of the run."""
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
    """Run a local AWS for the comparison, on a free port."""
    with tempfile.TemporaryDirectory(prefix="smoke-aws-") as directory:
        status, _unused = daemon.start(Path(directory), port=0)
        try:
            session = boto3.Session("local", "no-secret-at-all", region_name=region)
            yield Side("The local AWS", session, status.endpoint_url)
        finally:
            daemon.stop(Path(directory))


def _run(sides: Sides, name: str, chosen: Chosen, report: Report) -> int:
    """Ask the questions, then compare one after the other. Always delete the resources. Return the exit code."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    broken = ""
    try:
        for line in _progress(sides, name, chosen, report):
            print(line, flush=True)
    except KeyboardInterrupt:
        broken = "Interrupted."
    except Exception as error:
        broken = f"Stopped: {type(error).__name__}: {error}"
    found = report.differences()
    report.end(broken or _count(found))
    print(f"\nReport, without IDs and secrets: {report.path}", flush=True)
    print(f"{broken or _count(found)} Deleting all resources of the run.", flush=True)
    return _removed(sides.theirs, name, sides.patience) or (2 if broken else 1 if found else 0)


def _progress(sides: Sides, name: str, chosen: Chosen, report: Report) -> Iterator[str]:
    """Ask, compare, and add the results to the report. Yield lines of progress and the differences."""
    deadline = time.monotonic() + MINUTES * 60
    goes_on = not chosen.questions or (yield from _questions(sides, name, chosen.questions, report))
    for number, (title, comparison) in enumerate(chosen.comparisons, start=1):
        if not goes_on:
            report.add(_entry(title, [], NOT_ASKED))
            continue
        if time.monotonic() > deadline:
            left = len(chosen.comparisons) - number + 1
            raise TimeoutError(f"{left} of {len(chosen.comparisons)} comparisons were not made in {MINUTES} minutes")
        yield f"{number:3} of {len(chosen.comparisons)}  {title}"
        differences: list[str] = []
        for difference in _differences(sides, f"{name}-{number:02}", comparison):
            differences.append(difference.strip())
            yield difference
        report.add(_entry(title, differences, DIFFERENT if differences else AS_EXPECTED))


def _questions(sides: Sides, name: str, chosen: Sequence[Question], report: Report) -> Generator[str, None, bool]:
    """Ask AWS the questions, and delete the resources that they created. Return whether to continue."""
    try:
        return (yield from ask_questions(sides.theirs, f"{name}-00", sides.patience, chosen, report))
    finally:
        sides.theirs.remove(f"{name}-00")


def _entry(title: str, differences: Sequence[str], verdict: str) -> Entry:
    asked = "The requests of its page, or its templates, sent to AWS and to the local AWS."
    return Entry(title, asked, "no difference", "\n".join(differences) or "no difference", verdict)


def _differences(sides: Sides, name: str, comparison: Comparison) -> Iterator[str]:
    """Yield the differences of one comparison, and delete its resources."""
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
    """Delete all resources of a run, without interruption. Return 2 if a resource is left, else 0.

    A table that is still being created cannot be deleted, so a failed deletion is repeated once after `patience`.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    left = side.remove(name)
    if left:
        time.sleep(patience)
        left = side.remove(name)
    for one in left:
        print(f"Not deleted: {one}")
    print(
        f"To try again: make smoke-aws REGION={side.aws.region()} REMOVE={name}"
        if left
        else f"All resources of {name} are deleted."
    )
    return 2 if left else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
