# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""API keys, and their import from CSV."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from unit.control_plane.plane import ApiCallError, Plane, importable

VALUE = "abcdefghij0123456789"
NOT_FOUND = "404 NotFoundException: Invalid API Key identifier specified"


@pytest.fixture
def plane(tmp_path: Path) -> Plane:
    return Plane(tmp_path)


def _import(plane: Plane, *lines: str, **more: Any) -> Any:
    return plane.ImportApiKeys(body="\n".join(lines).encode(), format="csv", **more)


def test_a_key_shows_its_value_only_on_request(plane: Plane) -> None:
    key_id = plane.CreateApiKey(name="a", value=VALUE, enabled=True, customerId="c", tags={"k": "v"})["id"]
    again = plane.restarted()
    shown = again.GetApiKey(apiKey=key_id)
    assert "value" not in shown
    assert (shown["enabled"], shown["customerId"], shown["tags"]) == (True, "c", {"k": "v"})
    assert again.GetApiKey(apiKey=key_id, includeValue=True)["value"] == VALUE
    assert "value" not in again.GetApiKeys()["item"][0]
    assert again.GetApiKeys(includeValues=True)["item"][0]["value"] == VALUE


def test_keys_are_found_by_customer(plane: Plane) -> None:
    wanted = plane.CreateApiKey(customerId="c")["id"]
    plane.CreateApiKey(customerId="d")
    assert [key["id"] for key in plane.GetApiKeys(customerId="c")["item"]] == [wanted]


def test_a_generated_value_is_valid_and_new(plane: Plane) -> None:
    values = {plane.CreateApiKey()["value"] for _i in range(3)}
    assert len(values) == 3
    assert all(len(value) == 40 and value.isalnum() for value in values)


@pytest.mark.parametrize("value", ["a" * 19, "a" * 129, "abcdefghij-123456789", "äbcdefghij0123456789"])
def test_values_that_aws_rejects(plane: Plane, value: str) -> None:
    with pytest.raises(ApiCallError, match="400 BadRequestException: API Key value"):
        plane.CreateApiKey(value=value)
    assert plane.GetApiKeys()["item"] == []


def test_a_value_belongs_to_one_key(plane: Plane) -> None:
    plane.CreateApiKey(value=VALUE)
    with pytest.raises(ApiCallError, match="409 ConflictException: API Key already exists"):
        plane.CreateApiKey(value=VALUE)


def test_stage_keys_are_not_supported(plane: Plane) -> None:
    with pytest.raises(ApiCallError, match="501 NotImplementedException: stageKeys"):
        plane.CreateApiKey(stageKeys=[{"restApiId": "a", "stageName": "b"}])


def test_members_of_a_key_are_replaced_and_emptied(plane: Plane) -> None:
    key_id = plane.CreateApiKey(name="a", description="b")["id"]
    patches = [
        {"op": "replace", "path": "/description", "value": ""},
        {"op": "replace", "path": "/customerId", "value": "c"},
        {"op": "replace", "path": "/enabled", "value": "true"},
    ]
    changed = plane.UpdateApiKey(apiKey=key_id, patchOperations=patches)
    assert (changed["name"], changed["customerId"], changed["enabled"]) == ("a", "c", True)
    assert "description" not in plane.restarted().GetApiKey(apiKey=key_id)


@pytest.mark.parametrize("op", ["add", "remove"])
def test_members_of_a_key_are_not_added_or_removed(plane: Plane, op: str) -> None:
    key_id = plane.CreateApiKey()["id"]
    with pytest.raises(ApiCallError, match="Please choose supported operations"):
        plane.UpdateApiKey(apiKey=key_id, patchOperations=[{"op": op, "path": "/name", "value": "b"}])


def test_a_deleted_key_is_gone_after_a_restart(plane: Plane) -> None:
    key_id = plane.CreateApiKey()["id"]
    plane.DeleteApiKey(apiKey=key_id)
    for call in (plane.restarted().GetApiKey, plane.DeleteApiKey, plane.UpdateApiKey):
        with pytest.raises(ApiCallError, match=NOT_FOUND):
            call(apiKey=key_id)


