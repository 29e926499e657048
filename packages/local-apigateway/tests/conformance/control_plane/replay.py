# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Recorded responses of AWS compared with those of the local API Gateway to the same requests.

The recordings have placeholders for generated values: `<id:1>` stands for one value throughout a recording, `datetime`
for a time. Texts that are JSON are recorded as JSON. The requests are not recorded; `scenario_*.py` send them again.
"""

from __future__ import annotations

import datetime
import functools
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import botocore.exceptions

from log_role import set_log_role

RECORDINGS = Path(__file__).resolve().parents[6] / "shared" / "apigateway_snapshots"
PLACEHOLDER = re.compile(r"<[\w.-]+(?::\d+)?>")
ACCOUNT = "111111111111"
REGION = "us-east-1"


@functools.cache
def recordings() -> dict[str, dict[str, Any]]:
    """Return the recorded responses by step, for each recording like `test_apigateway_api::TestX::test_y`."""
    return {
        f"{path.name.removesuffix('.snapshot.json')}::{name.split('::', 1)[1]}": recording["recorded-content"]
        for path in sorted(RECORDINGS.glob("*.snapshot.json"))
        for name, recording in json.loads(path.read_text("utf-8")).items()
    }


@dataclass
class Replay:
    """The replay of one recording. `differences` has the differing places by step."""

    client: Any
    iam: Any
    recorded: dict[str, Any]
    account: str
    differences: dict[str, list[str]] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)
    _bound: dict[str, str] = field(default_factory=lambda: {"<region>": REGION, "<partition>": "aws"})

    def call(self, operation: str, /, **parameters: Any) -> dict[str, Any]:
        """Send a request and return its response, error responses included."""
        try:
            answer: dict[str, Any] = getattr(self.client, operation)(**parameters)
        except botocore.exceptions.ClientError as error:
            answer = dict(error.response)
        return answer

    def step(self, name: str, operation: str, /, **parameters: Any) -> dict[str, Any]:
        """Send a request and compare its response with the recorded one."""
        answer = self.call(operation, **parameters)
        self.compare(name, answer)
        return answer

    def compare(self, name: str, answer: Any) -> None:
        """Compare a response with the recorded one of that step."""
        self.seen.add(name)
        found = list(self._differences(self.recorded[name], answer, "$"))
        if found:
            self.differences[name] = found

    def log_role(self) -> None:
        """Set the account's role for CloudWatch Logs, which the account of the recordings had."""
        set_log_role(self.iam, self.client)

    def new_api(self, **parameters: Any) -> tuple[str, str]:
        """Create an API without comparing it; return its id and that of its root resource."""
        api = self.client.create_rest_api(**{"name": "replayed", **parameters})
        return api["id"], api["rootResourceId"]

    def _differences(self, recorded: Any, actual: Any, where: str) -> Iterator[str]:
        if where == "$.ResponseMetadata":
            yield from self._differences(recorded["HTTPStatusCode"], actual["HTTPStatusCode"], "status")
        elif isinstance(recorded, dict) and isinstance(actual, dict):
            for key in sorted(recorded.keys() | actual.keys()):
                if key not in actual or key not in recorded:
                    yield f"{where}.{key}: {'missing' if key in recorded else f'not recorded: {actual[key]!r}'}"
                else:
                    yield from self._differences(recorded[key], actual[key], f"{where}.{key}")
        elif isinstance(recorded, list) and isinstance(actual, list):
            if len(recorded) != len(actual):
                yield f"{where}: {len(actual)} entries, {len(recorded)} recorded: {actual!r}"
            for index, (left, right) in enumerate(zip(recorded, actual, strict=False)):
                yield from self._differences(left, right, f"{where}[{index}]")
        elif isinstance(recorded, (dict, list)) and isinstance(actual, str):
            yield from self._differences(recorded, _parsed(actual), where)
        elif not self._same(recorded, actual):
            yield f"{where}: {actual!r}, recorded {recorded!r}"

    def _same(self, recorded: Any, actual: Any) -> bool:
        if recorded == "datetime":
            return isinstance(actual, datetime.datetime)
        if isinstance(recorded, str):
            recorded = recorded.replace(ACCOUNT, self.account)
        if isinstance(recorded, str) and PLACEHOLDER.search(recorded):
            return self._binds(recorded, str(actual))
        return bool(recorded == actual)

    def _binds(self, recorded: str, actual: str) -> bool:
        """Return whether a text matches one with placeholders, each of which keeps its value."""
        names: list[str] = []
        pattern = ""
        position = 0
        for match in PLACEHOLDER.finditer(recorded):
            pattern += re.escape(recorded[position : match.start()])
            known = self._bound.get(match[0])
            pattern += re.escape(known) if known is not None else "(.+?)"
            names += [] if known is not None else [match[0]]
            position = match.end()
        found = re.fullmatch(pattern + re.escape(recorded[position:]), actual, re.DOTALL)
        if found:
            self._bound.update(zip(names, found.groups(), strict=True))
        return bool(found)


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


Scenario = Callable[[Replay], None]
SCENARIOS: dict[str, Scenario] = {}


def replays(name: str) -> Callable[[Scenario], Scenario]:
    """Register the requests of a recording."""

    def register(scenario: Scenario) -> Scenario:
        SCENARIOS[name] = scenario
        return scenario

    return register


def replace(path: str, value: str | None = None) -> dict[str, str]:
    return patch("replace", path, value)


def patch(op: str, path: str, value: str | None = None) -> dict[str, str]:
    """Return a patch operation."""
    return {"op": op, "path": path, **({} if value is None else {"value": value})}
