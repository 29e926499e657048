# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The directory in which one local AWS keeps everything: who uses it, and where that one answers.

lock           held by the process that uses the directory, for as long as it runs; its process id
server.json    its process id and port, while it answers
server.log     what it and MiniStack write (server_log.py)
requests.log   one JSON line for each request to an API
apigateway/    the REST APIs (store.py)
ministack/     all other services (services/durability.py); their lock is `ministack/state/lock`

The directory and all in it are closed to other users.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ..private_files import LockedError, held_lock, prepare_directory
from ..store import write_json


class AlreadyRunningError(Exception):
    """Another process uses the directory."""


@dataclass(frozen=True)
class StateDirectory:
    """A state directory at `path`, absolute."""

    path: Path

    @classmethod
    @contextlib.contextmanager
    def locked(cls, path: Path) -> Iterator[StateDirectory]:
        """Take the directory, created if need be.

        Raises `AlreadyRunningError` where another process has it, `UnsafeDirectoryError` where it cannot be trusted.
        """
        prepare_directory(path)
        with contextlib.ExitStack() as stack:
            try:
                stack.enter_context(held_lock(path / "lock"))
            except LockedError:
                raise AlreadyRunningError(f"another process uses {path}") from None
            state = cls(path.resolve())
            # A server that was killed left the address at which it answered.
            state.withdraw()
            yield state

    def announce(self, pid: int, port: int) -> None:
        write_json(self.path / "server.json", {"pid": pid, "port": port})

    def withdraw(self) -> None:
        (self.path / "server.json").unlink(missing_ok=True)
