# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""From any state of an account, check mode names the calls that the run then makes. The local AWS counts them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from ansible_collections.codeless.apigateway.plugins.module_utils._engine.errors import AwsError
from ansible_collections.codeless.apigateway.plugins.module_utils._service_proxy import resource as _service_proxy
from ansible_collections.codeless.apigateway.plugins.module_utils._stage import resource as _stage

from convergence import is_carried_out
from integration.two_versions import NEW, NEW_ANSWER, OLD, Site, deploy_until_killed, params

TABLE = {**NEW["tables"][0], "ttl_attribute": "expires", "attributes": {"id": "S", "expires": "N"}}
WANTED = {**NEW, "tables": [TABLE], "tags": {"team": "shop"}}
READS = ("Get", "Describe", "List", "BatchGet")
Change = Callable[[Site, str], Any]


def statement(**more: Any) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Resource": "*", **more}]})


def patch(operation: str, path: str, value: str, **key: str) -> Change:
    """Return a change by one patch operation."""
    patches = [{"op": "replace", "path": path, "value": value}]
    return lambda site, api_id: getattr(site.client("apigateway"), operation)(
        restApiId=api_id, patchOperations=patches, **key
    )


def template_edited(site: Site, api_id: str) -> None:
    resources = site.client("apigateway").get_resources(restApiId=api_id)["items"]
    (chosen,) = [one["id"] for one in resources if one["path"] == "/chosen"]
    path = "/requestTemplates/application~1json"
    patch("update_integration", path, "{}", resourceId=chosen, httpMethod="GET")(site, api_id)


def role_gone(site: Site, _api_id: str) -> None:
    iam = site.client("iam")
    iam.delete_role_policy(RoleName="things", PolicyName="dynamodb-proxy")
    iam.delete_role(RoleName="things")


def other_stage(site: Site, _api_id: str) -> None:
    site.account.converge(_service_proxy.planned, params({**OLD, "stage": "test"}))


def by_hand(service: str, operation: str, **arguments: Any) -> Change:
    """Return a change by one call without the ID of the API."""
    return lambda site, _api_id: getattr(site.client(service), operation)(**arguments)


