# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The settings of a REST API: read from AWS and from a document, and preserved by an import.

PutRestApi with `mode=overwrite` resets each setting that its body lacks. Only this file knows the settings: how
GetRestApi returns one, where a document declares it, and which patch restores it. A setting that the document does not
declare is sent in the body as it stands on AWS. The response to the import is then compared with the desired settings,
and one UpdateRestApi restores what differs, in case AWS does not read a setting from where we write it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Callable, List, Mapping, Optional, Sequence

from .._engine.client import Wire
from .._engine.plan import Step
from .state import Plain

ENDPOINT = "x-amazon-apigateway-endpoint-configuration"
POLICY = "x-amazon-apigateway-policy"
_EXTENSIONS = {
    "binaryMediaTypes": "x-amazon-apigateway-binary-media-types",
    "minimumCompressionSize": "x-amazon-apigateway-minimum-compression-size",
    "apiKeySource": "x-amazon-apigateway-api-key-source",
    "securityPolicy": "x-amazon-apigateway-security-policy",
    "endpointAccessMode": "x-amazon-apigateway-endpoint-access-mode",
}
"""The extension at the root of a document that declares a setting, by GetRestApi's name of the setting.

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions.html
"""

_IN_ENDPOINT = ("disableExecuteApiEndpoint", "vpcEndpointIds")
"""The settings in the endpoint configuration of a document.

Its `ipAddressType` is for HTTP APIs only, so it is never sent: the warning would undo the import.
https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-endpoint-configuration.html
"""

_LISTS = ("binaryMediaTypes", "vpcEndpointIds")

REQUIRED_MEMBERS = ("securityPolicy", "endpointAccessMode")
"""Settings that an older botocore drops from GetRestApi's response, so that they could not be restored."""


def document_settings(document: Mapping[str, Any], api_id: str = "") -> Plain:
    """Return only the settings that a document declares, by the member names of GetRestApi.

    `api_id` is the id of the API that the document describes, if known; see `canonical_policy`.
    """
    info = document.get("info") or {}
    endpoint = endpoint_configuration(document)
    found = {
        "name": info.get("title"),
        "description": info.get("description"),
        "version": str(info["version"]) if "version" in info else None,
        **{name: document.get(extension) for name, extension in _EXTENSIONS.items()},
        **{name: endpoint.get(name) for name in _IN_ENDPOINT},
        "policy": canonical_policy(_sent_policy(document.get(POLICY)), api_id),
    }
    for name in _LISTS:
        found[name] = None if found[name] is None else sorted(found[name])
    return {name: value for name, value in found.items() if value is not None}


def api_settings(api: Mapping[str, Any]) -> Plain:
    """Return the settings of an API in the form of `document_settings`, from a RestApi as AWS returns it.

    A setting that has no default and that the API lacks is None.
    """
    endpoint = api.get("endpointConfiguration") or {}
    return {
        "name": api["name"],
        "description": api.get("description", ""),
        "version": api.get("version", ""),
        "binaryMediaTypes": sorted(api.get("binaryMediaTypes") or []),
        "minimumCompressionSize": api.get("minimumCompressionSize"),
        "apiKeySource": api.get("apiKeySource", "HEADER"),
        "policy": canonical_policy(_sent_policy(api.get("policy")), api.get("id", "")),
        "disableExecuteApiEndpoint": bool(api.get("disableExecuteApiEndpoint", False)),
        "vpcEndpointIds": sorted(endpoint.get("vpcEndpointIds") or []),
        "securityPolicy": api.get("securityPolicy"),
        "endpointAccessMode": api.get("endpointAccessMode"),
    }


def endpoint_configuration(document: Mapping[str, Any]) -> Plain:
    """Return the endpoint configuration of a document.

    OpenAPI 3 has it under a server, and AWS ignores it at the root (aws/serverless-application-model issue 2396). Both
    places are read, because a user who writes it at the root expects it to apply.
    """
    found: Plain = dict(document.get(ENDPOINT) or {})
    for server in document.get("servers") or []:
        found.update(server.get(ENDPOINT) or {})
    return found


