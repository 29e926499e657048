# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Request validators: required parameters and JSON schema models.

AWS: "Request validation for REST APIs in API Gateway"; messages recorded in test_api_gateway_request_validator*.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from referencing import Registry, Resource
from referencing.exceptions import NoSuchResource, Unresolvable
from referencing.jsonschema import DRAFT4

from ...long_work import VALIDATION
from ...model import Content, Wire
from ..errors import GatewayError, configuration_error
from ..invocation import Invocation
from ..messages import ClientRequest, mime_type
from .schema_check import SECONDS, InvalidPatternError, SchemaCheck, ValidationLimitError, schema_check

LARGE_BODY = 8_000
"""Size in bytes from which the validation of a body is assumed to take longer than `AT_ONCE_SECONDS`."""
AT_ONCE_SECONDS = 0.02
"""Maximum processor time of a validation in the event loop, while no other request is served."""


@dataclass(frozen=True, slots=True)
class RequiredParameter:
    """`location` is path, querystring or header."""

    location: str
    name: str


@dataclass(frozen=True, slots=True)
class RequestValidation:
    """The checks of one method's request validator; none without a validator."""

    parameters: tuple[RequiredParameter, ...] = ()
    bodies: Mapping[str, SchemaCheck] | None = None

    async def check(self, invocation: Invocation) -> None:
        """Raise `GatewayError` 400 for an invalid request."""
        missing = [parameter.name for parameter in self.parameters if not _value(parameter, invocation)]
        if missing:
            message = f"Missing required request parameters: [{', '.join(missing)}]"
            raise GatewayError("BAD_REQUEST_PARAMETERS", message, message)
        if self.bodies:
            await self._check_body(self.bodies, invocation.client)

    async def _check_body(self, bodies: Mapping[str, SchemaCheck], client: ClientRequest) -> None:
        """Validate the payload, unless its MIME type has no model (AWS: request validation)."""
        media_type = client.media_type()
        validator = bodies.get(media_type) or bodies.get("$default")
        if validator is None:
            return
        problems = await _problems_of(validator, client.body)
        if problems:
            detail = f"[{', '.join(problems)}]"
            log = f"Request body does not match model schema for content type {media_type}: {detail}"
            raise GatewayError("BAD_REQUEST_BODY", "Invalid request body", log, detail)


def compile_validation(method: Wire, content: Content) -> RequestValidation:
    """Return the checks of a wire Method under its request validator."""
    validator = content.request_validators.get(method.get("requestValidatorId") or "") or {}
    return RequestValidation(
        parameters=_required(method) if validator.get("validateRequestParameters") else (),
        bodies=_body_validators(method, content) if validator.get("validateRequestBody") else None,
    )


def _required(method: Wire) -> tuple[RequiredParameter, ...]:
    """Return the required parameters in the recorded order: headers, path, query string, each by name."""
    parameters: Mapping[str, bool] = method.get("requestParameters") or {}
    required = []
    for key in sorted(parameters):
        if parameters[key]:
            location, _unused, name = key.removeprefix("method.request.").partition(".")
            required.append(RequiredParameter(location, name))
    return tuple(required)


def _value(parameter: RequiredParameter, invocation: Invocation) -> str:
    """Return the value without blanks: AWS requires parameters to be "included and not blank"."""
    values: Mapping[str, str] = getattr(invocation.params, parameter.location)
    return values.get(parameter.name, "").strip()


def _body_validators(method: Wire, content: Content) -> dict[str, SchemaCheck]:
    """Return a schema validator by MIME type of the method's request models."""
    registry: Registry[Any] = Registry(retrieve=cache(lambda uri: _model_resource(uri, content)))  # type: ignore[call-arg]
    models: Mapping[str, str] = method.get("requestModels") or {}
    return {
        mime_type(media_type): schema_check(_schema(content, name), registry) for media_type, name in models.items()
    }


def _schema(content: Content, name: str) -> Any:
    """Return the JSON schema of a model; one without a schema accepts everything."""
    return json.loads(content.models[name].get("schema") or "{}")


def _model_resource(uri: str, content: Content) -> Resource[Any]:
    """Return the schema behind a model's reference `https://apigateway.amazonaws.com/restapis/<id>/models/<name>`."""
    name = uri.rpartition("/models/")[2]
    if name not in content.models:
        raise NoSuchResource(ref=uri)  # type: ignore[call-arg]
    return Resource.from_contents(_schema(content, name), default_specification=DRAFT4)


async def _problems_of(check: SchemaCheck, body: bytes) -> list[str]:
    """Return the errors of a body. Validates in a thread if it takes long."""
    if len(body) < LARGE_BODY:
        try:
            return _problems(check, body, AT_ONCE_SECONDS)
        except ValidationLimitError:
            pass
    try:
        return await VALIDATION.run(_problems, check, body, SECONDS)
    except ValidationLimitError as error:
        return [str(error)]


def _problems(check: SchemaCheck, body: bytes, seconds: float) -> list[str]:
    """Validate a body; an empty one is validated as `{}` (recorded: a GET without a body)."""
    try:
        document = json.loads(body or b"{}")
    except ValueError as error:
        # The text of a JSONDecodeError has only positions; that of a UnicodeDecodeError may quote the body.
        return [str(error) if isinstance(error, json.JSONDecodeError) else "the body is not JSON"]
    except RecursionError:
        return ["the body is nested too deeply"]
    try:
        return check.problems(document, seconds)
    except Unresolvable as error:
        raise configuration_error(f"The model refers to a model that does not exist: {error.ref}") from None
    except InvalidPatternError as error:
        raise configuration_error(str(error)) from None
