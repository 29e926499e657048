# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Every kind of authorization is deployed as declared and as check mode predicts, and a second run changes nothing."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from ansible_collections.codeless.apigateway.plugins.module_utils._service_proxy.resource import planned

from convergence import Account, new_account_id
from smoke.sides import options
from unit.compiler.specs import ORDERS, Json

POOL = "arn:aws:cognito-idp:${AWS::Region}:${AWS::AccountId}:userpool/eu-central-1_AbC"
FUNCTION = "arn:aws:lambda:${AWS::Region}:${AWS::AccountId}:function:who"
QUERY: Json = {"action": "Query", "key": {"customer": "query.c"}}
VARIABLES: Json = {
    "service_proxy_tables": [ORDERS],
    "service_proxy_authorizers": {
        "users": {"user_pools": [POOL], "identity": "header.X-Token", "pattern": "app-.*"},
        "tokens": {"lambda": FUNCTION, "type": "token", "pattern": "t.+", "cache": 300},
        "requests": {"lambda": FUNCTION, "identity": ["header.X-A", "query.b", "stage.c"], "cache": 60},
        "uncached": {"lambda": FUNCTION, "role": "arn:aws:iam::${AWS::AccountId}:role/caller"},
    },
    "service_proxy_auth": {"users": ["orders/write", "orders/read"]},
    "service_proxy_api_key": True,
    "service_proxy_routes": [
        {"route": "GET /default", "action": "Query", "key": {"customer": "claims.sub"}},
        {"route": "GET /users", **QUERY, "auth": "users", "api_key": False},
        {"route": "GET /tokens", **QUERY, "auth": "tokens"},
        {"route": "GET /requests", **QUERY, "auth": "requests"},
        {"route": "GET /uncached", **QUERY, "auth": "uncached"},
        {"route": "GET /iam", **QUERY, "auth": "iam"},
        {"route": "GET /none", **QUERY, "auth": "none"},
        {"route": "GET /public", **QUERY, "public": True},
    ],
}


@pytest.fixture
def account(local_aws: Any) -> Account:
    return Account(partial(local_aws.client, access_key=new_account_id()))


def settled(account: Account, variables: Json) -> str:
    """Deploy, with check mode before it and a second run after it, and return the API's id."""
    account.settle(planned, options("guarded", variables))
    (api,) = account.make_client("apigateway").get_rest_apis()["items"]
    return str(api["id"])


def test_each_kind_of_authorization_is_deployed_as_declared(account: Account) -> None:
    api_id = settled(account, VARIABLES)
    client = account.make_client("apigateway")
    authorizers = {one["name"]: one for one in client.get_authorizers(restApiId=api_id)["items"]}
    names = ("type", "identitySource", "identityValidationExpression", "authorizerResultTtlInSeconds")
    assert {name: tuple(one.get(member) for member in names) for name, one in authorizers.items()} == {
        "users": ("COGNITO_USER_POOLS", "method.request.header.X-Token", "app-.*", None),
        "tokens": ("TOKEN", "method.request.header.Authorization", "t.+", 300),
        "requests": ("REQUEST", "method.request.header.X-A,method.request.querystring.b,stageVariables.c", None, 60),
        "uncached": ("REQUEST", None, None, 0),
    }
    assert authorizers["uncached"]["authorizerCredentials"].endswith(":role/caller")
    assert "${" not in authorizers["tokens"]["authorizerUri"]
    ids = {one["id"]: name for name, one in authorizers.items()}
    resources = client.get_resources(restApiId=api_id, embed=["methods"], limit=500)["items"]
    methods = {one["path"]: one["resourceMethods"] for one in resources if "resourceMethods" in one}
    members = ("authorizationType", "authorizerId", "authorizationScopes", "apiKeyRequired")
    required = {path: tuple(one["GET"].get(member) for member in members) for path, one in methods.items()}
    assert {path: (kind, ids.get(by), scopes, key) for path, (kind, by, scopes, key) in required.items()} == {
        "/default": ("COGNITO_USER_POOLS", "users", ["orders/read", "orders/write"], True),
        "/users": ("COGNITO_USER_POOLS", "users", None, False),
        "/tokens": ("CUSTOM", "tokens", None, True),
        "/requests": ("CUSTOM", "requests", None, True),
        "/uncached": ("CUSTOM", "uncached", None, True),
        "/iam": ("AWS_IAM", None, None, True),
        "/none": ("NONE", None, None, True),
        "/public": ("NONE", None, None, False),
    }
    of_options = [(one["OPTIONS"]["authorizationType"], one["OPTIONS"]["apiKeyRequired"]) for one in methods.values()]
    assert of_options == [("NONE", False)] * 8


def test_an_authorizer_that_changes_is_the_only_change(account: Account) -> None:
    api_id = settled(account, VARIABLES)
    authorizers = VARIABLES["service_proxy_authorizers"]
    changed = {**authorizers, "tokens": {**authorizers["tokens"], "cache": 0}}
    outcome = account.settle(planned, options("guarded", {**VARIABLES, "service_proxy_authorizers": changed}))
    assert "authorizerResultTtlInSeconds" in str(outcome.diffs)
    items = account.make_client("apigateway").get_authorizers(restApiId=api_id)["items"]
    assert [one["authorizerResultTtlInSeconds"] for one in items if one["name"] == "tokens"] == [0]


def test_spaces_between_identity_sources_are_no_difference(account: Account) -> None:
    api_id = settled(account, VARIABLES)
    client = account.make_client("apigateway")
    found = next(one for one in client.get_authorizers(restApiId=api_id)["items"] if one["name"] == "requests")
    spaced = found["identitySource"].replace(",", ", ")
    patch = {"op": "replace", "path": "/identitySource", "value": spaced}
    client.update_authorizer(restApiId=api_id, authorizerId=found["id"], patchOperations=[patch])
    assert not account.converge(planned, options("guarded", VARIABLES)).as_result()["changed"]
