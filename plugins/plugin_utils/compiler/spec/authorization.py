# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The authorization of routes: the options `auth`, `api_key` and `public`, and the defaults beside the routes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from .authorizers import API_KEY_SCHEME, SIGNATURE_SCHEME, Authorizer, cognito_names, parse_authorizers
from .entry import ROOT, Entry, describe
from .errors import suggestion

Json = dict[str, Any]

AUTHORIZATION_OPTIONS = ("auth", "api_key", "public")
"""The options of a route."""

API_KEY_HEADER = "x-api-key"
SIGNATURE_HEADERS = ("Authorization", "X-Amz-Date", "X-Amz-Security-Token")
_IAM, _NONE = "iam", "none"
# RFC 6749, section 3.3: scope-token.
_SCOPE = re.compile(r"[\x21\x23-\x5B\x5D-\x7E]+")
_CLAIMS = re.compile(r"\$\{?context\.authorizer\.claims\b")
_LAMBDA_RESULT = re.compile(r"\$\{?context\.authorizer\.(?!claims\b)")


@dataclass(frozen=True)
class Requirement:
    """What a route requires of its callers: a signature, a result of an authorizer, an API key.

    `public` is whether the description says that everybody can call the route.
    """

    iam: bool = False
    authorizer: Authorizer | None = None
    scopes: tuple[str, ...] = ()
    api_key: bool = False
    public: bool = False

    @property
    def is_open(self) -> bool:
        """Return whether everybody can call the route."""
        return not (self.iam or self.authorizer or self.api_key)

    @property
    def security(self) -> list[Json]:
        """Return the security requirements of the operation, each in an entry of its own.

        The import gives a method all of them, unlike OpenAPI, where one entry suffices. That is not recorded on AWS.
        """
        found: list[Json] = [{SIGNATURE_SCHEME: []}] if self.iam else []
        if self.authorizer:
            found.append({self.authorizer.name: list(self.scopes)})
        return [*found, {API_KEY_SCHEME: []}] if self.api_key else found

    @property
    def headers(self) -> tuple[str, ...]:
        """Return the headers by which callers identify themselves."""
        found = SIGNATURE_HEADERS if self.iam else self.authorizer.headers if self.authorizer else ()
        return (*found, API_KEY_HEADER) if self.api_key else found

    @property
    def statuses(self) -> tuple[str, ...]:
        """Return the statuses of rejected callers.

        "Gateway response types": UNAUTHORIZED is 401, for tokens; ACCESS_DENIED, INVALID_API_KEY and
        MISSING_AUTHENTICATION_TOKEN are 403.
        """
        only_token = self.authorizer and self.authorizer.is_cognito and not self.api_key
        forbidden = () if self.is_open or only_token else ("403",)
        return ("401", *forbidden) if self.authorizer else forbidden


@dataclass(frozen=True)
class Authorization:
    """The authorizers of an API by name (None after an error), and the requirement of routes without `auth`.

    `declared` is whether the description has any option about authorization beside the routes.
    """

    authorizers: Mapping[str, Authorizer | None] = field(default_factory=dict)
    default: Requirement = Requirement()
    declared: bool = False

    def requirement(self, route: Entry, method: str) -> Requirement:
        """Return what a route requires. Add an error for each wrong option.

        OPTIONS requires nothing: browsers send no credentials with a preflight request (Fetch Standard, "CORS protocol
        and credentials").
        """
        public = _parse_flag(route, "public", False)
        options = [option for option in ("auth", "api_key") if route.has(option)]
        if public and options:
            route.add_error(f"public excludes {' and '.join(options)}", "leave one of them out")
        if method == "OPTIONS" and options:
            route.add_error("OPTIONS cannot require credentials, because browsers send none", f"leave {options[0]} out")
        parsed = _parse_requirement(route, self.authorizers, self.default)
        return Requirement(public=public) if public or method == "OPTIONS" else parsed

    def schemes(self, used: list[Requirement]) -> Json:
        """Return the security schemes: those of all authorizers, and of signatures and API keys that routes require."""
        found = {name: authorizer.scheme for name, authorizer in self.authorizers.items() if authorizer}
        if any(one.iam for one in used):
            found[SIGNATURE_SCHEME] = {**_header_scheme("Authorization"), "x-amazon-apigateway-authtype": "awsSigv4"}
        if any(one.api_key for one in used):
            found[API_KEY_SCHEME] = _header_scheme(API_KEY_HEADER)
        return found

    def unused(self, used: list[Requirement]) -> list[str]:
        """Return the names of the authorizers that no route requires."""
        required = {one.authorizer.name for one in used if one.authorizer}
        return [name for name in self.authorizers if name not in required]

    def unmet_read(self, requirement: Requirement, template: str) -> tuple[str, str] | None:
        """Return the problem and the remedy if a request template reads what its route's authorizer does not return."""
        authorizer = requirement.authorizer
        if _CLAIMS.search(template) and not (authorizer and authorizer.is_cognito):
            return f"it reads a claim of the caller, but {_described(requirement)}", self._claims_remedy()
        if _LAMBDA_RESULT.search(template) and not (authorizer and not authorizer.is_cognito):
            problem = f"it reads the result of a Lambda authorizer, but {_described(requirement)}"
            return problem, "write auth: NAME with a Lambda authorizer"
        return None

    def _claims_remedy(self) -> str:
        names = cognito_names(self.authorizers)
        if names:
            return f"write auth: {names[0]}"
        return "declare authorizers: {customers: {user_pools: [arn:…:userpool/…]}}, and write auth: customers"


