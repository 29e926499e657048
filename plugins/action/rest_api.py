# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The action rest_api: runs the module within Ansible's own process if possible."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.codeless.apigateway.plugins.plugin_utils._in_process.imports import cheaply

with cheaply():
    from ansible_collections.codeless.apigateway.plugins.module_utils._engine.client import Aws
    from ansible_collections.codeless.apigateway.plugins.module_utils._engine.resource import Params, Planned
    from ansible_collections.codeless.apigateway.plugins.module_utils._rest_api.resource import planned
    from ansible_collections.codeless.apigateway.plugins.modules.rest_api import SPEC
    from ansible_collections.codeless.apigateway.plugins.plugin_utils._in_process.action import ModuleAction
    from ansible_collections.codeless.apigateway.plugins.plugin_utils._playbook.document_templates import (
        refuse_syntax_errors,
    )


def _planned(aws: Aws, params: Params) -> Planned:
    """Return the plan. The slow check of templates is skipped for a document that is already deployed."""
    plan = planned(aws, params)
    if plan.plan:
        refuse_syntax_errors(params.get("definition"))
    return plan


class ActionModule(ModuleAction):
    """Runs rest_api. Mapping templates are checked on the controller, which has the template engine."""

    spec = SPEC
    resource = staticmethod(_planned)

    def arguments(self, task_vars: Mapping[str, Any]) -> dict[str, Any]:
        """Return the task's options. Raises `AnsibleError` with the syntax errors in its mapping templates."""
        refuse_syntax_errors(self._task.args.get("definition"))
        return super().arguments(task_vars)

    def run_here(self, task_vars: Mapping[str, Any]) -> dict[str, Any]:
        """Return the module's result."""
        return self.converged(super().arguments(task_vars), type(self).resource)
