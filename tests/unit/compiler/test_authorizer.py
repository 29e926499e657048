# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Authorizers, and what routes require of their callers."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.codeless.apigateway.plugins.plugin_utils.compiler import ValidationErrors, compile_api

from unit.compiler.specs import TEMPLATES, Json, orders

POOL = "arn:aws:cognito-idp:${AWS::Region}:${AWS::AccountId}:userpool/eu-central-1_AbC"
FUNCTION = "arn:aws:lambda:eu-central-1:123456789012:function:who:live"
URI = f"arn:aws:apigateway:eu-central-1:lambda:path/2015-03-31/functions/{FUNCTION}/invocations"
AUTHORIZERS: Json = {"users": {"user_pools": [POOL]}, "partners": {"lambda": FUNCTION}}
OPEN: Json = {"route": "GET /c/{customer}", "action": "Query"}
MINE: Json = {"route": "GET /mine", "action": "Query", "key": {"customer": "claims.sub"}}


def authorizer_of(options: Json) -> tuple[Json, Json]:
    """The security scheme of an authorizer, without and with its object of API Gateway."""
    spec = orders({**OPEN, "auth": "one"}, authorizers={"one": options})
    scheme = compile_api(spec, [TEMPLATES]).definition["components"]["securitySchemes"]["one"]
    return scheme, scheme.pop("x-amazon-apigateway-authorizer")


def operation_of(route: Json, **words: Any) -> Json:
    """The operation of a route, among the authorizers `users` and `partners`."""
    definition = compile_api(orders(route, authorizers=AUTHORIZERS, **words), [TEMPLATES]).definition
    operation: Json = definition["paths"][route["route"].split()[1]][route["route"].split()[0].lower()]
    return operation


def errors_of(*routes: Json, **words: Any) -> list[str]:
    """The validation errors of a description."""
    with pytest.raises(ValidationErrors) as caught:
        compile_api(orders(*routes, **words), [TEMPLATES])
    return [str(error) for error in caught.value.errors]


def test_user_pools_are_a_scheme_with_their_arns() -> None:
    scheme, settings = authorizer_of({"user_pools": [POOL]})
    kind = {"x-amazon-apigateway-authtype": "cognito_user_pools"}
    assert scheme == {"type": "apiKey", "name": "Authorization", "in": "header", **kind}
    assert settings == {"type": "cognito_user_pools", "providerARNs": [POOL]}
    scheme, settings = authorizer_of({"user_pools": [POOL], "identity": "header.X-Token", "pattern": "app-.*"})
    assert scheme["name"] == "X-Token"
    assert settings["identityValidationExpression"] == "app-.*"


def test_a_token_authorizer_is_called_with_one_header() -> None:
    role = "arn:aws:iam::123456789012:role/caller"
    options = {"lambda": FUNCTION, "type": "token", "identity": ["header.X-Token"], "pattern": "t-.+"}
    scheme, settings = authorizer_of({**options, "cache": "3600", "role": role})
    assert scheme == {"type": "apiKey", "name": "X-Token", "in": "header", "x-amazon-apigateway-authtype": "custom"}
    assert settings == {
        "type": "token",
        "authorizerUri": URI,
        "authorizerCredentials": role,
        "identityValidationExpression": "t-.+",
        "authorizerResultTtlInSeconds": 3600,
    }
    assert authorizer_of({"lambda": FUNCTION, "type": "token"})[0]["name"] == "Authorization"


def test_a_request_authorizer_names_its_identity_sources() -> None:
    sources = ["header.X-Token", "query.tenant", "stage.tenant", "context.identity.sourceIp"]
    scheme, settings = authorizer_of({"lambda": FUNCTION, "identity": sources, "cache": 300})
    assert scheme["name"] == "Unused"
    assert settings == {
        "type": "request",
        "authorizerUri": URI,
        "identitySource": "method.request.header.X-Token,method.request.querystring.tenant,"
        "stageVariables.tenant,context.identity.sourceIp",
        "authorizerResultTtlInSeconds": 300,
    }


def test_a_result_is_not_cached_by_default() -> None:
    assert authorizer_of({"lambda": FUNCTION})[1] == {
        "type": "request",
        "authorizerUri": URI,
        "authorizerResultTtlInSeconds": 0,
    }


