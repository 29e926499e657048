# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Random templates, rendered here and by Apache Velocity 1.7 itself.

The environment variable VELOCITY_ORACLE names a program that reads JSON lines `{"id", "template", "mode": "aws",
"context": {"input": {"body", "params"}, "context", "stageVariables"}}` and writes one JSON line for each, with
`output`, `error` where the template failed, `requestOverride` and `responseOverride`. Without it these tests are
skipped.
"""

from __future__ import annotations

import copy
import json
import os
import random
import re
import runpy
import shutil
import struct
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from conformance.velocity.recorded_data import ABSENT, DATA, render
from conformance.velocity.template_grammar import CONTEXT, KINDS, PARAMS, STAGE_VARIABLES, Case, Grammar
from local_apigateway.velocity import Limits, TemplateError
from unit.velocity import template_cases

TEMPLATES_OF_A_KIND = 500
RUNS_OF_A_PROTOTYPE = 50
SEED = 20_261_122
LIMITS = Limits(steps=200_000)
"""Low, so that the prototypes' known endless case (a string where a set is declared) takes no seconds."""

ORACLE = os.environ.get("VELOCITY_ORACLE", "")
pytestmark = pytest.mark.skipif(not ORACLE, reason="VELOCITY_ORACLE names no program that runs Apache Velocity 1.7")


@dataclass(frozen=True)
class Run:
    """A template and all that it sees."""

    case: Case
    params: Mapping[str, Mapping[str, str]]
    context: Mapping[str, Any]
    stage_variables: Mapping[str, str]


@dataclass(frozen=True)
class Outcome:
    """What came of a run: a text and the overrides, or an error."""

    text: str
    error: str
    overrides: tuple[dict[str, Any], dict[str, Any]]


def _ask_velocity(runs: list[Run]) -> list[Outcome]:
    lines = [
        {
            "id": number,
            "template": run.case.template,
            "mode": "aws",
            "context": {
                "input": {"body": run.case.body, "params": run.params},
                "context": run.context,
                "stageVariables": run.stage_variables,
            },
        }
        for number, run in enumerate(runs)
    ]
    text = "\n".join(map(json.dumps, lines))
    done = subprocess.run([ORACLE], input=text.encode(), capture_output=True, check=True)
    answers = [json.loads(line) for line in done.stdout.decode().strip("\n").split("\n")]
    assert [answer["id"] for answer in answers] == list(range(len(runs)))
    return [_outcome(answer) for answer in answers]


def _outcome(answer: dict[str, Any]) -> Outcome:
    overrides = (_filled(answer["requestOverride"]), _filled(answer["responseOverride"]))
    return Outcome(answer.get("output", ""), answer.get("error", ""), overrides)


def _filled(override: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in override.items() if value not in ({}, None)}


def _render_here(run: Run) -> Outcome:
    context = copy.deepcopy(dict(run.context))
    try:
        rendered = render(run.case.template, run.case.body, run.params, context, run.stage_variables, LIMITS)
    except TemplateError as error:
        return Outcome("", str(error), ({}, {}))
    return Outcome(rendered.text, "", (rendered.request_override, rendered.response_override))


def _agree(theirs: Outcome, ours: Outcome) -> bool:
    if theirs.error or ours.error:
        return bool(theirs.error) and bool(ours.error)
    return _comparable(theirs.text) == _comparable(ours.text) and theirs.overrides == ours.overrides


_ADDRESS = re.compile(r"(\[[BC]|\[Ljava\.lang\.\w+;|java\.util\.[\w$]+)@[0-9a-f]+")
_REAL = re.compile(r"-?\d+\.\d+(?:E-?\d+)?")


def _comparable(text: str) -> str:
    """A text without what cannot be the same in two engines.

    Arrays and iterators print their address in memory. A JDK before 19 prints some doubles and floats with a digit
    more than it takes to tell them apart (JDK-4511638), which the engine here never does.
    """
    return _REAL.sub(_single_precision, _ADDRESS.sub(r"\1@", text))


def _single_precision(match: re.Match[str]) -> str:
    value = float(match.group())
    try:
        return repr(struct.unpack(">f", struct.pack(">f", value))[0])
    except OverflowError:
        return repr(value)


@dataclass(frozen=True)
class Difference:
    """A difference that is known and left as it is."""

    reason: str
    applies: Callable[[Run, Outcome, Outcome], bool]


KNOWN_DIFFERENCES = (
    Difference(
        "a loop over a collection that grows and shrinks by as much within one pass is not noticed",
        lambda _, theirs, ours: theirs.error.startswith("ConcurrentModificationException") and not ours.error,
    ),
    Difference(
        "a pattern that matches the empty string does not match within a surrogate pair",
        lambda run, theirs, ours: r"\ud83d\ude00" in run.case.body and theirs.text.count("?") > ours.text.count("?"),
    ),
    Difference(
        "the limits on steps and text end a template that Velocity would let run on",
        lambda _, theirs, ours: any(f"the template {verb} more than" in ours.error for verb in ("took", "created")),
    ),
    Difference(
        "numbers of more than 3,900 digits or with such an exponent are refused",
        lambda _, theirs, ours: "too large" in ours.error and not theirs.error,
    ),
)


