# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Validation of options that the compiler does not read: settings of tables, items, and the options of the stage.

The modules of these resources validate them too. Here the errors join those of the compiler, so that a user gets all of
them at once and before the first call.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.codeless.apigateway.plugins.module_utils._dynamodb.items import (
    ITEMS_MODE,
    Schema,
    declared_items,
)
from ansible_collections.codeless.apigateway.plugins.module_utils._dynamodb.table_declared import declared_table
from ansible_collections.codeless.apigateway.plugins.module_utils._dynamodb.table_options import OPTIONS
from ansible_collections.codeless.apigateway.plugins.module_utils._stage import options as _stage_options
from ansible_collections.codeless.apigateway.plugins.plugin_utils.compiler import ValidationError
from ansible_collections.codeless.apigateway.plugins.plugin_utils.compiler.spec.entry import (
    ROOT,
    describe,
    entry_error,
    label_place,
)
from ansible_collections.codeless.apigateway.plugins.plugin_utils.compiler.spec.errors import suggestion
from ansible_collections.codeless.apigateway.plugins.plugin_utils.compiler.spec.tables import TABLE_MODULE_OPTIONS

_READ_ELSEWHERE = (
    "tables",
    "routes",
    "cors",
    "authorizers",
    "auth",
    "api_key",
    "public",
    "items",
    "report",
    "compiled",
)
"""Options that the compiler or this file reads, and those that no user writes."""


_OPTIONS = {**OPTIONS, "items_mode": ITEMS_MODE}


def option_errors(given: Mapping[str, Any], argument_spec: Mapping[str, Any]) -> list[ValidationError]:
    """Return the errors in the options of service_proxy that the compiler does not read. `given` is plain data."""
    options = {name: value for name, value in given.items() if name in argument_spec and name not in _READ_ELSEWHERE}
    found = list(_kind_errors(options, argument_spec, ROOT))
    if not found:
        found += _stage_errors(_converted(options, argument_spec))
    tables = given.get("tables")
    for at, table in enumerate(tables if isinstance(tables, list) else []):
        if isinstance(table, dict):
            found += _table_errors(table, f"tables[{at}]")
    return [*found, *_item_errors(given.get("items"), tables)]


def _table_errors(table: Mapping[str, Any], place: str) -> Iterator[ValidationError]:
    """Yield the errors in the settings of a table. The compiler validates its keys, attributes and indexes."""
    name = table.get("name")
    where = label_place(place, name)
    spec = {word: option for word, option in _OPTIONS.items() if word in TABLE_MODULE_OPTIONS}
    settings = {word: value for word, value in table.items() if word in spec and value is not None}
    wrong = list(_kind_errors(settings, spec, where))
    yield from wrong
    if not wrong:
        keys = {"name": "table", "hash_key": "id", "attributes": {"id": "S"}}
        _table, errors = declared_table({**_converted(settings, spec), **keys})
        yield from (_mistake(where, error) for error in errors)


def _item_errors(items: Any, tables: Any) -> Iterator[ValidationError]:
    """Yield the errors in the items of all tables."""
    if items is None:
        return
    if not isinstance(items, dict):
        what = f"items is {describe(items)}, not a mapping"
        yield ValidationError(ROOT, what, "write the items of each table under the table's name: {orders: [{id: a}]}")
        return
    listed = [table for table in tables if isinstance(table, dict)] if isinstance(tables, list) else []
    declared = {table["name"]: table for table in listed if isinstance(table.get("name"), str)}
    for name, entries in items.items():
        if name not in declared and len(declared) == len(listed):
            yield ValidationError("items", f"there is no table {name!r} in tables", suggestion(name, declared))
        if not isinstance(entries, list):
            what = f"{name} is {describe(entries)}, not a list"
            yield ValidationError("items", what, "put a dash before each item: - {id: a}")
            continue
        wrong = {f"[{at}]": error for at, entry in enumerate(entries) if (error := entry_error(entry, "id"))}
        yield from (ValidationError(f"items {name}{place}", *error) for place, error in wrong.items())
        if name in declared:
            items = [entry if isinstance(entry, dict) else {} for entry in entries]
            errors = _value_errors(items, name, declared[name])
            yield from (error for error in errors if error.where.removeprefix(f"items {name}") not in wrong)


