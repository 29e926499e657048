# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The import of security: authorizers from security schemes, and the authorization of methods."""

from __future__ import annotations

from ...model import Content, Wire
from ..authorizers import new_authorizer
from .document import Document, DocumentMethod, Raw
from .report import ImportReport


def import_authorizers(document: Document, content: Content, previous: Content, report: ImportReport) -> None:
    """Create an authorizer for each scheme that has one, under its name. One of the same name keeps its id."""
    known = {item["name"]: item["id"] for item in [*previous.authorizers.values(), *content.authorizers.values()]}
    for name, scheme in document.security_schemes().items():
        if "x-amazon-apigateway-authorizer" not in scheme:
            continue
        with report.attempt(f"create authorizer '{name}'"):
            authorizer = new_authorizer(content, _parameters(name, scheme))
            authorizer["id"] = known.get(name, authorizer["id"])
            content.authorizers[authorizer["id"]] = authorizer


def _parameters(name: str, scheme: Raw) -> Wire:
    raw = scheme["x-amazon-apigateway-authorizer"]
    params = {**raw, "name": name, "type": str(raw.get("type", "")).upper()}
    params["authType"] = scheme.get("x-amazon-apigateway-authtype")
    if "identitySource" not in raw and params["type"] != "REQUEST":
        params["identitySource"] = f"method.request.header.{scheme.get('name')}"
    return params


def authorization(document: Document, method: DocumentMethod, content: Content) -> Wire:
    """Return the members of a wire Method that define its authorization.

    The method's `security` overrides the document's (recorded), and `x-amazon-apigateway-auth` overrides both.
    """
    members: Wire = {"authorizationType": "NONE", "apiKeyRequired": False}
    for requirement in method.raw.get("security", document.raw.get("security")) or []:
        for name, scopes in requirement.items():
            members |= _by_scheme(name, scopes, document.security_schemes().get(name, {}), content)
    auth = method.raw.get("x-amazon-apigateway-auth", {})
    if auth.get("type"):
        members["authorizationType"] = str(auth["type"]).upper()
    return members


def _by_scheme(name: str, scopes: list[str], scheme: Raw, content: Content) -> Wire:
    if "x-amazon-apigateway-authorizer" not in scheme:
        if scheme.get("x-amazon-apigateway-authtype") == "awsSigv4":
            return {"authorizationType": "AWS_IAM"}
        is_key = scheme.get("type") == "apiKey" and str(scheme.get("name", "")).lower() == "x-api-key"
        return {"apiKeyRequired": True} if is_key else {}
    authorizer = next((item for item in content.authorizers.values() if item["name"] == name), None)
    if authorizer is None:
        return {}
    kind = "COGNITO_USER_POOLS" if authorizer["type"] == "COGNITO_USER_POOLS" else "CUSTOM"
    members: Wire = {"authorizationType": kind, "authorizerId": authorizer["id"]}
    if scopes:
        members["authorizationScopes"] = sorted(scopes)
    return members
