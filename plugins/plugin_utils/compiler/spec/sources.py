# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Sources of values in a request: `path.x`, `query.x`, `header.x`, `body.x`, `claims.x`, `context.x`,
`stage.x`, or `{value: literal}`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from .entry import Entry, describe
from .errors import suggestion
from .paths import Path

HEADER_NAME = r"[A-Za-z0-9_-]+"
"""The names of headers that a template can read or send, and that CORS can allow.

API Gateway takes `^[a-zA-Z0-9._$-]+$` ("Parameter mapping source reference for REST APIs"). A dot would end the name in
`$context.responseOverride.header.NAME`, and a dollar sign begins a reference.
"""

_IDENTIFIER = r"[A-Za-z_][A-Za-z0-9_]*"
_NAMES = {
    "path": re.compile(r"[A-Za-z0-9._-]+"),
    "query": re.compile(r"[A-Za-z0-9._~-]+"),
    "header": re.compile(HEADER_NAME),
    "body": re.compile(rf"{_IDENTIFIER}(\.{_IDENTIFIER})*"),
    "claims": re.compile(r"[A-Za-z0-9_:./-]+"),
    "context": re.compile(rf"{_IDENTIFIER}(\.{_IDENTIFIER})*"),
    "stage": re.compile(r"[A-Za-z0-9_]+"),
}
"""The kinds of sources, with the pattern of their names."""

_PREFIXED = re.compile(r"([^{}]+)\{([^{}]+)\}")
"""A constant prefix and a source: `CUSTOMER#{path.customer}`."""

CONTEXT_VARIABLES = (
    "accountId",
    "apiId",
    "authorizer.principalId",
    "domainName",
    "domainPrefix",
    "extendedRequestId",
    "httpMethod",
    "identity.accountId",
    "identity.apiKey",
    "identity.apiKeyId",
    "identity.caller",
    "identity.cognitoAuthenticationProvider",
    "identity.cognitoAuthenticationType",
    "identity.cognitoIdentityId",
    "identity.cognitoIdentityPoolId",
    "identity.principalOrgId",
    "identity.sourceIp",
    "identity.user",
    "identity.userAgent",
    "identity.userArn",
    "isCanaryRequest",
    "path",
    "protocol",
    "requestId",
    "requestTime",
    "requestTimeEpoch",
    "resourceId",
    "resourcePath",
    "stage",
)
"""The variables in "Variables for data transformations for API Gateway" that exist on every request."""

BODILESS = ("GET", "HEAD")
"""Methods whose requests have no body."""


@dataclass(frozen=True)
class Source:
    """A source: its `kind` (path, query, header, body, claims, context, stage, value) and its `name`, or the literal.

    `prefix` is a constant that is put before the value.
    """

    kind: str
    name: str
    prefix: str = ""

    def __str__(self) -> str:
        return repr(self.name) if self.kind == "value" else f"{self.kind}.{self.name}"


def parse_source(entry: Entry, label: str, raw: Any, method: str, path: Path) -> Source | None:
    """Return the source that the user wrote; None after an error. `label` names the value in errors: "key 'status'"."""
    if isinstance(raw, dict):
        return _parse_literal(entry, label, raw)
    text = raw if isinstance(raw, str) else ""
    if prefixed := _PREFIXED.fullmatch(text):
        source = parse_source(entry, label, prefixed[2], method, path)
        return None if source is None else Source(source.kind, source.name, prefixed[1])
    if "{" in text:
        entry.add_error(
            f"{label} has the source {describe(raw)}, which is not a constant before one source", _braces_remedy(text)
        )
        return None
    kind, dot, name = text.partition(".")
    if kind not in _NAMES:
        entry.add_error(f"{label} has a source of an unknown kind: {describe(raw)}", _kind_remedy(kind, raw))
        return None
    if not dot or not _NAMES[kind].fullmatch(name):
        entry.add_error(
            f"{label} has the source {describe(raw)}, which has no valid name after {kind}",
            f"write it like {kind}.name",
        )
        return None
    return _checked(entry, label, Source(kind, name), method, path)


def _kind_remedy(kind: str, raw: Any) -> str:
    """Return the remedy for an unknown kind of source. Text without a dot can be meant as a literal."""
    literal = "a literal" if raw is None or isinstance(raw, list) or "." in str(raw) else raw
    literal = describe(literal) if isinstance(literal, bool) else literal
    return f"{suggestion(kind, _NAMES)}, with a dot and a name as in query.status, or {{value: {literal}}}"


def _braces_remedy(raw: str) -> str:
    """Return the remedy for braces without a constant before them."""
    inner = re.fullmatch(r"\{([^{}]+)\}", raw)
    if not inner:
        return 'write it like "CUSTOMER#{path.customer}"'
    return f"write {inner[1]}" if "." in inner[1] else f"write query.{inner[1]}, or path.{inner[1]}"


def _parse_literal(entry: Entry, label: str, raw: dict[str, Any]) -> Source | None:
    value = raw.get("value")
    if set(raw) != {"value"} or isinstance(value, (bool, dict, list)) or value is None or value == "":
        entry.add_error(f"{label} has a source that is not a literal", "write {value: text or a number}")
        return None
    return Source("value", str(value))


def _checked(entry: Entry, label: str, source: Source, method: str, path: Path) -> Source | None:
    if source.kind == "path" and source.name not in path.parameters:
        entry.add_error(f"{label} comes from {source}, which is not in {path.text}", _path_remedy(source, path))
        return None
    if source.kind == "context" and not _is_context_variable(source.name):
        entry.add_error(f"{label} comes from {source}, which is unknown", suggestion(source.name, CONTEXT_VARIABLES))
        return None
    if source.kind == "body" and method in BODILESS:
        entry.add_error(f"{label} comes from {source}, but a {method} has no body", "use query.x or header.x, or POST")
        return None
    return source


def _path_remedy(source: Source, path: Path) -> str:
    if path.parameters:
        return suggestion(source.name, path.parameters)
    return f"add {{{source.name}}} to the path"


def _is_context_variable(name: str) -> bool:
    return name in CONTEXT_VARIABLES or name.startswith("authorizer.")
