# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The interface of all kinds of backends."""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

from ....model import HttpResponse
from ...invocation import Invocation
from ...messages import BackendCall, ClientRequest, EndpointRequest

_WITHOUT_BODY = frozenset({"GET", "HEAD", "OPTIONS"})


class Endpoint(Protocol):
    """The backend of one method."""

    def prepare(self, invocation: Invocation, request: EndpointRequest) -> BackendCall:
        """Return the call for an integration request.

        Raises `GatewayError` if its address or its role cannot be used, and `UnsupportedError` if the local API Gateway
        does not support the backend.
        """

    def selection_value(self, response: HttpResponse) -> str:
        """Return the text that the selectionPattern of an integration response must match."""


def as_sent(request: EndpointRequest, client: ClientRequest) -> EndpointRequest:
    """Return the request to send: GET, HEAD and OPTIONS without a payload, others with a Content-Type.

    The Content-Type is the client's unless a mapping sets one.
    """
    if request.method in _WITHOUT_BODY:
        return replace(request, body=b"")
    if request.body:
        request.headers.setdefault("Content-Type", client.headers.get("Content-Type") or "application/json")
    return request
