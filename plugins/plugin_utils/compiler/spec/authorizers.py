# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The authorizers of an API: Amazon Cognito user pools and Lambda functions, by the names that routes use."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .entry import Entry, describe
from .paths import Path
from .sources import Source, parse_source

Json = dict[str, Any]

COGNITO = "cognito_user_pools"
TOKEN = "token"
REQUEST = "request"
SIGNATURE_SCHEME = "sigv4"
API_KEY_SCHEME = "api_key"
RESERVED_NAMES = ("iam", "none", SIGNATURE_SCHEME, API_KEY_SCHEME)
"""Values of `auth`, and the names of the security schemes of signatures and API keys in API Gateway's exports."""
MAXIMUM_CACHE = 3600

_EXAMPLE = '{customers: {user_pools: ["arn:aws:cognito-idp:eu-central-1:123456789012:userpool/x"]}}'
_NAME = re.compile(r"[A-Za-z0-9_-]+")
# A part of an ARN, which can be a pseudo parameter: ${AWS::Region}.
_PART = r"[^:]+(?:::[^:]+)?"
# "Define your Amazon Cognito user pool resource types": arn:aws:cognito-idp:Region:Account:userpool/PoolId.
_POOL = re.compile(rf"arn:{_PART}:cognito-idp:{_PART}:{_PART}:userpool/[A-Za-z0-9_-]+")
# "Resources and conditions for Lambda actions": function:NAME, and function:NAME:QUALIFIER of a version or an alias.
_FUNCTION = re.compile(rf"arn:({_PART}):lambda:({_PART}):{_PART}:function:[A-Za-z0-9_-]+(:[A-Za-z0-9_$-]+)?")
_ROLE = re.compile(rf"arn:{_PART}:iam::{_PART}:role/.+")
_IDENTITY_SOURCES = {
    "header": "method.request.header.",
    "query": "method.request.querystring.",
    "stage": "stageVariables.",
    "context": "context.",
}
"""Our kinds of sources as mapping expressions ("Configure a Lambda authorizer", identity sources)."""


@dataclass(frozen=True)
class Authorizer:
    """An authorizer: its `name`, its `type` as in the document, and the `headers` that callers send.

    `settings` are the object x-amazon-apigateway-authorizer. `header` is the header with the token, or None if the
    settings name the identity sources.
    """

    name: str
    type: str
    settings: Json
    headers: tuple[str, ...]
    header: str | None

    @property
    def is_cognito(self) -> bool:
        """Return whether the authorizer accepts tokens of user pools."""
        return self.type == COGNITO

    @property
    def scheme(self) -> Json:
        """Return the security scheme: "x-amazon-apigateway-authorizer object" in the Developer Guide.

        AWS's exports name the header `Unused` if the settings have the identity sources.
        """
        return {
            "type": "apiKey",
            "name": self.header or "Unused",
            "in": "header",
            "x-amazon-apigateway-authtype": COGNITO if self.is_cognito else "custom",
            "x-amazon-apigateway-authorizer": {"type": self.type, **self.settings},
        }


def parse_authorizers(spec: Entry) -> dict[str, Authorizer | None]:
    """Return the option `authorizers` by name. An authorizer with an error is None."""
    raw = spec.mapping("authorizers", _EXAMPLE)
    return {name: _parse(name, options, spec) for name, options in raw.items()}


def _parse(name: str, raw: Any, spec: Entry) -> Authorizer | None:
    entry = Entry(raw if isinstance(raw, dict) else {}, f"authorizers {name}", spec.collector)
    before = len(spec.collector.errors)
    if name in RESERVED_NAMES or not _NAME.fullmatch(name):
        entry.add_error(
            f"{name!r} cannot be the name of an authorizer",
            f"use letters, digits, hyphens and underscores, and none of: {', '.join(RESERVED_NAMES)}",
        )
    if not isinstance(raw, dict):
        entry.add_error(f"the authorizer is {describe(raw)}, not a mapping", f"write authorizers: {_EXAMPLE}")
        return None
    if entry.has("user_pools") == entry.has("lambda"):
        problem = "user_pools and lambda exclude each other" if entry.has("lambda") else "the authorizer has no kind"
        entry.add_error(problem, "write user_pools: [arn:…:userpool/…], or lambda: arn:…:function:…")
        return None
    parsed = _parse_cognito(name, entry) if entry.has("user_pools") else _parse_lambda(name, entry)
    return parsed if len(spec.collector.errors) == before else None


def _parse_cognito(name: str, entry: Entry) -> Authorizer:
    if entry.has("cache") or entry.has("role"):
        entry.add_error("cache and role are options of Lambda authorizers", "leave them out")
    entry.reject_unknown(("user_pools", "identity", "pattern", "cache", "role"))
    raw = entry.options["user_pools"]
    pools = raw if isinstance(raw, list) else []
    if not pools or not all(isinstance(pool, str) and _POOL.fullmatch(pool) for pool in pools):
        entry.add_error("user_pools is not a list of user pool ARNs", "write user_pools: [arn:…:userpool/…]")
    header = _parse_token_header(entry)
    return Authorizer(name, COGNITO, {"providerARNs": pools, **_parse_pattern(entry)}, (header,), header)


