# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A deployed API as a document of OpenAPI 3.0 or Swagger 2.0.

AWS's output for methods, parameters, responses, models and integrations is recorded. Security, validators, gateway
responses and the rest follow AWS's documentation of the extensions.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from ...model import DEFAULT_TIMEOUT_MS, Content, ServedStage, Wire
from ..patches import set_member

Raw = dict[str, Any]
TEXT = {"type": "string"}
LOCATIONS = {"querystring": "query", "path": "path", "header": "header"}
ANY_METHOD = "x-amazon-apigateway-any-method"


class Export:
    """Writes one document. `extensions` are those that the call requests: `integrations`, `authorizers`, or
    `apigateway` for all."""

    schemas_prefix = ""

    def __init__(self, served: ServedStage, attributes: Wire, extensions: set[str]) -> None:
        self.served = served
        self.content: Content = served.content
        self._attributes = attributes
        self._all = "apigateway" in extensions
        self._integrations = self._all or "integrations" in extensions
        self._authorizers = self._all or "authorizers" in extensions

    @property
    def host(self) -> str:
        return f"{self.served.api_id}.execute-api.{self.served.region}.amazonaws.com"

    def whole(self) -> Raw:
        """Return the complete document."""
        document = {**self.head(), "paths": self._paths(), **self.tail()}
        return {**document, **self._settings()} if self._all else document

    def info(self, version: str) -> Raw:
        info: Raw = {"title": self._attributes["name"], "version": version}
        set_member(info, "description", self._attributes.get("description"))
        return info

    # Parts that differ between the versions.

    def head(self) -> Raw:
        raise NotImplementedError

    def tail(self) -> Raw:
        """Return the schemas and the security schemes."""
        raise NotImplementedError

    def request(self, method: Wire) -> Raw:
        """Return the members of a method that describe its request."""
        raise NotImplementedError

    def response(self, response: Wire) -> Raw:
        raise NotImplementedError

    def _paths(self) -> Raw:
        resources = sorted(self.content.resources.values(), key=lambda resource: str(resource["path"]))
        return {
            resource["path"]: {
                ANY_METHOD if name == "ANY" else name.lower(): self._method(method)
                for name, method in resource["resourceMethods"].items()
            }
            for resource in resources
            if resource.get("resourceMethods")
        }

    def _method(self, method: Wire) -> Raw:
        raw: Raw = {}
        set_member(raw, "operationId", method.get("operationName"))
        raw |= self.request(method)
        responses = method.get("methodResponses", {})
        raw["responses"] = {status: self.response(response) for status, response in responses.items()}
        set_member(raw, "security", self._security(method) or None)
        if self._all:
            set_member(raw, "x-amazon-apigateway-request-validator", self._validator_name(method))
        if self._integrations and "methodIntegration" in method:
            raw["x-amazon-apigateway-integration"] = integration(method["methodIntegration"])
        return raw

    def parameters(self, method: Wire) -> Iterable[tuple[str, str, bool]]:
        """Return location, name and whether it is required, for each parameter."""
        for expression, required in (method.get("requestParameters") or {}).items():
            _unused, _unused, location, name = expression.split(".", 3)
            if location in LOCATIONS:
                yield LOCATIONS[location], name, bool(required)

    def reference(self, model: str) -> Raw:
        return {"$ref": f"{self.schemas_prefix}{model}"}

    def schemas(self) -> Raw:
        """Return the models by name, with their references converted to those of the document."""
        return {name: self._localised(json.loads(model["schema"])) for name, model in self.content.models.items()}

    def _localised(self, schema: Any) -> Any:
        if isinstance(schema, list):
            return [self._localised(item) for item in schema]
        if not isinstance(schema, dict):
            return schema
        return {
            key: f"{self.schemas_prefix}{value.rpartition('/')[2]}"
            if key == "$ref" and isinstance(value, str) and "/models/" in value
            else self._localised(value)
            for key, value in schema.items()
        }

    def _security(self, method: Wire) -> list[Raw]:
        requirements: list[Raw] = []
        if method["authorizationType"] == "AWS_IAM":
            requirements.append({"sigv4": []})
        authorizer = self.content.authorizers.get(method.get("authorizerId", ""))
        if authorizer:
            requirements.append({authorizer["name"]: method.get("authorizationScopes", [])})
        if method.get("apiKeyRequired"):
            requirements.append({"api_key": []})
        return requirements

    def security_schemes(self) -> Raw:
        """Return the security schemes that the methods require."""
        methods = [
            method
            for resource in self.content.resources.values()
            for method in resource.get("resourceMethods", {}).values()
        ]
        schemes: Raw = {}
        if any(method.get("apiKeyRequired") for method in methods):
            schemes["api_key"] = _header_scheme("x-api-key")
        if any(method["authorizationType"] == "AWS_IAM" for method in methods):
            schemes["sigv4"] = {**_header_scheme("Authorization"), **self._extension("authtype", "awsSigv4")}
        for authorizer in self.content.authorizers.values():
            schemes[authorizer["name"]] = self._authorizer_scheme(authorizer)
        return schemes

    def _extension(self, name: str, value: Any) -> Raw:
        return {f"x-amazon-apigateway-{name}": value} if self._authorizers else {}

    def _authorizer_scheme(self, authorizer: Wire) -> Raw:
        header = str(authorizer.get("identitySource", "")).rpartition("method.request.header.")[2] or "Unused"
        raw = {key: value for key, value in authorizer.items() if key not in ("id", "name", "authType")}
        raw["type"] = authorizer["type"].lower()
        kind = self._extension("authtype", authorizer["authType"])
        return {**_header_scheme(header), **kind, **self._extension("authorizer", raw)}

    def _validator_name(self, method: Wire) -> str | None:
        validator = self.content.request_validators.get(method.get("requestValidatorId", ""))
        return validator["name"] if validator else None

    def _settings(self) -> Raw:
        """Return the extensions at the root of the document."""
        settings = self.content.settings
        flags = ("validateRequestParameters", "validateRequestBody")
        values = {
            "request-validators": {
                item["name"]: {flag: item[flag] for flag in flags} for item in self.content.request_validators.values()
            },
            "gateway-responses": {
                name: {key: response[key] for key in RESPONSE_MEMBERS if response.get(key)}
                for name, response in self.content.gateway_responses.items()
            },
            "policy": json.loads(settings["policy"]) if "policy" in settings else None,
            "binary-media-types": settings.get("binaryMediaTypes"),
            "minimum-compression-size": settings.get("minimumCompressionSize"),
            "api-key-source": None if settings.get("apiKeySource") == "HEADER" else settings.get("apiKeySource"),
        }
        return {f"x-amazon-apigateway-{name}": value for name, value in values.items() if value not in (None, {}, [])}


