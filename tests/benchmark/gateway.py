# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""How fast the local gateway answers: GetItem through it, beside the same GetItem asked of DynamoDB itself.

    python tests/benchmark/gateway.py [--requests 2000] [--soak 100000]

Deploys a route with the templates that the compiler writes, on an embedded AWS of its own. Both sides are asked over
connections that are kept alive, in one run, so that the ratio does not depend on the machine. The soak watches the
memory of the gateway's process.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
import time
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "collections"), str(ROOT / "tests")]

from ansible_collections.codeless.apigateway.plugins.plugin_utils.local_aws import daemon  # noqa: E402
from botocore.auth import SigV4Auth  # noqa: E402
from botocore.awsrequest import AWSRequest  # noqa: E402
from botocore.credentials import Credentials  # noqa: E402

from playbooks import run_playbook  # noqa: E402

CONNECTIONS = (1, 2, 4)
ROUTE = {"route": "GET /{id}/{range}", "action": "GetItem"}
KEY = {"id": {"S": "config"}, "range": {"S": "colour"}}


@dataclass(frozen=True)
class Measured:
    """What one load came to: requests a second, and latencies in milliseconds."""

    rate: float
    p50: float
    p99: float


@dataclass(frozen=True)
class Request:
    """One HTTP request, ready to send again and again."""

    host: str
    port: int
    text: bytes


def request(method: str, url: str, headers: dict[str, str], body: bytes = b"") -> Request:
    parts = urlsplit(url)
    lines = [f"{method} {parts.path or '/'} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
    head = "\r\n".join([*lines, f"Content-Length: {len(body)}", "", ""])
    return Request(str(parts.hostname), int(parts.port or 80), head.encode() + body)


async def load(target: Request, requests: int, connections: int) -> Measured:
    """Send that many requests over that many connections, each the next one when it has its answer."""
    latencies: list[float] = []
    began = time.perf_counter()
    await asyncio.gather(*(_ask(target, requests // connections, latencies) for _connection in range(connections)))
    rate = len(latencies) / (time.perf_counter() - began)
    latencies.sort()
    return Measured(rate, latencies[len(latencies) // 2] * 1000, latencies[int(len(latencies) * 0.99)] * 1000)


async def _ask(target: Request, times: int, latencies: list[float]) -> None:
    """Send one request after the other; a server may end a connection between two of them (MiniStack does)."""
    reader, writer = await asyncio.open_connection(target.host, target.port)
    while times:
        began = time.perf_counter()
        writer.write(target.text)
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).lower()
        except (asyncio.IncompleteReadError, ConnectionResetError):
            reader, writer = await asyncio.open_connection(target.host, target.port)
            continue
        if not head.startswith(b"http/1.1 200"):
            raise RuntimeError(head.decode())
        await reader.readexactly(int(head.split(b"content-length:")[1].split(b"\r\n")[0]))
        latencies.append(time.perf_counter() - began)
        times -= 1
    writer.close()


def deploy(endpoint_url: str, directory: Path) -> str:
    """Deploy the route as a user does, and return where it answers."""
    variables = {
        "stage": "benchmark",
        "dynamodb_proxy_build_directory": str(directory),
        "dynamodb_proxy_routes": [ROUTE],
    }
    run = run_playbook(ROOT / "deploy.yml", endpoint_url, variables)
    if run.rc:
        raise RuntimeError(run.stdout + run.stderr)
    outputs = json.loads((directory / "example/benchmark/outputs.json").read_text(encoding="utf-8"))
    return str(outputs["invoke_url"])


def direct(port: int) -> Request:
    """The same GetItem, signed, for the emulator of DynamoDB itself."""
    url, body = f"http://127.0.0.1:{port}/", json.dumps({"TableName": "example", "Key": KEY}).encode()
    headers = {"X-Amz-Target": "DynamoDB_20120810.GetItem", "Content-Type": "application/x-amz-json-1.0"}
    signed = AWSRequest("POST", url, headers={**headers, "Host": f"127.0.0.1:{port}"}, data=body)
    SigV4Auth(Credentials("test", "test"), "dynamodb", "eu-central-1").add_auth(signed)
    return request("POST", url, dict(signed.headers.items()), body)


def resident(pid: int) -> float:
    """The resident memory of a process in MB (Linux)."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS")).split()[1]) / 1024


def status(endpoint_url: str) -> dict[str, Any]:
    with urllib.request.urlopen(f"{endpoint_url}/_local_aws/status") as answer:
        return dict(json.load(answer))


def compare(through: Request, straight: Request, requests: int) -> None:
    """Print both sides at each number of connections, the gateway first, and their ratio."""
    print("connections  gateway/s  p50 ms  p99 ms  DynamoDB/s  p50 ms  ratio")
    for connections in CONNECTIONS:
        ours = asyncio.run(load(through, requests, connections))
        theirs = asyncio.run(load(straight, requests, connections))
        print(
            f"{connections:>11}  {ours.rate:>9.0f}  {ours.p50:>6.2f}  {ours.p99:>6.2f}  "
            f"{theirs.rate:>10.0f}  {theirs.p50:>6.2f}  {ours.rate / theirs.rate:>5.2f}"
        )


def soak(through: Request, requests: int, pid: int) -> None:
    """Print the gateway's memory while it answers, at the start and after each fifth."""
    sizes = [resident(pid)]
    for _fifth in range(5):
        asyncio.run(load(through, requests // 5, 4))
        sizes.append(resident(pid))
    print(f"memory over {requests} requests, MB: {', '.join(f'{size:.1f}' for size in sizes)}")


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the comparison and the soak on an embedded AWS that is made for it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--requests", type=int, default=2000)
    parser.add_argument("--soak", type=int, default=100_000)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="benchmark-") as name:
        started, _new = daemon.start(Path(name) / "local-aws", port=0)
        try:
            measure(str(started.endpoint_url), Path(name), options)
        finally:
            daemon.stop(Path(name) / "local-aws")


def measure(endpoint_url: str, directory: Path, options: argparse.Namespace) -> None:
    url = deploy(endpoint_url, directory)
    processes = status(endpoint_url)
    through = request("GET", f"{url}/config/colour", {"Host": urlsplit(url).netloc})
    asyncio.run(load(through, 200, 1))  # compiled once, before it is measured
    compare(through, direct(processes["ministack"]["port"]), options.requests)
    soak(through, options.soak, processes["pid"])


if __name__ == "__main__":
    main()
