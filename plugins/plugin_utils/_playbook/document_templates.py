# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The syntax check of the mapping templates in a user's OpenAPI document, before its import."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from ansible.errors import AnsibleError
from ansible.utils.display import Display
from ansible_collections.codeless.apigateway.plugins.plugin_utils.compiler.vtl.syntax import (
    NOT_CHECKED,
    can_parse,
    syntax_error,
)

_INTEGRATION = "x-amazon-apigateway-integration"


def refuse_syntax_errors(definition: Any) -> None:
    """Raise `AnsibleError` with all syntax errors in the templates of a document, given as mapping or JSON text.

    The module reports a definition that is no document.
    """
    templates = list(_templates(_parsed(definition)))
    if templates and not can_parse():
        # One warning for a document, not one for each of its templates.
        what, write = NOT_CHECKED
        Display().warning(f"The definition has mapping templates: {what}. {write.capitalize()}.")
    found = [(place, error) for place, text in templates if (error := syntax_error(text))]
    if found:
        head = "1 error" if len(found) == 1 else f"{len(found)} errors"
        lines = [f"- {place}: {error}. Correct the template." for place, error in found]
        raise AnsibleError("\n".join([f"{head} in the mapping templates of the definition:", *lines]))


def _parsed(definition: Any) -> Any:
    try:
        return json.loads(definition) if isinstance(definition, str) else definition
    except (ValueError, RecursionError):
        return None


def _templates(document: Any) -> Iterator[tuple[str, str]]:
    """Yield the place and the text of each template."""
    for path, methods in _members(_member(document, "paths")):
        for method, operation in _members(methods):
            verb = method.removeprefix("x-amazon-apigateway-").removesuffix("-method").upper()
            integration = _member(operation, _INTEGRATION)
            yield from _texts(f"{verb} {path} request template", _member(integration, "requestTemplates"))
            for _pattern, response in _members(_member(integration, "responses")):
                place = f"{verb} {path} response template {_member(response, 'statusCode')}"
                yield from _texts(place, _member(response, "responseTemplates"))


def _texts(place: str, templates: Any) -> Iterator[tuple[str, str]]:
    for content_type, text in _members(templates):
        if isinstance(text, str):
            yield place if content_type == "application/json" else f"{place} for {content_type}", text


def _member(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, Mapping) else None


def _members(value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping):
        yield from ((str(name), member) for name, member in value.items())
