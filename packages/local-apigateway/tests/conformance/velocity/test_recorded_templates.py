# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Templates with the output recorded for them: on AWS, and by Apache Velocity 1.7 with API Gateway's objects."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from conformance.velocity.recorded_data import ABSENT, DATA, load, render
from local_apigateway.velocity import TemplateError, parse
from local_apigateway.velocity.java.json_smart import parse_json
from unit.velocity.template_cases import RECORDED

AWS_SNAPSHOTS = [case for case in load("aws_snapshots.json") if case["expected_present"]]
AWS_VALIDATED = load("localstack_validated.json")
VELOCITY = load("oracle_cases.json")

pytestmark = pytest.mark.skipif(not DATA.exists(), reason=ABSENT)


def _name(case: dict[str, Any]) -> str:
    return str(case["id"]).removeprefix("airspeed-ext:TestTemplating.")


def _assert_expected(case: dict[str, Any], text: str) -> None:
    """Compare as the recording asks: JSON where it holds JSON, blanks folded where they were not kept."""
    expected = case["expected"]
    if not isinstance(expected, str):
        assert json.loads(text) == expected
    elif case["normalize_ws"]:
        assert text.split() == expected.split()
    else:
        assert text == expected


@pytest.mark.parametrize(
    ("cases", "count"),
    [(AWS_SNAPSHOTS, 203), (AWS_VALIDATED, 65), (VELOCITY, 119)],
    ids=["aws", "validated", "velocity"],
)
def test_no_recording_is_left_out(cases: list[dict[str, Any]], count: int) -> None:
    assert len(cases) >= count


@pytest.mark.parametrize("case", AWS_SNAPSHOTS, ids=_name)
def test_aws_snapshot(case: dict[str, Any]) -> None:
    variables = {name: parse_json(json.dumps(value)) for name, value in case["vars"].items()}
    _assert_expected(case, parse(case["template"]).render(variables))


@pytest.mark.parametrize("case", AWS_SNAPSHOTS, ids=_name)
def test_aws_snapshot_as_deployed(case: dict[str, Any]) -> None:
    context = {"requestOverride": {"path": {"body": case["wrapped_body"]}}}
    _assert_expected(case, render(case["wrapped_template"], case["wrapped_body"], context=context).text)


@pytest.mark.parametrize("case", AWS_VALIDATED, ids=_name)
def test_template_validated_on_aws(case: dict[str, Any]) -> None:
    context = case["steps"][0]["context"]
    text = ""
    for step in case["steps"]:
        body = text if step["body"] == "@prev" else step["body"]
        rendered = render(step["template"], body, step["params"], context, step["stageVariables"])
        text = rendered.text
    if case["compare"] != "override-only":
        assert _COMPARED[case["compare"]](text) == case["expected"]
    assert rendered.response_override.get("status") == case.get("expected_status")
    assert rendered.response_override.get("header", {}) == case.get("expected_headers", {})
    if "expected_request_override" in case:
        assert rendered.request_override == case["expected_request_override"]


_COMPARED: dict[str, Callable[[str], Any]] = {
    "exact": str,
    "json": json.loads,
    "json-unescape": lambda text: json.loads(text.replace("\\'", "'")),
    "json-of:MessageBody": lambda text: json.loads(json.loads(text)["MessageBody"]),
}


@pytest.mark.parametrize("case", VELOCITY, ids=_name)
def test_answer_of_velocity(case: dict[str, Any]) -> None:
    source = case["context"]
    body = source["input"]["body"]
    arguments = (
        case["template"],
        body if isinstance(body, str) else json.dumps(body),
        source["input"]["params"],
        source.get("context"),
        source.get("stageVariables"),
    )
    if case["oracle_error"]:
        with pytest.raises(TemplateError):
            render(*arguments)
    else:
        assert render(*arguments).text == case["oracle"]


def test_the_recordings_that_our_own_cases_name_are_there() -> None:
    names = {f"{case['id']}:{case.get('source', '')}" for case in [*AWS_SNAPSHOTS, *AWS_VALIDATED]}
    wanted = {name for kind in RECORDED.values() for name in kind}
    assert {name for name in wanted if not any(name in recorded for recorded in names)} == set()
