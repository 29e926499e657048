# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The operation GetExport."""

from __future__ import annotations

import json

import yaml

from ...model import RestApi, ServedStage, Wire
from ..errors import BadRequestError
from ..operations import Call, operation
from ..stages import stage_of, unknown_stage
from .documents import Export, OpenApi30Export, Swagger20Export, version_of

FORMATS: dict[str, type[Export]] = {"oas30": OpenApi30Export, "swagger": Swagger20Export}


@operation("GetExport")
def get_export(call: Call) -> Wire:
    api = call.api(unknown_stage)
    stage = stage_of(call, api)
    name = call.params["exportType"]
    if name not in FORMATS:
        # AWS's text for this is not recorded.
        raise BadRequestError(f"Invalid export type specified: {name}. Valid options are {', '.join(FORMATS)}")
    extensions = set(str(call.get("parameters", {}).get("extensions", "")).split(","))
    document = FORMATS[name](_served(api, stage), api.attributes, extensions).whole()
    is_yaml = "yaml" in call.get("accepts", "")
    text = yaml.safe_dump(document, sort_keys=False) if is_yaml else json.dumps(document, indent=2)
    file = f"{name}_{version_of(api.attributes)}.{'yaml' if is_yaml else 'json'}"
    return {
        "contentType": "application/octet-stream",
        "contentDisposition": f'attachment; filename="{file}"',
        "body": text.encode(),
    }


def _served(api: RestApi, stage: Wire) -> ServedStage:
    return ServedStage(
        account_id=api.account_id,
        region=api.region,
        api_id=api.id,
        api_name=str(api.attributes["name"]),
        stage=stage,
        deployment_id=stage["deploymentId"],
        content=api.deployments[stage["deploymentId"]].content,
    )
