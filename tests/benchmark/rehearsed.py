# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A local AWS for benchmarks: as slow and as strict as AWS, and counting its calls."""

from __future__ import annotations

import contextlib
import json
import os
import sys
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local_apigateway import daemon

ROOT = Path(__file__).resolve().parents[2]
REGION = "eu-central-1"
LATENCY = 0.05
"""Seconds that each call of an AWS API takes longer than the emulator does."""


@dataclass(frozen=True)
class Calls:
    """The number of calls, and how many of them exceeded the quotas."""

    made: int
    throttled: int


@dataclass(frozen=True)
class LocalAws:
    """A running local AWS. `directory` is temporary."""

    endpoint_url: str
    directory: Path

    def rehearse(self, account_id: str | None = None) -> None:
        """Rehearse latency and quotas from now on, for one account or for all. Resets all quotas and counts."""
        self._ask("PUT", "rehearsal", account_id, {"quotas": True, "latency": LATENCY})
        self._ask("DELETE", "calls", account_id)

    def end_rehearsal(self) -> None:
        self._ask("DELETE", "rehearsal", None)

    def calls(self, account_id: str | None = None) -> Calls:
        """Return the calls since `rehearse`."""
        counted = self._ask("GET", "calls", account_id)
        return Calls(counted["total"], sum(counted["throttled"].values()))

    def status(self) -> dict[str, Any]:
        return dict(self._ask("GET", "status", None))

    def environment(self, **more: str) -> dict[str, str]:
        """Return the environment of a command: an empty home, the endpoint and a Region, and nothing of the caller."""
        home = self.directory / "home"
        home.mkdir(exist_ok=True)
        return {
            "PATH": f"{Path(sys.executable).parent}:{os.defpath}",
            "HOME": str(home),
            "LANG": "C.UTF-8",
            "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"),
            "ANSIBLE_NOCOLOR": "1",
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_ENDPOINT_URL": self.endpoint_url,
            **more,
        }

    def environment_of(self, account_id: str) -> dict[str, str]:
        """Return the same environment with the key of an account, which is its ID for the local AWS."""
        return self.environment(AWS_ACCESS_KEY_ID=account_id, AWS_SECRET_ACCESS_KEY="no-secret-at-all")

    def _ask(self, method: str, what: str, account_id: str | None, body: Mapping[str, Any] | None = None) -> Any:
        url = f"{self.endpoint_url}/_local_aws/{what}" + (f"?account={account_id}" if account_id else "")
        data = json.dumps(body).encode() if body else None
        with urllib.request.urlopen(urllib.request.Request(url, data, method=method)) as answer:
            return json.loads(answer.read() or b"null")


@contextlib.contextmanager
def local_aws(directory: Path) -> Iterator[LocalAws]:
    """Run a local AWS on a free port during the block."""
    started, _new = daemon.start(directory / "local-aws", port=0)
    try:
        yield LocalAws(str(started.endpoint_url), directory)
    finally:
        daemon.stop(directory / "local-aws")
