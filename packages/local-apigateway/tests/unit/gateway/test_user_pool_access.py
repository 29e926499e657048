# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Methods with a COGNITO_USER_POOLS authorizer, and valid and invalid tokens.

The tests sign the tokens, because a pool issues no expired or forged ones.
"""

from __future__ import annotations

import asyncio
import time
from functools import cache
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key

from local_apigateway.gateway import Gateway
from unit.gateway.kit import Api, RecordingBackend, Result, http_request, mock, send

POOL = "arn:aws:cognito-idp:eu-central-1:111111111111:userpool/eu-central-1_aaaaaaaaa"
ISSUER = "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_aaaaaaaaa"
TEMPLATE = "$context.authorizer.claims.sub"


@cache
def key(name: str) -> RSAPrivateKey:
    del name
    return generate_private_key(public_exponent=65537, key_size=2048)


def key_set(*names: str) -> dict[str, Any]:
    return {"keys": [_public(name) for name in names]}


def _public(name: str) -> dict[str, Any]:
    made: dict[str, Any] = jwt.algorithms.RSAAlgorithm.to_jwk(key(name).public_key(), as_dict=True)
    return {**made, "kid": name, "alg": "RS256", "use": "sig"}


def token(signed_by: str = "one", kid: str = "one", **claims: Any) -> str:
    """Return an identity token of the pool, without claims that are None."""
    whole = {"sub": "ada", "iss": ISSUER, "aud": "client", "token_use": "id", "exp": int(time.time()) + 60, **claims}
    payload = {name: value for name, value in whole.items() if value is not None}
    return jwt.encode(payload, key(signed_by), algorithm="RS256", headers={"kid": kid})


def guarded(template: str = TEMPLATE, scopes: list[str] | None = None, **authorizer: Any) -> Api:
    """Return an API with `GET /` behind the pool."""
    api = Api()
    api.content.authorizers["auth01"] = {
        "id": "auth01",
        "type": "COGNITO_USER_POOLS",
        "identitySource": "method.request.header.Authorization",
        "providerARNs": [POOL],
        **authorizer,
    }
    scoped = {"authorizationScopes": scopes} if scopes else {}
    return api.method("GET /", mock(template), authorizationType="COGNITO_USER_POOLS", authorizerId="auth01", **scoped)


def ask(api: Api, credential: str | None, header: str = "Authorization") -> Result:
    headers = {} if credential is None else {header: credential}
    return send(api, "GET /", headers=headers, backend=RecordingBackend(key_sets={POOL: key_set("one", "two")}))


@pytest.mark.parametrize("prefix", ["", "Bearer ", "bearer "])
def test_a_token_opens_the_method_and_tells_who_calls(prefix: str) -> None:
    result = ask(guarded(), prefix + token())
    assert (result.status, result.body) == (200, b"ada")


def test_claims_are_texts() -> None:
    """As in the events that API Gateway sends to Lambda functions."""
    template = "$context.authorizer.claims.exp|$context.authorizer.claims.auth_time"
    template += "|$context.authorizer.claims.email_verified|$context.authorizer.claims['cognito:groups']"
    claims = {"exp": 4102444800, "auth_time": 1714565422, "email_verified": True, "cognito:groups": ["a", "b"]}
    assert ask(guarded(template), token(**claims)).body == b"Fri Jan 01 00:00:00 UTC 2100|1714565422|true|a,b"


def test_the_token_stands_in_the_header_of_the_authorizer() -> None:
    api = guarded(identitySource="method.request.header.X-Token")
    assert ask(api, token(), "X-Token").status == 200
    assert ask(api, token(), "Authorization").status == 401


def test_the_pool_can_be_a_stage_variable() -> None:
    api = guarded(providerARNs=[POOL.replace("eu-central-1_aaaaaaaaa", "${stageVariables.pool}")])
    backend = RecordingBackend(key_sets={POOL: key_set("one")})
    stage = api.stage(variables={"pool": "eu-central-1_aaaaaaaaa"})
    assert send(stage, "GET /", headers={"Authorization": token()}, backend=backend).status == 200


def _signed_with_the_public_key() -> str:
    """The key confusion of RS256 and HS256; PyJWT does not sign with a PEM, so the key is the modulus."""
    claims = {"sub": "ada", "iss": ISSUER, "token_use": "id", "exp": int(time.time()) + 60}
    return jwt.encode(claims, _public("one")["n"], algorithm="HS256", headers={"kid": "one"})


def _unsigned() -> str:
    claims = {"sub": "ada", "iss": ISSUER, "token_use": "id", "exp": int(time.time()) + 60}
    return jwt.encode(claims, None, algorithm="none", headers={"kid": "one"})


def _tampered() -> str:
    head, _unused, signature = token().split(".")
    return f"{head}.{token(sub='eve').split('.')[1]}.{signature}"


@pytest.mark.parametrize(
    "credential",
    [
        pytest.param(lambda: None, id="no header"),
        pytest.param(lambda: "Bearer ", id="empty"),
        pytest.param(lambda: "Basic YWRhOmFkYQ==", id="other scheme"),
        pytest.param(lambda: "no.token.here", id="garbage"),
        pytest.param(_tampered, id="tampered"),
        pytest.param(_unsigned, id="unsigned"),
        pytest.param(_signed_with_the_public_key, id="key confusion"),
        pytest.param(lambda: token(signed_by="two"), id="signed by another key"),
        pytest.param(lambda: token(signed_by="three", kid="three"), id="signed by a key that the pool lacks"),
        pytest.param(lambda: token(iss=ISSUER + "b"), id="of another pool"),
        pytest.param(lambda: token(iss=None), id="without an issuer"),
        pytest.param(lambda: token(exp=None), id="without an expiry"),
        pytest.param(lambda: token(token_use="access"), id="an access token"),
    ],
)
def test_what_is_no_good_token_is_unauthorized(credential: Any) -> None:
    result = ask(guarded(), credential())
    assert (result.status, result.body) == (401, b'{"message":"Unauthorized"}')
    assert result.headers["x-amzn-ErrorType"] == "UnauthorizedException"
    assert result.trace
    assert result.trace.call is None


def test_an_expired_token_is_told_so() -> None:
    result = ask(guarded(), token(exp=int(time.time()) - 1))
    assert (result.status, result.json()) == (401, {"message": "The incoming token has expired"})


@pytest.mark.parametrize(
    ("claims", "status"),
    [
        ({"token_use": "access", "scope": "openid items/read"}, 200),
        ({"token_use": "access", "scope": "items/write"}, 200),
        ({"token_use": "access", "scope": "items/readers"}, 401),
        ({"token_use": "access", "scope": None}, 401),
        ({"token_use": "id", "scope": "items/read"}, 401),
    ],
)
def test_scopes_ask_for_an_access_token_that_has_one(claims: dict[str, Any], status: int) -> None:
    assert ask(guarded(scopes=["items/read", "items/write"]), token(**claims)).status == status


@pytest.mark.parametrize(("expression", "status"), [("client|other", 200), ("clien", 401), ("[", 500)])
def test_the_audience_matches_the_validation_expression(expression: str, status: int) -> None:
    assert ask(guarded(identityValidationExpression=expression), token()).status == status


def test_the_gateway_response_can_be_customised() -> None:
    api = guarded()
    api.content.gateway_responses["UNAUTHORIZED"] = {
        "statusCode": "403",
        "responseParameters": {"gatewayresponse.header.Access-Control-Allow-Origin": "'*'"},
        "responseTemplates": {"application/json": '{"error": $context.error.messageString}'},
    }
    result = ask(api, None)
    assert (result.status, result.json()) == (403, {"error": "Unauthorized"})
    assert result.headers["Access-Control-Allow-Origin"] == "*"


def test_an_authorizer_that_cannot_work_is_an_error_of_the_api() -> None:
    gone = send(guarded(), "GET /", headers={"Authorization": token()})
    assert (gone.status, gone.json()) == (500, {"message": "Internal server error"})
    assert gone.trace
    assert gone.trace.failure
    assert f"there is no user pool {POOL}" in gone.trace.failure.log
    assert ask(guarded(identitySource="method.request.querystring.token"), token()).status == 500


def test_keys_are_read_once_and_again_for_a_new_one() -> None:
    backend = RecordingBackend(key_sets={POOL: key_set("one")})
    stage = guarded().stage()

    async def run() -> list[int]:
        gateway = Gateway(backend)
        statuses = []
        for name in ("one", "one", "two"):
            request = http_request("GET /", headers={"Authorization": token(name, name)})
            if name == "two":
                backend.key_sets[POOL] = key_set("one", "two")
            statuses.append((await gateway.respond(stage, request)).status)
        return statuses

    assert asyncio.run(run()) == [200, 200, 200]
    assert backend.key_sets_read == [POOL, POOL]
