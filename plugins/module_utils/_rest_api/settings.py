# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The settings of a REST API: read from AWS and from a document, and kept through an import.

PutRestApi with `mode=overwrite` resets each setting that its body lacks. This file is the one place that knows them
all: how GetRestApi returns a setting, where a document declares it, and which patch restores it. What a document does
not declare is carried in the body as it stands on AWS; after the import its response is compared with what was meant,
and one UpdateRestApi restores what differs, so that a setting which AWS reads from another place than we write it to
is not lost either.
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
"""The settings that stand in the endpoint configuration of a document.

Its `ipAddressType` is for HTTP APIs only, so it is never sent: a warning would stop the import.
https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-endpoint-configuration.html
"""

_LISTS = ("binaryMediaTypes", "vpcEndpointIds")

REQUIRED_MEMBERS = ("securityPolicy", "endpointAccessMode")
"""Settings that an older botocore drops from GetRestApi's response, so that nobody could restore them."""


def document_settings(document: Mapping[str, Any], api_id: str = "") -> Plain:
    """Return the settings that a document declares, by the member names of GetRestApi; no others.

    `api_id` is the id of the API that the document describes, as far as it is known: see `canonical_policy`.
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
    """Return the settings of an API in the form of `document_settings`, from a RestApi as AWS sends it.

    A setting without a default is None where the API has none.
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

    In OpenAPI 3 it stands under a server, and AWS ignores it at the root (aws/serverless-application-model issue 2396).
    Both places are read, since a user who writes it at the root wants it too.
    """
    found: Plain = dict(document.get(ENDPOINT) or {})
    for server in document.get("servers") or []:
        found.update(server.get(ENDPOINT) or {})
    return found


def with_endpoint_configuration(document: Mapping[str, Any], endpoint: Mapping[str, Any]) -> Plain:
    """Return a copy of a document with this endpoint configuration where AWS reads it: under the first server."""
    result = {name: value for name, value in document.items() if name != ENDPOINT}
    first, *others = result.get("servers") or [{"url": "/"}]
    servers = [{**first, ENDPOINT: dict(endpoint)}, *others] if endpoint else result.get("servers")
    return {**result, **({"servers": servers} if servers else {})}


def carry_settings(document: Mapping[str, Any], api: Mapping[str, Any]) -> Plain:
    """Return the document with the API's own settings, as they stand on AWS, wherever it declares none."""
    have, declared = api_settings(api), document_settings(document)
    result = dict(document)
    for name, extension in _EXTENSIONS.items():
        if name not in declared and have[name] not in (None, []):
            result[extension] = have[name]
    if "policy" not in declared and have["policy"] is not None:
        result[POLICY] = _sent_policy(api["policy"])  # as it is, since every word decides who may call
    carried = {name: have[name] for name in ("description", "version") if name not in declared and have[name]}
    result["info"] = {**(result.get("info") or {}), **carried}
    endpoint = {name: have[name] for name in _IN_ENDPOINT if have[name]}
    return with_endpoint_configuration(result, {**endpoint, **endpoint_configuration(document)})


def settings_restored(api: Mapping[str, Any], document: Mapping[str, Any]) -> Callable[[Wire], Sequence[Step]]:
    """Return the `mend` of an import of this document: an update where its response shows other settings than meant."""

    def mend(imported: Wire) -> Sequence[Step]:
        operations = restore(api, document, imported)
        return [update_api(imported["id"], operations)] if operations else []

    return mend


def update_api(api_id: str, operations: Sequence[Plain]) -> Step:
    """Return the step that makes patch operations on an API."""
    return Step("apigateway", "UpdateRestApi", {"restApiId": api_id, "patchOperations": list(operations)})


