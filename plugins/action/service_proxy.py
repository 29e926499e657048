# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The action service_proxy: compiles the routes on the controller, which has the compiler and its templates."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from ansible_collections.codeless.apigateway.plugins.plugin_utils._in_process.imports import cheaply

with cheaply():
    from ansible.errors import AnsibleError
    from ansible.module_utils.common.validation import check_type_path
    from ansible_collections.codeless.apigateway.plugins.module_utils._engine.client import Aws
    from ansible_collections.codeless.apigateway.plugins.module_utils._engine.resource import Params, Planned
    from ansible_collections.codeless.apigateway.plugins.module_utils._service_proxy.resource import (
        planned,
        planned_while_compiling,
    )
    from ansible_collections.codeless.apigateway.plugins.modules.service_proxy import SPEC
    from ansible_collections.codeless.apigateway.plugins.plugin_utils._in_process.action import ModuleAction, as_plain
    from ansible_collections.codeless.apigateway.plugins.plugin_utils._outputs.report import (
        Report,
        published,
        why_not_writable,
        write_warnings,
    )
    from ansible_collections.codeless.apigateway.plugins.plugin_utils._playbook.compilation import compiled
    from ansible_collections.codeless.apigateway.plugins.plugin_utils._playbook.option_errors import option_errors
    from ansible_collections.codeless.apigateway.plugins.plugin_utils.compiler import DESCRIPTION_OPTIONS
    from ansible_collections.codeless.apigateway.plugins.plugin_utils.compiler.spec.entry import unreadable_value_errors

_REPORTED = ("definition", "policy")
"""The return values that the report contains beside the outputs."""


class ActionModule(ModuleAction):
    """Compiles the routes and runs service_proxy."""

    spec = SPEC
    resource = staticmethod(planned)

    _report: Report | None = None

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return the module's result. Write the report unless a later task may roll back the deployment."""
        self._refuse_unwritable_report()
        result = super().run(tmp, task_vars)
        if result.get("failed") or not self._writes_report(result):
            return result
        if not self._task.check_mode:
            report = self._report or self._prepared_report(result)
            warnings = write_warnings(report, self._directory(), result["outputs"])
            if warnings:
                result = {**result, "warnings": [*result.get("warnings", []), *warnings]}
        return {**result, **published(self._task.args["report"]["name"], result["outputs"], self._task.check_mode)}

    def _refuse_unwritable_report(self) -> None:
        """Raise `AnsibleError` before the first call if the report cannot be written."""
        if not self._task.args.get("report") or self._task.check_mode:
            return
        reason = why_not_writable(self._directory())
        if reason:
            raise AnsibleError(
                f"The files about the deployment cannot be written into {self._directory()}: {reason}. Name another "
                "directory: in the role `service_proxy_build_directory`, in the module `report.directory`. "
                "Nothing was changed."
            )

    def _directory(self) -> Path:
        return Path(check_type_path(self._task.args["report"]["directory"])).absolute()

    def _writes_report(self, values: Mapping[str, Any]) -> bool:
        """Return whether this task writes the report."""
        return bool(self._task.args.get("report") and "outputs" in values and not values.get("expectations"))

    def _prepared_report(self, values: Mapping[str, Any]) -> Report:
        return Report(self._directory(), **self.without_secrets({name: values[name] for name in _REPORTED}))

    def arguments(self, task_vars: Mapping[str, Any]) -> dict[str, Any]:
        """Return the task's options and what its routes compile to. Raises `AnsibleError` with all errors in them."""
        if self._removes():
            return dict(self._task.args)
        self._refuse_errors(task_vars)
        # As text: a document of three hundred routes has a hundred thousand parts, which Ansible would copy one by one.
        return {**self._task.args, "compiled": json.dumps(self._compiled(task_vars))}

    def run_here(self, task_vars: Mapping[str, Any]) -> dict[str, Any]:
        """Return the module's result. The routes are compiled while AWS responds to the first reads."""
        if self._removes():
            return self.converged(dict(self._task.args), type(self).resource)
        self._refuse_errors(task_vars)
        return self.converged(dict(self._task.args), partial(self._planned, task_vars))

    def _refuse_errors(self, task_vars: Mapping[str, Any]) -> None:
        """Raise `AnsibleError` with all errors of the description if the compiler does not find all of them."""
        errors = unreadable_value_errors(self._task.args) or option_errors(
            as_plain(self._task.args), SPEC["argument_spec"]
        )
        if errors:
            compiled(self._description(), task_vars, errors, self._task.args)

    def _removes(self) -> bool:
        """Return whether the task removes the API, which needs no routes."""
        return bool(self._task.args.get("state") == "absent")

    def _planned(self, task_vars: Mapping[str, Any], aws: Aws, params: Params) -> Planned:
        """Return the plan. A thread prepares the report while the plan is executed."""
        wanted = planned_while_compiling(aws, params, partial(self._compiled, task_vars))
        if self._writes_report(wanted.values) and not self._task.check_mode:
            self._report = self._prepared_report(wanted.values)
        return wanted

    def _compiled(self, task_vars: Mapping[str, Any]) -> dict[str, Any]:
        return compiled(self._description(), task_vars, open_stage=self._is_open())

    def _is_open(self) -> bool:
        """Return whether neither a resource policy nor a private endpoint restricts who can call the API."""
        return not self._task.args.get("resource_policy") and self._task.args.get("endpoint_type") != "PRIVATE"

    def _description(self) -> dict[str, Any]:
        return {name: self._task.args[name] for name in DESCRIPTION_OPTIONS if name in self._task.args}
