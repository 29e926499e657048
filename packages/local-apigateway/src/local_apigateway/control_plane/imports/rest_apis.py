# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""ImportRestApi and PutRestApi."""

from __future__ import annotations

import copy
import json

from ...model import Content, RestApi, Wire
from ..errors import BadRequestError
from ..gateway_responses import DEFAULT_STATUSES, put_response
from ..operations import Call, operation, part_id
from ..policies import resource_policy
from ..resources import add_resource
from ..rest_apis import ENDPOINT_TYPES, compression_size, endpoint_configuration, new_rest_api, rest_api, with_tags
from .document import Document, Raw, parse, with_base_path
from .documentation import import_documentation
from .methods import MethodImport
from .report import ImportReport
from .schemas import import_models
from .security import import_authorizers

BASE_PATH_MODES = ("ignore", "prepend", "split")


@operation("ImportRestApi")
def import_rest_api(call: Call) -> Wire:
    document = parse(call.params["body"])
    api = new_rest_api(call, str(document.info.get("title", "")))
    _set_endpoint_type(api, call.get("parameters", {}).get("endpointConfigurationTypes"))
    imported, warnings = _imported(call, document, api, overwrite=True)
    call.changed.append(imported)
    return {**rest_api(imported), "warnings": warnings or None}


@operation("PutRestApi")
def put_rest_api(call: Call) -> Wire:
    document = parse(call.params["body"])
    api = call.changed_api()
    imported, warnings = _imported(call, document, api, overwrite=call.get("mode") == "overwrite")
    api.attributes, api.draft = imported.attributes, imported.draft
    return {**with_tags(rest_api(api)), "warnings": warnings or None}


def _set_endpoint_type(api: RestApi, kind: str | None) -> None:
    if kind is not None:
        if kind not in ENDPOINT_TYPES:
            raise BadRequestError(f"Invalid EndpointTypes specified. Valid options are {','.join(ENDPOINT_TYPES)}")
        api.attributes["endpointConfiguration"] = endpoint_configuration({"types": [kind]})


def _imported(call: Call, document: Document, api: RestApi, overwrite: bool) -> tuple[RestApi, list[str]]:
    """Return the API after the import, and the warnings, without changing the given API."""
    report = ImportReport()
    base_path_mode = call.get("parameters", {}).get("basepath", "ignore")
    if base_path_mode not in BASE_PATH_MODES:
        raise BadRequestError(f"Invalid basepath specified. Valid options are {','.join(BASE_PATH_MODES)}")
    content = _fresh(api.draft) if overwrite else copy.deepcopy(api.draft)
    result = RestApi(api.account_id, api.region, dict(api.attributes), content)
    _import_attributes(document, result, overwrite)
    _import_settings(document, result, report)
    import_models(document, content, api.draft, api.id, report)
    import_authorizers(document, content, api.draft, report)
    _import_validators(document, content, api.draft)
    _import_gateway_responses(document, content, report)
    _import_paths(document, result, api.draft, base_path_mode, report)
    if "documentation" not in call.get("parameters", {}).get("ignore", ""):
        import_documentation(document, content)
    if call.import_warnings:
        report.warnings.append("A warning that is rehearsed")
    report.settle(bool(call.get("failOnWarnings")))
    return result, report.warnings


def _fresh(draft: Content) -> Content:
    """Return a draft with the root resource only."""
    root = next(resource for resource in draft.resources.values() if "parentId" not in resource)
    settings: Wire = {"apiKeySource": "HEADER", "disableExecuteApiEndpoint": False}
    return Content(resources={root["id"]: {"id": root["id"], "path": "/"}}, settings=settings)


def _import_attributes(document: Document, api: RestApi, overwrite: bool) -> None:
    """Set name, description, version and TLS settings; an overwrite removes those that the document lacks."""
    info = document.info
    if info.get("title"):
        api.attributes["name"] = str(info["title"])
    for name in ("description", "version"):
        if info.get(name) not in (None, ""):
            api.attributes[name] = str(info[name])
        elif overwrite:
            api.attributes.pop(name, None)
    for name, extension in _TLS.items():
        if document.extension(extension):
            api.attributes[name] = str(document.extension(extension))
        elif overwrite:
            api.attributes.pop(name, None)


