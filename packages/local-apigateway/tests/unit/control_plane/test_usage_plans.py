# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Usage plans, their stages and keys, and their usage."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any

import pytest

from unit.control_plane.plane import ApiCallError, Plane, importable

LIMITS = {"rateLimit": 10.0, "burstLimit": 20}


@pytest.fixture
def plane(tmp_path: Path) -> Plane:
    return Plane(tmp_path)


def _api(plane: Plane) -> str:
    api_id = plane.ImportRestApi(body=json.dumps(importable()).encode())["id"]
    for stage in ("dev", "prod"):
        plane.CreateDeployment(restApiId=api_id, stageName=stage)
    return str(api_id)


def _stage(api_id: str, stage: str = "dev", **more: Any) -> dict[str, Any]:
    return {"apiId": api_id, "stage": stage, **more}


def _patch(plane: Plane, plan_id: str, *patches: tuple[str, ...]) -> Any:
    operations = [dict(zip(("op", "path", "value"), patch, strict=False)) for patch in patches]
    return plane.UpdateUsagePlan(usagePlanId=plan_id, patchOperations=operations)


def _add_key(plane: Plane, plan_id: str, key_id: str) -> Any:
    return plane.CreateUsagePlanKey(usagePlanId=plan_id, keyId=key_id, keyType="API_KEY")


def test_a_plan_is_kept(plane: Plane) -> None:
    stages = [_stage(_api(plane), throttle={"/items/{id}/GET": LIMITS})]
    created = plane.CreateUsagePlan(name="a", apiStages=stages, throttle=LIMITS, quota={"limit": 5, "period": "WEEK"})
    assert created["quota"] == {"limit": 5, "offset": 0, "period": "WEEK"}
    assert plane.restarted().GetUsagePlan(usagePlanId=created["id"]) == {**created, "tags": {}}
    assert "keyIds" not in created


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"name": ""}, "400 BadRequestException: Usage Plan name cannot be blank"),
        ({"quota": {"limit": 5}}, "quota must have a limit and a period"),
        ({"quota": {"limit": 5, "period": "DAY", "offset": 1}}, "offset must be between 0 and 0 in the DAY period"),
        ({"quota": {"limit": 5, "period": "WEEK", "offset": 7}}, "offset must be between 0 and 6 in the WEEK period"),
        ({"quota": {"limit": 5, "period": "MONTH", "offset": 28}}, "between 0 and 27 in the MONTH period"),
        ({"quota": {"limit": -1, "period": "DAY"}}, "quota limit must not be negative"),
        ({"throttle": {"rateLimit": -1.0}}, "throttle limits must not be negative"),
        ({"apiStages": [{"stage": "dev"}]}, "400 BadRequestException: Invalid API Stage {api: %s, stage: %s}"),
        ({"apiStages": [_stage("nowhere")]}, "404 NotFoundException: API Stage not found: nowhere:dev"),
    ],
)
def test_plans_that_aws_rejects(plane: Plane, settings: dict[str, Any], message: str) -> None:
    with pytest.raises(ApiCallError) as error:
        plane.CreateUsagePlan(**{"name": "a", **settings})
    assert message in str(error.value)
    assert plane.GetUsagePlans()["item"] == []


def test_limits_of_a_method_need_limits_of_the_plan_and_the_method(plane: Plane) -> None:
    api_id = _api(plane)
    with pytest.raises(ApiCallError, match="Can not define fine grain throttling if usage plan throttle is not"):
        plane.CreateUsagePlan(name="a", apiStages=[_stage(api_id, throttle={"/items/{id}/GET": LIMITS})])
    with pytest.raises(ApiCallError, match="404 NotFoundException: Invalid method /items/GET"):
        plane.CreateUsagePlan(name="a", throttle=LIMITS, apiStages=[_stage(api_id, throttle={"/items/GET": LIMITS})])


