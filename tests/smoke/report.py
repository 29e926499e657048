# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The report of a run: a JSON file that a user can attach to a public issue.

It is written after each entry, so that a killed run leaves its results. Account IDs, resource IDs, credentials, tokens
and addresses are replaced in every text before it is written.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

AS_EXPECTED = "as expected"
HANDLED = "different, handled"
DIFFERENT = "different"
FAILED = "failed"
NOT_ASKED = "not asked"
"""Verdicts. HANDLED: AWS differs from the assumption, and the collection works nevertheless."""

_SHORTEST_SECRET = 16
"""Characters. Secret keys of AWS have 40. A shorter text, such as `test`, would hide words of the report."""

_PATTERNS = (
    ("<token>", re.compile(r"eyJ[\w-]{8,}(?:\.[\w-]*){0,4}")),
    ("<key>", re.compile(r"\b(?:A[A-Z]{2}A|ASIA|ABIA|ACCA)[A-Z0-9]{12,}\b")),
    ("<secret>", re.compile(r"(?<![A-Za-z0-9/+=])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])")),
    ("<uuid>", re.compile(r"\b[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\b")),
    ("<account>", re.compile(r"(?<!\d)\d{12}(?!\d)|\*{4,}\d{4}\b")),
    (r"\1<api>", re.compile(r"(restapis/)[a-z0-9]{6,}")),
    (r"\1<api>", re.compile(r"(execute-api:[a-z0-9-]*:[^:\s]*:)[a-z0-9]{6,}")),
    (r"<api>\1", re.compile(r"\b[a-z0-9]{6,}(\.execute-api\.)")),
    ("<user pool>", re.compile(r"\b[a-z]{2}(?:-[a-z]+)+-\d_[A-Za-z0-9]{6,}\b")),
    ("<address>", re.compile(r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])")),
)


@dataclass(frozen=True)
class Entry:
    """One question: how it was asked, the answer that the collection assumes, the answer of AWS, and the verdict."""

    question: str
    asked: str
    expected: str
    answered: str
    verdict: str
    seconds: float = 0.0


@dataclass
class Report:
    """The entries of a run and their file. `hidden` maps texts to their replacements."""

    path: Path
    about: Mapping[str, Any]
    hidden: dict[str, str] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    ended: str = "The run was killed."

    def hide_secrets(self, values: Iterable[str | None]) -> None:
        """Hide credentials in the file, unless they are too short to be credentials of AWS."""
        self.hidden.update({value: "<secret>" for value in values if value and len(value) >= _SHORTEST_SECRET})

    def add(self, entry: Entry) -> None:
        """Add an entry and write the file."""
        self.entries.append(entry)
        self.write()

    def differences(self) -> int:
        """Return how many answers are not the expected ones."""
        return sum(entry.verdict not in (AS_EXPECTED, NOT_ASKED) for entry in self.entries)

    def end(self, how: str) -> None:
        """Record how the run ended and write the file."""
        self.ended = how
        self.write()

    def write(self) -> None:
        """Write the file, which replaces an earlier run's."""
        content = {**self.about, "ended": self.ended, "questions": [asdict(entry) for entry in self.entries]}
        self.path.parent.mkdir(parents=True, exist_ok=True)
        part = self.path.with_suffix(".part")
        part.write_text(json.dumps(self._redact(content), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        part.replace(self.path)

    def _redact(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {name: self._redact(item) for name, item in value.items()}
        if isinstance(value, list):
            return [self._redact(item) for item in value]
        return redact(value, self.hidden) if isinstance(value, str) else value


def redact(text: str, hidden: Mapping[str, str]) -> str:
    """Return a text without the hidden values, longest first, and without whatever looks like an id or a secret."""
    for value in sorted(hidden, key=len, reverse=True):
        text = text.replace(value, hidden[value])
    for instead, pattern in _PATTERNS:
        text = pattern.sub(instead, text)
    return text
