# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A table that DynamoDB is still busy with.

A scripted client stands in for DynamoDB: on the emulators a table is ready in the moment in which it is asked for.
"""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.codeless.apigateway.plugins.module_utils._dynamodb.table import planned
from ansible_collections.codeless.apigateway.plugins.module_utils._engine.client import Aws
from ansible_collections.codeless.apigateway.plugins.module_utils._engine.errors import AwsError
from ansible_collections.codeless.apigateway.plugins.module_utils._engine.resource import Outcome, converge
from botocore.exceptions import ClientError

ARN = "arn:aws:dynamodb:eu-central-1:123456789012:table/orders"


def described(status: str) -> dict[str, Any]:
    """DescribeTable's answer for a table with the hash key id."""
    return {
        "Table": {
            "TableName": "orders",
            "TableArn": ARN,
            "TableStatus": status,
            "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
            "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
            "BillingModeSummary": {"BillingMode": "PAY_PER_REQUEST"},
        }
    }


class ScriptedDynamoDb:
    """Describes a table as a list of states says, in their order, and takes every other call. None is no table."""

    def __init__(self, *states: str | None) -> None:
        self.states = list(states)
        self.made: list[str] = []

    def describe_table(self, **_request: Any) -> dict[str, Any]:
        self.made.append("describe_table")
        status = self.states.pop(0)
        if status is None:
            raise ClientError({"Error": {"Code": "ResourceNotFoundException", "Message": "no"}}, "DescribeTable")
        return described(status)

    def describe_time_to_live(self, **_request: Any) -> dict[str, Any]:
        """A time to live that was switched off a moment ago."""
        self.made.append("describe_time_to_live")
        status = "DISABLING" if self.made.count("describe_time_to_live") < 3 else "DISABLED"
        return {"TimeToLiveDescription": {"TimeToLiveStatus": status, "AttributeName": "expires"}}

    def list_tags_of_resource(self, **request: Any) -> dict[str, Any]:
        """The tags and the mark of a table of ours, on two pages."""
        self.made.append("list_tags_of_resource")
        if "NextToken" in request:
            return {"Tags": [{"Key": "b", "Value": "2"}, {"Key": "codeless.apigateway", "Value": "orders"}]}
        return {"Tags": [{"Key": "a", "Value": "1"}], "NextToken": "more"}

    def __getattr__(self, operation: str) -> Any:
        def take(**_request: Any) -> dict[str, Any]:
            self.made.append(operation)
            return {"TableDescription": described("CREATING")["Table"]}

        return take


OWNER = ["list_tags_of_resource"] * 2
"""The reads that tell who created a table that is to be changed."""


def run(dynamodb: ScriptedDynamoDb, check_mode: bool = False, **given: Any) -> Outcome:
    defaults = {"state": "present", "name": "orders", "hash_key": "id", "attributes": {"id": "S"}}
    defaults.update(purge_tags=True, purge_indexes=True)
    aws = Aws(lambda _service: dynamodb, pause=lambda _seconds: None)
    return converge(aws, planned, {**defaults, "wait": True, "wait_timeout": 60, **given}, check_mode)


def test_a_new_table_is_waited_for_also_where_it_does_not_show_at_first() -> None:
    dynamodb = ScriptedDynamoDb(None, None, "CREATING", "ACTIVE")
    made = run(dynamodb, point_in_time_recovery=True)
    assert dynamodb.made == ["describe_table", "create_table", *["describe_table"] * 3, "update_continuous_backups"]
    assert (made.values["arn"], made.values["status"]) == (ARN, "ACTIVE")


def test_without_patience_a_new_table_is_left_to_itself() -> None:
    dynamodb = ScriptedDynamoDb(None)
    assert run(dynamodb, wait=False).values["status"] == "CREATING"
    assert dynamodb.made == ["describe_table", "create_table"]


def test_without_patience_a_change_is_left_to_itself() -> None:
    dynamodb = ScriptedDynamoDb("ACTIVE")
    assert run(dynamodb, wait=False, deletion_protection=True).values["status"] == "UPDATING"
    assert dynamodb.made == ["describe_table", *OWNER, "update_table"]


def test_a_table_that_a_run_cut_short_was_making_is_waited_for_and_then_read() -> None:
    dynamodb = ScriptedDynamoDb("CREATING", "CREATING", "ACTIVE", "ACTIVE")
    outcome = run(dynamodb, tags={"a": "1", "b": "2"})
    assert dynamodb.made == [*["describe_table"] * 4, *["list_tags_of_resource"] * 2]
    assert outcome.as_result()["changed"] is False


def test_a_table_that_is_being_deleted_is_made_anew_when_it_is_gone() -> None:
    dynamodb = ScriptedDynamoDb("DELETING", "DELETING", None, "ACTIVE")
    assert run(dynamodb).as_result()["calls"] == ["dynamodb:CreateTable"]
    assert dynamodb.made == [*["describe_table"] * 3, "create_table", "describe_table"]


def test_a_table_that_is_being_deleted_is_waited_for_and_that_is_no_change() -> None:
    dynamodb = ScriptedDynamoDb("DELETING", "DELETING", None)
    assert run(dynamodb, state="absent").as_result()["changed"] is False
    assert dynamodb.made == ["describe_table"] * 3


def test_a_table_that_is_being_changed_is_waited_for() -> None:
    dynamodb = ScriptedDynamoDb("UPDATING", "UPDATING", "ACTIVE", "ACTIVE")
    outcome = run(dynamodb, deletion_protection=True)
    assert dynamodb.made == ["describe_table", *OWNER, *["describe_table"] * 2, "update_table", "describe_table"]
    assert outcome.values["status"] == "ACTIVE"


def test_a_time_to_live_that_is_on_its_way_out_counts_as_off_and_is_waited_for() -> None:
    dynamodb = ScriptedDynamoDb("ACTIVE")
    outcome = run(dynamodb, ttl_attribute="expires")
    reads = ["describe_table", "describe_time_to_live", *OWNER, *["describe_time_to_live"] * 2]
    assert dynamodb.made == [*reads, "update_time_to_live"]
    assert outcome.as_result()["calls"] == ["dynamodb:UpdateTimeToLive"]


def test_a_wait_that_is_too_long_says_how_to_go_on() -> None:
    dynamodb = ScriptedDynamoDb(None, *["CREATING"] * 5)
    message = r'Waited 0 seconds for table "orders" and its indexes to be ACTIVE\. Run again to continue\.'
    with pytest.raises(AwsError, match=message):
        run(dynamodb, wait_timeout=0)


def test_check_mode_waits_for_nothing_that_it_only_predicts() -> None:
    dynamodb = ScriptedDynamoDb("UPDATING")
    assert run(dynamodb, check_mode=True, deletion_protection=True).as_result()["calls"] == ["dynamodb:UpdateTable"]
    assert dynamodb.made == ["describe_table", *OWNER]