def _header_scheme(name: str) -> Json:
    return {"type": "apiKey", "name": name, "in": "header"}


def _described(requirement: Requirement) -> str:
    if requirement.authorizer:
        kind = "accepts tokens of user pools" if requirement.authorizer.is_cognito else "is a Lambda function"
        return f"its authorizer {requirement.authorizer.name} {kind}"
    return "it has auth: iam" if requirement.iam else "it has no authorizer"


def parse_authorization(spec: Entry) -> Authorization:
    """Return the options `authorizers`, `auth`, `api_key` and `public` of the whole API."""
    authorizers = parse_authorizers(spec)
    declared = any(spec.has(option) for option in ("auth", "api_key")) or bool(authorizers)
    default = _parse_requirement(spec, authorizers, Requirement())
    public = _parse_flag(spec, "public", False)
    if public and not default.is_open:
        spec.add_error("public excludes auth and api_key", "leave it out, and write public: true in routes")
    return Authorization(authorizers, replace(default, public=public), declared)


def _parse_requirement(entry: Entry, authorizers: Mapping[str, Authorizer | None], default: Requirement) -> Requirement:
    """Return the options `auth` and `api_key`, each of which replaces that of the default."""
    api_key = _parse_flag(entry, "api_key", default.api_key)
    raw = entry.options.get("auth")
    if raw is None:
        return replace(default, api_key=api_key)
    name, scopes = _parse_name(entry, raw)
    if name in (None, _NONE, _IAM):
        if scopes is not None:
            entry.add_error(f"auth: {name} takes no scopes", f"write auth: {name}")
        return Requirement(iam=name == _IAM, api_key=api_key)
    if name not in authorizers:
        entry.add_error(f"unknown authorizer {name!r} in auth", suggestion(name, (*authorizers, _IAM, _NONE)))
        return Requirement(api_key=api_key)
    authorizer = authorizers[name]
    if scopes is not None and authorizer and not authorizer.is_cognito:
        entry.add_error(
            f"authorizer {name!r} is a Lambda function, which takes no scopes",
            f"write auth: {name}, and let the function check them",
        )
    return Requirement(authorizer=authorizer, scopes=tuple(dict.fromkeys(scopes or ())), api_key=api_key)


def _parse_name(entry: Entry, raw: Any) -> tuple[str | None, list[str] | None]:
    """Return the name in `auth`, and its scopes; None for each that is missing or wrong."""
    if isinstance(raw, str) and raw:
        return raw, None
    if not isinstance(raw, dict) or len(raw) != 1:
        place = "beside the routes" if entry.where == ROOT else "in the route"
        entry.add_error(
            f"auth {place} is {describe(raw)}", "write auth: NAME, auth: {NAME: [SCOPE]}, auth: iam, or auth: none"
        )
        return None, None
    ((name, scopes),) = raw.items()
    listed = scopes if isinstance(scopes, list) else []
    if not listed or not all(isinstance(scope, str) and _SCOPE.fullmatch(scope) for scope in listed):
        entry.add_error(
            f"auth has no list of scopes for {name!r}", f"write auth: {{{name}: [orders/read]}}, or auth: {name}"
        )
        return name, []
    return name, listed


def _parse_flag(entry: Entry, option: str, default: bool) -> bool:
    raw = entry.value(option, default)
    if isinstance(raw, str) and raw.lower() in ("true", "false"):  # -e api_key=true
        return raw.lower() == "true"
    if not isinstance(raw, bool):
        entry.add_error(f"{option} is {describe(raw)}", f"write {option}: true, or {option}: false")
        return default
    return raw
