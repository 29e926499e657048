# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The gateway calls services under the route's role: what the role may not, the route cannot."""

from __future__ import annotations

import itertools
import json
import urllib.error
import urllib.request
from typing import Any

import pytest

from integration.own_server import TRUST, table

_numbers = itertools.count()


class Route:
    """An API whose `GET /` reads an item of a table under a role."""

    def __init__(self, local_aws: Any, trust: dict[str, Any]) -> None:
        self.name = f"role-{next(_numbers)}"
        self._iam = local_aws.client("iam")
        table(local_aws.client("dynamodb"), self.name)
        arn = self._iam.create_role(RoleName=self.name, AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
        client = local_aws.client("apigateway")
        api = client.create_rest_api(name=self.name)
        method = {"restApiId": api["id"], "resourceId": api["rootResourceId"], "httpMethod": "GET"}
        client.put_method(**method, authorizationType="NONE")
        client.put_method_response(**method, statusCode="200")
        client.put_integration(
            **method,
            type="AWS",
            integrationHttpMethod="POST",
            uri="arn:aws:apigateway:eu-central-1:dynamodb:action/GetItem",
            credentials=arn,
            requestTemplates={"application/json": json.dumps({"TableName": self.name, "Key": {"id": {"S": "a"}}})},
        )
        client.put_integration_response(**method, statusCode="200")
        client.create_deployment(restApiId=api["id"], stageName="dev")
        self._url = local_aws.invoke_url(api["id"], "dev") + "/"

    def allow(self, *actions: str) -> None:
        statement = {"Effect": "Allow", "Action": list(actions), "Resource": "*"}
        policy = {"Version": "2012-10-17", "Statement": [statement]}
        self._iam.put_role_policy(RoleName=self.name, PolicyName="p", PolicyDocument=json.dumps(policy))

    def trust(self, policy: dict[str, Any]) -> None:
        self._iam.update_assume_role_policy(RoleName=self.name, PolicyDocument=json.dumps(policy))

    def get(self) -> tuple[int, dict[str, Any]]:
        try:
            with urllib.request.urlopen(self._url) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)


def _trust(**changes: Any) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": [{**TRUST["Statement"][0], **changes}]}


def test_permissions_count_at_once(local_aws: Any) -> None:
    route = Route(local_aws, TRUST)
    status, answer = route.get()
    # The integration has a default response for 200, as the route would have on AWS.
    assert status == 200
    assert answer["__type"].endswith("AccessDeniedException")
    assert "BackplaneAssumeRoleSession is not authorized to perform: dynamodb:GetItem" in answer["message"]
    route.allow("dynamodb:GetItem")
    assert route.get() == (200, {})
    route.allow("dynamodb:Query")
    assert route.get()[1]["__type"].endswith("AccessDeniedException")


@pytest.mark.parametrize(
    "trust",
    [
        _trust(Principal={"Service": "lambda.amazonaws.com"}),
        _trust(Principal={"AWS": "arn:aws:iam::000000000000:root"}),
        _trust(Action="sts:TagSession"),
        _trust(Effect="Deny"),
    ],
)
def test_a_role_that_does_not_trust_the_gateway(local_aws: Any, trust: dict[str, Any]) -> None:
    route = Route(local_aws, trust)
    route.allow("dynamodb:*")
    assert route.get() == (500, {"message": "Internal server error"})
    route.trust(TRUST)
    assert route.get() == (200, {})


def test_trust_that_is_taken_away(local_aws: Any) -> None:
    route = Route(local_aws, TRUST)
    route.allow("dynamodb:*")
    assert route.get() == (200, {})
    route.trust(_trust(Principal={"Service": "lambda.amazonaws.com"}))
    assert route.get() == (500, {"message": "Internal server error"})
