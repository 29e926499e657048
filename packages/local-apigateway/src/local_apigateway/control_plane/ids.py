# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Identifiers that look like AWS's: lower-case letters and digits, 10 for an API, 6 for most of its parts."""

from __future__ import annotations

import secrets
import string
from collections.abc import Callable

ALPHABET = string.ascii_lowercase + string.digits
API_LENGTH = 10
PART_LENGTH = 6


def new_id(length: int, taken: Callable[[str], bool]) -> str:
    """Return a random id of `length` characters that is not in use."""
    while True:
        candidate = "".join(secrets.choice(ALPHABET) for _i in range(length))
        if not taken(candidate):
            return candidate
