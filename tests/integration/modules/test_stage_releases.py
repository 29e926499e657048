# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Moving a stage back to what it served before, and on to what another stage serves, with real requests to it."""

from __future__ import annotations

import pytest
from ansible_collections.codeless.apigateway.plugins.module_utils._engine.errors import AwsError
from ansible_collections.codeless.apigateway.plugins.module_utils._engine.resource import Outcome

from integration.modules.released_api import ReleasedApi, digest


def calls(outcome: Outcome) -> list[str]:
    return [call.removeprefix("apigateway:") for call in outcome.as_result()["calls"]]


def error_of(released: ReleasedApi, **params: str) -> str:
    """Why the stage cannot be as asked; nothing is changed."""
    released.account.changing()
    with pytest.raises(AwsError) as raised:
        released.stage(**params)
    assert released.account.changing() == []
    return raised.value.message


def test_back_to_the_previous_deployment_and_forward_again(released: ReleasedApi) -> None:
    first = released.deploy("1")
    second = released.deploy("2")
    back = released.stage(deployment="previous")
    assert (calls(back), released.version()) == (["UpdateStage"], "1")
    assert back.values["deployment_id"] == first.values["deployment_id"]
    assert back.values["previous_deployment_id"] == second.values["deployment_id"]
    assert (back.values["digest"], back.values["rolled_back"]) == (digest("1"), False)

    forward = released.stage(digest=digest("2"))
    assert (calls(forward), released.version()) == (["UpdateStage"], "2")
    assert (forward.values["deployment_id"], forward.values["rolled_back"]) == (second.values["deployment_id"], True)
    assert (calls(released.stage(deployment="previous")), released.version()) == (["UpdateStage"], "1")


def test_the_diff_tells_which_deployment_and_which_routes(released: ReleasedApi) -> None:
    first = released.deploy("1").values["deployment_id"]
    second = released.deploy("2").values["deployment_id"]
    moved, routes = released.stage(deployment="previous").as_result()["diff"]
    for shown, deployment_id in (("before", second), ("after", first)):
        assert f"deployment: {deployment_id}, 20" in moved[shown]
        assert moved[shown].splitlines()[0].endswith("Z, Deployed to prod")
    assert (routes["before_header"], routes["before"]) == ("routes of prod", "- GET /\n- GET /only-in-2\n")
    assert routes["after"] == "- GET /\n- GET /only-in-1\n"


def test_previous_is_what_was_served_and_not_what_is_a_little_older(released: ReleasedApi) -> None:
    """The second version was bad and gone back from; from the third the way back leads to the first."""
    released.deploy("1")
    released.deploy("2")
    released.stage(deployment="previous")
    released.deploy("3")
    released.stage(deployment="previous")
    assert released.version() == "1"


def test_previous_is_what_this_stage_served_and_not_another(released: ReleasedApi) -> None:
    released.deploy("1", name="test")
    released.stage(promote_from="test")
    released.deploy("2", name="test")
    released.deploy("3", name="test")
    released.stage(promote_from="test")
    assert released.version() == "3"
    released.stage(deployment="previous")
    assert (released.version(), released.version("test")) == ("1", "3")
    released.stage(name="test", deployment="previous")
    assert (released.version(), released.version("test")) == ("1", "2")


def test_content_that_was_gone_back_from_can_be_deployed_after_something_else(released: ReleasedApi) -> None:
    for version in ("1", "2", "3"):
        released.deploy(version)
    again = released.stage(digest=digest("1"))
    assert (calls(again), released.version()) == (["UpdateStage"], "1")
    released.stage(deployment="previous")
    assert released.version() == "3"


def test_back_to_a_deployment_by_its_id(released: ReleasedApi) -> None:
    ids = [released.deploy(version).values["deployment_id"] for version in ("1", "2", "3")]
    assert calls(released.stage(deployment=ids[0])) == ["UpdateStage"]
    assert released.version() == "1"
    message = error_of(released, deployment="previous")
    assert f"AWS has no record of the deployment that the stage served before {ids[0]}" in message
    assert calls(released.stage(deployment=ids[2])) == ["UpdateStage"]
    released.stage(deployment="previous")
    assert released.version() == "2"


def test_the_error_of_a_missing_deployment_lists_the_existing_ones(released: ReleasedApi) -> None:
    ids = [released.deploy(version).values["deployment_id"] for version in ("1", "2")]
    released.gateway.create_stage(restApiId=released.id, stageName="test", deploymentId=ids[0])
    head, newest, oldest = error_of(released, deployment="gone").splitlines()
    remedy = "Write the id of one of its deployments, or `previous`."
    assert head == f'stage "prod": the API has no deployment "gone". {remedy} Deployments:'
    assert newest.startswith(f"- {ids[1]}, 20") and newest.endswith("Z, Deployed to prod; served by prod")
    assert oldest.startswith(f"- {ids[0]}, 20") and oldest.endswith("; served by test")


