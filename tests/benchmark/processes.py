# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The cost of a command: wall time, processor time, and memory of all its processes (Linux)."""

from __future__ import annotations

import contextlib
import os
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

_SAMPLE_SECONDS = 0.05


@dataclass(frozen=True)
class Cost:
    """The cost of one run of a command, in seconds; `peak` is in MB."""

    wall: float
    cpu: float
    peak: float

    @classmethod
    def median(cls, costs: Sequence[Cost]) -> Cost:
        """Return the median of each figure."""
        return cls(
            median(cost.wall for cost in costs), median(cost.cpu for cost in costs), median(cost.peak for cost in costs)
        )


def run(command: Sequence[str], environment: Mapping[str, str], directory: Path) -> tuple[Cost, str]:
    """Run a command. Return its cost and its output. Raises `RuntimeError` if it fails."""
    with tempfile.TemporaryFile() as output:
        began = time.perf_counter()
        process = subprocess.Popen(command, env=environment, cwd=directory, stdout=output, stderr=subprocess.STDOUT)
        with _watched(process.pid) as memory:
            _pid, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)  # else Popen would wait for it once more
        output.seek(0)
        text = output.read().decode("utf-8", "replace")
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)}\n{text}")
    return Cost(wall, usage.ru_utime + usage.ru_stime, max(memory) / 1024), text


@contextlib.contextmanager
def _watched(pid: int) -> Iterator[list[int]]:
    """Measure the memory of a process and its descendants, in KB, repeatedly until the block ends."""
    samples, over = [0], threading.Event()

    def watch() -> None:
        while not over.wait(_SAMPLE_SECONDS):
            samples.append(sum(_resident(member) for member in _tree(pid)))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield samples
    finally:
        over.set()
        watcher.join()


def _tree(pid: int) -> Iterator[int]:
    yield pid
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            for child in children.read_text(encoding="ascii").split():
                yield from _tree(int(child))


def _resident(pid: int) -> int:
    """Return the memory in KB. Shared memory counts once for all processes (proportional set size)."""
    with contextlib.suppress(OSError):  # it may have ended
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    return 0
