# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The word `crud` of a table: the five usual routes of its items, written as a user would write them."""

from __future__ import annotations

from .reading import Entry

_OF_AN_ITEM = {"GET": "GetItem", "PUT": "PutItem", "PATCH": "UpdateItem", "DELETE": "DeleteItem"}


def crud_routes(spec: Entry) -> list[Entry]:
    """The routes of all tables that have the word, but those that are among the spec's own."""
    written = {" ".join(str(entry.words.get("route")).split()) for entry in spec.entries("routes", "route")}
    routes = [route for table in spec.entries("tables", "name") for route in _routes(table)]
    return [route for route in routes if route.words["route"] not in written]


def _routes(table: Entry) -> list[Entry]:
    path = table.text("crud", f"/{table.words.get('name')}/{{id}}")
    if path is None or not _is_item_path(table, path):
        return []
    collection = path.rpartition("/")[0] or "/"
    many = _entry(table, "GET", collection, "Query" if table.has("range_key") else "Scan")
    return [many, *(_entry(table, method, path, action) for method, action in _OF_AN_ITEM.items())]


def _entry(table: Entry, method: str, path: str, action: str) -> Entry:
    words = {"route": f"{method} {path}", "action": action, "table": table.words.get("name")}
    return Entry(words, f'{table.where} crud "{words["route"]}"', table.report)


def _is_item_path(table: Entry, path: str) -> bool:
    """Whether the path has a parameter for each key attribute, the last of them at its end."""
    keys = [str(table.words.get(word)) for word in ("hash_key", "range_key") if table.has(word)]
    segments = path.split("/")
    missing = [key for key in keys if f"{{{key}}}" not in segments]
    if missing or not path.startswith("/") or (keys and segments[-1] != f"{{{keys[-1]}}}"):
        example = "/" + "/".join(f"{{{key}}}" for key in keys or ["id"])
        table.mistake(
            f"crud {path!r} is no path of an item: it has the key attributes as parameters, the last one at its end",
            f"write it like /{table.words.get('name')}{example}",
        )
        return False
    return True
