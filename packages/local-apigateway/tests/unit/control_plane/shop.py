# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A small API, deployed to one stage, for the tests of recorded facts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from unit.control_plane.plane import Plane

JSON = "application/json"


@dataclass(frozen=True)
class Shop:
    """A control plane with one API: `GET /orders` on a mock, the model Order, and the stage `live`."""

    plane: Plane
    api_id: str
    root_id: str
    orders_id: str
    deployment_id: str

    def api(self, **more: Any) -> dict[str, Any]:
        """Return the parameters that name the API."""
        return {"restApiId": self.api_id, **more}

    def resource(self, **more: Any) -> dict[str, Any]:
        """Return the parameters that name `/orders`."""
        return self.api(resourceId=self.orders_id, **more)

    def method(self, **more: Any) -> dict[str, Any]:
        """Return the parameters that name `GET /orders`; `more` can name another method."""
        return {**self.resource(httpMethod="GET"), **more}

    def response(self, **more: Any) -> dict[str, Any]:
        """Return the parameters that name the response 200 of `GET /orders`."""
        return {**self.method(statusCode="200"), **more}

    def stage(self, **more: Any) -> dict[str, Any]:
        """Return the parameters that name the stage `live`."""
        return {**self.api(stageName="live"), **more}

    def update_stage(self, *patches: dict[str, str], **more: Any) -> dict[str, Any]:
        """Patch the stage `live` and return it."""
        stage: dict[str, Any] = self.plane.UpdateStage(**self.stage(**more), patchOperations=list(patches))
        return stage


def patch(op: str, path: str | None, value: str | None = None, **more: str) -> dict[str, str]:
    """Return a patch operation without the members that are None."""
    members = {"op": op, "path": path, "value": value, **more}
    return {name: member for name, member in members.items() if member is not None}


def replace(path: str, value: str | None = None) -> dict[str, str]:
    """Return a patch operation that replaces."""
    return patch("replace", path, value)


def open_shop(directory: Path) -> Shop:
    """Create the API with a new store."""
    plane = Plane(directory)
    api = plane.CreateRestApi(name="shop")
    root_id = api["rootResourceId"]
    orders = plane.CreateResource(restApiId=api["id"], parentId=root_id, pathPart="orders")
    method = {"restApiId": api["id"], "resourceId": orders["id"], "httpMethod": "GET"}
    plane.CreateModel(restApiId=api["id"], name="Order", contentType=JSON, schema='{"type": "object"}')
    plane.PutMethod(**method, authorizationType="NONE")
    plane.PutMethodResponse(**method, statusCode="200")
    plane.PutIntegration(**method, type="MOCK", requestTemplates={JSON: '{"statusCode": 200}'})
    plane.PutIntegrationResponse(**method, statusCode="200")
    deployment = plane.CreateDeployment(restApiId=api["id"], stageName="live")
    return Shop(plane, api["id"], root_id, orders["id"], deployment["id"])
