# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Requests to a stage of an API over HTTP, as its callers send them."""

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
from .expectation import Expectation, Response, read_expectations
from .send import PATIENCE, Patience, Send, declared_patience, send_all, summary

TIMEOUT = 30.0
"""Seconds. An integration times out after 29 unless its quota was raised."""


def verify(
    params: Mapping[str, Any], check_mode: bool, report: Callable[[str], None] = lambda text: None
) -> Dict[str, Any]:
    """Send the requests and return the module's result. Raises `AwsError` with all failures.

    `report` shows the user the reason for a pause. Check mode sends nothing, because a request may write, so the stage
    need not exist.
    """
    expectations, patience = read_expectations(params["requests"]), declared_patience(params)
    if check_mode and params["invoke_url"] == UNKNOWN:
        return {"changed": False, "asked": [one.request for one in expectations]}
    send = http_sender(params["invoke_url"], params["timeout"], params["validate_certs"], params.get("ca_path"))
    responses: List[Response] = []

    def remember(expectation: Expectation) -> Response:
        responses.append(send(expectation))
        return responses[-1]

    failures = [] if check_mode else send_all(expectations, remember, patience, time.sleep, report)
    if failures and params.get("unreachable") == "warn" and all(response.status is None for response in responses):
        return {"changed": False, "asked": [], "warnings": [_unreachable(params["invoke_url"], responses[-1])]}
    if failures:
        raise AwsError(summary(failures, len(expectations), params["invoke_url"]))
    return {"changed": False, "asked": [one.request for one in expectations]}


def _unreachable(invoke_url: str, response: Response) -> str:
    return (
        f"Nothing was verified: {invoke_url} cannot be reached from here ({response.text}). The stage serves what was "
        "deployed. To verify it, run playbooks/verify.yml, or the module codeless.apigateway.verify, where the URL can "
        "be reached."
    )


def failures_of_stage(
    invoke_url: str, requests: Sequence[Mapping[str, Any]], patience: Patience = PATIENCE
) -> List[str]:
    """Send requests to a stage and return the failure messages.

    `requests` are `expectations` as the compiler returns them.
    """
    return send_all(read_expectations(requests), http_sender(invoke_url), patience)


def http_sender(
    invoke_url: str, timeout: float = TIMEOUT, validate_certs: bool = True, ca_path: Optional[str] = None
) -> Send:
    """Return a function that sends a request to a path below a URL. It does not follow redirections."""
    if urlsplit(invoke_url).scheme not in ("http", "https"):
        raise_errors(
            "Cannot send the requests", [f"invoke_url is {invoke_url!r}; write the URL of the stage, https://…"]
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

    def send(expectation: Expectation) -> Response:
        url = invoke_url.rstrip("/") + expectation.target
        try:
            response = _sent(client, expectation, url)
            return Response(response.getcode(), response.read().decode(errors="replace"))
        except (OSError, HTTPException) as error:
            return _missing_response(error)

    return send


def _sent(client: Request, expectation: Expectation, url: str) -> Any:
    """Send a request and return the response, whatever its status."""
    try:
        return client.open(expectation.method, url, data=expectation.body, headers=dict(expectation.headers))
    except HTTPError as error:
        return error


def _missing_response(error: Exception) -> Response:
    reason = error.reason if isinstance(error, URLError) else error
    return Response(
        None, str(reason) or type(reason).__name__, unsent=isinstance(reason, (socket.gaierror, ConnectionRefusedError))
    )