INTEGRATION_MEMBERS = (
    "httpMethod",
    "uri",
    "credentials",
    "requestParameters",
    "requestTemplates",
    "contentHandling",
    "tlsConfig",
)
RESPONSE_MEMBERS = ("statusCode", "responseParameters", "responseTemplates")


class OpenApi30Export(Export):
    """OpenAPI 3.0.1."""

    schemas_prefix = "#/components/schemas/"

    def head(self) -> Raw:
        stage = self.served.stage["stageName"]
        server = {"url": f"https://{self.host}/{{basePath}}", "variables": {"basePath": {"default": stage}}}
        return {"openapi": "3.0.1", "info": self.info(version_of(self._attributes)), "servers": [server]}

    def tail(self) -> Raw:
        components: Raw = {}
        set_member(components, "schemas", self.schemas() or None)
        set_member(components, "securitySchemes", self.security_schemes() or None)
        return {"components": components}

    def request(self, method: Wire) -> Raw:
        raw: Raw = {}
        parameters = [
            {"name": name, "in": location, **({"required": True} if required else {}), "schema": TEXT}
            for location, name, required in self.parameters(method)
        ]
        set_member(raw, "parameters", parameters or None)
        models = method.get("requestModels") or {}
        if models:
            raw["requestBody"] = {"content": self._content(models), "required": True}
        return raw

    def response(self, response: Wire) -> Raw:
        raw: Raw = {"description": f"{response['statusCode']} response"}
        headers = {name: {"schema": TEXT} for name in _headers(response)}
        set_member(raw, "headers", headers or None)
        return {**raw, "content": self._content(response.get("responseModels") or {})}

    def _content(self, models: dict[str, str]) -> Raw:
        return {kind: {"schema": self.reference(model)} for kind, model in models.items()}


