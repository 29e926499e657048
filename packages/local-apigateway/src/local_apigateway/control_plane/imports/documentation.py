# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Documentation parts that an import creates: explicit ones, and one for each description in the document.

AWS: "Import API documentation into API Gateway". Parts for descriptions count against the quota, but are not stored.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from ...model import Content
from ..documentation import add_part
from ..errors import LimitExceededError
from .document import Document, DocumentMethod, Raw

MAXIMUM_PARTS = 2_000
"""AWS: "Documentation parts per API", quotas for configuring and running a REST API."""

_TEXTS = ("description", "summary", "tags")


def import_documentation(document: Document, content: Content) -> None:
    """Add the documentation parts of a document. Raises `LimitExceededError` past the quota.

    Parts of methods and below without a path are about the root (recorded).
    """
    raw = document.extension("documentation") or {}
    for part in raw.get("documentationParts", []):
        add_part(content, part.get("location", {}), part.get("properties", {}))
    if len(content.documentation_parts) + sum(1 for _described in _descriptions(document)) > MAXIMUM_PARTS:
        # Reported in aws-sdk-js issue 1253; the text follows the recorded error for resources.
        kind = "Documentation Parts"
        raise LimitExceededError(
            f"Maximum number of {kind} for this API has been reached.  "
            f"Please contact AWS if you need additional {kind}."
        )


def _descriptions(document: Document) -> Iterator[Raw]:
    """Yield each entity of the document that has a description."""
    for entity in _entities(document):
        if any(entity.get(text) for text in _TEXTS):
            yield entity


def _entities(document: Document) -> Iterator[Raw]:
    yield document.info
    yield from _objects(document.schemas().values())
    yield from _objects(document.security_schemes().values())
    for method in document.methods():
        yield from _entities_of_method(document, method)


def _entities_of_method(document: Document, method: DocumentMethod) -> Iterator[Raw]:
    yield method.raw
    yield document.resolved(method.raw.get("requestBody"))
    yield from (document.resolved(parameter) for parameter in method.raw.get("parameters", []))
    for response in document.responses(method).values():
        yield response
        yield from _objects((response.get("headers") or {}).values())


def _objects(values: Iterable[Any]) -> Iterator[Raw]:
    return (value for value in values if isinstance(value, dict))
