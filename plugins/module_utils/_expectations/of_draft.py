# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Requests to the draft of a REST API with TestInvokeMethod, before a stage serves it.

API Gateway runs the method with all its effects: what the route writes is written (Amazon API Gateway Developer Guide,
"Use the API Gateway console to test a REST API method"). It calls no authorizer and checks no API key; that is common
experience and not documented by AWS.
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
from .expectation import Expectation, Response, format_lines, read_expectations
from .send import PATIENCE, Patience, Send, declared_patience, send_all

_SERVICE = "apigateway"

_AT_ONCE, _A_SECOND = 20, 10.0
"""API Gateway allows 10 management calls a second and 40 at once in an account and Region. This is half of the 40, so
that others can make calls too."""

_ENTRY = re.compile(r"(?:^|\n)[A-Z][a-z]{2} [A-Z][a-z]{2} +\d+ \d\d:\d\d:\d\d \S+ \d{4} : ")
_KNOWN_ANYWAY = re.compile(
    r"Execution log for request |Starting execution for request|HTTP Method:|API Key|X-ray Tracing ID|"
    r"Method request (path|query string|headers|body before transformations):|"
    r"Endpoint request (URI|headers):|Sending request to |Endpoint response headers:|"
    r"Method response (headers|body after transformations):|"
    r"Successfully completed execution|Method completed with status"
)
"""The beginnings of log lines with headers, which can hold secrets, and of lines without new information."""


@dataclass(frozen=True)
class Draft:
    """The resources of an API's draft by path, with their ids and methods."""

    api_id: str
    resources: Mapping[str, Plain]

    def method(self, expectation: Expectation) -> Optional[Plain]:
        """Return the method that handles a request; None if the draft has none."""
        methods = self.resources.get(expectation.resource, {}).get("resourceMethods") or {}
        return methods.get(expectation.method) or methods.get("ANY")

    def is_guarded(self, expectation: Expectation) -> bool:
        """Return whether a stage authorizes the caller, which TestInvokeMethod does not."""
        method = self.method(expectation) or {}
        return method.get("authorizationType", "NONE") != "NONE" or bool(method.get("apiKeyRequired"))

    def describe_missing(self, expectation: Expectation) -> str:
        """Return the failure message of a request for which the draft has no method."""
        methods = ", ".join(sorted(self.resources.get(expectation.resource, {}).get("resourceMethods") or {}))
        there = f"{expectation.resource} has {methods}" if methods else f"{expectation.resource} does not exist"
        if not self.resources:
            there = "the REST API does not exist"
        return format_lines(expectation, [f"the draft has no such route: {there}"])


def planned(aws: Aws, params: Params) -> Planned:
    """Return the plan that sends the requests. Check mode does not, because a request may write.

    The same run may create the API, so a missing API is an error only when the plan sends the requests.
    """
    expectations, patience = read_expectations(params["requests"]), declared_patience(params)
    api_id = params.get("api_id") or _api_id(aws, params["api_name"])
    draft = read_routes(aws, api_id) if is_known(api_id) else Draft(api_id, {})
    asked = [one for one in expectations if not draft.is_guarded(one)]
    check = Check(
        ask=lambda aws, _given: _failures(aws, draft, asked, params.get("stage_variables"), patience),
        what=f"The draft of REST API {params.get('api_name') or api_id} does not respond as expected:",
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
    """Send requests to the draft and return the failure messages.

    `requests` are `expectations` as the compiler returns them. Those to routes with an authorizer or an API key are not
    sent, because TestInvokeMethod checks neither and so responds differently from a stage.
    """
    draft = read_routes(aws, api_id)
    asked = [one for one in read_expectations(requests) if not draft.is_guarded(one)]
    return _failures(aws, draft, asked, stage_variables, patience)


def read_routes(aws: Aws, api_id: str) -> Draft:
    """Read the resources and methods of a draft in one call."""
    resources = read_list(aws, "GetResources", {"restApiId": api_id, "embed": ["methods"]})
    return Draft(api_id, {resource["path"]: resource for resource in resources})


def _failures(
    aws: Aws,
    draft: Draft,
    expectations: Sequence[Expectation],
    stage_variables: Optional[Mapping[str, Any]],
    patience: Patience,
) -> List[str]:
    missing = [draft.describe_missing(one) for one in expectations if draft.method(one) is None]
    there = [one for one in expectations if draft.method(one) is not None]
    return missing + send_all(there, _draft_sender(aws, draft, stage_variables or {}), patience, aws.pause, aws.report)


def _draft_sender(aws: Aws, draft: Draft, stage_variables: Mapping[str, Any]) -> Send:
    variables = {name: str(value) for name, value in stage_variables.items()}
    pace = Pace(aws.pause)

    def send(expectation: Expectation) -> Response:
        pace.keep()
        response = aws.call(_SERVICE, "TestInvokeMethod", _arguments(draft, expectation, variables))
        return Response(response["status"], response.get("body") or "", explaining_lines(response.get("log") or ""))

    return send


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
    """A token bucket that keeps calls within API Gateway's quota, for several threads.

    `pause` waits for seconds, `clock` returns them.
    """

    def __init__(self, pause: Callable[[float], None], clock: Callable[[], float] = time.monotonic) -> None:
        self._pause = pause
        self._clock = clock
        self._left = float(_AT_ONCE)
        self._filled = clock()
        self._lock = Lock()

    def keep(self) -> None:
        """Wait until the next call is within the quota."""
        with self._lock:
            now = self._clock()
            self._left = min(_AT_ONCE, self._left + (now - self._filled) * _A_SECOND) - 1
            self._filled = now
            seconds = -self._left / _A_SECOND
        if seconds > 0:
            self._pause(seconds)


def explaining_lines(log: str) -> List[str]:
    """Return the lines of an execution log that can explain a response, without their times and without headers.

    The form of the log was recorded on AWS: a first line with the request's id, then lines that begin with a time. A
    body can contain line breaks.
    """
    entries = (" ".join(entry.split()) for entry in _ENTRY.split(log))
    return [entry for entry in entries if entry and not _KNOWN_ANYWAY.match(entry)]
