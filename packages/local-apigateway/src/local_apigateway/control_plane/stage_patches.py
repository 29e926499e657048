# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The patches of UpdateStage: members, variables, method settings, access logs, a canary and its promotion.

`methodSettings` has its keys escaped as in the patch's path (`~1`), without the first slash:
`/~1items/GET/throttling/rateLimit` sets `throttlingRateLimit` of `~1items/GET` (AWS CLI's documentation).
"""

from __future__ import annotations

import copy
from collections.abc import Callable

from ..model import Wire
from .errors import BadRequestError
from .patches import Patch, set_member

# AWS's error texts list these, in this order and with these commas (recorded).
_PATHS = (
    "/deploymentId, /description, /cacheClusterEnabled, /cacheClusterSize, /clientCertificateId, /accessLogSettings, "
    "/accessLogSettings/destinationArn, /accessLogSettings/format, /{resourcePath}/{httpMethod}/metrics/enabled, "
    "/{resourcePath}/{httpMethod}/logging/dataTrace, /{resourcePath}/{httpMethod}/logging/loglevel, "
    "/{resourcePath}/{httpMethod}/throttling/burstLimit/{resourcePath}/{httpMethod}/throttling/rateLimit"
    "/{resourcePath}/{httpMethod}/caching/ttlInSeconds, /{resourcePath}/{httpMethod}/caching/enabled, "
    "/{resourcePath}/{httpMethod}/caching/dataEncrypted, "
    "/{resourcePath}/{httpMethod}/caching/requireAuthorizationForCacheControl, "
    "/{resourcePath}/{httpMethod}/caching/unauthorizedCacheControlHeaderStrategy, /*/*/metrics/enabled, "
    "/*/*/logging/dataTrace, /*/*/logging/loglevel, /*/*/throttling/burstLimit /*/*/throttling/rateLimit "
    "/*/*/caching/ttlInSeconds, /*/*/caching/enabled, /*/*/caching/dataEncrypted, "
    "/*/*/caching/requireAuthorizationForCacheControl, /*/*/caching/unauthorizedCacheControlHeaderStrategy, "
    "/variables/{variable_name}, /tracingEnabled"
)
_LOG_PATHS = ("/accessLogSettings/destinationArn", "/accessLogSettings/format")
_COPIES = {
    "/deploymentId": "/canarySettings/deploymentId",
    "/variables": "/canarySettings/stageVariableOverrides",
}
_LOG_LEVELS = ("OFF", "ERROR", "INFO")
_CACHE_STRATEGIES = ("FAIL_WITH_403", "SUCCEED_WITH_RESPONSE_HEADER", "SUCCEED_WITHOUT_RESPONSE_HEADER")

# The other settings of a method when its first setting is set (recorded).
_METHOD_DEFAULTS: Wire = {
    "metricsEnabled": False,
    "dataTraceEnabled": False,
    "throttlingBurstLimit": 5000,
    "throttlingRateLimit": 10000.0,
    "cachingEnabled": False,
    "cacheTtlInSeconds": 300,
    "cacheDataEncrypted": False,
    "requireAuthorizationForCacheControl": True,
    "unauthorizedCacheControlHeaderStrategy": "SUCCEED_WITH_RESPONSE_HEADER",
}


def patched_stage(stage: Wire, patches: list[Patch]) -> Wire:
    """Return the stage after all patches, without changing the given one.

    Raises `BadRequestError` for the first invalid patch.
    """
    patched = copy.deepcopy(stage)
    for patch in patches:
        _OPERATIONS.get(patch.op, _refuse_path)(patched, patch)
    return patched


def _refuse_path(_wire: Wire, patch: Patch) -> None:
    raise BadRequestError(f"Invalid method setting path: {patch.path}. Must be one of: [{_PATHS}]")


def _replace(stage: Wire, patch: Patch) -> None:
    parts = patch.parts
    if len(parts) == 1 and parts[0] in _MEMBERS:
        _set(stage, parts[0], _MEMBERS[parts[0]](patch))
    elif len(parts) == 2 and parts[0] == "variables":
        _set_entry(stage, "variables", parts[1], patch.value or "")
    elif parts[:1] == ("accessLogSettings",):
        _set_log(stage, patch)
    elif parts[:1] == ("canarySettings",):
        _set_canary(stage, patch)
    elif len(parts) == 4 and parts[2:] in _SETTINGS:
        _set_method(stage, patch)
    else:
        _refuse_path(stage, patch)


def _add(stage: Wire, patch: Patch) -> None:
    if patch.parts[:1] in (("accessLogSettings",), ("variables",)):
        _replace(stage, patch)
    else:
        raise BadRequestError(f"Invalid add operation with path: {patch.path}")


def _remove(stage: Wire, patch: Patch) -> None:
    path = (patch.path or "/")[1:]
    if patch.parts in (("accessLogSettings",), ("canarySettings",), ("variables",)) and patch.parts[0] in stage:
        del stage[patch.parts[0]]
    elif len(patch.parts) == 2 and patch.parts[0] == "variables" and patch.parts[1] in stage.get("variables", {}):
        _remove_entry(stage, "variables", patch.parts[1])
    elif patch.parts[:2] == ("canarySettings", "stageVariableOverrides") and len(patch.parts) == 3:
        _remove_entry(stage.get("canarySettings", {}), "stageVariableOverrides", patch.parts[2])
    elif path in stage["methodSettings"]:
        del stage["methodSettings"][path]
    else:
        raise BadRequestError(
            f"Cannot remove method setting {path} because there is no method setting for this method "
        )


def _copy(stage: Wire, patch: Patch) -> None:
    """Copy a member of the canary to the stage, to promote it: the deployment, or the variables."""
    if _COPIES.get(patch.path or "") != patch.source:
        raise BadRequestError(
            f"Invalid copy operation with path: {patch.path} and from {patch.source}. Valid copy:path are "
            f"[{', '.join(_COPIES)}] and valid copy:from are [{', '.join(_COPIES.values())}]"
        )
    canary = stage.get("canarySettings")
    if canary is None:
        raise BadRequestError("Promotion not available. Canary does not exist.")
    if patch.path == "/deploymentId":
        stage["deploymentId"] = canary["deploymentId"]
    elif canary.get("stageVariableOverrides"):
        stage["variables"] = {**stage.get("variables", {}), **canary["stageVariableOverrides"]}


_OPERATIONS: dict[str, Callable[[Wire, Patch], None]] = {
    "replace": _replace,
    "add": _add,
    "remove": _remove,
    "copy": _copy,
}


def _set(stage: Wire, name: str, value: object) -> None:
    set_member(stage, name, value)
    if name == "cacheClusterEnabled":
        stage["cacheClusterStatus"] = "AVAILABLE" if value else "NOT_AVAILABLE"
        set_member(stage, "cacheClusterSize", stage.get("cacheClusterSize", "0.5") if value else None)


_MEMBERS: dict[str, Callable[[Patch], object]] = {
    "deploymentId": lambda patch: patch.value or "",
    "description": lambda patch: patch.value or None,
    "cacheClusterEnabled": lambda patch: patch.flag,
    "cacheClusterSize": lambda patch: patch.value or None,
    "clientCertificateId": lambda patch: patch.value or None,
    "documentationVersion": lambda patch: patch.value or None,
    "tracingEnabled": lambda patch: patch.flag,
}


def _set_entry(wire: Wire, member: str, name: str, value: str) -> None:
    wire[member] = {**wire.get(member, {}), name: value}


def _remove_entry(wire: Wire, member: str, name: str) -> None:
    entries = {key: value for key, value in wire.get(member, {}).items() if key != name}
    set_member(wire, member, entries or None)


def _set_log(stage: Wire, patch: Patch) -> None:
    if patch.path not in _LOG_PATHS:
        raise BadRequestError(f"Invalid accessLogSettings path. Must be one of : [{', '.join(_LOG_PATHS)}]")
    if not patch.value:
        raise BadRequestError("Access Log value must not be empty")
    _set_entry(stage, "accessLogSettings", patch.parts[1], patch.value)


def _set_canary(stage: Wire, patch: Patch) -> None:
    """Set a member of the canary. The first one creates a canary of the stage's deployment with 0 % (recorded)."""
    parts = patch.parts[1:]
    canary = dict(
        stage.get("canarySettings")
        or {"deploymentId": stage["deploymentId"], "percentTraffic": 0.0, "useStageCache": False}
    )
    if len(parts) == 1 and parts[0] in _CANARY_MEMBERS:
        canary[parts[0]] = _CANARY_MEMBERS[parts[0]](patch)
    elif len(parts) == 2 and parts[0] == "stageVariableOverrides":
        _set_entry(canary, parts[0], parts[1], patch.value or "")
    else:
        _refuse_path(stage, patch)
    stage["canarySettings"] = canary


def _number(patch: Patch) -> float:
    try:
        return float(patch.value or "")
    except ValueError:
        raise BadRequestError(f"Invalid value for {patch.path}: {patch.value}. It must be a number") from None


def _whole(patch: Patch) -> int:
    return int(_number(patch))


def _percent(patch: Patch) -> float:
    percent = _number(patch)
    if not 0.0 <= percent <= 100.0:
        raise BadRequestError(f"Invalid value for {patch.path}: {patch.value}. It must be from 0.0 to 100.0")
    return percent


_CANARY_MEMBERS: dict[str, Callable[[Patch], object]] = {
    "deploymentId": lambda patch: patch.value or "",
    "percentTraffic": _percent,
    "useStageCache": lambda patch: patch.flag,
}


def _choice(*allowed: str) -> Callable[[Patch], str]:
    def convert(patch: Patch) -> str:
        if patch.value not in allowed:
            raise BadRequestError(
                f"Invalid value for {patch.path}: {patch.value}. Must be one of: [{', '.join(allowed)}]"
            )
        return patch.value

    return convert


_SETTINGS: dict[tuple[str, str], tuple[str, Callable[[Patch], object]]] = {
    ("metrics", "enabled"): ("metricsEnabled", lambda patch: patch.flag),
    ("logging", "dataTrace"): ("dataTraceEnabled", lambda patch: patch.flag),
    ("logging", "loglevel"): ("loggingLevel", _choice(*_LOG_LEVELS)),
    ("throttling", "burstLimit"): ("throttlingBurstLimit", _whole),
    ("throttling", "rateLimit"): ("throttlingRateLimit", _number),
    ("caching", "enabled"): ("cachingEnabled", lambda patch: patch.flag),
    ("caching", "ttlInSeconds"): ("cacheTtlInSeconds", _whole),
    ("caching", "dataEncrypted"): ("cacheDataEncrypted", lambda patch: patch.flag),
    ("caching", "requireAuthorizationForCacheControl"): (
        "requireAuthorizationForCacheControl",
        lambda patch: patch.flag,
    ),
    ("caching", "unauthorizedCacheControlHeaderStrategy"): (
        "unauthorizedCacheControlHeaderStrategy",
        _choice(*_CACHE_STRATEGIES),
    ),
}


def _set_method(stage: Wire, patch: Patch) -> None:
    """Set a method setting. A method without settings starts with those of `*/*` (recorded)."""
    key = "/".join((patch.path or "").split("/")[1:3])
    member, convert = _SETTINGS[patch.parts[2], patch.parts[3]]
    settings = stage["methodSettings"]
    current = settings.get(key) or settings.get("*/*") or _METHOD_DEFAULTS
    stage["methodSettings"] = {**settings, key: {**current, member: convert(patch)}}
