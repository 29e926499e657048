# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Sending requests to a stage of an API over HTTP, as its callers do."""

from __future__ import annotations

import socket
import time
from http.client import HTTPException
from typing import Any, Callable, Dict, List, Mapping, Optional, Sequence
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit

from ansible.module_utils.urls import Request, make_context

from .._engine.errors import AwsError, raise_errors
from .._engine.plan import UNKNOWN
from .expectation import Answer, Expectation, read_expectations
from .send import PATIENCE, Ask, Patience, ask_all, declared_patience, summary

TIMEOUT = 30.0
"""Seconds. API Gateway gives an integration 29 unless its quota was raised."""


def verify(
    params: Mapping[str, Any], check_mode: bool, report: Callable[[str], None] = lambda text: None
) -> Dict[str, Any]:
    """What the module returns. Raises `AwsError` that tells all requests that were not answered as expected.

    `report` shows the user what is waited for.

    In check mode nothing is sent, as a request may write; so the stage may be one that the run would make.
    """
    expectations, patience = read_expectations(params["requests"]), declared_patience(params)
    if check_mode and params["invoke_url"] == UNKNOWN:
        return {"changed": False, "asked": [one.request for one in expectations]}
    ask = asker(params["invoke_url"], params["timeout"], params["validate_certs"], params.get("ca_path"))
    answers: List[Answer] = []

    def remember(expectation: Expectation) -> Answer:
        answers.append(ask(expectation))
        return answers[-1]

    failures = [] if check_mode else ask_all(expectations, remember, patience, time.sleep, report)
    if failures and params.get("unreachable") == "warn" and all(answer.status is None for answer in answers):
        return {"changed": False, "asked": [], "warnings": [_unreachable(params["invoke_url"], answers[-1])]}
    if failures:
        raise AwsError(summary(failures, len(expectations), params["invoke_url"]))
    return {"changed": False, "asked": [one.request for one in expectations]}


def _unreachable(invoke_url: str, answer: Answer) -> str:
    return (
        f"Nothing was verified: {invoke_url} cannot be reached from here ({answer.text}). The stage serves what was "
        "deployed. To verify it, run playbooks/verify.yml, or the module codeless.apigateway.verify, where the URL can "
        "be reached."
    )


def failures_of_stage(
    invoke_url: str, requests: Sequence[Mapping[str, Any]], patience: Patience = PATIENCE
) -> List[str]:
    """What there is to tell of the requests that a stage does not answer as expected; empty where it answers all.

    `requests` are `expectations` as the compiler returns them.
    """
    return ask_all(read_expectations(requests), asker(invoke_url), patience)


def asker(invoke_url: str, timeout: float = TIMEOUT, validate_certs: bool = True, ca_path: Optional[str] = None) -> Ask:
    """What sends a request below an URL. Redirections are answers like any other, and are not followed."""
    if urlsplit(invoke_url).scheme not in ("http", "https"):
        raise_errors(
            "Cannot send the requests", [f"invoke_url is {invoke_url!r}; write where the stage answers, https://…"]
        )
    try:
        context = make_context(cafile=ca_path, validate_certs=validate_certs)
    except OSError as error:  # of which ssl.SSLError is one
        raise AwsError(f"Cannot read certificates from {ca_path}: {error}") from error
    client = Request(
        timeout=timeout,
        follow_redirects="none",
        use_netrc=False,
        decompress=False,
        http_agent="codeless.apigateway",
        context=context,
    )

    def ask(expectation: Expectation) -> Answer:
        url = invoke_url.rstrip("/") + expectation.target
        try:
            answer = _sent(client, expectation, url)
            return Answer(answer.getcode(), answer.read().decode(errors="replace"))
        except (OSError, HTTPException) as error:
            return _no_answer(error)

    return ask


def _sent(client: Request, expectation: Expectation, url: str) -> Any:
    """The response to a request, whatever its status."""
    try:
        return client.open(expectation.method, url, data=expectation.body, headers=dict(expectation.headers))
    except HTTPError as error:
        return error


def _no_answer(error: Exception) -> Answer:
    reason = error.reason if isinstance(error, URLError) else error
    return Answer(
        None, str(reason) or type(reason).__name__, unsent=isinstance(reason, (socket.gaierror, ConnectionRefusedError))
    )
