# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Pages of lists: `limit` entries from `position` on."""

from __future__ import annotations

import base64
from collections.abc import Sequence

from ..model import Wire
from .errors import BadRequestError

DEFAULT_LIMIT = 25
MAXIMUM_LIMIT = 500


def page(items: Sequence[Wire], params: Wire) -> Wire:
    """Return one page of `items`, with the position of the next page if there is one.

    A `limit` above the maximum counts as the maximum (AWS documents the maximum, but not the result beyond it).
    """
    limit = _limit(params.get("limit", DEFAULT_LIMIT))
    start = _start(params.get("position"))
    end = start + limit
    return {"items": list(items[start:end]), "position": _position(end) if end < len(items) else None}


def _limit(value: object) -> int:
    if not isinstance(value, int) or value < 1:
        raise BadRequestError(f"Invalid limit specified: {value}. It must be a number from 1 to {MAXIMUM_LIMIT}")
    return min(value, MAXIMUM_LIMIT)


def _position(index: int) -> str:
    return base64.urlsafe_b64encode(f"item:{index}".encode()).decode()


def _start(position: str | None) -> int:
    if not position:
        return 0
    try:
        name, _unused, index = base64.urlsafe_b64decode(position).decode().partition(":")
        if name != "item":
            raise ValueError(name)
        return int(index)
    except ValueError:
        raise BadRequestError("Invalid position parameter specified") from None
