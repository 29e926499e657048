# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The requests of the recordings of exports: what AWS exported with all extensions is imported, and exported again."""

from __future__ import annotations

import json
from typing import Any

from conformance.control_plane.replay import REGION, Replay, replays

FILE = "test_apigateway_extended::"
KINDS = {"swagger": "test_export_swagger_openapi", "oas30": "test_export_oas30_openapi"}


def _export(r: Replay, kind: str) -> None:
    recorded = r.recorded["get-export-with-extensions"]["body"]
    document: dict[str, Any] = json.loads(json.dumps(recorded).replace("<region>", REGION))
    if document["info"]["version"] == "date":
        del document["info"]["version"]
    api_id = r.step("import-api", "import_rest_api", body=json.dumps(document), failOnWarnings=True)["id"]
    r.client.create_deployment(restApiId=api_id, stageName="local")
    wanted = {"restApiId": api_id, "stageName": "local", "exportType": kind}
    for step, parameters in (("get-export", {}), ("get-export-with-extensions", {"extensions": "apigateway"})):
        answer = r.call("get_export", **wanted, parameters=parameters)
        r.compare(step, _dated({**answer, "body": json.loads(answer["body"].read())}, "version" in document["info"]))


def _dated(answer: dict[str, Any], versioned: bool) -> dict[str, Any]:
    """The moment of creation, which stands for a version that the API has not, as the recordings mask it."""
    if versioned:
        return answer
    moment = answer["body"]["info"]["version"]
    masked: dict[str, Any] = json.loads(
        json.dumps({key: value for key, value in answer.items() if key != "ResponseMetadata"}).replace(moment, "date")
    )
    return {**masked, "ResponseMetadata": answer["ResponseMetadata"]}


for _kind, _test in KINDS.items():
    for _file in ("TEST_IMPORT_PETSTORE_SWAGGER", "TEST_IMPORT_PETS"):
        replays(f"{FILE}{_test}[{_file}]")(lambda r, kind=_kind: _export(r, kind))  # type: ignore[misc]
