# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""One route on an API that others manage is added, changed and removed; the rest of the API stays the same."""

from __future__ import annotations

import json
import re
import urllib.request
from typing import Any

import pytest
from ansible_collections.codeless.apigateway.plugins.module_utils._engine.errors import AwsError
from ansible_collections.codeless.apigateway.plugins.module_utils._engine.resource import Outcome
from ansible_collections.codeless.apigateway.plugins.module_utils._rest_api import info as _rest_api_info
from ansible_collections.codeless.apigateway.plugins.module_utils._route import resource as _route
from ansible_collections.codeless.apigateway.plugins.module_utils._stage import resource as _stage

from convergence import Account
from integration.modules.by_hand import ByHand
from playbooks import ROOT, run_playbook

MODEL = {"type": "object", "properties": {"name": {"type": "string"}}}


def operation(answer: str = "one", **more: Any) -> dict[str, Any]:
    """Return an operation whose response is a fixed text."""
    return {
        "responses": {"200": {"description": "It.", "content": {"application/json": {"schema": MODEL}}}},
        "x-amazon-apigateway-integration": {
            "type": "mock",
            "requestTemplates": {"application/json": '{"statusCode": 200}'},
            "responses": {"default": {"statusCode": "200", "responseTemplates": {"application/json": answer}}},
        },
        **more,
    }


def body(schema: dict[str, Any]) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": schema}}}


@pytest.fixture
def kept(account: Account) -> ByHand:
    """The API that somebody else keeps."""
    api = ByHand(account.make_client("apigateway"))
    gateway = api.gateway
    gateway.create_model(**api.api, name="Customer", contentType="application/json", schema=json.dumps(MODEL))
    gateway.create_request_validator(**api.api, name="parameters", validateRequestParameters=True)
    pool = "arn:aws:cognito-idp:eu-central-1:123456789012:userpool/eu-central-1_x"
    gateway.create_authorizer(
        **api.api,
        name="people",
        type="COGNITO_USER_POOLS",
        providerARNs=[pool],
        identitySource="method.request.header.Authorization",
    )
    gateway.put_gateway_response(**api.api, responseType="THROTTLED", statusCode="503")
    customer = api.resource(api.resource(api.root, "customers"), "{customer}")
    post = api.method(customer, "POST", requestModels={"application/json": "Customer"})
    gateway.put_integration(**post, type="MOCK", requestTemplates={"application/json": '{"statusCode": 200}'})
    gateway.put_method_response(**post, statusCode="200")
    gateway.put_integration_response(**post, statusCode="200")
    gateway.create_deployment(**api.api, stageName="prod")
    return api


def params(kept: ByHand, route: str, **given: Any) -> dict[str, Any]:
    defaults = {"state": "present", "api_id": kept.api["restApiId"], "route": route, "api_key_required": False}
    return {**defaults, "operation": operation(), **given}


def routed(account: Account, kept: ByHand, route: str, **given: Any) -> Outcome:
    return account.settle(_route.planned, params(kept, route, **given))


def api_of(account: Account, kept: ByHand) -> dict[str, Any]:
    return dict(account.converge(_rest_api_info.planned, {"api_id": kept.api["restApiId"]}).values["rest_apis"][0])


def paths_to_ids(kept: ByHand) -> dict[str, str]:
    resources = kept.gateway.get_resources(**kept.api, limit=500)["items"]
    return {resource["path"]: resource["id"] for resource in resources}


def test_a_route_comes_changes_and_goes_and_nothing_else_does(account: Account, kept: ByHand) -> None:
    before, ids = api_of(account, kept), paths_to_ids(kept)
    path = "/customers/{customer}/orders"

    made = routed(account, kept, f"GET {path}")
    assert made.as_result()["calls"] == ["apigateway:PutRestApi"]
    assert [diff["before_header"].split()[-1] for diff in made.as_result()["diff"]] == [path]
    after = api_of(account, kept)
    added = after["definition"]["paths"].pop(path)
    assert list(added) == ["get"]
    assert after == before
    assert paths_to_ids(kept).items() > ids.items()

    changed = routed(account, kept, f"GET {path}/", operation=operation("two"))
    assert "+" not in changed.as_result()["diff"][0]["before"]
    assert "application/json: two" in changed.as_result()["diff"][0]["after"]

    gone = routed(account, kept, f"GET {path}", state="absent")
    assert gone.as_result()["calls"] == ["apigateway:DeleteResource"]
    assert (api_of(account, kept), paths_to_ids(kept)) == (before, ids)


