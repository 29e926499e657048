# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Methods and method responses: PutMethod, GetMethod, UpdateMethod, DeleteMethod, and the same of MethodResponse."""

from __future__ import annotations

import re

from ..model import Content, Wire
from .errors import ApiError, BadRequestError, ConflictError, NotFoundError, mapping_error
from .operations import Call, operation
from .patches import Entries, Names, Rule, Scalar, apply, only, patches, set_member
from .resources import resource_of, unknown_resource

HTTP_METHODS = ("GET", "PUT", "POST", "DELETE", "PATCH", "OPTIONS", "HEAD", "ANY")
AUTHORIZATION_TYPES = ("NONE", "AWS_IAM", "CUSTOM", "COGNITO_USER_POOLS")
REQUEST_PARAMETER = re.compile(r"method\.request\.(?:multivalue)?(querystring|path|header)\.(.+)")
RESPONSE_PARAMETER = re.compile(r"method\.response\.header\..+")


def method_of(call: Call, draft: Content) -> Wire:
    """Return the method that the call names."""
    methods = resource_of(call, draft).get("resourceMethods", {})
    method: Wire | None = methods.get(call.params["httpMethod"])
    if method is None:
        raise NotFoundError("Invalid Method identifier specified")
    return method


@operation("PutMethod")
def put_method(call: Call) -> Wire:
    draft = call.changed_api(unknown_resource).draft
    resource = resource_of(call, draft)
    name = call.params["httpMethod"]
    if name not in HTTP_METHODS:
        raise BadRequestError(f"Invalid HttpMethod specified. Valid options are {','.join(HTTP_METHODS)}")
    method = _new_method(call)
    check_method(draft, method)
    if name in resource.get("resourceMethods", {}):
        raise ConflictError("Method already exists for this resource")
    resource.setdefault("resourceMethods", {})[name] = method
    return method


def _new_method(call: Call) -> Wire:
    method: Wire = {
        "httpMethod": call.params["httpMethod"],
        "authorizationType": str(call.get("authorizationType", "NONE")).upper(),
        "apiKeyRequired": call.get("apiKeyRequired", False),
    }
    names = ("authorizerId", "operationName", "requestValidatorId", "requestParameters", "requestModels")
    for name in (*names, "authorizationScopes"):
        set_member(method, name, call.get(name) or None)
    return method


def check_method(draft: Content, method: Wire) -> None:
    """Raise `ApiError` for a method with unknown references or invalid parameters."""
    if method["authorizationType"] not in AUTHORIZATION_TYPES:
        # AWS's text for this is not recorded.
        raise BadRequestError(
            f"Invalid authorization type specified. Valid options are {','.join(AUTHORIZATION_TYPES)}"
        )
    if _needs_authorizer(method) and method.get("authorizerId") not in draft.authorizers:
        raise BadRequestError(
            "Invalid authorizer ID specified. "
            "Setting the authorization type to CUSTOM or COGNITO_USER_POOLS requires a valid authorizer."
        )
    validator_id = method.get("requestValidatorId")
    if validator_id and validator_id not in draft.request_validators:
        raise BadRequestError("Invalid Request Validator identifier specified")
    for model in (method.get("requestModels") or {}).values():
        if model not in draft.models:
            raise BadRequestError(f"Invalid model identifier specified: {model}")
    _check_parameters(method.get("requestParameters") or {})


def _needs_authorizer(method: Wire) -> bool:
    return method["authorizationType"] in ("CUSTOM", "COGNITO_USER_POOLS")


def _check_parameters(parameters: Wire) -> None:
    matches = [(name, REQUEST_PARAMETER.fullmatch(name)) for name in parameters]
    for name, match in matches:
        if match is None:
            raise mapping_error(name)
    names = [match.group(2) for _unused, match in matches if match]
    if len(set(names)) < len(names):
        raise BadRequestError("Parameter names must be unique across querystring, header and path")


