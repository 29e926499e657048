# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The log of the server and of MiniStack: a file of limited size whose lines cannot be forged.

Messages contain text of callers. A line break in it would forge a line, and an escape sequence would reach the terminal
of a reader. Control characters are therefore written as escapes, and long messages are cut.
"""

from __future__ import annotations

import asyncio
import logging
import os
import re
import sys
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TypeAlias

FILE_BYTES = 5_000_000
OLD_FILES = 1
MESSAGE_CHARACTERS = 2_000
TRACEBACK_LINES = 60
LINE_BYTES = 16_384
FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"

# Control characters, line and paragraph separators, marks of text direction, unpaired surrogates.
_UNSAFE = re.compile("[\\x00-\\x1f\\x7f-\\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_ExceptionInfo: TypeAlias = "logging._SysExcInfoType"


def escaped(text: str, characters: int = MESSAGE_CHARACTERS) -> str:
    """Return a text as one line that is safe to print, cut after `characters`."""
    left_out = len(text) - characters
    if left_out > 0:
        text = f"{text[:characters]}… ({left_out} more characters)"
    return _UNSAFE.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), text)


class SafeFormatter(logging.Formatter):
    """Formats a message as one line of limited length, and marks the lines of a traceback."""

    def __init__(self) -> None:
        super().__init__(FORMAT)

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's name
        record.message = escaped(record.message)
        return super().formatMessage(record)

    def formatException(self, ei: _ExceptionInfo) -> str:  # noqa: N802 - logging's name
        lines = super().formatException(ei).splitlines()
        if len(lines) > TRACEBACK_LINES:
            half = TRACEBACK_LINES // 2
            lines = [*lines[:half], f"… ({len(lines) - 2 * half} more lines)", *lines[-half:]]
        return "\n".join(f"  | {escaped(line)}" for line in lines)


class RotatedLog(RotatingFileHandler):
    """The file of a server in the background. Its standard output and standard error go to the same file."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, maxBytes=FILE_BYTES, backupCount=OLD_FILES, encoding="utf-8")

    def doRollover(self) -> None:  # noqa: N802 - logging's name
        super().doRollover()
        self.take_standard_streams()

    def take_standard_streams(self) -> None:
        """Redirect standard output and standard error of the process to the current file."""
        if self.stream:
            for descriptor in (1, 2):
                os.dup2(self.stream.fileno(), descriptor)


def set_up(path: Path | None) -> None:
    """Log to a file, or to standard error without one."""
    handler: logging.Handler
    if path is None:
        handler = logging.StreamHandler(sys.stderr)
    else:
        handler = RotatedLog(path)
        handler.take_standard_streams()
    handler.setFormatter(SafeFormatter())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)


async def log_lines(stream: asyncio.StreamReader, log: logging.Logger) -> None:
    """Log what a child process writes, line by line, until it closes the stream."""
    rest = b""
    while chunk := await stream.read(LINE_BYTES):
        *lines, rest = (rest + chunk).split(b"\n")
        if len(rest) > LINE_BYTES:
            lines, rest = [*lines, rest], b""
        for line in lines:
            log.info("%s", line.decode(errors="replace"))
    if rest:
        log.info("%s", rest.decode(errors="replace"))
