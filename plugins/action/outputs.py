# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The action outputs: a deployment's outputs as fact, statistic and files, in one task on the controller."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ansible_collections.codeless.apigateway.plugins.plugin_utils.cheap_imports import cheaply

with cheaply():
    from ansible.plugins.action import ActionBase
    from ansible_collections.codeless.apigateway.plugins.plugin_utils.report import Report, told

ARGUMENT_SPEC = {
    "directory": {"type": "path", "required": True},
    "name": {"type": "str", "required": True},
    "outputs": {"type": "dict", "required": True},
    "definition": {"type": "raw", "required": True},
    "policy": {"type": "dict", "required": True},
}


class ActionModule(ActionBase):
    """Writes the files, unless in check mode, and hands the outputs to Ansible."""

    _requires_connection = False

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """The result of the task: the fact, the statistic, and where the files are."""
        result: dict[str, Any] = super().run(tmp, task_vars)
        _checked, args = self.validate_argument_spec(argument_spec=ARGUMENT_SPEC)
        directory = Path(args["directory"]).absolute()
        if not self._task.check_mode:
            Report(directory, args["definition"], args["policy"]).write(args["outputs"])
        return {**result, "changed": False, "directory": str(directory), **told(args["name"], args["outputs"])}
