# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Validation against the service model, as AWS's front end does it before an operation runs.

It checks for missing members, and values outside an enumeration or a pattern. Text and order are recorded: members of
the body first (`createRestApiInput.name`), then those of the URI (`statusCode`), all errors in one message.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, cast

from botocore.model import OperationModel, Shape

from ..model import Wire
from .errors import ValidationError

# The front end prints an enumeration in the order of a Java hash set, which the public model does not carry.
# These are the recorded ones; others are printed in the model's order.
RECORDED_ENUM_ORDER: dict[str, tuple[str, ...]] = {
    "GatewayResponseType": (
        "REQUEST_TOO_LARGE",
        "RESOURCE_NOT_FOUND",
        "AUTHORIZER_CONFIGURATION_ERROR",
        "MISSING_AUTHENTICATION_TOKEN",
        "BAD_REQUEST_BODY",
        "INVALID_SIGNATURE",
        "INVALID_API_KEY",
        "BAD_REQUEST_PARAMETERS",
        "AUTHORIZER_FAILURE",
        "UNAUTHORIZED",
        "INTEGRATION_TIMEOUT",
        "ACCESS_DENIED",
        "DEFAULT_4XX",
        "DEFAULT_5XX",
        "WAF_FILTERED",
        "QUOTA_EXCEEDED",
        "THROTTLED",
        "API_CONFIGURATION_ERROR",
        "UNSUPPORTED_MEDIA_TYPE",
        "INTEGRATION_FAILURE",
        "EXPIRED_TOKEN",
    ),
    "Op": ("add", "remove", "move", "test", "replace", "copy"),
    "IntegrationType": ("HTTP", "MOCK", "AWS_PROXY", "HTTP_PROXY", "AWS"),
    "EndpointType": ("PRIVATE", "EDGE", "REGIONAL"),
    "IpAddressType": ("ipv4", "dualstack"),
    "DocumentationPartType": (
        "RESPONSE_BODY",
        "RESPONSE",
        "METHOD",
        "MODEL",
        "AUTHORIZER",
        "RESPONSE_HEADER",
        "RESOURCE",
        "PATH_PARAMETER",
        "REQUEST_BODY",
        "QUERY_PARAMETER",
        "API",
        "REQUEST_HEADER",
    ),
}

# Required by the model, but checked by the operation itself, with its own text (recorded).
CHECKED_BY_OPERATION = frozenset({("CreateModel", "name"), ("PutMethod", "authorizationType")})


def validate(operation: OperationModel, params: Wire) -> None:
    """Raise one `ValidationError` that lists every error."""
    problems = [*_body_problems(operation, params), *_uri_problems(operation, params)]
    if problems:
        count = f"{len(problems)} validation error{'s' if len(problems) > 1 else ''} detected"
        raise ValidationError(f"{count}: " + "; ".join(problems))


def _body_problems(operation: OperationModel, params: Wire) -> Iterator[str]:
    root = f"{operation.name[0].lower()}{operation.name[1:]}Input"
    shape = cast(Shape, operation.input_shape)
    for name, member in shape.members.items():
        if "location" in member.serialization or name == shape.serialization.get("payload"):
            continue
        if name in params:
            yield from _problems(member, params[name], f"{root}.{name}")
        elif name in shape.required_members and (operation.name, name) not in CHECKED_BY_OPERATION:
            yield f"Value null at '{root}.{name}' failed to satisfy constraint: Member must not be null"


def _uri_problems(operation: OperationModel, params: Wire) -> Iterator[str]:
    shape = cast(Shape, operation.input_shape)
    for name, member in shape.members.items():
        if "location" in member.serialization and name in params and member.type_name == "string":
            yield from _scalar_problems(member, params[name], name)


def _problems(shape: Shape, value: Any, where: str) -> Iterator[str]:
    if shape.type_name == "structure":
        for name, member in shape.members.items():
            if name in value:
                yield from _problems(member, value[name], f"{where}.{name}")
    elif shape.type_name == "list" and shape.member.type_name == "structure":
        for number, item in enumerate(value, 1):
            yield from _problems(shape.member, item, f"{where}.{number}.member")
    elif shape.type_name == "list":
        yield from _list_problems(shape, value, where)
    elif shape.type_name == "string":
        yield from _scalar_problems(shape, value, where)


def _list_problems(shape: Shape, value: list[Any], where: str) -> Iterator[str]:
    constraint = next((c for item in value for c in _constraints(shape.member, item)), None)
    if constraint:
        yield (
            f"Value '[{', '.join(map(str, value))}]' at '{where}' failed to satisfy constraint: "
            f"Member must satisfy constraint: [{constraint}]"
        )


def _scalar_problems(shape: Shape, value: Any, where: str) -> Iterator[str]:
    for constraint in _constraints(shape, value):
        yield f"Value '{value}' at '{where}' failed to satisfy constraint: {constraint}"


def _constraints(shape: Shape, value: Any) -> Iterator[str]:
    """Yield the constraints of a string's shape that a value violates."""
    allowed = shape.metadata.get("enum")
    if allowed and value not in allowed:
        names = RECORDED_ENUM_ORDER.get(shape.name, tuple(allowed))
        yield f"Member must satisfy enum value set: [{', '.join(names)}]"
    pattern = shape.metadata.get("pattern")
    if pattern and not re.fullmatch(pattern, str(value)):
        yield f"Member must satisfy regular expression pattern: {pattern}"
