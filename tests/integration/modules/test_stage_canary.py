# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A canary of a stage: created, changed, promoted and aborted, with real requests to the stage."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.codeless.apigateway.plugins.module_utils._engine.errors import AwsError
from ansible_collections.codeless.apigateway.plugins.module_utils._engine.resource import Outcome

from integration.modules.released_api import ReleasedApi, digest

PROMOTED = {"canary": {"state": "promoted"}}
ABORTED = {"canary": {"state": "aborted"}}


def calls(outcome: Outcome) -> list[str]:
    return [call.removeprefix("apigateway:") for call in outcome.as_result()["calls"]]


def canary(percent: float, **overrides: str) -> dict[str, Any]:
    return {"canary": {"state": "present", "percent_traffic": percent, "stage_variable_overrides": overrides or None}}


def error_of(released: ReleasedApi, **params: Any) -> str:
    """Why the stage cannot be as asked; nothing is changed."""
    released.account.changing()
    with pytest.raises(AwsError) as raised:
        released.stage(**params)
    assert released.account.changing() == []
    return raised.value.message


def test_new_content_is_tried_on_a_share_of_the_requests(released: ReleasedApi) -> None:
    first = released.deploy("1").values["deployment_id"]
    made = released.deploy("2", **canary(0.5))
    assert calls(made) == ["CreateDeployment", "UpdateStage"]
    assert (made.values["deployment_id"], made.values["previous_deployment_id"]) == (first, first)
    assert made.values["stages_elsewhere"] == ["prod"]
    settings = released.read_stage()["canarySettings"]
    assert (settings["deploymentId"], settings["percentTraffic"]) == (made.values["canary_deployment_id"], 0.5)

    assert calls(released.stage(digest=digest("2"), **canary(0))) == ["UpdateStage"]
    assert released.ask() == {"version": "1", "v": "", "canary": "false"}
    assert calls(released.stage(digest=digest("2"), **canary(100))) == ["UpdateStage"]
    assert released.ask() == {"version": "2", "v": "", "canary": "true"}


def test_a_promoted_canary_is_the_stage(released: ReleasedApi) -> None:
    released.deploy("1", variables={"v": "old", "kept": "k"})
    tried = released.deploy("2", **canary(100, v="new", more="m")).values["canary_deployment_id"]
    assert released.ask() == {"version": "2", "v": "new", "canary": "true"}
    promoted = released.stage(**PROMOTED)
    assert calls(promoted) == ["UpdateStage", "UpdateStage"]
    assert (promoted.values["deployment_id"], promoted.values["digest"]) == (tried, digest("2"))
    assert released.ask() == {"version": "2", "v": "new", "canary": ""}
    assert released.read_stage()["variables"] == {"v": "new", "kept": "k", "more": "m"}
    released.stage(deployment="previous")
    assert released.version() == "1"


def test_a_promoted_canary_need_not_be_declared_away(released: ReleasedApi) -> None:
    """The playbook that created the canary can run again after the promotion."""
    released.deploy("1", variables={"v": "old"})
    declared = {"digest": digest("2"), "variables": {"v": "new"}, **canary(10)}
    released.draft("2")
    released.stage(**declared)
    released.stage(**PROMOTED)
    assert calls(released.stage(**declared)) == []


def test_an_aborted_canary_leaves_the_stage_as_it_was(released: ReleasedApi) -> None:
    released.deploy("1", variables={"v": "old"})
    tried = released.deploy("2", **canary(100, v="new")).values["canary_deployment_id"]
    aborted = released.stage(**ABORTED)
    assert (calls(aborted), aborted.values["canary_deployment_id"]) == (["UpdateStage"], "")
    assert released.ask() == {"version": "1", "v": "old", "canary": ""}
    again = released.stage(digest=digest("2"))
    assert (calls(again), again.values["deployment_id"]) == (["UpdateStage"], tried)
    assert released.described(tried) == f"Canary of prod ({digest('2')})"


def test_declared_variables_that_differ_are_the_canarys(released: ReleasedApi) -> None:
    released.deploy("1", variables={"v": "old", "gone": "g"})
    made = released.deploy("2", variables={"v": "new"}, **canary(0))
    assert calls(made) == ["CreateDeployment", "UpdateStage"]
    assert released.ask() == {"version": "1", "v": "old", "canary": "false"}
    assert released.read_stage()["variables"] == {"v": "old", "gone": "g"}
    released.stage(digest=digest("2"), variables={"v": "new"}, **canary(100))
    assert released.ask() == {"version": "2", "v": "new", "canary": "true"}
    released.stage(variables={"v": "new"}, **PROMOTED)
    assert released.read_stage()["variables"] == {"v": "new"}


def test_overrides_that_are_declared_no_more_go(released: ReleasedApi) -> None:
    released.deploy("1")
    released.deploy("2", **canary(10, v="a", other="b"))
    released.stage(digest=digest("2"), **canary(10, v="c"))
    assert released.read_stage()["canarySettings"]["stageVariableOverrides"] == {"v": "c"}
    assert calls(released.stage(digest=digest("2"), **canary(10))) == []


