# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The import of a method, with its responses and its integration."""

from __future__ import annotations

import json
import re
from typing import Any

from ...model import Content, Wire
from ..errors import ApiError
from ..integrations import new_integration, new_integration_response
from ..methods import check_method, check_response
from ..patches import set_member
from .document import Document, DocumentMethod, Raw
from .report import ImportReport
from .schemas import model_name
from .security import authorization

INTEGRATION = "x-amazon-apigateway-integration"
VALIDATOR = "x-amazon-apigateway-request-validator"


class MethodImport:
    """Imports the methods of one document into one API."""

    def __init__(self, document: Document, content: Content, api_id: str, report: ImportReport) -> None:
        self._document = document
        self._content = content
        self._api_id = api_id
        self._report = report

    def add(self, resource: Wire, method: DocumentMethod) -> None:
        """Add a method to a resource, in place of an existing one."""
        where = f"'{method.http_method}' on resource at path '{resource['path']}'"
        wire: Wire = {}
        with self._report.attempt(f"put method {where}"):
            wire = self._method(method)
            check_method(self._content, wire)
        responses = self._responses(method, where)
        set_member(wire, "methodResponses", responses or None)
        if INTEGRATION in method.raw:
            integration = self._integration(resource, method)
            set_member(wire, "methodIntegration", integration)
        resource.setdefault("resourceMethods", {})[method.http_method] = wire

    def _method(self, method: DocumentMethod) -> Wire:
        wire: Wire = {"httpMethod": method.http_method, **authorization(self._document, method, self._content)}
        set_member(wire, "requestParameters", self._request_parameters(method) or None)
        set_member(wire, "requestModels", self._models(self._document.body_schemas(method)) or None)
        set_member(wire, "operationName", method.raw.get("operationId"))
        set_member(wire, "requestValidatorId", self._validator(method))
        return wire

    def _request_parameters(self, method: DocumentMethod) -> dict[str, bool]:
        """Return the declared parameters, and all parameters of the path (recorded: global authorizer)."""
        declared = self._document.parameters(method)
        found = {f"method.request.path.{name}": True for name in re.findall(r"{([^}+]+)\+?}", method.path)}
        return {**found, **{f"method.request.{item.location}.{item.name}": item.required for item in declared}}

    def _models(self, schemas: dict[str, Raw]) -> dict[str, str]:
        return {
            kind: model_name(self._document, self._content, schema, self._api_id) for kind, schema in schemas.items()
        }

    def _validator(self, method: DocumentMethod) -> str | None:
        """Return the id of the validator that the method, else the document, names."""
        name = method.raw.get(VALIDATOR, self._document.raw.get(VALIDATOR))
        validators = self._content.request_validators.values()
        found = next((validator["id"] for validator in validators if validator["name"] == name), None)
        if name is not None and found is None:
            self._report.errors.append(
                f"Unable to put method '{method.http_method}' on resource at path '{method.path}': "
                f"Invalid Request Validator identifier specified: {name}"
            )
        return found

    def _responses(self, method: DocumentMethod, where: str) -> Wire:
        responses: Wire = {}
        for status, raw in self._document.responses(method).items():
            if not (status.isdigit() and len(status) == 3):
                self._report.warnings.append(
                    f"Response '{status}' of method {where} is not imported: it is not a status code"
                )
                continue
            with self._report.attempt(f"put response {status} of method {where}"):
                responses[status] = self._response(method, status, raw)
        return responses

    def _response(self, method: DocumentMethod, status: str, raw: Raw) -> Wire:
        """Return a method response. Its headers are declared as not required."""
        headers = {f"method.response.header.{name}": False for name in raw.get("headers") or {}}
        response: Wire = {"statusCode": status}
        set_member(response, "responseParameters", headers or None)
        models = self._models(self._document.response_schemas(method, raw))
        set_member(response, "responseModels", models or None)
        check_response(self._content, response)
        return response

    def _integration(self, resource: Wire, method: DocumentMethod) -> Wire | None:
        raw = method.raw[INTEGRATION]
        place = f"of resource '{resource['path']}' and method '{method.http_method}'"
        params = {
            **raw,
            "type": str(raw.get("type", "")).upper(),
            "integrationHttpMethod": raw.get("httpMethod"),
            "requestParameters": self._texts(raw, "requestParameters", place),
            "requestTemplates": self._texts(raw, "requestTemplates", place),
        }
        try:
            integration = new_integration(params, resource["id"])
            responses = self._integration_responses(raw, place)
        except ApiError as error:
            self._report.errors.append(
                f"Unable to put integration on '{method.http_method}' for resource at path '{resource['path']}': "
                f"{error.message}"
            )
            return None
        set_member(integration, "integrationResponses", responses or None)
        return integration

    def _integration_responses(self, raw: Raw, place: str) -> Wire:
        """Return integration responses by status. The document's key is the selectionPattern, or `default`."""
        responses: Wire = {}
        for pattern, response in (raw.get("responses") or {}).items():
            params = {
                **response,
                "statusCode": str(response.get("statusCode", "200")),
                "selectionPattern": None if pattern == "default" else pattern,
                "responseParameters": self._texts(response, "responseParameters", place) or None,
                "responseTemplates": self._texts(response, "responseTemplates", place) or None,
            }
            built = new_integration_response(params)
            responses[built["statusCode"]] = built
        return responses

    def _texts(self, raw: Raw, name: str, place: str) -> dict[str, str]:
        """Return a map of texts. Entries that are not texts are left out, with a warning (recorded)."""
        kept: dict[str, str] = {}
        for key, value in (raw.get(name) or {}).items():
            if isinstance(value, str):
                kept[key] = value
            else:
                self._report.warnings.append(
                    f"Invalid format for '{name}'. Expected type string for property '{key}' {place} "
                    f"but got '{_as_json(value)}'"
                )
        return kept


def _as_json(value: Any) -> str:
    return json.dumps(value) if isinstance(value, (bool, type(None))) else str(value)
