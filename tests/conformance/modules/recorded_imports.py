# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""APIs that were imported on AWS and recorded, as the reads of the modules would give them.

The recordings stand outside the project (`../shared/apigateway_snapshots`) and are read in place.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ansible_collections.codeless.apigateway.plugins.module_utils._rest_api.draft import Draft

SNAPSHOTS = Path(__file__).resolve().parents[4] / "shared/apigateway_snapshots/test_apigateway_import.snapshot.json"


def recorded(test: str) -> Draft:
    """A recorded API as the reads of the modules would give it."""
    snapshots = json.loads(SNAPSHOTS.read_text(encoding="utf-8"))
    content = next(entry["recorded-content"] for name, entry in snapshots.items() if name.endswith(f"::{test}"))
    return Draft(
        api=next(content[step] for step in ("import-api", "import-swagger", "import_tf_rest_api") if step in content),
        resources=[with_methods(resource, content) for resource in content["resources"]["items"]],
        models=[
            {**model, "schema": json.dumps(model["schema"])} for model in content.get("get-models", {}).get("items", [])
        ],
        request_validators=content.get("request-validators", {}).get("items", []),
        authorizers=listed(content.get("get-authorizers", [])),
    )


def with_methods(resource: dict[str, Any], content: dict[str, Any]) -> dict[str, Any]:
    """The recording keeps each method apart, under a name made of its path."""
    place = resource["path"].strip("/") or "root"
    names = resource.get("resourceMethods", {})
    return {**resource, "resourceMethods": {name: as_text(content[f"method-{place}-{name.lower()}"]) for name in names}}


def as_text(value: Any) -> Any:
    """The recording shows templates that are JSON as data."""
    if not isinstance(value, dict):
        return value
    return {
        key: {kind: text if isinstance(text, str) else json.dumps(text) for kind, text in item.items()}
        if key in ("requestTemplates", "responseTemplates")
        else as_text(item)
        for key, item in value.items()
    }


def listed(answer: Any) -> list[dict[str, Any]]:
    return list(answer["items"] if isinstance(answer, dict) else answer)
