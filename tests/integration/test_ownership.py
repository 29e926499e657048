# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Resources of others are not changed without `adopt`. With `adopt` they are compared completely before and after."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible_collections.codeless.apigateway.plugins.module_utils._engine.errors import AwsError
from ansible_collections.codeless.apigateway.plugins.module_utils._service_proxy import resource as _service_proxy

from convergence import changes
from integration.two_versions import Site, declared, params

ROUTES = [{"route": "GET /{id}", "action": "GetItem"}, {"route": "PUT /{id}", "action": "PutItem"}]
MINE = {"routes": ROUTES, "items": {}}
MARKER = "codeless.apigateway"
LAMBDA = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
API_GATEWAY = {"Effect": "Allow", "Principal": {"Service": "apigateway.amazonaws.com"}, "Action": "sts:AssumeRole"}
VERSION = {"Version": "2012-10-17"}
MANAGED_POLICY = "arn:aws:iam::aws:policy/ReadOnlyAccess"
OTHER_INDEX = {
    "IndexName": "by_owner",
    "KeySchema": [{"AttributeName": "owner", "KeyType": "HASH"}],
    "Projection": {"ProjectionType": "ALL"},
}
ROW = {"id": {"S": "a"}, "status": {"S": "paid"}}


@pytest.fixture
def site(local_aws: Any) -> Site:
    return Site(local_aws)


def table_of_others(site: Site) -> None:
    """Create a table with data, an index, tags and a time to live."""
    dynamodb = site.client("dynamodb")
    dynamodb.create_table(
        TableName="things",
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("id", "owner")],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        GlobalSecondaryIndexes=[OTHER_INDEX],
        Tags=[{"Key": "cost", "Value": "42"}],
    )
    time_to_live = {"Enabled": True, "AttributeName": "expires"}
    dynamodb.update_time_to_live(TableName="things", TimeToLiveSpecification=time_to_live)
    dynamodb.put_item(TableName="things", Item=ROW)


def role_of_others(site: Site) -> None:
    """Create a role for Lambda with two inline policies, an attached policy, a description and a tag."""
    iam = site.client("iam")
    trust = json.dumps({**VERSION, "Statement": [LAMBDA]})
    tags = [{"Key": "team", "Value": "ops"}]
    iam.create_role(RoleName="things", AssumeRolePolicyDocument=trust, Description="Of a Lambda", Tags=tags)
    for name in ("one", "two"):
        statement = {"Effect": "Allow", "Action": f"s3:{name}", "Resource": "*"}
        document = json.dumps({**VERSION, "Statement": [statement]})
        iam.put_role_policy(RoleName="things", PolicyName=name, PolicyDocument=document)
    iam.attach_role_policy(RoleName="things", PolicyArn=MANAGED_POLICY)


def api_of_others(site: Site) -> str:
    """Create an API with every kind of resource, live on `prod`. Return its ID."""
    gateway = site.client("apigateway")
    api_id = str(gateway.create_rest_api(name="things", description="Theirs", tags={"team": "ops"})["id"])
    api = {"restApiId": api_id}
    root = gateway.get_resources(**api)["items"][0]["id"]
    key = {**api, "resourceId": root, "httpMethod": "GET"}
    gateway.put_method(**key, authorizationType="NONE")
    gateway.put_integration(**key, type="MOCK")
    gateway.create_model(**api, name="Order", contentType="application/json", schema='{"type": "object"}')
    gateway.create_request_validator(**api, name="strict", validateRequestBody=True)
    pool = f"arn:aws:cognito-idp:eu-central-1:{site.id}:userpool/eu-central-1_abc"
    source = "method.request.header.Authorization"
    gateway.create_authorizer(**api, name="pool", type="COGNITO_USER_POOLS", providerARNs=[pool], identitySource=source)
    gateway.put_gateway_response(**api, responseType="DEFAULT_4XX", statusCode="418")
    place = {"type": "METHOD", "path": "/", "method": "GET"}
    gateway.create_documentation_part(**api, location=place, properties='{"description": "Root"}')
    gateway.create_deployment(**api, stageName="prod")
    return api_id


