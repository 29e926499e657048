# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Paths of patch operations, and the effect of a failed patch."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local_apigateway.control_plane.patches import split_pointer
from unit.control_plane.plane import ApiCallError, Plane


@pytest.fixture
def plane(tmp_path: Path) -> Plane:
    return Plane(tmp_path)


def _stage(plane: Plane) -> dict[str, Any]:
    """Create an API with a stage `dev`; return the parameters that name the stage."""
    api = plane.CreateRestApi(name="a")
    method = {"restApiId": api["id"], "resourceId": api["rootResourceId"], "httpMethod": "GET"}
    plane.PutMethod(**method, authorizationType="NONE")
    plane.PutIntegration(**method, type="MOCK")
    plane.CreateDeployment(restApiId=api["id"], stageName="dev")
    return {"restApiId": api["id"], "stageName": "dev"}


def _replace(path: str, value: str) -> dict[str, str]:
    return {"op": "replace", "path": path, "value": value}


@given(st.lists(st.text(alphabet="ab/~01{}", min_size=1), min_size=1, max_size=4))
def test_a_pointer_gives_back_its_parts(parts: list[str]) -> None:
    pointer = "".join("/" + part.replace("~", "~0").replace("/", "~1") for part in parts)
    assert split_pointer(pointer) == tuple(parts)


def test_names_with_slashes_and_tildes(plane: Plane) -> None:
    api = plane.CreateRestApi(name="a")
    patches = [{"op": "add", "path": "/binaryMediaTypes/application~1x~0y"}]
    assert plane.UpdateRestApi(restApiId=api["id"], patchOperations=patches)["binaryMediaTypes"] == ["application/x~y"]


def test_settings_of_a_method_stand_under_its_escaped_path(plane: Plane) -> None:
    plane.UpdateAccount(patchOperations=[_replace("/cloudwatchRoleArn", "arn:aws:iam::123456789012:role/logs")])
    stage = _stage(plane)
    path = "/~1items~1{id}/GET"
    patches = [
        _replace(f"{path}/throttling/rateLimit", "2.5"),
        _replace(f"{path}/throttling/burstLimit", "7"),
        _replace(f"{path}/logging/loglevel", "ERROR"),
        _replace("/*/*/metrics/enabled", "true"),
    ]
    settings = plane.UpdateStage(**stage, patchOperations=patches)["methodSettings"]
    assert settings.keys() == {"~1items~1{id}/GET", "*/*"}
    own = settings["~1items~1{id}/GET"]
    assert (own["throttlingRateLimit"], own["throttlingBurstLimit"], own["loggingLevel"]) == (2.5, 7, "ERROR")
    removed = plane.UpdateStage(**stage, patchOperations=[{"op": "remove", "path": path}])["methodSettings"]
    assert removed.keys() == {"*/*"}


def test_variables_are_set_and_removed(plane: Plane) -> None:
    stage = _stage(plane)
    added = plane.UpdateStage(**stage, patchOperations=[_replace("/variables/a", "1"), _replace("/variables/b", "2")])
    assert added["variables"] == {"a": "1", "b": "2"}
    removed = plane.UpdateStage(**stage, patchOperations=[{"op": "remove", "path": "/variables/a"}])
    assert removed["variables"] == {"b": "2"}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("/*/*/throttling/rateLimit", "fast"),
        ("/*/*/logging/loglevel", "DEBUG"),
        ("/*/*/caching/unauthorizedCacheControlHeaderStrategy", "SHRUG"),
        ("/canarySettings/percentTraffic", "101"),
        ("/deploymentId", "unknown"),
        ("/unknown", "x"),
    ],
)
def test_a_patch_that_fails_changes_nothing(plane: Plane, path: str, value: str) -> None:
    stage = _stage(plane)
    before = plane.GetStage(**stage)
    with pytest.raises(ApiCallError) as error:
        plane.UpdateStage(**stage, patchOperations=[_replace("/description", "changed"), _replace(path, value)])
    assert (error.value.status, error.value.code) == (400, "BadRequestException")
    assert plane.GetStage(**stage) == before
    assert plane.restarted().GetStage(**stage) == before


