# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Regular expressions for values of keys as text. They have the same meaning in Java and Python."""

from __future__ import annotations

import datetime
import re

NUMBER = "-?[0-9]+(?:[.][0-9]+)?(?:[eE][+-]?[0-9]+)?"
"""DynamoDB checks its own limits (38 digits, magnitude), and returns 400."""

BASE64 = "(?:[A-Za-z0-9+/]{4})*+(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?"
"""Possessive (`*+`), so that matching a long invalid text does not backtrack."""

BASE64URL = "(?:[A-Za-z0-9_-]{4})*(?:[A-Za-z0-9_-]{2,3})?"
"""Unpadded, so that it needs no escape in a query string."""

BOOL = "true|false"

_DAYS = (
    "(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])|(?:0[469]|11)-(?:29|30)|(?:0[13578]|1[02])-(?:29|30|31)"  # of any year
)
_LEAP_YEARS = "(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:[2468][048]|[3579][26])00)"
_TIME = "T(?:[01][0-9]|2[0-3])(?::[0-5][0-9]){2}Z"
DATE = f"(?=19[7-9]|[2-9])(?:[0-9]{{4}}-(?:{_DAYS})|{_LEAP_YEARS}-02-29){_TIME}"
"""A date and time in UTC from 1970 to 9999, as RFC 3339 writes it without a fraction: `2026-01-31T12:00:00Z`."""

DATE_SHAPE = "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$"
"""The pattern of dates in schemas, simplified for readers. `DATE` also checks that the date exists."""

PATTERNS = {"N": NUMBER, "B": BASE64, "BOOL": BOOL, "date": DATE, "base64url": BASE64URL}


def is_key_value(text: str, kind: str) -> bool:
    """Return whether a text is a valid S, N, B, BOOL or date. Empty text is not valid, as no key is empty."""
    return bool(text) and re.fullmatch(PATTERNS.get(kind, r"[\s\S]*"), text) is not None


def seconds_of(date: str) -> int:
    """Return the seconds since 1970 of a date that matches `DATE`."""
    return int(datetime.datetime.strptime(date, "%Y-%m-%dT%H:%M:%S%z").timestamp())


def up_to(maximum: int) -> str:
    """Return a pattern of the whole numbers from 1 to `maximum`, without leading zeros, so that no quotes are needed.

    >>> up_to(250)
    '[1-9][0-9]{0,1}|1[0-9]{2}|2[0-4][0-9]|250'
    """
    digits = str(maximum)
    shorter = [f"[1-9][0-9]{{0,{len(digits) - 2}}}"] if len(digits) > 1 else []
    return "|".join([*shorter, *_below(digits), digits])


def _below(digits: str) -> list[str]:
    """Return patterns of the smaller numbers with as many digits, one for each position of the first smaller digit."""
    patterns = []
    for at, digit in enumerate(digits):
        low = 1 if at == 0 else 0
        if int(digit) > low:
            rest = len(digits) - at - 1
            patterns.append(
                digits[:at] + _range(low, int(digit) - 1) + (f"[0-9]{{{rest}}}" if rest > 1 else "[0-9]" * rest)
            )
    return patterns


def _range(low: int, high: int) -> str:
    return str(low) if low == high else f"[{low}-{high}]"
