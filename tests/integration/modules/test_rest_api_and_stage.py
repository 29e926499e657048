# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""rest_api and stage on the local AWS: created, changed in every way, and deleted."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from ansible_collections.codeless.apigateway.plugins.module_utils._engine.client import Aws
from ansible_collections.codeless.apigateway.plugins.module_utils._engine.errors import AwsError
from ansible_collections.codeless.apigateway.plugins.module_utils._engine.plan import calls, execute
from ansible_collections.codeless.apigateway.plugins.module_utils._engine.resource import Outcome
from ansible_collections.codeless.apigateway.plugins.module_utils._rest_api import resource as _rest_api
from ansible_collections.codeless.apigateway.plugins.module_utils._rest_api.settings import restore
from ansible_collections.codeless.apigateway.plugins.module_utils._stage import resource as _stage

from convergence import Account
from unit.modules.test_swagger import SWAGGER

POLICY = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "execute-api:/*"}],
}


def document(answer: str = "one") -> dict[str, Any]:
    """Return the document of an API with one route, whose response is a fixed text."""
    return {
        "openapi": "3.0.1",
        "info": {"title": "ignored", "version": "1.0"},
        "x-amazon-apigateway-request-validators": {"params": {"validateRequestParameters": True}},
        "x-amazon-apigateway-gateway-responses": {
            "DEFAULT_4XX": {"responseParameters": {"gatewayresponse.header.Access-Control-Allow-Origin": "'*'"}}
        },
        "components": {"schemas": {"Thing": {"type": "object", "required": ["b", "a"]}}},
        "paths": {
            "/things/{id}": {
                "get": {
                    "operationId": "getThing",
                    "x-amazon-apigateway-request-validator": "params",
                    "parameters": [{"name": "q", "in": "query", "required": False, "schema": {"type": "string"}}],
                    "requestBody": {
                        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}
                    },
                    "responses": {"200": {"description": "A thing"}},
                    "x-amazon-apigateway-integration": {
                        "type": "mock",
                        "passthroughBehavior": "never",
                        "requestTemplates": {"application/json": '{"statusCode": 200}'},
                        "responses": {
                            "default": {"statusCode": "200", "responseTemplates": {"application/json": answer}}
                        },
                    },
                }
            }
        },
    }


def rest_api(account: Account, **params: Any) -> Outcome:
    """Predict, do and do again what is asked of an API."""
    defaults = {"state": "present", "endpoint_type": "REGIONAL", "fail_on_warnings": True, "purge_tags": True}
    return account.settle(_rest_api.planned, {**defaults, "name": "things", "definition": document(), **params})


def stage(account: Account, **params: Any) -> Outcome:
    """Predict, do and do again what is asked of a stage."""
    defaults = {"state": "present", "name": "prod", "keep_deployments": 10, "purge_tags": True}
    return account.settle(_stage.planned, {**defaults, **params})


@pytest.fixture
def gateway(account: Account) -> Any:
    """A client of API Gateway whose calls are not counted."""
    return account.make_client("apigateway")


def test_a_rest_api_from_nothing_to_nothing(account: Account, gateway: Any) -> None:
    made = rest_api(account, tags={"team": "shop"})
    assert calls(made.plan) == ["apigateway:ImportRestApi", "apigateway:TagResource"]
    api = gateway.get_rest_api(restApiId=made.values["api_id"])
    assert (api["name"], api["endpointConfiguration"]["types"], api["tags"]) == (
        "things",
        ["REGIONAL"],
        {"team": "shop", "codeless.apigateway": "things"},
    )
    assert calls(rest_api(account).plan) == []

    changed = rest_api(account, definition=document("two"), tags={"owner": "me"})
    assert calls(changed.plan) == ["apigateway:PutRestApi", "apigateway:UntagResource", "apigateway:TagResource"]
    assert [diff["before_header"] for diff in changed.as_result()["diff"]] == [
        "route GET /things/{id}",
        "tags of the REST API",
    ]
    assert changed.values["digest"] != made.values["digest"]
    assert changed.values["api_id"] == made.values["api_id"]

    assert calls(rest_api(account, state="absent").plan) == ["apigateway:DeleteRestApi"]
    assert gateway.get_rest_apis()["items"] == []


