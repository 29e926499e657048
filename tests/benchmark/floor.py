# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Create or change an API with the fewest possible calls, for comparison with runs of the collection.

    python floor.py first DEFINITION POLICY      table, role, policy, import, deployment with its stage; prints the id
    python floor.py change DEFINITION API_ID     import, deployment

It does not compare, wait or retry, so it is not a tool for users. The files are those of the report of a deployment,
and the table and the role have the names in these files.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import boto3

TABLE = "measured"
ROLE = "measured-dynamodb-eu-central-1"
TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "apigateway.amazonaws.com"}, "Action": "sts:AssumeRole"}
    ],
}


def first(definition: str, policy: str) -> str:
    """Create all resources. Return the ID of the API."""
    session = boto3.Session()
    apigateway = session.client("apigateway")
    make_table(session.client("dynamodb"))
    make_role(session.client("iam"), policy)
    api_id: str = apigateway.import_rest_api(body=definition, parameters={"endpointConfigurationTypes": "REGIONAL"})[
        "id"
    ]
    apigateway.create_deployment(restApiId=api_id, stageName="prod")
    return api_id


def make_table(dynamodb: Any) -> None:
    keys = {"id": "HASH", "range": "RANGE"}
    dynamodb.create_table(
        TableName=TABLE,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": name, "KeyType": kind} for name, kind in keys.items()],
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in keys],
    )


def make_role(iam: Any, policy: str) -> None:
    iam.create_role(RoleName=ROLE, AssumeRolePolicyDocument=json.dumps(TRUST))
    iam.put_role_policy(RoleName=ROLE, PolicyName=TABLE, PolicyDocument=policy)


def change(definition: str, api_id: str) -> str:
    """Deploy another definition to the stage. Return the ID of the API."""
    client = boto3.Session().client("apigateway")
    client.put_rest_api(restApiId=api_id, mode="overwrite", body=definition)
    client.create_deployment(restApiId=api_id, stageName="prod")
    return api_id


if __name__ == "__main__":
    what, path, other = sys.argv[1:]
    text = Path(path).read_text(encoding="utf-8")
    print(first(text, Path(other).read_text(encoding="utf-8")) if what == "first" else change(text, other))
