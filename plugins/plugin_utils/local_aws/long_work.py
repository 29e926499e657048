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

# Each thread that computes makes the event loop wait for its turn: two at once, the others in a queue.
_THREADS = ThreadPoolExecutor(max_workers=2, thread_name_prefix="long-work")
SWITCH_SECONDS = 0.0005


async def run_long(function: Callable[..., Result], *arguments: Any) -> Result:
    """Return what a function returns that runs in a thread."""
    work = partial(contextvars.copy_context().run, function, *arguments)
    return await asyncio.get_running_loop().run_in_executor(_THREADS, work)


def share_processor() -> None:
    """Let threads that compute give way to the event loop ten times as often as Python's default."""
    sys.setswitchinterval(SWITCH_SECONDS)
