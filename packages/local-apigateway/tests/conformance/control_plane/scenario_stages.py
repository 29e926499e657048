# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The requests of the recordings of deployments and stages."""

from __future__ import annotations

from typing import Any

from conformance.control_plane.replay import Replay, patch, replace, replays

STAGE = "test_apigateway_api::TestApiGatewayStage::"
COMMON = "test_apigateway_common::"
CANARY = "test_apigateway_canary::TestStageCrudCanary::"
LOG_GROUP = "arn:aws:logs:us-east-1:123456789012:log-group:stage"


def _deployable(r: Replay) -> str:
    """An API that can be deployed."""
    api_id, root_id = r.new_api()
    method = {"restApiId": api_id, "resourceId": root_id, "httpMethod": "GET"}
    r.client.put_method(**method, authorizationType="NONE")
    r.client.put_integration(**method, type="MOCK")
    return api_id


def _update(r: Replay, name: str, api_id: str, stage: str, *patches: dict[str, str]) -> None:
    r.step(name, "update_stage", restApiId=api_id, stageName=stage, patchOperations=list(patches))


@replays(STAGE + "test_get_stages_filters_by_deployment_id")
def filtered(r: Replay) -> None:
    api_id = _deployable(r)
    ids = [r.client.create_deployment(restApiId=api_id, stageName=f"stage{number}")["id"] for number in (1, 2)]
    r.step("all-stages", "get_stages", restApiId=api_id)
    for number, deployment_id in enumerate(ids, 1):
        r.step(f"stages-deploy{number}", "get_stages", restApiId=api_id, deploymentId=deployment_id)


def _stage_dev(r: Replay, api_id: str) -> None:
    deployment = r.step("create-deployment", "create_deployment", restApiId=api_id)
    wanted = {"stageName": "dev", "deploymentId": deployment["id"], "description": "dev stage"}
    r.step("create-stage", "create_stage", restApiId=api_id, **wanted)


@replays(STAGE + "test_stage_access_log_settings")
def access_log(r: Replay) -> None:
    r.log_role()
    api_id = _deployable(r)
    _stage_dev(r, api_id)
    destination, prefix = "/accessLogSettings/destinationArn", "update-stage-access-log-"
    _update(r, prefix + "dest-add", api_id, "dev", patch("add", destination, LOG_GROUP))
    _update(r, prefix + "dest-replace", api_id, "dev", replace(destination, LOG_GROUP + "a"))
    text = "$context.requestId $context.identity.sourceIp"
    _update(r, prefix + "format-add", api_id, "dev", patch("add", "/accessLogSettings/format", text))
    _update(r, prefix + "remove-all", api_id, "dev", patch("remove", "/accessLogSettings"))


@replays(STAGE + "test_stage_access_log_settings_validation")
def access_log_refused(r: Replay) -> None:
    r.log_role()
    api_id = _deployable(r)
    _stage_dev(r, api_id)
    for op in ("add", "remove", "replace"):
        _update(r, f"invalid-path-{op}", api_id, "dev", patch(op, "/accessLogSettings/randomValue", "updated"))
        _update(r, f"star-and-{op}", api_id, "dev", patch(op, "/accessLogSettings/*", "updated"))
    for op in ("add", "replace"):
        _update(r, f"root-and-{op}", api_id, "dev", patch(op, "/accessLogSettings", "test"))
    destination, prefix = "/accessLogSettings/destinationArn", "update-stage-access-log-"
    _update(r, prefix + "dest-add", api_id, "dev", patch("add", destination, LOG_GROUP))
    for name in ("destinationArn", "format"):
        _update(r, f"{prefix}{name}-empty", api_id, "dev", replace(f"/accessLogSettings/{name}", ""))
    _update(r, prefix + "dest-remove", api_id, "dev", patch("remove", destination))


