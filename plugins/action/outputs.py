# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The action outputs: a deployment's outputs as a fact, a statistic and files, on the controller."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ansible_collections.codeless.apigateway.plugins.plugin_utils._in_process.imports import cheaply

with cheaply():
    from ansible.plugins.action import ActionBase
    from ansible_collections.codeless.apigateway.plugins.plugin_utils._outputs.report import (
        Report,
        published,
        remove_report,
        write_warnings,
    )

ARGUMENT_SPEC = {
    "directory": {"type": "path", "required": True},
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "name": {"type": "str"},
    "outputs": {"type": "dict"},
    "definition": {"type": "raw"},
    "policy": {"type": "dict"},
}


class ActionModule(ActionBase):  # type: ignore[misc]
    """Writes the files unless in check mode, and publishes the outputs."""

    _requires_connection = False

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return the result of the task: the fact, the statistic, and the directory of the files."""
        result: dict[str, Any] = super().run(tmp, task_vars)
        needed = ("name", "outputs", "definition", "policy")
        _checked, args = self.validate_argument_spec(
            argument_spec=ARGUMENT_SPEC, required_if=[("state", "present", needed)]
        )
        directory = Path(args["directory"]).absolute()
        if args["state"] == "absent":
            removed = [] if self._task.check_mode else remove_report(directory)
            return {**result, "changed": False, "directory": str(directory), "removed": removed}
        warnings = []
        if not self._task.check_mode:
            warnings = write_warnings(Report(directory, args["definition"], args["policy"]), directory, args["outputs"])
        return {
            **result,
            "changed": False,
            **({"warnings": warnings} if warnings else {}),
            "directory": str(directory),
            **published(args["name"], args["outputs"], self._task.check_mode),
        }
