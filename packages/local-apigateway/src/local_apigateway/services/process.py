# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""MiniStack as a child process: started with the server, watched, started again when it dies, stopped with it."""

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
# A child that dies sooner than this after its start is not worth starting again at once.
STEADY_SECONDS = 5.0

# Any of these access key ids is the root of an account: these two of 000000000000, 12 digits of the account they name.
ROOT_ACCESS_KEYS = ("test", "local")


# What MiniStack's process inherits of our environment: what Python and Docker need. All else may hold secrets.
INHERITED = frozenset(
    {
        *("HOME", "LANG", "LANGUAGE", "LC_ALL", "LC_CTYPE", "LD_LIBRARY_PATH", "PATH", "PYTHONHOME", "TMPDIR", "TZ"),
        *("DOCKER_CERT_PATH", "DOCKER_HOST", "DOCKER_TLS_VERIFY"),
    }
)
# A path of a Unix socket that is longer cannot be bound on macOS (104 bytes; Linux: 108).
SOCKET_PATH_BYTES = 100


class MiniStackError(Exception):
    """MiniStack could not be started; the message says where the reason is."""


class MiniStack:
    """The child, behind a listening socket that outlives it: what comes while it restarts waits in the queue.

    The socket is one in the file system that its owner alone may open: MiniStack accepts any secret, so neither web
    pages nor other users of the machine may reach it. `public_port` is the port of the server in front, which MiniStack
    writes into the URLs that it hands out.
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
        """Start it and wait until it answers. Raises `MiniStackError` where it does not."""
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
            # A signal to the server's group, such as Ctrl-C, is the server's to handle.
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
            # These two would listen beside the gateway's port, the first on all addresses.
            "IOT_MTLS_ENABLED": "0",
            "SFTP_ENABLED": "0",
            "LOG_LEVEL": "WARNING",
            # It keeps code below names that can be foreseen: not in a directory that it shares with other users.
            "TMPDIR": str(self._directory / "tmp"),
        }

    async def _wait_until_ready(self) -> None:
        """Wait until it answers. Raises `MiniStackError` where it ends before, or takes too long."""
        if self._process is None:
            raise MiniStackError("MiniStack was not started")
        ended, answered = asyncio.ensure_future(self._process.wait()), asyncio.ensure_future(self._until_answer())
        await asyncio.wait((ended, answered), timeout=READY_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        ready = answered.done() and not ended.done()
        ended.cancel()
        answered.cancel()
        if not ready:
            if self._output:
                await asyncio.wait((self._output,), timeout=1.0)
            raise MiniStackError("MiniStack did not start; the lines above in the server's log say why")

    async def _until_answer(self) -> None:
        while not await self._answers():
            await asyncio.sleep(0.02)

    async def _answers(self) -> bool:
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
            LOG.error("MiniStack ended with status %s and is started again", status)
            if time.monotonic() - began < STEADY_SECONDS:
                await asyncio.sleep(1.0)
            self.restarts += 1
            await self._spawn()

    async def stop(self) -> None:
        """Let it save and end; kill it only when it does not."""
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
    """Listen on a Unix socket for its owner alone. What a killed server left at the path is replaced."""
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
