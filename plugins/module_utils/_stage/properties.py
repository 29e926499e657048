# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A stage as a table of properties, which one algorithm compares and patches.

A property has the name of its patch operation in UpdateStage (`/variables/table`, `/*/*/throttling/rateLimit`); its
value is the text that the patch operation carries. Only declared properties are compared. If variables are declared,
the others are removed; the same holds for the variables of a canary. The description is the user's text: the record
behind it (`history_record`) is not a property.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Dict, List, Mapping, Optional, Sequence

from .._rest_api.state import Plain
from .history_record import split

Properties = Dict[str, str]
Declared = Dict[str, Any]
"""The desired properties. None removes all properties below the path."""

VARIABLES = "/variables/"
CANARY = "/canarySettings"
OVERRIDES = f"{CANARY}/stageVariableOverrides/"

METHOD_SETTINGS = {
    "cache_data_encrypted": ("cacheDataEncrypted", "caching/dataEncrypted"),
    "cache_ttl_in_seconds": ("cacheTtlInSeconds", "caching/ttlInSeconds"),
    "caching_enabled": ("cachingEnabled", "caching/enabled"),
    "data_trace_enabled": ("dataTraceEnabled", "logging/dataTrace"),
    "logging_level": ("loggingLevel", "logging/loglevel"),
    "metrics_enabled": ("metricsEnabled", "metrics/enabled"),
    "throttling_burst_limit": ("throttlingBurstLimit", "throttling/burstLimit"),
    "throttling_rate_limit": ("throttlingRateLimit", "throttling/rateLimit"),
}
"""The method settings by option: the member in GetStage's response, and the end of the patch operation's path."""


def declared_properties(params: Mapping[str, Any]) -> Declared:
    """Return the properties that a module's options declare; an omitted option declares none."""
    found: Declared = {}
    if params.get("stage_description") is not None:
        found["/description"] = params["stage_description"]
    if params.get("tracing_enabled") is not None:
        found["/tracingEnabled"] = text(params["tracing_enabled"])
    found.update(entries(VARIABLES, params.get("variables")))
    for target, settings in (params.get("method_settings") or {}).items():
        if settings is None:
            found[f"/{_method_key(target)}"] = None
        for setting, value in (settings or {}).items():
            found[f"/{_method_key(target)}/{METHOD_SETTINGS[setting][1]}"] = text(value)
    return found


def current_properties(stage: Optional[Mapping[str, Any]]) -> Properties:
    """Return the properties of a stage that GetStages returned; none if it does not exist."""
    if not stage:
        return {}
    found = {
        "/deploymentId": stage["deploymentId"],
        "/description": split(stage.get("description", ""))[0],
        "/tracingEnabled": text(stage.get("tracingEnabled", False)),
    }
    found.update(entries(VARIABLES, stage.get("variables")))
    found.update(_canary_properties(stage.get("canarySettings")))
    for key, settings in (stage.get("methodSettings") or {}).items():
        for member, place in METHOD_SETTINGS.values():
            if member in settings:
                found[f"/{_canonical_key(key)}/{place}"] = text(settings[member])
    return found


def entries(path: str, values: Optional[Mapping[str, Any]]) -> Properties:
    """Return the properties of a mapping below `path`; none without a mapping."""
    return {f"{path}{name}": text(value) for name, value in (values or {}).items()}


def _canary_properties(canary: Optional[Mapping[str, Any]]) -> Properties:
    if not canary:
        return {}
    return {
        f"{CANARY}/deploymentId": canary["deploymentId"],
        f"{CANARY}/percentTraffic": text(canary.get("percentTraffic", 0)),
        f"{CANARY}/useStageCache": text(canary.get("useStageCache", False)),
        **entries(OVERRIDES, canary.get("stageVariableOverrides")),
    }


def patches(current: Mapping[str, str], desired: Mapping[str, Any], purge: Sequence[str]) -> List[Plain]:
    """Return the patch operations that bring a stage to the desired properties, whose values can be `Ref`s.

    Properties below the paths in `purge` that are not declared are removed.
    """
    operations: List[Plain] = [
        {"op": "replace", "path": path, "value": value}
        for path, value in desired.items()
        if value is not None and current.get(path) != value
    ]
    unwanted = [path for path, value in desired.items() if value is None]
    operations += [
        {"op": "remove", "path": path} for path in unwanted if any(name.startswith(f"{path}/") for name in current)
    ]
    surplus = [path for path in current if path.startswith(tuple(purge)) and path not in desired]
    return operations + [{"op": "remove", "path": path} for path in sorted(surplus)]


def apply_patches(current: Mapping[str, str], desired: Mapping[str, Any], purge: Sequence[str]) -> Dict[str, Any]:
    """Return the properties of a stage after these patches."""
    removed = (*purge, *(f"{path}/" for path, value in desired.items() if value is None))
    kept = {path: value for path, value in current.items() if not path.startswith(removed)}
    return {**kept, **{path: value for path, value in desired.items() if value is not None}}


@dataclass(frozen=True)
class Change:
    """The difference between a stage and its desired state: lists of patch operations, one a call, and the result."""

    updates: List[List[Plain]]
    after: Dict[str, Any]


def change_to(current: Mapping[str, str], desired: Declared, purge: Sequence[str]) -> Change:
    """Return the change of a stage to the desired properties, at most one call. See `patches` for the parameters."""
    operations = patches(current, desired, purge)
    return Change([operations] if operations else [], apply_patches(current, desired, purge))


def text(value: Any) -> str:
    """Return a value as a patch operation carries it. A whole number has no decimals: AWS returns 100.0 for 100."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _method_key(target: str) -> str:
    """Return the key of a method: `*/*` for `*`, and `~1items~1{id}/GET` for `GET /items/{id}`."""
    if target == "*":
        return "*/*"
    method, path = target.split(None, 1)
    return f"{path.replace('~', '~0').replace('/', '~1')}/{method}"


def _canonical_key(key: str) -> str:
    """Return a key of GetStage's methodSettings, which may lack escapes, in the form of `_method_key`."""
    path, method = key.rsplit("/", 1)
    if key == "*/*":
        return key
    return f"~1{path.replace('~1', '/').lstrip('/').replace('/', '~1')}/{method}"


def method_settings(stage: Mapping[str, Any]) -> Dict[str, Plain]:
    """Return the method settings of a stage in the form of the option: by `*` or a route, then by setting."""
    return {
        _method_target(key): {
            setting: settings[member] for setting, (member, _place) in METHOD_SETTINGS.items() if member in settings
        }
        for key, settings in sorted((stage.get("methodSettings") or {}).items())
    }


def _method_target(key: str) -> str:
    """Return the method of a key, the reverse of `_method_key`."""
    path, method = _canonical_key(key).rsplit("/", 1)
    return "*" if (path, method) == ("*", "*") else f"{method} {path.replace('~1', '/').replace('~0', '~')}"