BY_OTHER_MEANS = [
    {"op": "replace", "path": "/endpointConfiguration/types/REGIONAL", "value": "PRIVATE"},
    {"op": "add", "path": "/endpointConfiguration/vpcEndpointIds", "value": "vpce-1"},
    {"op": "add", "path": "/endpointConfiguration/vpcEndpointIds", "value": "vpce-2"},
    {"op": "replace", "path": "/disableExecuteApiEndpoint", "value": "true"},
    {"op": "add", "path": "/binaryMediaTypes/image~1png"},
    {"op": "replace", "path": "/minimumCompressionSize", "value": "100"},
    {"op": "replace", "path": "/apiKeySource", "value": "AUTHORIZER"},
    {"op": "replace", "path": "/description", "value": "Ours"},
    {"op": "replace", "path": "/securityPolicy", "value": "SecurityPolicy_TLS13_1_3_2025_09"},
    {"op": "replace", "path": "/endpointAccessMode", "value": "STRICT"},
]
ACCOUNT_WIDE = "arn:aws:execute-api:eu-central-1:123456789012:*"


def test_settings_made_by_other_means_survive_an_overwrite(account: Account, gateway: Any) -> None:
    api_id = rest_api(account, tags={"team": "shop"}).values["api_id"]
    policy = {**POLICY, "Statement": [POLICY["Statement"][0], {**POLICY["Statement"][0], "Resource": ACCOUNT_WIDE}]}
    patches = [{"op": "replace", "path": "/policy", "value": json.dumps(policy)}, *BY_OTHER_MEANS]
    gateway.update_rest_api(restApiId=api_id, patchOperations=patches)
    before = _without_metadata(gateway.get_rest_api(restApiId=api_id))
    assert before["policy"].count("execute-api:eu-central-1") == 2
    assert calls(rest_api(account, endpoint_type=None).plan) == []

    changed = rest_api(account, endpoint_type=None, definition=document("two"))
    assert calls(changed.plan) == ["apigateway:PutRestApi"]
    assert _without_metadata(gateway.get_rest_api(restApiId=api_id)) == before


def test_settings_that_an_import_does_not_read_are_restored(account: Account, gateway: Any) -> None:
    """The local API Gateway stands in for an AWS that reads a setting from another place than we write it to."""
    api_id = rest_api(account).values["api_id"]
    patches = [
        *BY_OTHER_MEANS[:4],
        {"op": "replace", "path": "/policy", "value": json.dumps(POLICY)},
        *BY_OTHER_MEANS[4:],
    ]
    gateway.update_rest_api(restApiId=api_id, patchOperations=patches)
    before = gateway.get_rest_api(restApiId=api_id)
    bare = {**document(), "info": {"title": "things"}}
    gateway.put_rest_api(restApiId=api_id, mode="overwrite", body=json.dumps(bare))
    lost = gateway.get_rest_api(restApiId=api_id)
    assert (lost["disableExecuteApiEndpoint"], lost.get("policy"), lost.get("securityPolicy")) == (False, None, None)

    operations = restore(before, bare, lost)
    gateway.update_rest_api(restApiId=api_id, patchOperations=operations)
    after = gateway.get_rest_api(restApiId=api_id)
    assert {**_without_metadata(after), "version": "1.0"} == _without_metadata(before)  # the version is no setting


def test_an_endpoint_is_disabled_wherever_the_document_says_so(account: Account, gateway: Any) -> None:
    """AWS ignores the root of an OpenAPI 3 document, where people write it all the same."""
    closed = {"x-amazon-apigateway-endpoint-configuration": {"disableExecuteApiEndpoint": True}}
    at_root, under_server = {**document(), **closed}, {**document(), "servers": [{"url": "/", **closed}]}
    api_id = rest_api(account, definition=at_root).values["api_id"]
    assert gateway.get_rest_api(restApiId=api_id)["disableExecuteApiEndpoint"] is True
    assert calls(rest_api(account, definition=under_server).plan) == []
    assert calls(rest_api(account, definition={**document("two"), **closed}).plan) == ["apigateway:PutRestApi"]
    assert gateway.get_rest_api(restApiId=api_id)["disableExecuteApiEndpoint"] is True


