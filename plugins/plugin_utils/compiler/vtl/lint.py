# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Finds errors in mapping templates: injection, and what fails on API Gateway without a message.

Sources: Velocity 1.7, and "API Gateway mapping template and access logging variable reference".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from .pieces import Directive, Piece, Reference, UnclosedError, outer_references, pieces, references, whole

_UNSUPPORTED = ("macro", "evaluate", "parse", "include")
_BLOCKS = ("if", "foreach", "define", "macro")
_BOOLEAN = (
    "matches",
    "equals",
    "equalsIgnoreCase",
    "contains",
    "containsKey",
    "containsValue",
    "startsWith",
    "endsWith",
    "isEmpty",
    "hasNext",
)
_NUMBER = ("size", "length", "indexOf", "lastIndexOf", "parseInt", "intValue")
"""Methods that return a number, which is not the caller's text."""
_SET = re.compile(r"^\s*\$!?\{?(?P<target>[A-Za-z][\w.-]*(?:\[[^\]]*\][\w.]*)*)\}?\s*=(?P<value>.*)$", re.DOTALL)
_FOREACH = re.compile(r"^\s*\$!?\{?(?P<variable>[A-Za-z][\w-]*)\}?\s+in\s+(?P<list>.*)$", re.DOTALL)
_PARAMETER_MAPS = ("path", "querystring", "header")
_OVERRIDE = re.compile(r"^context\.(requestOverride|responseOverride)\.")


@dataclass(frozen=True)
class Finding:
    """A problem in a line, and what to write instead. An `error` fails or can be abused; a warning can be harmless."""

    line: int
    problem: str
    remedy: str
    error: bool


def lint(template: str, *, is_request: bool) -> tuple[Finding, ...]:
    """Return the findings of a template by line. A request template must not trust what the caller sent."""
    head, newline, rest = template.partition("\n")
    if head.startswith("##") and newline:
        # Many routes have templates that differ only in the first line, which names the route.
        return _shifted(_lint(rest, is_request))
    return _lint(template, is_request)


