# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Gateway responses: GetGatewayResponse(s), PutGatewayResponse, UpdateGatewayResponse, DeleteGatewayResponse.

An API stores custom responses only. Other types have defaults, which follow a custom DEFAULT_4XX or DEFAULT_5XX
(recorded).
"""

from __future__ import annotations

from ..model import Content, Wire
from .errors import BadRequestError, NotFoundError
from .operations import Call, operation
from .pages import page
from .patches import Entries, Patch, Rule, Scalar, apply, invalid_path, patches

DEFAULT_TEMPLATES = {"application/json": '{"message":$context.error.messageString}'}

# Statuses by type. DEFAULT_4XX and DEFAULT_5XX have none.
DEFAULT_STATUSES: dict[str, str | None] = {
    "ACCESS_DENIED": "403",
    "API_CONFIGURATION_ERROR": "500",
    "AUTHORIZER_CONFIGURATION_ERROR": "500",
    "AUTHORIZER_FAILURE": "500",
    "BAD_REQUEST_BODY": "400",
    "BAD_REQUEST_PARAMETERS": "400",
    "DEFAULT_4XX": None,
    "DEFAULT_5XX": None,
    "EXPIRED_TOKEN": "403",
    "INTEGRATION_FAILURE": "504",
    "INTEGRATION_TIMEOUT": "504",
    "INVALID_API_KEY": "403",
    "INVALID_SIGNATURE": "403",
    "MISSING_AUTHENTICATION_TOKEN": "403",
    "QUOTA_EXCEEDED": "429",
    "REQUEST_TOO_LARGE": "413",
    "RESOURCE_NOT_FOUND": "404",
    "THROTTLED": "429",
    "UNAUTHORIZED": "401",
    "UNSUPPORTED_MEDIA_TYPE": "415",
    "WAF_FILTERED": "403",
}


def gateway_response(draft: Content, response_type: str) -> Wire:
    """Return the response for a type: the custom one, else the default."""
    put = draft.gateway_responses.get(response_type)
    if put:
        return put
    status = DEFAULT_STATUSES[response_type]
    family = draft.gateway_responses.get(f"DEFAULT_{status[0]}XX", {}) if status else {}
    return {
        "responseType": response_type,
        "statusCode": family.get("statusCode") or status,
        "responseParameters": family.get("responseParameters", {}),
        "responseTemplates": family.get("responseTemplates", DEFAULT_TEMPLATES),
        "defaultResponse": True,
    }


def put_response(response_type: str, params: Wire) -> Wire:
    """Return a custom response as it is stored, with defaults for missing members."""
    return {
        "responseType": response_type,
        "statusCode": params.get("statusCode") or DEFAULT_STATUSES[response_type],
        "responseParameters": params.get("responseParameters") or {},
        "responseTemplates": params.get("responseTemplates") or dict(DEFAULT_TEMPLATES),
        "defaultResponse": False,
    }


@operation("GetGatewayResponse")
def get_gateway_response(call: Call) -> Wire:
    return gateway_response(call.draft(), call.params["responseType"])


@operation("GetGatewayResponses")
def get_gateway_responses(call: Call) -> Wire:
    draft = call.draft()
    return page([gateway_response(draft, name) for name in DEFAULT_STATUSES], call.params)


@operation("PutGatewayResponse")
def put_gateway_response(call: Call) -> Wire:
    draft = call.changed_api().draft
    response = put_response(call.params["responseType"], call.params)
    draft.gateway_responses[response["responseType"]] = response
    return response


@operation("UpdateGatewayResponse")
def update_gateway_response(call: Call) -> Wire:
    draft = call.changed_api().draft
    current = gateway_response(draft, call.params["responseType"])
    response = {**current, "defaultResponse": False}
    for patch in patches(call.params):
        apply(response, patch, _RULES, _refuse)
    for name in ("responseParameters", "responseTemplates"):
        response.setdefault(name, {})
    draft.gateway_responses[response["responseType"]] = response
    return response


def _refuse(patch: Patch, ops: tuple[str, ...]) -> None:
    if patch.op not in ops:
        raise invalid_path(patch)


def _value(patch: Patch) -> str:
    if not patch.value:
        raise BadRequestError(f"Invalid null or empty value in {patch.parts[0]}")
    return patch.value


_RULES: dict[str, Rule] = {
    "statusCode": Scalar(),
    "responseParameters": Entries("Invalid parameter name specified", _value),
    "responseTemplates": Entries("Invalid template type specified", _value),
}


@operation("DeleteGatewayResponse")
def delete_gateway_response(call: Call) -> None:
    draft = call.changed_api().draft
    if call.params["responseType"] not in draft.gateway_responses:
        raise NotFoundError("Gateway response type not defined on api")
    del draft.gateway_responses[call.params["responseType"]]
