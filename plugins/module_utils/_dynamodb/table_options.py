# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The options that declare a table, for the argument spec of every module that takes a table."""

from __future__ import annotations

from typing import Any, Dict

# Keys are names of attributes here, no secrets, whatever Ansible makes of the word.
_LOCAL_INDEX = {
    "name": {"type": "str", "required": True},
    "range_key": {"type": "str", "required": True, "no_log": False},
    "projection": {"type": "raw", "default": "ALL"},
}
_INDEX = {
    **_LOCAL_INDEX,
    "hash_key": {"type": "str", "required": True, "no_log": False},
    "range_key": {"type": "str", "no_log": False},
}

OPTIONS: Dict[str, Any] = {
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "name": {"type": "str", "required": True},
    "hash_key": {"type": "str", "no_log": False},
    "range_key": {"type": "str", "no_log": False},
    "attributes": {"type": "dict", "default": {}},
    "indexes": {"type": "list", "elements": "dict", "options": _INDEX},
    "purge_indexes": {"type": "bool", "default": False},
    "local_indexes": {"type": "list", "elements": "dict", "options": _LOCAL_INDEX},
    "billing_mode": {"type": "str", "choices": ["PAY_PER_REQUEST", "PROVISIONED"]},
    "read_capacity": {"type": "int"},
    "write_capacity": {"type": "int"},
    "table_class": {"type": "str", "choices": ["STANDARD", "STANDARD_INFREQUENT_ACCESS"]},
    "deletion_protection": {"type": "bool"},
    "stream_view_type": {
        "type": "str",
        "choices": ["NONE", "KEYS_ONLY", "NEW_IMAGE", "OLD_IMAGE", "NEW_AND_OLD_IMAGES"],
    },
    "ttl_attribute": {"type": "str"},
    "point_in_time_recovery": {"type": "bool"},
    "recovery_period_in_days": {"type": "int"},
    "encryption_key": {"type": "str", "no_log": False},
    "on_demand_throughput": {
        "type": "dict",
        "options": {"max_read_request_units": {"type": "int"}, "max_write_request_units": {"type": "int"}},
    },
    "warm_throughput": {
        "type": "dict",
        "options": {"read_units_per_second": {"type": "int"}, "write_units_per_second": {"type": "int"}},
    },
    "tags": {"type": "dict", "aliases": ["resource_tags"]},
    "purge_tags": {"type": "bool", "default": False},
    "adopt": {"type": "bool", "default": False},
    "force": {"type": "bool", "default": False},
    "wait": {"type": "bool", "default": True},
    "wait_timeout": {"type": "int", "default": 600},
}
