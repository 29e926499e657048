# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Threads for long work, so that the event loop serves other requests meanwhile."""

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
    """One kind of work, in one thread. Several computing threads would delay the event loop further."""

    def __init__(self, name: str) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix=name)

    async def run(self, function: Callable[..., Result], *arguments: Any) -> Result:
        """Run a function in the thread, after those before it, and return its result."""
        work = partial(contextvars.copy_context().run, function, *arguments)
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)


VALIDATION = LongWork("validation")
RENDERING = LongWork("rendering")


def share_processor() -> None:
    """Let computing threads yield to the event loop ten times as often as by Python's default."""
    sys.setswitchinterval(SWITCH_SECONDS)
