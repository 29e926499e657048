# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Payload compression. The codings are gzip, deflate and identity.

AWS, "Payload compression for REST APIs in API Gateway": "By default, API Gateway supports decompression of the method
request payload. However, you must configure your API to enable compression of the method response payload", which is
done with minimumCompressionSize.
"""

from __future__ import annotations

import gzip
import zlib

from multidict import CIMultiDict

from .errors import GatewayError
from .messages import ClientRequest, MethodResponse
from .request.client_request import MAXIMUM_BODY, check_body_size

_DEFLATE_OR_GZIP = 32 + zlib.MAX_WBITS
"""The zlib window that accepts a gzip header or a zlib header."""


def decompressed(client: ClientRequest) -> ClientRequest:
    """Return the request with its payload decompressed and without Content-Encoding.

    Raises `GatewayError` 415 for an unsupported coding, 400 for a payload that does not have the named coding.
    """
    coding = client.headers.get("Content-Encoding", "identity").strip().lower()
    if coding == "identity" or not client.body:
        return client
    if coding not in ("gzip", "deflate"):
        log = f"The Content-Encoding {coding} is not supported"
        raise GatewayError("UNSUPPORTED_MEDIA_TYPE", "Unsupported Media Type", log)
    headers = CIMultiDict(client.headers)
    headers.popall("Content-Encoding")
    return ClientRequest(client.method, client.path, client.query, headers, _inflated(client.body, coding))


def _inflated(body: bytes, coding: str) -> bytes:
    """Decompress a body. Stops one byte above the maximum size, so that a small body cannot fill the memory."""
    inflater = zlib.decompressobj(_DEFLATE_OR_GZIP)
    try:
        inflated = inflater.decompress(body, MAXIMUM_BODY + 1)
    except zlib.error as error:
        raise _not_encoded(coding, str(error)) from None
    check_body_size(inflated)
    if not inflater.eof:
        raise _not_encoded(coding, "it is cut off")
    return inflated


def _not_encoded(coding: str, reason: str) -> GatewayError:
    return GatewayError("BAD_REQUEST_BODY", "Bad Request", f"The payload is not {coding}: {reason}")


def compressed(response: MethodResponse, client: ClientRequest, minimum: int) -> MethodResponse:
    """Compress a response of at least `minimum` bytes, if it has no coding yet and the client accepts one."""
    coding = _accepted(client.headers.get("Accept-Encoding", ""))
    if coding is None or len(response.body) < minimum or "Content-Encoding" in response.headers:
        return response
    body = gzip.compress(response.body, mtime=0) if coding == "gzip" else zlib.compress(response.body)
    headers = CIMultiDict(response.headers)
    headers["Content-Encoding"] = coding
    return MethodResponse(response.status, headers, body)


def _accepted(accept_encoding: str) -> str | None:
    """Return gzip or deflate, whichever the client names first without excluding it by q=0; None for neither."""
    for part in accept_encoding.lower().split(","):
        coding, _unused, parameters = part.partition(";")
        weight = parameters.strip().removeprefix("q=")
        if coding.strip() in ("gzip", "deflate") and weight not in ("0", "0.0", "0.00", "0.000"):
            return coding.strip()
    return None
