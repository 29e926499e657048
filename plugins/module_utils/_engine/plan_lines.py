# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The changes of a plan as text for people: a line for what is added, changed and removed.

The lines name everything that a plan changes. They show values only if these are short and no data of users: items and
stage variables are named without their values.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Dict, Iterator, List, Mapping, Sequence, Tuple

ADD, CHANGE, REMOVE = "add", "change", "remove"
SIGNS = {ADD: "+", CHANGE: "~", REMOVE: "-"}


@dataclass(frozen=True)
class Entry:
    """A resource or a part of one: its change (`ADD`, `CHANGE`, `REMOVE`), its title, and the members that change."""

    kind: str
    title: str
    what: str = ""

    def __str__(self) -> str:
        return f"{self.title}: {self.what}" if self.what else self.title


def entry(title: str, before: Any, after: Any) -> Entry:
    """Return the entry of a resource whose states differ. None, or an empty state beside another, is no resource."""
    if before is None or (not before and after):
        return Entry(ADD, title)
    if after is None or (before and not after):
        return Entry(REMOVE, title)
    return Entry(CHANGE, title, _what(title, before, after))


def lines(entries: Sequence[Entry]) -> List[str]:
    """Return a line for each entry; similar entries of a kind share one.

    A route has its own line unless several routes change in the same way.
    """
    found = []
    for kind, sign in SIGNS.items():
        groups: Dict[Tuple[str, str], List[Entry]] = {}
        for one in entries:
            if one.kind == kind:
                groups.setdefault(_group(one), []).append(one)
        found += [
            f"{sign} {line}" for (group, what), those in groups.items() for line in _group_lines(group, what, those)
        ]
    return found


_TOGETHER = {
    "route OPTIONS ": "routes OPTIONS",
    "model ": "models",
    "gateway response ": "gateway responses",
    "request validator ": "request validators",
    "route ": "routes",
}
"""The beginnings of titles whose entries can share a line, with the noun of that line."""

_ITEM = re.compile(r"item of \S+: ")
_SHOWN_ITEMS = 10
_MANY_ROUTES = 4


def _group(one: Entry) -> Tuple[str, str]:
    """Return the key that entries share if they can share a line."""
    item = _ITEM.match(one.title)
    if item and one.kind == ADD:
        return item[0], ""
    for prefix in _TOGETHER:
        if one.title.startswith(prefix):
            return (prefix, one.what) if prefix != "route " or one.what else (one.title, "")
    return one.title, one.what


def _group_lines(group: str, what: str, entries: Sequence[Entry]) -> List[str]:
    fewest = _MANY_ROUTES if group == "route " else 2
    if len(entries) < fewest or group == entries[0].title:
        return [str(one) for one in entries]
    names = [one.title[len(group) :] for one in entries]
    about = f": {what}" if what else ""
    if group in _TOGETHER:
        return [f"{len(names)} {_TOGETHER[group]}{about}: {', '.join(names)}"]
    left_out = len(names) - _SHOWN_ITEMS
    more = f"; and {left_out} more" if left_out > 0 else ""
    return [f"{len(names)} items of {group[len('item of ') : -2]}: {'; '.join(names[:_SHOWN_ITEMS])}{more}"]


_MOST_PARTS = 8


def _what(title: str, before: Any, after: Any) -> str:
    """Return the members in which two states differ, each with its values if they are short."""
    if not isinstance(before, Mapping) or not isinstance(after, Mapping):
        return _values(before, after) if _is_short(before) and _is_short(after) else _list_change(before, after)
    hides = title.startswith("item of ")
    parts: Dict[str, None] = {}
    for path, old, new in _differences(before, after, ()):
        name, is_text = _part(path)
        shown = not (hides or is_text or _is_variable(path)) and _is_short(old) and _is_short(new)
        parts[f"{name} {_values(old, new)}" if shown else name] = None
    named = list(parts)
    more = f" and {len(named) - _MOST_PARTS} more" if len(named) > _MOST_PARTS else ""
    return ", ".join(named[:_MOST_PARTS]) + more


def _list_change(before: Any, after: Any) -> str:
    """Return the names that a list gains and loses; an empty text for values that are no lists."""
    if not isinstance(before, (list, tuple)) or not isinstance(after, (list, tuple)):
        return ""
    gained = [f"+{name}" for name in after if name not in before]
    return ", ".join([*gained, *(f"-{name}" for name in before if name not in after)])


Path = Tuple[str, ...]


def _differences(before: Mapping[str, Any], after: Mapping[str, Any], path: Path) -> Iterator[Tuple[Path, Any, Any]]:
    for name in sorted({*before, *after}, key=str):
        old, new = _keyed(before.get(name)), _keyed(after.get(name))
        if name == "tags":  # each by its key, also if there were or will be none
            old, new = old or {}, new or {}
        if old == new and (name in before) == (name in after):
            continue
        here = (*path, str(name))
        if isinstance(old, Mapping) and isinstance(new, Mapping):
            yield from _differences(old, new, here)
        else:
            yield here, old, new


def _keyed(value: Any) -> Any:
    """Return a list of named mappings (indexes, statements of a policy) as a mapping by name; else the value."""
    if isinstance(value, list) and value and all(isinstance(one, Mapping) for one in value):
        for key in ("name", "Sid"):
            names = [one.get(key) for one in value]
            if all(names) and len(set(names)) == len(names):
                return dict(zip(names, value))
    return value


_TEMPLATES = ("requestTemplates", "responseTemplates")


def _part(path: Path) -> Tuple[str, bool]:
    """Return the name of a member as users know it, and whether it is a template, which only the diff shows."""
    inner = path[1:] if path[0] == "integration" and len(path) > 1 else path
    if inner[0] == "requestTemplates":
        return _template("request template", inner[1:]), True
    if inner[0] == "responses" and len(inner) > 2 and inner[2] == "responseTemplates":
        return _template(f"response template {inner[1]}", inner[3:]), True
    if len(inner) > 1 and inner[-2] == "responseParameters":
        return f"response header {inner[-1].rpartition('.header.')[2]}", False
    if inner[0] == "responses" and len(inner) > 1:
        return " ".join(["response", *inner[1:]]), False
    return ".".join(inner), any(name in _TEMPLATES for name in inner)


def _template(name: str, content_type: Path) -> str:
    return f"{name} ({content_type[0]})" if content_type and content_type[0] != "application/json" else name


def _is_variable(path: Path) -> bool:
    return path[0].startswith(("variables/", "canarySettings/stageVariableOverrides/"))


def _is_short(value: Any) -> bool:
    return value is None or isinstance(value, (bool, int, float)) or (isinstance(value, str) and len(value) <= 40)


def _values(old: Any, new: Any) -> str:
    return f"{_shown(old)} -> {_shown(new)}"


def _shown(value: Any) -> str:
    if value is None or value == "":
        return "none"
    return str(value).lower() if isinstance(value, bool) else str(value).replace("\n", " ")
