# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Run ansible-playbook and record when a worker begins a task, when it ends the task, and the end of the run.

    python noted_playbook.py MARKS deploy.yml -e stage=prod …

Writes a line of JSON for each to the file MARKS: seconds of the monotonic clock, and what begins then.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

from ansible.cli.playbook import PlaybookCLI
from ansible.executor.process.worker import WorkerProcess

MARKS = Path(sys.argv[1])


def note(what: str) -> None:
    with MARKS.open("a", encoding="utf-8") as file:
        file.write(json.dumps([time.monotonic(), what]) + "\n")


def noted(worker: Any) -> None:
    """Run a task in the worker, and record its begin and end."""
    name = worker._task.get_name()
    note(f"task: {name.partition(' : ')[2] or name}")
    try:
        run_task(worker)
    finally:
        note("main process: result, next task")


run_task = WorkerProcess.run
WorkerProcess.run = noted
try:
    PlaybookCLI.cli_executor(["ansible-playbook", *sys.argv[2:]])
finally:
    note("end")
