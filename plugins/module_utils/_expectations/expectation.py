# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A request to an API with the expected response: the comparison, and the message about a difference.

Messages hold no secret of the request: values of headers, query parameters and members of the body with the name of a
secret (`Authorization`, `X-Api-Key`, `password`, …) are blanked out wherever they occur.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any, Dict, Iterator, List, Mapping, Optional, Sequence, Tuple
from urllib.parse import quote, quote_plus, unquote, urlencode

from .._engine.errors import raise_errors

OPTIONS: Dict[str, Any] = {
    "route": {"type": "str"},
    "name": {"type": "str"},
    "method": {
        "type": "str",
        "choices": ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"],
        "default": "GET",
    },
    "path": {"type": "str", "required": True},
    "resource": {"type": "str"},
    "query": {"type": "dict"},
    "headers": {"type": "dict"},
    "body": {"type": "raw"},
    "status": {"type": "int", "required": True},
    "answer": {"type": "raw"},
}
"""The members of one element of the option `requests`, for an argument spec."""

_SHOWN = 500
"""Characters of a response or of one of its values, after which a message omits the rest."""

_PATH = re.compile(r"/(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/]|%[0-9A-Fa-f]{2})*")  # RFC 3986, 3.3
HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")  # RFC 9110, 5.6.2
CONTROL_CHARACTER = re.compile(r"[\x00-\x1f\x7f]")
_SECRET = re.compile(
    r"authori[sz]ation|authenticat|auth$|token|secret|passw|cookie|api[-_]?key|credential|signature", re.I
)
_SHORTEST_SECRET = 4
"""Shorter texts are no secrets, and blanking them out would make other text unreadable."""


@dataclass(frozen=True)
class Response:
    """The response to a request. Without a response, `status` is None and `text` the reason; else `text` is the body.

    `log` are lines of API Gateway's execution log. `unsent` is true if the request reached no server.
    """

    status: Optional[int]
    text: str
    log: Sequence[str] = ()
    unsent: bool = False


@dataclass(frozen=True)
class Expectation:
    """A request and the expected response.

    `path` is percent-encoded and has no stage, `resource` is the path of the API Gateway resource (`/{id}`), `body` is
    JSON text. `answer` is the part of the JSON body that the response must have; None if the body does not matter.
    """

    method: str
    path: str
    resource: str
    route: str
    name: str
    status: int
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Optional[str] = None
    answer: Any = None
    secrets: Tuple[str, ...] = ()

    @property
    def target(self) -> str:
        """Return the path with the query: `/config?limit=2`."""
        return self.path + (f"?{urlencode(self.query)}" if self.query else "")

    @property
    def request(self) -> str:
        """Return the request as messages show it: `GET /config?limit=2`."""
        return self.without_secrets(f"{self.method} {self.target}")

    def without_secrets(self, text: str) -> str:
        """Return a text with the secrets of the request blanked out."""
        return _blanked(text, self.secrets)


def read_expectations(requests: Sequence[Mapping[str, Any]]) -> List[Expectation]:
    """Return the expectations of a list of mappings that have the members of `OPTIONS`.

    Raises `AwsError` with all errors, each with its place in the list.
    """
    errors = [
        f"requests[{number}] {_blanked(text, secrets_of(one))}"
        for number, one in enumerate(requests)
        for text in _errors(one)
    ]
    raise_errors("Cannot send the requests", errors)
    return [_read(one) for one in requests]


def _errors(one: Mapping[str, Any]) -> Iterator[str]:
    if not _PATH.fullmatch(one["path"]):
        path, question, _query = one["path"].partition("?")
        instead = "/" + quote(unquote(path).lstrip("/"))
        rest = ", and what follows the ? under `query`" if question else ""
        yield f"has the path {one['path']!r}, which is not a percent-encoded path; write {instead!r}{rest}"
    if not 100 <= one["status"] <= 599:
        yield f"has the status {one['status']}; write an HTTP status, 100 to 599"
    for name, value in (one.get("headers") or {}).items():
        if not HEADER_NAME.fullmatch(str(name)) or CONTROL_CHARACTER.search(str(value)):
            yield f"has a header {name!r} that cannot be sent; write a header's name, and a text of one line"


def _read(one: Mapping[str, Any]) -> Expectation:
    resource = one.get("resource") or one["path"]
    method = one.get("method") or "GET"
    route = one.get("route") or f"{method} {resource}"
    sent = {part: _texts(one.get(part) or {}) for part in ("query", "headers")}
    body = None if one.get("body") is None else json.dumps(one["body"], ensure_ascii=False)
    return Expectation(
        method=method,
        path=one["path"],
        resource=resource,
        route=route,
        name=one.get("name") or "",
        status=one["status"],
        query=sent["query"],
        headers=_with_content_type(sent["headers"], body),
        body=body,
        answer=one.get("answer"),
        secrets=tuple(secrets_of(one)),
    )


