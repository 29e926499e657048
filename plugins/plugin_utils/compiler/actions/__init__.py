# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The actions that a route can name, by DynamoDB's names for them."""

from __future__ import annotations

from collections.abc import Mapping

from .batch_get_item import BATCH_GET_ITEM
from .batch_write_item import BATCH_WRITE_ITEM
from .delete_item import DELETE_ITEM
from .execute_statement import EXECUTE_STATEMENT
from .get_item import GET_ITEM
from .plan import Action
from .put_item import PUT_ITEM
from .query import QUERY
from .scan import SCAN
from .transact_get_items import TRANSACT_GET_ITEMS
from .transact_write_items import TRANSACT_WRITE_ITEMS
from .update_item import UPDATE_ITEM

ACTIONS: Mapping[str, Action] = {
    action.name: action
    for action in (
        GET_ITEM,
        QUERY,
        SCAN,
        PUT_ITEM,
        UPDATE_ITEM,
        DELETE_ITEM,
        BATCH_GET_ITEM,
        TRANSACT_GET_ITEMS,
        BATCH_WRITE_ITEM,
        TRANSACT_WRITE_ITEMS,
        EXECUTE_STATEMENT,
    )
}
