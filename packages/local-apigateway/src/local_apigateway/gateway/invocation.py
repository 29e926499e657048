# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The state of one request on its way through a stage."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..model import HttpRequest, HttpResponse, ServedStage
from .dialect import DEFAULT, Dialect
from .messages import ClientRequest, Params
from .trace import Trace


@dataclass(slots=True)
class Invocation:
    """The state of one request: `sent` is the request as the client sent it, `client` as methods see it.

    `context` is `$context`, which the request template and the response template share. `path` holds the path
    parameters, which routing sets; `params` is `$input.params()` over the same dictionary. The overrides are what the
    templates rendered so far have set under `$context.requestOverride` and `$context.responseOverride`.
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
        header = {str(name): value for name, value in self.client.headers.items()}  # multidict has its own str type
        self.params = Params(path=self.path, querystring=query, header=header)


@dataclass(frozen=True, slots=True)
class Exchange:
    """An invocation and the backend's response to it: the input of a response mapping."""

    invocation: Invocation
    response: HttpResponse
