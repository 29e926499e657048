# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""CreateRestApi, GetRestApi(s), UpdateRestApi, DeleteRestApi."""

from __future__ import annotations

from typing import Any

from ..model import Content, RestApi, Wire
from .attachments import release_api
from .errors import BadRequestError, MissingOperationError
from .ids import API_LENGTH, new_id
from .models import default_models
from .operations import Call, now, operation
from .pages import page
from .patches import Names, Patch, Rule, Scalar, apply, only, patches, set_member
from .policies import escaped, resource_policy

SETTINGS = ("binaryMediaTypes", "minimumCompressionSize", "apiKeySource", "policy", "disableExecuteApiEndpoint")
ENDPOINT_TYPES = ("REGIONAL", "EDGE", "PRIVATE")
IP_ADDRESS_TYPES = ("ipv4", "dualstack")
MAXIMUM_COMPRESSION_SIZE = 10_485_760


def rest_api(api: RestApi) -> Wire:
    """Return the wire shape RestApi. Its policy is JSON with escaped quotes, as AWS sends it."""
    wire = {**api.attributes, **api.draft.settings}
    if "policy" in wire:
        wire["policy"] = escaped(wire["policy"])
    return wire


def with_tags(wire: Wire) -> Wire:
    """Return a RestApi with tags, empty ones too. All calls but Create-, ImportRestApi, GetRestApis do (recorded)."""
    return {"tags": {}, **wire}


def new_rest_api(call: Call, name: str) -> RestApi:
    """Return an API with its root resource only, not saved yet."""
    api_id = new_id(API_LENGTH, call.store.__contains__)
    root_id = new_id(API_LENGTH, lambda candidate: candidate == api_id)
    attributes: Wire = {
        "id": api_id,
        "name": name,
        "createdDate": now(),
        "endpointConfiguration": endpoint_configuration({}),
        "rootResourceId": root_id,
    }
    settings: Wire = {"apiKeySource": "HEADER", "disableExecuteApiEndpoint": False}
    draft = Content(resources={root_id: {"id": root_id, "path": "/"}}, settings=settings)
    return RestApi(call.account_id, call.region, attributes, draft)


@operation("CreateRestApi")
def create_rest_api(call: Call) -> Wire:
    params = call.params
    _check(params)
    api = new_rest_api(call, params["name"])
    for name in ("description", "version", "tags", "securityPolicy", "endpointAccessMode"):
        set_member(api.attributes, name, params.get(name) or None)
    if params.get("endpointConfiguration"):
        api.attributes["endpointConfiguration"] = endpoint_configuration(params["endpointConfiguration"])
    for name in SETTINGS:
        if params.get(name) not in (None, []):
            api.draft.settings[name] = params[name]
    if "policy" in params:
        api.draft.settings["policy"] = resource_policy(params["policy"], api)
    api.draft.models = default_models()
    call.changed.append(api)
    return rest_api(api)


def _check(params: Wire) -> None:
    if "cloneFrom" in params:
        raise MissingOperationError("CreateRestApi with cloneFrom is not supported by the local API Gateway")
    if params.get("description") == "":
        raise BadRequestError("Description cannot be an empty string")
    if "minimumCompressionSize" in params:
        compression_size(params["minimumCompressionSize"])


def compression_size(value: Any) -> int:
    """Return a compression threshold in bytes, from a number or its text."""
    try:
        size = int(value)
    except (TypeError, ValueError):
        size = -1
    if not 0 <= size <= MAXIMUM_COMPRESSION_SIZE:
        raise BadRequestError(f"Invalid minimum compression size, must be between 0 and {MAXIMUM_COMPRESSION_SIZE}")
    return size


def endpoint_configuration(params: Wire) -> Wire:
    """Return a complete EndpointConfiguration: one type, and the IP address types that it allows."""
    types = params.get("types", ["EDGE"])
    if not types:
        raise BadRequestError("REGIONAL Configuration and EDGE Configuration cannot be both DISABLED.")
    if len(types) > 1:
        raise BadRequestError("Cannot create an api with multiple Endpoint Types.")
    addresses = params.get("ipAddressType") or ("dualstack" if types == ["PRIVATE"] else "ipv4")
    _check_private(types, addresses)
    configuration: Wire = {"types": types, "ipAddressType": addresses}
    if params.get("vpcEndpointIds"):
        configuration["vpcEndpointIds"] = params["vpcEndpointIds"]
    return configuration