def with_endpoint_configuration(document: Mapping[str, Any], endpoint: Mapping[str, Any]) -> Plain:
    """Return a copy of a document with this endpoint configuration under the first server, where AWS reads it."""
    result = {name: value for name, value in document.items() if name != ENDPOINT}
    first, *others = result.get("servers") or [{"url": "/"}]
    servers = [{**first, ENDPOINT: dict(endpoint)}, *others] if endpoint else result.get("servers")
    return {**result, **({"servers": servers} if servers else {})}


def carry_settings(document: Mapping[str, Any], api: Mapping[str, Any]) -> Plain:
    """Return the document with the settings of the API on AWS wherever the document declares none."""
    have, declared = api_settings(api), document_settings(document)
    result = dict(document)
    for name, extension in _EXTENSIONS.items():
        if name not in declared and have[name] not in (None, []):
            result[extension] = have[name]
    if "policy" not in declared and have["policy"] is not None:
        result[POLICY] = _sent_policy(api["policy"])  # unchanged: every word decides who may call
    carried = {name: have[name] for name in ("description", "version") if name not in declared and have[name]}
    result["info"] = {**(result.get("info") or {}), **carried}
    endpoint = {name: have[name] for name in _IN_ENDPOINT if have[name]}
    return with_endpoint_configuration(result, {**endpoint, **endpoint_configuration(document)})


def settings_restored(api: Mapping[str, Any], document: Mapping[str, Any]) -> Callable[[Wire], Sequence[Step]]:
    """Return the `mend` of an import of this document: an update, if the response has other settings than desired."""

    def mend(imported: Wire) -> Sequence[Step]:
        operations = restore(api, document, imported)
        return [update_api(imported["id"], operations)] if operations else []

    return mend


def update_api(api_id: str, operations: Sequence[Plain]) -> Step:
    """Return the step that applies patch operations to an API."""
    return Step("apigateway", "UpdateRestApi", {"restApiId": api_id, "patchOperations": list(operations)})


def restore(api: Mapping[str, Any], document: Mapping[str, Any], imported: Mapping[str, Any]) -> List[Plain]:
    """Return the patch operations that bring an API after an import to the desired settings.

    The desired settings are the document's and, where it declares none, those of `api`, which is the API before the
    import, or empty if the import creates it. `imported` is the API as the import returned it. Patch operations:
    https://docs.aws.amazon.com/apigateway/latest/api/patch-operations.html
    """
    before = {**api_settings(api), "ipAddressType": _ip_address_type(api)} if api else {}
    desired = {**before, **document_settings(document, imported.get("id", ""))}
    now = {**api_settings(imported), "ipAddressType": _ip_address_type(imported)}
    texts = {"policy": _policy_text(document.get(POLICY) or _sent_policy(api.get("policy")))}
    operations: List[Plain] = []
    for setting in _RESTORED:
        value = desired.get(setting.name)
        if value is not None and value != now[setting.name]:
            operations += setting.operations(now[setting.name], texts.get(setting.name, value))
    return operations


def _ip_address_type(api: Mapping[str, Any]) -> Optional[str]:
    return (api.get("endpointConfiguration") or {}).get("ipAddressType")


@dataclass(frozen=True)
class _Setting:
    """A setting that an import can reset; `operations` returns the patches from the current to the desired value."""

    name: str
    operations: Callable[[Any, Any], List[Plain]]


def _replace(path: str) -> Callable[[Any, Any], List[Plain]]:
    return lambda _now, desired: [{"op": "replace", "path": path, "value": _patch_text(desired)}]


def _patch_text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _each_in_path(path: str) -> Callable[[Sequence[str], Sequence[str]], List[Plain]]:
    """Return patches for a list whose entries are part of the path, such as `/binaryMediaTypes/image~1png`."""

    def operations(now: Sequence[str], desired: Sequence[str]) -> List[Plain]:
        return [{"op": op, "path": f"{path}/{_pointer(entry)}"} for op, entry in _list_changes(now, desired)]

    return operations