def restore(api: Mapping[str, Any], document: Mapping[str, Any], imported: Mapping[str, Any]) -> List[Plain]:
    """Return the patch operations that bring an API after an import to the settings that it should have.

    Those are the document's and, for the rest, the ones of `api`, which is the API before the import, or empty where
    the import creates it. `imported` is the API as the import returned it. Patch operations:
    https://docs.aws.amazon.com/apigateway/latest/api/patch-operations.html
    """
    before = {**api_settings(api), "ipAddressType": _ip_address_type(api)} if api else {}
    meant = {**before, **document_settings(document, imported.get("id", ""))}
    now = {**api_settings(imported), "ipAddressType": _ip_address_type(imported)}
    texts = {"policy": _policy_text(document.get(POLICY) or _sent_policy(api.get("policy")))}
    operations: List[Plain] = []
    for setting in _RESTORED:
        wanted = meant.get(setting.name)
        if wanted is not None and wanted != now[setting.name]:
            operations += setting.operations(now[setting.name], texts.get(setting.name, wanted))
    return operations


def _ip_address_type(api: Mapping[str, Any]) -> Optional[str]:
    return (api.get("endpointConfiguration") or {}).get("ipAddressType")


@dataclass(frozen=True)
class _Setting:
    """A setting that an import can reset; `operations` gives the patches from the present value to the wanted one."""

    name: str
    operations: Callable[[Any, Any], List[Plain]]


def _replace(path: str) -> Callable[[Any, Any], List[Plain]]:
    return lambda _now, wanted: [{"op": "replace", "path": path, "value": _patch_text(wanted)}]


def _patch_text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _each_in_path(path: str) -> Callable[[Sequence[str], Sequence[str]], List[Plain]]:
    """Entries of a list that stand in the path of a patch, such as `/binaryMediaTypes/image~1png`."""

    def operations(now: Sequence[str], wanted: Sequence[str]) -> List[Plain]:
        return [{"op": op, "path": f"{path}/{_pointer(entry)}"} for op, entry in _list_changes(now, wanted)]

    return operations


def _each_as_value(path: str) -> Callable[[Sequence[str], Sequence[str]], List[Plain]]:
    """Entries of a list that are the value of a patch, such as those of `/endpointConfiguration/vpcEndpointIds`."""

    def operations(now: Sequence[str], wanted: Sequence[str]) -> List[Plain]:
        return [{"op": op, "path": path, "value": entry} for op, entry in _list_changes(now, wanted)]

    return operations


def _list_changes(now: Sequence[str], wanted: Sequence[str]) -> List[Any]:
    added = [("add", entry) for entry in wanted if entry not in now]
    return added + [("remove", entry) for entry in now if entry not in wanted]


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
"""All that an import can reset but the version, which is no setting: it names what was imported last."""


def change_endpoint_type(api: Mapping[str, Any], wanted: str) -> List[Plain]:
    """Return the patch operations that give an API another endpoint type.

    Only a private API has VPC endpoints, and AWS refuses another type while it has them (Terraform AWS provider issue
    14269), so they go in the same call.
    """
    endpoint = api.get("endpointConfiguration") or {}
    present = (endpoint.get("types") or ["EDGE"])[0]
    gone = endpoint.get("vpcEndpointIds") or [] if present == "PRIVATE" else []
    operations = [{"op": "remove", "path": _VPC_ENDPOINTS, "value": vpc_endpoint} for vpc_endpoint in gone]
    return [*operations, {"op": "replace", "path": f"/endpointConfiguration/types/{present}", "value": wanted}]


def canonical_policy(policy: Any, api_id: str = "") -> Any:
    """Return a resource policy in the form in which two are compared; None for no policy.

    AWS spells `execute-api:/stage/GET/path` out as the ARN of the API that has the policy. An ARN of that API is
    shortened again; any other one, such as `arn:aws:execute-api:eu-central-1:123456789012:*`, means something else.
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
    """Return a policy as data from the text that AWS sends: JSON whose quotes are escaped once more (recorded)."""
    if not isinstance(policy, str):
        return policy or None
    return json.loads(json.loads(f'"{policy}"') if policy.startswith('{\\"') else policy) if policy else None


def _policy_text(policy: Any) -> str:
    return policy if isinstance(policy, str) else json.dumps(policy, separators=(",", ":"))