def _shifted(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(Finding(one.line + 1, one.problem, one.remedy, one.error) for one in findings)


@lru_cache(maxsize=1024)
def _lint(template: str, is_request: bool) -> tuple[Finding, ...]:
    try:
        found = list(pieces(template))
        return tuple(sorted(_findings(template, found, is_request), key=lambda finding: finding.line))
    except UnclosedError as error:
        line = template.count("\n", 0, error.at) + 1
        return (Finding(line, "a bracket or a quote is not closed", "close it", True),)


def _findings(template: str, found: list[Piece], is_request: bool) -> Iterator[Finding]:
    directives = [piece for piece in found if isinstance(piece, Directive)]
    facts = _facts(directives)
    yield from _check_last_character(template)
    yield from _check_blocks(directives)
    yield from _check_overrides(directives)
    yield from _check_conditions(directives, facts)
    for one in directives:
        if one.name in _UNSUPPORTED:
            yield _unsupported(one)
    for piece in found:
        if isinstance(piece, Reference):
            yield from _check_output(piece, facts, is_request)
    if is_request:
        yield from _check_loops(directives, facts)
        yield from _check_members(found, facts)


@dataclass
class _Facts:
    """Facts about a template's variables: which have data of the caller (`of_caller`), are `tested`, or are `boolean`.

    A pair in `same` has the same value, so a test of one is a test of both. The size of `measured` variables is tested.
    `entries` are those of maps that the template creates, each with the caller's data in it.
    """

    of_caller: dict[str, str] = field(default_factory=dict)
    entries: dict[str, dict[str, str | None]] = field(default_factory=dict)
    same: list[set[str]] = field(default_factory=list)
    tested: set[str] = field(default_factory=set)
    measured: set[str] = field(default_factory=set)
    boolean: set[str] = field(default_factory=set)

    def source(self, reference: Reference) -> str | None:
        """Return the caller's data that the reference returns unchanged, or None."""
        if reference.calls and reference.calls[-1] in (*_BOOLEAN, *_NUMBER) and reference.steps[-1][0] == "(":
            return None
        entry = reference.steps[0].removeprefix(".") if reference.steps else ""
        if entry in self.entries.get(reference.name, {}):
            return self.entries[reference.name][entry]
        if reference.name == "input" and reference.steps[:1] in ((".params",), (".path",)):
            return reference.text
        if reference.name == "util" and reference.calls[:1] == ("parseJson",):
            return next((one for part in references(reference.steps[1]) if (one := self.source(part))), None)
        return self.of_caller.get(reference.name)


def _facts(directives: Iterable[Directive]) -> _Facts:
    facts = _Facts()
    for one in directives:
        if one.name == "set" and (assignment := _SET.match(one.argument)):
            _learn(facts, assignment["target"], assignment["value"].strip())
        elif one.name == "foreach" and (loop := _FOREACH.match(one.argument)):
            _learn(facts, loop["variable"], loop["list"].strip())
        elif one.name in ("if", "elseif"):
            for part in references(one.argument):
                facts.tested.update([part.name] if {"matches", "equals"} & set(part.calls) else [])
                facts.measured.update([part.name] if "size" in part.calls else [])
    while found := [pair for pair in facts.same if pair & facts.tested and pair - facts.tested]:
        facts.tested.update(*found)
    return facts


def _learn(facts: _Facts, target: str, value: str) -> None:
    found = outer_references(value)
    sources = [source for reference in found if (source := facts.source(reference))]
    if alias := re.fullmatch(r"\"?\$!?\{?([A-Za-z][\w-]*)\}?\"?", value):
        facts.same.append({target, alias[1]})
    if sources and value[0] not in "{[":
        facts.of_caller[target] = sources[0]
    if value in ("true", "false") or re.search(r"[=!]=|[<>]", value) or (found and _is_boolean(found[-1])):
        facts.boolean.add(target)


def _is_boolean(reference: Reference) -> bool:
    return bool(reference.steps) and (
        (reference.calls[-1:] and reference.calls[-1] in _BOOLEAN and reference.steps[-1][0] == "(")
        or reference.steps[-1] == ".hasNext"
    )


def _check_last_character(template: str) -> Iterator[Finding]:
    end = template.rstrip()
    if end[-1:] in ("$", "#") and not end.endswith(("]]#", "*#", "##")):
        yield Finding(
            end.count("\n") + 1, f"the template ends with {end[-1]}, which Velocity cannot parse", "remove it", True
        )


def _unsupported(directive: Directive) -> Finding:
    problem = f"#{directive.name} does not exist on API Gateway"
    return Finding(directive.line, problem, "write the text out, or #define it without arguments", True)


def _check_blocks(directives: Iterable[Directive]) -> Iterator[Finding]:
    """Yield blocks without #end, and #end without a block."""
    open_blocks: list[Directive] = []
    for one in directives:
        if one.name in _BLOCKS:
            open_blocks.append(one)
        elif one.name == "end" and open_blocks:
            open_blocks.pop()
        elif one.name == "end":
            yield Finding(one.line, "#end closes nothing", "remove it", True)
    for one in open_blocks:
        yield Finding(one.line, f"#{one.name} has no #end", "add the #end", True)


def _check_overrides(directives: Iterable[Directive]) -> Iterator[Finding]:
    """Yield overrides that are set twice, for which API Gateway returns 5XX. Branches of one #if exclude each other."""
    first: dict[str, list[tuple[tuple[tuple[int, int], ...], int]]] = {}
    for one, branches in _with_branches(directives):
        assignment = _SET.match(one.argument) if one.name == "set" else None
        if not assignment or not _OVERRIDE.match(assignment["target"]):
            continue
        target = assignment["target"]
        for earlier, line in first.setdefault(target, []):
            if not _exclude(earlier, branches):
                problem = f"${target} is already set in line {line}, and setting it twice fails"
                yield Finding(one.line, problem, "set a variable, and the override once at the end", True)
                break
        first[target].append((branches, one.line))


def _with_branches(directives: Iterable[Directive]) -> Iterator[tuple[Directive, tuple[tuple[int, int], ...]]]:
    """Yield each directive with the blocks around it: the number of each block, and of its branch."""
    stack: list[tuple[int, int]] = []
    for number, one in enumerate(directives):
        if one.name in _BLOCKS:
            stack.append((number, 0))
        elif one.name in ("else", "elseif") and stack:
            stack[-1] = (stack[-1][0], stack[-1][1] + 1)
        elif one.name == "end" and stack:
            stack.pop()
        yield one, tuple(stack)


def _exclude(one: tuple[tuple[int, int], ...], other: tuple[tuple[int, int], ...]) -> bool:
    branches = dict(one)
    return any(block in branches and branches[block] != branch for block, branch in other)


def _check_conditions(directives: Iterable[Directive], facts: _Facts) -> Iterator[Finding]:
    """Yield conditions on a plain reference: undefined, "", 0 and an empty list are true for API Gateway."""
    for one in directives:
        if one.name not in ("if", "elseif"):
            continue
        for operand in _operands(one.argument):
            reference = whole(operand)
            if reference and not _is_boolean(reference) and reference.name not in facts.boolean:
                problem = f"{reference.text} alone is true even if it is undefined, empty or 0"
                yield Finding(one.line, problem, f'compare it: {reference.text} != ""', False)


def _operands(condition: str) -> Iterator[str]:
    """Yield the parts between `&&` and `||`, ignoring quotes."""
    masked = re.sub(r"\"[^\"]*\"|'[^']*'", lambda quoted: "_" * len(quoted[0]), condition)
    start = 0
    for operator in re.finditer(r"&&|\|\||\band\b|\bor\b|\Z", masked):
        yield condition[start : operator.start()]
        start = operator.end()


def _check_output(reference: Reference, facts: _Facts, is_request: bool) -> Iterator[Finding]:
    """Yield data of the caller that is written without an escape."""
    if (
        reference.name == "util"
        and reference.calls[:1] == ("escapeJavaScript",)
        and "replaceAll" not in reference.calls
    ):
        problem = "$util.escapeJavaScript writes ' as \\', which is not JSON"
        yield Finding(reference.line, problem, """add .replaceAll("\\\\'", "'") to it""", False)
    source = facts.source(reference)
    tested = reference.name in facts.tested
    if source is None or tested or not (is_request or ".params" in source):
        return
    if source.startswith("$input.path") and not is_request:
        return
    problem = f"{reference.text} is written as the caller sent it, so a quote in it can change the text"
    remedy = f"""write "$util.escapeJavaScript({reference.text}).replaceAll("\\\\'", "'")" in quotes"""
    yield Finding(reference.line, problem, remedy, ".params" in source)


def _check_loops(directives: Iterable[Directive], facts: _Facts) -> Iterator[Finding]:
    for one in directives:
        loop = _FOREACH.match(one.argument) if one.name == "foreach" else None
        # A range such as [0..$last] is not a list from the caller.
        listed = outer_references(loop["list"])[:1] if loop and loop["list"][0] != "[" else []
        for reference in listed:
            bounded = reference.name in facts.tested | facts.measured or "header.keySet" in reference.text
            if facts.source(reference) and not bounded:
                problem = f"#foreach over {reference.text} stops after 1,000 rounds without an error"
                yield Finding(one.line, problem, "reject a longer list before it", False)


def _check_members(found: Iterable[Piece], facts: _Facts) -> Iterator[Finding]:
    """Yield members of the caller's data read with a dot, which returns a property of Java with the same name."""
    for piece in found:
        line = 0 if isinstance(piece, Reference) else piece.line
        for reference in (piece,) if isinstance(piece, Reference) else references(piece.argument):
            members = [one for one in reference.members if not (reference.name == "input" and one in _PARAMETER_MAPS)]
            if members and facts.source(reference) and not _OVERRIDE.match(reference.text[1:]):
                problem = (
                    f"{reference.text} reads .{members[0]} of what the caller sent, which can be a property of Java"
                )
                yield Finding(line + reference.line, problem, f'write .get("{members[0]}")', False)
