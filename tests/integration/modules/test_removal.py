# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""service_proxy with state: absent: what is deleted, what stays, and what prevents it before anything is deleted."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.codeless.apigateway.plugins.module_utils._engine.errors import AwsError
from ansible_collections.codeless.apigateway.plugins.module_utils._engine.resource import Outcome
from ansible_collections.codeless.apigateway.plugins.module_utils._service_proxy import resource as _service_proxy
from ansible_collections.codeless.apigateway.plugins.module_utils._stage import resource as _stage
from ansible_collections.codeless.apigateway.plugins.modules.service_proxy import SPEC

from convergence import Account
from integration.two_versions import OLD, OLD_ANSWER, Site, params

NAMED = {"state": "absent", "name": "things", "stage": "prod", "role_name": "things", "tables": [{"name": "things"}]}
EVERYTHING = {"delete_tables": True, "delete_items": True}
POLICY = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]})
WHOLE = {"api things", "role things", "table things"}


class Deployed:
    """An API that is deployed, and its removal."""

    def __init__(self, local_aws: Any) -> None:
        self.site = Site(local_aws)
        self.account = Account(self.site.client)
        self.deploy()

    def deploy(self, **differing: Any) -> None:
        self.account.converge(_service_proxy.planned, params({**OLD, **differing}))
        self.account.changing()

    def remove(self, **differing: Any) -> Outcome:
        return self.account.settle(_service_proxy.planned, absent(**differing))

    def predict(self, **differing: Any) -> dict[str, Any]:
        return self.account.converge(_service_proxy.planned, absent(**differing), check_mode=True).as_result()

    def refused(self, **differing: Any) -> str:
        """Return why the removal is refused; assert that it is, and that nothing was changed."""
        with pytest.raises(AwsError) as error:
            self.account.converge(_service_proxy.planned, absent(**differing))
        assert self.account.changing() == []
        return error.value.message

    def there(self) -> set[str]:
        apis = [f"api {api['name']}" for api in self.site.client("apigateway").get_rest_apis()["items"]]
        tables = [f"table {name}" for name in self.site.client("dynamodb").list_tables()["TableNames"]]
        roles = [f"role {role['RoleName']}" for role in self.site.client("iam").list_roles()["Roles"]]
        return {*apis, *tables, *roles}

    def api_id(self) -> str:
        return str(self.site.client("apigateway").get_rest_apis()["items"][0]["id"])


def absent(**differing: Any) -> dict[str, Any]:
    """Return the options of the module as it hands them to its resource."""
    checked = ArgumentSpecValidator(SPEC["argument_spec"]).validate({**NAMED, **differing})
    assert not checked.error_messages, checked.error_messages
    return dict(checked.validated_parameters)


@pytest.fixture
def deployed(local_aws: Any) -> Deployed:
    return Deployed(local_aws)


def test_the_last_stage_takes_the_api_and_the_role_with_it_and_the_table_stays(deployed: Deployed) -> None:
    api_id = deployed.api_id()
    done = deployed.remove().as_result()
    assert deployed.there() == {"table things"}
    assert done["calls"] == ["apigateway:DeleteRestApi", "iam:DeleteRolePolicy", "iam:DeleteRole"]
    assert done["summary"]["remove"] == ["stage prod", "REST API things", "role things"]
    assert done["deletes"][1:] == [f"REST API things ({api_id})", "role things"]
    assert done["deletes"][0].startswith("stage prod (http") and done["invoke_url"] in done["deletes"][0]
    assert done["stays"] == ["table things (about 2 items, deleted only if asked for)"]
    assert (done["account_id"], done["region"]) == (deployed.site.id, "eu-central-1")


def test_tables_with_items_are_deleted_when_both_are_asked_for(deployed: Deployed) -> None:
    assert "table things (about 2 items)" in deployed.remove(**EVERYTHING).values["deletes"]
    assert deployed.there() == set()


def test_what_another_stage_needs_stays(deployed: Deployed) -> None:
    deployed.deploy(stage="test")
    assert 'has no stage "pord"; its stages: prod, test' in deployed.refused(stage="pord", **EVERYTHING)
    predicted = deployed.account.converge(_service_proxy.planned, absent(stage="test", **EVERYTHING), check_mode=True)
    done = deployed.account.converge(_service_proxy.planned, absent(stage="test", **EVERYTHING)).as_result()
    assert predicted.as_result()["calls"] == done["calls"] == deployed.account.changing() == ["apigateway:DeleteStage"]
    assert done["stays"][1:] == [
        "role things (needed by the stage prod)",
        "table things (about 2 items, needed by the stage prod)",
    ]
    assert deployed.there() == WHOLE
    assert "its stages: prod" in deployed.refused(stage="test")