def _stage_s1(r: Replay) -> tuple[str, dict[str, Any]]:
    """An API with a stage s1, and the answer that made the stage."""
    api_id = _deployable(r)
    deployment = r.client.create_deployment(restApiId=api_id)
    r.client.create_documentation_version(restApiId=api_id, documentationVersion="v123")
    wanted = {"deploymentId": deployment["id"], "description": "my stage", "documentationVersion": "v123"}
    return api_id, r.step("create-stage", "create_stage", restApiId=api_id, stageName="s1", **wanted)


@replays(COMMON + "TestStages::test_create_update_stages")
def update(r: Replay) -> None:
    api_id, _unused = _stage_s1(r)
    _update(r, "error-update-doc-version", api_id, "s1", replace("/documentation_version", "123"))
    _update(r, "error-update-tags", api_id, "s1", replace("/tags/tag1", "value1"))
    patches = [
        replace("/description", "stage new"),
        replace("/variables/var1", "test"),
        replace("/variables/var2", "test2"),
        replace("/*/*/throttling/burstLimit", "123"),
        replace("/*/*/caching/enabled", "true"),
        replace("/tracingEnabled", "true"),
        replace("/test/GET/throttling/burstLimit", "124"),
    ]
    _update(r, "update-stage", api_id, "s1", *patches)
    r.step("get-stage", "get_stage", restApiId=api_id, stageName="s1")
    _update(r, "update-stage-override", api_id, "s1", replace("/*/*/throttling/burstLimit", "100"))


@replays(COMMON + "TestStages::test_update_stage_remove_wildcard")
def remove_wildcard(r: Replay) -> None:
    api_id, _unused = _stage_s1(r)
    r.step("get-stage", "get_stage", restApiId=api_id, stageName="s1")
    _update(r, "delete-error", api_id, "s1", patch("remove", "/*/*"))
    _update(r, "update-stage", api_id, "s1", replace("/*/*/caching/enabled", "true"))
    _update(r, "update-stage-reset", api_id, "s1", patch("remove", "/*/*"))
    r.step("get-stage-after-reset", "get_stage", restApiId=api_id, stageName="s1")


def _deploy_s1(r: Replay, api_id: str, by_hand: bool) -> str:
    """A deployment that the stage s1 serves, in one call or in two."""
    named = {} if by_hand else {"stageName": "s1"}
    deployment_id = str(r.client.create_deployment(restApiId=api_id, **named)["id"])
    if by_hand:
        r.client.create_stage(restApiId=api_id, stageName="s1", deploymentId=deployment_id)
    return deployment_id


def _delete_deployments(r: Replay, by_hand: bool) -> None:
    api_id = _deployable(r)
    deployment_id = _deploy_s1(r, api_id, by_hand)
    r.step("get-deployment", "get_deployment", restApiId=api_id, deploymentId=deployment_id)
    r.step("get-stages", "get_stages", restApiId=api_id)
    for number in range(3):
        one = {"restApiId": api_id, "deploymentId": deployment_id}
        r.step(f"delete-deployment-error-{number}", "delete_deployment", **one)
        r.client.delete_stage(restApiId=api_id, stageName="s1")
        r.client.delete_deployment(**one)
        deployment_id = _deploy_s1(r, api_id, by_hand)
        r.step(f"get-deployments-{number}", "get_deployments", restApiId=api_id)
        r.step(f"get-stages-{number}", "get_stages", restApiId=api_id)


@replays(COMMON + "TestDeployments::test_create_delete_deployments[True]")
def delete_deployments_by_hand(r: Replay) -> None:
    _delete_deployments(r, by_hand=True)


@replays(COMMON + "TestDeployments::test_create_delete_deployments[False]")
def delete_deployments(r: Replay) -> None:
    _delete_deployments(r, by_hand=False)


