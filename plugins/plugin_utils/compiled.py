# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The compiler, as plugins of Ansible call it: with the templates of the role and of the playbook, and its errors."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ansible.errors import AnsibleError
from ansible.utils.display import Display
from ansible_collections.codeless.apigateway.plugins.plugin_utils.compiler import SpecErrors, compile_api

_ROLE_TEMPLATES = Path(__file__).resolve().parents[2] / "roles" / "dynamodb_proxy" / "templates" / "vtl"


def compiled(spec: Any, variables: Mapping[str, Any]) -> dict[str, Any]:
    """`{"definition": …, "policy": …, "expectations": […]}` of an API as its user declared it.

    `variables` are a task's. Warnings are shown. Raises `AnsibleError` with all mistakes, one a line.
    """
    try:
        api = compile_api(spec, _template_directories(variables))
    except SpecErrors as errors:
        raise AnsibleError(_told(errors)) from None
    for warning in api.warnings:
        Display().warning(str(warning))
    return {"definition": api.definition, "policy": api.policy, "expectations": api.expectations}


def _template_directories(variables: Mapping[str, Any]) -> list[Path]:
    """The directory beside the playbook, whose files win, and the role's."""
    playbook = variables.get("playbook_dir")
    beside = [Path(str(playbook)) / "templates" / "vtl"] if playbook else []
    return [*beside, _ROLE_TEMPLATES]


def _told(errors: SpecErrors) -> str:
    count = len(errors.mistakes)
    head = "1 mistake" if count == 1 else f"{count} mistakes"
    return "\n".join([f"{head} in the description of the API:", *(f"- {mistake}" for mistake in errors.mistakes)])
