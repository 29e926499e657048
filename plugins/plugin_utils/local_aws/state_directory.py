# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The directory in which one embedded AWS keeps everything: who uses it, and where that one answers.

lock           held by the process that uses the directory, for as long as it runs
server.json    its process id and port, while it answers
server.log     what it and MiniStack write
requests.log   one JSON line for each request to an API
apigateway/    the REST APIs (store.py)
ministack/     all other services (services/durability.py)
"""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .store import write_json


class AlreadyRunningError(Exception):
    """Another process uses the directory."""


@dataclass(frozen=True)
class StateDirectory:
    """A state directory at `path`, absolute."""

    path: Path

    @classmethod
    @contextlib.contextmanager
    def locked(cls, path: Path) -> Iterator[StateDirectory]:
        """Take the directory, made if need be. Raises `AlreadyRunningError` where another process has it."""
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(path / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield cls(path.resolve())
        except BlockingIOError:
            raise AlreadyRunningError(f"another process uses {path}") from None
        finally:
            os.close(descriptor)

    def announce(self, pid: int, port: int) -> None:
        write_json(self.path / "server.json", {"pid": pid, "port": port})

    def withdraw(self) -> None:
        (self.path / "server.json").unlink(missing_ok=True)
