# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Cross-origin access: what a browser is told on answers and on the preflight request of a path."""

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
    """The origin that may read answers, the headers that it may send, and how long (s) a browser keeps that."""

    allow_origin: str = "*"
    allow_headers: tuple[str, ...] = ALLOW_HEADERS
    max_age: int = MAX_AGE


def parse_cors(spec: Entry) -> Cors | None:
    """The word `cors` of a spec: on by default, None where it is switched off."""
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
    """What an answer tells a browser: who may read it, and which of the headers that are `sent` with it.

    Without being told, a browser shows a page some headers alone, of which ETag and Location are none (Fetch Standard,
    "CORS-safelisted response-header name").
    """
    return {ORIGIN_HEADER: cors.allow_origin, **({EXPOSE_HEADER: ",".join(sent)} if sent else {})}


def preflight(cors: Cors, methods: Collection[str], headers: Sequence[str]) -> Json:
    """The OPTIONS operation of a path, which API Gateway answers by itself (MOCK).

    `methods` are the path's, `headers` those that its routes read beside `cors.allow_headers`.
    """
    values = {
        "Access-Control-Allow-Headers": ",".join(dict.fromkeys([*cors.allow_headers, *headers])),
        "Access-Control-Allow-Methods": ",".join(sorted({"OPTIONS", *_spelled_out(methods)})),
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
            # A MOCK is told 200 and answers 204, as the AWS CDK has it; whether 204 is taken here is not documented.
            "requestTemplates": {"application/json": '{"statusCode": 200}'},
            "responses": {
                "default": {
                    "statusCode": "204",
                    "responseParameters": {f"method.response.header.{n}": f"'{v}'" for n, v in values.items()},
                }
            },
        },
    }


def _spelled_out(methods: Collection[str]) -> Collection[str]:
    return _ALL_METHODS if "ANY" in methods else methods
