# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The speed of the local API Gateway: GetItem through it, compared with the same GetItem sent to DynamoDB directly.

Deploys a route with the templates of the compiler. Both sides get requests over persistent connections in one run, so
that the ratio does not depend on the machine. The soak test measures the memory of the gateway's process.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import yaml
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from deployments import api
from processes import run
from rehearsed import REGION, ROOT, LocalAws

from convergence import new_account_id

CONNECTIONS = (1, 2, 4)
ROUTE = {"route": "GET /{id}/{range}", "action": "GetItem"}
ITEM = {"id": "config", "range": "colour", "value": "blue"}
KEY = {"id": {"S": "config"}, "range": {"S": "colour"}}
NAME = "measured"


@dataclass(frozen=True)
class Measured:
    """The result of one load: requests a second, and latencies in milliseconds."""

    rate: float
    p50: float
    p99: float


@dataclass(frozen=True)
class Compared:
    """The gateway and DynamoDB with a number of parallel connections."""

    connections: int
    gateway: Measured
    dynamodb: Measured


@dataclass(frozen=True)
class Request:
    """An HTTP request that can be sent repeatedly, over TCP or to a Unix socket."""

    host: str
    port: int
    text: bytes
    socket: str | None = None

    async def connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self.socket:
            return await asyncio.open_unix_connection(self.socket)
        return await asyncio.open_connection(self.host, self.port)


def request(method: str, url: str, headers: dict[str, str], body: bytes = b"", socket: str | None = None) -> Request:
    parts = urlsplit(url)
    lines = [f"{method} {parts.path or '/'} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
    head = "\r\n".join([*lines, f"Content-Length: {len(body)}", "", ""])
    return Request(str(parts.hostname), int(parts.port or 80), head.encode() + body, socket)


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
    reader, writer = await target.connect()
    while times:
        began = time.perf_counter()
        writer.write(target.text)
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).lower()
        except (asyncio.IncompleteReadError, ConnectionResetError):
            reader, writer = await target.connect()
            continue
        if not head.startswith(b"http/1.1 200"):
            raise RuntimeError(head.decode())
        await reader.readexactly(int(head.split(b"content-length:")[1].split(b"\r\n")[0]))
        latencies.append(time.perf_counter() - began)
        times -= 1
    writer.close()


def deploy(aws: LocalAws, account_id: str) -> str:
    """Deploy the route and the item like a user, and return the URL."""
    variables, build = aws.directory / "gateway.yml", aws.directory / "build"
    declared = {**api(NAME, [ROUTE]), "service_proxy_items": {NAME: [ITEM]}}
    variables.write_text(yaml.safe_dump(declared), encoding="utf-8")
    options = f"stage=benchmark api={variables} service_proxy_build_directory={build}"
    run(["ansible-playbook", "deploy.yml", "-e", options], aws.environment_of(account_id), ROOT)
    outputs = json.loads((build / NAME / "benchmark" / "outputs.json").read_text(encoding="utf-8"))
    return str(outputs["invoke_url"])


def direct(socket: str, account_id: str) -> Request:
    """Return the same GetItem, signed, for the emulator of DynamoDB."""
    url, body = "http://localhost/", json.dumps({"TableName": NAME, "Key": KEY}).encode()
    headers = {"X-Amz-Target": "DynamoDB_20120810.GetItem", "Content-Type": "application/x-amz-json-1.0"}
    signed = AWSRequest("POST", url, headers={**headers, "Host": "localhost"}, data=body)
    SigV4Auth(Credentials(account_id, "no-secret-at-all"), "dynamodb", REGION).add_auth(signed)
    return request("POST", url, dict(signed.headers.items()), body, socket)


def resident(pid: int) -> float:
    """Return the resident memory of a process in MB (Linux)."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS")).split()[1]) / 1024


def soak(through: Request, requests: int, pid: int) -> list[float]:
    """Return the memory of the gateway in MB during requests, at the start and after each fifth."""
    sizes = [resident(pid)]
    for _fifth in range(5):
        asyncio.run(load(through, requests // 5, 4))
        sizes.append(resident(pid))
    return sizes


def measure(
    aws: LocalAws, requests: int, soaked: int, show: Callable[[str], None]
) -> tuple[list[Compared], list[float]]:
    """Measure both sides for each number of connections, and the gateway's memory during `soaked` more requests."""
    account_id = new_account_id()
    url, processes = deploy(aws, account_id), aws.status()
    through = request("GET", f"{url}/{ITEM['id']}/{ITEM['range']}", {"Host": urlsplit(url).netloc})
    straight = direct(processes["ministack"]["socket"], account_id)
    asyncio.run(load(through, 200, 1))  # compiled once, before it is measured
    compared = []
    for connections in CONNECTIONS:
        show(f"{connections} connections")
        sides = [asyncio.run(load(side, requests, connections)) for side in (through, straight)]
        compared.append(Compared(connections, *sides))
    show(f"{soaked} requests more")
    return compared, soak(through, soaked, processes["pid"])
