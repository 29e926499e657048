# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The option `crud` of a table: five routes for its items, as if the user had written them."""

from __future__ import annotations

from .entry import Entry
from .unique_names import is_parameter_name, parameter_name, quote_for_yaml

_ITEM_ACTIONS = {"GET": "GetItem", "PUT": "PutItem", "PATCH": "UpdateItem", "DELETE": "DeleteItem"}


def crud_routes(spec: Entry) -> list[Entry]:
    """Return the routes of all tables with `crud`, without the ones that the description has itself."""
    written = {" ".join(str(entry.options.get("route")).split()) for entry in spec.entries("routes", "route")}
    routes = [route for table in spec.entries("tables", "name") for route in _routes(table)]
    return [route for route in routes if route.options["route"] not in written]


def _routes(table: Entry) -> list[Entry]:
    path = table.text("crud", f"/{table.options.get('name')}/{{id}}")
    if path is None or not _is_item_path(table, path):
        return []
    collection = path.rpartition("/")[0] or "/"
    collection_route = _entry(table, "GET", collection, "Query" if table.has("range_key") else "Scan")
    return [collection_route, *(_entry(table, method, path, action) for method, action in _ITEM_ACTIONS.items())]


def _entry(table: Entry, method: str, path: str, action: str) -> Entry:
    options = {"route": f"{method} {path}", "action": action, "table": table.options.get("name")}
    return Entry(options, f'{table.where} crud "{options["route"]}"', table.collector)


def _is_item_path(table: Entry, path: str) -> bool:
    """Return whether the path has a parameter for each key attribute and ends with the last one, or add an error."""
    keys = [str(table.options.get(word)) for word in ("hash_key", "range_key") if table.has(word)]
    if not all(map(is_parameter_name, keys)):
        _suggest_routes(table, keys)
        return False
    segments = path.split("/")
    missing = [key for key in keys if f"{{{key}}}" not in segments]
    if missing or not path.startswith("/") or (keys and segments[-1] != f"{{{keys[-1]}}}"):
        example = f"/{table.options.get('name')}/" + "/".join(f"{{{key}}}" for key in keys or ["id"])
        table.add_error(
            f"crud {path!r} is not the path of an item",
            f"write the key attributes as parameters, the last one at the end, like {example}",
        )
        return False
    return True


def _suggest_routes(table: Entry, keys: list[str]) -> None:
    """Add an error for a key attribute that cannot be the name of a parameter, with a route that works."""
    name = next(key for key in keys if not is_parameter_name(key))
    parameters = {
        key: f"{parameter_name(key)}_{at}" if len(keys) > 1 else parameter_name(key) for at, key in enumerate(keys, 1)
    }
    path = "/".join([f"/{table.options.get('name')}", *(f"{{{parameter}}}" for parameter in parameters.values())])
    sources = ", ".join(f"{quote_for_yaml(key)}: path.{parameter}" for key, parameter in parameters.items())
    table.add_error(
        f"crud cannot use {name!r} as the name of a path parameter",
        f'write routes instead of crud, like {{route: "GET {path}", action: GetItem, '
        f"table: {table.options.get('name')}, key: {{{sources}}}}}",
    )
