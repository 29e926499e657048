# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Splits a mapping template into directives and references with their lines, as far as a linter needs.

The grammar is Velocity 1.7's, "Velocity Template Language (VTL) Reference Guide".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

_PIECE = re.compile(
    r"""(?P<literal>\#\[\[.*?\]\]\#) | (?P<comment>\#\#[^\n]*\n? | \#\*.*?\*\#)
    | \#(?P<brace>\{?)(?P<directive>[A-Za-z]+)(?(brace)\}?)
    | \$!?\{?(?P<reference>[A-Za-z][A-Za-z0-9_-]*)""",
    re.VERBOSE | re.DOTALL,
)
_REFERENCE = re.compile(r"\$!?\{?(?P<reference>[A-Za-z][A-Za-z0-9_-]*)")
_WITH_ARGUMENT = ("set", "if", "elseif", "foreach", "define", "macro", "parse", "include", "evaluate")
_WITHOUT_ARGUMENT = ("else", "end", "stop", "break")
_STEP = re.compile(r"\.(?P<name>[A-Za-z][A-Za-z0-9_-]*)")
_OPENING = {"(": ")", "[": "]", "{": "}"}
_BRACKET_OR_QUOTED = re.compile(r"""[()\[\]{}] | "[^"]*" | '[^']*' | (?P<open>["'])""", re.VERBOSE)


class UnclosedError(ValueError):
    """A bracket at the offset `at` that is not closed."""

    def __init__(self, at: int) -> None:
        super().__init__(at)
        self.at = at


@dataclass(frozen=True)
class Reference:
    """`$input.params("x").y`: its `name` (input), and its `steps`: `.params`, `("x")`, `.y`, or `[0]`."""

    line: int
    name: str
    steps: tuple[str, ...]

    @cached_property
    def text(self) -> str:
        """Return the reference as it is written, without braces."""
        return "$" + self.name + "".join(self.steps)

    @cached_property
    def calls(self) -> tuple[str, ...]:
        """Return the methods that are called, in their order."""
        return tuple(self._names(called=True))

    @cached_property
    def members(self) -> tuple[str, ...]:
        """Return the names after a dot that are not called."""
        return tuple(self._names(called=False))

    def _names(self, *, called: bool) -> Iterator[str]:
        for at, step in enumerate(self.steps):
            following = self.steps[at + 1 : at + 2]
            if step[0] == "." and (following != () and following[0][0] == "(") is called:
                yield step[1:]


@dataclass(frozen=True)
class Directive:
    """`#name(argument)`. The argument can be empty."""

    line: int
    name: str
    argument: str


Piece = Reference | Directive


def pieces(text: str, line: int = 1) -> Iterator[Piece]:
    """Yield the directives, and the references outside directives, in their order.

    Raises `UnclosedError`.
    """
    at = counted = 0
    here = line
    while found := _PIECE.search(text, at):
        here += text.count("\n", counted, found.start())
        counted = found.start()
        at = found.end()
        if found["reference"]:
            steps, at = _steps(text, at)
            yield Reference(here, found["reference"], steps)
        elif (name := found["directive"]) in _WITH_ARGUMENT:
            opening = re.compile(r"\s*\(").match(text, at)
            if opening:
                at = closing(text, opening.end() - 1)
                yield Directive(here, name, text[opening.end() : at - 1])
        elif name in _WITHOUT_ARGUMENT:
            yield Directive(here, name, "")


# Templates consist of few different expressions.
@lru_cache(maxsize=4096)
def references(expression: str) -> tuple[Reference, ...]:
    """Return all references in an expression, including those in arguments and quotes. The first line is 0."""
    return tuple(_reference(expression, match)[0] for match in _REFERENCE.finditer(expression))


@lru_cache(maxsize=4096)
def outer_references(expression: str) -> tuple[Reference, ...]:
    """Return the references in an expression that are not arguments of others. Single quotes have no references."""
    found = pieces(re.sub(r"'[^']*'", "''", expression), 0)
    return tuple(piece for piece in found if isinstance(piece, Reference))


@lru_cache(maxsize=4096)
def whole(expression: str) -> Reference | None:
    """Return the reference that makes up an expression, ignoring brackets and negations; None for other expressions."""
    match = _REFERENCE.match(expression.lstrip("!( \n\t"))
    if not match:
        return None
    reference, end = _reference(match.string, match)
    return None if match.string[end:].strip(") }\n\t") else reference


def _reference(text: str, match: re.Match[str]) -> tuple[Reference, int]:
    steps, end = _steps(text, match.end())
    return Reference(text.count("\n", 0, match.start()), match["reference"], steps), end


def _steps(text: str, at: int) -> tuple[tuple[str, ...], int]:
    steps: list[str] = []
    while at < len(text):
        member = _STEP.match(text, at)
        if member:
            end = member.end()
        elif text[at] == "[" or (text[at] == "(" and steps and steps[-1][0] == "."):
            end = closing(text, at)
        else:
            break
        steps.append(text[at:end])
        at = end
    return tuple(steps), at


def closing(text: str, at: int) -> int:
    """Return the offset after the bracket that closes the one at `at`, ignoring brackets in quotes."""
    wanted: list[str] = []
    for found in _BRACKET_OR_QUOTED.finditer(text, at):
        if found["open"]:
            break
        if opening := _OPENING.get(found[0]):
            wanted.append(opening)
        elif wanted and found[0] == wanted[-1]:
            wanted.pop()
            if not wanted:
                return found.end()
    raise UnclosedError(at)
