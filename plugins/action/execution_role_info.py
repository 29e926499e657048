# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The action execution_role_info: runs the module within Ansible's own process if possible."""

from __future__ import annotations

from ansible_collections.codeless.apigateway.plugins.plugin_utils._in_process.imports import cheaply

with cheaply():
    from ansible_collections.codeless.apigateway.plugins.module_utils._execution_role.info import planned
    from ansible_collections.codeless.apigateway.plugins.modules.execution_role_info import SPEC
    from ansible_collections.codeless.apigateway.plugins.plugin_utils._in_process.action import ModuleAction


class ActionModule(ModuleAction):
    """Runs execution_role_info."""

    spec = SPEC
    resource = staticmethod(planned)
