# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The account's role for CloudWatch Logs, and the errors without it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from unit.control_plane.plane import ApiCallError, Plane, importable

ROLE = "arn:aws:iam::123456789012:role/logs"
REFUSED = "400 BadRequestException: CloudWatch Logs role ARN must be set in account settings to enable logging"


@pytest.fixture
def plane(tmp_path: Path) -> Plane:
    return Plane(tmp_path)


def _replace(path: str, value: str) -> dict[str, str]:
    return {"op": "replace", "path": path, "value": value}


def _stage(plane: Plane) -> dict[str, Any]:
    api_id = plane.ImportRestApi(body=json.dumps(importable()).encode())["id"]
    plane.CreateDeployment(restApiId=api_id, stageName="dev")
    return {"restApiId": api_id, "stageName": "dev"}


def test_the_role_is_kept_until_it_is_removed(plane: Plane) -> None:
    assert "cloudwatchRoleArn" not in plane.GetAccount()
    assert plane.UpdateAccount(patchOperations=[_replace("/cloudwatchRoleArn", ROLE)])["cloudwatchRoleArn"] == ROLE
    again = plane.restarted()
    assert again.GetAccount() == plane.GetAccount()
    again.UpdateAccount(patchOperations=[_replace("/cloudwatchRoleArn", "")])
    assert "cloudwatchRoleArn" not in again.restarted().GetAccount()
    with pytest.raises(ApiCallError, match="Invalid ARN"):
        plane.UpdateAccount(patchOperations=[_replace("/cloudwatchRoleArn", "logs")])


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("/*/*/logging/loglevel", "ERROR"),
        ("/~1items/GET/logging/loglevel", "INFO"),
        ("/*/*/logging/dataTrace", "true"),
        ("/accessLogSettings/destinationArn", "arn:aws:logs:eu-central-1:123456789012:log-group:access"),
    ],
)
def test_no_logs_without_the_role(plane: Plane, path: str, value: str) -> None:
    stage = _stage(plane)
    with pytest.raises(ApiCallError, match=REFUSED):
        plane.UpdateStage(**stage, patchOperations=[_replace(path, value)])
    plane.UpdateAccount(patchOperations=[_replace("/cloudwatchRoleArn", ROLE)])
    plane.UpdateStage(**stage, patchOperations=[_replace(path, value)])
    # A stage that already writes logs can be changed.
    plane.UpdateAccount(patchOperations=[_replace("/cloudwatchRoleArn", "")])
    plane.UpdateStage(**stage, patchOperations=[_replace("/variables/a", "b")])


@pytest.mark.parametrize(
    ("path", "value"),
    [("/*/*/logging/loglevel", "OFF"), ("/*/*/metrics/enabled", "true"), ("/*/*/logging/dataTrace", "false")],
)
def test_other_settings_need_no_role(plane: Plane, path: str, value: str) -> None:
    assert plane.UpdateStage(**_stage(plane), patchOperations=[_replace(path, value)])["methodSettings"]