def test_a_private_api_needs_a_policy_before_anything_is_made(account: Account, gateway: Any) -> None:
    with pytest.raises(AwsError, match=r"PRIVATE and there is no resource policy.*service_proxy_resource_policy"):
        rest_api(account, endpoint_type="PRIVATE")
    assert gateway.get_rest_apis()["items"] == []
    definition = {**document(), "x-amazon-apigateway-policy": POLICY}
    api_id = rest_api(account, endpoint_type="PRIVATE", definition=definition).values["api_id"]
    gateway.create_deployment(restApiId=api_id)
    gateway.update_rest_api(restApiId=api_id, patchOperations=BY_OTHER_MEANS[1:3])

    public = rest_api(account, endpoint_type="REGIONAL", definition=definition)
    assert calls(public.plan) == ["apigateway:UpdateRestApi"]
    assert "vpcEndpointIds" not in gateway.get_rest_api(restApiId=api_id)["endpointConfiguration"]


def _without_metadata(answer: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in answer.items() if name != "ResponseMetadata"}


def test_a_declared_policy_is_put_once(account: Account) -> None:
    definition = {**document(), "x-amazon-apigateway-policy": POLICY}
    rest_api(account, definition=definition)
    wider = copy.deepcopy(definition)
    wider["x-amazon-apigateway-policy"]["Statement"][0]["Principal"] = {"AWS": "123456789012"}
    assert calls(rest_api(account, definition=wider).plan) == ["apigateway:PutRestApi"]


def test_examples_stay_with_the_readers(account: Account) -> None:
    sent: list[str] = []
    make_client = account.make_client

    def watched(service: str) -> Any:
        client = make_client(service)
        for operation in ("ImportRestApi", "PutRestApi"):
            event = f"provide-client-params.api-gateway.{operation}"
            client.meta.events.register(event, lambda params, **_event: sent.append(params["body"]))
        return client

    account.make_client = watched
    definition = document()
    definition["components"]["schemas"]["Thing"]["example"] = {"a": 1, "b": 2}
    made = rest_api(account, definition=definition)
    assert made.values["definition"]["components"]["schemas"]["Thing"]["example"] == {"a": 1, "b": 2}
    definition["components"]["schemas"]["Thing"]["example"] = {}
    assert calls(rest_api(account, definition=definition).plan) == []
    definition["components"]["schemas"]["Thing"]["type"] = "string"
    assert calls(rest_api(account, definition=definition).plan) == ["apigateway:PutRestApi"]
    assert len(sent) == 2
    assert not any("example" in body for body in sent)


def test_two_apis_of_one_name_are_listed_and_neither_is_touched(account: Account, gateway: Any) -> None:
    ids = sorted(gateway.create_rest_api(name="things")["id"] for _time in range(2))
    with pytest.raises(AwsError, match=f"2 APIs in .* have this name \\({', '.join(ids)}\\)"):
        rest_api(account)
    adopted = rest_api(account, api_id=ids[0], endpoint_type="EDGE", adopt=True)
    made = ["apigateway:PutRestApi", "apigateway:TagResource"]
    assert (calls(adopted.plan), adopted.values["api_id"]) == (made, ids[0])


def test_the_endpoint_type_is_moved_in_place(account: Account, gateway: Any) -> None:
    api_id = rest_api(account, endpoint_type="EDGE").values["api_id"]
    left_alone = rest_api(account, endpoint_type=None)
    assert (calls(left_alone.plan), left_alone.values["endpoint_type"]) == ([], "EDGE")
    assert calls(rest_api(account, endpoint_type="REGIONAL").plan) == ["apigateway:UpdateRestApi"]
    assert gateway.get_rest_api(restApiId=api_id)["endpointConfiguration"]["types"] == ["REGIONAL"]


def test_a_new_api_is_regional_unless_told_otherwise(account: Account, gateway: Any) -> None:
    api_id = rest_api(account, endpoint_type=None).values["api_id"]
    assert gateway.get_rest_api(restApiId=api_id)["endpointConfiguration"]["types"] == ["REGIONAL"]


def test_the_execution_role_is_set_where_an_integration_names_none(account: Account, account_id: str) -> None:
    definition = document()
    integration = definition["paths"]["/things/{id}"]["get"]["x-amazon-apigateway-integration"]
    integration.update(
        type="aws", httpMethod="POST", uri="arn:${AWS::Partition}:apigateway:${AWS::Region}:dynamodb:action/Query"
    )
    own = copy.deepcopy(definition["paths"]["/things/{id}"])
    own["get"]["operationId"] = "own"
    own["get"]["x-amazon-apigateway-integration"]["credentials"] = f"arn:aws:iam::{account_id}:role/own"
    definition["paths"]["/own/{id}"] = own
    made = rest_api(account, definition=definition, execution_role=f"arn:aws:iam::{account_id}:role/ours")
    found = {
        path: item["get"]["x-amazon-apigateway-integration"]
        for path, item in made.values["definition"]["paths"].items()
    }
    assert found["/things/{id}"]["credentials"] == f"arn:aws:iam::{account_id}:role/ours"
    assert found["/own/{id}"]["credentials"] == f"arn:aws:iam::{account_id}:role/own"
    assert found["/own/{id}"]["uri"] == "arn:aws:apigateway:eu-central-1:dynamodb:action/Query"


