# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The type of each value in an OpenAPI document: OpenAPI 3 and Swagger 2 with API Gateway's extensions.

API Gateway rejects a document with a value of the wrong type. For OpenAPI's parts, its parser reports "attribute … is
not of type `object`" (swagger-parser); for the extensions, API Gateway reports "Unable to parse API definition because
of a malformed integration at path …" (swagger-codegen issue 10450). An import ignores parts that are not in this file,
so they can have any type.

This file exists twice, in `module_utils` and in the local AWS, because neither may import the other. A test compares
the two.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Callable

METHODS = ("get", "put", "post", "delete", "patch", "options", "head", "x-amazon-apigateway-any-method")


@dataclass(frozen=True)
class Problem:
    """A value of the wrong type in a document: its place, and the expected type.

    An import omits a value that only `warns`, with a warning.
    """

    place: tuple[str, ...]
    expected: str
    warns: bool = False

    @property
    def path(self) -> str:
        """Return the place as text: `paths."/orders/{id}".get.responses`."""
        return ".".join(part if re.fullmatch(r"[\w$-]+", part) else f'"{part}"' for part in self.place)


@dataclass(frozen=True)
class Kind:
    """The type of a value. `members` are those of an object, `each` is the type of all other members or of all items.

    `nullable` values are those of API Gateway's extensions, where null means absent. An `extensible` object can have
    extensions (`x-…`), because its members do not have names that the user chooses.
    """

    expected: str
    fits: Callable[[Any], bool]
    members: Mapping[str, Any] = field(default_factory=dict)
    each: Any = None
    needed: tuple[str, ...] = ()
    may_refer: bool = False
    nullable: bool = False
    extensible: bool = False
    warns: bool = False


def problems(document: Mapping[str, Any]) -> list[Problem]:
    """Return all values of the wrong type in a document, in the document's order."""
    return list(_problems(document, DOCUMENT, (), document))


def operation_problems(operation: Any) -> list[Problem]:
    """Return all values of the wrong type in an operation without a document."""
    return list(_problems(operation, OPERATION, (), None))


def _problems(value: Any, kind: Kind, place: tuple[str, ...], document: Any) -> Iterator[Problem]:
    if value is None and kind.nullable:
        return
    if not kind.fits(value):
        yield Problem(place, kind.expected, kind.warns)
    elif isinstance(value, dict):
        yield from _member_problems(value, kind, place, document)
    elif isinstance(value, list) and kind.each is not None:
        for number, item in enumerate(value):
            yield from _problems(item, kind.each, (*place, str(number)), document)


def _member_problems(value: Any, kind: Kind, place: tuple[str, ...], document: Any) -> Iterator[Problem]:
    refers = kind.may_refer and "$ref" in value
    if refers and not _leads_to_object(value["$ref"], document):
        yield Problem((*place, "$ref"), "the place of an object in the document, as in `#/components/parameters/page`")
    for name in () if refers else kind.needed:
        if name not in value:
            yield Problem((*place, name), "given")
    for name, item in value.items():
        of_others = None if kind.extensible and str(name).startswith("x-") else kind.each
        of_member = kind.members.get(name, of_others)
        if of_member is not None:
            yield from _problems(item, of_member, (*place, str(name)), document)


def _leads_to_object(reference: Any, document: Any) -> bool:
    """Return whether an import can resolve a reference, as far as the document alone shows."""
    if not isinstance(reference, str):
        return False
    if document is None or not reference.startswith("#/"):
        return True
    found = document
    for part in reference[2:].split("/"):
        found = found.get(part.replace("~1", "/").replace("~0", "~")) if isinstance(found, dict) else None
    return isinstance(found, dict)


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_scalar(value: Any) -> bool:
    """Return whether a value is a scalar. YAML reads `version: 1.0` as a number, and an import takes it as text."""
    return value is None or isinstance(value, (str, int, float))


def _is_flag(value: Any) -> bool:
    return isinstance(value, bool)


def _is_whole(value: Any) -> bool:
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return is_number or (isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,18}", value) is not None)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _is_status(value: Any) -> bool:
    return _is_whole(value) and re.fullmatch(r"[1-5][0-9][0-9]", str(value)) is not None


def _is_object(value: Any) -> bool:
    return isinstance(value, dict)


def _is_list(value: Any) -> bool:
    return isinstance(value, list)


def _one_of(*names: str, nullable: bool = True) -> Kind:
    """Return the type of a keyword, which API Gateway accepts in either case."""
    known = {name.lower() for name in names}
    return Kind(
        f"one of {', '.join(names)}", lambda value: isinstance(value, str) and value.lower() in known, nullable=nullable
    )