def _parse_lambda(name: str, entry: Entry) -> Authorizer:
    entry.reject_unknown(("lambda", "type", "identity", "pattern", "cache", "role"))
    kind = entry.text("type", f"{TOKEN}, or {REQUEST}") or REQUEST
    if kind not in (TOKEN, REQUEST):
        entry.add_error(f"type is {describe(kind)}", f"write type: {TOKEN}, or type: {REQUEST}")
    function = {"authorizerUri": _function_uri(entry), **_parse_role(entry)}
    cache = _parse_cache(entry)
    if kind == TOKEN:
        header = _parse_token_header(entry)
        settings = {**function, **_parse_pattern(entry), "authorizerResultTtlInSeconds": cache}
        return Authorizer(name, kind, settings, (header,), header)
    if entry.has("pattern"):
        # CreateAuthorizer: "The validation expression does not apply to the REQUEST authorizer."
        entry.add_error("pattern has no effect on the type request", "write type: token, or leave it out")
    sources = _parse_identity(entry)
    if cache and not sources:
        # CreateAuthorizer: "For the REQUEST authorizer, this is required when authorization caching is enabled."
        entry.add_error(
            "cache needs identity, whose values are the key of the cache",
            "write identity: [header.Authorization], or cache: 0",
        )
    identity = {"identitySource": ",".join(map(_expression, sources))} if sources else {}
    headers = tuple(source.name for source in sources if source.kind == "header")
    return Authorizer(name, kind, {**function, **identity, "authorizerResultTtlInSeconds": cache}, headers, None)


def _function_uri(entry: Entry) -> str:
    """Return the URI by which API Gateway calls the function, in the function's Region."""
    raw = entry.options["lambda"]
    found = _FUNCTION.fullmatch(raw) if isinstance(raw, str) else None
    if found is None:
        entry.add_error("lambda is not the ARN of a function", "write lambda: arn:…:lambda:…:function:NAME")
        return ""
    return f"arn:{found[1]}:apigateway:{found[2]}:lambda:path/2015-03-31/functions/{found[0]}/invocations"


def _parse_role(entry: Entry) -> Json:
    role = entry.text("role", "arn:…:role/NAME")
    if role is None:
        return {}
    if not _ROLE.fullmatch(role):
        entry.add_error("role is not the ARN of a role", "write role: arn:…:role/NAME")
    return {"authorizerCredentials": role}


def _parse_pattern(entry: Entry) -> Json:
    pattern = entry.text("pattern", '"Bearer .+"')
    return {} if pattern is None else {"identityValidationExpression": pattern}


def _parse_cache(entry: Entry) -> int:
    """Return the seconds that a result is cached. 0 by default: a cached policy of one route applies to all others."""
    raw = entry.value("cache", 0)
    is_number = isinstance(raw, (int, str)) and not isinstance(raw, bool) and re.fullmatch("[0-9]{1,4}", str(raw))
    if is_number and int(raw) <= MAXIMUM_CACHE:
        return int(raw)
    entry.add_error(f"cache is {describe(raw)}", f"write a number of seconds from 0 to {MAXIMUM_CACHE}")
    return 0


def _parse_token_header(entry: Entry) -> str:
    """Return the one header with the token, which is `Authorization` by default."""
    sources = _parse_identity(entry) if entry.has("identity") else [Source("header", "Authorization")]
    if len(sources) == 1 and sources[0].kind == "header":
        return sources[0].name
    if sources:
        entry.add_error(
            "identity is not one header", "write identity: header.Authorization, or lambda with type: request"
        )
    return "Authorization"


def _parse_identity(entry: Entry) -> list[Source]:
    raw = entry.value("identity", [])
    listed = raw if isinstance(raw, list) else [raw]
    if entry.has("identity") and not listed:
        entry.add_error("identity is empty", "write identity: [header.Authorization], or leave it out")
    return [source for one in listed if (source := _parse_identity_source(entry, one))]


def _parse_identity_source(entry: Entry, raw: Any) -> Source | None:
    kind, _dot, name = raw.partition(".") if isinstance(raw, str) else ("", "", "")
    if kind not in _IDENTITY_SOURCES or (kind == "context" and name.startswith("authorizer.")):
        entry.add_error(
            f"identity has {describe(raw)}, which is no identity source",
            "write header.NAME, query.NAME, stage.NAME or context.NAME",
        )
        return None
    return parse_source(entry, "identity", raw, "GET", Path("/", (), ()))


def _expression(source: Source) -> str:
    return f"{_IDENTITY_SOURCES[source.kind]}{source.name}"


def cognito_names(authorizers: Mapping[str, Authorizer | None]) -> list[str]:
    """Return the names of the authorizers that accept tokens of user pools."""
    return [name for name, authorizer in authorizers.items() if authorizer and authorizer.is_cognito]
