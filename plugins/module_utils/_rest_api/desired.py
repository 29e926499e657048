# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The desired state of a REST API: the document of its options, for one target, and the state that it creates."""

from __future__ import annotations

from dataclasses import dataclass, replace

from .._engine.client import Aws
from .._engine.errors import AwsError
from .._engine.pseudo_parameters import fill
from .._engine.resource import Params
from .document_shape import problems
from .draft_version import version_for
from .from_openapi import importable, integrations, parse_document, reject_wrong_types, state_of_document
from .member_defaults import set_default_credentials
from .settings import POLICY, endpoint_configuration, with_endpoint_configuration
from .state import ApiState, Plain, digest
from .swagger import openapi_of_swagger


@dataclass(frozen=True)
class DesiredApi:
    """The desired state: the document that the module returns, the body of the import, and the state it creates."""

    document: Plain
    body: Plain
    state: ApiState
    digest: str


def read_desired(aws: Aws, params: Params, api: Plain) -> DesiredApi:
    """Return what the options declare for an API that `find_api` returned; `api` is empty if it does not exist.

    With `version_tells_content` among the options, the body has the version for its content (`draft_version`) instead
    of the document's. That version is not part of the desired state: it is neither compared nor shown, and does not
    change the digest. Raise `AwsError` for a document that API Gateway would not import or deploy.
    """
    document = _for_target(aws, params, read_document(params))
    body = with_endpoint_configuration(importable(document), endpoint_configuration(document))
    state = state_of_document(body, api.get("id", ""))
    _reject_without_integration(state)
    _reject_private_without_policy(params, document, api)
    if not params.get("version_tells_content"):
        return DesiredApi(document, body, state, digest(state))
    state = replace(state, settings={name: value for name, value in state.settings.items() if name != "version"})
    content = digest(state)
    return DesiredApi(document, {**body, "info": {**body["info"], "version": version_for(content)}}, state, content)


def validate_definition(params: Params) -> None:
    """Raise `AwsError` for a document that is not OpenAPI, or in which a value has the wrong type."""
    reject_wrong_types("rest_api: `definition`", problems(read_document(params)), params["fail_on_warnings"])


def read_document(params: Params) -> Plain:
    """Return the OpenAPI 3 document of the options, converted from Swagger 2.0 if necessary.

    Raise `AwsError` for any other document, and for a value of the wrong type in Swagger.
    """
    try:
        document = parse_document(params["definition"])
    except ValueError as error:
        raise AwsError(f"rest_api: `definition` is not a JSON document: {error}") from error
    is_swagger = str(document.get("swagger", "")).startswith("2.")
    if not is_swagger and not str(document.get("openapi", "")).startswith("3."):
        raise AwsError(
            "rest_api: `definition` is neither an OpenAPI 3 nor a Swagger 2.0 document. Write `openapi: 3.0.1` or "
            "`swagger: '2.0'`, whichever it is."
        )
    if is_swagger:
        reject_wrong_types("rest_api: `definition`", problems(document), with_warnings=False)
        return openapi_of_swagger(document)
    return document


def _for_target(aws: Aws, params: Params, document: Plain) -> Plain:
    """Return the document with the values of this target, and with the name and the role of the options."""
    document = fill(document, aws)
    if params.get("name"):
        document["info"] = {**(document.get("info") or {}), "title": params["name"]}
    for integration in integrations(document):
        set_default_credentials(integration, params.get("execution_role"))
    return document


def _reject_without_integration(state: ApiState) -> None:
    """Raise `AwsError` for routes without an integration, which API Gateway would import and then not deploy."""
    found = [name for name, route in state.routes.items() if not (route.get("integration") or {}).get("type")]
    if found:
        raise AwsError(
            f"rest_api: API Gateway cannot deploy these routes: {', '.join(found)}. Give each an "
            "`x-amazon-apigateway-integration` with a `type`."
        )


def _reject_private_without_policy(params: Params, document: Plain, api: Plain) -> None:
    """Raise `AwsError` for a private API that nobody may call.

    CreateDeployment rejects it: "Private REST API doesn't have a resource policy attached to it" (Terraform AWS
    provider issue 14290, serverless-application-model issue 925).
    """
    current = (api.get("endpointConfiguration") or {}).get("types", [""])[0]
    is_private = (params.get("endpoint_type") or current) == "PRIVATE"
    if is_private and not (document.get(POLICY) or api.get("policy")):
        raise AwsError(
            f'REST API "{(document.get("info") or {}).get("title")}": endpoint_type is PRIVATE and there is no '
            "resource policy, so AWS would not deploy the API. Declare who may call it: `resource_policy` "
            "(`service_proxy_resource_policy` of the role), or `x-amazon-apigateway-policy` in a `definition`."
        )
