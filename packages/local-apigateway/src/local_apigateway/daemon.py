# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The local AWS as a background process: start, stop, status."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .private_files import UnsafeDirectoryError, check_directory, lock_holder, prepare_directory
from .running_servers import listed_state_directories
from .server_log import escaped
from .settings import CLOSED, Settings

START_SECONDS = 60.0
STOP_SECONDS = 40.0
# Time for a server that does not respond to save and end, and for the kernel to end a killed process.
UNRESPONSIVE_SECONDS = 5.0
KILL_SECONDS = 10.0
ANSWER_SECONDS = 5.0
STATUS_BYTES = 65_536
POLL_SECONDS = 0.02


class DaemonError(Exception):
    """The local AWS could not be started, stopped or found. The message has the cause and what to do."""


@dataclass(frozen=True)
class Status:
    """Whether a local AWS uses a state directory, and at which port.

    `running`: a process holds the lock of the directory, even if it does not accept requests yet. `port` is None until
    the process has announced it. `answers`: that process responded at the port.
    """

    state_dir: Path
    running: bool = False
    port: int | None = None
    pid: int | None = None
    answers: bool = False
    settings: Settings = CLOSED

    @property
    def endpoint_url(self) -> str | None:
        return f"http://127.0.0.1:{self.port}" if self.running and self.port else None


def status(state_dir: Path) -> Status:
    """Return the status of the server over a state directory.

    Only the lock counts. A killed server leaves its file behind, and another program can have its port by now. Raises
    `DaemonError` for a directory that other users can write to, or that is used by a process that cannot be checked.
    """
    path = state_dir.absolute()
    pid = _lock_holder(path)
    if pid is None:
        return Status(path)
    port = _announced_port(path, pid)
    if port is None:
        return Status(path, True, None, pid)
    answered = _request_status(port)
    if answered is None or answered.get("pid") != pid:
        return Status(path, True, port, pid)
    # A server of a version without settings has none of them enabled.
    return Status(path, True, port, pid, True, Settings.from_document(answered.get("settings", {})))


def running_servers() -> list[Status]:
    """Return the status of each listed server of this user that runs, ordered by state directory."""
    found = []
    for state_dir in listed_state_directories():
        with contextlib.suppress(DaemonError, OSError):
            found.append(status(state_dir))
    return [each for each in found if each.running]


def _lock_holder(path: Path) -> int | None:
    if not path.exists():
        return None
    try:
        check_directory(path)
        pid = lock_holder(path / "lock")
    except UnsafeDirectoryError as error:
        raise DaemonError(str(error)) from None
    except OSError as error:
        raise DaemonError(f"cannot read {path / 'lock'}: {error.strerror}. Use another state directory") from None
    if pid == 0:
        raise DaemonError(
            f"the lock of {path} is held by a process of another user or machine, which cannot be used or stopped from "
            "here. Use another state directory"
        )
    return pid


def _announced_port(path: Path, pid: int) -> int | None:
    """Return the port that the process `pid` announced; None if it has not announced one or the file is damaged."""
    try:
        announced = json.loads((path / "server.json").read_text("utf-8"))
        return int(announced["port"]) if announced["pid"] == pid else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _request_status(port: int) -> dict[str, Any] | None:
    try:
        with _opener().open(f"http://127.0.0.1:{port}/_local_aws/status", timeout=ANSWER_SECONDS) as answer:
            document = json.loads(answer.read(STATUS_BYTES))
            return document if isinstance(document, dict) else None
    except (OSError, ValueError, http.client.HTTPException):
        return None


def _opener() -> urllib.request.OpenerDirector:
    """Return an opener that ignores the proxies of the environment, because the server is on this machine."""
    return urllib.request.build_opener(urllib.request.ProxyHandler({}))


def start(
    state_dir: Path, port: int, timeout: float = START_SECONDS, settings: Settings | None = None
) -> tuple[Status, bool]:
    """Start a server unless it runs already, and wait until it responds. Return its status and whether it was started.

    `port` 0 uses a free port. Raises `DaemonError` for missing packages, for a port in use, for a server that already
    uses the directory on another port or with other settings, for a directory that other users can write to, and if
    the server does not respond within `timeout` seconds.
    """
    settings = settings or CLOSED
    current = _wait_until_settled(state_dir, timeout)
    if current.running:
        _require_same(current, port, settings)
        return current, False
    return _start(current.state_dir, port, timeout, settings), True


