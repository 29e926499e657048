# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The local API Gateway responds to the management API as AWS did in the recordings.

Each recording is either replayed, or listed with the reason; each difference is listed with its reason. A difference
that is not listed fails, and so does a listed one that no longer exists.
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
    scenario_keys,
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

# Number of recordings; fewer would mean that some are no longer compared.
RECORDED = 210


def _client(endpoint_url: str, account: str, service: str = "apigateway") -> Any:
    config = Config(retries={"max_attempts": 0}, parameter_validation=False)
    return boto3.client(
        service,
        endpoint_url=endpoint_url,
        region_name=REGION,
        aws_access_key_id=account,
        aws_secret_access_key="test",
        config=config,
    )


@pytest.mark.parametrize("name", sorted(SCENARIOS))
def test_recorded(name: str, local_aws: Any) -> None:
    # A new account, so that lists contain only what this scenario created.
    account = f"9{zlib.crc32(name.encode()):011d}"
    client, iam = (_client(local_aws.endpoint_url, account, service) for service in ("apigateway", "iam"))
    replay = Replay(client, iam, recordings()[name], account=account)
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
    """Prints how many recordings and steps are replayed."""
    invocations = scenario_invoked.INVOCATIONS
    steps = sum(len(recordings()[name]) - len(invocations.get(name, ())) for name in SCENARIOS)
    record_property("recordings", len(SCENARIOS))
    record_property("steps", steps)
    print(f"{len(SCENARIOS)} recordings of {len(recordings())} played again, {steps} steps")
