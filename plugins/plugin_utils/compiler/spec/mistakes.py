# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Mistakes in what a user wrote, collected so that all of them are told at once."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Mistake:
    """One mistake: `where` it stands (`routes[2] "GET /orders"`), `what` is wrong, and what to `write` instead.

    `write` is empty where `what` contains it.
    """

    where: str
    what: str
    write: str

    def __str__(self) -> str:
        write = f" {self.write[:1].upper()}{self.write[1:]}." if self.write else ""
        return f"{self.where}: {self.what}.{write}"


class SpecErrors(ValueError):  # noqa: N818 - it holds many
    """A spec that cannot be compiled, with all its `mistakes`. As text: one mistake a line."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__("\n".join(map(str, self.mistakes)))


@dataclass
class Report:
    """The mistakes found so far, in the order of the spec."""

    mistakes: list[Mistake] = field(default_factory=list)

    def add(self, where: str, what: str, write: str) -> None:
        """Note an error; one that is known already is not added twice.

        What a user wrote can be of any length, and an error is one line.
        """
        mistake = Mistake(where, shortened(what, 600), shortened(write, 1200))
        if mistake not in self.mistakes:
            self.mistakes.append(mistake)

    def raise_if_any(self) -> None:
        """Raises `SpecErrors` if there is a mistake."""
        if self.mistakes:
            raise SpecErrors(self.mistakes)


def shortened(text: str, length: int) -> str:
    """Return the text in one line. Of a longer one than `length` the middle is left out."""
    line = " ".join(text.splitlines())
    half = length // 2
    return line if len(line) <= length else f"{line[:half]}…{line[-half:]}"


def suggestion(word: object, known: Iterable[str]) -> str:
    """What to write in place of an unknown option: the known one nearest to it, or all that are known."""
    words = list(known)
    if not words:
        return "leave it out"
    by_lower_case = {known_word.lower(): known_word for known_word in reversed(words)}
    near = difflib.get_close_matches(str(word)[:100].lower(), by_lower_case, n=1, cutoff=0.6)
    return (
        f"write {by_lower_case[near[0]]} (known: {', '.join(words)})" if near else f"write one of: {', '.join(words)}"
    )