def test_only_resources_that_would_answer_nobody_go_with_a_route(account: Account, kept: ByHand) -> None:
    ids = paths_to_ids(kept)
    routed(account, kept, "GET /a/b/c")
    routed(account, kept, "ANY /a/b/c")
    routed(account, kept, "GET /a")
    empty = kept.resource(paths_to_ids(kept)["/a/b"], "empty")
    assert routed(account, kept, "ANY /a/b/c", state="absent").as_result()["calls"] == ["apigateway:DeleteMethod"]
    routed(account, kept, "GET /a/b/c", state="absent")
    assert set(paths_to_ids(kept)) - set(ids) == {"/a", "/a/b", "/a/b/empty"}
    kept.gateway.delete_resource(**kept.api, resourceId=empty)
    routed(account, kept, "GET /a/b", operation=operation())
    routed(account, kept, "GET /a/b", state="absent")
    assert set(paths_to_ids(kept)) - set(ids) == {"/a"}
    routed(account, kept, "GET /", operation=operation())
    assert routed(account, kept, "GET /", state="absent").as_result()["calls"] == ["apigateway:DeleteMethod"]


def test_a_body_is_checked_by_a_model_of_its_own(account: Account, kept: ByHand) -> None:
    strict = {**MODEL, "required": ["name"]}
    checked = {
        "request_validators": {"bodies": {"validateRequestBody": True, "validateRequestParameters": False}},
        "operation": operation(requestBody=body(strict), **{"x-amazon-apigateway-request-validator": "bodies"}),
    }
    before = api_of(account, kept)
    routed(account, kept, "PUT /customers/{customer}", **checked)
    after = api_of(account, kept)["definition"]
    put = after["paths"]["/customers/{customer}"].pop("put")
    assert put["requestBody"] == body({"$ref": "#/components/schemas/PutCustomersCustomerBody"})
    assert after["components"]["schemas"].pop("PutCustomersCustomerBody") == strict
    assert after["x-amazon-apigateway-request-validators"].pop("bodies")
    assert after == before["definition"]

    other = {**checked, "operation": {**checked["operation"], "requestBody": body(MODEL)}}
    assert routed(account, kept, "PUT /customers/{customer}", **other).as_result()["calls"] == ["apigateway:PutRestApi"]


def test_the_models_validators_and_authorizers_of_the_api_can_be_used(account: Account, kept: ByHand) -> None:
    before = api_of(account, kept)
    shared = operation(
        requestBody=body({"$ref": "#/components/schemas/Customer"}),
        **{"x-amazon-apigateway-request-validator": "parameters"},
    )
    routed(account, kept, "PUT /customers/{customer}", operation=shared, authorizer="people", api_key_required=True)
    after = api_of(account, kept)["definition"]
    put = after["paths"]["/customers/{customer}"].pop("put")
    assert put["security"] == [{"people": []}, {"api_key": []}]
    assert put["x-amazon-apigateway-request-validator"] == "parameters"
    del after["components"]["securitySchemes"]["api_key"]
    assert after == before["definition"]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"route": "orders"}, 'write a method and a path, like "GET /orders/{id}"'),
        (
            {"route": "GET /customers/{id}/orders"},
            "has the path parameter {customer} in the place of {id}; write",
        ),
        ({"operation": {"responses": {}}}, "operation has no x-amazon-apigateway-integration with a type"),
        ({"operation": operation(security=[{"people": []}])}, "with the option authorizer instead"),
        ({"authorizer": "nobody"}, 'the API has no authorizer "nobody"; its authorizers: people'),
        (
            {"operation": operation(**{"x-amazon-apigateway-request-validator": "all"})},
            'has no request validator "all"; its validators: parameters',
        ),
        (
            {
                "operation": operation(**{"x-amazon-apigateway-request-validator": "parameters"}),
                "request_validators": {"parameters": {"validateRequestBody": True, "validateRequestParameters": True}},
            },
            'the API has a request validator "parameters" with other flags',
        ),
        (
            {"operation": operation(requestBody=body({"items": {"$ref": "#/components/schemas/Order"}}))},
            'refers to the schema "Order", which is neither in schemas nor a model of the API',
        ),
        (
            {
                "operation": operation(requestBody=body({"$ref": "#/components/schemas/Customer"})),
                "schemas": {"Customer": {"type": "string"}},
            },
            'another model "Customer", which POST /customers/{customer} uses; give the schema of this route another',
        ),
        ({"api_id": None, "api_name": "no such"}, 'there is no REST API "no such" in eu-central-1'),
    ],
)
def test_errors_are_reported_before_anything_is_changed(
    account: Account, kept: ByHand, given: dict[str, Any], message: str
) -> None:
    with pytest.raises(AwsError) as raised:
        account.converge(_route.planned, {**params(kept, "GET /new"), **given})
    assert message in raised.value.message
    assert account.changing() == []