def test_members_of_a_plan_are_patched(plane: Plane) -> None:
    plan_id = plane.CreateUsagePlan(name="a", description="b", tags={"k": "v"})["id"]
    changed = _patch(
        plane,
        plan_id,
        ("replace", "/name", "c"),
        ("replace", "/description", "d"),
        ("add", "/productCode", "e"),
        ("replace", "/throttle/rateLimit", "1.5"),
        ("replace", "/quota/period", "WEEK"),
        ("replace", "/quota/limit", "7"),
        ("replace", "/quota/offset", "2"),
    )
    expected = {
        "id": plan_id,
        "name": "c",
        "description": "d",
        "productCode": "e",
        "throttle": {"rateLimit": 1.5, "burstLimit": 0},
        "quota": {"period": "WEEK", "limit": 7, "offset": 2},
        "apiStages": [],
        "tags": {"k": "v"},
    }
    assert changed == plane.restarted().GetUsagePlan(usagePlanId=plan_id) == expected
    changed = _patch(plane, plan_id, ("remove", "/quota"), ("remove", "/throttle"), ("remove", "/productCode"))
    assert not {"quota", "throttle", "productCode"} & changed.keys()


def test_stages_are_added_and_removed(plane: Plane) -> None:
    api_id = _api(plane)
    plan_id = plane.CreateUsagePlan(name="a", apiStages=[_stage(api_id)])["id"]
    changed = _patch(plane, plan_id, ("add", "/apiStages", f"{api_id}:prod"))
    assert changed["apiStages"] == [_stage(api_id), _stage(api_id, "prod")]
    with pytest.raises(ApiCallError, match="409 ConflictException"):
        _patch(plane, plan_id, ("add", "/apiStages", f"{api_id}:prod"))
    with pytest.raises(ApiCallError, match=f"404 NotFoundException: API Stage not found: {api_id}:none"):
        _patch(plane, plan_id, ("add", "/apiStages", f"{api_id}:none"))
    changed = _patch(plane, plan_id, ("remove", "/apiStages", f"{api_id}:dev"))
    assert changed["apiStages"] == [_stage(api_id, "prod")]


@pytest.mark.parametrize("route", ["~1items~1{id}/GET", "/items/{id}/GET"])
def test_limits_of_methods_are_patched(plane: Plane, route: str) -> None:
    """The path of the resource is escaped, or as Terraform sends it."""
    api_id = _api(plane)
    plan_id = plane.CreateUsagePlan(name="a", throttle=LIMITS, apiStages=[_stage(api_id)])["id"]
    path = f"/apiStages/{api_id}:dev/throttle"
    limits = (("replace", f"{path}/{route}/rateLimit", "2"), ("replace", f"{path}/{route}/burstLimit", "3"))
    throttle = {"/items/{id}/GET": {"rateLimit": 2.0, "burstLimit": 3}}
    assert _patch(plane, plan_id, *limits)["apiStages"] == [_stage(api_id, throttle=throttle)]
    assert _patch(plane, plan_id, ("remove", f"{path}/{route}"))["apiStages"] == [_stage(api_id)]
    _patch(plane, plan_id, *limits)
    assert _patch(plane, plan_id, ("remove", path))["apiStages"] == [_stage(api_id)]
    with pytest.raises(ApiCallError, match="404 NotFoundException: Invalid method"):
        _patch(plane, plan_id, ("replace", f"{path}/~1none/GET/rateLimit", "2"))
    with pytest.raises(ApiCallError, match=r"Invalid API Stage \{api: x, stage: dev\}"):
        _patch(plane, plan_id, ("replace", f"/apiStages/x:dev/throttle/{route}/rateLimit", "2"))


@pytest.mark.parametrize(
    "patch",
    [
        ("replace", "/id", "a"),
        ("add", "/name", "a"),
        ("remove", "/quota/limit"),
        ("remove", "/apiStages/a:dev"),
        ("replace", "/apiStages", "a:dev"),
        ("copy", "/name"),
    ],
)
def test_patches_that_aws_rejects(plane: Plane, patch: tuple[str, ...]) -> None:
    plan_id = plane.CreateUsagePlan(name="a")["id"]
    with pytest.raises(ApiCallError, match=f"Invalid patch path  '{patch[1]}' specified for op '{patch[0]}'"):
        _patch(plane, plan_id, patch)