def _texts(values: Mapping[str, Any]) -> Dict[str, str]:
    """Return values as texts, with booleans as in JSON."""
    return {str(name): str(value).lower() if isinstance(value, bool) else str(value) for name, value in values.items()}


def _with_content_type(headers: Dict[str, str], body: Optional[str]) -> Dict[str, str]:
    if body is None or any(name.lower() == "content-type" for name in headers):
        return headers
    return {**headers, "Content-Type": "application/json"}


def secrets_of(request: Mapping[str, Any]) -> List[str]:
    """Return the texts of a request that must not be shown, in each form that they can have, the longest first."""
    sent = {part: request.get(part) for part in ("query", "headers", "body")}
    found = {text for value in _secret_values(sent, False) for text in (value, *value.split())}
    long_enough = [text for text in found if len(text) >= _SHORTEST_SECRET]
    written = {
        way
        for text in long_enough
        for way in (text, quote(text), quote(text, safe=""), quote_plus(text), _quoted(text))
    }
    return sorted(written, key=len, reverse=True)


def _blanked(text: str, secrets: Sequence[str]) -> str:
    for secret in secrets:
        text = text.replace(secret, "********")
    return text


def _quoted(text: str) -> str:
    return json.dumps(text)[1:-1]


def _secret_values(value: Any, is_secret: bool) -> Iterator[str]:
    if isinstance(value, Mapping):
        for name, item in value.items():
            yield from _secret_values(item, is_secret or bool(_SECRET.search(str(name))))
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _secret_values(item, is_secret)
    elif is_secret and not isinstance(value, bool) and value is not None:
        yield str(value)


def differences(expectation: Expectation, response: Response) -> List[str]:
    """Return the differences from the expected response. The body is compared only if the status is as expected."""
    if response.status is None:
        return [f"status: expected {expectation.status}, got no response: {response.text}"]
    if response.status != expectation.status:
        return [f"status: expected {expectation.status}, got {response.status}"]
    return [] if expectation.answer is None else list(_in_body(expectation.answer, response.text))


def _in_body(expected: Any, text: str) -> Iterator[str]:
    try:
        actual = json.loads(text)
    except ValueError:
        yield f"answer: expected {_shown(expected)}, got {'no JSON' if text else 'an empty body'}"
        return
    yield from _compared(expected, actual, "answer")


def _compared(expected: Any, actual: Any, where: str) -> Iterator[str]:
    if isinstance(expected, Mapping) and isinstance(actual, Mapping):
        for name, item in expected.items():
            if name in actual:
                yield from _compared(item, actual[name], f"{where}.{name}")
            else:
                yield f"{where}.{name}: expected {_shown(item)}, got nothing"
    elif isinstance(expected, (list, tuple)) and isinstance(actual, list):
        if len(expected) == len(actual):
            for place, item in enumerate(expected):
                yield from _compared(item, actual[place], f"{where}[{place}]")
        else:
            yield f"{where}: expected {_counted(expected)}, got {_counted(actual)}: {_shown(actual)}"
    elif not _same(expected, actual):
        yield f"{where}: expected {_shown(expected)}, got {_shown(actual)}"


def _counted(values: Sequence[Any]) -> str:
    return f"{len(values)} element{'' if len(values) == 1 else 's'}"


def _same(expected: Any, actual: Any) -> bool:
    """Return whether two JSON scalars are equal: 1 is 1.0, but not true."""
    return isinstance(expected, bool) == isinstance(actual, bool) and bool(expected == actual)


def _shown(value: Any) -> str:
    return _cut(json.dumps(value, ensure_ascii=False, default=str))


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]} … ({len(text)} characters)"


def format_failure(expectation: Expectation, response: Response) -> str:
    """Return the message about a response that is not as expected, in several lines; empty if it is."""
    found = differences(expectation, response)
    if not found:
        return ""
    if response.status not in (None, expectation.status) and response.text:
        found.append(f"response: {_cut(response.text)}")
    return format_lines(expectation, [*found, *(f"AWS's log: {_cut(line)}" for line in response.log)])


def format_lines(expectation: Expectation, lines: Sequence[str]) -> str:
    """Return the request and lines about it, without its secrets."""
    return expectation.without_secrets("\n    ".join([_title(expectation), *lines]))


def _title(expectation: Expectation) -> str:
    """Return the name of the expectation, the request, and the route if it differs."""
    request = f"{expectation.method} {expectation.target}"
    head = expectation.name if request in expectation.name else f"{expectation.name}: {request}".lstrip(": ")
    return head if expectation.route in head else f"{head} (route {expectation.route})"