class Swagger20Export(Export):
    """Swagger 2.0."""

    schemas_prefix = "#/definitions/"

    def head(self) -> Raw:
        info = self.info(version_of(self._attributes))
        place = {"host": self.host, "basePath": f"/{self.served.stage['stageName']}", "schemes": ["https"]}
        return {"swagger": "2.0", "info": info, **place}

    def tail(self) -> Raw:
        raw: Raw = {}
        set_member(raw, "definitions", self.schemas() or None)
        set_member(raw, "securityDefinitions", self.security_schemes() or None)
        return raw

    def request(self, method: Wire) -> Raw:
        """Return `consumes`, `produces` and parameters.

        Content types of templates count like those of models (recorded).
        """
        backend = method.get("methodIntegration", {})
        responses = [*method.get("methodResponses", {}).values(), *backend.get("integrationResponses", {}).values()]
        produced = [kind for item in responses for kind in _types(item, "responseModels", "responseTemplates")]
        consumed = [*_types(method, "requestModels"), *_types(backend, "requestTemplates")]
        raw: Raw = {}
        set_member(raw, "consumes", list(dict.fromkeys(consumed)) or None)
        set_member(raw, "produces", list(dict.fromkeys(produced)) or None)
        set_member(raw, "parameters", [*self._plain_parameters(method), *self._body(method)] or None)
        return raw

    def _plain_parameters(self, method: Wire) -> list[Raw]:
        return [
            {"name": name, "in": location, "required": required, **TEXT}
            for location, name, required in self.parameters(method)
        ]

    def _body(self, method: Wire) -> list[Raw]:
        models = list((method.get("requestModels") or {}).values())[:1]
        return [{"in": "body", "name": model, "required": True, "schema": self.reference(model)} for model in models]

    def response(self, response: Wire) -> Raw:
        raw: Raw = {"description": f"{response['statusCode']} response"}
        models = list((response.get("responseModels") or {}).values())[:1]
        set_member(raw, "schema", self.reference(models[0]) if models else None)
        set_member(raw, "headers", dict.fromkeys(_headers(response), TEXT) or None)
        return raw


def version_of(attributes: Wire) -> str:
    """Return the API's version, or the time of its creation if it has none (recorded)."""
    created = datetime.fromtimestamp(attributes["createdDate"], UTC)
    return str(attributes.get("version") or created.strftime("%Y-%m-%dT%H:%M:%SZ"))


def integration(wire: Wire) -> Raw:
    """Return the extension of an integration, without defaults."""
    raw: Raw = {"type": wire["type"].lower()}
    names = (
        "httpMethod",
        "uri",
        "credentials",
        "requestParameters",
        "requestTemplates",
        "contentHandling",
        "tlsConfig",
    )
    for name in names:
        set_member(raw, name, wire.get(name) or None)
    responses = {
        response.get("selectionPattern") or "default": _integration_response(response)
        for response in wire.get("integrationResponses", {}).values()
    }
    set_member(raw, "responses", responses or None)
    raw["passthroughBehavior"] = wire["passthroughBehavior"].lower()
    if wire["timeoutInMillis"] != DEFAULT_TIMEOUT_MS:
        raw["timeoutInMillis"] = wire["timeoutInMillis"]
    if wire.get("connectionType") == "VPC_LINK":
        raw |= {"connectionType": "VPC_LINK", "connectionId": wire.get("connectionId")}
    set_member(raw, "cacheKeyParameters", wire.get("cacheKeyParameters") or None)
    return raw


def _integration_response(response: Wire) -> Raw:
    raw: Raw = {"statusCode": response["statusCode"]}
    for name in ("responseParameters", "responseTemplates", "contentHandling"):
        set_member(raw, name, response.get(name) or None)
    return raw


def _header_scheme(name: str) -> Raw:
    return {"type": "apiKey", "name": name, "in": "header"}


def _headers(response: Wire) -> list[str]:
    prefix = "method.response.header."
    return [name.removeprefix(prefix) for name in response.get("responseParameters") or {}]


def _types(wire: Wire, *members: str) -> list[str]:
    return [kind for member in members for kind in wire.get(member) or {}]
