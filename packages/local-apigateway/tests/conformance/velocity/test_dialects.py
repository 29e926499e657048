# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""No recording shows what a method call that returns null is: all templates that ran on AWS print the same either way.

A recording that fails here decides the question: make its answer the default of the dialect.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from conformance.velocity.recorded_data import ABSENT, DATA, load
from local_apigateway.velocity import parse
from local_apigateway.velocity.java.json_smart import parse_json

pytestmark = pytest.mark.skipif(not DATA.exists(), reason=ABSENT)


def rendered(case: dict[str, Any], null_results: bool) -> str:
    variables = {name: parse_json(json.dumps(value)) for name, value in case["vars"].items()}
    return parse(case["template"]).render(variables, null_results=null_results)


def test_recorded_templates_print_the_same_in_both_dialects() -> None:
    cases = [case for case in load("aws_snapshots.json") if case["expected_present"]]
    assert len(cases) >= 203
    assert [case["id"] for case in cases if rendered(case, True) != rendered(case, False)] == []