def test_tags_of_a_key(plane: Plane) -> None:
    key_id = plane.CreateApiKey(tags={"a": "1"})["id"]
    arn = f"arn:aws:apigateway:eu-central-1::/apikeys/{key_id}"
    plane.TagResource(resourceArn=arn, tags={"b": "2"})
    plane.UntagResource(resourceArn=arn, tagKeys=["a"])
    assert plane.restarted().GetTags(resourceArn=arn) == {"tags": {"b": "2"}}
    for other in (arn + "x", arn.replace("eu-central-1", "us-east-1")):
        with pytest.raises(ApiCallError, match="404 NotFoundException"):
            plane.GetTags(resourceArn=other)


def test_keys_are_imported_with_their_plans(plane: Plane) -> None:
    plan_id, other_id = (plane.CreateUsagePlan(name=name)["id"] for name in ("a", "b"))
    ids = _import(
        plane,
        "Enabled,NAME,key,usageplanIds,unknown",
        f'false,first,{VALUE},"{plan_id},{other_id}",x',
        f",second,{VALUE}2,'{plan_id}',",
        f"TRUE,third,{VALUE}3,,",
    )["ids"]
    keys = [plane.GetApiKey(apiKey=key_id, includeValue=True) for key_id in ids]
    assert [key["name"] for key in keys] == ["first", "second", "third"]
    assert [key["enabled"] for key in keys] == [False, True, True]
    assert keys[1]["value"] == f"{VALUE}2"
    assert [key["name"] for key in plane.GetUsagePlanKeys(usagePlanId=plan_id)["item"]] == ["second", "first"]
    assert [key["name"] for key in plane.GetUsagePlanKeys(usagePlanId=other_id)["item"]] == ["first"]


def test_an_import_overwrites_the_key_of_the_same_value(plane: Plane) -> None:
    key_id = plane.CreateApiKey(name="old", value=VALUE, customerId="c")["id"]
    assert _import(plane, "key,name,description", f"{VALUE},new,text")["ids"] == [key_id]
    key = plane.GetApiKey(apiKey=key_id)
    assert (key["name"], key["description"], key["enabled"], key["customerId"]) == ("new", "text", True, "c")


def test_an_import_skips_invalid_rows_with_a_warning(plane: Plane) -> None:
    rows = ("key,name,usageplanids", "short,a,", f"{VALUE},b,nowhere", f"{VALUE}2,c,")
    response = _import(plane, *rows)
    assert response["warnings"] == [
        "Row 1: API Key value should be at least 20 characters",
        "Row 2: Invalid Usage Plan ID specified",
    ]
    assert [key["name"] for key in plane.GetApiKeys()["item"]] == ["c"]


def test_an_import_that_fails_on_warnings_imports_nothing(plane: Plane) -> None:
    with pytest.raises(ApiCallError, match="Row 2: API Key value should be at least 20 characters"):
        _import(plane, "key,name", f"{VALUE},a", "short,b", failOnWarnings=True)
    assert plane.GetApiKeys()["item"] == []


def test_a_row_with_two_plans_of_one_stage_leaves_nothing(plane: Plane) -> None:
    api_id = plane.ImportRestApi(body=json.dumps(importable()).encode())["id"]
    plane.CreateDeployment(restApiId=api_id, stageName="dev")
    stages = [{"apiId": api_id, "stage": "dev"}]
    plans = [plane.CreateUsagePlan(name=name, apiStages=stages)["id"] for name in ("a", "b")]
    rows = ("key,name,usageplanids", f'{VALUE},first,"{",".join(plans)}"', f"{VALUE}2,second,{plans[0]}")
    (warning,) = _import(plane, *rows)["warnings"]
    assert "Row 1: " in warning
    assert "cannot reference multiple Usage Plans" in warning
    again = plane.restarted()
    assert [key["name"] for key in again.GetApiKeys()["item"]] == ["second"]
    assert [key["name"] for key in again.GetUsagePlanKeys(usagePlanId=plans[0])["item"]] == ["second"]


@pytest.mark.parametrize("body", [b"", b"key\n" + VALUE.encode(), b"name\na", b"\xff\xfe"])
def test_a_file_without_its_columns_is_an_error(plane: Plane, body: bytes) -> None:
    with pytest.raises(ApiCallError, match="400 BadRequestException: The file with API keys"):
        plane.ImportApiKeys(body=body, format="csv")