def test_the_uri_has_the_pseudo_parameters_of_the_function() -> None:
    function = "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:who"
    uri = authorizer_of({"lambda": function})[1]["authorizerUri"]
    assert uri.startswith("arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/")


@pytest.mark.parametrize(
    ("options", "words", "security", "statuses"),
    [
        ({}, {}, None, set()),
        ({"auth": "users"}, {}, [{"users": []}], {"401"}),
        ({"auth": {"users": ["a/r", "a/w", "a/r"]}}, {}, [{"users": ["a/r", "a/w"]}], {"401"}),
        ({"auth": "partners"}, {}, [{"partners": []}], {"401", "403"}),
        ({"auth": "iam"}, {}, [{"sigv4": []}], {"403"}),
        ({"api_key": True}, {}, [{"api_key": []}], {"403"}),
        ({"auth": "iam", "api_key": True}, {}, [{"sigv4": []}, {"api_key": []}], {"403"}),
        ({}, {"auth": {"users": ["a/r"]}, "api_key": True}, [{"users": ["a/r"]}, {"api_key": []}], {"401", "403"}),
        ({"auth": "none"}, {"auth": "users", "api_key": "True"}, [{"api_key": []}], {"403"}),
        ({"api_key": False}, {"auth": "iam", "api_key": True}, [{"sigv4": []}], {"403"}),
        ({"public": True}, {"auth": "users", "api_key": True}, None, set()),
    ],
)
def test_a_route_requires_what_it_or_the_api_declares(
    options: Json, words: Json, security: Any, statuses: set[str]
) -> None:
    operation = operation_of({**OPEN, **options}, **words)
    assert operation.get("security") == security
    assert {"401", "403"} & set(operation["responses"]) == statuses


def test_schemes_of_signatures_and_keys_exist_only_if_a_route_requires_them() -> None:
    schemes = compile_api(orders({**OPEN, "auth": "iam", "api_key": True}), [TEMPLATES]).definition["components"]
    assert schemes["securitySchemes"] == {
        "sigv4": {
            "type": "apiKey",
            "name": "Authorization",
            "in": "header",
            "x-amazon-apigateway-authtype": "awsSigv4",
        },
        "api_key": {"type": "apiKey", "name": "x-api-key", "in": "header"},
    }
    assert "securitySchemes" not in compile_api(orders(OPEN), [TEMPLATES]).definition["components"]


def test_a_preflight_request_needs_no_credentials_and_allows_their_headers() -> None:
    authorizers = {"one": {"lambda": FUNCTION, "identity": ["header.X-Token", "query.t"]}}
    spec = orders(OPEN, authorizers=authorizers, auth="one", api_key=True, cors={"allow_headers": ["X-One"]})
    preflight = compile_api(spec, [TEMPLATES]).definition["paths"]["/c/{customer}"]["options"]
    assert "security" not in preflight
    headers = preflight["x-amazon-apigateway-integration"]["responses"]["default"]["responseParameters"]
    assert headers["method.response.header.Access-Control-Allow-Headers"] == "'X-One,X-Token,x-api-key'"


def test_a_written_options_route_is_never_behind_an_authorizer() -> None:
    route = {"route": "OPTIONS /c/{customer}", "action": "Query"}
    assert "security" not in operation_of(route, auth="users", api_key=True, cors=False)
    assert errors_of({**route, "auth": "iam"}, cors=False) == [
        'routes[0] "OPTIONS /c/{customer}": OPTIONS cannot require credentials, because browsers send none. '
        "Leave auth out."
    ]


def test_routes_of_crud_have_the_default() -> None:
    table = {"name": "notes", "hash_key": "id", "attributes": {"id": "S"}, "crud": "/notes/{id}"}
    paths = compile_api({"name": "notes", "tables": [table], "auth": "iam"}, [TEMPLATES]).definition["paths"]
    operations = [one for methods in paths.values() for method, one in methods.items() if method != "options"]
    assert [operation["security"] for operation in operations] == [[{"sigv4": []}]] * 5


def test_an_authorizer_that_no_route_requires_is_a_warning() -> None:
    spec = orders({**OPEN, "auth": "users"}, authorizers=AUTHORIZERS)
    assert list(map(str, compile_api(spec, [TEMPLATES]).warnings)) == [
        "authorizers partners: no route requires the authorizer. Write auth: partners, or remove it."
    ]


