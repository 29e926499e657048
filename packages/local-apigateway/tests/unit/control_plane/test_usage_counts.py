# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Quotas: their periods, what is counted, and what the gateway finds in the store."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any

import pytest

from local_apigateway.control_plane.stored_plans import StoredPlans
from local_apigateway.control_plane.usage_counts import period_start
from local_apigateway.model import ServedStage
from local_apigateway.store import Store
from unit.control_plane.plane import Plane, importable


@pytest.mark.parametrize(
    ("period", "offset", "day", "expected"),
    [
        ("DAY", 0, "2026-11-30", "2026-11-30"),
        ("WEEK", 0, "2026-11-29", "2026-11-29"),  # a Sunday
        ("WEEK", 0, "2026-11-28", "2026-11-22"),
        ("WEEK", 1, "2026-11-29", "2026-11-23"),
        ("WEEK", 1, "2026-11-30", "2026-11-30"),
        ("MONTH", 0, "2026-11-30", "2026-11-01"),
        ("MONTH", 9, "2026-11-10", "2026-11-10"),
        ("MONTH", 9, "2026-11-09", "2026-10-10"),
        ("MONTH", 27, "2026-03-01", "2026-02-28"),
        ("MONTH", 9, "2026-01-01", "2025-12-10"),
    ],
)
def test_periods(period: str, offset: int, day: str, expected: str) -> None:
    quota = {"period": period, "offset": offset}
    assert period_start(quota, datetime.date.fromisoformat(day)) == datetime.date.fromisoformat(expected)


class Front:
    """A deployed API in a usage plan with a key, and a day that the test sets."""

    def __init__(self, directory: Path, **plan: Any) -> None:
        self.plane = Plane(directory)
        self.api_id = self.plane.ImportRestApi(body=json.dumps(importable()).encode())["id"]
        self.plane.CreateDeployment(restApiId=self.api_id, stageName="dev")
        stages = [{"apiId": self.api_id, "stage": "dev"}]
        self.plan_id = self.plane.CreateUsagePlan(name="p", apiStages=stages, **plan)["id"]
        self.key = self.plane.CreateApiKey(enabled=True)
        self.named = {"usagePlanId": self.plan_id, "keyId": self.key["id"]}
        self.plane.CreateUsagePlanKey(**self.named, keyType="API_KEY")
        self.day = datetime.date(2026, 11, 2)

    def stage(self) -> ServedStage:
        served = self.plane.control_plane.served(self.api_id, "dev")
        assert served is not None
        return served

    def plans(self) -> StoredPlans:
        """Return plans over the files, as after a restart."""
        return StoredPlans(Store(self.plane.directory), lambda: self.day)

    def finds_key(self) -> bool:
        return self.plans().find(self.stage(), self.key["value"]) is not None

    def spend(self, requests: int) -> list[bool]:
        """Return for each request whether the quota allowed it. Each reads the files."""
        key = self.plans().find(self.stage(), self.key["value"])
        assert key is not None
        return [self.plans().spend(self.stage(), key) for _i in range(requests)]


def test_a_quota_is_counted_across_restarts_until_its_period_ends(tmp_path: Path) -> None:
    front = Front(tmp_path, quota={"limit": 3, "period": "MONTH"})
    assert front.spend(2) == [True, True]
    front.day = datetime.date(2026, 11, 30)
    assert front.spend(2) == [True, False]
    asked = {"startDate": "2026-11-01", "endDate": "2026-11-02"}
    usage = front.plane.restarted().GetUsage(usagePlanId=front.plan_id, **asked)["values"]
    assert usage == {front.key["id"]: [[0, 3], [2, 1]]}
    front.day = datetime.date(2026, 12, 1)
    assert front.spend(1) == [True]


def test_a_plan_without_a_quota_counts_nothing(tmp_path: Path) -> None:
    front = Front(tmp_path)
    assert front.spend(3) == [True, True, True]
    assert not list(tmp_path.glob("*/resources/usage.json"))


def test_an_extension_is_spent_after_the_quota(tmp_path: Path) -> None:
    front = Front(tmp_path, quota={"limit": 1, "period": "DAY"})
    front.day = datetime.datetime.now(datetime.UTC).date()
    assert front.spend(2) == [True, False]
    extension = [{"op": "replace", "path": "/remaining", "value": "2"}]
    front.plane.restarted().UpdateUsage(**front.named, patchOperations=extension)
    assert front.spend(3) == [True, True, False]


def test_keys_that_open_nothing(tmp_path: Path) -> None:
    front = Front(tmp_path)
    assert front.finds_key()
    patch = {"op": "replace", "path": "/enabled", "value": "false"}
    front.plane.UpdateApiKey(apiKey=front.key["id"], patchOperations=[patch])
    assert not front.finds_key()
    front.plane.UpdateApiKey(apiKey=front.key["id"], patchOperations=[{**patch, "value": "true"}])
    stage = {"op": "remove", "path": "/apiStages", "value": f"{front.api_id}:dev"}
    front.plane.UpdateUsagePlan(usagePlanId=front.plan_id, patchOperations=[stage])
    assert not front.finds_key()
    front.plane.UpdateUsagePlan(usagePlanId=front.plan_id, patchOperations=[{**stage, "op": "add"}])
    assert front.finds_key()
    front.plane.DeleteUsagePlanKey(**front.named)
    assert not front.finds_key()
    assert front.plans().find(front.stage(), "") is None
