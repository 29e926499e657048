# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the rooms of the embedded AWS share: the state of REST APIs, and a request on its way through one.

The control plane writes `RestApi`s; the gateway reads the `Content` of a deployment; the server joins them. Wire
shapes are kept as plain dicts, named exactly as botocore's service model `apigateway` names their members, so that
an answer of the management API is what is stored, and nothing is translated twice.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

Wire = dict[str, Any]
"""A JSON object as the management API sends it: botocore's member names, no botocore types."""


@dataclass
class Content:
    """All that a deployment takes a snapshot of: the draft of an API, or what a stage serves.

    `resources` are by id, in the shape of GetResource with embed=methods: `id`, `parentId`, `pathPart`, `path`, and
    `resourceMethods` with each method whole (`methodResponses`, `methodIntegration` with `integrationResponses`).
    `models` and `gateway_responses` are by name and response type (of the latter just those that were put, not the
    defaults), `request_validators` and `authorizers` by id. `settings` are the members of a RestApi that change what
    callers see: `binaryMediaTypes`, `minimumCompressionSize`, `apiKeySource`, `policy`,
    `disableExecuteApiEndpoint`.
    """

    resources: dict[str, Wire] = field(default_factory=dict)
    models: dict[str, Wire] = field(default_factory=dict)
    request_validators: dict[str, Wire] = field(default_factory=dict)
    gateway_responses: dict[str, Wire] = field(default_factory=dict)
    authorizers: dict[str, Wire] = field(default_factory=dict)
    documentation_parts: dict[str, Wire] = field(default_factory=dict)
    settings: Wire = field(default_factory=dict)

    def snapshot(self) -> Content:
        """A copy that later changes of the draft cannot reach."""
        return Content(**json.loads(json.dumps(vars(self))))  # plain data, and quicker than a deep copy


@dataclass
class Deployment:
    """A snapshot and its description (`attributes`: the wire shape Deployment). Never changed once made."""

    attributes: Wire
    content: Content


@dataclass
class RestApi:
    """One REST API of one account and Region.

    `attributes` is the wire shape RestApi, less the members that stand in `draft.settings`; `stages` are wire shapes
    Stage by name.
    """

    account_id: str
    region: str
    attributes: Wire
    draft: Content = field(default_factory=Content)
    deployments: dict[str, Deployment] = field(default_factory=dict)
    stages: dict[str, Wire] = field(default_factory=dict)

    @property
    def id(self) -> str:
        return str(self.attributes["id"])


@dataclass(frozen=True)
class ServedStage:
    """What the gateway needs to answer a request: a stage (its wire shape) and the content that it serves.

    The pair (`api.id`, `deployment_id`) names the content for good, so that what is compiled from it can be kept.
    `canary_content` is what `stage["canarySettings"]["deploymentId"]` holds, where the stage has a canary.
    """

    account_id: str
    region: str
    api_id: str
    api_name: str
    stage: Wire
    deployment_id: str
    content: Content
    canary_content: Content | None = None


@dataclass(frozen=True)
class HttpRequest:
    """A request as it came in. `path` is what follows the stage, percent-encoded as sent, with a leading slash.

    `query` and `headers` are in the order of arrival with repeats kept; header names as sent. `prefix` is what stood
    before `path` in the URL (`/restapis/{id}/{stage}/_user_request_`, or `/{stage}`).
    """

    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    headers: tuple[tuple[str, str], ...]
    body: bytes
    host: str
    source_ip: str = "127.0.0.1"
    protocol: str = "HTTP/1.1"
    prefix: str = ""


@dataclass(frozen=True)
class HttpResponse:
    """An answer, ready to send. `headers` may repeat a name."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


@dataclass(frozen=True)
class AccessQuestion:
    """May the sender of a request invoke a method?

    `arn` is that of what is invoked, `policy` the API's resource policy. Of an `anonymous` caller no signature counts.
    """

    request: HttpRequest
    arn: str
    policy: str | None
    anonymous: bool


@dataclass(frozen=True)
class AccessDecision:
    """What IAM says to an `AccessQuestion`.

    `refusal` is None for a caller who may, else the end of AWS's sentence that says why not. `principal` is the
    caller's ARN, or `anonymous`; `identity` are the members of `$context.identity` that tell who a signed caller is.
    """

    refusal: str | None
    principal: str
    identity: Wire = field(default_factory=dict)


class Backend(Protocol):
    """The AWS services behind the gateway, as an integration of type AWS reaches them."""

    async def call(
        self,
        *,
        role_arn: str,
        region: str,
        service: str,
        method: str,
        path: str,
        query: str,
        headers: Mapping[str, str],
        body: bytes,
        timeout: float,
    ) -> HttpResponse:
        """Send one signed request under the role, and return what the service answered, errors too.

        `service` is the subdomain of the integration's URI (`dynamodb`, `sqs`, `s3`, …), `timeout` in seconds.
        Raises `RoleNotAssumableError` where API Gateway could not assume the role, `TimeoutError` past the timeout, and
        `ConnectionError` where nobody answers.
        """

    async def signing_keys(self, user_pool_arn: str) -> Wire | None:
        """The keys by which a Cognito user pool signs tokens, as a JSON web key set; None where there is no such pool.

        Raises `ConnectionError` where nobody answers.
        """

    async def decide(self, question: AccessQuestion) -> AccessDecision:
        """Whether IAM policies and the resource policy let a caller in.

        Raises `UnknownCallerError` for a signature that does not hold, and `ConnectionError` where nobody answers.
        """


class UnknownCallerError(Exception):
    """A request that is not signed as it should be: `code` is AWS's, the text is for the caller."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class RoleNotAssumableError(Exception):
    """The execution role does not exist, or its trust policy does not name API Gateway."""