CLAIM = 'routes[0] "GET /mine": it reads a claim of the caller, but '


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ({"authorizers": AUTHORIZERS}, CLAIM + "it has no authorizer. Write auth: users."),
        ({"authorizers": AUTHORIZERS, "auth": "iam"}, CLAIM + "it has auth: iam. Write auth: users."),
        (
            {"authorizers": AUTHORIZERS, "auth": "partners"},
            CLAIM + "its authorizer partners is a Lambda function. Write auth: users.",
        ),
        (
            {"auth": "none"},
            CLAIM + "it has no authorizer. "
            "Declare authorizers: {customers: {user_pools: [arn:…:userpool/…]}}, and write auth: customers.",
        ),
    ],
)
def test_a_claim_needs_an_authorizer_of_user_pools(words: Json, expected: str) -> None:
    assert errors_of(MINE, **words) == [expected]


def test_a_result_of_a_function_needs_a_lambda_authorizer() -> None:
    route = {**MINE, "key": {"customer": "context.authorizer.principalId"}}
    assert errors_of(route, authorizers=AUTHORIZERS, auth="users") == [
        'routes[0] "GET /mine": it reads the result of a Lambda authorizer, but its authorizer users accepts tokens of '
        "user pools. Write auth: NAME with a Lambda authorizer."
    ]
    compile_api(orders(route, authorizers=AUTHORIZERS, auth="partners"), [TEMPLATES])


def test_a_template_of_the_user_that_reads_a_claim_of_nobody_is_a_warning() -> None:
    own = {"route": "GET /mine", "action": "Query", "request_template": "$context.authorizer.claims.sub"}
    compiled = compile_api(orders(own, auth="iam"), [TEMPLATES])
    assert any("it reads a claim of the caller, but it has auth: iam" in str(one) for one in compiled.warnings)


def test_a_claim_is_a_warning_where_no_authorization_is_declared() -> None:
    """The module `route` names the authorizer of an existing API, which the description does not have."""
    compiled = compile_api(orders(MINE), [TEMPLATES])
    assert any("it reads a claim of the caller, but it has no authorizer" in str(one) for one in compiled.warnings)


AUTHORIZER_ERRORS: list[tuple[Any, str]] = [
    ([POOL], "spec: authorizers is a list, not a mapping. Write authorizers: {customers: {user_pools: "),
    ({"iam": {"user_pools": [POOL]}}, "authorizers iam: 'iam' cannot be the name of an authorizer. Use letters, "),
    ({"a b": {"user_pools": [POOL]}}, "authorizers a b: 'a b' cannot be the name of an authorizer. "),
    ({"one": POOL}, "authorizers one: the authorizer is 'arn:"),
    ({"one": {}}, "authorizers one: the authorizer has no kind. Write user_pools: "),
    (
        {"one": {"user_pools": [POOL], "lambda": FUNCTION}},
        "authorizers one: user_pools and lambda exclude each other. ",
    ),
    ({"one": {"user_pools": POOL}}, "authorizers one: user_pools is not a list of user pool ARNs. "),
    ({"one": {"user_pools": ["eu_AbC"]}}, "authorizers one: user_pools is not a list of user pool ARNs. "),
    (
        {"one": {"user_pools": [POOL], "cache": 5}},
        "authorizers one: cache and role are options of Lambda authorizers. ",
    ),
    ({"one": {"user_pools": [POOL], "scopes": []}}, "authorizers one: unknown option 'scopes'. "),
    ({"one": {"user_pools": [POOL], "identity": "query.t"}}, "authorizers one: identity is not one header. "),
    ({"one": {"lambda": "who"}}, "authorizers one: lambda is not the ARN of a function. Write lambda: "),
    (
        {"one": {"lambda": FUNCTION, "type": "jwt"}},
        "authorizers one: type is 'jwt'. Write type: token, or type: request.",
    ),
    (
        {"one": {"lambda": FUNCTION, "type": "token", "identity": ["header.a", "header.b"]}},
        "authorizers one: identity is not one header. Write identity: header.Authorization, or lambda with type: ",
    ),
    (
        {"one": {"lambda": FUNCTION, "identity": ["body.t"]}},
        "authorizers one: identity has 'body.t', which is no identity source. "
        "Write header.NAME, query.NAME, stage.NAME or context.NAME.",
    ),
    ({"one": {"lambda": FUNCTION, "identity": ["context.authorizer.x"]}}, "authorizers one: identity has 'context."),
    ({"one": {"lambda": FUNCTION, "identity": ["context.sourceIp"]}}, "authorizers one: identity comes from context."),
    ({"one": {"lambda": FUNCTION, "identity": []}}, "authorizers one: identity is empty. "),
    ({"one": {"lambda": FUNCTION, "pattern": "a"}}, "authorizers one: pattern has no effect on the type request. "),
    (
        {"one": {"lambda": FUNCTION, "cache": 60}},
        "authorizers one: cache needs identity, whose values are the key of the cache. "
        "Write identity: [header.Authorization], or cache: 0.",
    ),
    ({"one": {"lambda": FUNCTION, "identity": "header.a", "cache": 3601}}, "authorizers one: cache is 3601. Write a "),
    ({"one": {"lambda": FUNCTION, "role": "admin"}}, "authorizers one: role is not the ARN of a role. "),
]