def table_state(site: Site) -> dict[str, Any]:
    dynamodb = site.client("dynamodb")
    table = dynamodb.describe_table(TableName="things")["Table"]
    tags = dynamodb.list_tags_of_resource(ResourceArn=table["TableArn"])["Tags"]
    return {
        "table": {name: table[name] for name in ("TableId", "KeySchema", "BillingModeSummary", "CreationDateTime")},
        "indexes": sorted(index["IndexName"] for index in table.get("GlobalSecondaryIndexes", [])),
        "time to live": dynamodb.describe_time_to_live(TableName="things")["TimeToLiveDescription"],
        "items": dynamodb.scan(TableName="things")["Items"],
        "tags": {tag["Key"]: tag["Value"] for tag in tags},
    }


def role_state(site: Site) -> dict[str, Any]:
    iam = site.client("iam")
    role = iam.get_role(RoleName="things")["Role"]
    names = iam.list_role_policies(RoleName="things")["PolicyNames"]
    policies = {name: iam.get_role_policy(RoleName="things", PolicyName=name)["PolicyDocument"] for name in names}
    return {
        "role": {name: role[name] for name in ("RoleId", "Arn", "Description", "CreateDate")},
        "trust": role["AssumeRolePolicyDocument"]["Statement"],
        "policies": policies,
        "attached": iam.list_attached_role_policies(RoleName="things")["AttachedPolicies"],
        "tags": {tag["Key"]: tag["Value"] for tag in role["Tags"]},
    }


def names_of(site: Site, api_id: str) -> set[str]:
    """Return all parts of a draft by kind and name, with the titles of differences."""
    gateway, api = site.client("apigateway"), {"restApiId": api_id}
    routes = {
        f"route {method} {resource['path']}"
        for resource in gateway.get_resources(**api, embed=["methods"])["items"]
        for method in resource.get("resourceMethods", {})
    }
    documentation = {
        "documentation part " + " ".join(part["location"][name] for name in ("type", "method", "path"))
        for part in gateway.get_documentation_parts(**api)["items"]
    }
    named = {
        "model": gateway.get_models(**api),
        "request validator": gateway.get_request_validators(**api),
        "authorizer": gateway.get_authorizers(**api),
    }
    parts = {f"{kind} {part['name']}" for kind, answer in named.items() for part in answer["items"]}
    return routes | documentation | parts


def test_nothing_of_others_is_changed_without_adopt_and_the_error_lists_all_of_it(site: Site) -> None:
    table_of_others(site)
    role_of_others(site)
    api_id = api_of_others(site)
    before = (table_state(site), role_state(site), names_of(site, api_id))
    site.calls()
    made = len(site.calls())
    table = {"name": "things", "hash_key": "id", "attributes": {"id": "S"}, "ttl_attribute": "", "purge_tags": True}
    wanted = declared(**MINE, tables=[{**table, "tags": {"a": "b"}}])
    for check_mode in (True, False):
        with pytest.raises(AwsError) as refused:
            site.account.converge(_service_proxy.planned, params(wanted), check_mode=check_mode)
        message = refused.value.message
    assert [call for call in site.calls()[made:] if changes(call)] == []
    assert (table_state(site), role_state(site), names_of(site, api_id)) == before
    for line in (
        'table "things" exists, and codeless.apigateway did not create it. The run would change it:',
        '- changes table things: tags: {"cost": "42"} -> {"a": "b"}; ttl_attribute: "expires" -> ""',
        'IAM role "things" exists, and codeless.apigateway did not create it. The run would change it:',
        "- changes role things, trust policy",
        "- adds role things, policy dynamodb-proxy",
        f'REST API "things" ({api_id}) exists, and codeless.apigateway did not create it. The run would change it:',
        "- removes route GET /",
        "- removes model Order",
        "- removes authorizer pool",
        "- removes request validator strict",
        "- removes documentation part METHOD GET /",
    ):
        assert line in message.splitlines()
    assert "`adopt: true` (in the role service_proxy: `service_proxy_adopt: true`)" in message