def test_a_patch_that_fails_changes_nothing(plane: Plane) -> None:
    plan_id = plane.CreateUsagePlan(name="a")["id"]
    for value in ("x", "", "1.5"):
        with pytest.raises(ApiCallError, match="It must be a number"):
            _patch(plane, plan_id, ("replace", "/name", "b"), ("replace", "/throttle/burstLimit", value))
    with pytest.raises(ApiCallError, match="quota must have a limit and a period"):
        _patch(plane, plan_id, ("replace", "/quota/limit", "5"))
    with pytest.raises(ApiCallError, match="quota period must be one of"):
        _patch(plane, plan_id, ("replace", "/quota/limit", "5"), ("replace", "/quota/period", "YEAR"))
    assert plane.GetUsagePlan(usagePlanId=plan_id) == {"id": plan_id, "name": "a", "apiStages": [], "tags": {}}


def test_a_plan_with_stages_is_not_deleted(plane: Plane) -> None:
    api_id = _api(plane)
    plan_id = plane.CreateUsagePlan(name="a", apiStages=[_stage(api_id)])["id"]
    reason = f"400 BadRequestException: Cannot delete Usage Plan {plan_id} because there are API Stages associated"
    with pytest.raises(ApiCallError, match=f"{reason} with it, including {api_id}:dev"):
        plane.DeleteUsagePlan(usagePlanId=plan_id)
    _patch(plane, plan_id, ("remove", "/apiStages", f"{api_id}:dev"))
    plane.DeleteUsagePlan(usagePlanId=plan_id)
    with pytest.raises(ApiCallError, match="404 NotFoundException: Invalid Usage Plan ID specified"):
        plane.restarted().GetUsagePlan(usagePlanId=plan_id)


def test_a_deleted_stage_leaves_its_plans_for_good(plane: Plane) -> None:
    api_id = _api(plane)
    plan_id = plane.CreateUsagePlan(name="a", apiStages=[_stage(api_id), _stage(api_id, "prod")])["id"]
    plane.DeleteStage(restApiId=api_id, stageName="dev")
    plane.CreateDeployment(restApiId=api_id, stageName="dev")
    assert plane.restarted().GetUsagePlan(usagePlanId=plan_id)["apiStages"] == [_stage(api_id, "prod")]
    plane.DeleteRestApi(restApiId=api_id)
    assert plane.GetUsagePlan(usagePlanId=plan_id)["apiStages"] == []


def test_a_route_that_a_later_deployment_lacks_does_not_block_other_changes(plane: Plane) -> None:
    api_id = _api(plane)
    stages = [_stage(api_id, throttle={"/items/{id}/GET": LIMITS})]
    plan_id = plane.CreateUsagePlan(name="a", throttle=LIMITS, apiStages=stages)["id"]
    (resource,) = (found for found in plane.GetResources(restApiId=api_id)["item"] if found["path"] == "/items/{id}")
    plane.DeleteMethod(restApiId=api_id, resourceId=resource["id"], httpMethod="GET")
    plane.CreateDeployment(restApiId=api_id, stageName="dev")
    assert _patch(plane, plan_id, ("replace", "/name", "b"))["name"] == "b"


def test_a_key_has_one_plan_for_each_stage(plane: Plane) -> None:
    api_id = _api(plane)
    first = plane.CreateUsagePlan(name="a", apiStages=[_stage(api_id)])["id"]
    second = plane.CreateUsagePlan(name="b", apiStages=[_stage(api_id)])["id"]
    third = plane.CreateUsagePlan(name="c", apiStages=[_stage(api_id, "prod")])["id"]
    key_id = plane.CreateApiKey()["id"]
    _add_key(plane, first, key_id)
    _add_key(plane, third, key_id)
    conflict = (
        f"409 ConflictException: .* API Key {key_id} cannot reference multiple Usage Plans with the same API stage"
    )
    with pytest.raises(ApiCallError, match=f"{conflict}: {api_id}:dev"):
        _add_key(plane, second, key_id)
    with pytest.raises(ApiCallError, match=f"{conflict}: {api_id}:dev"):
        _patch(plane, third, ("add", "/apiStages", f"{api_id}:dev"))
    with pytest.raises(ApiCallError, match="409 ConflictException"):
        _add_key(plane, first, key_id)