def _check_private(types: list[str], addresses: str) -> None:
    if types == ["PRIVATE"] and addresses == "ipv4":
        raise BadRequestError("Only dualstack ipAddressType is supported for Private APIs.")


@operation("GetRestApi")
def get_rest_api(call: Call) -> Wire:
    return with_tags(rest_api(call.api()))


@operation("GetRestApis")
def get_rest_apis(call: Call) -> Wire:
    return page([rest_api(api) for api in call.store.of(call.account_id, call.region)], call.params)


@operation("DeleteRestApi")
def delete_rest_api(call: Call) -> None:
    api = call.api()
    release_api(call, api)
    call.store.remove(api)


@operation("UpdateRestApi")
def update_rest_api(call: Call) -> Wire:
    api = call.changed_api()
    attributes, settings = dict(api.attributes), dict(api.draft.settings)
    for patch in patches(call.params):
        if patch.parts[:1] == ("endpointConfiguration",):
            attributes["endpointConfiguration"] = _patched_endpoint(attributes["endpointConfiguration"], patch)
        elif patch.parts == ("policy",):
            set_member(settings, "policy", resource_policy(patch.value, api) if patch.op != "remove" else None)
        else:
            rules, target = (_SETTINGS, settings) if patch.parts[:1] in _SETTING_PATHS else (_ATTRIBUTES, attributes)
            apply(target, patch, rules, lambda rejected, ops: only(rejected, *ops))
    api.attributes, api.draft.settings = attributes, settings
    return with_tags(rest_api(api))


def _name(patch: Patch) -> str:
    if not patch.value:
        raise BadRequestError("Name cannot be an empty string")
    return patch.value


def _compression(patch: Patch) -> int | None:
    """Set the compression threshold. No value, or an empty one, disables compression (docs, recorded)."""
    return compression_size(patch.value) if patch.value else None


def _api_key_source(patch: Patch) -> str:
    if patch.value not in ("HEADER", "AUTHORIZER"):
        raise BadRequestError("Invalid API key source specified. Valid options are HEADER,AUTHORIZER")
    return patch.value


_ATTRIBUTES: dict[str, Rule] = {
    "name": Scalar(_name),
    "description": Scalar(ops=("replace", "remove")),
    "version": Scalar(),
    "securityPolicy": Scalar(),
    "endpointAccessMode": Scalar(),
}
_SETTINGS: dict[str, Rule] = {
    "binaryMediaTypes": Names("Invalid binary media type specified"),
    "minimumCompressionSize": Scalar(_compression),
    "apiKeySource": Scalar(_api_key_source),
    "disableExecuteApiEndpoint": Scalar(lambda patch: patch.flag),
}
_SETTING_PATHS = {(name,) for name in _SETTINGS}


def _patched_endpoint(configuration: Wire, patch: Patch) -> Wire:
    member = patch.parts[1:2]
    if member == ("types",) and len(patch.parts) == 3:
        return _patched_type(configuration, patch)
    if member == ("ipAddressType",):
        only(patch, "replace")
        if patch.value not in IP_ADDRESS_TYPES:
            raise BadRequestError("ipAddressType must be either ipv4 or dualstack.")
        _check_private(configuration["types"], patch.value)
        return {**configuration, "ipAddressType": patch.value}
    if member == ("vpcEndpointIds",):
        return _patched_vpc_endpoints(configuration, patch)
    raise BadRequestError(f"Invalid patch path {patch.path}")


def _patched_type(configuration: Wire, patch: Patch) -> Wire:
    """Return the patched endpoint types. An API has one type, so the path's index or old type does not matter."""
    if patch.op != "replace":
        # Recorded for "remove": the text names operations that AWS does not accept.
        raise BadRequestError("Invalid patch operation specified. Must be 'add'|'remove'|'replace'")
    if patch.value not in ENDPOINT_TYPES:
        raise BadRequestError(f"Invalid EndpointTypes specified. Valid options are {','.join(ENDPOINT_TYPES)}")
    addresses = "dualstack" if patch.value == "PRIVATE" else configuration["ipAddressType"]
    return {**configuration, "types": [patch.value], "ipAddressType": addresses}


def _patched_vpc_endpoints(configuration: Wire, patch: Patch) -> Wire:
    ids = [name for name in configuration.get("vpcEndpointIds", []) if name != patch.value]
    if patch.op == "replace":
        ids = []
    if patch.op in ("add", "replace") and patch.value:
        ids.append(patch.value)
    changed = {**configuration}
    set_member(changed, "vpcEndpointIds", ids or None)
    return changed
