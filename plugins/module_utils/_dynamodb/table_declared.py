# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The desired table: the module's options, validated and in canonical form."""

from __future__ import annotations

import re
from typing import Any, Dict, Iterable, List, Mapping, Optional, Tuple

from .._engine.resource import Params
from .attribute_types import KEY_TYPES, TABLE_OR_INDEX_NAME, TYPES
from .table_model import AWS_MANAGED, AWS_OWNED, LONGEST_RECOVERY, NO_MAXIMUM, Index, Keys, Table

_PROJECTIONS = ("ALL", "KEYS_ONLY")
_KMS_KEY = re.compile(
    r"arn:[\w-]+:kms:\S+|alias/\S+|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|mrk-[0-9a-f]{32}"
)


def declared_table(params: Params) -> Tuple[Table, List[str]]:
    """Return the desired table and all errors in its declaration. The table is valid only without errors."""
    errors: List[str] = []
    types = declared_types(params.get("attributes") or {}, errors)
    keys = _keys(params.get("hash_key"), params.get("range_key"))
    indexes = _indexes(params.get("indexes"), None, errors)
    local_indexes = _indexes(params.get("local_indexes"), params.get("hash_key"), errors)
    errors += _name_errors(params["name"], [*(indexes or ()), *(local_indexes or ())])
    named = {name: types.get(name) for name in params.get("attributes") or {}}
    errors += _key_errors(keys, indexes or (), local_indexes or (), named)
    errors += _billing_errors(params) + _ttl_errors(params.get("ttl_attribute"), types)
    errors += _recovery_errors(params) + _encryption_errors(params.get("encryption_key"))
    errors += _throughput_errors(params)
    table = Table(
        name=params["name"],
        keys=keys,
        key_types=_key_types([keys, *(index.keys for index in (*(indexes or ()), *(local_indexes or ())))], types),
        indexes=indexes,
        local_indexes=local_indexes,
        on_demand_throughput=_given(params, "on_demand_throughput"),
        warm_throughput=_given(params, "warm_throughput"),
        **{name: params.get(name) for name in _SETTINGS},
    )
    return table, errors


_SETTINGS = (
    "billing_mode",
    "read_capacity",
    "write_capacity",
    "table_class",
    "deletion_protection",
    "stream_view_type",
    "ttl_attribute",
    "point_in_time_recovery",
    "recovery_period_in_days",
    "encryption_key",
    "tags",
)


def _given(params: Params, name: str) -> Optional[Dict[str, int]]:
    """Return the declared numbers of a throughput; None, which means not managed, if there are none."""
    return {word: value for word, value in (params.get(name) or {}).items() if value is not None} or None


def declared_types(attributes: Mapping[str, Any], errors: List[str]) -> Dict[str, str]:
    """Return the types of attributes, each declared as `S` or as `{type: S}`. YAML reads a bare NULL as null."""
    given = {name: one.get("type") if isinstance(one, Mapping) else one for name, one in attributes.items()}
    types = {name: "NULL" if one is None else one for name, one in given.items()}
    for name, declared in types.items():
        if declared not in TYPES:
            errors.append(f'attributes: "{name}" has the type "{declared}"; the types are {", ".join(TYPES)}')
    return {name: declared for name, declared in types.items() if declared in TYPES}


def _keys(hash_key: Optional[str], range_key: Optional[str]) -> Keys:
    pairs = ((hash_key, "HASH"), (range_key, "RANGE"))
    return tuple((name, kind) for name, kind in pairs if name)


def _indexes(
    given: Optional[List[Dict[str, Any]]], hash_key: Optional[str], errors: List[str]
) -> Optional[Tuple[Index, ...]]:
    """Return the indexes sorted by name. `hash_key` is that of the table, which local indexes share."""
    if given is None:
        return None
    indexes = []
    for entry in given:
        projection, include = _projection(entry["name"], entry.get("projection"), errors)
        keys = _keys(hash_key or entry.get("hash_key"), entry.get("range_key"))
        indexes.append(Index(entry["name"], keys, projection, include))
    return tuple(sorted(indexes, key=lambda index: index.name))


def _projection(index: str, given: Any, errors: List[str]) -> Tuple[str, Tuple[str, ...]]:
    if given is None:
        return "ALL", ()
    if isinstance(given, str) and given in _PROJECTIONS:
        return given, ()
    if isinstance(given, Mapping) and set(given) == {"include"} and given["include"]:
        return "INCLUDE", tuple(sorted(given["include"]))
    errors.append(
        f'index "{index}": projection is {given!r}; write ALL, KEYS_ONLY, or {{include: [names of attributes]}}'
    )
    return "ALL", ()


