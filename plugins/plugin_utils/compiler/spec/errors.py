# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Validation errors of a description. They are collected, so that a user gets all of them at once."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class ValidationError:
    """One error: its place (`where`: `routes[2] "GET /orders"`), the `problem`, and the `remedy`: what to write.

    The `remedy` is empty if the `problem` contains it.
    """

    where: str
    problem: str
    remedy: str

    def __str__(self) -> str:
        remedy = f" {self.remedy[:1].upper()}{self.remedy[1:]}." if self.remedy else ""
        return f"{self.where}: {self.problem}.{remedy}"


class ValidationErrors(ValueError):  # noqa: N818 - it holds many
    """A description that cannot be compiled, with all its `errors`. As text: one error a line."""

    def __init__(self, errors: Iterable[ValidationError]) -> None:
        self.errors = tuple(errors)
        super().__init__("\n".join(map(str, self.errors)))


@dataclass
class ErrorCollector:
    """The errors found so far, in the order of the description."""

    errors: list[ValidationError] = field(default_factory=list)

    def add(self, where: str, problem: str, remedy: str) -> None:
        """Add an error, unless it is already there.

        Values in it can be of any length, so the texts are cut to one line each.
        """
        error = ValidationError(where, shorten(problem, 600), shorten(remedy, 1200))
        if error not in self.errors:
            self.errors.append(error)

    def raise_if_any(self) -> None:
        """Raise `ValidationErrors` if there is an error."""
        if self.errors:
            raise ValidationErrors(self.errors)


def shorten(text: str, length: int) -> str:
    """Return a text as one line. The middle of a text longer than `length` is replaced by an ellipsis."""
    line = " ".join(text.splitlines())
    half = length // 2
    return line if len(line) <= length else f"{line[:half]}…{line[-half:]}"


def suggestion(unknown: object, known: Iterable[str]) -> str:
    """Return the remedy for an unknown name: the nearest known name, or the list of all known names."""
    names = list(known)
    if not names:
        return "leave it out"
    by_lower_case = {name.lower(): name for name in reversed(names)}
    near = difflib.get_close_matches(str(unknown)[:100].lower(), by_lower_case, n=1, cutoff=0.6)
    return (
        f"write {by_lower_case[near[0]]} (known: {', '.join(names)})" if near else f"write one of: {', '.join(names)}"
    )
