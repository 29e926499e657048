# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Models from the schemas of a document."""

from __future__ import annotations

import json
import re
from typing import Any

from ...model import Content, Wire
from ..errors import BadRequestError
from ..operations import part_id
from .document import Document, Raw
from .report import ImportReport

MODEL_URL = "https://apigateway.amazonaws.com/restapis/{api_id}/models/"
MODEL_NAME = re.compile(r"[A-Za-z0-9]+")
# Keywords that API Gateway drops: its documented known issues, and keywords that draft 4 does not have.
DROPPED = frozenset({"example", "xml", "externalDocs", "discriminator", "default", "readOnly", "exclusiveMinimum"})
DROPPED_FORMATS = frozenset({"int32", "int64"})


def import_models(document: Document, content: Content, previous: Content, api_id: str, report: ImportReport) -> None:
    """Create a model for each named schema."""
    for name, schema in document.schemas().items():
        with report.attempt(f"create model for '{name}'"):
            if not MODEL_NAME.fullmatch(name):
                raise BadRequestError(f"Model name must be alphanumeric: {name}")
            old = content.models.get(name) or previous.models.get(name)
            content.models[name] = _model(content, name, converted(document, schema, api_id), old)


def model_name(document: Document, content: Content, schema: Raw, api_id: str) -> str:
    """Return the name of the model that a schema refers to. An inline schema becomes a model with a generated name."""
    reference = str(schema.get("$ref", ""))
    if reference.startswith(document.schemas_prefix):
        return reference[len(document.schemas_prefix) :]
    name = f"MODEL{part_id({key.removeprefix('MODEL'): None for key in content.models})}"
    content.models[name] = _model(content, name, converted(document, schema, api_id), None)
    return name


def _model(content: Content, name: str, schema: Any, old: Wire | None) -> Wire:
    """Return the model of a schema. A model of the same name keeps its id."""
    ids = {model["id"]: model for model in content.models.values()}
    model: Wire = {"id": old["id"] if old else part_id(ids), "name": name, "contentType": "application/json"}
    if isinstance(schema, dict) and schema.get("description"):
        model["description"] = schema["description"]
    model["schema"] = json.dumps(schema, indent=2, separators=(",", " : "), ensure_ascii=False)
    return model


def converted(document: Document, schema: Any, api_id: str, of_properties: bool = False) -> Any:
    """Convert a schema to that of a model: references become URLs of models, dropped keywords are removed.

    The keys of `properties` are the user's names, and all of them are kept.
    """
    if isinstance(schema, list):
        return [converted(document, item, api_id) for item in schema]
    if not isinstance(schema, dict):
        return schema
    kept = schema if of_properties else {key: value for key, value in schema.items() if _is_kept(key, value)}
    return {
        key: _reference(document, value, api_id)
        if key == "$ref" and isinstance(value, str)
        else converted(document, value, api_id, of_properties=key == "properties" and not of_properties)
        for key, value in kept.items()
    }


def _is_kept(key: str, value: Any) -> bool:
    return key not in DROPPED and not (key == "format" and value in DROPPED_FORMATS)


def _reference(document: Document, reference: str, api_id: str) -> str:
    if reference.startswith(document.schemas_prefix):
        return MODEL_URL.format(api_id=api_id) + reference[len(document.schemas_prefix) :]
    return reference