@operation("GetMethod")
def get_method(call: Call) -> Wire:
    return method_of(call, call.draft(unknown_resource))


@operation("UpdateMethod")
def update_method(call: Call) -> Wire:
    draft = call.changed_api(unknown_resource).draft
    current = method_of(call, draft)
    method = dict(current)
    for patch in patches(call.params):
        apply(method, patch, _METHOD_RULES, lambda rejected, ops: only(rejected, *ops))
    method["authorizationType"] = str(method["authorizationType"]).upper()
    if not _needs_authorizer(method):
        # An authorizer is ignored if the method's authorization type needs none (recorded).
        method.pop("authorizerId", None)
    check_method(draft, method)
    current.clear()
    current.update(method)
    return method


_METHOD_RULES: dict[str, Rule] = {
    "operationName": Scalar(),
    "apiKeyRequired": Scalar(lambda patch: patch.flag),
    "authorizationType": Scalar(),
    "authorizerId": Scalar(),
    "requestValidatorId": Scalar(),
    "requestParameters": Entries("Invalid parameter name specified", lambda patch: patch.flag),
    "requestModels": Entries("Content-Type specified was not found"),
    "authorizationScopes": Names("Invalid authorization scope specified", takes_values=True),
}


@operation("DeleteMethod")
def delete_method(call: Call) -> None:
    draft = call.changed_api(unknown_resource).draft
    method_of(call, draft)
    resource = resource_of(call, draft)
    del resource["resourceMethods"][call.params["httpMethod"]]


def unknown_status(_unused: str = "") -> ApiError:
    return NotFoundError("Invalid Response status code specified")


@operation("PutMethodResponse")
def put_method_response(call: Call) -> Wire:
    draft = call.changed_api(unknown_resource).draft
    method = method_of(call, draft)
    status = call.params["statusCode"]
    if status in method.get("methodResponses", {}):
        raise ConflictError("Response already exists for this resource")
    response: Wire = {"statusCode": status}
    for name in ("responseParameters", "responseModels"):
        set_member(response, name, call.get(name))
    check_response(draft, response)
    method.setdefault("methodResponses", {})[status] = response
    return response


def check_response(draft: Content, response: Wire) -> None:
    """Raise `ApiError` for a method response with an invalid parameter or an unknown model."""
    for name in response.get("responseParameters") or {}:
        if not RESPONSE_PARAMETER.fullmatch(name):
            raise mapping_error(name)
    for model in (response.get("responseModels") or {}).values():
        if model not in draft.models:
            raise BadRequestError(f"Invalid model identifier specified: {model}")


def _response_of(call: Call, draft: Content) -> Wire:
    response: Wire | None = method_of(call, draft).get("methodResponses", {}).get(call.params["statusCode"])
    if response is None:
        raise unknown_status()
    return response


@operation("GetMethodResponse")
def get_method_response(call: Call) -> Wire:
    return _response_of(call, call.draft(unknown_resource))


@operation("UpdateMethodResponse")
def update_method_response(call: Call) -> Wire:
    draft = call.changed_api(unknown_resource).draft
    current = _response_of(call, draft)
    response = dict(current)
    for patch in patches(call.params):
        apply(response, patch, _RESPONSE_RULES, lambda rejected, ops: only(rejected, *ops))
    check_response(draft, response)
    current.clear()
    current.update(response)
    return response


_RESPONSE_RULES: dict[str, Rule] = {
    "responseParameters": Entries("Invalid parameter name specified", lambda patch: patch.flag),
    "responseModels": Entries("Content-Type specified was not found"),
}


@operation("DeleteMethodResponse")
def delete_method_response(call: Call) -> None:
    draft = call.changed_api(unknown_resource).draft
    response = _response_of(call, draft)
    responses = method_of(call, draft)["methodResponses"]
    del responses[response["statusCode"]]
    if not responses:
        del method_of(call, draft)["methodResponses"]