def _object(
    members: Mapping[str, Kind] | None = None,
    each: Kind | None = None,
    needed: tuple[str, ...] = (),
    may_refer: bool = False,
    nullable: bool = False,
    extensible: bool = False,
) -> Kind:
    return Kind("an object", _is_object, members or {}, each, needed, may_refer, nullable, extensible)


def _list_of(item: Kind, nullable: bool = False) -> Kind:
    return Kind("a list", _is_list, each=item, nullable=nullable)


ANYTHING = Kind("anything", lambda _value: True)
SCALAR = Kind("a text", _is_scalar)
FLAG = Kind("true or false", _is_flag)
NUMBER = Kind("a number", _is_number)
# Types in extensions, where null means absent.
TEXT = Kind("a text", _is_text, nullable=True)
SWITCH = Kind("true or false", _is_flag, nullable=True)
WHOLE = Kind("a whole number", _is_whole, nullable=True)
STATUS = Kind("a status code, 100 to 599", _is_status, nullable=True)
TEXTS = _object(each=TEXT, nullable=True)
# An import omits members of these that are not text, null included, with a warning (recorded).
MAPPINGS = _object(each=Kind("a text", _is_text, warns=True), nullable=True)

_SCHEMA_MEMBERS: dict[str, Kind] = {
    "$ref": Kind("a text", _is_text),
    "description": SCALAR,
    "enum": Kind("a list", _is_list),
    "format": SCALAR,
    "maxItems": NUMBER,
    "maxLength": NUMBER,
    "maxProperties": NUMBER,
    "maximum": NUMBER,
    "minItems": NUMBER,
    "minLength": NUMBER,
    "minProperties": NUMBER,
    "minimum": NUMBER,
    "multipleOf": NUMBER,
    "pattern": Kind("a text", _is_text),
    "title": SCALAR,
    "type": Kind(
        "a text, or a list of texts", lambda value: isinstance(value, (str, list)), each=Kind("a text", _is_text)
    ),
    "uniqueItems": FLAG,
}
SCHEMA = _object(_SCHEMA_MEMBERS)
_SCHEMAS = _object(each=SCHEMA)
_ALTERNATIVES = _list_of(SCHEMA)
_SCHEMA_MEMBERS.update(
    {
        "additionalProperties": Kind(
            "true, false or an object", lambda value: isinstance(value, (bool, dict)), _SCHEMA_MEMBERS
        ),
        "allOf": _ALTERNATIVES,
        "anyOf": _ALTERNATIVES,
        "items": SCHEMA,
        "not": SCHEMA,
        "oneOf": _ALTERNATIVES,
        "properties": _SCHEMAS,
        "required": Kind(
            "a list of names", lambda value: isinstance(value, (list, bool)), each=Kind("a text", _is_text)
        ),
    }
)

_CONTENT = _object(each=_object({"schema": SCHEMA}))
PARAMETER = _object(
    {
        "name": SCALAR,
        "in": Kind("a text", _is_text),
        "type": Kind("a text", _is_text),
        "required": FLAG,
        "description": SCALAR,
        "schema": SCHEMA,
    },
    needed=("name", "in"),
    may_refer=True,
)
PARAMETERS = _list_of(PARAMETER)
BODY = _object({"content": _CONTENT, "required": FLAG, "description": SCALAR}, may_refer=True)
HEADERS = _object(
    each=_object({"schema": SCHEMA, "type": Kind("a text", _is_text), "description": SCALAR}, may_refer=True)
)
RESPONSE = _object({"description": SCALAR, "headers": HEADERS, "content": _CONTENT, "schema": SCHEMA}, may_refer=True)
RESPONSES = _object(each=RESPONSE, extensible=True)
SECURITY = _list_of(_object(each=_list_of(Kind("a text", _is_text))))

