# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A local AWS that a test starts, kills and starts again, apart from the one that tests share."""

from __future__ import annotations

import json
import os
import signal
import time
import urllib.request
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

from local_apigateway import daemon
from local_apigateway.settings import CLOSED, Settings

REGION = "eu-central-1"
WAIT_SECONDS = 30.0
TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "apigateway.amazonaws.com"}, "Action": "sts:AssumeRole"}
    ],
}


@dataclass
class OwnServer:
    """One local AWS over one directory."""

    state_dir: Path
    port: int = 0
    settings: Settings = CLOSED

    @cached_property
    def _session(self) -> boto3.Session:
        return boto3.Session()

    def start(self) -> daemon.Status:
        """Start the server, each time on the port of the first start."""
        status, _unused = daemon.start(self.state_dir, self.port, settings=self.settings)
        assert status.port
        self.port = status.port
        return status

    def stop(self) -> bool:
        return daemon.stop(self.state_dir)

    def own(self, path: str, method: str = "GET", document: Any = None) -> Any:
        """Send a request below `/_local_aws/`. Return the JSON of the response, or None for an empty one."""
        body = None if document is None else json.dumps(document).encode()
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/_local_aws/{path}", method=method, data=body)
        with urllib.request.urlopen(request) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    def processes(self) -> tuple[int, int]:
        """Return the process IDs of the server and of MiniStack."""
        status = self.own("status")
        return status["pid"], status["ministack"]["pid"]

    def kill(self, *pids: int) -> None:
        """Kill processes with SIGKILL, and wait until they have ended."""
        for pid in pids:
            os.kill(pid, signal.SIGKILL)
        for pid in pids:
            wait_for_end(pid)

    def client(self, service: str, access_key: str = "test", **options: Any) -> Any:
        return self._session.client(
            service,
            region_name=REGION,
            endpoint_url=f"http://127.0.0.1:{self.port}",
            aws_access_key_id=access_key,
            **{"aws_secret_access_key": "test", "config": Config(retries={"max_attempts": 0}), **options},
        )


def wait_for_end(pid: int) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while alive(pid):
        assert time.monotonic() < deadline, f"process {pid} does not end"
        time.sleep(0.02)


def alive(pid: int) -> bool:
    """Return whether a process runs. A zombie does not."""
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text("ascii")
    except FileNotFoundError:
        return False


def table(client: Any, name: str) -> None:
    """Create a table with the key `id`."""
    client.create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
    )


def deploy_page(client: Any, html: str) -> str:
    """Deploy an API whose root answers with an HTML page and a CORS header for all; return its id."""
    api = client.create_rest_api(name="page")
    method = {"restApiId": api["id"], "resourceId": api["rootResourceId"], "httpMethod": "GET"}
    client.put_method(**method, authorizationType="NONE")
    client.put_integration(**method, type="MOCK", requestTemplates={"application/json": '{"statusCode": 200}'})
    headers = {"Access-Control-Allow-Origin": "'*'", "Content-Type": "'text/html'"}
    parameters = {f"method.response.header.{name}": value for name, value in headers.items()}
    client.put_method_response(**method, statusCode="200", responseParameters=dict.fromkeys(parameters, False))
    client.put_integration_response(
        **method, statusCode="200", responseParameters=parameters, responseTemplates={"application/json": html}
    )
    client.create_deployment(restApiId=api["id"], stageName="dev")
    return str(api["id"])
