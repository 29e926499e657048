# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""One request on its way through a stage: what every step reads, and what it leaves for the next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from multidict import CIMultiDict

from ..model import HttpRequest, HttpResponse, ServedStage
from .dialect import DEFAULT, Dialect
from .integration.template_variables import Params
from .request.client_request import ClientRequest
from .trace import Trace


@dataclass(frozen=True, slots=True)
class EndpointRequest:
    """What goes to the backend: `uri` is rendered, `query` comes on top of what stands in it."""

    method: str
    uri: str
    query: tuple[tuple[str, str], ...]
    headers: CIMultiDict[str]
    body: bytes


@dataclass(frozen=True, slots=True)
class MethodResponse:
    """What the method answers, before API Gateway adds the headers of every answer."""

    status: int
    headers: CIMultiDict[str]
    body: bytes


@dataclass(slots=True)
class Invocation:
    """The state of one request: `sent` as the client sent it, `client` as methods see it.

    `context` is `$context`, shared by the request template and the response template; `path` the path parameters,
    filled by the router; `params` is `$input.params()` over the same dictionary. The overrides are what
    the templates rendered so far have set under `$context.requestOverride` and `$context.responseOverride`.
    """

    served: ServedStage
    sent: HttpRequest
    client: ClientRequest
    context: dict[str, Any]
    stage_variables: Mapping[str, str]
    trace_id: str
    trace: Trace
    dialect: Dialect = DEFAULT
    path: dict[str, str] = field(default_factory=dict)
    params: Params = field(init=False)
    request_override: Mapping[str, Any] = field(default_factory=dict)
    response_override: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        query = {name: values[-1] for name, values in self.client.query.items()}
        header = {str(name): value for name, value in self.client.headers.items()}  # multidict's own kind of str
        self.params = Params(path=self.path, querystring=query, header=header)


@dataclass(frozen=True, slots=True)
class Exchange:
    """An invocation and what its backend answered: what a response mapping reads."""

    invocation: Invocation
    response: HttpResponse
