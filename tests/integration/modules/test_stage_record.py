# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The record in a stage's description: written with each move, beside the user's text, and the reads that it spares."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.codeless.apigateway.plugins.module_utils._engine.errors import AwsError
from ansible_collections.codeless.apigateway.plugins.module_utils._stage import info as _stage_info
from ansible_collections.codeless.apigateway.plugins.module_utils._stage import resource as _stage

from integration.modules.released_api import ReleasedApi, digest

NEW = {"content_is_new": True}
"""The parameters with which service_proxy marks content that it is about to import."""


def described(released: ReleasedApi, stage: str = "prod") -> str:
    """A stage's description as it stands on AWS."""
    return str(released.read_stage(stage).get("description", ""))


def read_info(released: ReleasedApi) -> dict[str, Any]:
    """Return the stage `prod` as stage_info returns it."""
    found = released.account.converge(_stage_info.planned, {"api_id": released.id, "name": "prod"}).as_result()
    return dict(found["stages"][0])


def calls(released: ReleasedApi, **params: Any) -> list[str]:
    """Return all calls to API Gateway, reads included, that bring a stage to its desired state."""
    released.account.converge(_stage.planned, released.params(**params))
    made, released.account.made = released.account.made, []
    return [call.removeprefix("apigateway:") for call in made if call.startswith("apigateway:")]


def describe_by_hand(released: ReleasedApi, text: str) -> None:
    patch = {"op": "replace", "path": "/description", "value": text}
    released.gateway.update_stage(restApiId=released.id, stageName="prod", patchOperations=[patch])


def test_text_and_record_share_the_description(released: ReleasedApi) -> None:
    text = 'For {all} of "us" (and you)'
    made = released.deploy("1", stage_description=text)
    first = made.values["deployment_id"]
    assert described(released) == f"{text} ({first} {digest('1')})"
    second = released.deploy("2").values["deployment_id"]
    assert described(released) == f"{text} ({second} {digest('2')}; before: {first})"
    changed = released.stage(digest=digest("2"), stage_description="For all")
    assert described(released) == f"For all ({second} {digest('2')}; before: {first})"
    third = released.deploy("3", stage_description="").values["deployment_id"]
    assert described(released) == f"({third} {digest('3')}; before: {second} {first})"
    assert read_info(released)["stage_description"] == ""
    for outcome, shown in ((made, text), (changed, "For all")):
        (diff,) = outcome.as_result()["diff"]
        assert f"description: {shown}\n" in diff["after"]


def test_a_stage_without_a_text_has_the_record_alone(released: ReleasedApi) -> None:
    first = released.deploy("1").values["deployment_id"]
    assert described(released) == f"({first} {digest('1')})"
    assert (read_info(released)["stage_description"], read_info(released)["digest"]) == ("", digest("1"))
    describe_by_hand(released, f"By hand ({first} {digest('1')})")
    second = released.deploy("2").values["deployment_id"]
    assert described(released) == f"By hand ({second} {digest('2')}; before: {first})"


def test_going_back_and_forth_writes_what_was_deployed_and_no_more(released: ReleasedApi) -> None:
    first = released.deploy("1").values["deployment_id"]
    second = released.deploy("2").values["deployment_id"]
    released.stage(deployment="previous")
    assert described(released) == f"({second} {digest('2')}; before: {first})"
    third = released.deploy("3").values["deployment_id"]
    assert described(released) == f"({third} {digest('3')}; before: {first} {second})"


def test_a_run_cut_short_before_the_move_has_not_deployed(released: ReleasedApi) -> None:
    released.deploy("1")
    second = released.deploy("2").values
    released.draft("3")
    released.cut_short(1, digest=digest("3"), **NEW)
    finished = released.stage(digest=digest("3"))
    assert (finished.values["rolled_back"], len(released.deployment_ids())) == (False, 3)
    assert described(released).split("before: ")[1].startswith(second["deployment_id"])
    released.draft("4")
    released.cut_short(1, digest=digest("4"), **NEW)
    released.stage(deployment="previous")
    assert released.version() == "2"


def test_a_digest_of_another_form_is_refused(released: ReleasedApi) -> None:
    with pytest.raises(AwsError, match='digest is "v1"; write the digest that rest_api or route returned'):
        released.stage(digest="v1")


def test_a_canary_is_recorded_when_it_is_promoted(released: ReleasedApi) -> None:
    first = released.deploy("1").values["deployment_id"]
    tried = released.deploy("2", canary={"percent_traffic": 5}).values["canary_deployment_id"]
    assert described(released) == f"({first} {digest('1')})"
    released.stage(canary={"state": "promoted"}, stage_description="Bold")
    assert described(released) == f"Bold ({tried} {digest('2')}; before: {first})"