def test_a_stage_that_was_deployed_once_cannot_be_rolled_back(released: ReleasedApi) -> None:
    only = released.deploy("1").values["deployment_id"]
    assert f"served before {only}. Name the deployment by its id" in error_of(released, deployment="previous")
    for deployment in ("previous", only):
        assert 'stage "test" does not exist. Existing stages: prod.' in error_of(
            released, name="test", deployment=deployment
        )


def test_a_stage_that_was_moved_by_hand_is_not_guessed_about(released: ReleasedApi) -> None:
    ids = [released.deploy(version).values["deployment_id"] for version in ("1", "2", "3")]
    patch = {"op": "replace", "path": "/deploymentId", "value": ids[0]}
    released.gateway.update_stage(restApiId=released.id, stageName="prod", patchOperations=[patch])
    assert ids[1] in error_of(released, deployment="previous")


def test_a_previous_deployment_that_was_deleted_by_hand_is_missed(released: ReleasedApi) -> None:
    first = released.deploy("1").values["deployment_id"]
    released.deploy("2")
    released.gateway.delete_deployment(restApiId=released.id, deploymentId=first)
    assert first not in error_of(released, deployment="previous")


def test_back_to_what_an_adopted_stage_served(released: ReleasedApi) -> None:
    released.draft("0-by-hand")
    made = released.gateway.create_deployment(restApiId=released.id, stageName="prod", description="v7")
    released.deploy("1")
    back = released.stage(deployment="previous")
    assert (back.values["deployment_id"], back.values["digest"], released.version()) == (made["id"], "", "0-by-hand")
    assert calls(released.stage(name="test", promote_from="prod")) == ["CreateStage"]
    assert released.described(made["id"]) == "v7"


def test_two_runs_at_once_leave_a_way_back_to_what_was_before_both(released: ReleasedApi) -> None:
    released.deploy("1")
    released.draft("2")
    released.cut_short(1, digest=digest("2"))
    released.draft("3")
    released.cut_short(1, digest=digest("3"))
    assert calls(released.stage(digest=digest("2"))) == ["UpdateStage"]
    released.stage(deployment="previous")
    assert released.version() == "1"


def test_promoting_makes_a_stage_and_later_leaves_its_settings(released: ReleasedApi) -> None:
    released.deploy("1", name="test", variables={"v": "test"})
    made = released.stage(
        promote_from="test", variables={"v": "prod"}, method_settings={"*": {"metrics_enabled": True}}
    )
    assert calls(made) == ["CreateStage", "UpdateStage"]
    released.deploy("2", name="test", variables={"v": "test"})
    before = released.deployment_ids()
    assert calls(released.stage(promote_from="test")) == ["UpdateStage"]
    assert released.ask() == {"version": "2", "v": "prod", "canary": ""}
    assert released.read_stage()["methodSettings"]["*/*"]["metricsEnabled"] is True
    assert released.read_stage()["deploymentId"] == released.read_stage("test")["deploymentId"]
    assert released.deployment_ids() == before


def test_a_stage_to_promote_from_that_is_not_there_is_told(released: ReleasedApi) -> None:
    released.deploy("1")
    assert 'stage "tset" does not exist. Existing stages: prod' in error_of(released, promote_from="tset")
    assert "names the stage itself" in error_of(released, promote_from="prod")


def test_pruning_leaves_what_any_stage_may_go_back_to(released: ReleasedApi) -> None:
    released.deploy("1")
    released.deploy("2")
    for version in ("3", "4", "5", "6"):
        released.deploy(version, name="test", keep_deployments=0)
    assert len(released.deployment_ids()) == 4
    released.stage(deployment="previous")
    released.stage(name="test", deployment="previous")
    assert (released.version(), released.version("test")) == ("1", "5")


def test_going_back_and_promoting_delete_nothing(released: ReleasedApi) -> None:
    for version in ("1", "2", "3"):
        released.deploy(version)
    there = released.deployment_ids()
    assert calls(released.stage(deployment="previous", keep_deployments=0)) == ["UpdateStage"]
    released.stage(name="test", promote_from="prod", keep_deployments=0)
    assert released.deployment_ids() == there


def test_permissions_are_said_to_be_needed_by_who_went_back(released: ReleasedApi) -> None:
    released.deploy("1")
    released.deploy("2")
    released.stage(deployment="previous")
    outcome = released.stage(name="test", digest=digest("2"))
    assert outcome.values["stages_elsewhere"] == ["prod"]
    assert released.stage(digest=digest("2")).values["stages_elsewhere"] == []