def test_keys_of_a_plan(plane: Plane) -> None:
    plan_id, other_id = (plane.CreateUsagePlan(name=name)["id"] for name in ("a", "b"))
    key = plane.CreateApiKey(name="k")
    expected = {"id": key["id"], "name": "k", "value": key["value"], "type": "API_KEY"}
    assert _add_key(plane, plan_id, key["id"]) == expected
    again = plane.restarted()
    assert again.GetUsagePlanKey(usagePlanId=plan_id, keyId=key["id"]) == expected
    assert [plan["id"] for plan in again.GetUsagePlans(keyId=key["id"])["item"]] == [plan_id]
    assert len(again.GetUsagePlans()["item"]) == 2
    with pytest.raises(ApiCallError, match="404 NotFoundException: Invalid API Key identifier specified"):
        again.GetUsagePlanKey(usagePlanId=other_id, keyId=key["id"])
    again.DeleteUsagePlanKey(usagePlanId=plan_id, keyId=key["id"])
    with pytest.raises(ApiCallError, match="404 NotFoundException: Invalid API Key identifier specified"):
        again.DeleteUsagePlanKey(usagePlanId=plan_id, keyId=key["id"])
    assert again.GetUsagePlanKeys(usagePlanId=plan_id)["item"] == []


@pytest.mark.parametrize(
    ("member", "value", "message"),
    [
        ("usagePlanId", "none", "404 NotFoundException: Invalid Usage Plan ID specified"),
        ("keyId", "none", "404 NotFoundException: Invalid API Key identifier specified"),
        ("keyType", "OTHER", "400 BadRequestException: Invalid key type"),
    ],
)
def test_plan_keys_that_aws_rejects(plane: Plane, member: str, value: str, message: str) -> None:
    plan_id, key_id = plane.CreateUsagePlan(name="a")["id"], plane.CreateApiKey()["id"]
    wanted = {"usagePlanId": plan_id, "keyId": key_id, "keyType": "API_KEY", member: value}
    with pytest.raises(ApiCallError, match=message):
        plane.CreateUsagePlanKey(**wanted)


def test_usage_is_extended(plane: Plane) -> None:
    plan_id = plane.CreateUsagePlan(name="a", quota={"limit": 5, "period": "DAY"})["id"]
    key_id = plane.CreateApiKey()["id"]
    _add_key(plane, plan_id, key_id)
    today = datetime.datetime.now(datetime.UTC).date()
    days = {"startDate": str(today - datetime.timedelta(days=1)), "endDate": str(today)}
    asked = {"usagePlanId": plan_id, **days}
    assert plane.GetUsage(**asked) == {**asked, "values": {key_id: [[0, 5], [0, 5]]}}
    extension = [{"op": "replace", "path": "/remaining", "value": "50"}]
    extended = plane.UpdateUsage(usagePlanId=plan_id, keyId=key_id, patchOperations=extension)
    assert extended["values"] == {key_id: [[0, 50]]}
    assert plane.restarted().GetUsage(**asked, keyId=key_id)["values"] == {key_id: [[0, 5], [0, 50]]}


@pytest.mark.parametrize(
    "patch", [("add", "/remaining", "5"), ("replace", "/used", "5"), ("replace", "/remaining", "x")]
)
def test_usage_patches_that_aws_rejects(plane: Plane, patch: tuple[str, str, str]) -> None:
    plan_id = plane.CreateUsagePlan(name="a", quota={"limit": 5, "period": "DAY"})["id"]
    key_id = plane.CreateApiKey()["id"]
    operations = [dict(zip(("op", "path", "value"), patch, strict=True))]
    with pytest.raises(ApiCallError, match="404 NotFoundException"):
        plane.UpdateUsage(usagePlanId=plan_id, keyId=key_id, patchOperations=operations)
    _add_key(plane, plan_id, key_id)
    with pytest.raises(ApiCallError, match="400 BadRequestException: Invalid"):
        plane.UpdateUsage(usagePlanId=plan_id, keyId=key_id, patchOperations=operations)


@pytest.mark.parametrize(
    ("start", "end"), [("x", "2026-01-01"), ("2026-01-02", "2026-01-01"), ("2020-01-01", "2026-01-01")]
)
def test_usage_of_invalid_days(plane: Plane, start: str, end: str) -> None:
    plan_id = plane.CreateUsagePlan(name="a", quota={"limit": 5, "period": "DAY"})["id"]
    with pytest.raises(ApiCallError, match=r"400 BadRequestException: .*[dD]ate"):
        plane.GetUsage(usagePlanId=plan_id, startDate=start, endDate=end)
