# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The state directory of a local AWS.

lock           held by the server while it runs; contains its process ID
server.json    process ID and port, while the server accepts requests
server.log     the log of the server and of MiniStack (server_log.py)
requests.log   one JSON line for each request to an API
apigateway/    the REST APIs (store.py)
ministack/     all other services (services/durability.py); their lock is `ministack/state/lock`

Other users cannot read the directory.
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
        """Create the directory if it does not exist, and lock it.

        Raises `AlreadyRunningError` if another process uses it, and `UnsafeDirectoryError` if other users could have
        changed it.
        """
        prepare_directory(path)
        with contextlib.ExitStack() as stack:
            try:
                stack.enter_context(held_lock(path / "lock"))
            except LockedError:
                raise AlreadyRunningError(f"another process uses {path}") from None
            state = cls(path.resolve())
            # A killed server leaves its address behind.
            state.withdraw()
            yield state

    def announce(self, pid: int, port: int) -> None:
        write_json(self.path / "server.json", {"pid": pid, "port": port})

    def withdraw(self) -> None:
        (self.path / "server.json").unlink(missing_ok=True)
