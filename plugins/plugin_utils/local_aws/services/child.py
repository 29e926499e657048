# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The process that MiniStack runs in: `python -m local_aws.services.child LISTENING_FD STATE_DIRECTORY`.

It listens on the socket that its parent bound and handed down, and ends gracefully when the parent closes the pipe
at its standard input, as the kernel does when the parent is killed: no MiniStack is left behind.
"""

from __future__ import annotations

import asyncio
import fcntl
import os
import signal
import sys
import threading
from pathlib import Path

from hypercorn.asyncio import serve
from hypercorn.config import Config

from . import dynamodb_permissions
from .access_decisions import AccessDecisions
from .durability import DurableMiniStack


async def run(listening_fd: int, directory: Path) -> None:
    """Serve until the pipe at standard input is closed or SIGTERM comes."""
    _take(directory)
    dynamodb_permissions.install()
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    threading.Thread(target=_wait_for_end_of_input, args=(loop, stopped), daemon=True).start()
    application = DurableMiniStack(directory)
    config = Config()
    config.bind = [f"fd://{listening_fd}"]
    config.keep_alive_timeout = 75
    config.accesslog = None
    config.loglevel = "WARNING"
    config.include_server_header = False
    await serve(AccessDecisions(application), config, shutdown_trigger=stopped.wait)  # type: ignore[arg-type]
    await application.close()


def _take(directory: Path) -> None:
    """Wait until a MiniStack whose parent was killed has saved and let go of the directory."""
    descriptor = os.open(directory / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_EX)


def _wait_for_end_of_input(loop: asyncio.AbstractEventLoop, stopped: asyncio.Event) -> None:
    while os.read(0, 1):
        pass
    loop.call_soon_threadsafe(stopped.set)


if __name__ == "__main__":
    asyncio.run(run(int(sys.argv[1]), Path(sys.argv[2])))
