# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Who a caller is: user pools of Amazon Cognito, whose tokens those routes ask for that read what was found in them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from .entry import Entry

Json = dict[str, Any]

SCHEME = "callers"
HEADER = "Authorization"
_FOUND = "$context.authorizer."
# "Define your Amazon Cognito user pool resource types": arn:aws:cognito-idp:Region:Account:userpool/PoolId.
_POOL = re.compile(r"arn:[^:]+:cognito-idp:[^:]+(::[^:]+)?:[^:]+(::[^:]+)?:userpool/[A-Za-z0-9_-]+")


@dataclass(frozen=True)
class Authorizer:
    """The ARNs of the user pools whose tokens are taken."""

    user_pools: tuple[str, ...]

    @property
    def scheme(self) -> Json:
        """The security scheme, as "x-amazon-apigateway-authorizer object" of the Developer Guide has it."""
        return {
            "type": "apiKey",
            "name": HEADER,
            "in": "header",
            "x-amazon-apigateway-authtype": "cognito_user_pools",
            "x-amazon-apigateway-authorizer": {"type": "cognito_user_pools", "providerARNs": list(self.user_pools)},
        }


def parse_authorizer(spec: Entry) -> Authorizer | None:
    """The word `authorizer` of a spec; None where there is none, or a mistake was noted."""
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


def asks_who_calls(template: str) -> bool:
    """Whether a request template reads what an authorizer found."""
    return _FOUND in template