@replays(COMMON + "TestDeployments::test_create_update_deployments")
def move_deployments(r: Replay) -> None:
    api_id = _deployable(r)
    first = {"restApiId": api_id, "deploymentId": _deploy_s1(r, api_id, by_hand=True)}
    r.step("get-deployment-1", "get_deployment", **first)
    r.step("get-stages", "get_stages", restApiId=api_id)
    r.step("delete-deployment-error", "delete_deployment", **first)
    second = {"restApiId": api_id, "deploymentId": _deploy_s1(r, api_id, by_hand=False)}
    r.step("get-deployment-1-after-update", "get_deployment", **first)
    r.step("get-deployment-2", "get_deployment", **second)
    r.step("get-stages-after-update", "get_stages", restApiId=api_id)
    r.step("delete-deployment-1", "delete_deployment", **first)
    r.step("delete-deployment-2-error", "delete_deployment", **second)


def _canary(percent: int, value: str, **more: Any) -> dict[str, Any]:
    return {"percentTraffic": percent, "stageVariableOverrides": {"testVar": value}, **more}


DEV = {"stageName": "dev", "description": "dev stage", "variables": {"testVar": "default"}}


@replays(CANARY + "test_create_update_stages")
def canary_stage(r: Replay) -> None:
    api_id = _deployable(r)
    first = r.step("create-deployment-1", "create_deployment", restApiId=api_id)["id"]
    second = r.step("create-deployment-2", "create_deployment", restApiId=api_id)["id"]
    settings = _canary(50, "canary", deploymentId=second)
    wanted = {"restApiId": api_id, **DEV, "deploymentId": first, "canarySettings": settings}
    r.step("create-stage", "create_stage", **wanted)
    r.step("get-stage", "get_stage", restApiId=api_id, stageName="dev")
    override = replace("/canarySettings/stageVariableOverrides/testVar", "updated")
    _update(r, "update-stage-canary-settings-overrides", api_id, "dev", override)
    _update(r, "update-stage-remove-canary-settings", api_id, "dev", patch("remove", "/canarySettings"))
    r.step("get-stage-after-remove", "get_stage", restApiId=api_id, stageName="dev")


@replays(CANARY + "test_create_canary_deployment_with_stage")
def canary_deployment_on_stage(r: Replay) -> None:
    api_id = _deployable(r)
    deployment_id = r.step("create-deployment", "create_deployment", restApiId=api_id)["id"]
    r.step("create-stage", "create_stage", restApiId=api_id, **DEV, deploymentId=deployment_id)
    wanted = {"restApiId": api_id, "stageName": "dev", "canarySettings": _canary(50, "canary")}
    r.step("create-canary-deployment", "create_deployment", **wanted)
    r.step("get-stage", "get_stage", restApiId=api_id, stageName="dev")


@replays(CANARY + "test_create_canary_deployment")
def canary_deployment(r: Replay) -> None:
    api_id = _deployable(r)
    deployment_id = r.step("create-deployment", "create_deployment", restApiId=api_id)["id"]
    stage = {"restApiId": api_id, **DEV, "deploymentId": deployment_id}
    settings = _canary(40, "canary1", deploymentId=deployment_id)
    r.step("create-stage", "create_stage", **{**stage, "stageName": "dev1", "canarySettings": settings})
    wanted = {"restApiId": api_id, "stageName": "dev1", "canarySettings": _canary(50, "canary2")}
    canary_id = r.step("create-canary-deployment", "create_deployment", **wanted)["id"]
    r.step("get-stage-1", "get_stage", restApiId=api_id, stageName="dev1")
    settings = _canary(60, "canary-overridden", deploymentId=canary_id)
    r.step("create-stage-2", "create_stage", **{**stage, "stageName": "dev2", "canarySettings": settings})
    bad = {**stage, "stageName": "dev3", "canarySettings": {"deploymentId": "deploy"}}
    r.step("bad-canary-deployment-id", "create_stage", **bad)


