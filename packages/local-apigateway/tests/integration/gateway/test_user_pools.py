# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""An API behind a Cognito user pool: users sign in, and call it with the pool's tokens."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from integration.gateway.user_pool import ACCOUNT, Pool, make_pool

JSON = "application/json"
SCOPE = "aws.cognito.signin.user.admin"
"""The scope of a sign-in by Cognito's API."""


def document(pool_arn: str) -> bytes:
    """Return an API that returns the caller: `/who` accepts identity tokens, `/scoped` access tokens, `/open` all."""
    answer = '{"sub": "$context.authorizer.claims.sub", "groups": "$context.authorizer.claims[\'cognito:groups\']"}'
    mock = {
        "type": "mock",
        "requestTemplates": {JSON: '{"statusCode": 200}'},
        "responses": {"default": {"statusCode": "200", "responseTemplates": {JSON: answer}}},
    }
    operation = {"responses": {"200": {"description": "ok"}}, "x-amazon-apigateway-integration": mock}
    scheme = {
        "type": "apiKey",
        "name": "Authorization",
        "in": "header",
        "x-amazon-apigateway-authtype": "cognito_user_pools",
        "x-amazon-apigateway-authorizer": {"type": "cognito_user_pools", "providerARNs": [pool_arn]},
    }
    return json.dumps(
        {
            "openapi": "3.0.1",
            "info": {"title": f"pool-{uuid.uuid4().hex[:8]}", "version": "1"},
            "components": {"securitySchemes": {"people": scheme}},
            "paths": {
                "/who": {"get": {**operation, "security": [{"people": []}]}},
                "/scoped": {"get": {**operation, "security": [{"people": [SCOPE]}]}},
                "/elsewhere": {"get": {**operation, "security": [{"people": ["items/read"]}]}},
                "/open": {"get": operation},
            },
        }
    ).encode()


@pytest.fixture(scope="module")
def pool(local_aws: Any) -> Pool:
    return make_pool(local_aws)


@pytest.fixture(scope="module")
def url(local_aws: Any, pool: Pool) -> Iterator[str]:
    api = local_aws.client("apigateway")
    api_id = api.import_rest_api(failOnWarnings=True, body=document(pool.arn))["id"]
    api.create_deployment(restApiId=api_id, stageName="test")
    yield local_aws.invoke_url(api_id, "test")
    api.delete_rest_api(restApiId=api_id)


def ask(url: str, token: str | None = None) -> tuple[int, Any]:
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {token}"} if token else {})
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


UNAUTHORIZED = (401, {"message": "Unauthorized"})


def test_users_sign_in_and_are_known_by_their_claims(pool: Pool, url: str) -> None:
    subjects = {name: pool.sign_up(name) for name in ("ada", "eve")}
    for name, subject in subjects.items():
        pool.join(f"group-of-{name}", name)
        tokens = pool.sign_in(name)
        assert ask(f"{url}/who", tokens["IdToken"]) == (200, {"sub": subject, "groups": f"group-of-{name}"})
        assert ask(f"{url}/who", tokens["AccessToken"]) == UNAUTHORIZED
        assert ask(f"{url}/scoped", tokens["AccessToken"]) == (200, {"sub": subject, "groups": f"group-of-{name}"})
        assert ask(f"{url}/scoped", tokens["IdToken"]) == UNAUTHORIZED
        assert ask(f"{url}/elsewhere", tokens["AccessToken"]) == UNAUTHORIZED
    assert ask(f"{url}/who") == UNAUTHORIZED
    assert ask(f"{url}/open")[0] == 200


def test_users_of_another_pool_are_not_let_in(local_aws: Any, url: str) -> None:
    other = make_pool(local_aws)
    other.sign_up("ada")
    assert ask(f"{url}/who", other.sign_in("ada")["IdToken"]) == UNAUTHORIZED


def test_a_pool_of_another_account_is_none(local_aws: Any, pool: Pool) -> None:
    """The pool's id is not enough: its ARN names the account."""
    api = local_aws.client("apigateway")
    body = document(pool.arn.replace(ACCOUNT, "999999999999"))
    api_id = api.import_rest_api(failOnWarnings=True, body=body)["id"]
    api.create_deployment(restApiId=api_id, stageName="test")
    pool.sign_up("zoe")
    status, _unused = ask(f"{local_aws.invoke_url(api_id, 'test')}/who", pool.sign_in("zoe")["IdToken"])
    assert status == 500


def test_a_resource_policy_counts_after_the_token(local_aws: Any, pool: Pool) -> None:
    api = local_aws.client("apigateway")
    policy = {"Effect": "Deny", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "execute-api:/*/GET/who"}
    allow = {**policy, "Effect": "Allow", "Resource": "execute-api:/*"}
    document_with_policy = {
        **json.loads(document(pool.arn)),
        "x-amazon-apigateway-policy": {"Statement": [policy, allow]},
    }
    api_id = api.import_rest_api(failOnWarnings=True, body=json.dumps(document_with_policy).encode())["id"]
    api.create_deployment(restApiId=api_id, stageName="test")
    pool.sign_up("amy")
    url, tokens = local_aws.invoke_url(api_id, "test"), pool.sign_in("amy")
    assert ask(f"{url}/who") == UNAUTHORIZED
    status, body = ask(f"{url}/who", tokens["IdToken"])
    assert (status, body["message"].partition(" on ")[0]) == (
        403,
        "User: anonymous is not authorized to perform: execute-api:Invoke",
    )
    assert ask(f"{url}/scoped", tokens["AccessToken"])[0] == 200
