# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Integrations and their responses: Put-, Get-, Update-, DeleteIntegration, and the same of IntegrationResponse."""

from __future__ import annotations

import re

from ..model import DEFAULT_TIMEOUT_MS, Content, Wire
from .errors import BadRequestError, NotFoundError, mapping_error
from .methods import method_of, unknown_status
from .operations import Call, operation
from .patches import Entries, Names, Patch, Rule, Scalar, apply, only, patches, set_member
from .resources import resource_of, unknown_resource

MINIMUM_TIMEOUT_MS = 50
MAXIMUM_TIMEOUT_MS = 29_000
"""The default of the account's quota, which can be raised on AWS but not here."""
PASSTHROUGH_BEHAVIORS = ("WHEN_NO_MATCH", "WHEN_NO_TEMPLATES", "NEVER")
OPTIONAL_MEMBERS = (
    "connectionId",
    "credentials",
    "requestParameters",
    "requestTemplates",
    "contentHandling",
    "tlsConfig",
)
AWS_URI = re.compile(r"arn:[\w-]+:apigateway:[^:]+:[^:]+:(path|action)/.+", re.DOTALL)
PROXY_URI = re.compile(r"arn:[\w-]+:apigateway:[^:]+:(lambda:path/|firehose:).+", re.DOTALL)


def new_integration(params: Wire, resource_id: str) -> Wire:
    """Return a complete Integration from the parameters of PutIntegration (`integrationHttpMethod` is its HTTP method).

    Raises `BadRequestError` if type, method and URI do not fit together.
    """
    kind = params["type"]
    integration: Wire = {"type": kind, "passthroughBehavior": _passthrough(params.get("passthroughBehavior"))}
    if kind != "MOCK":
        _check_target(params)
        integration |= {"httpMethod": params["integrationHttpMethod"], "uri": params.get("uri")}
    if kind in ("HTTP", "HTTP_PROXY"):
        integration["connectionType"] = params.get("connectionType") or "INTERNET"
    for name in OPTIONAL_MEMBERS:
        set_member(integration, name, params.get(name) or None)
    integration["timeoutInMillis"] = timeout_millis(params.get("timeoutInMillis") or DEFAULT_TIMEOUT_MS)
    integration["cacheNamespace"] = params.get("cacheNamespace") or resource_id
    integration["cacheKeyParameters"] = params.get("cacheKeyParameters") or []
    check_request_parameters(integration.get("requestParameters") or {})
    return integration


def _passthrough(value: str | None) -> str:
    """Return a passthrough behavior. Names are accepted in any case, because documents have them in lower case."""
    behavior = (value or "WHEN_NO_MATCH").upper()
    if behavior not in PASSTHROUGH_BEHAVIORS:
        # AWS's text for this is not recorded.
        raise BadRequestError(
            f"Invalid passthrough behavior specified. Valid options are {','.join(PASSTHROUGH_BEHAVIORS)}"
        )
    return behavior


def _check_target(params: Wire) -> None:
    kind, uri = params["type"], params.get("uri") or ""
    if not params.get("integrationHttpMethod"):
        raise BadRequestError("Enumeration value for HttpMethod must be non-empty")
    if kind in ("HTTP", "HTTP_PROXY"):
        if not re.match(r"https?://|\$\{stageVariables\.", uri):
            raise BadRequestError("Invalid HTTP endpoint specified for URI")
    elif not uri.startswith("arn:"):
        raise BadRequestError("Invalid ARN specified in the request")
    elif not AWS_URI.fullmatch(uri):
        raise BadRequestError("AWS ARN for integration must contain path or action")
    elif kind == "AWS_PROXY" and not PROXY_URI.fullmatch(uri):
        raise BadRequestError(
            "Integrations of type 'AWS_PROXY' currently only supports Lambda function and Firehose stream invocations."
        )
    elif kind == "AWS" and not PROXY_URI.fullmatch(uri) and not params.get("credentials"):
        # The text is in the Terraform AWS provider's issue 7916. Only Lambda needs no role (recorded).
        raise BadRequestError("Role ARN must be specified for AWS integrations")


def timeout_millis(value: object) -> int:
    """Return an integration timeout in milliseconds, or raise `BadRequestError` if AWS would not accept it."""
    text = str(value)
    if not text.isdigit() or not MINIMUM_TIMEOUT_MS <= int(text) <= MAXIMUM_TIMEOUT_MS:
        raise BadRequestError(f"Timeout should be between {MINIMUM_TIMEOUT_MS} ms and {MAXIMUM_TIMEOUT_MS} ms")
    return int(text)


def check_request_parameters(parameters: Wire) -> None:
    """Raise `BadRequestError` for a name that is not a location in the backend's request."""
    for name in parameters:
        if not re.fullmatch(r"integration\.request\.(querystring|path|header)\..+", name):
            raise mapping_error(name)


def integration_of(call: Call, draft: Content) -> Wire:
    """Return the integration that the call names."""
    integration: Wire | None = method_of(call, draft).get("methodIntegration")
    if integration is None:
        raise NotFoundError("Invalid Integration identifier specified")
    return integration


