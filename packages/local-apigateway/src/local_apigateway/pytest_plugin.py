# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A pytest plugin: the fixture `local_aws`, a local AWS on a free port."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from . import daemon

REGION = "eu-central-1"


@dataclass(frozen=True)
class LocalAws:
    """A local AWS that runs, and clients for it."""

    endpoint_url: str
    state_dir: Path

    @cached_property
    def _session(self) -> Any:
        import boto3

        # One session for all clients: each reads the models of the services only once.
        return boto3.Session()

    def client(self, service: str, region: str = REGION, access_key: str = "test", **options: Any) -> Any:
        """Return a boto3 client that does not retry. An `access_key` of 12 digits is an account of that ID."""
        from botocore.config import Config

        options = {"aws_secret_access_key": "test", "config": Config(retries={"max_attempts": 0}), **options}
        return self._session.client(
            service, region_name=region, endpoint_url=self.endpoint_url, aws_access_key_id=access_key, **options
        )

    def rehearse(self, rehearsal: Mapping[str, Any] | None, account_id: str = "") -> None:
        """Start a rehearsal, for one account or for all accounts. None ends it."""
        url = f"{self.endpoint_url}/_local_aws/rehearsal{f'?account={account_id}' if account_id else ''}"
        body = None if rehearsal is None else json.dumps(rehearsal).encode()
        method = "DELETE" if rehearsal is None else "PUT"
        urllib.request.urlopen(urllib.request.Request(url, body, method=method)).close()

    def invoke_url(self, api_id: str, stage: str) -> str:
        """Return the URL of a stage, without a slash at the end."""
        return f"{self.endpoint_url}/restapis/{api_id}/{stage}/_user_request_"


@pytest.fixture(scope="session")
def local_aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalAws]:
    """Start a local AWS on a free port for all tests of this process, and stop it at the end."""
    state_dir = tmp_path_factory.mktemp("local-aws")
    status, _started = daemon.start(state_dir, port=0)
    assert status.endpoint_url
    yield LocalAws(status.endpoint_url, state_dir)
    daemon.stop(state_dir)
