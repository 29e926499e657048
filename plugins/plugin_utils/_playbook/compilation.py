# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The compiler for plugins of Ansible: with the templates of the role and the playbook, and errors of Ansible."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ansible.errors import AnsibleError
from ansible.utils.display import Display
from ansible_collections.codeless.apigateway.plugins.plugin_utils._playbook.origins import file_and_line, origin_of
from ansible_collections.codeless.apigateway.plugins.plugin_utils.compiler import (
    ValidationError,
    ValidationErrors,
    compile_api,
)
from ansible_collections.codeless.apigateway.plugins.plugin_utils.compiler.spec.entry import ROOT

_ROLE_TEMPLATES = Path(__file__).resolve().parents[3] / "roles" / "service_proxy" / "templates" / "vtl"


def compiled(
    spec: Any,
    variables: Mapping[str, Any],
    further: Sequence[ValidationError] = (),
    written: Any = None,
    *,
    open_stage: bool = False,
) -> dict[str, Any]:
    """Compile an API and return `{"definition": …, "policy": …, "expectations": […]}`.

    `variables` are a task's. Warnings are shown. Raises `AnsibleError` with all errors, one a line: those of the
    compiler and `further` ones that were found elsewhere in the same description. `written` is the whole description,
    if the spec is a part of it. `open_stage` is whether everybody can send requests to the stage.
    """
    try:
        api = compile_api(spec, _template_directories(variables))
    except ValidationErrors as errors:
        raise _description_error([*errors.errors, *further], written or spec) from None
    if further:
        raise _description_error(further, written or spec)
    for warning in api.warnings:
        Display().warning(str(warning))
    if open_stage and api.open_writes:
        Display().warning(
            f"Everybody can call these routes, which write: {', '.join(api.open_writes)}. "
            "Write auth or public: true in them, or set resource_policy."
        )
    return {"definition": api.definition, "policy": api.policy, "expectations": api.expectations}


def _description_error(errors: Sequence[ValidationError], description: Any) -> AnsibleError:
    """Return one error for all of them, each with the file and line of the description that it is about."""
    once = list(dict.fromkeys(errors))
    origins = [origin_of(description, error.where, error.problem) for error in once]
    places = [f"{place}: " if (place := file_and_line(origin)) else "" for origin in origins]
    head = "1 error" if len(once) == 1 else f"{len(once)} errors"
    lines = [f"- {place}{str(error).removeprefix(f'{ROOT}: ')}" for place, error in zip(places, once, strict=True)]
    message = "\n".join([f"{head} in the description of the API:", *lines])
    return AnsibleError(message, obj=next((origin for origin in origins if origin is not None), None))


def _template_directories(variables: Mapping[str, Any]) -> list[Path]:
    """Return the directory beside the playbook, whose files take precedence, and that of the role."""
    playbook = variables.get("playbook_dir")
    beside = [Path(str(playbook)) / "templates" / "vtl"] if playbook else []
    return [*beside, _ROLE_TEMPLATES]