def _each_as_value(path: str) -> Callable[[Sequence[str], Sequence[str]], List[Plain]]:
    """Return patches for a list whose entries are values, such as `/endpointConfiguration/vpcEndpointIds`."""

    def operations(now: Sequence[str], desired: Sequence[str]) -> List[Plain]:
        return [{"op": op, "path": path, "value": entry} for op, entry in _list_changes(now, desired)]

    return operations


def _list_changes(now: Sequence[str], desired: Sequence[str]) -> List[Any]:
    added = [("add", entry) for entry in desired if entry not in now]
    return added + [("remove", entry) for entry in now if entry not in desired]


def _pointer(text: str) -> str:
    return text.replace("~", "~0").replace("/", "~1")


_VPC_ENDPOINTS = "/endpointConfiguration/vpcEndpointIds"

_RESTORED = (
    _Setting("name", _replace("/name")),
    _Setting("description", _replace("/description")),
    _Setting("binaryMediaTypes", _each_in_path("/binaryMediaTypes")),
    _Setting("minimumCompressionSize", _replace("/minimumCompressionSize")),
    _Setting("apiKeySource", _replace("/apiKeySource")),
    _Setting("policy", _replace("/policy")),
    _Setting("disableExecuteApiEndpoint", _replace("/disableExecuteApiEndpoint")),
    _Setting("ipAddressType", _replace("/endpointConfiguration/ipAddressType")),
    _Setting("vpcEndpointIds", _each_as_value(_VPC_ENDPOINTS)),
    _Setting("securityPolicy", _replace("/securityPolicy")),
    _Setting("endpointAccessMode", _replace("/endpointAccessMode")),
)
"""All settings that an import can reset. The version is not one: it names the last import."""


def change_endpoint_type(api: Mapping[str, Any], desired: str) -> List[Plain]:
    """Return the patch operations that change the endpoint type of an API.

    Only a private API has VPC endpoints, and AWS rejects another type while it has them (Terraform AWS provider issue
    14269), so the same call removes them.
    """
    endpoint = api.get("endpointConfiguration") or {}
    current = (endpoint.get("types") or ["EDGE"])[0]
    removed = endpoint.get("vpcEndpointIds") or [] if current == "PRIVATE" else []
    operations = [{"op": "remove", "path": _VPC_ENDPOINTS, "value": vpc_endpoint} for vpc_endpoint in removed]
    return [*operations, {"op": "replace", "path": f"/endpointConfiguration/types/{current}", "value": desired}]


def canonical_policy(policy: Any, api_id: str = "") -> Any:
    """Return the canonical form of a resource policy; None for no policy.

    AWS expands `execute-api:/stage/GET/path` to the ARN of the API that has the policy. An ARN of that API is shortened
    again; any other one, such as `arn:aws:execute-api:eu-central-1:123456789012:*`, has another meaning.
    """
    return _canonical(policy, api_id) if policy else None


def _canonical(value: Any, api_id: str) -> Any:
    if isinstance(value, dict):
        return {key: _canonical(item, api_id) for key, item in value.items()}
    if isinstance(value, list):
        items = [_canonical(item, api_id) for item in value]
        if all(isinstance(item, str) for item in items):
            return items[0] if len(items) == 1 else sorted(items)
        return items
    if isinstance(value, str) and value.startswith("arn:") and api_id:
        service, resource = value.split(":")[2:3], value.split(":", 5)[5:]
        if service == ["execute-api"] and resource and resource[0].partition("/")[0] == api_id:
            return "execute-api:/" + resource[0].partition("/")[2]
    return value


def _sent_policy(policy: Any) -> Any:
    """Return a policy as data from the text that AWS returns: JSON whose quotes are escaped once more (recorded)."""
    if not isinstance(policy, str):
        return policy or None
    return json.loads(json.loads(f'"{policy}"') if policy.startswith('{\\"') else policy) if policy else None


def _policy_text(policy: Any) -> str:
    return policy if isinstance(policy, str) else json.dumps(policy, separators=(",", ":"))
