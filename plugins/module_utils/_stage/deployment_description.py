# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The description of a deployment: a text, the digest of its content and the ID of the policy that it needs.

An example is `Deployed to prod (sha256:9f86… policy 1a2b3c4d)`.
"""

from __future__ import annotations

import re
from datetime import datetime, timezone
from typing import Any, Mapping, Optional

from .history_record import DIGEST

_POLICY_ID = re.compile(rf"{DIGEST.pattern} policy (?P<policy_id>[0-9a-f]+)\)")


def describe(text: str, digest: str, policy_id: Optional[str]) -> str:
    """Return the description of a new deployment."""
    return f"{text} ({digest} policy {policy_id})" if policy_id else f"{text} ({digest})"


def digest_of(deployment: Mapping[str, Any]) -> Optional[str]:
    """Return the digest in a deployment's description; None if the deployment was created by other means."""
    found = DIGEST.search(deployment.get("description") or "")
    return found.group(0) if found else None


def policy_id_of(deployment: Mapping[str, Any]) -> Optional[str]:
    """Return the ID of the policy that a deployment needs; None if its description has none."""
    found = _POLICY_ID.search(deployment.get("description") or "")
    return found["policy_id"] if found else None


def text_of(deployment: Mapping[str, Any]) -> str:
    """Return the text in a deployment's description."""
    description = deployment.get("description") or ""
    return DIGEST.split(description)[0].rstrip(" (") if digest_of(deployment) else description


def label(deployment: Mapping[str, Any]) -> str:
    """Return a deployment for a message: its id, its time of creation and its text."""
    parts = (deployment["id"], utc(deployment["createdDate"]), text_of(deployment))
    return ", ".join(part for part in parts if part)


def utc(moment: datetime) -> str:
    """Return a time in UTC as `2026-11-22T22:14:05Z`."""
    return moment.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")  # noqa: UP017 (modules run on older Pythons)
