# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Work that takes long, off the event loop, so that other requests are answered meanwhile."""

from __future__ import annotations

import asyncio
import contextvars
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, TypeVar

Result = TypeVar("Result")

SWITCH_SECONDS = 0.0005


class LongWork:
    """One kind of work, done by one thread: each thread that computes makes the event loop wait for its turn."""

    def __init__(self, name: str) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix=name)

    async def run(self, function: Callable[..., Result], *arguments: Any) -> Result:
        """Return what a function returns, which runs in the thread when those before it have ended."""
        work = partial(contextvars.copy_context().run, function, *arguments)
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)


VALIDATION = LongWork("validation")
RENDERING = LongWork("rendering")


def share_processor() -> None:
    """Let threads that compute give way to the event loop ten times as often as Python's default."""
    sys.setswitchinterval(SWITCH_SECONDS)
