# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Deployments, snapshots of a draft: CreateDeployment, GetDeployment(s), UpdateDeployment, DeleteDeployment."""

from __future__ import annotations

from ..model import Content, Deployment, RestApi, Wire
from .errors import ApiError, BadRequestError, NotFoundError
from .operations import Call, now, operation, part_id
from .pages import page
from .patches import Patch, replace_members, set_member
from .stages import canary_settings, check_stage_name, new_stage


@operation("CreateDeployment")
def create_deployment(call: Call) -> Wire:
    api = call.changed_api()
    _check_canary(api, call.params)
    draft = call.draft_seen(api)
    _check_content(draft)
    _check_private(api)
    stage_name = call.get("stageName")
    if stage_name:
        check_stage_name(stage_name)
    deployment_id = part_id(api.deployments)
    attributes: Wire = {"id": deployment_id, "createdDate": now()}
    set_member(attributes, "description", call.get("description") or None)
    api.deployments[deployment_id] = Deployment(attributes, draft.snapshot())
    if stage_name:
        _serve(api, stage_name, deployment_id, call.params)
    return attributes


def _check_canary(api: RestApi, params: Wire) -> None:
    if "canarySettings" not in params:
        return
    name = params.get("stageName")
    invalid = "Invalid deployment content specified."
    if not name:
        raise BadRequestError(
            f"{invalid}Non null and non empty stageName must be provided for canary deployment. "
            f"Provided value is {'null' if name is None else name}"
        )
    if name not in api.stages:
        raise BadRequestError(
            f"{invalid}Stage {name} must already be created before making a canary release deployment"
        )


def _check_content(draft: Content) -> None:
    """Raise `BadRequestError` for an API without methods, or with a method that has no integration."""
    methods = [
        method for resource in draft.resources.values() for method in resource.get("resourceMethods", {}).values()
    ]
    if not methods:
        raise BadRequestError("The REST API doesn't contain any methods")
    if not all("methodIntegration" in method for method in methods):
        raise BadRequestError("No integration defined for method")


def _check_private(api: RestApi) -> None:
    """Raise `BadRequestError` for a private API without a resource policy (Terraform AWS provider issue 14290)."""
    if api.attributes["endpointConfiguration"]["types"] == ["PRIVATE"] and not api.draft.settings.get("policy"):
        raise BadRequestError("Private REST API doesn't have a resource policy attached to it")


def _serve(api: RestApi, stage_name: str, deployment_id: str, params: Wire) -> None:
    """Create the stage, update it to the new deployment, or set the deployment as its canary."""
    stage = api.stages.get(stage_name)
    if stage is None:
        stage_params = {**params, "deploymentId": deployment_id, "description": params.get("stageDescription")}
        api.stages[stage_name] = new_stage(api, stage_params)
        return
    changed = {**stage, "lastUpdatedDate": now()}
    if "canarySettings" in params:
        changed["canarySettings"] = canary_settings({**params["canarySettings"], "deploymentId": deployment_id}, stage)
    else:
        changed["deploymentId"] = deployment_id
        _overwrite(changed, params)
    api.stages[stage_name] = changed


def _overwrite(stage: Wire, params: Wire) -> None:
    """Update an existing stage with the parameters of CreateDeployment."""
    for name, member in (("stageDescription", "description"), ("variables", "variables")):
        if params.get(name):
            stage[member] = params[name]
    if "tracingEnabled" in params:
        stage["tracingEnabled"] = params["tracingEnabled"]


def unknown_deployment(_unused: str = "") -> ApiError:
    return NotFoundError("Invalid Deployment identifier specified")


def _deployment(call: Call, api: RestApi) -> Deployment:
    deployment = api.deployments.get(str(call.get("deploymentId")))
    if deployment is None:
        raise unknown_deployment()
    return deployment


@operation("GetDeployment")
def get_deployment(call: Call) -> Wire:
    deployment = _deployment(call, call.api(unknown_deployment))
    if "apisummary" not in call.get("embed", []):
        return deployment.attributes
    return {**deployment.attributes, "apiSummary": _summary(deployment.content)}


def _summary(content: Content) -> Wire:
    """Return the authorization of each method, by path and method: the shape PathToMapOfMethodSnapshot."""
    return {
        resource["path"]: {
            name: {key: method[key] for key in ("authorizationType", "apiKeyRequired")}
            for name, method in resource["resourceMethods"].items()
        }
        for resource in content.resources.values()
        if resource.get("resourceMethods")
    }


@operation("GetDeployments")
def get_deployments(call: Call) -> Wire:
    return page([deployment.attributes for deployment in call.api().deployments.values()], call.params)


@operation("UpdateDeployment")
def update_deployment(call: Call) -> Wire:
    api = call.changed_api(unknown_deployment)
    deployment = _deployment(call, api)
    attributes = dict(deployment.attributes)
    replace_members(attributes, call.params, {"/description": _description})
    set_member(attributes, "description", attributes.get("description"))
    api.deployments[attributes["id"]] = Deployment(attributes, deployment.content)
    return attributes


def _description(patch: Patch) -> str | None:
    return patch.value or None


@operation("DeleteDeployment")
def delete_deployment(call: Call) -> None:
    api = call.changed_api(unknown_deployment)
    deployment_id = _deployment(call, api).attributes["id"]
    for stage in api.stages.values():
        if deployment_id in (stage["deploymentId"], stage.get("canarySettings", {}).get("deploymentId")):
            raise BadRequestError("Active stages pointing to this deployment must be moved or deleted")
    del api.deployments[deployment_id]
