# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Limits of one rendering, so that no template can block or exhaust the server."""

from __future__ import annotations

from dataclasses import dataclass

from .errors import LimitError


@dataclass(frozen=True)
class Limits:
    """Limits of one rendering.

    `iterations` ends a #foreach silently (at 1,000 passes, as AWS documents); the other limits end the rendering with
    an error. `steps` counts loop passes, conditions, operations, calls and visited members of collections;
    `characters` counts all text that a rendering creates, including its output. `output` is the maximum length of the
    output. `regex_seconds` is the processor time of all its regular expressions together.
    """

    iterations: int = 1_000
    steps: int = 3_000_000
    characters: int = 32_000_000
    output: int = 10_485_760
    define_depth: int = 2
    regex_seconds: float = 1.0


_MOST_STEPS, _STEPS_PER_CHARACTER = 64_000_000, 16
_MOST_CHARACTERS, _TEXT_PER_CHARACTER = 160_000_000, 24


def limits_for(body: int) -> Limits:
    """Return the limits of a rendering over a body of this length in characters.

    DynamoDB returns up to 1 MB of items, in which a member of a list can be 2 bytes. The generated templates need up
    to 8 steps and 14 characters of text for each character of such a response, and 44,000,000 steps for the worst page.
    """
    return Limits(
        steps=min(Limits.steps + body * _STEPS_PER_CHARACTER, _MOST_STEPS),
        characters=min(Limits.characters + body * _TEXT_PER_CHARACTER, _MOST_CHARACTERS),
    )


_SCANNED_PER_STEP_BITS = 12
"""Scanning 4,096 characters takes about as long as one step of a template."""


class Meter:
    """The resources that a rendering has used so far."""

    __slots__ = ("_characters", "_regex_seconds", "_steps", "limits")

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._steps = limits.steps
        self._characters = limits.characters
        self._regex_seconds = limits.regex_seconds

    def step(self, count: int = 1) -> None:
        """Count steps. Raises LimitError beyond the limit."""
        self._steps -= count
        if self._steps < 0:
            raise LimitError(f"the template took more than {self.limits.steps} steps")

    def scan(self, size: int) -> None:
        """Count characters or members that an operation visits without creating any."""
        self.step(size >> _SCANNED_PER_STEP_BITS)

    def text(self, characters: int) -> None:
        """Count text, before it is created if its length is known. Raises LimitError beyond the limit."""
        self._characters -= characters
        if self._characters < 0:
            raise LimitError(f"the template created more than {self.limits.characters} characters of text")

    @property
    def regex_seconds_left(self) -> float:
        return self._regex_seconds

    def regex_time(self, seconds: float) -> None:
        """Count processor time of regular expressions. Raises LimitError beyond the limit."""
        self._regex_seconds -= seconds
        if self._regex_seconds <= 0:
            raise LimitError(f"the template's regular expressions took more than {self.limits.regex_seconds:g} seconds")
