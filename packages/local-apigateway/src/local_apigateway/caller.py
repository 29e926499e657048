# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Who calls, as the signature of a request says it: access key, Region and service."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

DEFAULT_ACCOUNT = "000000000000"
DEFAULT_REGION = "us-east-1"
# A Region and a service are names: APIs are kept in directories that carry the Region's.
_SCOPED = r"/\d{8}/([A-Za-z0-9-]{1,64})/([A-Za-z0-9_.-]{1,64})/aws4_request"
_CREDENTIAL = re.compile(rf"Credential=([^/,\s]+){_SCOPED}", re.ASCII)
_SCOPE = re.compile(rf"([^/]+){_SCOPED}", re.ASCII)


@dataclass(frozen=True)
class Caller:
    """What the scope of a SigV4 credential names."""

    access_key: str
    region: str
    service: str

    @property
    def account_id(self) -> str | None:
        """The account that the key names by itself: 12 digits are an account, keys that IAM made are not told here."""
        if re.fullmatch(r"[0-9]{12}", self.access_key):
            return self.access_key
        return None if self.access_key.startswith(("AKIA", "ASIA")) else DEFAULT_ACCOUNT


def caller_of(headers: Mapping[str, str], query: Mapping[str, str]) -> Caller | None:
    """The caller by the Authorization header or by a presigned query, or None where a request is not signed."""
    authorization = headers.get("Authorization", "")
    found = _CREDENTIAL.search(authorization) if authorization.startswith("AWS4-") else None
    if found is None and "X-Amz-Credential" in query:
        found = _SCOPE.fullmatch(query["X-Amz-Credential"])
    return Caller(found[1], found[2], found[3]) if found else None
