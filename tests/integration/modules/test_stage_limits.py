# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What AWS would reject of a stage is an error before the first change: logs without a role, long descriptions."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.codeless.apigateway.plugins.module_utils._engine.errors import AwsError
from ansible_collections.codeless.apigateway.plugins.module_utils._stage import resource as _stage

from integration.modules.released_api import ReleasedApi, digest
from log_role import set_log_role


def _calls(released: ReleasedApi, **params: Any) -> list[str]:
    """All calls, reads too, of a run."""
    released.account.made = []
    released.account.converge(_stage.planned, released.params(**params))
    return [call.removeprefix("apigateway:") for call in released.account.made]


@pytest.mark.parametrize("is_new", [True, False])
@pytest.mark.parametrize("settings", [{"logging_level": "ERROR"}, {"data_trace_enabled": True}], ids=str)
def test_logs_need_the_account_s_role(released: ReleasedApi, settings: dict[str, Any], is_new: bool) -> None:
    if not is_new:
        released.deploy("1")
    declared = {"digest": digest("1"), "method_settings": {"*": settings}}
    released.draft("1")
    released.account.made = []
    with pytest.raises(AwsError, match=r"with the module codeless\.apigateway\.account"):
        released.account.converge(_stage.planned, released.params(**declared))
    assert released.account.changing() == []
    set_log_role(released.account.make_client("iam"), released.gateway)
    assert "GetAccount" in _calls(released, **declared)
    assert "GetAccount" not in _calls(released, **declared)


@pytest.mark.parametrize(
    "settings", [{"logging_level": "OFF"}, {"data_trace_enabled": False}, {"metrics_enabled": True}], ids=str
)
def test_other_settings_ask_nothing_of_the_account(released: ReleasedApi, settings: dict[str, Any]) -> None:
    released.draft("1")
    made = _calls(released, digest=digest("1"), method_settings={"*": settings})
    assert "UpdateStage" in made
    assert "GetAccount" not in made


def test_text_and_record_have_1024_characters(released: ReleasedApi) -> None:
    released.draft("1")
    record = len(f" (a1b2c3 {digest('1')})")
    with pytest.raises(AwsError, match=r"would have 1,025 characters .* \(`stage_description`\) by 1, or"):
        released.account.converge(
            _stage.planned, released.params(digest=digest("1"), stage_description="x" * (1025 - record))
        )
    assert released.account.changing() == []
    text = "x" * (1024 - record)
    released.deploy("1", stage_description=text)
    # The next record names the earlier deployment, too.
    with pytest.raises(AwsError, match="would have 1,040 characters"):
        released.account.converge(_stage.planned, released.params(digest=digest("2")))
    released.deploy("2", stage_description=text[:-16])


def test_who_may_not_read_the_account_is_not_held_up(released: ReleasedApi, local_aws: Any, account_id: str) -> None:
    denied = {"operation": "apigateway:GetAccount", "call": 1, "fault": "error", "code": "AccessDeniedException"}
    set_log_role(released.account.make_client("iam"), released.gateway)
    released.draft("1")
    local_aws.rehearse({"faults": [{**denied, "status": 403, "message": "not authorized"}]}, account_id)
    assert "UpdateStage" in _calls(released, digest=digest("1"), method_settings={"*": {"logging_level": "INFO"}})
