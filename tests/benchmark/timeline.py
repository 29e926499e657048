# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A timeline of a playbook run: Ansible's main process before each task, and the worker of each task.

Each span lasts until the next one begins, because main process and worker take turns if there is one host.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from processes import run
from rehearsed import ROOT

_SCRIPT = Path(__file__).with_name("noted_playbook.py")


@dataclass(frozen=True)
class Span:
    """A part of a run, and its seconds."""

    what: str
    seconds: float


def timeline(arguments: Sequence[str], environment: Mapping[str, str], marks: Path) -> list[Span]:
    """Run ansible-playbook with these arguments, and return its timeline."""
    marks.unlink(missing_ok=True)
    began = time.monotonic()
    run([sys.executable, str(_SCRIPT), str(marks), *arguments], environment, ROOT)
    lines = [json.loads(line) for line in marks.read_text(encoding="utf-8").splitlines()]
    moments = [(began, "main process: Ansible, playbook, role"), *((at, what) for at, what in lines)]
    return [Span(what, after - at) for (at, what), (after, _next) in pairwise(moments)]
