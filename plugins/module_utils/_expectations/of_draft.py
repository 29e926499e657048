# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Sending requests to the draft of a REST API with TestInvokeMethod, before any stage serves it.

API Gateway runs the method for real: what the route writes is written (Amazon API Gateway Developer Guide, "Use the API
Gateway console to test a REST API method"). That no authorizer is asked and no API key is checked is common experience;
AWS does not write it down.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from threading import Lock
from typing import Any, Callable, List, Mapping, Optional, Sequence

from .._engine.client import Aws
from .._engine.plan import UNKNOWN, Check, is_known
from .._engine.resource import Params, Planned
from .._rest_api.draft import find_api, read_list
from .._rest_api.state import Plain
from .expectation import Answer, Expectation, read_expectations, told_of
from .send import PATIENCE, Ask, Patience, ask_all, declared_patience

_SERVICE = "apigateway"

_AT_ONCE, _A_SECOND = 20, 10.0
"""API Gateway allows 10 management calls a second and 40 at once in an account and Region. Half of what it allows at
once is left to others."""

_ENTRY = re.compile(r"(?:^|\n)[A-Z][a-z]{2} [A-Z][a-z]{2} +\d+ \d\d:\d\d:\d\d \S+ \d{4} : ")
_KNOWN_ANYWAY = re.compile(
    r"Execution log for request |Starting execution for request|HTTP Method:|API Key|X-ray Tracing ID|"
    r"Method request (path|query string|headers|body before transformations):|"
    r"Endpoint request (URI|headers):|Sending request to |Endpoint response headers:|"
    r"Method response (headers|body after transformations):|"
    r"Successfully completed execution|Method completed with status"
)
"""What lines of an execution log begin with that hold headers, in which secrets can be, or what is known anyway."""


@dataclass(frozen=True)
class Draft:
    """An API's draft, as far as requests to it need it: resources by path, with their ids and methods."""

    api_id: str
    resources: Mapping[str, Plain]

    def method(self, expectation: Expectation) -> Optional[Plain]:
        """The method that answers a request; None if there is none."""
        methods = self.resources.get(expectation.resource, {}).get("resourceMethods") or {}
        return methods.get(expectation.method) or methods.get("ANY")

    def is_guarded(self, expectation: Expectation) -> bool:
        """Whether a stage asks who the caller is, which TestInvokeMethod does not."""
        method = self.method(expectation) or {}
        return method.get("authorizationType", "NONE") != "NONE" or bool(method.get("apiKeyRequired"))

    def without(self, expectation: Expectation) -> str:
        """What there is to tell of a request that the draft has no method for."""
        methods = ", ".join(sorted(self.resources.get(expectation.resource, {}).get("resourceMethods") or {}))
        there = f"{expectation.resource} has {methods}" if methods else f"there is nothing at {expectation.resource}"
        if not self.resources:
            there = "there is no such REST API"
        return told_of(expectation, [f"the draft has no such route: {there}"])


def planned(aws: Aws, params: Params) -> Planned:
    """The requests as a check, which check mode leaves out: a request may write.

    An API that is not there yet may be made by the same run, so it is the asking that fails without one.
    """
    expectations, patience = read_expectations(params["requests"]), declared_patience(params)
    api_id = params.get("api_id") or _api_id(aws, params["api_name"])
    draft = read_routes(aws, api_id) if is_known(api_id) else Draft(api_id, {})
    asked = [one for one in expectations if not draft.is_guarded(one)]
    check = Check(
        ask=lambda aws, _given: _failures(aws, draft, asked, params.get("stage_variables"), patience),
        what=f"The draft of REST API {params.get('api_name') or api_id} does not answer as expected:",
        then="No stage was changed.",
    )
    return Planned(
        plan=[check],
        values={
            "asked": [one.request for one in asked],
            "left_out": [one.request for one in expectations if draft.is_guarded(one)],
        },
    )


def _api_id(aws: Aws, name: str) -> str:
    api = find_api(aws, name, None)
    return str(api["id"]) if api else UNKNOWN


def failures_of_draft(
    aws: Aws,
    api_id: str,
    requests: Sequence[Mapping[str, Any]],
    stage_variables: Optional[Mapping[str, str]] = None,
    patience: Patience = PATIENCE,
) -> List[str]:
    """What there is to tell of the requests that the draft does not answer as expected; empty where it answers all.

    `requests` are `expectations` as the compiler returns them. Those to routes with an authorizer or an API key are not
    sent: they say what a caller gets, and TestInvokeMethod asks for neither.
    """
    draft = read_routes(aws, api_id)
    asked = [one for one in read_expectations(requests) if not draft.is_guarded(one)]
    return _failures(aws, draft, asked, stage_variables, patience)


def read_routes(aws: Aws, api_id: str) -> Draft:
    """The resources and methods of a draft, in one call."""
    resources = read_list(aws, "GetResources", {"restApiId": api_id, "embed": ["methods"]})
    return Draft(api_id, {resource["path"]: resource for resource in resources})


def _failures(
    aws: Aws,
    draft: Draft,
    expectations: Sequence[Expectation],
    stage_variables: Optional[Mapping[str, Any]],
    patience: Patience,
) -> List[str]:
    missing = [draft.without(one) for one in expectations if draft.method(one) is None]
    there = [one for one in expectations if draft.method(one) is not None]
    return missing + ask_all(there, _asker(aws, draft, stage_variables or {}), patience, aws.pause, aws.report)


def _asker(aws: Aws, draft: Draft, stage_variables: Mapping[str, Any]) -> Ask:
    variables = {name: str(value) for name, value in stage_variables.items()}
    pace = Pace(aws.pause)

    def ask(expectation: Expectation) -> Answer:
        pace.keep()
        answer = aws.call(_SERVICE, "TestInvokeMethod", _arguments(draft, expectation, variables))
        return Answer(answer["status"], answer.get("body") or "", telling_lines(answer.get("log") or ""))

    return ask


def _arguments(draft: Draft, expectation: Expectation, stage_variables: Mapping[str, str]) -> Plain:
    arguments: Plain = {
        "restApiId": draft.api_id,
        "resourceId": draft.resources[expectation.resource]["id"],
        "httpMethod": expectation.method,
        "pathWithQueryString": expectation.target,
        "headers": dict(expectation.headers),
        "body": expectation.body,
        "stageVariables": dict(stage_variables),
    }
    return {name: value for name, value in arguments.items() if value}


class Pace:
    """Keeps calls within what API Gateway allows: a bucket that is filled at an even rate, and that each call taps.

    It is shared by threads. `pause` waits for seconds, `clock` gives them.
    """

    def __init__(self, pause: Callable[[float], None], clock: Callable[[], float] = time.monotonic) -> None:
        self._pause = pause
        self._clock = clock
        self._left = float(_AT_ONCE)
        self._filled = clock()
        self._lock = Lock()

    def keep(self) -> None:
        """Wait until a call may be made."""
        with self._lock:
            now = self._clock()
            self._left = min(_AT_ONCE, self._left + (now - self._filled) * _A_SECOND) - 1
            self._filled = now
            seconds = -self._left / _A_SECOND
        if seconds > 0:
            self._pause(seconds)


def telling_lines(log: str) -> List[str]:
    """The lines of an execution log that can say why an answer is what it is, without their times.

    No line with headers is among them. The log's form was recorded on AWS: a first line with the request's id, then
    lines that begin with a time. A body can have line breaks of its own.
    """
    entries = (" ".join(entry.split()) for entry in _ENTRY.split(log))
    return [entry for entry in entries if entry and not _KNOWN_ANYWAY.match(entry)]