CHANGES: dict[str, Change] = {
    "nothing": lambda _site, _api_id: None,
    "another version": lambda site, _api_id: site.account.converge(_service_proxy.planned, params(OLD)),
    "a template": template_edited,
    "a setting of the API": patch("update_rest_api", "/apiKeySource", "AUTHORIZER"),
    "the API is gone": lambda site, api_id: site.client("apigateway").delete_rest_api(restApiId=api_id),
    "the role is gone": role_gone,
    "the role's policy": by_hand(
        "iam",
        "put_role_policy",
        RoleName="things",
        PolicyName="dynamodb-proxy",
        PolicyDocument=statement(Action="dynamodb:*"),
    ),
    "the role's trust": by_hand(
        "iam",
        "update_assume_role_policy",
        RoleName="things",
        PolicyDocument=json.dumps(
            {
                "Version": "2012-10-17",
                "Statement": [
                    {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
                ],
            }
        ),
    ),
    "the table is gone": by_hand("dynamodb", "delete_table", TableName="things"),
    "the table's TTL": by_hand(
        "dynamodb",
        "update_time_to_live",
        TableName="things",
        TimeToLiveSpecification={"Enabled": False, "AttributeName": "expires"},
    ),
    "an item": by_hand("dynamodb", "delete_item", TableName="things", Key={"id": {"S": "b"}}),
    "the stage is gone": lambda site, api_id: site.client("apigateway").delete_stage(
        restApiId=api_id, stageName="prod"
    ),
    "the stage's variables": patch("update_stage", "/variables/chosen", "z", stageName="prod"),
    "tags": lambda site, api_id: site.client("apigateway").tag_resource(
        resourceArn=f"arn:aws:apigateway:eu-central-1::/restapis/{api_id}", tags={"team": "other", "more": "1"}
    ),
    "another stage": other_stage,
    "a deployment by hand": lambda site, api_id: site.client("apigateway").create_deployment(
        restApiId=api_id, stageName="prod"
    ),
}


def assert_the_plan_is_what_is_done(site: Site) -> None:
    account, wanted = site.account, params(WANTED)
    predicted = account.converge(_service_proxy.planned, wanted, check_mode=True).as_result()
    before = len(site.calls())
    outcome = account.converge(_service_proxy.planned, wanted)
    done = outcome.as_result()
    arrived = [call for call in site.calls()[before:] if not call.partition(":")[2].startswith(READS)]
    assert predicted["calls"] == done["calls"]
    assert is_carried_out(outcome.plan, arrived)
    assert predicted["changed"] is bool(arrived)
    assert predicted["summary"] == done["summary"]
    assert predicted["diff"] == done["diff"]
    assert predicted["changes"] == done["changes"]
    assert bool(done["changes"]) is bool(done["diff"]) is done["changed"]
    assert all(diff["before"] != diff["after"] for diff in done["diff"])
    assert site.settle(WANTED).as_result()["calls"] == []
    assert site.answer() == NEW_ANSWER


def test_an_empty_account(local_aws: Any) -> None:
    assert_the_plan_is_what_is_done(Site(local_aws))


@pytest.mark.parametrize("name", CHANGES)
def test_a_state_that_somebody_left_behind(local_aws: Any, name: str) -> None:
    site = Site(local_aws)
    made = site.settle(WANTED)
    CHANGES[name](site, made.values["api_id"])
    assert_the_plan_is_what_is_done(site)


@pytest.mark.parametrize("operation", ["iam:CreateRole", "apigateway:ImportRestApi", "apigateway:CreateDeployment"])
def test_a_state_that_a_killed_run_left_behind(local_aws: Any, operation: str) -> None:
    site = Site(local_aws)
    deploy_until_killed(site, WANTED, operation)
    assert_the_plan_is_what_is_done(site)


def test_a_state_between_two_versions(local_aws: Any) -> None:
    site = Site(local_aws)
    site.settle(WANTED)
    deploy_until_killed(site, {**OLD, "tables": [TABLE]}, "apigateway:CreateDeployment")
    assert_the_plan_is_what_is_done(site)


def test_the_version_of_the_draft_is_written_and_not_declared(local_aws: Any) -> None:
    site = Site(local_aws)
    gateway = site.client("apigateway")
    made = site.settle(WANTED)
    key = {"restApiId": made.values["api_id"]}
    version = gateway.get_rest_api(**key)["version"]
    assert re.fullmatch("[0-9a-f]{16}", version)
    assert json.loads(made.values["definition"])["info"]["version"] == "1.0"
    changed = site.settle({**WANTED, "routes": OLD["routes"]})
    assert gateway.get_rest_api(**key)["version"] != version
    shown = [diff for outcome in (made, changed) for diff in outcome.as_result()["diff"]]
    assert not any("\nversion:" in diff[side] for diff in shown for side in ("before", "after"))
    patch("update_rest_api", "/version", "by hand")(site, key["restApiId"])
    assert site.settle({**WANTED, "routes": OLD["routes"]}).as_result()["calls"] == []
    with pytest.raises(AwsError, match="did not create it"):
        site.settle(WANTED)  # the version is what shows whose the API is
    site.settle({**WANTED, "adopt": True})
    assert gateway.get_rest_api(**key)["version"] == version


def test_content_that_was_rolled_back_is_deployed_without_a_new_deployment(local_aws: Any) -> None:
    site = Site(local_aws)
    site.settle(OLD)
    made = site.settle(NEW).values
    back = {"state": "present", "name": "prod", "deployment": "previous", "keep_deployments": 10, "purge_tags": True}
    site.account.settle(_stage.planned, {**back, "api_id": made["api_id"]})
    again = site.settle(NEW)
    assert again.as_result()["calls"] == ["apigateway:UpdateStage"]
    assert again.values["deployment_id"] == made["deployment_id"]


def test_another_stage_of_the_same_content_has_the_same_deployment(local_aws: Any) -> None:
    site = Site(local_aws)
    made = site.settle(OLD).values
    before = len(site.calls())
    there = site.account.converge(_service_proxy.planned, params({**OLD, "stage": "test"})).values
    assert there["deployment_id"] == made["deployment_id"]
    assert "apigateway:GetDeployments" not in site.calls()[before:]
