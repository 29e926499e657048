# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Parses routes, with their tables, actions and templates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..actions import ACTIONS
from ..actions.model import Action, ParsedRoute, RouteParts
from ..spec.authorization import AUTHORIZATION_OPTIONS, Authorization, Requirement
from ..spec.crud import crud_routes
from ..spec.entry import Entry
from ..spec.errors import suggestion
from ..spec.paths import Path, check_siblings, parse_route
from ..spec.statuses import INTEGRATION_RESPONSES
from ..spec.tables import Index, Table
from .expectations import parse_expectations

ROUTE_OPTIONS = (
    "route",
    "action",
    "table",
    "request_template",
    "response_templates",
    "summary",
    "description",
    "operation_id",
    "expect",
    *AUTHORIZATION_OPTIONS,
)
"""The options of every route. Each action has further ones."""


@dataclass(frozen=True)
class Route:
    """A valid route. `custom_request` and `custom_responses` (by status) are templates that the user wrote.

    `requirement` is what callers must send. `expectations` are requests with the expected responses.
    """

    where: str
    method: str
    path: Path
    action: Action
    table: Table
    index: Index | None
    parts: RouteParts
    requirement: Requirement
    custom_request: str | None
    custom_responses: Mapping[str, str]
    summary: str | None
    description: str | None
    operation_id: str | None
    expectations: tuple[dict[str, Any], ...]

    @property
    def text(self) -> str:
        """Return `METHOD /path`."""
        return f"{self.method} {self.path.text}"

    @property
    def success(self) -> str:
        """Return the status of a successful response, which is 200 with a custom template."""
        return "200" if "200" in self.custom_responses else self.parts.success


def parse_routes(
    spec: Entry, tables: Mapping[str, Table | None], authorization: Authorization, *, preflight: bool
) -> list[Route]:
    """Return the valid routes. `preflight` is whether OPTIONS is generated for each path."""
    entries = [*spec.entries("routes", "route"), *crud_routes(spec)]
    has_crud = any(table.has("crud") for table in spec.entries("tables", "name"))  # an invalid crud has its own error
    if not entries and not has_crud and not spec.options.get("routes"):
        spec.add_error("there are no routes", 'write routes: [{route: "GET /orders/{id}", action: GetItem}]')
    places = [(entry, place) for entry in entries if (place := parse_route(entry))]
    _reject_repeats(places, preflight)
    check_siblings((entry, path) for entry, (_method, path) in places)
    known = {entry.where: place for entry, place in places}
    return [route for entry in entries if (route := _parse(entry, known.get(entry.where), tables, authorization))]


def _reject_repeats(places: list[tuple[Entry, tuple[str, Path]]], preflight: bool) -> None:
    first: dict[tuple[str, str], str] = {}
    for entry, (method, path) in places:
        where = first.setdefault((method, path.text), entry.where)
        if where != entry.where:
            entry.add_error(f"{method} {path.text} is already defined in {where}", "remove one of them")
        if method == "OPTIONS" and preflight:
            entry.add_error("OPTIONS is generated for each path (CORS)", "remove the route, or write cors: false")


def _parse(
    entry: Entry, place: tuple[str, Path] | None, tables: Mapping[str, Table | None], authorization: Authorization
) -> Route | None:
    action = _parse_action(entry)
    table = _parse_table(entry, tables)
    custom_request = entry.text("request_template")
    custom_responses = _parse_responses(entry)
    _reject_options_without_effect(entry, action)
    texts = {option: entry.text(option) for option in ("summary", "description", "operation_id")}
    index = _parse_index(entry, table)
    requirement = authorization.requirement(entry, place[0] if place else "")
    if action is None or table is None or place is None or (entry.has("index") and index is None):
        return None
    method, path = place
    parts = action.build(ParsedRoute(entry, method, path, table, index))
    known = [one for one in parts.parameters if one.place != "path"] if parts and custom_request is None else None
    expectations = parse_expectations(entry, method, path, known)
    if parts is None:
        return None
    return Route(
        entry.where,
        method,
        path,
        action,
        table,
        index,
        parts,
        requirement,
        custom_request,
        custom_responses,
        **texts,
        expectations=expectations,
    )


def _parse_action(entry: Entry) -> Action | None:
    name = entry.required_text("action", "one of " + ", ".join(ACTIONS))
    if name is None:
        return None
    action = ACTIONS.get(name)
    if action is None:
        entry.add_error(f"unknown action {name!r}", suggestion(name, ACTIONS))
        return None
    if entry.has("index") and not action.uses_index:
        entry.add_error(f"{name} cannot read an index", "leave index out, or write action: Query")
    entry.reject_unknown(dict.fromkeys((*ROUTE_OPTIONS, *action.options, *(("index",) if entry.has("index") else ()))))
    return action


def _parse_table(entry: Entry, tables: Mapping[str, Table | None]) -> Table | None:
    if not entry.has("table"):
        if len(tables) > 1:
            entry.add_error("table is missing, and there are several tables", suggestion("", tables))
        return next(iter(tables.values())) if len(tables) == 1 else None
    name = entry.text("table")
    if name is not None and name not in tables:
        entry.add_error(f"unknown table {name!r}", suggestion(name, tables))
    return tables.get(name) if name else None


def _parse_index(entry: Entry, table: Table | None) -> Index | None:
    name = entry.text("index")
    if name is None or table is None:
        return None
    if name not in table.indexes:
        entry.add_error(f"table {table.name!r} has no index {name!r}", suggestion(name, table.indexes))
    return table.indexes.get(name)


def _parse_responses(entry: Entry) -> dict[str, str]:
    known = [answer.status for answer in INTEGRATION_RESPONSES]
    responses = Entry(
        entry.mapping("response_templates", "{200: some VTL}"), f"{entry.where} response_templates", entry.collector
    )
    for status in responses.options:
        if status not in known:
            entry.add_error(
                f"response_templates has a template for {status}, which is not a status of DynamoDB",
                f"write a template for {', '.join(known)}; it can set $context.responseOverride.status",
            )
    return {status: text for status in known if (text := responses.text(status))}


def _reject_options_without_effect(entry: Entry, action: Action | None) -> None:
    """Add an error for each option that a custom request template replaces. `index` is still part of the policy."""
    for option in action.options if action else ():
        if option != "index" and entry.has("request_template") and entry.has(option):
            entry.add_error(f"{option} has no effect with request_template", f"leave {option} out")