def test_an_integration_is_patched_whole(plane: Plane) -> None:
    stage = _stage(plane)
    root = plane.GetResources(restApiId=stage["restApiId"])["item"][0]["id"]
    method = {"restApiId": stage["restApiId"], "resourceId": root, "httpMethod": "GET"}
    patches = [
        {"op": "add", "path": "/requestTemplates/application~1json", "value": "{}"},
        {"op": "add", "path": "/requestParameters/integration.request.header.A", "value": "'b'"},
        {"op": "add", "path": "/cacheKeyParameters/method.request.path.id"},
        _replace("/timeoutInMillis", "1000"),
        _replace("/passthroughBehavior", "NEVER"),
    ]
    patched = plane.UpdateIntegration(**method, patchOperations=patches)
    assert patched["requestTemplates"] == {"application/json": "{}"}
    assert patched["requestParameters"] == {"integration.request.header.A": "'b'"}
    assert patched["cacheKeyParameters"] == ["method.request.path.id"]
    assert (patched["timeoutInMillis"], patched["passthroughBehavior"]) == (1000, "NEVER")
    for wrong in (_replace("/timeoutInMillis", "30000"), _replace("/passthroughBehavior", "SOMETIMES")):
        with pytest.raises(ApiCallError):
            plane.UpdateIntegration(**method, patchOperations=[wrong])
    assert plane.GetIntegration(**method) == patched


def test_a_service_is_called_under_a_role(plane: Plane) -> None:
    """Lambda needs no role: a permission of the function is enough."""
    api = plane.CreateRestApi(name="a")
    method = {"restApiId": api["id"], "resourceId": api["rootResourceId"], "httpMethod": "GET"}
    plane.PutMethod(**method, authorizationType="NONE")
    backend = {"type": "AWS", "integrationHttpMethod": "POST"}
    with pytest.raises(ApiCallError, match="Role ARN must be specified for AWS integrations"):
        plane.PutIntegration(**method, **backend, uri="arn:aws:apigateway:eu-central-1:dynamodb:action/Query")
    function = "arn:aws:lambda:eu-central-1:123456789012:function:f"
    uri = f"arn:aws:apigateway:eu-central-1:lambda:path/2015-03-31/functions/{function}/invocations"
    assert "credentials" not in plane.PutIntegration(**method, **backend, uri=uri)


POOLS = [f"arn:aws:cognito-idp:eu-central-1:000000000000:userpool/eu-central-1_{name}" for name in ("a", "b")]


def test_scopes_and_pools_are_added_and_removed_by_value(plane: Plane) -> None:
    """Terraform's provider does so. The value is not escaped, and may have slashes."""
    api = plane.CreateRestApi(name="a")
    authorizer = {"restApiId": api["id"], "type": "COGNITO_USER_POOLS", "name": "users", "providerARNs": POOLS[:1]}
    authorizer_id = plane.CreateAuthorizer(**authorizer, identitySource="method.request.header.Authorization")["id"]
    method = {"restApiId": api["id"], "resourceId": api["rootResourceId"], "httpMethod": "GET"}
    users = {"authorizationType": "COGNITO_USER_POOLS", "authorizerId": authorizer_id}
    plane.PutMethod(**method, **users, authorizationScopes=["a/b"])
    for update, member, old, new in (
        (lambda *patches: plane.UpdateMethod(**method, patchOperations=patches), "authorizationScopes", "a/b", "a/c"),
        (
            lambda *patches: plane.UpdateAuthorizer(
                restApiId=api["id"], authorizerId=authorizer_id, patchOperations=patches
            ),
            "providerARNs",
            *POOLS,
        ),
    ):
        add, remove = (
            {"op": op, "path": f"/{member}", "value": value} for op, value in (("add", new), ("remove", old))
        )
        assert update(add)[member] == [old, new]
        assert update(remove)[member] == [new]
        with pytest.raises(ApiCallError, match="NotFoundException"):
            update(remove)