_TLS = {"securityPolicy": "security-policy", "endpointAccessMode": "endpoint-access-mode"}
"""Reset by an overwrite if the document lacks them (AWS's guide, Terraform's AWS provider issue 47973)."""


def _import_settings(document: Document, api: RestApi, report: ImportReport) -> None:
    settings = api.draft.settings
    types = document.extension("binary-media-types")
    if types:
        settings["binaryMediaTypes"] = list(dict.fromkeys([*settings.get("binaryMediaTypes", []), *types]))
    with report.attempt("import 'x-amazon-apigateway-minimum-compression-size'"):
        if document.extension("minimum-compression-size") is not None:
            settings["minimumCompressionSize"] = compression_size(document.extension("minimum-compression-size"))
    source = document.extension("api-key-source")
    if source:
        settings["apiKeySource"] = str(source).upper()
    with report.attempt("import 'x-amazon-apigateway-policy'"):
        policy = document.extension("policy")
        if policy:
            settings["policy"] = resource_policy(policy if isinstance(policy, str) else json.dumps(policy), api)
    with report.attempt("import 'x-amazon-apigateway-endpoint-configuration'"):
        _import_endpoint(document.endpoint_configuration(), api)


def _import_endpoint(raw: Raw, api: RestApi) -> None:
    """Set the VPC endpoints to those of the document. Without any, they are removed (reported for `overwrite`)."""
    if "disableExecuteApiEndpoint" in raw:
        api.draft.settings["disableExecuteApiEndpoint"] = bool(raw["disableExecuteApiEndpoint"])
    current = api.attributes["endpointConfiguration"]
    params: Wire = {**{name: current[name] for name in ("types", "ipAddressType")}, **raw}
    api.attributes["endpointConfiguration"] = endpoint_configuration(params)


def _import_validators(document: Document, content: Content, previous: Content) -> None:
    """Replace validators by those of the document. A validator of the same name keeps its id."""
    known = {
        item["name"]: item["id"]
        for item in [*previous.request_validators.values(), *content.request_validators.values()]
    }
    for name, raw in (document.extension("request-validators") or {}).items():
        validator_id = known.get(name) or part_id(content.request_validators, previous.request_validators)
        content.request_validators[validator_id] = {
            "id": validator_id,
            "name": name,
            "validateRequestBody": bool(raw.get("validateRequestBody")),
            "validateRequestParameters": bool(raw.get("validateRequestParameters")),
        }


def _import_gateway_responses(document: Document, content: Content, report: ImportReport) -> None:
    for name, raw in (document.extension("gateway-responses") or {}).items():
        if name not in DEFAULT_STATUSES:
            report.errors.append(
                f"Unable to put gateway response '{name}': Invalid response type. "
                f"Valid types are [{', '.join(DEFAULT_STATUSES)}]"
            )
            continue
        status = raw.get("statusCode")
        content.gateway_responses[name] = put_response(name, {**raw, "statusCode": str(status) if status else None})


def _import_paths(document: Document, api: RestApi, previous: Content, mode: str, report: ImportReport) -> None:
    base = document.base_path()
    places = {path: with_base_path(path, base, mode) for path in document.paths()}
    resources = {path: _resource(api.draft, previous, place, report) for path, place in places.items()}
    importer = MethodImport(document, api.draft, api.id, report)
    for method in document.methods():
        resource = resources[method.path]
        if resource is not None:
            importer.add(resource, method)


def _resource(content: Content, previous: Content, path: str, report: ImportReport) -> Wire | None:
    """Return the resource at a path; add it and its parents if missing. An existing resource keeps its id."""
    by_path = {resource["path"]: resource for resource in content.resources.values()}
    ids = {resource["path"]: resource["id"] for resource in previous.resources.values()}
    current = by_path["/"]
    walked = ""
    for part in [part for part in path.split("/") if part]:
        walked += f"/{part}"
        if walked in by_path:
            current = by_path[walked]
            continue
        with report.attempt(f"create resource at path '{walked}'"):
            current = add_resource(content, current, part)
            if walked in ids:
                current = _renamed(content, current, ids[walked])
            by_path[walked] = current
        if walked not in by_path:
            return None
    return current


def _renamed(content: Content, resource: Wire, resource_id: str) -> Wire:
    del content.resources[resource["id"]]
    resource["id"] = resource_id
    content.resources[resource_id] = resource
    return resource
