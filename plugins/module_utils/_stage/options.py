# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The options of a stage: the words of a canary, and what is wrong with options before anything is read."""

from __future__ import annotations

import re
from typing import Any, List, Mapping, Optional

from .history_record import DIGEST, split
from .properties import METHOD_SETTINGS, text

# CreateStage: "Stage names can only contain alphanumeric characters, hyphens, and underscores. Maximum length is 128".
STAGE_NAME = re.compile(r"[A-Za-z0-9_-]{1,128}")
_METHODS = re.compile(r"\*|(?:GET|PUT|POST|DELETE|OPTIONS|HEAD|PATCH|ANY) /\S*")
# What API Gateway's service model says of stage variables, and its quotas of their lengths.
_VARIABLE = re.compile(r"[A-Za-z0-9_]{1,64}")
_VALUE = re.compile(r"[A-Za-z0-9\-._~:/?#&=,]{1,512}")

CANARY = {
    "type": "dict",
    "options": {
        "state": {"type": "str", "choices": ["present", "promoted", "aborted"], "default": "present"},
        "percent_traffic": {"type": "float"},
        "stage_variable_overrides": {"type": "dict"},
        "use_stage_cache": {"type": "bool"},
    },
    "required_if": [("state", "present", ("percent_traffic",))],
}
"""The option `canary`, for the modules that have it."""


def mistakes(params: Mapping[str, Any]) -> List[str]:
    """All that cannot be meant, each with what to write instead."""
    canary = params.get("canary") or {}
    return [
        *_name_mistakes(params["name"]),
        *_description_mistakes(params.get("stage_description") or ""),
        *_setting_mistakes(params.get("method_settings") or {}),
        *_variable_mistakes("variables", params.get("variables")),
        *_variable_mistakes("canary.stage_variable_overrides", canary.get("stage_variable_overrides")),
        *(_canary_mistakes(params, canary) if canary else []),
        *_deployment_mistakes(params),
    ]


def _name_mistakes(name: str) -> List[str]:
    if STAGE_NAME.fullmatch(name):
        return []
    instead = re.sub(r"[^A-Za-z0-9_-]+", "-", name).strip("-")[:128] or "prod"
    return [f'a name is 1 to 128 letters, digits, hyphens and underscores; write "{instead}" for example']


def _description_mistakes(description: str) -> List[str]:
    text, record = split(description)
    return [f'stage_description ends in the record of the module\'s own; write "{text}"'] if record else []


def _setting_mistakes(method_settings: Mapping[str, Optional[Mapping[str, Any]]]) -> List[str]:
    found = []
    for target, settings in method_settings.items():
        if not _METHODS.fullmatch(target):
            found.append(f'method_settings has "{target}"; write "*" for all methods, or a route: "GET /orders/{{id}}"')
        unknown = sorted(set(settings or {}) - set(METHOD_SETTINGS))
        if unknown:
            known = ", ".join(METHOD_SETTINGS)
            found.append(f'method_settings["{target}"] has {", ".join(unknown)}; known are {known}')
    return found


def _variable_mistakes(option: str, variables: Optional[Mapping[str, Any]]) -> List[str]:
    found = []
    for name, value in (variables or {}).items():
        if not _VARIABLE.fullmatch(str(name)):
            found.append(f'{option} has "{name}"; the name of a variable is 1 to 64 letters, digits and underscores')
        if not _VALUE.fullmatch(text(value)):
            allowed = "1 to 512 letters, digits and -._~:/?#&=,"
            found.append(f'{option}["{name}"] has a value that AWS takes in no stage variable; it can be {allowed}')
    return found


def _canary_mistakes(params: Mapping[str, Any], canary: Mapping[str, Any]) -> List[str]:
    if canary.get("state", "present") == "present":
        percent = canary.get("percent_traffic")
        if percent is None or not 0 <= percent <= 100:
            return [f"canary.percent_traffic is {percent}; write a number from 0 to 100"]
        return []
    words = ("digest", "description", "deployment", "promote_from")
    surplus = [word for word in words if params.get(word) is not None]
    own = ("percent_traffic", "stage_variable_overrides", "use_stage_cache")
    surplus += [f"canary.{word}" for word in own if canary.get(word) is not None]
    if not surplus:
        return []
    return [f"canary.state {canary['state']} is about the canary that is there; leave out {', '.join(surplus)}"]


def _deployment_mistakes(params: Mapping[str, Any]) -> List[str]:
    found = []
    if params.get("digest") and not DIGEST.fullmatch(params["digest"]):
        found.append(f'digest is "{params["digest"]}"; write the one that rest_api or route returned')
    if params.get("promote_from") == params["name"]:
        found.append("promote_from names the stage itself; name the stage whose deployment it is to serve")
    if (params.get("keep_deployments") or 0) < 0:
        found.append(f"keep_deployments is {params['keep_deployments']}; write 0 or more")
    return found