@pytest.mark.parametrize(("authorizers", "expected"), AUTHORIZER_ERRORS)
def test_an_error_in_an_authorizer_is_reported(authorizers: Any, expected: str) -> None:
    errors = errors_of(OPEN, authorizers=authorizers)
    assert any(error.startswith(expected) for error in errors), errors


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"auth": "staff"}, "unknown authorizer 'staff' in auth. Write one of: users, partners, iam, none."),
        ({"auth": "user"}, "unknown authorizer 'user' in auth. Write users (known: users, partners, iam, none)."),
        (
            {"auth": {"partners": ["a"]}},
            "authorizer 'partners' is a Lambda function, which takes no scopes. "
            "Write auth: partners, and let the function check them.",
        ),
        ({"auth": {"iam": ["a"]}}, "auth: iam takes no scopes. Write auth: iam."),
        (
            {"auth": {"users": []}},
            "auth has no list of scopes for 'users'. Write auth: {users: [orders/read]}, or auth: users.",
        ),
        ({"auth": {"users": ["a b"]}}, "auth has no list of scopes for 'users'. Write auth: {users: "),
        ({"auth": ["users"]}, "auth in the route is a list. Write auth: NAME, auth: {NAME: [SCOPE]}, auth: iam, or "),
        ({"api_key": "yes"}, "api_key is 'yes'. Write api_key: true, or api_key: false."),
        ({"public": True, "auth": "users"}, "public excludes auth. Leave one of them out."),
    ],
)
def test_an_error_in_the_authorization_of_a_route_is_reported(options: Json, expected: str) -> None:
    errors = errors_of({**OPEN, **options}, authorizers=AUTHORIZERS)
    assert any(error.startswith('routes[0] "GET /c/{customer}": ' + expected) for error in errors), errors


def test_an_error_in_the_default_is_reported_once() -> None:
    assert errors_of(OPEN, auth="nobody") == [
        "spec: unknown authorizer 'nobody' in auth. Write one of: iam, none.",
    ]


WRITES: list[Json] = [
    {"route": "PUT /c/{customer}/{placed_at}", "action": "PutItem"},
    {"route": "PATCH /c/{customer}/{placed_at}", "action": "UpdateItem"},
    {"route": "POST /remove", "action": "ExecuteStatement", "statement": "DELETE FROM orders WHERE customer = ?"},
    {"route": "POST /all", "action": "TransactWriteItems"},
]
WRITES[2]["parameters"] = [{"S": "query.c"}]


def open_writes_of(*routes: Json, **words: Any) -> tuple[str, ...]:
    return compile_api(orders(*routes, **words), [TEMPLATES]).open_writes


def test_routes_that_write_for_everybody_are_listed() -> None:
    reads = [OPEN, {**OPEN, "route": "GET /d/{customer}", "public": True}]
    assert open_writes_of(*reads, *WRITES) == tuple(route["route"] for route in WRITES)
    assert open_writes_of({**WRITES[0], "public": True}, {**WRITES[1], "auth": "iam"}, WRITES[3]) == ("POST /all",)
    assert open_writes_of(*WRITES, api_key=True) == ()
    assert open_writes_of(*WRITES, public=True) == ()


def test_all_routes_are_not_public_and_behind_an_authorizer() -> None:
    assert errors_of(OPEN, public=True, auth="iam") == [
        "spec: public excludes auth and api_key. Leave it out, and write public: true in routes."
    ]
    assert operation_of({**OPEN, "auth": "users"}, public=True, auth="none")["security"] == [{"users": []}]
