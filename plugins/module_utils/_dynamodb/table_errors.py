# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Error messages for what DynamoDB cannot change on a table, and for what prevents its deletion, with the remedies."""

from __future__ import annotations

from typing import List, Set

from .table_changes import maximums_after, provisioned_capacity, with_capacity
from .table_model import Found, Index, Table


def creation_errors(desired: Table) -> List[str]:
    """Return the errors of a table that does not exist yet."""
    return _capacity_errors(desired)


def change_errors(desired: Table, current: Table) -> List[str]:
    """Return what cannot be changed on an existing table, each with what to do instead."""
    return [
        *_key_errors(desired, current),
        *_index_errors(desired, current),
        *_local_index_errors(desired, current),
        *_capacity_errors(with_capacity(desired, current)),
        *_maximum_errors(desired, current),
        *_ttl_errors(desired, current),
    ]


def unmanaged_errors(desired: Table, current: Table) -> List[str]:
    """Return the keys and indexes in which a table with `managed: false` differs from its declaration."""
    errors = _key_differences(desired, current)
    for option in ("indexes", "local_indexes"):
        existing = {index.name: _described(index, current) for index in getattr(current, option) or ()}
        for index in getattr(desired, option) or ():
            if existing.get(index.name) != _described(index, desired):
                on_aws = existing.get(index.name, "missing")
                errors.append(f'{option}: "{index.name}" on AWS: {on_aws}; declared: {_described(index, desired)}')
    return [f"{error}. With managed: false the table is not changed; declare it as it is" for error in errors]


def deletion_errors(found: Found) -> List[str]:
    """Return what prevents the deletion of a table, each with its remedy."""
    errors = []
    if found.table.deletion_protection:
        errors.append(
            "it is protected against deletion, and was not deleted. To delete it, first set deletion_protection: false "
            "with state: present."
        )
    if found.holds_items:
        errors.append("it holds items, and was not deleted. To delete it with all its items, set force: true.")
    return errors


def _capacity_errors(table: Table) -> List[str]:
    if table.billing_mode != "PROVISIONED" or provisioned_capacity(table):
        return []
    return ["billing_mode: PROVISIONED needs read_capacity and write_capacity"]


def _maximum_errors(desired: Table, current: Table) -> List[str]:
    if desired.on_demand_throughput is None or maximums_after(desired, current) is not None:
        return []
    return ["on_demand_throughput needs billing_mode: PAY_PER_REQUEST; the table on AWS is PROVISIONED"]


def _ttl_errors(desired: Table, current: Table) -> List[str]:
    """Return the error for another time-to-live attribute, which needs two UpdateTimeToLive: one off, one on.

    AWS accepts one an hour for a table:
    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTimeToLive.html
    """
    if not desired.ttl_attribute or not current.ttl_attribute or desired.ttl_attribute == current.ttl_attribute:
        return []
    return [
        f'ttl_attribute is "{current.ttl_attribute}" on AWS and "{desired.ttl_attribute}" here, and AWS accepts one '
        'change of it an hour. Deploy once with ttl_attribute: "", and an hour later with the new attribute.'
    ]


def _key_errors(desired: Table, current: Table) -> List[str]:
    differences = _key_differences(desired, current)
    if not differences:
        return []
    return [
        f"{' and '.join(differences)}; a key schema cannot be changed. Give the new table another name, or delete this "
        "one on purpose (state: absent), with all its items."
    ]


def _key_differences(desired: Table, current: Table) -> List[str]:
    return [
        f"its {kind.lower()} key is {_key_with_type(current, kind)} on AWS and {_key_with_type(desired, kind)} here"
        for kind in ("HASH", "RANGE")
        if _key_with_type(current, kind) != _key_with_type(desired, kind)
    ]


def _key_with_type(table: Table, kind: str) -> str:
    """Return the table's hash or range key as a message names it: `"id" (S)`."""
    names = [name for name, role in table.keys if role == kind]
    return ", ".join(f'"{name}" ({table.key_types[name]})' for name in names) or "none"


def _index_errors(desired: Table, current: Table) -> List[str]:
    existing = {index.name: index for index in current.indexes or ()}
    errors: List[str] = []
    reported: Set[str] = set()
    for index in desired.indexes or ():
        if index.name not in existing:
            errors += _type_conflicts(index, desired, current, reported)
        elif _described(index, desired) != _described(existing[index.name], current):
            errors.append(
                f'its index "{index.name}" has {_described(existing[index.name], current)} on AWS and '
                f"{_described(index, desired)} here; an index cannot be changed. Give the new index another name: "
                "it is created, and then this one is deleted."
            )
    return errors


def _type_conflicts(index: Index, desired: Table, current: Table, reported: Set[str]) -> List[str]:
    """Return the attributes of a new index that are a key already, with another type; each is reported once."""
    errors = []
    for name, _kind in index.keys:
        current_type, desired_type = current.key_types.get(name), desired.key_types[name]
        if current_type not in (None, desired_type) and name not in reported:
            reported.add(name)
            errors.append(
                f'its attribute "{name}" is a key with the type {current_type} on AWS and {desired_type} here, for '
                f'index "{index.name}"; the type of a key cannot be changed. Write {name}: {current_type}.'
            )
    return errors


def _described(index: Index, table: Table) -> str:
    keys = ", ".join(f'{kind.lower()} key "{name}" ({table.key_types[name]})' for name, kind in index.keys)
    return f"{keys}, projection {index.projection}" + (f" of {', '.join(index.include)}" if index.include else "")


def _local_index_errors(desired: Table, current: Table) -> List[str]:
    if desired.local_indexes is None:
        return []
    declared = {index.name: _described(index, desired) for index in desired.local_indexes}
    existing = {index.name: _described(index, current) for index in current.local_indexes or ()}
    differing = sorted(name for name in {*declared, *existing} if declared.get(name) != existing.get(name))
    return [
        f'its local index "{name}" on AWS: {existing.get(name, "missing")}; declared: {declared.get(name, "missing")}. '
        "Local indexes are created with the table and cannot be changed; use indexes instead, or give the new table "
        "another name."
        for name in differing
    ]
