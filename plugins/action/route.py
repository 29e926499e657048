# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The action route: compiles an entry of a list of routes on the controller, which has the compiler."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.codeless.apigateway.plugins.plugin_utils._in_process.imports import cheaply

with cheaply():
    from ansible.errors import AnsibleError
    from ansible_collections.codeless.apigateway.plugins.module_utils._route.document import parse_route
    from ansible_collections.codeless.apigateway.plugins.module_utils._route.resource import planned
    from ansible_collections.codeless.apigateway.plugins.modules.route import SPEC
    from ansible_collections.codeless.apigateway.plugins.plugin_utils._in_process.action import ModuleAction
    from ansible_collections.codeless.apigateway.plugins.plugin_utils._playbook.compilation import compiled
    from ansible_collections.codeless.apigateway.plugins.plugin_utils._playbook.document_templates import (
        refuse_syntax_errors,
    )


class ActionModule(ModuleAction):
    """Compiles the entry and runs route."""

    spec = SPEC
    resource = staticmethod(planned)

    def arguments(self, task_vars: Mapping[str, Any]) -> dict[str, Any]:
        """Return the task's options, with the operation that an entry in `route` compiles to.

        Raises `AnsibleError` with all errors in the entry.
        """
        given = dict(self._task.args)
        entry = given.get("route")
        if not isinstance(entry, Mapping):
            refuse_syntax_errors(_document(entry, given.get("operation")))
            return given
        if given.get("state") == "absent":
            return {**given, "route": entry.get("route")}
        if "operation" in given:
            raise AnsibleError("route is an entry to compile, and operation is set too; leave out one of them")
        return {**given, **_compiled(given, task_vars)}


def _document(route: Any, operation: Any) -> dict[str, Any]:
    """Return an API's document with this operation of `METHOD /path` only."""
    method, _space, path = str(route).partition(" ")
    return {"paths": {path.strip(): {method: operation}}}


def _compiled(given: Mapping[str, Any], task_vars: Mapping[str, Any]) -> dict[str, Any]:
    """Compile an entry and return its operation, and the schemas and the validator of its body."""
    entry = given["route"]
    tables = [{word: value for word, value in table.items() if word != "crud"} for table in given.get("tables") or []]
    spec = {"name": "route", "tables": tables, "routes": [entry], "cors": given.get("cors", False)}
    definition = compiled(spec, task_vars)["definition"]
    method, path = parse_route(str(entry["route"]))
    ((_path, operations),) = definition["paths"].items()
    return {
        "route": f"{method} {path}",
        "operation": operations["x-amazon-apigateway-any-method" if method == "ANY" else method.lower()],
        "schemas": definition["components"]["schemas"],
        "request_validators": definition.get("x-amazon-apigateway-request-validators") or {},
    }
