# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Access control for the whole server: decides for each request, before routing, whether it is accepted.

Every web page that the user opens can send requests to 127.0.0.1, and the local AWS accepts any secret key. A browser
marks the requests of pages (Fetch Metadata, `Origin`, `Referer`), and a page cannot forge these marks: they are
forbidden header names in the Fetch standard. So:

- The host must be one of ours. A page whose name resolves to 127.0.0.1 (DNS rebinding) has the same origin as that
  name; only the Host header reveals it.
- A request of a page of another origin is rejected, unless the user allowed that origin.
- Requests to deployed APIs can come from any page: CORS of the API decides who reads the response.
- A page that is served here, from a bucket or a deployed API, gets an opaque origin (the `sandbox` directive of
  Content-Security-Policy), because it would otherwise share the origin of the management API.

Fetch Metadata: https://www.w3.org/TR/fetch-metadata/. Browsers send it to loopback addresses since March 2023
(Safari 16.4 was the last), and over plain HTTP to no other host.
"""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Awaitable, Callable, Mapping
from urllib.parse import parse_qsl, unquote

from aiohttp import web
from multidict import CIMultiDictProxy

from ..settings import Settings, origin_of
from .invoke_url import origin_form, parse_invoke_url

LOOPBACK_HOSTS = frozenset({"127.0.0.1", "localhost", "[::1]"})
# Browsers and resolvers keep these names on the loopback interface (RFC 6761, 6.3).
LOOPBACK_SUFFIX = ".localhost"
MINISTACK_PATH = "/_ministack"
OWN_PATH = "/_local_aws"
# Destinations of requests whose response becomes a page, or a part of one, that can run scripts.
DOCUMENTS = frozenset({"document", "iframe", "frame", "object", "embed"})
SANDBOX = "sandbox allow-downloads allow-forms allow-modals allow-popups allow-scripts"
PREFLIGHT_SECONDS = 600
_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[\w.-]+)(?::\d{1,5})?", re.ASCII)
_QUOTED_CHARACTERS = 200

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Headers = Mapping[str, str]


class AccessControl:
    """Rejects requests with 403, answers preflights of allowed origins, and sets the CORS headers of responses."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._origins = frozenset(settings.allow_origins)

    def add_to(self, application: web.Application) -> None:
        """Check each request to an application before it is routed."""

        @web.middleware
        async def admit(request: web.Request, handler: Handler) -> web.StreamResponse:
            reason = self.reason_to_reject(request.method, origin_form(request.raw_path), request.headers)
            if reason:
                return _rejection(reason)
            if _is_preflight(request) and not is_data_plane(request) and self._allowed_origin(request.headers):
                return web.Response(status=204)
            return await handler(request)

        application.middlewares.append(admit)
        application.on_response_prepare.append(self._set_headers)

    def reason_to_reject(self, method: str, target: str, headers: CIMultiDictProxy[str]) -> str | None:
        """Return the reason to reject a request, or None to accept it."""
        # aiohttp responds with 400 to HTTP/1.1 without a Host, and to more than one.
        host = headers.get("Host", "")
        if not self._is_ours(host):
            return (
                f"{_quoted(host)} is not a host of the local AWS. Use 127.0.0.1 or localhost, or start it with "
                "--allow-host NAME (option allow_hosts of the module local_aws)."
            )
        path = target.partition("?")[0]
        if not path.startswith("/") and not (path == "*" and method == "OPTIONS"):
            return f"the request target must be a path, not {_quoted(target)}."
        if parse_invoke_url(host, path):
            return None
        if _is_below(path, MINISTACK_PATH) and not self._settings.ministack_endpoints:
            return (
                "MiniStack's own endpoints are disabled. To use them, start the local AWS with --ministack-endpoints "
                "(option ministack_endpoints of the module local_aws)."
            )
        if _is_below(path, OWN_PATH) and not path.startswith(f"{OWN_PATH}/"):
            return f"the path {_quoted(path)} must begin with {OWN_PATH}/, without percent-encoding."
        return self._foreign_page(host, headers) or self._unmarked_page(host, headers) or _link(target, headers)

    def _is_ours(self, host: str) -> bool:
        return _is_loopback(host) or _name_of(host) in self._settings.allow_hosts

    def _foreign_page(self, host: str, headers: CIMultiDictProxy[str]) -> str | None:
        """Return a reason if a page of another origin sent the request."""
        # At a name that the user allowed, a proxy may have received the request over https.
        schemes = ("http",) if _is_loopback(host) else ("http", "https")
        own = {origin_of(f"{scheme}://{host}") for scheme in schemes}
        named = [*headers.getall("Origin", []), *headers.getall("Referer", [])]
        for text in named:
            origin = origin_of(text)
            if origin not in own and origin not in self._origins:
                return _foreign(text if origin is None else origin)
        from_allowed = any(origin_of(text) in self._origins for text in named)
        if not from_allowed and set(headers.getall("Sec-Fetch-Site", [])) - {"none", "same-origin"}:
            return _foreign(None)
        return None

    def _unmarked_page(self, host: str, headers: Headers) -> str | None:
        """Return a reason if a browser does not report which page sent the request.

        Over HTTP, and at a name that is not loopback, browsers send requests for images of any page without a mark.
        """
        if _is_loopback(host):
            return None
        marked = any(mark in headers for mark in ("Origin", "Referer", "Sec-Fetch-Site"))
        if marked or not _is_browser(headers):
            return None
        return "a browser sent this request without the page that it comes from. Use https, or the address 127.0.0.1."

    def _allowed_origin(self, headers: Headers) -> str | None:
        origin = headers.get("Origin")
        return origin if origin is not None and origin_of(origin) in self._origins else None

    async def _set_headers(self, request: web.Request, response: web.StreamResponse) -> None:
        """Replace MiniStack's CORS headers with ours. Responses of deployed APIs keep theirs."""
        if _is_shown(request.headers) and not _is_host_of_api(request):
            response.headers.add("Content-Security-Policy", SANDBOX)
        if is_data_plane(request):
            return
        for name in [name for name in response.headers if name.lower().startswith("access-control-")]:
            response.headers.popall(name, None)
        origin = self._allowed_origin(request.headers)
        if origin is None:
            return
        response.headers["Access-Control-Allow-Origin"] = origin
        response.headers.add("Vary", "Origin")
        if _is_preflight(request):
            response.headers.update(_preflight_headers(request.headers))
        else:
            response.headers["Access-Control-Expose-Headers"] = "*"


