# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The action verify: runs the module within Ansible's own process if possible."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ansible_collections.codeless.apigateway.plugins.plugin_utils._in_process.imports import cheaply

with cheaply():
    from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
    from ansible.parsing.ajson import AnsibleJSONEncoder
    from ansible_collections.codeless.apigateway.plugins.module_utils._engine.errors import AwsError
    from ansible_collections.codeless.apigateway.plugins.module_utils._expectations.over_http import verify
    from ansible_collections.codeless.apigateway.plugins.modules.verify import SPEC
    from ansible_collections.codeless.apigateway.plugins.plugin_utils._in_process.action import ModuleAction
    from ansible_collections.codeless.apigateway.plugins.plugin_utils._playbook.target_line import show


class ActionModule(ModuleAction):
    """Runs verify, which is no resource of AWS: it needs neither a Region nor credentials."""

    def run_here(self, task_vars: Mapping[str, Any]) -> dict[str, Any]:
        """Return the module's result without running the module."""
        plain = json.loads(json.dumps(self.arguments(task_vars), cls=AnsibleJSONEncoder))
        checked = ArgumentSpecValidator(SPEC["argument_spec"]).validate(plain)
        if checked.error_messages:
            return {"changed": False, "failed": True, "msg": self._argument_errors(checked)}
        try:
            return verify(checked.validated_parameters, self._task.check_mode, show)
        except AwsError as error:
            return {"changed": False, "failed": True, "msg": error.message}
