# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Gateway responses: what the caller gets if API Gateway itself ends a request.

Types and default statuses are recorded (test_gateway_response_crud); AWS: "Gateway response types for API Gateway".
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from multidict import CIMultiDict

from ...model import Wire
from ..errors import GatewayError
from ..integration.parameter_mapping import RequestSource, as_header, compile_request_source, context_value
from ..invocation import Invocation
from ..messages import MethodResponse, mime_type


@dataclass(frozen=True, slots=True)
class ResponseType:
    """A type's default status and its x-amzn-ErrorType.

    `spaced`: the default body has a space after the colon. Errors during the execution have it (36 bytes of "Internal
    server error" are recorded), errors before the execution do not.
    """

    status: int
    error_type: str
    spaced: bool = False


RESPONSE_TYPES: Mapping[str, ResponseType] = {
    "ACCESS_DENIED": ResponseType(403, "AccessDeniedException"),
    "API_CONFIGURATION_ERROR": ResponseType(500, "InternalServerErrorException", spaced=True),
    "AUTHORIZER_CONFIGURATION_ERROR": ResponseType(500, "InternalServerErrorException"),
    "BAD_REQUEST_BODY": ResponseType(400, "BadRequestException", spaced=True),
    "BAD_REQUEST_PARAMETERS": ResponseType(400, "BadRequestException", spaced=True),
    "DEFAULT_4XX": ResponseType(403, "UnrecognizedClientException"),
    "DEFAULT_5XX": ResponseType(500, "InternalServerErrorException", spaced=True),
    "EXPIRED_TOKEN": ResponseType(403, "ExpiredTokenException"),
    "INTEGRATION_FAILURE": ResponseType(504, "InternalServerErrorException", spaced=True),
    "INTEGRATION_TIMEOUT": ResponseType(504, "InternalServerErrorException", spaced=True),
    "INVALID_API_KEY": ResponseType(403, "ForbiddenException"),
    "INVALID_SIGNATURE": ResponseType(403, "InvalidSignatureException"),
    "MISSING_AUTHENTICATION_TOKEN": ResponseType(403, "MissingAuthenticationTokenException"),
    "QUOTA_EXCEEDED": ResponseType(429, "LimitExceededException"),
    "REQUEST_TOO_LARGE": ResponseType(413, "RequestTooLargeException"),
    "THROTTLED": ResponseType(429, "TooManyRequestsException"),
    "UNAUTHORIZED": ResponseType(401, "UnauthorizedException"),
    "UNSUPPORTED_MEDIA_TYPE": ResponseType(415, "BadRequestException", spaced=True),
}
"""The types that this gateway raises; DEFAULT_4XX for signatures of unknown callers.

Not seen on AWS: the responses of DEFAULT_4XX and AUTHORIZER_CONFIGURATION_ERROR, RequestTooLargeException
and LimitExceededException."""

_VARIABLE = re.compile(
    r"\$(?P<root>context|stageVariables|method\.request\.(?:header|path|querystring))"
    r"\.(?P<name>[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*)"
)


@dataclass(frozen=True, slots=True)
class _Customisation:
    """A custom gateway response. Members that it does not set are None or empty."""

    status: int | None
    headers: tuple[tuple[str, RequestSource], ...]
    bodies: Mapping[str, Callable[[Invocation], str]]


class GatewayResponses:
    """The gateway responses of one deployment: custom ones over the defaults."""

    def __init__(self, put: Mapping[str, Wire]) -> None:
        self._put = {name: _compile(response) for name, response in put.items()}

    def build(self, error: GatewayError, invocation: Invocation) -> MethodResponse:
        """Return the response for an error. Sets `$context.error`."""
        kind = RESPONSE_TYPES[error.response_type]
        put = self._customisation(error.response_type, kind.status)
        _set_error_context(error, invocation)
        headers: CIMultiDict[str] = CIMultiDict({"x-amzn-ErrorType": kind.error_type})
        _add_mapped_headers(headers, put, invocation)
        content_type, body = _body(put, kind, error, invocation)
        headers.setdefault("Content-Type", content_type)
        return MethodResponse(put.status or kind.status, headers, body.encode())

    def _customisation(self, response_type: str, status: int) -> _Customisation:
        """Return the custom response for the type, else for its class (4XX, 5XX), else an empty one."""
        fallback = "DEFAULT_4XX" if status < 500 else "DEFAULT_5XX"
        return self._put.get(response_type) or self._put.get(fallback) or _NOTHING


_NOTHING = _Customisation(None, (), {})


def _compile(response: Wire) -> _Customisation:
    status = response.get("statusCode")
    parameters: Mapping[str, str] = response.get("responseParameters") or {}
    templates: Mapping[str, str] = response.get("responseTemplates") or {}
    return _Customisation(
        status=int(status) if status else None,
        headers=tuple(
            (target.removeprefix("gatewayresponse.header."), compile_request_source(expression))
            for target, expression in parameters.items()
        ),
        bodies={mime_type(media_type): _compile_body(template) for media_type, template in templates.items()},
    )


def _compile_body(template: str) -> Callable[[Invocation], str]:
    """Compile a body template. It has variables, and no directives (recorded: default template)."""
    return lambda invocation: _VARIABLE.sub(lambda found: _variable(found, invocation), template)


def _variable(found: re.Match[str], invocation: Invocation) -> str:
    """Return the text of one variable; empty if it has no value."""
    root, name = found["root"], found["name"]
    if root == "context":
        return context_value(invocation.context, tuple(name.split("."))) or ""
    if root == "stageVariables":
        return invocation.stage_variables.get(name, "")
    value = _read(compile_request_source(f"{root}.{name}"), invocation)
    return value if isinstance(value, str) else ""


def _read(source: RequestSource, invocation: Invocation) -> str | list[str] | None:
    """Return a mapped value; None if the mapping fails, because the response to an error must not fail itself."""
    try:
        return source(invocation)
    except GatewayError:
        return None


def _set_error_context(error: GatewayError, invocation: Invocation) -> None:
    invocation.context["error"] = {
        "message": error.message,
        "messageString": json.dumps(error.message, ensure_ascii=False),
        "responseType": error.response_type,
        "validationErrorString": json.dumps(error.validation, ensure_ascii=False)[1:-1],
    }


def _add_mapped_headers(headers: CIMultiDict[str], put: _Customisation, invocation: Invocation) -> None:
    for name, source in put.headers:
        value = _read(source, invocation)
        if value:
            headers[name] = as_header(value if isinstance(value, str) else ",".join(value))


def _body(put: _Customisation, kind: ResponseType, error: GatewayError, invocation: Invocation) -> tuple[str, str]:
    """Return content type and text of the response: the body for the client's Accept, else JSON, else the first."""
    if not put.bodies:
        separators = (",", ": ") if kind.spaced else (",", ":")
        return "application/json", json.dumps({"message": error.message}, separators=separators, ensure_ascii=False)
    accepted = [mime_type(part) for part in invocation.client.headers.get("Accept", "").split(",")]
    for media_type in (*accepted, "application/json", next(iter(put.bodies))):
        if media_type in put.bodies:
            return media_type, put.bodies[media_type](invocation)
    raise AssertionError("the first body is always a candidate")
