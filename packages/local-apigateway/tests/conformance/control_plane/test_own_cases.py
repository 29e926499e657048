# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The sources that the cases of our own name are recordings, and each has the exception that the case expects."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from conformance.control_plane.replay import RECORDINGS, recordings
from unit.control_plane.test_recorded_errors import CASES, Case

pytestmark = pytest.mark.skipif(not RECORDINGS.exists(), reason=f"the recordings are not at {RECORDINGS}")


def test_the_source_of_each_error_has_that_error() -> None:
    assert [case.title for case in CASES if not _has_error(case)] == []


def _has_error(case: Case) -> bool:
    recording = json.dumps(recordings().get(f"test_apigateway_{case.source}", {}))
    status, code = case.error
    return f'"Code": "{code}"' in recording and f'"HTTPStatusCode": {status}' in recording


UNIT = Path(__file__).parents[2] / "unit"
FILES = (
    "control_plane/test_recorded_results.py",
    "control_plane/test_recorded_documents.py",
    "gateway/test_recorded_kinds.py",
)


def test_the_sources_that_the_tests_name_are_recordings() -> None:
    """A source can be the beginning of a name: of a test with parameters, or of several tests."""
    texts = "".join((UNIT / file).read_text("utf-8") for file in FILES)
    sources = set(re.findall(r"\b([a-z]\w+)::((?:\w+::)?test_\w+)", texts))
    assert len(sources) > 50
    names = [name.replace("TestApiGatewayImportRestApi::", "") for name in recordings()]
    missing = {
        f"{source}::{test}"
        for source, test in sources
        if not any(name.startswith(f"test_apigateway_{source}::{test}") for name in names)
    }
    assert missing == EXAMPLES


EXAMPLES = {"api::TestX::test_y", "import::test_x", "extended::test_x", "integrations::test_x"}
"""How the files' own docstrings say what a source is."""