def _wait_until_settled(state_dir: Path, timeout: float) -> Status:
    """Return the status once the server responds or does not run. Wait while it starts or stops."""
    deadline = time.monotonic() + timeout
    while True:
        current = status(state_dir)
        if not current.running or current.answers:
            return current
        if current.port is not None or time.monotonic() > deadline:
            raise DaemonError(
                f"the local AWS with the state directory {current.state_dir} (process {current.pid}) does not respond. "
                "Stop it, which kills it if necessary, and start it again"
            )
        time.sleep(POLL_SECONDS)


def _require_same(current: Status, port: int, settings: Settings) -> None:
    """Raise `DaemonError` unless the running server has the desired port and settings."""
    if port not in (0, current.port):
        raise DaemonError(
            f"the local AWS with the state directory {current.state_dir} already runs on port {current.port}. "
            f"Stop it before you start it on port {port}, or use another state directory"
        )
    if settings != current.settings:
        running, desired = (" ".join(each.arguments()) or "no options" for each in (current.settings, settings))
        raise DaemonError(
            f"the local AWS with the state directory {current.state_dir} runs with {running}, not with {desired}. "
            "Stop it before you start it with other options, or use another state directory"
        )


def _start(state_dir: Path, port: int, timeout: float, settings: Settings) -> Status:
    try:
        prepare_directory(state_dir)
    except UnsafeDirectoryError as error:
        raise DaemonError(str(error)) from None
    log = state_dir / "server.log"
    with open(log, "ab", opener=_open_private) as output:
        offset = output.tell()
        process = subprocess.Popen(
            [
                *(sys.executable, "-P", "-m", _package(), "serve", "--port", str(port), "--state-dir", str(state_dir)),
                *("--log", str(log)),
                *settings.arguments(),
            ],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            env={**os.environ, "PYTHONPATH": _search_path()},
        )
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise DaemonError(_last_log_line(log, offset))
        started = status(state_dir)
        if started.pid == process.pid and started.answers:
            return started
        time.sleep(POLL_SECONDS)
    process.terminate()
    raise DaemonError(f"the local AWS did not respond within {timeout:g} s. Read its log: {log}")


def _open_private(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NOFOLLOW, 0o600)


def _package() -> str:
    """Return the name by which the child process imports this package."""
    return Path(__file__).parent.name


def _search_path() -> str:
    root = str(Path(__file__).resolve().parents[1])
    return os.pathsep.join([root, *filter(None, [os.environ.get("PYTHONPATH")])])


def _last_log_line(log: Path, offset: int) -> str:
    """Return the last line that a server wrote before it ended."""
    with log.open("rb") as file:
        # A log that was rotated in the meantime is shorter.
        file.seek(offset if file.seek(0, os.SEEK_END) >= offset else 0)
        lines = file.read().decode("utf-8", "replace").strip().splitlines()
    return f"{escaped(lines[-1]) if lines else 'the local AWS ended without a message'} (log: {log})"


def stop(state_dir: Path, timeout: float = STOP_SECONDS) -> bool:
    """Stop the server and MiniStack, and wait until both have saved and ended. Return whether the server ran.

    Kills a server that does not respond or does not end in time, and a MiniStack that does not end after its server.
    Nothing is lost: every change that was acknowledged is on disk.
    """
    current = status(state_dir)
    if current.pid is None:
        return False
    os.kill(current.pid, signal.SIGTERM)
    grace = timeout if current.answers else min(timeout, UNRESPONSIVE_SECONDS)
    _end(current.state_dir / "lock", current.pid, grace)
    ministack = current.state_dir / "ministack" / "state" / "lock"
    pid = lock_holder(ministack)
    if pid:
        _end(ministack, pid, timeout)
    return True


def _end(lock: Path, pid: int, grace: float) -> None:
    """Wait for the end of the process that holds a lock. Kill it after `grace` seconds."""
    if not _wait_until(lambda: lock_holder(lock) not in (pid, 0), grace) and lock_holder(lock) == pid:
        os.kill(pid, signal.SIGKILL)
        if not _wait_until(lambda: lock_holder(lock) not in (pid, 0), KILL_SECONDS):
            raise DaemonError(
                f"process {pid} of the local AWS was killed but does not end. Check its state with `ps -l -p {pid}`"
            )
    # A process without the lock has saved everything and is about to end.
    _wait_until(lambda: not _alive(pid), KILL_SECONDS)


def _wait_until(condition: Callable[[], bool], seconds: float) -> bool:
    """Return whether a condition became true in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(POLL_SECONDS)
    return True


def _alive(pid: int) -> bool:
    try:
        # If the server is a child of this process, it stays a zombie until its exit status is collected.
        if os.waitpid(pid, os.WNOHANG)[0] == pid:
            return False
    except ChildProcessError:
        pass
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
