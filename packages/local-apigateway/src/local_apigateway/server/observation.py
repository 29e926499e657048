# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The record of requests to APIs: the last ones in memory, more in a rotated file of JSON lines."""

from __future__ import annotations

import json
import logging
from collections import deque
from logging.handlers import RotatingFileHandler
from pathlib import Path

from ..gateway import Trace
from ..model import Wire

KEPT_IN_MEMORY = 1000
FILE_BYTES = 5_000_000
FILES = 2
TEXT_CHARACTERS = 2_000


class Observation:
    """A record of requests. `path` is the file, to which lines are added."""

    def __init__(self, path: Path) -> None:
        self._last: deque[Wire] = deque(maxlen=KEPT_IN_MEMORY)
        self._file = RotatingFileHandler(path, maxBytes=FILE_BYTES, backupCount=FILES - 1, encoding="utf-8")

    def record(self, trace: Trace) -> None:
        """Record one request. The gateway calls this as its observer."""
        summary = shortened(trace.summary())
        self._last.append(summary)
        line = json.dumps(summary, separators=(",", ":"))
        self._file.emit(logging.LogRecord("requests", logging.INFO, "", 0, line, None, None))

    def last(self, count: int, api_id: str | None = None) -> list[Wire]:
        """Return the last requests in memory, oldest first, to one API or to all."""
        found = [summary for summary in self._last if api_id in (None, summary["apiId"])]
        return found[-count:]


def shortened(document: Wire) -> Wire:
    """Cut the texts of a document after `TEXT_CHARACTERS`, because a path or an error can be long."""
    return {name: _shortened(value) for name, value in document.items()}


def _shortened(value: object) -> object:
    if isinstance(value, dict):
        return shortened(value)
    if isinstance(value, str) and len(value) > TEXT_CHARACTERS:
        return f"{value[:TEXT_CHARACTERS]}…"
    return value
