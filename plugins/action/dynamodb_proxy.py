# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The module dynamodb_proxy: its routes are compiled on the controller, which holds the compiler and its templates."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ansible_collections.codeless.apigateway.plugins.modules.dynamodb_proxy import SPEC, planned
from ansible_collections.codeless.apigateway.plugins.plugin_utils.compiled import compiled
from ansible_collections.codeless.apigateway.plugins.plugin_utils.in_process import ModuleAction

_SPOKEN_OF = ("name", "stage", "description", "tables", "routes", "cors", "authorizer")
"""The options that the compiler is handed."""


class ActionModule(ModuleAction):
    """Compiles, and runs dynamodb_proxy."""

    spec = SPEC
    resource = staticmethod(planned)

    def arguments(self, task_vars: Mapping[str, Any]) -> dict[str, Any]:
        """The task's options and what its routes compile to. Raises `AnsibleError` with all mistakes in them."""
        given = dict(self._task.args)
        api = compiled({name: given[name] for name in _SPOKEN_OF if name in given}, task_vars)
        # As text: a document of three hundred routes has a hundred thousand parts, which Ansible would copy one by one.
        return {**given, "compiled": json.dumps({**api, "definition": json.dumps(api["definition"])})}
