# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The options of a stage: the suboptions of a canary, and the validation of options before any read."""

from __future__ import annotations

import re
from typing import Any, List, Mapping, Optional

from .._account.settings import LOG_ROLE_ARN
from .history_record import DIGEST, split
from .properties import METHOD_SETTINGS, text
from .stage_name import STAGE_NAME

_METHODS = re.compile(r"\*|(?:GET|PUT|POST|DELETE|OPTIONS|HEAD|PATCH|ANY) /\S*")
# The patterns of stage variables in API Gateway's service model, and the quotas of their lengths.
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
"""The option `canary`, for the modules with this option."""


def errors(params: Mapping[str, Any]) -> List[str]:
    """Return all errors in the options, each with what to write instead."""
    canary = params.get("canary") or {}
    return [
        *_name_errors(params["name"]),
        *_description_errors(params.get("stage_description") or ""),
        *_setting_errors(params.get("method_settings") or {}),
        *_variable_errors("variables", params.get("variables")),
        *_variable_errors("canary.stage_variable_overrides", canary.get("stage_variable_overrides")),
        *(_canary_errors(params, canary) if canary else []),
        *_deployment_errors(params),
        *_log_role_errors(params.get("log_role_arn")),
    ]


def _name_errors(name: str) -> List[str]:
    if STAGE_NAME.fullmatch(name):
        return []
    instead = re.sub(r"[^A-Za-z0-9_-]+", "-", name).strip("-")[:128] or "prod"
    return [f'a name has 1 to 128 letters, digits, hyphens and underscores; write "{instead}", for example']


def _description_errors(description: str) -> List[str]:
    users_text, record = split(description)
    if not record:
        return []
    return [f'stage_description ends in the record that the module writes; write "{users_text}"']


def _setting_errors(method_settings: Mapping[str, Optional[Mapping[str, Any]]]) -> List[str]:
    found = []
    for target, settings in method_settings.items():
        if not _METHODS.fullmatch(target):
            found.append(f'method_settings has "{target}"; write "*" for all methods, or a route: "GET /orders/{{id}}"')
        unknown = sorted(set(settings or {}) - set(METHOD_SETTINGS))
        if unknown:
            known = ", ".join(METHOD_SETTINGS)
            names = ", ".join(unknown)
            found.append(f'method_settings["{target}"] has unknown settings: {names}; write any of {known}')
    return found


def _variable_errors(option: str, variables: Optional[Mapping[str, Any]]) -> List[str]:
    found = []
    for name, value in (variables or {}).items():
        if not _VARIABLE.fullmatch(str(name)):
            found.append(f'{option} has "{name}"; write a name of 1 to 64 letters, digits and underscores')
        if not _VALUE.fullmatch(text(value)):
            allowed = "1 to 512 letters, digits and -._~:/?#&=,"
            found.append(f'{option}["{name}"] has a value that AWS rejects; write {allowed}')
    return found


def _canary_errors(params: Mapping[str, Any], canary: Mapping[str, Any]) -> List[str]:
    if canary.get("state", "present") == "present":
        percent = canary.get("percent_traffic")
        if percent is None or not 0 <= percent <= 100:
            return [f"canary.percent_traffic is {percent}; write a number from 0 to 100"]
        return []
    options = ("digest", "description", "deployment", "promote_from")
    ineffective = [option for option in options if params.get(option) is not None]
    suboptions = ("percent_traffic", "stage_variable_overrides", "use_stage_cache")
    ineffective += [f"canary.{option}" for option in suboptions if canary.get(option) is not None]
    if not ineffective:
        return []
    return [f"canary.state {canary['state']} refers to the existing canary; leave out {', '.join(ineffective)}"]


def _log_role_errors(role_arn: Optional[str]) -> List[str]:
    if not role_arn or LOG_ROLE_ARN.fullmatch(role_arn):
        return []
    return [f'log_role_arn is "{role_arn}"; write the ARN of a role, like arn:aws:iam::123456789012:role/logs']


def _deployment_errors(params: Mapping[str, Any]) -> List[str]:
    found = []
    if params.get("digest") and not DIGEST.fullmatch(params["digest"]):
        found.append(f'digest is "{params["digest"]}"; write the digest that rest_api or route returned')
    if params.get("promote_from") == params["name"]:
        found.append("promote_from names the stage itself; write the name of another stage")
    if (params.get("keep_deployments") or 0) < 0:
        found.append(f"keep_deployments is {params['keep_deployments']}; write 0 or more")
    return found
