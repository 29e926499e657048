# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The messages that a request consists of on its way: from the client, to the backend, back to the client."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from multidict import CIMultiDict

from ..model import HttpResponse


@dataclass(frozen=True, slots=True)
class ClientRequest:
    """The request as methods, templates and mappings see it.

    `path` is the part after the stage, percent-encoded as sent. `query` holds decoded values, in order of arrival.
    `headers` compares names without case and keeps their spelling.
    """

    method: str
    path: str
    query: Mapping[str, list[str]]
    headers: CIMultiDict[str]
    body: bytes

    def media_type(self) -> str:
        """Return the MIME type of the payload; application/json without a Content-Type (AWS: mapping templates)."""
        return mime_type(self.headers.get("Content-Type")) or "application/json"

    def header_named(self, name: str) -> list[str]:
        """Return the values of the headers with exactly this spelling.

        AWS: "Header names and query parameters are processed in a case-sensitive way" (important notes).
        """
        return [value for key, value in self.headers.items() if key == name]


@dataclass(frozen=True)
class Params:
    """The parameters of a request, as `$input.params()` has them. Header names keep the client's spelling."""

    path: Mapping[str, str]
    querystring: Mapping[str, str]
    header: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class EndpointRequest:
    """The request for the backend. `uri` is rendered; `query` is added to the query that `uri` may contain."""

    method: str
    uri: str
    query: tuple[tuple[str, str], ...]
    headers: CIMultiDict[str]
    body: bytes


class BackendCall(Protocol):
    """One request to a backend, complete and not yet sent."""

    @property
    def request(self) -> EndpointRequest:
        """Return the request, with the headers that its protocol needs."""

    @property
    def url(self) -> str | None:
        """Return the URL of the request as API Gateway's execution log shows it; None if nothing is sent."""

    async def send(self) -> HttpResponse:
        """Send the request and return the response of the backend, error responses included.

        Raises `GatewayError` if there is no response, or one that is too large.
        """


@dataclass(frozen=True, slots=True)
class MethodResponse:
    """The response of a method, before API Gateway adds the headers that every response carries."""

    status: int
    headers: CIMultiDict[str]
    body: bytes


def mime_type(header: str | None) -> str:
    """Convert `Application/JSON; charset=UTF-8` to `application/json`, and None to an empty string."""
    return header.partition(";")[0].strip().lower() if header else ""