def _compare(runs: list[Run], record_property: Callable[[str, object], None]) -> None:
    unknown: list[str] = []
    known: dict[str, int] = {}
    answers = _ask_velocity(runs)
    for run, theirs in zip(runs, answers, strict=True):
        ours = _render_here(run)
        if _agree(theirs, ours):
            continue
        difference = next((d for d in KNOWN_DIFFERENCES if d.applies(run, theirs, ours)), None)
        if difference is None:
            unknown.append(f"{run.case}\n  Velocity: {theirs}\n  here:     {ours}")
        else:
            known[difference.reason] = known.get(difference.reason, 0) + 1
    record_property("templates", len(runs))
    record_property("failed in both", sum(bool(answer.error) for answer in answers))
    record_property("known differences", known)
    print(f"{len(runs)} templates, {sum(bool(a.error) for a in answers)} of them errors, known differences: {known}")
    assert not unknown, f"{len(unknown)} of {len(runs)} templates differ:\n" + "\n".join(unknown[:5])


@pytest.mark.parametrize("kind", sorted(set(KINDS)))
def test_random_templates(kind: str, record_property: Callable[[str, object], None]) -> None:
    grammar = Grammar(SEED)
    cases = [grammar.case_of(kind) for _i in range(TEMPLATES_OF_A_KIND)]
    _compare([Run(case, PARAMS, CONTEXT, STAGE_VARIABLES) for case in cases], record_property)


def test_the_texts_that_are_written_down_are_those_of_velocity() -> None:
    cases = [case for kind in template_cases.CASES.values() for case in kind]
    seen = (template_cases.PARAMS, template_cases.CONTEXT, template_cases.STAGE_VARIABLES)
    outcomes = _ask_velocity([Run(Case(template, template_cases.BODY), *seen) for template, _text in cases])
    texts = [None if outcome.error else outcome.text for outcome in outcomes]
    assert texts == [text for _template, text in cases]


HOSTILE = (
    *('x"}},"Select":"COUNT","a":{"S":"x', "\\", '"', '\\"', "'", "\\'", "$x", "#end", "#if(true)", "${x}", "$", "#"),
    *('$util.parseJson("{")', "\0", "\n", "\r\n", "\u2028", "😀", "é", "", "null", "true", "5", "-1", "1e5", "{}"),
    *("[]", "a" * 200, "</script>", "%22", "YQ==", "YWJj.ZGVm", ".", "..", "#*", "*#", "##", "\\u0041", "\ud83d"),
    *('"}#set($x=1)', "_-", "[", '{"S":"x"}'),
)


@pytest.mark.skipif(not DATA.exists(), reason=ABSENT)
def test_dynamodb_prototypes_with_hostile_data(tmp_path: Path, record_property: Callable[[str, object], None]) -> None:
    source = shutil.copy(DATA / "prototypes" / "gen.py", tmp_path)
    templates = runpy.run_path(str(source))["T"]
    chance = random.Random(SEED)
    runs = [_prototype(name, text, chance) for name, text in templates.items() for _i in range(RUNS_OF_A_PROTOTYPE)]
    _compare(runs, record_property)


def _prototype(name: str, template: str, chance: random.Random) -> Run:
    names = ("next", "limit", "order", "eq", "from", "to", "begins", "consistent", "create")
    query = {key: chance.choice(HOSTILE) for key in chance.sample(names, chance.randrange(6))}
    path = {"pk": chance.choice(HOSTILE), "sk": chance.choice(HOSTILE)}
    return Run(Case(template, _body(name, chance)), {"path": path, "querystring": query, "header": {}}, {}, {})


def _body(name: str, chance: random.Random) -> str:
    if name.endswith(".response"):
        item = {chance.choice(HOSTILE): _typed(_value(3, chance)) for _i in range(chance.randrange(5))}
        last = {"pk": {"S": chance.choice(HOSTILE)}, "sk": {"S": chance.choice(HOSTILE)}}
        answer = {"Item": item, "Items": [item] * chance.randrange(3), "Count": 2, "__type": chance.choice(_ERRORS)}
        return json.dumps(answer | ({"LastEvaluatedKey": last} if chance.random() < 0.5 else {}))
    if name.startswith(("put", "update")):
        keys = (*HOSTILE, "a", "b", "tags", "scores", "blob")
        return json.dumps({chance.choice(keys): _value(3, chance) for _i in range(chance.randrange(5))})
    return ""


_ERRORS = ("x#ConditionalCheckFailedException", "ThrottlingException", "ValidationException")
_SCALARS = (*HOSTILE, 1, -2, 1.5, 1e10, True, False, None, 12345678901, 123456789012345678901)


def _value(depth: int, chance: random.Random) -> Any:
    kind = chance.randrange(10)
    if kind < 5 or depth == 0:
        return chance.choice(_SCALARS)
    if kind < 7:
        return [_value(depth - 1, chance) for _i in range(chance.randrange(4))]
    return {chance.choice(HOSTILE): _value(depth - 1, chance) for _i in range(chance.randrange(4))}


def _typed(value: Any) -> dict[str, Any]:
    """A value as DynamoDB writes it."""
    if value is None:
        return {"NULL": True}
    if isinstance(value, bool):
        return {"BOOL": value}
    if isinstance(value, (int, float)):
        return {"N": str(value)}
    if isinstance(value, list):
        return {"L": [_typed(item) for item in value]}
    if isinstance(value, dict):
        return {"M": {key: _typed(member) for key, member in value.items()}}
    return {"S": value}
