# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The sources of key attributes: the path parameter with the attribute's name, or what the option `key` names."""

from __future__ import annotations

import re
from typing import Any

from ..spec.errors import suggestion
from ..spec.tables import KeyAttribute
from ..spec.unique_names import is_parameter_name, parameter_name, quote_for_yaml
from .model import KeyValue, ParsedRoute, all_or_none
from .typed_sources import parse_typed_source


def declared_sources(route: ParsedRoute) -> dict[str, Any]:
    """Return the option `key`: sources by attribute."""
    return route.entry.mapping("key", "{customer: query.customer}")


def reject_unknown_keys(route: ParsedRoute) -> None:
    """Add an error for each name under `key` that is not a key attribute of the table or index."""
    names = [attribute.name for _variable, attribute in route.key_attributes]
    owner = f"index {route.index.name!r}" if route.index else f"table {route.table.name!r}"
    for name in declared_sources(route):
        if name not in names:
            route.add_error(f"key {name!r} is not a key attribute of {owner}", suggestion(name, names))


def parse_whole_key(route: ParsedRoute) -> tuple[KeyValue, ...] | None:
    """Return all key attributes of the table with their sources; None after an error."""
    reject_unknown_keys(route)
    return all_or_none([parse_key(route, variable, attribute) for variable, attribute in route.key_attributes])


def parse_key(route: ParsedRoute, variable: str, attribute: KeyAttribute) -> KeyValue | None:
    """Return a key attribute with its source; None after an error. An attribute without a source is an error."""
    if not has_source(route, attribute):
        route.add_error(f"the key attribute {attribute.name!r} has no source", _source_remedy(route, attribute))
        return None
    label = f"key {attribute.name!r}"
    raw = declared_sources(route).get(attribute.name, f"path.{attribute.name}")
    if isinstance(raw, dict) and "value" not in raw:
        example = f"{{{quote_for_yaml(attribute.name)}: query.{parameter_name(attribute.name)}}}"
        route.add_error(
            f"{label} has a condition, but this action needs one value",
            f"write key: {example}, or {{value: a literal}}",
        )
        return None
    source = parse_typed_source(route, label, raw, attribute)
    return None if source is None else KeyValue(variable, attribute, source)


def has_source(route: ParsedRoute, attribute: KeyAttribute) -> bool:
    """Return whether the path or the option `key` has a value for the attribute."""
    return attribute.name in route.path.parameters or attribute.name in declared_sources(route)


def _source_remedy(route: ParsedRoute, attribute: KeyAttribute) -> str:
    """Return how to give the attribute a source. Some frameworks write parameters as `:name`."""
    if f":{attribute.name}" in route.path.segments:
        return f"write {{{attribute.name}}} in the path instead of :{attribute.name}"
    name, parameter = quote_for_yaml(attribute.name), parameter_name(attribute.name)
    source = f"write key: {{{name}: query.{parameter}}}"
    return f"add {{{attribute.name}}} to the path, or {source}" if is_parameter_name(attribute.name) else source


def leading_key(route: ParsedRoute, hash_key: KeyValue) -> str | None:
    """Return a StringLike pattern for `dynamodb:LeadingKeys` of IAM; None if the hash key can be any text.

    Returns None for an index, because it is not proven what the condition sees on a Query of an index. The caller's
    identity cannot be part of the pattern: API Gateway calls under the execution role, so IAM does not know the caller.
    """
    if route.index or hash_key.attribute.type != "S":
        return None
    if hash_key.source.kind == "value":
        return _escape_policy_text(hash_key.source.name)
    return _escape_policy_text(hash_key.source.prefix) + "*" if hash_key.source.prefix else None


def _escape_policy_text(text: str) -> str:
    """Return text in which `*`, `?` and `$` are literal: "Policy variables" in the IAM User Guide."""
    return re.sub(r"[*?$]", lambda match: f"${{{match[0]}}}", text)
