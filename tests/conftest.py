# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Fixtures for all tests: an embedded AWS of each test process's own."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import boto3
import pytest
from ansible_collections.codeless.apigateway.plugins.plugin_utils.local_aws import daemon
from botocore.config import Config
from hypothesis import settings

# The same examples in every run, and none fails for being slow: timings belong in the benchmark.
settings.register_profile("steady", deadline=None, derandomize=True)
settings.load_profile("steady")

REGION = "eu-central-1"


@dataclass(frozen=True)
class LocalAws:
    """An embedded AWS that runs, and clients for it."""

    endpoint_url: str
    state_dir: Path

    @cached_property
    def _session(self) -> boto3.Session:
        # One session for all clients: each reads the models of the services only once.
        return boto3.Session()

    def client(self, service: str, region: str = REGION, access_key: str = "test", **options: Any) -> Any:
        """A boto3 client that gives up at once; `access_key` of 12 digits is another account."""
        options = {"aws_secret_access_key": "test", "config": Config(retries={"max_attempts": 0}), **options}
        return self._session.client(
            service, region_name=region, endpoint_url=self.endpoint_url, aws_access_key_id=access_key, **options
        )

    def rehearse(self, rehearsal: Mapping[str, Any] | None, account_id: str = "") -> None:
        """Ask for a rehearsal, of one account or of all; None ends it."""
        url = f"{self.endpoint_url}/_local_aws/rehearsal{f'?account={account_id}' if account_id else ''}"
        body = None if rehearsal is None else json.dumps(rehearsal).encode()
        method = "DELETE" if rehearsal is None else "PUT"
        urllib.request.urlopen(urllib.request.Request(url, body, method=method)).close()

    def invoke_url(self, api_id: str, stage: str) -> str:
        """Where a stage answers, without a slash at the end."""
        return f"{self.endpoint_url}/restapis/{api_id}/{stage}/_user_request_"


@pytest.fixture(scope="session")
def local_aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalAws]:
    """An embedded AWS on a free port, for all tests of this process; each test names its things for itself."""
    state_dir = tmp_path_factory.mktemp("local-aws")
    status, _unused = daemon.start(state_dir, port=0)
    assert status.endpoint_url
    running = LocalAws(status.endpoint_url, state_dir)
    # Tests change a table's time to live as often as they need; test_aws_refusals.py tests AWS's interval.
    running.rehearse({"ttl_interval": 0})
    yield running
    daemon.stop(state_dir)