def test_variables_alone_can_be_tried_on_a_canary(released: ReleasedApi) -> None:
    first = released.deploy("1", variables={"v": "old"}).values["deployment_id"]
    assert calls(released.stage(digest=digest("1"), **canary(10, v="old"))) == []
    assert calls(released.stage(digest=digest("1"), **canary(100, v="new"))) == ["UpdateStage"]
    assert released.ask() == {"version": "1", "v": "new", "canary": "true"}
    assert calls(released.stage(**PROMOTED)) == ["UpdateStage", "UpdateStage"]
    assert (released.read_stage()["deploymentId"], released.ask()["v"]) == (first, "new")


def test_newer_content_takes_the_place_of_the_canary(released: ReleasedApi) -> None:
    released.deploy("1")
    released.deploy("2", **canary(100))
    assert calls(released.deploy("3", **canary(100))) == ["CreateDeployment", "UpdateStage"]
    assert released.ask()["version"] == "3"
    released.stage(**PROMOTED)
    released.stage(deployment="previous")
    assert released.version() == "1"


def test_what_another_stage_serves_can_be_a_canary(released: ReleasedApi) -> None:
    released.deploy("1", name="test")
    released.stage(promote_from="test")
    tested = released.deploy("2", name="test").values["deployment_id"]
    made = released.stage(promote_from="test", **canary(100))
    assert (calls(made), made.values["canary_deployment_id"]) == (["UpdateStage"], tested)
    assert released.ask()["version"] == "2"


def test_a_stage_with_a_canary_is_moved_by_nothing_else(released: ReleasedApi) -> None:
    released.deploy("1")
    released.deploy("2")
    tried = released.deploy("3", **canary(10)).values["canary_deployment_id"]
    for how in ({"digest": digest("3")}, {"digest": digest("4")}, {"deployment": "previous"}, {"deployment": tried}):
        message = error_of(released, **how)
        assert f"it has a canary, deployment {tried} with 10 percent of the requests" in message
        assert "{state: promoted}" in message and "{state: aborted}" in message
    assert calls(released.stage(digest=digest("2"), tracing_enabled=True)) == ["UpdateStage"]
    assert released.read_stage()["canarySettings"]["deploymentId"] == tried


def test_a_stage_that_is_not_there_has_no_canary(released: ReleasedApi) -> None:
    for how in (canary(10), PROMOTED, ABORTED):
        assert "does not exist. Existing stages: " in error_of(released, **how)


def test_without_a_canary_there_is_nothing_to_promote_or_abort(released: ReleasedApi) -> None:
    released.deploy("1")
    assert [calls(released.stage(**how)) for how in (PROMOTED, ABORTED)] == [[], []]


def test_settings_come_along_with_the_end_of_a_canary(released: ReleasedApi) -> None:
    released.deploy("1")
    released.deploy("2", **canary(10))
    assert calls(released.stage(tracing_enabled=True, **ABORTED)) == ["UpdateStage"]
    assert released.read_stage()["tracingEnabled"] is True


def test_a_promotion_cut_short_is_finished_by_the_next(released: ReleasedApi) -> None:
    released.deploy("1")
    released.deploy("2", **canary(10, v="new"))
    released.cut_short(1, **PROMOTED)
    assert calls(released.stage(**PROMOTED)) == ["UpdateStage"]
    assert released.ask() == {"version": "2", "v": "new", "canary": ""}
    released.stage(deployment="previous")
    assert released.version() == "1"


def test_a_canary_cut_short_after_its_deployment_is_finished_by_the_next(released: ReleasedApi) -> None:
    released.deploy("1")
    released.draft("2")
    released.cut_short(1, digest=digest("2"), **canary(100))
    assert released.version() == "1"
    assert calls(released.stage(digest=digest("2"), **canary(100))) == ["UpdateStage"]
    assert released.version() == "2"


def test_pruning_leaves_a_canary(released: ReleasedApi) -> None:
    released.deploy("1")
    tried = released.deploy("2", **canary(10)).values["canary_deployment_id"]
    for version in ("3", "4", "5"):
        released.deploy(version, name="test", keep_deployments=0)
    assert tried in released.deployment_ids()


def test_promotions_prune(released: ReleasedApi) -> None:
    released.deploy("1")
    for version in ("2", "3", "4"):
        released.deploy(version, **canary(10))
        released.stage(keep_deployments=1, **PROMOTED)
    assert len(released.deployment_ids()) == 2
    released.stage(deployment="previous")
    assert released.version() == "3"


def test_all_errors_in_a_canary_are_reported_at_once(released: ReleasedApi) -> None:
    message = error_of(released, **canary(101, **{"my-var": "two words"}))
    for part in ("percent_traffic is 101", '"my-var"; write a name', '["my-var"] has a value'):
        assert part in message
    message = error_of(released, digest=digest("1"), canary={"state": "promoted", "percent_traffic": 5})
    assert "leave out digest, canary.percent_traffic" in message
