# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The settings and stages of existing REST APIs, and the OpenAPI documents of their drafts."""

from __future__ import annotations

from functools import partial
from typing import Any, List, Mapping

from .._engine.client import Aws
from .._engine.invoke_url import invoke_url
from .._engine.resource import Params, Planned
from .draft import named_apis, read_whole_draft
from .settings import api_settings
from .state import Plain
from .to_openapi import definition, not_in_definition

_SERVICE = "apigateway"


def planned(aws: Aws, params: Params) -> Planned:
    """Return the existing APIs in `rest_apis`, an empty list if there are none, and an empty plan."""
    return Planned([], {"rest_apis": [_describe(aws, api) for api in _find_apis(aws, params)]})


def _find_apis(aws: Aws, params: Params) -> List[Plain]:
    """Return the API with the id, or all with the name: duplicates are often the reason for the question."""
    if not params.get("api_id"):
        return named_apis(aws, params["name"])
    api = aws.find(_SERVICE, "GetRestApi", {"restApiId": params["api_id"]}, absent="NotFoundException")
    return [api] if api else []


def _describe(aws: Aws, api: Plain) -> Plain:
    aws.read_ahead(partial(_stages, api_id=api["id"]), partial(read_whole_draft, api=api))
    draft = read_whole_draft(aws, api)
    return {
        "api_id": api["id"],
        "name": api["name"],
        "arn": f"arn:{aws.partition()}:apigateway:{aws.region()}::/restapis/{api['id']}",
        "endpoint_type": (api.get("endpointConfiguration") or {}).get("types", ["EDGE"])[0],
        "tags": dict(api.get("tags") or {}),
        "settings": _settings(api),
        "stages": [_stage(aws, api["id"], stage) for stage in _stages(aws, api["id"])],
        "definition": definition(draft),
        "not_in_definition": not_in_definition(draft),
    }


def _stages(aws: Aws, api_id: str) -> List[Plain]:
    found = aws.call(_SERVICE, "GetStages", {"restApiId": api_id})["item"]
    return sorted(found, key=lambda stage: str(stage["stageName"]))


def _stage(aws: Aws, api_id: str, stage: Mapping[str, Any]) -> Plain:
    return {
        "name": stage["stageName"],
        "deployment_id": stage["deploymentId"],
        "invoke_url": invoke_url(aws, api_id, stage["stageName"]),
    }


_SETTINGS = {
    "description": "description",
    "version": "version",
    "binary_media_types": "binaryMediaTypes",
    "minimum_compression_size": "minimumCompressionSize",
    "api_key_source": "apiKeySource",
    "policy": "policy",
    "disable_execute_api_endpoint": "disableExecuteApiEndpoint",
    "vpc_endpoint_ids": "vpcEndpointIds",
    "security_policy": "securityPolicy",
    "endpoint_access_mode": "endpointAccessMode",
}


def _settings(api: Mapping[str, Any]) -> Plain:
    found = api_settings(api)
    return {name: found[member] for name, member in _SETTINGS.items()}