def test_everything_that_prevents_the_removal_is_reported_at_once(deployed: Deployed) -> None:
    deployed.site.client("dynamodb").update_table(TableName="things", DeletionProtectionEnabled=True)
    iam = deployed.site.client("iam")
    iam.put_role_policy(RoleName="things", PolicyName="of-others", PolicyDocument=POLICY)
    arn = iam.create_policy(PolicyName="attached", PolicyDocument=POLICY)["Policy"]["Arn"]
    iam.attach_role_policy(RoleName="things", PolicyArn=arn)
    message = deployed.refused(delete_tables=True)
    for expected in (
        '"of-others"',
        arn,
        "deletion_protection: false",
        "about 2 items",
        "delete_items: true",
        deployed.site.id,
    ):
        assert expected in message
    assert message.endswith("Nothing was deleted.")
    assert deployed.there() == WHOLE


def test_an_api_role_or_table_of_others_is_not_deleted(local_aws: Any) -> None:
    site = Site(local_aws)
    trust = json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
            ],
        }
    )
    site.client("iam").create_role(RoleName="things", AssumeRolePolicyDocument=trust)
    account = Account(site.client)
    done = account.settle(_service_proxy.planned, absent(**EVERYTHING)).as_result()
    assert (done["changed"], done["stays"]) == (False, ["role things (not created by this collection)"])
    gateway = site.client("apigateway")
    api_id = gateway.create_rest_api(name="things")["id"]
    # The record of a stage is no evidence: `stage` also deploys APIs that others keep.
    method = {"restApiId": api_id, "resourceId": gateway.get_resources(restApiId=api_id)["items"][0]["id"]}
    gateway.put_method(**method, httpMethod="GET", authorizationType="NONE")
    gateway.put_integration(**method, httpMethod="GET", type="MOCK")
    deployed = {"state": "present", "name": "prod", "keep_deployments": 10, "purge_tags": False}
    account.settle(_stage.planned, {**deployed, "api_id": api_id})
    with pytest.raises(AwsError, match="was not deployed by this collection"):
        account.converge(_service_proxy.planned, absent())
    assert account.changing() == []


def test_a_role_that_others_assume_or_that_was_adopted_stays(deployed: Deployed) -> None:
    iam = deployed.site.client("iam")
    trust = iam.get_role(RoleName="things")["Role"]["AssumeRolePolicyDocument"]
    shared = {**trust["Statement"][0], "Principal": {"Service": "lambda.amazonaws.com"}}
    document = json.dumps({**trust, "Statement": [*trust["Statement"], shared]})
    iam.update_assume_role_policy(RoleName="things", PolicyDocument=document)
    assert "lambda.amazonaws.com" in deployed.predict()["stays"][0]
    iam.update_assume_role_policy(RoleName="things", PolicyDocument=json.dumps(trust))
    assert "role things" in deployed.predict()["deletes"]
    iam.tag_role(RoleName="things", Tags=[{"Key": "codeless.apigateway", "Value": "adopted: things"}])
    iam.put_role_policy(RoleName="things", PolicyName="of-others", PolicyDocument=POLICY)
    assert deployed.remove().values["stays"][0] == "role things (adopted, not created by this collection)"
    assert deployed.there() == {"role things", "table things"}


def test_an_api_that_was_adopted_stays_and_loses_its_stage(deployed: Deployed) -> None:
    arn = f"arn:aws:apigateway:eu-central-1::/restapis/{deployed.api_id()}"
    deployed.site.client("apigateway").tag_resource(resourceArn=arn, tags={"codeless.apigateway": "adopted: things"})
    done = deployed.account.converge(_service_proxy.planned, absent(**EVERYTHING)).as_result()
    assert done["calls"][0] == "apigateway:DeleteStage" and "apigateway:DeleteRestApi" not in done["calls"]
    assert "adopted, not created by this collection" in done["stays"][0]
    assert deployed.there() == {"api things"}


