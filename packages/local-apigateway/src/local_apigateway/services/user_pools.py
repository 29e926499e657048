# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Cognito's user pools: the keys of their tokens, as API Gateway looks them up."""

from __future__ import annotations

import json
import re

from botocore.credentials import Credentials

from ..model import Wire
from .client import ServiceClient, Target

USER_POOL_ARN = re.compile(r"arn:[\w-]+:cognito-idp:(?P<region>[\w-]+):(?P<account>\d{12}):userpool/(?P<id>[\w-]+)")


async def signing_keys(client: ServiceClient, user_pool_arn: str) -> Wire | None:
    """The JSON web key set of a pool; None where the account and Region of the ARN have no such pool.

    Raises `ConnectionError` where nobody answers.
    """
    arn = USER_POOL_ARN.fullmatch(user_pool_arn)
    if arn is None or not await _exists(client, arn["account"], arn["region"], arn["id"]):
        return None
    answer = await client.get(f"/{arn['id']}/.well-known/jwks.json")
    keys: Wire = json.loads(answer.body)
    return keys


async def _exists(client: ServiceClient, account_id: str, region: str, pool_id: str) -> bool:
    """The keys are public and of no account, so the account is asked whether the pool is its own."""
    headers = {
        "Content-Type": "application/x-amz-json-1.1",
        "X-Amz-Target": "AWSCognitoIdentityProviderService.DescribeUserPool",
    }
    body = json.dumps({"UserPoolId": pool_id}).encode()
    root = Credentials(account_id, "root")
    answer = await client.send(Target("cognito-idp", region), root, "POST", "/", "", headers, body)
    return answer.status == 200
