# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The mark of resources that this collection created, and the rules for those that it did not create.

The mark is a tag. Its value is the name of the API, or the resource, that the resource was created for. The mark of an
adopted resource begins with `adopted: `. A resource without the mark belongs to somebody else. It is used as it is; a
plan that changes it needs the user's `adopt: true`.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, Dict, List, Mapping, Optional, Sequence

from .errors import AwsError

MARKER = "codeless.apigateway"
"""The key of the tag. The tag never counts as undeclared, is never purged, and is not shown."""

_ADOPTED = "adopted: "

_NOT_IN_TAGS = re.compile(r"[^\w .:/=+@-]")
"""Characters that IAM does not allow in the value of a tag: its pattern is `[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*`."""

_LONGEST_VALUE = 256


def mark(name: str, adopted: bool = False) -> Dict[str, str]:
    """Return the tag that marks a resource as created, or adopted, for `name`."""
    value = _NOT_IN_TAGS.sub("-", f"{_ADOPTED if adopted else ''}{name}")
    return {MARKER: value[:_LONGEST_VALUE].strip()}


def owner(tags: Mapping[str, str]) -> str:
    """Return the value of the mark among tags; empty if there is no mark."""
    return tags.get(MARKER, "")


def is_created(owner: Optional[str]) -> bool:
    """Return whether the collection created the resource with this mark, rather than adopted it or did neither."""
    return bool(owner) and not str(owner).startswith(_ADOPTED)


def reason_to_keep(owner: str, name: Optional[str] = None) -> str:
    """Return why a removal keeps a resource with this mark; empty if the collection created the resource.

    With the name of an API, empty only if the resource was created for that API: other APIs may use what was created
    for them.
    """
    if not owner:
        return "not created by this collection"
    if not is_created(owner):
        return "adopted, not created by this collection"
    if name is not None and owner != mark(name)[MARKER]:
        return f"created for {owner}, not for {name}"
    return ""


def without_mark(tags: Mapping[str, str]) -> Dict[str, str]:
    """Return the tags as users see them."""
    return {key: value for key, value in tags.items() if key != MARKER}


@dataclass(frozen=True)
class Adoption:
    """A resource of somebody else that a plan changes: its name (`table "orders"`), and a line for each change."""

    resource: str
    changes: Sequence[str]


def require_adoption(adoptions: Sequence[Adoption], adopt: bool) -> None:
    """Raise one `AwsError` that lists all resources of others that a plan changes, unless the user adopts them."""
    if adopt or not adoptions:
        return
    lines: List[str] = []
    for adoption in adoptions:
        lines.append(f"{adoption.resource} exists, and codeless.apigateway did not create it. The run would change it:")
        lines += [f"- {change}" for change in adoption.changes]
    raise AwsError(
        "\n".join(
            [
                *lines,
                "Nothing was changed. Use another name, or adopt "
                f"{'it' if len(adoptions) == 1 else 'all of them'} with `adopt: true` (in the role "
                "service_proxy: `service_proxy_adopt: true`). Run that with --check --diff first.",
            ]
        )
    )


def describe_change(title: str, before: Any, after: Any) -> Optional[str]:
    """Return a line for one difference: what is changed or removed, with the values; None if nothing differs."""
    if before == after:
        return None
    if not after:
        return f"removes {title}"
    if not before:
        return f"adds {title}"
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        names = [name for name in sorted({*before, *after}, key=str) if before.get(name) != after.get(name)]
        return f"changes {title}: " + "; ".join(_member(name, before.get(name), after.get(name)) for name in names)
    if isinstance(before, str) and isinstance(after, str) and "\n" in before:
        return f"changes {title}"
    return f"changes {title}: {_short(before)} -> {_short(after)}"


def _member(name: str, before: Any, after: Any) -> str:
    """Return one member of a mapping before and after; of lists of named things, only the names that differ."""
    if _is_named(before) and _is_named(after):
        gone, new = [[one["name"] for one in many if one not in other] for many, other in _pairs(before, after)]
        parts = [f"removes {', '.join(gone)}"] if gone else []
        parts += [f"adds {', '.join(new)}"] if new else []
        return f"{name}: {' and '.join(parts)}"
    return f"{name}: {_short(before)} -> {_short(after)}"


def _pairs(before: Any, after: Any) -> List[Any]:
    return [(before or [], after or []), (after or [], before or [])]


def _is_named(value: Any) -> bool:
    return value is None or (
        isinstance(value, list) and all(isinstance(one, Mapping) and "name" in one for one in value)
    )


_SHOWN = 80


def _short(value: Any) -> str:
    text = json.dumps(value, sort_keys=True, ensure_ascii=False)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