def test_an_api_with_everything_on_it_loses_just_what_the_plan_names(site: Site) -> None:
    api_id = api_of_others(site)
    before = names_of(site, api_id)
    done = site.settle({**declared(**MINE), "adopt": True})
    after = names_of(site, api_id)
    removed = {title for title in done.as_result()["summary"]["remove"] if title in before}
    assert removed == before - after
    assert {"model Order", "authorizer pool", "request validator strict", "route GET /"} <= removed
    assert "documentation part METHOD GET /" in removed
    gateway = site.client("apigateway")
    api = gateway.get_rest_api(restApiId=api_id)
    assert api["tags"] == {"team": "ops", MARKER: "adopted: things"}
    response = gateway.get_gateway_response(restApiId=api_id, responseType="DEFAULT_4XX")
    assert response.get("statusCode") != "418"
    assert "gateway response DEFAULT_4XX: responseParameters" in done.as_result()["summary"]["change"]
    site.settle({**declared(**MINE), "routes": ROUTES[:1]})  # it is marked, so that no `adopt` is needed any more


def test_a_table_with_data_keeps_all_but_what_is_declared(site: Site) -> None:
    table_of_others(site)
    before = table_state(site)
    table = {"name": "things", "hash_key": "id", "attributes": {"id": "S", "colour": "S"}, "tags": {"a": "b"}}
    index = {"name": "by_colour", "hash_key": "colour"}
    items = {"things": [{"id": "a", "status": "open"}, {"id": "b"}]}
    wanted = declared(routes=ROUTES, items=items, tables=[{**table, "indexes": [index]}], adopt=True)
    done = site.settle(wanted)
    after = table_state(site)
    assert (after["table"], after["time to live"]) == (before["table"], before["time to live"])
    assert after["indexes"] == ["by_colour", "by_owner"]
    assert ROW in after["items"] and len(after["items"]) == 2
    assert after["tags"] == {"cost": "42", "a": "b", MARKER: "adopted: things"}
    assert done.values["kept_indexes"] == {"things": ["by_owner"]}
    assert "item of things: id=b" in done.as_result()["summary"]["add"]
    assert not any("id=a" in title for titles in done.as_result()["summary"].values() for title in titles)


def test_a_role_with_three_policies_keeps_its_other_trusted_service(site: Site) -> None:
    role_of_others(site)
    before = role_state(site)
    for _time in range(2):  # an adopted role stays adopted
        site.settle({**declared(**MINE), "adopt": True})
        after = role_state(site)
        assert after["role"] == before["role"]
        assert after["trust"] == [LAMBDA, API_GATEWAY]
        assert {name: after["policies"][name] for name in ("one", "two")} == before["policies"]
        assert set(after["policies"]) == {"one", "two", "dynamodb-proxy"}
        assert after["attached"] == before["attached"]
        assert after["tags"] == {"team": "ops", MARKER: "adopted: things"}
    site.settle({**declared(**MINE), "routes": ROUTES[:1]})
    assert role_state(site)["trust"] == [LAMBDA, API_GATEWAY]


def test_items_alone_do_not_go_into_a_table_of_others(site: Site) -> None:
    table_of_others(site)
    wanted = declared(routes=ROUTES, items={"things": [{"id": "b"}]})
    with pytest.raises(AwsError, match=r"(?s)table \"things\" exists.*- adds item of things: id=b"):
        site.account.converge(_service_proxy.planned, params(wanted))
    site.settle({**wanted, "adopt": True})


def test_a_table_of_others_that_needs_no_change_is_used_as_it_is(site: Site) -> None:
    table_of_others(site)
    before = table_state(site)
    site.settle(declared(**MINE))
    assert table_state(site) == before


def test_what_was_created_is_marked_and_the_mark_is_no_difference(site: Site) -> None:
    tagged = {**declared(**MINE), "tags": {"team": "shop"}, "purge_tags": True}
    done = site.settle(tagged)
    assert table_state(site)["tags"] == {"team": "shop", MARKER: "things"}
    assert role_state(site)["tags"] == {"team": "shop", MARKER: "things"}
    assert MARKER not in json.dumps([diff.after for diff in done.diffs])
    site.settle({**tagged, "tags": {"team": "ops"}})
    assert table_state(site)["tags"] == {"team": "ops", MARKER: "things"}


def test_live_data_survives_the_second_deployment(site: Site) -> None:
    wanted = declared(routes=ROUTES, items={"things": [{"id": "a", "status": "open"}]})
    site.settle(wanted)
    site.client("dynamodb").put_item(TableName="things", Item=ROW)
    assert site.settle(wanted).as_result()["changed"] is False
    assert table_state(site)["items"] == [ROW]
    table = {"name": "things", "hash_key": "id", "attributes": {"id": "S"}, "items_mode": "overwrite"}
    again = site.settle({**wanted, "tables": [table]})
    assert again.as_result()["summary"]["change"] == ["item of things: id=a: status"]


