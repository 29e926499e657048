# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The mapping templates of a document as files."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ..spec.unique_names import UniqueNames

_INTEGRATION = "x-amazon-apigateway-integration"


def vtl_files(definition: Mapping[str, Any]) -> dict[str, str]:
    """Return the mapping templates of an OpenAPI document by file name: `get_id.response.200.vtl`."""
    stems = UniqueNames(separator="-")
    files: dict[str, str] = {}
    for path, methods in definition["paths"].items():
        for method, operation in methods.items():
            stem = stems.take(_stem(method, path))
            files.update({f"{stem}.{name}.vtl": text for name, text in _templates(operation.get(_INTEGRATION, {}))})
    return files


def _stem(method: str, path: str) -> str:
    verb = method.removeprefix("x-amazon-apigateway-").removesuffix("-method")
    return "_".join([verb, *re.findall(r"[A-Za-z0-9.-]+", path)])


def _templates(integration: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for kind, text in _by_type(integration.get("requestTemplates", {})):
        yield f"request{kind}", text
    for response in integration.get("responses", {}).values():
        for kind, text in _by_type(response.get("responseTemplates", {})):
            yield f"response.{response['statusCode']}{kind}", text


def _by_type(templates: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield templates with a suffix for their content type, which is empty for JSON."""
    for content_type, text in templates.items():
        kind = re.sub(r"[^A-Za-z0-9]+", "-", content_type)
        yield ("" if content_type == "application/json" else f".{kind}"), text