@pytest.mark.parametrize(
    ("definition", "message"),
    [
        ("{", "not a JSON document"),
        ({"swagger": "2.0"}, "paths must be given"),
        ({"openapi": "4.0.0", "info": {}, "paths": {}}, "neither an OpenAPI 3"),
        ({"openapi": "3.0.1", "info": {}, "paths": {"/a": {"get": {}}, "/b": {"put": {}}}}, "GET /a, PUT /b"),
    ],
)
def test_an_invalid_document_is_rejected(account: Account, gateway: Any, definition: Any, message: str) -> None:
    with pytest.raises(AwsError, match=message):
        rest_api(account, definition=definition)
    assert gateway.get_rest_apis()["items"] == []


def test_a_stage_from_nothing_to_nothing(account: Account, gateway: Any) -> None:
    api = rest_api(account).values
    declared = {
        "api_id": api["api_id"],
        "digest": api["digest"],
        "variables": {"table": "things"},
        "tags": {"team": "shop"},
        "method_settings": {"*": {"throttling_rate_limit": 100}, "GET /things/{id}": {"metrics_enabled": True}},
    }
    made = stage(account, **declared)
    expected = ["apigateway:CreateDeployment", "apigateway:CreateStage", "apigateway:UpdateStage"]
    assert calls(made.plan) == expected
    there = gateway.get_stage(restApiId=api["api_id"], stageName="prod")
    assert (there["variables"], there["tags"]) == ({"table": "things"}, {"team": "shop"})
    assert there["methodSettings"]["*/*"]["throttlingRateLimit"] == 100

    changed = {**declared, "variables": {"other": "1"}, "method_settings": {"*": {"throttling_rate_limit": 5.5}}}
    assert calls(stage(account, **changed).plan) == ["apigateway:UpdateStage"]
    there = gateway.get_stage(restApiId=api["api_id"], stageName="prod")
    assert (there["variables"], there["methodSettings"]["*/*"]["throttlingRateLimit"]) == ({"other": "1"}, 5.5)
    assert there["deploymentId"] == made.values["deployment_id"]

    gone = stage(account, api_id=api["api_id"], state="absent")
    assert (calls(gone.plan), gone.values["remaining_stages"]) == (["apigateway:DeleteStage"], [])


def test_new_content_and_new_variables_go_live_in_one_call(account: Account) -> None:
    api = rest_api(account).values
    stage(account, api_id=api["api_id"], digest=api["digest"], variables={"a": "1"})
    api = rest_api(account, definition=document("two")).values
    moved = stage(account, api_id=api["api_id"], digest=api["digest"], variables={"a": "2"})
    assert calls(moved.plan) == ["apigateway:CreateDeployment", "apigateway:UpdateStage"]


def test_a_run_cut_short_after_its_deployment_is_finished_by_the_next(account: Account) -> None:
    api = rest_api(account).values
    stage(account, api_id=api["api_id"], digest=api["digest"])
    api = rest_api(account, definition=document("two")).values
    declared = {"api_id": api["api_id"], "digest": api["digest"], "name": "prod", "state": "present"}
    aws = Aws(account.make_client)
    plan = _stage.planned(aws, {**declared, "keep_deployments": 10, "purge_tags": True}).plan
    left = execute(aws, plan[:1])
    finished = stage(account, **declared)
    assert calls(finished.plan) == ["apigateway:UpdateStage"]
    assert finished.values["deployment_id"] == left["deployment_id"]