INTEGRATION_RESPONSE = _object(
    {
        "statusCode": STATUS,
        "responseParameters": MAPPINGS,
        "responseTemplates": MAPPINGS,
        "contentHandling": _one_of("CONVERT_TO_BINARY", "CONVERT_TO_TEXT"),
    }
)
INTEGRATION = _object(
    {
        "type": _one_of("aws", "aws_proxy", "http", "http_proxy", "mock", nullable=False),
        "uri": TEXT,
        "httpMethod": TEXT,
        "credentials": TEXT,
        "connectionId": TEXT,
        "connectionType": _one_of("INTERNET", "VPC_LINK"),
        "passthroughBehavior": TEXT,
        "contentHandling": _one_of("CONVERT_TO_BINARY", "CONVERT_TO_TEXT"),
        "timeoutInMillis": WHOLE,
        "cacheNamespace": TEXT,
        "cacheKeyParameters": _list_of(TEXT, nullable=True),
        "requestParameters": MAPPINGS,
        "requestTemplates": MAPPINGS,
        "responses": _object(each=INTEGRATION_RESPONSE, nullable=True),
        "tlsConfig": _object({"insecureSkipVerification": SWITCH}, nullable=True),
        "responseTransferMode": TEXT,
        "integrationTarget": TEXT,
    }
)
AUTHORIZER = _object(
    {
        "type": _one_of("token", "request", "cognito_user_pools", nullable=False),
        "authorizerUri": TEXT,
        "authorizerCredentials": TEXT,
        "identitySource": TEXT,
        "identityValidationExpression": TEXT,
        "authorizerResultTtlInSeconds": WHOLE,
        "providerARNs": _list_of(TEXT, nullable=True),
    },
    needed=("type",),
)
SECURITY_SCHEME = _object(
    {
        "type": Kind("a text", _is_text),
        "name": SCALAR,
        "in": Kind("a text", _is_text),
        "x-amazon-apigateway-authtype": TEXT,
        "x-amazon-apigateway-authorizer": AUTHORIZER,
    },
    may_refer=True,
)
OPERATION = _object(
    {
        "operationId": SCALAR,
        "description": SCALAR,
        "summary": SCALAR,
        "tags": _list_of(SCALAR),
        "deprecated": FLAG,
        "consumes": _list_of(Kind("a text", _is_text)),
        "produces": _list_of(Kind("a text", _is_text)),
        "parameters": PARAMETERS,
        "requestBody": BODY,
        "responses": RESPONSES,
        "security": SECURITY,
        "x-amazon-apigateway-auth": _object({"type": TEXT}),
        "x-amazon-apigateway-integration": INTEGRATION,
        "x-amazon-apigateway-request-validator": TEXT,
    }
)
PATH = _object({"parameters": PARAMETERS, **dict.fromkeys(METHODS, OPERATION)})
_ENDPOINT = _object(
    {
        "types": _list_of(TEXT, nullable=True),
        "vpcEndpointIds": _list_of(TEXT, nullable=True),
        "disableExecuteApiEndpoint": SWITCH,
        "ipAddressType": TEXT,
    },
    nullable=True,
)
_SERVER = _object(
    {
        "url": SCALAR,
        "variables": _object(each=_object({"default": SCALAR})),
        "x-amazon-apigateway-endpoint-configuration": _ENDPOINT,
    }
)
_GATEWAY_RESPONSE = _object({"statusCode": STATUS, "responseParameters": TEXTS, "responseTemplates": TEXTS})
_PART = _object(
    {
        "location": _object(dict.fromkeys(("type", "path", "method", "name", "statusCode"), TEXT)),
        "properties": Kind("an object, or a text", lambda value: isinstance(value, (dict, str))),
    },
    needed=("location", "properties"),
)
_COMPONENTS = {
    "parameters": _object(each=PARAMETER),
    "responses": RESPONSES,
}
DOCUMENT = _object(
    {
        "info": _object({"title": SCALAR, "description": SCALAR, "version": SCALAR}),
        "basePath": SCALAR,
        "host": SCALAR,
        "consumes": _list_of(Kind("a text", _is_text)),
        "produces": _list_of(Kind("a text", _is_text)),
        "servers": _list_of(_SERVER),
        "tags": _list_of(_object({"name": SCALAR, "description": SCALAR})),
        "security": SECURITY,
        "paths": _object(each=PATH, extensible=True),
        "components": _object(
            {
                **_COMPONENTS,
                "schemas": _SCHEMAS,
                "securitySchemes": _object(each=SECURITY_SCHEME),
                "requestBodies": _object(each=BODY),
                "headers": HEADERS,
            }
        ),
        "definitions": _SCHEMAS,
        "securityDefinitions": _object(each=SECURITY_SCHEME),
        **_COMPONENTS,
        "x-amazon-apigateway-api-key-source": _one_of("HEADER", "AUTHORIZER"),
        "x-amazon-apigateway-binary-media-types": _list_of(TEXT, nullable=True),
        "x-amazon-apigateway-documentation": _object(
            {"version": SCALAR, "documentationParts": _list_of(_PART, nullable=True)}, nullable=True
        ),
        "x-amazon-apigateway-endpoint-access-mode": TEXT,
        "x-amazon-apigateway-endpoint-configuration": _ENDPOINT,
        "x-amazon-apigateway-gateway-responses": _object(each=_GATEWAY_RESPONSE, nullable=True),
        "x-amazon-apigateway-minimum-compression-size": WHOLE,
        "x-amazon-apigateway-policy": Kind(
            "an object, or a text", lambda value: isinstance(value, (dict, str)), nullable=True
        ),
        "x-amazon-apigateway-request-validator": TEXT,
        "x-amazon-apigateway-request-validators": _object(
            each=_object({"validateRequestBody": SWITCH, "validateRequestParameters": SWITCH}), nullable=True
        ),
        "x-amazon-apigateway-security-policy": TEXT,
    },
    needed=("paths",),
)
