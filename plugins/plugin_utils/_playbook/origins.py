# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The file and line in which a user wrote a part of a description."""

from __future__ import annotations

import importlib
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

# ansible-core tags what it loads with the origin since 2.19, and has no public way to read the tag up to 2.21. Without
# it, errors name the key and no file.
try:
    _Origin: Any = importlib.import_module("ansible._internal._datatag._tags").Origin
except (ImportError, AttributeError):
    _Origin = None

_QUOTED = re.compile(r'"[^"]*"')
_STEP = re.compile(r"([^\[\]\s]+)((?:\[\d+\])*)")
_WORD = re.compile(r"\w+")


def origin_of(description: Any, where: str, what: str) -> Any:
    """Return the part of a description that an error is about, as Ansible tagged it; None where no part has a tag.

    `where` is the place of the error (`tables[0] "orders" indexes[1]`). A key of that place which stands in `what` is
    more exact than the place.
    """
    place, found = description, None
    for step in _STEP.finditer(_QUOTED.sub(" ", where)):
        for part in (step[1], *map(int, re.findall(r"\d+", step[2]))):
            member = _member(place, part)
            if member is not None:
                found, place = _tagged(*member) or found, member[1]
    if not isinstance(place, Mapping):
        return found
    named = (_tagged(*member) for word in _WORD.findall(what) if (member := _member(place, word)))
    return next((tagged for tagged in named if tagged is not None), found)


def file_and_line(tagged: Any) -> str:
    """Return `orders.yml:12` for a tagged value, with a path relative to the working directory if it is below it."""
    origin = _Origin.get_tag(tagged) if _Origin is not None and tagged is not None else None
    path, line = getattr(origin, "path", None), getattr(origin, "line_num", None)
    if not path or not line:
        return ""
    try:
        return f"{Path(path).relative_to(Path.cwd())}:{line}"
    except (ValueError, OSError):
        return f"{path}:{line}"


def _member(place: Any, part: str | int) -> tuple[Any, Any] | None:
    """Return the key and the value of a member of a mapping, or None and an entry of a list; None if there is none."""
    if isinstance(part, int):
        is_list = isinstance(place, Sequence) and not isinstance(place, (str, bytes))
        return (None, place[part]) if is_list and part < len(place) else None
    members = place.items() if isinstance(place, Mapping) else ()
    return next(((key, value) for key, value in members if str(key) == part), None)


def _tagged(key: Any, value: Any) -> Any:
    """Return the key or the value, whichever is tagged with its origin; None if neither is.

    If a value of a task is a variable, the key has the origin of the task, and the value that of the user's file.
    """
    of_key, of_value = file_and_line(key), file_and_line(value)
    if of_key and of_value:
        return key if of_key.rpartition(":")[0] == of_value.rpartition(":")[0] else value
    return key if of_key else value if of_value else None
