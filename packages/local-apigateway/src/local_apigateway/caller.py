# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The caller in the signature of a request: access key, Region and service."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

DEFAULT_ACCOUNT = "000000000000"
DEFAULT_REGION = "us-east-1"
# Regions and services are restricted to names, because a Region becomes part of a directory's name.
_SCOPED = r"/\d{8}/([A-Za-z0-9-]{1,64})/([A-Za-z0-9_.-]{1,64})/aws4_request"
_CREDENTIAL = re.compile(rf"Credential=([^/,\s]+){_SCOPED}", re.ASCII)
_SCOPE = re.compile(rf"([^/]+){_SCOPED}", re.ASCII)


@dataclass(frozen=True)
class Caller:
    """The credential of a SigV4 signature, with its scope."""

    access_key: str
    region: str
    service: str

    @property
    def account_id(self) -> str | None:
        """Return the account of an access key: its 12 digits, or the default one. None for keys of IAM and STS."""
        if re.fullmatch(r"[0-9]{12}", self.access_key):
            return self.access_key
        return None if self.access_key.startswith(("AKIA", "ASIA")) else DEFAULT_ACCOUNT


def caller_of(headers: Mapping[str, str], query: Mapping[str, str]) -> Caller | None:
    """Return the caller by the Authorization header or a presigned query; None for an unsigned request."""
    authorization = headers.get("Authorization", "")
    found = _CREDENTIAL.search(authorization) if authorization.startswith("AWS4-") else None
    if found is None and "X-Amz-Credential" in query:
        found = _SCOPE.fullmatch(query["X-Amz-Credential"])
    return Caller(found[1], found[2], found[3]) if found else None
