# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The version of a draft that `service_proxy` imports: the beginning of its content's digest.

One GetRestApi returns it, so a run can see whose import the draft is, and whether the collection created the API.
"""

from __future__ import annotations

import re

_LENGTH = 16
"""Hexadecimal digits: 64 bits distinguish all imports into one API, and are short enough to read in the console."""

_VERSION = re.compile(rf"[0-9a-f]{{{_LENGTH}}}")

DRAFT_VERSION = "draft_version"
"""The name under which an import gives later steps the version that AWS returned."""


def version_for(digest: str) -> str:
    """Return the version of a draft with this digest."""
    return digest.partition(":")[2][:_LENGTH]


def is_draft_version(version: str) -> bool:
    """Return whether `service_proxy` has imported a draft with this version."""
    return _VERSION.fullmatch(version) is not None
