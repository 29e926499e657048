# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The embedded AWS answers the management API as AWS did when it was recorded.

Each recording is either played again or listed with the reason why not; each difference is listed with its reason.
A difference that is not listed fails, and one that is listed and no longer there fails, too.
"""

from __future__ import annotations

import fnmatch
import zlib
from typing import Any

import boto3
import pytest
from botocore.config import Config

from conformance.control_plane import (  # noqa: F401  # pylint: disable=unused-import; importing them registers the scenarios
    scenario_exports,
    scenario_imports,
    scenario_integrations,
    scenario_invoked,
    scenario_methods,
    scenario_parts,
    scenario_petstore,
    scenario_resources,
    scenario_rest_apis,
    scenario_stages,
)
from conformance.control_plane.differences import DIFFERENCES, NOT_REPLAYED
from conformance.control_plane.replay import RECORDINGS, REGION, SCENARIOS, Replay, recordings

pytestmark = pytest.mark.skipif(not RECORDINGS.exists(), reason=f"the recordings are not at {RECORDINGS}")

# How many recordings there are; fewer would mean that some are no longer held against anything.
RECORDED = 210


def _client(endpoint_url: str, account: str) -> Any:
    config = Config(retries={"max_attempts": 0}, parameter_validation=False)
    return boto3.client(
        "apigateway",
        endpoint_url=endpoint_url,
        region_name=REGION,
        aws_access_key_id=account,
        aws_secret_access_key="test",
        config=config,
    )


@pytest.mark.parametrize("name", sorted(SCENARIOS))
def test_recorded(name: str, local_aws: Any) -> None:
    # An account of its own, so that lists hold what this scenario made and nothing else.
    account = f"9{zlib.crc32(name.encode()):011d}"
    replay = Replay(_client(local_aws.endpoint_url, account), recordings()[name], account=account)
    SCENARIOS[name](replay)
    listed = {step: reason for (recording, step), reason in DIFFERENCES.items() if recording == name}
    unlisted = {step: found for step, found in replay.differences.items() if step not in listed}
    assert not unlisted
    assert listed.keys() <= replay.differences.keys(), "listed, but there is no difference any more"
    invocations = scenario_invoked.INVOCATIONS.get(name, set())
    assert replay.seen | invocations == replay.recorded.keys(), "steps of the recording that were not played"


def test_every_recording_is_accounted_for() -> None:
    names = recordings().keys()
    assert len(names) >= RECORDED
    others = names - SCENARIOS.keys()
    excused = {pattern: set(fnmatch.filter(others, pattern)) for pattern in NOT_REPLAYED}
    assert [pattern for pattern, found in excused.items() if not found] == []
    assert others - set().union(*excused.values()) == set()
    assert SCENARIOS.keys() <= names


def test_the_size_of_the_replay(record_property: Any) -> None:
    """Says how much is played again: recordings and steps."""
    invocations = scenario_invoked.INVOCATIONS
    steps = sum(len(recordings()[name]) - len(invocations.get(name, ())) for name in SCENARIOS)
    record_property("recordings", len(SCENARIOS))
    record_property("steps", steps)
    print(f"{len(SCENARIOS)} recordings of {len(recordings())} played again, {steps} steps")
