# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Specs that the compiler's tests start from, and the collection's own template directory."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ansible_collections.codeless.apigateway.plugins.plugin_utils.compiler import compile_api, vtl_files

Json = dict[str, Any]

TEMPLATES = Path(__file__).resolve().parents[3] / "roles" / "service_proxy" / "templates" / "vtl"

ORDERS: Json = {
    "name": "orders",
    "hash_key": "customer",
    "range_key": "placed_at",
    "attributes": {"customer": "S", "placed_at": "S", "status": "S", "total": "N", "paid": "BOOL"},
    "indexes": [
        {"name": "by_status", "hash_key": "status", "range_key": "placed_at"},
        {"name": "by_total", "hash_key": "customer", "range_key": "total"},
    ],
}


def orders(*routes: Json, **words: Any) -> Json:
    """A spec with the table `orders` and these routes; `words` replace members of the spec."""
    return {"name": "shop", "stage": "dev", "tables": [ORDERS], "routes": list(routes), **words}


def templates_of(spec: Json) -> dict[str, str]:
    """The templates that a spec compiles to, by file name."""
    return vtl_files(compile_api(spec, [TEMPLATES]).definition)
