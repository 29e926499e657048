# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The log's lines are what they seem, and its files stay small."""

from __future__ import annotations

import asyncio
import logging
import subprocess
import sys
from pathlib import Path

import pytest

from local_apigateway import server_log
from local_apigateway.server.observation import shortened


def _formatted(message: str, error: BaseException | None = None) -> str:
    info = (type(error), error, error.__traceback__) if error else None
    record = logging.LogRecord("local_apigateway.gateway", logging.WARNING, "", 0, "%s", (message,), info)
    return server_log.SafeFormatter().format(record)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("key a\n2026-01-01 INFO forged", r"key a\n2026-01-01 INFO forged"),
        ("\x1b[2J\x07\x9b", r"\x1b[2J\x07\x9b"),
        ("a\u2028b\u202ec", r"a\u2028b\u202ec"),
        ("\ud800", r"\ud800"),
        ("grüße 日本", "grüße 日本"),
    ],
)
def test_a_message_is_one_line(text: str, shown: str) -> None:
    assert _formatted(text).endswith(f" WARNING local_apigateway.gateway: {shown}")


def test_a_message_is_bounded() -> None:
    assert len(_formatted("\n" * 10_000_000)) < 3 * server_log.MESSAGE_CHARACTERS


def test_a_traceback_forges_no_line() -> None:
    try:
        raise ValueError("bad\n2026-01-01 INFO forged\n" + "x\n" * 100_000)
    except ValueError as error:
        text = _formatted("fault", error)
    assert all(line.startswith("  | ") for line in text.splitlines()[1:])
    assert len(text.splitlines()) < 100


def test_the_file_is_rotated_with_all_that_is_written(tmp_path: Path) -> None:
    """What the process writes without logging goes to the new file, too."""
    program = (
        "import logging, os, pathlib, sys; sys.path.insert(0, sys.argv[1])\n"
        "from local_apigateway import server_log\n"
        "server_log.FILE_BYTES = 10_000; server_log.set_up(pathlib.Path(sys.argv[2]))\n"
        "for i in range(1000): logging.info('line %s', i)\n"
        "os.write(1, b'unlogged 1\\n'); os.write(2, b'unlogged 2\\n')\n"
    )
    package = Path(server_log.__file__).parents[2]
    subprocess.run([sys.executable, "-c", program, str(package), str(tmp_path / "server.log")], check=True)
    files = sorted(tmp_path.iterdir())
    assert [path.name for path in files] == ["server.log", "server.log.1"]
    assert all(path.stat().st_size < 11_000 for path in files)
    assert files[0].read_text("utf-8").endswith("line 999\nunlogged 1\nunlogged 2\n")


def test_the_output_of_a_child_is_logged_in_bounded_lines(caplog: pytest.LogCaptureFixture) -> None:
    async def run() -> None:
        stream = asyncio.StreamReader()
        stream.feed_data(b"one\ntwo\n" + b"x" * 100_000 + b"\nend")
        stream.feed_eof()
        await server_log.log_lines(stream, logging.getLogger("ministack"))

    with caplog.at_level(logging.INFO):
        asyncio.run(run())
    assert caplog.messages[:2] == ["one", "two"]
    assert caplog.messages[-1] == "end"
    assert max(map(len, caplog.messages)) <= 2 * server_log.LINE_BYTES


def test_a_record_of_a_request_is_bounded() -> None:
    record = shortened({"path": "/" * 9_000, "integration": {"uri": "x" * 9_000}, "status": 200, "error": None})
    assert len(str(record)) < 5_000
    assert (record["status"], record["error"]) == (200, None)
