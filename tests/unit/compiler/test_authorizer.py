# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Routes that read who calls ask for a token of the user pools; the others stay open."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.codeless.apigateway.plugins.plugin_utils.compiler import ValidationErrors, compile_api

from unit.compiler.specs import TEMPLATES, orders

POOL = "arn:aws:cognito-idp:${AWS::Region}:${AWS::AccountId}:userpool/eu-central-1_AbC"
MINE = {"route": "GET /mine", "action": "Query", "key": {"customer": "claims.sub"}}
OPEN = {"route": "GET /c/{customer}", "action": "Query"}
OWN = {"route": "GET /own", "action": "Query", "request_template": "$context.authorizer.claims.sub"}


def test_a_route_that_reads_claims_asks_for_a_token() -> None:
    spec = orders(MINE, OPEN, OWN, authorizer={"user_pools": [POOL]}, cors={"allow_headers": ["X-One"]})
    compiled = compile_api(spec, [TEMPLATES])
    document = compiled.definition
    assert document["components"]["securitySchemes"] == {
        "callers": {
            "type": "apiKey",
            "name": "Authorization",
            "in": "header",
            "x-amazon-apigateway-authtype": "cognito_user_pools",
            "x-amazon-apigateway-authorizer": {"type": "cognito_user_pools", "providerARNs": [POOL]},
        }
    }
    for path, asked in (("/mine", True), ("/c/{customer}", False), ("/own", True)):
        operation = document["paths"][path]["get"]
        assert operation.get("security") == ([{"callers": []}] if asked else None)
        assert ("401" in operation["responses"]) is asked
        preflight = document["paths"][path]["options"]
        assert "security" not in preflight, "a browser sends no token with it"
        headers = preflight["x-amazon-apigateway-integration"]["responses"]["default"]["responseParameters"]
        allowed = headers["method.response.header.Access-Control-Allow-Headers"]
        assert allowed == ("'X-One,Authorization'" if asked else "'X-One'")
    assert compiled.warnings == ()


def test_a_route_that_reads_claims_of_nobody_is_warned_of() -> None:
    compiled = compile_api(orders(MINE, OPEN), [TEMPLATES])
    assert "securitySchemes" not in compiled.definition["components"]
    assert all("security" not in methods["get"] for methods in compiled.definition["paths"].values())
    assert list(map(str, compiled.warnings)) == [
        'routes[0] "GET /mine": it reads what an authorizer found, but there is no authorizer. '
        "Write authorizer: {user_pools: [arn:…]} beside routes, or set one on the API."
    ]


@pytest.mark.parametrize(
    ("authorizer", "expected"),
    [
        ({"user_pool": POOL}, "authorizer: unknown option 'user_pool'. Write user_pools (known: user_pools)."),
        (
            {"user_pools": POOL},
            "authorizer: user_pools is not a list of user pool ARNs. Write user_pools: [arn:…:userpool/…].",
        ),
        (
            {"user_pools": ["eu-central-1_AbC"]},
            "authorizer: user_pools is not a list of user pool ARNs. Write user_pools: [arn:…:userpool/…].",
        ),
        ([POOL], "spec: authorizer is a list, not a mapping. Write authorizer: {user_pools: "),
    ],
)
def test_an_error_in_an_authorizer_is_reported(authorizer: Any, expected: str) -> None:
    with pytest.raises(ValidationErrors) as caught:
        compile_api(orders(OPEN, authorizer=authorizer), [TEMPLATES])
    assert any(str(error).startswith(expected) for error in caught.value.errors)