def _name_errors(name: str, indexes: List[Index]) -> List[str]:
    names = [index.name for index in indexes]
    errors = [
        f'{what} "{text}" must be 3 to 255 letters, digits, underscores, hyphens and dots'
        for what, text in [("the name", name), *(("the index name", text) for text in names)]
        if not TABLE_OR_INDEX_NAME.fullmatch(text)
    ]
    twice = sorted({text for text in names if names.count(text) > 1})
    return errors + [f'two indexes have the name "{text}"' for text in twice]


def _key_errors(
    keys: Keys, indexes: Iterable[Index], local_indexes: Tuple[Index, ...], types: Mapping[str, Optional[str]]
) -> List[str]:
    """Return the errors in key schemas. In `types`, None stands for an unknown type, which has its own error."""
    if not any(kind == "HASH" for _name, kind in keys):
        return ["hash_key is missing; write the name of the partition key"]
    errors = _schema_errors("the table", keys, types)
    for index in (*indexes, *local_indexes):
        errors += _schema_errors(f'index "{index.name}"', index.keys, types)
    if local_indexes and len(keys) < 2:
        errors.append("local_indexes need a table with a range_key")
    errors += [f'local index "{index.name}" has no range_key' for index in local_indexes if len(index.keys) < 2]
    return errors


def _schema_errors(owner: str, keys: Keys, types: Mapping[str, Optional[str]]) -> List[str]:
    errors = []
    for name, kind in keys:
        role = f'"{name}" is the {kind.lower()} key of {owner}'
        if name not in types:
            errors.append(f"{role}, and attributes has no type for it; write attributes: {{{name}: S}}, N or B")
        elif types[name] not in (None, *KEY_TYPES):
            errors.append(f"{role} and has the type {types[name]}; a key is S, N or B")
    if len({name for name, _kind in keys}) < len(keys):
        errors.append(f"{owner} has one attribute as both hash and range key")
    return errors


def _key_types(schemas: Iterable[Keys], types: Mapping[str, str]) -> Dict[str, str]:
    return {name: types[name] for keys in schemas for name, _kind in keys if name in types}


def _billing_errors(params: Params) -> List[str]:
    given = [name for name in ("read_capacity", "write_capacity") if params.get(name) is not None]
    errors = [f"{name} is {params[name]}; it must be 1 or more" for name in given if params[name] < 1]
    if params.get("billing_mode") != "PROVISIONED":
        errors += [f"{name} needs billing_mode: PROVISIONED" for name in given]
    return errors


def _ttl_errors(attribute: Optional[str], types: Mapping[str, str]) -> List[str]:
    if not attribute or types.get(attribute, "N") == "N":
        return []
    return [
        f'ttl_attribute "{attribute}" has the type {types[attribute]}; it must be a number (N), in seconds since 1970'
    ]


def _recovery_errors(params: Params) -> List[str]:
    days = params.get("recovery_period_in_days")
    if days is None:
        return []
    errors = (
        [] if 1 <= days <= LONGEST_RECOVERY else [f"recovery_period_in_days is {days}; write 1 to {LONGEST_RECOVERY}"]
    )
    if not params.get("point_in_time_recovery"):
        errors.append("recovery_period_in_days needs point_in_time_recovery: true")
    return errors


def _encryption_errors(key: Optional[str]) -> List[str]:
    if key is None or key in (AWS_OWNED, AWS_MANAGED) or _KMS_KEY.fullmatch(key):
        return []
    return [
        f'encryption_key is "{key}"; write {AWS_OWNED}, {AWS_MANAGED}, or a key of KMS by its ARN, its id or its alias '
        "(alias/orders)"
    ]


def _throughput_errors(params: Params) -> List[str]:
    maximums, warm = _given(params, "on_demand_throughput") or {}, _given(params, "warm_throughput") or {}
    errors = [
        f"on_demand_throughput: {word} is {value}; write 1 or more, or {NO_MAXIMUM} for no maximum"
        for word, value in maximums.items()
        if value != NO_MAXIMUM and value < 1
    ]
    errors += [f"warm_throughput: {word} is {value}; write 1 or more" for word, value in warm.items() if value < 1]
    if maximums and params.get("billing_mode") == "PROVISIONED":
        errors.append("on_demand_throughput needs billing_mode: PAY_PER_REQUEST")
    return errors