@replays(CANARY + "test_create_canary_deployment_by_stage_update")
def canary_by_update(r: Replay) -> None:
    api_id = _deployable(r)
    first = r.step("create-deployment", "create_deployment", restApiId=api_id)["id"]
    second = r.step("create-deployment-2", "create_deployment", restApiId=api_id)["id"]
    r.step("create-stage", "create_stage", restApiId=api_id, **DEV, deploymentId=first)
    _update(r, "update-stage-with-deployment", api_id, "dev", replace("/canarySettings/deploymentId", second))
    _update(r, "remove-stage-canary", api_id, "dev", patch("remove", "/canarySettings"))
    _update(r, "update-stage-with-percent", api_id, "dev", replace("/canarySettings/percentTraffic", "50"))
    r.step("get-stage", "get_stage", restApiId=api_id, stageName="dev")


@replays(CANARY + "test_create_canary_deployment_validation")
def canary_deployment_refused(r: Replay) -> None:
    api_id = _deployable(r)
    wanted = {"restApiId": api_id, "canarySettings": _canary(50, "canary")}
    prefix = "create-canary-deployment-"
    r.step(prefix + "no-stage", "create_deployment", **wanted)
    r.step(prefix + "empty-stage", "create_deployment", **wanted, stageName="")
    r.step(prefix + "non-existing-stage", "create_deployment", **wanted, stageName="non-existing")


@replays(CANARY + "test_update_stage_canary_deployment_validation")
def canary_update_refused(r: Replay) -> None:
    api_id = _deployable(r)
    r.client.create_deployment(restApiId=api_id, stageName="dev")
    r.step("get-stage", "get_stage", restApiId=api_id, stageName="dev")
    r.client.create_deployment(restApiId=api_id, stageName="dev", canarySettings=_canary(50, "canary"))
    prefix = "update-stage-canary-settings-"
    overrides = patch("remove", "/canarySettings/stageVariableOverrides")
    _update(r, prefix + "remove-overrides", api_id, "dev", overrides)
    _update(r, prefix + "bad-path", api_id, "dev", patch("remove", "/canarySettings/badPath"))
    _update(r, prefix + "bad-path-2", api_id, "dev", replace("/canarySettings", "test"))
    _update(r, prefix + "replace-bad-path", api_id, "dev", replace("/canarySettings/badPath", "badPath"))
    other = r.client.create_deployment(restApiId=api_id, stageName="dev2")["id"]
    path = "/canarySettings/deploymentId"
    _update(r, "update-stage-add-deployment", api_id, "dev2", patch("add", path, other))
    _update(r, "update-stage-no-deployment", api_id, "dev2", replace(path, "deploy"))


@replays(CANARY + "test_update_stage_with_copy_ops")
def canary_promotion(r: Replay) -> None:
    api_id = _deployable(r)
    variables = {"testVar": "test", "testVar2": "test2"}
    wanted = {"restApiId": api_id, "stageName": "dev", "variables": variables}
    r.step("deployment-1", "create_deployment", **wanted)
    deployment = {"op": "copy", "from": "/canarySettings/deploymentId", "path": "/deploymentId"}
    overrides = {"op": "copy", "from": "/canarySettings/stageVariableOverrides", "path": "/variables"}
    bad = {"op": "copy", "path": overrides["from"], "from": "/variables"}
    _update(r, "copy-with-bad-statement", api_id, "dev", bad, deployment)
    _update(r, "copy-with-no-replace", api_id, "dev", overrides, deployment)
    percent = replace("/canarySettings/percentTraffic", "0.0")
    _update(r, "update-stage-with-copy", api_id, "dev", percent, deployment, overrides)
    canary = {"restApiId": api_id, "stageName": "dev", "canarySettings": _canary(50, "override")}
    r.step("deployment-canary", "create_deployment", **canary)
    r.step("get-stage", "get_stage", restApiId=api_id, stageName="dev")
    _update(r, "update-stage-with-copy-2", api_id, "dev", percent, deployment, overrides)
