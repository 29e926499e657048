# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""MiniStack's process.

    python -m local_apigateway.services.child LISTENING_FD STATE_DIRECTORY [--functions]

It listens on a socket that it inherits from the server. It saves and ends when the server closes the pipe at its
standard input. The kernel does that when the server is killed, so no MiniStack is left behind.
"""

from __future__ import annotations

import asyncio
import os
import select
import signal
import sys
import threading
from pathlib import Path

from hypercorn.asyncio import serve
from hypercorn.config import Config

from ..private_files import take_lock
from ..store import UnreadableStateError
from . import code_execution, dynamodb_documents, dynamodb_filters, dynamodb_numbers, dynamodb_permissions
from .access_decisions import AccessDecisions
from .durability import DurableMiniStack, check_saved_files


async def run(listening_fd: int, directory: Path, functions: bool) -> None:
    """Serve until the pipe at standard input is closed or SIGTERM arrives."""
    # A MiniStack whose server was killed releases the directory when it has saved.
    take_lock(directory / "lock")
    check_saved_files(directory)
    dynamodb_permissions.install()
    dynamodb_numbers.install()
    dynamodb_filters.install()
    dynamodb_documents.match_across_lines()
    if functions:
        code_execution.isolate()
    else:
        code_execution.forbid()
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
    documents = dynamodb_documents.ReadableDocuments(application)
    await serve(AccessDecisions(documents), config, shutdown_trigger=stopped.wait)  # type: ignore[arg-type]
    await application.close()


def _wait_for_end_of_input(loop: asyncio.AbstractEventLoop, stopped: asyncio.Event) -> None:
    while os.read(0, 1):
        pass
    _discard_unread_output()
    loop.call_soon_threadsafe(stopped.set)


def _discard_unread_output() -> None:
    """Discard output if the server was killed, because a write to its pipe would fail while MiniStack saves."""
    poll = select.poll()
    poll.register(1, 0)
    if any(event & select.POLLERR for _descriptor, event in poll.poll(0)):
        null = os.open(os.devnull, os.O_WRONLY)
        for descriptor in (1, 2):
            os.dup2(null, descriptor)


if __name__ == "__main__":
    try:
        asyncio.run(run(int(sys.argv[1]), Path(sys.argv[2]), "--functions" in sys.argv[3:]))
    except UnreadableStateError as error:
        sys.exit(f"local-apigateway: {error}")
