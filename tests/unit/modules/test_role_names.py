# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The names that are made of an API's name: of its execution role, and of the directory of its report."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from ansible_collections.codeless.apigateway.plugins.module_utils._execution_role.resource import name_for
from ansible_collections.codeless.apigateway.plugins.plugin_utils._outputs.path_segment import path_segment
from ansible_collections.codeless.apigateway.plugins.plugin_utils._outputs.report import Report, remove_report


def name_in(region: str, api: str) -> str:
    aws: Any = SimpleNamespace(region=lambda _service: region, account_id=None)
    return name_for(f"{api}-dynamodb-${{AWS::Region}}", aws)


@pytest.mark.parametrize("api", ["Orders v1", "o" * 45, "o" * 300, "Größe / v1", "/", "x" * 41])
def test_any_api_has_a_role_whose_name_iam_takes(api: str) -> None:
    names = {name_in(region, api) for region in ("eu-west-1", "ap-southeast-1")}
    assert len(names) == 2
    assert all(re.fullmatch(r"[\w+=,.@-]{1,64}", name, re.ASCII) for name in names)
    assert all(re.search(r"-dynamodb-(eu-west-1|ap-southeast-1)$", name) for name in names)


def test_a_name_that_iam_takes_stays_as_it_was() -> None:
    assert name_in("eu-west-1", "o" * 45) == "o" * 45 + "-dynamodb-eu-west-1"
    assert name_in("eu-west-1", "orders") == "orders-dynamodb-eu-west-1"
    aws: Any = SimpleNamespace(account_id=None)
    assert name_for("not a valid name", aws) == "not a valid name"  # as the user wrote it, and refused as such


def test_alike_apis_do_not_share_a_role() -> None:
    assert len({name_in("eu-west-1", api) for api in ("Orders v1", "Orders/v1", "Orders-v1")}) == 3
    assert name_in("eu-west-1", "o" * 80 + "a") != name_in("eu-west-1", "o" * 80 + "b")


@pytest.mark.parametrize("name", ["../../evil", "Orders / v1", "..", ".", "", "/etc", "a\\b", "C:x", "a\nb", "x" * 300])
def test_no_name_leads_out_of_the_directory_or_nests(name: str, tmp_path: Path) -> None:
    path = tmp_path / path_segment(name)
    assert path.resolve().parent == tmp_path.resolve()
    path.mkdir()


def test_usual_names_stay_as_they_are() -> None:
    for name in ("orders", "Orders v1", "orders.v1", "web-1.example.org", "Größe"):
        assert path_segment(name) == name
    assert path_segment("a/b") != path_segment("a-b")


def test_only_what_the_report_wrote_is_removed(tmp_path: Path) -> None:
    integration = {"requestTemplates": {"application/json": "{}"}}
    operation = {"x-amazon-apigateway-integration": integration}
    report = tmp_path / "orders/prod"
    for paths in ({"/a": {"get": operation}, "/b": {"get": operation}}, {"/a": {"get": operation}}):
        Report(report, {"paths": paths}, {}).write({})
        (report / "templates/mine.vtl").write_text("mine", encoding="utf-8")
    assert sorted(path.name for path in (report / "templates").iterdir()) == ["get_a.request.vtl", "mine.vtl"]
    (report / "notes.txt").write_text("mine", encoding="utf-8")
    assert len(remove_report(report)) == 4
    left = sorted(str(path.relative_to(report)) for path in report.rglob("*") if path.is_file())
    assert left == ["notes.txt", "templates/mine.vtl"]
    (report / "notes.txt").unlink()
    (report / "templates/mine.vtl").unlink()
    assert (remove_report(report), report.exists()) == ([], False)
    assert remove_report(report) == []