@pytest.mark.parametrize(
    ("owner", "reason"),
    [("", "not created by this collection"), ("adopted: things", "adopted, not created by this collection")],
)
def test_a_table_of_others_stays(deployed: Deployed, owner: str, reason: str) -> None:
    """Where a deployment marks what it creates, a table without the mark is somebody else's."""
    deployed.site.client("iam").tag_role(RoleName="things", Tags=[{"Key": "codeless.apigateway", "Value": "things"}])
    dynamodb = deployed.site.client("dynamodb")
    arn = dynamodb.describe_table(TableName="things")["Table"]["TableArn"]
    dynamodb.untag_resource(ResourceArn=arn, TagKeys=["codeless.apigateway"])
    if owner:
        dynamodb.tag_resource(ResourceArn=arn, Tags=[{"Key": "codeless.apigateway", "Value": owner}])
    done = deployed.account.converge(_service_proxy.planned, absent(**EVERYTHING)).as_result()
    assert done["stays"] == [f"table things (about 2 items, {reason})"]
    assert deployed.there() == {"table things"}


def test_a_role_and_a_table_of_another_api_stay_and_it_keeps_serving(deployed: Deployed) -> None:
    """Two APIs use one role and one table, which the first of them created."""
    deployed.deploy(name="others")
    assert deployed.there() == {"api others", *WHOLE}
    done = deployed.remove(name="others", **EVERYTHING).values
    assert done["deletes"][1].startswith("REST API others")
    assert done["stays"] == [
        "role things (created for things, not for others)",
        "table things (about 2 items, created for things, not for others)",
    ]
    assert deployed.there() == WHOLE
    assert deployed.site.answer() == OLD_ANSWER
    assert not deployed.account.converge(_service_proxy.planned, params(OLD)).as_result()["changed"]
    deployed.remove(**EVERYTHING)
    assert deployed.there() == set()


@pytest.mark.parametrize("made", range(4))
def test_a_removal_that_was_cut_short_is_finished_by_the_next(deployed: Deployed, made: int) -> None:
    """In each order in which its calls can have been made."""
    calls = [
        lambda: deployed.site.client("apigateway").delete_rest_api(restApiId=deployed.api_id()),
        lambda: deployed.site.client("iam").delete_role_policy(RoleName="things", PolicyName="dynamodb-proxy"),
        lambda: deployed.site.client("iam").delete_role(RoleName="things"),
        lambda: deployed.site.client("dynamodb").delete_table(TableName="things"),
    ]
    for call in calls[: made + 1]:
        call()
    deployed.account.settle(_service_proxy.planned, absent(**EVERYTHING))
    assert deployed.there() == set()


def test_a_plan_that_was_confirmed_is_carried_out_or_nothing_is(deployed: Deployed) -> None:
    plan = deployed.account.converge(_service_proxy.planned, absent(**EVERYTHING), check_mode=True).values["plan"]
    deployed.deploy(routes=[{"route": "GET /chosen", "action": "Scan"}])
    assert "have changed since the removal was planned" in deployed.refused(expected_plan=plan, **EVERYTHING)
    plan = deployed.account.converge(_service_proxy.planned, absent(**EVERYTHING), check_mode=True).values["plan"]
    deployed.account.converge(_service_proxy.planned, absent(expected_plan=plan, **EVERYTHING))
    assert deployed.there() == set()


def test_a_custom_domain_stops_the_removal_while_all_is_there(deployed: Deployed) -> None:
    said = "Deleting RestApi x failed. Please remove all base path mappings related to the RestApi in your domains: a.b"
    fault = {"fault": "error", "status": 400, "code": "BadRequestException", "message": said}
    deployed.site.rehearse({"operation": "apigateway:DeleteRestApi", "call": 1, **fault})
    with pytest.raises(AwsError) as error:
        deployed.account.converge(_service_proxy.planned, absent(**EVERYTHING))
    assert said in error.value.message and "delete-base-path-mapping" in error.value.message
    assert deployed.there() == WHOLE


def test_options_that_cannot_be_meant_are_reported(deployed: Deployed) -> None:
    message = deployed.refused(tables=[{}], delete_items=True)
    assert "tables[0] has no name" in message and "delete_tables: true" in message


def test_two_apis_of_one_name_are_reported(deployed: Deployed) -> None:
    deployed.site.client("apigateway").create_rest_api(name="things")
    assert "2 APIs" in deployed.refused() and deployed.there() == WHOLE
