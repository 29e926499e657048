# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The resource policy of an API: received as JSON, stored with complete ARNs, returned with escaped quotes."""

from __future__ import annotations

import json
import re

from ..model import RestApi
from ..partitions import partition
from .errors import BadRequestError


def resource_policy(text: str | None, api: RestApi) -> str | None:
    """Return a policy as it is stored: compact JSON, or None for no policy.

    The short form `execute-api:/stage/METHOD/path` of a resource becomes this API's ARN (recorded).
    """
    if not text:
        return None
    try:
        policy = json.loads(text)
    except ValueError:
        raise BadRequestError(
            "Invalid policy document. Please check the policy syntax and ensure that Principals are valid."
        ) from None
    arn = f"arn:{partition(api.region)}:execute-api:{api.region}:{api.account_id}:{api.id}"
    compact = json.dumps(policy, separators=(",", ":"), ensure_ascii=False)
    return re.sub(r'"execute-api:(?=/)', f'"{arn}', compact).replace(f'"{arn}//', f'"{arn}/')


def escaped(policy: str) -> str:
    """Return the text of a policy as responses have it."""
    return json.dumps(policy, ensure_ascii=False)[1:-1]