@operation("PutIntegration")
def put_integration(call: Call) -> Wire:
    draft = call.changed_api(unknown_resource).draft
    method = method_of(call, draft)
    integration = new_integration(call.params, call.params["resourceId"])
    method["methodIntegration"] = integration
    return integration


@operation("GetIntegration")
def get_integration(call: Call) -> Wire:
    return integration_of(call, call.draft(unknown_resource))


@operation("UpdateIntegration")
def update_integration(call: Call) -> Wire:
    draft = call.changed_api(unknown_resource).draft
    current = integration_of(call, draft)
    integration = dict(current)
    for patch in patches(call.params):
        if patch.path == "/tlsConfig/insecureSkipVerification":
            integration["tlsConfig"] = {"insecureSkipVerification": patch.flag}
        else:
            apply(integration, patch, _INTEGRATION_RULES, lambda rejected, ops: only(rejected, *ops))
    integration.setdefault("cacheKeyParameters", [])
    check_request_parameters(integration.get("requestParameters") or {})
    if integration["type"] != "MOCK":
        _check_target({**integration, "integrationHttpMethod": integration.get("httpMethod")})
    current.clear()
    current.update(integration)
    return integration


def _text_or_empty(patch: Patch) -> str:
    return patch.value or ""


_INTEGRATION_RULES: dict[str, Rule] = {
    "type": Scalar(),
    "httpMethod": Scalar(),
    "uri": Scalar(),
    "credentials": Scalar(ops=("replace", "remove")),
    "connectionId": Scalar(),
    "connectionType": Scalar(),
    "contentHandling": Scalar(ops=("replace", "remove")),
    "passthroughBehavior": Scalar(lambda patch: _passthrough(patch.value)),
    "timeoutInMillis": Scalar(lambda patch: timeout_millis(patch.value)),
    "cacheNamespace": Scalar(),
    "requestParameters": Entries("Invalid parameter name specified", _text_or_empty),
    "requestTemplates": Entries("Content-Type specified was not found", _text_or_empty),
    "cacheKeyParameters": Names("Invalid parameter name specified"),
}


@operation("DeleteIntegration")
def delete_integration(call: Call) -> None:
    draft = call.changed_api(unknown_resource).draft
    integration_of(call, draft)
    del method_of(call, draft)["methodIntegration"]


@operation("PutIntegrationResponse")
def put_integration_response(call: Call) -> Wire:
    draft = call.changed_api(unknown_resource).draft
    integration = integration_of(call, draft)
    response = new_integration_response(call.params)
    integration.setdefault("integrationResponses", {})[response["statusCode"]] = response
    return response


def new_integration_response(params: Wire) -> Wire:
    """Return a complete IntegrationResponse. An empty template is stored as null (recorded)."""
    response: Wire = {"statusCode": params["statusCode"]}
    for name in ("selectionPattern", "responseParameters", "contentHandling"):
        set_member(response, name, params.get(name))
    if params.get("responseTemplates") is not None:
        response["responseTemplates"] = {kind: text or None for kind, text in params["responseTemplates"].items()}
    check_response(response)
    return response


def check_response(response: Wire) -> None:
    """Raise `BadRequestError` for a template's content type without a slash, or an invalid parameter name."""
    for kind in response.get("responseTemplates") or {}:
        if "/" not in kind:
            raise BadRequestError(
                f"Validation Result: warnings : [], errors : [Invalid content type specified: {kind}]"
            )
    for name in response.get("responseParameters") or {}:
        if not name.startswith("method.response."):
            raise mapping_error(name)


def _response_of(call: Call, draft: Content) -> Wire:
    response: Wire | None = integration_of(call, draft).get("integrationResponses", {}).get(call.params["statusCode"])
    if response is None:
        raise unknown_status()
    return response


@operation("GetIntegrationResponse")
def get_integration_response(call: Call) -> Wire:
    return _response_of(call, call.draft(unknown_resource))


@operation("UpdateIntegrationResponse")
def update_integration_response(call: Call) -> Wire:
    draft = call.changed_api(unknown_resource).draft
    current = _response_of(call, draft)
    response = dict(current)
    for patch in patches(call.params):
        apply(response, patch, _RESPONSE_RULES, lambda rejected, ops: only(rejected, *ops))
    check_response(response)
    current.clear()
    current.update(response)
    return response


_RESPONSE_RULES: dict[str, Rule] = {
    "selectionPattern": Scalar(_text_or_empty),
    "contentHandling": Scalar(ops=("replace", "remove")),
    "responseParameters": Entries("Invalid parameter name specified", _text_or_empty),
    "responseTemplates": Entries("Content-Type specified was not found", lambda patch: patch.value or None),
}


@operation("DeleteIntegrationResponse")
def delete_integration_response(call: Call) -> None:
    """Delete an integration response. A missing method has the text of a missing integration (recorded)."""
    draft = call.changed_api(unknown_resource).draft
    method = resource_of(call, draft).get("resourceMethods", {}).get(call.params["httpMethod"], {})
    if "methodIntegration" not in method:
        raise NotFoundError("Invalid Integration identifier specified")
    response = _response_of(call, draft)
    responses = method["methodIntegration"]["integrationResponses"]
    del responses[response["statusCode"]]
    if not responses:
        del method["methodIntegration"]["integrationResponses"]
