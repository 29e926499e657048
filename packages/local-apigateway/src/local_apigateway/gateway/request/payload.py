# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Payloads as text or as bytes: binary media types and contentHandling.

AWS: "Content type conversions in API Gateway"; recorded in TestApiGatewayS3BinarySupport.
"""

from __future__ import annotations

import base64
import binascii

from ..errors import configuration_error
from ..messages import mime_type

Payload = str | bytes
"""Text, which templates accept, or binary data, which they do not."""


class BinaryMediaTypes:
    """An API's list of media types whose payloads are binary data; `image/*` and `*/*` stand for groups."""

    def __init__(self, media_types: list[str]) -> None:
        self._exact = frozenset(mime_type(media_type) for media_type in media_types)
        self._any = "*/*" in self._exact

    def match(self, header: str | None) -> bool:
        """Return whether a Content-Type or Accept header names binary data. Of several types only the first counts."""
        if self._any or not self._exact:
            return self._any
        first = mime_type((header or "").partition(",")[0])
        return first in self._exact or f"{first.partition('/')[0]}/*" in self._exact


def convert_request(body: bytes, is_binary: bool, handling: str | None) -> Payload:
    """Return the payload for the integration, given `contentHandling` of the integration."""
    if is_binary:
        return _encoded(body) if handling == "CONVERT_TO_TEXT" else body
    return _decoded(body) if handling == "CONVERT_TO_BINARY" else _text(body)


def convert_response(body: bytes, is_binary: bool, wants_binary: bool, handling: str | None) -> Payload:
    """Return the payload for the client, given `contentHandling` of the integration response.

    `is_binary` follows from the backend's Content-Type, `wants_binary` from the client's Accept.
    """
    to_binary = handling == "CONVERT_TO_BINARY" or (handling is None and wants_binary)
    if is_binary:
        return body if to_binary else _encoded(body)
    return _decoded(body) if to_binary else _text(body)


def as_bytes(payload: Payload) -> bytes:
    """Encode a payload. An unpaired surrogate, which a template can produce, becomes a question mark as in Java."""
    return payload.encode(errors="replace") if isinstance(payload, str) else payload


def _text(body: bytes) -> str:
    """Decode UTF-8; invalid bytes become U+FFFD (recorded: get-obj-no-binary-media-binary-raw)."""
    return body.decode(errors="replace")


def _encoded(body: bytes) -> str:
    return base64.b64encode(body).decode()


def _decoded(body: bytes) -> bytes:
    """Decode Base64; other text is a configuration error (recorded: 500)."""
    try:
        return base64.b64decode(body, validate=True)
    except binascii.Error as error:
        raise configuration_error(f"Unable to base64 decode the body: {error}") from None