@pytest.mark.parametrize("lost", ["", "Rewritten in the console", "(gone00 of unknown content; before: gone01)"])
def test_without_a_record_that_fits_the_deployments_tell(released: ReleasedApi, lost: str) -> None:
    first = released.deploy("1").values["deployment_id"]
    second = released.deploy("2").values["deployment_id"]
    describe_by_hand(released, lost)
    assert calls(released, digest=digest("2")) == ["GetStages", "GetDeployments"]
    assert (read_info(released)["digest"], read_info(released)["previous"]) == (digest("2"), "")
    released.stage(digest=digest("1"))
    text = "" if lost.startswith("(") or not lost else f"{lost} "
    assert described(released) == f"{text}({first} {digest('1')}; before: {second})"
    released.stage(deployment="previous")
    assert released.version() == "2"


def test_the_deployments_are_read_where_they_are_needed_and_nowhere_else(released: ReleasedApi) -> None:
    """After a change the stages are read until they show it."""
    assert calls(released, digest=digest("1"), **NEW) == ["GetStages", "CreateDeployment", "CreateStage", "GetStages"]
    assert calls(released, digest=digest("1")) == ["GetStages"]
    assert calls(released, digest=digest("2"), **NEW) == ["GetStages", "CreateDeployment", "UpdateStage", "GetStages"]
    searched = ["GetStages", "GetDeployments", "CreateDeployment", "UpdateStage", "GetStages"]
    assert calls(released, digest=digest("3")) == searched
    assert calls(released, name="test", digest=digest("3"), **NEW) == ["GetStages", "CreateStage", "GetStages"]
    steady = ["GetStages", "CreateDeployment", "DeleteDeployment", "UpdateStage", "GetStages"]
    assert calls(released, digest=digest("4"), keep_deployments=2, **NEW) == steady
    assert calls(released, digest=digest("5"), keep_deployments=2, **NEW) == steady
    assert calls(released, digest=digest("6"), keep_deployments=2, **NEW) == searched
    released.stage(deployment="previous")
    assert calls(released, name="test", digest=digest("3")) == ["GetStages", "GetDeployments"]
    assert calls(released, digest=digest("7"), **NEW)[:2] == ["GetStages", "GetDeployments"]


def test_the_diff_of_new_content_has_the_deployment_by_its_id(released: ReleasedApi) -> None:
    first = released.deploy("1").values["deployment_id"]
    (diff,) = released.deploy("2", **NEW).as_result()["diff"]
    assert diff["before"] == f"deployment: {first}\ntracingEnabled: false\n"
    assert diff["after"] == "deployment: (known after the run)\ntracingEnabled: false\n"


def test_a_deployment_by_other_means_is_named_and_never_deleted(released: ReleasedApi) -> None:
    released.draft("0-by-hand")
    foreign = released.gateway.create_deployment(restApiId=released.id, stageName="prod")["id"]
    first = released.deploy("1", keep_deployments=2).values["deployment_id"]
    assert described(released) == f"({first} {digest('1')}; before: {foreign}*)"
    for version in ("2", "3"):
        released.deploy(version, keep_deployments=2, **NEW)
    assert foreign not in described(released)
    assert foreign in released.deployment_ids()
    released.stage(name="test", deployment=None, promote_from="prod")
    released.stage(deployment=foreign)
    released.stage(name="test", promote_from="prod")
    assert described(released, "test").startswith(f"({foreign} of unknown content; before: ")


def test_what_was_promoted_is_kept_while_a_record_names_it_and_no_longer(released: ReleasedApi) -> None:
    made = []
    for version in ("1", "2", "3", "4", "5", "6"):
        made.append(released.deploy(version, name="test", keep_deployments=1, **NEW).values["deployment_id"])
        if version in "124":
            released.stage(promote_from="test", keep_deployments=1)
    assert released.deployment_ids() == {made[1], made[3], made[4], made[5]}
    assert [released.version("prod"), released.version("test")] == ["4", "6"]
    released.stage(deployment="previous")
    assert released.version() == "2"


def test_what_no_record_names_goes_with_the_next_run_that_reads_the_deployments(released: ReleasedApi) -> None:
    released.deploy("1")
    aborted = released.deploy("2", canary={"percent_traffic": 5}).values["canary_deployment_id"]
    released.stage(canary={"state": "aborted"})
    released.deploy("3", keep_deployments=1, **NEW)
    assert aborted in released.deployment_ids()
    released.deploy("4", keep_deployments=1)
    assert aborted not in released.deployment_ids()
    assert len(released.deployment_ids()) == 2
