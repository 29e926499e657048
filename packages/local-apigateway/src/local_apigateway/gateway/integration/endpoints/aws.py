# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""AWS: any service's API as the backend, called under the integration's execution role."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from botocore.exceptions import UnknownServiceError
from botocore.loaders import create_loader

from ....model import Backend, HttpResponse, RoleNotAssumableError
from ...errors import UnsupportedError, configuration_error, integration_failure, integration_timeout
from ...invocation import Invocation
from ...messages import EndpointRequest
from ..uri import UriTemplate
from .endpoint import as_sent
from .http import check_response_size
from .query_responses import as_json

_ARN = re.compile(
    r"arn:[^:]+:apigateway:(?P<region>[^:]+):(?P<service>[^:]+):(?P<kind>action|path)/(?P<rest>.*)", re.DOTALL
)

_MODEL_NAMES = {
    "states": "stepfunctions",
    "streams.dynamodb": "dynamodbstreams",
    "monitoring": "cloudwatch",
    "email": "ses",
    "tagging": "resourcegroupstaggingapi",
}
"""Subdomains of services whose model has another name in botocore."""


@dataclass(frozen=True, slots=True)
class _Target:
    """The target of an integration URI: HTTP path and query, and the headers that name an action to a JSON service.

    `has_query_protocol`: the service responds in JSON if the request accepts JSON, otherwise in XML.
    """

    region: str
    service: str
    path: str
    query: str
    headers: tuple[tuple[str, str], ...]
    has_query_protocol: bool


class AwsEndpoint:
    """One service integration. `credentials` is the role's ARN, with stage variables; `timeout` is in seconds."""

    def __init__(self, backend: Backend, credentials: str | None, timeout: float) -> None:
        self.backend = backend
        self.timeout = timeout
        self._credentials = UriTemplate(credentials or "")

    def prepare(self, invocation: Invocation, request: EndpointRequest) -> AwsCall:
        role, target = self._role(invocation), _target(request.uri)
        for name, value in target.headers:
            request.headers.setdefault(name, value)
        query = "&".join(part for part in (target.query, urlencode(request.query, errors="replace")) if part)
        return AwsCall(self, invocation, as_sent(request, invocation.client), role, target, query)

    def _role(self, invocation: Invocation) -> str:
        """Return the execution role's ARN. Raises `GatewayError` for a service integration without a role."""
        role = self._credentials.fill({}, invocation.stage_variables)
        if not role:
            raise configuration_error("Role ARN must be specified for AWS integrations")
        if role == "arn:aws:iam::*:user/*":
            raise UnsupportedError("an integration under the caller's own credentials (arn:aws:iam::*:user/*)")
        return role

    def selection_value(self, response: HttpResponse) -> str:
        return str(response.status)


@dataclass(frozen=True, slots=True)
class AwsCall:
    """One request to a service, to be signed by the backend."""

    endpoint: AwsEndpoint
    invocation: Invocation
    request: EndpointRequest
    role: str
    target: _Target
    query: str

    @property
    def url(self) -> str:
        host = f"{self.target.service}.{self.target.region}.amazonaws.com"
        return f"https://{host}{self.target.path}{f'?{self.query}' if self.query else ''}"

    async def send(self) -> HttpResponse:
        try:
            response = await self._send()
        except RoleNotAssumableError as error:
            reason = f"API Gateway does not have permission to assume the provided role {self.role}: {error}"
            raise configuration_error(reason) from error
        except TimeoutError:
            raise integration_timeout() from None
        except ConnectionError as error:
            raise integration_failure(str(error)) from error
        check_response_size(response.body)
        _keep_request_id(self.invocation, response)
        wants_json = self.request.headers.get("Accept") == "application/json"
        return as_json(response) if wants_json and self.target.has_query_protocol else response

    async def _send(self) -> HttpResponse:
        headers = self.request.headers
        return await self.endpoint.backend.call(
            role_arn=self.role,
            region=self.target.region,
            service=self.target.service,
            method=self.request.method,
            path=self.target.path,
            query=self.query,
            headers={name: ",".join(headers.getall(name)) for name in headers},
            body=self.request.body,
            timeout=self.endpoint.timeout,
        )


class LambdaEndpoint(AwsEndpoint):
    """A Lambda function behind an integration of type AWS, not AWS_PROXY."""

    def _role(self, invocation: Invocation) -> str:
        if not self._credentials.fill({}, invocation.stage_variables):
            raise UnsupportedError(
                "a Lambda integration that relies on the function's own policy; give it an execution role"
            )
        return super()._role(invocation)

    def selection_value(self, response: HttpResponse) -> str:
        """Return the errorMessage of a failed function (recorded: test_lambda_selection_patterns)."""
        try:
            result = json.loads(response.body)
        except ValueError:
            return ""
        return str(result.get("errorMessage") or "") if isinstance(result, dict) else ""


@lru_cache(maxsize=1024)
def _target(uri: str) -> _Target:
    """Return the target of a rendered integration URI. Raises `GatewayError` 500 if it is not an integration ARN."""
    arn = _ARN.fullmatch(uri)
    if arn is None:
        raise configuration_error("Invalid ARN specified in the request")
    region, service, rest = arn["region"], arn["service"], arn["rest"]
    has_query_protocol = "query" in _protocols(service)
    if arn["kind"] == "path":
        path, _unused, query = rest.partition("?")
        return _Target(region, service, f"/{path.lstrip('/')}", query, (), has_query_protocol)
    action, _unused, query = rest.partition("&")
    query = f"Action={action}{f'&{query}' if query else ''}"
    return _Target(region, service, "/", query, _action_headers(service, action), has_query_protocol)


def _action_headers(service: str, action: str) -> tuple[tuple[str, str], ...]:
    """Return the headers that name an action to a JSON service. Other services read it from the query string."""
    protocols = _protocols(service)
    if not protocols:
        raise configuration_error(f"Unknown service in integration URI: {service}")
    if service == "ssm":
        # Recorded (test_ssm_aws_integration): API Gateway calls it by an old query protocol, and wraps its response.
        raise UnsupportedError(f"the URI ssm:action/{action}")
    if "query" in protocols or "ec2" in protocols:
        return ()
    if "json" not in protocols:
        raise UnsupportedError(f"the URI {service}:action/{action}: {service} has a REST API, use path/… instead")
    metadata = _service_metadata(service)
    target = f"{metadata['targetPrefix']}.{action}"
    return ("X-Amz-Target", target), ("Content-Type", f"application/x-amz-json-{metadata['jsonVersion']}")


def _protocols(service: str) -> list[str]:
    """Return the protocols of a service, in botocore's names; none for a service that botocore does not know.

    SQS still accepts the query protocol, which its model has only as `awsQueryCompatible`.
    """
    metadata = _service_metadata(service)
    protocols = list(metadata.get("protocols") or [metadata["protocol"]]) if metadata else []
    return ["query", *protocols] if "awsQueryCompatible" in metadata else protocols


@lru_cache(maxsize=128)
def _service_metadata(service: str) -> dict[str, Any]:
    """Return the metadata of botocore's model for a subdomain such as `dynamodb`; empty without a model."""
    name = _MODEL_NAMES.get(service, service)
    try:
        return dict(create_loader().load_service_model(name, "service-2")["metadata"])
    except UnknownServiceError:
        return {}


def _keep_request_id(invocation: Invocation, response: HttpResponse) -> None:
    """Set `$context.awsEndpointRequestId` to the service's request id."""
    for name, value in response.headers:
        if name.lower() in ("x-amzn-requestid", "x-amz-request-id"):
            invocation.context["awsEndpointRequestId"] = value
            return
