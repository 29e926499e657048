# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Signed calls to MiniStack, as the root of an account or with temporary credentials of a role."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, quote, urlencode
from xml.etree import ElementTree

import aiohttp
from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from yarl import URL

from ..model import HttpResponse

# Subdomains of services that sign with another name (botocore's endpoint data).
SIGNING_NAMES = {
    "email": "ses",
    "monitoring": "monitoring",
    "streams.dynamodb": "dynamodb",
    "runtime.sagemaker": "sagemaker",
    "runtime.lex": "lex",
    "data.iot": "iotdata",
    "data-ats.iot": "iotdata",
}
# Headers of one connection, which are not forwarded.
HOP_BY_HOP = frozenset(
    {"connection", "keep-alive", "transfer-encoding", "te", "trailer", "upgrade", "proxy-connection"}
)


@dataclass(frozen=True)
class Target:
    """The target of a call: the subdomain of a service, and a Region."""

    service: str
    region: str

    @property
    def host(self) -> str:
        return f"{self.service}.{self.region}.amazonaws.com"


class ServiceClient:
    """A pool of connections to MiniStack, at its Unix socket or at a URL. The owner closes it."""

    def __init__(self, url: str = "http://localhost", socket_path: Path | None = None) -> None:
        self.url = url
        self._socket_path = socket_path
        self._session: aiohttp.ClientSession | None = None

    @property
    def session(self) -> aiohttp.ClientSession:
        """The pool, created in the running loop. It follows no redirects and decodes no bodies."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=self._connector(),
                auto_decompress=False,
                skip_auto_headers=("User-Agent", "Accept", "Accept-Encoding", "Content-Type"),
                timeout=aiohttp.ClientTimeout(total=None),
            )
        return self._session

    def _connector(self) -> aiohttp.BaseConnector:
        if self._socket_path is None:
            return aiohttp.TCPConnector(limit=0)
        return aiohttp.UnixConnector(path=str(self._socket_path), limit=0)

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def send(
        self,
        target: Target,
        credentials: Credentials,
        method: str,
        path: str,
        query: str,
        headers: Mapping[str, str],
        body: bytes,
        timeout: float | None = None,
    ) -> HttpResponse:
        """Sign a request and send it. `path` and `query` are percent-encoded; `query` is encoded again for signing.

        Raises `TimeoutError`, and `ConnectionError` if MiniStack does not respond.
        """
        query = canonical_query(query)
        signed = signed_headers(target, credentials, method, path, query, headers, body)
        return await self._exchange(method, f"{path}{'?' if query else ''}{query}", signed, body, timeout)

    async def get(self, path: str) -> HttpResponse:
        """Send an unsigned GET request. Raises `ConnectionError` if MiniStack does not respond."""
        return await self._exchange("GET", path, {}, b"", None)

    async def post(self, path: str, body: bytes) -> HttpResponse:
        """Send an unsigned POST request. Raises `ConnectionError` if MiniStack does not respond."""
        return await self._exchange("POST", path, {}, body, None)

    async def _exchange(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes, timeout: float | None
    ) -> HttpResponse:
        try:
            async with self.session.request(
                method,
                URL(f"{self.url}{path}", encoded=True),
                headers=headers,
                data=body,
                allow_redirects=False,
                timeout=aiohttp.ClientTimeout(total=timeout),
            ) as response:
                return HttpResponse(response.status, _end_to_end(response), await response.read())
        except aiohttp.ClientConnectionError as error:
            if isinstance(error, TimeoutError):
                raise TimeoutError(str(error)) from error
            raise ConnectionError(str(error)) from error

    async def query_api(self, service: str, account_id: str, **parameters: str) -> ElementTree.Element:
        """Call an operation of a query-protocol service (iam, sts) as the account's root, and return the XML.

        Raises `ServiceCallError` for an error response.
        """
        credentials = Credentials(account_id, "root")
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        target = Target(service, "us-east-1")
        response = await self.send(target, credentials, "POST", "/", "", headers, urlencode(parameters).encode())
        root = ElementTree.fromstring(response.body)
        if response.status != 200:
            raise ServiceCallError(_text(root, "Code"), _text(root, "Message"))
        return root


class ServiceCallError(Exception):
    """An error response of a service."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code


def text_of(root: ElementTree.Element, name: str) -> str:
    """Return the text of the first element with a name, in any namespace."""
    return _text(root, name)


def _text(root: ElementTree.Element, name: str) -> str:
    return next((item.text or "" for item in root.iter() if item.tag.rpartition("}")[2] == name), "")


def canonical_query(query: str) -> str:
    """Return a query as signatures encode it: all characters except unreserved ones as %XX."""
    return urlencode(parse_qsl(query, keep_blank_values=True), safe="-_.~", quote_via=quote)


def signed_headers(
    target: Target,
    credentials: Credentials,
    method: str,
    path: str,
    query: str,
    headers: Mapping[str, str],
    body: bytes,
) -> dict[str, str]:
    """Return the headers of a request with those of its signature (AWS Signature Version 4)."""
    request = AWSRequest(
        method=method,
        url=f"https://{target.host}{path}{'?' if query else ''}{query}",
        headers={**headers, "Host": target.host},
        data=body,
    )
    name = SIGNING_NAMES.get(target.service, target.service.rpartition(".")[2])
    auth = S3SigV4Auth if name == "s3" else SigV4Auth
    auth(credentials, name, target.region).add_auth(request)
    return dict(request.headers.items())


def _end_to_end(response: aiohttp.ClientResponse) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, value in response.headers.items() if name.lower() not in HOP_BY_HOP)
