# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Cognito user pools with users who sign in, for tests of authorizers."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

ACCOUNT = "000000000000"
PASSWORD = "No-secret-at-all-1"


@dataclass(frozen=True)
class Pool:
    """A user pool with one app client."""

    cognito: Any
    id: str
    client_id: str

    @property
    def arn(self) -> str:
        return f"arn:aws:cognito-idp:{self.id.partition('_')[0]}:{ACCOUNT}:userpool/{self.id}"

    def sign_up(self, name: str) -> str:
        """Create a user; return their `sub`."""
        user = self.cognito.admin_create_user(UserPoolId=self.id, Username=name, MessageAction="SUPPRESS")["User"]
        self.cognito.admin_set_user_password(UserPoolId=self.id, Username=name, Password=PASSWORD, Permanent=True)
        return str(next(entry["Value"] for entry in user["Attributes"] if entry["Name"] == "sub"))

    def join(self, group: str, name: str) -> None:
        """Create a group with one user."""
        self.cognito.create_group(UserPoolId=self.id, GroupName=group)
        self.cognito.admin_add_user_to_group(UserPoolId=self.id, Username=name, GroupName=group)

    def sign_in(self, name: str) -> dict[str, str]:
        """Return the tokens, `IdToken` and `AccessToken` among them."""
        answer = self.cognito.initiate_auth(
            ClientId=self.client_id,
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": name, "PASSWORD": PASSWORD},
        )
        return dict(answer["AuthenticationResult"])


def make_pool(local_aws: Any, name: str | None = None) -> Pool:
    """Create a pool, with this name or a unique one."""
    cognito = local_aws.client("cognito-idp")
    pool_id = cognito.create_user_pool(PoolName=name or f"pool-{uuid.uuid4().hex[:8]}")["UserPool"]["Id"]
    client = cognito.create_user_pool_client(
        UserPoolId=pool_id, ClientName="web", ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
    )
    return Pool(cognito, pool_id, client["UserPoolClient"]["ClientId"])
