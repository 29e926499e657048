# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The sources that the cases of our own name are recordings, and each has the exception that the case expects."""

from __future__ import annotations

import json

import pytest

from conformance.control_plane.replay import RECORDINGS, recordings
from unit.control_plane.test_recorded_errors import CASES, Case

pytestmark = pytest.mark.skipif(not RECORDINGS.exists(), reason=f"the recordings are not at {RECORDINGS}")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_the_source_of_an_error_has_that_error(case: Case) -> None:
    recording = json.dumps(recordings()[f"test_apigateway_{case.source}"])
    status, code = case.error
    assert f'"Code": "{code}"' in recording
    assert f'"HTTPStatusCode": {status}' in recording
