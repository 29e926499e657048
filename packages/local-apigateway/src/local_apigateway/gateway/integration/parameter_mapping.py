# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Parameter mappings: expressions like `method.request.querystring.id` as functions, compiled once per deployment.

AWS: "Amazon API Gateway API request and response data mapping reference" (request-response-data-mappings).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import jsonpath

from ...model import HttpResponse
from ..errors import GatewayError, configuration_error
from ..invocation import Exchange, Invocation
from .template_variables import to_python

RequestSource = Callable[[Invocation], str | list[str] | None]
"""Reads a value from a request: a list for a parameter with several values, None for a missing one."""

ResponseSource = Callable[[Exchange], str | None]
"""Reads a value from a response of the backend; None for a missing one."""


def compile_request_source(expression: str) -> RequestSource:
    """Compile the right side of an `integration.request.*` mapping. An unknown expression is a configuration error."""
    shared = _shared_source(expression)
    if shared is not None:
        return shared
    location, _unused, name = expression.removeprefix("method.request.").partition(".")
    readers: dict[str, Callable[[str], RequestSource]] = {
        "path": lambda key: lambda invocation: invocation.path.get(key),
        "querystring": lambda key: lambda invocation: _last(invocation.client.query.get(key)),
        "multivaluequerystring": lambda key: lambda invocation: invocation.client.query.get(key),
        "header": lambda key: lambda invocation: _last(invocation.client.header_named(key)),
        "multivalueheader": lambda key: lambda invocation: _joined(invocation.client.header_named(key)),
        "body": _request_body_source,
    }
    if not expression.startswith("method.request.") or location not in readers:
        return _unknown(expression)
    return readers[location](name)


def compile_response_source(expression: str) -> ResponseSource:
    """Compile the right side of a `method.response.header.*` mapping."""
    shared = _shared_source(expression)
    if shared is not None:
        return lambda exchange: _joined(shared(exchange.invocation))
    location, _unused, name = expression.removeprefix("integration.response.").partition(".")
    readers: dict[str, Callable[[str], ResponseSource]] = {
        "header": lambda key: lambda exchange: _last(_headers_named(exchange.response, key)),
        "multivalueheader": lambda key: lambda exchange: _joined(_headers_named(exchange.response, key)),
        "body": _response_body_source,
    }
    if not expression.startswith("integration.response.") or location not in readers:
        unknown = _unknown(expression)
        return lambda exchange: _joined(unknown(exchange.invocation))
    return readers[location](name)


def _shared_source(expression: str) -> RequestSource | None:
    """Compile what requests and responses share: `'static'`, `context.*`, `stageVariables.*`; None for others."""
    if len(expression) > 1 and expression[0] == expression[-1] == "'":
        static = expression[1:-1]
        return lambda _invocation: static
    if expression.startswith("stageVariables."):
        variable = expression.removeprefix("stageVariables.")
        return lambda invocation: invocation.stage_variables.get(variable)
    if expression.startswith("context."):
        keys = tuple(expression.split(".")[1:])
        return lambda invocation: context_value(invocation.context, keys)
    return None


def context_value(context: dict[str, Any], keys: tuple[str, ...]) -> str | None:
    """Return the text of a member of `$context`, such as `("identity", "sourceIp")`; None for no value or a map."""
    value: Any = context
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return None if isinstance(value, dict) else as_text(to_python(value))


def as_header(value: object) -> str:
    """Return a value as the text of a header. Replaces line breaks and characters that cannot be encoded.

    API Gateway's own treatment of line breaks in a mapped value is not known.
    """
    text = str(value)
    return text if text.isprintable() else text.encode(errors="replace").decode().translate(_NO_LINE_BREAKS)


_NO_LINE_BREAKS = {0: " ", 10: " ", 13: " "}


def as_text(value: Any) -> str | None:
    """Return a JSON value as the text of a parameter: text unchanged, null as None, others as JSON."""
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def _request_body_source(path: str) -> RequestSource:
    """Compile `method.request.body` or `method.request.body.<JSONPath>`."""
    if not path:
        return lambda invocation: invocation.client.body.decode(errors="replace")
    find = _compile_path(path)

    def read(invocation: Invocation) -> str | None:
        try:
            return find(invocation.client.body)
        except ValueError as error:
            message = "Invalid JSON in request body"
            raise GatewayError("BAD_REQUEST_BODY", message, f"{message}: {error}") from None

    return read


def _response_body_source(path: str) -> ResponseSource:
    """Compile `integration.response.body` or `integration.response.body.<JSONPath>`."""
    if not path:
        return lambda exchange: exchange.response.body.decode(errors="replace")
    find = _compile_path(path)

    def read(exchange: Exchange) -> str | None:
        try:
            return find(exchange.response.body)
        except ValueError as error:
            raise configuration_error(f"Invalid JSON in integration response body: {error}") from None

    return read


def _compile_path(path: str) -> Callable[[bytes], str | None]:
    """Return a function that finds the first value at a JSONPath (without `$.`); it raises ValueError for no JSON."""
    try:
        compiled = jsonpath.compile(f"$.{path}")
    except jsonpath.JSONPathError as error:
        raise configuration_error(f"Invalid mapping expression specified: body.{path}: {error}") from None

    def find(body: bytes) -> str | None:
        found = compiled.findall(json.loads(body or b"{}"))
        return as_text(found[0]) if found else None

    return find


def _unknown(expression: str) -> RequestSource:
    """Return a mapping that the management API would have rejected: it raises a configuration error when used."""

    def fail(_invocation: Invocation) -> str | None:
        raise configuration_error(f"Invalid mapping expression specified: {expression}")

    return fail


def _headers_named(response: HttpResponse, name: str) -> list[str]:
    """Return the values of a header of the backend. Ignores case, because emulated services differ in spelling."""
    lower_name = name.lower()
    return [value for key, value in response.headers if key.lower() == lower_name]


def _last(values: list[str] | None) -> str | None:
    return values[-1] if values else None


def _joined(values: str | list[str] | None) -> str | None:
    return ",".join(values) if isinstance(values, list) and values else values or None  # type: ignore[return-value]
