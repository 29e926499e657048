# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Authentication of callers by Amazon Cognito user pools, for the routes that read claims of their tokens."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from .entry import Entry

Json = dict[str, Any]

SCHEME = "callers"
HEADER = "Authorization"
_AUTHORIZER_VARIABLE = "$context.authorizer."
# "Define your Amazon Cognito user pool resource types": arn:aws:cognito-idp:Region:Account:userpool/PoolId.
_POOL = re.compile(r"arn:[^:]+:cognito-idp:[^:]+(::[^:]+)?:[^:]+(::[^:]+)?:userpool/[A-Za-z0-9_-]+")


@dataclass(frozen=True)
class Authorizer:
    """The ARNs of the user pools whose tokens are accepted."""

    user_pools: tuple[str, ...]

    @property
    def scheme(self) -> Json:
        """Return the security scheme: "x-amazon-apigateway-authorizer object" in the Developer Guide."""
        return {
            "type": "apiKey",
            "name": HEADER,
            "in": "header",
            "x-amazon-apigateway-authtype": "cognito_user_pools",
            "x-amazon-apigateway-authorizer": {"type": "cognito_user_pools", "providerARNs": list(self.user_pools)},
        }


def parse_authorizer(spec: Entry) -> Authorizer | None:
    """Return the option `authorizer`; None if it is not set, or after an error."""
    raw = spec.mapping("authorizer", '{user_pools: ["arn:aws:cognito-idp:eu-central-1:123456789012:userpool/x"]}')
    if not raw:
        return None
    entry = Entry(raw, "authorizer", spec.collector)
    entry.reject_unknown(("user_pools",))
    pools = raw.get("user_pools")
    if isinstance(pools, list) and pools and all(isinstance(pool, str) and _POOL.fullmatch(pool) for pool in pools):
        return Authorizer(tuple(pools))
    entry.add_error("user_pools is not a list of user pool ARNs", "write user_pools: [arn:…:userpool/…]")
    return None


def reads_authorizer(template: str) -> bool:
    """Return whether a request template reads the result of an authorizer."""
    return _AUTHORIZER_VARIABLE in template
