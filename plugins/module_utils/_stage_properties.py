# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A stage as a table of properties, which one engine compares, patches and shows.

A property is named as UpdateStage's patch operations name it (`/variables/table`, `/*/*/throttling/rateLimit`), and
its value is the text that a patch operation carries. Only declared properties are compared; of the variables, where
they are declared at all, those that are not declared go.
"""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Optional

from ._api_state import Plain

Properties = Dict[str, str]

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
"""A method setting by the option's word: its member in GetStage's answer, and its place in a patch operation's path."""


def declared_properties(params: Mapping[str, Any]) -> Properties:
    """The properties that a module's options declare; an option that was not given declares none."""
    found: Properties = {}
    if params.get("stage_description") is not None:
        found["/description"] = params["stage_description"]
    if params.get("tracing_enabled") is not None:
        found["/tracingEnabled"] = text(params["tracing_enabled"])
    for name, value in (params.get("variables") or {}).items():
        found[f"/variables/{name}"] = text(value)
    for target, settings in (params.get("method_settings") or {}).items():
        for word, value in settings.items():
            found[f"/{_method_key(target)}/{METHOD_SETTINGS[word][1]}"] = text(value)
    return found


def present_properties(stage: Optional[Mapping[str, Any]]) -> Properties:
    """The properties of a stage as GetStages answers; none where there is no stage yet."""
    if not stage:
        return {}
    found = {
        "/deploymentId": stage["deploymentId"],
        "/description": stage.get("description", ""),
        "/tracingEnabled": text(stage.get("tracingEnabled", False)),
    }
    found.update({f"/variables/{name}": value for name, value in (stage.get("variables") or {}).items()})
    for key, settings in (stage.get("methodSettings") or {}).items():
        for member, place in METHOD_SETTINGS.values():
            if member in settings:
                found[f"/{_canonical_key(key)}/{place}"] = text(settings[member])
    return found


def patches(have: Mapping[str, str], want: Mapping[str, Any], drop_variables: bool) -> List[Plain]:
    """The patch operations that bring a stage to what is declared; `want`'s values may be references to steps."""
    operations: List[Plain] = [
        {"op": "replace", "path": path, "value": value} for path, value in want.items() if have.get(path) != value
    ]
    if drop_variables:
        surplus = [path for path in have if path.startswith("/variables/") and path not in want]
        operations += [{"op": "remove", "path": path} for path in sorted(surplus)]
    return operations


def text(value: Any) -> str:
    """A value as a patch operation carries it; a whole number has no decimals, as AWS answers 100.0 for 100."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _method_key(target: str) -> str:
    """`*` as `*/*`, and `GET /items/{id}` as `~1items~1{id}/GET`."""
    if target == "*":
        return "*/*"
    method, path = target.split(None, 1)
    return f"{path.replace('~', '~0').replace('/', '~1')}/{method}"


def _canonical_key(key: str) -> str:
    """A key of GetStage's methodSettings in the form of `_method_key`, with or without its escapes."""
    path, method = key.rsplit("/", 1)
    if key == "*/*":
        return key
    return f"~1{path.replace('~1', '/').lstrip('/').replace('/', '~1')}/{method}"
