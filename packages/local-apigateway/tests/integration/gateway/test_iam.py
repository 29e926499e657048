# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Signed requests to methods with AWS_IAM authorization, and resource policies."""

from __future__ import annotations

import itertools
import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from botocore.auth import SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

JSON = "application/json"
REGION = "eu-central-1"
ACCOUNT, OTHER_ACCOUNT = "000000000000", "565656565656"
_numbers = itertools.count()


@dataclass(frozen=True)
class Api:
    """A deployed API whose methods return the identity of the caller. `/signed` requires a signature."""

    local_aws: Any
    id: str

    @property
    def arn(self) -> str:
        return f"arn:aws:execute-api:{REGION}:{ACCOUNT}:{self.id}"

    def ask(
        self,
        path: str,
        credentials: Credentials | None = None,
        service: str = "execute-api",
        region: str = REGION,
        presigned: bool = False,
        **headers: str,
    ) -> tuple[int, Any, str | None]:
        """Send a POST; return status, JSON and AWS's error type."""
        url = f"{self.local_aws.invoke_url(self.id, 'test')}{path}?q=a%20b"
        # botocore moves a body into the query of a presigned URL.
        body = b"" if presigned else b'{"a": 1}'
        request = AWSRequest("POST", url, {"Content-Type": JSON, **headers}, body)
        if credentials:
            auth = SigV4QueryAuth if presigned else SigV4Auth
            auth(credentials, service, region).add_auth(request)
        prepared = request.prepare()
        sent = urllib.request.Request(prepared.url, body, dict(prepared.headers), method="POST")
        try:
            with urllib.request.urlopen(sent) as answer:
                return answer.status, json.load(answer), None
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)["message"], error.headers["x-amzn-ErrorType"]

    def policy(self, *statements: dict[str, Any]) -> None:
        """Set the resource policy of the API and deploy it; without statements, remove the policy."""
        api = self.local_aws.client("apigateway")
        everything = {"Principal": "*", "Action": "execute-api:Invoke", "Resource": "execute-api:/*"}
        document = json.dumps({"Version": "2012-10-17", "Statement": [{**everything, **item} for item in statements]})
        operation = {"op": "replace", "path": "/policy", "value": document if statements else ""}
        api.update_rest_api(restApiId=self.id, patchOperations=[operation])
        api.create_deployment(restApiId=self.id, stageName="test")


def document() -> bytes:
    members = ("accountId", "caller", "user", "userArn", "accessKey", "cognitoIdentityId")
    answer = json.dumps({name: f"$context.identity.{name}" for name in members})
    mock = {
        "type": "mock",
        "requestTemplates": {JSON: '{"statusCode": 200}'},
        "responses": {"default": {"statusCode": "200", "responseTemplates": {JSON: answer}}},
    }
    operation = {"responses": {"200": {"description": "ok"}}, "x-amazon-apigateway-integration": mock}
    scheme = {"type": "apiKey", "name": "Authorization", "in": "header", "x-amazon-apigateway-authtype": "awsSigv4"}
    return json.dumps(
        {
            "openapi": "3.0.1",
            "info": {"title": f"iam-{next(_numbers)}", "version": "1"},
            "components": {"securitySchemes": {"signature": scheme}},
            "paths": {
                "/signed": {"post": {**operation, "security": [{"signature": []}]}},
                "/open": {"post": operation},
            },
        }
    ).encode()


@pytest.fixture(scope="module")
def deployed(local_aws: Any) -> Iterator[Api]:
    client = local_aws.client("apigateway")
    api_id = client.import_rest_api(failOnWarnings=True, body=document())["id"]
    client.create_deployment(restApiId=api_id, stageName="test")
    yield Api(local_aws, api_id)
    client.delete_rest_api(restApiId=api_id)


@pytest.fixture
def api(deployed: Api) -> Iterator[Api]:
    yield deployed
    deployed.policy()


@dataclass(frozen=True)
class User:
    """An IAM user with a key."""

    iam: Any
    name: str
    id: str
    arn: str
    credentials: Credentials

    def allow(self, resource: str, effect: str = "Allow") -> None:
        statement = {"Effect": effect, "Action": "execute-api:Invoke", "Resource": resource}
        policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        self.iam.put_user_policy(UserName=self.name, PolicyName="p", PolicyDocument=policy)


def make_user(local_aws: Any, account_id: str = ACCOUNT) -> User:
    iam, name = local_aws.client("iam", access_key=account_id), f"caller-{next(_numbers)}"
    user = iam.create_user(UserName=name)["User"]
    key = iam.create_access_key(UserName=name)["AccessKey"]
    return User(iam, name, user["UserId"], user["Arn"], Credentials(key["AccessKeyId"], key["SecretAccessKey"]))


@pytest.fixture
def user(local_aws: Any) -> User:
    return make_user(local_aws)


def denied(principal: str, api: Api, path: str, reason: str) -> tuple[int, str, str]:
    resource = f"arn:aws:execute-api:{REGION}:********{ACCOUNT[-4:]}:{api.id}/test/POST{path}"
    message = f"User: {principal} is not authorized to perform: execute-api:Invoke on resource: {resource} {reason}"
    return 403, message, "AccessDeniedException"


NO_IDENTITY = "because no identity-based policy allows the execute-api:Invoke action"
NO_RESOURCE = "because no resource-based policy allows the execute-api:Invoke action"
DENY_IDENTITY = "with an explicit deny in an identity-based policy"
DENY_RESOURCE = "with an explicit deny in a resource-based policy"


