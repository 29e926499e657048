# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The name of a directory for a name that AWS or an inventory accepts and a file system may not."""

from __future__ import annotations

import hashlib
import re

# No separator of any platform, nothing that is hidden or leads upwards, no control character.
_SEGMENT = re.compile(r"[^./\\:\x00-\x1f\x7f][^/\\:\x00-\x1f\x7f]{0,99}")
_UNUSUAL = re.compile(r"[^A-Za-z0-9_-]+")


def path_segment(name: str) -> str:
    """Return the name itself if a directory can have it, otherwise a similar one with a digest of the whole name.

    The result holds no separator and is not `.` or `..`, so a path that ends in it lies right below its parent.
    """
    if _SEGMENT.fullmatch(name) and len(name.encode()) <= 200:
        return name
    similar = _UNUSUAL.sub("-", name)[:40].strip("-")
    digest = hashlib.sha256(name.encode()).hexdigest()[:8]
    return f"{similar}-{digest}" if similar else digest
