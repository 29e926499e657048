# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Cross-origin access (CORS): the headers of responses, and the preflight operation of a path."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from .entry import Entry, describe
from .sources import HEADER_NAME

Json = dict[str, Any]

# What the console of API Gateway allows when it enables CORS on a resource.
ALLOW_HEADERS = ("Authorization", "Content-Type", "X-Amz-Date", "X-Amz-Security-Token", "X-Api-Key")
MAX_AGE = 600
ORIGIN_HEADER = "Access-Control-Allow-Origin"
EXPOSE_HEADER = "Access-Control-Expose-Headers"

_ALL_METHODS = ("DELETE", "GET", "HEAD", "PATCH", "POST", "PUT")
_ORIGIN = re.compile(r"\*|https?://[A-Za-z0-9.-]+(:[0-9]+)?|https?://\[[0-9a-fA-F:]+\](:[0-9]+)?")


@dataclass(frozen=True)
class Cors:
    """The origin that can read responses, the headers that it can send, and how many seconds browsers cache this."""

    allow_origin: str = "*"
    allow_headers: tuple[str, ...] = ALLOW_HEADERS
    max_age: int = MAX_AGE


def parse_cors(spec: Entry) -> Cors | None:
    """Return the option `cors`, which is on by default; None if it is off, or after an error."""
    raw = spec.value("cors", True)
    if raw is False:
        return None
    if raw is True:
        return Cors()
    if not isinstance(raw, dict):
        spec.add_error(f"cors is {describe(raw)}", 'write cors: {allow_origin: "https://example.com"}, or cors: false')
        return None
    return _parse_mapping(Entry(raw, "cors", spec.collector))


def _parse_mapping(entry: Entry) -> Cors:
    entry.reject_unknown(("allow_origin", "allow_headers", "max_age"))
    origin = entry.text("allow_origin") or "*"
    if not _ORIGIN.fullmatch(origin):
        entry.add_error(
            f"allow_origin {origin!r} is not an origin", 'write "*", or a scheme and host: "https://example.com"'
        )
    return Cors(origin, _parse_headers(entry), _parse_max_age(entry))


def _parse_headers(entry: Entry) -> tuple[str, ...]:
    raw = entry.value("allow_headers", list(ALLOW_HEADERS))
    if isinstance(raw, list) and all(isinstance(name, str) and re.fullmatch(HEADER_NAME, name) for name in raw):
        return tuple(raw)
    entry.add_error(
        f"allow_headers {describe(raw)} is not a list of header names", "write allow_headers: [Content-Type]"
    )
    return ()


def _parse_max_age(entry: Entry) -> int:
    raw = entry.value("max_age", MAX_AGE)
    if isinstance(raw, (int, str)) and not isinstance(raw, bool) and str(raw).isdigit():
        return int(raw)
    entry.add_error(f"max_age {describe(raw)} is not a number of seconds", "write max_age: 600")
    return 0


def cors_response_headers(cors: Cors, sent: Sequence[str]) -> dict[str, str]:
    """Return the CORS headers of a response that sends the headers `sent`.

    Browsers hide ETag and Location unless they are exposed (Fetch Standard, "CORS-safelisted response-header name").
    """
    return {ORIGIN_HEADER: cors.allow_origin, **({EXPOSE_HEADER: ",".join(sent)} if sent else {})}


def preflight(cors: Cors, methods: Collection[str], headers: Sequence[str]) -> Json:
    """Return the OPTIONS operation of a path, a MOCK integration.

    `methods` are the path's methods, `headers` the ones that its routes read, in addition to `cors.allow_headers`.
    """
    allowed = _ALL_METHODS if "ANY" in methods else methods
    values = {
        "Access-Control-Allow-Headers": ",".join(dict.fromkeys([*cors.allow_headers, *headers])),
        "Access-Control-Allow-Methods": ",".join(sorted({"OPTIONS", *allowed})),
        ORIGIN_HEADER: cors.allow_origin,
        "Access-Control-Max-Age": str(cors.max_age),
    }
    return {
        "summary": "Tells a browser what it may send here.",
        "responses": {
            "204": {
                "description": "What a browser may send here.",
                "headers": {name: {"schema": {"type": "string"}} for name in values},
            }
        },
        "x-amazon-apigateway-integration": {
            "type": "mock",
            "passthroughBehavior": "never",
            # As in the AWS CDK: 200 in the template, 204 in the response. Whether a MOCK accepts 204 is not documented.
            "requestTemplates": {"application/json": '{"statusCode": 200}'},
            "responses": {
                "default": {
                    "statusCode": "204",
                    "responseParameters": {f"method.response.header.{n}": f"'{v}'" for n, v in values.items()},
                }
            },
        },
    }
