# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The IAM policy of the execution role: just the actions that the routes use, on the tables and indexes they use."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .names import Names, camel
from .routes import Route

Json = dict[str, Any]


def build(routes: Iterable[Route]) -> Json:
    """The policy document of these routes: one statement for each table and each index in use."""
    uses: dict[tuple[str, str], set[str]] = {}
    for route in routes:
        use = (route.table.name, route.index.name if route.index else "")
        uses.setdefault(use, set()).add(f"dynamodb:{route.action.name}")
    sids = Names()
    return {
        "Version": "2012-10-17",
        "Statement": [_statement(sids, table, index, actions) for (table, index), actions in sorted(uses.items())],
    }


def _statement(sids: Names, table: str, index: str, actions: set[str]) -> Json:
    """A Query of an index is allowed on the index's ARN, not on the table's."""
    words = ["index", index, "of", table] if index else ["table", table]
    arn = f"arn:${{AWS::Partition}}:dynamodb:${{AWS::Region}}:${{AWS::AccountId}}:table/{table}"
    return {
        "Sid": sids.take(camel(words)),
        "Effect": "Allow",
        "Action": sorted(actions),
        "Resource": [f"{arn}/index/{index}" if index else arn],
    }
