# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control plane in this process, called like an SDK: by operation and parameters."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote

from botocore.model import OperationModel
from botocore.serialize import create_serializer

from local_apigateway.control_plane import ControlPlane
from local_apigateway.control_plane.operations import Conditions
from local_apigateway.control_plane.protocol import ApiRequest, ApiResponse, service_model
from local_apigateway.store import Store

ACCOUNT, REGION = "123456789012", "eu-central-1"


class ApiCallError(Exception):
    """An error response."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.status, self.code, self.message = status, code, message


class Plane:
    """A control plane with a store. `plane.GetRestApi(restApiId="…")` calls that operation."""

    def __init__(self, directory: Path, conditions: Conditions | None = None) -> None:
        self.directory = directory
        self.control_plane = ControlPlane(Store(directory), conditions=lambda account_id: conditions or Conditions())

    def restarted(self) -> Plane:
        """Return another control plane over the same directory, as after a restart."""
        return Plane(self.directory)

    def send(self, method: str, path: str, query: str = "", body: bytes = b"") -> ApiResponse:
        """Send an HTTP request and return the response."""
        request = ApiRequest(method, path, tuple(parse_qsl(query, keep_blank_values=True)), {}, body)
        return asyncio.run(self.control_plane.respond(ACCOUNT, REGION, request))

    def __getattr__(self, name: str) -> Callable[..., Any]:
        return lambda **parameters: self._call(service_model().operation_model(name), parameters)

    def _call(self, operation: OperationModel, parameters: dict[str, Any]) -> Any:
        wire = create_serializer("rest-json").serialize_to_request(parameters, operation)
        path, _unused, literal = wire["url_path"].partition("?")
        pairs = [
            f"{quote(name)}={quote(str(item))}"
            for name, value in wire["query_string"].items()
            for item in (value if isinstance(value, list) else [value])
        ]
        body = wire["body"] if isinstance(wire["body"], bytes) else str(wire["body"] or "").encode()
        answer = self.send(wire["method"], path, "&".join([*filter(None, [literal]), *pairs]), body)
        if answer.status >= 300:
            raise ApiCallError(answer.status, answer.headers["x-amzn-ErrorType"], json.loads(answer.body)["message"])
        if "Content-Disposition" in answer.headers:
            return answer.body
        return json.loads(answer.body) if answer.body else None


def importable(title: str = "a", **more: Any) -> dict[str, Any]:
    """Return a small document with two methods on one path and a model."""
    mock = {
        "type": "mock",
        "requestTemplates": {"application/json": '{"statusCode": 200}'},
        "responses": {"default": {"statusCode": "200"}},
        "passthroughBehavior": "never",
    }
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Item"}}}
    item = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
    get = {"responses": {"200": {"description": "ok", "content": content}}, "x-amazon-apigateway-integration": mock}
    put = {
        "operationId": "PutItem",
        "requestBody": {"content": content, "required": True},
        "responses": {"200": {"description": "ok"}},
        "x-amazon-apigateway-integration": mock,
    }
    document = {
        "openapi": "3.0.1",
        "info": {"title": title, "version": "1"},
        "paths": {"/items/{id}": {"parameters": [item], "get": get, "put": put}},
        "components": {"schemas": {"Item": {"type": "object", "properties": {"id": {"type": "string"}}}}},
        **more,
    }
    # No part is shared, so that a test can change one.
    whole: dict[str, Any] = json.loads(json.dumps(document))
    return whole
