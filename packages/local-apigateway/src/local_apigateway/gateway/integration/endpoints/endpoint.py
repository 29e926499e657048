# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What every kind of backend offers to the gateway."""

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
        """The call that an integration request asks for.

        Raises `GatewayError` where its address or its role cannot be used, and `NotBuiltError` where the embedded AWS
        has no such backend.
        """

    def selection_value(self, response: HttpResponse) -> str:
        """What the selectionPattern of an integration response is matched against."""


def as_sent(request: EndpointRequest, client: ClientRequest) -> EndpointRequest:
    """The request as it goes over the wire: GET, HEAD and OPTIONS without a payload, a payload with a Content-Type.

    The Content-Type is the client's where no mapping set one.
    """
    if request.method in _WITHOUT_BODY:
        return replace(request, body=b"")
    if request.body:
        request.headers.setdefault("Content-Type", client.headers.get("Content-Type") or "application/json")
    return request