def test_pruning_keeps_as_many_as_asked_and_what_is_in_use_or_not_ours(account: Account, gateway: Any) -> None:
    api = rest_api(account, definition=document("0")).values
    api_id = api["api_id"]
    foreign = gateway.create_deployment(restApiId=api_id, description="by hand")["id"]
    pinned = stage(account, api_id=api_id, digest=api["digest"], name="pinned").values["deployment_id"]
    outcomes = []
    for answer in ("1", "2", "3", "4"):
        api = rest_api(account, definition=document(answer)).values
        outcomes.append(stage(account, api_id=api_id, digest=api["digest"], keep_deployments=1))
    made = [outcome.values["deployment_id"] for outcome in outcomes]
    left = {item["id"] for item in gateway.get_deployments(restApiId=api_id)["items"]}
    assert left == {foreign, pinned, made[-2], made[-1]}
    assert calls(outcomes[-1].plan) == [
        "apigateway:CreateDeployment",
        "apigateway:DeleteDeployment",
        "apigateway:UpdateStage",
    ]


def test_without_a_digest_the_draft_is_read_and_compared(account: Account) -> None:
    api_id = rest_api(account).values["api_id"]
    assert calls(stage(account, api_id=api_id).plan) == ["apigateway:CreateDeployment", "apigateway:CreateStage"]
    rest_api(account, definition=document("two"))
    assert calls(stage(account, api_id=api_id).plan) == ["apigateway:CreateDeployment", "apigateway:UpdateStage"]
    assert calls(stage(account, api_name="things").plan) == []


def test_all_errors_in_a_stage_are_reported_at_once(account: Account) -> None:
    with pytest.raises(AwsError) as raised:
        stage(account, api_id="x", name="my stage", method_settings={"orders": {"rate": 1}})
    for message in ('write "my-stage"', '"orders"; write "*"', "unknown settings: rate; write any of"):
        assert message in raised.value.message


def test_a_stage_of_an_api_that_does_not_exist(account: Account) -> None:
    with pytest.raises(AwsError, match='there is no REST API "things"'):
        stage(account, api_name="things")
    assert calls(stage(account, api_name="things", state="absent").plan) == []


def test_a_warning_stops_an_import_unless_the_user_lets_it_pass(account: Account, gateway: Any) -> None:
    warned = document()
    backend = warned["paths"]["/things/{id}"]["get"]["x-amazon-apigateway-integration"]
    backend["requestParameters"] = {"integration.request.header.A": True}
    with pytest.raises(AwsError) as error:
        rest_api(account, definition=warned)
    for part in (
        'requestParameters."integration.request.header.A" must be a text.',
        "set fail_on_warnings to false (service_proxy_fail_on_warnings of the role)",
    ):
        assert part in error.value.message
    assert gateway.get_rest_apis()["items"] == []
    options = {"name": "things", "definition": warned, "state": "present", "purge_tags": True}
    plan = _rest_api.planned(Aws(account.make_client), {**options, "fail_on_warnings": False}).plan
    execute(Aws(account.make_client), plan)
    assert len(gateway.get_rest_apis()["items"]) == 1


@pytest.mark.parametrize("declared", [False, True])
def test_documentation_parts_are_imported_where_the_document_declares_some(
    account: Account, gateway: Any, declared: bool
) -> None:
    part = {"location": {"type": "API"}, "properties": {"description": "All things"}}
    documented = {"x-amazon-apigateway-documentation": {"documentationParts": [part]}} if declared else {}
    plan = _rest_api.planned(
        Aws(account.make_client),
        {
            "name": "things",
            "definition": {**document(), **documented},
            "state": "present",
            "purge_tags": True,
            "fail_on_warnings": True,
        },
    ).plan
    execute(Aws(account.make_client), plan)
    api_id = gateway.get_rest_apis()["items"][0]["id"]
    assert len(gateway.get_documentation_parts(restApiId=api_id)["items"]) == declared


def test_a_swagger_document_is_imported_once(account: Account, gateway: Any) -> None:
    options = {"state": "present", "purge_tags": True, "fail_on_warnings": True, "name": "shop"}
    account.settle(_rest_api.planned, {**options, "definition": SWAGGER})
    (api,) = gateway.get_rest_apis()["items"]
    resources = gateway.get_resources(restApiId=api["id"], embed=["methods"])["items"]
    assert [resource["path"] for resource in resources if "resourceMethods" in resource] == ["/orders/{id}"]
    changed = json.dumps(SWAGGER).replace('"required": true, "type": "integer"', '"type": "integer"')
    assert json.loads(changed) != SWAGGER
    account.settle(_rest_api.planned, {**options, "definition": changed})
