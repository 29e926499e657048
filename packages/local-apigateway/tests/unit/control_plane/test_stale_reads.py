# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Reads that return the state of some seconds ago. The tests set the time."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from local_apigateway.control_plane.operations import Conditions
from local_apigateway.control_plane.stale_reads import StaleReads
from unit.control_plane.plane import ApiCallError, Plane, importable


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def plane(tmp_path: Path, clock: Clock) -> Plane:
    made = Plane(tmp_path, Conditions(stale_reads=5))
    made.control_plane._stale_reads = StaleReads(clock)
    return made


def _document(version: str) -> bytes:
    document = importable()
    document["info"]["version"] = version
    if version == "2":
        document["paths"]["/more"] = document["paths"]["/items/{id}"]
    return json.dumps(document).encode()


def test_a_new_api_is_seen_later(plane: Plane, clock: Clock) -> None:
    api_id = plane.ImportRestApi(body=_document("1"))["id"]
    with pytest.raises(ApiCallError, match="404"):
        plane.GetRestApi(restApiId=api_id)
    assert plane.GetRestApis()["item"] == []
    clock.now += 4.9
    assert plane.GetRestApis()["item"] == []
    clock.now += 0.2
    assert plane.GetRestApi(restApiId=api_id)["version"] == "1"


def test_reads_and_deployments_are_behind_each_change(plane: Plane, clock: Clock) -> None:
    api_id = plane.ImportRestApi(body=_document("1"))["id"]
    clock.now += 10
    plane.PutRestApi(restApiId=api_id, mode="overwrite", body=_document("2"))
    old = plane.CreateDeployment(restApiId=api_id)["id"]
    assert plane.GetRestApi(restApiId=api_id)["version"] == "1"
    clock.now += 3
    plane.UpdateRestApi(
        restApiId=api_id, patchOperations=[{"op": "replace", "path": "/description", "value": "changed"}]
    )
    clock.now += 3
    seen = plane.GetRestApi(restApiId=api_id)
    assert (seen["version"], seen.get("description")) == ("2", None)
    new = plane.CreateDeployment(restApiId=api_id)["id"]
    clock.now += 6
    assert plane.GetRestApi(restApiId=api_id)["description"] == "changed"
    summaries = {
        one: plane.GetDeployment(restApiId=api_id, deploymentId=one, embed=["apisummary"])["apiSummary"]
        for one in (old, new)
    }
    assert "/more" not in summaries[old]
    assert "/more" in summaries[new]


def test_what_is_gone_is_seen_for_a_while(plane: Plane, clock: Clock) -> None:
    api_id = plane.ImportRestApi(body=_document("1"))["id"]
    clock.now += 10
    plane.DeleteRestApi(restApiId=api_id)
    assert plane.GetRestApi(restApiId=api_id)["version"] == "1"
    clock.now += 5.1
    assert plane.GetRestApis()["item"] == []


def test_an_import_can_have_a_warning(tmp_path: Path) -> None:
    plane = Plane(tmp_path, Conditions(import_warnings=True))
    assert plane.ImportRestApi(body=_document("1"))["warnings"]
    with pytest.raises(ApiCallError, match="Warnings found during import"):
        plane.ImportRestApi(body=_document("1"), failOnWarnings=True)