def test_a_route_of_an_api_that_is_not_there_is_absent(account: Account) -> None:
    options = {"state": "absent", "api_name": "no such", "route": "GET /a", "api_key_required": False}
    assert account.settle(_route.planned, options).as_result()["calls"] == []


def test_the_digest_is_the_one_that_a_stage_reads_from_the_draft(account: Account, kept: ByHand) -> None:
    predicted = account.converge(
        _route.planned,
        params(kept, "PUT /new", operation=operation(requestBody=body({**MODEL, "required": ["name"]}))),
        check_mode=True,
    ).values["digest"]
    routed(account, kept, "PUT /new", operation=operation(requestBody=body({**MODEL, "required": ["name"]})))
    options = {
        "state": "present",
        "name": "prod",
        "api_id": kept.api["restApiId"],
        "keep_deployments": 10,
        "purge_tags": True,
    }
    assert account.converge(_stage.planned, options, check_mode=True).values["digest"] == predicted


def test_a_line_of_a_list_of_routes_on_an_api_of_others(local_aws: Any, account: Account, account_id: str) -> None:
    """The playbook of the documentation: table and role, route, stage, each predicted; then a second run."""
    api = ByHand(account.make_client("apigateway"))
    api.gateway.update_rest_api(
        **api.api,
        patchOperations=[
            {"op": "replace", "path": "/name", "value": "shop"},
            {"op": "replace", "path": "/disableExecuteApiEndpoint", "value": "false"},
            {"op": "remove", "path": "/policy"},
        ],
    )
    health = api.method(api.resource(api.root, "health"), "GET")
    api.gateway.put_integration(**health, type="MOCK", requestTemplates={"application/json": '{"statusCode": 200}'})
    api.gateway.put_method_response(**health, statusCode="200")
    api.gateway.put_integration_response(**health, statusCode="200", responseTemplates={"application/json": "well"})
    api.gateway.create_deployment(**api.api, stageName="prod")
    runs = [
        run_playbook(
            ROOT / "playbooks" / "examples" / "add_a_route.yml",
            local_aws.endpoint_url,
            {"api": "shop", "stage": "prod"},
            check=check,
            diff=True,
            environment={"AWS_ACCESS_KEY_ID": account_id},
        )
        for check in (True, False, False)
    ]
    assert [run.rc for run in runs] == [0, 0, 0], [run.stdout + run.stderr for run in runs]
    assert [run.recap["changed"] for run in runs] == [4, 4, 0], [run.stdout for run in runs]
    assert re.search(r"\(\d+ lines\)", runs[0].stdout)  # what stands for the text of a template that is new

    def ask(path: str) -> Any:
        with urllib.request.urlopen(local_aws.invoke_url(api.api["restApiId"], "prod") + path) as answer:
            return answer.read().decode()

    assert ask("/health") == "well"
    assert json.loads(ask("/customers/ann/orders")) == {"items": [], "count": 0}
