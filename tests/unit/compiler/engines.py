# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Run mapping templates as API Gateway does: on the engine of the local AWS, or on Apache Velocity itself."""

from __future__ import annotations

import functools
import json
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import quote

from local_apigateway.gateway.dialect import DEFAULT, Dialect
from local_apigateway.gateway.integration.template_variables import MappingInput, render_mapping
from local_apigateway.gateway.messages import Params
from local_apigateway.velocity import parse

Json = dict[str, Any]
_NO_SURROGATES = re.compile("[^\ud800-\udfff]+")


@dataclass
class Request:
    """What a caller sends. `context` is `$context` without overrides and path; values of `path` are not encoded."""

    path: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""
    context: Mapping[str, Any] = field(default_factory=dict)
    stage_variables: Mapping[str, str] = field(default_factory=dict)

    @property
    def sent_path(self) -> dict[str, str]:
        """The path parameters as they stand in the URL. Lone surrogates, which no URL can have, stay as they are."""
        return {name: _NO_SURROGATES.sub(lambda found: quote(found[0], safe=""), v) for name, v in self.path.items()}

    @property
    def whole_context(self) -> Json:
        """`$context` with the path as it was sent."""
        return {"path": "/".join(["/test", *self.sent_path.values()]), **self.context}


@dataclass(frozen=True)
class Mapped:
    """A rendered template, and `$context.responseOverride` after it."""

    text: str
    override: Json

    @property
    def json(self) -> Any:
        """The text as JSON."""
        return json.loads(self.text)


class Engine(Protocol):
    """Something that renders templates."""

    def render(self, template: str, request: Request, body: str, override: Json) -> Mapped:
        """Render with the request's parameters, the body (the request's or the backend's), and earlier overrides."""


def map_request(engine: Engine, template: str, request: Request) -> Mapped:
    """The request that reaches DynamoDB."""
    return engine.render(template, request, request.body, {})


def map_response(engine: Engine, template: str, body: Any, request: Request | None = None, **override: Any) -> Mapped:
    """The answer that reaches the caller, where DynamoDB's is the JSON of `body`."""
    return engine.render(template, request or Request(), json.dumps(body), override)


_parsed = functools.cache(parse)
"""Each template is parsed once, as the gateway does it."""


@dataclass(frozen=True)
class LocalEngine:
    """The engine of the local AWS."""

    dialect: Dialect = DEFAULT

    def render(self, template: str, request: Request, body: str, override: Json) -> Mapped:
        context: Json = {**request.whole_context, "responseOverride": {"header": {}, **override}}
        path = request.path if self.dialect.decoded_path_parameters else request.sent_path
        params = Params(path=path, querystring=request.query, header=request.headers)
        data = MappingInput(body=body, params=params, context=context, stage_variables=request.stage_variables)
        text = render_mapping(_parsed(template), data, dialect=self.dialect).text
        return Mapped(text, dict(context["responseOverride"]))


class Oracle:
    """Apache Velocity 1.7 with Jayway JsonPath, as a program that answers line by line."""

    def __init__(self, launcher: str) -> None:
        pipe = subprocess.PIPE
        self._process = subprocess.Popen([launcher, "--interactive"], stdin=pipe, stdout=pipe, text=True)

    def render(self, template: str, request: Request, body: str, override: Json) -> Mapped:
        params = {"path": request.sent_path, "querystring": request.query, "header": request.headers}
        context = {**request.whole_context, "responseOverride": override}
        answer = self._ask(
            {
                "template": template,
                "mode": "aws",
                "context": {
                    "input": {"body": body, "params": params},
                    "context": context,
                    "stageVariables": request.stage_variables,
                },
            }
        )
        assert "error" not in answer, answer["error"]
        return Mapped(answer["output"], answer["responseOverride"])

    def _ask(self, case: Json) -> Json:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps(case) + "\n")
        self._process.stdin.flush()
        answer: Json = json.loads(self._process.stdout.readline())
        return answer

    def close(self) -> None:
        """End the program."""
        self._process.communicate(timeout=10)
