# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The keys with which Cognito's user pools sign tokens."""

from __future__ import annotations

import json
import re

from botocore.credentials import Credentials

from ..model import Wire
from .client import ServiceClient, Target

USER_POOL_ARN = re.compile(r"arn:[\w-]+:cognito-idp:(?P<region>[\w-]+):(?P<account>\d{12}):userpool/(?P<id>[\w-]+)")


async def signing_keys(client: ServiceClient, user_pool_arn: str) -> Wire | None:
    """Return the JSON web key set of a pool; None if the account and Region of the ARN do not have the pool.

    Raises `ConnectionError` if MiniStack does not respond.
    """
    arn = USER_POOL_ARN.fullmatch(user_pool_arn)
    if arn is None or not await _exists(client, arn["account"], arn["region"], arn["id"]):
        return None
    response = await client.get(f"/{arn['id']}/.well-known/jwks.json")
    keys: Wire = json.loads(response.body)
    return keys


async def _exists(client: ServiceClient, account_id: str, region: str, pool_id: str) -> bool:
    """Return whether the account has the pool. The endpoint of the keys is public and does not check the account."""
    headers = {
        "Content-Type": "application/x-amz-json-1.1",
        "X-Amz-Target": "AWSCognitoIdentityProviderService.DescribeUserPool",
    }
    body = json.dumps({"UserPoolId": pool_id}).encode()
    root = Credentials(account_id, "root")
    response = await client.send(Target("cognito-idp", region), root, "POST", "/", "", headers, body)
    return response.status == 200
