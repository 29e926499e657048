# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The action dynamodb_table_info: runs the module within Ansible's own process if possible."""

from __future__ import annotations

from ansible_collections.codeless.apigateway.plugins.plugin_utils._in_process.imports import cheaply

with cheaply():
    from ansible_collections.codeless.apigateway.plugins.module_utils._dynamodb.info import planned
    from ansible_collections.codeless.apigateway.plugins.modules.dynamodb_table_info import SPEC
    from ansible_collections.codeless.apigateway.plugins.plugin_utils._in_process.action import ModuleAction


class ActionModule(ModuleAction):
    """Runs dynamodb_table_info."""

    spec = SPEC
    resource = staticmethod(planned)
