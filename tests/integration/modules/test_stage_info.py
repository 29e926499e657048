# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The results of stage_info, compared with what the module stage creates."""

from __future__ import annotations

import urllib.request
from typing import Any

from ansible_collections.codeless.apigateway.plugins.module_utils._stage import info as _stage_info
from ansible_collections.codeless.apigateway.plugins.modules.stage import SPEC

from integration.modules.released_api import ReleasedApi, digest

SETTINGS = {
    "stage_description": "For customers",
    "variables": {"v": "1"},
    "tracing_enabled": True,
    "method_settings": {"*": {"throttling_rate_limit": 99.5}, "GET /only-in-1": {"metrics_enabled": True}},
    "tags": {"team": "shop"},
}


def read_info(released: ReleasedApi, **params: Any) -> dict[str, Any]:
    """The result of stage_info; it changes nothing."""
    which = params if "api_id" in params else {"api_name": "orders", **params}
    released.account.changing()
    result = released.account.converge(_stage_info.planned, which).as_result()
    assert (released.account.changing(), result["changed"]) == ([], False)
    return result


def test_what_is_told_of_a_stage_changes_nothing_when_it_is_declared(released: ReleasedApi) -> None:
    released.deploy("1", **SETTINGS)
    released.deploy("2", canary={"percent_traffic": 5, "stage_variable_overrides": {"v": "2"}, "use_stage_cache": True})
    (stage,) = read_info(released)["stages"]
    options = set(SPEC["argument_spec"]) & set(stage) - {"digest"}
    assert options >= set(SETTINGS) | {"canary"}
    for name, value in SETTINGS.items():
        assert name == "method_settings" or stage[name] == value
    canary = {name: value for name, value in stage["canary"].items() if name not in ("deployment_id", "digest")}
    declared = {name: stage[name] for name in options}
    again = released.stage(**{**declared, "canary": canary, "digest": stage["canary"]["digest"]})
    assert again.as_result()["calls"] == []


def test_the_settings_of_a_method_have_the_options_words(released: ReleasedApi) -> None:
    released.deploy("1", **SETTINGS)
    settings = read_info(released)["stages"][0]["method_settings"]
    assert settings["*"]["throttling_rate_limit"] == 99.5
    assert settings["GET /only-in-1"]["metrics_enabled"] is True


def test_the_history_of_deployments(released: ReleasedApi) -> None:
    first = released.deploy("1", description="The first").values["deployment_id"]
    released.stage(name="test", promote_from="prod")
    second = released.deploy("2").values["deployment_id"]
    tried = released.deploy("3", canary={"percent_traffic": 5}).values["canary_deployment_id"]
    by_hand = released.gateway.create_deployment(restApiId=released.id, description="by hand")["id"]
    found = read_info(released, name="prod")
    assert [stage["name"] for stage in found["stages"]] == ["prod"]
    assert (found["stages"][0]["deployment_id"], found["stages"][0]["previous"]) == (second, first)
    assert {item["id"]: [item[name] for name in list(item)[2:]] for item in found["deployments"]} == {
        by_hand: ["by hand", "", [], []],
        tried: ["Canary of prod", digest("3"), [], ["prod"]],
        second: ["Deployed to prod", digest("2"), ["prod"], []],
        first: ["The first", digest("1"), ["test"], []],
    }
    times = [item["created"] for item in found["deployments"]]
    assert times == sorted(times, reverse=True)
    assert all(len(time) == len("2026-11-22T22:14:05Z") for time in times)


def test_a_stage_answers_where_it_is_told_to(released: ReleasedApi) -> None:
    released.deploy("1")
    url = read_info(released, api_id=released.id)["stages"][0]["invoke_url"]
    with urllib.request.urlopen(f"{url}/") as answer:
        assert answer.status == 200


def test_what_is_not_there_is_told_as_nothing(released: ReleasedApi) -> None:
    nothing = {"api_id": "", "stages": [], "deployments": []}
    for which in ({"api_name": "no such"}, {"api_id": "nosuch"}):
        assert nothing.items() <= read_info(released, **which).items()
    assert read_info(released)["stages"] == read_info(released, name="prod")["stages"] == []
