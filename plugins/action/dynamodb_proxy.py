# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The module dynamodb_proxy: its routes are compiled on the controller, which holds the compiler and its templates."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from ansible_collections.codeless.apigateway.plugins.plugin_utils.cheap_imports import cheaply

with cheaply():
    from ansible.module_utils.common.validation import check_type_path
    from ansible_collections.codeless.apigateway.plugins.module_utils._dynamodb_proxy import planned, planned_with
    from ansible_collections.codeless.apigateway.plugins.modules.dynamodb_proxy import SPEC
    from ansible_collections.codeless.apigateway.plugins.plugin_utils.compiled import compiled
    from ansible_collections.codeless.apigateway.plugins.plugin_utils.in_process import ModuleAction
    from ansible_collections.codeless.apigateway.plugins.plugin_utils.report import reported

_SPOKEN_OF = ("name", "stage", "description", "tables", "routes", "cors", "authorizer")
"""The options that the compiler is handed."""


class ActionModule(ModuleAction):
    """Compiles, and runs dynamodb_proxy."""

    spec = SPEC
    resource = staticmethod(planned)

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """The module's result, and the report where nothing is left to do that could take the deployment back."""
        result = super().run(tmp, task_vars)
        wanted = self._task.args.get("report")
        if not wanted or result.get("failed") or "outputs" not in result:
            return result
        if result["expectations"] or result["superfluous_indexes"]:
            return result
        directory = Path(check_type_path(wanted["directory"])).absolute()
        told = {name: result[name] for name in ("outputs", "definition", "policy")}
        return {**result, **reported(directory, wanted["name"], **told, write=not self._task.check_mode)}

    def arguments(self, task_vars: Mapping[str, Any]) -> dict[str, Any]:
        """The task's options and what its routes compile to. Raises `AnsibleError` with all mistakes in them."""
        # As text: a document of three hundred routes has a hundred thousand parts, which Ansible would copy one by one.
        return {**self._task.args, "compiled": json.dumps(self._compiled(task_vars))}

    def run_here(self, task_vars: Mapping[str, Any]) -> dict[str, Any]:
        """The module's result; the routes are compiled while AWS is asked what there is."""
        resource = partial(planned_with, compiled=partial(self._compiled, task_vars))
        return self.converged(dict(self._task.args), resource)

    def _compiled(self, task_vars: Mapping[str, Any]) -> dict[str, Any]:
        given = self._task.args
        return compiled({name: given[name] for name in _SPOKEN_OF if name in given}, task_vars)
