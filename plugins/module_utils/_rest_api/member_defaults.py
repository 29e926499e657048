# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The members of integrations, authorizers, gateway responses and request validators, and API Gateway's defaults.

An OpenAPI extension and API Gateway's responses name these members alike. `from_openapi`, `from_aws` and `to_openapi`
read the tables of this file, so that each member and each default stands in one place.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Callable, Mapping

from .state import Plain, plain_templates, trimmed


def _unchanged(value: Any) -> Any:
    return value


def _upper(value: Any) -> str:
    return str(value).upper()


def _without_spaces(value: Any) -> str:
    """Return a list of identity sources without the spaces that can follow its commas, as in AWS's examples."""
    return ",".join(part.strip() for part in str(value).split(","))


@dataclass(frozen=True)
class Member:
    """How the values of a member are compared.

    `canonical` converts a value to the form in which two are equal. `default` is the value that API Gateway gives to a
    member which nobody set; the canonical state omits it, unless `keeps_default`.
    """

    canonical: Callable[[Any], Any] = _unchanged
    default: Any = None
    keeps_default: bool = False

    def is_omitted(self, value: Any) -> bool:
        """Return whether the canonical state omits a member with this value."""
        return bool(value == self.default) and not self.keeps_default


INTEGRATION = {
    "type": Member(_upper),
    "httpMethod": Member(),
    "uri": Member(),
    "credentials": Member(),
    "requestParameters": Member(),
    "requestTemplates": Member(plain_templates),
    "contentHandling": Member(),
    "connectionId": Member(),
    "cacheKeyParameters": Member(sorted),
    "integrationTarget": Member(),
    "passthroughBehavior": Member(_upper, "WHEN_NO_MATCH", keeps_default=True),
    "connectionType": Member(default="INTERNET"),
    "responseTransferMode": Member(default="BUFFERED"),
    "timeoutInMillis": Member(int, 29000),
    "tlsConfig": Member(default={"insecureSkipVerification": False}),
    "cacheNamespace": Member(),
}
"""The members of an integration but its responses.

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-integration.html
"""

INTEGRATION_RESPONSE = {
    "responseParameters": Member(),
    "responseTemplates": Member(plain_templates),
    "contentHandling": Member(),
}
"""The members of an integration response but its status and its selection pattern."""

AUTHORIZER = {
    "type": Member(_upper),
    "authorizerUri": Member(),
    "authorizerCredentials": Member(),
    "identityValidationExpression": Member(),
    "authorizerResultTtlInSeconds": Member(int, 300),
    "providerARNs": Member(sorted),
    "identitySource": Member(_without_spaces),
}

GATEWAY_RESPONSE = {
    "statusCode": Member(str),
    "responseParameters": Member(),
    "responseTemplates": Member(),
}

_VALIDATOR_FLAGS = ("validateRequestBody", "validateRequestParameters")


def canonical(values: Mapping[str, Any], members: Mapping[str, Member]) -> Plain:
    """Return the canonical form of values, from an OpenAPI document or from API Gateway, by a table of this file."""
    found: Plain = {}
    for name, member in members.items():
        given = values.get(name)
        value = member.default if given is None else member.canonical(given)
        if not member.is_omitted(value):
            found[name] = value
    return trimmed(found)


def canonical_integration(integration: Mapping[str, Any]) -> Plain:
    """Return the canonical form of an integration without its responses; API Gateway calls nothing for a MOCK."""
    found = canonical(integration, INTEGRATION)
    if found.get("type") == "MOCK":
        return {name: value for name, value in found.items() if name not in ("httpMethod", "uri")}
    return found


def validator_flags(validator: Mapping[str, Any]) -> Plain:
    """Return what a request validator checks, from an OpenAPI document or from API Gateway."""
    return {flag: bool(validator.get(flag)) for flag in _VALIDATOR_FLAGS}


def set_default_credentials(integration: Plain, role: Any) -> None:
    """Set the execution role on an integration of the type `aws` that names no credentials. No role changes nothing."""
    if role and str(integration.get("type", "")).lower() == "aws":
        integration.setdefault("credentials", role)
