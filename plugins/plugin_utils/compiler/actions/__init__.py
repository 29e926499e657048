# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The actions of routes, by their names in DynamoDB."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module

from .model import Action

_MODULES = {
    "GetItem": "get_item",
    "Query": "query",
    "Scan": "scan",
    "PutItem": "put_item",
    "UpdateItem": "update_item",
    "DeleteItem": "delete_item",
    "BatchGetItem": "batch_get_item",
    "TransactGetItems": "transact_get_items",
    "BatchWriteItem": "batch_write_item",
    "TransactWriteItems": "transact_write_items",
    "ExecuteStatement": "execute_statement",
}


class _Actions(Mapping[str, Action]):
    """Imports an action on first use, because imports cost time in each run of a playbook."""

    def __getitem__(self, name: str) -> Action:
        module = _MODULES[name]
        found: Action = getattr(import_module(f"{__name__}.{module}"), module.upper())
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(_MODULES)

    def __len__(self) -> int:
        return len(_MODULES)


ACTIONS: Mapping[str, Action] = _Actions()
