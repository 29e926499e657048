# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The store's files: their content after a restart, and the removal of files of interrupted changes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from local_apigateway.store import Store, UnreadableStateError
from unit.control_plane.plane import Plane, importable


def _deployed(plane: Plane) -> str:
    api_id = plane.ImportRestApi(body=json.dumps(importable()).encode())["id"]
    plane.CreateDeployment(restApiId=api_id, stageName="dev", variables={"a": "b"})
    return str(api_id)


def test_each_change_is_there_after_a_restart(tmp_path: Path) -> None:
    plane = Plane(tmp_path)
    api_id = _deployed(plane)
    plane.TagResource(resourceArn=f"arn:aws:apigateway:eu-central-1::/restapis/{api_id}", tags={"k": "v"})
    plane.CreateModel(restApiId=api_id, name="M", contentType="application/json", schema="{}")
    again = plane.restarted()
    for name, key in (
        ("GetRestApi", {}),
        ("GetModels", {}),
        ("GetResources", {"embed": ["methods"]}),
        ("GetStages", {}),
        ("GetDeployments", {}),
    ):
        assert getattr(again, name)(restApiId=api_id, **key) == getattr(plane, name)(restApiId=api_id, **key)
    assert again.control_plane.served(api_id, "dev") == plane.control_plane.served(api_id, "dev")


def test_lists_keep_their_order(tmp_path: Path) -> None:
    plane = Plane(tmp_path)
    ids = [plane.CreateRestApi(name="a")["id"] for _i in range(12)]
    plane.UpdateRestApi(restApiId=ids[0], patchOperations=[{"op": "replace", "path": "/name", "value": "b"}])
    for current in (plane, plane.restarted()):
        assert [api["id"] for api in current.GetRestApis()["item"]] == ids


def test_deleted_apis_stay_deleted(tmp_path: Path) -> None:
    plane = Plane(tmp_path)
    api_id = _deployed(plane)
    plane.DeleteRestApi(restApiId=api_id)
    assert plane.restarted().GetRestApis()["item"] == []
    assert plane.control_plane.served(api_id, "dev") is None


def test_deployments_that_nothing_names_are_removed(tmp_path: Path) -> None:
    """A crash between the two writes of CreateDeployment leaves a file that does not belong to the API."""
    plane = Plane(tmp_path)
    api_id = _deployed(plane)
    (left,) = tmp_path.glob("*/*/deployments/*.json")
    orphan = left.with_name("orphan.json")
    orphan.write_bytes(left.read_bytes())
    again = plane.restarted()
    assert len(again.GetDeployments(restApiId=api_id)["item"]) == 1
    again.UpdateRestApi(restApiId=api_id, patchOperations=[{"op": "replace", "path": "/name", "value": "b"}])
    assert not orphan.exists()
    assert left.exists()


def test_an_api_that_was_never_finished_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "123456789012-eu-central-1" / "abcdefghij" / "deployments").mkdir(parents=True)
    assert Plane(tmp_path).GetRestApis()["item"] == []


def test_files_of_another_format_are_refused(tmp_path: Path) -> None:
    _deployed(Plane(tmp_path))
    (path,) = tmp_path.glob("*/*/api.json")
    path.write_text(json.dumps({**json.loads(path.read_text("utf-8")), "format": 99}), "utf-8")
    with pytest.raises(UnreadableStateError, match="format 99, this version reads format 1: use the version"):
        Store(tmp_path)


@pytest.mark.parametrize(
    "content", [b"{", b"[1]", b"\xff", b'{"format": 1}', b'{"format": 1, "number": 1}', b"[" * 100_000]
)
def test_a_damaged_file_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "000000000000-eu-central-1" / "abc" / "api.json"
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    with pytest.raises(UnreadableStateError, match=rf"{path} is damaged .*: restore it from a copy, or move it"):
        Store(tmp_path)


def test_resources_belong_to_an_account_and_region(tmp_path: Path) -> None:
    Store(tmp_path).save_resources("123456789012", "eu-central-1", "api_keys", {"a": {"id": "a"}})
    again = Store(tmp_path)
    assert again.resources("123456789012", "eu-central-1", "api_keys") == {"a": {"id": "a"}}
    for account, region, kind in (
        ("123456789012", "us-east-1", "api_keys"),
        ("210987654321", "eu-central-1", "api_keys"),
        ("123456789012", "eu-central-1", "usage_plans"),
    ):
        assert again.resources(account, region, kind) == {}
    assert list(again.resources_of_all("api_keys")) == [("123456789012", "eu-central-1", {"a": {"id": "a"}})]


@pytest.mark.parametrize("content", [b"{", b'{"format": 1}', b'{"resources": {}}'])
def test_a_damaged_file_of_resources_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "000000000000-eu-central-1" / "resources" / "api_keys.json"
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    with pytest.raises(UnreadableStateError, match=f"{path} is damaged"):
        Store(tmp_path)
