# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The embedded AWS as a background process: start, stop, and whether it runs."""

from __future__ import annotations

import http.client
import importlib.util
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
from .server_log import escaped
from .settings import CLOSED, Settings

REQUIREMENTS = {
    "aiohttp": "aiohttp",
    "botocore": "botocore",
    "jsonpath": "python-jsonpath",
    "jsonschema": "jsonschema",
    "jwt": "PyJWT",
    "ministack": "ministack",
    "regex": "regex",
    "yaml": "PyYAML",
}
"""What the server imports, and the PyPI package that has it."""

START_SECONDS = 60.0
STOP_SECONDS = 40.0
# How long a server that does not answer gets to save and end, and how long the kernel gets to end a killed process.
UNRESPONSIVE_SECONDS = 5.0
KILL_SECONDS = 10.0
ANSWER_SECONDS = 5.0
STATUS_BYTES = 65_536
POLL_SECONDS = 0.02


class DaemonError(Exception):
    """The embedded AWS could not be started or stopped; the message says why and what to do."""


@dataclass(frozen=True)
class Status:
    """Whether a local AWS runs over a state directory, and where.

    It is `running` while a process holds the directory's lock, also before it answers. `port` is None until it
    announces one. `answers` is whether that process answered at the port.
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


def missing_requirements() -> list[str]:
    """The PyPI packages that the server needs and this Python has not."""
    return [package for module, package in REQUIREMENTS.items() if importlib.util.find_spec(module) is None]


def status(state_dir: Path) -> Status:
    """Return who runs over a state directory.

    The lock decides: a file that a killed server left, and whoever has its port now, count for nothing. Raises
    `DaemonError` for a directory that other users can write to, or that is used by a process that cannot be checked.
    """
    path = state_dir.absolute()
    pid = _lock_holder(path)
    if pid is None:
        return Status(path)
    port = _announced_port(path, pid)
    if port is None:
        return Status(path, True, None, pid)
    answered = _ask_status(port)
    if answered is None or answered.get("pid") != pid:
        return Status(path, True, port, pid)
    # A server of a version without settings has none of them on.
    return Status(path, True, port, pid, True, Settings.from_document(answered.get("settings", {})))


def _lock_holder(path: Path) -> int | None:
    if not path.exists():
        return None
    try:
        check_directory(path)
        pid = lock_holder(path / "lock")
    except UnsafeDirectoryError as error:
        raise DaemonError(str(error)) from None
    except OSError as error:
        raise DaemonError(f"cannot read {path / 'lock'}: {error.strerror}. Name another state directory") from None
    if pid == 0:
        raise DaemonError(
            f"the lock of {path} is held by a process that is none of yours on this machine, so it cannot be stopped "
            "or used from here. Use another state directory"
        )
    return pid


def _announced_port(path: Path, pid: int) -> int | None:
    """Return the port that the process `pid` wrote down; None where it has not, or where the file is damaged."""
    try:
        announced = json.loads((path / "server.json").read_text("utf-8"))
        return int(announced["port"]) if announced["pid"] == pid else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _ask_status(port: int) -> dict[str, Any] | None:
    try:
        with _opener().open(f"http://127.0.0.1:{port}/_local_aws/status", timeout=ANSWER_SECONDS) as answer:
            document = json.loads(answer.read(STATUS_BYTES))
            return document if isinstance(document, dict) else None
    except (OSError, ValueError, http.client.HTTPException):
        return None


def _opener() -> urllib.request.OpenerDirector:
    """Without the proxies of the environment: the server is on this machine."""
    return urllib.request.build_opener(urllib.request.ProxyHandler({}))


def start(
    state_dir: Path, port: int, timeout: float = START_SECONDS, settings: Settings | None = None
) -> tuple[Status, bool]:
    """Start it where it does not run, and wait until it answers. Returns its status, and whether it was started.

    `port` 0 takes a free one. Raises `DaemonError` for missing packages, for a port that is taken, for a server that
    runs over the same directory on another port or with other settings, for a directory that other users can write to,
    and where it does not answer within `timeout` seconds.
    """
    settings = settings or CLOSED
    current = _settled(state_dir, timeout)
    if current.running:
        _require_same(current, port, settings)
        return current, False
    missing = missing_requirements()
    if missing:
        raise DaemonError(
            f"the embedded AWS needs packages that {sys.executable} has not: pip install {' '.join(missing)}"
        )
    return _start(current.state_dir, port, timeout, settings), True


def _settled(state_dir: Path, timeout: float) -> Status:
    """Return the status of a server that answers, or of none: one that just starts or stops is waited for."""
    deadline = time.monotonic() + timeout
    while True:
        current = status(state_dir)
        if not current.running or current.answers:
            return current
        if current.port is not None or time.monotonic() > deadline:
            raise DaemonError(
                f"the embedded AWS over {current.state_dir} (process {current.pid}) does not answer. "
                "Stop it, which kills it if need be, and start it again"
            )
        time.sleep(POLL_SECONDS)


def _require_same(current: Status, port: int, settings: Settings) -> None:
    """Raise `DaemonError` unless the server that runs has the wanted port and settings."""
    if port not in (0, current.port):
        raise DaemonError(
            f"the embedded AWS runs already over {current.state_dir}, on port {current.port}: "
            f"stop it before you start it on port {port}, or name another state directory"
        )
    if settings != current.settings:
        runs, wanted = (" ".join(each.arguments()) or "no options" for each in (current.settings, settings))
        raise DaemonError(
            f"the local AWS over {current.state_dir} runs with {runs}, not with {wanted}: "
            "stop it before you start it with other options, or name another state directory"
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
            raise DaemonError(_last_words(log, offset))
        started = status(state_dir)
        if started.pid == process.pid and started.answers:
            return started
        time.sleep(POLL_SECONDS)
    process.terminate()
    raise DaemonError(f"the embedded AWS did not answer within {timeout:g} s; its log is {log}")


def _open_private(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NOFOLLOW, 0o600)


def _package() -> str:
    """The name under which the child finds this package, whatever it is called here."""
    return Path(__file__).parent.name


def _search_path() -> str:
    root = str(Path(__file__).resolve().parents[1])
    return os.pathsep.join([root, *filter(None, [os.environ.get("PYTHONPATH")])])


def _last_words(log: Path, offset: int) -> str:
    """Return the last line that a server wrote before it ended."""
    with log.open("rb") as file:
        # A log that was rotated meanwhile is shorter.
        file.seek(offset if file.seek(0, os.SEEK_END) >= offset else 0)
        lines = file.read().decode("utf-8", "replace").strip().splitlines()
    return f"{escaped(lines[-1]) if lines else 'the embedded AWS ended without a word'} (the whole log: {log})"


def stop(state_dir: Path, timeout: float = STOP_SECONDS) -> bool:
    """Stop it and MiniStack, and wait until both have saved and ended. Returns whether it ran.

    A server that does not answer, or does not end in time, is killed, and so is a MiniStack that does not end after
    its server. What was acknowledged is on disk, so nothing is lost by it.
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
    """Wait for the end of the process that holds a lock, and kill it when `grace` seconds have passed."""
    if not _wait_until(lambda: lock_holder(lock) not in (pid, 0), grace) and lock_holder(lock) == pid:
        os.kill(pid, signal.SIGKILL)
        if not _wait_until(lambda: lock_holder(lock) not in (pid, 0), KILL_SECONDS):
            raise DaemonError(f"the embedded AWS (process {pid}) was killed and does not end: look at what holds it")
    # Without the lock it has nothing left to do but to end.
    _wait_until(lambda: not _alive(pid), KILL_SECONDS)


def _wait_until(condition: Callable[[], bool], seconds: float) -> bool:
    """Return whether a condition came true in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(POLL_SECONDS)
    return True


def _alive(pid: int) -> bool:
    try:
        # Where the server is a child of this process, it has to be waited for before it is gone.
        if os.waitpid(pid, os.WNOHANG)[0] == pid:
            return False
    except ChildProcessError:
        pass
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