def _name_of(host: str) -> str | None:
    """Return a Host without its port; None for text that is not a host."""
    found = _HOST.fullmatch(host.lower())
    return found[1] if found else None


def _is_loopback(host: str) -> bool:
    name = _name_of(host)
    return name is not None and (name in LOOPBACK_HOSTS or name.endswith(LOOPBACK_SUFFIX))


def is_data_plane(request: web.Request) -> bool:
    """Return whether a request invokes a deployed API."""
    return parse_invoke_url(request.host, origin_form(request.raw_path).partition("?")[0]) is not None


def _is_shown(headers: Headers) -> bool:
    """Return whether a browser may show the response as a page. Without Fetch Metadata, it may show any response."""
    if "Sec-Fetch-Dest" in headers:
        return headers["Sec-Fetch-Dest"] in DOCUMENTS
    return _is_browser(headers)


def _is_browser(headers: Headers) -> bool:
    return headers.get("User-Agent", "").startswith("Mozilla/")


def _is_host_of_api(request: web.Request) -> bool:
    """Return whether the host is that of one API, so that the origin has nothing else."""
    return parse_invoke_url(request.host, "/") is not None


def _is_preflight(request: web.Request) -> bool:
    return request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers


def _preflight_headers(headers: Headers) -> dict[str, str]:
    """Return headers that allow what an allowed origin requests."""
    allowed = {
        "Access-Control-Allow-Methods": headers["Access-Control-Request-Method"],
        "Access-Control-Max-Age": str(PREFLIGHT_SECONDS),
    }
    if "Access-Control-Request-Headers" in headers:
        allowed["Access-Control-Allow-Headers"] = headers["Access-Control-Request-Headers"]
    return allowed


def _is_below(path: str, prefix: str) -> bool:
    """Return whether a path is below a prefix, in any encoding."""
    decoded = posixpath.normpath(re.sub("/+", "/", unquote(path))).lower()
    return decoded == prefix or decoded.startswith(f"{prefix}/")


def _link(target: str, headers: Headers) -> str | None:
    """Return a reason if a link calls an operation. For a link in a mail, browsers report that no page sent it."""
    if headers.get("Sec-Fetch-Site") != "none":
        return None
    if "Action" in dict(parse_qsl(target.partition("?")[2], keep_blank_values=True)):
        return "links cannot call operations of AWS. Call the operation with an AWS SDK, the AWS CLI or curl."
    return None


def _foreign(origin: str | None) -> str:
    return (
        f"a web page of {_quoted(origin) if origin else 'another site'} sent the request. To allow an origin, start "
        "the local AWS with --allow-origin ORIGIN (option allow_origins of the module local_aws)."
    )


def _quoted(text: str) -> str:
    return repr(text[:_QUOTED_CHARACTERS])


def _rejection(reason: str) -> web.Response:
    return web.Response(
        status=403,
        headers={"Content-Type": "application/json", "x-amzn-ErrorType": "AccessDeniedException"},
        body=json.dumps(
            {"__type": "AccessDeniedException", "message": f"The local AWS rejected the request: {reason}"}
        ).encode(),
    )
