# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The action plugin of local_aws. It starts and stops the local AWS on the controller."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase

_MISSING: ImportError | None = None
try:
    from local_apigateway import daemon
    from local_apigateway.settings import Settings
except ImportError as error:
    _MISSING = error

ARGUMENT_SPEC = {
    "state": {"type": "str", "choices": ["started", "stopped"], "default": "started"},
    "state_dir": {"type": "path", "required": True},
    "port": {"type": "int", "default": 4566},
    "timeout": {"type": "int", "default": 60},
    "allow_origins": {"type": "list", "elements": "str", "default": []},
    "allow_hosts": {"type": "list", "elements": "str", "default": []},
    "functions": {"type": "bool", "default": False},
    "ministack_endpoints": {"type": "bool", "default": False},
}


class ActionModule(ActionBase):  # type: ignore[misc]
    """Starts or stops the local AWS. In check mode it predicts the result."""

    _requires_connection = False

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return the result of the task."""
        result: dict[str, Any] = super().run(tmp, task_vars)
        if _MISSING is not None:
            raise AnsibleActionFail(
                f"local_aws needs the Python package local-apigateway on the controller, and {sys.executable} cannot "
                f"import it ({_MISSING}). Install it: {sys.executable} -m pip install local-apigateway"
            )
        _checked, args = self.validate_argument_spec(argument_spec=ARGUMENT_SPEC)
        state_dir = Path(args["state_dir"]).absolute()
        try:
            before = daemon.status(state_dir)
            after = self._converge(args, before, settings_of(args))
        except (daemon.DaemonError, ValueError) as error:
            raise AnsibleActionFail(str(error)) from None
        changed = before.running != after.running
        return {
            **result,
            "changed": changed,
            **return_values(after),
            "diff": {"before": diff_text(before), "after": diff_text(after)},
        }

    def _converge(self, args: dict[str, Any], before: daemon.Status, settings: Settings) -> daemon.Status:
        """Return the status after the task. In check mode, return the status that a run would end with."""
        if args["state"] == "started":
            if self._task.check_mode and not before.running:
                return daemon.Status(before.state_dir, port=args["port"], running=True, settings=settings)
            status, _started = daemon.start(before.state_dir, args["port"], args["timeout"], settings)
            return status
        if not self._task.check_mode:
            daemon.stop(before.state_dir, args["timeout"])
        return daemon.Status(before.state_dir)


def settings_of(args: dict[str, Any]) -> Settings:
    """Return the settings of the options. Raises `ValueError` that lists all errors."""
    return Settings.of(
        allow_origins=args["allow_origins"],
        allow_hosts=args["allow_hosts"],
        functions=args["functions"],
        ministack_endpoints=args["ministack_endpoints"],
    )


def return_values(status: daemon.Status) -> dict[str, Any]:
    """Return the values of the task's result that describe a status."""
    values = {"state_dir": str(status.state_dir), "running": status.running}
    if status.running:
        values |= {"port": status.port, "endpoint_url": status.endpoint_url}
    return values if status.pid is None else {**values, "pid": status.pid}


def diff_text(status: daemon.Status) -> str:
    """Return a status as text for a diff, without the process ID, which differs from run to run."""
    if not status.running:
        return "stopped\n"
    options = " ".join(status.settings.arguments())
    return f"running at {status.endpoint_url}\n" + (f"with {options}\n" if options else "")
