# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The embedded AWS as a background process: start, stop, and whether it runs."""

from __future__ import annotations

import importlib.util
import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any

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
POLL_SECONDS = 0.02


class DaemonError(Exception):
    """The embedded AWS could not be started or stopped; the message says why and what to do."""


@dataclass(frozen=True)
class Status:
    """Whether an embedded AWS runs over a state directory, and where it answers."""

    state_dir: Path
    running: bool = False
    port: int | None = None
    pid: int | None = None

    @property
    def endpoint_url(self) -> str | None:
        return f"http://127.0.0.1:{self.port}" if self.running else None


def missing_requirements() -> list[str]:
    """The PyPI packages that the server needs and this Python has not."""
    return [package for module, package in REQUIREMENTS.items() if importlib.util.find_spec(module) is None]


def status(state_dir: Path) -> Status:
    """Who answers for a state directory. A server that was killed counts as not running."""
    path = state_dir.absolute()
    try:
        announced = json.loads((path / "server.json").read_text("utf-8"))
    except FileNotFoundError:
        return Status(path)
    answered = _ask_status(announced["port"])
    if answered is None or answered["state_dir"] != str(path.resolve()):
        return Status(path)
    return Status(path, True, announced["port"], answered["pid"])


def _ask_status(port: int) -> dict[str, Any] | None:
    try:
        with _opener().open(f"http://127.0.0.1:{port}/_local_aws/status", timeout=5.0) as answer:
            document: dict[str, Any] = json.load(answer)
            return document if "state_dir" in document else None
    except (OSError, ValueError):
        return None


def _opener() -> urllib.request.OpenerDirector:
    """Without the proxies of the environment: the server is on this machine."""
    return urllib.request.build_opener(urllib.request.ProxyHandler({}))


def start(state_dir: Path, port: int, timeout: float = START_SECONDS) -> tuple[Status, bool]:
    """Start it where it does not run, and wait until it answers. Returns its status, and whether it was started.

    `port` 0 takes a free one. Raises `DaemonError` for missing packages, for a port that is taken, for a server that
    runs over the same directory on another port, and where it does not answer within `timeout` seconds.
    """
    current = status(state_dir)
    if current.running:
        if port not in (0, current.port):
            raise DaemonError(
                f"the embedded AWS runs already over {current.state_dir}, on port {current.port}: "
                f"stop it before you start it on port {port}, or name another state directory"
            )
        return current, False
    missing = missing_requirements()
    if missing:
        raise DaemonError(
            f"the embedded AWS needs packages that {sys.executable} has not: pip install {' '.join(missing)}"
        )
    return _start(current.state_dir, port, timeout), True


def _start(state_dir: Path, port: int, timeout: float) -> Status:
    # For its owner alone: temporary credentials are kept in it.
    state_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    log = state_dir / "server.log"
    with log.open("ab") as output:
        offset = output.tell()
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", _package(), "serve", "--port", str(port), "--state-dir", str(state_dir)],
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
        if started.pid == process.pid:
            return started
        time.sleep(POLL_SECONDS)
    process.terminate()
    raise DaemonError(f"the embedded AWS did not answer within {timeout:g} s; its log is {log}")


def _package() -> str:
    """The name under which the child finds this package, whatever it is called here."""
    return Path(__file__).parent.name


def _search_path() -> str:
    root = str(Path(__file__).resolve().parents[1])
    return os.pathsep.join([root, *filter(None, [os.environ.get("PYTHONPATH")])])


def _last_words(log: Path, offset: int) -> str:
    """The last line that a server wrote before it ended."""
    with log.open("rb") as file:
        file.seek(offset)
        lines = file.read().decode("utf-8", "replace").strip().splitlines()
    return f"{lines[-1] if lines else 'the embedded AWS ended without a word'} (the whole log: {log})"


def stop(state_dir: Path, timeout: float = STOP_SECONDS) -> bool:
    """Stop it and MiniStack, and wait until both have saved and ended. Returns whether it ran."""
    current = status(state_dir)
    if current.pid is None:
        return False
    os.kill(current.pid, signal.SIGTERM)
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        if not _alive(current.pid):
            return True
        time.sleep(POLL_SECONDS)
    raise DaemonError(f"the embedded AWS (process {current.pid}) did not stop within {timeout:g} s")


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
