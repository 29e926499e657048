# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Lists are returned in pages, and the pages contain the whole list."""

from __future__ import annotations

from pathlib import Path

import pytest

from unit.control_plane.plane import ApiCallError, Plane


@pytest.fixture
def plane(tmp_path: Path) -> Plane:
    return Plane(tmp_path)


def _resources(plane: Plane, count: int) -> str:
    api = plane.CreateRestApi(name="a")
    for number in range(count):
        plane.CreateResource(restApiId=api["id"], parentId=api["rootResourceId"], pathPart=f"r{number:03}")
    return str(api["id"])


def test_twenty_five_unless_told_otherwise(plane: Plane) -> None:
    api_id = _resources(plane, 40)
    first = plane.GetResources(restApiId=api_id)
    assert len(first["item"]) == 25
    rest = plane.GetResources(restApiId=api_id, position=first["position"])
    assert len(rest["item"]) == 41 - 25
    assert "position" not in rest
    paths = [resource["path"] for resource in first["item"] + rest["item"]]
    assert paths == sorted(["/", *(f"/r{number:03}" for number in range(40))])


@pytest.mark.parametrize("limit", [1, 7, 41, 500])
def test_pages_of_any_size_make_the_list(plane: Plane, limit: int) -> None:
    api_id = _resources(plane, 40)
    found, position = [], None
    while True:
        more = {"position": position} if position else {}
        page = plane.GetResources(restApiId=api_id, limit=limit, **more)
        assert len(page["item"]) <= limit
        found += page["item"]
        position = page.get("position")
        if position is None:
            break
    assert len({resource["id"] for resource in found}) == len(found) == 41


def test_a_limit_or_position_that_cannot_be(plane: Plane) -> None:
    api_id = _resources(plane, 1)
    for wrong in ({"limit": 0}, {"limit": -1}, {"position": "nonsense"}, {"position": "aXRlbTp4"}):
        with pytest.raises(ApiCallError) as error:
            plane.GetResources(restApiId=api_id, **wrong)
        assert (error.value.status, error.value.code) == (400, "BadRequestException")


def test_an_api_has_at_most_300_resources(plane: Plane) -> None:
    api_id = _resources(plane, 299)
    root = plane.GetResources(restApiId=api_id, limit=1)["item"][0]["id"]
    with pytest.raises(ApiCallError) as error:
        plane.CreateResource(restApiId=api_id, parentId=root, pathPart="one-too-many")
    assert (error.value.status, error.value.code) == (429, "LimitExceededException")
