# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The IAM policy of the execution role: only the actions that the routes use, on the tables and indexes they use."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..routes.route import Route
from ..spec.unique_names import UniqueNames, camel_case

Json = dict[str, Any]

_WRITES = ("PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "PartiQLInsert", "PartiQLUpdate", "PartiQLDelete")


def writes(route: Route) -> bool:
    """Return whether the route can change items."""
    return any(permission in _WRITES for permission in route.parts.permissions or (route.action.name,))


def build(routes: Iterable[Route]) -> Json:
    """Return the policy document of these routes, with a statement for each table and index that they use.

    Actions on hash keys with a constant prefix are in a separate statement, with a condition.
    """
    sids = UniqueNames()
    statements = [
        _statement(sids, table, index, keys, actions)
        for (table, index), uses in sorted(_uses(routes).items())
        for keys, actions in sorted(_by_keys(uses).items())
    ]
    return {"Version": "2012-10-17", "Statement": statements}


def _uses(routes: Iterable[Route]) -> dict[tuple[str, str], dict[str, set[str | None]]]:
    """Return the patterns of hash keys by table and index, and by action. None is the pattern of any key."""
    uses: dict[tuple[str, str], dict[str, set[str | None]]] = {}
    for route in routes:
        use = uses.setdefault((route.table.name, route.index.name if route.index else ""), {})
        for permission in route.parts.permissions or (route.action.name,):
            use.setdefault(f"dynamodb:{permission}", set()).add(route.parts.leading_key)
    return uses


def _by_keys(uses: dict[str, set[str | None]]) -> dict[tuple[str, ...], list[str]]:
    """Return the actions by their patterns. Actions of a route that can use any key have no patterns."""
    actions: dict[tuple[str, ...], list[str]] = {}
    for action, patterns in uses.items():
        known = tuple(sorted(pattern for pattern in patterns if pattern is not None))
        actions.setdefault(() if None in patterns else known, []).append(action)
    return actions


def _statement(sids: UniqueNames, table: str, index: str, keys: tuple[str, ...], actions: list[str]) -> Json:
    """Return a statement. IAM checks a Query of an index against the ARN of the index, not of the table."""
    names = ["index", index, "of", table] if index else ["table", table]
    arn = f"arn:${{AWS::Partition}}:dynamodb:${{AWS::Region}}:${{AWS::AccountId}}:table/{table}"
    condition = {"Condition": {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": list(keys)}}} if keys else {}
    return {
        "Sid": sids.take(camel_case([*names, *(["keys"] if keys else [])])),
        "Effect": "Allow",
        "Action": sorted(actions),
        "Resource": [f"{arn}/index/{index}" if index else arn],
        **condition,
    }