def _value_errors(entries: list[Any], name: str, table: Mapping[str, Any]) -> Iterator[ValidationError]:
    """Yield the errors in the items of a table; none where the table's own errors leave its keys unknown."""
    attributes, keys = table.get("attributes") or {}, [table.get("hash_key"), table.get("range_key")]
    if not isinstance(attributes, dict) or any(key is not None and not isinstance(key, str) for key in keys):
        return
    params = {"state": "present", "items": entries, "attributes": attributes}
    _items, errors = declared_items(params, Schema(tuple(key for key in keys if key), {}))
    for error in errors:
        place, _colon, text = error.partition(": ")
        if not text:  # about two items
            yield _mistake(f"items {name}", error)
        elif place != "attributes":  # these are in the table, where the compiler finds them
            yield _mistake(f"items {name}{place.removeprefix('items')}", text)


def _stage_errors(options: Mapping[str, Any]) -> Iterator[ValidationError]:
    """Yield the errors in the options of the stage. The compiler validates its name."""
    state = (options.get("canary") or {}).get("state", "present")
    if state != "present":
        what = f"canary.state {state} ends a canary, and this deploys"
        yield ValidationError(
            ROOT, what, f"end the canary with canary.yml -e state={state}, or with codeless.apigateway.stage"
        )
        return
    named = {**options, "name": "prod", "variables": options.get("stage_variables"), "description": None}
    for error in _stage_options.errors(named):
        yield _mistake(ROOT, re.sub(r"^variables\b", "stage_variables", error))


def _converted(given: Mapping[str, Any], spec: Mapping[str, Any]) -> dict[str, Any]:
    """Return options as Ansible converts them (`"10"` to 10), without the defaults of others."""
    options = {name: {**spec[name], "required": False} for name in given}
    return dict(ArgumentSpecValidator(options).validate(given).validated_parameters)


def _mistake(where: str, error: str) -> ValidationError:
    """Return an error of a module as the compiler has them; what to write stands behind a semicolon."""
    what, _semicolon, write = error.partition("; ")
    return ValidationError(where, what, write)


_KINDS = {
    "bool": "true or false",
    "dict": "a mapping",
    "float": "a number",
    "int": "a whole number",
    "list": "a list",
    "str": "text",
}


def _kind_errors(given: Mapping[str, Any], spec: Mapping[str, Any], where: str) -> Iterator[ValidationError]:
    """Yield the options whose value is of the wrong kind or not among the choices.

    Ansible decides what it can convert, as for any module. Its messages contain Python's types, so they are replaced.
    """
    for name, value in given.items():
        if value is not None:
            for error in ArgumentSpecValidator({name: spec[name]}).validate({name: value}).error_messages:
                yield _kind_error(name, value, spec[name], error, where)


def _kind_error(name: str, value: Any, option: Mapping[str, Any], error: str, where: str) -> ValidationError:
    if "choices" in option and value not in option["choices"]:
        return ValidationError(where, f"{name} is {describe(value)}", f"write one of: {', '.join(option['choices'])}")
    within = re.search(r"argument '([^']+)' is of type .* found in", error)
    if within and isinstance(value, dict):
        kind = _KINDS.get(option["options"][within[1]]["type"], "another value")
        return ValidationError(
            name if where == ROOT else f"{where} {name}",
            f"{within[1]} is {describe(value.get(within[1]))}",
            f"write {kind}",
        )
    if "unable to convert" in error:
        return ValidationError(
            where, f"{name} is {describe(value)}", f"write {_KINDS.get(option['type'], 'another value')}"
        )
    return ValidationError(where, f"{name}: {error}", "")
