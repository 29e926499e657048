# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The action account: runs the module within Ansible's own process if possible."""

from __future__ import annotations

from ansible_collections.codeless.apigateway.plugins.plugin_utils._in_process.imports import cheaply

with cheaply():
    from ansible_collections.codeless.apigateway.plugins.module_utils._account.resource import planned
    from ansible_collections.codeless.apigateway.plugins.modules.account import SPEC
    from ansible_collections.codeless.apigateway.plugins.plugin_utils._in_process.action import ModuleAction


class ActionModule(ModuleAction):
    """Runs account."""

    spec = SPEC
    resource = staticmethod(planned)
