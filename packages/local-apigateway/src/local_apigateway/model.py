# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The types that the rooms of the local AWS share: REST APIs, requests and responses, and the services behind.

The control plane writes `RestApi`s, the gateway reads the `Content` of a deployment, and the server connects both. Wire
shapes are plain dicts with the member names of botocore's service model `apigateway`, so that the management API
returns what is stored, without a conversion.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

Wire = dict[str, Any]
"""A JSON object as the management API sends it: botocore's member names, no botocore types."""

DEFAULT_TIMEOUT_MS = 29_000
"""The timeout of an integration that does not set one (recorded: test_put_integration_validation)."""


@dataclass
class Content:
    """The content of an API: of its draft, or of a deployment, which is a snapshot of the draft.

    `resources` are by id, in the shape of GetResource with embed=methods: `id`, `parentId`, `pathPart`, `path`, and
    `resourceMethods` with complete methods (`methodResponses`, `methodIntegration` with `integrationResponses`).
    `models` are by name, `gateway_responses` by response type (custom ones only), `request_validators` and
    `authorizers` by id. `settings` are the members of a RestApi that affect responses: `binaryMediaTypes`,
    `minimumCompressionSize`, `apiKeySource`, `policy`, `disableExecuteApiEndpoint`.
    """

    resources: dict[str, Wire] = field(default_factory=dict)
    models: dict[str, Wire] = field(default_factory=dict)
    request_validators: dict[str, Wire] = field(default_factory=dict)
    gateway_responses: dict[str, Wire] = field(default_factory=dict)
    authorizers: dict[str, Wire] = field(default_factory=dict)
    documentation_parts: dict[str, Wire] = field(default_factory=dict)
    settings: Wire = field(default_factory=dict)

    def snapshot(self) -> Content:
        """Return a deep copy."""
        return Content(**json.loads(json.dumps(vars(self))))  # faster than copy.deepcopy


@dataclass
class Deployment:
    """A snapshot and its attributes (the wire shape Deployment). It never changes."""

    attributes: Wire
    content: Content


@dataclass
class RestApi:
    """One REST API of one account and Region.

    `attributes` is the wire shape RestApi, without the members in `draft.settings`. `stages` are wire shapes Stage by
    name.
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
    """A stage (its wire shape) with the content that it serves.

    The pair (`api_id`, `deployment_id`) identifies the content, which never changes, so compiled content can be cached.
    `canary_content` is that of the deployment `stage["canarySettings"]["deploymentId"]`; None without a canary.
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
    """A request as received. `path` is the part after the stage, percent-encoded as sent, with a leading slash.

    `query` and `headers` are in the order of arrival, with repeated names; header names as sent. `prefix` is the part
    of the URL before `path` (`/restapis/{id}/{stage}/_user_request_`, or `/{stage}`).
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
    """A response, ready to send. `headers` may repeat a name."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


@dataclass(frozen=True)
class AccessQuestion:
    """May the sender of a request invoke a method?

    `arn` is that of the invoked method, `policy` the API's resource policy. The signature of an `anonymous` caller is
    ignored.
    """

    request: HttpRequest
    arn: str
    policy: str | None
    anonymous: bool


@dataclass(frozen=True)
class AccessDecision:
    """IAM's decision on an `AccessQuestion`.

    `refusal` is None for an authorized caller, else the end of AWS's sentence, which has the reason. `principal` is the
    caller's ARN, or `anonymous`. `identity` are the members of `$context.identity` that describe a signed caller.
    """

    refusal: str | None
    principal: str
    identity: Wire = field(default_factory=dict)


class Backend(Protocol):
    """The AWS services behind the gateway."""

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
        """Send one signed request under the role, and return the service's response, error responses included.

        `service` is the subdomain of the integration's URI (`dynamodb`, `sqs`, `s3`, …), `timeout` in seconds.
        Raises `RoleNotAssumableError` if API Gateway could not assume the role, `TimeoutError` after the timeout, and
        `ConnectionError` if the service cannot be reached.
        """

    async def signing_keys(self, user_pool_arn: str) -> Wire | None:
        """Return the JSON web key set by which a Cognito user pool signs tokens; None for an unknown pool.

        Raises `ConnectionError` if the service cannot be reached.
        """

    async def decide(self, question: AccessQuestion) -> AccessDecision:
        """Return whether IAM policies and the resource policy allow a request.

        Raises `UnknownCallerError` for an invalid signature, and `ConnectionError` if the service cannot be reached.
        """


@dataclass(frozen=True)
class PlannedKey:
    """An enabled API key in the usage plan that covers a stage.

    `limits` are the plan's `rateLimit` and `burstLimit`, `route_limits` those of the stage's methods by
    `/items/{id}/GET`.
    """

    key_id: str
    plan_id: str
    limits: Wire | None
    route_limits: dict[str, Wire]


class UsagePlans(Protocol):
    """The API keys and usage plans that the gateway reads."""

    def find(self, stage: ServedStage, key_value: str) -> PlannedKey | None:
        """Return an API key by its value; None for one that is unknown, disabled, or in no usage plan of the stage."""

    def spend(self, stage: ServedStage, key: PlannedKey) -> bool:
        """Count a request against the quota of a key. Return False, and count nothing, if the quota is used up."""


class UnknownCallerError(Exception):
    """A request with an invalid signature. `code` is AWS's error code, the text is for the caller."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class RoleNotAssumableError(Exception):
    """The execution role does not exist, or its trust policy does not name API Gateway."""
