# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""MiniStack as a child process: started with the server, restarted when it dies, stopped with the server."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import socket
import sys
import tempfile
import time
from pathlib import Path

from ..server_log import log_lines

LOG = logging.getLogger("local_apigateway.services")
OUTPUT = logging.getLogger("ministack")

READY_SECONDS = 30.0
STOP_SECONDS = 20.0
# A child that dies sooner after its start is restarted after a pause.
STEADY_SECONDS = 5.0

# These access keys are the root of account 000000000000. A key of 12 digits is the root of the account with that ID.
ROOT_ACCESS_KEYS = ("test", "local")


# Variables that MiniStack's process inherits, for Python and Docker. Others can contain secrets.
INHERITED = frozenset(
    {
        *("HOME", "LANG", "LANGUAGE", "LC_ALL", "LC_CTYPE", "LD_LIBRARY_PATH", "PATH", "PYTHONHOME", "TMPDIR", "TZ"),
        *("DOCKER_CERT_PATH", "DOCKER_HOST", "DOCKER_TLS_VERIFY"),
    }
)
# Longer paths of Unix sockets cannot be bound on macOS (104 bytes; Linux: 108).
SOCKET_PATH_BYTES = 100


class MiniStackError(Exception):
    """MiniStack could not be started. The message names the place of the reason."""


class MiniStack:
    """The child process, with a listening socket that outlives it: requests wait in its queue during a restart.

    The socket is in the file system, and only its owner can open it. MiniStack accepts any secret key, so web pages and
    other users of the machine must not reach it. `public_port` is the port of the server, which MiniStack writes into
    the URLs that it returns.
    """

    def __init__(self, directory: Path, public_port: int, functions: bool) -> None:
        self._directory = directory
        self._public_port = public_port
        self._functions = functions
        self._process: asyncio.subprocess.Process | None = None
        self._watcher: asyncio.Task[None] | None = None
        self._output: asyncio.Task[None] | None = None
        self._scratch: tempfile.TemporaryDirectory[str] | None = None
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.socket_path = self._choose_socket_path()
        self._socket = _listen(self.socket_path)
        self.restarts = 0

    def _choose_socket_path(self) -> Path:
        path = self._directory / "socket"
        if len(os.fsencode(path)) <= SOCKET_PATH_BYTES:
            return path
        self._scratch = tempfile.TemporaryDirectory(prefix="local-aws-")
        return Path(self._scratch.name) / "socket"

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    async def start(self) -> None:
        """Start MiniStack and wait until it responds. Raises `MiniStackError` if it does not."""
        for name in ("state", "tmp"):
            (self._directory / name).mkdir(parents=True, exist_ok=True)
        await self._spawn()
        await self._wait_until_ready()
        self._watcher = asyncio.create_task(self._watch())

    async def _spawn(self) -> None:
        package = __package__ or ""
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-P",
            "-m",
            f"{package}.child",
            str(self._socket.fileno()),
            str(self._directory / "state"),
            *(["--functions"] if self._functions else []),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            env=self._environment(package),
            pass_fds=(self._socket.fileno(),),
            # Only the server handles a signal to its process group, such as Ctrl-C.
            start_new_session=True,
        )
        if self._process.stdout:
            self._output = asyncio.create_task(log_lines(self._process.stdout, OUTPUT))

    def _environment(self, package: str) -> dict[str, str]:
        """Return MiniStack's settings, and the search path on which this package was found."""
        root = Path(__file__).resolve().parents[len(package.split("."))]
        return {
            **{name: value for name, value in os.environ.items() if name in INHERITED},
            "PYTHONPATH": os.pathsep.join([str(root), *filter(None, [os.environ.get("PYTHONPATH")])]),
            "AUTH": "true",
            "AWS_ACCESS_KEY_ID": ROOT_ACCESS_KEYS[1],
            "BIND_HOST": "127.0.0.1",
            "GATEWAY_PORT": str(self._public_port),
            "PERSIST_STATE": "1",
            "STATE_DIR": str(self._directory / "state"),
            "S3_PERSIST": "1",
            "S3_DATA_DIR": str(self._directory / "s3"),
            # These two would listen on ports of their own, the first on all addresses.
            "IOT_MTLS_ENABLED": "0",
            "SFTP_ENABLED": "0",
            "LOG_LEVEL": "WARNING",
            # MiniStack writes code to paths with predictable names, so not to a directory that other users share.
            "TMPDIR": str(self._directory / "tmp"),
        }

    async def _wait_until_ready(self) -> None:
        """Wait until MiniStack responds. Raises `MiniStackError` if it ends first or takes too long."""
        if self._process is None:
            raise MiniStackError("MiniStack was not started")
        ended, responded = asyncio.ensure_future(self._process.wait()), asyncio.ensure_future(self._wait_for_response())
        await asyncio.wait((ended, responded), timeout=READY_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        ready = responded.done() and not ended.done()
        ended.cancel()
        responded.cancel()
        if not ready:
            if self._output:
                await asyncio.wait((self._output,), timeout=1.0)
            raise MiniStackError("MiniStack did not start. Read the reason in the lines above in the server's log")

    async def _wait_for_response(self) -> None:
        while not await self._responds():
            await asyncio.sleep(0.02)

    async def _responds(self) -> bool:
        with contextlib.suppress(OSError, TimeoutError):
            reader, writer = await asyncio.open_unix_connection(self.socket_path)
            try:
                writer.write(b"GET /_ministack/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                return b" 200" in await asyncio.wait_for(reader.readline(), READY_SECONDS)
            finally:
                writer.close()
        return False

    async def _watch(self) -> None:
        while self._process:
            began = time.monotonic()
            status = await self._process.wait()
            LOG.error("MiniStack ended with status %s and is restarted", status)
            if time.monotonic() - began < STEADY_SECONDS:
                await asyncio.sleep(1.0)
            self.restarts += 1
            await self._spawn()

    async def stop(self) -> None:
        """Wait until MiniStack has saved and ended. Kill it if it does not end in time."""
        if self._watcher:
            self._watcher.cancel()
        if self._process and self._process.stdin and self._process.returncode is None:
            self._process.stdin.close()
            try:
                await asyncio.wait_for(self._process.wait(), STOP_SECONDS)
            except TimeoutError:
                LOG.error("MiniStack did not stop within %s s and is killed", STOP_SECONDS)
                self._process.kill()
                await self._process.wait()
        if self._output:
            # A process that MiniStack started can keep its output open.
            await asyncio.wait((self._output,), timeout=1.0)
        self._socket.close()
        self.socket_path.unlink(missing_ok=True)
        if self._scratch:
            self._scratch.cleanup()


def _listen(path: Path) -> socket.socket:
    """Listen on a Unix socket that only its owner can open. Replace the socket of a killed server."""
    path.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        listener.bind(os.fspath(path))
        # Nobody can connect before `listen`.
        path.chmod(0o600)
        listener.listen(1024)
    except OSError:
        listener.close()
        raise
    return listener