@pytest.mark.parametrize("presigned", [False, True])
def test_a_signed_caller_is_let_in_and_known(api: Api, user: User, presigned: bool) -> None:
    user.allow(f"{api.arn}/test/POST/signed")
    status, identity, _error = api.ask("/signed", user.credentials, presigned=presigned)
    assert status == 200
    assert identity == {
        "accountId": ACCOUNT,
        "caller": user.id,
        "user": user.id,
        "userArn": user.arn,
        "accessKey": user.credentials.access_key,
        "cognitoIdentityId": "",
    }


def test_a_role_s_session_is_let_in(local_aws: Any, api: Api) -> None:
    iam, name = local_aws.client("iam"), f"caller-{next(_numbers)}"
    trust = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=document)["Role"]
    allow = {"Effect": "Allow", "Action": "execute-api:*", "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
    iam.put_role_policy(RoleName=name, PolicyName="p", PolicyDocument=policy)
    session = local_aws.client("sts").assume_role(RoleArn=role["Arn"], RoleSessionName="me")["Credentials"]
    keys = Credentials(session["AccessKeyId"], session["SecretAccessKey"], session["SessionToken"])
    status, identity, _error = api.ask("/signed", keys)
    assert status == 200
    assert identity["userArn"] == f"arn:aws:sts::{ACCOUNT}:assumed-role/{name}/me"
    assert identity["caller"].endswith(":me")


def test_without_permission_nobody_is_let_in(api: Api, user: User) -> None:
    assert api.ask("/signed", user.credentials) == denied(user.arn, api, "/signed", NO_IDENTITY)
    user.allow(f"{api.arn}/test/GET/*")
    assert api.ask("/signed", user.credentials) == denied(user.arn, api, "/signed", NO_IDENTITY)
    user.allow(f"{api.arn}/*", "Deny")
    assert api.ask("/signed", user.credentials) == denied(user.arn, api, "/signed", DENY_IDENTITY)


def test_a_signature_has_to_hold(api: Api, user: User) -> None:
    user.allow("*")
    wrong = Credentials(user.credentials.access_key, "not-the-secret")
    status, message, error = api.ask("/signed", wrong)
    assert (status, error) == (403, "InvalidSignatureException")
    assert message.startswith("The request signature we calculated does not match the signature you provided.")
    assert api.ask("/signed") == (403, "Missing Authentication Token", "MissingAuthenticationTokenException")
    unknown = Credentials("AKIAIOSFODNN7EXAMPLE", "secret")
    status, message, error = api.ask("/signed", unknown)
    assert (status, error) == (403, "UnrecognizedClientException")
    assert api.ask("/signed", Authorization="Bearer token")[0] == 403
    scoped = "Credential should be scoped to "
    assert api.ask("/signed", user.credentials, service="dynamodb")[1] == f"{scoped}correct service: 'execute-api'."
    assert api.ask("/signed", user.credentials, region="us-east-1")[1] == f"{scoped}a valid region."


def test_open_methods_ask_for_nothing(api: Api) -> None:
    status, identity, _error = api.ask("/open")
    assert (status, set(identity.values())) == (200, {""})


HERE, ELSEWHERE = "127.0.0.0/8", "192.0.2.0/24"


def _from(network: str, effect: str = "Allow", operator: str = "IpAddress") -> dict[str, Any]:
    return {"Effect": effect, "Condition": {operator: {"aws:SourceIp": [network]}}}


@pytest.mark.parametrize(
    ("statements", "reason"),
    [
        ([{"Effect": "Allow"}], None),
        ([_from(HERE)], None),
        ([_from(ELSEWHERE)], NO_RESOURCE),
        ([{"Effect": "Allow"}, _from(ELSEWHERE, "Deny")], None),
        ([{"Effect": "Allow"}, _from(HERE, "Deny")], DENY_RESOURCE),
        ([{"Effect": "Allow"}, _from(HERE, "Deny", "NotIpAddress")], None),
        ([{"Effect": "Allow"}, _from(ELSEWHERE, "Deny", "NotIpAddress")], DENY_RESOURCE),
        ([{"Effect": "Allow", "Resource": "execute-api:/test/POST/open"}], None),
        ([{"Effect": "Allow", "Resource": "execute-api:/test/GET/*"}], NO_RESOURCE),
        ([{"Effect": "Allow", "Resource": "execute-api:/prod/*"}], NO_RESOURCE),
        ([{"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}}], NO_RESOURCE),
    ],
)
def test_a_resource_policy_lets_in_whom_it_allows(api: Api, statements: list[Any], reason: str | None) -> None:
    api.policy(*statements)
    if reason:
        assert api.ask("/open") == denied("anonymous", api, "/open", reason)
    else:
        assert api.ask("/open")[0] == 200


def test_a_resource_policy_counts_beside_the_caller_s_own(api: Api, user: User) -> None:
    """Within one account an allow of either policy is enough, and a deny of either wins."""
    api.policy({"Effect": "Allow", "Principal": {"AWS": user.arn}})
    assert api.ask("/signed", user.credentials)[0] == 200
    user.allow("*")
    api.policy({"Effect": "Allow", "Resource": "execute-api:/other"})
    assert api.ask("/signed", user.credentials)[0] == 200
    api.policy({"Effect": "Allow"}, _from(HERE, "Deny"))
    assert api.ask("/signed", user.credentials) == denied(user.arn, api, "/signed", DENY_RESOURCE)


def test_a_caller_of_another_account_needs_both(local_aws: Any, api: Api) -> None:
    stranger = make_user(local_aws, OTHER_ACCOUNT)
    stranger.allow("*")
    assert api.ask("/signed", stranger.credentials) == denied(stranger.arn, api, "/signed", NO_RESOURCE)
    api.policy({"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{OTHER_ACCOUNT}:root"}})
    status, identity, _error = api.ask("/signed", stranger.credentials)
    assert (status, identity["accountId"]) == (200, OTHER_ACCOUNT)
