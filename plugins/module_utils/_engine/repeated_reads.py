# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Reads that are repeated until AWS shows a change: for some seconds they can return the state before a write."""

from __future__ import annotations

from typing import Iterator

from .client import Aws

_READS = 10
_PAUSE = 2.0

LONGEST_WAIT = (_READS - 1) * _PAUSE
"""Seconds that `repeat_reads` waits at most."""


def repeat_reads(aws: Aws) -> Iterator[int]:
    """Yield the number of each read, from 0, with a pause before each but the first. The caller ends the iteration."""
    for read in range(_READS):
        if read:
            aws.pause(_PAUSE)
        yield read