def test_a_role_by_its_arn_is_used_without_a_call_to_iam(site: Site) -> None:
    role_of_others(site)
    before, made = role_state(site), len(site.calls())
    wanted = {**declared(**MINE), "role_arn": "arn:aws:iam::${AWS::AccountId}:role/things"}
    del wanted["role_name"]
    done = site.settle(wanted)
    assert not [call for call in site.calls()[made:] if call.startswith("iam:")]
    assert role_state(site) == before
    assert done.values["role_arn"] == before["role"]["Arn"]
    assert "dynamodb:GetItem" in json.dumps(done.values["policy"])
    with pytest.raises(AwsError, match='role_arn is "things", not the ARN of an IAM role; write it like'):
        site.account.converge(_service_proxy.planned, params({**wanted, "role_arn": "things"}))


def test_an_api_is_found_by_its_id(site: Site) -> None:
    ids = [api_of_others(site) for _number in range(2)]
    with pytest.raises(AwsError, match="in the role service_proxy: `service_proxy_api_id`"):
        site.account.converge(_service_proxy.planned, params(declared(**MINE)))
    wanted = {**declared(**MINE), "api_id": ids[1], "name": "renamed"}
    with pytest.raises(AwsError, match=rf'REST API "things" \({ids[1]}\) exists'):
        site.account.converge(_service_proxy.planned, params(wanted))
    assert site.settle({**wanted, "adopt": True}).values["api_id"] == ids[1]
    apis = {api["id"]: api["name"] for api in site.client("apigateway").get_rest_apis()["items"]}
    assert apis == {ids[0]: "things", ids[1]: "renamed"}
    with pytest.raises(AwsError, match='there is no API with the id "nosuchid"'):
        site.account.converge(_service_proxy.planned, params({**wanted, "api_id": "nosuchid"}))


UNMANAGED = {"name": "things", "hash_key": "id", "attributes": {"id": "S", "owner": "S"}, "managed": False}
BY_OWNER = {"name": "by_owner", "hash_key": "owner"}


def test_a_table_that_others_manage_is_read_by_one_call(site: Site) -> None:
    table_of_others(site)
    before, made = table_state(site), len(site.calls())
    table = {**UNMANAGED, "indexes": [BY_OWNER], "ttl_attribute": ""}
    site.settle(declared(**MINE, tables=[table], tags={"a": "b"}))
    assert {call for call in site.calls()[made:] if call.startswith("dynamodb:")} == {"dynamodb:DescribeTable"}
    assert table_state(site) == before
    items = {"things": [{"id": "b"}]}
    site.settle(declared(routes=ROUTES, items=items, tables=[{**table, "items_mode": "create"}]))
    assert len(table_state(site)["items"]) == 2


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({"name": "other"}, 'table "other": it does not exist in eu-central-1, and is declared with managed: false'),
        (
            {"attributes": {"id": "N", "owner": "S"}},
            r'its hash key is "id" \(S\) on AWS and "id" \(N\) here. With managed',
        ),
        (
            {"indexes": [{**BY_OWNER, "name": "by_x"}]},
            'indexes: "by_x" on AWS: missing; declared: hash key "owner"',
        ),
        ({"deletion_protection": True}, "deletion_protection has no effect with managed: false"),
    ],
)
def test_a_table_that_others_manage_has_to_be_as_declared(site: Site, table: dict[str, Any], message: str) -> None:
    table_of_others(site)
    with pytest.raises(AwsError, match=message):
        site.account.converge(_service_proxy.planned, params(declared(**MINE, tables=[{**UNMANAGED, **table}])))
    assert "apigateway:ImportRestApi" not in site.calls()


def test_items_of_a_table_that_others_manage_have_to_be_meant(site: Site) -> None:
    wanted = declared(routes=ROUTES, items={"things": [{"id": "b"}]}, tables=[UNMANAGED])
    with pytest.raises(AwsError, match="leave the items out, or write items_mode: create"):
        site.account.converge(_service_proxy.planned, params(wanted))
